(** MoMo⋆ and MoMo-Adam⋆: the lower bound that is estimated on the way, f_⋆^1 = lb.

    The three formulas that both methods share ([used], [size], [next_bound]), and what follows from each:
    1. a reset takes f_⋆^k to max{c_k/(2(1+αλ)ρ_k), lb}, and the gap to min{c_k/2, c_k - (1+αλ)ρ_k lb};
    2. τ_k‖d_k‖² is at most the gap, and equal to it where the cap does not bind;
    3. the estimate h_k - ½τ_k‖d_k‖² is therefore between h_k - ½ gap and h_k; if λ = 0 it is not below lb,
       so that the maximum with lb changes nothing.

    A run of either method is a sequence of numbers that these formulas connect ([starred]); that the literal
    methods are such runs is star_methods.v. Nothing is assumed of the functions: no convexity, no
    interpolation; and that f_⋆^k is a lower bound is not claimed. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions.
Open Scope R_scope.

(** 1 + αλ. Without a cap there is no decay: α = ∞ with λ > 0 has no step. *)
Definition shrink (cap : option R) (lambda : R) :=
  match cap with None => 1 | Some alpha => 1 + alpha * lambda end.

Section Bound.
(** ρ_k; 1 + αλ; α; lb. *)
Variables (rho sh : R) (cap : option R) (lb : R).

(** The bound that step k uses: f_⋆^k, after a reset where it is above the line. *)
Definition used (c b : R) : R := if Rlt_dec c (sh * rho * b) then Rmax (c / (2 * sh * rho)) lb else b.
(** τ_k = min{α/ρ, (c - (1+αλ)ρ b)_+/N}, N = ‖d_k‖²; 0 where d_k = 0; b is the bound that is used. *)
Definition size (c N b : R) : R :=
  if Req_EM_T N 0 then 0
  else let z := Rmax (c - sh * rho * b) 0 / N in
       match cap with None => z | Some alpha => Rmin (alpha / rho) z end.
(** f_⋆^{k+1}. *)
Definition next_bound (h N t : R) : R := Rmax ((h - t * N / 2) / rho) lb.

(** The cap does not bind: τ_k is the adaptive term. *)
Definition unbound (c N b : R) :=
  match cap with None => True | Some alpha => Rmax (c - sh * rho * b) 0 / N <= alpha / rho end.

Hypothesis Hrho : 0 < rho.
Hypothesis Hsh : 0 < sh.
Hypothesis Hcap : positive_cap cap.

Lemma scale_pos : 0 < sh * rho.
Proof. apply Rmult_lt_0_compat; auto. Qed.

Lemma used_floor c b : lb <= b -> lb <= used c b.
Proof. intros Hb. unfold used. destruct (Rlt_dec c (sh * rho * b)); [apply Rmax_r|auto]. Qed.

Lemma next_floor h N t : lb <= next_bound h N t.
Proof. apply Rmax_r. Qed.

Lemma half_line c b : c / (2 * sh * rho) <= b <-> c <= 2 * (sh * rho * b).
Proof.
  pose proof scale_pos as Hs. split; intros H.
  - apply (Rmult_le_compat_r (2 * (sh * rho))) in H; [|lra].
    replace (c / (2 * sh * rho) * (2 * (sh * rho))) with c in H by (field; lra). lra.
  - apply (Rmult_le_reg_r (2 * (sh * rho))); [lra|].
    replace (c / (2 * sh * rho) * (2 * (sh * rho))) with c by (field; lra). lra.
Qed.

(** A reset raises the bound exactly where 2(1+αλ)ρ f_⋆^k < c_k < (1+αλ)ρ f_⋆^k: only negative ones. *)
Lemma used_not_raised c b : lb <= b ->
  (used c b <= b <-> ~ (2 * (sh * rho * b) < c < sh * rho * b)).
Proof.
  intros Hb. unfold used. destruct (Rlt_dec c (sh * rho * b)) as [Hr|Hr].
  - split.
    + intros H. pose proof (Rmax_l (c / (2 * sh * rho)) lb) as H1.
      assert (H2 : c / (2 * sh * rho) <= b) by lra. apply half_line in H2. lra.
    + intros H. apply Rmax_lub; [apply half_line; lra|auto].
  - split; intros; lra.
Qed.

(** The gap after a reset. *)
Lemma reset_gap c b : c < sh * rho * b -> c - sh * rho * used c b = Rmin (c / 2) (c - sh * rho * lb).
Proof.
  intros Hr. pose proof scale_pos as Hs. unfold used. destruct (Rlt_dec c (sh * rho * b)) as [_|H]; [|lra].
  assert (E : sh * rho * (c / (2 * sh * rho)) = c / 2) by (field; lra).
  unfold Rmax, Rmin. destruct (Rle_dec (c / (2 * sh * rho)) lb) as [H|H].
  - apply half_line in H. destruct (Rle_dec (c / 2) (c - sh * rho * lb)); lra.
  - assert (H1 : ~ c <= 2 * (sh * rho * lb)) by (intros H1; apply H, half_line; auto).
    destruct (Rle_dec (c / 2) (c - sh * rho * lb)); lra.
Qed.

Lemma cap_over_rho : match cap with None => True | Some alpha => 0 < alpha / rho end.
Proof. destruct cap; [apply Rdiv_lt_0_compat; auto|auto]. Qed.

(** 0 ≤ τN ≤ the gap, its positive part; with equality where the cap does not bind and d is not 0. *)
Lemma size_range c N b : 0 <= N ->
  0 <= size c N b /\ size c N b * N <= Rmax (c - sh * rho * b) 0 /\
  (N <> 0 -> unbound c N b -> size c N b * N = Rmax (c - sh * rho * b) 0).
Proof.
  intros HN. pose proof (Rmax_r (c - sh * rho * b) 0) as Hg. set (a := Rmax (c - sh * rho * b) 0) in *.
  unfold size, unbound. fold a. destruct (Req_EM_T N 0) as [E|E]; [rewrite E; repeat split; intros; lra|].
  assert (Hz : a / N * N = a) by (field; auto).
  assert (Hz0 : 0 <= a / N) by (unfold Rdiv; apply Rmult_le_pos; [auto|left; apply Rinv_0_lt_compat; lra]).
  pose proof cap_over_rho as Ha. destruct cap as [alpha|]; [|repeat split; intros; lra].
  pose proof (Rmin_r (alpha / rho) (a / N)) as Hm.
  split; [apply Rmin_glb; lra|]. split.
  - rewrite <- Hz at 2. apply Rmult_le_compat_r; auto.
  - intros _ Hu. rewrite Rmin_right by auto. exact Hz.
Qed.

(** The step moves exactly where d is not 0 and the gap is positive. *)
Lemma size_moves c N b : 0 <= N -> (0 < size c N b <-> N <> 0 /\ sh * rho * b < c).
Proof.
  intros HN. unfold size. destruct (Req_EM_T N 0) as [E|E]; [split; [lra|intros [H _]; contradiction]|].
  assert (HN0 : 0 < / N) by (apply Rinv_0_lt_compat; lra).
  assert (Hg : 0 < Rmax (c - sh * rho * b) 0 / N <-> sh * rho * b < c).
  { unfold Rdiv. split; intros H.
    - destruct (Rlt_le_dec (sh * rho * b) c) as [H1|H1]; [auto|].
      rewrite Rmax_right in H by lra. lra.
    - rewrite Rmax_left by lra. apply Rmult_lt_0_compat; lra. }
  pose proof cap_over_rho as Ha. destruct cap as [alpha|]; [|tauto]. rewrite <- Hg. split.
  - intros H. split; [auto|]. pose proof (Rmin_r (alpha / rho) (Rmax (c - sh * rho * b) 0 / N)). lra.
  - intros [_ H]. apply Rmin_glb_lt; auto.
Qed.

(** The estimate, with decay: between h - ½ gap and h; b is the bound that is used, not above the line. *)
Lemma estimate_range c h N b : 0 <= N -> sh * rho * b <= c ->
  let e := h - size c N b * N / 2 in
  h - (c - sh * rho * b) / 2 <= e <= h /\
  (N <> 0 -> unbound c N b -> e = h - (c - sh * rho * b) / 2).
Proof.
  intros HN Hc e. destruct (size_range c N b HN) as [H0 [H1 H2]]. rewrite Rmax_left in H1, H2 by lra.
  assert (H3 : 0 <= size c N b * N) by (apply Rmult_le_pos; auto).
  unfold e. split; [lra|]. intros HN0 Hu. rewrite (H2 HN0 Hu). reflexivity.
Qed.

(** Above the line nothing moves, and the next bound is the line itself, or lb. *)
Lemma above_line c h N b : 0 <= N -> c <= sh * rho * b ->
  size c N b = 0 /\ next_bound h N (size c N b) = Rmax (h / rho) lb.
Proof.
  intros HN Hc. assert (E : size c N b = 0).
  { destruct (size_range c N b HN) as [H0 _]. destruct (Rle_lt_or_eq_dec 0 (size c N b) H0) as [H|H]; [|auto].
    apply size_moves in H; [lra|auto]. }
  split; [auto|]. rewrite E. unfold next_bound. f_equal. field. lra.
Qed.
End Bound.

(** Without decay, c = h: ½(h + ρ b) ≤ ρ f_⋆^{k+1} ≤ h, and equal to the former where the cap does not bind:
    for the bound b that is used, lb ≤ b ≤ h/ρ. The maximum with lb changes nothing. *)
Lemma halfway rho cap lb h N b : 0 < rho -> positive_cap cap -> 0 <= N -> lb <= b -> rho * b <= h ->
  let next := next_bound rho lb h N (size rho 1 cap h N b) in
  (h + rho * b) / 2 <= rho * next <= h /\
  (N <> 0 -> unbound rho 1 cap h N b -> rho * next = (h + rho * b) / 2).
Proof.
  intros Hr Hcap HN Hb Hh next.
  assert (Hh1 : 1 * rho * b <= h) by lra.
  destruct (estimate_range rho 1 cap Hr Hcap h h N b HN Hh1) as [He Hq]. cbv zeta in He, Hq.
  set (e := h - size rho 1 cap h N b * N / 2) in *.
  assert (Hbe : rho * lb <= e) by (assert (rho * lb <= rho * b) by (apply Rmult_le_compat_l; lra); lra).
  assert (E : rho * next = e).
  { unfold next, next_bound. fold e. rewrite Rmax_left; [field; lra|].
    apply (Rmult_le_reg_l rho); [auto|]. replace (rho * (e / rho)) with e by (field; lra). exact Hbe. }
  rewrite E. split; [lra|]. intros HN0 Hu. rewrite (Hq HN0 Hu). field.
Qed.

(** What a run of MoMo⋆ or MoMo-Adam⋆ looks like: ρ_k, c_k, h_k, u_k = f̄_k - γ_k, N_k = ‖d_k‖² (in the dual
    metric), b_k = f_⋆^k before a reset, and τ_k. Here k counts from 0; sh is 1+αλ. *)
Definition starred (rho : nat -> R) (sh : R) (cap : option R) (lb : R) (c h u N b t : nat -> R) : Prop :=
  b 0%nat = lb /\ forall k, 0 < rho k /\ 0 <= N k /\ c k = h k + (sh - 1) * u k /\
  t k = size (rho k) sh cap (c k) (N k) (used (rho k) sh lb (c k) (b k)) /\
  b (S k) = next_bound (rho k) lb (h k) (N k) (t k).

Section Run.
Variables (rho : nat -> R) (sh : R) (cap : option R) (lb : R) (c h u N b t : nat -> R).
Hypothesis Hrun : starred rho sh cap lb c h u N b t.

(** The bound never goes below lb, its start: neither f_⋆^k nor what a reset makes of it.
    Source: MoMo paper, MoMo⋆ (its maximum with f_⋆^1). *)
Theorem online_floor k : lb <= b k /\ lb <= used (rho k) sh lb (c k) (b k).
Proof.
  destruct Hrun as [H0 Hk]. assert (H : lb <= b k).
  { destruct k as [|k]; [lra|]. destruct (Hk k) as [_ [_ [_ [_ ->]]]]. apply next_floor. }
  split; [exact H|apply used_floor; exact H].
Qed.

Hypothesis Hsh : 0 < sh.

(** A reset never raises the bound where lb = f_⋆^1 ≥ 0.
    Source: derived here. *)
Theorem online_reset_lowers k : 0 <= lb -> used (rho k) sh lb (c k) (b k) <= b k.
Proof.
  intros Hl. pose proof (online_floor k) as [Hb _]. destruct Hrun as [_ Hk]. destruct (Hk k) as [Hr _].
  apply used_not_raised; auto. assert (H : 0 <= sh * rho k * b k) by (repeat apply Rmult_le_pos; lra). lra.
Qed.

(** With any lb: a reset raises the bound exactly where 2(1+αλ)ρ_k f_⋆^k < c_k < (1+αλ)ρ_k f_⋆^k, which
    needs f_⋆^k < 0.  Source: derived here. *)
Theorem online_reset_raises_iff k :
  b k < used (rho k) sh lb (c k) (b k) <-> 2 * (sh * rho k * b k) < c k < sh * rho k * b k.
Proof.
  pose proof (online_floor k) as [Hb _]. destruct Hrun as [_ Hk]. destruct (Hk k) as [Hr _].
  pose proof (used_not_raised (rho k) sh lb Hr Hsh (c k) (b k) Hb) as H. split.
  - intros H1. destruct (Rlt_le_dec (2 * (sh * rho k * b k)) (c k)) as [H2|H2].
    + destruct (Rlt_le_dec (c k) (sh * rho k * b k)) as [H3|H3]; [auto|]. exfalso.
      assert (used (rho k) sh lb (c k) (b k) <= b k) by (apply H; lra). lra.
    + exfalso. assert (used (rho k) sh lb (c k) (b k) <= b k) by (apply H; lra). lra.
  - intros H1. apply Rnot_le_lt. intros H2. apply H in H2. apply H2, H1.
Qed.

(** The gap that a reset leaves: c_k - (1+αλ)ρ_k f_⋆^k = min{c_k/2, c_k - (1+αλ)ρ_k lb}, thus c_k/2 where
    c_k ≥ 2(1+αλ)ρ_k lb.  Source: derived here. *)
Theorem online_reset_gap k : c k < sh * rho k * b k ->
  c k - sh * rho k * used (rho k) sh lb (c k) (b k) = Rmin (c k / 2) (c k - sh * rho k * lb).
Proof. intros Hr. destruct Hrun as [_ Hk]. destruct (Hk k) as [Hrho _]. apply reset_gap; auto. Qed.

Hypothesis Hcap : positive_cap cap.

(** A reset lets the step move, τ_k > 0, exactly where d_k ≠ 0, c_k > 0 and c_k > (1+αλ)ρ_k lb.
    Source: derived here. *)
Theorem online_reset_moves k : c k < sh * rho k * b k ->
  (0 < t k <-> N k <> 0 /\ 0 < c k /\ sh * rho k * lb < c k).
Proof.
  intros Hr. pose proof (online_reset_gap k Hr) as Hg. destruct Hrun as [_ Hk].
  destruct (Hk k) as [Hrho [HN [_ [-> _]]]].
  rewrite (size_moves (rho k) sh cap Hrho Hcap (c k) (N k) _ HN).
  set (b' := used (rho k) sh lb (c k) (b k)) in *.
  pose proof (Rmin_l (c k / 2) (c k - sh * rho k * lb)) as Hl.
  pose proof (Rmin_r (c k / 2) (c k - sh * rho k * lb)) as Hr'. split.
  - intros [H1 H2]. repeat split; auto; lra.
  - intros [H1 [H2 H3]]. split; [auto|].
    assert (0 < Rmin (c k / 2) (c k - sh * rho k * lb)) by (apply Rmin_glb_lt; lra). lra.
Qed.

(** With decay: ρ_k f_⋆^{k+1} = max{½(h_k + ρ_k f_⋆^k) - ½αλ(f̄_k - γ_k - ρ_k f_⋆^k), ρ_k lb} where the cap
    does not bind, d_k ≠ 0, and the line is not below the bound f_⋆^k that is used. Source: derived here. *)
Theorem online_uncapped_with_decay k : let b' := used (rho k) sh lb (c k) (b k) in
  N k <> 0 -> unbound (rho k) sh cap (c k) (N k) b' -> sh * rho k * b' <= c k ->
  rho k * b (S k) = Rmax ((h k + rho k * b') / 2 - (sh - 1) * (u k - rho k * b') / 2) (rho k * lb).
Proof.
  intros b' HN0 Hu Hc. destruct Hrun as [_ Hk]. destruct (Hk k) as [Hrho [HN [Ec [Et ->]]]].
  fold b' in Et. unfold next_bound. rewrite Et.
  destruct (estimate_range (rho k) sh cap Hrho Hcap (c k) (h k) (N k) b' HN Hc) as [_ H].
  cbv zeta in H. rewrite (H HN0 Hu). rewrite <- RmaxRmult by lra. f_equal. rewrite Ec. field. lra.
Qed.

(** With decay and any cap: max{h_k - ½(c_k - (1+αλ)ρ_k f_⋆^k), ρ_k lb} ≤ ρ_k f_⋆^{k+1} ≤ max{h_k, ρ_k lb},
    where the line is not below the bound f_⋆^k that is used.  Source: derived here. *)
Theorem online_between_with_decay k : let b' := used (rho k) sh lb (c k) (b k) in
  sh * rho k * b' <= c k ->
  Rmax (h k - (c k - sh * rho k * b') / 2) (rho k * lb) <= rho k * b (S k) <= Rmax (h k) (rho k * lb).
Proof.
  intros b' Hc. destruct Hrun as [_ Hk]. destruct (Hk k) as [Hrho [HN [_ [Et ->]]]].
  fold b' in Et. unfold next_bound. rewrite Et.
  destruct (estimate_range (rho k) sh cap Hrho Hcap (c k) (h k) (N k) b' HN Hc) as [H _]. cbv zeta in H.
  rewrite <- RmaxRmult by lra. set (e := h k - size (rho k) sh cap (c k) (N k) b' * N k / 2) in *.
  replace (rho k * (e / rho k)) with e by (field; lra). split; apply Rle_max_compat_r; apply H.
Qed.

Hypothesis Hdecay : sh = 1.

(** Without decay, ρ_k f_⋆^{k+1} = ½(h_k + ρ_k f_⋆^k), where the cap does not bind, d_k ≠ 0, and the line is
    not below f_⋆^k.  Source: derived here. *)
Theorem online_uncapped k : rho k * b k <= h k -> N k <> 0 -> unbound (rho k) 1 cap (h k) (N k) (b k) ->
  rho k * b (S k) = (h k + rho k * b k) / 2.
Proof.
  intros Hh HN0 Hu. pose proof (online_floor k) as [Hb _]. destruct Hrun as [_ Hk].
  destruct (Hk k) as [Hrho [HN [Ec [Et ->]]]]. rewrite Hdecay in Ec, Et.
  assert (E : c k = h k) by lra. rewrite E in Et.
  assert (Eu : used (rho k) 1 lb (h k) (b k) = b k)
    by (unfold used; destruct (Rlt_dec (h k) (1 * rho k * b k)); lra).
  rewrite Eu in Et. rewrite Et.
  apply (halfway (rho k) cap lb (h k) (N k) (b k) Hrho Hcap HN Hb Hh); auto.
Qed.

(** With a cap or without: ½(h_k + ρ_k f_⋆^k) ≤ ρ_k f_⋆^{k+1} ≤ h_k, where the line is not below f_⋆^k; so
    that f_⋆^{k+1} ≥ f_⋆^k.  Source: derived here. *)
Theorem online_rises k : rho k * b k <= h k ->
  (h k + rho k * b k) / 2 <= rho k * b (S k) <= h k /\ b k <= b (S k).
Proof.
  intros Hh. pose proof (online_floor k) as [Hb _]. destruct Hrun as [_ Hk].
  destruct (Hk k) as [Hrho [HN [Ec [Et ->]]]]. rewrite Hdecay in Ec, Et.
  assert (E : c k = h k) by lra. rewrite E in Et.
  assert (Eu : used (rho k) 1 lb (h k) (b k) = b k)
    by (unfold used; destruct (Rlt_dec (h k) (1 * rho k * b k)); lra).
  rewrite Eu in Et. rewrite Et.
  destruct (halfway (rho k) cap lb (h k) (N k) (b k) Hrho Hcap HN Hb Hh) as [H _]. cbv zeta in H.
  split; [exact H|]. apply (Rmult_le_reg_l (rho k)); [auto|]. lra.
Qed.

(** After a reset the same holds with the bound it made, b', if that is not above the line:
    ½(h_k + ρ_k b') ≤ ρ_k f_⋆^{k+1} ≤ h_k; else nothing moves, and f_⋆^{k+1} = max{h_k/ρ_k, lb}.
    Source: derived here. *)
Theorem online_after_reset k : let b' := used (rho k) 1 lb (h k) (b k) in
  (rho k * b' <= h k -> (h k + rho k * b') / 2 <= rho k * b (S k) <= h k) /\
  (h k <= rho k * b' -> t k = 0 /\ b (S k) = Rmax (h k / rho k) lb).
Proof.
  intros b'. pose proof (online_floor k) as [_ Hb]. destruct Hrun as [_ Hk].
  destruct (Hk k) as [Hrho [HN [Ec [Et Eb]]]]. rewrite Hdecay in Ec, Et, Hb.
  assert (E : c k = h k) by lra. rewrite E in Et, Hb.
  fold b' in Et, Hb. rewrite Et in Eb |- *. rewrite Eb. split.
  - intros Hh. apply (halfway (rho k) cap lb (h k) (N k) b' Hrho Hcap HN Hb Hh).
  - intros Hh. apply (above_line (rho k) 1 cap lb Hrho Hcap (h k) (h k) (N k) b' HN). lra.
Qed.
End Run.

(** The online lower bound, in one statement, for runs without decay: at every step k

    1. f_⋆^k ≥ f_⋆^1 = lb;
    2. where the line is not below it, ½(h_k + ρ_k f_⋆^k) ≤ ρ_k f_⋆^{k+1} ≤ h_k, equal to the former where the
       cap does not bind and d_k ≠ 0;
    3. a reset does not raise it, if lb ≥ 0;
    4. and lets the step move exactly where d_k ≠ 0, h_k > 0 and h_k > ρ_k lb.
    Source: MoMo paper, MoMo⋆ (the formulas); the relations: derived here. *)
Theorem online_bound rho cap lb c h u N b t k :
  starred rho 1 cap lb c h u N b t -> positive_cap cap ->
  lb <= b k /\
  (rho k * b k <= h k -> (h k + rho k * b k) / 2 <= rho k * b (S k) <= h k /\
    (N k <> 0 -> unbound (rho k) 1 cap (h k) (N k) (b k) -> rho k * b (S k) = (h k + rho k * b k) / 2)) /\
  (0 <= lb -> used (rho k) 1 lb (h k) (b k) <= b k) /\
  (h k < rho k * b k -> (0 < t k <-> N k <> 0 /\ 0 < h k /\ rho k * lb < h k)).
Proof.
  intros Hrun Hcap. assert (Ec : c k = h k).
  { destruct Hrun as [_ Hk]. destruct (Hk k) as [_ [_ [-> _]]]. ring. }
  split; [apply (online_floor _ _ _ _ _ _ _ _ _ _ Hrun k)|]. split; [|split].
  - intros Hh. split; [apply (online_rises _ _ _ _ _ _ _ _ _ _ Hrun Hcap eq_refl k Hh)|].
    intros HN Hu. apply (online_uncapped _ _ _ _ _ _ _ _ _ _ Hrun Hcap eq_refl k Hh HN Hu).
  - intros Hl. rewrite <- Ec. apply (online_reset_lowers _ _ _ _ _ _ _ _ _ _ Hrun Rlt_0_1 k Hl).
  - intros Hr. pose proof (online_reset_moves _ _ _ _ _ _ _ _ _ _ Hrun Rlt_0_1 Hcap k) as H.
    rewrite Ec, !Rmult_1_l in H. apply H. exact Hr.
Qed.
