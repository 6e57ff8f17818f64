(** Metrics that change from step to step: Σ_{k≤K} (h_k-ρ_k f⋆)²/‖d_k‖²_{P_k⁻¹} ≤ R².

    1. The step in P_k takes (h_k-ρ_k f⋆)²/‖d_k‖²_{P_k⁻¹} off ‖x^k-x⋆‖²_{P_k} ([fejer_in_metric]).
    2. Then the metric changes: ‖x^{k+1}-x⋆‖² in P_{k+1} is that in P_k and what P_{k+1} - P_k adds. Summed,
       Σ_{j<k} (h_j-ρ_j f⋆)²/‖d_j‖² + ‖x^k-x⋆‖²_{P_k} ≤ R_k², R_k² = D² + Σ_{j<k} ‖x^{j+1}-x⋆‖²_{P_{j+1}-P_j}
       ([summed_with_rest]). The metric after the last step is free; P_K itself adds nothing.
    3. Where P_{k+1} ⪯ (1+η_k) P_k, the change is at most η_k ‖x^{k+1}-x⋆‖²_{P_k} ≤ η_k R_k²: R² takes the
       factor 1+η_k ([metric_radius]). Where the metrics decrease it is at most 0. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric method_zero metric_step.
Open Scope R_scope.

(** Π_{k<K} c_k. *)
Fixpoint prodn (K : nat) (c : nat -> R) : R := match K with O => 1 | S m => prodn m c * c m end.

Section Summed.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R) (xs x1 : vec).
Variables (P : nat -> vec) (w : nat -> nat).

Notation path := (metric_path n f g beta fstar x1 P w).

(** (h_k - ρ_k f⋆)²/‖d_k‖²_{P_k⁻¹}, where k = 0 is the first step. *)
Definition decrease (k : nat) : R :=
  let gap := model n (path (S k)) (px (path k)) - rho beta (S k) * fstar in
  gap * gap / dual2 n (P k) (pd (path (S k))).

(** ‖x^{k+1}-x⋆‖²_{P_{k+1}-P_k}, and R² = ‖x^1-x⋆‖²_{P_1} + Σ_{k<K} of it. *)
Definition change (k : nat) : R := mdist2 n (minus (P (S k)) (P k)) (px (path (S k))) xs.
Definition radius2 (K : nat) : R := mdist2 n (P O) x1 xs + sumn (K - 1) change.

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HP : forall k, positive (P k).
Hypothesis Hw : forall k, (w k < M)%nat.

Lemma path_landed k : landed n fstar xs (rho beta k) (path k).
Proof.
  induction k; [apply zstart_landed|]. simpl metric_path. rewrite rho_next.
  apply (landed_again n M f g beta fstar xs Hbeta Hconv Hint Hmin (P k) (rho beta k)); auto.
Qed.

(** h_k - ρ_k f⋆ = (1-β)(f_k - f⋆), exactly. *)
Lemma path_gap k : model n (path (S k)) (px (path k)) - rho beta (S k) * fstar
  = (1 - beta) * (f (w k) (px (path k)) - fstar).
Proof.
  simpl metric_path. rewrite rho_next.
  apply (step_gap n f g beta fstar xs (P k) (rho beta k)); auto. apply path_landed.
Qed.

Lemma path_fejer k : mdist2 n (P k) (px (path (S k))) xs + decrease k <= mdist2 n (P k) (px (path k)) xs.
Proof.
  unfold decrease. simpl metric_path. rewrite rho_next.
  apply (fejer_in_metric n M f g beta fstar xs Hbeta Hconv Hint Hmin (P k) (rho beta k)); auto.
  apply path_landed.
Qed.

(** Where d_k = 0 the point is a minimum of the sample. *)
Lemma path_null k : dual2 n (P k) (pd (path (S k))) = 0 -> f (w k) (px (path k)) = fstar.
Proof.
  simpl metric_path. rewrite rho_next. intros E.
  pose proof (step_null n M f g beta fstar xs Hbeta Hconv Hint Hmin (P k) (rho beta k) (path k) (w k)
    (HP k) (path_landed k) (Hw k) E) as H.
  rewrite <- rho_next in H. pose proof (path_gap k) as Hg. simpl metric_path in Hg. rewrite H in Hg.
  assert (Hz : (1 - beta) * (f (w k) (px (path k)) - fstar) = 0) by lra.
  apply Rmult_integral in Hz. destruct Hz; lra.
Qed.

Lemma decrease_pos k : 0 <= decrease k.
Proof.
  unfold decrease. rewrite path_gap. pose proof (dual2_pos n (P k) (HP k) (pd (path (S k)))) as HN.
  pose proof (path_null k) as Hz. set (N := dual2 n (P k) (pd (path (S k)))) in *.
  destruct (Req_EM_T N 0) as [E|E].
  - rewrite (Hz E). unfold Rdiv. rewrite Rminus_eq_0, !Rmult_0_r, !Rmult_0_l. lra.
  - unfold Rdiv. apply Rmult_le_pos; [apply sq_pos|]. left; apply Rinv_0_lt_compat. lra.
Qed.

(** Steps 1 and 2: the invariant, with the distance that is left in the metric of the step to come. *)
Lemma summed_with_rest k :
  sumn k decrease + mdist2 n (P k) (px (path k)) xs <= mdist2 n (P O) x1 xs + sumn k change.
Proof.
  induction k; [simpl; lra|]. pose proof (path_fejer k) as H.
  assert (E : mdist2 n (P (S k)) (px (path (S k))) xs = mdist2 n (P k) (px (path (S k))) xs + change k)
    by apply norm2_change.
  change (sumn (S k) decrease) with (sumn k decrease + decrease k).
  change (sumn (S k) change) with (sumn k change + change k). lra.
Qed.

(** Any metrics: Σ_{k≤K} (h_k-ρ_k f⋆)²/‖d_k‖²_{P_k⁻¹} ≤ R²,
    R² = ‖x^1-x⋆‖²_{P_1} + Σ_{k<K} ‖x^{k+1}-x⋆‖²_{P_{k+1}-P_k}, for convex f(·,s) with interpolation, on every
    path and in any order of the samples, averages from zero, without a cap.
    Source: derived here (theorem metric_summed of the documentation). *)
Theorem metric_summed K : sumn K decrease <= radius2 K.
Proof.
  destruct K as [|K].
  - unfold radius2. simpl. pose proof (norm2_pos n (P O) (HP O) (lin 1 x1 (-1) xs)). unfold mdist2. lra.
  - pose proof (summed_with_rest K) as H. pose proof (path_fejer K) as H1.
    pose proof (norm2_pos n (P K) (HP K) (lin 1 (px (path (S K))) (-1) xs)) as H2.
    unfold radius2. replace (S K - 1)%nat with K by lia.
    change (sumn (S K) decrease) with (sumn K decrease + decrease K). unfold mdist2 in *. lra.
Qed.

(** Where P_{k+1} ⪯ (1+η_k) P_k with η_k ≥ 0: R² ≤ Π_{k<K}(1+η_k) D², D = ‖x^1-x⋆‖_{P_1}.
    Source: derived here (theorem metric_summed of the documentation). *)
Theorem metric_radius K eta :
  (forall k, (S k < K)%nat -> 0 <= eta k /\ below_times n (P (S k)) (1 + eta k) (P k)) ->
  radius2 K <= prodn (K - 1) (fun k => 1 + eta k) * mdist2 n (P O) x1 xs.
Proof.
  intros H. unfold radius2.
  assert (HK : forall m, (m <= K - 1)%nat ->
    mdist2 n (P O) x1 xs + sumn m change <= prodn m (fun k => 1 + eta k) * mdist2 n (P O) x1 xs);
    [|apply HK; lia].
  induction m as [|m IH]; intros Hm; [simpl; lra|].
  specialize (IH ltac:(lia)). destruct (H m ltac:(lia)) as [He Hb].
  pose proof (summed_with_rest m) as Hs. pose proof (path_fejer m) as Hf. pose proof (decrease_pos m) as Hd.
  assert (Hsum : 0 <= sumn m decrease) by (apply sumn_nonneg; intros; apply decrease_pos).
  assert (Hc : change m <= eta m * mdist2 n (P m) (px (path (S m))) xs).
  { pose proof (norm2_times n (P (S m)) (1 + eta m) (P m) (lin 1 (px (path (S m))) (-1) xs) Hb) as Ht.
    rewrite (norm2_change n (P m) (P (S m))) in Ht. unfold change, mdist2. lra. }
  set (r := mdist2 n (P O) x1 xs + sumn m change) in *.
  assert (Hle : eta m * mdist2 n (P m) (px (path (S m))) xs <= eta m * r) by (apply Rmult_le_compat_l; lra).
  assert (Hpr : (1 + eta m) * r <= (1 + eta m) * (prodn m (fun k => 1 + eta k) * mdist2 n (P O) x1 xs))
    by (apply Rmult_le_compat_l; lra).
  change (sumn (S m) change) with (sumn m change + change m).
  change (prodn (S m) (fun k => 1 + eta k)) with (prodn m (fun k => 1 + eta k) * (1 + eta m)).
  unfold r in *. lra.
Qed.

(** Where P_{k+1} ⪯ (1+η_k) P_k with η_k ≥ 0: Σ_{k≤K} (h_k-ρ_k f⋆)²/‖d_k‖²_{P_k⁻¹} ≤ Π_{k<K}(1+η_k) D²,
    D = ‖x^1-x⋆‖_{P_1}.  Source: derived here (theorem metric_summed of the documentation). *)
Theorem metric_summed_product K eta :
  (forall k, (S k < K)%nat -> 0 <= eta k /\ below_times n (P (S k)) (1 + eta k) (P k)) ->
  sumn K decrease <= prodn (K - 1) (fun k => 1 + eta k) * mdist2 n (P O) x1 xs.
Proof. intros H. apply Rle_trans with (1 := metric_summed K). apply metric_radius; auto. Qed.

(** Where the metrics decrease, the changes are at most 0: R² ≤ D². *)
Lemma metric_radius_shrinking K : (forall k, (S k < K)%nat -> below n (P (S k)) (P k)) ->
  radius2 K <= mdist2 n (P O) x1 xs.
Proof.
  intros H. unfold radius2.
  assert (H2 : sumn (K - 1) change <= sumn (K - 1) (fun _ => 0 * 0)).
  { apply sumn_le. intros i Hi.
    pose proof (norm2_below n (P (S i)) (P i) (lin 1 (px (path (S i))) (-1) xs) (H i ltac:(lia))) as Ht.
    rewrite (norm2_change n (P i) (P (S i))) in Ht. unfold change, mdist2. lra. }
  rewrite (sumn_scal _ 0 (fun _ => 0)) in H2. lra.
Qed.

(** Where the metrics decrease, P_{k+1} ⪯ P_k: Σ_{k≤K} (h_k-ρ_k f⋆)²/‖d_k‖²_{P_k⁻¹} ≤ D², D = ‖x^1-x⋆‖_{P_1}.
    Source: derived here (theorem metric_summed of the documentation). *)
Theorem metric_summed_shrinking K : (forall k, (S k < K)%nat -> below n (P (S k)) (P k)) ->
  sumn K decrease <= mdist2 n (P O) x1 xs.
Proof. intros H. apply Rle_trans with (1 := metric_summed K). apply metric_radius_shrinking; auto. Qed.
End Summed.
