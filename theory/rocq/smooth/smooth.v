(** Smooth functions, with any cap: 1/K on every path, and a linear rate under quadratic growth.

    A smooth function lies above its linearisations at its minimiser by ‖g‖²/(2L) ([line_of_smooth]), so
    the model lies below f⋆ at x⋆ by ‖d‖²/(2L), and a step takes min{α, 1/L}(h-f⋆) off ‖x-x⋆‖² ([tau_gain]).
    *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step expectation rate.
Open Scope R_scope.

(** What smoothness gives at the minimiser: f(x,s) + <g, x⋆ - x> + ‖g‖²/(2L) ≤ f⋆. *)
Definition line_below (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (xs : vec) (fstar L : R) :=
  forall s x, (s < M)%nat ->
  f s x + dot n (g s x) (lin 1 xs (-1) x) + dot n (g s x) (g s x) / (2 * L) <= fstar.

Lemma line_of_smooth n M f g xs fstar L : convex n M f g -> interpolation M f xs fstar ->
  bounded_below M f fstar -> 0 < L -> smooth n M f g L -> line_below n M f g xs fstar L.
Proof.
  intros Hconv Hint Hmin HL Hsm s x Hs.
  assert (E : forall v, f s (lin 1 xs (- / L) v) <= fstar - / L * dot n (g s xs) v + / (2 * L) * dot n v v).
  { intros v. pose proof (Hsm s xs (lin 1 xs (- / L) v) Hs) as H. rewrite (Hint s Hs) in H.
    unfold dist2 in H. repeat rewrite ?dot_lin_l, ?dot_lin_r in H. rewrite ?(dot_comm n v xs) in H.
    apply Rle_trans with (1 := H). right. field. lra. }
  assert (Hz : dot n (g s xs) (g s xs) = 0).
  { pose proof (E (g s xs)) as H. pose proof (Hmin s (lin 1 xs (- / L) (g s xs)) Hs) as H1.
    pose proof (dot_pos n (g s xs)) as H2. assert (0 < / (2 * L)) by (apply Rinv_0_lt_compat; lra).
    assert (/ L = 2 * / (2 * L)) by (field; lra).
    assert (/ L * dot n (g s xs) (g s xs) = 2 * (/ (2 * L) * dot n (g s xs) (g s xs))) by (rewrite H3; ring).
    assert (/ (2 * L) * dot n (g s xs) (g s xs) <= 0) by lra.
    assert (0 <= / (2 * L) * dot n (g s xs) (g s xs)) by (apply Rmult_le_pos; lra).
    assert (/ (2 * L) * dot n (g s xs) (g s xs) = 0) by lra.
    match goal with H : _ * _ = 0 |- _ => apply Rmult_integral in H; destruct H; lra end. }
  pose proof (E (lin (-1) (g s x) 0 xs)) as H. rewrite (dot_null _ _ _ Hz) in H.
  pose proof (Hconv s x (lin 1 xs (- / L) (lin (-1) (g s x) 0 xs)) Hs) as Hc.
  repeat rewrite ?dot_lin_l, ?dot_lin_r in H. repeat rewrite ?dot_lin_l, ?dot_lin_r in Hc.
  repeat rewrite ?dot_lin_l, ?dot_lin_r.
  pose proof (Rle_trans _ _ _ Hc H) as HH. unfold Rdiv.
  replace (/ L) with (2 * / (2 * L)) in HH by (field; lra).
  rewrite ?(dot_comm n (g s x) xs) in *. lra.
Qed.

Section Smooth.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R).
Variables (beta fstar : R) (cap : option R) (xs x1 : vec) (D : R).
Variables (L gam mu : R).
Notation model := (model n).
Notation tau := (tau fstar cap).
Notation step := (step n f g beta fstar cap).
Notation start := (start x1).
Notation path := (path n f g beta fstar cap x1).
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
Hypothesis HD0 : 0 < D.
Hypothesis HD : dist2 n x1 xs = D * D.

(** The lemmas of the files before, for this section's problem. *)
Notation step_inv := (step_inv n M f g beta fstar cap xs D Hbeta Hcap Hconv Hint Hmin).
Notation start_inv := (start_inv n fstar xs x1 D HD).
Notation keep_range := (keep_range beta Hbeta).
Notation tau_props := (tau_props fstar cap Hcap).
Notation Ex_lin := (Ex_lin n M f g p beta fstar cap).
Notation Ex_const := (Ex_const n M f g p beta fstar cap Hp1).
Notation Ex_last := (Ex_last n M f g p beta fstar cap).
Notation avg_sub := (avg_sub M p Hp1).

Hypothesis HL : 0 < L.
Hypothesis Hgam : gam = match cap with None => / L | Some alpha => Rmin alpha (/ L) end.
Hypothesis Hline : line_below n M f g xs fstar L.

Definition inv2 (st : state) : Prop := inv st /\
  (first st = false -> model st xs + dot n (pd st) (pd st) / (2 * L) <= fstar).

Lemma start_inv2 : inv2 start.
Proof. split; [apply start_inv|discriminate]. Qed.

Lemma gam_le : 0 < gam /\ gam <= / L /\ below_cap gam cap.
Proof.
  assert (0 < / L) by (apply Rinv_0_lt_compat; auto). rewrite Hgam. unfold below_cap, positive_cap in *.
  destruct cap as [alpha|].
  - pose proof (Rmin_l alpha (/ L)). pose proof (Rmin_r alpha (/ L)).
    split; [apply Rmin_glb_lt; auto|split; auto].
  - split; [auto|split; [lra|auto]].
Qed.

Lemma tau_gain h N : 0 <= N -> fstar <= h -> (N = 0 -> h = fstar) ->
  let t := tau h N in
  gam * (h - fstar) <= 2 * t * (h - fstar) + t * N / L - t * t * N.
Proof.
  intros HN Hh H0. pose proof gam_le as [Hg0 [HgL Hga]]. unfold tau.
  unfold below_cap in Hga. unfold positive_cap in Hcap.
  assert (0 < / L) by (apply Rinv_0_lt_compat; auto).
  destruct (Req_EM_T N 0) as [->|HN0]; [rewrite (H0 eq_refl); unfold Rdiv; lra|].
  assert (0 < N) by lra. rewrite (Rmax_right 0 (h - fstar)) by lra.
  set (z := (h - fstar) / N). set (a := h - fstar) in *. assert (0 <= a) by (unfold a; lra).
  assert (Hz : z * N = a) by (unfold z; field; lra).
  assert (0 <= z) by (unfold z; apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; auto]).
  assert (Hun : gam * a <= 2 * z * a + z * N / L - z * z * N).
  { assert (gam * a <= / L * a) by (apply Rmult_le_compat_r; auto).
    assert (0 <= z * a) by (apply Rmult_le_pos; auto).
    replace (2 * z * a + z * N / L - z * z * N) with (2 * z * a + (z * N) / L - z * (z * N)) by (unfold Rdiv;
      ring).
    rewrite Hz. unfold Rdiv. lra. }
  destruct cap as [alpha|]; [|exact Hun].
  unfold Rmin; destruct (Rle_dec alpha z); [|exact Hun].
  assert (alpha * N <= z * N) by (apply Rmult_le_compat_r; lra).
  assert (gam * a <= alpha * a) by (apply Rmult_le_compat_r; auto).
  assert (0 <= alpha * (a - alpha * N)) by (apply Rmult_le_pos; lra).
  assert (0 <= alpha * N / L) by (unfold Rdiv; repeat apply Rmult_le_pos; lra).
  lra.
Qed.

Lemma step_inv2 st s : inv2 st -> (s < M)%nat ->
  inv2 (step st s) /\
  dist2 n (px (step st s)) xs <= dist2 n (px st) xs - gam * ((1 - beta) * (f s (px st) - fstar)).
Proof.
  intros [Hi Hm2] Hs.
  assert (Hca0 : below_cap 0 cap) by (apply below_cap_zero; auto).
  pose proof (step_inv st s 0 Hi Hs (Rle_refl 0) Hca0) as [Hi' _].
  destruct Hi as [Hd Hm]. pose proof (keep_range st) as Hk. pose proof gam_le as [Hg0 _].
  set (x := px st) in *. set (d := pd (step st s)). set (N := dot n d d). set (h := model (step st s) x).
  assert (HN : 0 <= N) by apply dot_pos.
  assert (HiL : 0 < / (2 * L)) by (apply Rinv_0_lt_compat; lra).
  assert (Hb2 : model (step st s) xs + N / (2 * L) <= fstar).
  { rewrite model_step. pose proof (Hline s x Hs) as Hl. fold x.
    assert (HN2 : N <= keepof st * dot n (pd st) (pd st) + (1 - keepof st) * dot n (g s x) (g s x))
      by (unfold N, d; simpl; fold (keepof st); fold x; apply sq_convex; lra).
    assert (N * / (2 * L) <= (keepof st * dot n (pd st) (pd st) + (1 - keepof st) * dot n (g s x) (g s x)) *
      / (2 * L))
      by (apply Rmult_le_compat_r; lra).
    assert (keepof st * (model st xs + dot n (pd st) (pd st) / (2 * L)) <= keepof st * fstar).
    { unfold keepof in *; destruct (first st); [lra|]. apply Rmult_le_compat_l; [lra|]. apply Hm2; auto. }
    assert ((1 - keepof st) * (f s x + dot n (g s x) (lin 1 xs (-1) x) + dot n (g s x) (g s x) / (2 * L))
       <= (1 - keepof st) * fstar) by (apply Rmult_le_compat_l; lra).
    unfold Rdiv in *. lra. }
  pose proof (Hmin s x Hs) as Hfx.
  assert (Hh : (1 - beta) * (f s x - fstar) <= h - fstar).
  { unfold h. rewrite model_step. fold x.
    assert (E : dot n (g s x) (lin 1 x (-1) x) = 0) by (rewrite dot_lin_r; ring). rewrite E.
    assert (keepof st * fstar <= keepof st * model st x).
    { unfold keepof in *; destruct (first st); [lra|]. apply Rmult_le_compat_l; [lra|]. apply Hm; auto. }
    assert (0 <= (beta - keepof st) * (f s x - fstar)) by (apply Rmult_le_pos; lra). lra. }
  assert (Hh0 : fstar <= h) by (assert (0 <= (1 - beta) * (f s x - fstar)) by (apply Rmult_le_pos; lra); lra).
  assert (Hdir : h - fstar + N / (2 * L) <= dot n d (lin 1 x (-1) xs)).
  { rewrite dot_lin_r. unfold h, model in *. fold d in Hb2 |- *. lra. }
  assert (HNL : 0 <= N / (2 * L)) by (unfold Rdiv; apply Rmult_le_pos; lra).
  assert (H0 : N = 0 -> h = fstar).
  { intros E. pose proof (dot_null n d (lin 1 x (-1) xs) E). lra. }
  pose proof (tau_props h N 0 HN Hh0 (Rle_refl 0) Hca0 H0) as [Ht _].
  pose proof (tau_gain h N HN Hh0 H0) as Hgain. simpl in Hgain.
  assert (Hx : px (step st s) = lin 1 x (- tau h N) d) by reflexivity.
  assert (Hdist : dist2 n (px (step st s)) xs =
     dist2 n x xs - 2 * tau h N * dot n d (lin 1 x (-1) xs) + tau h N * tau h N * N).
  { rewrite Hx. unfold dist2, N. repeat rewrite ?dot_lin_l, ?dot_lin_r.
    rewrite ?(dot_comm n x d), ?(dot_comm n xs d), ?(dot_comm n xs x). ring. }
  split.
  - split; [exact Hi'|]. intros _. exact Hb2.
  - rewrite Hdist.
    assert (2 * tau h N * (h - fstar + N / (2 * L)) <= 2 * tau h N * dot n d (lin 1 x (-1) xs))
      by (apply Rmult_le_compat_l; lra).
    assert (2 * tau h N * (N / (2 * L)) = tau h N * N / L) by (field; lra).
    assert (gam * ((1 - beta) * (f s x - fstar)) <= gam * (h - fstar)) by (apply Rmult_le_compat_l; lra).
    lra.
Qed.

Lemma smooth_sum w K : (forall k, (w k < M)%nat) ->
  gam * (1 - beta) * sumn K (fun k => f (w k) (px (path w k)) - fstar) <= D * D.
Proof.
  intros Hw.
  assert (H : inv2 (path w K) /\ dist2 n (px (path w K)) xs
     + gam * (1 - beta) * sumn K (fun k => f (w k) (px (path w k)) - fstar) <= D * D).
  { induction K.
    - split; [apply start_inv2|]. simpl. rewrite HD. lra.
    - destruct IHK as [Hi Hsum]. pose proof (step_inv2 (path w K) (w K) Hi (Hw K)) as [Hi' Hd'].
      split; [exact Hi'|].
      change (path w (S K)) with (step (path w K) (w K)).
      change (sumn (S K) (fun k => f (w k) (px (path w k)) - fstar))
        with (sumn K (fun k => f (w k) (px (path w k)) - fstar) + (f (w K) (px (path w K)) - fstar)).
      lra. }
  destruct H as [_ H]. pose proof (dot_pos n (lin 1 (px (path w K)) (-1) xs)) as Hp0. unfold dist2 in H. lra.
Qed.

Lemma Ex_mono2 k : forall st phi psi, inv2 st ->
  (forall st', inv2 st' -> phi st' <= psi st') -> Ex k st phi <= Ex k st psi.
Proof.
  induction k; simpl; intros st phi psi Hi H; auto.
  apply sumn_le; intros s Hs. apply Rmult_le_compat_l; auto. apply IHk; auto.
  apply (step_inv2 st s); auto.
Qed.

(** Quadratic growth of the mean function: (μ/2)‖x - x⋆‖² ≤ f(x) - f⋆. *)
Hypothesis Hqg : forall x, mu / 2 * dist2 n x xs <= favg x - fstar.
Notation dd := (fun z : state => dist2 n (px z) xs).
Definition contraction := 1 - gam * (1 - beta) * (mu / 2).

Lemma linear_step k : Ex (S k) start dd <= contraction * Ex k start dd.
Proof.
  pose proof gam_le as [Hg0 _]. rewrite Ex_last.
  set (q := contraction).
  apply Rle_trans with (Ex k start (fun z => q * dd z + 0 * 0)).
  - apply Ex_mono2; [apply start_inv2|]. intros z Hz.
    apply Rle_trans with (sumn M (fun s => dist2 n (px z) xs * p s
      + (- (gam * (1 - beta))) * (p s * (f s (px z) - fstar)))).
    + apply sumn_le; intros s Hs. pose proof (step_inv2 z s Hz Hs) as [_ H].
      apply Rle_trans with (p s * (dist2 n (px z) xs - gam * ((1 - beta) * (f s (px z) - fstar))));
        [apply Rmult_le_compat_l; auto|right; ring].
    + rewrite sumn_plus, !sumn_scal, Hp1, avg_sub. fold (favg (px z)).
      pose proof (Hqg (px z)).
      assert (gam * (1 - beta) * (mu / 2 * dist2 n (px z) xs) <= gam * (1 - beta) * (favg (px z) - fstar))
        by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|auto]).
      unfold q, contraction. lra.
  - rewrite (Ex_lin k start q 0 dd (fun _ => 0)), Ex_const. lra.
Qed.

(** It is not negative, or the first step would lead to a negative squared distance. *)
Lemma contraction_nonneg : 0 <= contraction.
Proof.
  pose proof (linear_step 0) as H. change (Ex 0 start dd) with (dist2 n x1 xs) in H. rewrite HD in H.
  assert (H0 : 0 <= Ex 1 start dd).
  { rewrite <- (Ex_const 1 start 0). apply Ex_mono2; [apply start_inv2|]. intros; apply dot_pos. }
  assert (HDD : 0 < D * D) by (apply Rmult_lt_0_compat; auto).
  destruct (Rle_lt_dec 0 contraction) as [|Hq]; auto.
  pose proof (Rmult_lt_compat_r _ _ _ HDD Hq). lra.
Qed.

Lemma linear_sum K : Ex K start dd <= contraction ^ K * (D * D).
Proof.
  induction K; [simpl; rewrite HD; lra|].
  pose proof (linear_step K) as H. simpl pow.
  pose proof (Rmult_le_compat_l contraction _ _ contraction_nonneg IHK). lra.
Qed.
End Smooth.

(** The step size γ = min{α, 1/L} that a step of MoMo is worth on an L-smooth function. *)
Definition worth (cap : option R) (L : R) := match cap with None => / L | Some alpha => Rmin alpha (/ L) end.

(** Smooth functions, on every path, in any order, with any cap: T2.

    (1-β) Σ_{k≤K} (f_k - f⋆) ≤ D² max{L, 1/α}, here as γ (1-β) Σ ≤ D² with γ = min{α, 1/L}.
    Source: derived here. *)
Theorem smooth_any_cap n M f g beta fstar cap xs x1 D L w K :
  0 <= beta < 1 -> positive_cap cap ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  dist2 n x1 xs = D * D -> 0 < L -> smooth n M f g L -> (forall k, (w k < M)%nat) ->
  worth cap L * (1 - beta) *
    sumn K (fun k => f (w k) (px (path n f g beta fstar cap x1 w k)) - fstar) <= D * D.
Proof.
  intros Hb Hca Hc Hi Hm HD HL Hs Hw.
  apply (smooth_sum n M f g beta fstar cap xs x1 D L); auto. apply line_of_smooth; auto.
Qed.

(** A linear rate: samples L-smooth, the mean function with quadratic growth: T5.

    E‖x^{K+1} - x⋆‖² ≤ (1 - (1-β) μ min{α, 1/L}/2)^K D².
    Source: derived here. *)
Theorem linear_rate n M f g p beta fstar cap xs x1 D L mu K :
  0 <= beta < 1 -> positive_cap cap -> nonnegative M p -> sumn M p = 1 ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  0 < D -> dist2 n x1 xs = D * D -> 0 < L -> smooth n M f g L ->
  (forall x, mu / 2 * dist2 n x xs <= favg M f p x - fstar) ->
  Ex n M f g p beta fstar cap K (start x1) (fun z => dist2 n (px z) xs)
    <= (1 - worth cap L * (1 - beta) * (mu / 2)) ^ K * (D * D).
Proof.
  intros Hb Hca Hp Hp1 Hc Hi Hm HD0 HD HL Hs Hq.
  apply (linear_sum n M f g p beta fstar cap xs x1 D L); auto. apply line_of_smooth; auto.
Qed.
