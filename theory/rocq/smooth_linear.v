(** Smooth functions: a sum of the suboptimalities that is linear in 1/(1-β), with both ends kept.

    On every path, for every order of the samples and every cap α, with δ_k = f(x^k,s_k) - f⋆:

      (3/2)δ_1 + (1-β) Σ_{2≤k<K} δ_k + 2δ_K ≤ D² max{L, 1/α}.

    1. A smooth convex function lies above its linearisations at x⋆ by ‖g‖²/(2L), so that the model lies
       below f⋆ there by ‖d‖²/(2L), and a step takes min{α, 1/L}(h-f⋆) off ‖x-x⋆‖² (smooth.v); and
       h-f⋆ ≥ (1-β)(f_k-f⋆). Summed: [telescoped].
    2. In the first step d = g and h = f_1. With ‖g‖² ≤ 2L(f_1-f⋆) ([gradient_small]) it takes three halves
       of min{α, 1/L}(f_1-f⋆) off ([first_gain], [first_step]).
    3. No step follows the last point, where f_K-f⋆ ≤ (L/2)‖x^K-x⋆‖² ([last_value]). *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step expectation rate smooth.
Open Scope R_scope.

(** max{L, 1/α}, which is L without a cap: the inverse of [worth]. *)
Definition speed (cap : option R) (L : R) := match cap with None => L | Some alpha => Rmax L (/ alpha) end.


Lemma speed_worth cap L : 0 < L -> positive_cap cap -> 0 < speed cap L /\ worth cap L * speed cap L = 1.
Proof.
  intros HL Hc. destruct cap as [alpha|]; simpl in *; [|split; [auto|field; lra]].
  assert (Ha : 0 < / alpha) by (apply Rinv_0_lt_compat; auto).
  assert (Hl : 0 < / L) by (apply Rinv_0_lt_compat; auto).
  unfold Rmax, Rmin. destruct (Rle_dec L (/ alpha)) as [H|H], (Rle_dec alpha (/ L)) as [H1|H1].
  - split; [auto|field; lra].
  - exfalso. apply H1. rewrite <- (Rinv_inv alpha). apply Rinv_le_contravar; auto.
  - exfalso. apply H. rewrite <- (Rinv_inv L). apply Rinv_le_contravar; auto.
  - split; [auto|field; lra].
Qed.

(** Sums: at least K times the least term; and the first term by itself. *)
Lemma sumn_least K m F : (forall k, (k < K)%nat -> m <= F k) -> INR K * m <= sumn K F.
Proof.
  induction K as [|K IH]; intros H; [simpl; lra|]. rewrite S_INR. simpl sumn.
  pose proof (H K ltac:(lia)). assert (INR K * m <= sumn K F) by (apply IH; intros; apply H; lia). lra.
Qed.
Lemma sumn_first K F : sumn (S K) F = F 0%nat + sumn K (fun k => F (S k)).
Proof. induction K as [|K IH]; [simpl; ring|]. simpl sumn in *. lra. Qed.

(** What the two ends of the run use of smoothness. *)
Section Ends.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (fstar L : R) (xs : vec).
Hypothesis HL : 0 < L.
Hypothesis Hsmooth : smooth n M f g L.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.

(** ‖g‖² ≤ 2L(f(x)-f⋆): the point x - g/L is not below f⋆. *)
Lemma gradient_small s x : (s < M)%nat -> dot n (g s x) (g s x) <= 2 * L * (f s x - fstar).
Proof.
  intros Hs. set (y := lin 1 x (- / L) (g s x)).
  pose proof (Hsmooth s x y Hs) as H. pose proof (Hmin s y Hs) as Hy. unfold y, dist2 in H.
  repeat rewrite ?dot_lin_l, ?dot_lin_r in H. fold y in H. rewrite ?(dot_comm n x (g s x)) in H.
  set (N := dot n (g s x) (g s x)) in *.
  assert (E : fstar <= f s x - / (2 * L) * N).
  { apply Rle_trans with (1 := Hy), Rle_trans with (1 := H). right. field. lra. }
  assert (H1 : 2 * L * (/ (2 * L) * N) = N) by (field; lra).
  assert (H2 : 2 * L * (/ (2 * L) * N) <= 2 * L * (f s x - fstar)) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(** f(x)-f⋆ ≤ (L/2)‖x-x⋆‖²: the gradient at x⋆ is zero. *)
Lemma last_value s x : (s < M)%nat -> f s x - fstar <= L / 2 * dist2 n x xs.
Proof.
  intros Hs. pose proof (gradient_small s xs Hs) as H0. rewrite (Hint s Hs) in H0.
  assert (Hz : dot n (g s xs) (g s xs) = 0) by (pose proof (dot_pos n (g s xs)); lra).
  pose proof (Hsmooth s xs x Hs) as H. rewrite (dot_null n _ _ Hz), (Hint s Hs) in H. lra.
Qed.
End Ends.

(** The first step's gain: where N ≤ 2La, τ = min{α, a/N} gives 2τa + τN/L - τ²N ≥ (3/2) min{α, 1/L} a. *)
Lemma first_gain cap L a N : 0 < L -> positive_cap cap -> 0 <= N -> 0 <= a -> N <= 2 * L * a ->
  (N = 0 -> a = 0) ->
  let t := tau 0 cap a N in
  0 <= t /\ worth cap L * (3 / 2 * a) <= 2 * t * a + t * N / L - t * t * N.
Proof.
  intros HL Hc HN Ha HNa H0. cbv zeta. unfold tau. rewrite Rminus_0_r.
  assert (Hl : 0 < / L) by (apply Rinv_0_lt_compat; auto).
  assert (HNL : / L * N <= 2 * a).
  { apply (Rmult_le_compat_l (/ L)) in HNa; [|lra].
    replace (/ L * (2 * L * a)) with (2 * a) in HNa by (field; lra). lra. }
  destruct (Req_EM_T N 0) as [->|HN0]; [rewrite (H0 eq_refl); unfold Rdiv; lra|].
  rewrite (Rmax_right 0 a) by lra. set (z := a / N).
  assert (Hz : z * N = a) by (unfold z; field; lra).
  assert (Hz0 : 0 <= z) by (unfold z; apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; lra]).
  assert (Hza : / L * a <= 2 * (z * a)).
  { apply (Rmult_le_compat_l z) in HNL; [|auto].
    replace (z * (/ L * N)) with (/ L * (z * N)) in HNL by ring. rewrite Hz in HNL. lra. }
  (* the uncapped step gives a/L + a z, and z ≥ 1/(2L) *)
  assert (Hun : / L * (3 / 2 * a) <= 2 * z * a + z * N / L - z * z * N).
  { replace (2 * z * a + z * N / L - z * z * N) with (2 * z * a + / L * (z * N) - z * (z * N))
      by (unfold Rdiv; ring). rewrite Hz. lra. }
  destruct cap as [alpha|]; simpl in *; [|split; [auto|exact Hun]].
  pose proof (Rmin_r alpha (/ L)) as Hr1. pose proof (Rmin_l alpha (/ L)) as Hr2.
  assert (Hra : Rmin alpha (/ L) * (3 / 2 * a) <= / L * (3 / 2 * a)) by (apply Rmult_le_compat_r; lra).
  assert (Hrb : Rmin alpha (/ L) * (3 / 2 * a) <= alpha * (3 / 2 * a)) by (apply Rmult_le_compat_r; lra).
  destruct (Rle_dec alpha z) as [Haz|Haz]; 
    [rewrite (Rmin_left alpha z) by auto|rewrite (Rmin_right alpha z) by lra].
  2: { split; [auto|lra]. }
  split; [lra|].
  assert (HaN : alpha * N <= a) by (rewrite <- Hz; apply Rmult_le_compat_r; auto).
  destruct (Rle_dec alpha (/ L)) as [HaL|HaL].
  - (* a short step: α ≤ 1/L *)
    assert (H1 : 0 <= (/ L - alpha) * (alpha * N)) by (apply Rmult_le_pos; [lra|apply Rmult_le_pos; lra]).
    assert (H2 : 0 <= alpha * a) by (apply Rmult_le_pos; lra). unfold Rdiv. lra.
  - (* 1/L < α ≤ a/N: the gain grows with the step *)
    assert (H1 : 0 <= (alpha - / L) * (2 * a - alpha * N)) by (apply Rmult_le_pos; lra).
    assert (H2 : / L * (alpha * N) <= / L * a) by (apply Rmult_le_compat_l; lra).
    assert (H3 : 0 <= / L * a) by (apply Rmult_le_pos; lra).
    replace (2 * alpha * a + alpha * N / L - alpha * alpha * N)
      with ((alpha - / L) * (2 * a - alpha * N) + 2 * (/ L * a)) by (unfold Rdiv; ring). lra.
Qed.

Section SmoothLinear.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta fstar : R) (cap : option R) (xs x1 : vec) (D L : R).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hcap : positive_cap cap.
Hypothesis HL : 0 < L.
Hypothesis Hconv : convex n M f g.
Hypothesis Hsmooth : smooth n M f g L.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.

Notation dist z := (dist2 n (px z) xs).

(** A step from x that goes along -g, a multiple w of it having been averaged: the first one. *)
Lemma first_distance s x y t : (s < M)%nat -> t = tau 0 cap (f s x - fstar) (dot n (g s x) (g s x)) ->
  (forall i, (i < n)%nat -> y i = x i - t * g s x i) ->
  dist2 n y xs <= dist2 n x xs - worth cap L * (3 / 2 * (f s x - fstar)).
Proof.
  intros Hs Et Hy. set (d := g s x) in *. set (N := dot n d d) in *. set (a := f s x - fstar) in *.
  pose proof (Hmin s x Hs) as Hfx.
  assert (HN : 0 <= N) by apply dot_pos.
  assert (Hline : a + N / (2 * L) <= dot n d (lin 1 x (-1) xs)).
  { assert (H : f s x + dot n d (lin 1 xs (-1) x) + N / (2 * L) <= fstar)
      by (unfold d, N; eapply line_of_smooth; eauto).
    rewrite dot_lin_r in *. unfold a. lra. }
  assert (H0 : N = 0 -> a = 0).
  { intros E. pose proof (dot_null n d (lin 1 x (-1) xs) E) as Hz. rewrite E in Hline.
    unfold a in *. unfold Rdiv in Hline. lra. }
  assert (HNa : N <= 2 * L * a) by (eapply gradient_small; eauto).
  assert (Ha : 0 <= a) by (unfold a; lra).
  pose proof (first_gain cap L a N HL Hcap HN Ha HNa H0) as [Ht Hg]. rewrite <- Et in Ht, Hg.
  assert (E : dist2 n y xs = dist2 n x xs - 2 * t * dot n d (lin 1 x (-1) xs) + t * t * N).
  { transitivity (dist2 n (lin 1 x (- t) d) xs).
    - unfold dist2, dot. apply sumn_ext. intros i Hi. unfold lin. rewrite (Hy i Hi). fold d. ring.
    - unfold dist2, N. repeat rewrite ?dot_lin_l, ?dot_lin_r.
      rewrite ?(dot_comm n x d), ?(dot_comm n xs d), ?(dot_comm n xs x). ring. }
  rewrite E. assert (H2 : 2 * t * (a + N / (2 * L)) <= 2 * t * dot n d (lin 1 x (-1) xs))
    by (apply Rmult_le_compat_l; lra).
  assert (H3 : 2 * t * (N / (2 * L)) = t * N / L) by (field; lra). lra.
Qed.

(** MoMo's first step, from the first sample. *)
Lemma first_step s : (s < M)%nat ->
  dist (step n f g beta fstar cap (start x1) s) <= dist2 n x1 xs - worth cap L * (3 / 2 * (f s x1 - fstar)).
Proof.
  intros Hs. eapply first_distance; [exact Hs|reflexivity|]. intros i _.
  set (d := lin 0 (fun _ => 0) (1 - 0) (g s x1)).
  assert (Ed : forall y, dot n d y = dot n (g s x1) y)
    by (intros y; unfold dot, d, lin; apply sumn_ext; intros; ring).
  change (1 * x1 i + - tau fstar cap (0 * 0 + (1 - 0) * f s x1 + dot n d x1
    - (0 * 0 + (1 - 0) * dot n (g s x1) x1)) (dot n d d) * d i =
    x1 i - tau 0 cap (f s x1 - fstar) (dot n (g s x1) (g s x1)) * g s x1 i).
  rewrite (Ed d), (dot_comm n (g s x1) d), !Ed. unfold d, lin.
  replace (0 * 0 + (1 - 0) * f s x1 + dot n (g s x1) x1 - (0 * 0 + (1 - 0) * dot n (g s x1) x1))
    with (f s x1) by ring.
  unfold tau. rewrite (Rminus_0_r (f s x1 - fstar)). ring.
Qed.

(** From a state of which the invariants hold: k more steps, each with a cap of its own. *)
Lemma telescoped (z : nat -> state) (caps : nat -> option R) (w : nat -> nat) K :
  (forall k, (k < K)%nat -> z (S k) = step n f g beta fstar (caps k) (z k) (w k)) ->
  (forall k, (k < K)%nat -> (w k < M)%nat) ->
  (forall k, (k < K)%nat -> positive_cap (caps k) /\ worth cap L <= worth (caps k) L) ->
  inv2 n fstar xs D L (z 0%nat) ->
  dist (z K) + worth cap L * (1 - beta) * sumn K (fun k => f (w k) (px (z k)) - fstar) <= dist (z 0%nat).
Proof.
  intros Hz Hw Hca H0.
  assert (H : inv2 n fstar xs D L (z K) /\
    dist (z K) + worth cap L * (1 - beta) * sumn K (fun k => f (w k) (px (z k)) - fstar) <= dist (z 0%nat)).
  2: apply H.
  induction K as [|K IH]; [split; [auto|simpl; lra]|].
  destruct IH as [Hi Hsum]; try (intros; (apply Hz || apply Hw || apply Hca); lia).
  assert (HK : (K < S K)%nat) by lia. pose proof (Hca K HK) as [Hp Hr].
  pose proof (Hmin (w K) (px (z K)) (Hw K HK)) as Hf.
  assert (Hs : inv2 n fstar xs D L (step n f g beta fstar (caps K) (z K) (w K)) /\
    dist (step n f g beta fstar (caps K) (z K) (w K)) <=
    dist (z K) - worth (caps K) L * ((1 - beta) * (f (w K) (px (z K)) - fstar))).
  { eapply step_inv2; eauto. intros s x Hs. eapply line_of_smooth; eauto. }
  rewrite (Hz K HK). destruct Hs as [Hi' Hd]. split; [exact Hi'|]. simpl sumn.
  assert (H1 : worth cap L * ((1 - beta) * (f (w K) (px (z K)) - fstar))
    <= worth (caps K) L * ((1 - beta) * (f (w K) (px (z K)) - fstar)))
    by (apply Rmult_le_compat_r; [apply Rmult_le_pos; lra|auto]).
  lra.
Qed.

Hypothesis HD : dist2 n x1 xs = D * D.
Variable w : nat -> nat.
Hypothesis Hw : forall k, (w k < M)%nat.

Notation path := (path n f g beta fstar cap x1).
(** δ_{k+1}: the first point has the number 0. *)
Notation delta k := (f (w k) (px (path w k)) - fstar).

(** Before the last point is evaluated. *)
Lemma before_last K :
  dist (path w (S K)) + worth cap L * (3 / 2 * delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)))
    <= D * D.
Proof.
  assert (Hca0 : below_cap 0 cap) by (apply below_cap_zero; auto).
  assert (Hi : inv2 n fstar xs D L (path w 1) /\
    dist (path w 1) <= dist (start x1) - worth cap L * ((1 - beta) * (f (w 0%nat) x1 - fstar))).
  { simpl path. eapply step_inv2; eauto; [eapply line_of_smooth; eauto|].
    split; [apply start_inv; auto|discriminate]. }
  destruct Hi as [Hi _].
  pose proof (telescoped (fun k => path w (S k)) (fun _ => cap) (fun k => w (S k)) K) as H.
  assert (H1 : dist (path w (S K)) + worth cap L * (1 - beta) * sumn K (fun k => delta (S k))
    <= dist (path w 1)).
  { apply H; auto. intros. split; [auto|lra]. }
  pose proof (first_step (w 0%nat) (Hw 0%nat)) as H2. rewrite HD in H2.
  simpl path at 3 in H1. simpl path at 2.
  change (px (start x1)) with x1. lra.
Qed.

(** Both ends, summed. *)
Lemma ends K :
  3 / 2 * delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) + 2 * delta (S K) <= D * D * speed cap L.
Proof.
  pose proof (before_last K) as H. destruct (speed_worth cap L HL Hcap) as [Hs E].
  assert (Hl : delta (S K) <= L / 2 * dist (path w (S K))) by (eapply last_value; eauto).
  assert (Hr : 0 <= dist (path w (S K))) by apply dot_pos.
  assert (HLs : L <= speed cap L) by (destruct cap; simpl; [apply Rmax_l|lra]).
  assert (Hl2 : L * dist (path w (S K)) <= speed cap L * dist (path w (S K)))
    by (apply Rmult_le_compat_r; auto).
  apply (Rmult_le_compat_l (speed cap L)) in H; [|lra].
  set (A := 3 / 2 * delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k))) in *.
  replace (speed cap L * (dist (path w (S K)) + worth cap L * A))
    with (speed cap L * dist (path w (S K)) + worth cap L * speed cap L * A) in H by ring.
  rewrite E in H. lra.
Qed.

Lemma first_only K : delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) <= D * D * speed cap L.
Proof.
  pose proof (Hmin (w 0%nat) (px (path w 0)) (Hw 0%nat)) as H0.
  pose proof (Hmin (w K) (px (path w K)) (Hw K)) as HK.
  destruct K as [|K].
  - destruct (speed_worth cap L HL Hcap) as [Hs _].
    assert (Hl : delta 0%nat <= L / 2 * dist (path w 0%nat)) by (eapply last_value; eauto).
    simpl in Hl |- *. rewrite HD in Hl.
    assert (HLs : L <= speed cap L) by (destruct cap; simpl; [apply Rmax_l|lra]).
    assert (HDD : 0 <= D * D) by apply sq_pos.
    pose proof (Rmult_le_compat_l _ _ _ HDD HLs) as H1.
    assert (H2 : 0 <= D * D * L) by (apply Rmult_le_pos; lra). lra.
  - pose proof (ends K) as H. change (sumn (S K) (fun k => delta (S k)))
      with (sumn K (fun k => delta (S k)) + delta (S K)).
    assert (H1 : 0 <= beta * delta (S K)) by (apply Rmult_le_pos; lra). lra.
Qed.
End SmoothLinear.

(** Smooth functions, on every path, in any order of the samples, with any cap, and K+2 evaluations:

    (3/2)δ_1 + (1-β) Σ_{2≤k≤K+1} δ_k + 2δ_{K+2} ≤ D² max{L, 1/α},   δ_k = f(x^k,s_k) - f⋆.
    Source: derived here. *)
Theorem smooth_linear_ends n M f g beta fstar cap xs x1 D L w K :
  0 <= beta < 1 -> positive_cap cap ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  dist2 n x1 xs = D * D -> 0 < L -> smooth n M f g L -> (forall k, (w k < M)%nat) ->
  let delta k := f (w k) (px (path n f g beta fstar cap x1 w k)) - fstar in
  3 / 2 * delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) + 2 * delta (S K) <= D * D * speed cap L.
Proof. intros. apply (ends n M f g beta fstar cap xs x1 D L); auto. Qed.

(** The same with the weights of the steps alone, for K+1 evaluations, K ≥ 0:

    δ_1 + (1-β) Σ_{2≤k≤K+1} δ_k ≤ D² max{L, 1/α},   which is L D² without a cap.
    Source: derived here. *)
Theorem smooth_linear n M f g beta fstar cap xs x1 D L w K :
  0 <= beta < 1 -> positive_cap cap ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  dist2 n x1 xs = D * D -> 0 < L -> smooth n M f g L -> (forall k, (w k < M)%nat) ->
  let delta k := f (w k) (px (path n f g beta fstar cap x1 w k)) - fstar in
  delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) <= D * D * speed cap L.
Proof. intros. apply (first_only n M f g beta fstar cap xs x1 D L); auto. Qed.

(** Hence the least of K ≥ 1 values: min_{k≤K} f_k - f⋆ ≤ D² max{L, 1/α}/(1 + (1-β)(K-1)).
    Source: derived here. *)
Theorem smooth_linear_least_first n M f g beta fstar cap xs x1 D L w m K :
  0 <= beta < 1 -> positive_cap cap ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  dist2 n x1 xs = D * D -> 0 < L -> smooth n M f g L -> (forall k, (w k < M)%nat) -> (1 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= f (w k) (px (path n f g beta fstar cap x1 w k)) - fstar) ->
  m <= D * D * speed cap L / (1 + (1 - beta) * (INR K - 1)).
Proof.
  intros Hb Hca Hc Hi Hmin HD HL Hs Hw HK Hm. destruct K as [|K]; [lia|].
  pose proof (smooth_linear n M f g beta fstar cap xs x1 D L w K Hb Hca Hc Hi Hmin HD HL Hs Hw) as H.
  cbv zeta in H. pose proof (Hm 0%nat ltac:(lia)) as H0. pose proof (pos_INR K) as HI.
  assert (H1 : INR K * m <= sumn K (fun k => f (w (S k)) (px (path n f g beta fstar cap x1 w (S k))) - fstar))
    by (apply sumn_least; intros; apply Hm; lia).
  apply (Rmult_le_compat_l (1 - beta)) in H1; [|lra].
  rewrite S_INR. replace (INR K + 1 - 1) with (INR K) by ring.
  assert (Hd : 0 <= (1 - beta) * INR K) by (apply Rmult_le_pos; lra).
  apply (Rmult_le_reg_r (1 + (1 - beta) * INR K)); [lra|]. unfold Rdiv.
  rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. lra.
Qed.

(** With both ends, K ≥ 2: min_{k≤K} f_k - f⋆ ≤ D² max{L, 1/α}/(7/2 + (1-β)(K-2)).
    Source: derived here. *)
Theorem smooth_linear_least n M f g beta fstar cap xs x1 D L w m K :
  0 <= beta < 1 -> positive_cap cap ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  dist2 n x1 xs = D * D -> 0 < L -> smooth n M f g L -> (forall k, (w k < M)%nat) -> (2 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= f (w k) (px (path n f g beta fstar cap x1 w k)) - fstar) ->
  m <= D * D * speed cap L / (7 / 2 + (1 - beta) * (INR K - 2)).
Proof.
  intros Hb Hca Hc Hi Hmin HD HL Hs Hw HK Hm. destruct K as [|[|K]]; [lia|lia|].
  pose proof (smooth_linear_ends n M f g beta fstar cap xs x1 D L w K Hb Hca Hc Hi Hmin HD HL Hs Hw) as H.
  cbv zeta in H. pose proof (Hm 0%nat ltac:(lia)) as H0. pose proof (Hm (S K) ltac:(lia)) as HK1.
  pose proof (pos_INR K) as HI.
  assert (H1 : INR K * m <= sumn K (fun k => f (w (S k)) (px (path n f g beta fstar cap x1 w (S k))) - fstar))
    by (apply sumn_least; intros; apply Hm; lia).
  apply (Rmult_le_compat_l (1 - beta)) in H1; [|lra].
  rewrite !S_INR. replace (INR K + 1 + 1 - 2) with (INR K) by ring.
  assert (Hd : 0 <= (1 - beta) * INR K) by (apply Rmult_le_pos; lra).
  apply (Rmult_le_reg_r (7 / 2 + (1 - beta) * INR K)); [lra|]. unfold Rdiv at 2.
  rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. lra.
Qed.

(** The sum as it was first shown, with a cruder constant: without a cap, for K+1 evaluations,
    Σ_k δ_k ≤ C + √(C β δ_1/(1-β)), C = 2LD²/(1-β)². It follows: Σ_k δ_k ≤ LD²/(1-β) ≤ C already.
    Source: derived here. *)
Theorem smooth_root n M f g beta fstar xs x1 D L w K :
  0 <= beta < 1 ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  dist2 n x1 xs = D * D -> 0 < L -> smooth n M f g L -> (forall k, (w k < M)%nat) ->
  let delta k := f (w k) (px (path n f g beta fstar None x1 w k)) - fstar in
  let C := 2 * L * (D * D) / ((1 - beta) * (1 - beta)) in
  sumn (S K) delta <= C + sqrt (C * beta * delta 0%nat / (1 - beta)).
Proof.
  intros Hb Hc Hi Hmin HD HL Hs Hw delta C.
  assert (H : delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) <= D * D * speed None L)
    by (apply (smooth_linear n M f g beta fstar None xs x1 D L w K Hb I); auto).
  change (speed None L) with L in H.
  assert (Hd0 : 0 <= delta 0%nat) by (pose proof (Hmin (w 0%nat) x1 (Hw 0%nat)); unfold delta; simpl; lra).
  rewrite sumn_first. set (T := delta 0%nat + sumn K (fun k => delta (S k))).
  pose proof (sqrt_pos (C * beta * delta 0%nat / (1 - beta))) as Hr.
  assert (Hbd : 0 <= beta * delta 0%nat) by (apply Rmult_le_pos; lra).
  assert (HT : (1 - beta) * T <= D * D * L) by (unfold T; lra).
  assert (HC : (1 - beta) * T <= (1 - beta) * C).
  { assert (HDL : 0 <= D * D * L) by (apply Rmult_le_pos; [apply sq_pos|lra]).
    assert (Hi1 : 1 <= / (1 - beta)) by (rewrite <- Rinv_1 at 1; apply Rinv_le_contravar; lra).
    replace ((1 - beta) * C) with (2 * (D * D * L) * / (1 - beta)) by (unfold C; field; lra).
    apply (Rmult_le_compat_l (2 * (D * D * L))) in Hi1; lra. }
  apply Rmult_le_reg_l in HC; lra.
Qed.
