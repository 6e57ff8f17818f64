(** The sharp rate of MoMo-Adam in metrics that grow from step to step, for one convex function:
    min_{k≤K} f(x^k) - f⋆ ≤ G R/√(1 + Σ_{k<K} (1-β²)/(1-β^{2k})), as in a frozen metric, with R for D.

    Averages from zero, no cap, P_{k+1} ⪰ P_k. The scalar part is that of the sharp rate from zero ([total0]);
    only what concerns vectors is done again, in the metric of each step. N_k = ‖d_k‖²_{P_k⁻¹}.
    1. Convexity between x^k and x^{k+1} = x^k - τ_k P_k⁻¹ d_k: τ_k <g_{k+1}, d_k>_{P_k⁻¹} ≤ δ_k - δ_{k+1},
       where τ_k N_k = (1-β) δ_k. The product is that of P_k, not of P_{k+1}.
    2. d_{k+1} is expanded in P_k⁻¹, too, and then P_{k+1}⁻¹ ⪯ P_k⁻¹ ([recursion]):
       N_{k+1} ≤ ‖d_{k+1}‖²_{P_k⁻¹} ≤ β²N_k + 2βN_k(1 - δ_{k+1}/δ_k) + (1-β)²G².
       So of g_{k+1} only the norm in P_k⁻¹ matters, which is at most that in P_1⁻¹.
    3. N_k ≤ ((1-β)Σ_{j<k}β^j G)² ([longest]), and δ_K ≤ G‖x^K-x⋆‖_{P_K} ([last]).
    4. The summed inequality, with the distance left: Σ_{k<K} (1-β)²δ_k²/N_k + ‖x^K-x⋆‖²_{P_K} ≤ R². *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric method_zero metric_step metric_summed.
From Momo Require Import sharp_rate_scalars sharp_rate_zero_scalars.
Open Scope R_scope.

Section Growing.
Variables (n : nat) (f : vec -> R) (g : vec -> vec) (beta fstar : R) (xs x1 : vec) (P : nat -> vec) (G : R).

Notation F := (fun _ : nat => f).
Notation Gr := (fun _ : nat => g).
Notation always := (fun _ : nat => O).

(** The run on one function: x^k is the point of state k, counted from 0. *)
Notation run := (metric_path n F Gr beta fstar x1 P always).
Notation radius2 := (radius2 n F Gr beta fstar xs x1 P always).

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hconv : convex n 1 F Gr.
Hypothesis Hint : interpolation 1 F xs fstar.
Hypothesis Hmin : bounded_below 1 F fstar.
Hypothesis HP : forall k, positive (P k).
Hypothesis HG0 : 0 < G.

Notation x i := (px (run i)).
Notation dir i := (pd (run (S i))).
Let delta i := f (x i) - fstar.
Let N i := dual2 n (P i) (dir i).

Lemma one_sample : forall k, (always k < 1)%nat.
Proof. intros k. exact Nat.lt_0_1. Qed.
Lemma delta_pos i : 0 <= delta i.
Proof. unfold delta. pose proof (Hmin O (x i) Nat.lt_0_1). lra. Qed.

Lemma N_pos i : 0 < delta i -> 0 < N i.
Proof.
  intros Hd. pose proof (dual2_pos n (P i) (HP i) (dir i)) as H.
  destruct (Req_EM_T (N i) 0) as [E|E]; [|fold (N i) in H; lra].
  pose proof (path_null n 1 F Gr beta fstar xs x1 P always Hbeta Hconv Hint Hmin HP one_sample i E) as Hz.
  unfold delta in Hd. lra.
Qed.

(** Step 1: the step length, and convexity between two points of the run. *)
Lemma step_length i : 0 < delta i ->
  x (S i) = lin 1 (x i) (- ((1 - beta) * delta i / N i)) (precond (P i) (dir i)).
Proof.
  intros Hd. pose proof (N_pos i Hd) as HN.
  pose proof (path_landed n 1 F Gr beta fstar xs x1 P always Hbeta Hconv Hint Hmin HP one_sample i) as Hl.
  pose proof (step_tau n 1 F Gr beta fstar xs Hbeta Hconv Hint Hmin (P i) (rho beta i) (run i) O (HP i) Hl
    Nat.lt_0_1) as Ht.
  pose proof (path_gap n 1 F Gr beta fstar xs x1 P always Hbeta Hconv Hint Hmin HP one_sample i) as Hg.
  rewrite <- rho_next in Ht. fold (N i) in Ht.
  change (zstep n F Gr beta fstar None (P i) (rho beta (S i)) (run i) O) with (run (S i)) in Ht.
  rewrite Hg in Ht. fold (N i) (delta i) in Ht.
  rewrite <- Ht at 1. unfold Rdiv. rewrite Rmult_assoc, Rinv_r, Rmult_1_r by lra. reflexivity.
Qed.

Lemma between i : 0 < delta i ->
  (1 - beta) * dual_dot n (P i) (dir i) (g (x (S i))) <= N i * (1 - delta (S i) / delta i).
Proof.
  intros Hd. pose proof (N_pos i Hd) as HN. pose proof (Hconv O (x (S i)) (x i) Nat.lt_0_1) as H.
  set (t := (1 - beta) * delta i / N i).
  assert (Hb : t * dual_dot n (P i) (dir i) (g (x (S i))) <= delta i - delta (S i)).
  { replace (t * dual_dot n (P i) (dir i) (g (x (S i))))
      with (dot n (g (x (S i))) (lin 1 (x i) (-1) (x (S i)))); [unfold delta; lra|].
    rewrite (step_length i Hd) at 2. fold t. rewrite !dot_lin_r, dot_precond.
    rewrite (dual_dot_comm n (P i) (dir i)). ring. }
  apply (Rmult_le_reg_l (delta i / N i)); [apply Rdiv_lt_0_compat; auto|].
  replace (delta i / N i * (N i * (1 - delta (S i) / delta i))) with (delta i - delta (S i)) by (field; lra).
  unfold t in Hb. unfold Rdiv in *. lra.
Qed.

(** Step 2: the recursion of the norms. *)
Lemma recursion i : below n (P i) (P (S i)) -> dual2 n (P i) (g (x (S i))) <= G * G -> 0 < delta i ->
  N (S i) <= beta * beta * N i + 2 * beta * (N i * (1 - delta (S i) / delta i))
    + (1 - beta) * (1 - beta) * (G * G).
Proof.
  intros Hb Hg Hd. pose proof (between i Hd) as Hi.
  pose proof (dual2_below n (P i) (P (S i)) (dir (S i)) (HP i) Hb) as H. fold (N (S i)) in H.
  apply Rle_trans with (1 := H). change (dir (S i)) with (lin beta (dir i) (1 - beta) (g (x (S i)))).
  rewrite dual2_lin. fold (N i).
  assert (beta * ((1 - beta) * dual_dot n (P i) (dir i) (g (x (S i))))
    <= beta * (N i * (1 - delta (S i) / delta i))) by (apply Rmult_le_compat_l; lra).
  assert ((1 - beta) * (1 - beta) * dual2 n (P i) (g (x (S i))) <= (1 - beta) * (1 - beta) * (G * G))
    by (apply Rmult_le_compat_l; [apply sq_pos|auto]). lra.
Qed.

(** Step 3: the longest average … *)
Lemma first_norm : dual2 n (P O) (g x1) <= G * G -> N O <= ((1 - beta) * 1 * G) * ((1 - beta) * 1 * G).
Proof.
  intros Hg. unfold N. change (dir 0) with (lin beta (fun _ => 0) (1 - beta) (g x1)). rewrite dual2_lin.
  assert (E : forall y, dual_dot n (P O) (fun _ => 0) y = 0).
  { intros y. unfold dual_dot. rewrite (sumn_ext n _ (fun i => 0 * y i)) by (intros; unfold Rdiv; ring).
    rewrite sumn_scal; ring. }
  rewrite (dual2_dot n (P O) (fun _ => 0)), !E.
  assert ((1 - beta) * (1 - beta) * dual2 n (P O) (g x1) <= (1 - beta) * (1 - beta) * (G * G))
    by (apply Rmult_le_compat_l; [apply sq_pos|auto]). lra.
Qed.
Lemma longest K : (forall k, (k < K)%nat -> below n (P k) (P (S k))) ->
  (forall k, (k <= K)%nat -> dual2 n (P (k - 1)) (g (x k)) <= G * G) ->
  forall i, (i <= K)%nat -> N i <= ((1 - beta) * hh beta i * G) * ((1 - beta) * hh beta i * G).
Proof.
  intros Hgrow HG. induction i as [|i IH]; intros Hi; [apply first_norm; apply (HG O); lia|].
  specialize (IH ltac:(lia)). pose proof (HG (S i) Hi) as Hg. replace (S i - 1)%nat with i in Hg by lia.
  pose proof (dual2_below n (P i) (P (S i)) (dir (S i)) (HP i) (Hgrow i ltac:(lia))) as H.
  fold (N (S i)) in H.
  apply Rle_trans with (1 := H). change (dir (S i)) with (lin beta (dir i) (1 - beta) (g (x (S i)))).
  rewrite dual2_lin. fold (N i).
  pose proof (hh_ge1 beta Hbeta i) as Hh. set (a := (1 - beta) * hh beta i * G) in *.
  assert (Ha : 0 < a) by (unfold a; repeat apply Rmult_lt_0_compat; lra).
  pose proof (dual_cauchy n (P i) (dir i) (g (x (S i))) a G (HP i) Ha HG0 IH Hg) as Hc.
  replace ((1 - beta) * hh beta (S i) * G) with (beta * a + (1 - beta) * G) by (unfold a; simpl; ring).
  assert (C1 : beta * beta * N i <= beta * beta * (a * a)) by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
  assert (C2 : 2 * (beta * (1 - beta)) * dual_dot n (P i) (dir i) (g (x (S i)))
      <= 2 * (beta * (1 - beta)) * (a * G))
    by (apply Rmult_le_compat_l; [repeat apply Rmult_le_pos; lra|auto]).
  assert (C3 : (1 - beta) * (1 - beta) * dual2 n (P i) (g (x (S i))) <= (1 - beta) * (1 - beta) * (G * G))
    by (apply Rmult_le_compat_l; [apply sq_pos|auto]). lra.
Qed.

(** … and the last point. *)
Lemma last i : dual2 n (P i) (g (x i)) <= G * G -> 0 < delta i ->
  delta i * delta i / (G * G) <= mdist2 n (P i) (x i) xs.
Proof.
  intros Hg Hd. assert (HGG : 0 < G * G) by (apply Rmult_lt_0_compat; auto).
  pose proof (Hconv O (x i) xs Nat.lt_0_1) as Hc. pose proof (Hint O Nat.lt_0_1) as Hs.
  cbv beta in Hc, Hs. rewrite Hs in Hc.
  assert (Hdot : delta i <= dot n (g (x i)) (lin 1 (x i) (-1) xs))
    by (rewrite dot_lin_r in *; unfold delta; lra).
  assert (Ht : 0 < delta i / (G * G)) by (apply Rdiv_lt_0_compat; auto).
  pose proof (young n (P i) (g (x i)) (lin 1 (x i) (-1) xs) _ (HP i) Ht) as Hy.
  fold (mdist2 n (P i) (x i) xs) in Hy.
  assert (H1 : delta i / (G * G) * dual2 n (P i) (g (x i)) <= delta i / (G * G) * (G * G))
    by (apply Rmult_le_compat_l; lra).
  replace (delta i / (G * G) * (G * G)) with (delta i) in H1 by (field; lra).
  assert (H2 : delta i <= / (delta i / (G * G)) * mdist2 n (P i) (x i) xs) by lra.
  apply (Rmult_le_reg_l (/ (delta i / (G * G)))); [apply Rinv_0_lt_compat; auto|].
  replace (/ (delta i / (G * G)) * (delta i * delta i / (G * G))) with (delta i) by (field; lra). exact H2.
Qed.

Lemma tsum_sumn u v K : tsum u v 0 K = sumn K (fun i => u i * u i / v i).
Proof.
  assert (E : forall r s, tsum u v s (S r) = tsum u v s r + u (s + r)%nat * u (s + r)%nat / v (s + r)%nat).
  { induction r; intros s; [simpl; rewrite Nat.add_0_r; ring|].
    change (tsum u v s (S (S r))) with (u s * u s / v s + tsum u v (S s) (S r)). rewrite IHr.
    replace (S s + r)%nat with (s + S r)%nat by lia. simpl. ring. }
  induction K; [reflexivity|]. rewrite E, IHK. reflexivity.
Qed.

(** Step 4, in units of the least gap m: m²/G² (1 + Σ_{k<K} 1/M_k) ≤ R². *)
Lemma in_units m K : (forall k, (k < K)%nat -> below n (P k) (P (S k))) ->
  (forall k, (k <= K)%nat -> dual2 n (P (k - 1)) (g (x k)) <= G * G) ->
  0 < m -> (forall k, (k <= K)%nat -> m <= delta k) ->
  m * m / (G * G) * (1 + msum beta 0 K) <= radius2 (S K).
Proof.
  intros Hgrow HG Hm Hde. set (c := (1 - beta) * (1 - beta) * (G * G)).
  assert (HGG : 0 < G * G) by (apply Rmult_lt_0_compat; auto).
  assert (Hc : 0 < c) by (unfold c; repeat apply Rmult_lt_0_compat; lra).
  assert (Hpos : forall i, (i <= K)%nat -> 0 < delta i) by (intros i Hi; pose proof (Hde i Hi); lra).
  set (u := fun i => delta i / m). set (v := fun i => N i / c).
  assert (HcN : forall i, v i * c = N i) by (intros; unfold v; field; lra).
  assert (Hvh : forall i, (i <= K)%nat -> v i <= hh beta i * hh beta i).
  { intros i Hi. apply (Rmult_le_reg_r c); auto. rewrite HcN. pose proof (longest K Hgrow HG i Hi).
    unfold c. lra. }
  assert (HT : msum beta 0 K <= tsum u v 0 K).
  { apply (total0 beta u v Hbeta K).
    - split.
      + intros i Hi. assert (Hi' : (i <= K)%nat) by lia. split; [|split; [|auto]].
        * apply (Rmult_le_reg_r m); auto. unfold u. replace (delta i / m * m) with (delta i) by (field; lra).
          pose proof (Hde i Hi'). lra.
        * unfold v. apply Rdiv_lt_0_compat; auto. apply N_pos; auto.
      + intros i Hi. pose proof (Hpos i ltac:(lia)) as Hdi. pose proof (HG (S i) ltac:(lia)) as Hg.
        replace (S i - 1)%nat with i in Hg by lia.
        pose proof (recursion i (Hgrow i ltac:(lia)) Hg Hdi) as Hre.
        apply (Rmult_le_reg_r c); auto. rewrite HcN.
        replace ((1 + beta * beta * v i + 2 * beta * v i * (1 - u (S i) / u i)) * c)
          with (beta * beta * (v i * c) + 2 * beta * (v i * c * (1 - delta (S i) / delta i)) + c)
          by (unfold u; field; lra).
        rewrite HcN. unfold c. exact Hre.
    - pose proof (Hvh O ltac:(lia)) as H. simpl in H. lra. }
  rewrite tsum_sumn in HT.
  pose proof (summed_with_rest n 1 F Gr beta fstar xs x1 P always Hbeta Hconv Hint Hmin HP one_sample K)
    as Hsum.
  assert (Hlast : m * m / (G * G) <= mdist2 n (P K) (x K) xs).
  { assert (Hg : dual2 n (P K) (g (x K)) <= G * G).
    { apply Rle_trans with (2 := HG K ltac:(lia)). destruct K as [|K']; [apply Rle_refl|].
      replace (S K' - 1)%nat with K' by lia. apply dual2_below; auto. }
    apply Rle_trans with (2 := last K Hg (Hpos K ltac:(lia))).
    unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; auto|].
    pose proof (Hde K ltac:(lia)). apply Rmult_le_compat; lra. }
  assert (Hdec : m * m / (G * G) * sumn K (fun i => u i * u i / v i)
    = sumn K (decrease n F Gr beta fstar x1 P always)).
  { rewrite <- sumn_scal. apply sumn_ext. intros i Hi. unfold decrease.
    rewrite (path_gap n 1 F Gr beta fstar xs x1 P always Hbeta Hconv Hint Hmin HP one_sample i).
    fold (delta i) (N i). pose proof (N_pos i (Hpos i ltac:(lia))). unfold u, v, c.
    field. repeat split; lra. }
  apply (Rmult_le_compat_l (m * m / (G * G))) in HT; [|left; apply Rdiv_lt_0_compat; auto;
    apply Rmult_lt_0_compat; auto].
  unfold metric_summed.radius2. replace (S K - 1)%nat with K by lia. lra.
Qed.

(** Only the gradient's norm in the metric before it is needed: ‖g_1‖_{P_1⁻¹} ≤ G and ‖g_{k+1}‖_{P_k⁻¹} ≤ G,
    all else as in the theorem metric. Then min_{k≤K+1} f(x^k) - f⋆ ≤ G R/√(1 + Σ_{k≤K} (1-β²)/(1-β^{2k})).
    Source: derived here. The theorem metric asks for ‖g_k‖_{P_1⁻¹} ≤ G, which is more. *)
Theorem metric_before m R K : (forall k, (k < K)%nat -> below n (P k) (P (S k))) ->
  (forall k, (k <= K)%nat -> dual2 n (P (k - 1)) (g (px (run k))) <= G * G) ->
  0 <= R -> radius2 (S K) <= R * R ->
  (forall k, (k < S K)%nat -> m <= f (px (run k)) - fstar) ->
  m <= G * R / sqrt (1 + sumn K (fun k => (1 - beta * beta) / (1 - beta ^ (2 * S k)))).
Proof.
  intros Hgrow HG HR0 HR Hk. rewrite <- (msum_formula beta K Hbeta).
  assert (HA0 : 0 <= msum beta 0 K).
  { assert (H : forall r s, 0 <= msum beta s r); [|apply H].
    induction r; intros s; simpl; [lra|]. pose proof (IHr (S s)). pose proof (iM beta Hbeta s). lra. }
  set (A := 1 + msum beta 0 K). assert (HA : 0 < A) by (unfold A; lra).
  assert (Hr : 0 < sqrt A) by (apply sqrt_lt_R0; auto).
  assert (Hrr : sqrt A * sqrt A = A) by (apply sqrt_sqrt; lra).
  assert (HGR : 0 <= G * R) by (apply Rmult_le_pos; lra).
  assert (HGG : 0 < G * G) by (apply Rmult_lt_0_compat; auto).
  destruct (Rle_lt_dec m 0) as [Hm|Hm].
  { assert (0 <= G * R / sqrt A); [|lra]. unfold Rdiv. apply Rmult_le_pos; auto.
    left; apply Rinv_0_lt_compat; auto. }
  pose proof (in_units m K Hgrow HG Hm (fun k Hk' => Hk k ltac:(lia))) as H. fold A in H.
  apply (Rmult_le_reg_r (sqrt A)); auto.
  replace (G * R / sqrt A * sqrt A) with (G * R) by (field; lra).
  apply Rsqr_incr_0_var; auto. unfold Rsqr.
  replace (m * sqrt A * (m * sqrt A)) with (m * m * (sqrt A * sqrt A)) by ring. rewrite Hrr.
  assert (H2 : m * m / (G * G) * A <= R * R) by lra.
  apply (Rmult_le_compat_r (G * G)) in H2; [|lra].
  replace (m * m / (G * G) * A * (G * G)) with (m * m * A) in H2 by (field; lra). lra.
Qed.

(** The sharp rate in growing metrics: min_{k≤K+1} f(x^k) - f⋆ ≤ G R/√(1 + Σ_{k≤K} (1-β²)/(1-β^{2k})), for one
    convex function, averages from zero, no cap, P_{k+1} ⪰ P_k, ‖g_k‖_{P_1⁻¹} ≤ G on the run, and
    R² ≥ ‖x^1-x⋆‖²_{P_1} + Σ_{k≤K} ‖x^{k+1}-x⋆‖²_{P_{k+1}-P_k}.
    Source: derived here (theorem metric of the documentation). *)
Theorem metric m R K : (forall k, (k < K)%nat -> below n (P k) (P (S k))) ->
  (forall k, (k <= K)%nat -> dual2 n (P O) (g (px (run k))) <= G * G) ->
  0 <= R -> radius2 (S K) <= R * R ->
  (forall k, (k < S K)%nat -> m <= f (px (run k)) - fstar) ->
  m <= G * R / sqrt (1 + sumn K (fun k => (1 - beta * beta) / (1 - beta ^ (2 * S k)))).
Proof.
  intros Hgrow HG. apply metric_before; auto. intros k Hk. apply Rle_trans with (2 := HG k Hk).
  assert (H : forall j, (j <= K)%nat -> below n (P O) (P j)).
  { induction j as [|j IH]; intros Hj i Hi; [apply Rle_refl|].
    apply Rle_trans with (1 := IH ltac:(lia) i Hi). apply Hgrow; auto; lia. }
  apply dual2_below; auto. apply H. lia.
Qed.
End Growing.
