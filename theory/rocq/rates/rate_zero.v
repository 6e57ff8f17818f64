(** The rates from zero, in a frozen metric: for independent samples of any finite distribution.

    δ_k = f(x^k) - f⋆ in the mean over samples, D = ‖x^1-x⋆‖_P, and G² bounds E‖∇f(x,s)‖²_{P⁻¹} in that ball.
    1. E‖d_k‖²_{P⁻¹} ≤ ρ_k² G², by induction: the square is convex, so that
       ‖βd_k + (1-β)g‖² ≤ ρ_{k+1}(β‖d_k‖²/ρ_k + (1-β)‖g‖²) ([mean_square_zero]).
    2. Fejér's step with any c_k ≤ α_k/ρ_k, in expectation and summed ([any_steps_zero]):
       2(1-β) Σ c_k E δ_k ≤ D² + G² Σ c_k² ρ_k².
    3. c_k = c gives the paper's rate, as ρ_k ≤ 1; c_k = c(1-β)/ρ_k² gives both sums the same weights
       V = Σ((1-β)/ρ_k)², and the rate G D/√V. In both c = D/(G√.), so that a cap of that size is no cap.
    4. The last point needs no step: 2c δ_K ≤ ‖x^K-x⋆‖² + c²‖g_K‖², so that its weight in V is 1. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step expectation rate.
From Momo Require Import metric method_zero fejer_zero.
Open Scope R_scope.

(** G in the metric: E‖g(x,s)‖²_{P⁻¹} ≤ G² where ‖x - x⋆‖_P ≤ D. *)
Definition bounded_gradients_in (n M : nat) (g : nat -> vec -> vec) (p : nat -> R) (P xs : vec) (D G : R) :=
  forall x, mdist2 n P x xs <= D * D -> sumn M (fun s => p s * dual2 n P (g s x)) <= G * G.

(** V_K = Σ_{k≤K} ((1-β)/(1-β^k))². *)
Definition weights_zero (beta : R) (K : nat) :=
  sumn K (fun k => (1 - beta) / (1 - beta ^ S k) * ((1 - beta) / (1 - beta ^ S k))).

Section Zero.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R).
Variables (beta fstar : R) (caps : nat -> option R) (P xs x1 : vec) (G D : R).
Notation rho := (rho beta).
Notation zstep k := (zstep n f g beta fstar (caps k) P (rho (S k))).
Notation EZ := (Ez n M f g p beta fstar caps P).
Notation zinv := (zinv n beta fstar P xs D).
Notation z0 := (zstart x1).
Notation dd := (fun z : state => mdist2 n P (px z) xs).
Notation NN := (fun z : state => dual2 n P (pd z)).
Notation dl := (delta M f p fstar).

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HP : positive P.
Hypothesis Hcaps : forall k, positive_cap (caps k).
Hypothesis Hp : nonnegative M p.
Hypothesis Hp1 : sumn M p = 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HG0 : 0 < G.
Hypothesis HD0 : 0 < D.
Hypothesis HD : mdist2 n P x1 xs = D * D.
Hypothesis HG : bounded_gradients_in n M g p P xs D G.

(* the expectation is linear, and monotone where the invariant holds; the last sample may go first *)
Lemma Ez_lin k : forall j st a b phi psi,
  EZ k j st (fun z => a * phi z + b * psi z) = a * EZ k j st phi + b * EZ k j st psi.
Proof.
  induction k; simpl; intros; auto.
  rewrite <- !sumn_scal, <- sumn_plus. apply sumn_ext; intros. rewrite IHk. ring.
Qed.
Lemma Ez_const k : forall j st a, EZ k j st (fun _ => a) = a.
Proof.
  induction k; simpl; intros; auto.
  rewrite (sumn_ext M _ (fun s => a * p s)) by (intros; rewrite IHk; ring). rewrite sumn_scal, Hp1; ring.
Qed.
Lemma Ez_last k : forall j st phi,
  EZ (S k) j st phi = EZ k j st (fun z => sumn M (fun s => p s * phi (zstep (j + k) z s))).
Proof.
  induction k; intros j st phi; [simpl; rewrite Nat.add_0_r; auto|].
  change (EZ (S (S k)) j st phi) with (sumn M (fun s => p s * EZ (S k) (S j) (zstep j st s) phi)).
  simpl Ez at 2. apply sumn_ext; intros. rewrite IHk. rewrite <- Nat.add_succ_comm. reflexivity.
Qed.
Lemma zkeep k st s : zinv k st -> (s < M)%nat -> zinv (S k) (zstep k st s).
Proof.
  intros Hi Hs.
  apply (zstep_inv n M f g beta fstar caps P xs D Hbeta HP Hcaps Hconv Hint Hmin k st s 0 Hi Hs (Rle_refl 0)).
  rewrite Rmult_0_l. pose proof (Hcaps k) as H. destruct (caps k); simpl in *; auto. lra.
Qed.
Lemma Ez_mono k : forall j st phi psi, zinv j st ->
  (forall z, zinv (j + k) z -> phi z <= psi z) -> EZ k j st phi <= EZ k j st psi.
Proof.
  induction k; simpl; intros j st phi psi Hi H; [apply H; rewrite Nat.add_0_r; auto|].
  apply sumn_le; intros s Hs. apply Rmult_le_compat_l; auto.
  apply IHk; [apply zkeep; auto|]. intros z Hz. apply H. rewrite <- Nat.add_succ_comm. auto.
Qed.
Lemma start_ok : zinv 0 z0.
Proof. apply zstart_inv; auto. Qed.

(* ‖βd + (1-β)g‖² ≤ (βr + 1-β)(β‖d‖²/r + (1-β)‖g‖²), in the metric *)
Lemma dual2_convex r d u : 0 < r ->
  dual2 n P (lin beta d (1 - beta) u) <=
  (beta * r + (1 - beta)) * (beta / r * dual2 n P d + (1 - beta) * dual2 n P u).
Proof.
  intros Hr. rewrite !dual2_down, down_lin by auto. set (a := down P d). set (b := down P u).
  pose proof (dot_pos n (lin 1 a (- r) b)) as H.
  assert (0 <= beta * (1 - beta) / r * dot n (lin 1 a (- r) b) (lin 1 a (- r) b)).
  { apply Rmult_le_pos; [|auto]. unfold Rdiv. apply Rmult_le_pos; [apply Rmult_le_pos; lra|].
    left. apply Rinv_0_lt_compat; auto. }
  apply Rminus_le.
  replace (_ - _) with (- (beta * (1 - beta) / r * dot n (lin 1 a (- r) b) (lin 1 a (- r) b))); [lra|].
  repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite (dot_comm n b a). field. lra.
Qed.

(** The averaged gradient from zero: E‖d_k‖²_{P⁻¹} ≤ ρ_k² G², ρ_k = 1-β^k.
    Source: MoMo paper, proof of the convergence theorem, for P = I and ρ = 1; else derived here. *)
Theorem mean_square_zero k : EZ k 0 z0 NN <= rho k * rho k * (G * G).
Proof.
  induction k.
  - simpl. unfold method_zero.rho, dual2; simpl.
    rewrite (sumn_ext n _ (fun i => 0 * 0)) by (intros; unfold Rdiv; ring). rewrite sumn_scal. lra.
  - rewrite Ez_last. simpl plus.
    destruct k as [|k].
    + (* the first step: d_1 = (1-β) g_1 *)
      simpl Ez. rewrite (sumn_ext M _ (fun s => (1 - beta) * (1 - beta) * (p s * dual2 n P (g s x1)))).
      * rewrite sumn_scal. pose proof (HG x1 (Req_le _ _ HD)) as H.
        replace (rho 1) with (1 - beta) by (unfold method_zero.rho; simpl; ring).
        apply Rmult_le_compat_l; [apply sq_pos|exact H].
      * intros s Hs. simpl pd. rewrite !dual2_down by auto. rewrite down_lin. unfold dot, lin, down.
        rewrite <- !sumn_scal. apply sumn_ext; intros. unfold Rdiv. ring.
    + set (r := rho (S k)) in *. assert (Hr : 0 < r) by (apply rho_pos; auto).
      apply Rle_trans with (EZ (S k) 0 z0 (fun z => rho (S (S k)) * (beta / r) * NN z
        + rho (S (S k)) * (1 - beta) * (G * G))).
      * apply Ez_mono; [apply start_ok|]. intros z Hz.
        pose proof (HG _ (zinv_ball n beta fstar P xs D HP _ _ Hz)) as Hg.
        apply Rle_trans with (sumn M (fun s => rho (S (S k)) * (beta / r) * NN z * p s
          + rho (S (S k)) * (1 - beta) * (p s * dual2 n P (g s (px z))))).
        -- apply sumn_le; intros s Hs. simpl pd.
           pose proof (dual2_convex r (pd z) (g s (px z)) Hr) as H. unfold r in H at 1.
           rewrite <- rho_next in H. apply (Rmult_le_compat_l (p s)) in H; [lra|auto].
        -- rewrite sumn_plus, !sumn_scal, Hp1. pose proof (rho_pos beta Hbeta (S k)).
           assert (rho (S (S k)) * (1 - beta) * sumn M (fun s => p s * dual2 n P (g s (px z)))
             <= rho (S (S k)) * (1 - beta) * (G * G))
             by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|auto]).
           lra.
      * pose proof (Ez_lin (S k) 0 z0 (rho (S (S k)) * (beta / r)) (rho (S (S k)) * (1 - beta) * (G * G))
          NN (fun _ => 1)) as E. cbv beta in E. rewrite Ez_const, Rmult_1_r in E.
        pose proof (rho_pos beta Hbeta (S k)) as Hr2.
        assert (Hc : 0 <= rho (S (S k)) * (beta / r)).
        { apply Rmult_le_pos; [lra|]. apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; auto]. }
        apply (Rmult_le_compat_l _ _ _ Hc) in IHk.
        set (rest := rho (S (S k)) * (1 - beta) * (G * G)) in *.
        apply Rle_trans with (rho (S (S k)) * (beta / r) * EZ (S k) 0 z0 NN + rest).
        -- right. rewrite <- E. reflexivity.
        -- apply Rle_trans with (rho (S (S k)) * (beta / r) * (r * r * (G * G)) + rest); [lra|]. right.
           unfold rest.
           replace (rho (S (S k)) * rho (S (S k))) with (rho (S (S k)) * (beta * r + (1 - beta)))
             by (unfold r; rewrite <- rho_next; reflexivity). field. lra.
Qed.

(* Fejér's step in expectation *)
Lemma expected_zstep k c : 0 <= c -> below_cap (c * rho (S k)) (caps k) ->
  EZ (S k) 0 z0 dd <= EZ k 0 z0 dd - 2 * c * (1 - beta) * EZ k 0 z0 dl
    + c * c * (rho (S k) * rho (S k)) * (G * G).
Proof.
  intros Hc Hca.
  apply Rle_trans with (EZ k 0 z0 dd - 2 * c * (1 - beta) * EZ k 0 z0 dl + c * c * EZ (S k) 0 z0 NN).
  2: { pose proof (mean_square_zero (S k)) as H. apply (Rmult_le_compat_l (c * c)) in H; [lra|apply sq_pos]. }
  rewrite !Ez_last. simpl plus.
  set (after := fun z => sumn M (fun s => p s * NN (zstep k z s))).
  pose proof (Ez_lin k 0 z0 1 (c * c) (fun z => 1 * dd z + (- (2 * c * (1 - beta))) * dl z) after) as E1.
  pose proof (Ez_lin k 0 z0 1 (- (2 * c * (1 - beta))) dd dl) as E2. cbv beta in E1, E2.
  apply Rle_trans
    with (EZ k 0 z0 (fun z => 1 * (1 * dd z + (- (2 * c * (1 - beta))) * dl z) + c * c * after z)).
  - apply Ez_mono; [apply start_ok|]. intros z Hz.
    apply Rle_trans with (sumn M (fun s => dd z * p s
      + ((- (2 * c * (1 - beta))) * (p s * (f s (px z) - fstar)) + c * c * (p s * NN (zstep k z s))))).
    + apply sumn_le; intros s Hs.
      pose proof (zstep_inv n M f g beta fstar caps P xs D Hbeta HP Hcaps Hconv Hint Hmin
        k z s c Hz Hs Hc Hca) as [_ [H1 [_ H2]]].
      set (a := model n (zstep k z s) (px z) - rho (S k) * fstar) in *.
      set (fall := 2 * c * ((1 - beta) * (f s (px z) - fstar))).
      assert (H3 : fall <= 2 * c * a) by (apply Rmult_le_compat_l; lra).
      apply Rle_trans with (p s * (dd z - fall + c * c * NN (zstep k z s)));
        [apply Rmult_le_compat_l; [auto|lra]|right; unfold fall; ring].
    + right. rewrite !sumn_plus, !sumn_scal, Hp1, (avg_sub M p Hp1). unfold after, delta, favg. ring.
  - right. rewrite E1, E2. ring.
Qed.

(* the last point needs no step *)
Lemma last_zpoint c k : 0 <= c -> 2 * c * EZ k 0 z0 dl <= EZ k 0 z0 dd + c * c * (G * G).
Proof.
  intros Hc.
  pose proof (Ez_lin k 0 z0 1 (c * c * (G * G)) dd (fun _ => 1)) as E. cbv beta in E. rewrite Ez_const in E.
  pose proof (Ez_lin k 0 z0 (2 * c) 0 dl dl) as E2. cbv beta in E2.
  apply Rle_trans with (EZ k 0 z0 (fun z => 2 * c * dl z + 0 * dl z)); [rewrite E2; lra|].
  apply Rle_trans with (EZ k 0 z0 (fun z => 1 * dd z + c * c * (G * G) * 1)); [|rewrite E; lra].
  apply Ez_mono; [apply start_ok|]. intros z Hz.
  pose proof (HG _ (zinv_ball n beta fstar P xs D HP _ _ Hz)) as Hg.
  apply (Rmult_le_compat_l (c * c)) in Hg; [|apply sq_pos].
  apply Rle_trans with (sumn M (fun s => dd z * p s + c * c * (p s * dual2 n P (g s (px z))))).
  - unfold delta, favg. rewrite Rmult_0_l, Rplus_0_r, <- (avg_sub M p Hp1), <- sumn_scal.
    apply sumn_le. intros s Hs. pose proof (Hconv s (px z) xs Hs) as Hc1. rewrite (Hint s Hs) in Hc1.
    set (e := lin 1 (px z) (-1) xs). set (u := g s (px z)) in *.
    assert (HY : 2 * c * (f s (px z) - fstar) <= dd z + c * c * dual2 n P u).
    { assert (Hi : dot n u e = - dot n u (lin 1 xs (-1) (px z))) by (unfold e; rewrite !dot_lin_r; ring).
      assert (H1 : 2 * c * (f s (px z) - fstar) <= 2 * c * dot n u e) by (apply Rmult_le_compat_l; lra).
      unfold mdist2. fold e. rewrite norm2_up, dual2_down by auto. rewrite <- (dot_down_up n P HP) in H1.
      pose proof (dot_pos n (lin 1 (up P e) (- c) (down P u))) as Hq.
      repeat rewrite ?dot_lin_l, ?dot_lin_r in Hq. rewrite (dot_comm n (up P e) (down P u)) in Hq. lra. }
    apply (Rmult_le_compat_l (p s)) in HY; [lra|auto].
  - rewrite sumn_plus, !sumn_scal, Hp1. lra.
Qed.

Lemma dist_znonneg k : 0 <= EZ k 0 z0 dd.
Proof.
  apply Rle_trans with (EZ k 0 z0 (fun _ => 0)); [rewrite Ez_const; lra|].
  apply Ez_mono; [apply start_ok|]. intros z _. apply norm2_pos; auto.
Qed.

Lemma summed_zero c K :
  (forall k, (k < K)%nat -> 0 <= c k /\ below_cap (c k * rho (S k)) (caps k)) ->
  EZ K 0 z0 dd + 2 * (1 - beta) * sumn K (fun k => c k * EZ k 0 z0 dl)
    <= D * D + G * G * sumn K (fun k => c k * c k * (rho (S k) * rho (S k))).
Proof.
  induction K; intros Hc; [simpl; rewrite HD; lra|].
  pose proof (IHK (fun k Hk => Hc k (Nat.lt_trans _ _ _ Hk (Nat.lt_succ_diag_r K)))) as IH.
  destruct (Hc K (Nat.lt_succ_diag_r K)) as [H0 Hca].
  pose proof (expected_zstep K (c K) H0 Hca) as H. simpl sumn. lra.
Qed.

(** Any step sizes c_k ≤ α_k/ρ_k: 2(1-β) Σ_{k≤K} c_k E δ_k ≤ D² + G² Σ_{k≤K} c_k² ρ_k².
    Source: derived here. *)
Theorem any_steps_zero c K :
  (forall k, (k < K)%nat -> 0 <= c k /\ below_cap (c k * rho (S k)) (caps k)) ->
  2 * (1 - beta) * sumn K (fun k => c k * EZ k 0 z0 dl)
    <= D * D + G * G * sumn K (fun k => c k * c k * (rho (S k) * rho (S k))).
Proof. intros Hc. pose proof (summed_zero c K Hc). pose proof (dist_znonneg K). lra. Qed.

(* c = D/(G√V) *)
Lemma best_zstep V m : 0 < V ->
  (forall c, 0 < c -> c = D / (G * sqrt V) -> 2 * c * V * m <= D * D + c * c * (G * G) * V) ->
  m <= G * D / sqrt V.
Proof.
  intros HV H. assert (Hr : 0 < sqrt V) by (apply sqrt_lt_R0; auto).
  assert (Hrr : sqrt V * sqrt V = V) by (apply sqrt_sqrt; lra). set (r := sqrt V) in *.
  assert (Hc : 0 < D / (G * r)) by (apply Rdiv_lt_0_compat; auto; apply Rmult_lt_0_compat; auto).
  pose proof (H _ Hc eq_refl) as H1. rewrite <- Hrr in H1.
  apply (Rmult_le_reg_l (2 * (D / (G * r)) * (r * r))).
  - apply Rmult_lt_0_compat; [apply Rmult_lt_0_compat; [lra|exact Hc]|apply Rmult_lt_0_compat; auto].
  - apply Rle_trans with (1 := H1). right. field. split; lra.
Qed.

(* c ≤ α allows c w ≤ α/ρ for w ρ ≤ 1 *)
Lemma below_part c w k : 0 <= c -> w * rho (S k) <= 1 -> below_cap c (caps k) ->
  below_cap (c * w * rho (S k)) (caps k).
Proof.
  intros Hc Hw H. destruct (caps k); simpl in *; auto.
  assert (c * (w * rho (S k)) <= c * 1) by (apply Rmult_le_compat_l; auto). lra.
Qed.

(** The paper's rate, from zero in a frozen metric: min_{k≤K} E[f(x^k) - f⋆] ≤ G D/((1-β)√K), without caps, or
    with caps α_k ≥ D/(G√K).
    Source: MoMo paper, convergence theorem, for P = I, ρ = 1 and no cap; else derived here. *)
Theorem rate_zero m K : (0 < K)%nat ->
  (forall k, (k < K)%nat -> below_cap (D / (G * sqrt (INR K))) (caps k)) ->
  (forall k, (k < K)%nat -> m <= EZ k 0 z0 dl) ->
  m <= G * D / ((1 - beta) * sqrt (INR K)).
Proof.
  intros HK Hca Hm. assert (HK0 : 0 < INR K) by (apply lt_0_INR; auto).
  assert (H : (1 - beta) * m <= G * D / sqrt (INR K)).
  { apply best_zstep; auto. intros c Hc Ec. rewrite <- Ec in Hca.
    pose proof (any_steps_zero (fun _ => c * 1) K) as H. cbv beta in H.
    assert (Hcc : forall k, (k < K)%nat -> 0 <= c * 1 /\ below_cap (c * 1 * rho (S k)) (caps k)).
    { intros k Hk. split; [lra|]. apply below_part; auto; [lra|]. pose proof (rho_range beta k Hbeta). lra. }
    specialize (H Hcc).
    assert (H1 : INR K * (c * m) <= sumn K (fun k => c * 1 * EZ k 0 z0 dl)).
    { clear - Hm Hc. induction K; [simpl; lra|]. rewrite S_INR. simpl sumn.
      pose proof (IHK (fun k Hk => Hm k (Nat.lt_trans _ _ _ Hk (Nat.lt_succ_diag_r K)))).
      pose proof (Hm K (Nat.lt_succ_diag_r K)) as H1. apply (Rmult_le_compat_l c) in H1; lra. }
    assert (H2 : sumn K (fun k => c * 1 * (c * 1) * (rho (S k) * rho (S k))) <= INR K * (c * c)).
    { clear - Hc Hbeta. induction K; [simpl; lra|]. rewrite S_INR. simpl sumn.
      pose proof (rho_range beta K Hbeta) as Hr. set (r := rho (S K)) in *.
      assert (r * r <= 1 * 1) by (apply Rmult_le_compat; lra).
      assert (c * c * (r * r) <= c * c * 1) by (apply Rmult_le_compat_l; [apply sq_pos|lra]). lra. }
    apply (Rmult_le_compat_l (2 * (1 - beta))) in H1; [|lra].
    apply (Rmult_le_compat_l (G * G)) in H2; [|apply sq_pos]. lra. }
  assert (Hr : 0 < sqrt (INR K)) by (apply sqrt_lt_R0; auto).
  apply (Rmult_le_reg_l (1 - beta)); [lra|]. apply Rle_trans with (1 := H). right. field. split; lra.
Qed.

(* the same weights on both sides *)
Lemma summed_weights c m K : 0 <= c -> (forall k, (k < K)%nat -> below_cap c (caps k)) ->
  (forall k, (k < K)%nat -> m <= EZ k 0 z0 dl) ->
  EZ K 0 z0 dd + 2 * c * weights_zero beta K * m <= D * D + c * c * (G * G) * weights_zero beta K.
Proof.
  intros Hc Hca Hm. set (w := fun k => (1 - beta) / (rho (S k) * rho (S k))).
  assert (Hw : forall k, 0 <= w k /\ w k * rho (S k) <= 1).
  { intros k. pose proof (rho_range beta k Hbeta) as Hr. unfold w. set (r := rho (S k)) in *.
    assert (0 < r * r) by (apply Rmult_lt_0_compat; lra). split.
    - apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; auto].
    - replace ((1 - beta) / (r * r) * r) with ((1 - beta) / r) by (field; lra).
      apply (Rmult_le_reg_r r); [lra|]. replace ((1 - beta) / r * r) with (1 - beta) by (field; lra). lra. }
  pose proof (summed_zero (fun k => c * w k) K) as H. cbv beta in H.
  assert (Hcc : forall k, (k < K)%nat -> 0 <= c * w k /\ below_cap (c * w k * rho (S k)) (caps k)).
  { intros k Hk. destruct (Hw k) as [W1 W2]. split; [apply Rmult_le_pos; auto|apply below_part; auto]. }
  specialize (H Hcc).
  assert (H1 : c * m * weights_zero beta K <= (1 - beta) * sumn K (fun k => c * w k * EZ k 0 z0 dl)).
  { unfold weights_zero. rewrite <- !sumn_scal. apply sumn_le; intros k Hk.
    destruct (Hw k) as [W1 _]. pose proof (Hm k Hk) as H1.
    assert (Hcw : 0 <= c * (1 - beta) * w k) by (apply Rmult_le_pos; [apply Rmult_le_pos; lra|exact W1]).
    apply (Rmult_le_compat_l _ _ _ Hcw) in H1.
    apply Rle_trans with (c * (1 - beta) * w k * m); [|lra]. right. unfold w.
    change (1 - beta ^ S k) with (rho (S k)). pose proof (rho_pos beta Hbeta k). field. lra. }
  assert (H2 : sumn K (fun k => c * w k * (c * w k) * (rho (S k) * rho (S k))) = c * c * weights_zero beta K).
  { unfold weights_zero. rewrite <- sumn_scal. apply sumn_ext; intros k Hk. unfold w.
    change (1 - beta ^ S k) with (rho (S k)). pose proof (rho_pos beta Hbeta k). field. lra. }
  rewrite H2 in H. lra.
Qed.

Lemma weights_pos K : 0 <= weights_zero beta K.
Proof. apply sumn_nonneg. intros. apply sq_pos. Qed.

(** The first term kept, from zero: min_{k≤K} E[f(x^k) - f⋆] ≤ G D/√V, V = Σ_{k≤K} ((1-β)/(1-β^k))², without
    caps, or with caps α_k ≥ D/(G√V).  Source: derived here. *)
Theorem rate_first_term_zero m K : (0 < K)%nat ->
  (forall k, (k < K)%nat -> below_cap (D / (G * sqrt (weights_zero beta K))) (caps k)) ->
  (forall k, (k < K)%nat -> m <= EZ k 0 z0 dl) ->
  m <= G * D / sqrt (weights_zero beta K).
Proof.
  intros HK Hca Hm. assert (HV : 0 < weights_zero beta K).
  { destruct K as [|K]; [lia|]. unfold weights_zero. simpl sumn. pose proof (weights_pos K) as H.
    unfold weights_zero in H. change (1 - beta ^ S K) with (rho (S K)).
    pose proof (rho_pos beta Hbeta K) as Hr.
    assert (0 < (1 - beta) / rho (S K)) by (apply Rdiv_lt_0_compat; lra).
    assert (0 < (1 - beta) / rho (S K) * ((1 - beta) / rho (S K))) by (apply Rmult_lt_0_compat; auto).
    unfold method_zero.rho in *. simpl pow in *. lra. }
  apply best_zstep; auto. intros c Hc Ec. rewrite <- Ec in Hca.
  pose proof (summed_weights c m K (Rlt_le _ _ Hc) Hca Hm). pose proof (dist_znonneg K). lra.
Qed.

(** Both ends kept, from zero: K evaluations after the first (K+1 in all, K ≥ 0) give
    min_{k≤K+1} E[f(x^k) - f⋆] ≤ G D/√(1 + V), V = Σ_{k≤K} ((1-β)/(1-β^k))², without caps, or with caps
    α_k ≥ D/(G√(1 + V)).
    Source: derived here. *)
Theorem rate_two_ends_zero m K :
  (forall k, (k < K)%nat -> below_cap (D / (G * sqrt (1 + weights_zero beta K))) (caps k)) ->
  (forall k, (k < S K)%nat -> m <= EZ k 0 z0 dl) ->
  m <= G * D / sqrt (1 + weights_zero beta K).
Proof.
  intros Hca Hm. pose proof (weights_pos K) as HV.
  apply best_zstep; [lra|]. intros c Hc Ec. rewrite <- Ec in Hca.
  pose proof (summed_weights c m K (Rlt_le _ _ Hc) Hca
    (fun k Hk => Hm k (Nat.lt_trans _ _ _ Hk (Nat.lt_succ_diag_r K)))) as H.
  pose proof (last_zpoint c K (Rlt_le _ _ Hc)) as HL. pose proof (Hm K (Nat.lt_succ_diag_r K)) as HmK.
  apply (Rmult_le_compat_l (2 * c)) in HmK; lra.
Qed.
End Zero.
