(** The rational numbers as an ordered field, kept in lowest terms, so that numbers stay as short as they
    can be and equal numbers are written alike. *)
Require Import QArith Qreduction Qfield.
From Momo Require Import ordered_field.

Definition qadd a b := Qred (Qplus a b).
Definition qmul a b := Qred (Qmult a b).
Definition qsub a b := Qred (Qminus a b).
Definition qopp a := Qred (Qopp a).
Definition qdiv a b := Qred (Qdiv a b).
Definition qrecip a := Qred (Qinv a).
Ltac unreduced := unfold qadd, qmul, qsub, qopp, qdiv, qrecip; rewrite ?Qred_correct.

Definition Q_field : ofield.
Proof.
  refine {| car := Q; eqv := Qeq; zero := 0%Q; one := 1%Q; add := qadd; mul := qmul; sub := qsub;
    opp := qopp; div := qdiv; recip := qrecip; eqb := Qeq_bool; leb := Qle_bool |}.
  - constructor.
    + intros a b E c d E'. unreduced. rewrite E, E'. reflexivity.
    + intros a b E c d E'. unreduced. rewrite E, E'. reflexivity.
    + intros a b E. unreduced. rewrite E. reflexivity.
  - constructor; [constructor|..]; intros; unreduced; try ring.
    + discriminate.
    + reflexivity.
    + field; auto.
  - intros a b. apply Qeq_bool_iff.
  - intros a b E. apply Qle_bool_iff. rewrite E. apply Qle_refl.
  - intros a b c. rewrite !Qle_bool_iff. apply Qle_trans.
  - intros a b. rewrite !Qle_bool_iff. apply Qle_antisym.
  - intros a b. rewrite !Qle_bool_iff. destruct (Qlt_le_dec a b); [left; apply Qlt_le_weak; auto|auto].
  - intros a b c. rewrite !Qle_bool_iff. unreduced. intros. apply Qplus_le_l. auto.
  - intros a b. rewrite !Qle_bool_iff. unreduced. apply Qmult_le_0_compat.
Defined.
