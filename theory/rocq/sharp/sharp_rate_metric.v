(** The sharp rate from zero in a frozen metric: MoMo-Adam's, for one convex function.

    In the coordinates √P x the run is that of the identity, for f - f⋆ with the lower bound 0
    ([run_rescaled]), and points, gradients and their norms are those of P ([metric]). So the theorem for the
    identity, [sharp_rate_from_zero], holds with D = ‖x^1-x⋆‖_P and ‖∇f‖_{P⁻¹} ≤ G. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric method_zero.
From Momo Require sharp_rate_zero_scalars sharp_rate_zero.
Open Scope R_scope.

Section Metric.
Variables (n : nat) (f : vec -> R) (g : vec -> vec) (beta fstar : R) (P x1 : vec).
Hypothesis HP : positive P.

(** The run of one function, without a cap; every sample is number 0. *)
Definition zrun (k : nat) : state :=
  zpath n (fun _ => f) (fun _ => g) beta fstar (fun _ => None) P x1 (fun _ => 0%nat) k.

Lemma zrun_rescaled k : up P (px (zrun k)) =
  px (sharp_rate_zero.run0 n (fun y => f (down P y) - fstar) (fun y => down P (g (down P y))) beta
    (up P x1) k).
Proof.
  change (up P (px (zrun k))) with (px (view P (rho beta k * fstar) (zrun k))). unfold zrun.
  rewrite run_rescaled by auto. f_equal.
  induction k as [|k IH]; [reflexivity|]. cbn [steps sharp_rate_zero.run0]. rewrite IH. reflexivity.
Qed.

(** The sharp rate from zero in a frozen metric. One convex function, gradients ‖∇f‖_{P⁻¹} ≤ G where
    ‖x - x⋆‖_P ≤ D = ‖x^1 - x⋆‖_P, no cap, K+1 evaluations:
    min_{k≤K+1} f(x^k) - f⋆ ≤ G D/√(1 + Σ_{k≤K} (1-β²)/(1-β^{2k})).  Source: derived here. *)
Theorem sharp_rate_metric xs G D m K : 0 <= beta < 1 -> convex n 1 (fun _ => f) (fun _ => g) ->
  interpolation 1 (fun _ => f) xs fstar -> bounded_below 1 (fun _ => f) fstar ->
  0 < G -> 0 < D -> mdist2 n P x1 xs = D * D ->
  (forall x, mdist2 n P x xs <= D * D -> dual2 n P (g x) <= G * G) ->
  (forall k, (k < S K)%nat -> m <= f (px (zrun k)) - fstar) ->
  m <= G * D / sqrt (1 + sumn K (fun i => (1 - beta * beta) / (1 - beta ^ (2 * S i)))).
Proof.
  intros Hb Hc Hx Hm HG HD Hd Hg Hk. rewrite <- (sharp_rate_zero_scalars.msum_formula beta K Hb).
  apply (sharp_rate_zero.sharp_rate_from_zero n (fun y => f (down P y) - fstar)
    (fun y => down P (g (down P y))) beta (up P xs) (up P x1) G D); auto.
  - intros x y. pose proof (Hc 0%nat (down P x) (down P y) Nat.lt_0_1) as H.
    rewrite <- (dot_down_up n P HP), up_lin, !up_down in H by auto. lra.
  - rewrite down_up, (Hx 0%nat) by auto. ring.
  - intros x. pose proof (Hm 0%nat (down P x) Nat.lt_0_1). lra.
  - rewrite <- mdist2_up; auto.
  - intros x H. rewrite <- dual2_down by auto. apply Hg. rewrite mdist2_up, up_down by auto. exact H.
  - intros k Hk'. rewrite <- zrun_rescaled, down_up by auto. apply Hk; auto.
Qed.
End Metric.

(** In the identity this is the run of [sharp_rate_zero]. *)
Lemma zrun_identity n f g beta fstar x1 k :
  zrun n f g beta fstar ones x1 k = sharp_rate_zero.runz n f g beta fstar x1 k.
Proof.
  induction k; [reflexivity|]. unfold zrun in *. simpl zpath. rewrite IHk. simpl sharp_rate_zero.runz.
  unfold zstep, sharp_rate_zero.zstep. rewrite dual2_ones, precond_ones. reflexivity.
Qed.
