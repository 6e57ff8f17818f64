(** In growing metrics gradients have to be measured in the first metric, or each in the one before it
    ([metric_before]): ‖g_k‖_{P_k⁻¹} ≤ G, in the metric of its own step, is not enough for the sharp rate.
    With β = 1/2 and the metrics (1, 1), (12, 1), (12, 1), a maximum of affine functions keeps the value 1 at
    all three points, while f⋆ = 0:

      x^1 = (0, 1)                   g_1 = (-2/5, 1)       <g_1, x>
      x^2 = (10/29, 4/29)            g_2 = (13/5, 4/5)     <g_2, x> - 1/145
      x^3 = (1590, -2902)/6293       g_3 = (5/2, -4/5)     <g_3, x> - 18/31465

    Here G² = 361/300, R² = 1941/841, A = 1 + 1 + 1/(1 + 1/4) = 2.8, and G²R²/A = 0.9919 < 1. The reason:
    what convexity says of <g_2, d_1> is said in P_1⁻¹, and P_2⁻¹ weighs the entries otherwise. *)
Require Import Reals Lra Lia.
From Momo Require Import sums vectors method assumptions metric method_zero metric_step metric_summed.
From Momo Require Import metric_growing metric_examples metric_taxi.
Open Scope R_scope.

(** The three slopes and pieces; piece 3, and all later ones, is 0. *)
Definition slope (j : nat) : vec := fun i =>
  match j, i with
  | 0%nat, 0%nat => - (2 / 5) | 0%nat, 1%nat => 1
  | 1%nat, 0%nat => 13 / 5    | 1%nat, 1%nat => 4 / 5
  | 2%nat, 0%nat => 5 / 2     | 2%nat, 1%nat => - (4 / 5)
  | _, _ => 0
  end.
Definition offset (j : nat) : R := match j with 1%nat => / 145 | 2%nat => 18 / 31465 | _ => 0 end.
Definition piece (j : nat) (x : vec) : R := dot 2 (slope j) x - offset j.
Definition larger (j k : nat) (x : vec) : nat := if Rle_dec (piece k x) (piece j x) then j else k.
Definition active (x : vec) : nat := larger 0 (larger 1 (larger 2 3 x) x) x.
Definition top (x : vec) : R := piece (active x) x.
Definition top_g (x : vec) : vec := slope (active x).

Lemma larger_l j k x : piece j x <= piece (larger j k x) x.
Proof. unfold larger. destruct (Rle_dec (piece k x) (piece j x)); lra. Qed.
Lemma larger_r j k x : piece k x <= piece (larger j k x) x.
Proof. unfold larger. destruct (Rle_dec (piece k x) (piece j x)); lra. Qed.
Lemma piece_top j x : (j < 4)%nat -> piece j x <= top x.
Proof.
  intros Hj. unfold top, active. set (l := larger 2 3 x). set (k := larger 1 l x).
  pose proof (larger_l 0 k x). pose proof (larger_r 0 k x).
  pose proof (larger_l 1 l x). pose proof (larger_r 1 l x).
  pose proof (larger_l 2 3 x). pose proof (larger_r 2 3 x). fold l in H3, H4. fold k in H1, H2.
  destruct j as [|[|[|[|j]]]]; [| | | |lia]; lra.
Qed.
Lemma active_four x : (active x < 4)%nat.
Proof. unfold active, larger. repeat destruct (Rle_dec _ _); lia. Qed.

Notation F := (fun _ : nat => top).
Notation Gr := (fun _ : nat => top_g).
Lemma top_convex : convex 2 1 F Gr.
Proof.
  intros s x y _. unfold top_g. pose proof (piece_top (active x) y (active_four x)) as H.
  unfold top at 1. unfold piece in *. rewrite dot_lin_r. lra.
Qed.
Lemma top_below : bounded_below 1 F 0.
Proof.
  intros s x _. apply Rle_trans with (2 := piece_top 3 x ltac:(lia)). unfold piece, dot; simpl. lra.
Qed.
Lemma top_interpolation : interpolation 1 F origin 0.
Proof.
  intros s _. unfold top, active, larger. repeat destruct (Rle_dec _ _);
    unfold piece, dot, slope, offset, origin in *; simpl in *; lra.
Qed.

Definition stretched (k : nat) : vec := fun i => match k, i with O, _ => 1 | _, O => 12 | _, _ => 1 end.
Lemma stretched_positive k : positive (stretched k).
Proof. intros i. unfold stretched. destruct k, i; lra. Qed.

Notation path := (metric_path 2 F Gr (/ 2) 0 north stretched one_sample).
Notation x k := (px (path k)).
Notation d k := (pd (path (S k))).

Lemma larger_left j k y : piece k y <= piece j y -> larger j k y = j.
Proof. intros H. unfold larger. destruct (Rle_dec (piece k y) (piece j y)); [reflexivity|lra]. Qed.
Lemma larger_right j k y : piece j y < piece k y -> larger j k y = k.
Proof. intros H. unfold larger. destruct (Rle_dec (piece k y) (piece j y)); [lra|reflexivity]. Qed.

(** Which piece is active, and that its value is 1, by the coordinates of the point. *)
Ltac values E0 E1 := unfold piece, dot; simpl; rewrite E0, E1; lra.
Lemma active_first y : y O = 0 -> y 1%nat = 1 -> active y = O /\ top y = 1.
Proof.
  intros E0 E1. assert (E : active y = O).
  { unfold active. rewrite (larger_right 2 3) by values E0 E1. rewrite (larger_left 1 3) by values E0 E1.
    rewrite larger_left by values E0 E1. reflexivity. }
  split; [exact E|]. unfold top. rewrite E. values E0 E1.
Qed.
Lemma active_second y : y O = 10 / 29 -> y 1%nat = 4 / 29 -> active y = 1%nat /\ top y = 1.
Proof.
  intros E0 E1. assert (E : active y = 1%nat).
  { unfold active. rewrite (larger_left 2 3) by values E0 E1. rewrite (larger_left 1 2) by values E0 E1.
    rewrite larger_right by values E0 E1. reflexivity. }
  split; [exact E|]. unfold top. rewrite E. values E0 E1.
Qed.
Lemma active_third y : y O = 1590 / 6293 -> y 1%nat = - (2902 / 6293) -> active y = 2%nat /\ top y = 1.
Proof.
  intros E0 E1. assert (E : active y = 2%nat).
  { unfold active. rewrite (larger_left 2 3) by values E0 E1. rewrite (larger_right 1 2) by values E0 E1.
    rewrite larger_right by values E0 E1. reflexivity. }
  split; [exact E|]. unfold top. rewrite E. values E0 E1.
Qed.

Lemma top_g_at y : top_g y = slope (active y).
Proof. reflexivity. Qed.
Lemma half_range : 0 <= / 2 < 1.
Proof. lra. Qed.
(** The step, where the value is 1 and ‖d‖²_{P⁻¹} = N. *)
Lemma next_point k i N : top (x k) = 1 -> dual2 2 (stretched k) (d k) = N ->
  x (S k) i = x k i - / 2 / N * (d k i / stretched k i).
Proof.
  intros Hv HN. assert (Hd : 0 < top (x k) - 0) by lra.
  pose proof (step_length 2 top top_g (/ 2) 0 origin north stretched half_range top_convex top_interpolation
    top_below stretched_positive k Hd) as E. cbv beta in E.
  rewrite HN, Hv in E. rewrite E. set (z := x k). set (v := d k).
  unfold lin, precond. unfold Rdiv. replace (1 - / 2) with (/ 2) by lra. ring.
Qed.

Lemma first_average i : d 0 i = / 2 * slope 0 i.
Proof.
  change (d 0 i) with (/ 2 * 0 + (1 - / 2) * top_g (x 0) i). rewrite (top_g_at (x 0)).
  destruct (active_first (x 0)) as [E _]; [reflexivity|reflexivity|]. rewrite E. lra.
Qed.
Lemma second_points : x 1 O = 10 / 29 /\ x 1 1%nat = 4 / 29.
Proof.
  assert (HN : dual2 2 (stretched 0) (d 0) = 29 / 100).
  { unfold dual2. cbn [sumn]. rewrite !first_average. unfold slope, stretched. lra. }
  destruct (active_first (x 0)) as [_ Hv]; [reflexivity|reflexivity|].
  split; rewrite (next_point 0 _ _ Hv HN), first_average; unfold slope, stretched, north; simpl; field.
Qed.
Lemma second_average i : d 1 i = / 4 * slope 0 i + / 2 * slope 1 i.
Proof.
  change (d 1 i) with (/ 2 * d 0 i + (1 - / 2) * top_g (x 1) i). rewrite (top_g_at (x 1)), first_average.
  destruct second_points as [E0 E1]. destruct (active_second (x 1) E0 E1) as [E _]. rewrite E. lra.
Qed.
Lemma third_points : x 2 O = 1590 / 6293 /\ x 2 1%nat = - (2902 / 6293).
Proof.
  assert (HN : dual2 2 (stretched 1) (d 1) = 217 / 400).
  { unfold dual2. cbn [sumn]. rewrite !second_average. unfold slope, stretched. lra. }
  destruct second_points as [E0 E1]. destruct (active_second (x 1) E0 E1) as [_ Hv].
  split; rewrite (next_point 1 _ _ Hv HN), second_average, ?E0, ?E1; unfold slope, stretched; simpl; field.
Qed.

(** All is as in the theorem metric, but that ‖g_k‖_{P_k⁻¹} ≤ G = 19/√300, with R = √1941/29; the least value
    is 1, and the bound is below 1. *)
Example metric_needs_metric_before :
  convex 2 1 F Gr /\ interpolation 1 F origin 0 /\ bounded_below 1 F 0 /\
  (forall k, positive (stretched k)) /\ (forall k, below 2 (stretched k) (stretched (S k))) /\
  (forall k, (k <= 2)%nat -> dual2 2 (stretched k) (top_g (x k)) <= 19 / sqrt 300 * (19 / sqrt 300)) /\
  radius2 2 F Gr (/ 2) 0 origin north stretched one_sample 3 = sqrt 1941 / 29 * (sqrt 1941 / 29) /\
  (forall k, (k < 3)%nat -> 1 <= top (x k) - 0) /\
  19 / sqrt 300 * (sqrt 1941 / 29)
    / sqrt (1 + sumn 2 (fun k => (1 - / 2 * / 2) / (1 - (/ 2) ^ (2 * S k)))) < 1.
Proof.
  destruct second_points as [E0 E1]. destruct third_points as [E2 E3].
  destruct (active_first (x 0) eq_refl eq_refl) as [A0 V0].
  destruct (active_second (x 1) E0 E1) as [A1 V1]. destruct (active_third (x 2) E2 E3) as [A2 V2].
  assert (S3 : sqrt 300 * sqrt 300 = 300) by (apply sqrt_sqrt; lra).
  assert (P3 : 0 < sqrt 300) by (apply sqrt_lt_R0; lra).
  assert (S19 : sqrt 1941 * sqrt 1941 = 1941) by (apply sqrt_sqrt; lra).
  assert (HG : 19 / sqrt 300 * (19 / sqrt 300) = 361 / 300)
    by (rewrite <- S3 at 3; field; lra).
  split; [apply top_convex|]. split; [apply top_interpolation|]. split; [apply top_below|].
  split; [apply stretched_positive|].
  split; [intros k i _; unfold stretched; destruct k, i; lra|]. split; [|split; [|split]].
  - intros k Hk. rewrite HG, top_g_at.
    destruct k as [|[|[|k]]]; [| | |lia]; rewrite ?A0, ?A1, ?A2; unfold dual2, slope, stretched;
      cbn [sumn]; lra.
  - replace (sqrt 1941 / 29 * (sqrt 1941 / 29)) with (sqrt 1941 * sqrt 1941 / 841) by field.
    rewrite S19.
    unfold radius2. replace (3 - 1)%nat with 2%nat by lia. cbn [sumn].
    unfold change, mdist2, norm2, lin, minus. cbn [sumn]. rewrite E0, E1.
    unfold stretched, origin, north. lra.
  - intros k Hk. destruct k as [|[|[|k]]]; [| | |lia]; rewrite ?V0, ?V1, ?V2; lra.
  - replace (1 + sumn 2 (fun k => (1 - / 2 * / 2) / (1 - (/ 2) ^ (2 * S k)))) with (14 / 5) by (simpl; field).
    assert (PA : 0 < sqrt (14 / 5)) by (apply sqrt_lt_R0; lra).
    assert (SA : sqrt (14 / 5) * sqrt (14 / 5) = 14 / 5) by (apply sqrt_sqrt; lra).
    apply (Rmult_lt_reg_r (sqrt (14 / 5))); auto. rewrite Rmult_1_l.
    replace (19 / sqrt 300 * (sqrt 1941 / 29) / sqrt (14 / 5) * sqrt (14 / 5))
      with (19 / sqrt 300 * (sqrt 1941 / 29)) by (field; lra).
    apply Rsqr_incrst_0; [| |lra].
    + unfold Rsqr. replace (19 / sqrt 300 * (sqrt 1941 / 29) * (19 / sqrt 300 * (sqrt 1941 / 29)))
        with (19 / sqrt 300 * (19 / sqrt 300) * (sqrt 1941 * sqrt 1941 / 841)) by (field; lra).
      rewrite HG, S19, SA. lra.
    + pose proof (sqrt_pos 1941). apply Rmult_le_pos; [|lra]. unfold Rdiv. apply Rmult_le_pos; [lra|].
      left; apply Rinv_0_lt_compat; auto.
Qed.
