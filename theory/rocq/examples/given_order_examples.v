(** The hypotheses of given_order.v can be met, and which of them are needed. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import on_the_line sums vectors method assumptions logarithm sharp_rate sharp_rate_scalars.
From Momo Require Import given_order_numbers given_order.
Open Scope R_scope.

Lemma nine_tenths : 0 <= 9 / 10 < 1.
Proof. lra. Qed.
Lemma one_half : 0 <= 1 / 2 < 1.
Proof. lra. Qed.

(** β = 0.9, G = D = 1, three functions: 1/√3.01 ≤ δ ≤ 1/√2.01. *)
Example given_order_met : exists f g x1 xs delta,
  all_equal (9 / 10) 0 1 1 delta 3 f g x1 xs /\ 1 / sqrt (301 / 100) <= delta <= 1 / sqrt (201 / 100).
Proof.
  destruct (given_order (9 / 10) 0 1 1 nine_tenths Rlt_0_1 Rlt_0_1 3 ltac:(lia))
    as [f [g [x1 [xs [delta [H [_ [H1 H2]]]]]]]].
  exists f, g, x1, xs, delta. split; [exact H|].
  assert (E : 2 + (1 - 9 / 10) * (1 - 9 / 10) * (INR 3 - 2) = 201 / 100) by (simpl; field).
  assert (Eh : harmonic (3 - 2) = 1) by (unfold harmonic; simpl; field).
  rewrite E in *. rewrite Eh in *. replace (201 / 100 + 1) with (301 / 100) in * by field.
  replace (1 * 1) with 1 in * by ring. lra.
Qed.

(** Two functions: both ends of the range are the same, δ = G D/√2 for every β, which is what the rate with
    both ends kept allows. *)
Example given_order_two beta : 0 <= beta < 1 ->
  exists f g x1 xs, all_equal beta 0 1 1 (1 / sqrt 2) 2 f g x1 xs.
Proof.
  intros Hb. destruct (given_order beta 0 1 1 Hb Rlt_0_1 Rlt_0_1 2 ltac:(lia))
    as [f [g [x1 [xs [delta [H [_ [H1 H2]]]]]]]].
  assert (E : 2 + (1 - beta) * (1 - beta) * (INR 2 - 2) = 2) by (simpl; ring).
  assert (Eh : harmonic (2 - 2) = 0) by reflexivity.
  rewrite E, Eh in *. rewrite Rplus_0_r in *. replace (1 * 1) with 1 in * by ring.
  exists f, g, x1, xs. replace (1 / sqrt 2) with delta by lra. exact H.
Qed.

(** β = 1/2, K = 10000: δ ≥ 1/√2900, where the paper's bound is 1/50 = 1/√2500. *)
Example given_order_root_met : exists f g x1 xs delta,
  all_equal (1 / 2) 0 1 1 delta (100 * 100) f g x1 xs /\ 1 / sqrt 2900 <= delta.
Proof.
  destruct (given_order_root (1 / 2) 0 1 1 one_half Rlt_0_1 Rlt_0_1 (100 * 100) ltac:(lia))
    as [f [g [x1 [xs [delta [H H1]]]]]].
  exists f, g, x1, xs, delta. split; [exact H|].
  rewrite mult_INR in H1. replace (INR 100) with 100 in H1 by (rewrite INR_IZR_INZ; reflexivity).
  rewrite sqrt_square in H1 by lra.
  replace ((1 - 1 / 2) * (1 - 1 / 2) * (100 * 100) + 4 * 100) with 2900 in H1 by field.
  replace (1 * 1) with 1 in H1 by ring. exact H1.
Qed.

Lemma log_3 : lg 3 <= 3 / 2.
Proof.
  replace 3 with (2 * (3 / 2)) at 1 by field. rewrite lg_mult by lra.
  pose proof (lg_tangent 2 ltac:(lra)). pose proof (lg_tangent (3 / 2) ltac:(lra)). lra.
Qed.
Lemma log_18 : lg 18 <= 4.
Proof.
  replace 18 with (2 * (3 * 3)) by ring. rewrite !lg_mult by lra.
  pose proof (lg_tangent 2 ltac:(lra)). pose proof log_3. lra.
Qed.

(** β = 1/2, K = 20: with log 18 ≤ 4, δ ≥ 1/√11.5. *)
Example given_order_log_met : exists f g x1 xs delta,
  all_equal (1 / 2) 0 1 1 delta 20 f g x1 xs /\ 1 / sqrt (23 / 2) <= delta.
Proof.
  destruct (given_order_log (1 / 2) 0 1 1 one_half Rlt_0_1 Rlt_0_1 20 ltac:(lia))
    as [f [g [x1 [xs [delta [H H1]]]]]].
  exists f, g, x1, xs, delta. split; [exact H|]. apply Rle_trans with (2 := H1).
  replace (INR 20 - 2) with 18 by (rewrite INR_IZR_INZ; simpl; ring).
  pose proof log_18. pose proof (lg_pos 18 ltac:(lra)).
  unfold Rdiv. replace (1 * 1) with 1 by ring. apply Rmult_le_compat_l; [lra|].
  apply Rinv_le_contravar; [apply sqrt_lt_R0|apply sqrt_le_1]; lra.
Qed.

(** β = 0.9, G = D = 1: a sequence of problems with 10 δ_K/√K ... → 1. *)
Example given_order_limit_met : exists delta : nat -> R,
  (forall K, (1 <= K)%nat -> exists f g x1 xs, all_equal (9 / 10) 0 1 1 (delta K) K f g x1 xs) /\
  Un_cv (fun K => delta K * sqrt (INR K) * (1 - 9 / 10) / (1 * 1)) 1.
Proof. exact (given_order_limit (9 / 10) 0 1 1 nine_tenths Rlt_0_1 Rlt_0_1). Qed.

Definition weight (s : nat) : R := INR (S s).

(** |x| and 2|x| in the order 0, 1, 1, 0, 1, 1, …, from 1: G = 2. *)
Example rate_any_order_met beta m K : 0 <= beta < 1 -> (1 <= K)%nat ->
  let w k := if Nat.eqb (k mod 3) 0 then 0%nat else 1%nat in
  (forall k, (k < K)%nat -> m <= weight (w k) * Rabs (px (path 1 (fun s x => weight s * Rabs (x 0%nat))
     (fun s x _ => weight s * sign (x 0%nat)) beta 0 None (fun _ => 1) w k) 0%nat) - 0) ->
  m <= 2 * 1 / ((1 - beta) * sqrt (INR K)).
Proof.
  intros Hb HK w. apply (rate_any_order 1 2 (fun s x => weight s * Rabs (x 0%nat))
    (fun s x _ => weight s * sign (x 0%nat)) beta 0 (fun _ => 0)); auto; try lra.
  - intros k _. unfold w. destruct (Nat.eqb _ 0); lia.
  - intros s x y _. unfold dot, lin; simpl. pose proof (abs_above (x 0%nat) (y 0%nat)) as H.
    assert (Hw : 0 <= weight s) by apply pos_INR.
    apply (Rmult_le_compat_l (weight s)) in H; auto. lra.
  - intros s _. rewrite Rabs_R0. ring.
  - intros s x Hs _. unfold dot; simpl.
    assert (Hw : weight s <= 2).
    { unfold weight. replace 2 with (INR 2) by (simpl; ring). apply le_INR. lia. }
    assert (Hw0 : 0 <= weight s) by apply pos_INR.
    replace (0 + weight s * sign (x 0%nat) * (weight s * sign (x 0%nat)))
      with (weight s * weight s * (sign (x 0%nat) * sign (x 0%nat))) by ring.
    rewrite sign_square, Rmult_1_r. apply Rmult_le_compat; auto.
  - unfold dist2, dot, lin; simpl. ring.
Qed.

(** c = 1 is such a factor, by rate_any_order; so the least one is 1. *)
Example given_order_best_factor_met beta : 0 <= beta < 1 -> 1 <= 1.
Proof.
  intros Hb. apply (given_order_best_factor beta 1 Hb).
  intros K fstar G D f g x1 xs m HK HG HD Hconv Hint _ Hg Hx1 Hm. rewrite Rmult_1_l.
  apply (rate_any_order 2 K f g beta fstar xs x1 G D in_order m K); auto.
Qed.

(** What is needed for given_order: that each step sees a function of its own.  For one function the sharp
    rate forbids such values: β = 1/2, K = 20, f_1 = … = f_20. *)
Example given_order_needs_own_functions : ~ exists f g x1 xs delta,
  all_equal (1 / 2) 0 1 1 delta 20 (fun _ => f) (fun _ => g) x1 xs /\
  1 * 1 / sqrt (2 + (1 - 1 / 2) * (1 - 1 / 2) * (INR 20 - 2) + harmonic (20 - 2)) <= delta.
Proof.
  intros [f [g [x1 [xs [delta [[Hconv [Hint [Hmin [Hg [Hx1 Hval]]]]] Hlow]]]]]].
  assert (H20 : INR 20 = 20) by (rewrite INR_IZR_INZ; reflexivity).
  assert (Hh : 0 <= harmonic 18 <= 5).
  { split; [apply sumn_nonneg; intros i _; left; apply Rinv_0_lt_compat, lt_0_INR; lia|].
    pose proof (harmonic_log 18 ltac:(lia)) as H.
    replace (INR 18) with 18 in H by (rewrite INR_IZR_INZ; reflexivity). pose proof log_18. lra. }
  change (20 - 2)%nat with 18%nat in Hlow. rewrite H20 in Hlow.
  set (A := 2 + (1 - 1 / 2 * (1 / 2)) * (INR 20 - 2) - lg ((1 + 1 / 2) / (1 - 1 / 2))
    - Rmin (2 * (1 / 2) * lg 2) (psi (1 / 2))).
  assert (HA : 12 < A).
  { unfold A. rewrite H20. replace ((1 + 1 / 2) / (1 - 1 / 2)) with 3 by field.
    pose proof (Rmin_l (2 * (1 / 2) * lg 2) (psi (1 / 2))). pose proof (lg_tangent 2 ltac:(lra)).
    pose proof log_3. lra. }
  assert (Hrun : forall k, path 2 (fun _ => f) (fun _ => g) (1 / 2) 0 None x1 in_order k
    = run1 2 f g (1 / 2) 0 x1 k).
  { induction k; [reflexivity|]. simpl path. rewrite IHk. reflexivity. }
  assert (H : delta <= 1 * 1 / sqrt A).
  { apply (sharp_rate 2 f g (1 / 2) 0 xs x1 1 1) with (K := 20%nat); auto; try lra; try lia.
    - intros x y. apply (Hconv 0%nat). lia.
    - apply (Hint 0%nat). lia.
    - intros x. apply (Hmin 0%nat). lia.
    - intros x _. apply (Hg 0%nat). lia.
    - fold A. lra.
    - intros k Hk. rewrite <- (Hval k Hk), Hrun. lra. }
  set (B := 2 + (1 - 1 / 2) * (1 - 1 / 2) * (20 - 2) + harmonic 18) in *.
  assert (HB : 0 < B < A) by (unfold B; lra).
  assert (Hs : sqrt B < sqrt A) by (apply sqrt_lt_1; lra).
  pose proof (sqrt_lt_R0 B (proj1 HB)) as HB0.
  pose proof (Rinv_lt_contravar (sqrt B) (sqrt A) ltac:(apply Rmult_lt_0_compat; lra) Hs) as Hi.
  unfold Rdiv in *. lra.
Qed.

(** … and K ≥ 2: with one function the first point is the last, ‖x^1 - x⋆‖ = δ/G, not √2 δ/G. *)
Example given_order_needs_two_steps : ~ exists f g x1 xs delta,
  all_equal (1 / 2) 0 1 1 delta 1 f g x1 xs /\ sharp_steps (1 / 2) 0 1 1 delta 1 f g x1 xs.
Proof.
  intros [f [g [x1 [xs [delta [[_ [_ [_ [_ [Hx1 _]]]]] [Hlast Hsum]]]]]]].
  simpl in Hlast, Hsum. rewrite Hx1 in Hlast. lra.
Qed.

Definition bump (x : R) : R := if Req_EM_T x 0 then 0 else 1.
(** What is needed for rate_any_order: convexity.  f is 0 at 0 and 1 elsewhere, with the gradient 0: MoMo
    stays at 1, where f = 1, but the bound for K = 4, β = 0, G = D = 1 is 1/2. *)
Example rate_any_order_needs_convexity :
  let f (_ : nat) (x : vec) := bump (x 0%nat) in let g (_ : nat) (_ : vec) := (fun _ => 0) : vec in
  interpolation 1 f (fun _ => 0) 0 /\ bounded_below 1 f 0 /\ bounded_each 1 1 g (fun _ => 0) 1 1 /\
  (forall k, 1 <= f 0%nat (px (path 1 f g 0 0 None (fun _ => 1) (fun _ => 0%nat) k)) - 0) /\
  1 * 1 / ((1 - 0) * sqrt (INR 4)) < 1.
Proof.
  intros f g. repeat split.
  - intros s _. unfold f, bump. destruct (Req_EM_T 0 0); [reflexivity|lra].
  - intros s x _. unfold f, bump. destruct (Req_EM_T (x 0%nat) 0); lra.
  - intros s x _ _. unfold g, dot; simpl. lra.
  - intros k. assert (H : px (path 1 f g 0 0 None (fun _ => 1) (fun _ => 0%nat) k) 0%nat = 1).
    { induction k; [reflexivity|]. simpl path. unfold step; simpl px. unfold lin at 1.
      set (st := path 1 f g 0 0 None (fun _ => 1) (fun _ => 0%nat) k) in *. rewrite IHk.
      unfold tau. match goal with |- context [Req_EM_T ?N 0] => destruct (Req_EM_T N 0) as [E|E] end; [ring|].
      exfalso. apply E. unfold dot, lin, g; simpl. destruct (first st); ring. }
    change (1 <= bump (px (path 1 f g 0 0 None (fun _ => 1) (fun _ => 0%nat) k) 0%nat) - 0). rewrite H.
    unfold bump. destruct (Req_EM_T 1 0); lra.
  - replace (INR 4) with (2 * 2) by (simpl; ring). rewrite sqrt_square by lra. lra.
Qed.

(** … and that one point minimises all functions: f = |x| + 1 with f_⋆ = 0 has values of at least 1. *)
Example rate_any_order_needs_interpolation :
  let f (_ : nat) (x : vec) := Rabs (x 0%nat) + 1 in
  let g (_ : nat) (x : vec) := (fun _ => sign (x 0%nat)) : vec in
  convex 1 1 f g /\ bounded_below 1 f 0 /\ bounded_each 1 1 g (fun _ => 0) 1 1 /\
  (forall k, 1 <= f 0%nat (px (path 1 f g 0 0 None (fun _ => 1) (fun _ => 0%nat) k)) - 0) /\
  1 * 1 / ((1 - 0) * sqrt (INR 4)) < 1.
Proof.
  intros f g. repeat split.
  - intros s x y _. unfold f, g, dot, lin; simpl. pose proof (abs_above (x 0%nat) (y 0%nat)). lra.
  - intros s x _. unfold f. pose proof (Rabs_pos (x 0%nat)). lra.
  - intros s x _ _. unfold g, dot; simpl. rewrite sign_square. lra.
  - intros k. set (st := path 1 f g 0 0 None (fun _ => 1) (fun _ => 0%nat) k).
    unfold f. pose proof (Rabs_pos (px st 0%nat)). lra.
  - replace (INR 4) with (2 * 2) by (simpl; ring). rewrite sqrt_square by lra. lra.
Qed.

(** … and the bound on the gradients: f = 2|x| at x^1 = 1 with G = 1. *)
Example rate_any_order_needs_bounded_gradients :
  let f (_ : nat) (x : vec) := 2 * Rabs (x 0%nat) in
  let g (_ : nat) (x : vec) := (fun _ => 2 * sign (x 0%nat)) : vec in
  convex 1 1 f g /\ interpolation 1 f (fun _ => 0) 0 /\ bounded_below 1 f 0 /\
  f 0%nat (px (path 1 f g 0 0 None (fun _ => 1) (fun _ => 0%nat) 0)) - 0 = 2 /\
  1 * 1 / ((1 - 0) * sqrt (INR 1)) < 2.
Proof.
  intros f g. repeat split.
  - intros s x y _. unfold f, g, dot, lin; simpl. pose proof (abs_above (x 0%nat) (y 0%nat)). lra.
  - intros s _. unfold f. rewrite Rabs_R0. ring.
  - intros s x _. unfold f. pose proof (Rabs_pos (x 0%nat)). lra.
  - unfold f; simpl. rewrite Rabs_R1. ring.
  - simpl INR. rewrite sqrt_1. lra.
Qed.
