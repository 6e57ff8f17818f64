(** MoMo-Adam on |x|: its step as an argmin, its averages, and Adam as a special case over whole runs; and
    what goes wrong if the cap does not bind, or ε = 0. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method metric method_zero.
From Momo Require Import metric_norms closed_form momo_adam special_cases closed_form_zero.
From Momo Require Import closed_form_examples special_cases_examples.
Open Scope R_scope.

(** |x| right of 0, after k steps: all averages of gradients are what the weights sum to, and f̄ = γ. *)
Definition adam_steady (beta1 beta2 : R) (k : nat) (st : momo_adam_state) :=
  mk_count st = k /\ mk_d st = const (1 - beta1 ^ k) /\ mk_v st = const (1 - beta2 ^ k) /\
  mk_f st = mk_gamma st.

Lemma adam_steady_step beta1 beta2 eps alpha lam k st s : 0 <= beta1 < 1 -> 0 <= beta2 < 1 -> 0 < eps ->
  adam_steady beta1 beta2 k st -> 0 <= mk_x st O ->
  let new := momo_adam_step 1 absolute slope beta1 beta2 eps alpha lam 0 st s in
  adam_steady beta1 beta2 (S k) new /\
  adam_metric beta2 eps (mk_count new) (mk_v new) = const (eps + 1) /\
  (alpha / (1 + eps) <= mk_x st O -> adam_cap_binds 1 absolute slope beta1 beta2 eps alpha lam 0 st s).
Proof.
  intros Hb1 Hb2 He [Hk [Hd [Hv Hf]]] Hx new.
  assert (N : adam_steady beta1 beta2 (S k) new).
  { unfold adam_steady, new, momo_adam_step; cbn [mk_count mk_d mk_v mk_f mk_gamma].
    rewrite slope_right, absolute_right by auto. rewrite Hk, Hd, Hv, Hf.
    split; [reflexivity|]. split; [|split].
    - extensionality i. unfold lin, const. simpl. ring.
    - extensionality i. unfold squares, const. simpl. ring.
    - unfold dot, const; simpl. ring. }
  destruct N as [Nk [Nd [Nv Nf]]].
  pose proof (power_below_one beta1 k Hb1) as H1. pose proof (power_below_one beta2 k Hb2) as H2.
  assert (M : adam_metric beta2 eps (mk_count new) (mk_v new) = const (eps + 1)).
  { rewrite Nk, Nv. extensionality i. unfold adam_metric, const.
    replace ((1 - beta2 ^ S k) / (1 - beta2 ^ S k)) with 1 by (field; lra). rewrite sqrt_1. reflexivity. }
  split; [repeat split; assumption|]. split; [exact M|].
  intros Hc. unfold adam_cap_binds. cbv zeta. fold new. rewrite M, Nk, Nd, Nf.
  set (rho := 1 - beta1 ^ S k) in *. unfold dot, quotient, const; simpl.
  rewrite Rmax_right.
  - replace (alpha / rho * (0 + rho * (rho / (eps + 1)))) with (rho * (alpha / (1 + eps))) by (field; lra).
    pose proof (Rmult_le_compat_l rho _ _ (Rlt_le _ _ H1) Hc). lra.
  - pose proof (Rmult_le_pos rho _ (Rlt_le _ _ H1) Hx). lra.
Qed.

(** |x| from Kα/(1+ε): the cap binds in all of the first K steps, and x^k is (K - k)α/(1+ε) away from 0, by
    MoMo-Adam as by Adam. *)
Lemma adam_run beta1 beta2 eps alpha K w k : 0 <= beta1 < 1 -> 0 <= beta2 < 1 -> 0 < eps -> 0 < alpha ->
  (k <= K)%nat ->
  let a := alpha / (1 + eps) in
  let z := momo_adam_path 1 absolute slope beta1 beta2 eps alpha 0 0 (const (INR K * a)) w k in
  adam_steady beta1 beta2 k z /\ mk_x z O = (INR K - INR k) * a /\
  ((k < K)%nat -> adam_cap_binds 1 absolute slope beta1 beta2 eps alpha 0 0 z (w k)).
Proof.
  intros Hb1 Hb2 He Ha Hk a z.
  assert (Ha0 : 0 < a) by (apply Rdiv_lt_0_compat; lra).
  assert (S1 : forall j, (S j <= K)%nat -> a <= (INR K - INR j) * a).
  { intros j Hj. pose proof (le_INR _ _ Hj) as H. rewrite S_INR in H.
    assert (0 <= (INR K - INR j - 1) * a) by (apply Rmult_le_pos; lra). lra. }
  assert (H : adam_steady beta1 beta2 k z /\ mk_x z O = (INR K - INR k) * a).
  { unfold z. clear z. induction k as [|k IH].
    - simpl. split; [|unfold const; ring].
      repeat split; extensionality i; unfold const; simpl; ring.
    - destruct IH as [Hs Hx]; [lia|]. simpl momo_adam_path.
      set (st := momo_adam_path 1 absolute slope beta1 beta2 eps alpha 0 0 (const (INR K * a)) w k) in *.
      pose proof (S1 k Hk) as Hal.
      destruct (adam_steady_step beta1 beta2 eps alpha 0 k st (w k)) as [Hs' [_ Hb]]; auto; [lra|].
      split; [exact Hs'|]. fold a in Hb. rewrite Hx in Hb. specialize (Hb Hal).
      destruct Hs as [Sk [Sd [Sv Sf]]].
      rewrite (adam_capped_step _ _ _ _ _ _ _ _ _ _ _ He Hb O Nat.lt_0_1). simpl.
      rewrite Sd, Sv, Sk, Hx, slope_right by lra. unfold lin, squares, const.
      pose proof (power_below_one beta1 k Hb1) as H1. pose proof (power_below_one beta2 k Hb2) as H2.
      simpl in H1, H2.
      replace ((beta2 * (1 - beta2 ^ k) + (1 - beta2) * (1 * 1)) / (1 - beta2 * beta2 ^ k)) with 1
        by (field; lra).
      rewrite sqrt_1. change (match k with O => 1 | S _ => INR k + 1 end) with (INR (S k)).
      rewrite S_INR. unfold a. field. lra. }
  destruct H as [Hs Hx]. split; [exact Hs|]. split; [exact Hx|].
  intros Hlt. pose proof (S1 k Hlt) as Hal.
  apply (adam_steady_step beta1 beta2 eps alpha 0 k z (w k)); auto; rewrite Hx; [lra|exact Hal].
Qed.
(** So Adam is (K - k)α/(1+ε) away from 0, too. *)
Example adam_met beta1 beta2 eps alpha K w k : 0 <= beta1 < 1 -> 0 <= beta2 < 1 -> 0 < eps -> 0 < alpha ->
  (k <= K)%nat ->
  ad_x (adam_path slope beta1 beta2 eps alpha (const (INR K * (alpha / (1 + eps)))) w k) O
  = (INR K - INR k) * (alpha / (1 + eps)).
Proof.
  intros Hb1 Hb2 He Ha Hk.
  rewrite <- (adam 1 absolute slope beta1 beta2 eps alpha 0 (const (INR K * (alpha / (1 + eps)))) w K He
    absolute_functions_on) with (k := k); auto.
  - apply adam_run; auto.
  - intros j Hj. apply adam_run; auto. lia.
Qed.

(** With decay, one step from 1 with α = λ = ε = 1: Adam goes to 1/2, and decay halves this. *)
Example adam_decay_met :
  mk_x (momo_adam_path 1 absolute slope (9 / 10) (99 / 100) 1 1 1 0 (const 1) (fun _ => O) 1) O = 1 / 4.
Proof.
  rewrite (adam_decay 1 absolute slope (9 / 10) (99 / 100) 1 1 1 0 (const 1) (fun _ => O) 1 Rlt_0_1
    absolute_functions_on) with (k := 1%nat); auto.
  - simpl. rewrite slope_right by (unfold const; lra). unfold lin, squares, const.
    replace ((99 / 100 * 0 + (1 - 99 / 100) * (1 * 1)) / (1 - 99 / 100 * 1)) with 1 by field.
    rewrite sqrt_1. field.
  - intros k Hk. replace k with O by lia. simpl.
    apply (adam_steady_step (9 / 10) (99 / 100) 1 1 1 0); try lra; try (unfold const; simpl; lra).
    repeat split; extensionality i; unfold const; simpl; ring.
Qed.

(** MoMo-Adam's first step on |x| from 1, with β_1 = β_2 = 1/2, ε = 1, D = 2, and any α ≥ 2: to 0. *)
Definition adam_first (alpha : R) :=
  momo_adam_step 1 absolute slope (1 / 2) (1 / 2) 1 alpha 0 0 (momo_adam_start (const 1)) O.
Lemma adam_first_is alpha : 0 < alpha ->
  adam_steady (1 / 2) (1 / 2) 1 (adam_first alpha) /\
  adam_metric (1 / 2) 1 (mk_count (adam_first alpha)) (mk_v (adam_first alpha)) = const 2 /\
  mk_f (adam_first alpha) = 1 / 2.
Proof.
  intros Ha.
  destruct (adam_steady_step (1 / 2) (1 / 2) 1 alpha 0 0 (momo_adam_start (const 1)) O) as [Hs [Hm _]];
    try lra; try (unfold const; simpl; lra).
  - repeat split; extensionality i; unfold const; simpl; ring.
  - split; [exact Hs|]. split; [etransitivity; [exact Hm|extensionality i; unfold const; ring]|].
    unfold adam_first, momo_adam_step; cbn [mk_f mk_x momo_adam_start].
    rewrite absolute_right by (unfold const; lra). unfold const. field.
Qed.
Lemma adam_first_point alpha : 2 <= alpha -> mk_x (adam_first alpha) O = 0.
Proof.
  intros Ha. simpl. rewrite slope_right, absolute_right by (unfold const; lra).
  unfold quotient, adam_metric, squares, dot, lin, const; simpl.
  replace ((1 / 2 * 0 + (1 - 1 / 2) * (1 * 1)) / (1 - 1 / 2 * 1)) with 1 by field. rewrite sqrt_1.
  destruct (Req_EM_T _ 0) as [E|E]; [lra|]. rewrite Rmax_right by lra.
  rewrite Rmin_right; [field|]. replace (alpha / (1 - 1 / 2 * 1)) with (2 * alpha) by field. lra.
Qed.

(** The cap has to bind: with α = 10 MoMo-Adam stops at 0, and Adam goes to -4. *)
Example adam_needs_cap_binding :
  ~ same 1 (mk_x (momo_adam_path 1 absolute slope (1 / 2) (1 / 2) 1 10 0 0 (const 1) (fun _ => O) 1))
      (ad_x (adam_path slope (1 / 2) (1 / 2) 1 10 (const 1) (fun _ => O) 1)).
Proof.
  intros H. specialize (H O Nat.lt_0_1). simpl momo_adam_path in H. fold (adam_first 10) in H.
  rewrite adam_first_point in H by lra. simpl in H. rewrite slope_right in H by (unfold const; lra).
  unfold lin, squares, const in H.
  replace ((1 / 2 * 0 + (1 - 1 / 2) * (1 * 1)) / (1 - 1 / 2 * 1)) with 1 in H by field.
  rewrite sqrt_1 in H. lra.
Qed.

(** That step is the only minimiser of max{2(1/2 + y/2 - 1/2), 0} + 2 (y - 1)²/(2·4). *)
Example momo_adam_is_argmin_met :
  argmin (same 1) (fun y => Rmax (y 0%nat) 0 + (y 0%nat - 1) * (y 0%nat - 1) / 4) (mk_x (adam_first 4)).
Proof.
  destruct (adam_first_is 4) as [[Hk [Hd [Hv Hf]]] [Hm Hl]]; [lra|].
  assert (H : 0 <= 1 / 2 < 1) by lra.
  eapply argmin_ext; [|reflexivity|exact (momo_adam_is_argmin 1 absolute slope (1 / 2) (1 / 2) 1 4 0 0
    (momo_adam_start (const 1)) O H Rlt_0_1 ltac:(lra) ltac:(lra))].
  intros y. cbv beta zeta. fold (adam_first 4). rewrite Hm, <- Hf, Hl, Hk, Hd.
  unfold dot, const; simpl. replace (/ (1 - 1 / 2 * 1) * (1 / 2 + (0 + (1 - 1 / 2 * 1) * y 0%nat) - 1 / 2))
    with (y 0%nat) by field. field.
Qed.

(** ε must be positive: with ε = 0 and gradients 0 the metric is 0, and so is what the step minimises. *)
Example momo_adam_is_argmin_needs_epsilon z :
  let f0 := fun (_ : nat) (_ : vec) => 0 in
  let g0 := fun (_ : nat) (_ : vec) => const 0 in
  let new := momo_adam_step 1 f0 g0 (1 / 2) (1 / 2) 0 1 0 0 (momo_adam_start (const 1)) O in
  let D := adam_metric (1 / 2) 0 (mk_count new) (mk_v new) in
  ~ argmin (same 1)
    (fun y => Rmax (/ (1 - (1 / 2) ^ mk_count new) * (mk_f new + dot 1 (mk_d new) y - mk_gamma new)) 0
       + 0 / 2 * sumn 1 (fun i => D i * (y i * y i))
       + sumn 1 (fun i => D i * ((y i - const 1 i) * (y i - const 1 i))) / (2 * 1)) z.
Proof.
  intros f0 g0 new D. apply (no_argmin 0); [lra|]. intros y.
  assert (HD : D O = 0).
  { unfold D, adam_metric, new, g0, const; simpl. unfold squares.
    replace ((1 / 2 * 0 + (1 - 1 / 2) * (0 * 0)) / (1 - 1 / 2 * 1)) with 0 by field. rewrite sqrt_0. ring. }
  cbn [sumn]. rewrite HD. unfold new, f0, g0, dot, lin, const; simpl. unfold lin, dot; simpl.
  rewrite Rmax_left; lra.
Qed.

(** f = 1 everywhere: f̄_k is the sum of the weights. *)
Example momo_adam_averages_met w k :
  mk_f (momo_adam_path 1 (fun _ _ => 1) (fun _ _ => const 0) (9 / 10) (99 / 100) 1 1 0 0 (const 1) w k)
  = 1 - (9 / 10) ^ k.
Proof.
  destruct (momo_adam_averages 1 (fun _ _ => 1) (fun _ _ => const 0) (9 / 10) (99 / 100) 1 1 0 0
    (const 1) w k) as [_ [Hf [_ [_ [_ Hw]]]]].
  rewrite <- Hw. exact Hf.
Qed.

(** The same first step, as one from zero averages in the metric P = 2, with r = 1/2. *)
Definition zero_first (cap : option R) :=
  zstep 1 absolute slope (1 / 2) 0 cap (const 2) (1 / 2) (zstart (const 1)) O.
(** MoMo-Adam's first step is that step. *)
Example momo_adam_is_zstep_met : as_state (adam_first 4) = zero_first (Some 4).
Proof.
  destruct (adam_first_is 4) as [[Hk _] [Hm _]]; [lra|]. unfold adam_first. rewrite momo_adam_is_zstep.
  fold (adam_first 4). rewrite Hm, Hk. unfold zero_first.
  replace (rho (1 / 2) 1) with (1 / 2); [reflexivity|].
  unfold rho. simpl. field.
Qed.
Lemma zero_first_model cap y : model 1 (zero_first cap) y = y 0%nat / 2.
Proof.
  unfold model, zero_first, zstep; cbn [px pd pf pg zstart].
  rewrite slope_right, absolute_right by (unfold const; lra). unfold dot, lin, const; simpl. field.
Qed.
(** With the cap 4 it is the only minimiser of max{y, 0} + 2 (y - 1)²/(2·4). *)
Example zstep_is_argmin_met :
  argmin (same 1) (fun y => Rmax (y 0%nat) 0 + (y 0%nat - 1) * (y 0%nat - 1) / 4) (px (zero_first (Some 4))).
Proof.
  assert (P : positive_on 1 (const 2)) by (intros i _; unfold const; lra).
  eapply argmin_ext; [|reflexivity|exact (zstep_is_argmin 1 absolute slope (1 / 2) 0 4 (const 2) (1 / 2)
    (zstart (const 1)) O ltac:(lra) ltac:(lra) P)].
  intros y. cbv beta zeta. fold (zero_first (Some 4)). rewrite zero_first_model.
  unfold mdist2, norm2, lin, const; simpl. replace (/ (1 / 2) * (y 0%nat / 2)) with (y 0%nat) by field. field.
Qed.
(** Without a cap it is the nearest to 1 of all y ≤ 0. *)
Example zstep_is_nearest_met :
  nearest_argmin (same 1) (fun y => Rmax (y 0%nat) 0) (fun y => 2 * ((y 0%nat - 1) * (y 0%nat - 1)))
    (px (zero_first None)).
Proof.
  assert (P : positive_on 1 (const 2)) by (intros i _; unfold const; lra). intros y.
  pose proof (zstep_is_nearest 1 absolute slope (1 / 2) 0 (const 2) (1 / 2) (zstart (const 1)) O
    ltac:(lra) P y) as H. cbv beta zeta in *. fold (zero_first None) in H.
  assert (E : forall v : vec, / (1 / 2) * model 1 (zero_first None) v = v 0%nat)
    by (intros v; rewrite zero_first_model; field).
  assert (D : forall v, mdist2 1 (const 2) v (px (zstart (const 1))) = 2 * ((v 0%nat - 1) * (v 0%nat - 1)))
    by (intros v; unfold mdist2, norm2, lin, const; simpl; ring).
  rewrite !E, !D in H. exact H.
Qed.

(** The metric must be positive: with P = 0 and gradients 0 all points are as good. *)
Example zstep_is_argmin_needs_metric z :
  let new := zstep 1 nothing (fun _ _ => const 0) (1 / 2) 0 (Some 1) (const 0) (1 / 2) (zstart (const 1)) O in
  ~ argmin (same 1)
    (fun y => Rmax (/ (1 / 2) * model 1 new y) 0 + mdist2 1 (const 0) y (const 1) / (2 * 1)) z.
Proof.
  intros new. apply (no_argmin 0); [lra|]. intros y. unfold model, new, zstep; cbn [px pd pf pg zstart].
  unfold mdist2, norm2, nothing, dot, lin, const; simpl. rewrite Rmax_left; lra.
Qed.
