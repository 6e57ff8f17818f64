(** The real numbers as an ordered field, in which the polymorphic step is the step of the theorems; and
    the rational numbers count like them. *)
Require Import Reals Lra QArith Qreals.
From Momo Require Import sums vectors method ordered_field polymorphic rational.
Open Scope R_scope.

Definition Req_b (a b : R) : bool := if Req_EM_T a b then true else false.
Definition Rle_b (a b : R) : bool := if Rle_dec a b then true else false.

Lemma Req_b_iff a b : Req_b a b = true <-> a = b.
Proof. unfold Req_b; destruct (Req_EM_T a b); split; auto; discriminate || contradiction. Qed.
Lemma Rle_b_iff a b : Rle_b a b = true <-> a <= b.
Proof. unfold Rle_b; destruct (Rle_dec a b); split; auto; discriminate || contradiction. Qed.

Definition R_field : ofield.
Proof.
  refine {| car := R; eqv := eq; zero := 0; one := 1; add := Rplus; mul := Rmult; sub := Rminus;
    opp := Ropp; div := Rdiv; recip := Rinv; eqb := Req_b; leb := Rle_b |}.
  - constructor; repeat intro; subst; auto.
  - exact Rfield.
  - exact Req_b_iff.
  - intros a b ->; rewrite Rle_b_iff; lra.
  - intros a b c; rewrite !Rle_b_iff; lra.
  - intros a b; rewrite !Rle_b_iff; lra.
  - intros a b; rewrite !Rle_b_iff; destruct (Rle_dec a b); [auto|right; lra].
  - intros a b c; rewrite !Rle_b_iff; lra.
  - intros a b; rewrite !Rle_b_iff; apply Rmult_le_pos.
Defined.

(** A state over the reals, as the theorems have it. *)
Definition to_state (st : gstate R_field) : state :=
  mk (gfirst _ st) (gpx _ st) (gpd _ st) (gpf _ st) (gpg _ st).

Lemma gtau_R fstar cap h N : gtau R_field fstar cap h N = tau fstar cap h N.
Proof.
  unfold gtau, tau, gmax, gmin; simpl. unfold Req_b, Rle_b, Rmax, Rmin.
  destruct (Req_EM_T N 0); auto. destruct (Rle_dec 0 (h - fstar)); destruct cap; auto;
  match goal with |- context [Rle_dec ?a ?b] => destruct (Rle_dec a b); auto end.
Qed.

(** Over R, the polymorphic step is the step that the theorems are about.
    Source: MoMo paper, Algorithm 1; the two forms of it here. *)
Theorem gstep_R n f g beta fstar cap st s :
  to_state (gstep R_field n f g beta fstar cap st s) = step n f g beta fstar cap (to_state st) s.
Proof.
  destruct st as [fi x d pf pg]. unfold to_state, gstep, step.
  cbn [gfirst gpx gpd gpf gpg first px pd method.pf method.pg]. rewrite gtau_R. reflexivity.
Qed.

(** The step of |x| from 1 in either form: it has no hypothesis but for its types. *)
Example gstep_R_met : let f := fun _ x => Rabs (x 0%nat) in let g := fun _ _ _ => 1 in
  to_state (gstep R_field 1 f g 0 0 None (gstart R_field (fun _ => 1)) 0)
  = step 1 f g 0 0 None (start (fun _ => 1)) 0.
Proof. apply gstep_R. Qed.

(** * A rational number and the same number among the reals *)
Lemma Qeq_bool_false a b : Qeq_bool a b = false -> Q2R a <> Q2R b.
Proof. intros E H. apply eqR_Qeq, Qeq_bool_iff in H. congruence. Qed.

Lemma Q2R_eqb a b : Qeq_bool a b = Req_b (Q2R a) (Q2R b).
Proof.
  unfold Req_b. destruct (Req_EM_T (Q2R a) (Q2R b)) as [H|H].
  - apply Qeq_bool_iff, eqR_Qeq, H.
  - destruct (Qeq_bool a b) eqn:E; auto. destruct H. apply Qeq_eqR, Qeq_bool_iff, E.
Qed.

Lemma Q2R_leb a b : Qle_bool a b = Rle_b (Q2R a) (Q2R b).
Proof.
  unfold Rle_b. destruct (Rle_dec (Q2R a) (Q2R b)) as [H|H].
  - apply Qle_bool_iff, Rle_Qle, H.
  - destruct (Qle_bool a b) eqn:E; auto. destruct H. apply Qle_Rle, Qle_bool_iff, E.
Qed.

Lemma Q2R_red a : Q2R (Qred a) = Q2R a.
Proof. apply Qeq_eqR, Qred_correct. Qed.

Definition rational_real : agreement Q_field R_field.
Proof.
  refine (Build_agreement Q_field R_field (fun q r => Q2R q = r) _ _ _ _ _ _ _ _ _); simpl.
  - apply RMicromega.Q2R_0.
  - apply RMicromega.Q2R_1.
  - intros a _ b _ <- <-. unfold qadd. rewrite Q2R_red. apply Q2R_plus.
  - intros a _ b _ <- <-. unfold qmul. rewrite Q2R_red. apply Q2R_mult.
  - intros a _ b _ <- <-. unfold qsub. rewrite Q2R_red. apply Q2R_minus.
  - intros a _ <-. unfold qopp. rewrite Q2R_red. apply Q2R_opp.
  - intros a _ b _ <- <- H. unfold qdiv. rewrite Q2R_red. apply Q2R_div.
    intros E. apply Qeq_bool_iff in E. congruence.
  - intros a _ b _ <- <-. apply Q2R_eqb.
  - intros a _ b _ <- <-. apply Q2R_leb.
Defined.
