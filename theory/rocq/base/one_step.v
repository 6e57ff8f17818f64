(** What one step does on a path, whatever the sample: the facts that all rates come from.

    1. The model lies below f⋆ at x⋆ and at or above f⋆ at the new point ([inv]).
    2. Hence h - f⋆ ≥ (1-β)(f_k - f⋆), and the step goes towards x⋆: <d, x - x⋆> ≥ h - f⋆.
    3. τ = min{α, (h-f⋆)/‖d‖²} maximises 2c(h-f⋆) - c²‖d‖² over c ≤ α, so that every such c may stand
       for τ in ‖x^{k+1}-x⋆‖² ≤ ‖x^k-x⋆‖² - 2τ(h-f⋆) + τ²‖d‖² ([step_inv]).
    4. Without a cap the model is exactly f⋆ at the new point, hence h - f⋆ = (1-β)(f_k - f⋆) in the next
       step ([landing]). *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions.
Open Scope R_scope.

Section OneStep.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta fstar : R) (cap : option R) (xs x1 : vec) (D : R).

Notation model := (model n).
Notation tau := (tau fstar cap).
Notation keepof := (keepof beta).
Notation step := (step n f g beta fstar cap).
Notation start := (start x1).

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hcap : positive_cap cap.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HD : dist2 n x1 xs = D * D.

(** The invariant: in the ball, the model below f⋆ at x⋆, and at least f⋆ at the new point. *)
Definition inv (st : state) : Prop :=
  dist2 n (px st) xs <= D * D /\
  (first st = false -> model st xs <= fstar /\ fstar <= model st (px st)).

Lemma start_inv : inv start.
Proof. split; simpl; [lra|discriminate]. Qed.

Lemma tau_props h N c : 0 <= N -> fstar <= h -> 0 <= c ->
  below_cap c cap -> (N = 0 -> h = fstar) ->
  let t := tau h N in
  0 <= t /\ t * N <= h - fstar /\
  2 * c * (h - fstar) - c * c * N <= 2 * t * (h - fstar) - t * t * N.
Proof.
  intros HN Hh Hc Hca H0. unfold tau. unfold below_cap in Hca. destruct (Req_EM_T N 0) as [->|HN0].
  - rewrite (H0 eq_refl). split; [|split]; lra.
  - assert (0 < N) by lra. rewrite (Rmax_right 0 (h - fstar)) by lra.
    set (z := (h - fstar) / N).
    assert (Hz : z * N = h - fstar) by (unfold z; field; lra).
    assert (0 <= z) by (unfold z; apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; auto]).
    destruct cap as [alpha|].
    + unfold Rmin; destruct (Rle_dec alpha z).
      * assert (alpha * N <= z * N) by (apply Rmult_le_compat_r; lra).
        assert (c * N <= z * N) by (apply Rmult_le_compat_r; lra).
        split; [lra|split; [lra|]].
        assert (0 <= (alpha - c) * ((h - fstar - alpha * N) + (h - fstar - c * N)))
          by (apply Rmult_le_pos; lra). ra.
      * split; [lra|split; [lra|]]. rewrite <- Hz. assert (0 <= N * ((z - c) * (z - c))) by (apply
          Rmult_le_pos; [lra|apply sq_pos]). ra.
    + split; [lra|split; [lra|]]. rewrite <- Hz. assert (0 <= N * ((z - c) * (z - c))) by (apply
        Rmult_le_pos; [lra|apply sq_pos]). ra.
Qed.
Lemma keep_range st : 0 <= keepof st <= beta.
Proof. unfold keepof; destruct (first st); lra. Qed.
Lemma step_inv st s c : inv st -> (s < M)%nat -> 0 <= c ->
  below_cap c cap ->
  inv (step st s) /\
  dist2 n (px (step st s)) xs <= dist2 n (px st) xs
     - 2 * c * ((1 - beta) * (f s (px st) - fstar))
     + c * c * dot n (pd (step st s)) (pd (step st s)).
Proof.
  intros [Hd Hm] Hs Hc Hca.
  pose proof (keep_range st) as Hk.
  set (x := px st) in *. set (d := pd (step st s)).
  set (N := dot n d d).
  set (h := model (step st s) x).
  assert (HN : 0 <= N) by apply dot_pos.
  (* below fstar at xs, above fstar at x *)
  assert (Hbelow : model (step st s) xs <= fstar).
  { rewrite model_step. pose proof (Hconv s x xs Hs) as Hc1. rewrite (Hint s Hs) in Hc1. fold x.
    assert (keepof st * model st xs <= keepof st * fstar).
    { unfold keepof in *; destruct (first st); [lra|]. apply Rmult_le_compat_l; [lra|]. apply Hm; auto. }
    assert ((1 - keepof st) * (f s x + dot n (g s x) (lin 1 xs (-1) x)) <= (1 - keepof st) * fstar)
      by (apply Rmult_le_compat_l; lra). lra. }
  assert (Hh : (1 - beta) * (f s x - fstar) <= h - fstar).
  { unfold h. rewrite model_step. fold x.
    assert (dot n (g s x) (lin 1 x (-1) x) = 0) by (rewrite dot_lin_r; ring). rewrite H.
    pose proof (Hmin s x Hs).
    assert (keepof st * fstar <= keepof st * model st x).
    { unfold keepof in *; destruct (first st); [lra|]. apply Rmult_le_compat_l; [lra|]. apply Hm; auto. }
    assert (0 <= (beta - keepof st) * (f s x - fstar)) by (apply Rmult_le_pos; lra). ra. }
  pose proof (Hmin s x Hs) as Hfx.
  assert (Hh0 : fstar <= h) by (assert (0 <= (1 - beta) * (f s x - fstar)) by (apply Rmult_le_pos; lra); lra).
  assert (Hdir : h - fstar <= dot n d (lin 1 x (-1) xs)).
  { rewrite dot_lin_r. unfold h, model in *. fold d in Hbelow |- *. lra. }
  assert (H0 : N = 0 -> h = fstar).
  { intros E. pose proof (dot_null n d (lin 1 x (-1) xs) E). lra. }
  pose proof (tau_props h N c HN Hh0 Hc Hca H0) as [Ht [HtN Hdec]].
  assert (Hx : px (step st s) = lin 1 x (- tau h N) d) by reflexivity.
  assert (Hdist : dist2 n (px (step st s)) xs =
     dist2 n x xs - 2 * tau h N * dot n d (lin 1 x (-1) xs) + tau h N * tau h N * N).
  { rewrite Hx. unfold dist2, N. repeat rewrite ?dot_lin_l, ?dot_lin_r.
    rewrite ?(dot_comm n x d), ?(dot_comm n xs d), ?(dot_comm n xs x). ring. }
  assert (Hstep : dist2 n (px (step st s)) xs <= dist2 n x xs - 2 * c * (h - fstar) + c * c * N).
  { rewrite Hdist.
    assert (tau h N * (h - fstar) <= tau h N * dot n d (lin 1 x (-1) xs)) by (apply Rmult_le_compat_l; auto).
    lra. }
  split; [|].
  - split.
    + rewrite Hdist.
      assert (tau h N * (h - fstar) <= tau h N * dot n d (lin 1 x (-1) xs)) by (apply Rmult_le_compat_l;
        auto).
      assert (tau h N * (tau h N * N) <= tau h N * (h - fstar)) by (apply Rmult_le_compat_l; auto).
      assert (0 <= tau h N * (h - fstar)) by (apply Rmult_le_pos; lra). ra.
    + intros _. split; auto.
      assert (model (step st s) (px (step st s)) = h - tau h N * N).
      { rewrite Hx. unfold h, model, N. fold d. rewrite dot_lin_r. ring. }
      lra.
  - assert (2 * c * ((1 - beta) * (f s x - fstar)) <= 2 * c * (h - fstar))
      by (apply Rmult_le_compat_l; lra). fold x. fold d N. lra.
Qed.

(* landing: without a cap, h_k - fstar = (1 - beta)(f_k - fstar) exactly, from the second step on *)
Lemma landing st s s' : cap = None -> inv st -> (s < M)%nat -> (s' < M)%nat ->
  model (step (step st s) s') (px (step st s)) - fstar
    = (1 - beta) * (f s' (px (step st s)) - fstar).
Proof.
  intros Hc Hi Hs Hs'. rewrite model_step.
  assert (E : dot n (g s' (px (step st s))) (lin 1 (px (step st s)) (-1) (px (step st s))) = 0)
    by (rewrite dot_lin_r; ring). rewrite E.
  assert (Hca : below_cap 0 cap) by (apply below_cap_zero; auto).
  assert (model (step st s) (px (step st s)) = fstar).
  { set (d := pd (step st s)). set (N := dot n d d). set (h := model (step st s) (px st)).
    assert (Hx : px (step st s) = lin 1 (px st) (- tau h N) d) by reflexivity.
    assert (Hm : model (step st s) (px (step st s)) = h - tau h N * N).
    { rewrite Hx. unfold h, model, N. fold d. rewrite dot_lin_r. ring. }
    pose proof (step_inv st s 0 Hi Hs (Rle_refl 0) Hca) as [[_ Hi2] _]. specialize (Hi2 eq_refl).
    destruct Hi2 as [Hb Ha]. rewrite Hm in Ha. rewrite Hm.
    assert (HN : 0 <= N) by apply dot_pos.
    unfold tau in Ha |- *. rewrite Hc in Ha |- *.
    destruct (Req_EM_T N 0) as [EN|EN].
    - pose proof (dot_null n d (lin 1 (px st) (-1) xs) EN) as Hz. rewrite dot_lin_r in Hz.
      unfold h, model in *. fold d in Hb, Ha |- *. lra.
    - unfold Rmax in *. destruct (Rle_dec 0 (h - fstar)).
      + field; auto.
      + unfold Rdiv in *. rewrite !Rmult_0_l in Ha. lra. }
  unfold keepof. replace (first (step st s)) with false by reflexivity. rewrite H. ring.
Qed.
End OneStep.
