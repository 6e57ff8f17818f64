(** Runs from zero in two fields that count alike are the same run: [polymorphic_agree] for
    [polymorphic_zero].  Nothing is divided by zero: no ρ_k is 0, and no entry of the metric. *)
Require Import List Lia.
From Momo Require Import ordered_field polymorphic polymorphic_agree polymorphic_zero.
Import ListNotations.

Section Agreement.
Variables (F F' : ofield) (A : agreement F F') (n : nat).
Notation "a ~ b" := (rel F F' A a b) (at level 70).
Notation "x ~~ y" := (rel_vec F F' A n x y) (at level 70).
Variables (f : nat -> gvec F -> car F) (g : nat -> gvec F -> gvec F).
Variables (f' : nat -> gvec F' -> car F') (g' : nat -> gvec F' -> gvec F').
Variables (beta fstar : car F) (beta' fstar' : car F') (cap : option (car F)) (cap' : option (car F')).
Variables (P : gvec F) (P' : gvec F').
Hypothesis Hf : values_agree F F' A n f f'.
Hypothesis Hg : slopes_agree F F' A n g g'.
Hypothesis Hbeta : beta ~ beta'.
Hypothesis Hfstar : fstar ~ fstar'.
Hypothesis Hcap : caps_agree F F' A cap cap'.
Hypothesis HP : P ~~ P'.
Hypothesis HP0 : forall i, (i < n)%nat -> eqb F (P i) (zero F) = false.
Hypothesis Hrho : forall k, eqb F (grho F beta (S k)) (zero F) = false.

Lemma pow_agrees k : gpow F beta k ~ gpow F' beta' k.
Proof. induction k as [|k IH]; simpl; [apply rel_one|apply rel_mul; auto]. Qed.
Lemma rho_agrees k : grho F beta k ~ grho F' beta' k.
Proof. apply rel_sub; [apply rel_one|apply pow_agrees]. Qed.

Lemma zcap_agrees k :
  caps_agree F F' A (gzcap F (grho F beta (S k)) cap) (gzcap F' (grho F' beta' (S k)) cap').
Proof.
  destruct cap, cap'; simpl in *; try contradiction; auto.
  apply rel_div; auto. apply rho_agrees.
Qed.

Lemma precond_agrees d d' : d ~~ d' -> gprecond F P d ~~ gprecond F' P' d'.
Proof. intros Hd i Hi. apply rel_div; auto. Qed.

Lemma dual2_agrees d d' : d ~~ d' -> gdual2 F n P d ~ gdual2 F' n P' d'.
Proof. intros Hd. apply rel_sum. intros i Hi. apply rel_div; auto. apply rel_mul; auto. Qed.

Lemma zstep_agrees k st st' s : agree F F' A n st st' ->
  agree F F' A n (gzstep F n f g beta fstar cap P (grho F beta (S k)) st s)
    (gzstep F' n f' g' beta' fstar' cap' P' (grho F' beta' (S k)) st' s).
Proof.
  destruct st as [one_first x d a c], st' as [one_first' x' d' a' c'].
  intros (_ & Hx & Hd & Ha & Hc). simpl in *.
  unfold gzstep; cbn [gfirst gpx gpd gpf gpg].
  assert (Hl : sub F (one F) beta ~ sub F' (one F') beta') by (apply rel_sub; [apply rel_one|auto]).
  pose proof (Hg s x x' Hx) as Hs.
  assert (Hd' := rel_lin F F' A n _ _ _ _ _ _ _ _ Hbeta Hd Hl Hs).
  assert (Ha' := rel_add _ _ A _ _ _ _ (rel_mul _ _ A _ _ _ _ Hbeta Ha)
                  (rel_mul _ _ A _ _ _ _ Hl (Hf s x x' Hx))).
  assert (Hc' := rel_add _ _ A _ _ _ _ (rel_mul _ _ A _ _ _ _ Hbeta Hc)
                  (rel_mul _ _ A _ _ _ _ Hl (rel_dot F F' A n _ _ _ _ Hs Hx))).
  repeat split; cbn [gfirst gpx gpd gpf gpg]; auto.
  apply rel_lin; auto; [apply rel_one| |apply precond_agrees; auto]. apply rel_opp, tau_agrees.
  - apply rel_mul; auto. apply rho_agrees.
  - apply zcap_agrees.
  - apply rel_sub; auto. apply rel_add; auto. apply rel_dot; auto.
  - apply dual2_agrees; auto.
Qed.

Lemma zstart_agrees x x' : x ~~ x' -> agree F F' A n (gzstart F x) (gzstart F' x').
Proof. intros Hx. repeat split; simpl; auto; try apply rel_zero. intros i Hi. apply rel_zero. Qed.

Lemma zrun_agrees order : forall k st st', agree F F' A n st st' ->
  Forall2 (agree F F' A n) (gzrun F n f g beta fstar cap P k st order)
    (gzpath F' n f' g' beta' fstar' cap' P' k st' order).
Proof.
  induction order as [|s later IH]; simpl; intros k st st' H; constructor; auto.
  apply IH, tab_agrees, zstep_agrees, H.
Qed.
End Agreement.
