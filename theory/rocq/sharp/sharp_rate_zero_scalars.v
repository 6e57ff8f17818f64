(** The scalar part of the sharp rate with averages from zero.

    As [sharp_rate_scalars], with M_{i+1} = 1 + β²M_i for the constant 1/(1-β²), and the longest average
    h_i = Σ β^j, which pays for the weights that vary: β q² h² ≤ M² ([bonus_size]). *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums logarithm sharp_rate_scalars.
Open Scope R_scope.

Section Scalars0.
Variables (b : R) (u v : nat -> R).
Hypothesis Hb : 0 <= b < 1.

(* the solution all is compared with, and the longest average; counted from 0 *)
Fixpoint MM (i : nat) : R := match i with O => 1 | S j => 1 + b * b * MM j end.
Fixpoint hh (i : nat) : R := match i with O => 1 | S j => b * hh j + 1 end.

Lemma bb_range : 0 <= b * b <= b.
Proof. split; [apply sq_pos|]. assert (b * b <= b * 1) by (apply Rmult_le_compat_l; lra). lra. Qed.
Lemma MM_ge1 i : 1 <= MM i.
Proof. pose proof bb_range. induction i; simpl; [lra|]. assert (0 <= b * b * MM i) by (apply Rmult_le_pos;
  lra). lra. Qed.
Lemma MM_diff i : MM (S i) - MM i = b ^ (S i) * b ^ (S i).
Proof.
  induction i; [simpl; ring|]. change (MM (S (S i))) with (1 + b * b * MM (S i)).
  replace (1 + b * b * MM (S i) - MM (S i)) with (b * b * (MM (S i) - MM i)) by (simpl; ring).
  rewrite IHi. simpl; ring.
Qed.
Lemma bp_range i : 0 <= b ^ i <= 1.
Proof. induction i; simpl; [lra|]. assert (0 <= b * b ^ i) by (apply Rmult_le_pos; lra).
  assert (b * b ^ i <= 1 * b ^ i) by (apply Rmult_le_compat_r; lra). lra. Qed.
Lemma MM_mono i : MM i <= MM (S i).
Proof. pose proof (MM_diff i). pose proof (sq_pos (b ^ S i)). lra. Qed.
Lemma hh_ge1 i : 1 <= hh i.
Proof. induction i; simpl; [lra|]. assert (0 <= b * hh i) by (apply Rmult_le_pos; lra). lra. Qed.
Lemma hh_closed i : hh i * (1 - b) = 1 - b * b ^ i.
Proof. induction i; simpl; [ring|]. rewrite Rmult_plus_distr_r, Rmult_assoc, IHi. ring. Qed.
Lemma MM_closed i : MM i * (1 + b) = hh i * (1 + b * b ^ i).
Proof.
  apply (Rmult_eq_reg_r (1 - b)); [|lra].
  replace (hh i * (1 + b * b ^ i) * (1 - b)) with (hh i * (1 - b) * (1 + b * b ^ i)) by ring.
  rewrite hh_closed.
  induction i; [simpl; ring|].
  replace (MM (S i) * (1 + b) * (1 - b)) with ((1 - b * b) + b * b * (MM i * (1 + b) * (1 - b))) by (simpl;
    ring).
  rewrite IHi. simpl; ring.
Qed.

(* b q^2 H <= M^2 *)
Lemma bonus_size i : b * (b ^ i * b ^ i) * (hh i * hh i) <= MM i * MM i.
Proof.
  pose proof (bp_range i) as Hp. pose proof (MM_closed i) as E. pose proof bb_range as Hbb.
  set (p := b ^ i) in *. set (h := hh i) in *.
  apply (Rmult_le_reg_r ((1 + b) * (1 + b))); [apply Rmult_lt_0_compat; lra|].
  replace (MM i * MM i * ((1 + b) * (1 + b))) with ((MM i * (1 + b)) * (MM i * (1 + b))) by ring. rewrite E.
  replace (b * (p * p) * (h * h) * ((1 + b) * (1 + b))) with ((h * h) * (b * (p * p) * ((1 + b) * (1 + b))))
    by ring.
  replace (h * (1 + b * p) * (h * (1 + b * p))) with ((h * h) * ((1 + b * p) * (1 + b * p))) by ring.
  apply Rmult_le_compat_l; [apply sq_pos|].
  assert (Hpp : p * p <= p) by (assert (p * p <= p * 1) by (apply Rmult_le_compat_l; lra); lra).
  assert (Hbp : 0 <= b * p <= 1).
  { split; [apply Rmult_le_pos; lra|]. assert (b * p <= 1 * p) by (apply Rmult_le_compat_r; lra). lra. }
  assert (H3 : 0 <= b + b * b + b * b * b) by (assert (0 <= b * b * b) by (apply Rmult_le_pos; lra); lra).
  assert (H4 : (b + b * b + b * b * b) * (p * p) <= (b + b * b + b * b * b) * p) by (apply Rmult_le_compat_l;
    lra).
  assert (H5 : b * p * (b + b * b - 1) <= b * p * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Definition cc i := b * b + / MM i.
Lemma iM i : 0 < / MM i.
Proof. apply Rinv_0_lt_compat. pose proof (MM_ge1 i). lra. Qed.
Lemma cc_pos i : 0 < cc i.
Proof. unfold cc. pose proof (iM i). pose proof bb_range. lra. Qed.
Lemma cc_MM i : cc i * MM i = MM (S i).
Proof. unfold cc. simpl. pose proof (MM_ge1 i). field. lra. Qed.
Lemma cc_mono i : b * b + / MM (S i) <= cc i.
Proof. unfold cc. pose proof (MM_ge1 i). pose proof (Rinv_le_contravar (MM i) (MM (S i)) ltac:(lra) (MM_mono
  i)). lra. Qed.

(* aa r s: the factor of E_s when r terms from s on are summed *)
Fixpoint aa (r s : nat) : R := match r with O => 0 | S q => b * b * (aa q (S s) / cc s) + / MM s end.
Definition lam r s := aa r (S s) / cc s.
Lemma aa_range r : forall s, 0 <= aa r (S s) <= cc s.
Proof.
  induction r; intros s; simpl; [pose proof (cc_pos s); lra|].
  pose proof (IHr (S s)) as H. pose proof (cc_pos (S s)) as Hc. pose proof (cc_mono s) as Hm.
  pose proof (iM (S s)) as Hi.
  pose proof bb_range as Hbb.
  assert (Hq : 0 <= aa r (S (S s)) / cc (S s) <= 1).
  { split; [unfold Rdiv; apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; auto]|].
    apply (Rmult_le_reg_r (cc (S s))); auto. replace (aa r (S (S s)) / cc (S s) * cc (S s)) with (aa r (S (S
      s))) by (field; lra). lra. }
  set (qq := aa r (S (S s)) / cc (S s)) in *.
  assert (0 <= b * b * qq) by (apply Rmult_le_pos; lra).
  assert (b * b * qq <= b * b * 1) by (apply Rmult_le_compat_l; lra).
  change (1 + b * b * MM s) with (MM (S s)). lra.
Qed.
Lemma lam_range r s : 0 <= lam r s <= 1.
Proof.
  pose proof (aa_range r s) as H. pose proof (cc_pos s) as Hc. unfold lam.
  split; [unfold Rdiv; apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; auto]|].
  apply (Rmult_le_reg_r (cc s)); auto. replace (aa r (S s) / cc s * cc s) with (aa r (S s)) by (field; lra).
  lra.
Qed.

(* the factor of l *)
Lemma coefficient r s : let L := lam r (S s) in
  0 <= 2 * b * (lam (S r) s - L) + 2 * (1 - L) / MM (S s) + 2 * L / (hh (S s) * hh (S s)).
Proof.
  intros L. pose proof (lam_range r (S s)) as HL. fold L in HL.
  pose proof (MM_ge1 s) as HM'. pose proof (MM_ge1 (S s)) as HM. pose proof (hh_ge1 (S s)) as Hh.
  pose proof bb_range as Hbb.
  pose proof (bonus_size (S s)) as Hs. rewrite <- MM_diff in Hs.
  assert (E1 : lam (S r) s = (b * b * L + / MM (S s)) * (MM s / MM (S s))).
  { unfold lam at 1. simpl aa. change (1 + b * b * MM s) with (MM (S s)). fold (lam r (S s)). fold L.
    rewrite <- cc_MM. pose proof (cc_pos s). field. split; lra. }
  rewrite E1. set (M := MM (S s)) in *. set (M' := MM s) in *. set (h := hh (S s)) in *.
  assert (EM : b * b * M' = M - 1) by (unfold M, M'; simpl; ring).
  assert (Hhh : 0 < h * h) by (apply Rmult_lt_0_compat; lra).
  assert (HMM : 0 < M * M) by (apply Rmult_lt_0_compat; lra).
  assert (Hsz : b * (M - M') <= M * M / (h * h)).
  { apply (Rmult_le_reg_r (h * h)); auto. replace (M * M / (h * h) * (h * h)) with (M * M) by (field; lra).
    exact Hs. }
  apply (Rmult_le_reg_r (M * M)); auto. rewrite Rmult_0_l.
  replace ((2 * b * ((b * b * L + / M) * (M' / M) - L) + 2 * (1 - L) / M + 2 * L / (h * h)) * (M * M))
    with (2 * (b * (L * (b * b * M') * M + M' - L * (M * M)) + (1 - L) * M + L * (M * M / (h * h)))) by
      (field; split; lra).
  rewrite EM.
  assert (A1 : 0 <= L * (M * M / (h * h) - b * (M - M'))) by (apply Rmult_le_pos; lra).
  assert (A2 : 0 <= (1 - L) * (M + b * M')).
  { apply Rmult_le_pos; [lra|]. assert (0 <= b * M') by (apply Rmult_le_pos; lra). lra. }
  lra.
Qed.

Definition EE i := lg (v i / MM i).

Lemma term_a0 s : 1 <= u s -> 1 <= u (S s) -> 0 < v s -> 0 < v (S s) ->
  v (S s) <= 1 + b * b * v s + 2 * b * v s * (1 - u (S s) / u s) ->
  / MM s + cc s * (EE (S s) - EE s) + 2 * b * (lg (u (S s)) - lg (u s)) <= / v s.
Proof.
  intros Hu Hu' Hv Hv' Hrec. pose proof (cc_pos s) as Hc. pose proof (MM_ge1 s) as HM.
  pose proof (MM_ge1 (S s)) as HM'.
  assert (T1 : EE (S s) - EE s <= v (S s) / (cc s * v s) - 1).
  { unfold EE. rewrite <- lg_div by (apply Rdiv_lt_0_compat; lra).
    replace (v (S s) / MM (S s) / (v s / MM s)) with (v (S s) / (cc s * v s)).
    - apply lg_tangent. apply Rdiv_lt_0_compat; auto. apply Rmult_lt_0_compat; auto.
    - rewrite <- cc_MM. field. repeat split; lra. }
  apply (Rmult_le_compat_l (cc s)) in T1; [|lra].
  replace (cc s * (v (S s) / (cc s * v s) - 1)) with (v (S s) / v s - cc s) in T1 by (field; split; lra).
  assert (T2 : lg (u (S s)) - lg (u s) <= u (S s) / u s - 1).
  { rewrite <- lg_div by lra. apply lg_tangent. apply Rdiv_lt_0_compat; lra. }
  assert (T3 : 2 * b * (lg (u (S s)) - lg (u s)) <= 2 * b * (u (S s) / u s - 1)) by (apply Rmult_le_compat_l;
    lra).
  assert (T4 : v (S s) / v s <= / v s + b * b + 2 * b * (1 - u (S s) / u s)).
  { apply (Rmult_le_reg_r (v s)); auto.
    replace (v (S s) / v s * v s) with (v (S s)) by (field; lra).
    replace ((/ v s + b * b + 2 * b * (1 - u (S s) / u s)) * v s)
      with (1 + b * b * v s + 2 * b * v s * (1 - u (S s) / u s)) by (field; lra). exact Hrec. }
  unfold cc in T1 at 2. lra.
Qed.

Lemma term_b0 s : 1 <= u s -> 0 < v s -> / MM s * (1 + 2 * lg (u s) - EE s) <= u s * u s / v s.
Proof.
  intros Hu Hv. pose proof (MM_ge1 s) as HM. pose proof (iM s) as Hi.
  assert (0 < v s / MM s) by (apply Rdiv_lt_0_compat; lra).
  assert (Huu : 0 < u s * u s) by (apply Rmult_lt_0_compat; lra).
  assert (T : 2 * lg (u s) - EE s <= u s * u s / (v s / MM s) - 1).
  { replace (2 * lg (u s)) with (lg (u s * u s)) by (rewrite lg_mult by lra; ring).
    unfold EE. rewrite <- lg_div by auto. apply lg_tangent. apply Rdiv_lt_0_compat; auto. }
  replace (u s * u s / v s) with (/ MM s * (u s * u s / (v s / MM s))) by (field; lra).
  apply Rmult_le_compat_l; lra.
Qed.

Lemma term_bonus s : 1 <= u s -> 0 < v s -> v s <= hh s * hh s ->
  / v s + 2 * lg (u s) / (hh s * hh s) <= u s * u s / v s.
Proof.
  intros Hu Hv Hh. pose proof (hh_ge1 s) as H1. assert (Hhh : 0 < hh s * hh s) by (apply Rmult_lt_0_compat;
    lra).
  assert (Huu : 1 <= u s * u s) by (replace 1 with (1 * 1) by ring; apply Rmult_le_compat; lra).
  assert (T : 2 * lg (u s) <= u s * u s - 1).
  { replace (2 * lg (u s)) with (lg (u s * u s)) by (rewrite lg_mult by lra; ring). apply lg_tangent; lra. }
  assert (A1 : 2 * lg (u s) / (hh s * hh s) <= (u s * u s - 1) / (hh s * hh s)).
  { unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; auto|auto]. }
  assert (A2 : (u s * u s - 1) / (hh s * hh s) <= (u s * u s - 1) / v s).
  { unfold Rdiv. apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; auto. }
  replace (u s * u s / v s) with (/ v s + (u s * u s - 1) / v s) by (field; lra). lra.
Qed.

Fixpoint msum (s r : nat) : R := match r with O => 0 | S q => / MM s + msum (S s) q end.
Notation ts := (tsum u v).

(* one term, in the shares L and 1 - L *)
Lemma one_term s L : 0 <= L <= 1 -> 1 <= u s -> 1 <= u (S s) -> 0 < v s -> 0 < v (S s) -> v s <= hh s * hh s
  ->
  v (S s) <= 1 + b * b * v s + 2 * b * v s * (1 - u (S s) / u s) ->
  / MM s + L * cc s * EE (S s) - (b * b * L + / MM s) * EE s + 2 * b * L * lg (u (S s))
   - (2 * b * L - 2 * (1 - L) / MM s - 2 * L / (hh s * hh s)) * lg (u s) <= u s * u s / v s.
Proof.
  intros HL Hu Hu' Hv Hv' Hh Hrec.
  pose proof (term_a0 s Hu Hu' Hv Hv' Hrec) as Ha. pose proof (term_b0 s Hu Hv) as Hb0.
  pose proof (term_bonus s Hu Hv Hh) as Hc. set (t := u s * u s / v s) in *.
  assert (Hac : / MM s + cc s * (EE (S s) - EE s) + 2 * b * (lg (u (S s)) - lg (u s)) + 2 * lg (u s) / (hh s
    * hh s) <= t) by lra.
  apply (Rmult_le_compat_l L) in Hac; [|lra]. apply (Rmult_le_compat_l (1 - L)) in Hb0; [|lra].
  unfold cc in *. unfold Rdiv in *. lra.
Qed.

Definition good (s r : nat) := (forall i, (s <= i <= s + r)%nat -> 1 <= u i /\ 0 < v i /\ v i <= hh i * hh i)
  /\
  (forall i, (s <= i < s + r)%nat -> v (S i) <= 1 + b * b * v i + 2 * b * v i * (1 - u (S i) / u i)).

Lemma heart0 r : forall s, good (S s) r ->
  msum (S s) r - aa r (S s) * EE (S s) - 2 * b * lam r s * lg (u (S s)) <= ts (S s) r.
Proof.
  induction r; intros s [H1 H2].
  - assert (E : lam 0 s = 0) by (unfold lam; simpl; unfold Rdiv; ring). rewrite E. simpl. lra.
  - assert (Hg : good (S (S s)) r) by (split; intros i Hi; [apply H1|apply H2]; lia).
    pose proof (IHr (S s) Hg) as IH.
    destruct (H1 (S s) ltac:(lia)) as [Hu [Hv Hh]]. destruct (H1 (S (S s)) ltac:(lia)) as [Hu' [Hv' _]].
    pose proof (one_term (S s) (lam r (S s)) (lam_range r (S s)) Hu Hu' Hv Hv' Hh (H2 (S s) ltac:(lia))) as
      Ht.
    pose proof (coefficient r s) as Hc. cbv zeta in Hc.
    assert (Hl : 0 <= lg (u (S s))) by (apply lg_pos; auto).
    pose proof (Rmult_le_pos _ _ Hc Hl) as Hcl.
    assert (EL : lam r (S s) * cc (S s) = aa r (S (S s))) by (unfold lam; field; pose proof (cc_pos (S s));
      lra).
    rewrite EL in Ht.
    assert (EA : aa (S r) (S s) = b * b * lam r (S s) + / MM (S s)) by reflexivity.
    rewrite EA. change (msum (S s) (S r)) with (/ MM (S s) + msum (S (S s)) r).
    change (ts (S s) (S r)) with (u (S s) * u (S s) / v (S s) + ts (S (S s)) r). lra.
Qed.

Lemma total0 r : good 0 r -> v 0%nat <= 1 -> msum 0 r <= ts 0 r.
Proof.
  intros [H1 H2] Hv0. destruct r as [|r]; [simpl; lra|].
  assert (Hg : good 1 r) by (split; intros i Hi; [apply H1|apply H2]; lia).
  pose proof (heart0 r 0%nat Hg) as IH.
  destruct (H1 0%nat ltac:(lia)) as [Hu [Hv Hh]]. destruct (H1 1%nat ltac:(lia)) as [Hu' [Hv' _]].
  pose proof (lam_range r 0%nat) as HL.
  pose proof (one_term 0%nat (lam r 0%nat) HL Hu Hu' Hv Hv' Hh (H2 0%nat ltac:(lia))) as Ht.
  assert (Hl : 0 <= lg (u 0%nat)) by (apply lg_pos; auto).
  assert (EL : lam r 0 * cc 0 = aa r 1) by (unfold lam; field; pose proof (cc_pos 0); lra).
  rewrite EL in Ht.
  assert (HE : EE 0 <= 0).
  { unfold EE. simpl. replace (v 0%nat / 1) with (v 0%nat) by field. rewrite <- lg_1. apply lg_mono; auto. }
  change (msum 0 (S r)) with (/ MM 0 + msum 1 r). change (ts 0 (S r)) with (u 0%nat * u 0%nat / v 0%nat + ts
    1 r).
  pose proof bb_range as Hbb. set (L := lam r 0) in *.
  assert (A1 : 0 <= (b * b * L + / MM 0) * - EE 0).
  { apply Rmult_le_pos; [|lra]. pose proof (iM 0). assert (0 <= b * b * L) by (apply Rmult_le_pos; lra). lra.
    }
  assert (E2 : 2 * b * L - 2 * (1 - L) / MM 0 - 2 * L / (hh 0 * hh 0) = 2 * (b * L) - 2) by (simpl; field).
  rewrite E2 in Ht.
  assert (HbL : b * L <= 1 * 1) by (apply Rmult_le_compat; lra).
  assert (A2 : 0 <= (2 - 2 * (b * L)) * lg (u 0%nat)) by (apply Rmult_le_pos; lra).
  lra.
Qed.
End Scalars0.
(* M in closed form: M_(i+1) (1 - beta^2) = 1 - beta^(2(i+1)), counted from 1 *)
Lemma MM_formula b i : MM b i * (1 - b * b) = 1 - b ^ (2 * S i).
Proof.
  induction i; [simpl; ring|]. change (MM b (S i)) with (1 + b * b * MM b i).
  replace ((1 + b * b * MM b i) * (1 - b * b)) with ((1 - b * b) + b * b * (MM b i * (1 - b * b))) by ring.
  rewrite IHi. replace (2 * S (S i))%nat with (S (S (2 * S i))) by lia. simpl pow. ring.
Qed.

Lemma msum_last b r : forall s, msum b s (S r) = msum b s r + / MM b (s + r).
Proof.
  induction r; intros s; [simpl; rewrite Nat.add_0_r; ring|].
  change (msum b s (S (S r))) with (/ MM b s + msum b (S s) (S r)). rewrite IHr.
  replace (S s + r)%nat with (s + S r)%nat by lia. simpl. ring.
Qed.

Lemma msum_formula b K : 0 <= b < 1 ->
  msum b 0 K = sumn K (fun i => (1 - b * b) / (1 - b ^ (2 * S i))).
Proof.
  intros Hb. induction K; [reflexivity|]. rewrite msum_last, IHK. simpl plus.
  change (sumn (S K) (fun i => (1 - b * b) / (1 - b ^ (2 * S i))))
    with (sumn K (fun i => (1 - b * b) / (1 - b ^ (2 * S i))) + (1 - b * b) / (1 - b ^ (2 * S K))).
  f_equal. rewrite <- MM_formula. pose proof (MM_ge1 b Hb K). pose proof (bb_range b Hb). field. split; lra.
Qed.
