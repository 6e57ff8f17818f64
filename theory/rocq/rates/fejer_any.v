(** What holds on every path, for averages from the first sample and from zero, in any fixed metric D, with
    any caps α_k, any samples in any order, and for every solution x⋆. a_k = h_k - ρ_k f⋆.

    1. The new average of models is one of numbers that are at most ρ_k f⋆ and f⋆ at x⋆ ([model_below_any]);
       where the samples are taken does not matter.
    2. So <d_k, x^k - x⋆> ≥ a_k, and the square of x^k - x⋆ - τ_k D⁻¹d_k is expanded ([fejer_any]). Where
       a_k < 0 the step is 0; else τ_k‖d_k‖² ≤ a_k.
    3. Where no sample is below f⋆, the model is at least ρ_k f⋆ at the new point; then a_k ≥ (1-β)(f_k - f⋆)
       ([height_any]). Without a cap it is ρ_k f⋆, and a_k = (1-β)(f_k - f⋆) ([landing_any]). *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric_norms method_zero any_metric.
Open Scope R_scope.

(** ** The averages alone *)
Section Averages.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R) (xs : vec).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.

Definition below_at (b : beginning) (k : nat) (st : state) :=
  begun b st /\ (first st = false -> model n st xs <= weight b beta k * fstar).

Lemma begin_below b x1 : below_at b 0 (begin b x1).
Proof.
  split; [apply begun_start|]. destruct b; simpl; [discriminate|]. intros _.
  unfold model, rho; simpl. unfold dot. rewrite (sumn_scal n 0 xs). lra.
Qed.
Lemma taken_below b k st x s : below_at b k st -> (s < M)%nat ->
  below_at b (S k) (taken n f g beta st x s).
Proof.
  intros [Hb Hm] Hs. split; [intros _; reflexivity|]. intros _.
  rewrite model_taken, (weight_next beta b st k Hb).
  pose proof (Hconv s x xs Hs) as H. rewrite (Hint s Hs) in H.
  assert (Hk : 0 <= keepof beta st < 1) by (unfold keepof; destruct (first st); lra).
  assert (H1 : keepof beta st * model n st xs <= keepof beta st * (weight b beta k * fstar)).
  { unfold keepof in *. destruct (first st); [lra|]. apply Rmult_le_compat_l; [lra|auto]. }
  apply (Rmult_le_compat_l (1 - keepof beta st)) in H; lra.
Qed.

(** The model lies below ρ_k f⋆ at every solution: m_k(x⋆) = f̄_k + <d_k, x⋆> - γ_k ≤ ρ_k f⋆, for averages
    from the first sample (ρ_k = 1) or from zero (ρ_k = 1-β^k), of samples that are taken at any points.
    Source: MoMo paper, proof of the convergence theorem, for ρ_k = 1; else derived here. *)
Theorem model_below_any b X w k : (forall j, (w j < M)%nat) ->
  model n (averaged n f g beta b X w (S k)) xs <= weight b beta (S k) * fstar.
Proof.
  intros Hw. assert (H : forall m, below_at b m (averaged n f g beta b X w m)).
  { induction m as [|m IH]; [apply begin_below|]. apply taken_below; auto. }
  apply (H (S k)). reflexivity.
Qed.

(** The recurrence of q_k = <d_k, x^k> - γ_k, for averages from the first sample or from zero, where each
    sample is taken at x^k itself, whatever points these are: q_1 = 0 and q_{k+1} = β(q_k + <d_k, x^{k+1} -
    x^k>). Source: derived here. *)
Theorem offset_any b X w :
  let st k := averaged n f g beta b X w (S k) in
  let q k := dot n (pd (st k)) (X k) - pg (st k) in
  q O = 0 /\ forall k, q (S k) = beta * (q k + dot n (pd (st k)) (lin 1 (X (S k)) (-1) (X k))).
Proof.
  intros st q. split.
  - unfold q, st. simpl averaged. unfold taken; simpl. rewrite dot_lin_l.
    destruct b; simpl; unfold dot; rewrite (sumn_scal n 0 (X O)); ring.
  - intros k. unfold q. change (st (S k)) with (taken n f g beta (st k) (X (S k)) (w (S k))).
    assert (Ef : first (st k) = false) by reflexivity. unfold taken, keepof; cbn [pd pg]. rewrite Ef.
    rewrite dot_lin_l, dot_lin_r. ring.
Qed.
End Averages.

(** ** The run *)
Section Path.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R).
Variables (b : beginning) (D E : matrix) (caps : nat -> option R) (xs x1 : vec) (w : nat -> nat).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HD : is_metric n D E.
Hypothesis Hcaps : forall k, positive_cap (caps k).
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hw : forall k, (w k < M)%nat.

Notation run := (mrun n f g beta fstar b E caps x1 w).
Notation r := (weight b beta).
Notation x k := (px (run k)).
Notation d k := (pd (run (S k))).
(** a_k = h_k - ρ_k f⋆, ‖d_k‖²_{D⁻¹}, τ_k and ‖x^k - x⋆‖²_D, where k = 0 is the first step. *)
Definition excess (k : nat) : R := model n (run (S k)) (x k) - r (S k) * fstar.
Definition size2 (k : nat) : R := dual_in n E (d k).
Definition taus (k : nat) : R := length_of fstar (caps k) (r (S k)) (model n (run (S k)) (x k)) (size2 k).
Definition away (k : nat) : R := dist_in n D (x k) xs.

Lemma run_below k : below_at n beta fstar xs b k (run k).
Proof.
  induction k as [|k IH]; [apply begin_below|].
  apply (taken_below n M f g beta fstar xs Hbeta Hconv Hint b k (run k) (x k) (w k) IH (Hw k)).
Qed.
Lemma run_facts k : 0 <= taus k /\ taus k * size2 k <= Rmax 0 (excess k) /\ (excess k <= 0 -> taus k = 0) /\
  (size2 k = 0 -> taus k = 0) /\ (caps k = None -> size2 k <> 0 -> taus k = Rmax 0 (excess k) / size2 k).
Proof.
  apply length_facts; auto; [apply weight_range; auto|apply (dual_pos n D E HD)].
Qed.
Lemma run_direction k : excess k <= dot n (d k) (lin 1 (x k) (-1) xs).
Proof.
  destruct (run_below (S k)) as [_ H]. specialize (H eq_refl). rewrite dot_lin_r.
  unfold excess, model in *. lra.
Qed.
Lemma run_still k : size2 k = 0 -> excess k <= 0.
Proof.
  intros H. pose proof (run_direction k) as Hd. rewrite (dual_null n D E HD (d k)) in Hd by exact H. exact Hd.
Qed.

(** The Fejér step: ‖x^{k+1}-x⋆‖²_D ≤ ‖x^k-x⋆‖²_D - τ_k(2(h_k-ρ_k f⋆) - τ_k‖d_k‖²_{D⁻¹}) for every x⋆ at which
    all samples have the value f⋆; with any caps. No sample has to be above f⋆ elsewhere.
    Source: MoMo paper, proof of the convergence theorem, for D = I, ρ_k = 1, α = ∞; else derived here. *)
Theorem fejer_any k : away (S k) <= away k - taus k * (2 * excess k - taus k * size2 k).
Proof.
  unfold away. change (x (S k)) with (lin 1 (x k) (- taus k) (mul n E (d k))).
  rewrite (dist_move n D E HD). fold (size2 k).
  destruct (run_facts k) as [H0 _]. pose proof (Rmult_le_compat_l _ _ _ H0 (run_direction k)). lra.
Qed.

(** Capped or not, the decrease is at least τ_k(h_k-ρ_k f⋆), which is not negative.
    Source: derived here. *)
Theorem fejer_any_capped k : away (S k) <= away k - taus k * excess k /\ 0 <= taus k * excess k.
Proof.
  pose proof (fejer_any k) as H. destruct (run_facts k) as [H0 [H1 [H2 _]]].
  destruct (Rle_lt_dec (excess k) 0) as [Ha|Ha].
  - rewrite (H2 Ha) in *. lra.
  - rewrite Rmax_right in H1 by lra. apply (Rmult_le_compat_l (taus k)) in H1; auto.
    split; [lra|apply Rmult_le_pos; lra].
Qed.

(** Uncapped the decrease is at least (h_k-ρ_k f⋆)_+²/‖d_k‖²_{D⁻¹} (0 where d_k = 0: there h_k ≤ ρ_k f⋆).
    Source: MoMo paper, proof of the convergence theorem, for D = I, ρ_k = 1; else derived here. *)
Theorem fejer_any_uncapped k : caps k = None ->
  away (S k) <= away k - Rmax 0 (excess k) * Rmax 0 (excess k) / size2 k.
Proof.
  intros Hc. destruct (fejer_any_capped k) as [H _]. destruct (run_facts k) as [_ [_ [H2 [H3 H4]]]].
  replace (Rmax 0 (excess k) * Rmax 0 (excess k) / size2 k) with (taus k * excess k); [exact H|].
  destruct (Req_EM_T (size2 k) 0) as [E0|E0].
  - rewrite (H3 E0), (Rmax_left 0 (excess k)) by (apply run_still; auto). unfold Rdiv. ring.
  - destruct (Rle_lt_dec (excess k) 0) as [Ha|Ha].
    + rewrite (H2 Ha), Rmax_left by auto. unfold Rdiv. ring.
    + rewrite (H4 Hc E0), Rmax_right by lra. field. auto.
Qed.

(** No point is farther from a solution than the start: ‖x^k-x⋆‖_D ≤ ‖x^1-x⋆‖_D, with any caps.
    Source: MoMo paper, proof of the convergence theorem, for D = I, ρ_k = 1; else derived here. *)
Theorem ball_any k : away k <= dist_in n D x1 xs.
Proof.
  induction k as [|k IH]; [unfold away; destruct b; simpl; lra|]. pose proof (fejer_any_capped k). lra.
Qed.

(** The summed inequality: Σ_{k≤K} (h_k-ρ_k f⋆)_+²/‖d_k‖²_{D⁻¹} ≤ ‖x^1-x⋆‖²_D, without caps; h_k ≥ ρ_k f⋆
    where no sample is below f⋆ ([height_any]).
    Source: MoMo paper, proof of the convergence theorem, for D = I, ρ_k = 1; else derived here. *)
Theorem summed_any K : (forall k, (k < K)%nat -> caps k = None) ->
  sumn K (fun k => Rmax 0 (excess k) * Rmax 0 (excess k) / size2 k) <= dist_in n D x1 xs.
Proof.
  intros Hc. set (F := fun k => _).
  assert (H : away K + sumn K F <= dist_in n D x1 xs).
  { induction K as [|K IH]; [unfold away; destruct b; simpl; lra|].
    change (sumn (S K) F) with (sumn K F + F K).
    pose proof (fejer_any_uncapped K (Hc K (Nat.lt_succ_diag_r K))) as Hf. unfold F at 2.
    specialize (IH (fun k Hk => Hc k (Nat.lt_trans _ _ _ Hk (Nat.lt_succ_diag_r K)))). lra. }
  pose proof (dist_pos n D E HD (x K) xs). unfold away in H. lra.
Qed.

(** Summed, with any caps: Σ_{k≤K} τ_k(h_k-ρ_k f⋆) ≤ ‖x^1-x⋆‖²_D, and no term is negative.
    Source: derived here. *)
Theorem summed_any_capped K : sumn K (fun k => taus k * excess k) <= dist_in n D x1 xs.
Proof.
  assert (H : away K + sumn K (fun k => taus k * excess k) <= dist_in n D x1 xs).
  { induction K as [|K IH]; [unfold away; destruct b; simpl; lra|].
    change (sumn (S K) ?F) with (sumn K F + F K). cbv beta. pose proof (fejer_any_capped K). lra. }
  pose proof (dist_pos n D E HD (x K) xs). unfold away in H. lra.
Qed.

(** In the run q_k = <d_k, x^k> - γ_k falls by τ_k‖d_k‖²: <d_k, x^{k+1} - x^k> = -τ_k‖d_k‖²_{D⁻¹}, so that
    q_1 = 0 and q_{k+1} = β(q_k - τ_k‖d_k‖²_{D⁻¹}).  Source: derived here. *)
Theorem offset_any_run : let q k := dot n (d k) (x k) - pg (run (S k)) in
  q O = 0 /\ forall k, dot n (d k) (lin 1 (x (S k)) (-1) (x k)) = - (taus k * size2 k) /\
    q (S k) = beta * (q k - taus k * size2 k).
Proof.
  intros q. pose proof (offset_any n f g beta b (fun j => x j) w) as [H0 H].
  assert (Eq : forall k, q k = dot n (pd (averaged n f g beta b (fun j => x j) w (S k))) (x k)
    - pg (averaged n f g beta b (fun j => x j) w (S k))).
  { intros k. unfold q. destruct (run_averaged n f g beta fstar b E caps x1 w (S k)) as [_ [-> [_ ->]]].
    reflexivity. }
  split; [rewrite Eq; exact H0|]. intros k.
  assert (Em : dot n (d k) (lin 1 (x (S k)) (-1) (x k)) = - (taus k * size2 k)).
  { change (x (S k)) with (lin 1 (x k) (- taus k) (mul n E (d k))). rewrite !dot_lin_r.
    unfold size2, dual_in. ring. }
  split; [exact Em|]. rewrite !Eq, H.
  destruct (run_averaged n f g beta fstar b E caps x1 w (S k)) as [_ [Ed _]].
  rewrite <- Ed, Em. ring.
Qed.

(** ** Where no sample is below f⋆ *)
Hypothesis Hmin : bounded_below M f fstar.

Lemma excess_taken k : excess k = keepof beta (run k) * (model n (run k) (x k) - r k * fstar)
  + (1 - keepof beta (run k)) * (f (w k) (x k) - fstar).
Proof.
  unfold excess. simpl mrun. rewrite model_mstep, model_taken.
  rewrite (weight_next beta b (run k) k (begun_run n f g beta fstar b E caps x1 w k)).
  assert (Ez : dot n (g (w k) (x k)) (lin 1 (x k) (-1) (x k)) = 0) by (rewrite dot_lin_r; ring).
  rewrite Ez. ring.
Qed.
Lemma model_after k : model n (run (S k)) (x (S k)) - r (S k) * fstar = excess k - taus k * size2 k.
Proof.
  unfold excess, size2, dual_in. change (x (S k)) with (lin 1 (x k) (- taus k) (mul n E (d k))).
  unfold model. rewrite dot_lin_r. ring.
Qed.
Lemma keep_run k : 0 <= keepof beta (run k) <= beta.
Proof. unfold keepof. destruct (first (run k)); lra. Qed.
Lemma start_zero : first (run 0) = false -> model n (run 0) (x 0) - r 0 * fstar = 0.
Proof.
  destruct b; simpl; [discriminate|]. intros _. unfold model, rho; simpl. unfold dot.
  rewrite (sumn_scal n 0 x1). ring.
Qed.

(** h_k is never below ρ_k f⋆: h_k - ρ_k f⋆ ≥ (1-β)(f_k - f⋆) ≥ 0, with any caps.
    Source: MoMo paper, proof of the convergence theorem, for ρ_k = 1; else derived here. *)
Theorem height_any k : 0 <= (1 - beta) * (f (w k) (x k) - fstar) <= excess k.
Proof.
  pose proof (Hmin (w k) (x k) (Hw k)) as Hf. split; [apply Rmult_le_pos; lra|].
  assert (Ha : forall m, first (run m) = false -> 0 <= model n (run m) (x m) - r m * fstar).
  { induction m as [|m IH]; [intros H; rewrite (start_zero H); lra|]. intros _. rewrite model_after.
    assert (He : 0 <= excess m).
    { rewrite excess_taken. pose proof (keep_run m) as Hk. pose proof (Hmin (w m) (x m) (Hw m)) as Hm.
      assert (0 <= (1 - keepof beta (run m)) * (f (w m) (x m) - fstar)) by (apply Rmult_le_pos; lra).
      assert (0 <= keepof beta (run m) * (model n (run m) (x m) - r m * fstar)); [|lra].
      unfold keepof in *. destruct (first (run m)) eqn:Ef; [lra|]. apply Rmult_le_pos; [lra|auto]. }
    destruct (run_facts m) as [_ [H _]]. rewrite Rmax_right in H by lra. lra. }
  rewrite excess_taken. pose proof (keep_run k) as Hk.
  assert (H1 : 0 <= keepof beta (run k) * (model n (run k) (x k) - r k * fstar)).
  { pose proof (Ha k) as H. unfold keepof in *. destruct (first (run k)); [lra|].
    apply Rmult_le_pos; [lra|auto]. }
  assert (0 <= (beta - keepof beta (run k)) * (f (w k) (x k) - fstar)) by (apply Rmult_le_pos; lra). lra.
Qed.
Lemma excess_pos k : 0 <= excess k.
Proof. pose proof (height_any k). lra. Qed.

(** Landing. The first step: h_1 - f⋆ = f_1 - f⋆ from the first sample, and h_1 - ρ_1 f⋆ = (1-β)(f_1 - f⋆)
    from zero. Later, after a step without a cap, h_k - ρ_k f⋆ = (1-β)(f_k - f⋆).
    Source: MoMo paper, proof of the convergence theorem, for D = I, ρ_k = 1; else derived here. *)
Theorem landing_any :
  excess 0 = (match b with at_first => 1 | at_zero => 1 - beta end) * (f (w 0%nat) x1 - fstar) /\
  forall k, caps k = None -> excess (S k) = (1 - beta) * (f (w (S k)) (x (S k)) - fstar).
Proof.
  split.
  - rewrite excess_taken. pose proof start_zero as H. unfold keepof.
    destruct b; simpl in *; [ring|]. rewrite (H eq_refl). ring.
  - intros k Hc. rewrite excess_taken, model_after. unfold keepof. rewrite run_first.
    pose proof (excess_pos k) as Ha. destruct (run_facts k) as [_ [_ [_ [H3 H4]]]].
    assert (E0 : excess k - taus k * size2 k = 0); [|rewrite E0; ring].
    destruct (Req_EM_T (size2 k) 0) as [En|En].
    + pose proof (run_still k En). rewrite (H3 En). lra.
    + rewrite (H4 Hc En), Rmax_right by lra. field. auto.
Qed.
End Path.
