(** Instances of the traps with numbers, the case β = 0, and what goes wrong without a hypothesis. *)
Require Import Reals Lra Lia.
From Momo Require Import sums vectors method assumptions logarithm max_affine trap_points trap trap_sharp.
From Momo Require Import sharp_rate_scalars sharp_rate sharp_rate_zero.
Open Scope R_scope.

Lemma sqrt_quarter : sqrt (/ 4) = / 2.
Proof. replace (/ 4) with (/ 2 * / 2) by lra. apply sqrt_square. lra. Qed.

(** β = 1/4, three points from zero: all values are 1/√(4 + 1 + 16/17) (G = D = 1, f⋆ = 7). *)
Example trap_from_zero_met : exists slope x1,
  let f := max_affine 4 3 slope 7 in
  let g := active 4 3 slope in
  lipschitz_problem 4 f g origin x1 7 1 1 /\
  forall k, (k <= 2)%nat -> f (px (runz 4 f g (/ 4) 7 x1 k)) - 7 = 1 / sqrt (101 / 17).
Proof.
  destruct (trap_from_zero (/ 4) 7 1 1 2) as [slope [x1 [Hp Hv]]]; try lra.
  exists slope, x1. split; [exact Hp|]. intros k Hk. rewrite (Hv k Hk).
  replace (rest_zero (/ 4) + decrease_zero (/ 4) 2) with (101 / 17); [f_equal; lra|].
  unfold rest_zero, decrease_zero. rewrite sqrt_quarter. simpl. field.
Qed.

(** β = 1/4, three points from the first sample: all values are 6/√(15/4 + 1 + 9/10) (G = 2, D = 3). *)
Example trap_from_first_met : exists slope x1,
  let f := max_affine 4 3 slope (-5) in
  let g := active 4 3 slope in
  lipschitz_problem 4 f g origin x1 (-5) 2 3 /\
  forall k, (k <= 2)%nat -> f (px (run1 4 f g (/ 4) (-5) x1 k)) - -5 = 6 / sqrt (15 / 4 + 1 + 9 / 10).
Proof.
  destruct (trap_from_first (/ 4) (-5) 2 3 2) as [slope [x1 [Hp Hv]]]; try lra.
  exists slope, x1. split; [exact Hp|]. intros k Hk. rewrite (Hv k Hk).
  replace (rest_first (/ 4) + decrease_first (/ 4) 2) with (15 / 4 + 1 + 9 / 10); [f_equal; lra|].
  unfold rest_first, decrease_first. rewrite sqrt_quarter. simpl. field.
Qed.

(** β = 9/10: from some K on, no bound is below 999/1000 of the sharp one. *)
Example sharp_rate_zero_cannot_be_improved_met : exists K0, forall K, (K0 <= K)%nat ->
  exists n f g xs x1, lipschitz_problem n f g xs x1 0 1 1 /\
  forall k, (k <= K)%nat ->
    999 / 1000 * (1 * 1 / sqrt (1 + sumn K (fun i => (1 - 9/10 * (9/10)) / (1 - (9/10) ^ (2 * S i)))))
    < f (px (runz n f g (9/10) 0 x1 k)) - 0.
Proof. apply sharp_rate_zero_cannot_be_improved; lra. Qed.
(** The same from the first sample; one K is large enough for it. *)
Example sharp_rate_cannot_be_improved_met : exists K, let A := 2 + (1 - 9/10 * (9/10)) * (INR (S K) - 2)
    - lg ((1 + 9/10) / (1 - 9/10)) - Rmin (2 * (9/10) * lg 2) (psi (9/10)) in
  exists n f g xs x1, lipschitz_problem n f g xs x1 0 1 1 /\
  forall k, (k < S K)%nat -> 999 / 1000 * (1 * 1 / sqrt A) < f (px (run1 n f g (9/10) 0 x1 k)) - 0.
Proof.
  destruct (sharp_rate_cannot_be_improved (9/10) 0 1 1 (999/1000)) as [K0 H]; try lra.
  exists K0. apply (H K0 (Nat.le_refl K0)).
Qed.
(** Four points, β = 1/4: all values are at least 1/√(15/4 + 1 + 15/8). *)
Example trap_from_first_linear_met : exists n f g xs x1, lipschitz_problem n f g xs x1 0 1 1 /\
  forall k, (k <= 3)%nat -> 1 / sqrt (15 / 4 + 1 + 15 / 8) <= f (px (run1 n f g (/ 4) 0 x1 k)) - 0.
Proof.
  destruct (trap_from_first_linear (/ 4) 0 1 1 2) as [n [f [g [xs [x1 [Hp Hv]]]]]]; try lra.
  exists n, f, g, xs, x1. split; [exact Hp|]. intros k Hk. apply Rle_trans with (2 := Hv k Hk). right.
  replace (rest_first (/ 4) + 1 + (1 - / 4 * / 4) * INR 2) with (15 / 4 + 1 + 15 / 8); [f_equal; lra|].
  unfold rest_first. rewrite sqrt_quarter. simpl. field.
Qed.

(** ---- β = 0: bound and trap are the same number ---- *)
Lemma decrease_without_momentum K : decrease_zero 0 K = INR K.
Proof.
  unfold decrease_zero. induction K; [reflexivity|]. rewrite S_INR.
  change (sumn (S K) ?F) with (sumn K F + F K). rewrite IHK. f_equal.
  replace (0 ^ (2 * S K)) with 0; [field|]. replace (2 * S K)%nat with (S (S (2 * K))) by lia. simpl; ring.
Qed.
Lemma rest_without_momentum : rest_zero 0 = 1.
Proof. unfold rest_zero. rewrite sqrt_0. field. Qed.

(** Where a convex f has K+1 points of a run with a gap of at least m, the sharp rate bounds m. *)
Lemma sharp_rate_of_problem n f g xs x1 beta fstar G D m K : 0 <= beta < 1 -> 0 < G -> 0 < D ->
  lipschitz_problem n f g xs x1 fstar G D ->
  (forall k, (k <= K)%nat -> m <= f (px (runz n f g beta fstar x1 k)) - fstar) ->
  m <= G * D / sqrt (1 + decrease_zero beta K).
Proof.
  intros Hb HG HD [Hc [Hi [Hm [_ [Hg Hd]]]]] Hk.
  apply (sharp_rate_zero n f g beta fstar x1 xs); auto.
  - intros x y. apply (Hc 0%nat). lia.
  - apply (Hi 0%nat). lia.
  - intros x. apply (Hm 0%nat). lia.
  - intros k Hk'. apply Hk. lia.
Qed.

Lemma sharp_rate_of_problem_first n f g xs x1 beta fstar G D m K : 0 <= beta < 1 -> 0 < G -> 0 < D ->
  (1 <= K)%nat -> lipschitz_problem n f g xs x1 fstar G D ->
  (forall k, (k <= K)%nat -> m <= f (px (run1 n f g beta fstar x1 k)) - fstar) ->
  let A := 2 + (1 - beta * beta) * (INR (S K) - 2) - lg ((1 + beta) / (1 - beta))
    - Rmin (2 * beta * lg 2) (psi beta) in
  0 < A -> m <= G * D / sqrt A.
Proof.
  intros Hb HG HD HK [Hc [Hi [Hm [_ [Hg Hd]]]]] Hk A HA.
  apply (sharp_rate n f g beta fstar xs x1); auto; try lia.
  - intros x y. apply (Hc 0%nat). lia.
  - apply (Hi 0%nat). lia.
  - intros x. apply (Hm 0%nat). lia.
  - intros k Hk'. apply Hk. lia.
Qed.
Lemma more_is_less P a c : 0 < P -> 0 < a -> a < c -> P / sqrt c < P / sqrt a.
Proof.
  intros HP Ha Hac. pose proof (sqrt_lt_R0 a Ha). assert (sqrt a < sqrt c) by (apply sqrt_lt_1_alt; lra).
  unfold Rdiv. apply Rmult_lt_compat_l; auto. apply Rinv_lt_contravar; auto. apply Rmult_lt_0_compat; lra.
Qed.

(** Without momentum (β = 0, the Polyak step) the worst case of K+1 points is known exactly: no convex
    G-Lipschitz f has a gap of more than G D/√(K+1) at all of them, and one has just that at each.
    Source: derived here; the upper bound is the rate of the MoMo paper, Theorem 4.3, for β = 0. *)
Theorem worst_case_without_momentum fstar G D K : 0 < G -> 0 < D ->
  (forall n f g xs x1 m, lipschitz_problem n f g xs x1 fstar G D ->
     (forall k, (k <= K)%nat -> m <= f (px (runz n f g 0 fstar x1 k)) - fstar) ->
     m <= G * D / sqrt (INR (S K))) /\
  exists n f g xs x1, lipschitz_problem n f g xs x1 fstar G D /\
    forall k, (k <= K)%nat -> f (px (runz n f g 0 fstar x1 k)) - fstar = G * D / sqrt (INR (S K)).
Proof.
  intros HG HD. assert (E : INR (S K) = 1 + decrease_zero 0 K)
    by (rewrite decrease_without_momentum, S_INR; ring).
  rewrite E. split.
  - intros n f g xs x1 m Hp Hk. apply (sharp_rate_of_problem n f g xs x1 0 fstar G D); auto; lra.
  - destruct (trap_from_zero 0 fstar G D K ltac:(lra) HG HD) as [slope [x1 [Hp Hv]]].
    rewrite rest_without_momentum in Hv.
    exists (S (S K)), (max_affine (S (S K)) (S K) slope fstar), (active (S (S K)) (S K) slope), origin, x1.
    split; [exact Hp|exact Hv].
Qed.
(** Ten points: 1/√10. *)
Example worst_case_without_momentum_met : exists n f g xs x1, lipschitz_problem n f g xs x1 0 1 1 /\
  forall k, (k <= 9)%nat -> f (px (runz n f g 0 0 x1 k)) - 0 = 1 / sqrt 10.
Proof.
  destruct (worst_case_without_momentum 0 1 1 9) as [_ H]; try lra. simpl in H.
  replace (1 * 1) with 1 in H by ring. replace 10 with (1+1+1+1+1+1+1+1+1+1) by ring. exact H.
Qed.

(** ---- what goes wrong without a hypothesis ---- *)
(** The least of finitely many numbers. *)
Lemma least_of (v : nat -> R) K : exists m, (forall k, (k <= K)%nat -> m <= v k) /\
  exists k, (k <= K)%nat /\ m = v k.
Proof.
  induction K as [|K' [m [Hm [k0 [Hk0 E]]]]].
  - exists (v 0%nat). split; [intros k Hk; replace k with 0%nat by lia; lra|exists 0%nat; split; auto].
  - exists (Rmin m (v (S K'))). split.
    + intros k Hk. destruct (Nat.eq_dec k (S K')) as [->|Hne]; [apply Rmin_r|].
      apply Rle_trans with (1 := Rmin_l _ _). apply Hm. lia.
    + unfold Rmin. destruct (Rle_dec m (v (S K'))); [exists k0|exists (S K')]; split; auto.
Qed.

(** c = 1: the sharp rate is a bound, so no K has a problem whose values are all above it. *)
Example sharp_rate_zero_cannot_be_improved_needs_c_below_1 beta fstar G D K : 0 <= beta < 1 ->
  0 < G -> 0 < D -> ~ exists n f g xs x1, lipschitz_problem n f g xs x1 fstar G D /\
  forall k, (k <= K)%nat ->
    1 * (G * D / sqrt (1 + sumn K (fun i => (1 - beta * beta) / (1 - beta ^ (2 * S i)))))
    < f (px (runz n f g beta fstar x1 k)) - fstar.
Proof.
  intros Hb HG HD [n [f [g [xs [x1 [Hp Hv]]]]]]. fold (decrease_zero beta K) in Hv.
  destruct (least_of (fun k => f (px (runz n f g beta fstar x1 k)) - fstar) K) as [m [Hm [k0 [Hk0 E]]]].
  pose proof (sharp_rate_of_problem n f g xs x1 beta fstar G D m K Hb HG HD Hp Hm) as H.
  pose proof (Hv k0 Hk0) as Hk. lra.
Qed.
(** The same from the first sample, for any K from 1 on for which the bound is one. *)
Example sharp_rate_cannot_be_improved_needs_c_below_1 beta fstar G D K : 0 <= beta < 1 ->
  0 < G -> 0 < D -> (1 <= K)%nat ->
  let A := 2 + (1 - beta * beta) * (INR (S K) - 2) - lg ((1 + beta) / (1 - beta))
    - Rmin (2 * beta * lg 2) (psi beta) in
  0 < A -> ~ exists n f g xs x1, lipschitz_problem n f g xs x1 fstar G D /\
  forall k, (k < S K)%nat -> 1 * (G * D / sqrt A) < f (px (run1 n f g beta fstar x1 k)) - fstar.
Proof.
  intros Hb HG HD HK A HA [n [f [g [xs [x1 [Hp Hv]]]]]].
  destruct (least_of (fun k => f (px (run1 n f g beta fstar x1 k)) - fstar) K) as [m [Hm [k0 [Hk0 E]]]].
  assert (H : m <= G * D / sqrt A).
  { apply (sharp_rate_of_problem_first n f g xs x1 beta fstar G D m K); auto. }
  pose proof (Hv k0 ltac:(lia)) as Hk. lra.
Qed.

(** K+2 points instead of K+1: without momentum no problem has the trap's value at all of them. *)
Example trap_from_zero_needs_k_at_most_K fstar G D K : 0 < G -> 0 < D ->
  ~ exists n f g xs x1, lipschitz_problem n f g xs x1 fstar G D /\
  forall k, (k <= S K)%nat -> f (px (runz n f g 0 fstar x1 k)) - fstar
    = G * D / sqrt (rest_zero 0 + decrease_zero 0 K).
Proof.
  intros HG HD [n [f [g [xs [x1 [Hp Hv]]]]]].
  assert (H : G * D / sqrt (rest_zero 0 + decrease_zero 0 K) <= G * D / sqrt (1 + decrease_zero 0 (S K))).
  { apply (sharp_rate_of_problem n f g xs x1 0 fstar G D); auto; [lra|].
    intros k Hk. rewrite (Hv k Hk). lra. }
  rewrite rest_without_momentum, !decrease_without_momentum, S_INR in H.
  pose proof (pos_INR K) as HI. pose proof (more_is_less (G * D) (1 + INR K) (1 + (INR K + 1))) as H2.
  assert (0 < G * D) by (apply Rmult_lt_0_compat; auto). lra.
Qed.
Example trap_from_first_needs_k_at_most_K fstar G D K : 0 < G -> 0 < D ->
  ~ exists n f g xs x1, lipschitz_problem n f g xs x1 fstar G D /\
  forall k, (k <= S K)%nat -> f (px (run1 n f g 0 fstar x1 k)) - fstar
    = G * D / sqrt (rest_first 0 + decrease_first 0 K).
Proof.
  intros HG HD [n [f [g [xs [x1 [Hp Hv]]]]]]. pose proof (pos_INR K) as HI.
  assert (EA : 2 + (1 - 0 * 0) * (INR (S (S K)) - 2) - lg ((1 + 0) / (1 - 0)) - Rmin (2 * 0 * lg 2) (psi 0)
    = INR K + 2).
  { replace ((1 + 0) / (1 - 0)) with 1 by field. rewrite lg_1, !S_INR. unfold psi.
    destruct (Rle_dec 0 ((1 - 0) * (1 - 0))) as [_|Hn]; [|lra].
    replace (2 * 0 * lg 2) with 0 by ring. rewrite Rmin_left by lra. ring. }
  assert (H : G * D / sqrt (rest_first 0 + decrease_first 0 K) <= G * D / sqrt (INR K + 2)).
  { rewrite <- EA.
    apply (sharp_rate_of_problem_first n f g xs x1 0 fstar G D _ (S K)); auto; try lra; try lia.
    intros k Hk. rewrite (Hv k Hk). lra. }
  assert (Ed : decrease_first 0 K = INR K).
  { unfold decrease_first. clear. induction K; [reflexivity|]. rewrite S_INR.
    change (sumn (S K) ?F) with (sumn K F + F K). rewrite IHK. f_equal. destruct K; [reflexivity|].
    replace (2 * S K + 1)%nat with (S (2 * S K)) by lia. simpl pow. field. }
  rewrite Ed in H. unfold rest_first in H. rewrite sqrt_0 in H.
  replace ((1 - 0 * 0) / ((1 - 0) * (1 - 0))) with 1 in H by field.
  pose proof (more_is_less (G * D) (1 + INR K) (INR K + 2)) as H2.
  assert (0 < G * D) by (apply Rmult_lt_0_compat; auto). lra.
Qed.

(** D < 0 has the right D², but the value would be below the minimum. *)
Example trap_from_zero_needs_D_positive beta fstar K : 0 <= beta < 1 ->
  ~ exists n f g xs x1, lipschitz_problem n f g xs x1 fstar 1 (-1) /\
  forall k, (k <= K)%nat -> f (px (runz n f g beta fstar x1 k)) - fstar
    = 1 * -1 / sqrt (rest_zero beta + decrease_zero beta K).
Proof.
  intros Hb [n [f [g [xs [x1 [[_ [_ [Hm _]]] Hv]]]]]].
  pose proof (Hv 0%nat (Nat.le_0_l K)) as H.
  pose proof (Hm 0%nat (px (runz n f g beta fstar x1 0)) Nat.lt_0_1) as H0.
  simpl in H0, H. pose proof (rest_zero_pos beta Hb) as Hr. pose proof (decrease_zero_grows beta K Hb) as Hd.
  pose proof (square_below_1 beta Hb). assert (0 <= (1 - beta * beta) * INR K)
    by (apply Rmult_le_pos; [lra|apply pos_INR]).
  assert (Hi : 0 < / sqrt (rest_zero beta + decrease_zero beta K))
    by (apply Rinv_0_lt_compat, sqrt_lt_R0; lra). unfold Rdiv in H. lra.
Qed.
