(** What holds on every path, for any samples in any order, and for every solution x⋆.

    x^k, h_k, d_k, τ_k are those of the run on the samples w 0, w 1, …; k counts from 0. The facts are
    those of [one_step], said of a whole run. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step.
Open Scope R_scope.

Section Path.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta fstar : R) (cap : option R) (xs x1 : vec) (w : nat -> nat).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hcap : positive_cap cap.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis Hw : forall k, (w k < M)%nat.

Notation run := (path n f g beta fstar cap x1 w).
(** x^k, the averages that its step uses, h_k, ‖d_k‖² and τ_k. *)
Definition point (k : nat) := px (run k).
Definition average (k : nat) := pd (run (S k)).
Definition height (k : nat) := model n (run (S k)) (point k).
Definition norm2 (k : nat) := dot n (average k) (average k).
Definition size (k : nat) := tau fstar cap (height k) (norm2 k).

Notation D := (sqrt (dist2 n x1 xs)).
Notation inv := (inv n fstar xs D).
Notation step_inv := (step_inv n M f g beta fstar cap xs D Hbeta Hcap Hconv Hint Hmin).

Lemma start_at : dist2 n x1 xs = D * D.
Proof. symmetry. apply sqrt_sqrt, dot_pos. Qed.

Lemma run_inv k : inv (run k).
Proof.
  induction k; [apply start_inv, start_at|].
  apply (step_inv (run k) (w k) 0 IHk (Hw k) (Rle_refl 0) (below_cap_zero cap Hcap)).
Qed.

Lemma norm2_pos k : 0 <= norm2 k.
Proof. apply dot_pos. Qed.

Lemma point_next k : point (S k) = lin 1 (point k) (- size k) (average k).
Proof. reflexivity. Qed.

Lemma model_next k : model n (run (S k)) (point (S k)) = height k - size k * norm2 k.
Proof. rewrite point_next. unfold height, model, norm2. fold (average k). rewrite dot_lin_r. ring. Qed.

(** The model lies below f⋆ at every solution: m_k(x⋆) = f̄_k + <d_k, x⋆> - γ_k ≤ f⋆.
    Source: MoMo paper, proof of the convergence theorem. *)
Theorem model_below k : model n (run (S k)) xs <= fstar.
Proof. apply (run_inv (S k)). reflexivity. Qed.

(** h_k is never below f⋆: h_k - f⋆ ≥ (1-β)(f_k - f⋆) ≥ 0, with any cap.
    Source: MoMo paper, proof of the convergence theorem. *)
Theorem height_above k : 0 <= (1 - beta) * (f (w k) (point k) - fstar) <= height k - fstar.
Proof.
  pose proof (Hmin (w k) (point k) (Hw k)) as Hf. split; [apply Rmult_le_pos; lra|].
  unfold height, point. change (run (S k)) with (step n f g beta fstar cap (run k) (w k)).
  rewrite model_step. fold (point k).
  assert (E : dot n (g (w k) (point k)) (lin 1 (point k) (-1) (point k)) = 0) by (rewrite dot_lin_r; ring).
  rewrite E. pose proof (keep_range beta Hbeta (run k)) as Hk.
  assert (H : keepof beta (run k) * fstar <= keepof beta (run k) * model n (run k) (point k)).
  { destruct (run_inv k) as [_ Hm]. unfold keepof in *. destruct (first (run k)); [lra|].
    apply Rmult_le_compat_l; [lra|apply Hm; reflexivity]. }
  assert (0 <= (beta - keepof beta (run k)) * (f (w k) (point k) - fstar)) by (apply Rmult_le_pos; lra).
  lra.
Qed.

Lemma height_first : height 0 = f (w 0%nat) x1.
Proof.
  unfold height, model; simpl. unfold point; simpl. rewrite dot_lin_l. ring.
Qed.

(** The landing identity: without a cap h_1 - f⋆ = f_1 - f⋆, and h_k - f⋆ = (1-β)(f_k - f⋆) for all later k.
    Source: MoMo paper, proof of the convergence theorem. *)
Theorem landing_identity : cap = None ->
  height 0 - fstar = f (w 0%nat) (point 0) - fstar /\
  forall k, height (S k) - fstar = (1 - beta) * (f (w (S k)) (point (S k)) - fstar).
Proof.
  intros Hc. split; [rewrite height_first; reflexivity|].
  intros k. apply (landing n M f g beta fstar cap xs D); auto. apply run_inv.
Qed.

Lemma height_null k : norm2 k = 0 -> height k = fstar.
Proof.
  intros E. pose proof (model_below k) as Hb. pose proof (height_above k) as Ha.
  pose proof (dot_null n (average k) (lin 1 (point k) (-1) xs) E) as Hz. rewrite dot_lin_r in Hz.
  unfold height, model in *. fold (average k) in *. lra.
Qed.

(** The Fejér step: ‖x^{k+1} - x⋆‖² ≤ ‖x^k - x⋆‖² - τ_k(2(h_k - f⋆) - τ_k‖d_k‖²), with any cap.
    Source: MoMo paper, proof of the convergence theorem (uncapped); capped: derived here. *)
Theorem fejer k : dist2 n (point (S k)) xs
  <= dist2 n (point k) xs - size k * (2 * (height k - fstar) - size k * norm2 k).
Proof.
  assert (Ht : 0 <= size k).
  { apply (tau_props fstar cap Hcap (height k) (norm2 k) 0 (norm2_pos k)); try lra.
    - pose proof (height_above k). lra.
    - apply below_cap_zero; auto.
    - apply height_null. }
  assert (Hdir : height k - fstar <= dot n (average k) (lin 1 (point k) (-1) xs)).
  { pose proof (model_below k) as Hb. rewrite dot_lin_r. unfold height, model in *. fold (average k) in *.
    lra. }
  apply (Rmult_le_compat_l (size k)) in Hdir; auto.
  rewrite point_next. set (x := point k) in *. set (d := average k) in *.
  assert (Hdist : dist2 n (lin 1 x (- size k) d) xs =
     dist2 n x xs - 2 * size k * dot n d (lin 1 x (-1) xs) + size k * size k * norm2 k).
  { unfold norm2, dist2. fold d. repeat rewrite ?dot_lin_l, ?dot_lin_r.
    rewrite ?(dot_comm n x d), ?(dot_comm n xs d), ?(dot_comm n xs x). ring. }
  rewrite Hdist. lra.
Qed.

(** … so a step, capped or not, takes at least τ_k(h_k - f⋆) off the squared distance.
    Source: derived here. *)
Theorem fejer_capped k : dist2 n (point (S k)) xs <= dist2 n (point k) xs - size k * (height k - fstar).
Proof.
  pose proof (fejer k) as H.
  destruct (tau_props fstar cap Hcap (height k) (norm2 k) 0 (norm2_pos k)) as [Ht [HtN _]].
  - pose proof (height_above k). lra.
  - lra.
  - apply below_cap_zero; auto.
  - apply height_null.
  - fold (size k) in *. apply (Rmult_le_compat_l (size k)) in HtN; auto. lra.
Qed.

Lemma size_uncapped k : cap = None -> size k = (height k - fstar) / norm2 k.
Proof.
  intros Hc. unfold size, tau. rewrite Hc. pose proof (height_above k).
  destruct (Req_EM_T (norm2 k) 0) as [E|E].
  - rewrite (height_null k E). unfold Rdiv. ring.
  - rewrite (Rmax_right 0 (height k - fstar)) by lra. reflexivity.
Qed.

(** … and an uncapped step at least (h_k - f⋆)²/‖d_k‖² (0 where d_k = 0, for then h_k = f⋆).
    Source: MoMo paper, proof of the convergence theorem. *)
Theorem fejer_uncapped k : cap = None ->
  dist2 n (point (S k)) xs <= dist2 n (point k) xs - (height k - fstar) * (height k - fstar) / norm2 k.
Proof.
  intros Hc. pose proof (fejer_capped k) as H. rewrite (size_uncapped k Hc) in H.
  replace ((height k - fstar) * (height k - fstar) / norm2 k)
    with ((height k - fstar) / norm2 k * (height k - fstar)) by (unfold Rdiv; ring). exact H.
Qed.

(** The summed inequality: without a cap Σ_{k≤K} (h_k - f⋆)²/‖d_k‖² ≤ ‖x^1 - x⋆‖².
    Source: MoMo paper, proof of the convergence theorem. *)
Theorem summed_steps K : cap = None ->
  sumn K (fun k => (height k - fstar) * (height k - fstar) / norm2 k) <= dist2 n x1 xs.
Proof.
  intros Hc.
  assert (H : dist2 n (point K) xs + sumn K (fun k => (height k - fstar) * (height k - fstar) / norm2 k)
     <= dist2 n x1 xs).
  { induction K; [simpl; unfold point; simpl; lra|]. simpl sumn. pose proof (fejer_uncapped K Hc). lra. }
  pose proof (dot_pos n (lin 1 (point K) (-1) xs)) as H0. unfold dist2 in *. lra.
Qed.

(** No point is farther from a solution than the start: ‖x^k - x⋆‖ ≤ ‖x^1 - x⋆‖, with any cap.
    Source: MoMo paper, proof of the convergence theorem. *)
Theorem bounded_path k : dist2 n (point k) xs <= dist2 n x1 xs.
Proof. rewrite start_at. apply run_inv. Qed.

(** The recurrence of q_k = <d_k, x^k> - γ_k: q_1 = 0, q_{k+1} = β(q_k + <d_k, x^{k+1} - x^k>), and
    <d_k, x^{k+1} - x^k> = -τ_k‖d_k‖².
    Source: derived here. *)
Theorem offset :
  let q k := dot n (average k) (point k) - pg (run (S k)) in
  q 0%nat = 0 /\
  forall k, q (S k) = beta * (q k + dot n (average k) (lin 1 (point (S k)) (-1) (point k))) /\
    dot n (average k) (lin 1 (point (S k)) (-1) (point k)) = - (size k * norm2 k).
Proof.
  intros q. split.
  - unfold q, average, point; simpl. rewrite dot_lin_l. ring.
  - intros k. split.
    + assert (Hd : average (S k) = lin beta (average k) (1 - beta) (g (w (S k)) (point (S k)))) by
        reflexivity.
      assert (Hg : pg (run (S (S k)))
        = beta * pg (run (S k)) + (1 - beta) * dot n (g (w (S k)) (point (S k))) (point (S k))) by
          reflexivity.
      unfold q. rewrite Hd, Hg, dot_lin_l, dot_lin_r. ring.
    + rewrite point_next. rewrite dot_lin_r, dot_lin_r. unfold norm2. ring.
Qed.
End Path.
