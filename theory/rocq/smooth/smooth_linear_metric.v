(** MoMo from the first sample in a fixed diagonal metric P: the sum of smooth_linear.v, in the norm of P.

    x^{k+1} = x^k - τ_k P⁻¹d_k, τ_k = min{α, (h_k - f⋆)_+/‖d_k‖²_{P⁻¹}}. In the coordinates y = √P x this is
    MoMo for f(y/√P), whose gradients are g/√P ([step_seen], [path_seen]); convexity, smoothness and the
    solution look the same there, and distances are ‖x - x⋆‖_P. For averages from zero see smooth_zero.v. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method assumptions smooth metric method_zero smooth_zero smooth_linear.
Open Scope R_scope.

Section FixedMetric.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta fstar : R) (cap : option R) (P x1 : vec).

(** One step from the first sample, in the metric P; compare [step]. *)
Definition step_in (st : state) (s : nat) : state :=
  let x := px st in
  let keep := if first st then 0 else beta in
  let d := lin keep (pd st) (1 - keep) (g s x) in
  let fb := keep * pf st + (1 - keep) * f s x in
  let gm := keep * pg st + (1 - keep) * dot n (g s x) x in
  let h := fb + dot n d x - gm in
  mk false (lin 1 x (- tau fstar cap h (dual2 n P d)) (precond P d)) d fb gm.

Fixpoint path_in (w : nat -> nat) (k : nat) : state :=
  match k with O => start x1 | S m => step_in (path_in w m) (w m) end.

(** A state, a function and its gradient in the coordinates √P x. *)
Definition seen (st : state) : state := mk (first st) (up P (px st)) (down P (pd st)) (pf st) (pg st).
Definition fseen (s : nat) (y : vec) : R := f s (down P y).
Definition gseen (s : nat) (y : vec) : vec := down P (g s (down P y)).

Hypothesis HP : positive P.

(** In the coordinates √P x a step in the metric P is a step of MoMo. *)
Lemma step_seen st s : seen (step_in st s) = step n fseen gseen beta fstar cap (seen st) s.
Proof.
  unfold seen, step_in, step, fseen, gseen; simpl. rewrite down_up by auto.
  set (keep := if first st then 0 else beta).
  rewrite <- !down_lin, !dot_down_up, <- dual2_down by auto.
  rewrite up_lin, up_precond by auto. reflexivity.
Qed.

(** A run in the metric P, on any samples, is in the coordinates √P x a run of MoMo, on f(y/√P).
    Source: derived here. *)
Theorem path_seen w k : seen (path_in w k) = path n fseen gseen beta fstar cap (up P x1) w k.
Proof.
  induction k as [|k IH].
  - unfold path_in, path, seen, start; simpl. f_equal. extensionality i. unfold down. field.
    pose proof (root_pos P HP i). lra.
  - simpl path_in. rewrite step_seen, IH. reflexivity.
Qed.

(** A difference in the coordinates √P x. *)
Lemma dot_seen d y x : dot n (down P d) (lin 1 y (-1) x) = dot n d (lin 1 (down P y) (-1) (down P x)).
Proof. rewrite <- down_lin, <- (dot_down_up n P HP d), up_down by auto. reflexivity. Qed.
Lemma convex_seen : convex n M f g -> convex n M fseen gseen.
Proof. intros H s x y Hs. unfold fseen, gseen. rewrite dot_seen. apply H; auto. Qed.
Lemma smooth_seen L : smooth_in n M f g P L -> smooth n M fseen gseen L.
Proof.
  intros H s x y Hs. unfold fseen, gseen. rewrite dot_seen.
  pose proof (H s (down P x) (down P y) Hs) as H1. rewrite mdist2_up, !up_down in H1 by auto. exact H1.
Qed.
Lemma interpolation_seen xs : interpolation M f xs fstar -> interpolation M fseen (up P xs) fstar.
Proof. intros H s Hs. unfold fseen. rewrite down_up by auto. apply H; auto. Qed.
Lemma below_seen : bounded_below M f fstar -> bounded_below M fseen fstar.
Proof. intros H s x Hs. apply H; auto. Qed.
Lemma value_seen w k : fseen (w k) (px (path n fseen gseen beta fstar cap (up P x1) w k)) =
  f (w k) (px (path_in w k)).
Proof. rewrite <- path_seen. unfold fseen, seen; simpl. rewrite down_up by auto. reflexivity. Qed.
End FixedMetric.

(** Smooth functions in a fixed metric P, from the first sample, on every path, with any cap, K+2 evaluations:

    (3/2)δ_1 + (1-β) Σ_{2≤k≤K+1} δ_k + 2δ_{K+2} ≤ D² max{L, 1/α},   D = ‖x¹-x⋆‖_P, L measured in P.
    Source: derived here. *)
Theorem smooth_linear_ends_metric n M f g beta fstar cap P xs x1 D L w K :
  0 <= beta < 1 -> positive_cap cap -> positive P ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  mdist2 n P x1 xs = D * D -> 0 < L -> smooth_in n M f g P L -> (forall k, (w k < M)%nat) ->
  let delta k := f (w k) (px (path_in n f g beta fstar cap P x1 w k)) - fstar in
  3 / 2 * delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) + 2 * delta (S K) <= D * D * speed cap L.
Proof.
  intros Hb Hca HP Hc Hi Hm HD HL Hs Hw delta.
  pose proof (smooth_linear_ends n M (fseen f P) (gseen g P) beta fstar cap (up P xs) (up P x1) D L w K Hb Hca
    (convex_seen n M f g P HP Hc) (interpolation_seen M f fstar P HP xs Hi) (below_seen M f fstar P Hm)) as H.
  rewrite <- mdist2_up in H by auto.
  specialize (H HD HL (smooth_seen n M f g P HP L Hs) Hw). cbv beta zeta in H.
  rewrite !(value_seen n f g beta fstar cap P x1 HP) in H.
  rewrite (sumn_ext K _ (fun k => delta (S k))) in H; [exact H|].
  intros k _. unfold delta. rewrite value_seen; auto.
Qed.

(** The least of K ≥ 2 values: min_{k≤K} f_k - f⋆ ≤ D² max{L, 1/α}/(7/2 + (1-β)(K-2)), D = ‖x¹-x⋆‖_P.
    Source: derived here. *)
Theorem smooth_linear_least_metric n M f g beta fstar cap P xs x1 D L w m K :
  0 <= beta < 1 -> positive_cap cap -> positive P ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  mdist2 n P x1 xs = D * D -> 0 < L -> smooth_in n M f g P L -> (forall k, (w k < M)%nat) -> (2 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= f (w k) (px (path_in n f g beta fstar cap P x1 w k)) - fstar) ->
  m <= D * D * speed cap L / (7 / 2 + (1 - beta) * (INR K - 2)).
Proof.
  intros Hb Hca HP Hc Hi Hm HD HL Hs Hw HK Hk.
  apply (smooth_linear_least n M (fseen f P) (gseen g P) beta fstar cap (up P xs) (up P x1) D L w m K); auto.
  - apply convex_seen; auto.
  - apply interpolation_seen; auto.
  - apply below_seen; auto.
  - rewrite <- mdist2_up by auto. exact HD.
  - apply smooth_seen; auto.
  - intros k Hkk. rewrite value_seen by auto. auto.
Qed.

(** The hypotheses can be met: (x_0² + 4x_1²)/2, which is 1-smooth in its own metric P = (1, 4, 4, …), where
    D² = 5 from (1, 1); any cap, any β. *)
Definition oval (_ : nat) (x : vec) : R := (x 0%nat * x 0%nat + 4 * (x 1%nat * x 1%nat)) / 2.
Definition oval' (_ : nat) (x : vec) : vec := fun i => match i with O => x O | _ => 4 * x i end.
Definition axes : vec := fun i => match i with O => 1 | _ => 4 end.

Lemma axes_positive : positive axes.
Proof. intros [|i]; simpl; lra. Qed.
Lemma oval_convex : convex 2 1 oval oval'.
Proof.
  intros s x y _. unfold oval, oval', dot, lin; simpl.
  pose proof (sq_pos (y 0%nat - x 0%nat)). pose proof (sq_pos (y 1%nat - x 1%nat)). lra.
Qed.
Lemma oval_smooth : smooth_in 2 1 oval oval' axes 1.
Proof. intros s x y _. unfold oval, oval', mdist2, norm2, axes, dot, lin; simpl. lra. Qed.
Lemma oval_zero : interpolation 1 oval (fun _ => 0) 0.
Proof. intros s _. unfold oval. field. Qed.
Lemma oval_below : bounded_below 1 oval 0.
Proof. intros s x _. unfold oval. pose proof (sq_pos (x 0%nat)). pose proof (sq_pos (x 1%nat)). lra. Qed.
Lemma oval_distance : mdist2 2 axes (fun _ => 1) (fun _ => 0) = sqrt 5 * sqrt 5.
Proof. rewrite sqrt_sqrt by lra. unfold mdist2, norm2, axes, lin; simpl. lra. Qed.

(** Both ends. *)
Example smooth_linear_ends_metric_met beta cap K : 0 <= beta < 1 -> positive_cap cap ->
  let delta k := oval 0 (px (path_in 2 oval oval' beta 0 cap axes (fun _ => 1) (fun _ => 0%nat) k)) - 0 in
  3 / 2 * delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) + 2 * delta (S K)
    <= sqrt 5 * sqrt 5 * speed cap 1.
Proof.
  intros Hb Hc.
  exact (smooth_linear_ends_metric 2 1 oval oval' beta 0 cap axes (fun _ => 0) (fun _ => 1) (sqrt 5) 1
    (fun _ => 0%nat) K Hb Hc axes_positive oval_convex oval_zero oval_below oval_distance Rlt_0_1
    oval_smooth (fun _ => Nat.lt_0_1)).
Qed.

(** The least value. *)
Example smooth_linear_least_metric_met beta cap m K : 0 <= beta < 1 -> positive_cap cap -> (2 <= K)%nat ->
  (forall k, (k < K)%nat ->
    m <= oval 0 (px (path_in 2 oval oval' beta 0 cap axes (fun _ => 1) (fun _ => 0%nat) k)) - 0) ->
  m <= sqrt 5 * sqrt 5 * speed cap 1 / (7 / 2 + (1 - beta) * (INR K - 2)).
Proof.
  intros Hb Hc.
  exact (smooth_linear_least_metric 2 1 oval oval' beta 0 cap axes (fun _ => 0) (fun _ => 1) (sqrt 5) 1
    (fun _ => 0%nat) m K Hb Hc axes_positive oval_convex oval_zero oval_below oval_distance Rlt_0_1
    oval_smooth (fun _ => Nat.lt_0_1)).
Qed.

(** The run of this problem in the coordinates (x_0, 2x_1). *)
Example path_seen_met beta cap k : px (path 2 (fseen oval axes) (gseen oval' axes) beta 0 cap
    (up axes (fun _ => 1)) (fun _ => 0%nat) k) =
  up axes (px (path_in 2 oval oval' beta 0 cap axes (fun _ => 1) (fun _ => 0%nat) k)).
Proof. rewrite <- (path_seen 2 oval oval' beta 0 cap axes (fun _ => 1) axes_positive). reflexivity. Qed.

(** L has to be measured in the metric: x²/2 is 1-smooth in the identity, but in P = ½, where D² = ½, the
    bound L D² = ½ is below (3/2)δ_1 = ¾. *)
Example smooth_linear_ends_metric_needs_its_norm :
  let f := fun (_ : nat) (x : vec) => x O * x O / 2 in
  let g := fun (_ : nat) (x : vec) (_ : nat) => x O in
  let P := fun _ : nat => / 2 in
  positive P /\ convex 1 1 f g /\ interpolation 1 f (fun _ => 0) 0 /\ bounded_below 1 f 0 /\
  smooth 1 1 f g 1 /\
  mdist2 1 P (fun _ => 1) (fun _ => 0) = / 2 /\
  let delta k := f 0%nat (px (path_in 1 f g 0 0 None P (fun _ => 1) (fun _ => 0%nat) k)) - 0 in
  / 2 * speed None 1 < 3 / 2 * delta 0%nat + 2 * delta 1%nat.
Proof.
  intros f g P. unfold f, g, P. repeat split.
  - intros i. lra.
  - intros s x y _. unfold dot, lin; simpl. pose proof (sq_pos (y O - x O)). lra.
  - intros s _. field.
  - intros s x _. pose proof (sq_pos (x O)). lra.
  - intros s x y _. unfold dist2, dot, lin; simpl. lra.
  - unfold mdist2, norm2, lin; simpl. lra.
  - cbv beta zeta. set (z := px (path_in _ _ _ _ _ _ _ _ _ 1)). pose proof (sq_pos (z O)). simpl. lra.
Qed.
