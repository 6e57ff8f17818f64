(** The scalar part of the sharp rate, from the first sample.

    u_i = δ_i/m and v_i = ‖d_i‖²/((1-β)²G²), points counted from 0, m the least gap. Given the norm recursion
    v_{i+1} ≤ 1 + β²v_i + 2βv_i(1 - u_{i+1}/u_i), the sum Σ u_i²/v_i is bounded below: by induction on the
    number r of terms that are left, with the weight (share) 1-β^{2r} for log v; each ratio is replaced by the
    tangent of the logarithm, and all logarithms cancel but for the first and last. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums logarithm.
Open Scope R_scope.

(* what the second value is owed if the difference of the two bounds is kept there *)
Definition psi (b : R) : R := if Rle_dec b ((1 - b) * (1 - b)) then 0
  else b * lg (b / ((1 - b) * (1 - b))) - b + (1 - b) * (1 - b).

Lemma psi_pos b : 0 <= b < 1 -> 0 <= psi b.
Proof.
  intros Hb. unfold psi. destruct (Rle_dec b ((1 - b) * (1 - b))) as [|H]; [lra|].
  assert (Hq : 0 < (1 - b) * (1 - b)) by (apply Rmult_lt_0_compat; lra). set (q := (1 - b) * (1 - b)) in *.
  assert (Hb0 : 0 < b) by lra.
  assert (Hx : 0 < b / q) by (apply Rdiv_lt_0_compat; auto).
  pose proof (lg_tangent (1 / (b / q)) ltac:(apply Rdiv_lt_0_compat; lra)) as T.
  rewrite lg_div, lg_1 in T by lra.
  assert (T2 : b * (0 - lg (b / q)) <= b * (1 / (b / q) - 1)) by (apply Rmult_le_compat_l; lra).
  replace (b * (1 / (b / q) - 1)) with (q - b) in T2 by (field; lra). lra.
Qed.

Lemma psi_gain b x : 0 <= b < 1 -> 1 <= x -> b * (2 * lg x) - (x * x - 1) * ((1 - b) * (1 - b)) <= psi b.
Proof.
  intros Hb Hx. unfold psi.
  assert (Hq : 0 < (1 - b) * (1 - b)) by (apply Rmult_lt_0_compat; lra). set (q := (1 - b) * (1 - b)) in *.
  assert (Hxx : 1 <= x * x) by (replace 1 with (1 * 1) by ring; apply Rmult_le_compat; lra).
  assert (E : 2 * lg x = lg (x * x)) by (rewrite lg_mult by lra; ring). rewrite E.
  destruct (Rle_dec b q) as [H|H].
  - pose proof (lg_tangent (x * x) ltac:(lra)) as T.
    assert (b * lg (x * x) <= b * (x * x - 1)) by (apply Rmult_le_compat_l; lra).
    assert (b * (x * x - 1) <= q * (x * x - 1)) by (apply Rmult_le_compat_r; lra). lra.
  - assert (Hb0 : 0 < b) by lra.
    assert (Hy : 0 < b / q) by (apply Rdiv_lt_0_compat; auto).
    pose proof (lg_tangent (x * x / (b / q)) ltac:(apply Rdiv_lt_0_compat; lra)) as T.
    rewrite lg_div in T by lra.
    assert (T2 : b * (lg (x * x) - lg (b / q)) <= b * (x * x / (b / q) - 1)) by (apply Rmult_le_compat_l;
      lra).
    replace (b * (x * x / (b / q) - 1)) with (x * x * q - b) in T2 by (field; lra). lra.
Qed.

(* ---------- the scalar heart ---------- *)
Section Scalars.
Variables (b : R) (u v : nat -> R).
Hypothesis Hb : 0 <= b < 1.
Let kp := 1 - b * b.
Lemma kp_pos : 0 < kp <= 1.
Proof. unfold kp. pose proof (sq_pos b). assert (b * b <= b * 1) by (apply Rmult_le_compat_l; lra). lra. Qed.

(* the share of the norm recursion when r terms are left: 1 - b^(2r) *)
Fixpoint share (r : nat) : R := match r with O => 0 | S q => share q + (1 - share q) * kp end.
Lemma share_range r : 0 <= share r <= 1.
Proof.
  pose proof kp_pos. induction r; simpl; [lra|].
  assert (0 <= (1 - share r) * kp) by (apply Rmult_le_pos; lra).
  assert ((1 - share r) * kp <= (1 - share r) * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Fixpoint tsum (s r : nat) : R := match r with O => 0 | S q => u s * u s / v s + tsum (S s) q end.

(* a: the recursion of the norms *)
Lemma term_a s : 1 <= u s -> 1 <= u (S s) -> 0 < v s -> 0 < v (S s) ->
  v (S s) <= 1 + b * b * v s + 2 * b * v s * (1 - u (S s) / u s) ->
  kp + (lg (v (S s)) - lg (v s)) + 2 * b * (lg (u (S s)) - lg (u s)) <= / v s.
Proof.
  intros Hu Hu' Hv Hv' Hrec.
  assert (T1 : lg (v (S s)) - lg (v s) <= v (S s) / v s - 1).
  { rewrite <- lg_div by lra. apply lg_tangent. apply Rdiv_lt_0_compat; lra. }
  assert (T2 : lg (u (S s)) - lg (u s) <= u (S s) / u s - 1).
  { rewrite <- lg_div by lra. apply lg_tangent. apply Rdiv_lt_0_compat; lra. }
  assert (T3 : 2 * b * (lg (u (S s)) - lg (u s)) <= 2 * b * (u (S s) / u s - 1)) by (apply Rmult_le_compat_l;
    lra).
  assert (T4 : v (S s) / v s <= / v s + b * b + 2 * b * (1 - u (S s) / u s)).
  { apply (Rmult_le_reg_r (v s)); auto.
    replace (v (S s) / v s * v s) with (v (S s)) by (field; lra).
    replace ((/ v s + b * b + 2 * b * (1 - u (S s) / u s)) * v s)
      with (1 + b * b * v s + 2 * b * v s * (1 - u (S s) / u s)) by (field; lra). exact Hrec. }
  unfold kp. lra.
Qed.

(* b: the exponential *)
Lemma term_b s : 1 <= u s -> 0 < v s -> kp * (1 + 2 * lg (u s) - lg (kp * v s)) <= u s * u s / v s.
Proof.
  intros Hu Hv. pose proof kp_pos as Hk.
  assert (0 < kp * v s) by (apply Rmult_lt_0_compat; lra).
  assert (Huu : 0 < u s * u s) by (apply Rmult_lt_0_compat; lra).
  assert (T : 2 * lg (u s) - lg (kp * v s) <= u s * u s / (kp * v s) - 1).
  { replace (2 * lg (u s)) with (lg (u s * u s)) by (rewrite lg_mult by lra; ring).
    rewrite <- lg_div by auto. apply lg_tangent. apply Rdiv_lt_0_compat; auto. }
  replace (u s * u s / v s) with (kp * (u s * u s / (kp * v s))) by (field; lra).
  apply Rmult_le_compat_l; lra.
Qed.

(* for r terms from s on: sum >= r kp - share_r (E_s + 2 b l_s), E = lg(kp v), l = lg u *)
Lemma heart r : forall s,
  (forall i, (s <= i <= s + r)%nat -> 1 <= u i /\ 0 < v i) ->
  (forall i, (s <= i < s + r)%nat -> v (S i) <= 1 + b * b * v i + 2 * b * v i * (1 - u (S i) / u i)) ->
  INR r * kp - share r * (lg (kp * v s) + 2 * b * lg (u s)) <= tsum s r.
Proof.
  pose proof kp_pos as Hk. induction r; intros s H1 H2; [simpl; lra|].
  assert (IH := IHr (S s) (fun i Hi => H1 i ltac:(lia)) (fun i Hi => H2 i ltac:(lia))).
  destruct (H1 s ltac:(lia)) as [Hu Hv]. destruct (H1 (S s) ltac:(lia)) as [Hu' Hv'].
  pose proof (H2 s ltac:(lia)) as Hrec. pose proof (share_range r) as Hs.
  set (lu := lg (u s)) in *. set (lu' := lg (u (S s))) in *.
  set (t := u s * u s / v s) in *.
  assert (Hiv : 0 < / v s) by (apply Rinv_0_lt_compat; auto).
  assert (HE : lg (kp * v s) = lg kp + lg (v s)) by (apply lg_mult; lra).
  assert (HE' : lg (kp * v (S s)) = lg kp + lg (v (S s))) by (apply lg_mult; lra).
  assert (Hl0 : 0 <= lu) by (apply lg_pos; auto).
  assert (Ha : kp + (lg (v (S s)) - lg (v s)) + 2 * b * (lu' - lu) <= t).
  { apply Rle_trans with (1 := term_a s Hu Hu' Hv Hv' Hrec).
    unfold t, Rdiv. rewrite <- (Rmult_1_l (/ v s)) at 1. apply Rmult_le_compat_r; [lra|].
    replace 1 with (1 * 1) by ring. apply Rmult_le_compat; lra. }
  pose proof (term_b s Hu Hv) as Hbb. fold lu t in Hbb.
  rewrite HE' in IH. rewrite HE in *. simpl tsum. fold t. simpl share. rewrite S_INR.
  set (E := lg kp + lg (v s)) in *. set (L := share r) in *.
  assert (A1 : L * (kp + (lg (v (S s)) - lg (v s)) + 2 * b * (lu' - lu)) <= L * t) by (apply
    Rmult_le_compat_l; lra).
  assert (A2 : (1 - L) * (kp * (1 + 2 * lu - E)) <= (1 - L) * t) by (apply Rmult_le_compat_l; lra).
  assert (A3 : 0 <= (1 - L) * kp * (2 * lu)) by (repeat apply Rmult_le_pos; lra).
  assert (A4 : 0 <= (1 - L) * kp * (2 * b * lu)) by (repeat apply Rmult_le_pos; lra).
  unfold E in *. lra.
Qed.

(* the same, with (u_1^2 - 1)/v_1 kept in the share of the first of r + 1 terms *)
Lemma heart_kept r s :
  (forall i, (s <= i <= s + S r)%nat -> 1 <= u i /\ 0 < v i) ->
  (forall i, (s <= i < s + S r)%nat -> v (S i) <= 1 + b * b * v i + 2 * b * v i * (1 - u (S i) / u i)) ->
  INR (S r) * kp - share (S r) * lg (kp * v s)
    - share r * (b * (2 * lg (u s)) - (u s * u s - 1) / v s) <= tsum s (S r).
Proof.
  intros H1 H2. pose proof kp_pos as Hk.
  pose proof (heart r (S s) (fun i Hi => H1 i ltac:(lia)) (fun i Hi => H2 i ltac:(lia))) as IH.
  destruct (H1 s ltac:(lia)) as [Hu Hv]. destruct (H1 (S s) ltac:(lia)) as [Hu' Hv'].
  pose proof (H2 s ltac:(lia)) as Hrec. pose proof (share_range r) as Hs.
  pose proof (term_a s Hu Hu' Hv Hv' Hrec) as Ha. pose proof (term_b s Hu Hv) as Hbb.
  set (lu := lg (u s)) in *. set (lu' := lg (u (S s))) in *.
  assert (Hl0 : 0 <= lu) by (apply lg_pos; auto).
  assert (HE : lg (kp * v s) = lg kp + lg (v s)) by (apply lg_mult; lra).
  assert (HE' : lg (kp * v (S s)) = lg kp + lg (v (S s))) by (apply lg_mult; lra).
  rewrite HE' in IH. rewrite HE in *. simpl tsum. simpl share. rewrite S_INR.
  set (t := u s * u s / v s) in *. set (E := lg kp + lg (v s)) in *. set (L := share r) in *.
  assert (Et : / v s = t - (u s * u s - 1) / v s) by (unfold t; field; lra).
  rewrite Et in Ha.
  pose proof (Rmult_le_compat_l L _ _ (proj1 Hs) Ha) as A1.
  assert (A2 : (1 - L) * (kp * (1 + 2 * lu - E)) <= (1 - L) * t) by (apply Rmult_le_compat_l; lra).
  assert (A3 : 0 <= (1 - L) * kp * (2 * lu)) by (repeat apply Rmult_le_pos; lra).
  unfold E in *. lra.
Qed.

Lemma log_ratio : 0 <= lg ((1 + b) / (1 - b)).
Proof.
  apply lg_pos. apply (Rmult_le_reg_r (1 - b)); [lra|].
  replace ((1 + b) / (1 - b) * (1 - b)) with (1 + b) by (field; lra). lra.
Qed.
Lemma log_second : 0 < v 1%nat -> v 1%nat * ((1 - b) * (1 - b)) <= 1 ->
  lg (kp * v 1%nat) <= lg ((1 + b) / (1 - b)).
Proof.
  intros Hv H4. pose proof kp_pos as Hk. apply lg_mono; [apply Rmult_lt_0_compat; lra|].
  apply (Rmult_le_reg_r (1 - b)); [lra|].
  replace ((1 + b) / (1 - b) * (1 - b)) with ((1 + b) * 1) by (field; lra).
  replace (kp * v 1%nat * (1 - b)) with ((1 + b) * (v 1%nat * ((1 - b) * (1 - b)))) by (unfold kp; ring).
  apply Rmult_le_compat_l; lra.
Qed.

(* in total, with the first term q2 and u_1^2 <= 4 q2, v_1 (1-b)^2 <= 1 *)
Lemma total_a q2 r : 1 <= q2 ->
  (forall i, (1 <= i <= 1 + r)%nat -> 1 <= u i /\ 0 < v i) ->
  (forall i, (1 <= i < 1 + r)%nat -> v (S i) <= 1 + b * b * v i + 2 * b * v i * (1 - u (S i) / u i)) ->
  u 1%nat * u 1%nat <= 4 * q2 -> v 1%nat * ((1 - b) * (1 - b)) <= 1 ->
  1 + INR r * kp - lg ((1 + b) / (1 - b)) - 2 * b * lg 2 <= q2 + tsum 1 r.
Proof.
  intros Hq H1 H2 H3 H4. pose proof (heart r 1%nat H1 H2) as H. pose proof (share_range r) as Hs.
  pose proof kp_pos as Hk. destruct (H1 1%nat ltac:(lia)) as [Hu Hv].
  assert (Hl : 0 <= lg (u 1%nat)) by (apply lg_pos; auto).
  pose proof log_ratio as HL0. pose proof (log_second Hv H4) as HE.
  assert (Hu2 : 2 * lg (u 1%nat) <= 2 * lg 2 + (q2 - 1)).
  { replace (2 * lg (u 1%nat)) with (lg (u 1%nat * u 1%nat)) by (rewrite lg_mult by lra; ring).
    apply Rle_trans with (lg (4 * q2)); [apply lg_mono; auto; apply Rmult_lt_0_compat; lra|].
    rewrite lg_mult by lra. replace 4 with (2 * 2) by ring. rewrite lg_mult by lra.
    pose proof (lg_tangent q2). lra. }
  assert (B1 : b * (2 * lg (u 1%nat)) <= b * (2 * lg 2 + (q2 - 1))) by (apply Rmult_le_compat_l; lra).
  assert (B2 : b * (q2 - 1) <= 1 * (q2 - 1)) by (apply Rmult_le_compat_r; lra).
  assert (B3 : share r * (lg (kp * v 1%nat) + 2 * b * lg (u 1%nat))
     <= share r * (lg ((1 + b) / (1 - b)) + 2 * b * lg (u 1%nat))) by (apply Rmult_le_compat_l; lra).
  assert (0 <= 2 * b * lg (u 1%nat)) by (repeat apply Rmult_le_pos; lra).
  assert (B4 : share r * (lg ((1 + b) / (1 - b)) + 2 * b * lg (u 1%nat))
     <= 1 * (lg ((1 + b) / (1 - b)) + 2 * b * lg (u 1%nat))) by (apply Rmult_le_compat_r; lra).
  lra.
Qed.
Lemma total_b q2 r : 1 <= q2 ->
  (forall i, (1 <= i <= 1 + r)%nat -> 1 <= u i /\ 0 < v i) ->
  (forall i, (1 <= i < 1 + r)%nat -> v (S i) <= 1 + b * b * v i + 2 * b * v i * (1 - u (S i) / u i)) ->
  v 1%nat * ((1 - b) * (1 - b)) <= 1 ->
  1 + INR r * kp - lg ((1 + b) / (1 - b)) - psi b <= q2 + tsum 1 r.
Proof.
  intros Hq H1 H2 H4. pose proof (psi_pos b Hb) as Hps. pose proof log_ratio as HL0.
  destruct r as [|r]; [simpl; lra|].
  pose proof (heart_kept r 1%nat H1 H2) as H. pose proof (share_range r) as Hs.
  pose proof (share_range (S r)) as Hs'.
  destruct (H1 1%nat ltac:(lia)) as [Hu Hv]. pose proof (log_second Hv H4) as HE.
  pose proof (psi_gain b (u 1%nat) Hb Hu) as Hg.
  set (lu := lg (u 1%nat)) in *. set (uu := u 1%nat * u 1%nat) in *.
  assert (Huu : 1 <= uu) by (unfold uu; replace 1 with (1 * 1) by ring; apply Rmult_le_compat; lra).
  assert (Hbon : (uu - 1) * ((1 - b) * (1 - b)) <= (uu - 1) / v 1%nat).
  { unfold Rdiv. apply Rmult_le_compat_l; [lra|]. apply (Rmult_le_reg_l (v 1%nat)); auto.
    rewrite Rinv_r; lra. }
  assert (B1 : share r * (b * (2 * lu) - (uu - 1) / v 1%nat) <= share r * psi b) by (apply Rmult_le_compat_l;
    lra).
  assert (B2 : share r * psi b <= 1 * psi b) by (apply Rmult_le_compat_r; lra).
  assert (B3 : share (S r) * lg (kp * v 1%nat) <= share (S r) * lg ((1 + b) / (1 - b))) by (apply
    Rmult_le_compat_l; lra).
  assert (B4 : share (S r) * lg ((1 + b) / (1 - b)) <= 1 * lg ((1 + b) / (1 - b))) by (apply
    Rmult_le_compat_r; lra).
  lra.
Qed.

Lemma total q2 r : 1 <= q2 ->
  (forall i, (1 <= i <= 1 + r)%nat -> 1 <= u i /\ 0 < v i) ->
  (forall i, (1 <= i < 1 + r)%nat -> v (S i) <= 1 + b * b * v i + 2 * b * v i * (1 - u (S i) / u i)) ->
  u 1%nat * u 1%nat <= 4 * q2 -> v 1%nat * ((1 - b) * (1 - b)) <= 1 ->
  1 + INR r * kp - lg ((1 + b) / (1 - b)) - Rmin (2 * b * lg 2) (psi b) <= q2 + tsum 1 r.
Proof.
  intros Hq H1 H2 H3 H4. unfold Rmin. destruct (Rle_dec (2 * b * lg 2) (psi b)).
  - apply total_a; auto.
  - apply total_b; auto.
Qed.
End Scalars.
