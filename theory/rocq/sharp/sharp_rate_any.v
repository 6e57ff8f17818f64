(** The sharp rates of one function in any fixed metric, from the first sample and from zero.

    In the coordinates Bx, ‖x‖_D = ‖Bx‖, the run is that of the identity (coordinates.v), and the rates of
    sharp_rate.v and metric_growing.v hold with D = ‖x^1-x⋆‖ in the metric, where ‖g_k‖_{D⁻¹} ≤ G on the run.
    *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions logarithm metric metric_norms method_zero.
From Momo Require Import any_metric gram_schmidt coordinates norm_recursion_any sharp_rate_scalars.
From Momo Require sharp_rate metric_step metric_summed metric_growing.
Open Scope R_scope.

Section Sharp.
Variables (n : nat) (f : vec -> R) (g : vec -> vec) (beta fstar : R) (D E : matrix) (xs x1 : vec).
Variables (G R0 : R).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HD : is_metric n D E.
Hypothesis Hconv : convex n 1 (fun _ => f) (fun _ => g).
Hypothesis Hint : interpolation 1 (fun _ => f) xs fstar.
Hypothesis Hmin : bounded_below 1 (fun _ => f) fstar.
Hypothesis HG0 : 0 < G.
Hypothesis HR0 : 0 < R0.
Hypothesis HR : dist_in n D x1 xs = R0 * R0.
Notation x b k := (px (one_run n f g beta fstar b E x1 k)).

Section InCoordinates.
Variables (B C T : vec -> vec).
Hypothesis HC : coordinates n D E B C T.
Definition f_seen (y : vec) : R := f (C y).
Definition g_seen (y : vec) : vec := T (g (C y)).

Lemma point_first k : B (x at_first k) = px (sharp_rate.run1 n f_seen g_seen beta fstar (B x1) k).
Proof.
  change (B (x at_first k)) with (px (state_seen B T (one_run n f g beta fstar at_first E x1 k))).
  unfold one_run. rewrite (first_seen n _ _ beta fstar D E B C T HC). f_equal.
  induction k as [|k IH]; [reflexivity|]. simpl. rewrite IH. reflexivity.
Qed.
Lemma point_zero k : B (x at_zero k) = px (metric_step.metric_path n (fun _ => f_seen) (fun _ => g_seen) beta
  fstar (B x1) (fun _ => ones) (fun _ => 0%nat) k).
Proof.
  change (B (x at_zero k)) with (px (state_seen B T (one_run n f g beta fstar at_zero E x1 k))).
  unfold one_run. rewrite (zero_seen n _ _ beta fstar D E B C T HC), metric_step.metric_path_frozen.
  reflexivity.
Qed.
Lemma convex_one y z : f_seen y + dot n (g_seen y) (lin 1 z (-1) y) <= f_seen z.
Proof. exact (convex_seen n 1 (fun _ => f) (fun _ => g) D E B C T HC Hconv 0%nat y z Nat.lt_0_1). Qed.
Lemma minimum_one : f_seen (B xs) = fstar.
Proof. exact (interpolation_seen n 1 (fun _ => f) fstar D E B C T HC xs Hint 0%nat Nat.lt_0_1). Qed.
Lemma value_back y : f_seen (B y) = f y.
Proof. unfold f_seen. rewrite (c_b _ _ _ _ _ _ HC). reflexivity. Qed.
Lemma gradient_back y : dot n (g_seen (B y)) (g_seen (B y)) = dual_in n E (g y).
Proof. unfold g_seen. rewrite (c_b _ _ _ _ _ _ HC). apply (dual_seen n D E B C T HC). Qed.
End InCoordinates.

(** The sharp rate from the first sample in any fixed metric; one function, no cap, ‖g_k‖_{D⁻¹} ≤ G on the
    run: min_{k≤K} f(x^k) - f⋆ ≤ G ‖x^1-x⋆‖_D/√A, A = 2 + (1-β²)(K-2) - log((1+β)/(1-β)) - min{2β log 2, ψ},
    K ≥ 2, A > 0; ψ = β log(β/(1-β)²) - β + (1-β)², or 0 where β ≤ (1-β)².  Source: derived here. *)
Theorem sharp_rate_any m K : (2 <= K)%nat ->
  (forall k, (k < K)%nat -> dual_in n E (g (x at_first k)) <= G * G) ->
  let A := 2 + (1 - beta * beta) * (INR K - 2) - lg ((1 + beta) / (1 - beta))
    - Rmin (2 * beta * lg 2) (psi beta) in
  0 < A -> (forall k, (k < K)%nat -> m <= f (x at_first k) - fstar) -> m <= G * R0 / sqrt A.
Proof.
  intros HK HG A HA Hm. destruct (coordinates_exist n D E HD) as [B [C [T HC]]].
  apply (sharp_rate.sharp_rate_run n (f_seen C) (g_seen C T) beta fstar (B xs) (B x1) G R0); auto.
  - apply (convex_one B C T HC).
  - apply (minimum_one B C T HC).
  - intros y. apply (Hmin 0%nat). lia.
  - rewrite (dist_seen n D E B C T HC). exact HR.
  - intros k Hk. unfold sharp_rate.X. rewrite <- (point_first B C T HC), (gradient_back B C T HC). auto.
  - intros k Hk. rewrite <- (point_first B C T HC), (value_back B C T HC). auto.
Qed.

(** The sharp rate from zero in any fixed metric; one function, no cap, ‖g_k‖_{D⁻¹} ≤ G on the run, K+1
    evaluations: min_{k≤K+1} f(x^k) - f⋆ ≤ G ‖x^1-x⋆‖_D/√(1 + Σ_{k≤K} (1-β²)/(1-β^{2k})).
    Source: derived here. *)
Theorem sharp_rate_any_zero m K :
  (forall k, (k <= K)%nat -> dual_in n E (g (x at_zero k)) <= G * G) ->
  (forall k, (k < S K)%nat -> m <= f (x at_zero k) - fstar) ->
  m <= G * R0 / sqrt (1 + sumn K (fun k => (1 - beta * beta) / (1 - beta ^ (2 * S k)))).
Proof.
  intros HG Hm. destruct (coordinates_exist n D E HD) as [B [C [T HC]]].
  assert (HR' : mdist2 n ones (B x1) (B xs) = R0 * R0)
    by (rewrite mdist2_ones, (dist_seen n D E B C T HC); exact HR).
  apply (metric_growing.metric n (f_seen C) (g_seen C T) beta fstar (B xs) (B x1) (fun _ => ones) G Hbeta);
    auto using ones_positive; try lra.
  - intros s y z _. apply (convex_one B C T HC).
  - intros s _. apply (minimum_one B C T HC).
  - intros s y Hs. apply (Hmin 0%nat). lia.
  - intros k _ i _. apply Rle_refl.
  - intros k Hk. rewrite <- (point_zero B C T HC), dual2_ones, (gradient_back B C T HC). auto.
  - apply Rle_trans with (mdist2 n ones (B x1) (B xs)); [|lra].
    apply metric_summed.metric_radius_shrinking. intros k _ i _. apply Rle_refl.
  - intros k Hk. rewrite <- (point_zero B C T HC), (value_back B C T HC). auto.
Qed.
End Sharp.
