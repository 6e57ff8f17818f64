(** Every metric is the identity in suitable coordinates: ‖x‖_D = ‖Bx‖ for an invertible linear B.

    Gram and Schmidt make from the unit vectors u_0, u_1, … vectors e_0, e_1, … with <e_i, e_j>_D = 1 where i
    = j, else 0: v = u_k - Σ_{j<k} <u_k, e_j>_D e_j has the entry 1 at k, so ‖v‖_D > 0, and e_k = v/‖v‖_D.
    Every x with no entries from k on is Σ_{j<k} <x, e_j>_D e_j ([basis_exists]). Then (Bx)_j = <x, e_j>_D,
    its inverse is y ↦ Σ y_j e_j, and gradients d become (<d, e_j>)_j. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors metric_norms any_metric.
Open Scope R_scope.

(** Σ_{j<m} c_j e_j. *)
Definition combination (m : nat) (c : nat -> R) (e : nat -> vec) : vec :=
  fun i => sumn m (fun j => c j * e j i).

Lemma combination_next m c e : combination (S m) c e = lin 1 (combination m c e) (c m) (e m).
Proof. extensionality i. unfold combination, lin; simpl. ring. Qed.
Lemma sumn_pick m c k : (k < m)%nat ->
  sumn m (fun j => c j * (if Nat.eq_dec j k then 1 else 0)) = c k.
Proof.
  intros Hk. rewrite (sumn_one m _ k Hk).
  - destruct (Nat.eq_dec k k); [ring|contradiction].
  - intros i _ Hi. destruct (Nat.eq_dec i k); [contradiction|ring].
Qed.

Section GramSchmidt.
Variables (n : nat) (D : matrix).
Hypothesis HD : positive_definite n D.

Lemma inner_combination m c e y :
  inner n D (combination m c e) y = sumn m (fun j => c j * inner n D (e j) y).
Proof.
  induction m as [|m IH].
  - simpl. unfold inner, combination. simpl. unfold dot. rewrite (sumn_scal n 0). ring.
  - rewrite combination_next, inner_lin_l, IH. simpl. ring.
Qed.
Lemma inner_same x x' y : same n x x' -> inner n D x y = inner n D x' y.
Proof. intros H. apply dot_same; auto. intros i Hi; reflexivity. Qed.

Definition orthonormal (k : nat) (e : nat -> vec) := forall i j, (i < k)%nat -> (j < k)%nat ->
  inner n D (e i) (e j) = if Nat.eq_dec i j then 1 else 0.
Definition no_entries (k : nat) (x : vec) := forall i, (k <= i < n)%nat -> x i = 0.
Definition basis (k : nat) (e : nat -> vec) :=
  orthonormal k e /\ (forall j, (j < k)%nat -> no_entries k (e j)) /\
  forall x, no_entries k x -> same n x (combination k (fun j => inner n D x (e j)) e).

Lemma basis_exists k : (k <= n)%nat -> exists e, basis k e.
Proof.
  destruct HD as [Hsym Hpos].
  induction k as [|k IH]; intros Hk.
  - exists (fun _ _ => 0). split; [intros i j Hi; lia|]. split; [intros j Hj; lia|].
    intros x Hx i Hi. rewrite Hx by lia. reflexivity.
  - destruct IH as [e [Ho [Hz Hc]]]; [lia|].
    set (u := fun i : nat => if Nat.eq_dec i k then 1 else 0).
    set (v := lin 1 u (-1) (combination k (fun j => inner n D u (e j)) e)).
    assert (Hsum : forall i, (k <= i < n)%nat -> v i = u i).
    { intros i Hi. unfold v, lin, combination. rewrite sumn_all_zero; [ring|].
      intros j Hj. rewrite (Hz j Hj i Hi). ring. }
    assert (Hvk : v k = 1).
    { rewrite Hsum by lia. unfold u. destruct (Nat.eq_dec k k); [reflexivity|contradiction]. }
    assert (Hvz : no_entries (S k) v).
    { intros i Hi. rewrite Hsum by lia. unfold u. destruct (Nat.eq_dec i k); [lia|reflexivity]. }
    assert (Hvv : 0 < sqnorm n D v).
    { destruct (Hpos v) as [H|H]; [|exact H]. rewrite (H k) in Hvk by lia. lra. }
    assert (Hve : forall j, (j < k)%nat -> inner n D v (e j) = 0).
    { intros j Hj. unfold v. rewrite inner_lin_l, inner_combination.
      rewrite (sumn_ext k _ (fun l => inner n D u (e l) * (if Nat.eq_dec l j then 1 else 0)))
        by (intros l Hl; rewrite Ho by auto; reflexivity).
      rewrite (sumn_pick k (fun l => inner n D u (e l)) j Hj). ring. }
    set (s := sqrt (sqnorm n D v)). assert (Hs : 0 < s) by (apply sqrt_lt_R0; auto).
    assert (Hss : s * s = inner n D v v) by (apply sqrt_sqrt; left; exact Hvv).
    set (new := lin (/ s) v 0 v).
    assert (Hnew : forall y, inner n D new y = / s * inner n D v y)
      by (intros y; unfold new; rewrite inner_lin_l; ring).
    assert (Hnew' : forall y, inner n D y new = / s * inner n D y v)
      by (intros y; unfold new; rewrite inner_lin_r; ring).
    exists (fun j => if Nat.eq_dec j k then new else e j). split; [|split].
    + intros i j Hi Hj. destruct (Nat.eq_dec i k) as [->|Hik], (Nat.eq_dec j k) as [->|Hjk].
      * rewrite Hnew, Hnew', <- Hss. destruct (Nat.eq_dec k k); [field; lra|contradiction].
      * rewrite Hnew, (Hve j) by lia. destruct (Nat.eq_dec k j); [subst; contradiction|ring].
      * rewrite Hnew', (inner_sym n D (e i) v Hsym), (Hve i) by lia.
        destruct (Nat.eq_dec i k); [contradiction|ring].
      * apply Ho; lia.
    + intros j Hj i Hi. destruct (Nat.eq_dec j k) as [->|Hjk].
      * unfold new, lin. rewrite (Hvz i Hi). ring.
      * apply (Hz j ltac:(lia) i ltac:(lia)).
    + intros x Hx i Hi. rewrite combination_next. unfold lin. cbv beta.
      assert (Ex : combination k (fun j => inner n D x (if Nat.eq_dec j k then new else e j))
        (fun j => if Nat.eq_dec j k then new else e j) = combination k (fun j => inner n D x (e j)) e).
      { extensionality l. apply sumn_ext. intros j Hj. destruct (Nat.eq_dec j k); [lia|reflexivity]. }
      rewrite Ex. destruct (Nat.eq_dec k k) as [_|H0]; [|contradiction].
      set (y := lin 1 x (- x k) v).
      assert (Hy : no_entries k y).
      { intros j Hj. unfold y, lin. destruct (Nat.eq_dec j k) as [->|Hjk]; [rewrite Hvk; ring|].
        rewrite (Hx j) by lia. rewrite (Hvz j) by lia. ring. }
      assert (Hye : forall j, (j < k)%nat -> inner n D y (e j) = inner n D x (e j))
        by (intros j Hj; unfold y; rewrite inner_lin_l, (Hve j Hj); ring).
      pose proof (Hc y Hy) as Hcy.
      assert (Ey : combination k (fun j => inner n D y (e j)) e = combination k (fun j => inner n D x (e j))
        e)
        by (extensionality l; apply sumn_ext; intros j Hj; rewrite Hye by auto; reflexivity).
      rewrite Ey in Hcy.
      assert (Hyv : inner n D y v = 0).
      { rewrite (inner_same _ _ v Hcy), inner_combination. apply sumn_all_zero. intros j Hj.
        rewrite (inner_sym n D (e j) v Hsym), (Hve j Hj). ring. }
      assert (Hxv : inner n D x v = x k * (s * s)).
      { rewrite Hss. unfold y in Hyv. rewrite inner_lin_l in Hyv. lra. }
      rewrite <- (Hcy i Hi), Hnew', Hxv. unfold y, new, lin. field. lra.
Qed.
End GramSchmidt.

(** B changes points to the coordinates, C goes back, and T changes gradients: <Td, Bx> = <d, x>. *)
Record coordinates (n : nat) (D E : matrix) (B C T : vec -> vec) : Prop := {
  b_lin : forall a x c y, B (lin a x c y) = lin a (B x) c (B y);
  c_lin : forall a x c y, C (lin a x c y) = lin a (C x) c (C y);
  t_lin : forall a x c y, T (lin a x c y) = lin a (T x) c (T y);
  c_b : forall x, C (B x) = x;
  b_c : forall y, B (C y) = y;
  dot_t_b : forall d x, dot n (T d) (B x) = dot n d x;
  b_inverse : forall d, B (mul n E d) = T d;
  sqnorm_b : forall x, sqnorm n D x = dot n (B x) (B x)
}.

(** Every symmetric positive definite D is BᵀB for an invertible B: ‖x‖_D = ‖Bx‖, and D⁻¹d = B⁻¹(B⁻ᵀd).
    Source: Gram and Schmidt. *)
Theorem coordinates_exist n D E : is_metric n D E -> exists B C T, coordinates n D E B C T.
Proof.
  intros [HD Hs]. destruct (basis_exists n D HD n (Nat.le_refl n)) as [e [Ho [_ Hc]]].
  assert (Hall : forall x, same n x (combination n (fun j => inner n D x (e j)) e))
    by (intros x; apply Hc; intros i Hi; lia).
  set (B := fun (x : vec) i => if lt_dec i n then inner n D x (e i) else x i).
  set (C := fun (y : vec) i => if lt_dec i n then combination n y e i else y i).
  set (T := fun (d : vec) i => if lt_dec i n then dot n d (e i) else mul n E d i).
  assert (Hdot : forall d x, dot n d x = sumn n (fun j => dot n d (e j) * inner n D x (e j))).
  { intros d x. rewrite (dot_same n d x d _ (fun i _ => eq_refl) (Hall x)). unfold dot at 1, combination.
    transitivity (sumn n (fun i => sumn n (fun j => d i * (inner n D x (e j) * e j i)))).
    - apply sumn_ext; intros. rewrite sumn_scal. reflexivity.
    - rewrite sumn_swap. apply sumn_ext; intros j Hj. rewrite (Rmult_comm (dot n d (e j))).
      unfold dot. rewrite <- sumn_scal. apply sumn_ext; intros; ring. }
  assert (Hin : forall F x, dot n (fun i => if lt_dec i n then F i else x i)
    (fun i => if lt_dec i n then F i else x i) = sumn n (fun j => F j * F j)).
  { intros F x. apply sumn_ext. intros i Hi. destruct (lt_dec i n); [reflexivity|contradiction]. }
  exists B, C, T. split.
  - intros a x c y. extensionality i. unfold B, lin. destruct (lt_dec i n); [|reflexivity].
    rewrite <- !inner_lin_l. reflexivity.
  - intros a x c y. extensionality i. unfold C, lin, combination. destruct (lt_dec i n); [|reflexivity].
    rewrite <- !sumn_scal, <- sumn_plus. apply sumn_ext; intros; ring.
  - intros a x c y. extensionality i. unfold T, lin. destruct (lt_dec i n).
    + rewrite <- !dot_lin_l. reflexivity.
    + change (mul n E (lin a x c y) i = lin a (mul n E x) c (mul n E y) i). rewrite mul_lin. reflexivity.
  - intros x. extensionality i. unfold C. destruct (lt_dec i n) as [Hi|Hi].
    + rewrite (Hall x i Hi). apply sumn_ext. intros j Hj. unfold B.
      destruct (lt_dec j n); [reflexivity|contradiction].
    + unfold B. destruct (lt_dec i n); [contradiction|reflexivity].
  - intros y. extensionality i. unfold B. destruct (lt_dec i n) as [Hi|Hi].
    + assert (Hcy : same n (C y) (combination n y e))
        by (intros j Hj; unfold C; destruct (lt_dec j n); [reflexivity|contradiction]).
      rewrite (inner_same n D _ _ (e i) Hcy), inner_combination.
      rewrite (sumn_ext n _ (fun l => y l * (if Nat.eq_dec l i then 1 else 0)))
        by (intros l Hl; rewrite Ho by auto; reflexivity).
      apply sumn_pick; auto.
    + unfold C. destruct (lt_dec i n); [contradiction|reflexivity].
  - intros d x. rewrite (Hdot d x). apply sumn_ext. intros i Hi. unfold T, B.
    destruct (lt_dec i n); [reflexivity|contradiction].
  - intros d. extensionality i. unfold B, T. destruct (lt_dec i n) as [Hi|Hi]; [|reflexivity].
    rewrite (dot_solved n D (mul n E d) d (e i) (Hs d)). apply inner_sym. apply HD.
  - intros x. unfold B. rewrite Hin. unfold sqnorm at 1, inner at 1. rewrite dot_comm, Hdot.
    apply sumn_ext. intros j Hj. f_equal. rewrite dot_comm. change (inner n D (e j) x = inner n D x (e j)).
    apply inner_sym. apply HD.
Qed.
