(** * The slowest path for functions in a given order: its numbers

    Units: G = 1 and δ = 1, δ being the suboptimality f_k(x^k) - f⋆ that all points share.
    Y_k = ‖x^k - x⋆‖² and N_k = ‖D_k‖², where D_k = d_k/(1-β).  On the path of given_order.v

      N_1 = 1/(1-β)²,    Y_2 = Y_1 - 1,    Y_{k+1} = Y_k - 1/N_k  for k ≥ 2,
      N_{k+1} = (β √N_k + √(1 - 1/Y_{k+1}))² + 1/Y_{k+1},

    because the gradient at x^{k+1} has the part √(1 - 1/Y_{k+1}) along D_k and the rest across it.
    This file is about these numbers alone; points are counted from 0, as in the method.

    1. The recursion is written with 1/max{1, Y} for 1/Y, so that it makes sense for every Y_1, and is
       continuous in Y_1.  Always 1 ≤ N_k ≤ 1/(1-β)².
    2. Shooting: Y_K ≤ 1 for Y_1 = 1, and Y_K ≥ 1 for Y_1 = K, since no step takes more than 1 off.  So
       some Y_1 in between has Y_K = 1 exactly (intermediate value theorem), and Y_k ≥ 1 for all k < K.
    3. The averages are long: (1-β)² N_k ≥ 1 - 1/Y_k.  For if it holds for k, then, Y decreasing,
       (1-β)√N_{k+1} ≥ (1-β)(β√N_k + √(1-1/Y_{k+1})) ≥ β√(1-1/Y_{k+1}) + (1-β)√(1-1/Y_{k+1}).
    4. Going back from Y_K = 1: Y_k ≥ 1 + (K-k)(1-β)², as 1/N ≥ (1-β)².  Hence
       1/N_k ≤ (1-β)² Y_k/(Y_k - 1) = (1-β)² + (1-β)²/(Y_k - 1) ≤ (1-β)² + 1/(K-k), and in all

         0 ≤ Y_1 - (2 + (1-β)²(K-2)) ≤ 1 + 1/2 + ... + 1/(K-2),     K ≥ 2. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums logarithm.
Open Scope R_scope.

(** 1/Y, but 1 for Y below 1. *)
Definition near (Y : R) : R := / Rmax 1 Y.
(** What a step takes off Y: the first one 1, as its averages have the weight of the first sample. *)
Definition fall (k : nat) (N : R) : R := match k with O => 1 | S _ => / N end.
Definition next_norm (beta N Y : R) : R :=
  (beta * sqrt N + sqrt (1 - near Y)) * (beta * sqrt N + sqrt (1 - near Y)) + near Y.

(** (Y_k, N_k), from Y_0 = a. *)
Fixpoint numbers (beta a : R) (k : nat) : R * R :=
  match k with
  | O => (a, / ((1 - beta) * (1 - beta)))
  | S j => let Y := fst (numbers beta a j) - fall j (snd (numbers beta a j)) in
           (Y, next_norm beta (snd (numbers beta a j)) Y)
  end.
Definition size (beta a : R) (k : nat) : R := fst (numbers beta a k).
Definition norm (beta a : R) (k : nat) : R := snd (numbers beta a k).

(** 1 + 1/2 + ... + 1/n *)
Definition harmonic (n : nat) : R := sumn n (fun i => / INR (S i)).

Lemma size_next beta a k : size beta a (S k) = size beta a k - fall k (norm beta a k).
Proof. reflexivity. Qed.
Lemma norm_next beta a k : norm beta a (S k) = next_norm beta (norm beta a k) (size beta a (S k)).
Proof. reflexivity. Qed.

Lemma inv_le_1 x : 1 <= x -> / x <= 1.
Proof. intros H. pose proof (Rinv_le_contravar 1 x ltac:(lra) H) as H1. rewrite Rinv_1 in H1. auto. Qed.

Lemma near_range Y : 0 < near Y <= 1.
Proof.
  unfold near. pose proof (Rmax_l 1 Y).
  split; [apply Rinv_0_lt_compat; lra|apply inv_le_1; auto].
Qed.

Lemma near_inverse Y : 1 <= Y -> near Y = / Y.
Proof. intros H. unfold near. rewrite Rmax_right; auto. Qed.

(** |g|² = 1: the part along the average and the part along x - x⋆. *)
Lemma side_squared Y : sqrt (1 - near Y) * sqrt (1 - near Y) = 1 - near Y.
Proof. apply sqrt_sqrt. pose proof (near_range Y). lra. Qed.

Section Numbers.
Variable beta : R.
Hypothesis Hbeta : 0 <= beta < 1.
Local Notation q := ((1 - beta) * (1 - beta)).

Lemma q_range : 0 < q <= 1.
Proof.
  split; [apply Rmult_lt_0_compat; lra|].
  replace 1 with (1 * 1) at 3 by ring. apply Rmult_le_compat; lra.
Qed.

Lemma next_norm_range N Y : 1 <= N <= / q -> 1 <= next_norm beta N Y <= / q.
Proof.
  intros HN. unfold next_norm. pose proof q_range as Hq. pose proof (near_range Y) as Hp.
  assert (Hr : sqrt N * sqrt N = N) by (apply sqrt_sqrt; lra).
  pose proof (sqrt_pos N) as Hr0. pose proof (side_squared Y) as Hs.
  pose proof (sqrt_pos (1 - near Y)) as Hs0.
  set (r := sqrt N) in *. set (s := sqrt (1 - near Y)) in *.
  assert (E : (beta * r + s) * (beta * r + s) + near Y = beta * r * (beta * r) + 2 * (beta * r * s) + 1).
  { replace 1 with (s * s + near Y) by lra. ring. }
  rewrite E. assert (H1 : 0 <= beta * r) by (apply Rmult_le_pos; lra).
  split.
  - pose proof (sq_pos (beta * r)). pose proof (Rmult_le_pos _ _ H1 Hs0). lra.
  - assert (Hs1 : s <= 1) by (apply Rsqr_incr_0_var; [unfold Rsqr|]; lra).
    assert (Hrq : r <= / (1 - beta)).
    { apply Rsqr_incr_0_var; [unfold Rsqr|left; apply Rinv_0_lt_compat; lra].
      rewrite Hr, <- Rinv_mult. apply HN. }
    assert (H2 : beta * r * s <= beta * r * 1) by (apply Rmult_le_compat_l; auto).
    apply Rle_trans with ((beta * r + 1) * (beta * r + 1)); [lra|].
    assert (H3 : beta * r + 1 <= / (1 - beta)).
    { apply (Rmult_le_reg_l (1 - beta)); [lra|]. rewrite Rinv_r by lra.
      pose proof (Rmult_le_compat_l (1 - beta) _ _ ltac:(lra) Hrq) as H3. rewrite Rinv_r in H3 by lra.
      pose proof (Rmult_le_compat_l beta _ _ ltac:(lra) H3). lra. }
    rewrite Rinv_mult. apply Rmult_le_compat; lra.
Qed.

Lemma norm_range a k : 1 <= norm beta a k <= / q.
Proof.
  induction k.
  - unfold norm; simpl. split; [|lra]. pose proof q_range as Hq.
    pose proof (Rinv_le_contravar q 1 ltac:(lra) ltac:(lra)) as H. rewrite Rinv_1 in H. auto.
  - rewrite norm_next. apply next_norm_range; auto.
Qed.

(** 1. every step takes between (1-β)² and 1 off *)
Lemma fall_range a k : q <= fall k (norm beta a k) <= 1.
Proof.
  pose proof q_range as Hq. unfold fall. destruct k as [|k]; [lra|].
  pose proof (norm_range a (S k)) as HN. set (N := norm beta a (S k)) in *. split.
  - rewrite <- (Rinv_inv q). apply Rinv_le_contravar; lra.
  - apply inv_le_1; lra.
Qed.

Lemma size_between a k j : (k <= j)%nat ->
  size beta a j + q * INR (j - k) <= size beta a k <= size beta a j + INR (j - k).
Proof.
  intros Hkj. induction j.
  - replace k with O by lia. simpl. lra.
  - destruct (Nat.eq_dec k (S j)) as [->|Hne]; [rewrite Nat.sub_diag; simpl; lra|].
    specialize (IHj ltac:(lia)). pose proof (fall_range a j) as Hf. rewrite size_next.
    replace (S j - k)%nat with (S (j - k)) by lia. rewrite S_INR. lra.
Qed.

(** 2. continuity in Y_1, and the Y_1 from which Y_K = 1 *)
Lemma near_continuous : continuity near.
Proof.
  intros Y. unfold near. apply (continuity_pt_inv (fun Y => Rmax 1 Y)).
  - assert (E : forall z, Rmax 1 z = / 2 * (1 + z + Rabs (1 - z))).
    { intros z. unfold Rmax, Rabs. destruct (Rle_dec 1 z), (Rcase_abs (1 - z)); lra. }
    intros eps Heps. exists eps. split; auto. intros x [_ Hx]. unfold dist in *. simpl in *.
    unfold R_dist in *. rewrite !E.
    apply Rle_lt_trans with (Rabs (x - Y)); auto.
    unfold Rabs in *. destruct (Rcase_abs (1 - x)), (Rcase_abs (1 - Y)), (Rcase_abs (x - Y));
      match goal with |- context [Rcase_abs ?e] => destruct (Rcase_abs e) end; lra.
  - pose proof (Rmax_l 1 Y). lra.
Qed.

Lemma sqrt_continuous f : continuity f -> (forall x, 0 <= f x) -> continuity (fun x => sqrt (f x)).
Proof. intros Hf Hp x. apply (continuity_pt_comp f sqrt); [apply Hf|apply continuity_pt_sqrt, Hp]. Qed.

Lemma numbers_continuous k : continuity (fun a => size beta a k) /\ continuity (fun a => norm beta a k).
Proof.
  induction k as [|k [HY HN]].
  - unfold size, norm; simpl. split; intros x; [apply derivable_continuous_pt, derivable_pt_id|].
    apply continuity_pt_const. intros ? ?; reflexivity.
  - assert (HF : continuity (fun a => fall k (norm beta a k))).
    { destruct k; unfold fall; [intros x; apply continuity_pt_const; intros ? ?; reflexivity|].
      intros x. apply (continuity_pt_inv (fun a => norm beta a (S k))); [apply HN|].
      pose proof (norm_range x (S k)). lra. }
    assert (HY' : continuity (fun a => size beta a (S k)))
      by exact (continuity_minus _ _ HY HF).
    split; [exact HY'|].
    assert (Hp : continuity (fun a => near (size beta a (S k)))).
    { intros x. apply (continuity_pt_comp (fun a => size beta a (S k)) near); [apply HY'|].
      apply near_continuous. }
    assert (Hr : continuity (fun a => sqrt (norm beta a k))).
    { apply sqrt_continuous; auto. intros x. pose proof (norm_range x k). lra. }
    assert (Hs : continuity (fun a => sqrt (1 - near (size beta a (S k))))).
    { apply sqrt_continuous.
      - apply (continuity_minus (fun _ => 1)); auto.
        intros x. apply continuity_pt_const. intros ? ?; reflexivity.
      - intros x. pose proof (near_range (size beta x (S k))). lra. }
    assert (Hl : continuity (fun a => beta * sqrt (norm beta a k) + sqrt (1 - near (size beta a (S k))))).
    { apply (continuity_plus (fun a => beta * sqrt (norm beta a k))); auto.
      apply (continuity_scal (fun a => sqrt (norm beta a k)) beta); auto. }
    exact (continuity_plus _ _ (continuity_mult _ _ Hl Hl) Hp).
Qed.

Lemma start_size K : {a : R | size beta a K = 1}.
Proof.
  destruct (IVT_cor (fun a => size beta a K - 1) 1 (INR K + 1)) as [a [_ Ha]].
  - apply (continuity_minus (fun a => size beta a K)); [apply numbers_continuous|].
    intros x. apply continuity_pt_const. intros ? ?; reflexivity.
  - pose proof (pos_INR K). lra.
  - pose proof q_range as Hq. pose proof (pos_INR K) as HK.
    pose proof (size_between 1 0 K ltac:(lia)) as H1.
    pose proof (size_between (INR K + 1) 0 K ltac:(lia)) as H2.
    rewrite Nat.sub_0_r in H1, H2.
    change (size beta 1 0) with 1 in H1. change (size beta (INR K + 1) 0) with (INR K + 1) in H2.
    assert (0 <= q * INR K) by (apply Rmult_le_pos; lra).
    assert (0 <= (1 - size beta 1 K) * (size beta (INR K + 1) K - 1)) by (apply Rmult_le_pos; lra). lra.
  - exists a. lra.
Qed.

(** 3. the averages are long *)
Lemma norm_long a k : (forall j, (j <= k)%nat -> 1 <= size beta a j) ->
  1 - / size beta a k <= q * norm beta a k.
Proof.
  intros Hsize.
  assert (H : sqrt (1 - near (size beta a k)) <= (1 - beta) * sqrt (norm beta a k)).
  { induction k.
    - pose proof (near_range (size beta a 0)) as Hp. unfold norm; simpl. rewrite Rinv_mult.
      rewrite (sqrt_square (/ (1 - beta))) by (left; apply Rinv_0_lt_compat; lra). rewrite Rinv_r by lra.
      rewrite <- sqrt_1 at 2. apply sqrt_le_1; lra.
    - specialize (IHk (fun j Hj => Hsize j ltac:(lia))).
      set (s := sqrt (1 - near (size beta a k))) in *. set (s' := sqrt (1 - near (size beta a (S k)))).
      assert (Hs : s' <= s).
      { pose proof (near_range (size beta a k)) as Hp1. pose proof (near_range (size beta a (S k))) as Hp2.
        apply sqrt_le_1; try lra. cut (near (size beta a k) <= near (size beta a (S k))); [lra|].
        pose proof (Hsize (S k) ltac:(lia)) as H1. pose proof (Hsize k ltac:(lia)) as H2.
        rewrite !near_inverse by auto. apply Rinv_le_contravar; [lra|].
        rewrite size_next. pose proof (fall_range a k). pose proof q_range. lra. }
      set (r := sqrt (norm beta a k)) in *.
      assert (Hr : beta * r + s' <= sqrt (norm beta a (S k))).
      { rewrite norm_next. unfold next_norm. fold r s'.
        assert (H0 : 0 <= beta * r + s').
        { pose proof (sqrt_pos (1 - near (size beta a (S k)))) as Hs'. fold s' in Hs'.
          pose proof (Rmult_le_pos beta r ltac:(lra) (sqrt_pos (norm beta a k))). lra. }
        rewrite <- (sqrt_square (beta * r + s')) at 1 by auto.
        pose proof (near_range (size beta a (S k))). pose proof (sq_pos (beta * r + s')).
        apply sqrt_le_1; lra. }
      apply Rle_trans with ((1 - beta) * (beta * r + s')); [|apply Rmult_le_compat_l; lra].
      assert (beta * s' <= beta * ((1 - beta) * r)) by (apply Rmult_le_compat_l; lra). lra. }
  rewrite <- near_inverse by (apply Hsize; lia). pose proof (norm_range a k) as HN.
  rewrite <- side_squared, <- (sqrt_sqrt (norm beta a k)) by lra.
  pose proof (sqrt_pos (1 - near (size beta a k))) as Hs0.
  replace (q * (sqrt (norm beta a k) * sqrt (norm beta a k)))
    with ((1 - beta) * sqrt (norm beta a k) * ((1 - beta) * sqrt (norm beta a k))) by ring.
  apply Rmult_le_compat; auto.
Qed.

(** 4. so that the last but m-th step, m ≥ 1, takes off at most (1-β)² + 1/m *)
Lemma fall_small a K k : size beta a K = 1 -> (1 <= k < K)%nat ->
  fall k (norm beta a k) <= q + / INR (K - k).
Proof.
  intros HK Hk. pose proof q_range as Hq.
  assert (Hsize : forall j, (j <= k)%nat -> 1 <= size beta a j).
  { intros j Hj. pose proof (size_between a j K ltac:(lia)) as H.
    pose proof (Rmult_le_pos q (INR (K - j)) ltac:(lra) (pos_INR _)). lra. }
  pose proof (norm_long a k Hsize) as HN. pose proof (norm_range a k) as HN1.
  pose proof (size_between a k K ltac:(lia)) as [HY _]. rewrite HK in HY.
  assert (Hm : 0 < INR (K - k)) by (apply lt_0_INR; lia).
  replace (fall k (norm beta a k)) with (/ norm beta a k) by (destruct k; [lia|reflexivity]).
  set (N := norm beta a k) in *. set (Y := size beta a k) in *. set (m := INR (K - k)) in *.
  assert (Hqm : 0 < q * m) by (apply Rmult_lt_0_compat; lra).
  apply (Rmult_le_reg_r N); [lra|]. rewrite Rinv_l by lra.
  apply (Rmult_le_reg_r (q * m)); auto.
  replace ((q + / m) * N * (q * m)) with (q * N * (q * m + 1)) by (field; lra).
  (* qN ≥ 1 - 1/Y and Y ≥ 1 + qm *)
  apply Rle_trans with ((1 - / Y) * (q * m + 1)); [|apply Rmult_le_compat_r; lra].
  pose proof (Rinv_0_lt_compat Y ltac:(lra)) as HiY0.
  pose proof (Rmult_le_compat_l (/ Y) _ _ ltac:(lra) HY) as HiY. rewrite Rinv_l in HiY by lra. lra.
Qed.

Lemma sizes_sum a K : size beta a 0 = size beta a K + sumn K (fun k => fall k (norm beta a k)).
Proof. induction K; simpl sumn; [ring|]. rewrite IHK, size_next. ring. Qed.

Lemma sumn_const n x : sumn n (fun _ => x) = x * INR n.
Proof. induction n; [simpl; ring|]. rewrite S_INR. simpl sumn. rewrite IHn. ring. Qed.

Lemma sumn_first n f : sumn (S n) f = f O + sumn n (fun i => f (S i)).
Proof.
  induction n; [simpl; ring|]. change (sumn (S (S n)) f) with (sumn (S n) f + f (S n)).
  rewrite IHn. simpl. ring.
Qed.

Lemma sumn_reverse n f : sumn n (fun i => f (n - i)%nat) = sumn n (fun i => f (S i)).
Proof.
  induction n; [reflexivity|]. rewrite sumn_first.
  change (sumn (S n) (fun i => f (S i))) with (sumn n (fun i => f (S i)) + f (S n)).
  rewrite <- IHn, Nat.sub_0_r. rewrite Rplus_comm. f_equal.
Qed.

(** With Y_{K+2} = 1, K + 2 points in all. *)
Lemma start_size_range a K : size beta a (S K) = 1 ->
  2 + q * INR K <= a <= 2 + q * INR K + harmonic K.
Proof.
  intros HK. pose proof (sizes_sum a (S K)) as H. rewrite HK, sumn_first in H.
  change (size beta a 0) with a in H. unfold fall at 1 in H.
  assert (Hlow : q * INR K <= sumn K (fun i => fall (S i) (norm beta a (S i)))).
  { rewrite <- sumn_const. apply sumn_le. intros i _. exact (proj1 (fall_range a (S i))). }
  assert (Hup : sumn K (fun i => fall (S i) (norm beta a (S i))) <= q * INR K + harmonic K).
  { unfold harmonic. rewrite <- (sumn_reverse K (fun m => / INR m)).
    apply Rle_trans with (sumn K (fun i => q + / INR (K - i))).
    - apply sumn_le. intros i Hi. exact (fall_small a (S K) (S i) HK ltac:(lia)).
    - rewrite (sumn_plus K (fun _ => q)), sumn_const. lra. }
  lra.
Qed.
End Numbers.

(** Harmonic sums grow less than 2√n ... *)
Lemma harmonic_root n : harmonic n <= 2 * sqrt (INR n).
Proof.
  induction n; [unfold harmonic; simpl; rewrite sqrt_0; lra|].
  change (harmonic (S n)) with (harmonic n + / INR (S n)).
  assert (H0 : 0 <= INR n) by apply pos_INR. assert (H1 : 1 <= INR (S n)) by (rewrite S_INR; lra).
  assert (Er : sqrt (INR n) * sqrt (INR n) = INR n) by (apply sqrt_sqrt; auto).
  assert (Es : sqrt (INR (S n)) * sqrt (INR (S n)) = INR (S n)) by (apply sqrt_sqrt; lra).
  assert (Hs : 1 <= sqrt (INR (S n))) by (rewrite <- sqrt_1 at 1; apply sqrt_le_1; lra).
  pose proof (sqrt_pos (INR n)) as Hr.
  set (r := sqrt (INR n)) in *. set (s := sqrt (INR (S n))) in *. rewrite <- Es.
  assert (E : s * s - r * r = 1) by (rewrite Er, Es, S_INR; ring).
  apply Rle_trans with (2 * r + / (s * s)); [lra|].
  apply (Rplus_le_reg_l (- (2 * r))). apply (Rmult_le_reg_r (s * s)); [apply Rmult_lt_0_compat; lra|].
  replace ((- (2 * r) + (2 * r + / (s * s))) * (s * s)) with (s * s - r * r) by (rewrite E; field; lra).
  (* s² - r² = (s-r)(s+r) ≤ (s-r) 2s ≤ 2(s-r)s² *)
  assert (Hrs : r <= s) by (apply Rsqr_incr_0_var; unfold Rsqr; lra).
  assert (H2 : (s - r) * (s + r) <= (s - r) * (2 * (s * s))).
  { apply Rmult_le_compat_l; [lra|]. assert (s * 1 <= s * s) by (apply Rmult_le_compat_l; lra). lra. }
  lra.
Qed.

(** ... and at most like 1 + log n: 1/(n+1) = 1 - n/(n+1) ≤ -log(n/(n+1)) = log(n+1) - log n. *)
Lemma harmonic_log n : (1 <= n)%nat -> harmonic n <= 1 + lg (INR n).
Proof.
  induction n as [|n IH]; intros Hn; [lia|]. destruct n as [|n].
  - unfold harmonic; simpl. rewrite lg_1, Rinv_1. lra.
  - specialize (IH ltac:(lia)). change (harmonic (S (S n))) with (harmonic (S n) + / INR (S (S n))).
    assert (H0 : 0 < INR (S n)) by (apply lt_0_INR; lia).
    assert (H1 : 0 < INR (S (S n))) by (apply lt_0_INR; lia).
    pose proof (lg_tangent (INR (S n) / INR (S (S n))) (Rdiv_lt_0_compat _ _ H0 H1)) as H.
    rewrite lg_div in H by auto.
    replace (INR (S n) / INR (S (S n))) with (1 - / INR (S (S n))) in H
      by (rewrite (S_INR (S n)) in *; field; lra).
    lra.
Qed.
