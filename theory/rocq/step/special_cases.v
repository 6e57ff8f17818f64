(** MoMo has known methods as special cases, over whole runs, for every order of the samples:

    - β = 0 is SPS with a cap (ProxSPS): x^{k+1} = x^k - min{α, (f_k - f⋆)_+/‖g_k‖²} g_k. There d_k = g_k
      and h_k = f_k.
    - Where the cap binds, α ≤ ζ_k = (h_k - f⋆)_+/‖d_k‖², MoMo is SGD with momentum β and dampening β.
      The average d_k and the buffer obey the same recursion; τ_k = α where the cap binds.
    - Where it binds, α/ρ_k ≤ ζ_k, MoMo-Adam is Adam: (α/ρ_k) d_k = α m̂_k, for ρ_k = 1 - β_1^k is Adam's
      bias correction, and D_k = ε + √v̂_k is what Adam divides by.

    "The cap binds" is written without the fraction, α‖d_k‖² ≤ (h_k - f⋆)_+, so that it also says something
    at d_k = 0: there no method moves. No convexity, smoothness or true lower bound is assumed. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method metric_norms closed_form_groups closed_form momo_adam.
Open Scope R_scope.

(** f s and g s look at the first n coordinates only: functions on R^n. *)
Definition functions_on (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) :=
  forall s x y, same n x y -> f s x = f s y /\ same n (g s x) (g s y).

Section FirstSample.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta fstar : R) (x1 : vec).

(** ** β = 0: SPS *)

(** x - min{α, (f(x,s) - f⋆)_+/‖g(x,s)‖²} g(x,s), where α = cap; None is SPS itself. No step if g = 0. *)
Definition sps_step (cap : option R) (x : vec) (s : nat) : vec :=
  let N := dot n (g s x) (g s x) in
  let polyak := Rmax 0 (f s x - fstar) / N in
  let size := if Req_EM_T N 0 then 0
    else match cap with None => polyak | Some alpha => Rmin alpha polyak end in
  lin 1 x (- size) (g s x).
Fixpoint sps_path (cap : option R) (w : nat -> nat) (k : nat) : vec :=
  match k with O => x1 | S j => sps_step cap (sps_path cap w j) (w j) end.

Lemma no_memory cap st s : let new := step n f g 0 fstar cap st s in
  pd new = g s (px st) /\ model n new (px st) = f s (px st).
Proof.
  intros new.
  assert (Hk : (if first st then 0 else 0) = 0) by (destruct (first st); reflexivity).
  split.
  - unfold new; simpl. rewrite Hk. extensionality i. unfold lin. ring.
  - unfold model, new; simpl. rewrite Hk, dot_lin_l. ring.
Qed.

(** With β = 0 MoMo is SPS (ProxSPS with a cap) at every step k, on every order w of the samples:
    x^{k+1} = x^k - min{α, (f_k - f⋆)_+/‖g_k‖²} g_k.
    Source: MoMo paper: MoMo at β = 0; ProxSPS (Schaipp et al. 2023). *)
Theorem sps cap w k : px (path n f g 0 fstar cap x1 w k) = sps_path cap w k.
Proof.
  induction k as [|k IH]; [reflexivity|]. simpl path. rewrite px_step.
  destruct (no_memory cap (path n f g 0 fstar cap x1 w k) (w k)) as [Hd Hh]. cbv zeta in Hd, Hh.
  rewrite Hd, Hh, IH. reflexivity.
Qed.

(** ** Where the cap binds: SGD with momentum *)

(** As in PyTorch: the first buffer is g, later units momentum b + (1 - dampening) g; and x - α b. *)
Record sgd_state := sgd_mk { sgd_first : bool; sgd_x : vec; sgd_b : vec }.
Definition sgd_step (momentum dampening alpha : R) (st : sgd_state) (s : nat) : sgd_state :=
  let x := sgd_x st in
  let b := if sgd_first st then g s x else lin momentum (sgd_b st) (1 - dampening) (g s x) in
  sgd_mk false (lin 1 x (- alpha) b) b.
Definition sgd_start : sgd_state := sgd_mk true x1 (fun _ => 0).
Fixpoint sgd_path (momentum dampening alpha : R) (w : nat -> nat) (k : nat) : sgd_state :=
  match k with
  | O => sgd_start
  | S j => sgd_step momentum dampening alpha (sgd_path momentum dampening alpha w j) (w j)
  end.

(** α ≤ ζ_k, written as α ‖d_k‖² ≤ (h_k - f⋆)_+ *)
Definition cap_binds (alpha : R) (st : state) (s : nat) : Prop :=
  let new := step n f g beta fstar (Some alpha) st s in
  alpha * dot n (pd new) (pd new) <= Rmax 0 (model n new (px st) - fstar).

Lemma cap_binds_zeta alpha st s : let new := step n f g beta fstar (Some alpha) st s in
  dot n (pd new) (pd new) <> 0 ->
  (cap_binds alpha st s <-> alpha <= Rmax 0 (model n new (px st) - fstar) / dot n (pd new) (pd new)).
Proof.
  intros new H. unfold cap_binds. cbv zeta. fold new. pose proof (dot_pos n (pd new)) as HN.
  set (a := Rmax 0 (model n new (px st) - fstar)). set (N := dot n (pd new) (pd new)) in *.
  assert (E : a / N * N = a) by (field; auto). split; intros L.
  - apply (Rmult_le_reg_r N); lra.
  - apply (Rmult_le_compat_r N) in L; lra.
Qed.

(** the step of MoMo, in R^n, is x - α d *)
Definition moves_by_cap (alpha : R) (st : state) (s : nat) : Prop :=
  let new := step n f g beta fstar (Some alpha) st s in
  same n (px new) (lin 1 (px st) (- alpha) (pd new)).

Lemma null_same d : dot n d d = 0 -> same n d (fun _ => 0).
Proof.
  intros H i Hi. apply Rsqr_0_uniq. unfold Rsqr.
  apply (sumn_zero n (fun i => d i * d i)); auto. intros; apply sq_pos.
Qed.

(** A step of MoMo is x^{k+1} = x^k - α d_k if and only if the cap binds, α ≤ ζ_k (or d_k = 0).
    Source: MoMo paper: the capped step of MoMo; that it is necessary: derived here. *)
Theorem capped_step alpha st s : cap_binds alpha st s <-> moves_by_cap alpha st s.
Proof.
  unfold cap_binds, moves_by_cap. cbv zeta. rewrite px_step.
  set (new := step n f g beta fstar (Some alpha) st s).
  set (d := pd new). set (h := model n new (px st)).
  unfold tau. destruct (Req_EM_T (dot n d d) 0) as [E|E].
  - split; intros _.
    + intros i Hi. unfold lin. rewrite (null_same d E i Hi). ring.
    + rewrite E, Rmult_0_r. apply Rmax_l.
  - assert (HN : 0 < dot n d d) by (pose proof (dot_pos n d); lra).
    assert (Hz : Rmax 0 (h - fstar) = Rmax 0 (h - fstar) / dot n d d * dot n d d) by (field; lra).
    split.
    + intros H. rewrite Rmin_left; [intros i Hi; reflexivity|].
      apply (Rmult_le_reg_r (dot n d d)); [auto|]. rewrite <- Hz. exact H.
    + intros H. rewrite Hz. apply Rmult_le_compat_r; [lra|].
      destruct (Rle_dec alpha (Rmax 0 (h - fstar) / dot n d d)) as [L|L]; [exact L|].
      rewrite Rmin_right in H by lra. exfalso. apply E. apply sumn_all_zero. intros i Hi.
      specialize (H i Hi). unfold lin in H.
      assert (P : (alpha - Rmax 0 (h - fstar) / dot n d d) * d i = 0) by lra.
      apply Rmult_integral in P. destruct P as [P|P]; [lra|]. rewrite P. ring.
Qed.

(** As long as the cap binds, MoMo is SGD with momentum β and dampening β: the same points and the same
    buffers, for all steps up to K, on every order w of the samples.
    Source: MoMo paper: the capped step of MoMo. *)
Theorem sgd_m alpha w K : functions_on n f g ->
  (forall k, (k < K)%nat -> cap_binds alpha (path n f g beta fstar (Some alpha) x1 w k) (w k)) ->
  forall k, (k <= K)%nat ->
  same n (px (path n f g beta fstar (Some alpha) x1 w k)) (sgd_x (sgd_path beta beta alpha w k)) /\
  same n (pd (path n f g beta fstar (Some alpha) x1 w k)) (sgd_b (sgd_path beta beta alpha w k)).
Proof.
  intros Hf Hb k Hk.
  assert (H : first (path n f g beta fstar (Some alpha) x1 w k)
      = sgd_first (sgd_path beta beta alpha w k) /\
    same n (px (path n f g beta fstar (Some alpha) x1 w k)) (sgd_x (sgd_path beta beta alpha w k)) /\
    same n (pd (path n f g beta fstar (Some alpha) x1 w k)) (sgd_b (sgd_path beta beta alpha w k)));
    [|tauto].
  induction k as [|k IH].
  - repeat split; intros i Hi; reflexivity.
  - destruct (IH (Nat.lt_le_incl _ _ Hk)) as [H0 [Hx Hd]].
    pose proof (proj1 (capped_step _ _ _) (Hb k Hk)) as Hs. unfold moves_by_cap in Hs.
    simpl path. set (st := path n f g beta fstar (Some alpha) x1 w k) in *.
    simpl sgd_path. set (sg := sgd_path beta beta alpha w k) in *.
    destruct (Hf (w k) _ _ Hx) as [_ Hg].
    assert (Hd' : same n (pd (step n f g beta fstar (Some alpha) st (w k)))
      (sgd_b (sgd_step beta beta alpha sg (w k)))).
    { intros i Hi. unfold step, sgd_step, lin; simpl. rewrite H0, (Hg i Hi).
      destruct (sgd_first sg); [ring|]. unfold lin. rewrite (Hd i Hi). ring. }
    split; [reflexivity|]. split; [|exact Hd'].
    intros i Hi. rewrite (Hs i Hi). unfold lin. rewrite (Hx i Hi), (Hd' i Hi). reflexivity.
Qed.
End FirstSample.

(** ** Where the cap binds: Adam *)
Section FromZero.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta1 beta2 eps alpha lam fstar : R) (x1 : vec).

Notation momo_step := (momo_adam_step n f g beta1 beta2 eps alpha lam fstar).
Notation momo_path := (momo_adam_path n f g beta1 beta2 eps alpha lam fstar x1).
Notation decay_step := (adam_decay_step g beta1 beta2 eps alpha lam).
Notation decay_path := (adam_decay_path g beta1 beta2 eps alpha lam x1).

(** α/ρ_k ≤ ζ_k, written as (α/ρ_k) ‖d_k‖² ≤ ((1+αλ)(f̄_k - γ_k - ρ_k f⋆) + <d_k, x^k>)_+, where ‖d_k‖ is
    the norm with D_k^{-1} *)
Definition adam_cap_binds (st : momo_adam_state) (s : nat) : Prop :=
  let new := momo_step st s in
  let rho := 1 - beta1 ^ mk_count new in
  alpha / rho * dot n (mk_d new) (quotient (mk_d new) (adam_metric beta2 eps (mk_count new) (mk_v new)))
  <= Rmax 0 ((1 + alpha * lam) * (mk_f new - mk_gamma new - rho * fstar) + dot n (mk_d new) (mk_x st)).

Lemma quotient_null d D : positive_on n D -> 0 <= dot n d (quotient d D) /\
  (dot n d (quotient d D) = 0 -> same n d (fun _ => 0)).
Proof.
  intros HD. rewrite (dot_solved n (diag D) (quotient d D)) by (apply diag_solves; auto).
  pose proof (diag_positive_definite n D HD) as Hp. split; [apply sqnorm_pos; auto|].
  intros H i Hi. pose proof (sqnorm_null n (diag D) _ Hp (Req_le _ _ H) i Hi) as Hq. unfold quotient in Hq.
  specialize (HD i Hi). replace (d i) with (d i / D i * D i) by (field; lra). rewrite Hq. ring.
Qed.

Lemma adam_capped_step st s : 0 < eps -> adam_cap_binds st s ->
  same n (mk_x (momo_step st s))
    (ad_x (decay_step (adam_mk (mk_count st) (mk_x st) (mk_d st) (mk_v st)) s)).
Proof.
  intros He Hb i Hi. unfold adam_cap_binds in Hb. simpl in Hb. simpl. f_equal.
  set (d := lin beta1 (mk_d st) (1 - beta1) (g s (mk_x st))) in *.
  set (v := squares beta2 (mk_v st) (g s (mk_x st))) in *.
  set (rho := 1 - beta1 * beta1 ^ mk_count st) in *.
  set (D := adam_metric beta2 eps (S (mk_count st)) v) in *.
  set (gap := Rmax 0 _) in *.
  assert (HD : positive_on n D) by (apply adam_metric_positive; auto).
  destruct (quotient_null d D HD) as [HN H0].
  change (eps + sqrt (v i / (1 - beta2 * beta2 ^ mk_count st))) with (D i).
  destruct (Req_EM_T (dot n d (quotient d D)) 0) as [E|E].
  - rewrite (H0 E i Hi). unfold Rdiv. ring.
  - rewrite Rmin_left; [unfold Rdiv; ring|].
    apply (Rmult_le_reg_r (dot n d (quotient d D))); [lra|].
    replace (gap / dot n d (quotient d D) * dot n d (quotient d D)) with gap by (field; auto). exact Hb.
Qed.

(** As long as the cap binds, MoMo-Adam with weight decay λ is Adam followed by the proximal decay
    x/(1+αλ): the same points for all steps up to K, on every order w of the samples.
    Source: MoMo paper: the capped step of MoMo-Adam, with the decay of Algorithm 2. *)
Theorem adam_decay w K : 0 < eps -> functions_on n f g ->
  (forall k, (k < K)%nat -> adam_cap_binds (momo_path w k) (w k)) ->
  forall k, (k <= K)%nat -> same n (mk_x (momo_path w k)) (ad_x (decay_path w k)).
Proof.
  intros He Hf Hb k Hk.
  assert (H : mk_count (momo_path w k) = ad_count (decay_path w k) /\
    same n (mk_x (momo_path w k)) (ad_x (decay_path w k)) /\
    same n (mk_d (momo_path w k)) (ad_m (decay_path w k)) /\
    same n (mk_v (momo_path w k)) (ad_v (decay_path w k))); [|tauto].
  induction k as [|k IH].
  - repeat split; intros i Hi; reflexivity.
  - destruct (IH (Nat.lt_le_incl _ _ Hk)) as [Hn [Hx [Hd Hv]]].
    pose proof (adam_capped_step _ _ He (Hb k Hk)) as Hs.
    simpl momo_adam_path. set (st := momo_path w k) in *.
    simpl adam_decay_path. set (ad := decay_path w k) in *.
    destruct (Hf (w k) _ _ Hx) as [_ Hg].
    assert (Hd' : same n (mk_d (momo_step st (w k))) (ad_m (decay_step ad (w k))))
      by (intros i Hi; simpl; unfold lin; rewrite (Hg i Hi), (Hd i Hi); reflexivity).
    assert (Hv' : same n (mk_v (momo_step st (w k))) (ad_v (decay_step ad (w k))))
      by (intros i Hi; simpl; unfold squares; rewrite (Hg i Hi), (Hv i Hi); reflexivity).
    split; [simpl; now rewrite Hn|]. split; [|split; [exact Hd'|exact Hv']].
    intros i Hi. rewrite (Hs i Hi). specialize (Hd' i Hi). specialize (Hv' i Hi). simpl in *.
    rewrite Hd', Hv', Hn, (Hx i Hi). reflexivity.
Qed.
End FromZero.

(** As long as the cap binds, MoMo-Adam (λ = 0) is Adam: x^{k+1} = x^k - α m̂_k/(ε + √v̂_k) with
    m̂_k = m_k/(1-β_1^k) and v̂_k = v_k/(1-β_2^k), the same points for all steps up to K, on every order w
    of the samples.
    Source: MoMo paper: the capped step of MoMo-Adam. *)
Theorem adam n f g beta1 beta2 eps alpha fstar x1 w K : 0 < eps -> functions_on n f g ->
  (forall k, (k < K)%nat -> adam_cap_binds n f g beta1 beta2 eps alpha 0 fstar
     (momo_adam_path n f g beta1 beta2 eps alpha 0 fstar x1 w k) (w k)) ->
  forall k, (k <= K)%nat -> same n (mk_x (momo_adam_path n f g beta1 beta2 eps alpha 0 fstar x1 w k))
    (ad_x (adam_path g beta1 beta2 eps alpha x1 w k)).
Proof.
  intros He Hf Hb k Hk.
  assert (E : forall j, adam_decay_path g beta1 beta2 eps alpha 0 x1 w j
    = adam_path g beta1 beta2 eps alpha x1 w j).
  { induction j as [|j IH]; [reflexivity|]. simpl. rewrite IH. unfold adam_decay_step. simpl.
    unfold adam_step; simpl. f_equal. extensionality i. replace (1 + alpha * 0) with 1 by ring.
    unfold Rdiv. rewrite Rinv_1, Rmult_1_r. reflexivity. }
  rewrite <- E. apply (adam_decay n f g beta1 beta2 eps alpha 0 fstar x1 w K); auto.
Qed.
