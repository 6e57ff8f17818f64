(** Runs in two fields that count alike are the same run.

    If two fields agree (see [ordered_field]: each operation keeps the relation of their numbers, each
    comparison has the same answer), and the samples' values and slopes agree at points that agree, then
    so does each step ([step_agrees]: it is made of those operations and comparisons, one after the
    other), so do all states of a run ([run_agrees], by induction), and it makes no difference that one of
    the runs computes its coordinates once, since that changes none of the first n.  For a field and
    itself this is [tabulated_run]; the rational and the real numbers are in [computed_run]. *)
Require Import List Lia.
From Momo Require Import ordered_field polymorphic samples.
Import ListNotations.

Section Agreement.
Variables (F F' : ofield) (A : agreement F F') (n : nat).
Notation "a ~ b" := (rel F F' A a b) (at level 70).
Notation "x ~~ y" := (rel_vec F F' A n x y) (at level 70).

(** Two states agree: x^k, d, f̄ and γ. *)
Definition agree (st : gstate F) (st' : gstate F') : Prop :=
  gfirst F st = gfirst F' st' /\ gpx F st ~~ gpx F' st' /\ gpd F st ~~ gpd F' st' /\
  gpf F st ~ gpf F' st' /\ gpg F st ~ gpg F' st'.

(** What a method is told of its samples agrees: at points that agree, numbers that agree. *)
Definition values_agree (f : nat -> gvec F -> car F) (f' : nat -> gvec F' -> car F') :=
  forall s x x', x ~~ x' -> f s x ~ f' s x'.
Definition slopes_agree (g : nat -> gvec F -> gvec F) (g' : nat -> gvec F' -> gvec F') :=
  forall s x x', x ~~ x' -> g s x ~~ g' s x'.
Definition caps_agree (cap : option (car F)) (cap' : option (car F')) :=
  match cap, cap' with
  | None, None => True
  | Some alpha, Some alpha' => alpha ~ alpha'
  | _, _ => False
  end.

Section Method.
Variables (f : nat -> gvec F -> car F) (g : nat -> gvec F -> gvec F).
Variables (f' : nat -> gvec F' -> car F') (g' : nat -> gvec F' -> gvec F').
Variables (beta fstar : car F) (beta' fstar' : car F') (cap : option (car F)) (cap' : option (car F')).
Hypothesis Hf : values_agree f f'.
Hypothesis Hg : slopes_agree g g'.
Hypothesis Hbeta : beta ~ beta'.
Hypothesis Hfstar : fstar ~ fstar'.
Hypothesis Hcap : caps_agree cap cap'.

Lemma tau_agrees h h' N N' : h ~ h' -> N ~ N' -> gtau F fstar cap h N ~ gtau F' fstar' cap' h' N'.
Proof.
  intros Hh HN. unfold gtau.
  rewrite <- (rel_eqb _ _ A N N' (zero F) (zero F') HN (rel_zero _ _ A)).
  destruct (eqb F N (zero F)) eqn:E; [apply rel_zero|].
  assert (Hz : div F (gmax F (zero F) (sub F h fstar)) N ~ div F' (gmax F' (zero F') (sub F' h' fstar')) N').
  { apply rel_div; auto. apply rel_max; [apply rel_zero|apply rel_sub; auto]. }
  cbv zeta. destruct cap, cap'; simpl in Hcap; try contradiction; auto. apply rel_min; auto.
Qed.

Lemma step_agrees st st' s : agree st st' ->
  agree (gstep F n f g beta fstar cap st s) (gstep F' n f' g' beta' fstar' cap' st' s).
Proof.
  destruct st as [one_first x d a c], st' as [one_first' x' d' a' c'].
  intros (Hfirst & Hx & Hd & Ha & Hc). simpl in *. subst one_first'.
  unfold gstep; cbn [gfirst gpx gpd gpf gpg].
  set (keep := if one_first then zero F else beta). set (keep' := if one_first then zero F' else beta').
  assert (Hk : keep ~ keep') by (unfold keep, keep'; destruct one_first; [apply rel_zero|auto]).
  assert (Hl : sub F (one F) keep ~ sub F' (one F') keep') by (apply rel_sub; [apply rel_one|auto]).
  pose proof (Hg s x x' Hx) as Hs.
  assert (Hd' := rel_lin F F' A n _ _ _ _ _ _ _ _ Hk Hd Hl Hs).
  assert (Ha' := rel_add _ _ A _ _ _ _ (rel_mul _ _ A _ _ _ _ Hk Ha)
                  (rel_mul _ _ A _ _ _ _ Hl (Hf s x x' Hx))).
  assert (Hc' := rel_add _ _ A _ _ _ _ (rel_mul _ _ A _ _ _ _ Hk Hc)
                  (rel_mul _ _ A _ _ _ _ Hl (rel_dot F F' A n _ _ _ _ Hs Hx))).
  repeat split; cbn [gfirst gpx gpd gpf gpg]; auto.
  apply rel_lin; auto; [apply rel_one|]. apply rel_opp, tau_agrees.
  - apply rel_sub; auto. apply rel_add; auto. apply rel_dot; auto.
  - apply rel_dot; auto.
Qed.

Lemma start_agrees x x' : x ~~ x' -> agree (gstart F x) (gstart F' x').
Proof. intros Hx. repeat split; simpl; auto; try apply rel_zero. intros i Hi. apply rel_zero. Qed.

Lemma tab_agrees st st' : agree st st' -> agree (gtab F n st) st'.
Proof. intros (? & ? & ? & ? & ?). repeat split; simpl; auto; apply rel_tab; auto. Qed.

(** State by state, a run with its coordinates computed once agrees with one that is computed plainly. *)
Lemma run_agrees order : forall st st', agree st st' ->
  Forall2 agree (grun F n f g beta fstar cap st order) (gpath F' n f' g' beta' fstar' cap' st' order).
Proof.
  induction order as [|s later IH]; simpl; intros st st' H; constructor; auto.
  apply IH, tab_agrees, step_agrees, H.
Qed.
End Method.

(** * The samples that are computed agree with themselves in the other field *)
Definition row_agrees (r : row F) (r' : row F') := Forall2 (rel F F' A) (fst r) (fst r') /\ snd r ~ snd r'.
Inductive sample_agrees : sample F -> sample F' -> Prop :=
  | squares_agree c c' r r' : c ~ c' -> row_agrees r r' -> sample_agrees (square c r) (square c' r')
  | largest_agree r r' others others' : row_agrees r r' -> Forall2 row_agrees others others' ->
      sample_agrees (largest r others) (largest r' others').

Lemma coords_agree l l' : Forall2 (rel F F' A) l l' -> coords F l ~~ coords F' l'.
Proof.
  intros H i _. unfold coords. revert i.
  induction H; intros [|i]; simpl; auto; apply rel_zero.
Qed.

Lemma affine_agrees r r' x x' : row_agrees r r' -> x ~~ x' -> affine F n r x ~ affine F' n r' x'.
Proof. intros [Ha Hb] Hx. apply rel_add; auto. apply rel_dot; auto. apply coords_agree, Ha. Qed.

Lemma top_agrees x x' others others' : x ~~ x' -> Forall2 row_agrees others others' ->
  forall r r', row_agrees r r' -> row_agrees (top F n x r others) (top F' n x' r' others').
Proof.
  intros Hx. induction 1 as [|q q' later later' Hq _ IH]; simpl; intros r r' Hr; auto.
  apply IH. rewrite (rel_leb _ _ A _ _ _ _ (affine_agrees q q' x x' Hq Hx) (affine_agrees r r' x x' Hr Hx)).
  destruct (leb F' _ _); auto.
Qed.

Lemma pick_agrees samples samples' s : Forall2 sample_agrees samples samples' ->
  sample_agrees (pick F samples s) (pick F' samples' s).
Proof.
  intros H. unfold pick. revert s. induction H; intros [|s]; simpl; auto;
    (constructor; [split; simpl; [constructor|apply rel_zero]|constructor]).
Qed.

Lemma samples_values_agree samples samples' : Forall2 sample_agrees samples samples' ->
  values_agree (values F n samples) (values F' n samples').
Proof.
  intros H s x x' Hx. unfold values. destruct (pick_agrees samples samples' s H) as [c c' r r' Hc Hr|]; simpl.
  - apply rel_mul; auto. apply rel_mul; apply affine_agrees; auto.
  - apply affine_agrees; auto. apply top_agrees; auto.
Qed.

Lemma samples_slopes_agree samples samples' : Forall2 sample_agrees samples samples' ->
  slopes_agree (slopes F n samples) (slopes F' n samples').
Proof.
  intros H s x x' Hx. unfold slopes. destruct (pick_agrees samples samples' s H) as [c c' r r' Hc Hr|]; simpl.
  - intros i Hi. apply rel_mul; [|apply coords_agree; [apply Hr|auto]].
    apply rel_mul; [apply rel_add; auto|apply affine_agrees; auto].
  - apply coords_agree. apply top_agrees; auto.
Qed.
End Agreement.

(** The tabulated run is the run.

    For the order of samples s_1, …, s_K, and values and subgradients that depend on nothing but the first
    n coordinates, and for equal ones are equal: computing the coordinates of each x^k and d_k once changes
    no state of the run.
    Source: derived here. *)
Theorem tabulated_run F n f g beta fstar cap x order :
  values_agree F F (equality F) n f f -> slopes_agree F F (equality F) n g g ->
  Forall2 (agree F F (equality F) n) (grun F n f g beta fstar cap (gstart F x) order)
    (gpath F n f g beta fstar cap (gstart F x) order).
Proof.
  assert (Hrefl : forall a, eqv F a a) by (intros a; apply (eqv_equiv F)).
  intros Hf Hg. apply run_agrees; auto; try apply Hrefl.
  - destruct cap; simpl; auto.
  - apply start_agrees. intros i _. apply Hrefl.
Qed.
