(** Metrics that change at random: the hypotheses can be met. Two samples, |x_0| and |x_1|, each with the
    probability 1/2, from (1, 1); the metric 1 + 1/(1 + how often sample i was drawn) shrinks. *)
Require Import Reals Lra Lia List.
From Momo Require Import sums vectors method assumptions metric method_zero rate_zero metric_step.
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
