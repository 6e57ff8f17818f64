(** MoMo walks along the points of the trap: its k-th point is y_k, for all k ≤ K.

    Only this is used of f: f(y_k) = f⋆ + δ, with subgradient g_k, for k ≤ K. By induction on k the state
    after the step at y_k has d = (1-β) D_k and the model f⋆ at the new point ([arrived]). Hence the next
    h is β f⋆ + (1-β)(f⋆ + δ), that is h - f⋆ = (1-β) δ, and τ d = (1-β)² δ D_k/((1-β)² ‖D_k‖²) = t_k D_k
    ([walked]). The first step differs: from zero d = (1-β) g_0, h = (1-β) δ for f⋆ = 0, which is w = 1;
    from the first sample d = g_0, h = f⋆ + δ, which is w = 1/(1-β). *)
Require Import Reals Lra Lia FunctionalExtensionality.
From Momo Require Import sums vectors method assumptions max_affine trap_scalars trap_points.
Open Scope R_scope.

Section Run.
Variables (K : nat) (b r w lo G D : R).
Hypothesis Hb : 0 <= b < 1.
Hypothesis Hr : 0 <= r < 1.
Hypothesis Hw : 1 <= w.
Hypothesis HG : 0 < G.
Hypothesis HD : 0 < D.
Hypothesis Hlo : 0 < lo.
Hypothesis Hnorms : forall k, lo <= norms b w k.
Hypothesis Hlo1 : lo * ((1 - r) * (1 - r)) <= 1.

Notation n := (S (S K)).
Notation point := (point K b r w lo G D).
Notation grad := (grad K b r w lo G D).
Notation avg := (avg K b r w lo G D).
Notation delta := (delta K b r w lo G D).
Notation len := (len K b r w lo G D).

Variables (f : vec -> R) (g : vec -> vec) (fstar : R).
Hypothesis Hf : forall k, (k <= K)%nat -> f (point k) = fstar + delta.
Hypothesis Hg : forall k, (k <= K)%nat -> g (point k) = grad k.

Notation step := (step n (fun _ => f) (fun _ => g) b fstar None).
Notation model := (model n).

(** After the step at y_k. *)
Definition arrived (k : nat) (st : state) : Prop :=
  first st = false /\ px st = point (S k) /\ pd st = (fun i => (1 - b) * avg k i) /\
  model st (px st) = fstar.

(** What a step does if d = (1-β) D_k and h - f⋆ = (1-β) s_k δ. *)
Lemma walked k st : (k <= K)%nat -> px st = point k ->
  pd (step st 0) = (fun i => (1 - b) * avg k i) ->
  model (step st 0) (point k) = fstar + (1 - b) * (steplen w k * delta) -> arrived k (step st 0).
Proof.
  intros Hk Ex Ed Eh. set (d := pd (step st 0)) in *. set (h := model (step st 0) (point k)) in *.
  assert (Epx : px (step st 0) = lin 1 (point k) (- tau fstar None h (dot n d d)) d).
  { unfold h. rewrite <- Ex. reflexivity. }
  pose proof (norms_pos b w lo Hlo Hnorms k) as HM. pose proof (GG_pos G HG) as HGG.
  pose proof (delta_pos K b r w lo G D Hr Hw HG HD Hlo Hnorms) as Hd.
  pose proof (steplen_pos w Hw k) as Hs.
  assert (EN : dot n d d = (1 - b) * (1 - b) * (G * G * norms b w k)).
  { destruct (frame K b r w lo G D Hr Hw HG HD Hlo Hnorms Hlo1 k Hk) as [_ [_ E]]. rewrite <- E, Ed.
    unfold dot. rewrite <- sumn_scal. apply sumn_ext; intros; ring. }
  assert (HN : 0 < dot n d d) by (rewrite EN; repeat apply Rmult_lt_0_compat; lra).
  assert (Hh : 0 <= h - fstar) by (rewrite Eh; assert (0 <= (1 - b) * (steplen w k * delta)) by
    (apply Rmult_le_pos; [lra|apply Rmult_le_pos; lra]); lra).
  assert (Et : tau fstar None h (dot n d d) = (h - fstar) / dot n d d).
  { unfold tau. destruct (Req_EM_T (dot n d d) 0); [lra|]. rewrite Rmax_right; auto. }
  split; [reflexivity|]. split; [|split; [exact Ed|]].
  - rewrite Epx, Et, (point_S K b r w lo G D k). apply functional_extensionality. intros i. unfold lin.
    rewrite EN, Ed, Eh. unfold trap_points.len. field. repeat split; lra.
  - rewrite Epx, Et. unfold method.model in h |- *. fold d in h |- *. rewrite dot_lin_r.
    replace (pf (step st 0) + (1 * dot n d (point k) + - ((h - fstar) / dot n d d) * dot n d d)
      - pg (step st 0)) with (h - (h - fstar) / dot n d d * dot n d d) by (unfold h; ring).
    field. lra.
Qed.

(** The linearisation at x^k has the value f(x^k) there. *)
Lemma model_here k st : (k <= K)%nat -> px st = point k ->
  model (step st 0) (point k) =
  keepof b st * model st (point k) + (1 - keepof b st) * (fstar + delta).
Proof.
  intros Hk Ex. rewrite model_step, Ex, (Hf k Hk). simpl. rewrite dot_lin_r. ring.
Qed.

Lemma next k st : (S k <= K)%nat -> arrived k st -> arrived (S k) (step st 0).
Proof.
  intros Hk [Ef [Ex [Ed Em]]]. apply walked; auto.
  - unfold method.step; simpl. rewrite Ef, Ex, Ed, (Hg (S k) Hk). apply functional_extensionality. intros i.
    rewrite (avg_S K b r w lo G D k). unfold lin. ring.
  - rewrite model_here by auto. rewrite <- Ex, Em. unfold keepof. rewrite Ef. simpl steplen. ring.
Qed.

(** The first step, from zero and from the first sample. *)
Lemma first_from_zero : w = 1 -> fstar = 0 ->
  arrived 0 (step (mk false (point 0) (fun _ => 0) 0 0) 0).
Proof.
  intros Ew Efs. apply walked; auto; try lia.
  - unfold method.step; simpl. rewrite (Hg 0%nat) by lia. apply functional_extensionality. intros i.
    rewrite (avg_0 K b r w lo G D). unfold lin. rewrite Ew. ring.
  - rewrite model_here by (auto; lia). unfold keepof, method.model; simpl. rewrite dot_zero_l, Ew, Efs. ring.
Qed.
Lemma first_from_first : w = / (1 - b) -> arrived 0 (step (start (point 0)) 0).
Proof.
  intros Ew. apply walked; auto; try lia.
  - unfold method.step; simpl. rewrite (Hg 0%nat) by lia. apply functional_extensionality. intros i.
    rewrite (avg_0 K b r w lo G D). unfold lin. rewrite Ew. field. lra.
  - rewrite model_here by (auto; lia). unfold keepof, start; simpl. rewrite Ew. field. lra.
Qed.

(** All points of a run that starts well are those of the trap; all values are f⋆ + δ. *)
Lemma run_value (run : nat -> state) : px (run 0%nat) = point 0 ->
  arrived 0 (run 1%nat) -> (forall k, run (S k) = step (run k) 0) ->
  forall k, (k <= K)%nat -> f (px (run k)) - fstar = delta.
Proof.
  intros E0 E1 ES.
  assert (all : forall k, (k <= K)%nat -> arrived k (run (S k))).
  { induction k; intros Hk; [exact E1|]. rewrite ES. apply next; auto. apply IHk; lia. }
  assert (Ex : forall k, (k <= K)%nat -> px (run k) = point k).
  { destruct k; intros Hk; [exact E0|]. apply all; lia. }
  intros k Hk. rewrite Ex, Hf by auto. ring.
Qed.
End Run.
