(** The traps in any fixed metric D, from the first sample and from zero.

    In the coordinates Bx, ‖x‖_D = ‖Bx‖ (gram_schmidt.v), let f be the trap of the identity: the slopes are
    DCg_j, C the inverse of B, for <DCg_j, x> = <g_j, Bx>. Their lengths in the norm of D⁻¹ are ‖g_j‖, and
    the start is C applied to the trap's ([slope_dot], [slope_seen]). The gradients that the run sees in the
    coordinates are the trap's in all entries that count, so all values are the trap's, too ([runs_agree]). *)
Require Import Reals Lra Lia FunctionalExtensionality.
From Momo Require Import sums vectors method assumptions max_affine metric metric_norms method_zero trap.
From Momo Require Import any_metric gram_schmidt coordinates norm_recursion_any.
From Momo Require sharp_rate sharp_rate_zero sharp_rate_metric.
Open Scope R_scope.

(** |f(x) - f(y)| ≤ G ‖x - y‖_D, squared. *)
Definition lipschitz_in (n : nat) (D : matrix) (f : vec -> R) (G : R) :=
  forall x y, (f x - f y) * (f x - f y) <= G * G * dist_in n D x y.
(** What a trap is in the metric D: one convex G-Lipschitz function with minimum f⋆ at x⋆, subgradients of
    length at most G in the norm of D⁻¹, and ‖x^1 - x⋆‖_D = R. *)
Definition problem_in (n : nat) (D E : matrix) (f : vec -> R) (g : vec -> vec) (xs x1 : vec) (fstar G R0 : R)
  :=
  convex n 1 (fun _ => f) (fun _ => g) /\ interpolation 1 (fun _ => f) xs fstar /\
  bounded_below 1 (fun _ => f) fstar /\ lipschitz_in n D f G /\ (forall x, dual_in n E (g x) <= G * G) /\
  dist_in n D x1 xs = R0 * R0.

(** ** Only the first n entries count *)
Definition agree (n : nat) (st st' : state) := first st = first st' /\ same n (px st) (px st') /\
  same n (pd st) (pd st') /\ pf st = pf st' /\ pg st = pg st'.

Lemma step_agrees n f g g' beta lb cap st st' s :
  (forall x y, same n x y -> f s x = f s y) -> (forall x y, same n x y -> same n (g s x) (g' s y)) ->
  agree n st st' -> agree n (step n f g beta lb cap st s) (step n f g' beta lb cap st' s).
Proof.
  intros Hf Hg [E1 [E2 [E3 [E4 E5]]]].
  set (k := if first st then 0 else beta).
  assert (Ed : same n (lin k (pd st) (1 - k) (g s (px st))) (lin k (pd st') (1 - k) (g' s (px st'))))
    by (apply lin_same; auto).
  assert (Eg : dot n (g s (px st)) (px st) = dot n (g' s (px st')) (px st')) by (apply dot_same; auto).
  unfold step. rewrite <- E1. fold k. unfold agree; cbn [first px pd pf pg].
  rewrite (Hf _ _ E2), E4, E5, Eg.
  rewrite (dot_same n _ (px st) _ (px st') Ed E2), (dot_same n _ _ _ _ Ed Ed).
  split; [reflexivity|]. split; [apply lin_same; auto|]. auto.
Qed.

Lemma max_affine_same n m slope fstar x y : same n x y ->
  max_affine n m slope fstar x = max_affine n m slope fstar y.
Proof.
  intros H. unfold max_affine. f_equal. induction m as [|m IH]; simpl; [reflexivity|].
  rewrite IH, (dot_same n (slope m) x (slope m) y (fun i _ => eq_refl) H). reflexivity.
Qed.
Lemma largest_same n m (slope : nat -> vec) x y : same n x y ->
  largest m (fun j => dot n (slope j) x) = largest m (fun j => dot n (slope j) y).
Proof. intros H. pose proof (max_affine_same n m slope 0 x y H) as E. unfold max_affine in E. lra. Qed.
Lemma active_same n m slope x y : same n x y -> active n m slope x = active n m slope y.
Proof.
  intros H. induction m as [|m IH]; simpl; [reflexivity|].
  rewrite IH, (largest_same n m slope x y H), (dot_same n (slope m) x (slope m) y (fun i _ => eq_refl) H).
  reflexivity.
Qed.

Section Metric.
Variables (n : nat) (D E : matrix) (B C T : vec -> vec).
Hypothesis HD : is_metric n D E.
Hypothesis HC : coordinates n D E B C T.

(** The slope in the metric. *)
Definition slope_of (u : vec) : vec := mul n D (C u).

Lemma inner_seen x y : inner n D x y = dot n (B x) (B y).
Proof.
  pose proof (sqnorm_b _ _ _ _ _ _ HC (lin 1 x 1 y)) as H. rewrite (b_lin _ _ _ _ _ _ HC) in H.
  pose proof (sqnorm_b _ _ _ _ _ _ HC x) as Hx. pose proof (sqnorm_b _ _ _ _ _ _ HC y) as Hy.
  unfold sqnorm in *. repeat rewrite ?inner_lin_l, ?inner_lin_r, ?dot_lin_l, ?dot_lin_r in H.
  rewrite (inner_sym n D y x), (dot_comm n (B y) (B x)) in H by apply HD. lra.
Qed.
Lemma slope_dot u x : dot n (slope_of u) x = dot n u (B x).
Proof.
  unfold slope_of. rewrite dot_comm. change (inner n D x (C u) = dot n u (B x)).
  rewrite inner_seen, (b_c _ _ _ _ _ _ HC). apply dot_comm.
Qed.
Lemma slope_seen u : same n (T (slope_of u)) u.
Proof.
  intros i Hi. set (unit := fun j : nat => if Nat.eq_dec j i then 1 else 0).
  assert (Hu : forall d, dot n d unit = d i).
  { intros d. unfold dot. rewrite (sumn_one n _ i Hi).
    - unfold unit. destruct (Nat.eq_dec i i); [ring|contradiction].
    - intros j _ Hj. unfold unit. destruct (Nat.eq_dec j i); [contradiction|ring]. }
  rewrite <- (Hu (T (slope_of u))), <- (Hu u). rewrite <- (b_c _ _ _ _ _ _ HC unit).
  rewrite (dot_t_b _ _ _ _ _ _ HC), slope_dot. reflexivity.
Qed.
Lemma slope_length u : dual_in n E (slope_of u) = dot n u u.
Proof. rewrite <- (dual_seen n D E B C T HC). apply dot_same; apply slope_seen. Qed.
Lemma slope_null : slope_of (fun _ => 0) = fun _ => 0.
Proof.
  assert (E0 : C (fun _ => 0) = fun _ => 0).
  { pose proof (c_lin _ _ _ _ _ _ HC 0 (fun _ => 0) 0 (fun _ => 0)) as H.
    assert (E1 : lin 0 (fun _ => 0) 0 (fun _ => 0) = fun _ : nat => 0) by (extensionality i; unfold lin;
      ring).
    rewrite E1 in H. rewrite H. extensionality i. unfold lin. ring. }
  unfold slope_of. rewrite E0. extensionality i. unfold mul. apply sumn_all_zero. intros; ring.
Qed.

Variables (m : nat) (slope : nat -> vec) (fstar beta : R) (x1 : vec).
Notation slope' := (fun l => slope_of (slope l)).
Notation f := (max_affine n m slope fstar).
Notation g := (active n m slope).
Notation f' := (max_affine n m slope' fstar).
Notation g' := (active n m slope').

Lemma largest_of x : forall k, largest k (fun j => dot n (slope' j) x) = largest k (fun j => dot n (slope j)
  (B x)).
Proof. induction k as [|k IH]; simpl; [reflexivity|]. rewrite IH, slope_dot. reflexivity. Qed.
Lemma max_affine_of x : f' x = f (B x).
Proof. unfold max_affine. rewrite largest_of. reflexivity. Qed.
Lemma active_of x : g' x = slope_of (g (B x)).
Proof.
  clear beta x1. induction m as [|k IH]; simpl; [symmetry; apply slope_null|].
  rewrite slope_dot, largest_of, IH. destruct (Rle_dec _ _); reflexivity.
Qed.

(** The run in the metric from C x^1 has the values of the run in the identity from x^1. *)
Lemma seen_agrees st st' lb cap : agree n st st' -> agree n
  (step n (value_seen (fun _ => f') C) (gradient_seen (fun _ => g') C T) beta lb cap st 0)
  (step n (fun _ => f) (fun _ => g) beta lb cap st' 0).
Proof.
  intros H.
  assert (Ev : value_seen (fun _ => f') C = fun _ => f).
  { extensionality s. extensionality y. unfold value_seen. rewrite max_affine_of, (b_c _ _ _ _ _ _ HC).
    reflexivity. }
  rewrite Ev. apply step_agrees; auto.
  - intros x y Hxy. apply max_affine_same; auto.
  - intros x y Hxy. unfold gradient_seen. rewrite active_of, (b_c _ _ _ _ _ _ HC).
    rewrite (active_same n m slope x y Hxy). apply slope_seen.
Qed.
Lemma runs_agree_first k : agree n (state_seen B T (one_run n f' g' beta fstar at_first E (C x1) k))
  (sharp_rate.run1 n f g beta fstar x1 k).
Proof.
  induction k as [|k IH].
  - pose proof (begin_seen n D E B C T HC at_first (C x1)) as H0. rewrite (b_c _ _ _ _ _ _ HC) in H0.
    unfold one_run. cbn [mrun]. rewrite H0. repeat split; reflexivity.
  - unfold one_run. simpl mrun. rewrite (step_seen_first n _ _ beta fstar D E B C T HC).
    apply seen_agrees. exact IH.
Qed.
Lemma runs_agree_zero k : agree n (state_seen B T (one_run n f' g' beta fstar at_zero E (C x1) k))
  (sharp_rate_zero.runz n f g beta fstar x1 k).
Proof.
  rewrite <- sharp_rate_metric.zrun_identity.
  induction k as [|k IH].
  - pose proof (begin_seen n D E B C T HC at_zero (C x1)) as H0. rewrite (b_c _ _ _ _ _ _ HC) in H0.
    unfold one_run. cbn [mrun]. rewrite H0. repeat split; reflexivity.
  - unfold one_run. simpl mrun. rewrite (step_seen n _ _ beta fstar D E B C T HC).
    set (st := sharp_rate_metric.zrun n f g beta fstar ones x1 k) in *.
    assert (Ez : sharp_rate_metric.zrun n f g beta fstar ones x1 (S k) =
      step n (fun _ => f) (fun _ => g) beta (rho beta (S k) * fstar) (zcap (rho beta (S k)) None) st 0).
    { unfold sharp_rate_metric.zrun at 1. simpl zpath. unfold zstep, step.
      change (zpath n (fun _ => f) (fun _ => g) beta fstar (fun _ => None) ones x1 (fun _ => 0%nat) k) with
        st.
      assert (Ef : first st = false) by (unfold st; destruct k; reflexivity).
      rewrite Ef, dual2_ones, precond_ones. reflexivity. }
    rewrite Ez. apply seen_agrees. exact IH.
Qed.
Lemma value_agrees st st' : agree n (state_seen B T st) st' -> f' (px st) = f (px st').
Proof. intros [_ [H _]]. rewrite max_affine_of. apply max_affine_same. exact H. Qed.

(** Lengths and distances. *)
Lemma problem_of G R0 : lipschitz n f G -> (forall x, dot n (g x) (g x) <= G * G) ->
  dist2 n x1 origin = R0 * R0 -> problem_in n D E f' g' origin (C x1) fstar G R0.
Proof.
  intros Hl HG Hd. split; [apply max_affine_convex|]. split; [intros s _; apply max_affine_at_0|].
  split; [intros s x _; apply max_affine_min|]. split.
  { intros x y. rewrite !max_affine_of, <- (dist_seen n D E B C T HC). apply Hl. }
  split.
  - intros x. rewrite active_of, slope_length. apply HG.
  - rewrite <- Hd, <- (dist_seen n D E B C T HC), (b_c _ _ _ _ _ _ HC). f_equal.
    assert (H0 : B origin = lin 0 origin 0 origin).
    { pose proof (b_lin _ _ _ _ _ _ HC 0 origin 0 origin) as H.
      assert (E1 : lin 0 origin 0 origin = origin) by (extensionality i; unfold lin, origin; ring).
      rewrite E1 in H at 1. rewrite H. extensionality i. unfold lin, origin. ring. }
    rewrite H0. extensionality i. unfold lin, origin. ring.
Qed.
End Metric.

(** The trap in any fixed metric D on R^{K+2}, averages from zero. For every K, β in [0,1), G, R > 0 and f⋆
    there is a convex f, a maximum of affine functions, with ‖∇f‖_{D⁻¹} ≤ G and ‖x^1-x⋆‖_D = R, on which the
    run has at its first K+1 points f(x^k) - f⋆ = G R/√(1/(1-√β)² + Σ_{k=1}^K (1-β²)/(1-β^{2k})).
    Source: derived here. *)
Theorem trap_any_zero beta fstar G R0 D E K : 0 <= beta < 1 -> 0 < G -> 0 < R0 -> is_metric (S (S K)) D E ->
  exists f g xs x1, problem_in (S (S K)) D E f g xs x1 fstar G R0 /\
  forall k, (k <= K)%nat -> f (px (one_run (S (S K)) f g beta fstar at_zero E x1 k)) - fstar
    = G * R0 / sqrt (rest_zero beta + decrease_zero beta K).
Proof.
  intros Hb HG HR0 HD. destruct (coordinates_exist _ D E HD) as [B [C [T HC]]].
  destruct (trap_from_zero beta fstar G R0 K Hb HG HR0) as [slope [x1 [Hp Hv]]].
  destruct Hp as [_ [_ [_ [Hl [Hg Hd]]]]].
  exists (max_affine (S (S K)) (S K) (fun j => slope_of (S (S K)) D C (slope j)) fstar),
    (active (S (S K)) (S K) (fun j => slope_of (S (S K)) D C (slope j))), origin, (C x1).
  split; [apply (problem_of _ D E B C T HD HC); auto|]. intros k Hk. rewrite <- (Hv k Hk). f_equal.
  apply (value_agrees _ D E B C T HD HC). apply runs_agree_zero; auto.
Qed.

(** The trap in any fixed metric D on R^{K+2}, averages from the first sample:
    f(x^k) - f⋆ = G R/√((1-β²)/(1-√β)² + 1 + Σ_{k=1}^{K-1} (1-β²)(1-β)/(1-β+2β^{2k+1})), K ≥ 1, at the first
    K+1 points; all else as in trap_any_zero.  Source: derived here. *)
Theorem trap_any beta fstar G R0 D E K : 0 <= beta < 1 -> 0 < G -> 0 < R0 -> is_metric (S (S K)) D E ->
  exists f g xs x1, problem_in (S (S K)) D E f g xs x1 fstar G R0 /\
  forall k, (k <= K)%nat -> f (px (one_run (S (S K)) f g beta fstar at_first E x1 k)) - fstar
    = G * R0 / sqrt (rest_first beta + decrease_first beta K).
Proof.
  intros Hb HG HR0 HD. destruct (coordinates_exist _ D E HD) as [B [C [T HC]]].
  destruct (trap_from_first beta fstar G R0 K Hb HG HR0) as [slope [x1 [Hp Hv]]].
  destruct Hp as [_ [_ [_ [Hl [Hg Hd]]]]].
  exists (max_affine (S (S K)) (S K) (fun j => slope_of (S (S K)) D C (slope j)) fstar),
    (active (S (S K)) (S K) (fun j => slope_of (S (S K)) D C (slope j))), origin, (C x1).
  split; [apply (problem_of _ D E B C T HD HC); auto|]. intros k Hk. rewrite <- (Hv k Hk). f_equal.
  apply (value_agrees _ D E B C T HD HC). apply runs_agree_first; auto.
Qed.
