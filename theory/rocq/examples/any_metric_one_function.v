(** The theorems on one function and on smooth samples, in the metric D = (2 1; 1 2); traps, in (2 1 0 0;
    1 2 1 0; 0 1 2 1; 0 0 1 2).

    One function: |x_0| + 7 from (1, 1), with x⋆ = 0 and ‖g‖²_{D⁻¹} = 2/3 ≤ 1. Smooth samples: x_0²/2 and
    x_1²/2, for which L = 1, since ‖y‖² ≤ ‖y‖²_D. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric_norms method_zero smooth smooth_linear.
From Momo Require Import logarithm sharp_rate_scalars any_metric coordinates smooth_any norm_recursion_any.
From Momo Require Import fejer_any sharp_rate_any trap trap_any instances any_metric_examples.
From Momo Require sharp_rate.
Open Scope R_scope.

Definition ridge (x : vec) : R := fold_f 0%nat x.
Definition ridge' (x : vec) : vec := fold_g 0%nat x.
Lemma ridge_convex : convex 2 1 (fun _ => ridge) (fun _ => ridge').
Proof. intros s x y _. apply (fold_convex 0%nat x y). lia. Qed.
Lemma ridge_interpolation : interpolation 1 (fun _ => ridge) middle 7.
Proof. intros s _. apply (fold_interpolation 0%nat). lia. Qed.
Lemma ridge_below : bounded_below 1 (fun _ => ridge) 7.
Proof. intros s x _. apply (fold_below 0%nat). lia. Qed.
Lemma ridge_length x : dual_in 2 untilted (ridge' x) <= 1 * 1.
Proof. apply fold_length. lia. Qed.

Definition bowl_f (s : nat) (x : vec) : R := x s * x s / 2.
Definition bowl_g (s : nat) (x : vec) : vec := fun i => if Nat.eq_dec i s then x s else 0.
Lemma bowl_convex : convex 2 2 bowl_f bowl_g.
Proof.
  intros s x y Hs. unfold bowl_f, bowl_g, dot, lin. pose proof (sq_pos (y s - x s)) as H.
  destruct s as [|[|s]]; [| |lia]; simpl; lra.
Qed.
Lemma bowl_interpolation : interpolation 2 bowl_f middle 0.
Proof. intros s _. unfold bowl_f, middle. field. Qed.
Lemma bowl_below : bounded_below 2 bowl_f 0.
Proof. intros s x _. unfold bowl_f. pose proof (sq_pos (x s)). lra. Qed.
Lemma bowl_smooth : smooth_any 2 2 bowl_f bowl_g tilted 1.
Proof.
  intros s x y Hs. unfold dist_in. rewrite tilted_norm. unfold bowl_f, bowl_g, dot, lin.
  pose proof (sq_pos (1 * y 0%nat + -1 * x 0%nat)). pose proof (sq_pos (1 * y 1%nat + -1 * x 1%nat)).
  pose proof (sq_pos (1 * y 0%nat + -1 * x 0%nat + (1 * y 1%nat + -1 * x 1%nat))).
  destruct s as [|[|s]]; [| |lia]; simpl; lra.
Qed.

#[local] Hint Resolve tilted_metric from_corner root_six ridge_convex ridge_interpolation ridge_below
  ridge_length bowl_convex bowl_interpolation bowl_below bowl_smooth Rlt_0_1 : met.

(** ** One function *)
Notation ridge_run b beta k := (one_run 2 ridge ridge' beta 7 b untilted corner k).

(** x_0²/2 alone. The first step goes to (1/2, 5/4) from both starts, where δ_2 = 1/8; δ_1 = 1/2. *)
Notation valley := (bowl_f 0%nat).
Notation valley' := (bowl_g 0%nat).
Notation valley_run b beta k := (one_run 2 valley valley' beta 0 b untilted corner k).
Lemma valley_convex : convex 2 1 (fun _ => valley) (fun _ => valley').
Proof. intros s x y _. apply (bowl_convex 0%nat x y). lia. Qed.
Lemma valley_interpolation : interpolation 1 (fun _ => valley) middle 0.
Proof. intros s _. apply (bowl_interpolation 0%nat). lia. Qed.
Lemma valley_below : bounded_below 1 (fun _ => valley) 0.
Proof. intros s x _. apply (bowl_below 0%nat). lia. Qed.
#[local] Hint Resolve valley_convex valley_interpolation valley_below : met.

Lemma valley_second b beta : 0 <= beta < 1 -> px (valley_run b beta 1) 0%nat = 1 / 2.
Proof.
  intros Hb. unfold one_run; cbn [mrun]. set (st := begin b corner).
  assert (Ex : px st = corner) by (destruct b; reflexivity).
  set (r := weight b beta 1). set (u := 1 - keepof beta st).
  assert (Hu : 0 < u /\ pf st = 0 /\ pg st = 0 /\ forall i, pd st i = 0)
    by (unfold u, st; destruct b; unfold keepof; simpl; repeat split; lra).
  destruct Hu as [Hu [Ef [Eg Ed]]].
  set (new := taken 2 (fun _ => valley) (fun _ => valley') beta st (px st) 0).
  assert (E0 : pd new 0%nat = u /\ pd new 1%nat = 0).
  { unfold new, taken; cbn [pd]. unfold lin, bowl_g. fold u. rewrite !Ed, Ex. unfold corner; simpl. lra. }
  destruct E0 as [E0 E1].
  assert (EN : dual_in 2 untilted (pd new) = 2 / 3 * (u * u)).
  { generalize (pd new), E0, E1. intros d H0 H1. unfold dual_in, dot, mul, untilted; simpl. rewrite H0, H1.
    field. }
  assert (Eh : model 2 new (px st) = u / 2).
  { unfold new. rewrite model_taken. fold u. unfold model. rewrite Ef, Eg, Ex.
    unfold dot, lin, bowl_f, bowl_g, corner; simpl. rewrite !Ed. lra. }
  change (px (mstep 2 (fun _ => valley) (fun _ => valley') beta 0 untilted None r st 0) 0%nat)
    with (1 * px st 0%nat + - length_of 0 None r (model 2 new (px st)) (dual_in 2 untilted (pd new))
      * mul 2 untilted (pd new) 0%nat).
  rewrite EN, Eh, Ex. unfold length_of, tau. assert (Huu : 0 < u * u) by (apply Rmult_lt_0_compat; auto).
  destruct (Req_EM_T (2 / 3 * (u * u)) 0); [lra|]. rewrite Rmax_right by lra.
  generalize (pd new), E0, E1. intros d H0 H1. unfold mul, untilted, corner; simpl. rewrite H0, H1. field.
  lra.
Qed.
Lemma valley_length b beta k : 0 <= beta < 1 ->
  dual_in 2 untilted (valley' (px (valley_run b beta k))) <= 2 * 2.
Proof.
  intros Hb. set (x := px (valley_run b beta k)).
  assert (H : dist_in 2 tilted x middle <= 6).
  { apply Rle_trans with (dist_in 2 tilted corner middle);
      [|rewrite from_corner, sqrt_sqrt by lra; apply Rle_refl].
    apply (ball_any 2 1 (fun _ => valley) (fun _ => valley') beta 0 b tilted untilted (fun _ => None) middle
      corner (fun _ => 0%nat)); auto with met. intros _. exact I. }
  unfold dist_in in H. rewrite tilted_norm in H. unfold lin, middle in H.
  unfold dual_in, dot, mul, untilted, bowl_g; simpl. pose proof (sq_pos (x 0%nat + 2 * x 1%nat)). lra.
Qed.

(** From zero its first two steps, from the first sample its second one. *)
Example norm_recursion_any_met b beta k : 0 <= beta < 1 -> (k <= 1)%nat -> b = at_zero \/ k <> O ->
  let delta j := valley (px (valley_run b beta j)) - 0 in
  let N j := dual_in 2 untilted (pd (valley_run b beta (S j))) / ((1 - beta) * (1 - beta)) in
  0 < delta k /\ N (S k) <= 2 * 2 + beta * beta * N k + 2 * beta * N k * (1 - delta (S k) / delta k).
Proof.
  intros Hb Hk Hbk delta N.
  assert (Hd : 0 < delta k).
  { unfold delta, bowl_f. destruct k as [|[|k]]; [| |lia].
    - rewrite one_run_start. unfold corner. lra.
    - rewrite valley_second by auto. lra. }
  split; [exact Hd|].
  apply (norm_recursion_any 2 valley valley' beta 0 b tilted untilted middle corner);
    auto using valley_length with met.
Qed.

(** From the first sample. *)
Example sharp_rate_any_met beta m K : 0 <= beta < 1 -> (2 <= K)%nat ->
  let A := 2 + (1 - beta * beta) * (INR K - 2) - lg ((1 + beta) / (1 - beta))
    - Rmin (2 * beta * lg 2) (psi beta) in
  0 < A -> (forall k, (k < K)%nat -> m <= ridge (px (ridge_run at_first beta k)) - 7) -> m <= 1 * sqrt 6 /
    sqrt A.
Proof.
  intros. apply (sharp_rate_any 2 ridge ridge' beta 7 tilted untilted middle corner); auto with met.
Qed.

(** From zero. *)
Example sharp_rate_any_zero_met beta m K : 0 <= beta < 1 ->
  (forall k, (k < S K)%nat -> m <= ridge (px (ridge_run at_zero beta k)) - 7) ->
  m <= 1 * sqrt 6 / sqrt (1 + sumn K (fun k => (1 - beta * beta) / (1 - beta ^ (2 * S k)))).
Proof.
  intros. apply (sharp_rate_any_zero 2 ridge ridge' beta 7 tilted untilted middle corner); auto with met.
Qed.

(** On |x| in the identity, whose gradients are of length 1 everywhere. *)
Example sharp_rate_run_met beta m K : 0 <= beta < 1 -> (2 <= K)%nat ->
  let A := 2 + (1 - beta * beta) * (INR K - 2) - lg ((1 + beta) / (1 - beta))
    - Rmin (2 * beta * lg 2) (psi beta) in
  0 < A -> (forall k, (k < K)%nat -> m <= abs1 (px (sharp_rate.run1 1 abs1 sgn1 beta 0 one k)) - 0) ->
  m <= 1 * 1 / sqrt A.
Proof.
  intros. apply (sharp_rate.sharp_rate_run 1 abs1 sgn1 beta 0 zero one 1 1) with (K := K);
    auto using abs1_line, abs1_zero, abs1_pos, abs_start, Rlt_0_1.
  intros i _. apply abs1_norm with (x := sharp_rate.X 1 abs1 sgn1 beta 0 one i).
  apply (sharp_rate.ball 1 abs1 sgn1 beta 0 zero one 1); auto using abs1_line, abs1_zero, abs1_pos, abs_start.
Qed.

(** ** Smooth samples, in any order *)
Notation bowl_gap b beta w caps k := (sample_gap 2 bowl_f bowl_g beta 0 untilted corner w b caps k).

(** With any cap. *)
Example smooth_linear_any_met beta w cap K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) -> positive_cap cap ->
  let delta := sample_gap 2 bowl_f bowl_g beta 0 untilted corner w at_first (fun _ => cap) in
  delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) <= sqrt 6 * sqrt 6 * speed cap 1.
Proof. intros. apply (smooth_linear_any 2 2) with (D := tilted) (xs := middle); auto with met. Qed.

(** With any cap. *)
Example smooth_linear_ends_any_met beta w cap K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  positive_cap cap ->
  let delta := sample_gap 2 bowl_f bowl_g beta 0 untilted corner w at_first (fun _ => cap) in
  3 / 2 * delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) + 2 * delta (S K)
    <= sqrt 6 * sqrt 6 * speed cap 1.
Proof. intros. apply (smooth_linear_ends_any 2 2) with (D := tilted) (xs := middle); auto with met. Qed.

(** With any cap. *)
Example smooth_linear_least_any_met beta w cap m K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  positive_cap cap -> (2 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= bowl_gap at_first beta w (fun _ => cap) k) ->
  m <= sqrt 6 * sqrt 6 * speed cap 1 / (7 / 2 + (1 - beta) * (INR K - 2)).
Proof.
  intros. apply (smooth_linear_least_any 2 2 bowl_f bowl_g beta 0 tilted untilted middle corner (sqrt 6) 1 w);
    auto with met.
Qed.

(** With any caps. *)
Example smooth_linear_any_zero_met beta w caps K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  (forall j, positive_cap (caps j)) ->
  sumn K (fun k => worth (caps k) 1 * ((1 - beta) / (1 - beta ^ S k) * bowl_gap at_zero beta w caps k))
    <= sqrt 6 * sqrt 6.
Proof. intros. apply (smooth_linear_any_zero 2 2) with (D := tilted) (xs := middle); auto with met. Qed.

(** Without a cap. *)
Example smooth_linear_zero_uncapped_met beta w K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  (1 - beta) * sumn K (fun k => bowl_gap at_zero beta w (fun _ => None) k) <= 1 * (sqrt 6 * sqrt 6).
Proof. intros. apply (smooth_linear_zero_uncapped 2 2) with (D := tilted) (xs := middle); auto with met. Qed.

(** Without a cap. *)
Example smooth_linear_least_any_zero_met beta w m K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  (forall k, (k < S (S K))%nat -> m <= bowl_gap at_zero beta w (fun _ => None) k) ->
  m <= 1 * (sqrt 6 * sqrt 6) / (7 / 2 + sumn K (fun k => (1 - beta) / (1 - beta ^ S (S k)))).
Proof.
  intros. apply (smooth_linear_least_any_zero 2 2 bowl_f bowl_g beta 0 tilted untilted middle corner (sqrt 6)
    1 w);
    auto with met.
Qed.

(** ** Traps: in four dimensions, three points with one value *)
(** 2 on the diagonal, 1 beside it. *)
Definition chain : matrix := fun i j =>
  if Nat.eq_dec i j then 2 else if Nat.eq_dec i (S j) then 1 else if Nat.eq_dec j (S i) then 1 else 0.
Definition unchain : matrix := fun i j => (-1) ^ (i + j) * INR (S (min i j)) * INR (4 - max i j) / 5.
Lemma chain_norm y : sqnorm 4 chain y = y 0%nat * y 0%nat + (y 0%nat + y 1%nat) * (y 0%nat + y 1%nat)
  + (y 1%nat + y 2%nat) * (y 1%nat + y 2%nat) + (y 2%nat + y 3%nat) * (y 2%nat + y 3%nat)
  + y 3%nat * y 3%nat.
Proof. unfold sqnorm, inner, mul, dot, chain; simpl. ring. Qed.
Lemma chain_metric : is_metric 4 chain unchain.
Proof.
  split; [split|].
  - intros i j _ _. unfold chain. destruct (Nat.eq_dec i j), (Nat.eq_dec j i), (Nat.eq_dec i (S j)),
      (Nat.eq_dec j (S i)); auto; lia.
  - intros y. pose proof (chain_norm y) as E.
    pose proof (sq_pos (y 0%nat)) as H0. pose proof (sq_pos (y 0%nat + y 1%nat)) as H1.
    pose proof (sq_pos (y 1%nat + y 2%nat)) as H2. pose proof (sq_pos (y 2%nat + y 3%nat)) as H3.
    pose proof (sq_pos (y 3%nat)) as H4.
    assert (Hz : forall a, a * a <= 0 -> a = 0).
    { intros a Ha. destruct (Req_dec a 0) as [|Hn]; auto. apply Rsqr_pos_lt in Hn. unfold Rsqr in Hn. lra. }
    destruct (Rle_lt_dec (sqnorm 4 chain y) 0) as [Hs|Hs]; [left|right; exact Hs].
    assert (E0 := Hz (y 0%nat) ltac:(lra)).
    assert (E1 := Hz (y 0%nat + y 1%nat) ltac:(lra)). assert (E2 := Hz (y 1%nat + y 2%nat) ltac:(lra)).
    assert (E3 := Hz (y 3%nat) ltac:(lra)).
    intros i Hi. destruct i as [|[|[|[|i]]]]; try lia; lra.
  - intros d i Hi. unfold mul, chain, unchain; simpl. destruct i as [|[|[|[|i]]]]; try lia; simpl; field.
Qed.

(** From zero: all values are 1/√(1/(1-√β)² + 1 + (1-β²)/(1-β⁴)). *)
Example trap_any_zero_met beta : 0 <= beta < 1 -> exists f g xs x1,
  problem_in 4 chain unchain f g xs x1 7 1 1 /\ forall k, (k <= 2)%nat ->
  f (px (one_run 4 f g beta 7 at_zero unchain x1 k)) - 7 = 1 * 1 / sqrt (rest_zero beta + decrease_zero beta
    2).
Proof. intros. apply (trap_any_zero beta 7 1 1 chain unchain 2); auto using chain_metric, Rlt_0_1. Qed.

(** From the first sample: all values are 1/√((1-β²)/(1-√β)² + 1 + (1-β²)(1-β)/(1-β+2β³)). *)
Example trap_any_met beta : 0 <= beta < 1 -> exists f g xs x1,
  problem_in 4 chain unchain f g xs x1 7 1 1 /\ forall k, (k <= 2)%nat ->
  f (px (one_run 4 f g beta 7 at_first unchain x1 k)) - 7
    = 1 * 1 / sqrt (rest_first beta + decrease_first beta 2).
Proof. intros. apply (trap_any beta 7 1 1 chain unchain 2); auto using chain_metric, Rlt_0_1. Qed.
