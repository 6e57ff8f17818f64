(** Ordered fields, and vectors over them.

    The theorems are about real numbers, and nothing can be computed with those.  So the method is
    written once more in [polymorphic], over any ordered field whose equality and order can be decided:
    over R it is the method of the theorems, over Q it runs.  Here is what an ordered field is, and the
    little of vectors that the method needs.  Equality is the field's own, [eqv]: two fractions are
    equal without being written alike.

    [agreement] says when two fields count alike: a relation between their numbers that every operation
    keeps, and for which every comparison has the same answer.  Equality of a field with itself is one
    ([equality]), and so is a rational number beside the same number among the reals (see [computed_run]).
    What is proven for an agreement holds for both. *)
Require Import List Lia Setoid Ring Field.

Record ofield := {
  car : Type; eqv : car -> car -> Prop;
  zero : car; one : car; add : car -> car -> car; mul : car -> car -> car;
  sub : car -> car -> car; opp : car -> car; div : car -> car -> car; recip : car -> car;
  eqb : car -> car -> bool; leb : car -> car -> bool;
  eqv_equiv : Equivalence eqv;
  ops_ext : ring_eq_ext add mul opp eqv;
  is_field : field_theory zero one add mul sub opp div recip eqv;
  eqb_spec : forall a b, eqb a b = true <-> eqv a b;
  leb_refl : forall a b, eqv a b -> leb a b = true;
  leb_trans : forall a b c, leb a b = true -> leb b c = true -> leb a c = true;
  leb_antisym : forall a b, leb a b = true -> leb b a = true -> eqv a b;
  leb_total : forall a b, leb a b = true \/ leb b a = true;
  leb_add : forall a b c, leb a b = true -> leb (add a c) (add b c) = true;
  leb_mul : forall a b, leb zero a = true -> leb zero b = true -> leb zero (mul a b) = true }.

(** * Vectors: functions of the index, of which the first n values count *)
Section Vectors.
Variable F : ofield.
Notation T := (car F).

Definition gvec := nat -> T.
Fixpoint gsum (n : nat) (f : nat -> T) : T := match n with O => zero F | S m => add F (gsum m f) (f m) end.
Definition glin (a : T) (x : gvec) (b : T) (y : gvec) : gvec :=
  fun i => add F (mul F a (x i)) (mul F b (y i)).
Definition gdot (n : nat) (x y : gvec) : T := gsum n (fun i => mul F (x i) (y i)).
Definition gmax (x y : T) := if leb F x y then y else x.
Definition gmin (x y : T) := if leb F x y then x else y.

(** A vector given by its coordinates. *)
Definition coords (l : list T) : gvec := fun i => nth i l (zero F).

(** The first n coordinates of a vector, computed once.  A vector is a function, which computes a
    coordinate anew each time that it is asked; in a run of k steps that takes 2^k times as long. *)
Definition tab (n : nat) (v : gvec) : gvec := let l := map v (seq 0 n) in fun i => nth i l (zero F).

Lemma tab_eq n v i : (i < n)%nat -> tab n v i = v i.
Proof.
  intros H. unfold tab. rewrite (nth_indep _ (zero F) (v O)) by (rewrite map_length, seq_length; auto).
  rewrite map_nth, seq_nth; auto.
Qed.
End Vectors.

(** * Two fields that count alike *)
Record agreement (F F' : ofield) := {
  rel : car F -> car F' -> Prop;
  rel_zero : rel (zero F) (zero F');
  rel_one : rel (one F) (one F');
  rel_add : forall a a' b b', rel a a' -> rel b b' -> rel (add F a b) (add F' a' b');
  rel_mul : forall a a' b b', rel a a' -> rel b b' -> rel (mul F a b) (mul F' a' b');
  rel_sub : forall a a' b b', rel a a' -> rel b b' -> rel (sub F a b) (sub F' a' b');
  rel_opp : forall a a', rel a a' -> rel (opp F a) (opp F' a');
  rel_div : forall a a' b b', rel a a' -> rel b b' -> eqb F b (zero F) = false ->
    rel (div F a b) (div F' a' b');
  rel_eqb : forall a a' b b', rel a a' -> rel b b' -> eqb F a b = eqb F' a' b';
  rel_leb : forall a a' b b', rel a a' -> rel b b' -> leb F a b = leb F' a' b' }.

(** The equality of a field is one: nothing that the method does can tell equal numbers apart. *)
Section Equality.
Variable F : ofield.
Local Infix "==" := (eqv F) (at level 70).
Let equivalence : Equivalence (eqv F) := eqv_equiv F.
Local Existing Instance equivalence.
Let field := is_field F.
Add Ring F_ring : (F_R field) (setoid (eqv_equiv F) (ops_ext F)).

Lemma eqv_sym a b : a == b -> b == a.
Proof. intros H. symmetry. exact H. Qed.
Lemma eqv_trans a b c : a == b -> b == c -> a == c.
Proof. intros H H'. transitivity b; assumption. Qed.
Lemma eqv_mul a a' b b' : a == a' -> b == b' -> mul F a b == mul F a' b'.
Proof. intros H H'. exact (Rmul_ext (ops_ext F) a a' H b b' H'). Qed.
Lemma eqv_add a a' b b' : a == a' -> b == b' -> add F a b == add F a' b'.
Proof. intros H H'. exact (Radd_ext (ops_ext F) a a' H b b' H'). Qed.
Lemma eqv_opp a a' : a == a' -> opp F a == opp F a'.
Proof. intros H. exact (Ropp_ext (ops_ext F) a a' H). Qed.

Lemma eqv_sub a a' b b' : a == a' -> b == b' -> sub F a b == sub F a' b'.
Proof.
  intros H H'. apply eqv_trans with (add F a (opp F b)); [ring|].
  apply eqv_trans with (add F a' (opp F b')); [|ring]. apply eqv_add; [|apply eqv_opp]; assumption.
Qed.

Lemma eqb_false a b : eqb F a b = false <-> ~ a == b.
Proof. rewrite <- eqb_spec. destruct (eqb F a b); split; congruence. Qed.

(** 1/b == (1/b)(b' / b') == (b / b) (1/b') == 1/b'. *)
Lemma eqv_recip b b' : b == b' -> ~ b == zero F -> recip F b == recip F b'.
Proof.
  intros H Hb. assert (Hb' : ~ b' == zero F).
  { intros E. apply Hb. apply eqv_trans with b'; assumption. }
  apply eqv_trans with (mul F (recip F b) (mul F (recip F b') b')).
  - apply eqv_trans with (mul F (recip F b) (one F)); [ring|].
    apply eqv_mul; [reflexivity|]. apply eqv_sym, (Finv_l field), Hb'.
  - apply eqv_trans with (mul F (recip F b') (mul F (recip F b) b')); [ring|].
    apply eqv_trans with (mul F (recip F b') (one F)); [|ring].
    apply eqv_mul; [reflexivity|]. apply eqv_trans with (mul F (recip F b) b).
    + apply eqv_mul; [reflexivity|apply eqv_sym, H].
    + apply (Finv_l field), Hb.
Qed.

Lemma eqv_div a a' b b' : a == a' -> b == b' -> eqb F b (zero F) = false -> div F a b == div F a' b'.
Proof.
  intros Ha Hb H0. apply eqb_false in H0.
  apply eqv_trans with (mul F a (recip F b)); [apply (Fdiv_def field)|].
  apply eqv_trans with (mul F a' (recip F b')); [|apply eqv_sym, (Fdiv_def field)].
  apply eqv_mul; [|apply eqv_recip]; assumption.
Qed.

Lemma eqb_eqv a a' b b' : a == a' -> b == b' -> eqb F a b = eqb F a' b'.
Proof.
  intros Ha Hb. destruct (eqb F a' b') eqn:E.
  - apply eqb_spec. apply eqb_spec in E. apply eqv_trans with a'; [assumption|].
    apply eqv_trans with b'; [assumption|apply eqv_sym, Hb].
  - apply eqb_false. apply eqb_false in E. intros H. apply E. apply eqv_trans with a; [apply eqv_sym, Ha|].
    apply eqv_trans with b; assumption.
Qed.

Lemma leb_eqv_true a a' b b' : a == a' -> b == b' -> leb F a b = true -> leb F a' b' = true.
Proof.
  intros Ha Hb H. apply leb_trans with a; [apply leb_refl, eqv_sym, Ha|].
  apply leb_trans with b; [exact H|apply leb_refl, Hb].
Qed.

Lemma leb_eqv a a' b b' : a == a' -> b == b' -> leb F a b = leb F a' b'.
Proof.
  intros Ha Hb. destruct (leb F a b) eqn:E; destruct (leb F a' b') eqn:E'; auto.
  - rewrite <- E'. symmetry. apply (leb_eqv_true a a' b b'); assumption.
  - rewrite <- E. apply (leb_eqv_true a' a b' b); try (apply eqv_sym; assumption); assumption.
Qed.

Definition equality : agreement F F := {|
  rel := eqv F; rel_zero := reflexivity (zero F); rel_one := reflexivity (one F);
  rel_add := eqv_add; rel_mul := eqv_mul; rel_sub := eqv_sub; rel_opp := eqv_opp; rel_div := eqv_div;
  rel_eqb := eqb_eqv; rel_leb := leb_eqv |}.
End Equality.

(** Sums, combinations and products of vectors agree where their coordinates do. *)
Section Agreement.
Variables (F F' : ofield) (A : agreement F F') (n : nat).

Definition rel_vec (x : gvec F) (x' : gvec F') := forall i, (i < n)%nat -> rel _ _ A (x i) (x' i).

Lemma rel_sum m f f' : (forall i, (i < m)%nat -> rel _ _ A (f i) (f' i)) ->
  rel _ _ A (gsum F m f) (gsum F' m f').
Proof.
  induction m; simpl; intros H; [apply rel_zero|].
  apply rel_add; [apply IHm; intros i Hi; apply H; lia|apply H; lia].
Qed.

Lemma rel_lin a a' x x' b b' y y' : rel _ _ A a a' -> rel_vec x x' -> rel _ _ A b b' -> rel_vec y y' ->
  rel_vec (glin F a x b y) (glin F' a' x' b' y').
Proof. intros Ha Hx Hb Hy i Hi. apply rel_add; apply rel_mul; auto. Qed.

Lemma rel_dot x x' y y' : rel_vec x x' -> rel_vec y y' -> rel _ _ A (gdot F n x y) (gdot F' n x' y').
Proof. intros Hx Hy. apply rel_sum. intros i Hi. apply rel_mul; auto. Qed.

Lemma rel_max a a' b b' : rel _ _ A a a' -> rel _ _ A b b' -> rel _ _ A (gmax F a b) (gmax F' a' b').
Proof. intros Ha Hb. unfold gmax. rewrite (rel_leb _ _ A a a' b b' Ha Hb). destruct (leb F' a' b'); auto. Qed.

Lemma rel_min a a' b b' : rel _ _ A a a' -> rel _ _ A b b' -> rel _ _ A (gmin F a b) (gmin F' a' b').
Proof. intros Ha Hb. unfold gmin. rewrite (rel_leb _ _ A a a' b b' Ha Hb). destruct (leb F' a' b'); auto. Qed.

Lemma rel_tab x x' : rel_vec x x' -> rel_vec (tab F n x) x'.
Proof. intros H i Hi. rewrite tab_eq by assumption. auto. Qed.
End Agreement.
