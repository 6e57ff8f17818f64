(** Metrics that change: the hypotheses can be met, one instance for each theorem. *)
Require Import Reals Lra Lia.
From Momo Require Import on_the_line sums vectors method assumptions metric method_zero rate_zero.
From Momo Require Import metric_step metric_summed metric_growing metric_rate norm_recursion_growing.
Open Scope R_scope.

(** ** Two samples in the plane: |x_0| and |x_1|, from (1, 1); x⋆ = 0 and f⋆ = 0 *)

Definition ax_f (s : nat) (x : vec) : R := Rabs (x s).
Definition ax_g (s : nat) (x : vec) : vec := fun i => if (i =? s)%nat then sign (x s) else 0.
Definition origin : vec := fun _ => 0.
Definition corner : vec := fun _ => 1.

Lemma ax_convex : convex 2 2 ax_f ax_g.
Proof.
  intros s x y Hs. pose proof (abs_above (x s) (y s)) as H. unfold ax_f, ax_g, dot, lin.
  destruct s as [|[|s]]; [| |lia]; simpl; lra.
Qed.
Lemma ax_interpolation : interpolation 2 ax_f origin 0.
Proof. intros s _. apply Rabs_R0. Qed.
Lemma ax_below : bounded_below 2 ax_f 0.
Proof. intros s x _. apply Rabs_pos. Qed.

(** 2^k grows by the factor 1 + 1, 2^{-k} shrinks, k + 1 grows (all squared gradients until now, for |x|). *)
Definition doubled (k : nat) : vec := fun _ => 2 ^ k.
Definition halved (k : nat) : vec := fun _ => (/ 2) ^ k.
Definition counted (k : nat) : vec := fun _ => INR (S k).
Lemma doubled_positive k : positive (doubled k).
Proof. intros i. apply pow_lt. lra. Qed.
Lemma halved_positive k : positive (halved k).
Proof. intros i. apply pow_lt. lra. Qed.
Lemma counted_positive k : positive (counted k).
Proof. intros i. apply lt_0_INR. lia. Qed.
Lemma doubled_below n k : below_times n (doubled (S k)) (1 + 1) (doubled k).
Proof. intros i Hi. unfold doubled. simpl. lra. Qed.
Lemma halved_below n k : below n (halved (S k)) (halved k).
Proof. intros i Hi. unfold halved. simpl. pose proof (pow_lt (/ 2) k ltac:(lra)). lra. Qed.
Lemma counted_below n k : below n (counted k) (counted (S k)).
Proof. intros i Hi. unfold counted. apply le_INR. lia. Qed.

#[local] Hint Resolve ax_convex ax_interpolation ax_below doubled_positive halved_positive counted_positive
  doubled_below halved_below counted_below Rlt_0_1 : met.

Notation ax_path beta P w := (metric_path 2 ax_f ax_g beta 0 corner P w).
Notation ax_decrease beta P w := (decrease 2 ax_f ax_g beta 0 corner P w).
Notation ax_radius2 beta P w := (radius2 2 ax_f ax_g beta 0 origin corner P w).

(** In any metrics, and any order of the two samples. *)
Example metric_summed_met beta P w K : 0 <= beta < 1 -> (forall k, positive (P k)) ->
  (forall k, (w k < 2)%nat) ->
  sumn K (ax_decrease beta P w) <= ax_radius2 beta P w K.
Proof. intros. apply (metric_summed 2 2); auto with met. Qed.

(** In the metrics 2^k, where η = 1. *)
Example metric_radius_met beta w K : 0 <= beta < 1 -> (forall k, (w k < 2)%nat) ->
  ax_radius2 beta doubled w K <= prodn (K - 1) (fun _ => 1 + 1) * mdist2 2 (doubled 0) corner origin.
Proof.
  intros. apply (metric_radius 2 2 ax_f ax_g beta 0 origin corner doubled w) with (eta := fun _ => 1);
    auto with met.
  intros k _. split; [lra|auto with met].
Qed.

(** … and for the sum itself. *)
Example metric_summed_product_met beta w K : 0 <= beta < 1 -> (forall k, (w k < 2)%nat) ->
  sumn K (ax_decrease beta doubled w) <= prodn (K - 1) (fun _ => 1 + 1) * mdist2 2 (doubled 0) corner origin.
Proof.
  intros. apply (metric_summed_product 2 2 ax_f ax_g beta 0 origin corner doubled w) with (eta := fun _ => 1);
    auto with met.
  intros k _. split; [lra|auto with met].
Qed.

(** In the metrics 2^{-k}, which shrink. *)
Example metric_summed_shrinking_met beta w K : 0 <= beta < 1 -> (forall k, (w k < 2)%nat) ->
  sumn K (ax_decrease beta halved w) <= mdist2 2 (halved 0) corner origin.
Proof. intros. apply (metric_summed_shrinking 2 2); auto with met. Qed.

Lemma ax_dual P s x : (forall i j, P i = P j) -> (s < 2)%nat -> dual2 2 P (ax_g s x) = / P O.
Proof.
  intros H Hs. unfold dual2, ax_g. pose proof (sign_square (x s)) as E.
  destruct s as [|[|s]]; [| |lia]; simpl; rewrite E, <- ?(H O 1%nat); unfold Rdiv; ring.
Qed.

(** The rate in the metrics k + 1: all gradients are at most 1 in all of them. *)
Example metric_rate_met beta m w K : 0 <= beta < 1 -> (forall k, (w k < 2)%nat) -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= ax_f (w k) (px (ax_path beta counted w k)) - 0) ->
  m <= 1 * sqrt (ax_radius2 beta counted w K)
    / sqrt (weights_zero beta K).
Proof.
  intros Hb Hw HK Hm. pose proof (metric_summed_met beta counted w K Hb counted_positive Hw) as HS.
  assert (H0 : 0 <= sumn K (ax_decrease beta counted w)).
  { apply sumn_nonneg; intros. apply (decrease_pos 2 2 ax_f ax_g beta 0 origin); auto with met. }
  apply (metric_rate 2 2 ax_f ax_g beta 0 origin corner counted w 1) with (K := K); auto with met.
  - intros j k _. rewrite ax_dual by auto. unfold counted. rewrite Rmult_1_l, <- Rinv_1.
    apply Rinv_le_contravar; [lra|]. apply (le_INR 1). lia.
  - apply sqrt_pos.
  - rewrite sqrt_sqrt by lra. apply Rle_refl.
Qed.

(** Growing, k + 1: ‖g‖_{P_1⁻¹} = 1. *)
Example metric_rate_growing_met beta m w K : 0 <= beta < 1 -> (forall k, (w k < 2)%nat) -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= ax_f (w k) (px (ax_path beta counted w k)) - 0) ->
  m <= 1 * sqrt (ax_radius2 beta counted w K) / ((1 - beta) * sqrt (INR K)).
Proof.
  intros Hb Hw HK Hm. pose proof (metric_summed_met beta counted w K Hb counted_positive Hw) as HS.
  assert (H0 : 0 <= sumn K (ax_decrease beta counted w)).
  { apply sumn_nonneg; intros. apply (decrease_pos 2 2 ax_f ax_g beta 0 origin); auto with met. }
  apply (metric_rate_growing 2 2 ax_f ax_g beta 0 origin corner counted w 1) with (K := K); auto with met.
  - intros k _. rewrite ax_dual by auto. unfold counted. simpl. lra.
  - apply sqrt_pos.
  - rewrite sqrt_sqrt by lra. apply Rle_refl.
Qed.

(** Shrinking, 2^{-k}, four steps: ‖g‖²_{P_4⁻¹} = 8 ≤ 3², D² = 2. *)
Example metric_rate_shrinking_met beta m w : 0 <= beta < 1 -> (forall k, (w k < 2)%nat) ->
  (forall k, (k < 4)%nat -> m <= ax_f (w k) (px (ax_path beta halved w k)) - 0) ->
  m <= 3 * sqrt 2 / ((1 - beta) * sqrt (INR 4)).
Proof.
  intros Hb Hw Hm. apply (metric_rate_shrinking 2 2 ax_f ax_g beta 0 origin corner halved w 3);
    auto with met; try lra; try lia.
  - intros k _. rewrite ax_dual by auto. apply Rle_trans with 8; [right; unfold halved; simpl; field|lra].
  - apply sqrt_pos.
  - rewrite sqrt_sqrt by lra. unfold mdist2, norm2, halved, corner, origin, lin; simpl. lra.
Qed.

(** ** One function on the line: |x|, from 1, whose minimum is 7 after 7 is added *)
Definition abs7 (x : vec) : R := Rabs (x O) + 7.
Definition abs7_g (x : vec) : vec := fun _ => sign (x O).
Lemma abs7_convex : convex 1 1 (fun _ => abs7) (fun _ => abs7_g).
Proof.
  intros s x y _. unfold abs7, abs7_g, dot, lin; simpl. pose proof (abs_above (x O) (y O)). lra.
Qed.
Lemma abs7_interpolation : interpolation 1 (fun _ => abs7) origin 7.
Proof. intros s _. unfold abs7, origin. rewrite Rabs_R0. lra. Qed.
Lemma abs7_below : bounded_below 1 (fun _ => abs7) 7.
Proof. intros s x _. unfold abs7. pose proof (Rabs_pos (x O)). lra. Qed.
#[local] Hint Resolve abs7_convex abs7_interpolation abs7_below : met.

Notation one_sample := (fun _ : nat => O).
Notation abs7_path beta P := (metric_path 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 corner P one_sample).
Notation abs7_radius2 beta P :=
  (radius2 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 origin corner P one_sample).

Lemma abs7_radius2_pos beta K : 0 <= beta < 1 -> 0 <= abs7_radius2 beta counted K.
Proof.
  intros Hb.
  apply Rle_trans
    with (sumn K (decrease 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 corner counted one_sample)).
  - apply sumn_nonneg; intros.
    apply (decrease_pos 1 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 origin); auto with met.
  - apply (metric_summed 1 1); auto with met.
Qed.

(** In the metrics k + 1. *)
Example metric_met beta m K : 0 <= beta < 1 ->
  (forall k, (k < S K)%nat -> m <= abs7 (px (abs7_path beta counted k)) - 7) ->
  m <= 1 * sqrt (abs7_radius2 beta counted (S K))
    / sqrt (1 + sumn K (fun k => (1 - beta * beta) / (1 - beta ^ (2 * S k)))).
Proof.
  intros Hb Hm. apply (metric_growing.metric 1 abs7 abs7_g beta 7 origin corner counted 1); auto with met.
  - intros k _. unfold dual2, abs7_g, counted; simpl. rewrite sign_square. lra.
  - apply sqrt_pos.
  - rewrite sqrt_sqrt by (apply abs7_radius2_pos; auto). apply Rle_refl.
Qed.

(** The same; every gradient is at most 1 in every metric before it. *)
Example metric_before_met beta m K : 0 <= beta < 1 ->
  (forall k, (k < S K)%nat -> m <= abs7 (px (abs7_path beta counted k)) - 7) ->
  m <= 1 * sqrt (abs7_radius2 beta counted (S K))
    / sqrt (1 + sumn K (fun k => (1 - beta * beta) / (1 - beta ^ (2 * S k)))).
Proof.
  intros Hb Hm. apply (metric_before 1 abs7 abs7_g beta 7 origin corner counted 1); auto with met.
  - intros k _. replace (dual2 1 (counted (k - 1)) _) with (/ INR (S (k - 1)));
      [|unfold dual2, abs7_g, counted; cbn [sumn]; rewrite sign_square; unfold Rdiv; ring].
    rewrite Rmult_1_l, <- Rinv_1. apply Rinv_le_contravar; [lra|]. apply (le_INR 1). lia.
  - apply sqrt_pos.
  - rewrite sqrt_sqrt by (apply abs7_radius2_pos; auto). apply Rle_refl.
Qed.

(** In the metrics k + 1, at every step with δ_k > 0; in the first one δ_1 = 1. *)
Example norm_recursion_growing_met beta k : 0 <= beta < 1 -> let run := abs7_path beta counted in
  let delta j := abs7 (px (run j)) - 7 in
  let N j := dual2 1 (counted j) (pd (run (S j))) / ((1 - beta) * (1 - beta)) in
  0 < delta k ->
  N (S k) <= 1 * 1 + beta * beta * N k + 2 * beta * N k * (1 - delta (S k) / delta k).
Proof.
  intros Hb run delta N Hd.
  apply (norm_recursion_growing 1 abs7 abs7_g beta 7 origin corner counted 1 k); auto with met.
  unfold dual2, abs7_g; cbn [sumn]. rewrite sign_square. pose proof (counted_positive k O) as Hp.
  assert (H1 : 1 <= counted k O) by (unfold counted; apply (le_INR 1); lia).
  apply Rle_trans with (/ counted k O); [right; unfold Rdiv; ring|].
  rewrite Rmult_1_l, <- Rinv_1. apply Rinv_le_contravar; lra.
Qed.
