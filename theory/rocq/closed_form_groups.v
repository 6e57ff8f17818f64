(** The closed form of the step, for any number of parameter groups.

    Each group g has its own dimension, learning rate α_g > 0, decay λ_g ≥ 0 and metric D_g. With the line
    A(y) = ρ^{-1}(f̄ + Σ_g <d_g, y_g> - γ), the same for all of them, the step is to minimise

        Φ(y) = max{A(y), f⋆} + Σ_g (λ_g/2) ‖y_g‖² + ‖y_g - x_g‖² / (2α_g)      (norms of D_g).

    1. For θ in [0, 1] the maximum is at least θ A(y) + (1-θ) f⋆, so Φ is at least a sum over the groups
       of quadratics. Each has its minimiser at x_g(θ) = (x_g - (α_g θ/ρ) D_g^{-1} d_g) / (1 + α_gλ_g), and
       grows by ½ (λ_g + 1/α_g) ‖y_g - x_g(θ)‖² from there ([group_square]).
    2. If max{A, f⋆} = θ A + (1-θ) f⋆ holds at x(θ) itself, then x(θ) minimises Φ, too ([growth]).
    3. A(x(θ)) - f⋆ = (gap - θ W/ρ)/ρ ([line_end]). So θ = min{1, ρ gap_+/W} does it: with θ = 1 the line
       ends at or above f⋆, with θ = ρ gap/W at f⋆, and with θ = 0 at or below ([factor_fits]).
    4. W = 0 means d = 0: then all θ give the same point, and one of 0 and 1 does it. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors metric_norms.
Open Scope R_scope.

(** ** One group *)

(** (x - t p) / (1 + αλ) *)
Definition moved (alpha lam t : R) (x p : vec) : vec := fun i => (x i - t * p i) / (1 + alpha * lam).
(** (λ/2) ‖y‖²_D + ‖y - x‖²_D / (2α) *)
Definition penalty (n : nat) (alpha lam : R) (D : matrix) (x y : vec) : R :=
  lam / 2 * norm2 n D y + norm2 n D (lin 1 y (-1) x) / (2 * alpha).

Lemma moved_lin alpha lam t x p :
  moved alpha lam t x p = lin (/ (1 + alpha * lam)) x (- (t / (1 + alpha * lam))) p.
Proof. extensionality i. unfold moved, lin, Rdiv. ring. Qed.

Lemma decay_pos alpha lam : 0 < alpha -> 0 <= lam -> 0 < 1 + alpha * lam.
Proof. intros Ha Hl. pose proof (Rmult_le_pos alpha lam (Rlt_le _ _ Ha) Hl). lra. Qed.

Lemma growth_pos alpha lam : 0 < alpha -> 0 <= lam -> 0 < (lam + / alpha) / 2.
Proof. intros Ha Hl. pose proof (Rinv_0_lt_compat _ Ha). lra. Qed.

Section Group.
Variables (n : nat) (alpha lam rho theta : R) (D : matrix) (x d p : vec).
Hypothesis Ha : 0 < alpha.
Hypothesis Hl : 0 <= lam.
Hypothesis Hrho : 0 < rho.
Hypothesis HD : symmetric n D.
Hypothesis Hp : solves n D p d.

Lemma group_square y :
  let z := moved alpha lam (alpha * theta / rho) x p in
  theta / rho * dot n d y + penalty n alpha lam D x y
  = theta / rho * dot n d z + penalty n alpha lam D x z
    + (lam + / alpha) / 2 * norm2 n D (lin 1 y (-1) z).
Proof.
  simpl. pose proof (decay_pos alpha lam Ha Hl). rewrite moved_lin.
  rewrite !(dot_solved n D p d) by auto. unfold penalty, norm2.
  repeat rewrite ?inner_lin_l, ?inner_lin_r.
  rewrite ?(inner_sym n D p x), ?(inner_sym n D x y), ?(inner_sym n D p y) by auto.
  field. lra.
Qed.

Lemma group_end :
  dot n d (moved alpha lam (alpha * theta / rho) x p)
  = dot n d x / (1 + alpha * lam) - theta / rho * (alpha * dot n d p / (1 + alpha * lam)).
Proof.
  pose proof (decay_pos alpha lam Ha Hl). rewrite moved_lin, dot_lin_r. field. lra.
Qed.
End Group.

(** ** Several groups *)
Section Groups.
Variables (G : nat) (n : nat -> nat) (alpha lam : nat -> R) (D : nat -> matrix).
Variables (rho fbar gamma fstar : R) (d p x : nat -> vec).

(** A(y) = ρ^{-1}(f̄ + Σ_g <d_g, y_g> - γ) *)
Definition group_line (y : nat -> vec) : R :=
  / rho * (fbar + sumn G (fun g => dot (n g) (d g) (y g)) - gamma).
(** Φ *)
Definition group_objective (y : nat -> vec) : R :=
  Rmax (group_line y) fstar + sumn G (fun g => penalty (n g) (alpha g) (lam g) (D g) (x g) (y g)).
(** f̄ - γ - ρ f⋆ + Σ_g <d_g, x_g> / (1 + α_gλ_g) *)
Definition group_gap : R :=
  fbar - gamma - rho * fstar + sumn G (fun g => dot (n g) (d g) (x g) / (1 + alpha g * lam g)).
(** W = Σ_g α_g ‖d_g‖² / (1 + α_gλ_g), in the norms of D_g^{-1}: ‖d_g‖² = <d_g, D_g^{-1} d_g> *)
Definition group_weight : R :=
  sumn G (fun g => alpha g * dot (n g) (d g) (p g) / (1 + alpha g * lam g)).
(** s = min{1, ρ gap_+ / W}, and 0 where d = 0 *)
Definition group_factor : R :=
  if Req_EM_T group_weight 0 then 0 else Rmin 1 (rho * Rmax 0 group_gap / group_weight).
(** x_g(θ) = (x_g - (α_g θ/ρ) D_g^{-1} d_g) / (1 + α_gλ_g) *)
Definition group_point (theta : R) : nat -> vec :=
  fun g => moved (alpha g) (lam g) (alpha g * theta / rho) (x g) (p g).

Definition same_groups (y z : nat -> vec) := forall g, (g < G)%nat -> same (n g) (y g) (z g).
(** Σ_g ½ (λ_g + 1/α_g) ‖y_g - z_g‖² *)
Definition group_growth (z y : nat -> vec) : R :=
  sumn G (fun g => (lam g + / alpha g) / 2 * norm2 (n g) (D g) (lin 1 (y g) (-1) (z g))).

Hypothesis Hrho : 0 < rho.
Hypothesis Halpha : forall g, (g < G)%nat -> 0 < alpha g.
Hypothesis Hlam : forall g, (g < G)%nat -> 0 <= lam g.
Hypothesis HD : forall g, (g < G)%nat -> positive_definite (n g) (D g).
Hypothesis Hp : forall g, (g < G)%nat -> solves (n g) (D g) (p g) (d g).

(** Only the entries of a point count. *)
Lemma objective_same y z : same_groups y z -> group_objective y = group_objective z.
Proof.
  intros H. unfold group_objective, group_line, penalty.
  f_equal; [f_equal; f_equal; f_equal; f_equal|]; apply sumn_ext; intros g Hg; specialize (H g Hg).
  - apply dot_same; auto. intros i Hi; reflexivity.
  - rewrite (norm2_same _ _ _ _ H).
    rewrite (norm2_same _ _ (lin 1 (y g) (-1) (x g)) (lin 1 (z g) (-1) (x g))); [reflexivity|].
    apply lin_same; auto. intros i Hi; reflexivity.
Qed.

Lemma growth_same y z z' : same_groups z z' -> group_growth z y = group_growth z' y.
Proof.
  intros H. apply sumn_ext; intros g Hg. f_equal. apply norm2_same. apply lin_same.
  - intros i Hi; reflexivity.
  - apply H; auto.
Qed.

Lemma growth_nonneg z y : 0 <= group_growth z y.
Proof.
  apply sumn_nonneg; intros g Hg. apply Rmult_le_pos; [|apply norm2_pos; auto].
  left. apply growth_pos; auto.
Qed.

Lemma growth_null z y : group_growth z y <= 0 -> same_groups y z.
Proof.
  intros H g Hg.
  assert (E : (lam g + / alpha g) / 2 * norm2 (n g) (D g) (lin 1 (y g) (-1) (z g)) = 0).
  { apply (sumn_zero G (fun g => (lam g + / alpha g) / 2 * norm2 (n g) (D g) (lin 1 (y g) (-1) (z g)))); auto.
    - intros g' Hg'. apply Rmult_le_pos; [|apply norm2_pos; auto]. left. apply growth_pos; auto.
    - apply Rle_antisym; [exact H|apply (growth_nonneg z y)]. }
  pose proof (growth_pos (alpha g) (lam g) (Halpha g Hg) (Hlam g Hg)) as Hc.
  assert (N : norm2 (n g) (D g) (lin 1 (y g) (-1) (z g)) = 0)
    by (apply Rmult_integral in E; destruct E; [lra|auto]).
  intros i Hi. pose proof (norm2_null (n g) (D g) _ (HD g Hg) (Req_le _ _ N) i Hi) as Hz.
  unfold lin in Hz. lra.
Qed.

(** A(x(θ)) = ρ^{-1}(f̄ - γ + Σ_g <d_g, x_g>/(1+α_gλ_g) - (θ/ρ) W) *)
Lemma line_end theta :
  rho * (group_line (group_point theta) - fstar) = group_gap - theta / rho * group_weight.
Proof.
  unfold group_line, group_gap, group_weight, group_point.
  rewrite (sumn_ext G _ (fun g => dot (n g) (d g) (x g) / (1 + alpha g * lam g)
    + (- (theta / rho)) * (alpha g * dot (n g) (d g) (p g) / (1 + alpha g * lam g)))).
  - rewrite sumn_plus, sumn_scal. field. lra.
  - intros g Hg. rewrite group_end by auto. ring.
Qed.

(** Step 2: where the maximum is θ A + (1-θ) f⋆, the point x(θ) is the minimiser. *)
Lemma growth theta : 0 <= theta <= 1 ->
  Rmax (group_line (group_point theta)) fstar
    = theta * group_line (group_point theta) + (1 - theta) * fstar ->
  forall y, group_objective (group_point theta) + group_growth (group_point theta) y <= group_objective y.
Proof.
  intros Ht Hmax y. unfold group_objective. rewrite Hmax.
  set (z := group_point theta).
  assert (Hy : theta * group_line y + (1 - theta) * fstar <= Rmax (group_line y) fstar).
  { pose proof (Rmult_le_compat_l theta _ _ (proj1 Ht) (Rmax_l (group_line y) fstar)).
    assert (Ht' : 0 <= 1 - theta) by lra.
    pose proof (Rmult_le_compat_l _ _ _ Ht' (Rmax_r (group_line y) fstar)). lra. }
  assert (E : theta / rho * sumn G (fun g => dot (n g) (d g) (y g))
      + sumn G (fun g => penalty (n g) (alpha g) (lam g) (D g) (x g) (y g))
    = theta / rho * sumn G (fun g => dot (n g) (d g) (z g))
      + sumn G (fun g => penalty (n g) (alpha g) (lam g) (D g) (x g) (z g)) + group_growth z y).
  { unfold group_growth. rewrite <- !sumn_scal, <- !sumn_plus. apply sumn_ext; intros g Hg.
    unfold z, group_point. apply group_square; auto. apply HD; auto. }
  assert (L : forall v, theta * group_line v
    = theta / rho * (fbar - gamma) + theta / rho * sumn G (fun g => dot (n g) (d g) (v g)))
    by (intros v; unfold group_line; field; lra).
  rewrite (L z). rewrite (L y) in Hy. lra.
Qed.

Lemma max_one (A : R) : fstar <= A -> Rmax A fstar = 1 * A + (1 - 1) * fstar.
Proof. intros H. rewrite Rmax_left by lra. ring. Qed.
Lemma max_zero (A : R) : A <= fstar -> Rmax A fstar = 0 * A + (1 - 0) * fstar.
Proof. intros H. rewrite Rmax_right by lra. ring. Qed.

Lemma weight_terms g : (g < G)%nat -> 0 <= alpha g * dot (n g) (d g) (p g) / (1 + alpha g * lam g).
Proof.
  intros Hg. unfold Rdiv. apply Rmult_le_pos; [apply Rmult_le_pos|].
  - left. auto.
  - rewrite (dot_solved (n g) (D g) (p g)) by auto. apply norm2_pos. auto.
  - left. apply Rinv_0_lt_compat, decay_pos; auto.
Qed.

Lemma above theta : 0 <= group_gap - theta / rho * group_weight ->
  fstar <= group_line (group_point theta).
Proof.
  intros H. rewrite <- line_end in H. apply (Rmult_le_reg_l rho); [auto|]. lra.
Qed.
Lemma below theta : group_gap - theta / rho * group_weight <= 0 ->
  group_line (group_point theta) <= fstar.
Proof.
  intros H. rewrite <- line_end in H. apply (Rmult_le_reg_l rho); [auto|]. lra.
Qed.

(** Step 3: the factor of the step is right. *)
Lemma factor_fits : group_weight <> 0 -> 0 <= group_factor <= 1 /\
  Rmax (group_line (group_point group_factor)) fstar
    = group_factor * group_line (group_point group_factor) + (1 - group_factor) * fstar.
Proof.
  intros HW. pose proof (sumn_nonneg G _ weight_terms) as HW0. fold group_weight in HW0.
  assert (HWp : 0 < group_weight) by lra. pose proof (Rinv_0_lt_compat _ HWp) as HWi.
  pose proof (Rinv_0_lt_compat _ Hrho) as Hri.
  unfold group_factor. destruct (Req_EM_T group_weight 0) as [E|_]; [contradiction|].
  set (q := rho * Rmax 0 group_gap / group_weight).
  assert (Hq : q * group_weight = rho * Rmax 0 group_gap) by (unfold q; field; lra).
  assert (Hq0 : 0 <= q).
  { unfold q, Rdiv. repeat apply Rmult_le_pos; try lra. apply Rmax_l. }
  destruct (Rle_dec 1 q) as [Hc|Hc].
  - (* the cap binds *)
    rewrite Rmin_left by lra. split; [lra|]. apply max_one, above.
    pose proof (Rmult_le_compat_r group_weight 1 q (Rlt_le _ _ HWp) Hc) as Hb. rewrite Hq in Hb.
    assert (Hg : 0 < group_gap).
    { unfold Rmax in *. destruct (Rle_dec 0 group_gap) as [Hg|Hg]; [|lra].
      destruct Hg as [Hg|Hg]; [auto|]. rewrite <- Hg, Rmult_0_r in *. lra. }
    assert (Hw : / rho * group_weight <= / rho * (rho * group_gap))
      by (rewrite Rmax_right in * by lra; apply Rmult_le_compat_l; lra).
    replace (/ rho * (rho * group_gap)) with group_gap in Hw by (field; lra).
    unfold Rdiv. lra.
  - rewrite Rmin_right by lra. split; [lra|].
    destruct (Rle_dec 0 group_gap) as [Hg|Hg].
    + (* between: the line ends at f⋆ *)
      rewrite (Rmax_right 0 group_gap) in Hq by lra.
      assert (E : group_gap - q / rho * group_weight = 0).
      { replace (q / rho * group_weight) with (q * group_weight / rho) by (field; lra).
        rewrite Hq. field. lra. }
      pose proof (above q (Req_le_sym _ _ E)). pose proof (below q (Req_le _ _ E)).
      rewrite Rmax_left by auto. replace (group_line (group_point q)) with fstar by lra. ring.
    + (* the line is at or below f⋆ without a step *)
      assert (q = 0) as -> by (unfold q; rewrite Rmax_left by lra; unfold Rdiv; ring).
      apply max_zero, below. unfold Rdiv. lra.
Qed.

(** Step 4: where d = 0, the point does not depend on θ. *)
Lemma nothing_moves theta theta' : group_weight = 0 ->
  same_groups (group_point theta) (group_point theta').
Proof.
  intros HW g Hg i Hi.
  pose proof (sumn_zero G _ weight_terms HW g Hg) as E. simpl in E.
  pose proof (decay_pos (alpha g) (lam g) (Halpha g Hg) (Hlam g Hg)) as Hs. pose proof (Halpha g Hg) as Ha.
  assert (N : dot (n g) (d g) (p g) = 0).
  { apply (Rmult_eq_reg_l (alpha g / (1 + alpha g * lam g))).
    - rewrite Rmult_0_r. rewrite <- E. field. lra.
    - apply Rgt_not_eq, Rdiv_lt_0_compat; auto. }
  rewrite (dot_solved (n g) (D g) (p g)) in N by auto.
  pose proof (norm2_null (n g) (D g) (p g) (HD g Hg) (Req_le _ _ N) i Hi) as Hz. simpl in Hz.
  unfold group_point, moved. rewrite Hz. unfold Rdiv. ring.
Qed.

(** Φ(y) ≥ Φ(x^+) + Σ_g ½ (λ_g + 1/α_g) ‖y_g - x_g^+‖² for every y, at
    x_g^+ = (x_g - (α_g s/ρ) D_g^{-1} d_g)/(1 + α_gλ_g) with
    s = min{1, ρ (f̄ - γ - ρ f⋆ + Σ_g <d_g, x_g>/(1+α_gλ_g))_+ / Σ_g (α_g ‖d_g‖²/(1+α_gλ_g))}.
    Source: derived here (it gives Lemma 3.1 of the MoMo paper at once). *)
Theorem closed_form_growth y :
  group_objective (group_point group_factor) + group_growth (group_point group_factor) y <= group_objective y.
Proof.
  destruct (Req_EM_T group_weight 0) as [HW|HW].
  - set (theta := if Rle_dec 0 group_gap then 1 else 0).
    rewrite (objective_same _ _ (nothing_moves group_factor theta HW)).
    rewrite (growth_same y _ _ (nothing_moves group_factor theta HW)).
    unfold theta. destruct (Rle_dec 0 group_gap); apply growth; try lra.
    + apply max_one, above. rewrite HW. lra.
    + apply max_zero, below. rewrite HW. lra.
  - destruct (factor_fits HW) as [Hf Hm]. apply growth; auto.
Qed.

(** x^+, with the common factor s, is the only minimiser of max{ρ^{-1}(f̄ + Σ_g <d_g, y_g> - γ), f⋆}
    + Σ_g (λ_g/2)‖y_g‖² + ‖y_g - x_g‖²/(2α_g), in the norms of D_g, where ρ > 0, α_g > 0, λ_g ≥ 0 and
    D_g is positive definite.
    Source: MoMo paper, Lemma 3.1; several groups: derived here. *)
Theorem closed_form_groups : argmin same_groups group_objective (group_point group_factor).
Proof.
  intros y. pose proof (closed_form_growth y) as H.
  pose proof (growth_nonneg (group_point group_factor) y) as Hg.
  split; [lra|]. intros Hy. apply growth_null. lra.
Qed.
End Groups.
