(** The hypotheses can be met: each theorem applied to a small problem on the line.

    |x| from x^1 = 1, where x⋆ = 0, f⋆ = 0, G = D = 1; x²/2 from 1, smooth with L = μ = 1; and, without a
    common minimiser, |x| and |x - 1| with probability 1/2 each. *)
Require Import Reals Lra Lia.
From Momo Require Import on_the_line sums vectors method assumptions path expectation rate rate_ends smooth.
From Momo Require Import no_interpolation sharp_functions wrong_bound logarithm sharp_rate_scalars.
From Momo Require Import sharp_rate sharp_rate_zero.
Open Scope R_scope.

(** ** |x| *)

Definition one (_ : nat) : R := 1.
Definition zero : vec := fun _ => 0.
Definition abs_f (_ : nat) (x : vec) : R := Rabs (x 0%nat).
Definition abs_g (_ : nat) (x : vec) : vec := fun _ => sign (x 0%nat).

Lemma one_nonnegative : nonnegative 1 one.
Proof. intros s _. unfold one. lra. Qed.
Lemma one_sum : sumn 1 one = 1.
Proof. unfold one. simpl. lra. Qed.
Lemma abs_convex : convex 1 1 abs_f abs_g.
Proof. intros s x y _. unfold abs_f, abs_g, dot, lin; simpl. pose proof (abs_above (x 0%nat) (y 0%nat)). lra.
Qed.
Lemma abs_interpolation : interpolation 1 abs_f zero 0.
Proof. intros s _. apply Rabs_R0. Qed.
Lemma abs_below : bounded_below 1 abs_f 0.
Proof. intros s x _. apply Rabs_pos. Qed.
Lemma abs_start : dist2 1 one zero = 1 * 1.
Proof. unfold dist2, dot, lin, one, zero; simpl; lra. Qed.
Lemma abs_each : bounded_each 1 1 abs_g zero 1 1.
Proof. intros s x _ _. unfold abs_g, dot; simpl. rewrite sign_square. lra. Qed.
Lemma abs_gradients : bounded_gradients 1 1 abs_g one zero 1 1.
Proof. intros x _. unfold abs_g, one, dot; simpl. rewrite sign_square. lra. Qed.
Lemma only_sample (w : nat -> nat) : (forall k, w k = 0%nat) -> forall k, (w k < 1)%nat.
Proof. intros H k. rewrite H. lia. Qed.
Definition first_sample (_ : nat) : nat := 0%nat.
Lemma first_allowed k : (first_sample k < 1)%nat.
Proof. unfold first_sample. lia. Qed.

#[local] Hint Resolve one_nonnegative one_sum abs_convex abs_interpolation abs_below abs_start abs_each
  abs_gradients first_allowed Rlt_0_1 : met.
#[local] Hint Extern 1 (positive_cap _) => (simpl; lra) : met.
#[local] Hint Extern 1 (below_cap _ None) => exact I : met.

Notation run beta cap k := (path 1 abs_f abs_g beta 0 cap one first_sample k).
Notation EX beta k := (Ex 1 1 abs_f abs_g one beta 0 None k (start one) (delta 1 abs_f one 0)).

(** ** Every path *)
(** On |x|, with any β and cap. *)
Example model_below_met beta cap k : 0 <= beta < 1 -> positive_cap cap ->
  model 1 (run beta cap (S k)) zero <= 0.
Proof. intros. apply (model_below 1 1) with (w := first_sample); auto with met. Qed.

(** On |x|, with any β and cap. *)
Example height_above_met beta cap k : 0 <= beta < 1 -> positive_cap cap ->
  0 <= (1 - beta) * (abs_f 0 (point 1 abs_f abs_g beta 0 cap one first_sample k) - 0)
    <= height 1 abs_f abs_g beta 0 cap one first_sample k - 0.
Proof. intros. apply (height_above 1 1 abs_f abs_g beta 0 cap zero one first_sample); auto with met. Qed.

(** On |x|, with any β. *)
Example landing_identity_met beta k : 0 <= beta < 1 ->
  height 1 abs_f abs_g beta 0 None one first_sample (S k) - 0
    = (1 - beta) * (abs_f 0 (point 1 abs_f abs_g beta 0 None one first_sample (S k)) - 0).
Proof.
  intros. apply (landing_identity 1 1 abs_f abs_g beta 0 None zero one first_sample); auto with met.
Qed.

Notation dist beta cap k := (dist2 1 (point 1 abs_f abs_g beta 0 cap one first_sample k) zero).
Notation tau_k beta cap k := (size 1 abs_f abs_g beta 0 cap one first_sample k).
Notation h_k beta cap k := (height 1 abs_f abs_g beta 0 cap one first_sample k).
Notation N_k beta cap k := (norm2 1 abs_f abs_g beta 0 cap one first_sample k).

(** On |x|, with any β and cap. *)
Example fejer_met beta cap k : 0 <= beta < 1 -> positive_cap cap ->
  dist beta cap (S k) <= dist beta cap k
    - tau_k beta cap k * (2 * (h_k beta cap k - 0) - tau_k beta cap k * N_k beta cap k).
Proof. intros. apply (fejer 1 1); auto with met. Qed.

(** On |x|, with any β and cap. *)
Example fejer_capped_met beta cap k : 0 <= beta < 1 -> positive_cap cap ->
  dist beta cap (S k) <= dist beta cap k - tau_k beta cap k * (h_k beta cap k - 0).
Proof. intros. apply (fejer_capped 1 1); auto with met. Qed.

(** On |x|, with any β. *)
Example fejer_uncapped_met beta k : 0 <= beta < 1 ->
  dist beta None (S k) <= dist beta None k
    - (h_k beta None k - 0) * (h_k beta None k - 0) / N_k beta None k.
Proof. intros. apply (fejer_uncapped 1 1); auto with met. Qed.

(** On |x|, with any β. *)
Example summed_steps_met beta K : 0 <= beta < 1 ->
  sumn K (fun k => (h_k beta None k - 0) * (h_k beta None k - 0) / N_k beta None k) <= dist2 1 one zero.
Proof. intros. apply (summed_steps 1 1); auto with met. Qed.

(** On |x|, with any β and cap. *)
Example bounded_path_met beta cap k : 0 <= beta < 1 -> positive_cap cap ->
  dist beta cap k <= dist2 1 one zero.
Proof. intros. apply (bounded_path 1 1); auto with met. Qed.

(** On |x|: an identity, which asks for nothing. *)
Example offset_met beta cap k :
  dot 1 (average 1 abs_f abs_g beta 0 cap one first_sample k)
      (lin 1 (point 1 abs_f abs_g beta 0 cap one first_sample (S k)) (-1)
        (point 1 abs_f abs_g beta 0 cap one first_sample k))
    = - (tau_k beta cap k * N_k beta cap k).
Proof. apply (offset 1 abs_f abs_g beta 0 cap one first_sample). Qed.

(** ** The rates *)
(** On |x|. *)
Example mean_square_met beta k : 0 <= beta < 1 ->
  Ex 1 1 abs_f abs_g one beta 0 None (S k) (start one) (fun z => dot 1 (pd z) (pd z)) <= 1 * 1.
Proof. intros. apply (mean_square 1 1) with (xs := zero) (D := 1); auto with met. Qed.

(** On |x|, with c = 2. *)
Example rate_any_c_met beta m K : 0 <= beta < 1 -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= EX beta k) ->
  m <= (1 * 1 / (2 * INR K) + 2 * (1 * 1)) / (2 * (1 - beta)).
Proof.
  intros. apply (rate_any_c 1 1 abs_f abs_g one beta 0 None zero one 1 1); auto with met; lra.
Qed.

(** On |x|, with the cap 1. *)
Example rate_capped_met beta m K : 0 <= beta < 1 -> (0 < K)%nat ->
  (forall k, (k < K)%nat ->
    m <= Ex 1 1 abs_f abs_g one beta 0 (Some 1) k (start one) (delta 1 abs_f one 0)) ->
  m <= 1 * 1 / ((1 - beta) * sqrt (INR K)).
Proof.
  intros Hb HK Hm. apply (rate_capped 1 1 abs_f abs_g one beta 0 (Some 1) zero one 1 1); auto with met.
  simpl. assert (1 <= INR K) by (apply (le_INR 1); lia).
  assert (1 <= sqrt (INR K)) by (rewrite <- sqrt_1; apply sqrt_le_1; lra).
  apply (Rmult_le_reg_r (1 * sqrt (INR K))); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
Qed.

(** On |x|, with a cap of at most 1/√K. *)
Example rate_small_cap_met beta alpha m K : 0 <= beta < 1 -> (0 < K)%nat ->
  0 < alpha -> alpha <= 1 / (1 * sqrt (INR K)) ->
  (forall k, (k < K)%nat ->
    m <= Ex 1 1 abs_f abs_g one beta 0 (Some alpha) k (start one) (delta 1 abs_f one 0)) ->
  m <= 1 * 1 / ((1 - beta) * alpha * INR K).
Proof.
  intros. apply (rate_small_cap 1 1 abs_f abs_g one beta 0 (Some alpha) zero one 1 1); auto with met.
Qed.

(** On |x|. *)
Example rate_met beta m K : 0 <= beta < 1 -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= EX beta k) -> m <= 1 * 1 / ((1 - beta) * sqrt (INR K)).
Proof. intros. apply (rate 1 1 abs_f abs_g one beta 0 zero one 1 1); auto with met. Qed.

(** On |x|. *)
Example rate_first_term_met beta m K : 0 <= beta < 1 -> (1 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= EX beta k) ->
  m <= 1 * 1 / sqrt (1 + (1 - beta) * (1 - beta) * (INR K - 1)).
Proof. intros. apply (rate_first_term 1 1 abs_f abs_g one beta 0 None zero one 1 1); auto with met. Qed.

(** On |x|. *)
Example rate_two_ends_met beta m K : 0 <= beta < 1 -> (2 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= EX beta k) ->
  m <= 1 * 1 / sqrt (2 + (1 - beta) * (1 - beta) * (INR K - 2)).
Proof. intros. apply (rate_two_ends 1 1 abs_f abs_g one beta 0 None zero one 1 1); auto with met. Qed.

(** ** One function *)
Definition abs1 (x : vec) : R := Rabs (x 0%nat).
Definition sgn1 (x : vec) : vec := fun _ => sign (x 0%nat).

Lemma abs1_line x y : abs1 x + dot 1 (sgn1 x) (lin 1 y (-1) x) <= abs1 y.
Proof. exact (abs_convex 0%nat x y Nat.lt_0_1). Qed.
Lemma abs1_norm x : dist2 1 x zero <= 1 * 1 -> dot 1 (sgn1 x) (sgn1 x) <= 1 * 1.
Proof. exact (abs_each 0%nat x Nat.lt_0_1). Qed.
Lemma abs1_pos x : 0 <= abs1 x.
Proof. apply Rabs_pos. Qed.
Lemma abs1_zero : abs1 zero = 0.
Proof. apply Rabs_R0. Qed.
#[local] Hint Resolve abs1_line abs1_norm abs1_pos abs1_zero : met.

(** On |x|. *)
Example sharp_rate_met beta m K : 0 <= beta < 1 -> (2 <= K)%nat ->
  let A := 2 + (1 - beta * beta) * (INR K - 2) - lg ((1 + beta) / (1 - beta))
    - Rmin (2 * beta * lg 2) (psi beta) in
  0 < A -> (forall k, (k < K)%nat -> m <= abs1 (px (run1 1 abs1 sgn1 beta 0 one k)) - 0) ->
  m <= 1 * 1 / sqrt A.
Proof. intros. apply (sharp_rate 1 abs1 sgn1 beta 0 zero one 1 1); auto with met. Qed.

(** On |x| + 7, whose minimum is 7. *)
Example sharp_rate_zero_met beta m K : 0 <= beta < 1 ->
  (forall k, (k < S K)%nat -> m <= abs1 (px (runz 1 (fun x => abs1 x + 7) sgn1 beta 7 one k)) + 7 - 7) ->
  m <= 1 * 1 / sqrt (1 + sumn K (fun i => (1 - beta * beta) / (1 - beta ^ (2 * S i)))).
Proof.
  intros Hb Hm.
  apply (sharp_rate_zero 1 (fun x => abs1 x + 7) sgn1 beta 7 one zero); auto with met.
  - intros x y. pose proof (abs1_line x y). lra.
  - rewrite abs1_zero. lra.
  - intros x. pose proof (abs1_pos x). lra.
Qed.

(** ** Sharp functions, and wrong bounds *)
(** |x| is sharp with s = G = 1. *)
Example sharp_linear_met beta K : 0 <= beta < 1 ->
  Ex 1 1 abs_f abs_g one beta 0 None K (start one) (fun z => dist2 1 (px z) zero)
    <= (1 - (1 - beta) * (1 - beta) * (1 * 1) / (1 * 1)) ^ K * (1 * 1).
Proof.
  intros Hb. apply (sharp_linear 1 1); auto with met; [lra|].
  intros x _. unfold favg, abs_f, one, dist2, dot, lin, zero; simpl.
  replace (0 + (1 * x 0%nat + -1 * 0) * (1 * x 0%nat + -1 * 0)) with (Rsqr (x 0%nat)) by (unfold Rsqr; ring).
  rewrite sqrt_Rsqr_abs. lra.
Qed.

(** On |x|, with any error. *)
Example wrong_bound_below_met beta eps m K : 0 <= beta < 1 -> 0 <= eps -> (0 < K)%nat ->
  (forall k, (k < K)%nat ->
    m <= abs_f 0 (px (path 1 abs_f abs_g beta (0 - eps) None one first_sample k)) - 0) ->
  m <= (1 * 1 / sqrt (INR K) + (1 + beta) * eps) / (1 - beta).
Proof.
  intros. apply (wrong_bound_below 1 1 abs_f abs_g beta 0 eps zero one 1 1) with (w := first_sample);
    auto with met.
Qed.

(** On |x|, with any error. *)
Example wrong_bound_above_met beta eps m K : 0 <= beta < 1 -> 0 <= eps -> (0 < K)%nat ->
  (forall k, (k < K)%nat ->
    m <= abs_f 0 (px (path 1 abs_f abs_g beta (0 + eps) None one first_sample k)) - 0) ->
  m <= eps + 1 * 1 / ((1 - beta) * sqrt (INR K)).
Proof.
  intros. apply (wrong_bound_above 1 1 abs_f abs_g beta 0 eps zero one 1 1) with (w := first_sample);
    auto with met.
Qed.

(** ** No interpolation *)
Definition two_f (s : nat) (x : vec) : R := Rabs (x 0%nat - INR s).
Definition two_g (s : nat) (x : vec) : vec := fun _ => sign (x 0%nat - INR s).
Definition half (_ : nat) : R := / 2.

Lemma half_nonnegative : nonnegative 2 half.
Proof. intros s _. unfold half. lra. Qed.
Lemma half_sum : sumn 2 half = 1.
Proof. unfold half; simpl; lra. Qed.
Lemma two_convex : convex 1 2 two_f two_g.
Proof.
  intros s x y _. unfold two_f, two_g, dot, lin; simpl.
  pose proof (abs_above (x 0%nat - INR s) (y 0%nat - INR s)). lra.
Qed.
Lemma two_below : bounded_below 2 two_f (-5).
Proof. intros s x _. unfold two_f. pose proof (Rabs_pos (x 0%nat - INR s)). lra. Qed.
Lemma two_gradients x : sumn 2 (fun s => half s * dot 1 (two_g s x) (two_g s x)) <= 1 * 1.
Proof. unfold two_g, half, dot; simpl. rewrite !Rplus_0_l, !sign_square. lra. Qed.
#[local] Hint Resolve half_nonnegative half_sum two_convex two_below two_gradients : met.

(** |x| and |x - 1|, with the bound -5 and any x⋆: here 1/2. *)
Example any_bound_met beta alpha K : 0 <= beta < 1 -> 0 < alpha -> (0 < K)%nat ->
  sumn K (fun k => Ex 1 2 two_f two_g half beta (-5) (Some alpha) k (start (fun _ => 3))
    (gap 2 two_f half half)) / INR K
  <= dist2 1 (fun _ => 3) half / (2 * alpha * INR K) + alpha * (1 * 1) * (/ 2 + beta / (1 - beta))
   + beta / (1 - beta) * (Ex 1 2 two_f two_g half beta (-5) (Some alpha) (K - 1) (start (fun _ => 3))
      (fun z => sumn 2 (fun s =>
        half s * (model 1 (step 1 two_f two_g beta (-5) (Some alpha) z s) (px z) - -5)))
      - (favg 2 two_f half (fun _ => 3) - -5)) / INR K.
Proof. intros. apply (any_bound 1 2 two_f two_g half beta (-5) alpha half); auto with met. Qed.

(** The same with β = 0. *)
Example sps_any_bound_met alpha K : 0 < alpha -> (0 < K)%nat ->
  sumn K (fun k => Ex 1 2 two_f two_g half 0 (-5) (Some alpha) k (start (fun _ => 3))
    (gap 2 two_f half half)) / INR K
  <= dist2 1 (fun _ => 3) half / (2 * alpha * INR K) + alpha * (1 * 1) / 2.
Proof. intros. apply (sps_any_bound 1 2); auto with met. Qed.

(** ** Smooth functions: x²/2 *)
Definition square_f (_ : nat) (x : vec) : R := / 2 * (x 0%nat * x 0%nat).
Definition square_g (_ : nat) (x : vec) : vec := x.

Lemma square_convex : convex 1 1 square_f square_g.
Proof.
  intros s x y _. unfold square_f, square_g, dot, lin; simpl. pose proof (sq_pos (y 0%nat - x 0%nat)). lra.
Qed.
Lemma square_interpolation : interpolation 1 square_f zero 0.
Proof. intros s _. unfold square_f, zero. lra. Qed.
Lemma square_below : bounded_below 1 square_f 0.
Proof. intros s x _. unfold square_f. pose proof (sq_pos (x 0%nat)). lra. Qed.
Lemma square_smooth : smooth 1 1 square_f square_g 1.
Proof. intros s x y _. unfold square_f, square_g, dist2, dot, lin; simpl. lra. Qed.
Lemma square_growth x : 1 / 2 * dist2 1 x zero <= favg 1 square_f one x - 0.
Proof. unfold favg, square_f, one, zero, dist2, dot, lin; simpl. lra. Qed.
#[local] Hint Resolve square_convex square_interpolation square_below square_smooth square_growth : met.

(** On x²/2, with any cap. *)
Example smooth_any_cap_met beta cap K : 0 <= beta < 1 -> positive_cap cap ->
  worth cap 1 * (1 - beta) *
    sumn K (fun k => square_f 0 (px (path 1 square_f square_g beta 0 cap one first_sample k)) - 0) <= 1 * 1.
Proof. intros. apply (smooth_any_cap 1 1) with (xs := zero) (w := first_sample); auto with met. Qed.

(** On x²/2, with any cap. *)
Example linear_rate_met beta cap K : 0 <= beta < 1 -> positive_cap cap ->
  Ex 1 1 square_f square_g one beta 0 cap K (start one) (fun z => dist2 1 (px z) zero)
    <= (1 - worth cap 1 * (1 - beta) * (1 / 2)) ^ K * (1 * 1).
Proof. intros. apply (linear_rate 1 1); auto with met. Qed.

(** ** The norm recursion: on |x| the first step ends at the minimum, so x²/2 *)
Definition square1 (x : vec) : R := square_f 0 x.
Definition same (x : vec) : vec := x.

Lemma second_point beta : px (run1 1 square1 same beta 0 one 1) 0%nat = / 2.
Proof.
  simpl. unfold lin, tau, dot, same, square1, square_f, one; simpl.
  match goal with |- context [Req_EM_T ?a 0] => destruct (Req_EM_T a 0) as [E|E] end; [lra|].
  rewrite Rmax_right by lra. field.
Qed.

(** On x²/2 from 1, whose second value is 1/8. *)
Example norm_recursion_met beta : 0 <= beta < 1 ->
  let x := X 1 square1 same beta 0 one in
  let d := dir 1 square1 same beta 0 one in
  (1 - beta) * de 1 square1 same beta 0 one 1 / nn 1 square1 same beta 0 one 1 * dot 1 (same (x 2%nat)) (d
    1%nat)
    <= de 1 square1 same beta 0 one 1 - de 1 square1 same beta 0 one 2.
Proof.
  intros Hb x d.
  apply (norm_recursion 1 square1 same beta 0 zero one 1 1); auto with met.
  - intros u v. exact (square_convex 0%nat u v Nat.lt_0_1).
  - exact (square_interpolation 0%nat Nat.lt_0_1).
  - intros u. exact (square_below 0%nat u Nat.lt_0_1).
  - intros u Hu. unfold same. unfold dist2, lin, dot, zero in *; simpl in *. lra.
  - unfold de, X. unfold square1, square_f. rewrite second_point. lra.
Qed.
