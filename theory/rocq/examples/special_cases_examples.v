(** SPS and SGD with momentum as cases of MoMo, on |x| and x²/2: instances over whole runs, and what goes
    wrong if β is not 0, the cap does not bind, dampening is not β, or g looks at more than n coordinates. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method metric_norms closed_form momo_adam special_cases.
From Momo Require Import closed_form_examples.
Open Scope R_scope.

(** |x| and its slope *)
Definition absolute (_ : nat) (x : vec) : R := Rabs (x O).
Definition slope (_ : nat) (x : vec) : vec := fun _ => if Rle_dec 0 (x O) then 1 else -1.

Lemma absolute_functions_on : functions_on 1 absolute slope.
Proof.
  intros s x y H. unfold absolute, slope, same. rewrite (H O Nat.lt_0_1). auto.
Qed.
Lemma absolute_right s x : 0 <= x O -> absolute s x = x O.
Proof. apply Rabs_pos_eq. Qed.
Lemma slope_right s x : 0 <= x O -> slope s x = const 1.
Proof. intros H. extensionality i. unfold slope, const. destruct (Rle_dec 0 (x O)); [reflexivity|lra]. Qed.

(** ** SPS *)

(** x²/2: SPS, and so MoMo with β = 0, halves x in every step. *)
Example sps_met w k :
  px (path 1 half_square half_square_gradient 0 0 None (const 1) w k) = const ((1 / 2) ^ k).
Proof.
  rewrite sps. induction k as [|k IH]; simpl; [reflexivity|]. rewrite IH.
  assert (Hp : 0 < (1 / 2) ^ k) by (apply pow_lt; lra).
  unfold sps_step, half_square, half_square_gradient, dot, lin, const; simpl.
  set (a := (1 / 2) ^ k) in *. pose proof (Rmult_lt_0_compat a a Hp Hp) as Haa.
  destruct (Req_EM_T (0 + a * a) 0) as [E|E]; [lra|].
  extensionality i. rewrite Rmax_right by lra. field. lra.
Qed.

(** The first steps on x²/2 from 1. *)
Definition second (beta : R) := path 1 half_square half_square_gradient beta 0 None (const 1) (fun _ => O).
Lemma first_point beta : px (second beta 1) = const (1 / 2).
Proof.
  unfold second; simpl. unfold tau, half_square, half_square_gradient, dot, lin, const; simpl.
  no_zero E. extensionality i. rewrite Rmax_right by lra. field.
Qed.
Lemma second_point : px (second (1 / 2) 2) = const (5 / 12).
Proof.
  assert (D : pd (second (1 / 2) 1) = const 1)
    by (extensionality i; unfold second; simpl; unfold half_square_gradient, lin, const; ring).
  assert (V : pf (second (1 / 2) 1) = 1 / 2 /\ pg (second (1 / 2) 1) = 1)
    by (unfold second; simpl; unfold half_square, half_square_gradient, dot, const; simpl; split; field).
  change (second (1 / 2) 2) with
    (step 1 half_square half_square_gradient (1 / 2) 0 None (second (1 / 2) 1) O).
  rewrite px_step. unfold step, model; cbn [pd pf pg]. rewrite D, (proj1 V), (proj2 V), first_point.
  simpl. unfold tau, half_square, half_square_gradient, dot, lin, const; simpl.
  no_zero E. extensionality i. rewrite Rmax_right by lra. field.
Qed.
(** With β = 1/2 the second step on x²/2 from 1 ends at 5/12; SPS is at 1/4. *)
Example sps_needs_no_memory :
  px (second (1 / 2) 2) O <> sps_path 1 half_square half_square_gradient 0 (const 1) None (fun _ => O) 2 O.
Proof.
  rewrite second_point, <- sps. rewrite sps_met. unfold const; simpl. lra.
Qed.

(** ** SGD with momentum *)

(** What holds on |x| right of 0: the old average of gradients is 1, and f̄ = γ, if there are any yet. *)
Definition steady (st : state) := first st = true \/ (pd st = const 1 /\ pf st = pg st).

Lemma steady_step beta alpha st s : steady st -> 0 <= px st O ->
  let new := step 1 absolute slope beta 0 (Some alpha) st s in
  steady new /\ pd new = const 1 /\ model 1 new (px st) = px st O.
Proof.
  intros Hs Hx new.
  assert (Hd : pd new = const 1).
  { unfold new, step; cbn [pd]. rewrite slope_right by auto. extensionality i. unfold lin, const.
    destruct Hs as [->|[-> _]]; [|unfold const]; ring. }
  assert (Hf : pf new = pg new).
  { unfold new, step; cbn [pf pg]. rewrite slope_right, absolute_right by auto. unfold dot, const; simpl.
    destruct Hs as [->|[_ ->]]; ring. }
  split; [right; auto|]. split; [exact Hd|].
  unfold model. rewrite Hd, Hf. unfold dot, const; simpl. ring.
Qed.

(** |x| from Kα with the cap α: it binds in all of the first K steps, and x^k is (K - k)α away from 0, by
    MoMo as by SGD with momentum. *)
Lemma sgd_m_run beta alpha K w k : 0 < alpha -> (k <= K)%nat ->
  let z := path 1 absolute slope beta 0 (Some alpha) (const (INR K * alpha)) w k in
  steady z /\ px z O = (INR K - INR k) * alpha /\
  ((k < K)%nat -> cap_binds 1 absolute slope beta 0 alpha z (w k)).
Proof.
  intros Ha Hk z.
  assert (B : forall j, (j <= K)%nat -> 0 <= INR K - INR j) by (intros j Hj; pose proof (le_INR _ _ Hj); lra).
  assert (S1 : forall j, (S j <= K)%nat -> alpha <= (INR K - INR j) * alpha).
  { intros j Hj. pose proof (B _ Hj) as H. rewrite S_INR in H.
    assert (0 <= (INR K - INR j - 1) * alpha) by (apply Rmult_le_pos; lra). lra. }
  assert (C : forall st s, steady st -> alpha <= px st O ->
    cap_binds 1 absolute slope beta 0 alpha st s).
  { intros st s Hs Hx. destruct (steady_step beta alpha st s Hs) as [_ [Hd Hm]]; [lra|]. cbv zeta in Hd, Hm.
    unfold cap_binds. cbv zeta. rewrite Hd, Hm. unfold dot, const; simpl. rewrite Rmax_right; lra. }
  assert (H : steady z /\ px z O = (INR K - INR k) * alpha).
  { unfold z. clear z. induction k as [|k IH].
    - simpl. split; [left; reflexivity|unfold const; ring].
    - destruct IH as [Hs Hx]; [lia|]. simpl path.
      set (st := path 1 absolute slope beta 0 (Some alpha) (const (INR K * alpha)) w k) in *.
      pose proof (S1 k Hk) as Hal.
      destruct (steady_step beta alpha st (w k) Hs) as [Hs' [Hd _]]; [lra|]. cbv zeta in Hs', Hd.
      split; [exact Hs'|].
      assert (Hax : alpha <= px st O) by lra.
      pose proof (proj1 (capped_step _ _ _ _ _ _ _ _) (C st (w k) Hs Hax) O Nat.lt_0_1) as Hp.
      cbv zeta in Hp. rewrite Hp, Hd. unfold lin, const. rewrite Hx, S_INR. ring. }
  destruct H as [Hs Hx]. split; [exact Hs|]. split; [exact Hx|].
  intros Hlt. apply C; [exact Hs|]. rewrite Hx. apply S1. exact Hlt.
Qed.
(** So SGD with momentum is (K - k)α away from 0, too. *)
Example sgd_m_met beta alpha K w k : 0 < alpha -> (k <= K)%nat ->
  sgd_x (sgd_path slope (const (INR K * alpha)) beta beta alpha w k) O = (INR K - INR k) * alpha.
Proof.
  intros Ha Hk.
  destruct (sgd_m 1 absolute slope beta 0 (const (INR K * alpha)) alpha w K absolute_functions_on)
    with (k := k) as [Hx _]; auto.
  - intros j Hj. apply sgd_m_run; auto. lia.
  - rewrite <- (Hx O Nat.lt_0_1). apply sgd_m_run; auto.
Qed.

(** On |x| from 1 the first step is x - α d exactly for α ≤ 1: beyond, MoMo stops at 0. *)
Example capped_step_met alpha :
  moves_by_cap 1 absolute slope (9 / 10) 0 alpha (start (const 1)) O <-> alpha <= 1.
Proof.
  rewrite <- capped_step. unfold cap_binds. cbv zeta.
  destruct (steady_step (9 / 10) alpha (start (const 1)) O) as [_ [Hd Hm]];
    [left; reflexivity|unfold const; simpl; lra|]. cbv zeta in Hd, Hm.
  rewrite Hd, Hm. unfold dot, const; simpl. rewrite Rmax_right by lra. lra.
Qed.

(** The cap has to bind: with α = 2 MoMo goes from 1 to 0 on |x|, SGD to -1. *)
Example sgd_m_needs_cap_binding :
  ~ same 1 (px (path 1 absolute slope (9 / 10) 0 (Some 2) (const 1) (fun _ => O) 1))
      (sgd_x (sgd_path slope (const 1) (9 / 10) (9 / 10) 2 (fun _ => O) 1)).
Proof.
  intros H. specialize (H O Nat.lt_0_1). simpl path in H. rewrite px_step in H.
  destruct (steady_step (9 / 10) 2 (start (const 1)) O) as [_ [Hd Hm]];
    [left; reflexivity|unfold const; simpl; lra|]. cbv zeta in Hd, Hm.
  rewrite Hd, Hm in H. simpl in H. rewrite slope_right in H by (unfold const; lra).
  unfold tau, lin, dot, const in H; simpl in H.
  destruct (Req_EM_T (0 + 1 * 1) 0) as [E|E]; [lra|].
  rewrite Rmax_right in H by lra. rewrite Rmin_right in H; lra.
Qed.

(** Dampening has to be β: with none, and momentum 1/2, SGD's second step from 2 ends at -1/2, MoMo's
    at 0. *)
Example sgd_m_needs_dampening :
  (forall k, (k < 2)%nat -> cap_binds 1 absolute slope (1 / 2) 0 1
     (path 1 absolute slope (1 / 2) 0 (Some 1) (const (INR 2 * 1)) (fun _ => O) k) O) /\
  ~ same 1 (px (path 1 absolute slope (1 / 2) 0 (Some 1) (const (INR 2 * 1)) (fun _ => O) 2))
      (sgd_x (sgd_path slope (const (INR 2 * 1)) (1 / 2) 0 1 (fun _ => O) 2)).
Proof.
  split; [intros k Hk; apply (sgd_m_run (1 / 2) 1 2 (fun _ => O) k); auto; lra || lia|].
  intros H. specialize (H O Nat.lt_0_1).
  destruct (sgd_m_run (1 / 2) 1 2 (fun _ => O) 2) as [_ [Hx _]]; [lra|lia|]. rewrite Hx in H.
  simpl sgd_path in H. unfold sgd_step in H; cbn [sgd_x sgd_b sgd_first sgd_start] in H.
  rewrite (slope_right O (const ((1 + 1) * 1))) in H by (unfold const; lra).
  rewrite slope_right in H by (unfold lin, const; simpl; lra). unfold lin, const in H; simpl in H. lra.
Qed.

(** Functions of n coordinates only: here n = 1, and sample 0 has a gradient along the second coordinate,
    which has no norm. MoMo takes it for 0, SGD moves there, and the gradient of the other sample sees it. *)
Definition nothing (_ : nat) (_ : vec) : R := 0.
Definition hidden (s : nat) (x : vec) : vec := match s with O => pair 0 1 | _ => pair (x 1%nat) 0 end.
Definition hidden_run := path 1 nothing hidden 0 0 (Some 1) (const 0) (fun k => k).
Lemma without_norm st s : let new := step 1 nothing hidden 0 0 (Some 1) st s in
  pd new O = 0 -> px new = px st /\ cap_binds 1 nothing hidden 0 0 1 st s.
Proof.
  intros new Hd. assert (N : dot 1 (pd new) (pd new) = 0) by (unfold dot; cbn [sumn]; rewrite Hd; ring).
  split.
  - unfold new. rewrite px_step. fold new. unfold tau. destruct (Req_EM_T _ 0) as [E|E]; [|contradiction].
    extensionality i. unfold lin. ring.
  - unfold cap_binds. cbv zeta. fold new. rewrite N, Rmult_0_r. apply Rmax_l.
Qed.
Lemma hidden_first : px (hidden_run 1) = const 0 /\ cap_binds 1 nothing hidden 0 0 1 (hidden_run 0) O.
Proof. apply without_norm. unfold hidden_run; simpl. unfold lin, const. simpl. ring. Qed.
Lemma hidden_second :
  px (hidden_run 2) = const 0 /\ cap_binds 1 nothing hidden 0 0 1 (hidden_run 1) 1%nat.
Proof.
  destruct hidden_first as [X _]. rewrite <- X. apply without_norm.
  unfold step; cbn [pd]. rewrite X. unfold lin, const; simpl. unfold lin; simpl. ring.
Qed.
(** After two steps MoMo is at 0 and SGD at 1. *)
Example sgd_m_needs_functions :
  (forall k, (k < 2)%nat -> cap_binds 1 nothing hidden 0 0 1 (hidden_run k) k) /\
  ~ same 1 (px (hidden_run 2)) (sgd_x (sgd_path hidden (const 0) 0 0 1 (fun k => k) 2)).
Proof.
  split.
  - intros [|[|k]] Hk; [apply hidden_first|apply hidden_second|lia].
  - intros H. specialize (H O Nat.lt_0_1). rewrite (proj1 hidden_second) in H.
    simpl in H. unfold lin, const in H; simpl in H. lra.
Qed.
