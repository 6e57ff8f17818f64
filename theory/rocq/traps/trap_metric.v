(** The trap in a frozen metric: MoMo-Adam's step, averages from zero, in any diagonal metric P.

    The slopes of trap.v are multiplied by √P, and x^1 is divided by it. Then f is the trap's function in the
    coordinates √P x, where MoMo-Adam's run is MoMo's ([zrun_rescaled]); lengths of slopes in the norm of
    P⁻¹, and distances in that of P, are those of the trap. So the sharp rate from zero cannot be improved
    for any frozen metric. *)
Require Import Reals Lra Lia FunctionalExtensionality.
From Momo Require Import sums vectors method assumptions max_affine metric method_zero trap.
From Momo Require sharp_rate_zero.
From Momo Require Import sharp_rate_metric.
Open Scope R_scope.

Section Metric.
Variables (n : nat) (P : vec).
Hypothesis HP : positive P.

Lemma dot_up d x : dot n (up P d) x = dot n d (up P x).
Proof. unfold dot, up. apply sumn_ext; intros; ring. Qed.

Lemma max_affine_up m slope fstar x :
  max_affine n m (fun j => up P (slope j)) fstar x = max_affine n m slope fstar (up P x).
Proof.
  unfold max_affine. f_equal. induction m; simpl; [reflexivity|]. rewrite IHm, dot_up. reflexivity.
Qed.
Lemma active_up m slope x : active n m (fun j => up P (slope j)) x = up P (active n m slope (up P x)).
Proof.
  induction m; simpl; [extensionality i; unfold up; ring|].
  rewrite dot_up. replace (largest m (fun j => dot n (up P (slope j)) x))
    with (largest m (fun j => dot n (slope j) (up P x))).
  - destruct (Rle_dec _ _); [exact IHm|reflexivity].
  - clear. induction m; simpl; [reflexivity|]. rewrite IHm, dot_up. reflexivity.
Qed.

(** The run in the metric is the run of the identity, seen in the coordinates √P x. *)
Lemma zrun_up m slope beta fstar x1 k :
  let up_slope := fun j => up P (slope j) in
  up P (px (zrun n (max_affine n m up_slope fstar) (active n m up_slope) beta fstar P (down P x1) k)) =
  px (sharp_rate_zero.runz n (max_affine n m slope fstar) (active n m slope) beta fstar x1 k).
Proof.
  intros up_slope. rewrite zrun_rescaled by auto. rewrite (up_down P HP).
  destruct (sharp_rate_zero.shifted n (max_affine n m slope fstar) (active n m slope) beta fstar x1 k)
    as [Ex _].
  rewrite Ex. f_equal. f_equal.
  - extensionality y. unfold up_slope. rewrite max_affine_up, up_down by auto. reflexivity.
  - extensionality y. unfold up_slope. rewrite active_up, down_up, up_down by auto. reflexivity.
Qed.
End Metric.

(** The trap in a frozen metric, averages from zero. For every K, β in [0,1), G, D > 0, f⋆ and every positive
    diagonal P there are slopes and a start x^1 such that f(x) = f⋆ + max{0, <g_0, x>, …, <g_K, x>} on
    R^{K+2} is convex with minimiser x⋆ = 0 and subgradients ‖g(x)‖_{P⁻¹} ≤ G, ‖x^1 - x⋆‖_P = D, and
    MoMo-Adam's step with D_k = P, averages from zero and no cap has at its first K+1 points the value
    f(x^k) - f⋆ = G D/√(1/(1-√β)² + Σ_{k=1}^K (1-β²)/(1-β^{2k})).
    Source: derived here (theory/theorems/trap/proof.py: "in any fixed metric"). *)
Theorem trap_metric beta fstar G D P K : 0 <= beta < 1 -> 0 < G -> 0 < D -> positive P ->
  exists (slope : nat -> vec) (x1 : vec),
  let n := S (S K) in
  let f := max_affine n (S K) slope fstar in
  let g := active n (S K) slope in
  convex n 1 (fun _ => f) (fun _ => g) /\ interpolation 1 (fun _ => f) origin fstar /\
  bounded_below 1 (fun _ => f) fstar /\ (forall x, dual2 n P (g x) <= G * G) /\
  mdist2 n P x1 origin = D * D /\
  forall k, (k <= K)%nat -> f (px (zrun n f g beta fstar P x1 k)) - fstar
    = G * D / sqrt (rest_zero beta + decrease_zero beta K).
Proof.
  intros Hb HG HD HP. destruct (trap_from_zero beta fstar G D K Hb HG HD) as [slope [x1 [Hp Hv]]].
  destruct Hp as [_ [_ [_ [_ [Hg Hd]]]]].
  exists (fun j => up P (slope j)), (down P x1). cbv zeta.
  split; [apply max_affine_convex|]. split; [intros s _; apply max_affine_at_0|].
  split; [intros s x _; apply max_affine_min|]. split; [|split].
  - intros x. rewrite active_up, dual2_down, down_up by auto. apply Hg.
  - rewrite mdist2_up, up_down by auto. rewrite <- Hd. f_equal.
    extensionality i. unfold up, origin. ring.
  - intros k Hk. rewrite max_affine_up, zrun_up by auto. apply (Hv k Hk).
Qed.

(** P = diag(4, 4, …), β = 1/4, three points. *)
Example trap_metric_met : exists slope x1,
  let f := max_affine 4 3 slope 0 in
  let g := active 4 3 slope in
  mdist2 4 (fun _ => 4) x1 origin = 1 * 1 /\ (forall x, dual2 4 (fun _ => 4) (g x) <= 1 * 1) /\
  forall k, (k <= 2)%nat -> f (px (zrun 4 f g (/ 4) 0 (fun _ => 4) x1 k)) - 0
    = 1 * 1 / sqrt (rest_zero (/ 4) + decrease_zero (/ 4) 2).
Proof.
  destruct (trap_metric (/ 4) 0 1 1 (fun _ => 4) 2) as [slope [x1 [_ [_ [_ [Hg [Hd Hv]]]]]]]; try lra.
  - intros i. lra.
  - exists slope, x1. split; [exact Hd|]. split; [exact Hg|exact Hv].
Qed.
