(** Expectation over K independent samples: K nested finite averages, so that no measure theory is needed.

    [Ex k z φ] is E φ(state k steps later), from state z. It is linear, it is monotone on any property
    of states that steps keep, and the last sample can be averaged first: what was "by hand" in the
    lemmas over the reals, that s_k is drawn after x^k, is [Ex_last]. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions.
Open Scope R_scope.

Section Expectation.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R).
Variables (beta fstar : R) (cap : option R).
Notation step := (step n f g beta fstar cap).

(* expectation of phi after k i.i.d. samples, from a state *)
Fixpoint Ex (k : nat) (st : state) (phi : state -> R) : R :=
  match k with O => phi st | S m => sumn M (fun s => p s * Ex m (step st s) phi) end.

Hypothesis Hp1 : sumn M p = 1.

Lemma Ex_lin k : forall st a b phi psi,
  Ex k st (fun z => a * phi z + b * psi z) = a * Ex k st phi + b * Ex k st psi.
Proof.
  induction k; simpl; intros; auto.
  rewrite <- !sumn_scal, <- sumn_plus. apply sumn_ext; intros. rewrite IHk. ring.
Qed.
Lemma Ex_const k : forall st a, Ex k st (fun _ => a) = a.
Proof.
  induction k; simpl; intros; auto.
  rewrite (sumn_ext M _ (fun s => a * p s)) by (intros; rewrite IHk; ring). rewrite sumn_scal, Hp1; ring.
Qed.
Lemma Ex_last k : forall st phi,
  Ex (S k) st phi = Ex k st (fun z => sumn M (fun s => p s * phi (step z s))).
Proof. induction k; intros st phi; simpl in *; auto. apply sumn_ext; intros. rewrite <- IHk. auto. Qed.

Lemma avg_sub (F : nat -> R) a : sumn M (fun s => p s * (F s - a)) = sumn M (fun s => p s * F s) - a.
Proof. rewrite (sumn_ext M _ (fun s => p s * F s + (- a) * p s)) by (intros; ring).
  rewrite sumn_plus, sumn_scal, Hp1. ring. Qed.
End Expectation.

(* monotone expectation, for any property of states that the steps keep *)
Lemma Ex_mono_gen n M f g p beta fl cap (P : state -> Prop) :
  (forall s, (s < M)%nat -> 0 <= p s) ->
  (forall st s, P st -> (s < M)%nat -> P (step n f g beta fl cap st s)) ->
  forall k st phi psi, P st -> (forall z, P z -> phi z <= psi z) ->
  Ex n M f g p beta fl cap k st phi <= Ex n M f g p beta fl cap k st psi.
Proof.
  intros Hp HP. induction k; simpl; intros st phi psi Hi H; auto.
  apply sumn_le; intros s Hs. apply Rmult_le_compat_l; auto.
Qed.
