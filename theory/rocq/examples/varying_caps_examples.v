(** The theorems of varying_caps.v: problems that meet their hypotheses, and problems on which the bound
    fails, each of which meets all hypotheses but one. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step expectation rate varying_caps on_the_line.
Open Scope R_scope.

(** |x| and 2|x|, each with probability 1/2, from 1: D = 1, and E‖g‖² = 5/2 ≤ 2². *)
Definition cone (s : nat) (x : vec) : R := (INR s + 1) * Rabs (x O).
Definition cone' (s : nat) (x : vec) : vec := at_ ((INR s + 1) * sign (x O)).

Lemma cone_convex M : convex 1 M cone cone'.
Proof.
  intros s x y _. unfold cone, cone', dot, lin; simpl. pose proof (abs_above (x O) (y O)) as H.
  pose proof (pos_INR s) as Hs. apply (Rmult_le_compat_l (INR s + 1)) in H; lra.
Qed.
Lemma cone_zero M : interpolation M cone (at_ 0) 0.
Proof. intros s _. unfold cone. rewrite Rabs_R0. ring. Qed.
Lemma cone_below M : bounded_below M cone 0.
Proof.
  intros s x _. unfold cone. pose proof (pos_INR s). apply Rmult_le_pos; [lra|apply Rabs_pos].
Qed.
Lemma cone_gradients : bounded_gradients 1 2 cone' (fun _ => / 2) (at_ 0) 1 2.
Proof.
  intros x _. unfold cone', dot. simpl. pose proof (sign_square (x O)) as H.
  replace ((0 + 1) * sign (x O) * ((0 + 1) * sign (x O))) with (sign (x O) * sign (x O)) by ring.
  replace ((1 + 1) * sign (x O) * ((1 + 1) * sign (x O))) with (4 * (sign (x O) * sign (x O))) by ring.
  rewrite H. lra.
Qed.
Lemma from_one : dist2 1 (at_ 1) (at_ 0) = 1 * 1.
Proof. unfold dist2, dot, lin; simpl. ring. Qed.

Ltac on_cones := try first [apply cone_convex | apply cone_zero | apply cone_below | apply cone_gradients
  | apply from_one | assumption | intros s _; lra | simpl; lra].

(** Caps α_k = 1/k, and c_k any part t of them. *)
Definition harmonic (k : nat) : R := / (INR k + 1).
Lemma harmonic_range k : 0 < harmonic k <= 1.
Proof.
  unfold harmonic. pose proof (pos_INR k). split; [apply Rinv_0_lt_compat; lra|].
  rewrite <- Rinv_1. apply Rinv_le_contravar; lra.
Qed.

(** |x| and 2|x| with α_k = 1/k, c_k any part of it: the first term kept. *)
Example varying_caps_first_term_met beta t K : 0 <= beta < 1 -> 0 <= t <= 1 ->
  let gap := Egap 1 2 cone cone' (fun _ => / 2) beta 0 (fun k => Some (harmonic k)) (at_ 1) in
  let c k := t * harmonic k in
  2 * (c 0%nat * gap 0%nat) + 2 * (1 - beta) * sumn K (fun k => c (S k) * gap (S k))
    <= 1 * 1 + 2 * 2 * sumn (S K) (fun k => c k * c k).
Proof.
  intros Hb Ht. apply (varying_caps_first_term 1 2 cone cone' (fun _ => / 2) beta 0
    (fun k => Some (harmonic k)) (at_ 0) (at_ 1) 2 1 (fun k => t * harmonic k) K); on_cones.
  - intros k. apply harmonic_range.
  - intros k _. pose proof (harmonic_range k). simpl. split; [apply Rmult_le_pos; lra|].
    assert (t * harmonic k <= 1 * harmonic k) by (apply Rmult_le_compat_r; lra). lra.
Qed.

(** The same: all with the weight 1-β. *)
Example varying_caps_met beta t K : 0 <= beta < 1 -> 0 <= t <= 1 ->
  let gap := Egap 1 2 cone cone' (fun _ => / 2) beta 0 (fun k => Some (harmonic k)) (at_ 1) in
  let c k := t * harmonic k in
  2 * (1 - beta) * sumn K (fun k => c k * gap k) <= 1 * 1 + 2 * 2 * sumn K (fun k => c k * c k).
Proof.
  intros Hb Ht. apply (varying_caps 1 2 cone cone' (fun _ => / 2) beta 0
    (fun k => Some (harmonic k)) (at_ 0) (at_ 1) 2 1 (fun k => t * harmonic k) K); on_cones.
  - intros k. apply harmonic_range.
  - intros k _. pose proof (harmonic_range k). simpl. split; [apply Rmult_le_pos; lra|].
    assert (t * harmonic k <= 1 * harmonic k) by (apply Rmult_le_compat_r; lra). lra.
Qed.

(** Caps 1 + 1/k are all above D/(G√K) ≤ 1/2. *)
Example varying_caps_rate_met beta m K : 0 <= beta < 1 -> (0 < K)%nat ->
  (forall k, (k < K)%nat ->
    m <= Egap 1 2 cone cone' (fun _ => / 2) beta 0 (fun k => Some (1 + harmonic k)) (at_ 1) k) ->
  m <= 2 * 1 / ((1 - beta) * sqrt (INR K)).
Proof.
  intros Hb HK Hm. apply (varying_caps_rate 1 2 cone cone' (fun _ => / 2) beta 0
    (fun k => Some (1 + harmonic k)) (at_ 0) (at_ 1) 2 1 m K); auto; on_cones.
  - intros k. simpl. pose proof (harmonic_range k). lra.
  - intros k _. simpl. pose proof (harmonic_range k).
    assert (HI : 1 <= INR K) by (apply (le_INR 1); lia).
    assert (Hr : 1 <= sqrt (INR K)) by (rewrite <- sqrt_1; apply sqrt_le_1; lra).
    apply Rle_trans with 1; [|lra]. apply (Rmult_le_reg_r (2 * sqrt (INR K))); [lra|].
    replace (1 / (2 * sqrt (INR K)) * (2 * sqrt (INR K))) with 1 by (field; lra). lra.
Qed.

(** The same, with c_k = α_k = 1/k: the least expected gap. *)
Example diminishing_caps_met beta m K : 0 <= beta < 1 -> (0 < K)%nat ->
  (forall k, (k < K)%nat ->
    m <= Egap 1 2 cone cone' (fun _ => / 2) beta 0 (fun k => Some (harmonic k)) (at_ 1) k) ->
  m <= (1 * 1 + 2 * 2 * sumn K (fun k => harmonic k * harmonic k)) / (2 * (1 - beta) * sumn K harmonic).
Proof.
  intros Hb HK Hm. apply (diminishing_caps 1 2 cone cone' (fun _ => / 2) beta 0
    harmonic (at_ 0) (at_ 1) 2 1 m K); auto; on_cones.
  intros k. apply harmonic_range.
Qed.

(** One function: nothing is averaged. *)
Lemma Ev_single n f g beta fstar caps k j st phi : Ev n 1 f g (fun _ => 1) beta fstar caps (S k) j st phi =
  Ev n 1 f g (fun _ => 1) beta fstar caps k (S j) (step n f g beta fstar (caps j) st 0) phi.
Proof. simpl. ring. Qed.
Lemma delta_single f fstar z : delta 1 f (fun _ => 1) fstar z = f 0%nat (px z) - fstar.
Proof. unfold delta, favg. simpl. ring. Qed.
Lemma single : nonnegative 1 (fun _ => 1) /\ sumn 1 (fun _ => 1) = 1.
Proof. split; [intros s _; lra|simpl; lra]. Qed.
Lemma cone_single D : bounded_gradients 1 1 cone' (fun _ => 1) (at_ 0) D 1.
Proof.
  intros x _. unfold cone', dot. simpl. pose proof (sign_square (x O)) as H.
  replace ((0 + 1) * sign (x O) * ((0 + 1) * sign (x O))) with (sign (x O) * sign (x O)) by ring. lra.
Qed.

(** A short step on |x|: α less. *)
Lemma cone_step alpha st : 0 < alpha <= px st O ->
  px (step 1 cone cone' 0 0 (Some alpha) st 0) O = px st O - alpha.
Proof.
  intros Ha. rewrite step_on_line. unfold cone, cone'. simpl INR.
  assert (Hs : sign (px st O) = 1) by (unfold sign; destruct (Rle_dec 0 (px st O)); lra).
  rewrite Hs, Rabs_pos_eq by lra. unfold tau. destruct (Req_EM_T ((0 + 1) * 1 * ((0 + 1) * 1)) 0); [lra|].
  rewrite Rminus_0_r, Rmax_right, Rmin_left; lra.
Qed.

(** The cap counts: a c_k above α_k may not be taken. |x| from 1 with α_k = 1/4, c_k = 1, two steps. *)
Example varying_caps_needs_below_caps : nonnegative 1 (fun _ => 1) /\ sumn 1 (fun _ => 1) = 1 /\
  convex 1 1 cone cone' /\ interpolation 1 cone (at_ 0) 0 /\ bounded_below 1 cone 0 /\
  dist2 1 (at_ 1) (at_ 0) = 1 * 1 /\ bounded_gradients 1 1 cone' (fun _ => 1) (at_ 0) 1 1 /\
  let gap := Egap 1 1 cone cone' (fun _ => 1) 0 0 (fun _ => Some (1 / 4)) (at_ 1) in
  1 * 1 + 1 * 1 * sumn 2 (fun k => 1 * 1) < 2 * (1 - 0) * sumn 2 (fun k => 1 * gap k).
Proof.
  repeat split; try apply single; try apply cone_convex; try apply cone_zero; try apply cone_below;
    try apply from_one; try apply cone_single.
  unfold Egap. unfold sumn. rewrite Ev_single. unfold Ev. rewrite !delta_single. unfold cone at 1 2.
  rewrite cone_step by (simpl; lra). simpl. rewrite !Rabs_pos_eq by lra. lra.
Qed.

(** The rate needs the caps, too: |x| from 1, α_k = 1/16; after 4 evaluations still above 1/√4. *)
Example varying_caps_rate_needs_large_caps : exists m,
  nonnegative 1 (fun _ => 1) /\ sumn 1 (fun _ => 1) = 1 /\
  convex 1 1 cone cone' /\ interpolation 1 cone (at_ 0) 0 /\ bounded_below 1 cone 0 /\
  dist2 1 (at_ 1) (at_ 0) = 1 * 1 /\ bounded_gradients 1 1 cone' (fun _ => 1) (at_ 0) 1 1 /\
  1 * 1 / ((1 - 0) * sqrt (INR 4)) < m /\
  forall k, (k < 4)%nat -> m <= Egap 1 1 cone cone' (fun _ => 1) 0 0 (fun _ => Some (1 / 16)) (at_ 1) k.
Proof.
  exists (13 / 16). split; [apply single|]. split; [apply single|]. split; [apply cone_convex|].
  split; [apply cone_zero|]. split; [apply cone_below|]. split; [apply from_one|].
  split; [apply cone_single|]. split.
  - replace (INR 4) with (2 * 2) by (simpl; lra). rewrite sqrt_square by lra. lra.
  - assert (H : forall k j st r, px st O = r -> r - INR k * (1 / 16) >= 1 / 16 ->
      Ev 1 1 cone cone' (fun _ => 1) 0 0 (fun _ => Some (1 / 16)) k j st
        (delta 1 cone (fun _ => 1) 0) = r - INR k * (1 / 16)).
    { induction k as [|k IH]; intros j st r Hr Hk.
      - simpl Ev. rewrite delta_single. unfold cone. rewrite Hr. simpl in *. rewrite Rabs_pos_eq; lra.
      - rewrite S_INR in Hk. pose proof (pos_INR k).
        rewrite Ev_single, (IH _ _ (r - 1 / 16)), S_INR; [lra| |lra].
        rewrite cone_step, Hr; lra. }
    intros k Hk. unfold Egap.
    assert (HI : INR k <= 3).
    { apply Rle_trans with (INR 3); [apply le_INR; lia|simpl; lra]. }
    rewrite (H k 0%nat (start (at_ 1)) 1); simpl; lra.
Qed.

(** A common minimiser is needed: |x-1| and |x+1|, whose mean is least at 0; from 1/10, one evaluation. *)
Example varying_caps_needs_interpolation :
  let f := fun (s : nat) (x : vec) => Rabs (x O + (2 * INR s - 1)) in
  let g := fun (s : nat) (x : vec) => at_ (sign (x O + (2 * INR s - 1))) in
  let p := fun _ : nat => / 2 in
  nonnegative 2 p /\ sumn 2 p = 1 /\ convex 1 2 f g /\ bounded_below 2 f 0 /\
  (forall x, favg 2 f p (at_ 0) <= favg 2 f p x) /\
  dist2 1 (at_ (1 / 10)) (at_ 0) = 1 / 10 * (1 / 10) /\ bounded_gradients 1 2 g p (at_ 0) (1 / 10) 1 /\
  let gap := Egap 1 2 f g p 0 0 (fun _ => None) (at_ (1 / 10)) in
  1 / 10 * (1 / 10) + 1 * 1 * sumn 1 (fun k => 1 * 1) < 2 * (1 - 0) * sumn 1 (fun k => 1 * gap k).
Proof.
  intros f g p. repeat split.
  - intros s _. unfold p. lra.
  - unfold p. simpl. lra.
  - intros s x y _. unfold f, g, dot, lin; simpl.
    pose proof (abs_above (x O + (2 * INR s - 1)) (y O + (2 * INR s - 1))). lra.
  - intros s x _. apply Rabs_pos.
  - intros x. unfold favg, f, p; simpl. unfold Rabs.
    repeat match goal with |- context [Rcase_abs ?e] => destruct (Rcase_abs e) end; lra.
  - unfold dist2, dot, lin; simpl. ring.
  - intros x _. unfold g, p, dot; simpl. rewrite !Rplus_0_l, !sign_square. lra.
  - unfold Egap, delta, favg, f, p; simpl. unfold Rabs.
    repeat match goal with |- context [Rcase_abs ?e] => destruct (Rcase_abs e) end; lra.
Qed.

(** G has to bound the gradients: x²/2 from 1 with G = 1/4, uncapped, c = 2, one evaluation. *)
Example varying_caps_needs_bounded_gradients :
  let f := fun (_ : nat) (x : vec) => 1 / 2 * (x O * x O) in
  let g := fun (_ : nat) (x : vec) => at_ (x O) in
  nonnegative 1 (fun _ => 1) /\ sumn 1 (fun _ => 1) = 1 /\ convex 1 1 f g /\ interpolation 1 f (at_ 0) 0 /\
  bounded_below 1 f 0 /\ dist2 1 (at_ 1) (at_ 0) = 1 * 1 /\
  let gap := Egap 1 1 f g (fun _ => 1) 0 0 (fun _ => None) (at_ 1) in
  1 * 1 + 1 / 4 * (1 / 4) * sumn 1 (fun k => 2 * 2) < 2 * (1 - 0) * sumn 1 (fun k => 2 * gap k).
Proof.
  intros f g. split; [apply single|]. split; [apply single|]. repeat split.
  - intros s x y _. unfold f, g, dot, lin; simpl. pose proof (sq_pos (y O - x O)). lra.
  - intros s _. unfold f. ring.
  - intros s x _. unfold f. pose proof (sq_pos (x O)). lra.
  - apply from_one.
  - unfold Egap, delta, favg, f; simpl. lra.
Qed.

(** The well 3x²/(1+3x²) has gradients of at most 9/8. *)
Lemma well_gradients : bounded_gradients 1 1 well' (fun _ => 1) (at_ 0) 1 (9 / 8).
Proof.
  intros x _. unfold well', dot; simpl. set (a := x O). set (A := 1 + 3 * (a * a)).
  pose proof (sq_pos a) as Ha. assert (HA : 0 < A * A) by (unfold A; apply Rmult_lt_0_compat; lra).
  assert (H : forall b, b * b = a * a -> 6 * b <= 9 / 8 * (A * A)).
  { intros b Hb. unfold A. rewrite <- Hb.
    assert (E : 9 / 8 * ((1 + 3 * (b * b)) * (1 + 3 * (b * b))) - 6 * b =
      / 8 * ((3 * b - 1) * (3 * b - 1) * ((3 * b + 1) * (3 * b + 1) + 8))) by field.
    assert (0 <= (3 * b - 1) * (3 * b - 1) * ((3 * b + 1) * (3 * b + 1) + 8))
      by (apply Rmult_le_pos; [apply sq_pos|pose proof (sq_pos (3 * b + 1)); lra]). lra. }
  pose proof (H a eq_refl) as H1. pose proof (H (- a) ltac:(ring)) as H2.
  assert (E : 9 / 8 * (9 / 8) - (6 * a / (A * A)) * (6 * a / (A * A)) =
    (9 / 8 * (A * A) - 6 * a) * (9 / 8 * (A * A) - 6 * - a) * / (A * A * (A * A))) by (field; unfold A; lra).
  assert (0 <= (9 / 8 * (A * A) - 6 * a) * (9 / 8 * (A * A) - 6 * - a) * / (A * A * (A * A))).
  { apply Rmult_le_pos; [apply Rmult_le_pos; lra|left; apply Rinv_0_lt_compat, Rmult_lt_0_compat; auto]. }
  lra.
Qed.

Lemma well_expected k : forall j st, px st O = 1 \/ px st O = -1 ->
  Ev 1 1 well well' (fun _ => 1) 0 0 (fun _ => None) k j st (delta 1 well (fun _ => 1) 0) = 3 / 4.
Proof.
  induction k as [|k IH]; intros j st Hst.
  - simpl Ev. rewrite delta_single, well_at. destruct Hst as [->| ->]; field.
  - rewrite Ev_single. apply IH. rewrite step_on_line. unfold well, well'.
    rewrite tau_uncapped; destruct Hst as [->| ->]; try (right; field); try (left; field); lra.
Qed.

(** Convexity is needed: the well 3x²/(1+3x²), where MoMo stays at ±1; three evaluations, c = ½. *)
Example varying_caps_needs_convex : nonnegative 1 (fun _ => 1) /\ sumn 1 (fun _ => 1) = 1 /\
  interpolation 1 well (at_ 0) 0 /\ bounded_below 1 well 0 /\
  dist2 1 (at_ 1) (at_ 0) = 1 * 1 /\ bounded_gradients 1 1 well' (fun _ => 1) (at_ 0) 1 (9 / 8) /\
  let gap := Egap 1 1 well well' (fun _ => 1) 0 0 (fun _ => None) (at_ 1) in
  1 * 1 + 9 / 8 * (9 / 8) * sumn 3 (fun k => 1 / 2 * (1 / 2)) < 2 * (1 - 0) * sumn 3 (fun k => 1 / 2 * gap k).
Proof.
  split; [apply single|]. split; [apply single|].
  split; [apply well_zero|]. split; [apply well_below|]. split; [apply from_one|].
  split; [apply well_gradients|]. unfold Egap, sumn. rewrite !well_expected by (left; reflexivity). lra.
Qed.
