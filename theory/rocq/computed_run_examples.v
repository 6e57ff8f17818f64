(** Runs that are computed, and what would go wrong without the hypotheses. *)
Require Import Reals Lra QArith Qreals List Lia.
From Momo Require Import sums vectors method ordered_field polymorphic polymorphic_agree rational real_field.
From Momo Require Import samples computed computed_run.
Import ListNotations.
Open Scope Q_scope.

(** |x|, the larger of x and -x, from 3, without a cap; the bound is its minimum, 0. *)
Definition absolute : sample Q_field := largest (F := Q_field) ([1], 0) [([-(1)], 0)].
Definition from_three : problem := {|
  dimension := 1; losses := [absolute]; averaging := 1 # 2; bound := 0; learning_rate := None;
  from := [3]; order := [0; 0]%nat |}.

(** One step of it, computed: x^2 = 0, d_1 = 1, f̄_1 = 3, γ_1 = 3 … *)
Example from_three_computed : nth 1 (table from_three) [] = [0; 1; 1; 1; 3; 1; 3; 1]%Z.
Proof. vm_compute. reflexivity. Qed.

(** … is a step over the reals: [computed_run] applied, x^2 = 0 and f̄_1 = 3 are real numbers. *)
Example computed_run_met : px (real_run from_three 1) 0%nat = 0%R /\ method.pf (real_run from_three 1) = 3%R.
Proof.
  assert (H : exists q, nth_error (run_of from_three) 1 = Some q /\ gpx _ q 0%nat = 0 /\ gpf _ q = 3).
  { eexists. split; [reflexivity|split; vm_compute; reflexivity]. }
  destruct H as (q & Hq & Hx & Hf). pose proof (computed_run from_three 1 q Hq) as (_ & Hx' & _ & Hf' & _).
  rewrite <- (Hx' 0%nat), <- Hf', Hx, Hf by (simpl; lia). unfold Q2R; simpl. split; field.
Qed.

(** x²/2 from 1 in any order of any length: [rational_run] applied. *)
Example rational_run_met order k q :
  nth_error (grun Q_field 1 (fun _ x => qmul (1 # 2) (qmul (x O) (x O))) (fun _ x _ => x O) (9 # 10) 0 None
    (gstart Q_field (fun _ => 1)) order) k = Some q ->
  is_state 1 q (path 1 (fun _ x => (/ 2 * (x O * x O))%R) (fun _ x _ => x O) (Q2R (9 # 10)) (Q2R 0) None
    (fun _ => Q2R 1) (fun j => nth j order O) k).
Proof.
  intros H. refine (rational_run 1 _ _ _ _ _ _ None _ _ _ _ _ _ H); simpl.
  - intros s x x' Hx. pose proof (Hx O Nat.lt_0_1) as E. simpl in *. rewrite <- E.
    unfold qmul. rewrite Q2R_red, Q2R_mult, Q2R_red, Q2R_mult.
    replace (Q2R (1 # 2)) with (/ 2)%R by (unfold Q2R; simpl; field). reflexivity.
  - intros s x x' Hx i _. exact (Hx O Nat.lt_0_1).
Qed.

(** Without equal values: the method over Q is told 0, that over R is told 1, and f̄_1 differs. *)
Example rational_run_needs_equal_values :
  slopes_agree Q_field R_field rational_real 1 (fun _ _ _ => 0) (fun _ _ _ => 0%R) /\
  exists q, nth_error (grun Q_field 1 (fun _ _ => 0) (fun _ _ _ => 0) 0 0 None
    (gstart Q_field (fun _ => 1)) [O]) 1 = Some q /\
  ~ is_state 1 q (path 1 (fun _ _ => 1%R) (fun _ _ _ => 0%R) (Q2R 0) (Q2R 0) None (fun _ => Q2R 1)
      (fun j => nth j [O] O) 1).
Proof.
  split; [intros s x x' _ i _; apply RMicromega.Q2R_0|].
  eexists. split; [reflexivity|]. intros (_ & _ & _ & H & _). change (Q2R 0 = 0 * 0 + (1 - 0) * 1)%R in H.
  rewrite RMicromega.Q2R_0 in H. lra.
Qed.

(** |x| in any order: [tabulated_run] applied. *)
Example tabulated_run_met order :
  Forall2 (agree Q_field Q_field (equality Q_field) 1)
    (grun Q_field 1 (values Q_field 1 [absolute]) (slopes Q_field 1 [absolute]) (1 # 2) 0 None
      (gstart Q_field (fun _ => 3)) order)
    (gpath Q_field 1 (values Q_field 1 [absolute]) (slopes Q_field 1 [absolute]) (1 # 2) 0 None
      (gstart Q_field (fun _ => 3)) order).
Proof.
  assert (H : Forall2 (sample_agrees Q_field Q_field (equality Q_field)) [absolute] [absolute]).
  { repeat constructor; simpl; reflexivity. }
  apply tabulated_run; [apply samples_values_agree, H|apply samples_slopes_agree, H].
Qed.

(** Without "depends on the first n coordinates only": n = 1 and f(x) is the second coordinate of x, which
    the table drops, so that f̄_2 is 0 there, and 1 in the plain run. *)
Example tabulated_run_needs_n_coordinates :
  let f := fun _ (x : gvec Q_field) => x 1%nat in let g := fun _ _ _ => 0 in
  slopes_agree Q_field Q_field (equality Q_field) 1 g g /\
  ~ Forall2 (agree Q_field Q_field (equality Q_field) 1)
      (grun Q_field 1 f g 0 0 None (gstart Q_field (fun _ => 1)) [0; 0]%nat)
      (gpath Q_field 1 f g 0 0 None (gstart Q_field (fun _ => 1)) [0; 0]%nat).
Proof.
  split; [intros s x x' _ i _; reflexivity|]. intros H.
  destruct (Forall2_nth _ _ _ 2 _ H eq_refl) as (q & Hq & _ & _ & _ & E & _).
  simpl in Hq. injection Hq as <-. vm_compute in E. discriminate E.
Qed.
