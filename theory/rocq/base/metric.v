(** Diagonal metrics: ‖x‖²_P = Σ P_i x_i², its dual ‖d‖²_{P⁻¹} = Σ d_i²/P_i, and the coordinates √P x.

    In the coordinates y = √P x a metric is the identity: ‖x‖_P = ‖√P x‖, gradients become d/√P, with
    ‖d‖_{P⁻¹} = ‖d/√P‖, and the product <d, x> is <d/√P, √P x>. P is positive at every index; beyond
    the dimension n its values have no meaning, and may be 1. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors.
Open Scope R_scope.

Definition positive (P : vec) := forall i, 0 < P i.

(** ‖x‖²_P, its dual ‖d‖²_{P⁻¹}, and ‖x - y‖²_P. *)
Definition norm2 (n : nat) (P x : vec) := sumn n (fun i => P i * (x i * x i)).
Definition dual2 (n : nat) (P d : vec) := sumn n (fun i => d i * d i / P i).
Definition mdist2 (n : nat) (P x y : vec) := norm2 n P (lin 1 x (-1) y).

(** P⁻¹ d, and the coordinates √P x of points and d/√P of gradients. *)
Definition precond (P d : vec) : vec := fun i => d i / P i.
Definition up (P x : vec) : vec := fun i => sqrt (P i) * x i.
Definition down (P d : vec) : vec := fun i => d i / sqrt (P i).

(** The identity. *)
Definition ones : vec := fun _ => 1.
Lemma ones_positive : positive ones.
Proof. intros i. unfold ones. lra. Qed.
Lemma norm2_ones n x : norm2 n ones x = dot n x x.
Proof. unfold norm2, dot, ones. apply sumn_ext; intros; ring. Qed.
Lemma dual2_ones n x : dual2 n ones x = dot n x x.
Proof. unfold dual2, dot, ones. apply sumn_ext; intros; field. Qed.
Lemma mdist2_ones n x y : mdist2 n ones x y = dist2 n x y.
Proof. apply norm2_ones. Qed.
Lemma precond_ones d : precond ones d = d.
Proof. extensionality i. unfold precond, ones. field. Qed.

Section Coordinates.
Variables (n : nat) (P : vec).

Lemma up_lin a x b y : up P (lin a x b y) = lin a (up P x) b (up P y).
Proof. extensionality i. unfold up, lin. ring. Qed.
Lemma down_lin a x b y : down P (lin a x b y) = lin a (down P x) b (down P y).
Proof. extensionality i. unfold down, lin, Rdiv. ring. Qed.

Hypothesis HP : positive P.

Lemma root_pos i : 0 < sqrt (P i).
Proof. apply sqrt_lt_R0, HP. Qed.
Lemma root_sq i : sqrt (P i) * sqrt (P i) = P i.
Proof. apply sqrt_sqrt. left. apply HP. Qed.

Lemma up_down x : up P (down P x) = x.
Proof. extensionality i. unfold up, down. field. pose proof (root_pos i). lra. Qed.
Lemma down_up x : down P (up P x) = x.
Proof. extensionality i. unfold up, down. field. pose proof (root_pos i). lra. Qed.
Lemma up_precond d : up P (precond P d) = down P d.
Proof.
  extensionality i. unfold up, down, precond. rewrite <- (root_sq i) at 2. field.
  pose proof (root_pos i). lra.
Qed.

Lemma dot_down_up d x : dot n (down P d) (up P x) = dot n d x.
Proof. unfold dot, down, up. apply sumn_ext; intros. field. pose proof (root_pos i). lra. Qed.
Lemma norm2_up x : norm2 n P x = dot n (up P x) (up P x).
Proof. unfold norm2, dot, up. apply sumn_ext; intros. rewrite <- (root_sq i) at 1. ring. Qed.
Lemma dual2_down d : dual2 n P d = dot n (down P d) (down P d).
Proof.
  unfold dual2, dot, down. apply sumn_ext; intros. rewrite <- (root_sq i) at 1. field.
  pose proof (root_pos i). lra.
Qed.
Lemma mdist2_up x y : mdist2 n P x y = dist2 n (up P x) (up P y).
Proof. unfold mdist2, dist2. rewrite norm2_up, up_lin. reflexivity. Qed.
Lemma norm2_pos x : 0 <= norm2 n P x.
Proof. rewrite norm2_up. apply dot_pos. Qed.
Lemma dual2_pos d : 0 <= dual2 n P d.
Proof. rewrite dual2_down. apply dot_pos. Qed.
End Coordinates.
