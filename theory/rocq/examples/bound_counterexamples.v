(** Hypotheses of the summed inequality, of the sharp rate, and of the bounds for wrong f_⋆, for small caps
    and without interpolation, that cannot be dropped:
      for each a problem on the line that meets all others, and
    where one or two evaluations break the conclusion. β = 0, where a step is x⁺ = x - τ g. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions path expectation rate no_interpolation wrong_bound.
From Momo Require Import logarithm sharp_rate_scalars sharp_rate varying_caps on_the_line instances.
From Momo Require Import counterexamples.
Open Scope R_scope.

Lemma average_on_line f g fstar cap st s :
  let z := step 1 f g 0 fstar cap st s in
  model 1 z (px st) = f s (px st) /\ pd z O = g s (px st) O.
Proof.
  intros z. assert (E : keepof 0 st = 0) by (unfold keepof; destruct (first st); reflexivity). split.
  - unfold z. rewrite model_step, E, dot_lin_r. ring.
  - unfold z, step; cbn [pd]. fold (keepof 0 st). rewrite E. unfold lin. ring.
Qed.

(** ** The summed inequality *)
Definition slope_f (_ : nat) (x : vec) : R := x O.
Definition slope_g (_ : nat) (_ : vec) : vec := one.

(** f⋆ = f(x⋆) has to be the least value: f(x) = x with x⋆ = 0, from -1. h_k - f⋆ = -1 at every step, so that
    nothing moves, and two terms of the sum are more than D² = 1. *)
Example summed_steps_needs_bounded_below : let x1 := fun _ : nat => -1 in
  0 <= 0 < 1 /\ convex 1 1 slope_f slope_g /\ interpolation 1 slope_f zero 0 /\
  (forall k, (first_sample k < 1)%nat) /\
  let h k := height 1 slope_f slope_g 0 0 None x1 first_sample k in
  dist2 1 x1 zero < sumn 2 (fun k => (h k - 0) * (h k - 0)
    / path.norm2 1 slope_f slope_g 0 0 None x1 first_sample k).
Proof.
  intros x1. split; [lra|]. split.
  { intros s x y _. unfold slope_f, slope_g, dot, lin, one; simpl. lra. }
  split; [intros s _; reflexivity|]. split; [exact first_allowed|]. intros h.
  assert (H : forall k, point 1 slope_f slope_g 0 0 None x1 first_sample k O = -1).
  { induction k as [|k IH]; [reflexivity|].
    unfold point in *. rewrite path_next, step_on_line. set (st := path _ _ _ _ _ _ _ _ k) in *.
    clearbody st. unfold slope_f. rewrite IH. unfold slope_g, one, tau.
    destruct (Req_EM_T (1 * 1) 0); [lra|]. rewrite Rmax_left by lra. field. }
  assert (Hh : forall k, h k = -1).
  { intros k. unfold h, height. rewrite path_next. rewrite <- (H k). apply average_on_line. }
  assert (HN : forall k, path.norm2 1 slope_f slope_g 0 0 None x1 first_sample k = 1).
  { intros k. unfold path.norm2, average. rewrite path_next. set (st := path _ _ _ _ _ _ _ _ k).
    destruct (average_on_line slope_f slope_g 0 None st (first_sample k)) as [_ E].
    unfold dot, sumn. rewrite E. unfold slope_g, one. ring. }
  cbn [sumn]. rewrite !Hh, !HN. unfold dist2, dot, lin, x1, zero; simpl. lra.
Qed.

(** ** Without interpolation *)
Lemma no_memory_term X n : 0 / (1 - 0) * X / n = 0.
Proof. unfold Rdiv. rewrite !Rmult_0_l. reflexivity. Qed.
Notation right_side := (fun f g fl alpha K => dist2 1 one zero / (2 * alpha * INR K)
  + alpha * (1 * 1) * (/ 2 + 0 / (1 - 0)) + 0 / (1 - 0)
  * (Ex 1 1 f g one 0 fl (Some alpha) (K - 1) (start one)
      (fun z => sumn 1 (fun s => one s * (model 1 (step 1 f g 0 fl (Some alpha) z s) (px z) - fl)))
    - (favg 1 f one one - fl)) / INR K).
Notation mean_gap := (fun f g fl alpha K =>
  sumn K (fun k => Ex 1 1 f g one 0 fl (Some alpha) k (start one) (gap 1 f one zero)) / INR K).

(** f_⋆ has to be a lower bound: with f_⋆ = 5 on |x| nothing moves. The mean gap is 1, the bound with α = 1/2
    and two evaluations 3/4. *)
Example any_bound_needs_lower_bound :
  nonnegative 1 one /\ sumn 1 one = 1 /\ convex 1 1 abs_f abs_g /\
  (forall x, sumn 1 (fun s => one s * dot 1 (abs_g s x) (abs_g s x)) <= 1 * 1) /\
  right_side abs_f abs_g 5 (1 / 2) 2%nat < mean_gap abs_f abs_g 5 (1 / 2) 2%nat.
Proof.
  split; [exact one_nonnegative|]. split; [exact one_sum|]. split; [exact abs_convex|]. split.
  { intros x. unfold abs_g, one, dot; simpl. rewrite sign_square. lra. }
  cbv beta. rewrite no_memory_term, abs_start.
  assert (E : px (step 1 abs_f abs_g 0 5 (Some (1 / 2)) (start one) 0) O = 1).
  { rewrite step_on_line. unfold abs_f, abs_g, tau. rewrite sign_square. simpl px. unfold one.
  rewrite Rabs_R1.
    destruct (Req_EM_T 1 0); [lra|]. rewrite Rmax_left by lra. rewrite Rmin_right by lra. field. }
  assert (H : forall st, px st O = 1 -> gap 1 abs_f one zero st = 1).
  { intros st Hx. unfold gap, favg, abs_f, zero, one; simpl. rewrite Hx, Rabs_R0, Rabs_R1. lra. }
  cbn [sumn Ex]. rewrite (H (start one) eq_refl), (H _ E). unfold one. simpl. lra.
Qed.

(** Without the bound on gradients: 10|x|, whose gradients are 10; α = 1, one evaluation. *)
Example any_bound_needs_bounded_gradients :
  nonnegative 1 one /\ sumn 1 one = 1 /\ convex 1 1 ten_f ten_g /\ bounded_below 1 ten_f 0 /\
  right_side ten_f ten_g 0 1 1%nat < mean_gap ten_f ten_g 0 1 1%nat.
Proof.
  split; [exact one_nonnegative|]. split; [exact one_sum|]. split; [exact ten_convex|].
  split; [exact ten_below|]. cbv beta. rewrite no_memory_term, abs_start. cbn [sumn Ex].
  unfold gap, favg, ten_f, zero, one; simpl. rewrite Rabs_R0, Rabs_R1. lra.
Qed.

(** Without convexity: 10|x| with the gradients of |x|; α = 1, one evaluation. *)
Example any_bound_needs_convex :
  nonnegative 1 one /\ sumn 1 one = 1 /\ bounded_below 1 ten_f 0 /\
  (forall x, sumn 1 (fun s => one s * dot 1 (abs_g s x) (abs_g s x)) <= 1 * 1) /\
  right_side ten_f abs_g 0 1 1%nat < mean_gap ten_f abs_g 0 1 1%nat.
Proof.
  split; [exact one_nonnegative|]. split; [exact one_sum|]. split; [exact ten_below|]. split.
  { intros x. unfold abs_g, one, dot; simpl. rewrite sign_square. lra. }
  cbv beta. rewrite no_memory_term, abs_start. cbn [sumn Ex].
  unfold gap, favg, ten_f, zero, one; simpl. rewrite Rabs_R0, Rabs_R1. lra.
Qed.

(** ** A wrong bound: ε = 1/2, one evaluation *)
Lemma ten_at_one : ten_f 0 one = 10.
Proof. unfold ten_f, one. rewrite Rabs_R1. lra. Qed.

(** Without convexity: 10|x| with the gradients of |x|. *)
Example wrong_bound_below_needs_convex : exists m,
  interpolation 1 ten_f zero 0 /\ bounded_below 1 ten_f 0 /\ 0 <= 1 / 2 /\
  dist2 1 one zero = 1 * 1 /\ bounded_each 1 1 abs_g zero 1 1 /\ (forall k, (first_sample k < 1)%nat) /\
  (forall k, (k < 1)%nat ->
    m <= ten_f (first_sample k) (px (path 1 ten_f abs_g 0 (0 - 1 / 2) None one first_sample k)) - 0) /\
  (1 * 1 / sqrt (INR 1) + (1 + 0) * (1 / 2)) / (1 - 0) < m.
Proof.
  exists 10. split; [exact ten_interpolation|]. split; [exact ten_below|]. split; [lra|].
  split; [exact abs_start|]. split; [exact abs_each|]. split; [exact first_allowed|]. split.
  - intros k Hk. destruct k; [|lia]. simpl px. unfold first_sample. rewrite ten_at_one. lra.
  - simpl INR. rewrite sqrt_1. lra.
Qed.

(** Without a common minimiser: |x| + 5, which is above f⋆ = 0. *)
Example wrong_bound_below_needs_interpolation : exists m,
  convex 1 1 raised_f abs_g /\ bounded_below 1 raised_f 0 /\ 0 <= 1 / 2 /\
  dist2 1 one zero = 1 * 1 /\ bounded_each 1 1 abs_g zero 1 1 /\ (forall k, (first_sample k < 1)%nat) /\
  (forall k, (k < 1)%nat ->
    m <= raised_f (first_sample k) (px (path 1 raised_f abs_g 0 (0 - 1 / 2) None one first_sample k)) - 0) /\
  (1 * 1 / sqrt (INR 1) + (1 + 0) * (1 / 2)) / (1 - 0) < m.
Proof.
  exists 6. split.
  { intros s x y Hs. pose proof (abs_convex s x y Hs). unfold raised_f, abs_f in *. lra. }
  split; [intros s x _; unfold raised_f; pose proof (Rabs_pos (x 0%nat)); lra|]. split; [lra|].
  split; [exact abs_start|]. split; [exact abs_each|]. split; [exact first_allowed|]. split.
  - intros k Hk. destruct k; [|lia]. simpl px. unfold raised_f, one. rewrite Rabs_R1. lra.
  - simpl INR. rewrite sqrt_1. lra.
Qed.

(** Without the bound on gradients: 10|x|. *)
Example wrong_bound_above_needs_bounded_gradients : exists m,
  convex 1 1 ten_f ten_g /\ interpolation 1 ten_f zero 0 /\ bounded_below 1 ten_f 0 /\ 0 <= 1 / 2 /\
  dist2 1 one zero = 1 * 1 /\ (forall k, (first_sample k < 1)%nat) /\
  (forall k, (k < 1)%nat ->
    m <= ten_f (first_sample k) (px (path 1 ten_f ten_g 0 (0 + 1 / 2) None one first_sample k)) - 0) /\
  1 / 2 + 1 * 1 / ((1 - 0) * sqrt (INR 1)) < m.
Proof.
  exists 10. split; [exact ten_convex|]. split; [exact ten_interpolation|]. split; [exact ten_below|].
  split; [lra|]. split; [exact abs_start|]. split; [exact first_allowed|]. split.
  - intros k Hk. destruct k; [|lia]. simpl px. unfold first_sample. rewrite ten_at_one. lra.
  - simpl INR. rewrite sqrt_1. lra.
Qed.

(** ** The sharp rate: β = 0 and two evaluations, where the bound is GD/√2 *)
Notation sharp_A :=
  (2 + (1 - 0 * 0) * (INR 2 - 2) - lg ((1 + 0) / (1 - 0)) - Rmin (2 * 0 * lg 2) (psi 0)).
Notation sharp_bound := (1 * 1 / sqrt sharp_A).
Lemma sharp_denominator : sharp_A = 2.
Proof.
  replace ((1 + 0) / (1 - 0)) with 1 by field. rewrite lg_1.
  rewrite Rmin_left; [simpl; lra|]. pose proof (psi_pos 0). lra.
Qed.
Lemma sharp_A_positive : 0 < sharp_A.
Proof. rewrite sharp_denominator. lra. Qed.
Lemma sharp_bound_below : sharp_bound < 1.
Proof.
  rewrite sharp_denominator. assert (H : 1 < sqrt 2) by (rewrite <- sqrt_1 at 1; apply sqrt_lt_1_alt; lra).
  apply (Rmult_lt_reg_r (sqrt 2)); [lra|].
  replace (1 * 1 / sqrt 2 * sqrt 2) with 1 by (field; lra). lra.
Qed.
Definition ten1 (x : vec) : R := ten_f 0 x.
Definition raised1 (x : vec) : R := raised_f 0 x.
Definition steep (x : vec) : R := 5 * (x O * x O).
Definition steep' (x : vec) : vec := fun i => 10 * x i.
Definition second (f : vec -> R) (g : vec -> vec) : vec := px (run1 1 f g 0 0 one 1).
Lemma second_on_line f g v d : f one = v -> g one O = d -> 0 <= v -> d <> 0 ->
  second f g O = 1 - v / (d * d) * d.
Proof.
  intros Hv Hd H0 Hn. unfold second. cbn [run1]. rewrite step_on_line. simpl px. rewrite Hv, Hd.
  rewrite tau_uncapped; [reflexivity|exact H0|]. apply Rsqr_pos_lt in Hn. exact Hn.
Qed.
Lemma of_two f g m : m <= f one - 0 -> m <= f (second f g) - 0 ->
  forall k, (k < 2)%nat -> m <= f (px (run1 1 f g 0 0 one k)) - 0.
Proof. intros H0 H1 k Hk. destruct k as [|[|k]]; [exact H0|exact H1|lia]. Qed.
Lemma sgn_one : sgn1 one O = 1.
Proof. unfold sgn1, sign, one. destruct (Rle_dec 0 1); lra. Qed.

(** Without convexity: 10|x| with the gradients of |x| goes from 1 to -9. *)
Example sharp_rate_needs_convex : exists m,
  ten1 zero = 0 /\ (forall x, 0 <= ten1 x) /\ dist2 1 one zero = 1 * 1 /\
  (forall x, dist2 1 x zero <= 1 * 1 -> dot 1 (sgn1 x) (sgn1 x) <= 1 * 1) /\
  (forall k, (k < 2)%nat -> m <= ten1 (px (run1 1 ten1 sgn1 0 0 one k)) - 0) /\
  0 < sharp_A /\ sharp_bound < m.
Proof.
  exists 10. split; [exact (ten_interpolation 0%nat Nat.lt_0_1)|].
  split; [intros x; exact (ten_below 0%nat x Nat.lt_0_1)|]. split; [exact abs_start|].
  split; [exact abs1_norm|]. split; [|split; [exact sharp_A_positive|]; pose proof sharp_bound_below; lra].
  apply of_two; [unfold ten1; rewrite ten_at_one; lra|].
  unfold ten1 at 1, ten_f. rewrite (second_on_line ten1 sgn1 10 1 ten_at_one sgn_one) by lra.
  unfold Rabs. destruct (Rcase_abs _); lra.
Qed.

(** Without the bound on gradients: 5x², whose gradient is 10 at 1, goes to 1/2. *)
Example sharp_rate_needs_bounded_gradients : exists m,
  (forall x y, steep x + dot 1 (steep' x) (lin 1 y (-1) x) <= steep y) /\
  steep zero = 0 /\ (forall x, 0 <= steep x) /\ dist2 1 one zero = 1 * 1 /\
  (forall k, (k < 2)%nat -> m <= steep (px (run1 1 steep steep' 0 0 one k)) - 0) /\
  0 < sharp_A /\ sharp_bound < m.
Proof.
  exists (5 / 4). split.
  { intros x y. unfold steep, steep', dot, lin; simpl. pose proof (sq_pos (y O - x O)). lra. }
  split; [unfold steep, zero; lra|]. split; [intros x; unfold steep; pose proof (sq_pos (x O)); lra|].
  split; [exact abs_start|]. split; [|split; [exact sharp_A_positive|]; pose proof sharp_bound_below; lra].
  apply of_two; [unfold steep, one; lra|].
  unfold steep at 1. rewrite (second_on_line steep steep' 5 10) by (unfold steep, steep', one; lra). lra.
Qed.

(** f⋆ has to be attained at x⋆: |x| + 5 with f⋆ = 0 goes from 1 to -5. *)
Example sharp_rate_needs_interpolation : exists m,
  (forall x y, raised1 x + dot 1 (sgn1 x) (lin 1 y (-1) x) <= raised1 y) /\
  (forall x, 0 <= raised1 x) /\ dist2 1 one zero = 1 * 1 /\
  (forall x, dist2 1 x zero <= 1 * 1 -> dot 1 (sgn1 x) (sgn1 x) <= 1 * 1) /\
  (forall k, (k < 2)%nat -> m <= raised1 (px (run1 1 raised1 sgn1 0 0 one k)) - 0) /\
  0 < sharp_A /\ sharp_bound < m.
Proof.
  assert (E : raised1 one = 6) by (unfold raised1, raised_f, one; rewrite Rabs_R1; lra).
  exists 6. split.
  { intros x y. pose proof (abs1_line x y). unfold raised1, raised_f, abs1 in *. lra. }
  split; [intros x; unfold raised1, raised_f; pose proof (Rabs_pos (x O)); lra|].
  split; [exact abs_start|]. split; [exact abs1_norm|].
  split; [|split; [exact sharp_A_positive|]; pose proof sharp_bound_below; lra].
  apply of_two; [rewrite E; lra|].
  unfold raised1 at 1, raised_f. rewrite (second_on_line raised1 sgn1 6 1 E sgn_one) by lra.
  unfold Rabs. destruct (Rcase_abs _); lra.
Qed.

(** ** Caps *)
(** The bound for small caps needs a small cap: |x| with α = 10 and one evaluation; it would be 1/10. *)
Example rate_small_cap_needs_small_cap : exists m,
  nonnegative 1 one /\ sumn 1 one = 1 /\ convex 1 1 abs_f abs_g /\ interpolation 1 abs_f zero 0 /\
  bounded_below 1 abs_f 0 /\ dist2 1 one zero = 1 * 1 /\ bounded_gradients 1 1 abs_g one zero 1 1 /\
  (forall k, (k < 1)%nat ->
    m <= Ex 1 1 abs_f abs_g one 0 0 (Some 10) k (start one) (delta 1 abs_f one 0)) /\
  1 * 1 / ((1 - 0) * 10 * INR 1) < m.
Proof.
  exists 1.
  repeat (split; [solve [auto using one_nonnegative, one_sum, abs_convex, abs_interpolation, abs_below,
    abs_start, abs_gradients]|]). split; [|simpl; lra].
  intros k Hk. destruct k; [|lia]. simpl. unfold delta, favg, abs_f, one; simpl. rewrite Rabs_R1. lra.
Qed.

(** Caps α_k = 1: without the bound on gradients, 10|x|, one evaluation. *)
Example diminishing_caps_needs_bounded_gradients : exists m,
  nonnegative 1 one /\ sumn 1 one = 1 /\ convex 1 1 ten_f ten_g /\ interpolation 1 ten_f zero 0 /\
  bounded_below 1 ten_f 0 /\ dist2 1 one zero = 1 * 1 /\
  (forall k, (k < 1)%nat -> m <= Egap 1 1 ten_f ten_g one 0 0 (fun _ => Some 1) one k) /\
  (1 * 1 + 1 * 1 * sumn 1 (fun k => 1 * 1)) / (2 * (1 - 0) * sumn 1 (fun _ => 1)) < m.
Proof.
  exists 10.
  repeat (split; [solve [auto using one_nonnegative, one_sum, ten_convex, ten_interpolation, ten_below,
    abs_start]|]). split; [|simpl; lra].
  intros k Hk. destruct k; [|lia]. unfold Egap; simpl. unfold delta, favg; simpl. rewrite ten_at_one.
  unfold one. lra.
Qed.
