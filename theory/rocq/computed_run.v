(** What is computed in fractions is the run that the theorems are about.

    A fraction and the same number among the reals agree ([rational_real]); so a run over Q has, state by
    state, the numbers of the run over R ([run_agrees]), and that is [path], the run of [method]
    ([gstep_R], by induction).  Nothing is rounded anywhere. *)
Require Import Reals Lra QArith Qreals List Lia.
From Momo Require Import sums vectors method ordered_field polymorphic polymorphic_agree rational real_field.
From Momo Require Import samples computed.
Import ListNotations.
Close Scope Q_scope.
Open Scope R_scope.

(** A state over the reals that is one over the fractions. *)
Definition is_state (n : nat) (q : gstate Q_field) (r : state) : Prop :=
  gfirst _ q = first r /\
  (forall i, (i < n)%nat -> Q2R (gpx _ q i) = px r i) /\
  (forall i, (i < n)%nat -> Q2R (gpd _ q i) = pd r i) /\
  Q2R (gpf _ q) = method.pf r /\ Q2R (gpg _ q) = method.pg r.

Section Path.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R) (cap : option R).
Notation step := (step n f g beta fstar cap).

(** A run from any state; [path] is that from the start. *)
Fixpoint path_from (st : state) (w : nat -> nat) (k : nat) : state :=
  match k with O => st | S m => step (path_from st w m) (w m) end.

Lemma path_is x1 w k : path n f g beta fstar cap x1 w k = path_from (start x1) w k.
Proof. induction k as [|k IH]; simpl; [|rewrite IH]; reflexivity. Qed.

Lemma path_later st w k : path_from st w (S k) = path_from (step st (w 0%nat)) (fun j => w (S j)) k.
Proof. induction k as [|k IH]; [reflexivity|]. simpl in *. rewrite IH. reflexivity. Qed.

Lemma gpath_is order : forall st k st',
  nth_error (gpath R_field n f g beta fstar cap st order) k = Some st' ->
  to_state st' = path_from (to_state st) (fun j => nth j order 0%nat) k.
Proof.
  induction order as [|s later IH]; intros st k st' H; destruct k as [|k]; simpl in H.
  - injection H as <-. reflexivity.
  - destruct k; discriminate.
  - injection H as <-. reflexivity.
  - rewrite path_later. apply IH in H. rewrite H, gstep_R. reflexivity.
Qed.
End Path.

Lemma agree_is_state n q r : agree Q_field R_field rational_real n q r -> is_state n q (to_state r).
Proof. intros (H1 & H2 & H3 & H4 & H5). split; [exact H1|]. repeat split; auto. Qed.

Lemma Forall2_nth {S T} (P : S -> T -> Prop) l l' k a : Forall2 P l l' -> nth_error l k = Some a ->
  exists b, nth_error l' k = Some b /\ P a b.
Proof.
  intros H. revert k. induction H as [|x y l l' Hxy _ IH]; intros [|k] E; simpl in *; try discriminate.
  - injection E as <-. eauto.
  - auto.
Qed.

(** A run in fractions is the run over the reals.

    Values and subgradients f, g that are computed in fractions and are those of f', g' over the reals at
    the same point; β, f_⋆, α and x^1 fractions, the samples in any order: every x^k, d_k, f̄_k and γ_k that
    is computed is that of the method over the reals.
    Source: derived here. *)
Theorem rational_run n f g f' g' beta fstar cap x1 order k q :
  values_agree Q_field R_field rational_real n f f' -> slopes_agree Q_field R_field rational_real n g g' ->
  nth_error (grun Q_field n f g beta fstar cap (gstart Q_field x1) order) k = Some q ->
  is_state n q (path n f' g' (Q2R beta) (Q2R fstar) (option_map Q2R cap) (fun i => Q2R (x1 i))
    (fun j => nth j order 0%nat) k).
Proof.
  intros Hf Hg Hq.
  assert (Hrun : Forall2 (agree Q_field R_field rational_real n)
    (grun Q_field n f g beta fstar cap (gstart Q_field x1) order)
    (gpath R_field n f' g' (Q2R beta) (Q2R fstar) (option_map Q2R cap)
      (gstart R_field (fun i => Q2R (x1 i))) order)).
  { apply run_agrees; auto; try reflexivity.
    - destruct cap; simpl; auto.
    - apply start_agrees. intros i _. reflexivity. }
  destruct (Forall2_nth _ _ _ k q Hrun Hq) as (r & Hr & Hqr).
  apply gpath_is in Hr. rewrite path_is. apply agree_is_state in Hqr. rewrite Hr in Hqr. exact Hqr.
Qed.

(** * The problems that are computed *)
Definition real_row (r : row Q_field) : row R_field := (map Q2R (fst r), Q2R (snd r)).
Definition real_sample (s : sample Q_field) : sample R_field :=
  match s with
  | square c r => square (F := R_field) (Q2R c) (real_row r)
  | largest r others => largest (F := R_field) (real_row r) (map real_row others)
  end.

Lemma real_list_agrees l : Forall2 (rel _ _ rational_real) l (map Q2R l).
Proof. induction l; simpl; constructor; simpl; auto. Qed.
Lemma real_row_agrees r : row_agrees _ _ rational_real r (real_row r).
Proof. split; simpl; [apply real_list_agrees|reflexivity]. Qed.
Lemma real_rows_agree l : Forall2 (row_agrees _ _ rational_real) l (map real_row l).
Proof. induction l; simpl; constructor; auto. apply real_row_agrees. Qed.
Lemma real_samples_agree l : Forall2 (sample_agrees _ _ rational_real) l (map real_sample l).
Proof.
  induction l as [|[c r|r others] l IH]; simpl; constructor; auto; constructor; simpl; auto;
    apply real_row_agrees || apply real_rows_agree.
Qed.

(** The run of a problem over the reals. *)
Definition real_run (p : problem) (k : nat) : state :=
  let n := dimension p in let samples := map real_sample (losses p) in
  path n (values R_field n samples) (slopes R_field n samples) (Q2R (averaging p)) (Q2R (bound p))
    (option_map Q2R (learning_rate p)) (fun i => Q2R (coords Q_field (from p) i))
    (fun j => nth j (order p) 0%nat) k.

(** What is computed of a problem is its run over the reals.

    Samples that are c (<a,x> + b)² or maxima of affine functions, with fractions in them: every state that
    [table] shows is the state of the method over the reals after as many steps.
    Source: derived here. *)
Theorem computed_run p k q : nth_error (run_of p) k = Some q -> is_state (dimension p) q (real_run p k).
Proof.
  intros H. refine (rational_run _ _ _ _ _ _ _ _ _ _ _ _ _ _ H).
  - apply samples_values_agree, real_samples_agree.
  - apply samples_slopes_agree, real_samples_agree.
Qed.

(** … and all states are computed, K + 1 for K samples. *)
Lemma run_length p : length (run_of p) = S (length (order p)).
Proof.
  unfold run_of. generalize (gstart Q_field (coords Q_field (from p))) as st.
  induction (order p) as [|s later IH]; simpl; intros st; auto.
Qed.
