(** * Functions in a given order: the paper's factor 1/(1-β) cannot be improved

    MoMo from the first sample, no cap, f_⋆ = f⋆.  There are K functions in the plane, convex, G-Lipschitz,
    with a common minimiser, on which a run that sees each of them once has f_k(x^k) - f⋆ = δ for all k, and

      G D/√(2 + (1-β)²(K-2) + 1 + 1/2 + … + 1/(K-2))  ≤  δ  ≤  G D/√(2 + (1-β)²(K-2)),

    so that δ √K (1-β)/(G D) → 1 as K grows.  No run in any order has all f_k(x^k) - f⋆ above
    G D/((1-β)√K): the factor is exact.

    1. given_order_numbers.v chooses ‖x^1 - x⋆‖, in units of δ/G, so that ‖x^K - x⋆‖ = δ/G.
    2. given_order_path.v makes points, gradients and functions from the numbers.
    3. Here: rescaled to the given D, and K → ∞. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions logarithm wrong_bound.
From Momo Require Import given_order_numbers given_order_path.
Open Scope R_scope.

(** The samples 0, 1, …, K-1, each once. *)
Definition in_order (k : nat) : nat := k.

(** K functions in the plane, convex, G-Lipschitz, with the common minimiser x⋆ = xs and the minimum f⋆, and
    ‖x^1 - x⋆‖ = D; MoMo's run on them in this order has the values f⋆ + δ, for k = 0, …, K-1. *)
Definition all_equal (beta fstar G D delta : R) (K : nat)
    (f : nat -> vec -> R) (g : nat -> vec -> vec) (x1 xs : vec) : Prop :=
  convex 2 K f g /\ interpolation K f xs fstar /\ bounded_below K f fstar /\
  (forall s x, (s < K)%nat -> dot 2 (g s x) (g s x) <= G * G) /\
  dist2 2 x1 xs = D * D /\
  (forall k, (k < K)%nat -> f k (px (path 2 f g beta fstar None x1 in_order k)) - fstar = delta).

(** What the K points leave of ‖x^1 - x⋆‖²: the last one is at the distance δ/G, and in between each step
    takes off δ²/N_k with N_k = ‖d_k‖²/(1-β)², but the first one δ²/G². *)
Definition sharp_steps (beta fstar G D delta : R) (K : nat)
    (f : nat -> vec -> R) (g : nat -> vec -> vec) (x1 xs : vec) : Prop :=
  let run := path 2 f g beta fstar None x1 in_order in
  let N k := dot 2 (pd (run (S k))) (pd (run (S k))) / ((1 - beta) * (1 - beta)) in
  dist2 2 (px (run (K - 1)%nat)) xs = delta * delta / (G * G) /\
  D * D = delta * delta * (2 / (G * G) + sumn (K - 2) (fun k => / N (S k))).

Lemma above x : exists n : nat, x < INR n.
Proof.
  destruct (archimed x) as [H _]. exists (Z.to_nat (up x)). apply Rlt_le_trans with (1 := H).
  rewrite INR_IZR_INZ. apply IZR_le. lia.
Qed.

Section GivenOrder.
Variables beta fstar G D : R.
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HG : 0 < G.
Hypothesis HD : 0 < D.
Local Notation q := ((1 - beta) * (1 - beta)).

(** With a = ‖x^1 - x⋆‖² in units of (δ/G)². *)
Lemma problem_of a K : size beta a K = 1 ->
  exists f g x1 xs, all_equal beta fstar G D (G * D / sqrt a) (S K) f g x1 xs /\
    ((1 <= K)%nat -> sharp_steps beta fstar G D (G * D / sqrt a) (S K) f g x1 xs).
Proof.
  intros HK. pose proof (q_range beta Hbeta) as Hq.
  assert (Hsize : forall k, (k <= K)%nat -> 1 <= size beta a k).
  { intros k Hk. pose proof (size_between beta Hbeta a k K Hk) as H.
    pose proof (Rmult_le_pos q (INR (K - k)) ltac:(lra) (pos_INR _)). lra. }
  assert (Ha : 1 <= a) by exact (Hsize O ltac:(lia)).
  assert (Hr : 0 < sqrt a) by (apply sqrt_lt_R0; lra).
  assert (Hrr : sqrt a * sqrt a = a) by (apply sqrt_sqrt; lra).
  assert (HGD : 0 < G * D) by (apply Rmult_lt_0_compat; auto).
  assert (HGG : 0 < G * G) by (apply Rmult_lt_0_compat; auto).
  set (delta := G * D / sqrt a). assert (Hdelta : 0 < delta) by (apply Rdiv_lt_0_compat; auto).
  assert (Edd : delta * delta / (G * G) * a = D * D).
  { unfold delta. rewrite <- Hrr at 3. field. split; lra. }
  assert (Hup : forall s, (s < S K)%nat -> forall j, (j <= s)%nat -> 1 <= size beta a j)
    by (intros s Hs j Hj; apply Hsize; lia).
  exists (own beta a fstar delta G), (own_slope beta a delta G), (times (delta / G) (point beta a 0)).
  exists (fun _ => 0).
  repeat split.
  - intros s x y _. apply hinge_convex.
  - intros s Hs. apply (own_at_0 beta a Hbeta fstar delta G HG s (Hup s Hs)).
  - intros s x _. apply hinge_above.
  - intros s x Hs. apply (own_lipschitz beta a Hbeta delta G s x (Hup s Hs)).
  - rewrite <- Edd. apply (run_distance beta a Hbeta fstar delta G Hdelta HG 0 (Hup O ltac:(lia))).
  - intros k Hk. apply (own_value beta a Hbeta fstar delta G Hdelta HG k (Hup k Hk)).
  - replace (S K - 1)%nat with K by lia.
    pose proof (run_distance beta a Hbeta fstar delta G Hdelta HG K (Hup K ltac:(lia))) as Hlast.
    rewrite HK, Rmult_1_r in Hlast. exact Hlast.
  - destruct K as [|K]; [lia|]. replace (S (S K) - 2)%nat with K by lia.
    rewrite (sumn_ext K _ (fun k => / (G * G) * fall (S k) (norm beta a (S k)))).
    + rewrite sumn_scal, <- Edd.
      pose proof (sizes_sum beta a (S K)) as E. rewrite HK, sumn_first in E.
      change (size beta a 0) with a in E.
      rewrite E at 1. unfold fall at 1. field. lra.
    + intros k Hk. pose proof (norm_range beta Hbeta a (S k)) as HN.
      pose proof (run_average beta a Hbeta fstar delta G Hdelta HG (S k) (Hup (S k) ltac:(lia))) as Hd.
      unfold run in Hd. change (fun i : nat => i) with in_order in Hd. rewrite Hd.
      unfold fall. field. repeat split; lra.
Qed.

(** ‖x^1 - x⋆‖² in units of (δ/G)², for K points *)
Definition squared_size (K : nat) : R := proj1_sig (start_size beta Hbeta (K - 1)).
Definition level (K : nat) : R := G * D / sqrt (squared_size K).

Lemma squared_size_spec K : size beta (squared_size K) (K - 1) = 1.
Proof. unfold squared_size. apply proj2_sig. Qed.

Lemma squared_size_ends K : (2 <= K)%nat ->
  2 + q * (INR K - 2) <= squared_size K <= 2 + q * (INR K - 2) + harmonic (K - 2).
Proof.
  intros HK. pose proof (squared_size_spec K) as H. destruct K as [|[|K]]; try lia.
  replace (S (S K) - 1)%nat with (S K) in H by lia. replace (S (S K) - 2)%nat with K by lia.
  replace (INR (S (S K)) - 2) with (INR K) by (rewrite !S_INR; ring).
  apply (start_size_range beta Hbeta); auto.
Qed.

Lemma squared_size_range K : (1 <= K)%nat ->
  1 <= squared_size K /\ q * INR K <= squared_size K <= q * INR K + 4 * sqrt (INR K).
Proof.
  intros HK. pose proof (q_range beta Hbeta) as Hq.
  assert (H1 : 1 <= INR K) by (apply (le_INR 1); auto).
  assert (Hs : 1 <= sqrt (INR K)) by (rewrite <- sqrt_1 at 1; apply sqrt_le_1; lra).
  destruct (Nat.eq_dec K 1) as [->|Hne].
  - pose proof (squared_size_spec 1) as H. simpl in H.
    change (size beta (squared_size 1) 0) with (squared_size 1) in H.
    simpl INR in *. rewrite H, sqrt_1. lra.
  - pose proof (squared_size_ends K ltac:(lia)) as H. pose proof (harmonic_root (K - 2)) as Hh.
    assert (sqrt (INR (K - 2)) <= sqrt (INR K)) by (apply sqrt_le_1; try apply pos_INR; apply le_INR; lia).
    assert (HK2 : 2 <= INR K) by (apply (le_INR 2); lia).
    assert (0 <= q * (INR K - 2)) by (apply Rmult_le_pos; lra). lra.
Qed.

(** K functions on which MoMo never sees a value below f⋆ + δ, with an explicit range of δ.

    For all β ∈ [0,1), G, D > 0, f⋆ and K ≥ 2 there are f_1, …, f_K in the plane, convex, G-Lipschitz, with a
    common minimiser x⋆, ‖x^1 - x⋆‖ = D, such that the run that sees them in this order has f_k(x^k) - f⋆ = δ
    for all k ≤ K, where G D/√(2 + (1-β)²(K-2) + 1 + 1/2 + … + 1/(K-2)) ≤ δ ≤ G D/√(2 + (1-β)²(K-2)).
    Every step is Fejér's inequality with equality: with N_k = ‖d_k‖²/(1-β)²,
    D² = δ²(2/G² + Σ_{2≤k<K} 1/N_k), and ‖x^K - x⋆‖ = δ/G.
    Source: derived here. *)
Theorem given_order K : (2 <= K)%nat ->
  exists f g x1 xs delta,
    all_equal beta fstar G D delta K f g x1 xs /\
    sharp_steps beta fstar G D delta K f g x1 xs /\
    G * D / sqrt (2 + (1 - beta) * (1 - beta) * (INR K - 2) + harmonic (K - 2)) <= delta /\
    delta <= G * D / sqrt (2 + (1 - beta) * (1 - beta) * (INR K - 2)).
Proof.
  intros HK. pose proof (squared_size_ends K HK) as Ha. pose proof (squared_size_spec K) as HS.
  destruct (problem_of _ _ HS) as [f [g [x1 [xs [H1 H2]]]]]. replace (S (K - 1)) with K in * by lia.
  exists f, g, x1, xs, (level K). split; [exact H1|split; [apply H2; lia|]].
  pose proof (q_range beta Hbeta) as Hq. assert (HK2 : 2 <= INR K) by (apply (le_INR 2); auto).
  assert (0 <= q * (INR K - 2)) by (apply Rmult_le_pos; lra).
  assert (Hmono : forall u v, 0 < u -> u <= v -> G * D / sqrt v <= G * D / sqrt u).
  { intros u v Hu Huv. unfold Rdiv. apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|].
    apply Rinv_le_contravar; [apply sqrt_lt_R0; auto|apply sqrt_le_1; lra]. }
  split; apply Hmono; lra.
Qed.

(** The same for every K ≥ 1, in one simple formula: δ ≥ G D/√((1-β)²K + 4√K).
    Source: derived here. *)
Theorem given_order_root K : (1 <= K)%nat ->
  exists f g x1 xs delta,
    all_equal beta fstar G D delta K f g x1 xs /\
    G * D / sqrt ((1 - beta) * (1 - beta) * INR K + 4 * sqrt (INR K)) <= delta.
Proof.
  intros HK. pose proof (squared_size_range K HK) as Ha.
  destruct (problem_of _ _ (squared_size_spec K)) as [f [g [x1 [xs [H1 _]]]]].
  replace (S (K - 1)) with K in * by lia. exists f, g, x1, xs, (level K). split; [exact H1|].
  unfold Rdiv. apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|].
  apply Rinv_le_contravar; [apply sqrt_lt_R0; lra|apply sqrt_le_1; lra].
Qed.

(** The same with a logarithm: for K ≥ 3, δ ≥ G D/√((1-β)²(K-2) + 3 + log(K-2)).
    Source: derived here. *)
Theorem given_order_log K : (3 <= K)%nat ->
  exists f g x1 xs delta,
    all_equal beta fstar G D delta K f g x1 xs /\
    G * D / sqrt ((1 - beta) * (1 - beta) * (INR K - 2) + 3 + lg (INR K - 2)) <= delta.
Proof.
  intros HK. destruct (given_order K ltac:(lia)) as [f [g [x1 [xs [delta [H [_ [Hlow _]]]]]]]].
  exists f, g, x1, xs, delta. split; [exact H|]. apply Rle_trans with (2 := Hlow).
  pose proof (harmonic_log (K - 2) ltac:(lia)) as Hh. rewrite minus_INR in Hh by lia.
  replace (INR 2) with 2 in Hh by (simpl; ring).
  assert (HK2 : 3 <= INR K) by (replace 3 with (INR 3) by (simpl; ring); apply le_INR; auto).
  pose proof (q_range beta Hbeta) as Hq. assert (0 <= q * (INR K - 2)) by (apply Rmult_le_pos; lra).
  assert (0 <= harmonic (K - 2)).
  { apply sumn_nonneg. intros i _. left. apply Rinv_0_lt_compat, lt_0_INR. lia. }
  unfold Rdiv. apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|].
  apply Rinv_le_contravar; [apply sqrt_lt_R0; lra|apply sqrt_le_1; lra].
Qed.

(** δ √K (1-β)/(GD) = √((1-β)²K / squared_size) *)
Lemma ratio_below K : (1 <= K)%nat -> level K * sqrt (INR K) * (1 - beta) / (G * D) <= 1.
Proof.
  intros HK. destruct (squared_size_range K HK) as [H1 [H2 _]]. unfold level.
  assert (Hr : 0 < sqrt (squared_size K)) by (apply sqrt_lt_R0; lra).
  assert (Hrr : sqrt (squared_size K) * sqrt (squared_size K) = squared_size K) by (apply sqrt_sqrt; lra).
  assert (Hs : sqrt (INR K) * sqrt (INR K) = INR K) by (apply sqrt_sqrt, pos_INR).
  pose proof (sqrt_pos (INR K)). set (s := sqrt (INR K)) in *. set (r := sqrt (squared_size K)) in *.
  replace (G * D / r * s * (1 - beta) / (G * D)) with ((1 - beta) * s / r) by (field; repeat split; lra).
  apply (Rmult_le_reg_r r); auto. replace ((1 - beta) * s / r * r) with ((1 - beta) * s) by (field; lra).
  rewrite Rmult_1_l. apply Rsqr_incr_0_var; [unfold Rsqr|lra].
  replace ((1 - beta) * s * ((1 - beta) * s)) with (q * (s * s)) by ring. rewrite Hs, Hrr. exact H2.
Qed.

Lemma ratio_above e K : 0 < e < 1 -> (1 <= K)%nat -> 2 / (e * q) <= sqrt (INR K) ->
  1 - e <= level K * sqrt (INR K) * (1 - beta) / (G * D).
Proof.
  intros He HK Hlarge. destruct (squared_size_range K HK) as [H1 [_ H2]]. unfold level.
  pose proof (q_range beta Hbeta) as Hq.
  assert (Hr : 0 < sqrt (squared_size K)) by (apply sqrt_lt_R0; lra).
  assert (Hrr : sqrt (squared_size K) * sqrt (squared_size K) = squared_size K) by (apply sqrt_sqrt; lra).
  assert (Hs : sqrt (INR K) * sqrt (INR K) = INR K) by (apply sqrt_sqrt, pos_INR).
  pose proof (sqrt_pos (INR K)) as Hs0. set (s := sqrt (INR K)) in *. set (r := sqrt (squared_size K)) in *.
  replace (G * D / r * s * (1 - beta) / (G * D)) with ((1 - beta) * s / r) by (field; repeat split; lra).
  apply (Rmult_le_reg_r r); auto. replace ((1 - beta) * s / r * r) with ((1 - beta) * s) by (field; lra).
  apply Rsqr_incr_0_var; [unfold Rsqr|apply Rmult_le_pos; lra].
  (* 4√K ≤ 2e(1-β)²K, and (1-e)²(1+2e) ≤ 1 *)
  assert (Heq : 0 < e * q) by (apply Rmult_lt_0_compat; lra).
  assert (H4 : 2 <= e * q * s).
  { apply (Rmult_le_compat_l (e * q)) in Hlarge; [|lra].
    replace (e * q * (2 / (e * q))) with 2 in Hlarge by (field; repeat split; lra). exact Hlarge. }
  apply (Rmult_le_compat_r s) in H4; auto.
  assert (Hsize : r * r <= (1 + 2 * e) * (q * (s * s))) by (rewrite Hrr; rewrite <- Hs in H2; lra).
  apply (Rmult_le_compat_l ((1 - e) * (1 - e))) in Hsize; [|apply sq_pos].
  assert (Hqs : 0 <= q * (s * s)) by (apply Rmult_le_pos; [lra|apply sq_pos]).
  assert (Hpoly : 0 <= (3 - 2 * e) * (e * e)) by (apply Rmult_le_pos; [lra|apply sq_pos]).
  apply (Rmult_le_compat_r (q * (s * s))) in Hpoly; auto. lra.
Qed.

(** Large K: δ_K √K (1-β)/(G D) is as close to 1 as one likes, for all K from some K0 on. *)
Lemma large_enough e : 0 < e < 1 -> exists K0, forall K, (K0 <= K)%nat ->
  (1 <= K)%nat /\ 1 - e <= level K * sqrt (INR K) * (1 - beta) / (G * D) <= 1.
Proof.
  intros He. pose proof (q_range beta Hbeta) as Hq. set (b := 2 / (e * q)).
  assert (Heq : 0 < e * q) by (apply Rmult_lt_0_compat; lra).
  assert (Hb : 0 < b) by (apply Rdiv_lt_0_compat; lra).
  assert (Hbb : 0 < b * b) by (apply Rmult_lt_0_compat; auto).
  destruct (above (b * b)) as [K0 HK0]. exists K0. intros K HK. apply le_INR in HK.
  assert (HK1 : (1 <= K)%nat) by (destruct K; [simpl in HK; lra|lia]).
  split; auto. split; [|apply ratio_below; auto]. apply ratio_above; auto. fold b.
  rewrite <- (sqrt_square b) by lra. apply sqrt_le_1; lra.
Qed.

(** As K grows, δ_K √K (1-β)/(G D) → 1: the paper's bound, G D/((1-β)√K), is right to the factor for functions
    in a given order.

    There are numbers δ_K and, for each K ≥ 1, K functions on which the run in this order has
    f_k(x^k) - f⋆ = δ_K for all k ≤ K, with this limit.
    Source: derived here. *)
Theorem given_order_limit :
  exists delta : nat -> R,
    (forall K, (1 <= K)%nat -> exists f g x1 xs, all_equal beta fstar G D (delta K) K f g x1 xs) /\
    Un_cv (fun K => delta K * sqrt (INR K) * (1 - beta) / (G * D)) 1.
Proof.
  exists level. split.
  - intros K HK. destruct (problem_of _ _ (squared_size_spec K)) as [f [g [x1 [xs [H1 _]]]]].
    replace (S (K - 1)) with K in H1 by lia. exists f, g, x1, xs. exact H1.
  - intros eps Heps. set (e := Rmin (eps / 2) (/ 2)).
    assert (He : 0 < e < 1 /\ e < eps).
    { unfold e. pose proof (Rmin_l (eps / 2) (/ 2)). pose proof (Rmin_r (eps / 2) (/ 2)).
      pose proof (Rmin_glb_lt (eps / 2) (/ 2) 0 ltac:(lra) ltac:(lra)). lra. }
    destruct (large_enough e (proj1 He)) as [K0 HK0]. exists K0. intros K HK.
    destruct (HK0 K HK) as [_ H]. unfold R_dist. apply Rabs_def1; lra.
Qed.
End GivenOrder.

(** Only the samples that were seen matter. *)
Lemma path_ext n f g beta fstar cap x1 w w' k : (forall j, (j < k)%nat -> w j = w' j) ->
  path n f g beta fstar cap x1 w k = path n f g beta fstar cap x1 w' k.
Proof.
  induction k; intros H; [reflexivity|]. simpl. rewrite IHk, H by (intros; try apply H; lia). reflexivity.
Qed.

(** The other side, for every problem: whatever the order of the samples, in R^n for every n, one of the
    K values is at most the paper's bound: min_{k≤K} f_k(x^k) - f⋆ ≤ G D/((1-β)√K).
    Source: MoMo paper, the path-wise part of the convergence theorem. *)
Theorem rate_any_order n M f g beta fstar xs x1 G D w m K :
  0 <= beta < 1 -> 0 < G -> 0 < D -> (1 <= K)%nat -> (forall k, (k < K)%nat -> (w k < M)%nat) ->
  convex n M f g -> interpolation M f xs fstar -> bounded_each n M g xs D G -> dist2 n x1 xs = D * D ->
  (forall k, (k < K)%nat -> m <= f (w k) (px (path n f g beta fstar None x1 w k)) - fstar) ->
  m <= G * D / ((1 - beta) * sqrt (INR K)).
Proof.
  intros Hbeta HG HD HK Hw Hconv Hint Hg Hx1 Hm.
  set (v := fun k => if Nat.ltb k K then w k else w O).
  assert (Hv : forall k, (k < K)%nat -> v k = w k).
  { intros k Hk. unfold v. apply Nat.ltb_lt in Hk. rewrite Hk. reflexivity. }
  assert (HvM : forall k, (v k < M)%nat).
  { intros k. unfold v. destruct (Nat.ltb k K) eqn:E; apply Hw; [apply Nat.ltb_lt; auto|lia]. }
  rewrite <- (Rplus_0_l (G * D / _)).
  apply (wrong_bound_above n M f g beta fstar 0 xs x1 G D Hbeta Hconv Hint (Rle_refl 0) HG HD Hx1 Hg m v K);
    [lia|auto|].
  intros k Hk. rewrite Rplus_0_r, (Hv k Hk).
  rewrite (path_ext n f g beta fstar None x1 v w k) by (intros; apply Hv; lia). apply Hm; auto.
Qed.

(** No factor c < 1 in front of the paper's bound is right for all K and all problems in a given order.
    Source: derived here. *)
Theorem given_order_best_factor beta c : 0 <= beta < 1 ->
  (forall K fstar G D f g x1 xs m, (1 <= K)%nat -> 0 < G -> 0 < D ->
     convex 2 K f g -> interpolation K f xs fstar -> bounded_below K f fstar ->
     bounded_each 2 K g xs D G -> dist2 2 x1 xs = D * D ->
     (forall k, (k < K)%nat -> m <= f k (px (path 2 f g beta fstar None x1 in_order k)) - fstar) ->
     m <= c * (G * D / ((1 - beta) * sqrt (INR K)))) ->
  1 <= c.
Proof.
  intros Hbeta Hc. destruct (Rle_lt_dec 1 c) as [|Hlt]; auto. exfalso.
  set (e := Rmin ((1 - c) / 2) (/ 2)).
  assert (He : 0 < e < 1 /\ c < 1 - e).
  { unfold e. pose proof (Rmin_l ((1 - c) / 2) (/ 2)). pose proof (Rmin_r ((1 - c) / 2) (/ 2)).
    pose proof (Rmin_glb_lt ((1 - c) / 2) (/ 2) 0 ltac:(lra) ltac:(lra)). lra. }
  destruct (large_enough beta 1 1 Hbeta Rlt_0_1 Rlt_0_1 e (proj1 He)) as [K HK].
  destruct (HK K (Nat.le_refl K)) as [HK1 [Hlow _]].
  destruct (problem_of beta 0 1 1 Hbeta Rlt_0_1 Rlt_0_1 _ _ (squared_size_spec beta Hbeta K))
    as [f [g [x1 [xs [[Hconv [Hint [Hmin [Hg [Hx1 Hval]]]]] _]]]]].
  replace (S (K - 1)) with K in * by lia. fold (level beta 1 1 Hbeta K) in Hval.
  assert (Hs : 0 < sqrt (INR K)) by (apply sqrt_lt_R0, lt_0_INR; lia).
  pose proof (Hc K 0 1 1 f g x1 xs (level beta 1 1 Hbeta K) HK1 Rlt_0_1 Rlt_0_1 Hconv Hint Hmin
    (fun s x Hsk _ => Hg s x Hsk) Hx1 (fun k Hk => Req_le _ _ (eq_sym (Hval k Hk)))) as H.
  assert (Hbs : 0 < (1 - beta) * sqrt (INR K)) by (apply Rmult_lt_0_compat; lra).
  apply (Rmult_le_compat_r ((1 - beta) * sqrt (INR K))) in H; [|lra].
  replace (c * (1 * 1 / ((1 - beta) * sqrt (INR K))) * ((1 - beta) * sqrt (INR K))) with c in H
    by (field; split; lra).
  replace (level beta 1 1 Hbeta K * sqrt (INR K) * (1 - beta) / (1 * 1))
    with (level beta 1 1 Hbeta K * ((1 - beta) * sqrt (INR K))) in Hlow by field.
  lra.
Qed.
