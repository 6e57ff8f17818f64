(** Smooth functions in any fixed metric: the sums that are linear in 1/(1-β), from the first sample and from
    zero. In the coordinates Bx, ‖x‖_D = ‖Bx‖, the run is that of the identity (coordinates.v); L is measured
    in the norm of D. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric metric_norms method_zero smooth smooth_linear.
From Momo Require Import any_metric gram_schmidt coordinates.
From Momo Require smooth_zero.
Open Scope R_scope.

Section Smooth.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R) (D E : matrix).
Variables (xs x1 : vec) (R0 L : R) (w : nat -> nat).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HD : is_metric n D E.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HR : dist_in n D x1 xs = R0 * R0.
Hypothesis HL : 0 < L.
Hypothesis Hsm : smooth_any n M f g D L.
Hypothesis Hw : forall k, (w k < M)%nat.

(** δ_k = f(x^k,s_k) - f⋆, where k = 0 is x^1. *)
Definition sample_gap b caps (k : nat) : R := f (w k) (px (mrun n f g beta fstar b E caps x1 w k)) - fstar.

Section InCoordinates.
Variables (B C T : vec -> vec).
Hypothesis HC : coordinates n D E B C T.

Lemma sample_first cap k : sample_gap at_first (fun _ => cap) k = value_seen f C (w k)
  (px (path n (value_seen f C) (gradient_seen g C T) beta fstar cap (B x1) w k)) - fstar.
Proof.
  unfold sample_gap. rewrite <- (first_seen n f g beta fstar D E B C T HC). unfold value_seen.
  cbn [state_seen px]. rewrite (c_b _ _ _ _ _ _ HC). reflexivity.
Qed.
Lemma sample_zero caps k : sample_gap at_zero caps k = value_seen f C (w k)
  (px (zpath n (value_seen f C) (gradient_seen g C T) beta fstar caps ones (B x1) w k)) - fstar.
Proof.
  unfold sample_gap. rewrite <- (zero_seen n f g beta fstar D E B C T HC). unfold value_seen.
  cbn [state_seen px]. rewrite (c_b _ _ _ _ _ _ HC). reflexivity.
Qed.
Lemma distance_seen : dist2 n (B x1) (B xs) = R0 * R0.
Proof. rewrite (dist_seen n D E B C T HC). exact HR. Qed.
Lemma smooth_seen_zero : smooth_zero.smooth_in n M (value_seen f C) (gradient_seen g C T) ones L.
Proof.
  intros s x y Hs. rewrite mdist2_ones. apply (smooth_seen n M f g D E B C T HC L Hsm s x y Hs).
Qed.
End InCoordinates.

(** From the first sample, any cap, K+1 evaluations, K ≥ 0, on every path and in any fixed metric:
    δ_1 + (1-β) Σ_{2≤k≤K+1} δ_k ≤ D² max{L, 1/α}, which is L D² without a cap; D = ‖x^1-x⋆‖ in the metric.
    Source: derived here. *)
Theorem smooth_linear_any cap K : positive_cap cap ->
  let delta := sample_gap at_first (fun _ => cap) in
  delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) <= R0 * R0 * speed cap L.
Proof.
  intros Hc delta. destruct (coordinates_exist n D E HD) as [B [C [T HC]]].
  pose proof (smooth_linear n M (value_seen f C) (gradient_seen g C T) beta fstar cap (B xs) (B x1) R0 L w K
    Hbeta Hc (convex_seen n M f g D E B C T HC Hconv) (interpolation_seen n M f fstar D E B C T HC xs Hint)
    (below_seen M f fstar C Hmin) (distance_seen B C T HC) HL (smooth_seen n M f g D E B C T HC L Hsm) Hw) as
      H.
  cbv beta zeta in H. unfold delta. rewrite (sample_first B C T HC).
  rewrite (sumn_ext K _ _ (fun k _ => sample_first B C T HC cap (S k))). exact H.
Qed.

(** Both ends, K+2 evaluations: (3/2)δ_1 + (1-β) Σ_{2≤k≤K+1} δ_k + 2δ_{K+2} ≤ D² max{L, 1/α}.
    Source: derived here. *)
Theorem smooth_linear_ends_any cap K : positive_cap cap ->
  let delta := sample_gap at_first (fun _ => cap) in
  3 / 2 * delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) + 2 * delta (S K)
    <= R0 * R0 * speed cap L.
Proof.
  intros Hc delta. destruct (coordinates_exist n D E HD) as [B [C [T HC]]].
  pose proof (smooth_linear_ends n M (value_seen f C) (gradient_seen g C T) beta fstar cap (B xs) (B x1) R0 L
    w
    K Hbeta Hc (convex_seen n M f g D E B C T HC Hconv) (interpolation_seen n M f fstar D E B C T HC xs Hint)
    (below_seen M f fstar C Hmin) (distance_seen B C T HC) HL (smooth_seen n M f g D E B C T HC L Hsm) Hw) as
      H.
  cbv beta zeta in H. unfold delta. rewrite !(sample_first B C T HC).
  rewrite (sumn_ext K _ _ (fun k _ => sample_first B C T HC cap (S k))). exact H.
Qed.

(** Hence the least of K ≥ 2 values: min_{k≤K} f_k - f⋆ ≤ D² max{L, 1/α}/(7/2 + (1-β)(K-2)).
    Source: derived here. *)
Theorem smooth_linear_least_any cap m K : positive_cap cap -> (2 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= sample_gap at_first (fun _ => cap) k) ->
  m <= R0 * R0 * speed cap L / (7 / 2 + (1 - beta) * (INR K - 2)).
Proof.
  intros Hc HK Hm. destruct (coordinates_exist n D E HD) as [B [C [T HC]]].
  apply (smooth_linear_least n M (value_seen f C) (gradient_seen g C T) beta fstar cap (B xs) (B x1) R0 L w m
    K Hbeta Hc (convex_seen n M f g D E B C T HC Hconv) (interpolation_seen n M f fstar D E B C T HC xs Hint)
    (below_seen M f fstar C Hmin) (distance_seen B C T HC) HL (smooth_seen n M f g D E B C T HC L Hsm) Hw HK).
  intros k Hk. rewrite <- (sample_first B C T HC). auto.
Qed.

(** From zero, with any caps: Σ_{k≤K} min{1/L, α_k} (1-β)/(1-β^k) δ_k ≤ D², on every path, in any fixed
    metric. All weights are at least (1-β) min{1/L, α_k}.  Source: derived here. *)
Theorem smooth_linear_any_zero caps K : (forall k, positive_cap (caps k)) ->
  sumn K (fun k => worth (caps k) L * ((1 - beta) / (1 - beta ^ S k) * sample_gap at_zero caps k)) <= R0 * R0.
Proof.
  intros Hc. destruct (coordinates_exist n D E HD) as [B [C [T HC]]].
  rewrite (sumn_ext K _ (fun k => worth (caps k) L * ((1 - beta) / (1 - beta ^ S k) * (value_seen f C (w k)
    (px (zpath n (value_seen f C) (gradient_seen g C T) beta fstar caps ones (B x1) w k)) - fstar))))
    by (intros k _; rewrite (sample_zero B C T HC); reflexivity).
  apply (smooth_zero.smooth_sum_zero n M (value_seen f C) (gradient_seen g C T) beta fstar caps ones (B xs)
    (B x1) R0 L Hbeta ones_positive Hc (convex_seen n M f g D E B C T HC Hconv)
    (interpolation_seen n M f fstar D E B C T HC xs Hint) (below_seen M f fstar C Hmin)); auto.
  - rewrite mdist2_ones. apply (distance_seen B C T HC).
  - apply (smooth_seen_zero B C T HC).
Qed.

(** From zero, without a cap: (1-β) Σ_{k≤K} δ_k ≤ L D², on every path, in any fixed metric.
    Source: derived here. *)
Theorem smooth_linear_zero_uncapped K :
  (1 - beta) * sumn K (fun k => sample_gap at_zero (fun _ => None) k) <= L * (R0 * R0).
Proof.
  pose proof (smooth_linear_any_zero (fun _ => None) K (fun _ => I)) as H.
  assert (Hi : 0 < / L) by (apply Rinv_0_lt_compat; auto).
  assert (H1 : / L * ((1 - beta) * sumn K (fun k => sample_gap at_zero (fun _ => None) k)) <= R0 * R0).
  { apply Rle_trans with (2 := H). rewrite <- !sumn_scal. apply sumn_le. intros k Hk. cbn [worth].
    set (d := sample_gap at_zero (fun _ => None) k).
    assert (Hd : 0 <= d)
      by (pose proof (Hmin (w k) (px (mrun n f g beta fstar at_zero E (fun _ => None) x1 w k)) (Hw k));
          unfold d, sample_gap; lra).
    pose proof (weight_range at_zero beta k Hbeta) as Hr. cbn [weight] in Hr. unfold rho in Hr.
    apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_r; auto.
    apply (Rmult_le_reg_r (1 - beta ^ S k)); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra.
    assert ((1 - beta) * (1 - beta ^ S k) <= (1 - beta) * 1) by (apply Rmult_le_compat_l; lra). lra. }
  apply (Rmult_le_reg_l (/ L)); auto. replace (/ L * (L * (R0 * R0))) with (R0 * R0) by (field; lra). exact
    H1.
Qed.

(** From zero, K+2 evaluations without a cap: min_k δ_k ≤ L D²/(7/2 + Σ_{2≤k≤K+1} (1-β)/(1-β^k)), at most
    L D²/(7/2 + (1-β)K).  Source: derived here. *)
Theorem smooth_linear_least_any_zero m K :
  (forall k, (k < S (S K))%nat -> m <= sample_gap at_zero (fun _ => None) k) ->
  m <= L * (R0 * R0) / (7 / 2 + sumn K (fun k => (1 - beta) / (1 - beta ^ S (S k)))).
Proof.
  intros Hm. destruct (coordinates_exist n D E HD) as [B [C [T HC]]].
  apply (smooth_zero.smooth_best_zero n M (value_seen f C) (gradient_seen g C T) beta fstar ones (B xs) (B x1)
    R0 L w m K Hbeta ones_positive (convex_seen n M f g D E B C T HC Hconv)
    (interpolation_seen n M f fstar D E B C T HC xs Hint) (below_seen M f fstar C Hmin)); auto.
  - rewrite mdist2_ones. apply (distance_seen B C T HC).
  - apply (smooth_seen_zero B C T HC).
  - intros k Hk. rewrite <- (sample_zero B C T HC). auto.
Qed.
End Smooth.
