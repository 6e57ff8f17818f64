(** Norms with a metric: <x, D y> and ‖y‖²_D = <y, D y> for a symmetric positive definite matrix D.
    What the closed form of the step needs of them: they are bilinear and symmetric, ‖y‖²_D = 0 only
    at y = 0, and a diagonal with positive entries is such a matrix, with D^{-1} d = (d_i / D_i). *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors.
Open Scope R_scope.

Definition matrix := nat -> nat -> R.
(** D y *)
Definition mul (n : nat) (D : matrix) (y : vec) : vec := fun i => sumn n (fun j => D i j * y j).
(** <x, D y> *)
Definition inner (n : nat) (D : matrix) (x y : vec) := dot n x (mul n D y).
(** ‖y‖²_D *)
Definition norm2 (n : nat) (D : matrix) (y : vec) := inner n D y y.

(** the same point of R^n: vectors are functions, and only their first n entries count *)
Definition same (n : nat) (y z : vec) := forall i, (i < n)%nat -> y i = z i.
Definition symmetric (n : nat) (D : matrix) :=
  forall i j, (i < n)%nat -> (j < n)%nat -> D i j = D j i.
(** symmetric, and ‖y‖²_D > 0 for every y but 0 *)
Definition positive_definite (n : nat) (D : matrix) :=
  symmetric n D /\ forall y, same n y (fun _ => 0) \/ 0 < norm2 n D y.
(** p = D^{-1} d, that is, D p = d *)
Definition solves (n : nat) (D : matrix) (p d : vec) := same n (mul n D p) d.

(** z is the only minimiser of phi; y and z are the same point where [eqp y z] *)
Definition argmin {A : Type} (eqp : A -> A -> Prop) (phi : A -> R) (z : A) :=
  forall y, phi z <= phi y /\ (phi y <= phi z -> eqp y z).

(** ** Sums and products *)
Lemma sumn_swap n m (F : nat -> nat -> R) :
  sumn n (fun i => sumn m (fun j => F i j)) = sumn m (fun j => sumn n (fun i => F i j)).
Proof.
  induction n; simpl.
  - rewrite (sumn_ext m _ (fun j => 0 * 0)) by (intros; ring). rewrite sumn_scal. ring.
  - rewrite IHn, <- sumn_plus. reflexivity.
Qed.

Lemma sumn_all_zero n F : (forall i, (i < n)%nat -> F i = 0) -> sumn n F = 0.
Proof.
  intros H. rewrite (sumn_ext n F (fun _ => 0 * 0)), sumn_scal; [ring|intros; rewrite H; auto; ring].
Qed.

Lemma dot_same n x y x' y' : same n x x' -> same n y y' -> dot n x y = dot n x' y'.
Proof. intros Hx Hy. apply sumn_ext; intros i Hi. rewrite Hx, Hy; auto. Qed.

Lemma lin_same n a x b y x' y' : same n x x' -> same n y y' -> same n (lin a x b y) (lin a x' b y').
Proof. intros Hx Hy i Hi. unfold lin. rewrite Hx, Hy; auto. Qed.

Lemma mul_same n D y z : same n y z -> mul n D y = mul n D z.
Proof. intros H. extensionality i. apply sumn_ext; intros j Hj. rewrite H; auto. Qed.

Lemma norm2_same n D y z : same n y z -> norm2 n D y = norm2 n D z.
Proof.
  intros H. unfold norm2, inner. rewrite (mul_same n D y z) by auto.
  apply dot_same; auto. intros i Hi; reflexivity.
Qed.

Lemma mul_lin n D a x b y : mul n D (lin a x b y) = lin a (mul n D x) b (mul n D y).
Proof.
  extensionality i. unfold mul, lin. rewrite <- !sumn_scal, <- sumn_plus. apply sumn_ext; intros; ring.
Qed.

Lemma inner_lin_l n D a x b y z : inner n D (lin a x b y) z = a * inner n D x z + b * inner n D y z.
Proof. apply dot_lin_l. Qed.

Lemma inner_lin_r n D a x b y z : inner n D z (lin a x b y) = a * inner n D z x + b * inner n D z y.
Proof. unfold inner. rewrite mul_lin. apply dot_lin_r. Qed.

Lemma inner_sym n D x y : symmetric n D -> inner n D x y = inner n D y x.
Proof.
  intros H. unfold inner, dot, mul.
  transitivity (sumn n (fun i => sumn n (fun j => x i * (D i j * y j)))).
  - apply sumn_ext; intros. now rewrite sumn_scal.
  - rewrite sumn_swap. apply sumn_ext; intros j Hj. rewrite <- sumn_scal.
    apply sumn_ext; intros i Hi. rewrite (H i j) by auto. ring.
Qed.

Lemma norm2_pos n D y : positive_definite n D -> 0 <= norm2 n D y.
Proof.
  intros [_ H]. destruct (H y) as [Hy|Hy]; [|lra].
  rewrite (norm2_same n D y (fun _ => 0)) by auto. right. symmetry. apply sumn_all_zero. intros; ring.
Qed.

Lemma norm2_null n D y : positive_definite n D -> norm2 n D y <= 0 -> same n y (fun _ => 0).
Proof. intros [_ H] Hy. destruct (H y); [auto|lra]. Qed.

(** <d, y> = <y, D p> for p = D^{-1} d *)
Lemma dot_solved n D p d y : solves n D p d -> dot n d y = inner n D y p.
Proof.
  intros H. rewrite dot_comm. unfold inner. apply dot_same.
  - intros i Hi; reflexivity.
  - intros i Hi. symmetry. apply H; auto.
Qed.

(** ** Diagonals *)
Definition diag (D : vec) : matrix := fun i j => if Nat.eq_dec i j then D i else 0.
(** D^{-1} d *)
Definition quotient (d D : vec) : vec := fun i => d i / D i.
Definition positive (n : nat) (D : vec) := forall i, (i < n)%nat -> 0 < D i.

Lemma sumn_one n F k : (k < n)%nat -> (forall i, (i < n)%nat -> i <> k -> F i = 0) -> sumn n F = F k.
Proof.
  induction n; intros Hk H; [lia|]. simpl. destruct (Nat.eq_dec k n) as [->|Hn].
  - rewrite sumn_all_zero; [ring|]. intros i Hi. apply H; lia.
  - rewrite (H n) by lia. rewrite IHn; [ring|lia|]. intros i Hi Hk'. apply H; lia.
Qed.

Lemma mul_diag n D y i : (i < n)%nat -> mul n (diag D) y i = D i * y i.
Proof.
  intros Hi. unfold mul. rewrite (sumn_one n _ i Hi).
  - unfold diag. destruct (Nat.eq_dec i i); [reflexivity|contradiction].
  - intros j _ Hj. unfold diag. destruct (Nat.eq_dec i j); [subst; contradiction|ring].
Qed.

(** ‖y‖²_D = Σ D_i y_i² *)
Lemma norm2_diag n D y : norm2 n (diag D) y = sumn n (fun i => D i * (y i * y i)).
Proof. apply sumn_ext; intros i Hi. rewrite mul_diag by auto. ring. Qed.

Lemma diag_solves n D d : positive n D -> solves n (diag D) (quotient d D) d.
Proof.
  intros H i Hi. rewrite mul_diag by auto. unfold quotient. field. specialize (H i Hi). lra.
Qed.

Lemma weighted_square a b : 0 < a -> 0 <= a * (b * b).
Proof. intros H. apply Rmult_le_pos; [lra|apply sq_pos]. Qed.

Lemma diag_positive_definite n D : positive n D -> positive_definite n (diag D).
Proof.
  intros H. split.
  - intros i j _ _. unfold diag. destruct (Nat.eq_dec i j), (Nat.eq_dec j i); subst; auto; contradiction.
  - intros y. rewrite norm2_diag.
    assert (Hp : forall i, (i < n)%nat -> 0 <= D i * (y i * y i)) by (intros; apply weighted_square; auto).
    pose proof (sumn_nonneg n (fun i => D i * (y i * y i)) Hp) as Hs.
    destruct (Rle_lt_or_eq_dec _ _ Hs) as [Hs0|Hs0]; [right; exact Hs0|left].
    intros i Hi. assert (E : D i * (y i * y i) = 0)
      by (apply (sumn_zero n (fun i => D i * (y i * y i))); auto).
    specialize (H i Hi). apply Rmult_integral in E. destruct E as [E|E]; [lra|].
    apply Rsqr_0_uniq; exact E.
Qed.

(** The identity: ‖y‖² = <y, y>. *)
Definition ones : vec := fun _ => 1.
Lemma ones_positive n : positive n ones.
Proof. intros i _. unfold ones. lra. Qed.
Lemma norm2_ones n y : norm2 n (diag ones) y = dot n y y.
Proof. rewrite norm2_diag. apply sumn_ext; intros; unfold ones; ring. Qed.
Lemma quotient_ones d : quotient d ones = d.
Proof. extensionality i. unfold quotient, ones. field. Qed.
