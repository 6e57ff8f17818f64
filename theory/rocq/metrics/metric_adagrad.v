(** A rule that makes growing metrics from the past: AdaGrad's, P_k = ε + √(Σ_{j≤k} g_j²), entry by entry.

    1. The sums only grow, so that P_{k+1} ⪰ P_k ([adagrad_grows]), and along the run the metrics are a
       sequence ([rule_path_eq]): the theorem metric applies.
    2. In any growing metrics R² is at most B² times the sum of the last one's entries, where B bounds all
       |x^k_i - x⋆_i|: every change is at most B² times what the entries grow by ([metric_radius_growing]). *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import on_the_line sums vectors method assumptions metric method_zero metric_step
  metric_summed.
From Momo Require Import metric_growing metric_examples.
Open Scope R_scope.

Section Radius.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R) (xs x1 : vec).
Variables (P : nat -> vec) (w : nat -> nat).
Notation path := (metric_path n f g beta fstar x1 P w).

(** Growing metrics in a bounded domain: R² ≤ B² Σ_i P_K(i), where |x^k_i - x⋆_i| ≤ B for all i, k ≤ K.
    Source: AdaGrad's argument (Duchi, Hazan, Singer 2011), here for the R² of the theorem metric. *)
Theorem metric_radius_growing B K : (0 < K)%nat -> (forall k, (S k < K)%nat -> below n (P k) (P (S k))) ->
  positive (P O) ->
  (forall k i, (k < K)%nat -> (i < n)%nat -> Rabs (px (path k) i - xs i) <= B) ->
  radius2 n f g beta fstar xs x1 P w K <= B * B * sumn n (P (K - 1)%nat).
Proof.
  intros HK Hb HP HB. unfold radius2.
  assert (Hsq : forall k i, (k < K)%nat -> (i < n)%nat ->
    lin 1 (px (path k)) (-1) xs i * lin 1 (px (path k)) (-1) xs i <= B * B).
  { intros k i Hk Hi.
    replace (lin 1 (px (path k)) (-1) xs i) with (px (path k) i - xs i) by (unfold lin; ring).
    fold (Rsqr (px (path k) i - xs i)). fold (Rsqr B). apply Rsqr_le_abs_1.
    pose proof (HB k i Hk Hi). pose proof (Rabs_pos (px (path k) i - xs i)).
    rewrite (Rabs_right B); auto. lra. }
  assert (H : forall m, (m <= K - 1)%nat ->
    mdist2 n (P O) x1 xs + sumn m (change n f g beta fstar xs x1 P w) <= B * B * sumn n (P m));
    [|apply H; lia].
  induction m as [|m IH]; intros Hm.
  - simpl sumn at 1. rewrite Rplus_0_r, <- sumn_scal. apply sumn_le. intros i Hi.
    rewrite (Rmult_comm (B * B)). apply Rmult_le_compat_l; [left; apply HP|]. apply (Hsq O i); auto.
  - specialize (IH ltac:(lia)).
    assert (Hc : change n f g beta fstar xs x1 P w m <= B * B * sumn n (fun i => P (S m) i + -1 * P m i)).
    { unfold change, mdist2, norm2. rewrite <- sumn_scal. apply sumn_le. intros i Hi.
      rewrite (Rmult_comm (B * B)). replace (P (S m) i + -1 * P m i) with (minus (P (S m)) (P m) i)
        by (unfold minus; ring).
      apply Rmult_le_compat_l; [|apply (Hsq (S m) i); auto; lia].
      unfold minus. pose proof (Hb m ltac:(lia) i Hi). lra. }
    rewrite sumn_plus, sumn_scal in Hc.
    change (sumn (S m) (change n f g beta fstar xs x1 P w))
      with (sumn m (change n f g beta fstar xs x1 P w) + change n f g beta fstar xs x1 P w m). lra.
Qed.
End Radius.

Section AdaGrad.
Variables (n : nat) (f : vec -> R) (g : vec -> vec) (beta fstar : R) (xs x1 : vec) (eps : R).
Notation F := (fun _ : nat => f).
Notation Gr := (fun _ : nat => g).
Notation always := (fun _ : nat => O).

(** P_k = ε + √(Σ_{j≤k} g_j²), of the gradients at the points of the past and the present one. *)
Definition adagrad : rule :=
  fun past k _ i => eps + sqrt (sumn (S k) (fun j => g (px (past j)) i * g (px (past j)) i)).

Notation run k := (rule_path n F Gr beta fstar x1 adagrad always k k).
Definition adagrad_metric (k : nat) : vec := adagrad (rule_path n F Gr beta fstar x1 adagrad always k) k O.

Hypothesis Heps : 0 < eps.

Lemma adagrad_above k i : eps <= adagrad_metric k i.
Proof.
  unfold adagrad_metric, adagrad.
  match goal with |- context [sqrt ?a] => pose proof (sqrt_pos a) end. lra.
Qed.
Lemma adagrad_positive k : positive (adagrad_metric k).
Proof. intros i. pose proof (adagrad_above k i). lra. Qed.

Lemma adagrad_grows k : below n (adagrad_metric k) (adagrad_metric (S k)).
Proof.
  intros i _. set (past := rule_path n F Gr beta fstar x1 adagrad always).
  set (squares := fun q m => sumn (S m) (fun j => g (px (past q j)) i * g (px (past q j)) i)).
  change (eps + sqrt (squares k k) <= eps + sqrt (squares (S k) (S k))).
  apply Rplus_le_compat_l, sqrt_le_1_alt. unfold squares.
  assert (E : forall j, (j < S k)%nat -> past (S k) j = past k j).
  { intros j Hj. unfold past. cbn [rule_path]. replace (j <=? k)%nat with true; [reflexivity|].
    symmetry. apply Nat.leb_le. lia. }
  set (h := fun j => g (px (past (S k) j)) i * g (px (past (S k) j)) i).
  rewrite (sumn_ext (S k) _ h) by (intros j Hj; unfold h; rewrite E; auto).
  change (sumn (S (S k)) h) with (sumn (S k) h + h (S k)).
  assert (Hh : 0 <= h (S k)) by apply sq_pos. lra.
Qed.

(** MoMo with AdaGrad's metrics: min_{k≤K+1} f(x^k) - f⋆ ≤ G R/√(1 + Σ_{k≤K} (1-β²)/(1-β^{2k})), for one
    convex function, averages from zero, no cap; ‖g_k‖_{P_1⁻¹} ≤ G on the run, R² as in the theorem metric.
    Source: derived here (a consequence of the theorem metric). *)
Theorem metric_adagrad m G R K : 0 <= beta < 1 -> convex n 1 F Gr -> interpolation 1 F xs fstar ->
  bounded_below 1 F fstar -> 0 < G ->
  (forall k, (k <= K)%nat -> dual2 n (adagrad_metric 0) (g (px (run k))) <= G * G) ->
  0 <= R -> radius2 n F Gr beta fstar xs x1 adagrad_metric always (S K) <= R * R ->
  (forall k, (k < S K)%nat -> m <= f (px (run k)) - fstar) ->
  m <= G * R / sqrt (1 + sumn K (fun k => (1 - beta * beta) / (1 - beta ^ (2 * S k)))).
Proof.
  intros Hb Hc Hi Hm HG Hg HR0 HR Hk.
  assert (E : forall k, run k = metric_path n F Gr beta fstar x1 adagrad_metric always k)
    by (intros k; apply rule_path_eq).
  apply (metric_growing.metric n f g beta fstar xs x1 adagrad_metric G); auto.
  - apply adagrad_positive.
  - intros k _. apply adagrad_grows.
  - intros k Hk'. rewrite <- E. auto.
  - intros k Hk'. rewrite <- E. auto.
Qed.
End AdaGrad.

Notation ada_radius2 beta :=
  (radius2 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 origin corner
    (adagrad_metric 1 abs7 abs7_g beta 7 corner 1) one_sample).
(** On |x| + 7, with ε = 1: all gradients are at most 1 ≤ P_1. *)
Example metric_adagrad_met beta m K : 0 <= beta < 1 ->
  (forall k, (k < S K)%nat -> m <= abs7 (px (rule_path 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 corner
    (adagrad abs7_g 1) one_sample k k)) - 7) ->
  m <= 1 * sqrt (ada_radius2 beta (S K))
    / sqrt (1 + sumn K (fun k => (1 - beta * beta) / (1 - beta ^ (2 * S k)))).
Proof.
  intros Hb Hm.
  assert (HP : forall k, positive (adagrad_metric 1 abs7 abs7_g beta 7 corner 1 k))
    by (intros; apply adagrad_positive; lra).
  assert (HR : 0 <= ada_radius2 beta (S K)).
  { apply Rle_trans with (sumn (S K) (decrease 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 corner
      (adagrad_metric 1 abs7 abs7_g beta 7 corner 1) one_sample)).
    - apply sumn_nonneg; intros. apply (decrease_pos 1 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 origin);
        auto using abs7_convex, abs7_interpolation, abs7_below.
    - apply (metric_summed 1 1); auto using abs7_convex, abs7_interpolation, abs7_below. }
  apply (metric_adagrad 1 abs7 abs7_g beta 7 origin corner 1); auto; try lra.
  - apply abs7_convex.
  - apply abs7_interpolation.
  - apply abs7_below.
  - intros k _. pose proof (adagrad_above 1 abs7 abs7_g beta 7 corner 1 0 0) as H1.
    set (P := adagrad_metric 1 abs7 abs7_g beta 7 corner 1 0) in *.
    replace (dual2 1 P _) with (/ P O);
      [|unfold dual2, abs7_g at 1 2; cbn [sumn]; rewrite sign_square; unfold Rdiv; ring].
    rewrite Rmult_1_l, <- Rinv_1. apply Rinv_le_contravar; lra.
  - apply sqrt_pos.
  - rewrite sqrt_sqrt by auto. apply Rle_refl.
Qed.

(** On |x| + 7 in the metrics k + 1 the first step ends at the minimum. *)
Lemma abs7_points beta k : 0 <= beta < 1 -> px (metric_path 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 corner
  counted one_sample (S k)) O = 0.
Proof.
  intros Hb. set (path := metric_path 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 corner counted one_sample).
  assert (Hsmall : forall j (y : vec), mdist2 1 (counted j) y origin <= 0 -> y O = 0).
  { intros j y H. unfold mdist2, norm2, lin, origin in H. cbn [sumn] in H.
    pose proof (counted_positive j O) as Hc.
    assert (Hy : y O * y O <= 0).
    { apply (Rmult_le_reg_l (counted j O)); auto. lra. }
    pose proof (sq_pos (y O)). apply Rsqr_0_uniq. unfold Rsqr. lra. }
  pose proof (path_fejer 1 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 origin corner counted one_sample Hb
    abs7_convex abs7_interpolation abs7_below counted_positive (fun _ => Nat.lt_0_1)) as Hf.
  pose proof (decrease_pos 1 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 origin corner counted one_sample Hb
    abs7_convex abs7_interpolation abs7_below counted_positive (fun _ => Nat.lt_0_1)) as Hd.
  fold path in Hf. induction k as [|k IH].
  - apply (Hsmall O). specialize (Hf O). change (px (path O)) with corner in Hf.
    assert (E1 : mdist2 1 (counted 0) corner origin = 1)
      by (unfold mdist2, norm2, lin, counted, corner, origin; simpl; lra).
    assert (E2 : decrease 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 corner counted one_sample 0 = 1).
    { unfold decrease. rewrite (path_gap 1 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 origin);
        auto using abs7_convex, abs7_interpolation, abs7_below, counted_positive.
      replace (dual2 1 (counted 0) _) with ((1 - beta) * (1 - beta)).
      - simpl px. unfold abs7, corner. rewrite Rabs_R1. field. lra.
      - unfold dual2, counted. simpl. unfold lin, abs7_g, corner.
        replace (sign 1) with 1 by (unfold sign; destruct (Rle_dec 0 1); lra). field. }
    rewrite E1, E2 in Hf. lra.
  - change (px (path (S k)) O = 0) in IH. change (px (path (S (S k))) O = 0).
    apply (Hsmall (S k)). specialize (Hf (S k)). specialize (Hd (S k)).
    assert (E : mdist2 1 (counted (S k)) (px (path (S k))) origin = 0)
      by (unfold mdist2, norm2, lin, origin; cbn [sumn]; rewrite IH; ring).
    rewrite E in Hf. lra.
Qed.
(** There, B = 1. *)
Example metric_radius_growing_met beta K : 0 <= beta < 1 -> (0 < K)%nat ->
  radius2 1 (fun _ => abs7) (fun _ => abs7_g) beta 7 origin corner counted one_sample K
    <= 1 * 1 * sumn 1 (counted (K - 1)).
Proof.
  intros Hb HK. apply metric_radius_growing; auto using counted_positive, counted_below.
  intros k i Hk Hi. replace i with O by lia. destruct k as [|k].
  - unfold origin, corner; simpl. rewrite Rminus_0_r, Rabs_R1. lra.
  - rewrite abs7_points by auto. unfold origin. rewrite Rminus_0_r, Rabs_R0. lra.
Qed.
