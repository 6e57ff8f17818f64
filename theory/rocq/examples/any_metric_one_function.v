(** The theorems on one function, on smooth samples, and on traps, in the metric D = (2 1; 1 2).

    One function: |x_0| + 7 from (1, 1), with x⋆ = 0 and ‖g‖²_{D⁻¹} = 2/3 ≤ 1. Smooth samples: x_0²/2 and
    x_1²/2, for which L = 1, since ‖y‖² ≤ ‖y‖²_D. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric_norms method_zero smooth smooth_linear.
From Momo Require Import logarithm sharp_rate_scalars any_metric coordinates smooth_any norm_recursion_any.
From Momo Require Import sharp_rate_any trap trap_any instances any_metric_examples.
From Momo Require sharp_rate.
Open Scope R_scope.

Definition ridge (x : vec) : R := fold_f 0%nat x.
Definition ridge' (x : vec) : vec := fold_g 0%nat x.
Lemma ridge_convex : convex 2 1 (fun _ => ridge) (fun _ => ridge').
Proof. intros s x y _. apply (fold_convex 0%nat x y). lia. Qed.
Lemma ridge_interpolation : interpolation 1 (fun _ => ridge) middle 7.
Proof. intros s _. apply (fold_interpolation 0%nat). lia. Qed.
Lemma ridge_below : bounded_below 1 (fun _ => ridge) 7.
Proof. intros s x _. apply (fold_below 0%nat). lia. Qed.
Lemma ridge_length x : dual_in 2 untilted (ridge' x) <= 1 * 1.
Proof. apply fold_length. lia. Qed.

Definition bowl_f (s : nat) (x : vec) : R := x s * x s / 2.
Definition bowl_g (s : nat) (x : vec) : vec := fun i => if Nat.eq_dec i s then x s else 0.
Lemma bowl_convex : convex 2 2 bowl_f bowl_g.
Proof.
  intros s x y Hs. unfold bowl_f, bowl_g, dot, lin. pose proof (sq_pos (y s - x s)) as H.
  destruct s as [|[|s]]; [| |lia]; simpl; lra.
Qed.
Lemma bowl_interpolation : interpolation 2 bowl_f middle 0.
Proof. intros s _. unfold bowl_f, middle. field. Qed.
Lemma bowl_below : bounded_below 2 bowl_f 0.
Proof. intros s x _. unfold bowl_f. pose proof (sq_pos (x s)). lra. Qed.
Lemma bowl_smooth : smooth_any 2 2 bowl_f bowl_g tilted 1.
Proof.
  intros s x y Hs. unfold dist_in. rewrite tilted_norm. unfold bowl_f, bowl_g, dot, lin.
  pose proof (sq_pos (1 * y 0%nat + -1 * x 0%nat)). pose proof (sq_pos (1 * y 1%nat + -1 * x 1%nat)).
  pose proof (sq_pos (1 * y 0%nat + -1 * x 0%nat + (1 * y 1%nat + -1 * x 1%nat))).
  destruct s as [|[|s]]; [| |lia]; simpl; lra.
Qed.

#[local] Hint Resolve tilted_metric from_corner root_six ridge_convex ridge_interpolation ridge_below
  ridge_length bowl_convex bowl_interpolation bowl_below bowl_smooth Rlt_0_1 : met.

(** ** One function *)
Notation ridge_run b beta k := (one_run 2 ridge ridge' beta 7 b untilted corner k).

(** From zero, in the first step, where δ_1 = 1; later wherever δ_k > 0. *)
Example norm_recursion_any_met b beta k : 0 <= beta < 1 -> b = at_zero \/ k <> O ->
  0 < ridge (px (ridge_run b beta k)) - 7 -> let delta j := ridge (px (ridge_run b beta j)) - 7 in
  let N j := dual_in 2 untilted (pd (ridge_run b beta (S j))) / ((1 - beta) * (1 - beta)) in
  N (S k) <= 1 * 1 + beta * beta * N k + 2 * beta * N k * (1 - delta (S k) / delta k).
Proof.
  intros Hb Hk Hd delta N.
  apply (norm_recursion_any 2 ridge ridge' beta 7 b tilted untilted middle corner); auto with met.
Qed.

(** From the first sample. *)
Example sharp_rate_any_met beta m K : 0 <= beta < 1 -> (2 <= K)%nat ->
  let A := 2 + (1 - beta * beta) * (INR K - 2) - lg ((1 + beta) / (1 - beta))
    - Rmin (2 * beta * lg 2) (psi beta) in
  0 < A -> (forall k, (k < K)%nat -> m <= ridge (px (ridge_run at_first beta k)) - 7) -> m <= 1 * sqrt 6 /
    sqrt A.
Proof.
  intros. apply (sharp_rate_any 2 ridge ridge' beta 7 tilted untilted middle corner); auto with met.
Qed.

(** From zero. *)
Example sharp_rate_any_zero_met beta m K : 0 <= beta < 1 ->
  (forall k, (k < S K)%nat -> m <= ridge (px (ridge_run at_zero beta k)) - 7) ->
  m <= 1 * sqrt 6 / sqrt (1 + sumn K (fun k => (1 - beta * beta) / (1 - beta ^ (2 * S k)))).
Proof.
  intros. apply (sharp_rate_any_zero 2 ridge ridge' beta 7 tilted untilted middle corner); auto with met.
Qed.

(** On |x| in the identity, whose gradients are of length 1 everywhere. *)
Example sharp_rate_run_met beta m K : 0 <= beta < 1 -> (2 <= K)%nat ->
  let A := 2 + (1 - beta * beta) * (INR K - 2) - lg ((1 + beta) / (1 - beta))
    - Rmin (2 * beta * lg 2) (psi beta) in
  0 < A -> (forall k, (k < K)%nat -> m <= abs1 (px (sharp_rate.run1 1 abs1 sgn1 beta 0 one k)) - 0) ->
  m <= 1 * 1 / sqrt A.
Proof.
  intros. apply (sharp_rate.sharp_rate_run 1 abs1 sgn1 beta 0 zero one 1 1);
    auto using abs1_line, abs1_zero, abs1_pos, abs_start, Rlt_0_1.
  intros i. apply abs1_norm with (x := sharp_rate.X 1 abs1 sgn1 beta 0 one i).
  apply (sharp_rate.ball 1 abs1 sgn1 beta 0 zero one 1); auto using abs1_line, abs1_zero, abs1_pos, abs_start.
Qed.

(** ** Smooth samples, in any order *)
Notation bowl_gap b beta w caps k := (sample_gap 2 bowl_f bowl_g beta 0 untilted corner w b caps k).

(** With any cap. *)
Example smooth_linear_any_met beta w cap K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) -> positive_cap cap ->
  let delta := sample_gap 2 bowl_f bowl_g beta 0 untilted corner w at_first (fun _ => cap) in
  delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) <= sqrt 6 * sqrt 6 * speed cap 1.
Proof. intros. apply (smooth_linear_any 2 2) with (D := tilted) (xs := middle); auto with met. Qed.

(** With any cap. *)
Example smooth_linear_ends_any_met beta w cap K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  positive_cap cap ->
  let delta := sample_gap 2 bowl_f bowl_g beta 0 untilted corner w at_first (fun _ => cap) in
  3 / 2 * delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) + 2 * delta (S K)
    <= sqrt 6 * sqrt 6 * speed cap 1.
Proof. intros. apply (smooth_linear_ends_any 2 2) with (D := tilted) (xs := middle); auto with met. Qed.

(** With any cap. *)
Example smooth_linear_least_any_met beta w cap m K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  positive_cap cap -> (2 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= bowl_gap at_first beta w (fun _ => cap) k) ->
  m <= sqrt 6 * sqrt 6 * speed cap 1 / (7 / 2 + (1 - beta) * (INR K - 2)).
Proof.
  intros. apply (smooth_linear_least_any 2 2 bowl_f bowl_g beta 0 tilted untilted middle corner (sqrt 6) 1 w);
    auto with met.
Qed.

(** With any caps. *)
Example smooth_linear_any_zero_met beta w caps K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  (forall j, positive_cap (caps j)) ->
  sumn K (fun k => worth (caps k) 1 * ((1 - beta) / (1 - beta ^ S k) * bowl_gap at_zero beta w caps k))
    <= sqrt 6 * sqrt 6.
Proof. intros. apply (smooth_linear_any_zero 2 2) with (D := tilted) (xs := middle); auto with met. Qed.

(** Without a cap. *)
Example smooth_linear_zero_uncapped_met beta w K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  (1 - beta) * sumn K (fun k => bowl_gap at_zero beta w (fun _ => None) k) <= 1 * (sqrt 6 * sqrt 6).
Proof. intros. apply (smooth_linear_zero_uncapped 2 2) with (D := tilted) (xs := middle); auto with met. Qed.

(** Without a cap. *)
Example smooth_linear_least_any_zero_met beta w m K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  (forall k, (k < S (S K))%nat -> m <= bowl_gap at_zero beta w (fun _ => None) k) ->
  m <= 1 * (sqrt 6 * sqrt 6) / (7 / 2 + sumn K (fun k => (1 - beta) / (1 - beta ^ S (S k)))).
Proof.
  intros. apply (smooth_linear_least_any_zero 2 2 bowl_f bowl_g beta 0 tilted untilted middle corner (sqrt 6)
    1 w);
    auto with met.
Qed.

(** ** Traps in the plane: two points with one value *)
(** From zero. *)
Example trap_any_zero_met beta : 0 <= beta < 1 -> exists f g xs x1,
  problem_in 2 tilted untilted f g xs x1 7 1 1 /\ forall k, (k <= 0)%nat ->
  f (px (one_run 2 f g beta 7 at_zero untilted x1 k)) - 7 = 1 * 1 / sqrt (rest_zero beta + decrease_zero beta
    0).
Proof. intros. apply (trap_any_zero beta 7 1 1 tilted untilted 0); auto with met. Qed.

(** From the first sample. *)
Example trap_any_met beta : 0 <= beta < 1 -> exists f g xs x1,
  problem_in 2 tilted untilted f g xs x1 7 1 1 /\ forall k, (k <= 0)%nat ->
  f (px (one_run 2 f g beta 7 at_first untilted x1 k)) - 7
    = 1 * 1 / sqrt (rest_first beta + decrease_first beta 0).
Proof. intros. apply (trap_any beta 7 1 1 tilted untilted 0); auto with met. Qed.
