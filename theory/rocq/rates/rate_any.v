(** The rates for independent samples in any fixed metric: the paper's, with the first term, with both ends.

    In the coordinates Bx, ‖x‖_D = ‖Bx‖, the run is that of the identity, with the same expectations, and all
    assumptions look the same (coordinates.v). So the rates of the identity hold with ‖x^1-x⋆‖_D for D and
    E‖g(x,s)‖²_{D⁻¹} ≤ G². In all rates m is any number that all gaps are at least, so their minimum. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method assumptions expectation metric metric_norms method_zero.
From Momo Require Import any_metric mean_square_any gram_schmidt coordinates.
From Momo Require rate rate_ends rate_zero.
Open Scope R_scope.

(** E f(x^k) - f⋆ of a run without caps; k = 0 is x^1. *)
Definition expected_gap n M f g p beta fstar b E x1 (k : nat) : R :=
  Em n M f g p beta fstar b E (fun _ => None) k 0 (begin b x1) (rate.delta M f p fstar).

Section Rates.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R) (beta fstar : R).
Variables (D E : matrix) (xs x1 : vec) (G R0 : R).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HD : is_metric n D E.
Hypothesis Hp : nonnegative M p.
Hypothesis Hp1 : sumn M p = 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HG0 : 0 < G.
Hypothesis HR0 : 0 < R0.
Hypothesis HR : dist_in n D x1 xs = R0 * R0.
Hypothesis HG : gradients_in n M g p D E xs R0 G.
Notation gap b k := (expected_gap n M f g p beta fstar b E x1 k).

Section InCoordinates.
Variables (B C T : vec -> vec).
Hypothesis HC : coordinates n D E B C T.
Notation F := (value_seen f C).
Notation Gr := (gradient_seen g C T).

Lemma gap_function : rate.delta M f p fstar = fun z => rate.delta M F p fstar (state_seen B T z).
Proof. extensionality z. symmetry. apply (gap_seen n M f p fstar D E B C T HC). Qed.
Lemma gap_first k : gap at_first k =
  Ex n M F Gr p beta fstar None k (start (B x1)) (rate.delta M F p fstar).
Proof.
  unfold expected_gap. rewrite gap_function.
  rewrite (first_expected n M f g p beta fstar D E B C T HC None k (rate.delta M F p fstar)).
  rewrite (begin_seen n D E B C T HC at_first). reflexivity.
Qed.
Lemma gap_zero k : gap at_zero k =
  Ez n M F Gr p beta fstar (fun _ => None) ones k 0 (zstart (B x1)) (rate.delta M F p fstar).
Proof.
  unfold expected_gap. rewrite gap_function.
  rewrite (zero_expected n M f g p beta fstar D E B C T HC (fun _ => None) k (rate.delta M F p fstar) 0)
    by reflexivity.
  rewrite (begin_seen n D E B C T HC at_zero). reflexivity.
Qed.
Lemma distance_first : dist2 n (B x1) (B xs) = R0 * R0.
Proof. rewrite (dist_seen n D E B C T HC). exact HR. Qed.
Lemma distance_zero : mdist2 n ones (B x1) (B xs) = R0 * R0.
Proof. rewrite mdist2_ones. apply distance_first. Qed.
End InCoordinates.

(** The paper's rate in any fixed metric D, from the first sample and from zero, without a cap:
    min_{k≤K} E[f(x^k) - f⋆] ≤ G ‖x^1-x⋆‖_D/((1-β)√K).
    Source: MoMo paper, the convergence theorem, for D = I from the first sample; else derived here. *)
Theorem rate_any b m K : (0 < K)%nat -> (forall k, (k < K)%nat -> m <= gap b k) ->
  m <= G * R0 / ((1 - beta) * sqrt (INR K)).
Proof.
  intros HK Hm. destruct (coordinates_exist n D E HD) as [B [C [T HC]]]. destruct b.
  - apply (rate.rate n M (value_seen f C) (gradient_seen g C T) p beta fstar (B xs) (B x1) G R0 m K); auto.
    + eapply convex_seen; eauto.
    + eapply interpolation_seen; eauto.
    + apply below_seen; auto.
    + eapply distance_first; eauto.
    + eapply gradients_seen; eauto.
    + intros k Hk. rewrite <- (gap_first B C T HC). auto.
  - apply (rate_zero.rate_zero n M (value_seen f C) (gradient_seen g C T) p beta fstar (fun _ => None) ones
      (B xs) (B x1) G R0); auto using ones_positive.
    + intros k. exact I.
    + eapply convex_seen; eauto.
    + eapply interpolation_seen; eauto.
    + apply below_seen; auto.
    + eapply distance_zero; eauto.
    + eapply gradients_seen_zero; eauto.
    + intros k Hk. exact I.
    + intros k Hk. rewrite <- (gap_zero B C T HC). auto.
Qed.

(** The first term kept, from the first sample, in any fixed metric D, without a cap, K ≥ 1:
    min_{k≤K} E[f(x^k) - f⋆] ≤ G ‖x^1-x⋆‖_D/√(1 + (1-β)²(K-1)).  Source: derived here. *)
Theorem rate_first_term_any m K : (1 <= K)%nat -> (forall k, (k < K)%nat -> m <= gap at_first k) ->
  m <= G * R0 / sqrt (1 + (1 - beta) * (1 - beta) * (INR K - 1)).
Proof.
  intros HK Hm. destruct (coordinates_exist n D E HD) as [B [C [T HC]]].
  apply (rate_ends.rate_first_term n M (value_seen f C) (gradient_seen g C T) p beta fstar None (B xs) (B x1)
    G R0); auto.
  - exact I.
  - eapply convex_seen; eauto.
  - eapply interpolation_seen; eauto.
  - apply below_seen; auto.
  - eapply distance_first; eauto.
  - eapply gradients_seen; eauto.
  - exact I.
  - intros k Hk. rewrite <- (gap_first B C T HC). auto.
Qed.

(** Both ends kept, from the first sample, in any fixed metric D, without a cap, K ≥ 2:
    min_{k≤K} E[f(x^k) - f⋆] ≤ G ‖x^1-x⋆‖_D/√(2 + (1-β)²(K-2)).  Source: derived here. *)
Theorem rate_two_ends_any m K : (2 <= K)%nat -> (forall k, (k < K)%nat -> m <= gap at_first k) ->
  m <= G * R0 / sqrt (2 + (1 - beta) * (1 - beta) * (INR K - 2)).
Proof.
  intros HK Hm. destruct (coordinates_exist n D E HD) as [B [C [T HC]]].
  apply (rate_ends.rate_two_ends n M (value_seen f C) (gradient_seen g C T) p beta fstar None (B xs) (B x1)
    G R0); auto.
  - exact I.
  - eapply convex_seen; eauto.
  - eapply interpolation_seen; eauto.
  - apply below_seen; auto.
  - eapply distance_first; eauto.
  - eapply gradients_seen; eauto.
  - exact I.
  - intros k Hk. rewrite <- (gap_first B C T HC). auto.
Qed.

(** The first term kept, from zero, in any fixed metric D, without a cap:
    min_{k≤K} E[f(x^k) - f⋆] ≤ G ‖x^1-x⋆‖_D/√(Σ_{k≤K} ((1-β)/(1-β^k))²).  Source: derived here. *)
Theorem rate_first_term_any_zero m K : (0 < K)%nat -> (forall k, (k < K)%nat -> m <= gap at_zero k) ->
  m <= G * R0 / sqrt (rate_zero.weights_zero beta K).
Proof.
  intros HK Hm. destruct (coordinates_exist n D E HD) as [B [C [T HC]]].
  apply (rate_zero.rate_first_term_zero n M (value_seen f C) (gradient_seen g C T) p beta fstar
    (fun _ => None) ones (B xs) (B x1) G R0); auto using ones_positive.
  - intros k. exact I.
  - eapply convex_seen; eauto.
  - eapply interpolation_seen; eauto.
  - apply below_seen; auto.
  - eapply distance_zero; eauto.
  - eapply gradients_seen_zero; eauto.
  - intros k Hk. exact I.
  - intros k Hk. rewrite <- (gap_zero B C T HC). auto.
Qed.

(** Both ends kept, from zero, in any fixed metric D, without a cap; K+1 evaluations, K ≥ 0:
    min_{k≤K+1} E[f(x^k) - f⋆] ≤ G ‖x^1-x⋆‖_D/√(1 + Σ_{k≤K} ((1-β)/(1-β^k))²).  Source: derived here. *)
Theorem rate_two_ends_any_zero m K : (forall k, (k < S K)%nat -> m <= gap at_zero k) ->
  m <= G * R0 / sqrt (1 + rate_zero.weights_zero beta K).
Proof.
  intros Hm. destruct (coordinates_exist n D E HD) as [B [C [T HC]]].
  apply (rate_zero.rate_two_ends_zero n M (value_seen f C) (gradient_seen g C T) p beta fstar
    (fun _ => None) ones (B xs) (B x1) G R0); auto using ones_positive.
  - intros k. exact I.
  - eapply convex_seen; eauto.
  - eapply interpolation_seen; eauto.
  - apply below_seen; auto.
  - eapply distance_zero; eauto.
  - eapply gradients_seen_zero; eauto.
  - intros k Hk. exact I.
  - intros k Hk. rewrite <- (gap_zero B C T HC). auto.
Qed.
End Rates.
