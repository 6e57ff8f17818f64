(** The theorems of smooth_linear.v: problems that meet their hypotheses, and problems on which the bound
    fails, each of which meets all hypotheses but one. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step smooth smooth_linear on_the_line.
Open Scope R_scope.

(** Two parabolas with one minimiser, x²/2 and x²: 2-smooth. *)
Definition parabola (s : nat) (x : vec) : R := (INR s + 1) / 2 * (x O * x O).
Definition parabola' (s : nat) (x : vec) : vec := at_ ((INR s + 1) * x O).

Lemma parabola_at s x : parabola s x = (INR s + 1) / 2 * (x O * x O).
Proof. reflexivity. Qed.
Lemma parabola_range s : (s < 2)%nat -> 1 <= INR s + 1 <= 2.
Proof. intros Hs. destruct s as [|[|s]]; [simpl; lra|simpl; lra|lia]. Qed.
Lemma parabola_convex : convex 1 2 parabola parabola'.
Proof.
  intros s x y Hs. pose proof (parabola_range s Hs) as H. unfold parabola, parabola', dot, lin; simpl.
  assert (0 <= (INR s + 1) / 2 * ((y O - x O) * (y O - x O)))
    by (apply Rmult_le_pos; [lra|apply sq_pos]).
  lra.
Qed.
Lemma parabola_smooth : smooth 1 2 parabola parabola' 2.
Proof.
  intros s x y Hs. pose proof (parabola_range s Hs) as H. unfold parabola, parabola', dist2, dot, lin; simpl.
  assert (0 <= (2 - (INR s + 1)) / 2 * ((y O - x O) * (y O - x O)))
    by (apply Rmult_le_pos; [lra|apply sq_pos]).
  lra.
Qed.
Lemma parabola_interpolation : interpolation 2 parabola (at_ 0) 0.
Proof. intros s _. unfold parabola. ring. Qed.
Lemma parabola_below : bounded_below 2 parabola 0.
Proof.
  intros s x Hs. pose proof (parabola_range s Hs). unfold parabola. apply Rmult_le_pos; [lra|apply sq_pos].
Qed.
Lemma from_one : dist2 1 (at_ 1) (at_ 0) = 1 * 1.
Proof. unfold dist2, dot, lin; simpl. ring. Qed.

(** The first of them alone, x²/2, is 1-smooth. *)
Lemma first_convex : convex 1 1 parabola parabola'.
Proof. intros s x y Hs. apply parabola_convex. lia. Qed.
Lemma first_smooth : smooth 1 1 parabola parabola' 1.
Proof.
  intros s x y Hs. destruct s; [|lia]. unfold parabola, parabola', dist2, dot, lin; simpl. lra.
Qed.
Lemma first_interpolation : interpolation 1 parabola (at_ 0) 0.
Proof. intros s Hs. apply parabola_interpolation. lia. Qed.
Lemma first_below : bounded_below 1 parabola 0.
Proof. intros s x Hs. apply parabola_below. lia. Qed.

Notation problem := (conj parabola_convex (conj parabola_interpolation (conj parabola_below
  (conj from_one parabola_smooth)))).
Ltac on_parabolas T := destruct problem as (? & ? & ? & ? & ?); eapply T; eauto; lra.

(** x²/2 and x² in any order, with any cap: both ends. *)
Example smooth_linear_ends_met beta cap w K :
  0 <= beta < 1 -> positive_cap cap -> (forall k, (w k < 2)%nat) ->
  let delta k := parabola (w k) (px (path 1 parabola parabola' beta 0 cap (at_ 1) w k)) - 0 in
  3 / 2 * delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) + 2 * delta (S K) <= 1 * 1 * speed cap 2.
Proof. intros Hb Hc Hw. on_parabolas (smooth_linear_ends 1 2 parabola parabola'). Qed.

(** The same, first term only. *)
Example smooth_linear_met beta cap w K : 0 <= beta < 1 -> positive_cap cap -> (forall k, (w k < 2)%nat) ->
  let delta k := parabola (w k) (px (path 1 parabola parabola' beta 0 cap (at_ 1) w k)) - 0 in
  delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) <= 1 * 1 * speed cap 2.
Proof. intros Hb Hc Hw. on_parabolas (smooth_linear 1 2 parabola parabola'). Qed.

(** The same: the least value, by the first term. *)
Example smooth_linear_least_first_met beta cap w m K :
  0 <= beta < 1 -> positive_cap cap -> (forall k, (w k < 2)%nat) -> (1 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= parabola (w k) (px (path 1 parabola parabola' beta 0 cap (at_ 1) w k)) - 0)
  ->
  m <= 1 * 1 * speed cap 2 / (1 + (1 - beta) * (INR K - 1)).
Proof. intros Hb Hc Hw HK Hm. on_parabolas (smooth_linear_least_first 1 2 parabola parabola'). Qed.

(** The same: the least value, by both ends. *)
Example smooth_linear_least_met beta cap w m K :
  0 <= beta < 1 -> positive_cap cap -> (forall k, (w k < 2)%nat) -> (2 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= parabola (w k) (px (path 1 parabola parabola' beta 0 cap (at_ 1) w k)) - 0)
  ->
  m <= 1 * 1 * speed cap 2 / (7 / 2 + (1 - beta) * (INR K - 2)).
Proof. intros Hb Hc Hw HK Hm. on_parabolas (smooth_linear_least 1 2 parabola parabola'). Qed.

(** The same: the sum with a root. *)
Example smooth_root_met beta w K : 0 <= beta < 1 -> (forall k, (w k < 2)%nat) ->
  let delta k := parabola (w k) (px (path 1 parabola parabola' beta 0 None (at_ 1) w k)) - 0 in
  let C := 2 * 2 * (1 * 1) / ((1 - beta) * (1 - beta)) in
  sumn (S K) delta <= C + sqrt (C * beta * delta 0%nat / (1 - beta)).
Proof. intros Hb Hw. on_parabolas (smooth_root 1 2 parabola parabola'). Qed.

(** x²/2 from 1 attains the bound with both ends, two evaluations: x² = 1/2, (3/2)(1/2) + 2(1/8) = 1 = LD². *)
Example smooth_linear_ends_attained :
  let delta k := parabola 0 (px (path 1 parabola parabola' 0 0 None (at_ 1) (fun _ => 0%nat) k)) - 0 in
  3 / 2 * delta 0%nat + 2 * delta 1%nat = 1 * 1 * speed None 1.
Proof.
  cbv beta zeta. rewrite path_next, !parabola_at, step_on_line, tau_uncapped;
    unfold parabola, parabola'; simpl; lra.
Qed.

(** The cap counts, that is, max{L, 1/α} cannot be replaced by L: x²/2 with α = 1/10 needs more steps. *)
Example smooth_linear_needs_speed :
  convex 1 1 parabola parabola' /\ smooth 1 1 parabola parabola' 1 /\ interpolation 1 parabola (at_ 0) 0 /\
  bounded_below 1 parabola 0 /\ dist2 1 (at_ 1) (at_ 0) = 1 * 1 /\ positive_cap (Some (1 / 10)) /\
  exists K, let x := path 1 parabola parabola' 0 0 (Some (1 / 10)) (at_ 1) (fun _ => 0%nat) in
  let delta k := parabola 0 (px (x k)) - 0 in
  1 * 1 * 1 < delta 0%nat + (1 - 0) * sumn K (fun k => delta (S k)).
Proof.
  split; [exact first_convex|]. split; [exact first_smooth|]. split; [exact first_interpolation|].
  split; [exact first_below|]. split; [exact from_one|]. split; [simpl; lra|]. exists 2%nat.
  assert (Hs : forall st, px st O <> 0 ->
    px (step 1 parabola parabola' 0 0 (Some (1 / 10)) st 0) O = 9 / 10 * px st O).
  { intros st Hx. rewrite step_on_line. unfold parabola, parabola'. simpl. set (x := px st O) in *.
    assert (Hxx : 0 < x * x) by (pose proof (Rsqr_pos_lt x Hx) as H; unfold Rsqr in H; lra).
    unfold tau. destruct (Req_EM_T ((0 + 1) * x * ((0 + 1) * x)) 0) as [E|E]; [lra|].
    rewrite Rminus_0_r, Rmax_right by lra. rewrite Rmin_left; [lra|].
    replace ((0 + 1) / 2 * (x * x) / ((0 + 1) * x * ((0 + 1) * x))) with (1 / 2) by (field; lra). lra. }
  assert (H1 : px (path 1 parabola parabola' 0 0 (Some (1 / 10)) (at_ 1) (fun _ => 0%nat) 1) O = 9 / 10)
    by (rewrite path_next, Hs; simpl; lra).
  assert (H2 : px (path 1 parabola parabola' 0 0 (Some (1 / 10)) (at_ 1) (fun _ => 0%nat) 2) O = 81 / 100)
    by (rewrite path_next, Hs; rewrite H1; lra).
  cbv beta zeta. unfold sumn. rewrite !parabola_at, H1, H2. simpl. lra.
Qed.

(** x²/2 with β = 99/100: after the first step the momentum d stays above the gradient x, so that a step
    takes at most x/200 off. *)
Notation slow := (path 1 parabola parabola' (99 / 100) 0 None (at_ 1) (fun _ => 0%nat)).
Lemma slow_step st (x := px st O) : first st = false -> 0 < x <= pd st O -> model 1 st (px st) = 0 ->
  let z := step 1 parabola parabola' (99 / 100) 0 None st 0 in
  first z = false /\ 199 / 200 * x <= px z O <= pd z O /\ model 1 z (px z) = 0.
Proof.
  intros Hf Hx Hm z. set (d := pd z O).
  assert (Hd : d = 99 / 100 * pd st O + (1 - 99 / 100) * x).
  { unfold d, z, step; simpl. rewrite Hf. unfold lin, parabola'. simpl. fold x. lra. }
  assert (Hh : model 1 z (px st) = 1 / 200 * (x * x)).
  { unfold z. rewrite model_step. unfold keepof. rewrite Hf, Hm. unfold parabola, parabola', dot, lin. simpl.
    fold x. lra. }
  assert (HN : dot 1 (pd z) (pd z) = d * d) by (unfold dot, sumn; fold d; ring).
  assert (Hxd : x <= d) by lra. assert (Hdd : 0 < d * d) by (apply Rmult_lt_0_compat; lra).
  assert (Hxx : 0 <= x * x) by apply sq_pos.
  assert (Ez : px z = lin 1 (px st) (- tau 0 None (model 1 z (px st)) (dot 1 (pd z) (pd z))) (pd z))
    by reflexivity.
  rewrite Hh, HN, tau_uncapped in Ez by lra.
  assert (Ep : px z O = x - 1 / 200 * (x * x / d))
    by (rewrite Ez; unfold lin; fold x d; field; lra).
  assert (Hq : 0 <= x * x / d <= x).
  { split; [unfold Rdiv; apply Rmult_le_pos; [auto|left; apply Rinv_0_lt_compat; lra]|].
    apply (Rmult_le_reg_r d); [lra|]. replace (x * x / d * d) with (x * x) by (field; lra).
    apply Rmult_le_compat_l; lra. }
  split; [reflexivity|]. split; [fold d; lra|].
  transitivity (model 1 z (px st) - 1 / 200 * (x * x)).
  - rewrite Ez. unfold model. rewrite dot_lin_r, HN. field. lra.
  - rewrite Hh. lra.
Qed.
Lemma slow_run k : first (slow (S k)) = false /\ model 1 (slow (S k)) (px (slow (S k))) = 0 /\
  1 / 2 * (199 / 200) ^ k <= px (slow (S k)) O <= pd (slow (S k)) O.
Proof.
  assert (Hp : forall j, 0 < (199 / 200) ^ j) by (intros j; apply pow_lt; lra).
  induction k as [|k [Hf [Hm Hx]]].
  - rewrite path_next. change (slow 0) with (start (at_ 1)).
    assert (Ed : forall y, dot 1 (pd (step 1 parabola parabola' (99 / 100) 0 None (start (at_ 1)) 0)) y = y O)
      by (intros y; unfold dot, lin; simpl; unfold lin, parabola'; simpl; ring).
    assert (Ep : px (step 1 parabola parabola' (99 / 100) 0 None (start (at_ 1)) 0) O = 1 / 2).
    { change (px (step 1 parabola parabola' (99 / 100) 0 None (start (at_ 1)) 0) O)
        with (px (step 1 parabola parabola' 0 0 None (start (at_ 1)) 0) O).
      rewrite step_on_line, tau_uncapped; unfold parabola, parabola'; simpl; lra. }
    split; [reflexivity|]. split.
    + unfold model. rewrite Ed, Ep. unfold parabola, parabola', lin; simpl. unfold dot, sumn. lra.
    + rewrite Ep. unfold step, lin, parabola'; simpl. lra.
  - pose proof (Hp k) as Hk. assert (H0 : 0 < px (slow (S k)) O <= pd (slow (S k)) O) by lra.
    rewrite (path_next _ _ _ _ _ _ _ _ (S k)). destruct (slow_step (slow (S k)) Hf H0 Hm) as [H1 [H2 H3]].
    split; [exact H1|]. split; [exact H3|]. simpl pow. lra.
Qed.
(** The factor 1-β cannot be left out: with β = 99/100 six values of x²/2 sum to more than LD². *)
Example smooth_linear_needs_factor :
  convex 1 1 parabola parabola' /\ smooth 1 1 parabola parabola' 1 /\ interpolation 1 parabola (at_ 0) 0 /\
  bounded_below 1 parabola 0 /\ dist2 1 (at_ 1) (at_ 0) = 1 * 1 /\
  let delta k := parabola 0 (px (slow k)) - 0 in
  1 * 1 * 1 < delta 0%nat + sumn 5 (fun k => delta (S k)).
Proof.
  split; [exact first_convex|]. split; [exact first_smooth|]. split; [exact first_interpolation|].
  split; [exact first_below|]. split; [exact from_one|].
  assert (H : forall k, 1 / 8 * ((199 / 200) ^ k * (199 / 200) ^ k) <= parabola 0 (px (slow (S k))) - 0).
  { intros k. destruct (slow_run k) as [_ [_ [Hx _]]]. rewrite parabola_at. simpl INR.
    assert (Hp : 0 < (199 / 200) ^ k) by (apply pow_lt; lra).
    assert (H : (1 / 2 * (199 / 200) ^ k) * (1 / 2 * (199 / 200) ^ k)
      <= px (slow (S k)) O * px (slow (S k)) O) by (apply Rmult_le_compat; lra). lra. }
  pose proof (H 0%nat) as H0. pose proof (H 1%nat) as H1. pose proof (H 2%nat) as H2.
  pose proof (H 3%nat) as H3. pose proof (H 4%nat) as H4. simpl pow in *.
  assert (E : parabola 0 (px (slow 0)) - 0 = 1 / 2) by (unfold parabola; simpl; lra).
  cbv beta zeta. rewrite E. unfold sumn. lra.
Qed.

(** Smoothness is needed, for every L: |x| from 1/(2L), one evaluation. *)
Example smooth_linear_needs_smooth L : 0 < L ->
  let f := fun (_ : nat) (x : vec) => Rabs (x O) in
  let g := fun (_ : nat) (x : vec) => at_ (sign (x O)) in
  exists x1 D K, convex 1 1 f g /\ interpolation 1 f (at_ 0) 0 /\ bounded_below 1 f 0 /\
  dist2 1 x1 (at_ 0) = D * D /\
  let delta k := f 0%nat (px (path 1 f g 0 0 None x1 (fun _ => 0%nat) k)) - 0 in
  D * D * L < delta 0%nat + (1 - 0) * sumn K (fun k => delta (S k)).
Proof.
  intros HL f g. assert (Hi : 0 < / (2 * L)) by (apply Rinv_0_lt_compat; lra).
  exists (at_ (/ (2 * L))), (/ (2 * L)), 0%nat. unfold f, g. repeat split.
  - intros s x y _. unfold dot, lin; simpl. pose proof (abs_above (x O) (y O)). lra.
  - intros s _. apply Rabs_R0.
  - intros s x _. apply Rabs_pos.
  - unfold dist2, dot, lin; simpl. ring.
  - simpl. rewrite Rabs_pos_eq by lra.
    replace (/ (2 * L) * / (2 * L) * L) with (/ (2 * L) / 2) by (field; lra). lra.
Qed.

(** A common minimiser is needed: (x-1)²/2 and (x+1)²/2, whose mean is least at 0; from 1, one evaluation. *)
Example smooth_linear_needs_interpolation :
  let f := fun (s : nat) (x : vec) => 1 / 2 * ((x O + (2 * INR s - 1)) * (x O + (2 * INR s - 1))) in
  let g := fun (s : nat) (x : vec) => at_ (x O + (2 * INR s - 1)) in
  exists w K, convex 1 2 f g /\ smooth 1 2 f g 1 /\ bounded_below 2 f 0 /\
  (forall x, 1 / 2 * f 0%nat (at_ 0) + 1 / 2 * f 1%nat (at_ 0) <= 1 / 2 * f 0%nat x + 1 / 2 * f 1%nat x) /\
  dist2 1 (at_ 1) (at_ 0) = 1 * 1 /\ (forall k, (w k < 2)%nat) /\
  let delta k := f (w k) (px (path 1 f g 0 0 None (at_ 1) w k)) - 0 in
  1 * 1 * 1 < delta 0%nat + (1 - 0) * sumn K (fun k => delta (S k)).
Proof.
  intros f g. exists (fun _ => 1%nat), 0%nat. unfold f, g. repeat split; try (intros; lia).
  - intros s x y _. unfold dot, lin; simpl. pose proof (sq_pos (y O - x O)). lra.
  - intros s x y _. unfold dist2, dot, lin; simpl. lra.
  - intros s x _. pose proof (sq_pos (x O + (2 * INR s - 1))). lra.
  - intros x. simpl. pose proof (sq_pos (x O)). lra.
  - apply from_one.
  - simpl. lra.
Qed.

(** f⋆ has to be the least value: x²/2 with x⋆ = 1, f⋆ = 1/2, from 2, one evaluation. *)
Example smooth_linear_needs_minimum :
  let f := fun (_ : nat) (x : vec) => 1 / 2 * (x O * x O) in
  let g := fun (_ : nat) (x : vec) => at_ (x O) in
  exists K, convex 1 1 f g /\ smooth 1 1 f g 1 /\ interpolation 1 f (at_ 1) (1 / 2) /\
  dist2 1 (at_ 2) (at_ 1) = 1 * 1 /\
  let delta k := f 0%nat (px (path 1 f g 0 (1 / 2) None (at_ 2) (fun _ => 0%nat) k)) - 1 / 2 in
  1 * 1 * 1 < delta 0%nat + (1 - 0) * sumn K (fun k => delta (S k)).
Proof.
  intros f g. exists 0%nat. unfold f, g. repeat split.
  - intros s x y _. unfold dot, lin; simpl. pose proof (sq_pos (y O - x O)). lra.
  - intros s x y _. unfold dist2, dot, lin; simpl. lra.
  - intros s _. lra.
  - unfold dist2, dot, lin; simpl. ring.
  - simpl. lra.
Qed.

(** Convexity is needed: 3x²/(1+3x²) is 6-smooth and least at 0, but MoMo goes from 1 to -1, to 1, … for ever,
    with value 3/4. *)
Example smooth_linear_needs_convex :
  smooth 1 1 well well' 6 /\ interpolation 1 well (at_ 0) 0 /\ bounded_below 1 well 0 /\
  dist2 1 (at_ 1) (at_ 0) = 1 * 1 /\ exists K,
  let delta k := well 0 (px (path 1 well well' 0 0 None (at_ 1) (fun _ => 0%nat) k)) - 0 in
  1 * 1 * 6 < delta 0%nat + (1 - 0) * sumn K (fun k => delta (S k)).
Proof.
  split; [apply well_smooth|]. split; [apply well_zero|]. split; [apply well_below|].
  split; [apply from_one|]. exists 8%nat. cbv beta zeta. unfold sumn. rewrite !well_value. lra.
Qed.
