(** Hypotheses that cannot be dropped: for each, a problem on the line that meets all others, and where the
    conclusion fails. All start at x^1 = 1, with x⋆ = 0, so D = 1, and claim G = 1. *)
Require Import Reals Lra Lia.
From Momo Require Import on_the_line sums vectors method assumptions path expectation rate smooth.
From Momo Require Import sharp_functions sharp_rate instances.
Open Scope R_scope.

Definition ten_f (_ : nat) (x : vec) : R := 10 * Rabs (x 0%nat).
Definition ten_g (_ : nat) (x : vec) : vec := fun _ => 10 * sign (x 0%nat).
Definition raised_f (_ : nat) (x : vec) : R := Rabs (x 0%nat) + 5.

Lemma ten_below : bounded_below 1 ten_f 0.
Proof. intros s x _. unfold ten_f. pose proof (Rabs_pos (x 0%nat)). lra. Qed.
Lemma ten_interpolation : interpolation 1 ten_f zero 0.
Proof. intros s _. unfold ten_f, zero. rewrite Rabs_R0. lra. Qed.
Lemma ten_convex : convex 1 1 ten_f ten_g.
Proof.
  intros s x y _. unfold ten_f, ten_g, dot, lin; simpl. pose proof (abs_above (x 0%nat) (y 0%nat)). lra.
Qed.
Lemma gap_of_one F fstar v : F 0%nat one = v ->
  forall k, (k < 1)%nat ->
  v - fstar <= Ex 1 1 F abs_g one 0 fstar None k (start one) (delta 1 F one fstar).
Proof. intros E k Hk. destruct k; [|lia]. simpl. unfold delta, favg, one in *; simpl. lra. Qed.
Lemma bound_of_one : 1 * 1 / ((1 - 0) * sqrt (INR 1)) = 1.
Proof. simpl INR. rewrite sqrt_1. field. Qed.

(** Without convexity: f = 10|x| with the gradients of |x| is 10 away from f⋆, the bound is 1. *)
Example rate_needs_convex : exists m,
  nonnegative 1 one /\ sumn 1 one = 1 /\ interpolation 1 ten_f zero 0 /\ bounded_below 1 ten_f 0 /\
  dist2 1 one zero = 1 * 1 /\ bounded_gradients 1 1 abs_g one zero 1 1 /\
  (forall k, (k < 1)%nat -> m <= Ex 1 1 ten_f abs_g one 0 0 None k (start one) (delta 1 ten_f one 0)) /\
  1 * 1 / ((1 - 0) * sqrt (INR 1)) < m.
Proof.
  exists (10 - 0). rewrite bound_of_one.
  repeat split; auto using one_nonnegative, one_sum, ten_interpolation, ten_below, abs_start, abs_gradients;
    [|lra].
  apply gap_of_one. unfold ten_f, one. rewrite Rabs_R1. lra.
Qed.

(** Without interpolation: |x| + 5 is above f⋆ = 0 everywhere, and the gap at the start is 6. *)
Example rate_needs_interpolation : exists m,
  nonnegative 1 one /\ sumn 1 one = 1 /\ convex 1 1 raised_f abs_g /\ bounded_below 1 raised_f 0 /\
  dist2 1 one zero = 1 * 1 /\ bounded_gradients 1 1 abs_g one zero 1 1 /\
  (forall k, (k < 1)%nat -> m <= Ex 1 1 raised_f abs_g one 0 0 None k (start one) (delta 1 raised_f one 0)) /\
  1 * 1 / ((1 - 0) * sqrt (INR 1)) < m.
Proof.
  exists (6 - 0). rewrite bound_of_one.
  repeat split; auto using one_nonnegative, one_sum, abs_start, abs_gradients; [| | |lra].
  - intros s x y Hs. pose proof (abs_convex s x y Hs). unfold raised_f, abs_f in *. lra.
  - intros s x _. unfold raised_f. pose proof (Rabs_pos (x 0%nat)). lra.
  - apply gap_of_one. unfold raised_f, one. rewrite Rabs_R1. lra.
Qed.

(** Without the bound on gradients: 10|x|, whose gradients are 10. *)
Example rate_needs_bounded_gradients : exists m,
  nonnegative 1 one /\ sumn 1 one = 1 /\ convex 1 1 ten_f ten_g /\
  interpolation 1 ten_f zero 0 /\ bounded_below 1 ten_f 0 /\ dist2 1 one zero = 1 * 1 /\
  (forall k, (k < 1)%nat -> m <= Ex 1 1 ten_f ten_g one 0 0 None k (start one) (delta 1 ten_f one 0)) /\
  1 * 1 / ((1 - 0) * sqrt (INR 1)) < m.
Proof.
  exists 10. rewrite bound_of_one.
  repeat split; auto using one_nonnegative, one_sum, ten_convex, ten_interpolation, ten_below, abs_start;
    [|lra].
  intros k Hk. destruct k; [|lia]. simpl. unfold delta, favg, ten_f, one; simpl. rewrite Rabs_R1. lra.
Qed.

(** Without smoothness: for |x| and L = 1/4 the first step alone exceeds the sum. *)
Example smooth_any_cap_needs_smooth :
  convex 1 1 abs_f abs_g /\ interpolation 1 abs_f zero 0 /\ bounded_below 1 abs_f 0 /\
  dist2 1 one zero = 1 * 1 /\
  1 * 1 < worth None (/ 4) * (1 - 0) *
    sumn 1 (fun k => abs_f 0 (px (path 1 abs_f abs_g 0 0 None one first_sample k)) - 0).
Proof.
  repeat split; auto using abs_convex, abs_interpolation, abs_below, abs_start.
  simpl. unfold abs_f, one. rewrite Rabs_R1, Rinv_inv; lra.
Qed.

(** Without growth of the mean function: for f = 0 the distance stays what it was. *)
Example linear_rate_needs_growth :
  let f := fun (_ : nat) (_ : vec) => 0 in let g := fun (_ : nat) (_ : vec) => zero in
  nonnegative 1 one /\ sumn 1 one = 1 /\ convex 1 1 f g /\ interpolation 1 f zero 0 /\
  bounded_below 1 f 0 /\ smooth 1 1 f g 1 /\
  dist2 1 one zero = 1 * 1 /\
  (1 - worth None 1 * (1 - 0) * (1 / 2)) ^ 1 * (1 * 1)
    < Ex 1 1 f g one 0 0 None 1 (start one) (fun z => dist2 1 (px z) zero).
Proof.
  intros f g. split; [exact one_nonnegative|]. split; [exact one_sum|].
  split; [|split; [|split; [|split; [|split; [exact abs_start|]]]]].
  - intros s x y _. unfold f, g, zero, dot; simpl. lra.
  - intros s _. reflexivity.
  - intros s x _. unfold f. lra.
  - intros s x y _. unfold f, g, zero. pose proof (dot_pos 1 (lin 1 y (-1) x)) as H.
    unfold dist2, dot in *; simpl in *. lra.
  - unfold f, g, zero, one, dist2; simpl. unfold tau, lin, dot; simpl.
    match goal with |- context [Req_EM_T ?a 0] => destruct (Req_EM_T a 0) as [E|E] end; [|exfalso; lra].
    rewrite Rinv_1. lra.
Qed.

(** With a cap the landing identity fails: |x| with α = 1/4, β = 1/2: h_2 - f⋆ = 3/4, not 3/8. *)
Example landing_identity_needs_no_cap :
  0 <= / 2 < 1 /\ positive_cap (Some (/ 4)) /\ convex 1 1 abs_f abs_g /\ interpolation 1 abs_f zero 0 /\
  bounded_below 1 abs_f 0 /\ (forall k, (first_sample k < 1)%nat) /\
  height 1 abs_f abs_g (/ 2) 0 (Some (/ 4)) one first_sample 1 - 0
    <> (1 - / 2) * (abs_f 0 (point 1 abs_f abs_g (/ 2) 0 (Some (/ 4)) one first_sample 1) - 0).
Proof.
  split; [lra|]. split; [simpl; lra|].
  repeat (split; [auto using abs_convex, abs_interpolation, abs_below, first_allowed|]).
  assert (E : point 1 abs_f abs_g (/ 2) 0 (Some (/ 4)) one first_sample 1 0%nat = 3 / 4).
  { unfold point; simpl. unfold lin, tau, abs_f, abs_g, dot, one, sign; simpl. rewrite Rabs_R1.
    destruct (Rle_dec 0 1) as [H|H]; [|lra].
    match goal with |- context [Req_EM_T ?a 0] => destruct (Req_EM_T a 0) as [E|E] end; [lra|].
    rewrite Rmax_right by lra. rewrite Rmin_left; lra. }
  unfold height. change (path 1 abs_f abs_g (/ 2) 0 (Some (/ 4)) one first_sample 2)
    with (step 1 abs_f abs_g (/ 2) 0 (Some (/ 4)) (path 1 abs_f abs_g (/ 2) 0 (Some (/ 4)) one first_sample
      1) 0%nat).
  rewrite model_step. fold (point 1 abs_f abs_g (/ 2) 0 (Some (/ 4)) one first_sample 1).
  set (y := point 1 abs_f abs_g (/ 2) 0 (Some (/ 4)) one first_sample 1) in *.
  assert (Ef : abs_f 0 y = 3 / 4) by (unfold abs_f; rewrite E; apply Rabs_right; lra).
  change (keepof (/ 2) (path 1 abs_f abs_g (/ 2) 0 (Some (/ 4)) one first_sample 1)) with (/ 2).
  change (abs_f (first_sample 1) y) with (abs_f 0 y). change (abs_f 0%nat y) with (abs_f 0 y).
  assert (Em : model 1 (path 1 abs_f abs_g (/ 2) 0 (Some (/ 4)) one first_sample 1) y = 3 / 4).
  { unfold model; simpl. unfold dot, lin; simpl. rewrite E. unfold abs_f, abs_g, one, sign; simpl.
    rewrite Rabs_R1. destruct (Rle_dec 0 1); lra. }
  rewrite Em, Ef. unfold dot, lin; simpl. lra.
Qed.

(** Without sharpness: x²/2 is not sharp, and with s = 1 the bound is 0 after one step (β = 0),
  the distance 1/4. *)
Example sharp_linear_needs_sharp :
  nonnegative 1 one /\ sumn 1 one = 1 /\ convex 1 1 square_f square_g /\
  interpolation 1 square_f zero 0 /\ bounded_below 1 square_f 0 /\
  dist2 1 one zero = 1 * 1 /\ bounded_each 1 1 square_g zero 1 1 /\
  (1 - (1 - 0) * (1 - 0) * (1 * 1) / (1 * 1)) ^ 1 * (1 * 1)
    < Ex 1 1 square_f square_g one 0 0 None 1 (start one) (fun z => dist2 1 (px z) zero).
Proof.
  repeat split; auto using one_nonnegative, one_sum, square_convex, square_interpolation, square_below,
    abs_start.
  - intros s x _ H. unfold square_g. unfold dist2, dot, lin, zero in *; simpl in *. lra.
  - assert (E : forall y : vec, y 0%nat = / 2 -> dist2 1 y zero = / 4).
    { intros y Hy. unfold dist2, dot, lin, zero; simpl. rewrite Hy. lra. }
    pose proof (E _ (second_point 0)) as H.
    change (Ex 1 1 square_f square_g one 0 0 None 1 (start one) (fun z => dist2 1 (px z) zero))
      with (0 + 1 * dist2 1 (px (run1 1 square1 same 0 0 one 1)) zero).
    rewrite H. simpl. lra.
Qed.
