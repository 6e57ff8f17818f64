(** The paper's rate for independent samples, in metrics that change and may depend on the past:
    min_{k≤K} E[f(x^k) - f⋆] ≤ G R/((1-β)√K).

    The metric of a step is any function of the samples drawn until then, its own included: whatever a method
    makes of the points and gradients that it has seen is one. So is everything else; an expectation over k
    samples is k nested averages over the last sample, given those before ([EX]).
    1. On every path, Σ (1-β)²δ_k²/‖d_k‖²_{P_k⁻¹} ≤ R² ([total_with_rest]).
    2. a²/N ≥ 2ca - c²N for every c; and ‖d_k‖_{P_k⁻¹} ≤ ‖d_k‖_{Q⁻¹} for a metric Q below all P_k.
    3. E‖d_k‖²_{Q⁻¹} ≤ G², since the square is convex ([mean_square_below]).
    4. Summed and in expectation, 2c(1-β) Σ E δ_k - K c²G² ≤ R², for c = R/(G√K).
    Q and R are given in advance, as D and G are; the P_k are random. *)
Require Import Reals Lra Psatz Lia List.
From Momo Require Import sums vectors method assumptions metric method_zero rate_zero metric_step.
Import ListNotations.
Open Scope R_scope.

Section Expected.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R).
Variables (beta fstar : R) (xs x1 : vec) (P : list nat -> vec).

(** The state after the samples l, the last one first. *)
Fixpoint state_of (l : list nat) : state :=
  match l with
  | [] => zstart x1
  | s :: past => zstep n f g beta fstar None (P (s :: past)) (rho beta (S (length past))) (state_of past) s
  end.
Notation x l := (px (state_of l)).

(** E φ over k independent samples. *)
Fixpoint EX (k : nat) (phi : list nat -> R) : R :=
  match k with O => phi [] | S m => EX m (fun past => sumn M (fun s => p s * phi (s :: past))) end.

(** f(x^k) - f⋆, in the mean over the sample to come. *)
Definition gap (l : list nat) : R := favg M f p (x l) - fstar.

(** R² on a path: ‖x^1-x⋆‖²_{P_1} + Σ ‖x^{k+1}-x⋆‖²_{P_{k+1}-P_k}, with the metrics of the steps until now. *)
Fixpoint radius2_of (l : list nat) : R :=
  match l with
  | [] => 0
  | s :: past => match past with
                 | [] => mdist2 n (P [s]) x1 xs
                 | _ => radius2_of past + mdist2 n (minus (P (s :: past)) (P past)) (x past) xs
                 end
  end.

Definition allowed (l : list nat) : Prop := Forall (fun s => (s < M)%nat) l.

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hp : nonnegative M p.
Hypothesis Hp1 : sumn M p = 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HP : forall l, positive (P l).

(* ---------- expectations ---------- *)
Lemma EX_mono k : forall phi psi, (forall l, allowed l -> length l = k -> phi l <= psi l) ->
  EX k phi <= EX k psi.
Proof.
  induction k; intros phi psi H; simpl; [apply H; [constructor|reflexivity]|].
  apply IHk. intros l Hl Hk. apply sumn_le. intros s Hs. apply Rmult_le_compat_l; [apply Hp; auto|].
  apply H; [constructor; auto|simpl; lia].
Qed.
Lemma EX_ext k : forall phi psi, (forall l, length l = k -> phi l = psi l) -> EX k phi = EX k psi.
Proof.
  induction k; intros phi psi H; simpl; [apply H; reflexivity|].
  apply IHk. intros l Hl. apply sumn_ext. intros s _. rewrite H; [reflexivity|simpl; lia].
Qed.
Lemma EX_lin k : forall a phi b psi, EX k (fun l => a * phi l + b * psi l) = a * EX k phi + b * EX k psi.
Proof.
  induction k; intros; simpl; auto. rewrite <- IHk. apply EX_ext. intros l _.
  rewrite <- !sumn_scal, <- sumn_plus. apply sumn_ext; intros; ring.
Qed.
Lemma average_const (c : R) : sumn M (fun s => p s * c) = c.
Proof.
  rewrite (sumn_ext M _ (fun s => c * p s)) by (intros; ring). rewrite sumn_scal, Hp1. ring.
Qed.
Lemma EX_const k a : EX k (fun _ => a) = a.
Proof. induction k; simpl; auto. rewrite average_const. exact IHk. Qed.

(* ---------- a path ---------- *)
Lemma state_landed l : allowed l -> landed n fstar xs (rho beta (length l)) (state_of l).
Proof.
  induction l as [|s past IH]; intros Hl; [apply zstart_landed|].
  inversion Hl; subst. simpl. rewrite rho_next.
  apply (landed_again n M f g beta fstar xs Hbeta Hconv Hint Hmin); auto.
Qed.

(** What the last step takes off. *)
Definition taken (l : list nat) : R :=
  match l with
  | [] => 0
  | s :: past =>
      let a := model n (state_of l) (x past) - rho beta (length l) * fstar in
      a * a / dual2 n (P l) (pd (state_of l))
  end.
Fixpoint total (l : list nat) : R := match l with [] => 0 | s :: past => total past + taken (s :: past) end.

Lemma taken_fejer s past : allowed (s :: past) ->
  mdist2 n (P (s :: past)) (x (s :: past)) xs + taken (s :: past) <= mdist2 n (P (s :: past)) (x past) xs.
Proof.
  intros Hl. inversion Hl; subst. unfold taken. simpl state_of. simpl length. rewrite rho_next.
  apply (fejer_in_metric n M f g beta fstar xs Hbeta Hconv Hint Hmin); auto. apply state_landed; auto.
Qed.

Lemma total_with_rest l : allowed l -> l <> [] -> total l + mdist2 n (P l) (x l) xs <= radius2_of l.
Proof.
  induction l as [|s past IH]; intros Hl H0; [congruence|]. pose proof (taken_fejer s past Hl) as Hf.
  inversion Hl; subst. destruct past as [|t past'].
  - change (px (state_of [])) with x1 in Hf. cbn [total radius2_of] in *. lra.
  - assert (IH' := IH ltac:(auto) ltac:(congruence)).
    pose proof (norm2_change n (P (t :: past')) (P (s :: t :: past')) (lin 1 (x (t :: past')) (-1) xs)) as E.
    change (radius2_of (s :: t :: past')) with (radius2_of (t :: past')
      + mdist2 n (minus (P (s :: t :: past')) (P (t :: past'))) (x (t :: past')) xs).
    change (total (s :: t :: past')) with (total (t :: past') + taken (s :: t :: past')).
    unfold mdist2 in *. lra.
Qed.

(** For any c: what is taken off is at least 2c(1-β)δ - c²‖d‖²_{P⁻¹}. *)
Lemma taken_any_c s past c : allowed (s :: past) ->
  2 * c * ((1 - beta) * (f s (x past) - fstar)) - c * c * dual2 n (P (s :: past)) (pd (state_of (s :: past)))
    <= taken (s :: past).
Proof.
  intros Hl. inversion Hl; subst. pose proof (state_landed past ltac:(auto)) as Hst.
  unfold taken. simpl state_of. simpl length. rewrite rho_next.
  pose proof (step_gap n f g beta fstar xs (P (s :: past)) _ _ s Hst) as Hg.
  pose proof (step_null n M f g beta fstar xs Hbeta Hconv Hint Hmin (P (s :: past)) _ _ s (HP _) Hst
    ltac:(auto)) as Hz.
  rewrite <- Hg. set (a := model _ _ _ - _) in *. set (N := dual2 _ _ _) in *.
  destruct (Req_EM_T N 0) as [E|E].
  - fold N in Hz. rewrite (Hz E), E. unfold Rdiv. lra.
  - assert (HN : 0 < N) by (pose proof (dual2_pos n (P (s :: past)) (HP _) (pd (zstep n f g beta fstar None
      (P (s :: past)) (beta * rho beta (length past) + (1 - beta)) (state_of past) s))); unfold N in *; lra).
    apply (Rmult_le_reg_r N); auto. replace (a * a / N * N) with (a * a) by (field; auto).
    pose proof (sq_pos (a - c * N)). lra.
Qed.

Lemma total_pos l : allowed l -> 0 <= total l.
Proof.
  induction l as [|s past IH]; intros Hl; [simpl; lra|]. pose proof (taken_any_c s past 0 Hl) as H.
  change (total (s :: past)) with (total past + taken (s :: past)). inversion Hl; subst.
  specialize (IH ltac:(auto)). rewrite !Rmult_0_r, !Rmult_0_l in H. lra.
Qed.

(* ---------- in expectation ---------- *)
Section Bounds.
Variables (Q : vec) (G R : R) (K : nat).
Hypothesis HQ : positive Q.
Hypothesis HQP : forall l, allowed l -> below n Q (P l).
Hypothesis HR : forall l, allowed l -> l <> [] -> (length l <= K)%nat -> radius2_of l <= R * R.
Hypothesis HG : bounded_gradients_in n M g p Q xs R G.

Notation length2 l := (dual2 n Q (pd (state_of l))).

Lemma some_sample : (0 < M)%nat.
Proof. destruct M; [simpl in Hp1; lra|lia]. Qed.

(** The run stays in the ball of Q with the radius R. *)
Lemma in_ball l : allowed l -> (length l < K)%nat -> mdist2 n Q (x l) xs <= R * R.
Proof.
  intros Hl Hk. assert (Hfirst : allowed [O]) by (constructor; [apply some_sample|constructor]).
  destruct l as [|s past].
  - apply Rle_trans with (2 := HR [O] Hfirst ltac:(congruence) ltac:(simpl in *; lia)).
    apply norm2_below. apply HQP; auto.
  - apply Rle_trans with (2 := HR (s :: past) Hl ltac:(congruence) ltac:(lia)).
    pose proof (total_with_rest (s :: past) Hl ltac:(congruence)) as H.
    pose proof (total_pos (s :: past) Hl) as H0.
    pose proof (norm2_below n Q (P (s :: past)) (lin 1 (x (s :: past)) (-1) xs) (HQP _ Hl)) as HN.
    unfold mdist2 in *. lra.
Qed.

Lemma length2_convex x' y :
  dual2 n Q (lin beta x' (1 - beta) y) <= beta * dual2 n Q x' + (1 - beta) * dual2 n Q y.
Proof. rewrite !(dual2_down n Q HQ), down_lin. apply sq_convex. lra. Qed.

(** E‖d_k‖²_{Q⁻¹} ≤ G². *)
Lemma mean_square_below k : (k <= K)%nat -> EX k (fun l => length2 l) <= G * G.
Proof.
  induction k; intros Hk.
  - simpl. assert (E : dual2 n Q (fun _ => 0) = 0).
    { unfold dual2. rewrite (sumn_ext n _ (fun i => 0 * 0)) by (intros; unfold Rdiv; ring).
      rewrite sumn_scal. ring. }
    rewrite E. apply sq_pos.
  - specialize (IHk ltac:(lia)). simpl EX.
    apply Rle_trans with (EX k (fun l => beta * length2 l + (1 - beta) * (G * G))).
    + apply EX_mono. intros l Hl El.
      pose proof (HG (x l) (in_ball l Hl ltac:(lia))) as Hg.
      apply Rle_trans
        with (sumn M (fun s => p s * (beta * length2 l) + (1 - beta) * (p s * dual2 n Q (g s (x l))))).
      * apply sumn_le. intros s Hs.
        replace (p s * (beta * length2 l) + (1 - beta) * (p s * dual2 n Q (g s (x l))))
          with (p s * (beta * length2 l + (1 - beta) * dual2 n Q (g s (x l)))) by ring.
        apply Rmult_le_compat_l; [apply Hp; auto|]. apply length2_convex.
      * rewrite sumn_plus, sumn_scal, average_const.
        assert ((1 - beta) * sumn M (fun s => p s * dual2 n Q (g s (x l))) <= (1 - beta) * (G * G))
          by (apply Rmult_le_compat_l; [lra|exact Hg]). lra.
    + rewrite (EX_lin k beta (fun l => length2 l) (1 - beta) (fun _ => G * G)), EX_const.
      assert (beta * EX k (fun l => length2 l) <= beta * (G * G)) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(** Steps 2 and 4: E of what k steps take off, for a constant c. *)
Lemma expected_total c m k : 0 <= c -> (k <= K)%nat -> (forall j, (j < k)%nat -> m <= EX j gap) ->
  INR k * (2 * c * (1 - beta) * m - c * c * (G * G)) <= EX k total.
Proof.
  intros Hc. induction k; intros Hk Hm; [simpl; lra|].
  specialize (IHk ltac:(lia) (fun j Hj => Hm j ltac:(lia))). pose proof (Hm k ltac:(lia)) as Hmk.
  pose proof (mean_square_below (S k) Hk) as HN. simpl EX in HN.
  set (E2 := fun l => sumn M (fun s => p s * length2 (s :: l))) in *.
  assert (H : 1 * EX k total + 1 * EX k (fun l => 2 * c * (1 - beta) * gap l + - (c * c) * E2 l)
    <= EX (S k) total).
  { change (EX (S k) total) with (EX k (fun l => sumn M (fun s => p s * (total l + taken (s :: l))))).
    rewrite <- EX_lin. apply EX_mono. intros l Hl El.
    apply Rle_trans with (sumn M (fun s => p s * total l + (2 * c * (1 - beta) * (p s * f s (x l))
      + (p s * (- (2 * c * (1 - beta) * fstar)) + - (c * c) * (p s * length2 (s :: l)))))).
    - right. rewrite !sumn_plus, !sumn_scal, !average_const. unfold gap, favg, E2. ring.
    - apply sumn_le. intros s Hs. assert (Hsl : allowed (s :: l)) by (constructor; auto).
      pose proof (taken_any_c s l c Hsl) as Ht.
      pose proof (dual2_below n Q (P (s :: l)) (pd (state_of (s :: l))) HQ (HQP _ Hsl)) as Hd.
      assert (Hcd : c * c * dual2 n (P (s :: l)) (pd (state_of (s :: l))) <= c * c * length2 (s :: l))
        by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
      replace (p s * total l + (2 * c * (1 - beta) * (p s * f s (x l))
          + (p s * (- (2 * c * (1 - beta) * fstar)) + - (c * c) * (p s * length2 (s :: l)))))
        with (p s * (total l + (2 * c * ((1 - beta) * (f s (x l) - fstar)) - c * c * length2 (s :: l))))
        by ring.
      apply Rmult_le_compat_l; [apply Hp; auto|lra]. }
  rewrite (EX_lin k (2 * c * (1 - beta)) gap (- (c * c)) E2) in H.
  assert (H1 : 2 * c * (1 - beta) * m <= 2 * c * (1 - beta) * EX k gap)
    by (apply Rmult_le_compat_l; [repeat apply Rmult_le_pos; lra|auto]).
  assert (H2 : c * c * EX k E2 <= c * c * (G * G)) by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
  rewrite S_INR. lra.
Qed.

(** Independent samples, any metrics, made from the past in any way: min_{k≤K} E[f(x^k) - f⋆] ≤ G R/((1-β)√K),
    where on every path R² ≥ ‖x^1-x⋆‖²_{P_1} + Σ_{j<k} ‖x^{j+1}-x⋆‖²_{P_{j+1}-P_j} for all k ≤ K, all P_k ⪰ Q,
    and E‖g(x,s)‖²_{Q⁻¹} ≤ G² where ‖x-x⋆‖_Q ≤ R. Averages from zero, no cap.
    Source: derived here (the rate of the MoMo paper, for metrics that change). *)
Theorem metric_rate_expected m : (0 < K)%nat -> 0 < G -> 0 < R ->
  (forall k, (k < K)%nat -> m <= EX k gap) -> m <= G * R / ((1 - beta) * sqrt (INR K)).
Proof.
  intros HK HG0 HR0 Hm. assert (HKR : 0 < INR K) by (apply lt_0_INR; auto).
  assert (Hr : 0 < sqrt (INR K)) by (apply sqrt_lt_R0; auto).
  assert (Hrr : sqrt (INR K) * sqrt (INR K) = INR K) by (apply sqrt_sqrt; lra).
  set (r := sqrt (INR K)) in *.
  set (c := R / (G * r)). assert (HGr : 0 < G * r) by (apply Rmult_lt_0_compat; auto).
  assert (Hc : 0 < c) by (unfold c; apply Rdiv_lt_0_compat; auto).
  pose proof (expected_total c m K (Rlt_le _ _ Hc) (Nat.le_refl K) Hm) as H.
  assert (HT : EX K total <= R * R).
  { rewrite <- (EX_const K (R * R)). apply EX_mono. intros l Hl El.
    assert (Hne : l <> []) by (intros E; subst l; simpl in El; lia).
    pose proof (total_with_rest l Hl Hne). pose proof (HR l Hl Hne ltac:(lia)).
    pose proof (norm2_pos n (P l) (HP l) (lin 1 (x l) (-1) xs)). unfold mdist2 in *. lra. }
  rewrite <- Hrr in H.
  replace (r * r * (2 * c * (1 - beta) * m - c * c * (G * G)))
    with (R * (2 * r * (1 - beta) * m / G) - R * R) in H by (unfold c; field; split; lra).
  apply (Rmult_le_reg_l (R * (2 * r * (1 - beta) / G))).
  { apply Rmult_lt_0_compat; auto. apply Rdiv_lt_0_compat; auto. repeat apply Rmult_lt_0_compat; lra. }
  replace (R * (2 * r * (1 - beta) / G) * (G * R / ((1 - beta) * r))) with (2 * (R * R))
    by (field; repeat split; lra).
  unfold Rdiv in *. lra.
Qed.
End Bounds.

(** Where metrics shrink, R² ≤ D² on every path. *)
Lemma radius2_shrinking D l : (forall s t past, below n (P (s :: t :: past)) (P (t :: past))) ->
  (forall s, (s < M)%nat -> mdist2 n (P [s]) x1 xs <= D * D) -> allowed l -> radius2_of l <= D * D.
Proof.
  intros Hs HD Hl. induction l as [|s past IH]; [simpl; apply sq_pos|]. inversion Hl; subst.
  destruct past as [|t past']; [simpl; auto|]. specialize (IH ltac:(auto)).
  pose proof (norm2_below n _ _ (lin 1 (x (t :: past')) (-1) xs) (Hs s t past')) as H.
  rewrite (norm2_change n (P (t :: past')) (P (s :: t :: past'))) in H.
  change (radius2_of (s :: t :: past')) with (radius2_of (t :: past')
    + mdist2 n (minus (P (s :: t :: past')) (P (t :: past'))) (x (t :: past')) xs).
  unfold mdist2 in *. lra.
Qed.

(** Metrics that shrink, P_{k+1} ⪯ P_k, made from the past in any way, samples independent:
    min_{k≤K} E[f(x^k) - f⋆] ≤ G D/((1-β)√K), where D ≥ ‖x^1-x⋆‖_{P_1} for every first sample, all P_k ⪰ Q,
    and E‖g(x,s)‖²_{Q⁻¹} ≤ G² where ‖x-x⋆‖_Q ≤ D. Averages from zero, no cap.
    Source: derived here (the rate of the MoMo paper, for metrics that shrink). *)
Theorem metric_rate_expected_shrinking Q G D m K : (0 < K)%nat -> 0 < G -> 0 < D -> positive Q ->
  (forall l, allowed l -> below n Q (P l)) ->
  (forall s t past, below n (P (s :: t :: past)) (P (t :: past))) ->
  (forall s, (s < M)%nat -> mdist2 n (P [s]) x1 xs <= D * D) ->
  bounded_gradients_in n M g p Q xs D G ->
  (forall k, (k < K)%nat -> m <= EX k gap) -> m <= G * D / ((1 - beta) * sqrt (INR K)).
Proof.
  intros HK HG0 HD0 HQ HQP Hs HD HG Hm. apply (metric_rate_expected Q G D K); auto.
  intros l Hl _ _. apply radius2_shrinking; auto.
Qed.
End Expected.


(** In a frozen metric this is the expectation of method_zero.v. *)
Lemma EX_frozen n M f g p beta fstar x1 P k : forall phi,
  EX M p k (fun l => phi (state_of n f g beta fstar x1 (fun _ => P) l)) =
  Ez n M f g p beta fstar (fun _ => None) P k 0 (zstart x1) phi.
Proof.
  induction k; intros phi; [reflexivity|]. rewrite Ez_last, <- IHk. cbn [EX]. apply EX_ext.
  intros l Hl. apply sumn_ext. intros s _. cbn [state_of]. rewrite Hl. reflexivity.
Qed.
