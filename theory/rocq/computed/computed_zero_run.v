(** What is computed from zero averages in a metric is the run of [method_zero]: as in [computed_run].

    Two things are divided by besides ‖d_k‖²_{P⁻¹}: ρ_k = 1 - β^k, which is positive where 0 ≤ β < 1, and the
    entries of the metric.  Without these hypotheses nothing can be shown, nor refuted: over R, Coq leaves
    open what 1/0 is. *)
Require Import Reals Lra QArith Qreals List Lia.
From Momo Require Import sums vectors method metric method_zero fejer_zero.
From Momo Require Import ordered_field polymorphic polymorphic_agree polymorphic_zero polymorphic_zero_agree.
From Momo Require Import rational real_field samples computed computed_run.
Import ListNotations.
Close Scope Q_scope.
Open Scope R_scope.

(** Over R, the polymorphic step from zero is that of the theorems.
    Source: MoMo paper, Algorithm 2, with D_k = P; the two forms of it here. *)
Theorem gzstep_R n f g beta fstar cap P r st s :
  to_state (gzstep R_field n f g beta fstar cap P r st s) =
  zstep n f g beta fstar cap P r (to_state st) s.
Proof.
  destruct st as [fi x d pf pg]. unfold to_state, gzstep, zstep.
  cbn [gfirst gpx gpd gpf gpg first px pd method.pf method.pg]. rewrite gtau_R.
  replace (gzcap R_field r cap) with (zcap r cap) by (destruct cap; reflexivity). reflexivity.
Qed.

(** It has no hypothesis but for its types: |x| from 1, with β = 1/2 and the metric 4. *)
Example gzstep_R_met : let f := fun _ x => Rabs (x 0%nat) in let g := fun _ _ _ => 1 in
  to_state (gzstep R_field 1 f g (/ 2) 0 None (fun _ => 4) (/ 2) (gzstart R_field (fun _ => 1)) 0)
  = zstep 1 f g (/ 2) 0 None (fun _ => 4) (/ 2) (zstart (fun _ => 1)) 0.
Proof. apply gzstep_R. Qed.

Section Path.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R) (cap : option R) (P : vec).
Notation zstep := (zstep n f g beta fstar cap P).

(** A run from a state after j samples; [zpath] is that from the start. *)
Fixpoint zpath_from (j : nat) (st : state) (w : nat -> nat) (k : nat) : state :=
  match k with O => st | S m => zstep (rho beta (S (j + m))) (zpath_from j st w m) (w m) end.

Lemma zpath_is x1 w k : zpath n f g beta fstar (fun _ => cap) P x1 w k = zpath_from 0 (zstart x1) w k.
Proof. induction k as [|k IH]; simpl; [|rewrite IH]; reflexivity. Qed.

Lemma zpath_later j st w k :
  zpath_from j st w (S k) = zpath_from (S j) (zstep (rho beta (S j)) st (w 0%nat)) (fun i => w (S i)) k.
Proof.
  induction k as [|k IH]; [simpl; rewrite Nat.add_0_r; reflexivity|].
  change (zpath_from j st w (S (S k)))
    with (zstep (rho beta (S (j + S k))) (zpath_from j st w (S k)) (w (S k))).
  rewrite IH, Nat.add_succ_r. reflexivity.
Qed.

Lemma gzpath_is order : forall j st k st',
  nth_error (gzpath R_field n f g beta fstar cap P j st order) k = Some st' ->
  to_state st' = zpath_from j (to_state st) (fun i => nth i order 0%nat) k.
Proof.
  induction order as [|s later IH]; intros j st k st' H; destruct k as [|k]; simpl in H.
  - injection H as <-. reflexivity.
  - destruct k; discriminate.
  - injection H as <-. reflexivity.
  - rewrite zpath_later. apply IH in H. rewrite H, gzstep_R. reflexivity.
Qed.
End Path.

(** The run of a problem over the reals, from zero averages in a metric. *)
Definition real_zero_run (metric : list Q) (p : problem) (k : nat) : state :=
  let n := dimension p in let samples := map real_sample (losses p) in
  zpath n (values R_field n samples) (slopes R_field n samples) (Q2R (averaging p)) (Q2R (bound p))
    (fun _ => option_map Q2R (learning_rate p)) (fun i => Q2R (entries metric i))
    (fun i => Q2R (coords Q_field (from p) i)) (fun j => nth j (order p) 0%nat) k.

(** What is computed of a problem from zero averages, in a metric, is its run over the reals.

    The samples of [computed_run], 0 ≤ β < 1, a metric with positive entries: every state that
    [zero_table] shows is the state of the method over the reals after as many steps.
    Source: derived here. *)
Theorem computed_zero_run metric p k q :
  (0 <= averaging p < 1)%Q -> (forall i, 0 < entries metric i)%Q ->
  nth_error (zero_run_of metric p) k = Some q -> is_state (dimension p) q (real_zero_run metric p k).
Proof.
  intros [Hb0 Hb1] HP Hq.
  assert (Hb : 0 <= Q2R (averaging p) < 1).
  { rewrite <- RMicromega.Q2R_0, <- RMicromega.Q2R_1. split; [apply Qle_Rle, Hb0|apply Qlt_Rlt, Hb1]. }
  set (n := dimension p) in *.
  assert (Hrun : Forall2 (agree Q_field R_field rational_real n) (zero_run_of metric p)
    (gzpath R_field n (values R_field n (map real_sample (losses p)))
      (slopes R_field n (map real_sample (losses p))) (Q2R (averaging p)) (Q2R (bound p))
      (option_map Q2R (learning_rate p)) (fun i => Q2R (entries metric i)) 0
      (gzstart R_field (fun i => Q2R (coords Q_field (from p) i))) (order p))).
  { unfold zero_run_of. apply zrun_agrees.
    - apply samples_values_agree, real_samples_agree.
    - apply samples_slopes_agree, real_samples_agree.
    - reflexivity.
    - reflexivity.
    - destruct (learning_rate p); simpl; auto.
    - intros i _. reflexivity.
    - intros i _. destruct (eqb Q_field _ _) eqn:E; auto. apply Qeq_bool_iff in E.
      specialize (HP i). simpl in E. rewrite E in HP. discriminate HP.
    - intros j. rewrite (rel_eqb _ _ rational_real _ (rho (Q2R (averaging p)) (S j)) _ 0).
      + pose proof (rho_range (Q2R (averaging p)) j Hb). simpl. unfold Req_b.
        destruct (Req_EM_T _ _); [lra|reflexivity].
      + apply (rho_agrees Q_field R_field rational_real). reflexivity.
      + apply RMicromega.Q2R_0.
    - apply zstart_agrees. intros i _. reflexivity. }
  destruct (Forall2_nth _ _ _ k q Hrun Hq) as (r & Hr & Hqr).
  apply gzpath_is in Hr. unfold real_zero_run. rewrite zpath_is. apply agree_is_state in Hqr.
  rewrite Hr in Hqr. exact Hqr.
Qed.

(** |x| from 3, β = 1/2, in the metric 4, [computed_zero_run] applied: d_1 = 1/2 and ρ_1 = 1/2, so that
    ‖d_1‖² = 1/16, h_1 = 3/2 and τ_1 = 24; x^2 = 3 - 24 (1/2)/4 = 0, over the reals. *)
Example computed_zero_run_met :
  let p := {| dimension := 1; losses := [largest (F := Q_field) ([1], 0) [([-(1)], 0)]]; averaging := 1 # 2;
    bound := 0; learning_rate := None; from := [3]; order := [0%nat] |}%Q in
  px (real_zero_run [4%Q] p 1) 0%nat = 0.
Proof.
  intros p. assert (H : exists q, nth_error (zero_run_of [4%Q] p) 1 = Some q /\ gpx _ q 0%nat = 0%Q).
  { eexists. split; [reflexivity|vm_compute; reflexivity]. }
  destruct H as (q & Hq & Hx). assert (HP : forall i, (0 < entries [4%Q] i)%Q).
  { intros [|[|i]]; reflexivity. }
  assert (Hb : (0 <= averaging p < 1)%Q) by (split; [discriminate|reflexivity]).
  pose proof (computed_zero_run [4%Q] p 1 q Hb HP Hq) as (_ & Hx' & _).
  rewrite <- (Hx' 0%nat (Nat.lt_0_1)), Hx. apply RMicromega.Q2R_0.
Qed.
