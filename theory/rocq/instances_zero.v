(** The hypotheses of the theorems from zero in a frozen metric can be met: small problems on the line.

    Two samples with probability 1/2 each, |x| + 7 and 2|x| + 7, in the metric P = 4, from x^1 = 1: x⋆ = 0,
    f⋆ = 7, D = ‖x^1-x⋆‖_P = 2, and E‖g‖²_{P⁻¹} = (1 + 4)/8 ≤ G² = 1. For smooth functions x²/2 + 7 and
    x² + 7, which are 2-smooth, so that L = 1/2 in the metric. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions expectation rate smooth.
From Momo Require Import metric method_zero fejer_zero rate_zero sharp_rate_metric smooth_zero.
Open Scope R_scope.

Definition slope (x : R) : R := if Rle_dec 0 x then 1 else -1.
Lemma slope_line x y : Rabs x + slope x * (y - x) <= Rabs y.
Proof. unfold slope. destruct (Rle_dec 0 x); unfold Rabs; destruct (Rcase_abs x), (Rcase_abs y); lra. Qed.
Lemma slope_sq x : slope x * slope x = 1.
Proof. unfold slope. destruct (Rle_dec 0 x); ring. Qed.

Definition at_ (x : R) : vec := fun _ => x.
Definition two_f (s : nat) (x : vec) : R := (INR s + 1) * Rabs (x O) + 7.
Definition two_g (s : nat) (x : vec) : vec := at_ ((INR s + 1) * slope (x O)).
Definition half (_ : nat) : R := / 2.
Definition uncapped (_ : nat) : option R := None.

Lemma four_positive : positive (at_ 4).
Proof. intros i. unfold at_. lra. Qed.
Lemma half_nonnegative : nonnegative 2 half.
Proof. intros s _. unfold half. lra. Qed.
Lemma half_sum : sumn 2 half = 1.
Proof. unfold half. simpl. lra. Qed.
Lemma two_convex : convex 1 2 two_f two_g.
Proof.
  intros s x y _. unfold two_f, two_g, at_, dot, lin; simpl. pose proof (slope_line (x O) (y O)) as H.
  pose proof (pos_INR s). apply (Rmult_le_compat_l (INR s + 1)) in H; lra.
Qed.
Lemma two_interpolation : interpolation 2 two_f (at_ 0) 7.
Proof. intros s _. unfold two_f, at_. rewrite Rabs_R0. ring. Qed.
Lemma two_below : bounded_below 2 two_f 7.
Proof.
  intros s x _. unfold two_f. pose proof (pos_INR s). pose proof (Rabs_pos (x O)).
  assert (0 <= (INR s + 1) * Rabs (x O)) by (apply Rmult_le_pos; lra). lra.
Qed.
Lemma from_one : mdist2 1 (at_ 4) (at_ 1) (at_ 0) = 2 * 2.
Proof. unfold mdist2, norm2, lin, at_; simpl. ring. Qed.
Lemma two_gradients : bounded_gradients_in 1 2 two_g half (at_ 4) (at_ 0) 2 1.
Proof.
  intros x _. unfold two_g, half, dual2, at_; simpl. pose proof (slope_sq (x O)) as H.
  set (s := slope (x O)) in *.
  replace (_ + _) with (5 / 8 * (s * s)) by field. rewrite H. lra.
Qed.
Lemma uncapped_positive k : positive_cap (uncapped k).
Proof. exact I. Qed.
Lemma capped_positive alpha : 0 < alpha -> forall k : nat, positive_cap (Some alpha).
Proof. intros H k. exact H. Qed.

#[local] Hint Resolve four_positive half_nonnegative half_sum two_convex two_interpolation two_below from_one
  two_gradients uncapped_positive capped_positive : met.
#[local] Hint Extern 1 (0 < _) => lra : met.
#[local] Hint Extern 1 (below_cap _ (uncapped _)) => exact I : met.

Notation two_run beta caps w k := (zpath 1 two_f two_g beta 7 caps (at_ 4) (at_ 1) w k).
Notation height beta caps w k := (model 1 (two_run beta caps w (S k)) (px (two_run beta caps w k))).
Notation norm beta caps w k := (dual2 1 (at_ 4) (pd (two_run beta caps w (S k)))).
Notation distance beta caps w k := (mdist2 1 (at_ 4) (px (two_run beta caps w k)) (at_ 0)).
Notation EZ beta caps k := (Ez 1 2 two_f two_g half beta 7 caps (at_ 4) k 0 (zstart (at_ 1))).
Notation gap := (delta 2 two_f half 7).

(** ** The method in the coordinates √P x *)
(** The two samples, any state of the run, with a cap. *)
Example rescaling_met beta alpha k st s : first st = false ->
  view (at_ 4) (rho beta (S k) * 7) (zstep 1 two_f two_g beta 7 (Some alpha) (at_ 4) (rho beta (S k)) st s) =
  step 1 (fview two_f (at_ 4) 7) (gview two_g (at_ 4)) beta 0 (Some (alpha / rho beta (S k)))
    (view (at_ 4) (rho beta k * 7) st) s.
Proof. intros H. apply (rescaling 1 two_f two_g beta 7 (Some alpha)); auto with met. apply rho_next. Qed.

(** The two samples in any order, with any caps. *)
Example run_rescaled_met beta caps w k : view (at_ 4) (rho beta k * 7) (two_run beta caps w k) =
  steps 1 beta (fview two_f (at_ 4) 7) (gview two_g (at_ 4)) 0 (fun j => zcap (rho beta (S j)) (caps j))
    (zstart (up (at_ 4) (at_ 1))) w k.
Proof. apply run_rescaled; auto with met. Qed.

(** The mean of the square of x^k. *)
Example expectation_rescaled_met beta k :
  let seen z := px (view (at_ 4) (rho beta k * 7) z) O in EZ beta uncapped k (fun z => seen z * seen z) =
  Ex 1 2 (fview two_f (at_ 4) 7) (gview two_g (at_ 4)) half beta 0 None k
    (view (at_ 4) (rho beta 0 * 7) (zstart (at_ 1))) (fun z => px z O * px z O).
Proof.
  apply (expectation_rescaled 1 2 two_f two_g half beta 7 uncapped (at_ 4) four_positive k
    (fun z => px z O * px z O)); reflexivity.
Qed.

(** ** Every path: the two samples in any order *)
(** With a cap. *)
Example model_below_zero_met beta alpha w k : 0 <= beta < 1 -> 0 < alpha -> (forall j, (w j < 2)%nat) ->
  model 1 (two_run beta (fun _ => Some alpha) w k) (at_ 0) <= rho beta k * 7 /\
  distance beta (fun _ => Some alpha) w k <= 2 * 2.
Proof. intros. eapply model_below_zero; eauto with met. Qed.

(** With the cap α, and c = α: a step is at least as good as α/ρ_k. *)
Example fejer_zero_capped_met beta alpha w k : 0 <= beta < 1 -> 0 < alpha -> (forall j, (w j < 2)%nat) ->
  let x := px (two_run beta (fun _ => Some alpha) w k) in
  let a := height beta (fun _ => Some alpha) w k - rho beta (S k) * 7 in
  (1 - beta) * (two_f (w k) x - 7) <= a /\
  distance beta (fun _ => Some alpha) w (S k) <= distance beta (fun _ => Some alpha) w k - 2 * alpha * a
    + alpha * alpha * norm beta (fun _ => Some alpha) w k.
Proof.
  intros Hb Ha Hw. eapply fejer_zero_capped; eauto with met; [lra|]. simpl.
  pose proof (rho_range beta k Hb).
  assert (alpha * rho beta (S k) <= alpha * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(** Without a cap. *)
Example fejer_zero_met beta w k : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  let a := height beta uncapped w k - rho beta (S k) * 7 in
  distance beta uncapped w (S k) <= distance beta uncapped w k - a * a / norm beta uncapped w k.
Proof.
  intros Hb Hw. eapply (fejer_zero 1 2 two_f two_g beta 7 uncapped (at_ 4) (at_ 0) (at_ 1) 2); eauto with met.
Qed.

(** Without a cap. *)
Example summed_steps_zero_met beta w K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  let a k := height beta uncapped w k - rho beta (S k) * 7 in
  sumn K (fun k => a k * a k / norm beta uncapped w k) <= 2 * 2.
Proof. intros Hb Hw. eapply summed_steps_zero; eauto with met. Qed.

(** Without a cap. *)
Example landing_zero_met beta w k : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  height beta uncapped w k - rho beta (S k) * 7
    = (1 - beta) * (two_f (w k) (px (two_run beta uncapped w k)) - 7).
Proof. intros Hb Hw. eapply landing_zero with (D := 2); eauto with met. Qed.

(** ** Smooth functions: two parabolas in any order *)
Definition bowl (s : nat) (x : vec) : R := (INR s + 1) / 2 * (x O * x O) + 7.
Definition bowl' (s : nat) (x : vec) : vec := at_ ((INR s + 1) * x O).
Lemma bowl_convex : convex 1 2 bowl bowl'.
Proof.
  intros s x y _. unfold bowl, bowl', at_, dot, lin; simpl. pose proof (pos_INR s).
  assert (0 <= (INR s + 1) / 2 * ((y O - x O) * (y O - x O)))
    by (apply Rmult_le_pos; [lra|apply sq_pos]). lra.
Qed.
Lemma bowl_interpolation : interpolation 2 bowl (at_ 0) 7.
Proof. intros s _. unfold bowl, at_. ring. Qed.
Lemma bowl_below : bounded_below 2 bowl 7.
Proof.
  intros s x _. unfold bowl. pose proof (pos_INR s).
  assert (0 <= (INR s + 1) / 2 * (x O * x O)) by (apply Rmult_le_pos; [lra|apply sq_pos]). lra.
Qed.
Lemma bowl_smooth : smooth_in 1 2 bowl bowl' (at_ 4) (/ 2).
Proof.
  intros s x y Hs. unfold bowl, bowl', mdist2, norm2, at_, dot, lin; simpl.
  assert (INR s + 1 <= 2) by (destruct s as [|[|s]]; [simpl; lra|simpl; lra|lia]).
  assert (0 <= (2 - (INR s + 1)) / 2 * ((y O - x O) * (y O - x O)))
    by (apply Rmult_le_pos; [lra|apply sq_pos]). lra.
Qed.
#[local] Hint Resolve bowl_convex bowl_interpolation bowl_below bowl_smooth : met.
Definition bowl_gap (beta : R) (caps : nat -> option R) (w : nat -> nat) (k : nat) : R :=
  bowl (w k) (px (zpath 1 bowl bowl' beta 7 caps (at_ 4) (at_ 1) w k)) - 7.

(** With the cap α. *)
Example smooth_sum_zero_met beta alpha w K : 0 <= beta < 1 -> 0 < alpha -> (forall j, (w j < 2)%nat) ->
  sumn K (fun k => worth (Some alpha) (/ 2) *
    ((1 - beta) / (1 - beta ^ S k) * bowl_gap beta (fun _ => Some alpha) w k)) <= 2 * 2.
Proof.
  intros Hb Ha Hw. unfold bowl_gap.
  eapply (smooth_sum_zero 1 2) with (caps := fun _ => Some alpha); eauto with met.
Qed.

(** With the cap α. *)
Example smooth_two_ends_zero_met beta alpha w K : 0 <= beta < 1 -> 0 < alpha -> (forall j, (w j < 2)%nat) ->
  3 / 2 * (worth (Some alpha) (/ 2) * bowl_gap beta (fun _ => Some alpha) w 0%nat) +
  sumn K (fun k => worth (Some alpha) (/ 2) *
    ((1 - beta) / (1 - beta ^ S (S k)) * bowl_gap beta (fun _ => Some alpha) w (S k))) +
  2 / / 2 * bowl_gap beta (fun _ => Some alpha) w (S K) <= 2 * 2.
Proof.
  intros Hb Ha Hw. unfold bowl_gap.
  eapply (smooth_two_ends_zero 1 2) with (caps := fun _ => Some alpha); eauto with met.
Qed.

(** Without a cap. *)
Example smooth_best_zero_met beta w m K : 0 <= beta < 1 -> (forall j, (w j < 2)%nat) ->
  (forall k, (k < S (S K))%nat -> m <= bowl_gap beta uncapped w k) ->
  m <= / 2 * (2 * 2) / (7 / 2 + sumn K (fun k => (1 - beta) / (1 - beta ^ S (S k)))).
Proof. intros Hb Hw. unfold bowl_gap. eapply (smooth_best_zero 1 2); eauto with met. Qed.

(** ** Independent samples *)
(** E‖d_k‖²_{P⁻¹} ≤ ρ_k². *)
Example mean_square_zero_met beta k : 0 <= beta < 1 ->
  EZ beta uncapped k (fun z => dual2 1 (at_ 4) (pd z)) <= rho beta k * rho beta k * (1 * 1).
Proof. intros Hb. eapply mean_square_zero; eauto with met. Qed.

(** With the cap α, and c_k = α. *)
Example any_steps_zero_met beta alpha K : 0 <= beta < 1 -> 0 < alpha ->
  2 * (1 - beta) * sumn K (fun k => alpha * EZ beta (fun _ => Some alpha) k gap) <=
  2 * 2 + 1 * 1 * sumn K (fun k => alpha * alpha * (rho beta (S k) * rho beta (S k))).
Proof.
  intros Hb Ha.
  apply (any_steps_zero 1 2 two_f two_g half beta 7 (fun _ => Some alpha) (at_ 4) (at_ 0) (at_ 1) 1 2) with
    (c := fun _ => alpha); auto with met.
  intros k _. split; [lra|]. simpl. pose proof (rho_range beta k Hb).
  assert (alpha * rho beta (S k) <= alpha * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(** With the cap 2, which is D/G. *)
Example rate_zero_met beta m K : 0 <= beta < 1 -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= EZ beta (fun _ => Some 2) k gap) ->
  m <= 1 * 2 / ((1 - beta) * sqrt (INR K)).
Proof.
  intros Hb HK. eapply rate_zero; eauto with met. intros k _. simpl.
  assert (H1 : 1 <= INR K) by (apply (le_INR 1); lia).
  assert (H2 : 1 <= sqrt (INR K)) by (rewrite <- sqrt_1; apply sqrt_le_1_alt; auto).
  apply (Rmult_le_reg_r (1 * sqrt (INR K))); [lra|].
  replace (2 / (1 * sqrt (INR K)) * (1 * sqrt (INR K))) with 2 by (field; lra). lra.
Qed.

(** Without a cap. *)
Example rate_first_term_zero_met beta m K : 0 <= beta < 1 -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= EZ beta uncapped k gap) ->
  m <= 1 * 2 / sqrt (weights_zero beta K).
Proof. intros Hb HK. eapply rate_first_term_zero; eauto with met. Qed.

(** Without a cap. *)
Example rate_two_ends_zero_met beta m K : 0 <= beta < 1 ->
  (forall k, (k < S K)%nat -> m <= EZ beta uncapped k gap) ->
  m <= 1 * 2 / sqrt (1 + weights_zero beta K).
Proof. intros Hb. eapply rate_two_ends_zero; eauto with met. Qed.

(** ** One function *)
(** |x| + 7, in the metric 4: ‖g‖_{P⁻¹} = 1/2, so G = 1/2 and G D = 1. *)
Example sharp_rate_metric_met beta m K : 0 <= beta < 1 ->
  (forall k, (k < S K)%nat ->
    m <= two_f 0 (px (zrun 1 (two_f 0) (two_g 0) beta 7 (at_ 4) (at_ 1) k)) - 7) ->
  m <= / 2 * 2 / sqrt (1 + sumn K (fun i => (1 - beta * beta) / (1 - beta ^ (2 * S i)))).
Proof.
  intros Hb. apply (sharp_rate_metric 1 (two_f 0) (two_g 0) beta 7 (at_ 4) (at_ 1) four_positive (at_ 0));
    auto with met.
  - intros s x y _. exact (two_convex 0%nat x y Nat.lt_0_2).
  - intros s _. exact (two_interpolation 0%nat Nat.lt_0_2).
  - intros s x _. exact (two_below 0%nat x Nat.lt_0_2).
  - intros x _. unfold two_g, dual2, at_; simpl. pose proof (slope_sq (x O)) as H.
    replace (_ + _) with (/ 4 * (slope (x O) * slope (x O))) by field. rewrite H. lra.
Qed.
