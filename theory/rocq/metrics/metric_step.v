(** Metrics that change from step to step: norms in two metrics, the method, and what one step does.

    MoMo-Adam's step from zero averages ([zstep] of method_zero.v) without a cap, with a diagonal metric P_k
    of its own for each step, ρ_k = 1 - β^k:

    x^{k+1} = x^k - τ_k P_k⁻¹ d_k,   τ_k = (h_k - ρ_k f⋆)_+/‖d_k‖²_{P_k⁻¹}.

    The metrics are a sequence of positive vectors, and arbitrary. Along a path everything is determined,
    so that a rule that makes P_k from the past (AdaGrad, AMSGrad, Adam) is such a sequence there
    ([rule_path_eq]).

    One step, from a state whose model has the value ρ f⋆ at its own point ([landed]):
    1. The new model lies below ρ' f⋆ at x⋆, and h - ρ' f⋆ = (1-β)(f_k - f⋆).
    2. Hence <d, x - x⋆> ≥ h - ρ' f⋆; and <P⁻¹d, x - x⋆>_P = <d, x - x⋆>.
    3. Expanding the square, ‖x⁺-x⋆‖²_P = ‖x-x⋆‖²_P - 2τ<d, x-x⋆> + τ²‖d‖²_{P⁻¹}, so that the step takes at
       least (h-ρ'f⋆)²/‖d‖²_{P⁻¹} off ([fejer_in_metric]).
    4. The model has the value h - τ‖d‖²_{P⁻¹} = ρ' f⋆ at the new point ([landed_again]). *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric method_zero.
Open Scope R_scope.

(** P ⪯ c Q, for diagonal metrics entry by entry; P ⪯ Q; and P - Q, which need not be positive. *)
Definition below_times (n : nat) (P : vec) (c : R) (Q : vec) := forall i, (i < n)%nat -> P i <= c * Q i.
Definition below (n : nat) (P Q : vec) := forall i, (i < n)%nat -> P i <= Q i.
Definition minus (P Q : vec) : vec := fun i => P i - Q i.
(** <x, y>_{P⁻¹} = Σ x_i y_i/P_i. *)
Definition dual_dot (n : nat) (P x y : vec) : R := sumn n (fun i => x i * y i / P i).

Section Run.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R) (x1 : vec).

(** The run in the metrics P 0, P 1, … on the samples w 0, w 1, …, in any order; state 0 is x^1. *)
Fixpoint metric_path (P : nat -> vec) (w : nat -> nat) (k : nat) : state :=
  match k with
  | O => zstart x1
  | S m => zstep n f g beta fstar None (P m) (rho beta (S m)) (metric_path P w m) (w m)
  end.

(** A metric that never changes: the run of method_zero.v. *)
Lemma metric_path_frozen P w k :
  metric_path (fun _ => P) w k = zpath n f g beta fstar (fun _ => None) P x1 w k.
Proof. induction k; simpl; [reflexivity|]. rewrite IHk. reflexivity. Qed.

(** A rule for metrics: from the past, x^1, …, x^k with their averages, from k, and from the sample. *)
Definition rule := (nat -> state) -> nat -> nat -> vec.
Fixpoint rule_path (Q : rule) (w : nat -> nat) (k : nat) : nat -> state :=
  match k with
  | O => fun _ => zstart x1
  | S m => let past := rule_path Q w m in
           let new := zstep n f g beta fstar None (Q past m (w m)) (rho beta (S m)) (past m) (w m) in
           fun j => if (j <=? m)%nat then past j else new
  end.

(** Whatever the rule, the run on a path is one with a given sequence of metrics. *)
Lemma rule_path_eq Q w k :
  rule_path Q w k k = metric_path (fun m => Q (rule_path Q w m) m (w m)) w k.
Proof.
  induction k; [reflexivity|]. cbn [rule_path metric_path].
  replace (S k <=? k)%nat with false by (symmetry; apply Nat.leb_gt; lia). rewrite IHk. reflexivity.
Qed.
End Run.

(* ---------- norms in a metric ---------- *)
Section Norms.
Variable n : nat.

Lemma dual2_dot P x : dual2 n P x = dual_dot n P x x.
Proof. reflexivity. Qed.
Lemma dual_dot_comm P x y : dual_dot n P x y = dual_dot n P y x.
Proof. apply sumn_ext; intros; unfold Rdiv; ring. Qed.
Lemma dual_dot_lin P a x b y z : dual_dot n P (lin a x b y) z = a * dual_dot n P x z + b * dual_dot n P y z.
Proof.
  unfold dual_dot, lin. rewrite <- !sumn_scal, <- sumn_plus. apply sumn_ext; intros; unfold Rdiv; ring.
Qed.
Lemma dual2_lin P a x b y : dual2 n P (lin a x b y) =
  a * a * dual2 n P x + 2 * (a * b) * dual_dot n P x y + b * b * dual2 n P y.
Proof.
  rewrite !dual2_dot, dual_dot_lin, (dual_dot_comm P x), (dual_dot_comm P y), !dual_dot_lin.
  rewrite (dual_dot_comm P y x). ring.
Qed.
Lemma dot_precond P x d : dot n x (precond P d) = dual_dot n P x d.
Proof. apply sumn_ext; intros; unfold precond, Rdiv; ring. Qed.

(** A vector without length in the dual norm is orthogonal to everything. *)
Lemma dual2_null P d y : positive P -> dual2 n P d = 0 -> dot n d y = 0.
Proof.
  intros HP H. rewrite (dual2_down n P HP) in H. rewrite <- (dot_down_up n P HP). apply dot_null; auto.
Qed.

(** ‖x - t P⁻¹d - x⋆‖²_P, expanded. *)
Lemma mdist2_move P x xs d t : positive P ->
  mdist2 n P (lin 1 x (- t) (precond P d)) xs =
  mdist2 n P x xs - 2 * t * dot n d (lin 1 x (-1) xs) + t * t * dual2 n P d.
Proof.
  intros HP.
  assert (E : mdist2 n P (lin 1 x (- t) (precond P d)) xs =
    sumn n (fun i => P i * (lin 1 x (-1) xs i * lin 1 x (-1) xs i) +
      ((- (2 * t)) * (d i * lin 1 x (-1) xs i) + t * t * (d i * d i / P i)))).
  { apply sumn_ext; intros i Hi. pose proof (HP i). unfold lin, precond. field. lra. }
  rewrite E, !sumn_plus, !sumn_scal. unfold mdist2, norm2, dot, dual2. ring.
Qed.

(** P ⪯ Q: the norm of Q is the larger one, that of Q⁻¹ the smaller one. *)
Lemma norm2_times P c Q x : below_times n P c Q -> norm2 n P x <= c * norm2 n Q x.
Proof.
  intros H. unfold norm2. rewrite <- sumn_scal. apply sumn_le; intros i Hi.
  replace (c * (Q i * (x i * x i))) with (c * Q i * (x i * x i)) by ring.
  apply Rmult_le_compat_r; [apply sq_pos|auto].
Qed.
Lemma norm2_below P Q x : below n P Q -> norm2 n P x <= norm2 n Q x.
Proof.
  intros H. rewrite <- (Rmult_1_l (norm2 n Q x)). apply norm2_times. intros i Hi. rewrite Rmult_1_l. auto.
Qed.
Lemma dual2_below P Q x : positive P -> below n P Q -> dual2 n Q x <= dual2 n P x.
Proof.
  intros HP H. apply sumn_le; intros i Hi. unfold Rdiv. apply Rmult_le_compat_l; [apply sq_pos|].
  apply Rinv_le_contravar; auto.
Qed.
(** ‖x‖²_Q = ‖x‖²_P + ‖x‖²_{Q-P}. *)
Lemma norm2_change P Q x : norm2 n Q x = norm2 n P x + norm2 n (minus Q P) x.
Proof. unfold norm2. rewrite <- sumn_plus. apply sumn_ext; intros; unfold minus; ring. Qed.

(** Young's inequality, in place of Cauchy–Schwarz: 2<x, y> ≤ t‖x‖²_{P⁻¹} + ‖y‖²_P/t … *)
Lemma young P x y t : positive P -> 0 < t -> 2 * dot n x y <= t * dual2 n P x + / t * norm2 n P y.
Proof.
  intros HP Ht. unfold dot, dual2, norm2. rewrite <- !sumn_scal, <- sumn_plus. apply sumn_le; intros i Hi.
  pose proof (HP i) as Hpi. pose proof (sq_pos (t * x i - P i * y i)) as Hq.
  assert (Hc : 0 <= / (t * P i) * ((t * x i - P i * y i) * (t * x i - P i * y i))).
  { apply Rmult_le_pos; auto. left; apply Rinv_0_lt_compat; apply Rmult_lt_0_compat; auto. }
  replace (/ (t * P i) * ((t * x i - P i * y i) * (t * x i - P i * y i)))
    with (t * (x i * x i / P i) + / t * (P i * (y i * y i)) - 2 * (x i * y i)) in Hc by (field; lra). lra.
Qed.

(** … and <x, y>_{P⁻¹} ≤ a c where the norms of P⁻¹ are at most a and c. *)
Lemma dual_cauchy P x y a c : positive P -> 0 < a -> 0 < c ->
  dual2 n P x <= a * a -> dual2 n P y <= c * c -> dual_dot n P x y <= a * c.
Proof.
  intros HP Ha Hc Hx Hy. pose proof (dual2_pos n P HP (lin c x (- a) y)) as H. rewrite dual2_lin in H.
  assert (c * c * dual2 n P x <= c * c * (a * a)) by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
  assert (a * a * dual2 n P y <= a * a * (c * c)) by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
  apply (Rmult_le_reg_l (2 * (a * c))); [repeat apply Rmult_lt_0_compat; lra|]. lra.
Qed.
End Norms.

(* ---------- one step ---------- *)
Section OneStep.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R) (xs : vec).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.

Notation step := (zstep n f g beta fstar None).

(** The value of the new model at a point. *)
Lemma model_zstep P r st s y : model n (step P r st s) y =
  beta * model n st y + (1 - beta) * (f s (px st) + dot n (g s (px st)) (lin 1 y (-1) (px st))).
Proof. unfold model, zstep; simpl. rewrite dot_lin_l, dot_lin_r. ring. Qed.

(** The model lies below ρ f⋆ at x⋆, and has the value ρ f⋆ at the own point of the state. *)
Definition landed (r : R) (st : state) : Prop :=
  model n st xs <= r * fstar /\ model n st (px st) = r * fstar.

Lemma zstart_landed x1 : landed (rho beta 0) (zstart x1).
Proof.
  assert (E : forall y, dot n (fun _ => 0) y = 0) by (intros y; unfold dot; rewrite (sumn_scal n 0 y); ring).
  unfold landed, model, rho; simpl. rewrite !E. split; lra.
Qed.

Section Step.
Variables (P : vec) (r : R) (st : state) (s : nat).
Hypothesis HP : positive P.
Hypothesis Hst : landed r st.
Hypothesis Hs : (s < M)%nat.
Let r' := beta * r + (1 - beta).
Let new := step P r' st s.
Let x := px st.
Let d := pd new.
Let N := dual2 n P d.
Let h := model n new x.

Lemma step_below : model n new xs <= r' * fstar.
Proof.
  unfold new. rewrite model_zstep. pose proof (Hconv s x xs Hs) as H. rewrite (Hint s Hs) in H.
  destruct Hst as [H1 _]. fold x.
  assert (beta * model n st xs <= beta * (r * fstar)) by (apply Rmult_le_compat_l; lra).
  assert ((1 - beta) * (f s x + dot n (g s x) (lin 1 xs (-1) x)) <= (1 - beta) * fstar)
    by (apply Rmult_le_compat_l; lra).
  unfold r'. lra.
Qed.

(** h - ρ' f⋆ = (1-β)(f_k - f⋆). *)
Lemma step_gap : h - r' * fstar = (1 - beta) * (f s x - fstar).
Proof.
  unfold h, new. rewrite model_zstep. destruct Hst as [_ H2]. fold x in H2 |- *. rewrite H2.
  assert (E : dot n (g s x) (lin 1 x (-1) x) = 0) by (rewrite dot_lin_r; ring). rewrite E. unfold r'. ring.
Qed.
Lemma step_gap_pos : 0 <= h - r' * fstar.
Proof. rewrite step_gap. pose proof (Hmin s x Hs). apply Rmult_le_pos; lra. Qed.

(** The step goes towards x⋆. *)
Lemma step_direction : h - r' * fstar <= dot n d (lin 1 x (-1) xs).
Proof. pose proof step_below as H. rewrite dot_lin_r. unfold h, model in *. fold d in H |- *. lra. Qed.

Lemma step_null : N = 0 -> h - r' * fstar = 0.
Proof.
  intros E. pose proof (dual2_null n P d (lin 1 x (-1) xs) HP E). pose proof step_direction.
  pose proof step_gap_pos. lra.
Qed.

Lemma step_tau : tau (r' * fstar) None h N * N = h - r' * fstar.
Proof.
  pose proof step_gap_pos as Hh. unfold tau. destruct (Req_EM_T N 0) as [E|E].
  - rewrite (step_null E). ring.
  - rewrite Rmax_right by exact Hh. field. exact E.
Qed.
Lemma step_tau_pos : 0 <= tau (r' * fstar) None h N.
Proof.
  pose proof step_gap_pos as Hh. unfold tau. destruct (Req_EM_T N 0) as [E|E]; [lra|].
  rewrite Rmax_right by exact Hh. unfold Rdiv. apply Rmult_le_pos; auto. left; apply Rinv_0_lt_compat.
  pose proof (dual2_pos n P HP d). unfold N in *. lra.
Qed.
Lemma step_point : px new = lin 1 x (- tau (r' * fstar) None h N) (precond P d).
Proof. reflexivity. Qed.

Lemma landed_again : landed r' new.
Proof.
  split; [apply step_below|]. rewrite step_point. pose proof step_tau as E.
  set (t := tau (r' * fstar) None h N) in *.
  assert (EN : dot n d (precond P d) = N) by (rewrite dot_precond; reflexivity).
  unfold model. fold d. rewrite dot_lin_r, EN. unfold h, model in E. fold d in E. lra.
Qed.

(** Fejér's step: the square of the distance in P falls by (h-ρ'f⋆)²/‖d‖²_{P⁻¹}. *)
Lemma fejer_in_metric : mdist2 n P (px new) xs
  + (h - r' * fstar) * (h - r' * fstar) / N <= mdist2 n P x xs.
Proof.
  rewrite step_point, (mdist2_move n P x xs d _ HP). fold N. pose proof step_tau as E.
  pose proof step_direction as Hd. pose proof step_tau_pos as Ht.
  set (t := tau (r' * fstar) None h N) in *. set (a := h - r' * fstar) in *.
  assert (E2 : a * a / N = t * a).
  { rewrite <- E. unfold Rdiv. destruct (Req_EM_T N 0) as [E0|E0].
    - rewrite E0. ring.
    - field. exact E0. }
  assert (E3 : t * t * N = t * a) by (rewrite <- E; ring).
  assert (t * a <= t * dot n d (lin 1 x (-1) xs)) by (apply Rmult_le_compat_l; auto).
  rewrite E2, E3. lra.
Qed.
End Step.
End OneStep.
