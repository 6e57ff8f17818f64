(** The closed form on numbers: instances of its theorems, with all three cases of the step (the cap
    binds, the line ends at f⋆, no step), and what goes wrong without α > 0, λ ≥ 0, D > 0, ρ > 0, the
    positive part, a cap that is large enough, or a factor that all groups have in common. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method metric_norms closed_form_groups closed_form.
Open Scope R_scope.

(** (a, b) *)
Definition pair (a b : R) : vec := fun i => match i with O => a | _ => b end.
Definition const (a : R) : vec := fun _ => a.

(** ‖d‖ is not 0 *)
Ltac no_zero H := destruct (Req_EM_T _ 0) as [H|H];
  [exfalso; unfold group_weight, dot, quotient, const in H; simpl in H; lra|].

Lemma positive_pair n a b : 0 < a -> 0 < b -> positive n (pair a b).
Proof. intros Ha Hb i _. destruct i; auto. Qed.

Lemma argmin_at {A} eqp (phi : A -> R) z z' : z = z' -> argmin eqp phi z -> argmin eqp phi z'.
Proof. intros <-; auto. Qed.

(** ** Instances *)

(** D = (2 1; 1 2): not a diagonal *)
Definition tilted : matrix := fun i j => if Nat.eq_dec i j then 2 else 1.
Lemma tilted_positive_definite : positive_definite 2 tilted.
Proof.
  split.
  - intros i j _ _. unfold tilted. destruct (Nat.eq_dec i j), (Nat.eq_dec j i); subst; auto; contradiction.
  - intros y.
    assert (E : norm2 2 tilted y = y 0%nat * y 0%nat + y 1%nat * y 1%nat
      + (y 0%nat + y 1%nat) * (y 0%nat + y 1%nat))
      by (unfold norm2, inner, dot, mul, tilted; simpl; ring).
    rewrite E. pose proof (sq_pos (y 0%nat)). pose proof (sq_pos (y 1%nat)).
    pose proof (sq_pos (y 0%nat + y 1%nat)).
    destruct (Req_EM_T (y 0%nat) 0) as [Y0|Y0]; [destruct (Req_EM_T (y 1%nat) 0) as [Y1|Y1]|].
    + left. intros [|[|i]] Hi; auto; lia.
    + right. pose proof (Rsqr_pos_lt _ Y1). unfold Rsqr in *. lra.
    + right. pose proof (Rsqr_pos_lt _ Y0). unfold Rsqr in *. lra.
Qed.

(** A matrix that is no diagonal, decay, ρ = ½, and the cap binds: D^{-1} d = (2, -1), ζ = 13/6 > α/ρ = 2,
    x^+ = (-3/2, 3/2). *)
Example closed_form_met :
  argmin (same 2) (objective 2 1 1 tilted (/ 2) 5 0 0 (pair 3 0) (pair 1 1)) (pair (- (3 / 2)) (3 / 2)).
Proof.
  apply (argmin_at _ _ (new_point 2 1 1 (/ 2) 5 0 0 (pair 3 0) (pair 2 (-1)) (pair 1 1))).
  - extensionality i. unfold new_point, moved, metric_tau, zeta. no_zero H.
    rewrite Rmin_left; [destruct i; simpl; field|].
    unfold dot; simpl. rewrite Rmax_right by lra. lra.
  - apply closed_form; try lra; [apply tilted_positive_definite|].
    intros [|[|i]] Hi; [..|lia]; unfold mul, tilted; simpl; ring.
Qed.

(** A diagonal, and the line ends at f⋆: ζ = 1/2, x^+ = (0, -1), where 4 + y_1 + 4 y_2 = 0 = f⋆. *)
Example closed_form_diagonal_met :
  argmin (same 2)
    (fun y => Rmax (/ 1 * (4 + dot 2 (pair 1 4) y - 0)) 0
       + 0 / 2 * sumn 2 (fun i => pair 1 2 i * (y i * y i))
       + sumn 2 (fun i => pair 1 2 i * ((y i - pair (1 / 2) 0 i) * (y i - pair (1 / 2) 0 i))) / (2 * 1))
    (pair 0 (-1)).
Proof.
  apply (argmin_at _ _
    (new_point 2 1 0 1 4 0 0 (pair 1 4) (quotient (pair 1 4) (pair 1 2)) (pair (1 / 2) 0))).
  - extensionality i. unfold new_point, moved, metric_tau, zeta, quotient. no_zero H.
    unfold dot; simpl. rewrite Rmax_right by lra.
    rewrite Rmin_right by lra. destruct i; simpl; field.
  - apply closed_form_diagonal; try lra. apply positive_pair; lra.
Qed.

(** The line is below f⋆, so no step, but still decay: x^+ = x/(1+αλ). *)
Example closed_form_diagonal_met_below :
  argmin (same 1)
    (fun y => Rmax (/ 1 * (-4 + dot 1 (const 1) y - 0)) 0 + 1 / 2 * sumn 1 (fun i => const 3 i * (y i * y i))
       + sumn 1 (fun i => const 3 i * ((y i - const 2 i) * (y i - const 2 i))) / (2 * 1))
    (const 1).
Proof.
  assert (P : new_point 1 1 1 1 (-4) 0 0 (const 1) (quotient (const 1) (const 3)) (const 2) = const 1).
  { extensionality i. unfold new_point, moved, metric_tau, zeta, quotient, const. no_zero H.
    unfold dot; simpl. rewrite Rmax_left by lra. rewrite Rmin_right by lra. field. }
  apply (argmin_at _ _ _ _ P). apply closed_form_diagonal; try lra. intros i _. unfold const. lra.
Qed.

(** Two groups, one of two coordinates with the metric (2 1; 1 2) and one of one coordinate; α = (1, 2),
    λ = (1, 0), and the cap binds: s = 1, x^+ = (-1/2, 1) and -3. *)
Example closed_form_groups_met :
  argmin (same_groups 2 (fun g => (2 - g)%nat))
    (group_objective 2 (fun g => (2 - g)%nat) (pair 1 2) (pair 1 0)
      (fun g => match g with O => tilted | _ => diag (const 2) end) 1 20 0 0
      (fun g => match g with O => pair 3 0 | _ => const 4 end) (fun _ => const 1))
    (fun g => match g with O => pair (- (1 / 2)) 1 | _ => const (-3) end).
Proof.
  set (d := fun g : nat => match g with O => pair 3 0 | _ => const 4 end).
  set (p := fun g : nat => match g with O => pair 2 (-1) | _ => const 2 end).
  set (s := group_factor 2 (fun g => (2 - g)%nat) (pair 1 2) (pair 1 0) 1 20 0 0 d p (fun _ => const 1)).
  assert (F : s = 1).
  { unfold s, group_factor, p, d. no_zero H. apply Rmin_left.
    unfold group_weight, group_gap, dot, const; simpl. rewrite Rmax_right by lra. lra. }
  apply (argmin_at _ _ (group_point (pair 1 2) (pair 1 0) 1 p (fun _ => const 1) s)).
  - rewrite F. extensionality g. extensionality i. unfold group_point, moved, p, const.
    destruct g as [|g]; [destruct i as [|i]|]; simpl; field.
  - apply closed_form_groups; try lra.
    + intros [|g] _; simpl; lra.
    + intros [|g] _; simpl; lra.
    + intros [|[|g]] Hg; [apply tilted_positive_definite| |lia].
      apply diag_positive_definite. intros i _. unfold const. lra.
    + intros [|[|g]] Hg; [| |lia].
      * intros [|[|i]] Hi; [..|simpl in Hi; lia]; unfold mul, tilted, p, d; simpl; ring.
      * intros [|i] Hi; [|simpl in Hi; lia]. unfold mul, diag, p, d, const; simpl. ring.
Qed.

(** Two groups with α = (1, 2), λ = (1, 0), D = (1, 2): gap = 9, W = 18, s = 1/2, and x^+ = (0, -1), where the
    line 4 + 2 y_1 + 4 y_2 is 0 = f⋆. *)
Definition two_groups_point : nat -> vec := fun g _ => pair 0 (-1) g.
Lemma two_groups_point_is :
  group_point (pair 1 2) (pair 1 0) 1 (fun g => quotient (const (pair 2 4 g)) (const (pair 1 2 g)))
    (fun _ => const 1) (group_factor 2 (fun _ => 1%nat) (pair 1 2) (pair 1 0) 1 4 0 0
      (fun g => const (pair 2 4 g)) (fun g => quotient (const (pair 2 4 g)) (const (pair 1 2 g)))
      (fun _ => const 1))
  = two_groups_point.
Proof.
  assert (F : group_factor 2 (fun _ => 1%nat) (pair 1 2) (pair 1 0) 1 4 0 0
      (fun g => const (pair 2 4 g)) (fun g => quotient (const (pair 2 4 g)) (const (pair 1 2 g)))
      (fun _ => const 1) = / 2).
  { unfold group_factor. no_zero H.
    unfold group_weight, group_gap, dot, quotient, const; simpl.
    rewrite Rmax_right by lra. rewrite Rmin_right by lra. field. }
  rewrite F. extensionality g. extensionality i. unfold group_point, moved, quotient, const, two_groups_point.
  destruct g; simpl; field.
Qed.
Example closed_form_groups_diagonal_met :
  argmin (same_groups 2 (fun _ => 1%nat)) (group_objective 2 (fun _ => 1%nat) (pair 1 2) (pair 1 0)
    (fun g => diag (const (pair 1 2 g))) 1 4 0 0 (fun g => const (pair 2 4 g)) (fun _ => const 1))
    two_groups_point.
Proof.
  rewrite <- two_groups_point_is.
  apply (closed_form_groups_diagonal 2 (fun _ => 1%nat) (pair 1 2) (pair 1 0) (fun g => const (pair 1 2 g)));
    try lra.
  - intros [|g] _; simpl; lra.
  - intros [|g] _; simpl; lra.
  - intros [|g] _ i _; simpl; unfold const; lra.
Qed.

(** One group and two coordinates with an α_i, a λ_i and a D_i each: the same numbers. *)
Example closed_form_coordinates_met :
  argmin (same 2) (coordinate_objective 2 (pair 1 2) (pair 1 0) (pair 1 2) 1 4 0 0 (pair 2 4) (const 1))
    (pair 0 (-1)).
Proof.
  apply (argmin_at _ _
    (coordinate_point 2 (pair 1 2) (pair 1 0) (pair 1 2) 1 4 0 0 (pair 2 4) (const 1))).
  - assert (F : coordinate_factor 2 (pair 1 2) (pair 1 0) (pair 1 2) 1 4 0 0 (pair 2 4) (const 1) = / 2).
    { unfold coordinate_factor, coordinate_weight, coordinate_gap, const. no_zero H. simpl.
      rewrite Rmax_right by lra. rewrite Rmin_right by lra. field. }
    extensionality i. unfold coordinate_point. rewrite F. unfold const. destruct i; simpl; field.
  - apply closed_form_coordinates; try lra; try (apply positive_pair; lra).
    intros [|i] _; simpl; lra.
Qed.

(** Φ grows by at least ½ Σ (λ_g + 1/α_g) ‖y_g - x_g^+‖²: the same two groups, and y = (3, 1). *)
Example closed_form_growth_met :
  let phi := group_objective 2 (fun _ => 1%nat) (pair 1 2) (pair 1 0) (fun g => diag (const (pair 1 2 g)))
    1 4 0 0 (fun g => const (pair 2 4 g)) (fun _ => const 1) in
  phi two_groups_point + (1 * 9 + / 4 * 8) <= phi (fun g => const (pair 3 1 g)).
Proof.
  intros phi.
  pose proof (closed_form_growth 2 (fun _ => 1%nat) (pair 1 2) (pair 1 0)
    (fun g => diag (const (pair 1 2 g))) 1 4 0 0 (fun g => const (pair 2 4 g))
    (fun g => quotient (const (pair 2 4 g)) (const (pair 1 2 g))) (fun _ => const 1)) as H.
  assert (Hpos : forall g, positive 1 (const (pair 1 2 g))) by (intros [|g] i _; simpl; unfold const; lra).
  specialize (H Rlt_0_1 (fun g _ => ltac:(destruct g; simpl; lra)) (fun g _ => ltac:(destruct g; simpl; lra))
    (fun g _ => diag_positive_definite 1 _ (Hpos g)) (fun g _ => diag_solves 1 _ _ (Hpos g))
    (fun g => const (pair 3 1 g))).
  rewrite two_groups_point_is in H. fold phi in H. apply Rle_trans with (2 := H). right. f_equal.
  unfold group_growth, two_groups_point; simpl. rewrite !norm2_diag. unfold lin, const; simpl. field.
Qed.

(** No cap: from (1, 1) to the nearest point with 3 y_1 + 4 y_2 + 18 ≤ 0, which is (-2, -3); ζ = 1, and every
    α ≥ 1 gives the same. *)
Lemma free_example :
  free_point 2 1 18 0 0 (pair 3 4) (quotient (pair 3 4) ones) (const 1) = pair (-2) (-3).
Proof.
  rewrite quotient_ones. extensionality i. unfold free_point, free_tau, lin, const. no_zero H.
  unfold dot; simpl. rewrite Rmax_right by lra. destruct i; simpl; field.
Qed.
Lemma free_tau_example : free_tau 2 1 18 0 0 (pair 3 4) (quotient (pair 3 4) ones) (const 1) = 1.
Proof.
  rewrite quotient_ones. unfold free_tau, const. no_zero H.
  unfold dot; simpl. rewrite Rmax_right by lra. field.
Qed.
Example closed_form_large_cap_met alpha : 1 <= alpha ->
  argmin (same 2) (fun y => truncated 2 1 18 0 0 (pair 3 4) y
    + norm2 2 (diag ones) (lin 1 y (-1) (const 1)) / (2 * alpha)) (pair (-2) (-3)).
Proof.
  intros Ha. rewrite <- free_example.
  apply closed_form_large_cap; auto using diag_positive_definite, diag_solves, ones_positive; try lra.
  rewrite free_tau_example. lra.
Qed.
Example closed_form_no_cap_met :
  nearest_argmin (same 2) (truncated 2 1 18 0 0 (pair 3 4))
    (fun y => norm2 2 (diag ones) (lin 1 y (-1) (const 1))) (pair (-2) (-3)).
Proof.
  rewrite <- free_example.
  apply closed_form_no_cap; auto using diag_positive_definite, diag_solves, ones_positive; lra.
Qed.
Example closed_form_projection_met y : line 2 1 18 0 (pair 3 4) y <= 0 ->
  25 <= norm2 2 (diag ones) (lin 1 y (-1) (const 1)).
Proof.
  intros Hy.
  destruct (closed_form_projection 2 (diag ones) 1 18 0 0 (pair 3 4) (quotient (pair 3 4) ones) (const 1))
    as [_ H]; auto using diag_positive_definite, diag_solves, ones_positive; try lra.
  - exists y; auto.
  - destruct (H y Hy) as [Hle _]. rewrite free_example in Hle. apply Rle_trans with (2 := Hle). right.
    rewrite norm2_ones. unfold dot, lin, const; simpl. ring.
Qed.

(** MoMo's first step on f(x) = x²/2 from x = 2 with f⋆ = 0: the line is 2y - 2, and the step ends at
    y = 1, with the cap α = 1 and without. *)
Definition half_square (_ : nat) (x : vec) : R := x O * x O / 2.
Definition half_square_gradient (_ : nat) (x : vec) : vec := x.
Definition first_step cap := step 1 half_square half_square_gradient (9 / 10) 0 cap (start (const 2)) 0.
Lemma first_step_ends cap : cap = Some 1 \/ cap = None -> px (first_step cap) = const 1.
Proof.
  intros H. extensionality i. unfold first_step. rewrite px_step. unfold tau, model.
  simpl. unfold dot, lin, half_square, half_square_gradient, const; simpl. no_zero E.
  rewrite Rmax_right by lra. destruct H as [->| ->]; [rewrite Rmin_right by lra|]; field.
Qed.
Lemma first_step_model cap y : model 1 (first_step cap) y = 2 * y 0%nat - 2.
Proof.
  unfold model, first_step; simpl. unfold dot, lin, half_square, half_square_gradient, const; simpl. field.
Qed.

Example step_is_argmin_met :
  argmin (same 1) (fun y => Rmax (2 * y 0%nat - 2) 0 + dist2 1 y (const 2) / (2 * 1)) (const 1).
Proof.
  rewrite <- (first_step_ends (Some 1)) by auto.
  apply (argmin_ext _ (fun y => Rmax (model 1 (first_step (Some 1)) y) 0 + dist2 1 y (const 2) / (2 * 1)) _
    (px (first_step (Some 1)))); [intros y; now rewrite first_step_model|reflexivity|].
  exact (step_is_argmin 1 half_square half_square_gradient (9 / 10) 0 1 (start (const 2)) 0 Rlt_0_1).
Qed.
Example step_is_nearest_met :
  nearest_argmin (same 1) (fun y => Rmax (2 * y 0%nat - 2) 0) (fun y => dist2 1 y (const 2)) (const 1).
Proof.
  rewrite <- (first_step_ends None) by auto. intros y.
  pose proof (step_is_nearest 1 half_square half_square_gradient (9 / 10) 0 (start (const 2)) 0 y) as H.
  fold (first_step None) in H. cbv zeta beta in *. rewrite !first_step_model in H. exact H.
Qed.

(** ** Without a hypothesis *)

(** No point is the only minimiser of c y², c ≤ 0: others are better, or as good. *)
Lemma no_argmin c phi z :
  c <= 0 -> (forall y, phi y = c * (y 0%nat * y 0%nat)) -> ~ argmin (same 1) phi z.
Proof.
  intros Hc E H.
  set (b := if Rle_dec 0 (z 0%nat) then z 0%nat + 1 else z 0%nat - 1).
  destruct (H (const b)) as [_ Hone]. rewrite !E in Hone. unfold const in Hone.
  assert (Hb : z 0%nat * z 0%nat <= b * b /\ b <> z 0%nat).
  { unfold b. destruct (Rle_dec 0 (z 0%nat)); split; [lra|intros F; lra|lra|intros F; lra]. }
  assert (0 <= (- c) * (b * b - z 0%nat * z 0%nat)) by (apply Rmult_le_pos; lra).
  destruct Hb as [_ Hb]. apply Hb. apply Hone with (i := O); [lra|lia].
Qed.
(** d = 0, x = 0, f⋆ = 0: decay and distance alone. *)
Lemma flat_objective alpha lam D y : alpha <> 0 ->
  objective 1 alpha lam (diag (const D)) 1 0 0 0 (const 0) (const 0) y
  = (lam * D / 2 + D / (2 * alpha)) * (y 0%nat * y 0%nat).
Proof.
  intros Ha. unfold objective, truncated, line. rewrite !norm2_diag. unfold dot, lin, const; simpl.
  rewrite Rmax_left by lra. field. auto.
Qed.

(** Decay must not be negative: λ = -2, α = 1, and Φ(y) = -y²/2 has no minimiser. *)
Example closed_form_needs_decay z :
  ~ argmin (same 1) (objective 1 1 (-2) (diag ones) 1 0 0 0 (const 0) (const 0)) z.
Proof. apply (no_argmin (- (1 / 2))); [lra|]. intros y. rewrite (flat_objective 1 (-2) 1); lra. Qed.
(** λ = -1/α: Φ = 0, and no minimiser is the only one. *)
Example closed_form_needs_decay_at_the_edge z :
  ~ argmin (same 1) (objective 1 1 (-1) (diag ones) 1 0 0 0 (const 0) (const 0)) z.
Proof. apply (no_argmin 0); [lra|]. intros y. rewrite (flat_objective 1 (-1) 1); lra. Qed.
(** The learning rate must be positive: α = -1, and Φ(y) = -y²/2. *)
Example closed_form_needs_learning_rate z :
  ~ argmin (same 1) (objective 1 (-1) 0 (diag ones) 1 0 0 0 (const 0) (const 0)) z.
Proof. apply (no_argmin (- (1 / 2))); [lra|]. intros y. rewrite (flat_objective (-1) 0 1); lra. Qed.
(** The metric must be definite: D = 0 (as ε = 0 gives it where all gradients are 0), and Φ = 0. *)
Example closed_form_needs_metric z :
  ~ argmin (same 1) (objective 1 1 0 (diag (const 0)) 1 0 0 0 (const 0) (const 0)) z.
Proof. apply (no_argmin 0); [lra|]. intros y. rewrite (flat_objective 1 0 0); lra. Qed.
(** Nor may it be negative: D = -1, and Φ(y) = -y²/2. *)
Example closed_form_needs_metric_positive z :
  ~ argmin (same 1) (objective 1 1 0 (diag (const (-1))) 1 0 0 0 (const 0) (const 0)) z.
Proof. apply (no_argmin (- (1 / 2))); [lra|]. intros y. rewrite (flat_objective 1 0 (-1)); lra. Qed.

(** A point is no minimiser where another is better. *)
Lemma beaten {A} eqp (phi : A -> R) z y : phi y < phi z -> ~ argmin eqp phi z.
Proof. intros Hy H. destruct (H y). lra. Qed.

(** The sum of weights must be positive: with ρ = -1 the formula steps from 0 to 1 though Φ is least at 0. *)
Example closed_form_needs_weights :
  ~ argmin (same 1) (objective 1 1 0 (diag ones) (-1) 1 0 0 (const 1) (const 0))
      (new_point 1 1 0 (-1) 1 0 0 (const 1) (const 1) (const 0)).
Proof.
  apply (beaten _ _ _ (const 0)). unfold objective, truncated, line. rewrite !norm2_diag.
  unfold new_point, moved, metric_tau, zeta, const, lin. no_zero H.
  unfold dot, ones; simpl. replace (/ -1) with (-1) by field. replace (1 / -1) with (-1) by field.
  rewrite (Rmax_right 0) by lra. rewrite Rmin_left by lra. rewrite !Rmax_right; lra.
Qed.

(** The positive part is essential: with h = -1 < f⋆ = 0 and τ = min{α/ρ, h - f⋆} = -1 the step goes
    from 0 to 1, though 0 is the minimiser. *)
Example closed_form_needs_positive_part :
  ~ argmin (same 1) (objective 1 1 0 (diag ones) 1 (-1) 0 0 (const 1) (const 0))
      (moved 1 0 (Rmin (1 / 1) (((1 + 1 * 0) * (-1 - 0 - 1 * 0) + dot 1 (const 1) (const 0))
         / dot 1 (const 1) (const 1))) (const 0) (const 1)).
Proof.
  apply (beaten _ _ _ (const 0)). unfold objective, truncated, line. rewrite !norm2_diag.
  unfold moved, const, lin, dot, ones; simpl. rewrite Rmin_right by lra. rewrite Rinv_1.
  rewrite !Rmax_right; lra.
Qed.

(** Without a cap only if α ≥ ρζ: here ζ = 1, and with α = 1/2 the point 1/2 is better than 0. *)
Example closed_form_large_cap_needs_alpha :
  ~ argmin (same 1) (fun y => truncated 1 1 0 0 0 (const 1) y
      + norm2 1 (diag ones) (lin 1 y (-1) (const 1)) / (2 * / 2))
    (free_point 1 1 0 0 0 (const 1) (const 1) (const 1)).
Proof.
  apply (beaten _ _ _ (const (/ 2))). unfold truncated, line. rewrite !norm2_diag.
  unfold free_point, free_tau, const, lin. no_zero H.
  unfold dot, ones; simpl. rewrite Rinv_1. rewrite (Rmax_right 0) by lra. rewrite !Rmax_left; lra.
Qed.

(** A projection only if the line comes down to f⋆ somewhere: d = 0, and f̄ = 1 > f⋆ = 0 everywhere. *)
Example closed_form_projection_needs_descent :
  ~ line 1 1 1 0 (const 0) (free_point 1 1 1 0 0 (const 0) (const 0) (const 0)) <= 0.
Proof. unfold line, dot, const; simpl. lra. Qed.

(** One factor for all groups: two groups with α = 4, d = 1, x = 1. Each for itself, with its own
    <d_g, x_g>, goes to -2; together they must go to -1, where the line 2 + y_1 + y_2 is 0 = f⋆. *)
Example closed_form_groups_needs_common_factor :
  ~ argmin (same_groups 2 (fun _ => 1%nat)) (group_objective 2 (fun _ => 1%nat) (const 4) (const 0)
      (fun _ => diag ones) 1 2 0 0 (fun _ => const 1) (fun _ => const 1))
    (fun _ => new_point 1 4 0 1 2 0 0 (const 1) (const 1) (const 1)).
Proof.
  apply (beaten _ _ _ (fun _ => const (-1))). unfold group_objective, group_line, penalty.
  simpl. rewrite !norm2_diag. unfold new_point, moved, metric_tau, zeta, const, lin. no_zero H.
  unfold dot, ones; simpl. rewrite Rinv_1. rewrite (Rmax_right 0) by lra. rewrite Rmin_right by lra.
  rewrite !Rmax_right; lra.
Qed.
