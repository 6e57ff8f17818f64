(** The paper's theorem: min_{k≤K} E[f(x^k) - f⋆] ≤ G D/((1-β)√K), for every K, dimension and
    finite distribution of samples.

    1. E‖d_k‖² ≤ G²: the average of gradients is convex in them ([W_bound]).
    2. The step for a constant c ([step_inv]), in expectation: E‖x^{k+1}-x⋆‖² ≤ E‖x^k-x⋆‖² - 2c(1-β)E δ_k +
      c²G².
    3. Summed over K steps, and c = D/(G√K). *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step expectation.
Open Scope R_scope.

Section Rate.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R).
Variables (beta fstar : R) (cap : option R) (xs x1 : vec) (G D : R).

Notation model := (model n).
Notation step := (step n f g beta fstar cap).
Notation start := (start x1).
Notation Ex := (Ex n M f g p beta fstar cap).
Notation favg := (favg M f p).
Notation inv := (inv n fstar xs D).
Notation keepof := (keepof beta).

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hcap : positive_cap cap.
Hypothesis Hp : nonnegative M p.
Hypothesis Hp1 : sumn M p = 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HG0 : 0 < G.
Hypothesis HD0 : 0 < D.
Hypothesis HD : dist2 n x1 xs = D * D.
Hypothesis HG : bounded_gradients n M g p xs D G.

(** The lemmas of the files before, for this section's problem. *)
Notation step_inv := (step_inv n M f g beta fstar cap xs D Hbeta Hcap Hconv Hint Hmin).
Notation start_inv := (start_inv n fstar xs x1 D HD).
Notation keep_range := (keep_range beta Hbeta).
Notation Ex_lin := (Ex_lin n M f g p beta fstar cap).
Notation Ex_const := (Ex_const n M f g p beta fstar cap Hp1).
Notation Ex_last := (Ex_last n M f g p beta fstar cap).
Notation avg_sub := (avg_sub M p Hp1).

Lemma Ex_mono k : forall st phi psi, inv st ->
  (forall st', inv st' -> phi st' <= psi st') -> Ex k st phi <= Ex k st psi.
Proof.
  induction k; simpl; intros st phi psi Hi H; auto.
  apply sumn_le; intros s Hs. apply Rmult_le_compat_l; auto. apply IHk; auto.
  apply (step_inv st s 0); auto; [lra|apply below_cap_zero; auto].
Qed.

(** E‖d_k‖² ≤ G², by convexity of the square: W is ‖d_k‖², and G² before the first step. *)
Definition W (st : state) := if first st then G * G else dot n (pd st) (pd st).
Lemma W_step st : inv st -> sumn M (fun s => p s * W (step st s)) <= beta * W st + (1 - beta) * (G * G).
Proof.
  intros [Hd _]. unfold W at 1. simpl. fold (keepof st).
  pose proof (keep_range st).
  apply Rle_trans with (keepof st * dot n (pd st) (pd st) + (1 - keepof st) * (G * G)).
  - apply Rle_trans with (sumn M (fun s => (keepof st * dot n (pd st) (pd st)) * p s
        + (1 - keepof st) * (p s * dot n (g s (px st)) (g s (px st))))).
    + apply sumn_le; intros s Hs.
      apply Rle_trans with (p s * (keepof st * dot n (pd st) (pd st)
          + (1 - keepof st) * dot n (g s (px st)) (g s (px st)))); [|right; ring].
      apply Rmult_le_compat_l; auto. apply sq_convex; lra.
    + rewrite sumn_plus, !sumn_scal, Hp1.
      assert ((1 - keepof st) * sumn M (fun s => p s * dot n (g s (px st)) (g s (px st)))
        <= (1 - keepof st) * (G * G)) by (apply Rmult_le_compat_l; [lra|apply HG; auto]). lra.
  - unfold W, keepof; destruct (first st); lra.
Qed.

Lemma W_bound k : Ex k start W <= G * G.
Proof.
  induction k; [simpl; unfold W, start; simpl; lra|].
  rewrite Ex_last.
  apply Rle_trans with (Ex k start (fun z => beta * W z + (1 - beta) * (G * G))).
  - apply Ex_mono; [apply start_inv|]. intros; apply W_step; auto.
  - rewrite (Ex_lin k start beta (1 - beta) W (fun _ => G * G)), Ex_const.
    assert (beta * Ex k start W <= beta * (G * G)) by (apply Rmult_le_compat_l; lra). lra.
Qed.
(** Averaged gradients: E‖d_k‖² ≤ G² for every k.
    Source: MoMo paper, proof of the convergence theorem. *)
Theorem mean_square k : Ex (S k) start (fun z => dot n (pd z) (pd z)) <= G * G.
Proof. pose proof (W_bound (S k)) as H. rewrite Ex_last in H |- *. exact H. Qed.

Definition delta (st : state) := favg (px st) - fstar.

Lemma expected_step k c : 0 <= c ->
  below_cap c cap ->
  Ex (S k) start (fun z => dist2 n (px z) xs)
   <= Ex k start (fun z => dist2 n (px z) xs)
      - 2 * c * (1 - beta) * Ex k start delta + c * c * (G * G).
Proof.
  intros Hc Hca.
  apply Rle_trans with (Ex k start (fun z => dist2 n (px z) xs)
      - 2 * c * (1 - beta) * Ex k start delta + c * c * Ex (S k) start W).
  2: { pose proof (W_bound (S k)). assert (c * c * Ex (S k) start W <= c * c * (G * G))
         by (apply Rmult_le_compat_l; ra). lra. }
  rewrite !Ex_last.
  rewrite <- (Rmult_1_l (Ex k start (fun z => dist2 n (px z) xs))).
  replace (1 * Ex k start (fun z => dist2 n (px z) xs) - 2 * c * (1 - beta) * Ex k start delta
      + c * c * Ex k start (fun z => sumn M (fun s => p s * W (step z s))))
   with (1 * Ex k start (fun z => 1 * dist2 n (px z) xs + (- (2 * c * (1 - beta))) * delta z)
      + c * c * Ex k start (fun z => sumn M (fun s => p s * W (step z s))))
   by (rewrite (Ex_lin k start 1 _ (fun z => dist2 n (px z) xs) delta); ring).
  rewrite <- (Ex_lin k start 1 (c * c)
      (fun z => 1 * dist2 n (px z) xs + (- (2 * c * (1 - beta))) * delta z)
      (fun z => sumn M (fun s => p s * W (step z s)))).
  apply Ex_mono; [apply start_inv|]. intros z Hz.
  apply Rle_trans with (sumn M (fun s => dist2 n (px z) xs * p s
      + ((- (2 * c * (1 - beta))) * (p s * (f s (px z) - fstar)) + c * c * (p s * W (step z s))))).
  - apply sumn_le; intros s Hs. pose proof (step_inv z s c Hz Hs Hc Hca) as [_ H].
    apply Rle_trans with (p s * (dist2 n (px z) xs - 2 * c * ((1 - beta) * (f s (px z) - fstar))
         + c * c * dot n (pd (step z s)) (pd (step z s)))); [apply Rmult_le_compat_l; auto|].
    right. unfold W. replace (first (step z s)) with false by reflexivity. ring.
  - right. rewrite !sumn_plus, !sumn_scal, Hp1, avg_sub. unfold delta, favg. ring.
Qed.

Lemma summed c m K : 0 <= c ->
  below_cap c cap ->
  (forall k, (k < K)%nat -> m <= Ex k start delta) ->
  Ex K start (fun z => dist2 n (px z) xs) + INR K * (2 * c * (1 - beta) * m)
    <= D * D + INR K * (c * c * (G * G)).
Proof.
  intros Hc Hca. induction K; intros Hm.
  - simpl. rewrite HD. lra.
  - assert (IH := IHK (fun k Hk => Hm k (Nat.lt_trans _ _ _ Hk (Nat.lt_succ_diag_r K)))).
    pose proof (expected_step K c Hc Hca) as H. pose proof (Hm K (Nat.lt_succ_diag_r K)) as HmK.
    assert (2 * c * (1 - beta) * m <= 2 * c * (1 - beta) * Ex K start delta)
      by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|auto]).
    rewrite S_INR. lra.
Qed.

Lemma dist_nonneg k : 0 <= Ex k start (fun z => dist2 n (px z) xs).
Proof.
  apply Rle_trans with (Ex k start (fun _ => 0)); [rewrite Ex_const; lra|].
  apply Ex_mono; [apply start_inv|]. intros; apply dot_pos.
Qed.

(** For every constant c up to the cap: T1.

    min_{k≤K} E[f(x^k) - f⋆] ≤ (D²/(cK) + c G²)/(2(1-β)), uncapped or with any cap α ≥ c.
    Here and in all rates, m is any number that all K gaps are at least, so their minimum.
    Source: derived here. *)
Theorem rate_any_c c m K : (0 < K)%nat -> 0 < c -> below_cap c cap ->
  (forall k, (k < K)%nat -> m <= Ex k start delta) ->
  m <= (D * D / (c * INR K) + c * (G * G)) / (2 * (1 - beta)).
Proof.
  intros HK Hc Hca Hm. pose proof (summed c m K (Rlt_le _ _ Hc) Hca Hm) as H.
  pose proof (dist_nonneg K). assert (0 < INR K) by (apply lt_0_INR; auto).
  apply (Rmult_le_reg_r (2 * (1 - beta) * (c * INR K))); [repeat apply Rmult_lt_0_compat; lra|].
  replace ((D * D / (c * INR K) + c * (G * G)) / (2 * (1 - beta)) * (2 * (1 - beta) * (c * INR K)))
    with (D * D + INR K * (c * c * (G * G))) by (field; repeat split; lra).
  lra.
Qed.

(** The paper's rate, for every cap that is large enough: T1.

    min_{k≤K} E[f(x^k) - f⋆] ≤ G D/((1-β)√K), uncapped or with α ≥ D/(G√K).
    Source: derived here. *)
Theorem rate_capped m K : (0 < K)%nat -> below_cap (D / (G * sqrt (INR K))) cap ->
  (forall k, (k < K)%nat -> m <= Ex k start delta) ->
  m <= G * D / ((1 - beta) * sqrt (INR K)).
Proof.
  intros HK Ha Hm. assert (0 < INR K) by (apply lt_0_INR; auto).
  assert (Hr : 0 < sqrt (INR K)) by (apply sqrt_lt_R0; auto).
  assert (Hrr : sqrt (INR K) * sqrt (INR K) = INR K) by (apply sqrt_sqrt; lra).
  set (r := sqrt (INR K)) in *.
  assert (Hc : 0 < D / (G * r)) by (apply Rdiv_lt_0_compat; auto; apply Rmult_lt_0_compat; auto).
  pose proof (rate_any_c (D / (G * r)) m K HK Hc Ha Hm) as H1.
  rewrite <- Hrr in H1.
  replace ((D * D / (D / (G * r) * (r * r)) + D / (G * r) * (G * G)) / (2 * (1 - beta)))
    with (G * D / ((1 - beta) * r)) in H1; auto. field. repeat split; lra.
Qed.

(** A cap that is too small costs 1/√K: T1.

    min_{k≤K} E[f(x^k) - f⋆] ≤ D²/((1-β)αK) where α ≤ D/(G√K).
    Source: derived here. *)
Theorem rate_small_cap alpha m K : (0 < K)%nat -> cap = Some alpha -> alpha <= D / (G * sqrt (INR K)) ->
  (forall k, (k < K)%nat -> m <= Ex k start delta) ->
  m <= D * D / ((1 - beta) * alpha * INR K).
Proof.
  intros HK Hca Ha Hm. assert (0 < INR K) by (apply lt_0_INR; auto).
  assert (Ha0 : 0 < alpha) by (unfold positive_cap in Hcap; rewrite Hca in Hcap; exact Hcap).
  assert (Hb : below_cap alpha cap) by (unfold below_cap; rewrite Hca; lra).
  pose proof (rate_any_c alpha m K HK Ha0 Hb Hm) as H1. apply Rle_trans with (1 := H1).
  assert (Hr : 0 < sqrt (INR K)) by (apply sqrt_lt_R0; auto).
  assert (Hrr : sqrt (INR K) * sqrt (INR K) = INR K) by (apply sqrt_sqrt; lra).
  set (r := sqrt (INR K)) in *.
  assert (HGr : 0 < G * r) by (apply Rmult_lt_0_compat; auto).
  assert (Har : alpha * (G * r) <= D).
  { apply (Rmult_le_compat_r (G * r)) in Ha; [|lra].
    replace (D / (G * r) * (G * r)) with D in Ha by (field; lra). exact Ha. }
  assert (Hsq : (alpha * (G * r)) * (alpha * (G * r)) <= D * D).
  { apply Rmult_le_compat; try exact Har; apply Rmult_le_pos; lra. }
  apply (Rmult_le_reg_r (2 * (1 - beta) * (alpha * INR K))); [repeat apply Rmult_lt_0_compat; lra|].
  replace ((D * D / (alpha * INR K) + alpha * (G * G)) / (2 * (1 - beta)) * (2 * (1 - beta) * (alpha * INR
    K)))
    with (D * D + (alpha * G) * (alpha * G) * INR K) by (field; repeat split; lra).
  replace (D * D / ((1 - beta) * alpha * INR K) * (2 * (1 - beta) * (alpha * INR K)))
    with (2 * (D * D)) by (field; repeat split; lra).
  rewrite <- Hrr. lra.
Qed.
End Rate.

(** The convergence theorem of the paper.

    Every f(·,s) convex, one x⋆ that minimises them all, E‖g(x,s)‖² ≤ G² in the ball around x⋆ through
    x^1; MoMo with averages from the first sample, f_⋆ = f⋆, no cap, no decay; K independent samples:
    min_{k≤K} E[f(x^k) - f⋆] ≤ G D/((1-β)√K),  D = ‖x^1 - x⋆‖.
    Source: MoMo paper, the convergence theorem for convex functions with interpolation. *)
Theorem rate n M f g p beta fstar xs x1 G D m K :
  0 <= beta < 1 -> nonnegative M p -> sumn M p = 1 ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  0 < G -> 0 < D -> dist2 n x1 xs = D * D -> bounded_gradients n M g p xs D G ->
  (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= Ex n M f g p beta fstar None k (start x1) (delta M f p fstar)) ->
  m <= G * D / ((1 - beta) * sqrt (INR K)).
Proof.
  intros Hb Hp Hp1 Hc Hi Hm HG HD Hd Hg HK H.
  apply (rate_capped n M f g p beta fstar None xs x1 G D); simpl; auto.
Qed.
