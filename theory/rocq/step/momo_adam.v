(** MoMo-Adam (Algorithm 2 of the MoMo paper), with weight decay; Adam; and what the step of MoMo-Adam is.

    Compare momo/reference/paper.py, line by line. The averages start at zero, so that their weights sum to
    ρ_k = 1 - β_1^k, and the metric D_k = diag(ε + √v̂_k) is Adam's, v̂_k = v_k/(1 - β_2^k).

    1. Averages from zero are sums with the weights (1-β) β^{k-j}, and these sum to 1 - β^k: by induction.
    2. D_k ≥ ε > 0 and ρ_k > 0, so the step is a case of [closed_form_diagonal]. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors metric_norms closed_form_groups closed_form.
Open Scope R_scope.

(** How many steps were taken, the point, the averages d, f̄ and γ, and v. *)
Record momo_adam_state := momo_adam_mk
  { mk_count : nat; mk_x : vec; mk_d : vec; mk_f : R; mk_gamma : R; mk_v : vec }.
(** How many steps were taken, the point, and the averages m and v. *)
Record adam_state := adam_mk { ad_count : nat; ad_x : vec; ad_m : vec; ad_v : vec }.

Section Algorithms.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta1 beta2 eps alpha lam fstar : R) (x1 : vec).

(** β v + (1-β) g∘g *)
Definition squares (beta : R) (v grad : vec) : vec := fun i => beta * v i + (1 - beta) * (grad i * grad i).
(** ε + √(v/(1 - β_2^k)) *)
Definition adam_metric (k : nat) (v : vec) : vec := fun i => eps + sqrt (v i / (1 - beta2 ^ k)).

(** One step of MoMo-Adam, with sample s. *)
Definition momo_adam_step (st : momo_adam_state) (s : nat) : momo_adam_state :=
  let x := mk_x st in
  let k := S (mk_count st) in
  let fb := beta1 * mk_f st + (1 - beta1) * f s x in
  let d := lin beta1 (mk_d st) (1 - beta1) (g s x) in
  let gm := beta1 * mk_gamma st + (1 - beta1) * dot n (g s x) x in
  let v := squares beta2 (mk_v st) (g s x) in
  let D := adam_metric k v in
  let rho := 1 - beta1 ^ k in
  let gap := Rmax 0 ((1 + alpha * lam) * (fb - gm - rho * fstar) + dot n d x) in
  let N := dot n d (quotient d D) in
  let tau := if Req_EM_T N 0 then 0 else Rmin (alpha / rho) (gap / N) in
  momo_adam_mk k (fun i => (x i - tau * (d i / D i)) / (1 + alpha * lam)) d fb gm v.

Definition momo_adam_start : momo_adam_state := momo_adam_mk 0 x1 (fun _ => 0) 0 0 (fun _ => 0).
Fixpoint momo_adam_path (w : nat -> nat) (k : nat) : momo_adam_state :=
  match k with O => momo_adam_start | S j => momo_adam_step (momo_adam_path w j) (w j) end.

(** One step of Adam: m̂_k = m_k/(1 - β_1^k), and x^{k+1} = x^k - α m̂_k/(ε + √v̂_k). *)
Definition adam_step (st : adam_state) (s : nat) : adam_state :=
  let x := ad_x st in
  let k := S (ad_count st) in
  let m := lin beta1 (ad_m st) (1 - beta1) (g s x) in
  let v := squares beta2 (ad_v st) (g s x) in
  adam_mk k (fun i => x i - alpha * (m i / (1 - beta1 ^ k)) / (eps + sqrt (v i / (1 - beta2 ^ k)))) m v.
(** The same with weight decay as a proximal step: what Adam's step gives, divided by 1 + αλ. *)
Definition adam_decay_step (st : adam_state) (s : nat) : adam_state :=
  let new := adam_step st s in
  adam_mk (ad_count new) (fun i => ad_x new i / (1 + alpha * lam)) (ad_m new) (ad_v new).

Definition adam_start : adam_state := adam_mk 0 x1 (fun _ => 0) (fun _ => 0).
Fixpoint adam_path (w : nat -> nat) (k : nat) : adam_state :=
  match k with O => adam_start | S j => adam_step (adam_path w j) (w j) end.
Fixpoint adam_decay_path (w : nat -> nat) (k : nat) : adam_state :=
  match k with O => adam_start | S j => adam_decay_step (adam_decay_path w j) (w j) end.

(** ** Averages from zero *)

(** Σ_{j<k} (1-β) β^{k-1-j} z_j *)
Definition weighted (beta : R) (k : nat) (z : nat -> R) : R :=
  sumn k (fun j => (1 - beta) * beta ^ (k - 1 - j) * z j).

Lemma sumn_S k F : sumn (S k) F = sumn k F + F k.
Proof. reflexivity. Qed.

Lemma weighted_step beta k z : weighted beta (S k) z = beta * weighted beta k z + (1 - beta) * z k.
Proof.
  unfold weighted. rewrite sumn_S, <- sumn_scal. f_equal.
  - apply sumn_ext; intros j Hj. replace (S k - 1 - j)%nat with (S (k - 1 - j)) by lia.
    rewrite <- tech_pow_Rmult. ring.
  - replace (S k - 1 - k)%nat with O by lia. simpl. ring.
Qed.

Lemma weights_sum beta k : weighted beta k (fun _ => 1) = 1 - beta ^ k.
Proof.
  induction k; [unfold weighted; simpl; ring|]. rewrite weighted_step, IHk. simpl. ring.
Qed.

(** After k steps f̄ = Σ_j ρ_j f_j, d = Σ_j ρ_j g_j and γ = Σ_j ρ_j <g_j, x^j> with the weights
    ρ_j = (1-β_1) β_1^{k-1-j}, and these sum to ρ_k = 1 - β_1^k; Adam's v is the same sum of g_j² with β_2.
    Source: MoMo paper, the averages of Algorithm 2. *)
Theorem momo_adam_averages w k :
  let x := fun j => mk_x (momo_adam_path w j) in
  let z := momo_adam_path w k in
  mk_count z = k /\
  mk_f z = weighted beta1 k (fun j => f (w j) (x j)) /\
  (forall i, mk_d z i = weighted beta1 k (fun j => g (w j) (x j) i)) /\
  mk_gamma z = weighted beta1 k (fun j => dot n (g (w j) (x j)) (x j)) /\
  (forall i, mk_v z i = weighted beta2 k (fun j => g (w j) (x j) i * g (w j) (x j) i)) /\
  weighted beta1 k (fun _ => 1) = 1 - beta1 ^ k.
Proof.
  intros x. cbv zeta. induction k as [|k IH].
  - unfold weighted; simpl. repeat split; auto; ring.
  - destruct IH as [Hk [Hf [Hd [Hg [Hv _]]]]]. rewrite !weighted_step, <- Hf, <- Hg.
    split; [simpl; now rewrite Hk|]. split; [reflexivity|].
    split; [intros i; rewrite weighted_step, <- Hd; reflexivity|]. split; [reflexivity|].
    split; [intros i; rewrite weighted_step, <- Hv; reflexivity|].
    rewrite weights_sum. simpl. ring.
Qed.

(** ** The step *)
Lemma power_below_one beta k : 0 <= beta < 1 -> 0 < 1 - beta ^ S k.
Proof.
  intros [H0 H1]. pose proof (pow_incr beta 1 k (conj H0 (Rlt_le _ _ H1))) as H. rewrite pow1 in H.
  pose proof (Rmult_le_compat_l beta _ _ H0 H). rewrite <- tech_pow_Rmult. lra.
Qed.

Lemma adam_metric_positive k v : 0 < eps -> positive_on n (adam_metric k v).
Proof. intros He i _. unfold adam_metric. pose proof (sqrt_pos (v i / (1 - beta2 ^ k))). lra. Qed.

(** Every step of MoMo-Adam, from any state: x^{k+1} is the only minimiser of
    max{ρ_k^{-1}(f̄_k + <d_k, y> - γ_k), f⋆} + (λ/2) ‖y‖²_{D_k} + ‖y - x^k‖²_{D_k}/(2α), with
    ρ_k = 1 - β_1^k and D_k = diag(ε + √v̂_k), where 0 ≤ β_1 < 1, ε > 0, α > 0 and λ ≥ 0.
    Source: MoMo paper, Lemma 3.1 and Algorithm 2. *)
Theorem momo_adam_is_argmin st s : 0 <= beta1 < 1 -> 0 < eps -> 0 < alpha -> 0 <= lam ->
  let new := momo_adam_step st s in
  let D := adam_metric (mk_count new) (mk_v new) in
  argmin (same n)
    (fun y => Rmax (/ (1 - beta1 ^ mk_count new) * (mk_f new + dot n (mk_d new) y - mk_gamma new)) fstar
       + lam / 2 * sumn n (fun i => D i * (y i * y i))
       + sumn n (fun i => D i * ((y i - mk_x st i) * (y i - mk_x st i))) / (2 * alpha))
    (mk_x new).
Proof.
  intros Hb He Ha Hl new D.
  apply (closed_form_diagonal n alpha lam D (1 - beta1 ^ mk_count new) (mk_f new) (mk_gamma new) fstar
    (mk_d new) (mk_x st)); auto.
  - apply power_below_one; auto.
  - apply adam_metric_positive; auto.
Qed.
End Algorithms.
