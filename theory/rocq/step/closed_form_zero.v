(** The step of the theorems on averages from zero ([zstep], with a diagonal metric P and the sum r of the
    weights) is an argmin, too; and MoMo-Adam's step is that step with P = D_k and r = ρ_k.

    1. [zstep] is written with ‖d‖²_{P⁻¹} = Σ d_i²/P_i, h - r f⋆ and the cap α/r: the τ of Lemma 3.1 with
       λ = 0.
    2. So with a cap it is a case of [closed_form_diagonal], without one of [closed_form_no_cap].
    3. The averages of MoMo-Adam are the same by definition, and so is the point with λ = 0. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method metric method_zero.
From Momo Require Import metric_norms closed_form_groups closed_form momo_adam.
Open Scope R_scope.

(** ‖d‖²_{P⁻¹} = <d, P⁻¹ d> *)
Lemma dual2_quotient n P d : dual2 n P d = dot n d (quotient d P).
Proof. apply sumn_ext; intros i _. unfold quotient, Rdiv. ring. Qed.
Lemma mdist2_diag n P y x : mdist2 n P y x = sqnorm n (diag P) (lin 1 y (-1) x).
Proof. unfold mdist2, norm2. now rewrite sqnorm_diag. Qed.

Section Step.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R).

Lemma px_zstep cap P r st s : let new := zstep n f g beta fstar cap P r st s in
  px new = lin 1 (px st) (- tau (r * fstar) (zcap r cap) (model n new (px st)) (dual2 n P (pd new)))
    (quotient (pd new) P).
Proof. reflexivity. Qed.

(** Averages from zero in a metric, with a cap α: the new point is the only minimiser of
    max{r^{-1}(f̄ + <d, y> - γ), f⋆} + ‖y - x‖²_P/(2α), where r > 0 is the sum of the weights, and P > 0.
    Source: MoMo paper, Lemma 3.1 with λ = 0. *)
Theorem zstep_is_argmin alpha P r st s : 0 < r -> 0 < alpha -> positive_on n P ->
  let new := zstep n f g beta fstar (Some alpha) P r st s in
  argmin (same n) (fun y => Rmax (/ r * model n new y) fstar + mdist2 n P y (px st) / (2 * alpha)) (px new).
Proof.
  intros Hr Ha HP new. set (d := pd new). set (x := px st).
  apply (argmin_ext _ (objective n alpha 0 (diag P) r (pf new) (pg new) fstar d x) _
    (new_point n alpha 0 r (pf new) (pg new) fstar d (quotient d P) x)).
  - intros y. unfold objective, truncated, line, model. rewrite mdist2_diag. fold d x. unfold Rdiv. ring.
  - unfold new_point. rewrite moved_lin. replace (1 + alpha * 0) with 1 by ring.
    rewrite Rinv_1. unfold Rdiv at 1. rewrite Rinv_1, Rmult_1_r.
    unfold new. rewrite px_zstep. fold new x d. f_equal. f_equal.
    unfold metric_tau, zeta, tau, model, zcap. fold d. rewrite dual2_quotient.
    destruct (Req_EM_T (dot n d (quotient d P)) 0); [reflexivity|]. do 3 f_equal. ring.
  - apply closed_form; auto using diag_positive_definite, diag_solves; lra.
Qed.

(** The same without a cap: of all minimisers of max{r^{-1}(f̄ + <d, y> - γ), f⋆} the new point is the one
    nearest to x in the norm of P.  Source: MoMo paper, Lemma 3.1 with λ = 0, as α → ∞. *)
Theorem zstep_is_nearest P r st s : 0 < r -> positive_on n P ->
  let new := zstep n f g beta fstar None P r st s in
  nearest_argmin (same n) (fun y => Rmax (/ r * model n new y) fstar) (fun y => mdist2 n P y (px st))
    (px new).
Proof.
  intros Hr HP new y. set (d := pd new). set (x := px st). rewrite !mdist2_diag.
  assert (P' : px new = free_point n r (pf new) (pg new) fstar d (quotient d P) x).
  { unfold new. rewrite px_zstep. fold new x d. unfold free_point. f_equal. f_equal.
    unfold free_tau, tau, model, zcap. fold d. rewrite dual2_quotient.
    destruct (Req_EM_T (dot n d (quotient d P)) 0); [reflexivity|]. do 2 f_equal. ring. }
  rewrite P'. apply (closed_form_no_cap n (diag P)); auto using diag_positive_definite, diag_solves.
Qed.
End Step.

(** What the theorems on averages from zero see of MoMo-Adam. *)
Definition as_state (st : momo_adam_state) : state := mk false (mk_x st) (mk_d st) (mk_f st) (mk_gamma st).

(** MoMo-Adam's step (Algorithm 2, λ = 0) is the step from zero averages in the metric
    D_k = diag(ε + √v̂_k), with the sum ρ_k = 1 - β_1^k of the weights.  Source: MoMo paper, Algorithm 2. *)
Theorem momo_adam_is_zstep n f g beta1 beta2 eps alpha fstar st s :
  let new := momo_adam_step n f g beta1 beta2 eps alpha 0 fstar st s in
  as_state new = zstep n f g beta1 fstar (Some alpha) (adam_metric beta2 eps (mk_count new) (mk_v new))
    (rho beta1 (mk_count new)) (as_state st) s.
Proof.
  intros new. unfold as_state, zstep, new, momo_adam_step;
    cbn [mk_count mk_x mk_d mk_f mk_gamma mk_v px pd pf pg].
  f_equal. extensionality i.
  replace (1 + alpha * 0) with 1 by ring. unfold Rdiv at 1. rewrite Rinv_1, Rmult_1_r.
  rewrite dual2_quotient. unfold tau, zcap, rho, precond.
  set (d := lin beta1 (mk_d st) (1 - beta1) (g s (mk_x st))).
  set (D := adam_metric _ _ _ _). unfold lin. set (r := 1 - beta1 ^ S (mk_count st)).
  destruct (Req_EM_T (dot n d (quotient d D)) 0) as [E|E]; [ring|].
  set (fb := beta1 * mk_f st + _). set (gm := beta1 * mk_gamma st + _).
  replace (fb + dot n d (mk_x st) - gm - r * fstar)
    with (1 * (fb - gm - r * fstar) + dot n d (mk_x st)) by ring.
  unfold quotient. ring.
Qed.
