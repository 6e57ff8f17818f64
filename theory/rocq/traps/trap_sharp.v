(** The sharp rate cannot be improved: bound and trap, side by side.

    Both are G D/√A, with A = a + Σ, where only the number a differs (1 or a constant of β in the rate,
    rest in the trap), while Σ ≥ (1-β²) K, or Σ = (1-β²) K + constant, grows without bound. So for c < 1
    there is a K from which on c² (rest + Σ) < a + Σ ([sooner_or_later]), that is
    c · bound < value of the trap. *)
Require Import Reals Lra Lia.
From Momo Require Import sums vectors method assumptions logarithm max_affine trap_points trap.
From Momo Require Import sharp_rate_scalars sharp_rate sharp_rate_zero.
Open Scope R_scope.

Lemma some_nat x : exists N : nat, x < INR N.
Proof.
  exists (Z.to_nat (up x)). rewrite INR_IZR_INZ. destruct (archimed x) as [H _].
  destruct (Z_le_gt_dec 0 (up x)) as [Hz|Hz].
  - rewrite Z2Nat.id by auto. lra.
  - apply Rlt_le_trans with (1 := Rgt_lt _ _ H). apply IZR_le. lia.
Qed.

(** c² (a + S) < d + S as soon as S is large. *)
Lemma sooner_or_later c a d kp : 0 <= c < 1 -> 0 < kp ->
  exists K0, forall K S, (K0 <= K)%nat -> kp * INR K <= S -> c * c * (a + S) < d + S.
Proof.
  intros Hc Hkp. set (q := 1 - c * c).
  assert (Hq : 0 < q) by (unfold q; assert (c * c <= c * 1) by (apply Rmult_le_compat_l; lra); lra).
  destruct (some_nat ((c * c * a - d) / (q * kp))) as [K0 H0]. exists K0. intros K S HK HS.
  assert (Hqk : 0 < q * kp) by (apply Rmult_lt_0_compat; auto).
  apply (Rmult_lt_compat_r (q * kp)) in H0; auto.
  replace ((c * c * a - d) / (q * kp) * (q * kp)) with (c * c * a - d) in H0 by (field; lra).
  assert (H1 : INR K0 * (q * kp) <= INR K * (q * kp)) by (apply Rmult_le_compat_r; [lra|apply le_INR; auto]).
  assert (H2 : q * (kp * INR K) <= q * S) by (apply Rmult_le_compat_l; lra). unfold q in *. lra.
Qed.

(** From the squares to the values. *)
Lemma smaller_share c P A1 A2 : c < 1 -> 0 < P -> 0 < A1 -> 0 < A2 -> (0 <= c -> c * c * A2 < A1) ->
  c * (P / sqrt A1) < P / sqrt A2.
Proof.
  intros Hc HP H1 H2 H. pose proof (sqrt_lt_R0 _ H1) as R1. pose proof (sqrt_lt_R0 _ H2) as R2.
  pose proof (sqrt_sqrt _ (Rlt_le _ _ H1)) as E1. pose proof (sqrt_sqrt _ (Rlt_le _ _ H2)) as E2.
  assert (H3 : c * sqrt A2 < sqrt A1).
  { destruct (Rle_lt_dec 0 c) as [Hc0|Hc0].
    - apply Rsqr_incrst_0; [|apply Rmult_le_pos; lra|lra]. unfold Rsqr.
      replace (c * sqrt A2 * (c * sqrt A2)) with (c * c * (sqrt A2 * sqrt A2)) by ring.
      rewrite E1, E2. auto.
    - apply Rlt_trans with 0; auto. rewrite <- (Rmult_0_l (sqrt A2)). apply Rmult_lt_compat_r; auto. }
  apply (Rmult_lt_reg_r (sqrt A1 * sqrt A2)); [apply Rmult_lt_0_compat; auto|].
  replace (c * (P / sqrt A1) * (sqrt A1 * sqrt A2)) with (P * (c * sqrt A2)) by (field; lra).
  replace (P / sqrt A2 * (sqrt A1 * sqrt A2)) with (P * sqrt A1) by (field; lra).
  apply Rmult_lt_compat_l; auto.
Qed.

(** 1/N_k ≥ 1-β² from zero, ≤ 1-β² from the first sample, where the first term is 1. *)
Lemma power_below_1 b i : 0 <= b < 1 -> 0 <= b ^ i <= 1.
Proof.
  intros Hb. split; [apply pow_le; lra|]. rewrite <- (pow1 i). apply pow_incr. lra.
Qed.
Lemma decrease_zero_grows beta K : 0 <= beta < 1 -> (1 - beta * beta) * INR K <= decrease_zero beta K.
Proof.
  intros Hb. pose proof (square_below_1 beta Hb) as Hs. unfold decrease_zero.
  induction K; [simpl; lra|]. rewrite S_INR. change (sumn (S K) ?F) with (sumn K F + F K).
  assert (H : 1 - beta * beta <= (1 - beta * beta) / (1 - beta ^ (2 * S K))).
  { rewrite <- norms_zero. pose proof (norms_zero_ge1 beta K) as Hn.
    pose proof (power_below_1 beta (2 * S K) Hb) as Hp. pose proof (norms_zero beta K) as E.
    assert (Hpos : 0 < norms beta 1 K * (1 - beta * beta)) by (apply Rmult_lt_0_compat; lra).
    apply (Rmult_le_reg_r (norms beta 1 K * (1 - beta * beta))); auto.
    replace ((1 - beta * beta) / (norms beta 1 K * (1 - beta * beta)) * (norms beta 1 K * (1 - beta * beta)))
      with (1 - beta * beta) by (field; lra).
    rewrite E. assert ((1 - beta * beta) * (1 - beta ^ (2 * S K)) <= (1 - beta * beta) * 1)
      by (apply Rmult_le_compat_l; lra). lra. }
  lra.
Qed.
Lemma decrease_first_grows beta K : 0 <= beta < 1 ->
  decrease_first beta (S K) <= 1 + (1 - beta * beta) * INR K.
Proof.
  intros Hb. pose proof (square_below_1 beta Hb) as Hs. unfold decrease_first.
  induction K; [simpl; lra|]. rewrite S_INR. change (sumn (S (S K)) ?F) with (sumn (S K) F + F (S K)).
  assert (H : (1 - beta * beta) * (1 - beta) / (1 - beta + 2 * beta ^ (2 * S K + 1)) <= 1 - beta * beta).
  { pose proof (power_below_1 beta (2 * S K + 1) Hb) as Hp.
    apply (Rmult_le_reg_r (1 - beta + 2 * beta ^ (2 * S K + 1))); [lra|].
    replace ((1 - beta * beta) * (1 - beta) / (1 - beta + 2 * beta ^ (2 * S K + 1))
      * (1 - beta + 2 * beta ^ (2 * S K + 1))) with ((1 - beta * beta) * (1 - beta)) by (field; lra).
    apply Rmult_le_compat_l; lra. }
  lra.
Qed.
Lemma decrease_first_pos beta K : 0 <= beta < 1 -> 0 <= decrease_first beta K.
Proof.
  intros Hb. pose proof (square_below_1 beta Hb). apply sumn_nonneg. intros [|i] _; [lra|].
  pose proof (power_below_1 beta (2 * S i + 1) Hb).
  apply Rlt_le, Rdiv_lt_0_compat; [apply Rmult_lt_0_compat; lra|lra].
Qed.
Lemma root_square beta : 0 <= beta < 1 -> 0 < (1 - sqrt beta) * (1 - sqrt beta).
Proof. intros Hb. destruct (root_beta beta Hb). apply Rmult_lt_0_compat; lra. Qed.
Lemma rest_zero_pos beta : 0 <= beta < 1 -> 0 < rest_zero beta.
Proof. intros Hb. apply Rdiv_lt_0_compat; [lra|apply root_square; auto]. Qed.
Lemma rest_first_pos beta : 0 <= beta < 1 -> 0 < rest_first beta.
Proof. intros Hb. apply Rdiv_lt_0_compat; [apply square_below_1; auto|apply root_square; auto]. Qed.

(** The sharp rate from zero cannot be improved: for no c < 1 is c times its bound one. From some K on
    there is a convex G-Lipschitz f, a maximum of affine functions, on which MoMo with averages from zero has
    f(x^k) - f⋆ > c · G D/√(1 + Σ_{k=1}^K (1-β²)/(1-β^{2k})) at all of its first K+1 points.
    Source: derived here (theory/README.md, "The sharp rate: it cannot be improved"). *)
Theorem sharp_rate_zero_cannot_be_improved beta fstar G D c : 0 <= beta < 1 -> 0 < G -> 0 < D -> c < 1 ->
  exists K0, forall K, (K0 <= K)%nat ->
  exists n f g xs x1, lipschitz_problem n f g xs x1 fstar G D /\
  forall k, (k <= K)%nat ->
    c * (G * D / sqrt (1 + sumn K (fun i => (1 - beta * beta) / (1 - beta ^ (2 * S i)))))
    < f (px (runz n f g beta fstar x1 k)) - fstar.
Proof.
  intros Hb HG HD Hc. pose proof (square_below_1 beta Hb) as Hs.
  destruct (sooner_or_later (Rmax 0 c) (rest_zero beta) 1 (1 - beta * beta)) as [K0 H0].
  - split; [apply Rmax_l|apply Rmax_lub_lt; lra].
  - lra.
  - exists K0. intros K HK. pose proof (decrease_zero_grows beta K Hb) as Hgrow.
    pose proof (H0 K (decrease_zero beta K) HK Hgrow) as H.
    destruct (trap_from_zero beta fstar G D K Hb HG HD) as [slope [x1 [Hp Hv]]].
    exists (S (S K)), (max_affine (S (S K)) (S K) slope fstar), (active (S (S K)) (S K) slope), origin, x1.
    split; [exact Hp|]. intros k Hk. rewrite (Hv k Hk). fold (decrease_zero beta K).
    pose proof (rest_zero_pos beta Hb) as Hr. pose proof (pos_INR K) as HI.
    assert (0 <= (1 - beta * beta) * INR K) by (apply Rmult_le_pos; lra).
    apply smaller_share; auto; try lra; [apply Rmult_lt_0_compat; auto|].
    intros Hc0. rewrite Rmax_right in H by auto. exact H.
Qed.

(** The sharp rate from the first sample cannot be improved: for no c < 1 is c times its bound one. From some
    K on the bound G D/√A, A = 2 + (1-β²)(K-1) - log((1+β)/(1-β)) - min{2β log 2, ψ}, for K+1 points
    has A > 0, and there is a convex G-Lipschitz f, a maximum of affine functions, on which MoMo from the
    first sample has f(x^k) - f⋆ > c · G D/√A at all of its first K+1 points.
    Source: derived here (theory/README.md, "The sharp rate: it cannot be improved"). *)
Theorem sharp_rate_cannot_be_improved beta fstar G D c : 0 <= beta < 1 -> 0 < G -> 0 < D -> c < 1 ->
  exists K0, forall K, (K0 <= K)%nat ->
  let A := 2 + (1 - beta * beta) * (INR (S K) - 2) - lg ((1 + beta) / (1 - beta))
    - Rmin (2 * beta * lg 2) (psi beta) in
  0 < A /\
  exists n f g xs x1, lipschitz_problem n f g xs x1 fstar G D /\
  forall k, (k < S K)%nat -> c * (G * D / sqrt A) < f (px (run1 n f g beta fstar x1 k)) - fstar.
Proof.
  intros Hb HG HD Hc. pose proof (square_below_1 beta Hb) as Hs. pose proof (rest_first_pos beta Hb) as Hr.
  set (loss := lg ((1 + beta) / (1 - beta)) + Rmin (2 * beta * lg 2) (psi beta)).
  destruct (sooner_or_later (Rmax 0 c) (rest_first beta + 1) (2 - (1 - beta * beta) - loss)
    (1 - beta * beta)) as [K0 H0].
  - split; [apply Rmax_l|apply Rmax_lub_lt; lra].
  - lra.
  - exists K0. intros K HK A. pose proof (H0 K _ HK (Rle_refl _)) as H.
    assert (EA : A = 2 - (1 - beta * beta) - loss + (1 - beta * beta) * INR K)
      by (unfold A, loss; rewrite S_INR; ring).
    rewrite <- EA in H. pose proof (pos_INR K) as HI.
    assert (HS : 0 <= (1 - beta * beta) * INR K) by (apply Rmult_le_pos; lra).
    assert (HA : 0 < A).
    { apply Rle_lt_trans with (2 := H). apply Rmult_le_pos; [apply sq_pos|lra]. }
    split; [exact HA|]. destruct (trap_from_first beta fstar G D K Hb HG HD) as [slope [x1 [Hp Hv]]].
    exists (S (S K)), (max_affine (S (S K)) (S K) slope fstar), (active (S (S K)) (S K) slope), origin, x1.
    split; [exact Hp|]. intros k Hk. rewrite (Hv k) by lia.
    pose proof (decrease_first_pos beta K Hb) as Hd0.
    assert (Hd : decrease_first beta K <= 1 + (1 - beta * beta) * INR K).
    { pose proof (decrease_first_grows beta K Hb) as Hg. apply Rle_trans with (2 := Hg).
      unfold decrease_first. change (sumn (S K) ?F) with (sumn K F + F K). destruct K as [|K']; [lra|].
      pose proof (power_below_1 beta (2 * S K' + 1) Hb).
      assert (0 < (1 - beta * beta) * (1 - beta) / (1 - beta + 2 * beta ^ (2 * S K' + 1)))
        by (apply Rdiv_lt_0_compat; [apply Rmult_lt_0_compat; lra|lra]). lra. }
    apply smaller_share; auto; try lra; [apply Rmult_lt_0_compat; auto|].
    intros Hc0. rewrite Rmax_right in H by auto. apply Rle_lt_trans with (2 := H).
    apply Rmult_le_compat_l; [apply sq_pos|lra].
Qed.

(** The trap from the first sample, with 1/N_k ≤ 1-β²: at K+2 points (k = 0, …, K+1), and for the f of
    trap_from_first, f(x^k) - f⋆ ≥ G D/√((1-β²)/(1-√β)² + 1 + (1-β²) K).
    Source: derived here (theory/theorems/trap/proof.py). *)
Theorem trap_from_first_linear beta fstar G D K : 0 <= beta < 1 -> 0 < G -> 0 < D ->
  exists n f g xs x1, lipschitz_problem n f g xs x1 fstar G D /\
  forall k, (k <= S K)%nat -> G * D / sqrt (rest_first beta + 1 + (1 - beta * beta) * INR K)
    <= f (px (run1 n f g beta fstar x1 k)) - fstar.
Proof.
  intros Hb HG HD. destruct (trap_from_first beta fstar G D (S K) Hb HG HD) as [slope [x1 [Hp Hv]]].
  exists (S (S (S K))), (max_affine (S (S (S K))) (S (S K)) slope fstar),
    (active (S (S (S K))) (S (S K)) slope), origin, x1.
  split; [exact Hp|]. intros k Hk. rewrite (Hv k Hk).
  pose proof (rest_first_pos beta Hb). pose proof (decrease_first_pos beta (S K) Hb).
  pose proof (decrease_first_grows beta K Hb).
  unfold Rdiv. apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|].
  apply Rinv_le_contravar; [apply sqrt_lt_R0; lra|]. apply sqrt_le_1_alt. lra.
Qed.
