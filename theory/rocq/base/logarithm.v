(** A logarithm without the axiom of excluded middle that the standard library's ln brings with it:
   exp, its functional equation, its derivative at 0 and the intermediate value theorem do not need it. *)
Require Import Reals Lra Psatz Lia.
Open Scope R_scope.

(* e^x - 1 >= 2^k (e^(x/2^k) - 1), because e^x - 1 = (e^(x/2) - 1)(e^(x/2) + 1) *)
Lemma exp_halves k : forall x, 2 ^ k * (exp (x / 2 ^ k) - 1) <= exp x - 1.
Proof.
  induction k; intros x; [simpl; unfold Rdiv; rewrite Rinv_1, Rmult_1_r; lra|].
  assert (H2 : 0 < 2 ^ k) by (apply pow_lt; lra).
  replace (x / 2 ^ S k) with ((x / 2) / 2 ^ k) by (simpl; field; lra).
  pose proof (IHk (x / 2)) as H. set (e := exp (x / 2)) in *.
  assert (E : exp x = e * e) by (unfold e; rewrite <- exp_plus; f_equal; field).
  rewrite E. simpl pow. pose proof (Rle_0_sqr (e - 1)) as Hs. unfold Rsqr in Hs. lra.
Qed.

Lemma exp_lower x : 1 + x <= exp x.
Proof.
  destruct (Req_dec x 0) as [->|Hx]; [rewrite exp_0; lra|].
  apply Rnot_lt_le. intros Hlt.
  assert (Hax : 0 < Rabs x) by (apply Rabs_pos_lt; auto).
  set (eps := (1 + x - exp x) / Rabs x).
  assert (He : 0 < eps) by (unfold eps; apply Rdiv_lt_0_compat; lra).
  destruct (derivable_pt_lim_exp_0 eps He) as [delta Hd].
  (* 2^k > |x| / delta *)
  assert (Hk : exists k : nat, Rabs x / 2 ^ k < delta).
  { assert (H1 : Rabs (/ 2) < 1) by (rewrite Rabs_right; lra).
    assert (Hq : 0 < delta / Rabs x) by (apply Rdiv_lt_0_compat; [apply cond_pos|auto]).
    destruct (pow_lt_1_zero (/ 2) H1 (delta / Rabs x) Hq) as [k Hk].
    exists k. specialize (Hk k (le_n k)).
    assert (H2k : 0 < (/ 2) ^ k) by (apply pow_lt; lra).
    rewrite Rabs_right in Hk by lra.
    assert (E : (/ 2) ^ k = / 2 ^ k) by apply pow_inv.
    rewrite E in Hk. apply (Rmult_lt_compat_l (Rabs x)) in Hk; auto.
    replace (Rabs x * (delta / Rabs x)) with (pos delta) in Hk by (field; lra).
    unfold Rdiv. exact Hk. }
  destruct Hk as [k Hk]. assert (H2 : 0 < 2 ^ k) by (apply pow_lt; lra).
  set (h := x / 2 ^ k).
  assert (Hh0 : h <> 0) by (unfold h, Rdiv; apply Rmult_integral_contrapositive_currified;
    [auto|apply Rinv_neq_0_compat; lra]).
  assert (Hh : Rabs h < delta).
  { unfold h, Rdiv. rewrite Rabs_mult, (Rabs_right (/ 2 ^ k)); [exact Hk|left; apply Rinv_0_lt_compat; auto].
    }
  specialize (Hd h Hh0 Hh). rewrite Rplus_0_l, exp_0 in Hd.
  pose proof (exp_halves k x) as Hc. fold h in Hc.
  set (q := (exp h - 1) / h) in *.
  assert (E : 2 ^ k * (exp h - 1) = x * q) by (unfold q, h; field; split; auto; lra).
  rewrite E in Hc. apply Rabs_def2 in Hd. destruct Hd as [Hq1 Hq2].
  assert (Habs : eps * Rabs x = 1 + x - exp x) by (unfold eps; field; lra).
  unfold Rabs in *. destruct (Rcase_abs x) as [Hn|Hp].
  - assert (- x * q < - x * (1 + eps)) by (apply Rmult_lt_compat_l; lra). lra.
  - assert (0 < x) by lra. assert (x * (1 - eps) < x * q) by (apply Rmult_lt_compat_l; lra). lra.
Qed.

Lemma exp_incr x y : x < y -> exp x < exp y.
Proof.
  intros H. replace y with (x + (y - x)) by ring. rewrite exp_plus. pose proof (exp_pos x) as Hx.
  pose proof (exp_lower (y - x)) as H1. rewrite <- (Rmult_1_r (exp x)) at 1. apply Rmult_lt_compat_l; lra.
Qed.

Lemma exp_inj x y : exp x = exp y -> x = y.
Proof. intros H. destruct (Rtotal_order x y) as [L|[E|L]]; auto; apply exp_incr in L; lra. Qed.

Lemma log_exists y : 0 < y -> {x : R | exp x = y}.
Proof.
  intros Hy.
  assert (Hiy : 0 < / y) by (apply Rinv_0_lt_compat; auto).
  assert (Hc : continuity (fun x => exp x - y)).
  { apply continuity_minus; [apply derivable_continuous, derivable_exp|apply continuity_const; intros ? ?;
      auto]. }
  assert (Hlo : exp (- / y) - y <= 0).
  { pose proof (exp_lower (/ y)) as H. pose proof (exp_pos (- / y)) as H0.
    assert (E : exp (- / y) * exp (/ y) = 1) by (rewrite <- exp_plus, Rplus_opp_l; apply exp_0).
    assert (exp (- / y) * (1 + / y) <= 1) by (rewrite <- E; apply Rmult_le_compat_l; lra).
    assert (E2 : exp (- / y) * / y <= 1) by (lra).
    apply (Rmult_le_compat_r y) in E2; [|lra]. rewrite Rmult_assoc, Rinv_l in E2; lra. }
  assert (Hhi : 0 <= exp y - y) by (pose proof (exp_lower y); lra).
  destruct (IVT_cor (fun x => exp x - y) (- / y) y Hc ltac:(lra)) as [z [_ Hz]].
  - rewrite Rmult_comm. pose proof (Rmult_le_compat_l _ _ _ Hhi Hlo). lra.
  - exists z. lra.
Qed.

Definition lg (x : R) : R := match Rlt_dec 0 x with left H => proj1_sig (log_exists x H) | right _ => 0 end.

Lemma exp_lg x : 0 < x -> exp (lg x) = x.
Proof. intros H. unfold lg. destruct (Rlt_dec 0 x); [apply proj2_sig|contradiction]. Qed.
Lemma lg_unique x y : exp y = x -> lg x = y.
Proof. intros H. apply exp_inj. rewrite exp_lg; auto. rewrite <- H; apply exp_pos. Qed.
Lemma lg_tangent x : 0 < x -> lg x <= x - 1.
Proof. intros Hx. pose proof (exp_lower (lg x)) as H. rewrite exp_lg in H by auto. lra. Qed.
Lemma lg_mult x y : 0 < x -> 0 < y -> lg (x * y) = lg x + lg y.
Proof. intros. apply lg_unique. rewrite exp_plus, !exp_lg; auto. Qed.
Lemma lg_div x y : 0 < x -> 0 < y -> lg (x / y) = lg x - lg y.
Proof. intros. apply lg_unique. unfold Rminus. rewrite exp_plus, exp_Ropp, !exp_lg; auto. Qed.
Lemma lg_1 : lg 1 = 0.
Proof. apply lg_unique, exp_0. Qed.
Lemma lg_mono x y : 0 < x -> x <= y -> lg x <= lg y.
Proof. intros H Hxy. apply Rnot_lt_le. intros L. apply exp_incr in L. rewrite !exp_lg in L; lra. Qed.
Lemma lg_pos x : 1 <= x -> 0 <= lg x.
Proof. intros H. rewrite <- lg_1. apply lg_mono; lra. Qed.
