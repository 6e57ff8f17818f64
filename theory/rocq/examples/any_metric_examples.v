(** The hypotheses of the theorems in any fixed metric can be met, in one that is not diagonal: D = (2 1; 1
    2).

    Two samples in the plane with probability 1/2 each, |x_0| + 7 and |x_1| + 7, from x^1 = (1, 1): x⋆ = 0,
    f⋆ = 7, ‖x^1-x⋆‖²_D = 6, and ‖g‖²_{D⁻¹} = 2/3 ≤ 1. One function: |x_0| + 7. Smooth ones: x_0²/2 and
    x_1²/2, for which L = 1, as ‖y‖² ≤ ‖y‖²_D. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import on_the_line sums vectors method assumptions expectation metric metric_norms
  method_zero smooth.
From Momo Require Import smooth_linear logarithm sharp_rate_scalars.
From Momo Require Import any_metric fejer_any mean_square_any gram_schmidt coordinates rate rate_zero
  rate_any.
From Momo Require Import metric_summed metric_summed_any smooth_any instances.
Open Scope R_scope.

(** ** The metric *)
Definition tilted : matrix := fun i j => if Nat.eq_dec i j then 2 else 1.
Definition untilted : matrix := fun i j => if Nat.eq_dec i j then 2 / 3 else - (1 / 3).
Definition middle : vec := fun _ => 0.
Definition corner : vec := fun _ => 1.

Lemma tilted_norm y : sqnorm 2 tilted y = y O * y O + y 1%nat * y 1%nat + (y O + y 1%nat) * (y O + y 1%nat).
Proof. unfold sqnorm, inner, mul, dot, tilted; simpl. ring. Qed.
Lemma tilted_metric : is_metric 2 tilted untilted.
Proof.
  split; [split|].
  - intros i j _ _. unfold tilted. destruct (Nat.eq_dec i j), (Nat.eq_dec j i); subst; auto; contradiction.
  - intros y. rewrite tilted_norm.
    pose proof (sq_pos (y O)). pose proof (sq_pos (y 1%nat)). pose proof (sq_pos (y O + y 1%nat)).
    destruct (Req_dec (y O) 0) as [E0|E0].
    + destruct (Req_dec (y 1%nat) 0) as [E1|E1].
      * left. intros i Hi. destruct i as [|[|i]]; auto; lia.
      * right. assert (0 < y 1%nat * y 1%nat) by (apply Rsqr_pos_lt in E1; exact E1). lra.
    + right. assert (0 < y O * y O) by (apply Rsqr_pos_lt in E0; exact E0). lra.
  - intros d i Hi. unfold mul, tilted, untilted; simpl. destruct i as [|[|i]]; [| |lia]; simpl; field.
Qed.
Lemma from_corner : dist_in 2 tilted corner middle = sqrt 6 * sqrt 6.
Proof. unfold dist_in. rewrite tilted_norm, sqrt_sqrt by lra. unfold lin, corner, middle. ring. Qed.
Lemma root_six : 0 < sqrt 6.
Proof. apply sqrt_lt_R0. lra. Qed.

(** ** The samples *)
Definition fold_f (s : nat) (x : vec) : R := Rabs (x s) + 7.
Definition fold_g (s : nat) (x : vec) : vec := fun i => if Nat.eq_dec i s then sign (x s) else 0.
Definition even (_ : nat) : R := / 2.

Lemma even_nonnegative : nonnegative 2 even.
Proof. intros s _. unfold even. lra. Qed.
Lemma even_sum : sumn 2 even = 1.
Proof. unfold even. simpl. lra. Qed.
Lemma fold_convex : convex 2 2 fold_f fold_g.
Proof.
  intros s x y Hs. unfold fold_f, fold_g, dot, lin. pose proof (abs_above (x s) (y s)) as H.
  destruct s as [|[|s]]; [| |lia]; simpl; lra.
Qed.
Lemma fold_interpolation : interpolation 2 fold_f middle 7.
Proof. intros s _. unfold fold_f, middle. rewrite Rabs_R0. ring. Qed.
Lemma fold_below : bounded_below 2 fold_f 7.
Proof. intros s x _. unfold fold_f. pose proof (Rabs_pos (x s)). lra. Qed.
Lemma fold_length s x : (s < 2)%nat -> dual_in 2 untilted (fold_g s x) <= 1 * 1.
Proof.
  intros Hs. unfold dual_in, dot, mul, untilted, fold_g. pose proof (sign_square (x s)) as H.
  destruct s as [|[|s]]; [| |lia]; simpl; lra.
Qed.
Lemma fold_gradients R0 : gradients_in 2 2 fold_g even tilted untilted middle R0 1.
Proof.
  intros x _. pose proof (fold_length 0 x ltac:(lia)). pose proof (fold_length 1 x ltac:(lia)).
  unfold even. simpl. lra.
Qed.
Lemma no_cap k : positive_cap ((fun _ : nat => None) k).
Proof. exact I. Qed.

#[local] Hint Resolve tilted_metric from_corner root_six even_nonnegative even_sum fold_convex
  fold_interpolation
  fold_below fold_gradients no_cap Rlt_0_1 : met.

Notation fold_run b beta caps w k := (mrun 2 fold_f fold_g beta 7 b untilted caps corner w k).
Notation gap_of k b beta caps w := (excess 2 fold_f fold_g beta 7 b untilted caps corner w k).
Notation tau_of k b beta caps w := (taus 2 fold_f fold_g beta 7 b untilted caps corner w k).
Notation N_of k b beta caps w := (size2 2 fold_f fold_g beta 7 b untilted caps corner w k).
Notation away_of k b beta caps w := (away 2 fold_f fold_g beta 7 b tilted untilted caps middle corner w k).

(** ** Every path: the two samples in any order *)
(** Taken at any points. *)
Example model_below_any_met b beta X w k : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  model 2 (averaged 2 fold_f fold_g beta b X w (S k)) middle <= weight b beta (S k) * 7.
Proof. intros. apply (model_below_any 2 2); auto with met. Qed.

(** Taken at any points. *)
Example offset_any_met b beta X w : let st k := averaged 2 fold_f fold_g beta b X w (S k) in
  dot 2 (pd (st O)) (X O) - pg (st O) = 0.
Proof. apply (offset_any 2 fold_f fold_g beta b X w). Qed.

(** With any caps. *)
Example fejer_any_met b beta caps w k : 0 <= beta < 1 -> (forall j, positive_cap (caps j)) ->
  (forall j, (w j < 2)%nat) -> away_of (S k) b beta caps w <= away_of k b beta caps w
    - tau_of k b beta caps w * (2 * gap_of k b beta caps w - tau_of k b beta caps w * N_of k b beta caps w).
Proof. intros. apply (fejer_any 2 2); auto with met. Qed.

(** With any caps. *)
Example fejer_any_capped_met b beta caps w k : 0 <= beta < 1 -> (forall j, positive_cap (caps j)) ->
  (forall j, (w j < 2)%nat) ->
  away_of (S k) b beta caps w <= away_of k b beta caps w - tau_of k b beta caps w * gap_of k b beta caps w.
Proof. intros. apply (fejer_any_capped 2 2); auto with met. Qed.

(** The step without a cap. *)
Example fejer_any_uncapped_met b beta caps w k : 0 <= beta < 1 -> (forall j, positive_cap (caps j)) ->
  (forall j, (w j < 2)%nat) -> caps k = None -> away_of (S k) b beta caps w <= away_of k b beta caps w
    - Rmax 0 (gap_of k b beta caps w) * Rmax 0 (gap_of k b beta caps w) / N_of k b beta caps w.
Proof. intros. apply (fejer_any_uncapped 2 2); auto with met. Qed.

(** With any caps. *)
Example ball_any_met b beta caps w k : 0 <= beta < 1 -> (forall j, positive_cap (caps j)) ->
  (forall j, (w j < 2)%nat) -> away_of k b beta caps w <= dist_in 2 tilted corner middle.
Proof. intros. apply (ball_any 2 2); auto with met. Qed.

(** With any caps. *)
Example summed_any_capped_met b beta caps w K : 0 <= beta < 1 -> (forall j, positive_cap (caps j)) ->
  (forall j, (w j < 2)%nat) ->
  sumn K (fun k => tau_of k b beta caps w * gap_of k b beta caps w) <= dist_in 2 tilted corner middle.
Proof. intros. apply (summed_any_capped 2 2); auto with met. Qed.

(** Without caps. *)
Example summed_any_met b beta w K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  let caps := fun _ => None in sumn K (fun k => Rmax 0 (gap_of k b beta caps w)
    * Rmax 0 (gap_of k b beta caps w) / N_of k b beta caps w) <= dist_in 2 tilted corner middle.
Proof. intros. apply (summed_any 2 2); auto with met. Qed.

(** With any caps. *)
Example offset_any_run_met b beta caps w k :
  dot 2 (pd (fold_run b beta caps w (S k)))
    (lin 1 (px (fold_run b beta caps w (S k))) (-1) (px (fold_run b beta caps w k)))
    = - (tau_of k b beta caps w * N_of k b beta caps w).
Proof. apply (offset_any_run 2 fold_f fold_g beta 7 b untilted caps corner w). Qed.

(** With any caps. *)
Example height_any_met b beta caps w k : 0 <= beta < 1 -> (forall j, positive_cap (caps j)) ->
  (forall j, (w j < 2)%nat) ->
  0 <= (1 - beta) * (fold_f (w k) (px (fold_run b beta caps w k)) - 7) <= gap_of k b beta caps w.
Proof. intros. apply (height_any 2 2 fold_f fold_g beta 7 b tilted); auto with met. Qed.

(** Without caps. *)
Example landing_any_met b beta w k : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) -> let caps := fun _ => None
  in
  gap_of (S k) b beta caps w = (1 - beta) * (fold_f (w (S k)) (px (fold_run b beta caps w (S k))) - 7).
Proof.
  intros Hb Hw caps. apply (landing_any 2 2 fold_f fold_g beta 7 b tilted untilted caps middle corner w);
    auto with met.
Qed.

(** ** The coordinates *)
(** The metric (2 1; 1 2). *)
Example coordinates_exist_met : exists B C T, coordinates 2 tilted untilted B C T.
Proof. apply coordinates_exist. apply tilted_metric. Qed.

Notation seen_path B C T beta cap w k :=
  (path 2 (value_seen fold_f C) (gradient_seen fold_g C T) beta 7 cap (B corner) w k).
(** The two samples in any order, with any cap. *)
Example first_seen_met beta cap w k : exists B C T,
  state_seen B T (fold_run at_first beta (fun _ => cap) w k) = seen_path B C T beta cap w k.
Proof.
  destruct coordinates_exist_met as [B [C [T H]]]. exists B, C, T. apply (first_seen 2 _ _ _ _ _ _ _ _ _ H).
Qed.
(** The two samples in any order, with any caps. *)
Example zero_seen_met beta caps w k : exists B C T, state_seen B T (fold_run at_zero beta caps w k) =
  zpath 2 (value_seen fold_f C) (gradient_seen fold_g C T) beta 7 caps ones (B corner) w k.
Proof.
  destruct coordinates_exist_met as [B [C [T H]]]. exists B, C, T. apply (zero_seen 2 _ _ _ _ _ _ _ _ _ H).
Qed.
(** The mean of f̄_k. *)
Example first_expected_met beta cap k : exists B C T,
  Em 2 2 fold_f fold_g even beta 7 at_first untilted (fun _ => cap) k 0 (start corner) (fun z => pf z) =
  Ex 2 2 (value_seen fold_f C) (gradient_seen fold_g C T) even beta 7 cap k
    (state_seen B T (start corner)) (fun z => pf z).
Proof.
  destruct coordinates_exist_met as [B [C [T H]]]. exists B, C, T.
  apply (first_expected 2 2 fold_f fold_g even beta 7 _ _ _ _ _ H cap k (fun z => pf z)).
Qed.
(** The mean of f̄_k. *)
Example zero_expected_met beta caps k : exists B C T,
  Em 2 2 fold_f fold_g even beta 7 at_zero untilted caps k 0 (zstart corner) (fun z => pf z) =
  Ez 2 2 (value_seen fold_f C) (gradient_seen fold_g C T) even beta 7 caps ones k 0
    (state_seen B T (zstart corner)) (fun z => pf z).
Proof.
  destruct coordinates_exist_met as [B [C [T H]]]. exists B, C, T.
  apply (zero_expected 2 2 fold_f fold_g even beta 7 _ _ _ _ _ H caps k (fun z => pf z)). reflexivity.
Qed.

(** ** Independent samples *)
Notation mean_gap b beta k := (expected_gap 2 2 fold_f fold_g even beta 7 b untilted corner k).

(** With any caps. *)
Example mean_square_any_met b beta caps k : 0 <= beta < 1 -> (forall j, positive_cap (caps j)) ->
  Em 2 2 fold_f fold_g even beta 7 b untilted caps (S k) 0 (begin b corner) (fun z => dual_in 2 untilted (pd
    z))
    <= weight b beta (S k) * weight b beta (S k) * (1 * 1).
Proof. intros. apply (mean_square_any 2 2) with (D := tilted) (xs := middle) (R0 := sqrt 6); auto with met.
  Qed.

(** From both starts. *)
Example rate_any_met b beta m K : 0 <= beta < 1 -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= mean_gap b beta k) -> m <= 1 * sqrt 6 / ((1 - beta) * sqrt (INR K)).
Proof.
  intros. apply (rate_any 2 2 fold_f fold_g even beta 7 tilted untilted middle corner 1 (sqrt 6)) with (b :=
    b);
    auto with met.
Qed.

(** From the first sample. *)
Example rate_first_term_any_met beta m K : 0 <= beta < 1 -> (1 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= mean_gap at_first beta k) ->
  m <= 1 * sqrt 6 / sqrt (1 + (1 - beta) * (1 - beta) * (INR K - 1)).
Proof.
  intros. apply (rate_first_term_any 2 2 fold_f fold_g even beta 7 tilted untilted middle corner); auto with
    met.
Qed.

(** From the first sample. *)
Example rate_two_ends_any_met beta m K : 0 <= beta < 1 -> (2 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= mean_gap at_first beta k) ->
  m <= 1 * sqrt 6 / sqrt (2 + (1 - beta) * (1 - beta) * (INR K - 2)).
Proof.
  intros. apply (rate_two_ends_any 2 2 fold_f fold_g even beta 7 tilted untilted middle corner); auto with
    met.
Qed.

(** From zero. *)
Example rate_first_term_any_zero_met beta m K : 0 <= beta < 1 -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= mean_gap at_zero beta k) -> m <= 1 * sqrt 6 / sqrt (weights_zero beta K).
Proof.
  intros. apply (rate_first_term_any_zero 2 2 fold_f fold_g even beta 7 tilted untilted middle corner);
    auto with met.
Qed.

(** From zero. *)
Example rate_two_ends_any_zero_met beta m K : 0 <= beta < 1 ->
  (forall k, (k < S K)%nat -> m <= mean_gap at_zero beta k) -> m <= 1 * sqrt 6 / sqrt (1 + weights_zero beta
    K).
Proof.
  intros. apply (rate_two_ends_any_zero 2 2 fold_f fold_g even beta 7 tilted untilted middle corner);
    auto with met.
Qed.

(** ** Metrics that change: (2 1; 1 2) all the time, or times 2^k, where 1 + η = 2 *)
Definition grown (k : nat) : matrix := fun i j => 2 ^ k * tilted i j.
Definition grown_inverse (k : nat) : matrix := fun i j => untilted i j / 2 ^ k.
Lemma power_two k : 0 < 2 ^ k.
Proof. apply pow_lt. lra. Qed.
Lemma grown_norm k y : sqnorm 2 (grown k) y = 2 ^ k * sqnorm 2 tilted y.
Proof. rewrite tilted_norm. unfold sqnorm, inner, mul, dot, grown, tilted; simpl. ring. Qed.
Lemma grown_metric k : is_metric 2 (grown k) (grown_inverse k).
Proof.
  destruct tilted_metric as [[Hs Hp] Hi]. pose proof (power_two k) as H2. split; [split|].
  - intros i j H1 H3. unfold grown. rewrite (Hs i j) by auto. reflexivity.
  - intros y. destruct (Hp y) as [H|H]; [left; exact H|right]. rewrite grown_norm. apply Rmult_lt_0_compat;
    auto.
  - intros d i Hn. rewrite <- (Hi d i Hn). unfold mul, grown, grown_inverse; simpl. field. lra.
Qed.

(** In any order of the samples, from both starts. *)
Example metric_summed_any_met b beta w K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  sumn K (loss_of 2 fold_f fold_g beta 7 b grown_inverse corner w)
    <= radius_of 2 fold_f fold_g beta 7 b grown grown_inverse middle corner w K.
Proof. intros. apply (metric_summed_any 2 2); auto using grown_metric with met. Qed.

(** η_k = 1. *)
Example metric_radius_any_met b beta w K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  radius_of 2 fold_f fold_g beta 7 b grown grown_inverse middle corner w K
    <= prodn (K - 1) (fun _ => 1 + 1) * dist_in 2 (grown 0) corner middle.
Proof.
  intros. apply (metric_radius_any 2 2) with (eta := fun _ => 1); auto using grown_metric with met.
  intros k _. split; [lra|]. intros y. rewrite !grown_norm. simpl pow. lra.
Qed.

(** The metric (2 1; 1 2) in all steps. *)
Example metric_summed_any_shrinking_met b beta w K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  sumn K (loss_of 2 fold_f fold_g beta 7 b (fun _ => untilted) corner w) <= dist_in 2 tilted corner middle.
Proof.
  intros. apply (metric_summed_any_shrinking 2 2) with (D := fun _ => tilted); auto with met.
  intros k _ y. apply Rle_refl.
Qed.
