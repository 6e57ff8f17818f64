(** The paper's kind of rate in metrics that change from step to step, on every path: consequences of the
    summed inequality Σ_{k≤K} (h_k-ρ_k f⋆)²/‖d_k‖²_{P_k⁻¹} ≤ R², where h_k - ρ_k f⋆ = (1-β)δ_k.

    An average is no longer than what it averages: ‖d_k‖_{P⁻¹} ≤ ρ_k G where ‖g_j‖_{P⁻¹} ≤ G for all j ≤ k
    ([average_length]). For d_k in P_k⁻¹ this needs all gradients until k in the metric of step k. Where
    metrics shrink, P_K⁻¹ is the largest of the norms; where they grow, P_1⁻¹ is. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric method_zero rate_zero.
From Momo Require Import metric_step metric_summed.
Open Scope R_scope.

Section Rate.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R) (xs x1 : vec).
Variables (P : nat -> vec) (w : nat -> nat) (G : R).

Notation path := (metric_path n f g beta fstar x1 P w).
Notation decrease := (decrease n f g beta fstar x1 P w).
Notation radius2 := (radius2 n f g beta fstar xs x1 P w).
(** The gradient and the gap δ that step k sees; k = 0 is the first step. *)
Notation grad k := (g (w k) (px (path k))).
Notation gap k := (f (w k) (px (path k)) - fstar).

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HP : forall k, positive (P k).
Hypothesis Hw : forall k, (w k < M)%nat.
Hypothesis HG0 : 0 < G.

Lemma rho_pos k : 0 < rho beta (S k) <= 1.
Proof.
  induction k.
  - unfold rho; simpl. lra.
  - rewrite rho_next. assert (0 <= beta * rho beta (S k)) by (apply Rmult_le_pos; lra).
    assert (beta * rho beta (S k) <= beta * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(** ‖d_k‖_{Q⁻¹} ≤ ρ_k G, in any metric Q. *)
Lemma average_length Q k : positive Q -> (forall j, (j <= k)%nat -> dual2 n Q (grad j) <= G * G) ->
  dual2 n Q (pd (path (S k))) <= (rho beta (S k) * G) * (rho beta (S k) * G).
Proof.
  intros HQ. induction k as [|k IH]; intros Hg.
  - change (pd (path 1)) with (lin beta (fun _ => 0) (1 - beta) (grad 0)). rewrite dual2_lin.
    assert (E : forall y, dual_dot n Q (fun _ => 0) y = 0).
    { intros y. unfold dual_dot. rewrite (sumn_ext n _ (fun i => 0 * y i)) by (intros; unfold Rdiv; ring).
      rewrite sumn_scal; ring. }
    rewrite (dual2_dot n Q (fun _ => 0)), !E. pose proof (Hg O ltac:(lia)) as H.
    assert ((1 - beta) * (1 - beta) * dual2 n Q (grad 0) <= (1 - beta) * (1 - beta) * (G * G))
      by (apply Rmult_le_compat_l; [apply sq_pos|auto]). unfold rho; simpl. simpl in H0. lra.
  - specialize (IH (fun j Hj => Hg j ltac:(lia))). pose proof (Hg (S k) ltac:(lia)) as H.
    pose proof (rho_pos k) as Hr. set (a := rho beta (S k) * G) in *.
    assert (Ha : 0 < a) by (unfold a; apply Rmult_lt_0_compat; lra).
    rewrite (rho_next beta (S k)). replace ((beta * rho beta (S k) + (1 - beta)) * G)
      with (beta * a + (1 - beta) * G) by (unfold a; ring).
    change (pd (path (S (S k)))) with (lin beta (pd (path (S k))) (1 - beta) (grad (S k))).
    set (d := pd (path (S k))) in *. set (h := grad (S k)) in *. rewrite dual2_lin.
    pose proof (dual_cauchy n Q d h a G HQ Ha HG0 IH H) as Hc.
    assert (C1 : beta * beta * dual2 n Q d <= beta * beta * (a * a))
      by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
    assert (C2 : 2 * (beta * (1 - beta)) * dual_dot n Q d h <= 2 * (beta * (1 - beta)) * (a * G))
      by (apply Rmult_le_compat_l; [repeat apply Rmult_le_pos; lra|auto]).
    assert (C3 : (1 - beta) * (1 - beta) * dual2 n Q h <= (1 - beta) * (1 - beta) * (G * G))
      by (apply Rmult_le_compat_l; [apply sq_pos|auto]). lra.
Qed.

(** Any metrics: min_{k≤K} δ_k ≤ G R/√V, V = Σ_{k≤K} ((1-β)/(1-β^k))², δ_k = f(x^k,s_k) - f⋆, where
    ‖g_j‖_{P_k⁻¹} ≤ G for all j ≤ k ≤ K, and R² is that of the summed inequality, or more.
    Source: derived here (a consequence of the theorem metric_summed). *)
Theorem metric_rate m R K : (0 < K)%nat ->
  (forall j k, (j <= k < K)%nat -> dual2 n (P k) (grad j) <= G * G) ->
  0 <= R -> radius2 K <= R * R ->
  (forall k, (k < K)%nat -> m <= gap k) ->
  m <= G * R / sqrt (weights_zero beta K).
Proof.
  intros HK Hg HR0 HR Hm. unfold weights_zero.
  set (q := fun k => ((1 - beta) / (1 - beta ^ S k)) * ((1 - beta) / (1 - beta ^ S k))).
  assert (Hq : forall k, 0 < q k).
  { intros k. pose proof (rho_pos k) as Hr. unfold rho in Hr. unfold q.
    assert (0 < (1 - beta) / (1 - beta ^ S k)) by (apply Rdiv_lt_0_compat; lra).
    apply Rmult_lt_0_compat; auto. }
  assert (HA : 0 < sumn K q).
  { destruct K as [|K']; [lia|]. simpl. pose proof (Hq K').
    assert (0 <= sumn K' q) by (apply sumn_nonneg; intros; left; auto). lra. }
  set (A := sumn K q) in *.
  assert (Hr : 0 < sqrt A) by (apply sqrt_lt_R0; auto).
  assert (Hrr : sqrt A * sqrt A = A) by (apply sqrt_sqrt; lra).
  assert (HGR : 0 <= G * R) by (apply Rmult_le_pos; lra).
  assert (HGG : 0 < G * G) by (apply Rmult_lt_0_compat; auto).
  destruct (Rle_lt_dec m 0) as [Hm0|Hm0].
  { assert (0 <= G * R / sqrt A); [|lra]. unfold Rdiv. apply Rmult_le_pos; auto.
    left; apply Rinv_0_lt_compat; auto. }
  assert (Hmm : 0 < m * m) by (apply Rmult_lt_0_compat; auto).
  assert (Hterm : forall k, (k < K)%nat -> m * m / (G * G) * q k <= decrease k).
  { intros k Hk. pose proof (average_length (P k) k (HP k) (fun j Hj => Hg j k (conj Hj Hk))) as HN.
    pose proof (Hm k Hk) as Hd. pose proof (rho_pos k) as Hrho.
    pose proof (dual2_pos n (P k) (HP k) (pd (path (S k)))) as HN0.
    pose proof (path_null n M f g beta fstar xs x1 P w Hbeta Hconv Hint Hmin HP Hw k) as Hz.
    unfold metric_summed.decrease.
    rewrite (path_gap n M f g beta fstar xs x1 P w Hbeta Hconv Hint Hmin HP Hw k).
    set (N := dual2 n (P k) (pd (path (S k)))) in *. set (r := rho beta (S k)) in *.
    assert (HN1 : 0 < N) by (destruct (Req_EM_T N 0) as [E|E]; [pose proof (Hz E)|]; lra).
    replace (m * m / (G * G) * q k) with ((1 - beta) * m * ((1 - beta) * m) * / (r * G * (r * G)))
      by (unfold q, r in *; unfold rho in *; field; split; lra).
    assert (Ha : (1 - beta) * m <= (1 - beta) * (f (w k) (px (path k)) - fstar))
      by (apply Rmult_le_compat_l; lra).
    assert (Ha0 : 0 <= (1 - beta) * m) by (apply Rmult_le_pos; lra).
    unfold Rdiv. apply Rmult_le_compat; [apply sq_pos| |apply Rmult_le_compat; auto|].
    - left. apply Rinv_0_lt_compat. assert (0 < r * G) by (apply Rmult_lt_0_compat; lra).
      apply Rmult_lt_0_compat; auto.
    - apply Rinv_le_contravar; auto. }
  pose proof (metric_summed n M f g beta fstar xs x1 P w Hbeta Hconv Hint Hmin HP Hw K) as HS.
  assert (HT : m * m / (G * G) * A <= sumn K decrease).
  { unfold A. rewrite <- sumn_scal. apply sumn_le; auto. }
  apply (Rmult_le_reg_r (sqrt A)); auto.
  replace (G * R / sqrt A * sqrt A) with (G * R) by (field; lra).
  apply Rsqr_incr_0_var; auto. unfold Rsqr.
  replace (m * sqrt A * (m * sqrt A)) with (m * m * (sqrt A * sqrt A)) by ring. rewrite Hrr.
  assert (H2 : m * m / (G * G) * A <= R * R) by lra.
  apply (Rmult_le_compat_r (G * G)) in H2; [|lra].
  replace (m * m / (G * G) * A * (G * G)) with (m * m * A) in H2 by (field; lra). lra.
Qed.

Lemma weights_sum K : (1 - beta) * (1 - beta) * INR K <= weights_zero beta K.
Proof.
  unfold weights_zero.
  set (q := fun k => (1 - beta) / (1 - beta ^ S k) * ((1 - beta) / (1 - beta ^ S k))).
  induction K; [simpl; lra|].
  rewrite S_INR. change (sumn (S K) q) with (sumn K q + q K). pose proof (rho_pos K) as Hr. unfold rho in Hr.
  assert (Hq : (1 - beta) <= (1 - beta) / (1 - beta ^ S K)).
  { apply (Rmult_le_reg_r (1 - beta ^ S K)); [lra|].
    replace ((1 - beta) / (1 - beta ^ S K) * (1 - beta ^ S K)) with (1 - beta) by (field; lra).
    assert ((1 - beta) * (1 - beta ^ S K) <= (1 - beta) * 1) by (apply Rmult_le_compat_l; lra). lra. }
  assert (H : (1 - beta) * (1 - beta) <= q K) by (unfold q; apply Rmult_le_compat; lra). lra.
Qed.

(** The same, in the paper's form: min_{k≤K} δ_k ≤ G R/((1-β)√K). *)
Lemma metric_rate_paper m R K : (0 < K)%nat ->
  (forall j k, (j <= k < K)%nat -> dual2 n (P k) (grad j) <= G * G) ->
  0 <= R -> radius2 K <= R * R ->
  (forall k, (k < K)%nat -> m <= gap k) ->
  m <= G * R / ((1 - beta) * sqrt (INR K)).
Proof.
  intros HK Hg HR0 HR Hm. pose proof (metric_rate m R K HK Hg HR0 HR Hm) as H.
  apply Rle_trans with (1 := H). assert (HKR : 0 < INR K) by (apply lt_0_INR; auto).
  assert (Hs : 0 < (1 - beta) * sqrt (INR K)) by (apply Rmult_lt_0_compat; [lra|apply sqrt_lt_R0; auto]).
  apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|]. apply Rinv_le_contravar; auto.
  replace ((1 - beta) * sqrt (INR K)) with (sqrt ((1 - beta) * (1 - beta) * INR K)).
  - apply sqrt_le_1_alt, weights_sum.
  - rewrite sqrt_mult; [rewrite sqrt_square by lra; reflexivity|apply sq_pos|lra].
Qed.

(** Shrinking metrics, P_{k+1} ⪯ P_k: min_{k≤K} δ_k ≤ G D/((1-β)√K), δ_k = f(x^k,s_k) - f⋆,
    D = ‖x^1-x⋆‖_{P_1}, and ‖g_k‖_{P_K⁻¹} ≤ G for all k ≤ K.
    Source: derived here (a consequence of the theorem metric_summed; the MoMo paper's rate, on a path). *)
Theorem metric_rate_shrinking m D K : (0 < K)%nat ->
  (forall k, (S k < K)%nat -> below n (P (S k)) (P k)) ->
  (forall k, (k < K)%nat -> dual2 n (P (K - 1)) (grad k) <= G * G) ->
  0 <= D -> mdist2 n (P O) x1 xs = D * D ->
  (forall k, (k < K)%nat -> m <= gap k) ->
  m <= G * D / ((1 - beta) * sqrt (INR K)).
Proof.
  intros HK Hb Hg HD0 HD. apply metric_rate_paper; auto.
  - intros j k [Hj Hk]. apply Rle_trans with (2 := Hg j ltac:(lia)). apply dual2_below; auto.
    assert (H : forall i, (k + i <= K - 1)%nat -> below n (P (k + i)%nat) (P k)).
    { induction i as [|i IH]; intros Hi a Ha; [rewrite Nat.add_0_r; apply Rle_refl|].
      apply Rle_trans with (2 := IH ltac:(lia) a Ha). rewrite Nat.add_succ_r. apply Hb; auto; lia. }
    replace (K - 1)%nat with (k + (K - 1 - k))%nat by lia. apply H. lia.
  - rewrite <- HD. apply (metric_radius_shrinking n f g beta fstar xs x1 P w); auto.
Qed.

(** Growing metrics, P_{k+1} ⪰ P_k: min_{k≤K} δ_k ≤ G R/((1-β)√K), where ‖g_k‖_{P_1⁻¹} ≤ G for all k ≤ K, and
    R² is that of the summed inequality, or more. For any order of samples; the sharp rate has one function.
    Source: derived here (a consequence of the theorem metric_summed; the MoMo paper's rate, on a path). *)
Theorem metric_rate_growing m R K : (0 < K)%nat ->
  (forall k, (S k < K)%nat -> below n (P k) (P (S k))) ->
  (forall k, (k < K)%nat -> dual2 n (P O) (grad k) <= G * G) ->
  0 <= R -> radius2 K <= R * R ->
  (forall k, (k < K)%nat -> m <= gap k) ->
  m <= G * R / ((1 - beta) * sqrt (INR K)).
Proof.
  intros HK Hb Hg HR0 HR. apply metric_rate_paper; auto.
  intros j k [Hj Hk]. apply Rle_trans with (2 := Hg j ltac:(lia)). apply dual2_below; auto.
  clear Hj. induction k as [|k IH]; intros a Ha; [apply Rle_refl|].
  apply Rle_trans with (1 := IH ltac:(lia) a Ha). apply Hb; auto.
Qed.
End Rate.
