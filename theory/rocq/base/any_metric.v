(** MoMo in any fixed metric, with averages from the first sample or from zero.

    The metric is a symmetric positive definite matrix D with inverse E, diagonal or not. The step is
      x^{k+1} = x^k - τ_k D⁻¹d_k,  τ_k = min{α_k/ρ_k, (h_k - ρ_k f⋆)_+/‖d_k‖²_{D⁻¹}},
    where ρ_k, the sum of the weights in the averages, is 1 from the first sample and 1-β^k from zero; the cap
    α_k may differ from step to step. Compare momo/reference/paper.py.

    Here: the run; what D does to lengths ([dist_move], [dual_lin]); and what a step length is
    ([length_facts]). The theorems are in fejer_any.v, mean_square_any.v and coordinates.v. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method metric_norms assumptions method_zero.
Open Scope R_scope.

(** D is symmetric and positive definite, and E its inverse. *)
Definition is_metric (n : nat) (D E : matrix) :=
  positive_definite n D /\ forall d, solves n D (mul n E d) d.
(** ‖x - y‖²_D and ‖d‖²_{D⁻¹} = <d, D⁻¹d>. *)
Definition dist_in (n : nat) (D : matrix) (x y : vec) := sqnorm n D (lin 1 x (-1) y).
Definition dual_in (n : nat) (E : matrix) (d : vec) := dot n d (mul n E d).

(** Where the averages start, and the sum ρ_k of the weights in them. *)
Inductive beginning := at_first | at_zero.
Definition weight (b : beginning) (beta : R) (k : nat) : R :=
  match b with at_first => 1 | at_zero => rho beta k end.
Definition begin (b : beginning) (x1 : vec) : state :=
  match b with at_first => start x1 | at_zero => zstart x1 end.

Section Run.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta fstar : R).

(** The averages with one more sample, taken at any point x. *)
Definition taken (st : state) (x : vec) (s : nat) : state :=
  let keep := keepof beta st in
  mk false x (lin keep (pd st) (1 - keep) (g s x)) (keep * pf st + (1 - keep) * f s x)
    (keep * pg st + (1 - keep) * dot n (g s x) x).
(** The averages of samples at the points X 0, X 1, …, wherever these come from. *)
Fixpoint averaged (b : beginning) (X : nat -> vec) (w : nat -> nat) (k : nat) : state :=
  match k with O => begin b (X O) | S m => taken (averaged b X w m) (X m) (w m) end.

(** τ, where h is h_k, N is ‖d_k‖² and r is ρ_k. *)
Definition length_of (cap : option R) (r h N : R) : R := tau (r * fstar) (zcap r cap) h N.
(** One step in the metric, with sample s; r is its ρ_k. *)
Definition mstep (E : matrix) (cap : option R) (r : R) (st : state) (s : nat) : state :=
  let new := taken st (px st) s in
  let h := model n new (px st) in
  mk false (lin 1 (px st) (- length_of cap r h (dual_in n E (pd new))) (mul n E (pd new)))
    (pd new) (pf new) (pg new).
(** The run on the samples w 0, w 1, …, in any order, with the caps caps 0, caps 1, …. *)
Fixpoint mrun (b : beginning) (E : matrix) (caps : nat -> option R) (x1 : vec) (w : nat -> nat) (k : nat)
  : state :=
  match k with
  | O => begin b x1
  | S m => mstep E (caps m) (weight b beta (S m)) (mrun b E caps x1 w m) (w m)
  end.

Lemma model_taken st x s y : model n (taken st x s) y =
  keepof beta st * model n st y + (1 - keepof beta st) * (f s x + dot n (g s x) (lin 1 y (-1) x)).
Proof. unfold model, taken; simpl. rewrite dot_lin_l, dot_lin_r. ring. Qed.
Lemma model_mstep E cap r st s y : model n (mstep E cap r st s) y = model n (taken st (px st) s) y.
Proof. reflexivity. Qed.

(** The averages of a run are those of its points. *)
Lemma run_averaged b E caps x1 w k : let X := fun j => px (mrun b E caps x1 w j) in
  first (mrun b E caps x1 w k) = first (averaged b X w k) /\
  pd (mrun b E caps x1 w k) = pd (averaged b X w k) /\
  pf (mrun b E caps x1 w k) = pf (averaged b X w k) /\ pg (mrun b E caps x1 w k) = pg (averaged b X w k).
Proof.
  intros X. induction k as [|k [E1 [E2 [E3 E4]]]]; [unfold X; simpl; destruct b; auto|].
  simpl mrun. simpl averaged. unfold mstep, taken, keepof; simpl.
  rewrite E1, E2, E3, E4. auto.
Qed.
Lemma averaged_first b X w k : first (averaged b X w (S k)) = false.
Proof. reflexivity. Qed.
Lemma run_first b E caps x1 w k : first (mrun b E caps x1 w (S k)) = false.
Proof. reflexivity. Qed.

(** ρ_{k+1} = keep ρ_k + 1 - keep. *)
Definition begun (b : beginning) (st : state) := b = at_zero -> first st = false.
Lemma begun_start b x1 : begun b (begin b x1).
Proof. intros ->. reflexivity. Qed.
Lemma begun_averaged b X w k : begun b (averaged b X w k).
Proof. destruct k; [apply begun_start|intros _; reflexivity]. Qed.
Lemma begun_run b E caps x1 w k : begun b (mrun b E caps x1 w k).
Proof. destruct k; [apply begun_start|intros _; reflexivity]. Qed.
Lemma weight_next b st k : begun b st ->
  weight b beta (S k) = keepof beta st * weight b beta k + (1 - keepof beta st).
Proof.
  intros H. destruct b; simpl; [ring|]. unfold keepof. rewrite (H eq_refl). apply rho_next.
Qed.
End Run.

Lemma weight_range b beta k : 0 <= beta < 1 -> 0 < weight b beta (S k) <= 1.
Proof.
  intros Hb. destruct b; simpl; [lra|]. unfold rho.
  assert (H : 0 <= beta ^ k <= 1).
  { induction k; simpl; [lra|]. assert (0 <= beta * beta ^ k) by (apply Rmult_le_pos; lra).
    assert (beta * beta ^ k <= 1 * beta ^ k) by (apply Rmult_le_compat_r; lra). lra. }
  simpl. assert (0 <= beta * beta ^ k) by (apply Rmult_le_pos; lra).
  assert (beta * beta ^ k <= beta * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(** ** Lengths *)
Section Lengths.
Variables (n : nat) (D E : matrix).
Hypothesis HD : is_metric n D E.

Lemma dual_dot d y : dot n d (mul n E y) = inner n D (mul n E y) (mul n E d).
Proof. apply dot_solved. apply HD. Qed.
Lemma dual_sqnorm d : dual_in n E d = sqnorm n D (mul n E d).
Proof. apply dual_dot. Qed.
Lemma dual_sym d y : dot n d (mul n E y) = dot n y (mul n E d).
Proof. rewrite !dual_dot. apply inner_sym. apply HD. Qed.
Lemma dual_pos d : 0 <= dual_in n E d.
Proof. rewrite dual_sqnorm. apply sqnorm_pos, HD. Qed.
Lemma dist_pos x y : 0 <= dist_in n D x y.
Proof. apply sqnorm_pos, HD. Qed.
Lemma dual_lin a x b y : dual_in n E (lin a x b y) =
  a * a * dual_in n E x + 2 * (a * b) * dot n x (mul n E y) + b * b * dual_in n E y.
Proof.
  unfold dual_in. rewrite mul_lin, !dot_lin_l, !dot_lin_r. rewrite (dual_sym y x). ring.
Qed.
(** Where ‖d‖ = 0, d is orthogonal to everything. *)
Lemma dual_null d y : dual_in n E d = 0 -> dot n d y = 0.
Proof.
  intros H. rewrite dual_sqnorm in H.
  assert (H0 : same n (mul n E d) (fun _ => 0)) by (apply (sqnorm_null n D); [apply HD|lra]).
  assert (Hd : same n d (fun _ => 0)).
  { intros i Hi. destruct HD as [_ Hs]. rewrite <- (Hs d i Hi), (mul_same n D _ _ H0).
    unfold mul. apply sumn_all_zero. intros; ring. }
  rewrite (dot_same n d y (fun _ => 0) y Hd) by (intros i Hi; reflexivity).
  apply sumn_all_zero. intros; ring.
Qed.

(** ‖x - t D⁻¹d - x⋆‖²_D = ‖x - x⋆‖²_D - 2t<d, x - x⋆> + t²‖d‖²_{D⁻¹}. *)
Lemma dist_move x xs d t : dist_in n D (lin 1 x (- t) (mul n E d)) xs =
  dist_in n D x xs - 2 * t * dot n d (lin 1 x (-1) xs) + t * t * dual_in n E d.
Proof.
  set (p := mul n E d). set (u := lin 1 x (-1) xs).
  assert (Eu : lin 1 (lin 1 x (- t) p) (-1) xs = lin 1 u (- t) p)
    by (extensionality i; unfold u, lin; ring).
  unfold dist_in. rewrite Eu. fold u. rewrite dual_sqnorm. fold p.
  rewrite (dot_solved n D p d u) by apply HD.
  unfold sqnorm. rewrite inner_lin_l, !inner_lin_r. rewrite (inner_sym n D p u) by apply HD. ring.
Qed.
End Lengths.

(** ** The step length *)
(** τ ≥ 0, τ‖d‖² ≤ (h - ρf⋆)_+; below the bound τ = 0; without a cap τ‖d‖² = (h - ρf⋆)_+ where d ≠ 0. *)
Lemma length_facts fstar cap r h N : 0 < r -> positive_cap cap -> 0 <= N ->
  let a := h - r * fstar in let t := length_of fstar cap r h N in
  0 <= t /\ t * N <= Rmax 0 a /\ (a <= 0 -> t = 0) /\ (N = 0 -> t = 0) /\
  (cap = None -> N <> 0 -> t = Rmax 0 a / N).
Proof.
  intros Hr Hc HN a t. unfold t, length_of, tau. fold a. pose proof (Rmax_l 0 a) as Hm.
  destruct (Req_EM_T N 0) as [E|E]; [repeat split; intros; auto; try lra; contradiction|].
  assert (HN0 : 0 < N) by lra. set (z := Rmax 0 a / N).
  assert (Hz : 0 <= z) by (apply Rmult_le_pos; [auto|left; apply Rinv_0_lt_compat; auto]).
  assert (EzN : z * N = Rmax 0 a) by (unfold z; field; auto).
  assert (Ea : a <= 0 -> z = 0) by (intros Ha; unfold z; rewrite Rmax_left by lra; unfold Rdiv; ring).
  destruct cap as [alpha|]; simpl in *.
  - assert (Har : 0 < alpha / r) by (apply Rdiv_lt_0_compat; auto).
    assert (Hle : Rmin (alpha / r) z * N <= z * N) by (apply Rmult_le_compat_r; [lra|apply Rmin_r]).
    split; [apply Rmin_glb; lra|]. split; [lra|]. split; [|split; [contradiction|discriminate]].
    intros Ha. rewrite (Ea Ha). apply Rmin_right. lra.
  - split; [exact Hz|]. split; [lra|]. split; [exact Ea|]. split; [contradiction|]. auto.
Qed.
