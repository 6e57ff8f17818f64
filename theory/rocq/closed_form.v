(** The closed form of the step (Lemma 3.1 of the MoMo paper): where the method goes is the only point that
    minimises, over R^n,

        max{ρ^{-1}(f̄ + <d, y> - γ), f⋆} + (λ/2) ‖y‖²_D + ‖y - x‖²_D / (2α).

    All is a case of [closed_form_groups], where the proof is:
    1. one group: the common factor s gives τ = αs/ρ = min{α/ρ, ζ} ([factor_is_tau]);
    2. a diagonal metric: D^{-1} d = (d_i / D_i); coordinates with an α_i, λ_i and D_i of their own are groups
       of one coordinate each;
    3. no cap, α = ∞: with λ = 0 the step is the same for all α ≥ ρζ, so it minimises the whole with every one
       of these α. Were max{…, f⋆} smaller at some y, a large α would let y win; where it is the same, the
       distance has to decide. So of all points with the least max{…, f⋆} the step takes the nearest, in
       the norm of D;
    4. [step], about which the theorems on convergence are, is the case D = I, ρ = 1, λ = 0. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method metric_norms closed_form_groups.
Open Scope R_scope.

(** z minimises phi, and of all that do it is the one with the least distance; no other has that. *)
Definition nearest_argmin {A : Type} (eqp : A -> A -> Prop) (phi distance : A -> R) (z : A) :=
  forall y, phi z <= phi y /\
    (phi y <= phi z -> distance z <= distance y /\ (distance y <= distance z -> eqp y z)).

Lemma positive_part_scale c a : 0 <= c -> Rmax 0 (c * a) = c * Rmax 0 a.
Proof. intros H. rewrite <- RmaxRmult by auto. now rewrite Rmult_0_r. Qed.

Lemma argmin_ext {A} eqp (phi psi : A -> R) z z' :
  (forall y, phi y = psi y) -> z = z' -> argmin eqp phi z -> argmin eqp psi z'.
Proof. intros H <- Hz y. rewrite <- !H. apply Hz. Qed.

(** ** One group *)
Section One.
Variables (n : nat) (alpha lam : R) (D : matrix) (rho fbar gamma fstar : R) (d p x : vec).

(** ρ^{-1}(f̄ + <d, y> - γ) *)
Definition line (y : vec) : R := / rho * (fbar + dot n d y - gamma).
(** max{ρ^{-1}(f̄ + <d, y> - γ), f⋆} *)
Definition truncated (y : vec) : R := Rmax (line y) fstar.
(** what the step minimises *)
Definition objective (y : vec) : R :=
  truncated y + lam / 2 * norm2 n D y + norm2 n D (lin 1 y (-1) x) / (2 * alpha).
(** ζ = ((1+αλ)(f̄ - γ - ρ f⋆) + <d, x>)_+ / ‖d‖²_{D^{-1}}, with ‖d‖²_{D^{-1}} = <d, p>, p = D^{-1} d *)
Definition zeta : R :=
  Rmax 0 ((1 + alpha * lam) * (fbar - gamma - rho * fstar) + dot n d x) / dot n d p.
(** τ = min{α/ρ, ζ}, and 0 where d = 0 *)
Definition metric_tau : R := if Req_EM_T (dot n d p) 0 then 0 else Rmin (alpha / rho) zeta.
(** (x - τ D^{-1} d) / (1 + αλ) *)
Definition new_point : vec := moved alpha lam metric_tau x p.

Hypothesis Hrho : 0 < rho.
Hypothesis Halpha : 0 < alpha.
Hypothesis Hlam : 0 <= lam.
Hypothesis HD : positive_definite n D.
Hypothesis Hp : solves n D p d.

Notation one v := (fun _ : nat => v).
Notation factor :=
  (group_factor 1 (one n) (one alpha) (one lam) rho fbar gamma fstar (one d) (one p) (one x)).

(** Step 1: αs/ρ = min{α/ρ, ζ}. *)
Lemma factor_is_tau : alpha * factor / rho = metric_tau.
Proof.
  unfold group_factor, metric_tau, group_weight, group_gap, zeta; simpl.
  pose proof (decay_pos alpha lam Halpha Hlam) as Hs.
  set (N := dot n d p). set (s := 1 + alpha * lam) in *.
  assert (HN : 0 <= N) by (unfold N; rewrite (dot_solved n D p) by auto; apply norm2_pos; auto).
  destruct (Req_EM_T (0 + alpha * N / s) 0) as [E|E], (Req_EM_T N 0) as [F|F].
  - unfold Rdiv; ring.
  - exfalso. assert (0 < alpha * N / s) by (apply Rdiv_lt_0_compat; auto; apply Rmult_lt_0_compat; lra). lra.
  - exfalso. apply E. rewrite F. unfold Rdiv. ring.
  - assert (Hc : 0 < alpha / rho) by (apply Rdiv_lt_0_compat; auto).
    set (a := fbar - gamma - rho * fstar).
    replace (alpha * Rmin 1 (rho * Rmax 0 (a + (0 + dot n d x / s)) / (0 + alpha * N / s)) / rho)
      with (alpha / rho * Rmin 1 (rho * Rmax 0 (a + (0 + dot n d x / s)) / (0 + alpha * N / s)))
      by (unfold Rdiv; ring).
    assert (Hm : s * a + dot n d x = s * (a + (0 + dot n d x / s))) by (field; lra).
    rewrite Hm, positive_part_scale by lra.
    set (m := Rmax 0 (a + (0 + dot n d x / s))).
    replace (s * m / N) with (alpha / rho * (rho * m / (0 + alpha * N / s))) by (field; lra).
    unfold Rmin. destruct (Rle_dec 1 _) as [L|L], (Rle_dec (alpha / rho) _) as [L'|L'].
    + ring.
    + exfalso. apply L'. apply (Rmult_le_compat_l (alpha / rho)) in L; lra.
    + exfalso. apply L. apply (Rmult_le_reg_l (alpha / rho)); lra.
    + reflexivity.
Qed.

(** x^+ = (x - τ D^{-1} d)/(1+αλ), τ = min{α/ρ, ((1+αλ)(f̄ - γ - ρ f⋆) + <d, x>)_+ / ‖d‖²_{D^{-1}}}, is
    the only minimiser of max{ρ^{-1}(f̄ + <d, y> - γ), f⋆} + (λ/2)‖y‖²_D + ‖y - x‖²_D/(2α) over R^n, where
    ρ > 0, α > 0, λ ≥ 0, and D is symmetric and positive definite.
    Source: MoMo paper, Lemma 3.1, equations 15 and 16. *)
Theorem closed_form : argmin (same n) objective new_point.
Proof.
  intros y.
  destruct (closed_form_groups 1 (one n) (one alpha) (one lam) (one D) rho fbar gamma fstar
    (one d) (one p) (one x) Hrho (fun _ _ => Halpha) (fun _ _ => Hlam) (fun _ _ => HD) (fun _ _ => Hp)
    (one y)) as [Hmin Hone].
  fold factor in *.
  assert (E : forall v, objective (v O) =
    group_objective 1 (one n) (one alpha) (one lam) (one D) rho fbar gamma fstar (one d) (one x) v).
  { intros v. unfold objective, truncated, line, group_objective, group_line, penalty; simpl.
    rewrite !Rplus_0_l. ring. }
  assert (P : group_point (one alpha) (one lam) rho (one p) (one x) factor O = new_point)
    by (unfold group_point, new_point; rewrite factor_is_tau; reflexivity).
  rewrite <- !E, P in Hmin, Hone. split; [exact Hmin|].
  intros H. specialize (Hone H O Nat.lt_0_1). rewrite P in Hone. exact Hone.
Qed.
End One.

(** A diagonal metric D_i > 0, as in MoMo-Adam. With τ = min{α/ρ, ((1+αλ)(f̄ - γ - ρ f⋆) + <d, x>)_+ / N},
    N = Σ d_i²/D_i, the point x_i^+ = (x_i - τ d_i/D_i)/(1+αλ) is the only minimiser of
    max{ρ^{-1}(f̄ + <d, y> - γ), f⋆} + (λ/2) Σ D_i y_i² + Σ D_i (y_i - x_i)²/(2α).
    Source: MoMo paper, Lemma 3.1 with D_k diagonal, as in Algorithm 2. *)
Theorem closed_form_diagonal n alpha lam (D : vec) rho fbar gamma fstar d x :
  0 < rho -> 0 < alpha -> 0 <= lam -> positive n D ->
  argmin (same n)
    (fun y => Rmax (/ rho * (fbar + dot n d y - gamma)) fstar
       + lam / 2 * sumn n (fun i => D i * (y i * y i))
       + sumn n (fun i => D i * ((y i - x i) * (y i - x i))) / (2 * alpha))
    (new_point n alpha lam rho fbar gamma fstar d (quotient d D) x).
Proof.
  intros Hr Ha Hl HD.
  apply (argmin_ext _ (objective n alpha lam (diag D) rho fbar gamma fstar d x) _
    (new_point n alpha lam rho fbar gamma fstar d (quotient d D) x)); [|reflexivity|].
  - intros y. unfold objective, truncated, line. rewrite !norm2_diag. do 2 f_equal.
    apply sumn_ext; intros i _. unfold lin. ring.
  - apply closed_form; auto using diag_positive_definite, diag_solves.
Qed.

(** The same with several groups, each with a learning rate, a decay and a diagonal metric of its own:
    D_g^{-1} d_g is the quotient, coordinate by coordinate.
    Source: derived here (several parameter groups). *)
Theorem closed_form_groups_diagonal G n alpha lam (D : nat -> vec) rho fbar gamma fstar d x :
  0 < rho -> (forall g, (g < G)%nat -> 0 < alpha g) -> (forall g, (g < G)%nat -> 0 <= lam g) ->
  (forall g, (g < G)%nat -> positive (n g) (D g)) ->
  let p := fun g => quotient (d g) (D g) in
  argmin (same_groups G n) (group_objective G n alpha lam (fun g => diag (D g)) rho fbar gamma fstar d x)
    (group_point alpha lam rho p x (group_factor G n alpha lam rho fbar gamma fstar d p x)).
Proof.
  intros Hr Ha Hl HD p. apply closed_form_groups; auto.
  - intros g Hg. apply diag_positive_definite; auto.
  - intros g Hg. apply diag_solves; auto.
Qed.

(** ** Every coordinate with an α_i, a λ_i and a D_i of its own *)
Section Coordinates.
Variables (n : nat) (alpha lam D : vec) (rho fbar gamma fstar : R) (d x : vec).

Definition coordinate_objective (y : vec) : R :=
  Rmax (/ rho * (fbar + dot n d y - gamma)) fstar
  + sumn n (fun i => lam i / 2 * (D i * (y i * y i))
                     + D i * ((y i - x i) * (y i - x i)) / (2 * alpha i)).
Definition coordinate_gap : R :=
  fbar - gamma - rho * fstar + sumn n (fun i => d i * x i / (1 + alpha i * lam i)).
Definition coordinate_weight : R := sumn n (fun i => alpha i * (d i * (d i / D i)) / (1 + alpha i * lam i)).
Definition coordinate_factor : R :=
  if Req_EM_T coordinate_weight 0 then 0 else Rmin 1 (rho * Rmax 0 coordinate_gap / coordinate_weight).
Definition coordinate_point : vec :=
  fun i => (x i - alpha i * coordinate_factor / rho * (d i / D i)) / (1 + alpha i * lam i).

Hypothesis Hrho : 0 < rho.
Hypothesis Halpha : positive n alpha.
Hypothesis Hlam : forall i, (i < n)%nat -> 0 <= lam i.
Hypothesis HD : positive n D.

(** the groups: coordinate i is the only one of group i *)
Definition apart (v : vec) : nat -> vec := fun i _ => v i.

(** x_i^+ = (x_i - (α_i s/ρ) d_i/D_i)/(1 + α_iλ_i), with s = min{1, ρ (f̄ - γ - ρ f⋆ + Σ d_i x_i/(1+α_iλ_i))_+
    / Σ α_i d_i²/(D_i (1+α_iλ_i))}, is the only minimiser of max{ρ^{-1}(f̄ + <d, y> - γ), f⋆}
    + Σ (λ_i/2) D_i y_i² + D_i (y_i - x_i)²/(2α_i).  Source: derived here; groups are sets of coordinates. *)
Theorem closed_form_coordinates : argmin (same n) coordinate_objective coordinate_point.
Proof.
  intros y.
  destruct (closed_form_groups_diagonal n (fun _ => 1%nat) alpha lam (apart D) rho fbar gamma fstar
    (apart d) (apart x) Hrho Halpha Hlam (fun g Hg _ _ => HD g Hg) (apart y)) as [Hmin Hone].
  set (p := fun g => quotient (apart d g) (apart D g)) in *.
  assert (E : forall v, coordinate_objective v = group_objective n (fun _ => 1%nat) alpha lam
    (fun g => diag (apart D g)) rho fbar gamma fstar (apart d) (apart x) (apart v)).
  { intros v. unfold coordinate_objective, group_objective, group_line, penalty. f_equal.
    - do 3 f_equal. f_equal. apply sumn_ext; intros i _. unfold dot, apart; simpl. ring.
    - apply sumn_ext; intros i _. rewrite !norm2_diag. unfold apart, lin; simpl.
      unfold Rdiv. ring. }
  assert (F : group_factor n (fun _ => 1%nat) alpha lam rho fbar gamma fstar (apart d) p (apart x)
    = coordinate_factor).
  { unfold group_factor, coordinate_factor.
    replace (group_weight n (fun _ => 1%nat) alpha lam (apart d) p) with coordinate_weight.
    replace (group_gap n (fun _ => 1%nat) alpha lam rho fbar gamma fstar (apart d) (apart x))
      with coordinate_gap; [reflexivity|].
    - unfold group_gap, coordinate_gap. f_equal. apply sumn_ext; intros i _.
      unfold dot, apart; simpl. rewrite Rplus_0_l. reflexivity.
    - apply sumn_ext; intros i _. unfold dot, p, quotient, apart; simpl. rewrite Rplus_0_l.
      reflexivity. }
  rewrite F in Hmin, Hone.
  assert (P : group_point alpha lam rho p (apart x) coordinate_factor = apart coordinate_point)
    by reflexivity.
  rewrite P, <- !E in Hmin, Hone. split; [exact Hmin|].
  intros H i Hi. exact (Hone H i Hi O Nat.lt_0_1).
Qed.
End Coordinates.

(** ** No cap: α = ∞, λ = 0 *)
Section NoCap.
Variables (n : nat) (D : matrix) (rho fbar gamma fstar : R) (d p x : vec).

(** ζ = (f̄ + <d, x> - γ - ρ f⋆)_+ / ‖d‖²_{D^{-1}}, and 0 where d = 0 *)
Definition free_tau : R :=
  if Req_EM_T (dot n d p) 0 then 0 else Rmax 0 (fbar - gamma - rho * fstar + dot n d x) / dot n d p.
(** x - ζ D^{-1} d *)
Definition free_point : vec := lin 1 x (- free_tau) p.

Notation line := (line n rho fbar gamma d).
Notation truncated := (truncated n rho fbar gamma fstar d).
Notation away := (fun y => norm2 n D (lin 1 y (-1) x)).

Hypothesis Hrho : 0 < rho.
Hypothesis HD : positive_definite n D.
Hypothesis Hp : solves n D p d.

(** x - ζ D^{-1} d is the only minimiser of max{ρ^{-1}(f̄ + <d, y> - γ), f⋆} + ‖y - x‖²_D/(2α) for every
    α ≥ ρζ: the step without a cap is the limit of the steps with one, and it is reached.
    Source: MoMo paper, Lemma 3.1 with λ = 0; the range of α: derived here. *)
Theorem closed_form_large_cap alpha : 0 < alpha -> rho * free_tau <= alpha ->
  argmin (same n) (fun y => truncated y + norm2 n D (lin 1 y (-1) x) / (2 * alpha)) free_point.
Proof.
  intros Ha Hc.
  apply (argmin_ext _ (objective n alpha 0 D rho fbar gamma fstar d x) _
    (new_point n alpha 0 rho fbar gamma fstar d p x)); [..|apply (closed_form n alpha 0 D); auto; lra].
  - intros y. unfold objective. unfold Rdiv. ring.
  - unfold new_point, free_point. rewrite moved_lin. unfold metric_tau, free_tau, zeta in *.
    replace (/ (1 + alpha * 0)) with 1 by (field; lra). replace (1 + alpha * 0) with 1 by ring.
    rewrite Rmult_1_l. unfold Rdiv at 1. rewrite Rinv_1, Rmult_1_r.
    destruct (Req_EM_T (dot n d p) 0); [reflexivity|]. rewrite Rmin_right; [reflexivity|].
    apply (Rmult_le_reg_l rho); [auto|]. replace (rho * (alpha / rho)) with alpha by (field; lra). exact Hc.
Qed.

(** Without a cap, and with λ = 0, the step goes to that minimiser of max{ρ^{-1}(f̄ + <d, y> - γ), f⋆}
    which is nearest to x in the norm of D; it is the only nearest one.
    Source: MoMo paper, Lemma 3.1 as α → ∞; in this form derived here. *)
Theorem closed_form_no_cap : nearest_argmin (same n) truncated away free_point.
Proof.
  intros y. simpl.
  assert (Hx : 0 <= norm2 n D (lin 1 free_point (-1) x)) by (apply norm2_pos; auto).
  assert (Hy : 0 <= norm2 n D (lin 1 y (-1) x)) by (apply norm2_pos; auto).
  set (a0 := Rmax 1 (rho * free_tau)).
  assert (Ha0 : 1 <= a0 /\ rho * free_tau <= a0) by (unfold a0; split; [apply Rmax_l|apply Rmax_r]).
  assert (Hle : truncated free_point <= truncated y).
  { destruct (Rle_lt_dec (truncated free_point) (truncated y)) as [H|H]; [exact H|exfalso].
    set (gain := truncated free_point - truncated y) in *.
    set (a := a0 + norm2 n D (lin 1 y (-1) x) / gain).
    assert (Hg : 0 < gain) by (unfold gain; lra).
    assert (Hq : 0 <= norm2 n D (lin 1 y (-1) x) / gain).
    { unfold Rdiv. apply Rmult_le_pos; [auto|]. left. apply Rinv_0_lt_compat; auto. }
    assert (Ha : 0 < a) by (unfold a; lra).
    destruct (closed_form_large_cap a Ha) with (y := y) as [Hmin _]; [unfold a; lra|].
    apply (Rmult_le_compat_l (2 * a)) in Hmin; [|lra].
    assert (E : forall t v, 2 * a * (t + v / (2 * a)) = 2 * a * t + v) by (intros; field; lra).
    rewrite !E in Hmin.
    assert (Hga : gain * a = gain * a0 + norm2 n D (lin 1 y (-1) x)) by (unfold a; field; lra).
    assert (0 < gain * a0) by (apply Rmult_lt_0_compat; lra).
    assert (2 * a * truncated free_point = 2 * a * truncated y + 2 * (gain * a)) by (unfold gain; ring).
    lra. }
  split; [exact Hle|]. intros Hge.
  assert (Ha : 0 < a0) by lra. pose proof (Rinv_0_lt_compat (2 * a0)) as Hi.
  destruct (closed_form_large_cap a0 Ha (proj2 Ha0) y) as [Hmin Hone].
  split.
  - apply (Rmult_le_reg_r (/ (2 * a0))); [lra|]. unfold Rdiv in *. lra.
  - intros H. apply Hone. apply (Rmult_le_compat_r (/ (2 * a0))) in H; [|lra]. unfold Rdiv in *. lra.
Qed.

(** If d ≠ 0, the line takes every value. *)
Lemma line_comes_down : dot n d p <> 0 -> exists y, line y <= fstar.
Proof.
  intros H. exists (lin 1 x (- ((fbar + dot n d x - gamma - rho * fstar) / dot n d p)) p).
  right. unfold closed_form.line. rewrite dot_lin_r. field. lra.
Qed.

(** Where the line comes down to f⋆ at all (always if d ≠ 0: [line_comes_down]), the step is the projection,
    in the norm of D, to the half-space {y : ρ^{-1}(f̄ + <d, y> - γ) ≤ f⋆}.
    Source: MoMo paper, Lemma 3.1 as α → ∞; in this form derived here. *)
Theorem closed_form_projection : (exists y, line y <= fstar) ->
  line free_point <= fstar /\
  forall y, line y <= fstar -> norm2 n D (lin 1 free_point (-1) x) <= norm2 n D (lin 1 y (-1) x) /\
    (norm2 n D (lin 1 y (-1) x) <= norm2 n D (lin 1 free_point (-1) x) -> same n y free_point).
Proof.
  assert (E : forall y, line y <= fstar -> truncated y = fstar)
    by (intros; unfold closed_form.truncated; apply Rmax_right; auto).
  assert (A : forall y, line y <= truncated y) by (intros; apply Rmax_l).
  intros [y0 H0]. destruct (closed_form_no_cap y0) as [H _]. rewrite (E y0 H0) in H.
  pose proof (A free_point). split; [lra|]. intros y Hy.
  destruct (closed_form_no_cap y) as [_ Hn]. apply Hn. rewrite (E y Hy). unfold closed_form.truncated.
  apply Rmax_r.
Qed.
End NoCap.

(** ** The step of the theorems on convergence *)

Lemma dist2_ones n y x : dist2 n y x = norm2 n (diag ones) (lin 1 y (-1) x).
Proof. symmetry. apply norm2_ones. Qed.

Lemma px_step n f g beta fstar cap st s :
  let new := step n f g beta fstar cap st s in
  px new = lin 1 (px st) (- tau fstar cap (model n new (px st)) (dot n (pd new) (pd new))) (pd new).
Proof. reflexivity. Qed.

(** MoMo with a cap: x^{k+1} = x^k - min{α, (h_k - f⋆)_+/‖d_k‖²} d_k is the only minimiser of
    max{f̄_k + <d_k, y> - γ_k, f⋆} + ‖y - x^k‖²/(2α).
    Source: MoMo paper, Lemma 3.1 with D = I, ρ = 1, λ = 0. *)
Theorem step_is_argmin n f g beta fstar alpha st s : 0 < alpha ->
  let new := step n f g beta fstar (Some alpha) st s in
  argmin (same n) (fun y => Rmax (model n new y) fstar + dist2 n y (px st) / (2 * alpha)) (px new).
Proof.
  intros Ha new. set (d := pd new). set (x := px st).
  apply (argmin_ext _ (objective n alpha 0 (diag ones) 1 (pf new) (pg new) fstar d x) _
    (new_point n alpha 0 1 (pf new) (pg new) fstar d (quotient d ones) x)).
  - intros y. unfold objective, truncated, line, model. rewrite dist2_ones, Rinv_1, Rmult_1_l.
    fold d x. unfold Rdiv. ring.
  - rewrite quotient_ones. unfold new_point. rewrite moved_lin.
    replace (1 + alpha * 0) with 1 by ring. rewrite Rinv_1. unfold Rdiv at 1. rewrite Rinv_1, Rmult_1_r.
    unfold new. rewrite px_step. fold new x d. f_equal. f_equal.
    unfold metric_tau, zeta, tau, model. fold d. replace (alpha / 1) with alpha by field.
    destruct (Req_EM_T (dot n d d) 0); [reflexivity|]. do 3 f_equal. ring.
  - apply closed_form; auto using diag_positive_definite, diag_solves, ones_positive; lra.
Qed.

(** MoMo without a cap: of all minimisers of max{f̄_k + <d_k, y> - γ_k, f⋆} the new point is the nearest
    to x^k.  Source: MoMo paper, Lemma 3.1 with D = I, ρ = 1, λ = 0, as α → ∞. *)
Theorem step_is_nearest n f g beta fstar st s :
  let new := step n f g beta fstar None st s in
  nearest_argmin (same n) (fun y => Rmax (model n new y) fstar) (fun y => dist2 n y (px st)) (px new).
Proof.
  intros new y. set (d := pd new). set (x := px st). rewrite !dist2_ones.
  assert (E : forall v, Rmax (model n new v) fstar = truncated n 1 (pf new) (pg new) fstar d v)
    by (intros v; unfold truncated, line; rewrite Rinv_1, Rmult_1_l; reflexivity).
  assert (P : px new = free_point n 1 (pf new) (pg new) fstar d (quotient d ones) x).
  { rewrite quotient_ones. unfold new. rewrite px_step. fold new x d. unfold free_point. f_equal. f_equal.
    unfold free_tau, tau, model. fold d. destruct (Req_EM_T (dot n d d) 0); [reflexivity|].
    do 2 f_equal. ring. }
  rewrite P, !E.
  apply (closed_form_no_cap n (diag ones));
    auto using diag_positive_definite, diag_solves, ones_positive; lra.
Qed.
