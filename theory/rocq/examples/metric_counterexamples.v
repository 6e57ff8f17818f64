(** Metrics that change: each hypothesis is needed. Small runs with β = 0, computed by hand, that meet all the
    other hypotheses and break the conclusion. With β = 0 a step is x⁺ = x - (δ/‖g‖²_{P⁻¹}) P⁻¹g. *)
Require Import Reals Lra Lia.
From Momo Require Import on_the_line sums vectors method assumptions metric method_zero metric_step
  metric_summed.
From Momo Require Import metric_growing metric_rate metric_examples.
Open Scope R_scope.

(** ** Steps with β = 0 *)
Section Plain.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (fstar : R) (x1 : vec).
Variables (P : nat -> vec) (w : nat -> nat).
Notation path := (metric_path n f g 0 fstar x1 P w).

Lemma rho_plain k : rho 0 (S k) = 1.
Proof. unfold rho. simpl. ring. Qed.

(** What a step needs to know: δ_k = a and ‖g_k‖²_{P_k⁻¹} = N at the point of state k. *)
Variables (k : nat) (a N : R).
Hypothesis Ha : f (w k) (px (path k)) - fstar = a.
Hypothesis HN : dual2 n (P k) (g (w k) (px (path k))) = N.

Lemma plain_dual : dual2 n (P k) (pd (path (S k))) = N.
Proof. rewrite <- HN. apply sumn_ext; intros. simpl. unfold lin, Rdiv. ring. Qed.
Lemma plain_gap : model n (path (S k)) (px (path k)) - rho 0 (S k) * fstar = a.
Proof. rewrite rho_plain. simpl metric_path. rewrite model_zstep, <- Ha, dot_lin_r. ring. Qed.
Lemma plain_decrease : decrease n f g 0 fstar x1 P w k = a * a / N.
Proof. unfold decrease. rewrite plain_gap, plain_dual. reflexivity. Qed.
Lemma plain_point i : 0 <= a -> N <> 0 ->
  px (path (S k)) i = px (path k) i - a / N * (g (w k) (px (path k)) i / P k i).
Proof.
  intros H0 HN0. pose proof plain_gap as E. pose proof plain_dual as E2.
  change (px (path (S k))) with (lin 1 (px (path k)) (- tau (rho 0 (S k) * fstar) None
    (model n (path (S k)) (px (path k))) (dual2 n (P k) (pd (path (S k)))))
    (precond (P k) (pd (path (S k))))).
  rewrite E2. unfold tau. destruct (Req_EM_T N 0) as [E3|E3]; [lra|].
  rewrite E, Rmax_right by exact H0. unfold lin at 1, precond.
  replace (pd (path (S k)) i) with (g (w k) (px (path k)) i); [unfold Rdiv; ring|].
  simpl. unfold lin. ring.
Qed.
End Plain.

Ltac abs_signs := unfold sign, Rabs; repeat first [destruct (Rle_dec _ _)|destruct (Rcase_abs _)]; lra.

Lemma change_same n f g beta fstar xs x1 P w k : P (S k) = P k -> change n f g beta fstar xs x1 P w k = 0.
Proof.
  intros E. unfold change, mdist2, norm2. rewrite E.
  rewrite (sumn_ext n _ (fun i => 0 * 0)) by (intros; unfold minus; ring). rewrite sumn_scal. ring.
Qed.

(** ** The summed inequality *)
(** |x| and |x - 1|. *)
Definition two_f (s : nat) (x : vec) : R := Rabs (x O - INR s).
Definition two_g (s : nat) (x : vec) : vec := fun _ => sign (x O - INR s).
Definition in_turn (k : nat) : nat := if (k =? 1)%nat then 1%nat else O.
Definition frozen (_ : nat) : vec := ones.

(** No interpolation: |x| and |x - 1| in turn, from 1. Each step goes to the minimum of its own sample, by the
    distance 1; D² = 1. *)
Example metric_summed_needs_interpolation :
  convex 1 2 two_f two_g /\ bounded_below 2 two_f 0 /\ (forall k, positive (frozen k)) /\
  (forall k, (in_turn k < 2)%nat) /\ two_f 0 origin = 0 /\ two_f 1 origin <> 0 /\
  radius2 1 two_f two_g 0 0 origin corner frozen in_turn 2 = 1 /\
  sumn 2 (decrease 1 two_f two_g 0 0 corner frozen in_turn) = 2.
Proof.
  assert (E1 : px (metric_path 1 two_f two_g 0 0 corner frozen in_turn 1) O = 0).
  { rewrite (plain_point 1 two_f two_g 0 corner frozen in_turn 0 1 1); try lra;
      simpl; unfold two_f, two_g, dual2, in_turn, frozen, ones, corner; simpl; rewrite ?sign_square; try lra;
      abs_signs. }
  split; [|split; [|split; [|split; [|split; [|split; [|split]]]]]].
  - intros s x y _. unfold two_f, two_g, dot, lin; simpl.
    pose proof (abs_above (x O - INR s) (y O - INR s)). lra.
  - intros s x _. apply Rabs_pos.
  - intros k. apply ones_positive.
  - intros k. unfold in_turn. destruct (k =? 1)%nat; lia.
  - unfold two_f, origin; simpl. rewrite Rminus_0_r. apply Rabs_R0.
  - unfold two_f, origin; simpl. abs_signs.
  - unfold radius2. simpl sumn. rewrite change_same by reflexivity.
    unfold mdist2, norm2, lin, frozen, ones, corner, origin; simpl. lra.
  - cbn [sumn]. rewrite (plain_decrease 1 two_f two_g 0 corner frozen in_turn 0 1 1).
    + rewrite (plain_decrease 1 two_f two_g 0 corner frozen in_turn 1 1 1); [lra| |].
      * unfold two_f at 1. rewrite E1. unfold in_turn; simpl. abs_signs.
      * unfold dual2, two_g, frozen, ones. cbn [sumn]. rewrite sign_square. lra.
    + unfold two_f, corner; simpl. abs_signs.
    + unfold dual2, two_g, frozen, ones. cbn [sumn]. rewrite sign_square. lra.
Qed.

(** √|x|. *)
Definition root_f (_ : nat) (x : vec) : R := sqrt (Rabs (x O)).
Definition root_g (_ : nat) (x : vec) : vec := fun _ => sign (x O) / (2 * sqrt (Rabs (x O))).

(** Not convex: √|x| from 1, with its derivative 1/2 there. The step is too long: δ²/g² = 4, D² = 1. *)
Example metric_summed_needs_convex :
  interpolation 1 root_f origin 0 /\ bounded_below 1 root_f 0 /\ (forall k, positive (frozen k)) /\
  radius2 1 root_f root_g 0 0 origin corner frozen one_sample 1 = 1 /\
  sumn 1 (decrease 1 root_f root_g 0 0 corner frozen one_sample) = 4.
Proof.
  split; [|split; [|split; [|split]]].
  - intros s _. unfold root_f, origin. rewrite Rabs_R0. apply sqrt_0.
  - intros s x _. apply sqrt_pos.
  - intros k. apply ones_positive.
  - unfold radius2. simpl sumn. unfold mdist2, norm2, lin, frozen, ones, corner, origin; simpl. lra.
  - cbn [sumn]. rewrite (plain_decrease 1 root_f root_g 0 corner frozen one_sample 0 1 (/ 4)).
    + field.
    + unfold root_f, corner; simpl. rewrite Rabs_R1, sqrt_1. lra.
    + unfold dual2, root_g, frozen, ones, corner; simpl. rewrite Rabs_R1, sqrt_1.
      replace (sign 1) with 1 by abs_signs. field.
Qed.

(** The metrics may not grow where D² stands for R²: 2^k, and |x_0|, |x_1| from (1, 1). The second step takes
    2 off, in a metric that has doubled; the sum is R² = 3, D² = 2. R² is attained. *)
Example metric_summed_shrinking_needs_order :
  convex 2 2 ax_f ax_g /\ interpolation 2 ax_f origin 0 /\ bounded_below 2 ax_f 0 /\
  (forall k, positive (doubled k)) /\ (forall k, (in_turn k < 2)%nat) /\
  mdist2 2 (doubled 0) corner origin = 2 /\ ax_radius2 0 doubled in_turn 2 = 3 /\
  sumn 2 (ax_decrease 0 doubled in_turn) = 3.
Proof.
  assert (E0 : forall i, px (ax_path 0 doubled in_turn 1) i = if (i =? 0)%nat then 0 else 1).
  { intros i. rewrite (plain_point 2 ax_f ax_g 0 corner doubled in_turn 0 1 1); try lra.
    - unfold ax_g, in_turn, corner, doubled; simpl. destruct i as [|i]; simpl; [|lra].
      replace (sign 1) with 1 by abs_signs. lra.
    - unfold ax_f, in_turn, corner; simpl. rewrite Rabs_R1. lra.
    - simpl px. rewrite ax_dual by (auto; unfold in_turn; simpl; lia). unfold doubled. simpl. lra. }
  split; [exact ax_convex|]. split; [exact ax_interpolation|]. split; [exact ax_below|].
  split; [exact doubled_positive|]. split; [intros k; unfold in_turn; destruct (k =? 1)%nat; lia|].
  split; [|split].
  - unfold mdist2, norm2, lin, doubled, corner, origin; simpl. lra.
  - unfold radius2. cbn [sumn Nat.sub]. unfold change, mdist2, norm2. cbn [sumn]. unfold lin. rewrite !E0.
    unfold minus, doubled, corner, origin; simpl. lra.
  - cbn [sumn]. rewrite (plain_decrease 2 ax_f ax_g 0 corner doubled in_turn 0 1 1).
    + rewrite (plain_decrease 2 ax_f ax_g 0 corner doubled in_turn 1 1 (/ 2)); [field| |].
      * unfold ax_f at 1. rewrite E0. unfold in_turn; simpl. rewrite Rabs_R1. lra.
      * rewrite ax_dual by (auto; unfold in_turn; simpl; lia). unfold doubled. simpl. field.
    + unfold ax_f, in_turn, corner; simpl. rewrite Rabs_R1. lra.
    + rewrite ax_dual by (auto; unfold in_turn; simpl; lia). unfold doubled. simpl. field.
Qed.

Definition quartered (k : nat) : vec := fun _ => (/ 4) ^ k.
(** η_k may not be negative, though P_{k+1} ⪯ (1+η_k) P_k: the metrics 4^{-k}, η = -3/4. What the first step
    took off stays, 1 of D² = 2, and Π(1+η) D² = 1/2. *)
Example metric_summed_product_needs_nonnegative :
  convex 2 2 ax_f ax_g /\ interpolation 2 ax_f origin 0 /\ bounded_below 2 ax_f 0 /\
  (forall k, positive (quartered k)) /\
  (forall k, below_times 2 (quartered (S k)) (1 + - (3 / 4)) (quartered k)) /\
  prodn (2 - 1) (fun _ => 1 + - (3 / 4)) * mdist2 2 (quartered 0) corner origin = / 2 /\
  1 <= sumn 2 (ax_decrease 0 quartered one_sample).
Proof.
  assert (HP : forall k, positive (quartered k)) by (intros k i; apply pow_lt; lra).
  split; [exact ax_convex|]. split; [exact ax_interpolation|]. split; [exact ax_below|].
  split; [auto|split; [|split]].
  - intros k i _. unfold quartered. simpl. lra.
  - unfold mdist2, norm2, lin, quartered, corner, origin; simpl. lra.
  - cbn [sumn]. rewrite (plain_decrease 2 ax_f ax_g 0 corner quartered one_sample 0 1 1).
    + assert (H : 0 <= ax_decrease 0 quartered one_sample 1); [|lra].
      apply (decrease_pos 2 2 ax_f ax_g 0 0 origin); auto using ax_convex, ax_interpolation, ax_below; lra.
    + unfold ax_f, corner; simpl. rewrite Rabs_R1. lra.
    + rewrite ax_dual by auto. unfold quartered. simpl. field.
Qed.
