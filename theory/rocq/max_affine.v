(** Maxima of affine functions: the functions on which MoMo is as slow as its rates say are such maxima.

    Given vectors g_0 … g_{m-1} ([slope]), take f(x) = f⋆ + max{0, <g_0, x>, …, <g_{m-1}, x>}.
    All pieces have the value f⋆ at x⋆ = 0, which minimises f. The subgradient at x is the slope of the
    *first* piece that reaches the maximum ([active]): a function of the point x alone.

    1. f(x) = f⋆ + <g(x), x>, and <g(x), y> ≤ f(y) - f⋆ for every y, because g(x) is one of the slopes,
       or 0 ([largest_active], [active_below]).
    2. Hence f(x) + <g(x), y - x> = f⋆ + <g(x), y> ≤ f(y): f is convex ([max_affine_convex]).
    3. Slopes of length at most G make f G-Lipschitz, by Cauchy-Schwarz ([max_affine_lipschitz]). *)
Require Import Reals Lra Lia.
From Momo Require Import sums vectors assumptions.
Open Scope R_scope.

(** The largest of 0, a 0, …, a (m-1). *)
Fixpoint largest (m : nat) (a : nat -> R) : R :=
  match m with O => 0 | S k => Rmax (largest k a) (a k) end.

(** f(x) = f⋆ + max{0, <g_0, x>, …, <g_{m-1}, x>}. *)
Definition max_affine (n m : nat) (slope : nat -> vec) (fstar : R) (x : vec) : R :=
  fstar + largest m (fun j => dot n (slope j) x).

(** The slope of the first piece that reaches the maximum; 0 where that is f⋆ itself. *)
Fixpoint active (n m : nat) (slope : nat -> vec) (x : vec) : vec :=
  match m with
  | O => fun _ => 0
  | S k => if Rle_dec (dot n (slope k) x) (largest k (fun j => dot n (slope j) x))
           then active n k slope x else slope k
  end.

Lemma dot_zero_l n y : dot n (fun _ => 0) y = 0.
Proof. unfold dot. rewrite (sumn_scal n 0 y). ring. Qed.
Lemma dot_zero_r n y : dot n y (fun _ => 0) = 0.
Proof. rewrite dot_comm. apply dot_zero_l. Qed.

Lemma largest_pos m a : 0 <= largest m a.
Proof. induction m; simpl; [lra|]. pose proof (Rmax_l (largest m a) (a m)). lra. Qed.

Lemma largest_active n m slope x : largest m (fun j => dot n (slope j) x) = dot n (active n m slope x) x.
Proof.
  induction m; simpl; [rewrite dot_zero_l; reflexivity|].
  destruct (Rle_dec _ _) as [H|H].
  - rewrite Rmax_left; auto.
  - rewrite Rmax_right; [reflexivity|lra].
Qed.

Lemma active_below n m slope x y : dot n (active n m slope x) y <= largest m (fun j => dot n (slope j) y).
Proof.
  induction m; simpl; [rewrite dot_zero_l; lra|].
  destruct (Rle_dec _ _) as [H|H]; [|apply Rmax_r].
  eapply Rle_trans; [exact IHm|apply Rmax_l].
Qed.

Lemma max_affine_convex n m slope fstar :
  convex n 1 (fun _ => max_affine n m slope fstar) (fun _ => active n m slope).
Proof.
  intros s x y _. unfold max_affine. rewrite largest_active, dot_lin_r.
  pose proof (active_below n m slope x y). lra.
Qed.

Lemma max_affine_at_0 n m slope fstar : max_affine n m slope fstar (fun _ => 0) = fstar.
Proof. unfold max_affine. rewrite largest_active, dot_zero_r. ring. Qed.

Lemma max_affine_min n m slope fstar x : fstar <= max_affine n m slope fstar x.
Proof. unfold max_affine. pose proof (largest_pos m (fun j => dot n (slope j) x)). lra. Qed.

Lemma active_bounded n m slope c x : 0 <= c ->
  (forall j, (j < m)%nat -> dot n (slope j) (slope j) <= c) ->
  dot n (active n m slope x) (active n m slope x) <= c.
Proof.
  intros Hc. induction m; simpl; intros H; [rewrite dot_zero_l; auto|].
  destruct (Rle_dec _ _); [apply IHm; intros; apply H; lia|apply H; lia].
Qed.

(** Cauchy-Schwarz, where ‖g‖ ≤ G: <g, z>² ≤ G² ‖z‖². *)
Lemma cauchy_squared n g z G : 0 < G -> dot n g g <= G * G ->
  dot n g z * dot n g z <= G * G * dot n z z.
Proof.
  intros HG Hg. pose proof (dot_pos n (lin (G * G) z (- dot n g z) g)) as H.
  repeat rewrite ?dot_lin_l, ?dot_lin_r in H. rewrite (dot_comm n z g) in H.
  assert (Hq : 0 <= dot n g z * dot n g z * (G * G - dot n g g))
    by (apply Rmult_le_pos; [apply sq_pos|lra]).
  apply (Rmult_le_reg_l (G * G)); [apply Rmult_lt_0_compat; lra|]. lra.
Qed.

(** What "G-Lipschitz" says, squared: |f(x) - f(y)| ≤ G ‖x - y‖. *)
Definition lipschitz (n : nat) (f : vec -> R) (G : R) :=
  forall x y, (f x - f y) * (f x - f y) <= G * G * dist2 n x y.

(** A convex function whose chosen subgradients are at most G is G-Lipschitz. *)
Lemma lipschitz_of_bounded n f g G : 0 < G -> convex n 1 (fun _ => f) (fun _ => g) ->
  (forall x, dot n (g x) (g x) <= G * G) -> lipschitz n f G.
Proof.
  intros HG Hf Hg.
  assert (half : forall x y, f y <= f x -> (f x - f y) * (f x - f y) <= G * G * dist2 n x y).
  { intros x y Hxy. pose proof (cauchy_squared n (g x) (lin 1 x (-1) y) G HG (Hg x)) as H.
    apply Rle_trans with (2 := H).
    pose proof (Hf 0%nat x y Nat.lt_0_1) as Hc. simpl in Hc. rewrite dot_lin_r in Hc.
    apply Rmult_le_compat; try lra; rewrite dot_lin_r; lra. }
  intros x y. destruct (Rle_dec (f y) (f x)) as [H|H]; [apply half; auto|].
  replace (dist2 n x y) with (dist2 n y x).
  - replace ((f x - f y) * (f x - f y)) with ((f y - f x) * (f y - f x)) by ring. apply half; lra.
  - unfold dist2. repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite (dot_comm n y x). ring.
Qed.

(** Where piece i has a positive value that no other piece exceeds and no earlier one reaches, it is the
    maximum, and the subgradient is its slope. *)
Lemma active_is n m slope x i v : (i < m)%nat -> 0 < v -> dot n (slope i) x = v ->
  (forall j, (j < i)%nat -> dot n (slope j) x < v) ->
  (forall j, (j < m)%nat -> dot n (slope j) x <= v) ->
  largest m (fun j => dot n (slope j) x) = v /\ active n m slope x = slope i.
Proof.
  intros Hi Hv Ei Hbefore.
  assert (before : forall k, (k <= i)%nat -> largest k (fun j => dot n (slope j) x) < v).
  { induction k; simpl; intros Hk; [auto|]. apply Rmax_lub_lt; [apply IHk; lia|apply Hbefore; lia]. }
  induction m as [|m IHm]; [lia|]. intros Hall. simpl.
  destruct (Nat.eq_dec i m) as [->|Hne].
  - pose proof (before m (Nat.le_refl m)) as Hb.
    rewrite Rmax_right by lra. destruct (Rle_dec _ _) as [H|H]; [lra|]. split; auto.
  - destruct IHm as [E1 E2]; [lia|intros; apply Hall; lia|].
    pose proof (Hall m (Nat.lt_succ_diag_r m)) as Hm.
    rewrite E1, E2. rewrite Rmax_left by lra. destruct (Rle_dec _ _) as [H|H]; [|lra]. split; auto.
Qed.
