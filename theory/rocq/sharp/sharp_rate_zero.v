(** The sharp rate for averages from zero: MoMo-Adam's, with the metric frozen at the identity.

    First f⋆ = 0, where the base's step applies from the state whose averages are 0; then any f⋆, since
    h_k - ρ_k f⋆ is h_k of f - f⋆ ([shifted]). *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step logarithm sharp_rate_scalars sharp_rate
  sharp_rate_zero_scalars.
Open Scope R_scope.

Section FromZero.
Variables (n : nat) (f : vec -> R) (g : vec -> vec) (beta : R) (xs x1 : vec) (G D : R).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hconv1 : forall x y, f x + dot n (g x) (lin 1 y (-1) x) <= f y.
Hypothesis Hxs : f xs = 0.
Hypothesis Hmin1 : forall x, 0 <= f x.
Hypothesis HG0 : 0 < G.
Hypothesis HD0 : 0 < D.
Hypothesis HD : dist2 n x1 xs = D * D.
Hypothesis HG1 : forall x, dist2 n x xs <= D * D -> dot n (g x) (g x) <= G * G.

Notation F := (fun _ : nat => f).
Notation Gr := (fun _ : nat => g).
Notation STEP := (step n F Gr beta 0 None).

(* all averages start at 0, and every sample, the first one too, enters with weight 1 - beta *)
Definition start0 : state := mk false x1 (fun _ => 0) 0 0.
Fixpoint run0 (k : nat) : state := match k with O => start0 | S m => STEP (run0 m) 0%nat end.
Definition Y i := px (run0 i).
Definition dir0 i := pd (run0 (S i)).
Definition n0 i := dot n (dir0 i) (dir0 i).
Definition t0 i := tau 0 None (model n (run0 (S i)) (Y i)) (n0 i).

Lemma dot_zero y : dot n (fun _ => 0) y = 0.
Proof. unfold dot. rewrite (sumn_scal n 0 y). ring. Qed.

Lemma start0_inv : inv n 0 xs D start0.
Proof. split; [simpl; lra|]. intros _. unfold model, start0; simpl. rewrite !dot_zero. lra. Qed.

Lemma step0 z c : inv n 0 xs D z -> 0 <= c ->
  inv n 0 xs D (STEP z 0%nat) /\
  dist2 n (px (STEP z 0%nat)) xs <= dist2 n (px z) xs - 2 * c * ((1 - beta) * (f (px z) - 0))
     + c * c * dot n (pd (STEP z 0%nat)) (pd (STEP z 0%nat)).
Proof.
  intros Hz Hc.
  apply (step_inv n 1 F Gr beta 0 None xs D Hbeta I (fun _ x y _ => Hconv1 x y) (fun _ _ => Hxs) (fun _ x _
    => Hmin1 x)
    z 0%nat c Hz Nat.lt_0_1 Hc I).
Qed.
Lemma inv0 i : inv n 0 xs D (run0 i).
Proof. induction i; [apply start0_inv|]. simpl. apply (step0 (run0 i) 0 IHi (Rle_refl 0)). Qed.
Lemma ball0 i : dist2 n (Y i) xs <= D * D.
Proof. apply inv0. Qed.

Lemma fejer0 i : 0 < f (Y i) -> 0 < n0 i /\
  dist2 n (Y (S i)) xs + ((1 - beta) * f (Y i)) * ((1 - beta) * f (Y i)) / n0 i <= dist2 n (Y i) xs.
Proof.
  intros Hd. apply best_c; [apply dot_pos|apply Rmult_lt_0_compat; lra|apply dot_pos|].
  intros c Hc. pose proof (proj2 (step0 (run0 i) c (inv0 i) Hc)) as H.
  change (dist2 n (Y (S i)) xs <= dist2 n (Y i) xs - 2 * c * ((1 - beta) * (f (Y i) - 0)) + c * c * n0 i) in
    H. lra.
Qed.

Lemma landed i : model n (run0 i) (Y i) = 0 -> model n (run0 (S i)) (Y i) = (1 - beta) * f (Y i).
Proof.
  intros H. change (run0 (S i)) with (STEP (run0 i) 0%nat). rewrite model_step. fold (Y i). rewrite H.
  assert (E : dot n (g (Y i)) (lin 1 (Y i) (-1) (Y i)) = 0) by (rewrite dot_lin_r; ring). rewrite E.
  assert (Ef : first (run0 i) = false) by (destruct i; reflexivity).
  unfold keepof. rewrite Ef. ring.
Qed.
Lemma h_eq i : model n (run0 (S i)) (Y i) = (1 - beta) * f (Y i).
Proof.
  destruct i.
  - apply landed. unfold model; simpl. rewrite dot_zero. ring.
  - pose proof (landing n 1 F Gr beta 0 None xs D Hbeta I (fun _ x y _ => Hconv1 x y) (fun _ _ => Hxs)
      (fun _ x _ => Hmin1 x) (run0 i) 0%nat 0%nat eq_refl (inv0 i) Nat.lt_0_1 Nat.lt_0_1) as E.
    change (model n (run0 (S (S i))) (Y (S i)) - 0 = (1 - beta) * (f (Y (S i)) - 0)) in E. lra.
Qed.
Lemma t0_eq i : 0 < f (Y i) -> t0 i = (1 - beta) * f (Y i) / n0 i.
Proof.
  intros Hd. destruct (fejer0 i Hd) as [HN _]. unfold t0, tau.
  destruct (Req_EM_T (n0 i) 0); [lra|]. rewrite h_eq, Rminus_0_r. rewrite Rmax_right; [reflexivity|].
  apply Rmult_le_pos; lra.
Qed.
Lemma move0 i : Y (S i) = lin 1 (Y i) (- t0 i) (dir0 i).
Proof. reflexivity. Qed.
Lemma dir0_next i : dir0 (S i) = lin beta (dir0 i) (1 - beta) (g (Y (S i))).
Proof. reflexivity. Qed.

Lemma recursion0 i : 0 < f (Y i) ->
  n0 (S i) <= beta * beta * n0 i + 2 * beta * (n0 i * (1 - f (Y (S i)) / f (Y i)))
     + (1 - beta) * (1 - beta) * (G * G).
Proof.
  intros Hd. destruct (fejer0 i Hd) as [HN _].
  assert (Hb : t0 i * dot n (g (Y (S i))) (dir0 i) <= f (Y i) - f (Y (S i))).
  { pose proof (Hconv1 (Y (S i)) (Y i)) as H.
    replace (t0 i * dot n (g (Y (S i))) (dir0 i)) with (dot n (g (Y (S i))) (lin 1 (Y i) (-1) (Y (S i))));
      [lra|].
    rewrite move0 at 2. rewrite !dot_lin_r. ring. }
  rewrite (t0_eq i Hd) in Hb. set (ip := dot n (g (Y (S i))) (dir0 i)) in *.
  assert (Hip : (1 - beta) * ip <= n0 i * (1 - f (Y (S i)) / f (Y i))).
  { apply (Rmult_le_reg_l (f (Y i) / n0 i)); [apply Rdiv_lt_0_compat; auto|].
    replace (f (Y i) / n0 i * ((1 - beta) * ip)) with ((1 - beta) * f (Y i) / n0 i * ip) by (field; lra).
    replace (f (Y i) / n0 i * (n0 i * (1 - f (Y (S i)) / f (Y i)))) with (f (Y i) - f (Y (S i))) by (field;
      lra).
    exact Hb. }
  unfold n0 at 1. rewrite dir0_next. repeat rewrite ?dot_lin_l, ?dot_lin_r.
  rewrite (dot_comm n (dir0 i) (g (Y (S i)))). fold ip (n0 i).
  pose proof (HG1 _ (ball0 (S i))) as Hg.
  assert ((1 - beta) * (1 - beta) * dot n (g (Y (S i))) (g (Y (S i))) <= (1 - beta) * (1 - beta) * (G * G))
    by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
  assert (beta * ((1 - beta) * ip) <= beta * (n0 i * (1 - f (Y (S i)) / f (Y i)))) by (apply
    Rmult_le_compat_l; lra).
  lra.
Qed.

(* the longest average *)
Lemma longest i : n0 i <= ((1 - beta) * hh beta i * G) * ((1 - beta) * hh beta i * G).
Proof.
  induction i.
  - unfold n0, dir0. change (pd (run0 1)) with (lin beta (fun _ => 0) (1 - beta) (g x1)).
    repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite !dot_zero, (dot_comm n (g x1) (fun _ => 0)), dot_zero.
    pose proof (HG1 x1 (ball0 0)) as Hg.
    assert ((1 - beta) * (1 - beta) * dot n (g x1) (g x1) <= (1 - beta) * (1 - beta) * (G * G))
      by (apply Rmult_le_compat_l; [apply sq_pos|auto]). simpl hh. lra.
  - unfold n0. rewrite dir0_next. repeat rewrite ?dot_lin_l, ?dot_lin_r.
    rewrite (dot_comm n (g (Y (S i))) (dir0 i)). fold (n0 i). pose proof (HG1 _ (ball0 (S i))) as Hg.
    pose proof (hh_ge1 beta Hbeta i) as Hh. set (a := (1 - beta) * hh beta i * G) in *.
    assert (Ha : 0 < a) by (unfold a; repeat apply Rmult_lt_0_compat; lra).
    pose proof (cauchy n (dir0 i) (g (Y (S i))) a G Ha HG0 IHi Hg) as Hc.
    replace ((1 - beta) * hh beta (S i) * G) with (beta * a + (1 - beta) * G) by (unfold a; simpl; ring).
    assert (C1 : beta * beta * n0 i <= beta * beta * (a * a)) by (apply Rmult_le_compat_l;
      [apply sq_pos|auto]).
    assert (C2 : 2 * beta * (1 - beta) * dot n (dir0 i) (g (Y (S i))) <= 2 * beta * (1 - beta) * (a * G))
      by (apply Rmult_le_compat_l; [repeat apply Rmult_le_pos; lra|auto]).
    assert (C3 : (1 - beta) * (1 - beta) * dot n (g (Y (S i))) (g (Y (S i))) <= (1 - beta) * (1 - beta) * (G
      * G))
      by (apply Rmult_le_compat_l; [apply sq_pos|auto]). lra.
Qed.

Lemma last0 i : f (Y i) * f (Y i) / (G * G) <= dist2 n (Y i) xs.
Proof.
  assert (HGG : 0 < G * G) by (apply Rmult_lt_0_compat; auto).
  pose proof (HG1 _ (ball0 i)) as Hg. pose proof (Hconv1 (Y i) xs) as Hc. rewrite Hxs in Hc.
  set (c := f (Y i) / (G * G)). pose proof (Hmin1 (Y i)) as Hd.
  assert (Hc0 : 0 <= c) by (unfold c, Rdiv; apply Rmult_le_pos; [auto|left; apply Rinv_0_lt_compat; auto]).
  pose proof (dot_pos n (lin 1 (lin 1 (Y i) (-1) xs) (- c) (g (Y i)))) as Hq.
  assert (c * c * dot n (g (Y i)) (g (Y i)) <= c * c * (G * G)) by (apply Rmult_le_compat_l;
    [apply sq_pos|auto]).
  assert (c * f (Y i) <= c * (- dot n (g (Y i)) (lin 1 xs (-1) (Y i)))) by (apply Rmult_le_compat_l; lra).
  assert (E1 : c * c * (G * G) = f (Y i) * f (Y i) / (G * G)) by (unfold c; field; lra).
  assert (E2 : c * f (Y i) = f (Y i) * f (Y i) / (G * G)) by (unfold c; field; lra).
  unfold dist2. repeat rewrite ?dot_lin_l, ?dot_lin_r in *.
  rewrite ?(dot_comm n (Y i) (g (Y i))), ?(dot_comm n xs (g (Y i))) in *. lra.
Qed.

Definition v0 i := n0 i / ((1 - beta) * (1 - beta) * (G * G)).
Lemma summed0 m r : 0 < m -> forall s, (forall i, (s <= i < s + r)%nat -> 0 < f (Y i)) ->
  dist2 n (Y (s + r)) xs + m * m / (G * G) * tsum (fun i => f (Y i) / m) v0 s r <= dist2 n (Y s) xs.
Proof.
  intros Hm. induction r; intros s H; [rewrite Nat.add_0_r; simpl; lra|].
  pose proof (IHr (S s) (fun i Hi => H i ltac:(lia))) as IH.
  replace (S s + r)%nat with (s + S r)%nat in IH by lia.
  pose proof (H s ltac:(lia)) as Hd. destruct (fejer0 s Hd) as [HN Hf]. simpl tsum.
  replace ((1 - beta) * f (Y s) * ((1 - beta) * f (Y s)) / n0 s)
    with (m * m / (G * G) * (f (Y s) / m * (f (Y s) / m) / v0 s)) in Hf; [lra|].
  unfold v0. field. repeat split; lra.
Qed.

Lemma msum_pos r : forall s, 0 <= msum beta s r.
Proof. induction r; intros s; simpl; [lra|]. pose proof (IHr (S s)). pose proof (iM beta Hbeta s). lra. Qed.

(* THE SHARP RATE FROM ZERO. One convex function with minimum 0 and gradients at most G on the ball, K + 1
   evaluations: the least value is at most G D / sqrt(1 + 1/M_1 + ... + 1/M_K).
   Here msum beta 0 K is that sum. *)
Lemma sharp_rate_from_zero m K :
  (forall k, (k < S K)%nat -> m <= f (px (run0 k))) ->
  m <= G * D / sqrt (1 + msum beta 0 K).
Proof.
  intros Hk. pose proof (msum_pos K 0) as HA0. set (A := 1 + msum beta 0 K).
  assert (HA : 0 < A) by (unfold A; lra).
  assert (Hr : 0 < sqrt A) by (apply sqrt_lt_R0; auto).
  assert (Hrr : sqrt A * sqrt A = A) by (apply sqrt_sqrt; lra).
  assert (HGD : 0 < G * D) by (apply Rmult_lt_0_compat; auto).
  destruct (Rle_lt_dec m 0) as [Hm|Hm].
  { assert (0 < G * D / sqrt A) by (apply Rdiv_lt_0_compat; auto). lra. }
  assert (HGG : 0 < G * G) by (apply Rmult_lt_0_compat; auto).
  assert (Hmm : 0 < m * m) by (apply Rmult_lt_0_compat; auto).
  assert (Hbb : 0 < (1 - beta) * (1 - beta)) by (apply Rmult_lt_0_compat; lra).
  assert (HiG : 0 < / (G * G)) by (apply Rinv_0_lt_compat; auto).
  assert (Hde : forall i, (i < S K)%nat -> m <= f (Y i)) by (intros; apply Hk; auto).
  assert (Hpos : forall i, (i < S K)%nat -> 0 < f (Y i)) by (intros i Hi; pose proof (Hde i Hi); lra).
  pose proof (summed0 m K Hm 0%nat (fun i Hi => Hpos i ltac:(lia))) as Hsum.
  change (dist2 n (Y 0) xs) with (dist2 n x1 xs) in Hsum. rewrite HD in Hsum. simpl plus in Hsum.
  pose proof (last0 K) as Hlast. pose proof (Hde K ltac:(lia)) as HdK.
  assert (Hvh : forall i, v0 i <= hh beta i * hh beta i).
  { intros i. unfold v0. apply (Rmult_le_reg_r ((1 - beta) * (1 - beta) * (G * G)));
      [apply Rmult_lt_0_compat; auto|].
    replace (n0 i / ((1 - beta) * (1 - beta) * (G * G)) * ((1 - beta) * (1 - beta) * (G * G))) with (n0 i) by
      (field; lra).
    pose proof (longest i). lra. }
  assert (HT : msum beta 0 K <= tsum (fun i => f (Y i) / m) v0 0 K).
  { apply (total0 beta (fun i => f (Y i) / m) v0 Hbeta K).
    - split.
      + intros i Hi. split; [|split; [|apply Hvh]].
        * apply (Rmult_le_reg_r m); auto. replace (f (Y i) / m * m) with (f (Y i)) by (field; lra).
          pose proof (Hde i ltac:(lia)). lra.
        * unfold v0. destruct (fejer0 i (Hpos i ltac:(lia))) as [HN _]. apply Rdiv_lt_0_compat; auto.
          apply Rmult_lt_0_compat; auto.
      + intros i Hi. pose proof (Hpos i ltac:(lia)) as Hdi. pose proof (recursion0 i Hdi) as Hre.
        unfold v0. apply (Rmult_le_reg_r ((1 - beta) * (1 - beta) * (G * G))); [apply Rmult_lt_0_compat;
          auto|].
        replace (n0 (S i) / ((1 - beta) * (1 - beta) * (G * G)) * ((1 - beta) * (1 - beta) * (G * G)))
          with (n0 (S i)) by (field; lra).
        replace ((1 + beta * beta * (n0 i / ((1 - beta) * (1 - beta) * (G * G))) +
          2 * beta * (n0 i / ((1 - beta) * (1 - beta) * (G * G))) * (1 - f (Y (S i)) / m / (f (Y i) / m)))
          * ((1 - beta) * (1 - beta) * (G * G)))
          with (beta * beta * n0 i + 2 * beta * (n0 i * (1 - f (Y (S i)) / f (Y i)))
            + (1 - beta) * (1 - beta) * (G * G)) by (field; repeat split; lra). exact Hre.
    - pose proof (Hvh 0%nat) as H. simpl in H. lra. }
  assert (HdKK : m * m <= f (Y K) * f (Y K)) by (apply Rmult_le_compat; lra).
  assert (HL : m * m / (G * G) <= f (Y K) * f (Y K) / (G * G)) by (unfold Rdiv; apply Rmult_le_compat_r; lra).
  assert (HmG : 0 < m * m / (G * G)) by (apply Rdiv_lt_0_compat; auto).
  apply (Rmult_le_compat_l (m * m / (G * G))) in HT; [|lra].
  assert (Hfin : m * m / (G * G) * A <= D * D) by (unfold A; lra).
  apply (Rmult_le_reg_r (sqrt A)); auto.
  replace (G * D / sqrt A * sqrt A) with (G * D) by (field; lra).
  apply Rsqr_incr_0_var; [|lra]. unfold Rsqr.
  replace (m * sqrt A * (m * sqrt A)) with (m * m * (sqrt A * sqrt A)) by ring. rewrite Hrr.
  apply (Rmult_le_compat_r (G * G)) in Hfin; [|lra].
  replace (m * m / (G * G) * A * (G * G)) with (m * m * A) in Hfin by (field; lra). lra.
Qed.
End FromZero.
Section AnyMinimum.
Variables (n : nat) (f : vec -> R) (g : vec -> vec) (beta fstar : R) (x1 : vec).
Definition rho (k : nat) := 1 - beta ^ k.
Definition zstep (r : R) (st : state) : state :=
  let x := px st in
  let d := lin beta (pd st) (1 - beta) (g x) in
  let fb := beta * pf st + (1 - beta) * f x in
  let gm := beta * pg st + (1 - beta) * dot n (g x) x in
  let h := fb + dot n d x - gm in
  mk false (lin 1 x (- tau (r * fstar) None h (dot n d d)) d) d fb gm.
(* the run of the method: averages from zero, lower bound f⋆, total weight rho_k *)
Fixpoint runz (k : nat) : state := match k with O => start0 x1 | S m => zstep (rho (S m)) (runz m) end.

Lemma tau_shift a h N : tau a None h N = tau 0 None (h - a) N.
Proof. unfold tau. rewrite Rminus_0_r. reflexivity. Qed.

Lemma shifted k : let z := run0 n (fun x => f x - fstar) g beta x1 k in
  px (runz k) = px z /\ pd (runz k) = pd z /\ pg (runz k) = pg z /\ pf (runz k) = pf z + rho k * fstar.
Proof.
  induction k; [simpl; unfold rho; simpl; repeat split; auto; ring|].
  cbv zeta in *. destruct IHk as [E1 [E2 [E3 E4]]].
  assert (Ef : first (run0 n (fun x => f x - fstar) g beta x1 k) = false) by (destruct k; reflexivity).
  assert (ER : rho (S k) = beta * rho k + (1 - beta)) by (unfold rho; simpl; ring).
  simpl runz. simpl run0. unfold zstep, step; simpl. rewrite Ef, E1, E2, E3, E4, ER. rewrite tau_shift.
  repeat split; try ring.
  f_equal. f_equal. f_equal. ring.
Qed.

(** The sharp rate, one function, averages from zero, no cap; K + 1 evaluations.

    min_{k≤K+1} f(x^k) - f⋆ ≤ G D/√(1 + Σ_{k≤K} (1-β²)/(1-β^{2k})).
    Source: derived here. *)
Theorem sharp_rate_zero xs G D m K : 0 <= beta < 1 ->
  (forall x y, f x + dot n (g x) (lin 1 y (-1) x) <= f y) ->
  f xs = fstar -> (forall x, fstar <= f x) -> 0 < G -> 0 < D -> dist2 n x1 xs = D * D ->
  (forall x, dist2 n x xs <= D * D -> dot n (g x) (g x) <= G * G) ->
  (forall k, (k < S K)%nat -> m <= f (px (runz k)) - fstar) ->
  m <= G * D / sqrt (1 + sumn K (fun i => (1 - beta * beta) / (1 - beta ^ (2 * S i)))).
Proof.
  intros Hb Hc Hx Hm HG HD Hd Hg Hk. rewrite <- (msum_formula beta K Hb).
  apply (sharp_rate_from_zero n (fun x => f x - fstar) g beta xs x1 G D); auto.
  - intros x y. pose proof (Hc x y). lra.
  - lra.
  - intros x. pose proof (Hm x). lra.
  - intros k Hk'. destruct (shifted k) as [E _]. rewrite <- E. apply Hk; auto.
Qed.
End AnyMinimum.
