(** Finite sums of real numbers, Σ_{i<n} f_i. *)
Require Import Reals Lra Psatz Lia.
Open Scope R_scope.

Ltac ra := first [lra | nra].

Lemma sq_pos x : 0 <= x * x.
Proof. apply Rle_0_sqr. Qed.

Fixpoint sumn (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => sumn m f + f m end.

Lemma sumn_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> sumn n f = sumn n g.
Proof. induction n; simpl; intros H; auto. rewrite IHn by (intros; apply H; lia). rewrite H by lia; auto. Qed.
Lemma sumn_plus n f g : sumn n (fun i => f i + g i) = sumn n f + sumn n g.
Proof. induction n; simpl; lra. Qed.
Lemma sumn_scal n a f : sumn n (fun i => a * f i) = a * sumn n f.
Proof. induction n; simpl; lra. Qed.
Lemma sumn_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> sumn n f <= sumn n g.
Proof. induction n; simpl; intros H; [lra|]. assert (f n <= g n) by (apply H; lia).
  assert (sumn n f <= sumn n g) by (apply IHn; intros; apply H; lia). lra. Qed.
Lemma sumn_nonneg n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= sumn n f.
Proof. induction n; simpl; intros H; [lra|]. assert (0 <= f n) by (apply H; lia).
  assert (0 <= sumn n f) by (apply IHn; intros; apply H; lia). lra. Qed.
Lemma sumn_zero n f : (forall i, (i < n)%nat -> 0 <= f i) -> sumn n f = 0 ->
  forall i, (i < n)%nat -> f i = 0.
Proof. induction n; simpl; intros H E i Hi; [lia|].
  assert (0 <= sumn n f) by (apply sumn_nonneg; intros; apply H; lia).
  assert (0 <= f n) by (apply H; lia).
  assert (i = n \/ (i < n)%nat) as [->|] by lia; [lra|]. apply IHn; auto; lra. Qed.
