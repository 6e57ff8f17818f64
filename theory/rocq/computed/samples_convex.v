(** The problems that are computed are convex, so the theorems speak of them.

    An affine function is its own linearisation.  Of c r(x)² the linearisation at x lacks c (r(y) - r(x))²,
    which is not negative if c is not; and the row that is largest at x is at y at most the row that is
    largest there. *)
Require Import Reals Lra Psatz List Lia.
From Momo Require Import sums vectors assumptions ordered_field real_field samples.
Import ListNotations.
Open Scope R_scope.

Definition nonnegative_weight (s : sample R_field) : Prop :=
  match s with square c _ => 0 <= c | largest _ _ => True end.

Local Arguments affine : simpl never.

Section Rows.
Variable n : nat.
Notation affine := (affine R_field n).
Notation coords := (coords R_field).

(** r(y) = r(x) + <a, y - x>. *)
Lemma affine_line (r : row R_field) x y : affine r y = affine r x + dot n (coords (fst r)) (lin 1 y (-1) x).
Proof.
  unfold samples.affine. change (gdot R_field n) with (dot n). rewrite dot_lin_r. simpl. lra.
Qed.

Lemma top_at_least x others : forall r : row R_field,
  affine r x <= affine (top R_field n x r others) x /\
  forall q, In q others -> affine q x <= affine (top R_field n x r others) x.
Proof.
  induction others as [|q later IH]; intros r; [split; [simpl; lra|contradiction]|].
  simpl. change (leb R_field) with Rle_b. destruct (Rle_b (affine q x) (affine r x)) eqn:E.
  - apply Rle_b_iff in E. destruct (IH r) as [Hr Hl]. split; [exact Hr|].
    intros p [->|Hp]; [lra|auto].
  - assert (Hq : affine r x < affine q x).
    { destruct (Rle_lt_dec (affine q x) (affine r x)) as [H|H]; auto. apply Rle_b_iff in H. congruence. }
    destruct (IH q) as [Hr Hl]. split; [lra|]. intros p [->|Hp]; auto.
Qed.

Lemma top_is_one x others : forall r : row R_field,
  let t := top R_field n x r others in t = r \/ In t others.
Proof.
  induction others as [|q later IH]; intros r; simpl; auto.
  destruct (IH (if Rle_b (affine q x) (affine r x) then r else q)) as [E|E]; auto.
  rewrite E. destruct (Rle_b _ _); auto.
Qed.

Lemma sample_convex s x y : nonnegative_weight s ->
  value R_field n s x + dot n (slope R_field n s x) (lin 1 y (-1) x) <= value R_field n s y.
Proof.
  destruct s as [c r|r others]; intros Hc; simpl in *.
  - set (a := affine r x). set (v := dot n (coords (fst r)) (lin 1 y (-1) x)).
    assert (Hy : affine r y = a + v) by apply affine_line.
    assert (Hv : dot n (fun i => (c + c) * a * coords (fst r) i) (lin 1 y (-1) x) = (c + c) * a * v).
    { unfold v, dot. rewrite <- sumn_scal. apply sumn_ext. intros; ring. }
    rewrite Hy. change (c * (a * a) + dot n (fun i => (c + c) * a * coords (fst r) i) (lin 1 y (-1) x)
      <= c * ((a + v) * (a + v))). rewrite Hv.
    assert (0 <= c * (v * v)) by (apply Rmult_le_pos; [auto|apply sq_pos]). lra.
  - rewrite <- affine_line. destruct (top_at_least y others r) as [Hr Hl].
    destruct (top_is_one x others r) as [->|E]; [exact Hr|apply Hl, E].
Qed.
End Rows.

(** The samples that are computed are convex, and their slopes are subgradients.

    c (<a,x> + b)² with c ≥ 0, and max_j <a_j,x> + b_j with the slope a_j of the first row that is largest:
    f(x,s) + <g(x,s), y - x> ≤ f(y,s), for all x, y and s.
    Source: derived here. *)
Theorem samples_convex n M l : Forall nonnegative_weight l ->
  convex n M (values R_field n l) (slopes R_field n l).
Proof.
  intros H s x y _. apply sample_convex. unfold pick. revert s.
  induction H as [|s0 l Hs Hl IH]; intros [|s]; simpl; auto.
Qed.

(** x²/2 and |x|: [samples_convex] applied. *)
Example samples_convex_met :
  let l := [square (F := R_field) (/ 2) ([1], 0); largest (F := R_field) ([1], 0) [([-1], 0)]] in
  convex 1 2 (values R_field 1 l) (slopes R_field 1 l).
Proof. apply samples_convex. repeat constructor; simpl; lra. Qed.

(** Without c ≥ 0: -x² is above none of its tangents, at 0 the constant 0 and -1 < 0 at 1. *)
Example samples_convex_needs_weight :
  let l := [square (F := R_field) (-1) ([1], 0)] in ~ convex 1 1 (values R_field 1 l) (slopes R_field 1 l).
Proof.
  intros l H. specialize (H 0%nat (fun _ => 0) (fun _ => 1) Nat.lt_0_1).
  unfold l, values, slopes, pick, dot, lin in H. simpl in H.
  unfold affine, coords, gdot in H. simpl in H. lra.
Qed.
