(** What a wrong lower bound costs: f_⋆ = f⋆ - ε, or f_⋆ = f⋆ + ε; without a cap.

    On a path, in any order. As long as f_k is above the bound in use, a step takes e² / G² off the squared
    distance, where e is what is left of h - f_⋆ after the bound's error. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step.
Open Scope R_scope.

(* ================= a wrong lower bound ================= *)
Section Wrong.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta fstar eps : R) (xs x1 : vec) (G D : R).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis Heps : 0 <= eps.
Hypothesis HG0 : 0 < G.
Hypothesis HD0 : 0 < D.
Hypothesis HD : dist2 n x1 xs = D * D.
Hypothesis HG : bounded_each n M g xs D G.

Section AnyBound.
(* the bound in use *)
Variable fl : R.
Notation STEP := (step n f g beta fl None).
Notation mdl := (model n).
Notation keep := (keepof beta).

Definition invw (z : state) : Prop := dist2 n (px z) xs <= D * D /\
  (first z = false -> mdl z xs <= fstar /\ fl <= mdl z (px z) /\ dot n (pd z) (pd z) <= G * G).

Lemma invw0 : invw (start x1).
Proof. split; [simpl; lra|intros E; discriminate]. Qed.

(* one step, on a path, as long as f_k is above fl; the condition on h says that
   the step does not lead away from xs *)
Lemma wrong_step z s c : invw z -> (s < M)%nat -> 0 <= c -> fl <= f s (px z) ->
  let h := mdl (STEP z s) (px z) in
  (forall h', (1 - beta) * (f s (px z) - fl) <= h' - fl -> h' - fl <= 2 * (h' - fstar) \/ fstar <= fl) ->
  let e := Rmin (h - fl) (h - fl - 2 * (fstar - fl)) in
  invw (STEP z s) /\ (1 - beta) * (f s (px z) - fl) <= h - fl /\
  dist2 n (px (STEP z s)) xs <= dist2 n (px z) xs - 2 * c * e + c * c * (G * G).
Proof.
  intros [Hball Hi] Hs Hc Hf h Hpos e. set (x := px z) in *.
  assert (Hk : 0 <= keep z <= beta) by (unfold keepof; destruct (first z); lra).
  set (d := pd (STEP z s)). set (N := dot n d d). assert (HN : 0 <= N) by apply dot_pos.
  assert (Hbelow : mdl (STEP z s) xs <= fstar).
  { rewrite model_step. pose proof (Hconv s x xs Hs) as Hc1. rewrite (Hint s Hs) in Hc1. fold x.
    assert (keep z * mdl z xs <= keep z * fstar).
    { unfold keepof in *; destruct (first z); [lra|]. apply Rmult_le_compat_l; [lra|]. apply Hi; auto. }
    assert ((1 - keep z) * (f s x + dot n (g s x) (lin 1 xs (-1) x)) <= (1 - keep z) * fstar)
      by (apply Rmult_le_compat_l; lra). lra. }
  assert (Hh : (1 - beta) * (f s x - fl) <= h - fl).
  { unfold h. rewrite model_step. fold x.
    assert (E : dot n (g s x) (lin 1 x (-1) x) = 0) by (rewrite dot_lin_r; ring). rewrite E.
    assert (keep z * fl <= keep z * mdl z x).
    { unfold keepof in *; destruct (first z); [lra|]. apply Rmult_le_compat_l; [lra|]. apply Hi; auto. }
    assert (0 <= (beta - keep z) * (f s x - fl)) by (apply Rmult_le_pos; lra). lra. }
  assert (Ha : 0 <= h - fl) by (assert (0 <= (1 - beta) * (f s x - fl)) by (apply Rmult_le_pos; lra); lra).
  assert (HNG : N <= G * G).
  { pose proof (HG s x Hs Hball) as Hg.
    assert (Hk1 : 0 <= keep z <= 1) by lra.
    pose proof (sq_convex n (keep z) (pd z) (g s x) Hk1) as Hcv.
    assert (keep z * dot n (pd z) (pd z) <= keep z * (G * G)).
    { unfold keepof in *; destruct (first z); [lra|]. apply Rmult_le_compat_l; [lra|]. apply Hi; auto. }
    assert ((1 - keep z) * dot n (g s x) (g s x) <= (1 - keep z) * (G * G)) by (apply Rmult_le_compat_l; lra).
    unfold N, d, step; simpl. fold (keep z). fold x. lra. }
  assert (Hdir : dot n d (lin 1 x (-1) xs) = h - mdl (STEP z s) xs).
  { rewrite dot_lin_r. unfold h, model. fold d x. ring. }
  set (t := tau fl None h N).
  assert (Hx : px (STEP z s) = lin 1 x (- t) d) by reflexivity.
  assert (Hdist : dist2 n (px (STEP z s)) xs = dist2 n x xs - 2 * t * (h - mdl (STEP z s) xs) + t * t * N).
  { rewrite <- Hdir. rewrite Hx. unfold dist2, N. repeat rewrite ?dot_lin_l, ?dot_lin_r.
    rewrite ?(dot_comm n x d), ?(dot_comm n xs d), ?(dot_comm n xs x). ring. }
  assert (Hnew : mdl (STEP z s) (px (STEP z s)) = h - t * N).
  { rewrite Hx. unfold h, model, N. fold d. fold x. rewrite dot_lin_r. ring. }
  assert (He1 : e <= h - fl) by apply Rmin_l.
  assert (He2 : e <= h - fl - 2 * (fstar - fl)) by apply Rmin_r.
  assert (He0 : 0 <= e).
  { unfold e. apply Rmin_glb; auto. destruct (Hpos h Hh); lra. }
  assert (Hcc : c * c * N <= c * c * (G * G)) by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
  destruct (Req_dec N 0) as [E|E].
  - (* d = 0: h is the model at xs, at most f* *)
    assert (Hz : dot n d (lin 1 x (-1) xs) = 0) by (apply dot_null; exact E).
    assert (e <= 0).
    { destruct (Rle_lt_dec fl fstar); lra. }
    assert (Ht : t = 0) by (unfold t, tau; destruct (Req_EM_T N 0); [auto|contradiction]).
    rewrite Ht in *. replace e with 0 in * by lra.
    assert (0 <= c * c * (G * G)) by (apply Rmult_le_pos; apply sq_pos).
    split; [|split; [auto|rewrite Hdist; lra]].
    split; [rewrite Hdist; lra|]. intros _. split; [auto|split; [lra|exact HNG]].
  - assert (HtN : t * N = h - fl).
    { unfold t, tau. destruct (Req_EM_T N 0); [contradiction|]. rewrite Rmax_right by lra. field; auto. }
    assert (Ht0 : 0 <= t).
    { apply (Rmult_le_reg_r N); lra. }
    assert (H2 : 2 * t * (h - fstar) <= 2 * t * (h - mdl (STEP z s) xs)) by (apply Rmult_le_compat_l; lra).
    assert (H3 : t * e <= 2 * t * (h - fstar) - t * t * N).
    { replace (2 * t * (h - fstar) - t * t * N) with (t * (2 * (h - fstar) - t * N)) by ring.
      rewrite HtN. apply Rmult_le_compat_l; lra. }
    assert (H4 : 2 * c * e - c * c * N <= t * e).
    { assert (Hte : e <= t * N) by lra.
      assert (0 <= (c * N - e) * (c * N - e)) by apply sq_pos.
      assert (e * e <= t * N * e) by (apply Rmult_le_compat_r; lra).
      apply (Rmult_le_reg_r N); [lra|]. lra. }
    assert (0 <= t * e) by (apply Rmult_le_pos; lra).
    split; [|split; [auto|rewrite Hdist; fold x; lra]].
    split; [rewrite Hdist; fold x; lra|]. intros _. split; [auto|split; [lra|exact HNG]].
Qed.

Notation wpath := (path n f g beta fl None x1).

(* K steps with e_k >= e: K (2 c e - c^2 G^2) <= D^2 for every c, so e <= G D / sqrt K *)
Lemma wrong_sum w e K : (0 < K)%nat -> 0 <= e -> (forall k, (w k < M)%nat) ->
  (forall k, (k < K)%nat -> fl <= f (w k) (px (wpath w k)) /\
     (forall h, (1 - beta) * (f (w k) (px (wpath w k)) - fl) <= h - fl ->
        (h - fl <= 2 * (h - fstar) \/ fstar <= fl) /\ e <= Rmin (h - fl) (h - fl - 2 * (fstar - fl)))) ->
  e <= G * D / sqrt (INR K).
Proof.
  intros HK He0 Hw H.
  assert (Hsum : forall c, 0 <= c -> forall k, (k <= K)%nat -> invw (wpath w k) /\
     dist2 n (px (wpath w k)) xs + INR k * (2 * c * e) <= D * D + INR k * (c * c * (G * G))).
  { intros c Hc. induction k; intros Hk.
    - split; [apply invw0|]. simpl. rewrite HD. lra.
    - destruct (IHk ltac:(lia)) as [Hi Hs]. destruct (H k ltac:(lia)) as [Hf Hall].
      destruct (wrong_step (wpath w k) (w k) c Hi (Hw k) Hc Hf (fun h Hh => proj1 (Hall h Hh))) as [Hi' [Hh
        Hd]].
      split; [exact Hi'|]. rewrite S_INR. pose proof (proj2 (Hall _ Hh)) as He.
      change (wpath w (S k)) with (STEP (wpath w k) (w k)).
      pose proof (Rmult_le_compat_l (2 * c) _ _ ltac:(lra) He). lra. }
  assert (HK' : 0 < INR K) by (apply lt_0_INR; auto).
  assert (Hr : 0 < sqrt (INR K)) by (apply sqrt_lt_R0; auto).
  assert (Hrr : sqrt (INR K) * sqrt (INR K) = INR K) by (apply sqrt_sqrt; lra).
  set (r := sqrt (INR K)) in *.
  assert (Hc : 0 < D / (G * r)) by (apply Rdiv_lt_0_compat; auto; apply Rmult_lt_0_compat; auto).
  destruct (Hsum _ (Rlt_le _ _ Hc) K (Nat.le_refl K)) as [_ H1].
  pose proof (dot_pos n (lin 1 (px (wpath w K)) (-1) xs)) as H2. unfold dist2 in H1.
  rewrite <- Hrr in H1.
  apply (Rmult_le_reg_l (r * r * (2 * (D / (G * r))))).
  - apply Rmult_lt_0_compat; [apply Rmult_lt_0_compat; auto|apply Rmult_lt_0_compat; [lra|exact Hc]].
  - apply Rle_trans with (D * D + r * r * (D / (G * r) * (D / (G * r)) * (G * G))); [lra|].
    right. field. split; lra.
Qed.
End AnyBound.

(** A bound that is too low by ε: T6.

    Any order of samples with a common minimiser, so one function in particular; f_⋆ = f⋆ - ε, no cap:
    min_{k≤K} f_k - f⋆ ≤ (G D/√K + (1+β)ε)/(1-β).
    Source: derived here. *)
Theorem wrong_bound_below m w K : (0 < K)%nat -> (forall k, (w k < M)%nat) ->
  (forall k, (k < K)%nat -> m <= f (w k) (px (path n f g beta (fstar - eps) None x1 w k)) - fstar) ->
  m <= (G * D / sqrt (INR K) + (1 + beta) * eps) / (1 - beta).
Proof.
  intros HK Hw Hm.
  assert (Hr : 0 < sqrt (INR K)) by (apply sqrt_lt_R0, lt_0_INR; auto).
  apply (Rmult_le_reg_r (1 - beta)); [lra|].
  replace ((G * D / sqrt (INR K) + (1 + beta) * eps) / (1 - beta) * (1 - beta))
    with (G * D / sqrt (INR K) + (1 + beta) * eps) by (field; lra).
  assert (HGD : 0 <= G * D / sqrt (INR K)).
  { unfold Rdiv. repeat apply Rmult_le_pos; try lra. left. apply Rinv_0_lt_compat; auto. }
  destruct (Rle_lt_dec ((1 - beta) * m - (1 + beta) * eps) 0) as [|Hpos]; [lra|].
  cut ((1 - beta) * m - (1 + beta) * eps <= G * D / sqrt (INR K)); [lra|].
  apply (wrong_sum (fstar - eps) w); auto; [lra|]. intros k Hk. pose proof (Hm k Hk) as Hmk.
  set (fk := f (w k) (px (path n f g beta (fstar - eps) None x1 w k))) in *.
  split; [pose proof (Hmin (w k) (px (path n f g beta (fstar - eps) None x1 w k)) (Hw k)); fold fk in H;
    lra|]. intros h Hh.
  assert ((1 - beta) * m <= (1 - beta) * (fk - fstar)) by (apply Rmult_le_compat_l; lra).
  assert ((1 - beta) * (fk - (fstar - eps)) = (1 - beta) * (fk - fstar) + (1 - beta) * eps) by ring.
  assert (0 <= beta * eps) by (apply Rmult_le_pos; lra).
  split; [left; lra|]. apply Rmin_glb; lra.
Qed.

(** A bound that is too high by ε: T6.

    The same with f_⋆ = f⋆ + ε: min_{k≤K} f_k - f⋆ ≤ ε + G D/((1-β)√K).
    Source: derived here. *)
Theorem wrong_bound_above m w K : (0 < K)%nat -> (forall k, (w k < M)%nat) ->
  (forall k, (k < K)%nat -> m <= f (w k) (px (path n f g beta (fstar + eps) None x1 w k)) - fstar) ->
  m <= eps + G * D / ((1 - beta) * sqrt (INR K)).
Proof.
  intros HK Hw Hm.
  assert (Hr : 0 < sqrt (INR K)) by (apply sqrt_lt_R0, lt_0_INR; auto).
  apply (Rmult_le_reg_l (1 - beta)); [lra|].
  replace ((1 - beta) * (eps + G * D / ((1 - beta) * sqrt (INR K))))
    with ((1 - beta) * eps + G * D / sqrt (INR K)) by (field; lra).
  assert (HGD : 0 <= G * D / sqrt (INR K)).
  { unfold Rdiv. repeat apply Rmult_le_pos; try lra. left. apply Rinv_0_lt_compat; auto. }
  destruct (Rle_lt_dec m eps) as [Hme|Hpos].
  { pose proof (Rmult_le_compat_l (1 - beta) _ _ ltac:(lra) Hme). lra. }
  cut ((1 - beta) * (m - eps) <= G * D / sqrt (INR K)); [lra|].
  apply (wrong_sum (fstar + eps) w); auto; [apply Rmult_le_pos; lra|]. intros k Hk.
  pose proof (Hm k Hk) as Hmk.
  set (fk := f (w k) (px (path n f g beta (fstar + eps) None x1 w k))) in *.
  split; [lra|]. intros h Hh.
  assert ((1 - beta) * (m - eps) <= (1 - beta) * (fk - (fstar + eps))) by (apply Rmult_le_compat_l; lra).
  split; [right; lra|]. apply Rmin_glb; lra.
Qed.
End Wrong.
