(** A run in any fixed metric is a run in the identity, seen in other coordinates: the transfer of all
    theorems.

    Where ‖x‖_D = ‖Bx‖ (gram_schmidt.v), let y = Bx. Then f is y ↦ f(Cy), C the inverse of B, and its
    gradients are Tg, with <Tg, Bx> = <g, x>. In these coordinates the step x - τD⁻¹d is y - τTd, so that
    1. a run from the first sample is MoMo's ([first_seen]), and one from zero is that of the identity
       ([zero_seen]), on every path and in expectation ([first_expected], [zero_expected]);
    2. convexity, interpolation, smoothness and bounds on gradients look the same. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method assumptions expectation metric metric_norms method_zero.
From Momo Require Import any_metric mean_square_any gram_schmidt rate rate_zero.
Open Scope R_scope.

(** f(y,s) ≤ f(x,s) + <g(x,s), y - x> + (L/2)‖y - x‖²_D. *)
Definition smooth_any (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (D : matrix) (L : R) :=
  forall s x y, (s < M)%nat -> f s y <= f s x + dot n (g s x) (lin 1 y (-1) x) + L / 2 * dist_in n D y x.

Section Transfer.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R) (beta fstar : R).
Variables (D E : matrix) (B C T : vec -> vec).
Hypothesis HC : coordinates n D E B C T.

(** A state, a function and its gradient in the coordinates. *)
Definition state_seen (st : state) : state := mk (first st) (B (px st)) (T (pd st)) (pf st) (pg st).
Definition value_seen (s : nat) (y : vec) : R := f s (C y).
Definition gradient_seen (s : nat) (y : vec) : vec := T (g s (C y)).
Notation F := value_seen.
Notation Gr := gradient_seen.

Lemma dual_seen d : dot n (T d) (T d) = dual_in n E d.
Proof. rewrite <- (b_inverse _ _ _ _ _ _ HC d) at 2. rewrite (dot_t_b _ _ _ _ _ _ HC). reflexivity. Qed.
Lemma dist_seen x y : dist2 n (B x) (B y) = dist_in n D x y.
Proof. unfold dist2, dist_in. rewrite <- (b_lin _ _ _ _ _ _ HC). symmetry. apply (sqnorm_b _ _ _ _ _ _ HC).
  Qed.
Lemma dist_back x y : dist_in n D (C x) (C y) = dist2 n x y.
Proof. rewrite <- dist_seen, !(b_c _ _ _ _ _ _ HC). reflexivity. Qed.
Lemma dot_back d x y : dot n (T d) (lin 1 y (-1) x) = dot n d (lin 1 (C y) (-1) (C x)).
Proof.
  rewrite <- (dot_t_b _ _ _ _ _ _ HC d), (b_lin _ _ _ _ _ _ HC), !(b_c _ _ _ _ _ _ HC). reflexivity.
Qed.
Lemma null_seen : T (fun _ => 0) = fun _ => 0.
Proof.
  pose proof (t_lin _ _ _ _ _ _ HC 0 (fun _ => 0) 0 (fun _ => 0)) as H.
  assert (E0 : lin 0 (fun _ => 0) 0 (fun _ => 0) = fun _ : nat => 0) by (extensionality i; unfold lin; ring).
  rewrite E0 in H. rewrite H. extensionality i. unfold lin. ring.
Qed.

(** One step. *)
Lemma step_seen cap r st s : state_seen (mstep n f g beta fstar E cap r st s) =
  step n F Gr beta (r * fstar) (zcap r cap) (state_seen st) s.
Proof.
  unfold state_seen, mstep, taken, step, value_seen, gradient_seen; cbn [first px pd pf pg].
  fold (keepof beta st). rewrite (c_b _ _ _ _ _ _ HC).
  rewrite <- !(t_lin _ _ _ _ _ _ HC), !(dot_t_b _ _ _ _ _ _ HC), dual_seen.
  rewrite (b_lin _ _ _ _ _ _ HC), (b_inverse _ _ _ _ _ _ HC). reflexivity.
Qed.
Lemma step_seen_first cap st s : state_seen (mstep n f g beta fstar E cap 1 st s) =
  step n F Gr beta fstar cap (state_seen st) s.
Proof.
  rewrite step_seen, Rmult_1_l. f_equal. destruct cap; simpl; [|reflexivity].
  unfold Rdiv. rewrite Rinv_1, Rmult_1_r. reflexivity.
Qed.
Lemma step_seen_zero cap r st s : first st = false ->
  state_seen (mstep n f g beta fstar E cap r st s) = zstep n F Gr beta fstar cap ones r (state_seen st) s.
Proof.
  intros Hf. rewrite step_seen. unfold zstep, step. cbn [first state_seen px pd pf pg]. rewrite Hf.
  rewrite dual2_ones, precond_ones. reflexivity.
Qed.
Lemma begin_seen b x1 : state_seen (begin b x1) = begin b (B x1).
Proof. unfold state_seen. destruct b; simpl; rewrite null_seen; reflexivity. Qed.

(** From the first sample, on any samples, a run in the metric is MoMo's run on f(Cy).
    Source: derived here. *)
Theorem first_seen cap x1 w k :
  state_seen (mrun n f g beta fstar at_first E (fun _ => cap) x1 w k) = path n F Gr beta fstar cap (B x1) w k.
Proof.
  induction k as [|k IH]; [apply (begin_seen at_first)|]. simpl mrun. rewrite step_seen_first, IH.
  reflexivity.
Qed.
(** From zero, on any samples and with any caps, it is the run in the identity on f(Cy).
    Source: derived here. *)
Theorem zero_seen caps x1 w k :
  state_seen (mrun n f g beta fstar at_zero E caps x1 w k) = zpath n F Gr beta fstar caps ones (B x1) w k.
Proof.
  induction k as [|k IH]; [apply (begin_seen at_zero)|]. simpl mrun. rewrite step_seen_zero, IH.
  - reflexivity.
  - destruct k; reflexivity.
Qed.
(** Expectations over independent samples are the same, too.  Source: derived here. *)
Theorem first_expected cap k phi : forall j st,
  Em n M f g p beta fstar at_first E (fun _ => cap) k j st (fun z => phi (state_seen z)) =
  Ex n M F Gr p beta fstar cap k (state_seen st) phi.
Proof.
  induction k as [|k IH]; intros j st; [reflexivity|]. simpl. apply sumn_ext. intros s Hs.
  rewrite IH, step_seen_first. reflexivity.
Qed.
(** From zero.  Source: derived here. *)
Theorem zero_expected caps k phi : forall j st, first st = false ->
  Em n M f g p beta fstar at_zero E caps k j st (fun z => phi (state_seen z)) =
  Ez n M F Gr p beta fstar caps ones k j (state_seen st) phi.
Proof.
  induction k as [|k IH]; intros j st Hf; [reflexivity|]. simpl. apply sumn_ext. intros s Hs.
  rewrite IH by reflexivity. rewrite step_seen_zero by auto. reflexivity.
Qed.

(** What is assumed looks the same. *)
Lemma convex_seen : convex n M f g -> convex n M F Gr.
Proof. intros H s x y Hs. unfold value_seen, gradient_seen. rewrite dot_back. apply H; auto. Qed.
Lemma interpolation_seen xs : interpolation M f xs fstar -> interpolation M F (B xs) fstar.
Proof. intros H s Hs. unfold value_seen. rewrite (c_b _ _ _ _ _ _ HC). apply H; auto. Qed.
Lemma below_seen : bounded_below M f fstar -> bounded_below M F fstar.
Proof. intros H s x Hs. apply H; auto. Qed.
Lemma smooth_seen L : smooth_any n M f g D L -> smooth n M F Gr L.
Proof.
  intros H s x y Hs. unfold value_seen, gradient_seen. rewrite dot_back, <- dist_back. apply H; auto.
Qed.
Lemma gradients_seen xs R0 G : gradients_in n M g p D E xs R0 G -> bounded_gradients n M Gr p (B xs) R0 G.
Proof.
  intros H y Hy. assert (Hx : dist_in n D (C y) xs <= R0 * R0).
  { rewrite <- dist_seen, (b_c _ _ _ _ _ _ HC). exact Hy. }
  apply Rle_trans with (2 := H (C y) Hx). right. apply sumn_ext. intros s Hs. unfold gradient_seen.
  rewrite dual_seen. reflexivity.
Qed.
Lemma gradients_seen_zero xs R0 G : gradients_in n M g p D E xs R0 G ->
  bounded_gradients_in n M Gr p ones (B xs) R0 G.
Proof.
  intros H y Hy. rewrite mdist2_ones in Hy. apply Rle_trans with (2 := gradients_seen xs R0 G H y Hy).
  right. apply sumn_ext. intros s Hs. rewrite dual2_ones. reflexivity.
Qed.
Lemma gap_seen st : rate.delta M F p fstar (state_seen st) = rate.delta M f p fstar st.
Proof.
  unfold rate.delta, favg, value_seen. cbn [state_seen px]. rewrite (c_b _ _ _ _ _ _ HC). reflexivity.
Qed.
End Transfer.
