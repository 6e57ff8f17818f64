(** Metrics that change from step to step, diagonal or not, averages from the first sample or from zero:
    Σ_{k≤K} (h_k-ρ_k f⋆)²/‖d_k‖²_{D_k⁻¹} ≤ R². The proof is that of metric_summed.v.

    1. The step in D_k takes (h_k-ρ_k f⋆)²/‖d_k‖² off ‖x^k-x⋆‖²_{D_k}, and lands where the model is ρ_k f⋆, so
       that the next h - ρf⋆ is 1-β times f - f⋆ ([landed_next]).
    2. Then ‖x^{k+1}-x⋆‖² in D_{k+1} is that in D_k and what D_{k+1} - D_k adds ([summed_rest]). *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric_norms any_metric fejer_any.
From Momo Require Import metric_summed.
From Momo Require method_zero.
Open Scope R_scope.

(** D' - D, and ‖y‖²_{D'} = ‖y‖²_D + ‖y‖²_{D'-D}. *)
Definition difference (D' D : matrix) : matrix := fun i j => D' i j - D i j.
Lemma sqnorm_difference n D D' y : sqnorm n D' y = sqnorm n D y + sqnorm n (difference D' D) y.
Proof.
  unfold sqnorm, inner, dot. rewrite <- sumn_plus. apply sumn_ext. intros i _.
  rewrite <- Rmult_plus_distr_l. f_equal. unfold mul. rewrite <- sumn_plus. apply sumn_ext. intros j _.
  unfold difference. ring.
Qed.

Section Changing.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R) (b : beginning).
Variables (D E : nat -> matrix) (xs x1 : vec) (w : nat -> nat).
Notation r := (weight b beta).

(** The run in the metrics D 0, D 1, … with inverses E 0, E 1, …, without a cap. *)
Fixpoint changing_run (k : nat) : state :=
  match k with
  | O => begin b x1
  | S m => mstep n f g beta fstar (E m) None (r (S m)) (changing_run m) (w m)
  end.
Notation run := changing_run.
Notation x k := (px (run k)).

(** (h_k-ρ_k f⋆)²/‖d_k‖²_{D_k⁻¹}, ‖x^{k+1}-x⋆‖²_{D_{k+1}-D_k}, and R² = ‖x^1-x⋆‖²_{D_1} + Σ_{k<K} of it. *)
Definition loss_of (k : nat) : R :=
  let a := model n (run (S k)) (x k) - r (S k) * fstar in a * a / dual_in n (E k) (pd (run (S k))).
Definition change_of (k : nat) : R :=
  sqnorm n (difference (D (S k)) (D k)) (lin 1 (x (S k)) (-1) xs).
Definition radius_of (K : nat) : R := dist_in n (D O) x1 xs + sumn (K - 1) change_of.

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HD : forall k, is_metric n (D k) (E k).
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis Hw : forall k, (w k < M)%nat.

(** The model is at most ρ_k f⋆ at x⋆, and ρ_k f⋆ at x^{k+1}. *)
Definition landed_at (k : nat) (st : state) := below_at n beta fstar xs b k st /\
  (first st = false -> model n st (px st) = r k * fstar).

Lemma landed_next k : landed_at k (run k) -> landed_at (S k) (run (S k)) /\ 0 <= loss_of k /\
  dist_in n (D k) (x (S k)) xs + loss_of k <= dist_in n (D k) (x k) xs.
Proof.
  intros [Hb Hm]. set (st := run k) in *.
  pose proof (taken_below n M f g beta fstar xs Hbeta Hconv Hint b k st (px st) (w k) Hb (Hw k)) as Hz.
  set (z := taken n f g beta st (px st) (w k)) in *. set (a := model n z (px st) - r (S k) * fstar).
  set (N := dual_in n (E k) (pd z)).
  set (t := length_of fstar None (r (S k)) (model n z (px st)) N).
  assert (Ea : a = (1 - keepof beta st) * (f (w k) (px st) - fstar)).
  { unfold a, z. rewrite model_taken, (weight_next beta b st k (proj1 Hb)).
    assert (Ez : dot n (g (w k) (px st)) (lin 1 (px st) (-1) (px st)) = 0) by (rewrite dot_lin_r; ring).
    rewrite Ez. unfold keepof in *. destruct (first st); [ring|]. rewrite (Hm eq_refl). ring. }
  assert (Ha : 0 <= a).
  { rewrite Ea. pose proof (Hmin (w k) (px st) (Hw k)). apply Rmult_le_pos; [|lra].
    unfold keepof. destruct (first st); lra. }
  assert (Hdir : a <= dot n (pd z) (lin 1 (px st) (-1) xs)).
  { pose proof (proj2 Hz eq_refl) as H. rewrite dot_lin_r. unfold a, model in *. lra. }
  pose proof (dual_pos n (D k) (E k) (HD k) (pd z)) as HN. fold N in HN.
  destruct (length_facts fstar None (r (S k)) (model n z (px st)) N (proj1 (weight_range b beta k Hbeta)) I
    HN)
    as [Ht [_ [_ [_ Hf]]]]. fold a t in Ht, Hf.
  assert (H0 : N = 0 -> a = 0).
  { intros E0. rewrite (dual_null n (D k) (E k) (HD k) (pd z) _ E0) in Hdir. lra. }
  assert (HtN : t * N = a /\ a * a / N = t * a).
  { destruct (Req_EM_T N 0) as [E0|E0].
    - rewrite E0, (H0 E0). unfold Rdiv. split; ring.
    - rewrite (Hf eq_refl E0), Rmax_right by auto. split; field; auto. }
  destruct HtN as [HtN Hloss].
  assert (Ex : x (S k) = lin 1 (px st) (- t) (mul n (E k) (pd z))) by reflexivity.
  assert (El : loss_of k = t * a) by exact Hloss.
  assert (Hta : 0 <= t * a) by (apply Rmult_le_pos; auto).
  split; [|split; [lra|]].
  - split; [exact Hz|]. intros _. change (model n (run (S k)) (x (S k))) with (model n z (x (S k))).
    rewrite Ex. unfold a, model in HtN |- *. rewrite dot_lin_r. fold (dual_in n (E k) (pd z)). fold N. lra.
  - rewrite Ex, (dist_move n (D k) (E k) (HD k)). fold N. rewrite El.
    pose proof (Rmult_le_compat_l _ _ _ Ht Hdir).
    replace (t * t * N) with (t * a) by (rewrite <- HtN; ring). fold st. lra.
Qed.

Lemma all_landed k : landed_at k (run k).
Proof.
  induction k as [|k IH]; [|apply (landed_next k IH)]. split; [apply begin_below|].
  change (run O) with (begin b x1). destruct b; simpl; [discriminate|]. intros _.
  unfold model, method_zero.rho; simpl. unfold dot. rewrite (sumn_scal n 0 x1). ring.
Qed.
Lemma loss_pos k : 0 <= loss_of k.
Proof. apply (landed_next k (all_landed k)). Qed.
Lemma step_loses k : dist_in n (D k) (x (S k)) xs + loss_of k <= dist_in n (D k) (x k) xs.
Proof. apply (landed_next k (all_landed k)). Qed.

Lemma summed_rest k : sumn k loss_of + dist_in n (D k) (x k) xs <= dist_in n (D O) x1 xs + sumn k change_of.
Proof.
  induction k as [|k IH].
  { change (x 0) with (px (begin b x1)). destruct b; simpl; lra. }
  pose proof (step_loses k) as H.
  assert (Hc : dist_in n (D (S k)) (x (S k)) xs = dist_in n (D k) (x (S k)) xs + change_of k)
    by apply sqnorm_difference.
  change (sumn (S k) loss_of) with (sumn k loss_of + loss_of k).
  change (sumn (S k) change_of) with (sumn k change_of + change_of k). lra.
Qed.

(** Any metrics: Σ_{k≤K} (h_k-ρ_k f⋆)²/‖d_k‖²_{D_k⁻¹} ≤ R² = ‖x^1-x⋆‖²_{D_1} + Σ_{k<K}
    ‖x^{k+1}-x⋆‖²_{D_{k+1}-D_k}, for convex f(·,s) with interpolation, on every path, without a cap; from the
    first sample and from zero. Source: derived here. *)
Theorem metric_summed_any K : sumn K loss_of <= radius_of K.
Proof.
  unfold radius_of. destruct K as [|K]; [pose proof (dist_pos n (D O) (E O) (HD O) x1 xs); simpl; lra|].
  pose proof (summed_rest K) as H. pose proof (step_loses K) as H1.
  pose proof (dist_pos n (D K) (E K) (HD K) (x (S K)) xs). replace (S K - 1)%nat with K by lia.
  change (sumn (S K) loss_of) with (sumn K loss_of + loss_of K). lra.
Qed.

(** Where ‖y‖²_{D_{k+1}} ≤ (1+η_k)‖y‖²_{D_k} for all y, η_k ≥ 0: R² ≤ Π_{k<K}(1+η_k) ‖x^1-x⋆‖²_{D_1}.
    Source: derived here. *)
Theorem metric_radius_any K eta :
  (forall k, (S k < K)%nat -> 0 <= eta k /\ forall y, sqnorm n (D (S k)) y <= (1 + eta k) * sqnorm n (D k) y)
    ->
  radius_of K <= prodn (K - 1) (fun k => 1 + eta k) * dist_in n (D O) x1 xs.
Proof.
  intros H. unfold radius_of. set (d0 := dist_in n (D O) x1 xs).
  assert (HK : forall m, (m <= K - 1)%nat ->
    d0 + sumn m change_of <= prodn m (fun k => 1 + eta k) * d0); [|apply HK; lia].
  induction m as [|m IH]; intros Hm; [simpl; lra|]. specialize (IH ltac:(lia)).
  destruct (H m ltac:(lia)) as [He Hg]. specialize (Hg (lin 1 (x (S m)) (-1) xs)).
  pose proof (summed_rest m) as Hs. fold d0 in Hs. pose proof (step_loses m) as Hf. pose proof (loss_pos m)
    as Hl.
  assert (Hsum : 0 <= sumn m loss_of) by (apply sumn_nonneg; intros; apply loss_pos).
  assert (Hc : change_of m <= eta m * dist_in n (D m) (x (S m)) xs).
  { rewrite (sqnorm_difference n (D m) (D (S m))) in Hg. unfold change_of, dist_in. lra. }
  assert (He2 : eta m * dist_in n (D m) (x (S m)) xs <= eta m * (d0 + sumn m change_of))
    by (apply Rmult_le_compat_l; lra).
  apply (Rmult_le_compat_l (1 + eta m)) in IH; [|lra].
  change (sumn (S m) change_of) with (sumn m change_of + change_of m).
  change (prodn (S m) (fun k => 1 + eta k)) with (prodn m (fun k => 1 + eta k) * (1 + eta m)). lra.
Qed.

(** Where the metrics decrease, ‖y‖_{D_{k+1}} ≤ ‖y‖_{D_k} for all y, R may be ‖x^1-x⋆‖_{D_1}.
    Source: derived here. *)
Theorem metric_summed_any_shrinking K :
  (forall k, (S k < K)%nat -> forall y, sqnorm n (D (S k)) y <= sqnorm n (D k) y) ->
  sumn K loss_of <= dist_in n (D O) x1 xs.
Proof.
  intros H. apply Rle_trans with (1 := metric_summed_any K). unfold radius_of.
  assert (Hc : sumn (K - 1) change_of <= sumn (K - 1) (fun _ => 0 * 0)).
  { apply sumn_le. intros i Hi. pose proof (H i ltac:(lia) (lin 1 (x (S i)) (-1) xs)) as Hg.
    rewrite (sqnorm_difference n (D i) (D (S i))) in Hg. unfold change_of. lra. }
  rewrite (sumn_scal _ 0 (fun _ => 0)) in Hc. lra.
Qed.
End Changing.
