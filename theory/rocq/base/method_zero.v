(** MoMo-Adam's averages, from zero, in a metric: the algorithm, and its equality with MoMo's own step.

    All averages start at 0 and every sample enters with weight 1-β, so that after k samples the weights
    sum to ρ_k = 1-β^k. The step is
      x^{k+1} = x^k - τ_k P⁻¹d_k,  τ_k = min{α_k/ρ_k, (h_k - ρ_k f⋆)_+/‖d_k‖²_{P⁻¹}}.
    Compare momo/reference/paper.py.

    Two changes of notation make it MoMo's step in the identity, with the lower bound 0 ([rescaling]):
    1. h_k - ρ_k f⋆ is h_k of f - f⋆, since the weights sum to ρ_k;
    2. in the coordinates y = √P x the gradients are g/√P, and P is the identity ([metric]).
    So whatever is proven of MoMo's step from zero averages holds here, in the norm of P, with gradients
    measured in that of P⁻¹. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method expectation metric.
Open Scope R_scope.

(** ρ_k = 1 - β^k, and the cap α/ρ. *)
Definition rho (beta : R) (k : nat) := 1 - beta ^ k.
Definition zcap (r : R) (cap : option R) : option R :=
  match cap with None => None | Some alpha => Some (alpha / r) end.

Section Step.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta fstar : R) (cap : option R).

(** One step with sample s, in the metric P; r is ρ of this step. *)
Definition zstep (P : vec) (r : R) (st : state) (s : nat) : state :=
  let x := px st in
  let d := lin beta (pd st) (1 - beta) (g s x) in
  let fb := beta * pf st + (1 - beta) * f s x in
  let gm := beta * pg st + (1 - beta) * dot n (g s x) x in
  let h := fb + dot n d x - gm in
  mk false (lin 1 x (- tau (r * fstar) (zcap r cap) h (dual2 n P d)) (precond P d)) d fb gm.

(** All averages are 0. *)
Definition zstart (x1 : vec) : state := mk false x1 (fun _ => 0) 0 0.

(** A state, a function and its gradient in the coordinates √P x, with a subtracted from values. *)
Definition view (P : vec) (a : R) (st : state) : state :=
  mk (first st) (up P (px st)) (down P (pd st)) (pf st - a) (pg st).
Definition fview (P : vec) (a : R) (s : nat) (y : vec) : R := f s (down P y) - a.
Definition gview (P : vec) (s : nat) (y : vec) : vec := down P (g s (down P y)).

Lemma tau_shift a b h N : tau a b h N = tau 0 b (h - a) N.
Proof. unfold tau. rewrite Rminus_0_r. reflexivity. Qed.

Lemma rho_next k : rho beta (S k) = beta * rho beta k + (1 - beta).
Proof. unfold rho. simpl. ring. Qed.

(** A step from zero averages in the metric P is MoMo's step in the coordinates √P x, for f - f⋆ with the
    lower bound 0 and the cap α/ρ.  Source: derived here. *)
Theorem rescaling P r r' st s : positive P -> first st = false -> r' = beta * r + (1 - beta) ->
  view P (r' * fstar) (zstep P r' st s) =
  step n (fview P fstar) (gview P) beta 0 (zcap r' cap) (view P (r * fstar) st) s.
Proof.
  intros HP Hf Hr. unfold view, zstep, step, fview, gview; simpl. rewrite Hf, down_up by auto.
  rewrite <- !down_lin, !dot_down_up, <- dual2_down by auto.
  rewrite up_lin, up_precond by auto. rewrite tau_shift. subst r'.
  f_equal; [|ring]. f_equal. f_equal. f_equal. ring.
Qed.

(** What a state looks like in both. *)
Lemma model_view P a st y : positive P -> model n (view P a st) (up P y) = model n st y - a.
Proof. intros HP. unfold model, view; simpl. rewrite dot_down_up by auto. ring. Qed.
Lemma view_start P x1 : positive P -> view P (rho beta 0 * fstar) (zstart x1) = zstart (up P x1).
Proof.
  intros HP. unfold view, zstart, rho; simpl. f_equal; [|ring].
  extensionality i. unfold down. pose proof (root_pos P HP i). field. lra.
Qed.

(** In the identity nothing is rescaled: the step of any lower bound f⋆. *)
Lemma zstep_ones r st s : let z := zstep ones r st s in
  px z = lin 1 (px st) (- tau (r * fstar) (zcap r cap) (model n z (px st)) (dot n (pd z) (pd z))) (pd z).
Proof. unfold zstep; simpl. rewrite dual2_ones, precond_ones. reflexivity. Qed.
End Step.

Section Run.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R).
Variables (beta fstar : R) (caps : nat -> option R) (P x1 : vec).

(** The run on the samples w 0, w 1, …, with caps α_1 = caps 0, … : any order. *)
Fixpoint zpath (w : nat -> nat) (k : nat) : state :=
  match k with
  | O => zstart x1
  | S m => zstep n f g beta fstar (caps m) P (rho beta (S m)) (zpath w m) (w m)
  end.

(** E φ after k more independent samples, from a state after j of them. *)
Fixpoint Ez (k j : nat) (st : state) (phi : state -> R) : R :=
  match k with
  | O => phi st
  | S m => sumn M (fun s => p s * Ez m (S j) (zstep n f g beta fstar (caps j) P (rho beta (S j)) st s) phi)
  end.

(** MoMo's steps from a state, with a cap for each. *)
Fixpoint steps (f' : nat -> vec -> R) (g' : nat -> vec -> vec) (fl : R) (cs : nat -> option R) (z : state)
  (w : nat -> nat) (k : nat) : state :=
  match k with O => z | S m => step n f' g' beta fl (cs m) (steps f' g' fl cs z w m) (w m) end.

Hypothesis HP : positive P.
Notation F := (fview f P fstar).
Notation Gr := (gview g P).

(** The whole run, on any samples: it is MoMo's from averages 0, in the coordinates √P x, for f - f⋆ with
    the lower bound 0 and the caps α_k/ρ_k.  Source: derived here. *)
Theorem run_rescaled w k : view P (rho beta k * fstar) (zpath w k) =
  steps F Gr 0 (fun j => zcap (rho beta (S j)) (caps j)) (zstart (up P x1)) w k.
Proof.
  induction k; [apply view_start; auto|]. simpl zpath. simpl steps. rewrite <- IHk.
  apply rescaling; auto; [destruct k; reflexivity|apply rho_next].
Qed.

(** Expectations over independent samples, without caps: they are MoMo's, too.  Source: derived here. *)
Theorem expectation_rescaled k phi : (forall j, caps j = None) -> forall j st, first st = false ->
  Ez k j st (fun z => phi (view P (rho beta (j + k) * fstar) z)) =
  Ex n M F Gr p beta 0 None k (view P (rho beta j * fstar) st) phi.
Proof.
  intros Hc. induction k; intros j st Hf; simpl; [rewrite Nat.add_0_r; auto|].
  apply sumn_ext. intros s Hs. f_equal. rewrite <- Nat.add_succ_comm.
  rewrite IHk by reflexivity. rewrite Hc. f_equal.
  exact (rescaling n f g beta fstar None P _ _ st s HP Hf (rho_next beta j)).
Qed.
End Run.
