(** Small problems on the line, for instances and counterexamples: |x|, and a well that is not convex. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions.
Open Scope R_scope.

(** On the line, with β = 0, a step is x - τ g with h = f: that of SPS. *)
Lemma step_on_line f g fstar cap st s : px (step 1 f g 0 fstar cap st s) O =
  px st O - tau fstar cap (f s (px st)) (g s (px st) O * g s (px st) O) * g s (px st) O.
Proof.
  unfold step. simpl px. unfold lin at 1.
  replace (if first st then 0 else 0) with 0 by (destruct (first st); reflexivity).
  assert (Ed : forall y, dot 1 (lin 0 (pd st) (1 - 0) (g s (px st))) y = g s (px st) O * y O)
    by (intros y; unfold dot, lin; simpl; ring).
  rewrite !Ed. unfold lin. unfold dot. simpl sumn.
  replace (0 * pf st + (1 - 0) * f s (px st) + g s (px st) O * px st O -
    (0 * pg st + (1 - 0) * (0 + g s (px st) O * px st O))) with (f s (px st)) by ring.
  replace (0 * pd st O + (1 - 0) * g s (px st) O) with (g s (px st) O) by ring. ring.
Qed.

(** An uncapped τ where f⋆ = 0: h/N. *)
Lemma tau_uncapped h N : 0 <= h -> 0 < N -> tau 0 None h N = h / N.
Proof.
  intros Hh HN. unfold tau. destruct (Req_EM_T N 0); [lra|]. rewrite Rminus_0_r, Rmax_right; auto.
Qed.

Lemma path_next n f g beta fstar cap x1 w k : path n f g beta fstar cap x1 w (S k) =
  step n f g beta fstar cap (path n f g beta fstar cap x1 w k) (w k).
Proof. reflexivity. Qed.

Notation at_ x := (fun _ : nat => x).

(** The gradient of |x|. *)
Definition sign (x : R) : R := if Rle_dec 0 x then 1 else -1.
Lemma abs_above x y : Rabs x + sign x * (y - x) <= Rabs y.
Proof. unfold sign, Rabs. destruct (Rle_dec 0 x), (Rcase_abs x), (Rcase_abs y); lra. Qed.
Lemma sign_square x : sign x * sign x = 1.
Proof. unfold sign. destruct (Rle_dec 0 x); ring. Qed.

(** A well, 3x²/(1+3x²): 6-smooth, least at 0, not convex. MoMo goes from 1 to -1, to 1, … for ever. *)
Definition well (_ : nat) (x : vec) : R := 3 * (x O * x O) / (1 + 3 * (x O * x O)).
Definition well' (_ : nat) (x : vec) : vec :=
  at_ (6 * x O / ((1 + 3 * (x O * x O)) * (1 + 3 * (x O * x O)))).

Lemma well_at s x : well s x = 3 * (x O * x O) / (1 + 3 * (x O * x O)).
Proof. reflexivity. Qed.

Lemma well_smooth : smooth 1 1 well well' 6.
Proof.
  intros s x y _. unfold well, well', dist2, dot, lin; simpl. set (a := x O). set (b := y O).
  pose proof (sq_pos a) as Ha. pose proof (sq_pos b) as Hb.
  set (A := 1 + 3 * (a * a)). set (B := 1 + 3 * (b * b)).
  assert (HA : 1 <= A) by (unfold A; lra). assert (HB : 1 <= B) by (unfold B; lra).
  assert (HAA : 1 <= A * A) by (assert (1 * 1 <= A * A) by (apply Rmult_le_compat; lra); lra).
  assert (HAB : 0 < A * A * B) by (apply Rmult_lt_0_compat; lra).
  (* the difference is (b-a)² (A²B - (1 - 3a² - 6ab)) over A²B *)
  assert (E : 3 * (a * a) / A + (0 + 6 * a / (A * A) * (1 * b + -1 * a)) +
    6 / 2 * (0 + (1 * b + -1 * a) * (1 * b + -1 * a)) - 3 * (b * b) / B =
    3 * ((b - a) * (b - a)) * (A * A * B - (1 - 3 * (a * a) - 6 * (a * b))) * / (A * A * B)).
  { unfold A, B. field. split; lra. }
  assert (H1 : 0 <= A * A * B - (1 - 3 * (a * a) - 6 * (a * b))).
  { assert (H2 : A * A * 1 <= A * A * B) by (apply Rmult_le_compat_l; lra).
    assert (H3 : A * 1 <= A * A) by (apply Rmult_le_compat_l; lra).
    assert (H4 : A * A * B = A * A + A * A * (3 * (b * b))) by (unfold B; ring).
    assert (H5 : 1 * (3 * (b * b)) <= A * A * (3 * (b * b))) by (apply Rmult_le_compat_r; lra).
    assert (H6 : A * A = 1 + 6 * (a * a) + 9 * ((a * a) * (a * a))) by (unfold A; ring).
    pose proof (sq_pos (a * a)). pose proof (sq_pos (a + b)). lra. }
  assert (H2 : 0 <= 3 * ((b - a) * (b - a)) * (A * A * B - (1 - 3 * (a * a) - 6 * (a * b))) * / (A * A * B)).
  { apply Rmult_le_pos; [|left; apply Rinv_0_lt_compat; auto].
    apply Rmult_le_pos; [pose proof (sq_pos (b - a)); lra|auto]. }
  lra.
Qed.

Lemma well_run k : let x := px (path 1 well well' 0 0 None (at_ 1) (fun _ => 0%nat) k) O in x = 1 \/ x = -1.
Proof.
  induction k as [|k IH]; [left; reflexivity|]. cbv zeta in *. rewrite path_next.
  set (st := path 1 well well' 0 0 None (at_ 1) (fun _ => 0%nat) k) in *. rewrite step_on_line.
  unfold well, well'.
  rewrite tau_uncapped; destruct IH as [->| ->]; try (right; field); try (left; field); lra.
Qed.

Lemma well_value k : well 0 (px (path 1 well well' 0 0 None (at_ 1) (fun _ => 0%nat) k)) - 0 = 3 / 4.
Proof. rewrite well_at. destruct (well_run k) as [->| ->]; field. Qed.

Lemma well_zero : interpolation 1 well (at_ 0) 0.
Proof. intros s _. unfold well. field. Qed.
Lemma well_below : bounded_below 1 well 0.
Proof.
  intros s x _. unfold well. pose proof (sq_pos (x O)). unfold Rdiv. apply Rmult_le_pos; [lra|].
  left. apply Rinv_0_lt_compat. lra.
Qed.
