(** The scalar facts that keep the pieces of the trap below its value (see trap_points.v). r = √β. *)
Require Import Reals Lra Lia.
From Momo Require Import sums.
Open Scope R_scope.

Lemma sumn_grows f m n : (forall i, 0 <= f i) -> (m <= n)%nat -> sumn m f <= sumn n f.
Proof. intros Hf. induction 1; simpl; [lra|]. pose proof (Hf m0). lra. Qed.

(** The scalar lemma that keeps the pieces apart, r = √β. *)
Lemma kept r c t p B e B' e' : 0 <= r <= 1 -> 0 <= c -> 0 <= t -> t * c <= 1 - r -> p <= (1 - r) * c ->
  0 <= B -> - c * B <= e -> B' = B + t * e -> r * r * e - p * B' <= e' -> 0 <= B' /\ - c * B' <= e'.
Proof.
  intros Hr Hc Ht Htc Hp HB He EB He'.
  assert (H1 : t * (- c * B) <= t * e) by (apply Rmult_le_compat_l; auto).
  assert (H2 : t * c * B <= (1 - r) * B) by (apply Rmult_le_compat_r; auto).
  assert (H3 : r * B <= B') by lra.
  assert (H4 : 0 <= r * B) by (apply Rmult_le_pos; lra).
  assert (H5 : r * r * (- c * B) <= r * r * e) by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
  assert (H6 : r * c * (r * B) <= r * c * B') by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|auto]).
  assert (H7 : p * B' <= (1 - r) * c * B') by (apply Rmult_le_compat_r; lra).
  split; lra.
Qed.

(** The same, strictly, where e' gains something in addition. *)
Lemma kept_strictly r c t p B e B' e' : 0 <= r <= 1 -> 0 <= c -> 0 < t -> t * c <= 1 - r ->
  p <= (1 - r) * c -> 0 < B -> - c * B < e -> B' = B + t * e -> r * r * e - p * B' < e' ->
  0 < B' /\ - c * B' < e'.
Proof.
  intros Hr Hc Ht Htc Hp HB He EB He'.
  assert (H1 : t * (- c * B) < t * e) by (apply Rmult_lt_compat_l; auto).
  assert (H2 : t * c * B <= (1 - r) * B) by (apply Rmult_le_compat_r; lra).
  assert (H3 : r * B < B') by lra.
  assert (H4 : 0 <= r * B) by (apply Rmult_le_pos; lra).
  assert (H5 : r * r * (- c * B) <= r * r * e) by (apply Rmult_le_compat_l; [apply sq_pos|lra]).
  assert (H6 : r * c * (r * B) <= r * c * B') by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|lra]).
  assert (H7 : p * B' <= (1 - r) * c * B') by (apply Rmult_le_compat_r; lra).
  split; lra.
Qed.
