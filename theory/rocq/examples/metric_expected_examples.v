(** Metrics that change at random: the hypotheses can be met. Two samples, |x_0| and |x_1|, each with the
    probability 1/2, from (1, 1); the metric 1 + 1/(1 + how often sample i was drawn) shrinks. *)
Require Import Reals Lra Lia List.
From Momo Require Import on_the_line sums vectors method assumptions metric method_zero rate_zero metric_step.
From Momo Require Import metric_expected metric_examples.
Import ListNotations.
Open Scope R_scope.

Definition half (_ : nat) : R := / 2.
Definition drawn (l : list nat) : vec := fun i => 1 + / (1 + INR (count_occ Nat.eq_dec l i)).

Lemma drawn_above l i : 1 < drawn l i.
Proof. unfold drawn. pose proof (pos_INR (count_occ Nat.eq_dec l i)).
  assert (0 < / (1 + INR (count_occ Nat.eq_dec l i))) by (apply Rinv_0_lt_compat; lra). lra. Qed.
Lemma drawn_positive l : positive (drawn l).
Proof. intros i. pose proof (drawn_above l i). lra. Qed.
Lemma drawn_below_ones l : below 2 ones (drawn l).
Proof. intros i _. pose proof (drawn_above l i). unfold ones. lra. Qed.
Lemma drawn_shrinks s l : below 2 (drawn (s :: l)) (drawn l).
Proof.
  intros i _. unfold drawn. pose proof (pos_INR (count_occ Nat.eq_dec l i)) as H. apply Rplus_le_compat_l.
  apply Rinv_le_contravar; [lra|]. apply Rplus_le_compat_l. apply le_INR. simpl.
  destruct (Nat.eq_dec s i); lia.
Qed.
Lemma drawn_start s : mdist2 2 (drawn [s]) corner origin <= 2 * 2.
Proof.
  assert (H : forall i, drawn [s] i <= 2).
  { intros i. unfold drawn. pose proof (pos_INR (count_occ Nat.eq_dec [s] i)) as H.
    assert (/ (1 + INR (count_occ Nat.eq_dec [s] i)) <= / 1) by (apply Rinv_le_contravar; lra).
    rewrite Rinv_1 in *. lra. }
  unfold mdist2, norm2, lin, corner, origin; simpl. pose proof (H O). pose proof (H 1%nat). lra.
Qed.
Lemma ax_gradients_in D : bounded_gradients_in 2 2 ax_g half ones origin D 1.
Proof.
  intros x _. cbn [sumn]. rewrite !ax_dual by (auto; lia). unfold half, ones. lra.
Qed.
Lemma half_nonnegative : nonnegative 2 half.
Proof. intros s _. unfold half. lra. Qed.
Lemma half_sum : sumn 2 half = 1.
Proof. unfold half; simpl; lra. Qed.

#[local] Hint Resolve drawn_positive drawn_below_ones drawn_shrinks drawn_start ax_gradients_in
  half_nonnegative half_sum ax_convex ax_interpolation ax_below ones_positive Rlt_0_1 : met.

Notation mean_gap beta k := (EX 2 half k (gap 2 2 ax_f ax_g half beta 0 corner drawn)).

(** D = 2 and G = 1. *)
Example metric_rate_expected_shrinking_met beta m K : 0 <= beta < 1 -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= mean_gap beta k) -> m <= 1 * 2 / ((1 - beta) * sqrt (INR K)).
Proof.
  intros.
  apply (metric_rate_expected_shrinking 2 2 ax_f ax_g half beta 0 origin corner drawn) with (Q := ones);
    auto with met; lra.
Qed.

(** The same, where R² ≤ D² because the metrics shrink. *)
Example metric_rate_expected_met beta m K : 0 <= beta < 1 -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= mean_gap beta k) -> m <= 1 * 2 / ((1 - beta) * sqrt (INR K)).
Proof.
  intros. apply (metric_rate_expected 2 2 ax_f ax_g half beta 0 origin corner drawn) with (Q := ones);
    auto with met; [|lra].
  intros l Hl _ _. apply (radius2_shrinking 2 2); auto with met.
Qed.

(** ** What the rate needs: on the line, one sample, all P = Q = 1, β = 0, D = G = 1, one evaluation *)
Definition steep (c : R) (_ : nat) (x : vec) : R := c * Rabs (x O).
Definition steep' (c : R) (_ : nat) (x : vec) : vec := fun _ => c * sign (x O).
Definition always (_ : nat) : R := 1.
Definition still (_ : list nat) : vec := ones.

Lemma steep_convex c : 0 <= c -> convex 1 1 (steep c) (steep' c).
Proof.
  intros Hc s x y _. pose proof (abs_above (x O) (y O)) as H. apply (Rmult_le_compat_l c) in H; auto.
  unfold steep, steep', dot, lin; simpl. lra.
Qed.
Lemma steep_interpolation c : interpolation 1 (steep c) origin 0.
Proof. intros s _. unfold steep, origin. rewrite Rabs_R0. ring. Qed.
Lemma steep_below c : 0 <= c -> bounded_below 1 (steep c) 0.
Proof. intros Hc s x _. unfold steep. apply Rmult_le_pos; [auto|apply Rabs_pos]. Qed.
Lemma still_radius f g l : l <> [] -> (length l <= 1)%nat ->
  radius2_of 1 f g 0 0 origin corner still l <= 1 * 1.
Proof.
  intros Hl H1. destruct l as [|s [|t l]]; [contradiction| |simpl in H1; lia].
  simpl. unfold mdist2, norm2, still, ones, lin, corner, origin; simpl. lra.
Qed.
Lemma first_gap c g k : (k < 1)%nat ->
  c <= EX 1 always k (gap 1 1 (steep c) g always 0 0 corner still).
Proof.
  intros Hk. destruct k; [|lia]. simpl. unfold gap, favg, always, steep; simpl. unfold corner.
  rewrite Rabs_R1. lra.
Qed.

(** Without the bound on gradients: 10|x| from 1, whose gradients are 10. *)
Example metric_rate_expected_needs_bounded_gradients : let f := steep 10 in let g := steep' 10 in exists m,
  nonnegative 1 always /\ sumn 1 always = 1 /\ convex 1 1 f g /\ interpolation 1 f origin 0 /\
  bounded_below 1 f 0 /\ (forall l, positive (still l)) /\ (forall l, below 1 ones (still l)) /\
  (forall l, l <> [] -> (length l <= 1)%nat -> radius2_of 1 f g 0 0 origin corner still l <= 1 * 1) /\
  (forall k, (k < 1)%nat -> m <= EX 1 always k (gap 1 1 f g always 0 0 corner still)) /\
  1 * 1 / ((1 - 0) * sqrt (INR 1)) < m.
Proof.
  intros f g. exists 10. split; [intros s _; unfold always; lra|]. split; [unfold always; simpl; lra|].
  split; [apply steep_convex; lra|]. split; [apply steep_interpolation|].
  split; [apply steep_below; lra|]. split; [intros l; apply ones_positive|].
  split; [intros l i _; apply Rle_refl|]. split; [apply still_radius|]. split; [apply first_gap|].
  simpl INR. rewrite sqrt_1. lra.
Qed.

(** Without convexity: 10|x| with the gradients of |x|. *)
Example metric_rate_expected_needs_convex : let f := steep 10 in let g := steep' 1 in exists m,
  nonnegative 1 always /\ sumn 1 always = 1 /\ interpolation 1 f origin 0 /\
  bounded_below 1 f 0 /\ (forall l, positive (still l)) /\ (forall l, below 1 ones (still l)) /\
  (forall l, l <> [] -> (length l <= 1)%nat -> radius2_of 1 f g 0 0 origin corner still l <= 1 * 1) /\
  bounded_gradients_in 1 1 g always ones origin 1 1 /\
  (forall k, (k < 1)%nat -> m <= EX 1 always k (gap 1 1 f g always 0 0 corner still)) /\
  1 * 1 / ((1 - 0) * sqrt (INR 1)) < m.
Proof.
  intros f g. exists 10. split; [intros s _; unfold always; lra|]. split; [unfold always; simpl; lra|].
  split; [apply steep_interpolation|].
  split; [apply steep_below; lra|]. split; [intros l; apply ones_positive|].
  split; [intros l i _; apply Rle_refl|]. split; [apply still_radius|]. split.
  { intros x _. unfold g, steep', always, dual2, ones; simpl. pose proof (sign_square (x O)) as H.
    replace (1 * sign (x O) * (1 * sign (x O))) with (sign (x O) * sign (x O)) by ring. rewrite H. lra. }
  split; [apply first_gap|]. simpl INR. rewrite sqrt_1. lra.
Qed.
