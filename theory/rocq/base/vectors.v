(** R^n: vectors, inner products, and squared distances.

    A vector is a function of the index, of which only the first n values are looked at. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums.
Open Scope R_scope.

Definition vec := nat -> R.
Definition lin (a : R) (x : vec) (b : R) (y : vec) : vec := fun i => a * x i + b * y i.
Definition dot (n : nat) (x y : vec) : R := sumn n (fun i => x i * y i).

Lemma dot_lin_l n a x b y z : dot n (lin a x b y) z = a * dot n x z + b * dot n y z.
Proof. unfold dot, lin. rewrite <- !sumn_scal, <- sumn_plus. apply sumn_ext; intros; ring. Qed.
Lemma dot_comm n x y : dot n x y = dot n y x.
Proof. unfold dot; apply sumn_ext; intros; ring. Qed.
Lemma dot_lin_r n a x b y z : dot n z (lin a x b y) = a * dot n z x + b * dot n z y.
Proof. rewrite dot_comm, dot_lin_l, (dot_comm n x), (dot_comm n y); auto. Qed.
Lemma dot_pos n x : 0 <= dot n x x.
Proof. apply sumn_nonneg; intros; apply sq_pos. Qed.
Lemma dot_null n x y : dot n x x = 0 -> dot n x y = 0.
Proof. intros H. unfold dot. rewrite (sumn_ext n _ (fun i => 0 * 0)).
  - rewrite sumn_scal; ring.
  - intros i Hi. assert (x i * x i = 0) by (apply (sumn_zero n (fun i => x i * x i)); auto; intros;
      apply sq_pos).
    assert (x i = 0) by (apply Rsqr_0_uniq; auto). rewrite H1; ring. Qed.
Definition dist2 n x y := dot n (lin 1 x (-1) y) (lin 1 x (-1) y).

(** The square of a norm is convex: ‖b x + (1-b) y‖² ≤ b ‖x‖² + (1-b) ‖y‖². *)
Lemma sq_convex n b x y : 0 <= b <= 1 ->
  dot n (lin b x (1 - b) y) (lin b x (1 - b) y) <= b * dot n x x + (1 - b) * dot n y y.
Proof.
  intros Hb. pose proof (dot_pos n (lin 1 x (-1) y)) as H.
  assert (0 <= (b * (1 - b)) * dot n (lin 1 x (-1) y) (lin 1 x (-1) y))
    by (apply Rmult_le_pos; [apply Rmult_le_pos; lra|auto]).
  repeat rewrite ?dot_lin_l, ?dot_lin_r in *. rewrite (dot_comm n y x) in *. lra.
Qed.
