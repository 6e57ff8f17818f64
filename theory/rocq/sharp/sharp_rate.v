(** The sharp rate: one function, MoMo from the first sample, no cap.

    min_{k≤K} f(x^k) - f⋆ ≤ G D/√A, A = 2 + (1-β²)(K-2) - log((1+β)/(1-β)) - min{2β log 2, ψ}: for large K
    the paper's 1/(1-β) becomes 1/√(1-β²).

    1. Convexity of the one function between two points bounds <g_{k+1}, d_k> by what the value falls
       ([between]), hence the norm recursion ([recursion]).
    2. The step with the best c: δ²(1-β)²/‖d‖² comes off ‖x - x⋆‖² ([fejer_later], [fejer_first]).
    3. The last value needs no step ([last_value]); the second is at most twice the first's share
       ([second_value]).
    4. Summed, and the scalar part. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step logarithm sharp_rate_scalars.
Open Scope R_scope.

(* best c in a bound R <= L - 2 c a + c^2 N *)
Lemma best_c L Rr a N : 0 <= Rr -> 0 < a -> 0 <= N ->
  (forall c, 0 <= c -> Rr <= L - 2 * c * a + c * c * N) -> 0 < N /\ Rr + a * a / N <= L.
Proof.
  intros HR Ha HN H.
  assert (HN0 : 0 < N).
  { destruct HN as [|E]; auto. exfalso.
    assert (HL : 0 <= L) by (pose proof (H 0 (Rle_refl 0)); lra).
    assert (Hc : 0 <= (L + 1) / (2 * a)) by (unfold Rdiv; apply Rmult_le_pos; [lra|left;
      apply Rinv_0_lt_compat; lra]).
    pose proof (H _ Hc) as H1. rewrite <- E in H1.
    replace (2 * ((L + 1) / (2 * a)) * a) with (L + 1) in H1 by (field; lra). lra. }
  split; auto. assert (Hc : 0 <= a / N) by (unfold Rdiv; apply Rmult_le_pos; [lra|left;
    apply Rinv_0_lt_compat; auto]).
  pose proof (H _ Hc) as H1. replace (L - 2 * (a / N) * a + a / N * (a / N) * N) with (L - a * a / N) in H1
    by (field; lra). lra.
Qed.

(* Cauchy-Schwarz with bounds instead of norms *)
Lemma cauchy n x y a c : 0 < a -> 0 < c -> dot n x x <= a * a -> dot n y y <= c * c -> dot n x y <= a * c.
Proof.
  intros Ha Hc Hx Hy. pose proof (dot_pos n (lin c x (- a) y)) as H.
  repeat rewrite ?dot_lin_l, ?dot_lin_r in H. rewrite (dot_comm n y x) in H.
  assert (c * c * dot n x x <= c * c * (a * a)) by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
  assert (a * a * dot n y y <= a * a * (c * c)) by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
  apply (Rmult_le_reg_l (2 * (a * c))); [repeat apply Rmult_lt_0_compat; lra|]. lra.
Qed.

Section OneFunction.
Variables (n : nat) (f : vec -> R) (g : vec -> vec) (beta fstar : R) (xs x1 : vec) (G D : R).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hconv1 : forall x y, f x + dot n (g x) (lin 1 y (-1) x) <= f y.
Hypothesis Hxs : f xs = fstar.
Hypothesis Hmin1 : forall x, fstar <= f x.
Hypothesis HG0 : 0 < G.
Hypothesis HD0 : 0 < D.
Hypothesis HD : dist2 n x1 xs = D * D.

Notation F := (fun _ : nat => f).
Notation Gr := (fun _ : nat => g).
Notation STEP b := (step n F Gr b fstar None).

(* the states of the run: X i is the (i+1)-st point, dir i the average gradient used there *)
Fixpoint run1 (k : nat) : state := match k with O => start x1 | S m => STEP beta (run1 m) 0%nat end.
Definition X i := px (run1 i).
(* gradients are bounded at the first K points of the run; nothing is asked of others *)
Variable K : nat.
Hypothesis HGX : forall i, (i < K)%nat -> dot n (g (X i)) (g (X i)) <= G * G.
Definition dir i := pd (run1 (S i)).
Definition nn i := dot n (dir i) (dir i).
Definition de i := f (X i) - fstar.
Definition tt i := tau fstar None (model n (run1 (S i)) (X i)) (nn i).

Lemma step1 b z c : 0 <= b < 1 -> inv n fstar xs D z -> 0 <= c ->
  inv n fstar xs D (STEP b z 0%nat) /\
  dist2 n (px (STEP b z 0%nat)) xs <= dist2 n (px z) xs - 2 * c * ((1 - b) * (f (px z) - fstar))
     + c * c * dot n (pd (STEP b z 0%nat)) (pd (STEP b z 0%nat)).
Proof.
  intros Hb Hz Hc.
  apply (step_inv n 1 F Gr b fstar None xs D Hb I (fun _ x y _ => Hconv1 x y) (fun _ _ => Hxs) (fun _ x _ =>
    Hmin1 x)
    z 0%nat c Hz Nat.lt_0_1 Hc I).
Qed.

Lemma inv1 i : inv n fstar xs D (run1 i).
Proof. induction i; [apply start_inv; auto|]. simpl. apply (step1 beta (run1 i) 0 Hbeta IHi (Rle_refl 0)).
Qed.
Lemma ball i : dist2 n (X i) xs <= D * D.
Proof. apply inv1. Qed.
Lemma de_pos i : 0 <= de i.
Proof. unfold de. pose proof (Hmin1 (X i)). lra. Qed.

Lemma fejer_later i : 0 < de i -> 0 < nn i /\
  dist2 n (X (S i)) xs + ((1 - beta) * de i) * ((1 - beta) * de i) / nn i <= dist2 n (X i) xs.
Proof.
  intros Hd. apply best_c; [apply dot_pos|apply Rmult_lt_0_compat; lra|apply dot_pos|].
  intros c Hc. exact (proj2 (step1 beta (run1 i) c Hbeta (inv1 i) Hc)).
Qed.
Lemma fejer_first : 0 < de 0 -> 0 < nn 0 /\
  dist2 n (X 1) xs + de 0 * de 0 / nn 0 <= dist2 n (X 0) xs.
Proof.
  intros Hd. apply best_c; [apply dot_pos|auto|apply dot_pos|].
  intros c Hc. assert (H0 : 0 <= 0 < 1) by lra.
  pose proof (proj2 (step1 0 (run1 0) c H0 (inv1 0) Hc)) as H.
  change (STEP 0 (run1 0) 0%nat) with (run1 1) in H. change (f (px (run1 0)) - fstar) with (de 0) in H.
  change (dist2 n (X 1) xs <= dist2 n (X 0) xs - 2 * c * ((1 - 0) * de 0) + c * c * nn 0) in H. lra.
Qed.

Lemma move i : X (S i) = lin 1 (X i) (- tt i) (dir i).
Proof. reflexivity. Qed.
Lemma dir_next i : dir (S i) = lin beta (dir i) (1 - beta) (g (X (S i))).
Proof. reflexivity. Qed.

Lemma nn_first : (0 < K)%nat -> nn 0 <= G * G.
Proof.
  intros HK. unfold nn, dir. simpl. repeat rewrite ?dot_lin_l, ?dot_lin_r. pose proof (HGX 0 HK) as H.
  unfold X in H; simpl in H. rewrite !Rmult_0_l, Rplus_0_l, Rplus_0_l. lra.
Qed.
Lemma nn_bound i : (i < K)%nat -> nn i <= G * G.
Proof.
  induction i; intros HK; [apply nn_first, HK|]. specialize (IHi ltac:(lia)). unfold nn. rewrite dir_next.
  assert (Hb : 0 <= beta <= 1) by lra.
  pose proof (sq_convex n beta (dir i) (g (X (S i))) Hb) as H. pose proof (HGX (S i) HK) as Hg.
  fold (nn i) in H.
  assert (beta * nn i <= beta * (G * G)) by (apply Rmult_le_compat_l; lra).
  assert ((1 - beta) * dot n (g (X (S i))) (g (X (S i))) <= (1 - beta) * (G * G)) by (apply
    Rmult_le_compat_l; lra). lra.
Qed.

(* the step lengths *)
Lemma tt_first : 0 < de 0 -> tt 0 = de 0 / nn 0.
Proof.
  intros Hd. destruct (fejer_first Hd) as [HN _]. unfold tt, tau.
  destruct (Req_EM_T (nn 0) 0); [lra|].
  assert (E : model n (run1 1) (X 0) - fstar = de 0).
  { unfold run1. rewrite model_step. unfold keepof, start, X, de; simpl first. cbv iota. simpl px.
    rewrite dot_lin_r. unfold X. simpl. ring. }
  rewrite E. rewrite Rmax_right by lra. reflexivity.
Qed.
Lemma tt_later i : 0 < de (S i) -> tt (S i) = (1 - beta) * de (S i) / nn (S i).
Proof.
  intros Hd. destruct (fejer_later (S i) Hd) as [HN _]. unfold tt, tau.
  destruct (Req_EM_T (nn (S i)) 0); [lra|].
  pose proof (landing n 1 F Gr beta fstar None xs D Hbeta I (fun _ x y _ => Hconv1 x y) (fun _ _ => Hxs)
    (fun _ x _ => Hmin1 x) (run1 i) 0%nat 0%nat eq_refl (inv1 i) Nat.lt_0_1 Nat.lt_0_1) as E.
  change (model n (run1 (S (S i))) (X (S i)) - fstar = (1 - beta) * de (S i)) in E.
  rewrite E. rewrite Rmax_right; [reflexivity|]. apply Rmult_le_pos; lra.
Qed.

(* convexity of one function between two points of the run *)
Lemma between i : tt i * dot n (g (X (S i))) (dir i) <= de i - de (S i).
Proof.
  pose proof (Hconv1 (X (S i)) (X i)) as H. unfold de.
  replace (tt i * dot n (g (X (S i))) (dir i)) with (dot n (g (X (S i))) (lin 1 (X i) (-1) (X (S i))));
    [lra|].
  rewrite move at 2. rewrite !dot_lin_r. ring.
Qed.

(* the norm recursion, N = |dir|^2 / (1-beta)^2 in units of G *)
Lemma recursion i : (S (S i) < K)%nat -> 0 < de (S i) ->
  nn (S (S i)) <= beta * beta * nn (S i) + 2 * beta * (nn (S i) * (1 - de (S (S i)) / de (S i)))
     + (1 - beta) * (1 - beta) * (G * G).
Proof.
  intros HK Hd. destruct (fejer_later (S i) Hd) as [HN _].
  pose proof (between (S i)) as Hb. rewrite (tt_later i Hd) in Hb.
  set (ip := dot n (g (X (S (S i)))) (dir (S i))) in *.
  assert (Hip : (1 - beta) * ip <= nn (S i) * (1 - de (S (S i)) / de (S i))).
  { apply (Rmult_le_reg_l (de (S i) / nn (S i))); [apply Rdiv_lt_0_compat; auto|].
    replace (de (S i) / nn (S i) * ((1 - beta) * ip)) with ((1 - beta) * de (S i) / nn (S i) * ip) by (field;
      lra).
    replace (de (S i) / nn (S i) * (nn (S i) * (1 - de (S (S i)) / de (S i)))) with (de (S i) - de (S (S i)))
      by (field; lra).
    exact Hb. }
  unfold nn at 1. rewrite dir_next. repeat rewrite ?dot_lin_l, ?dot_lin_r.
  rewrite (dot_comm n (dir (S i)) (g (X (S (S i))))). fold ip (nn (S i)).
  pose proof (HGX (S (S i)) HK) as Hg.
  assert ((1 - beta) * (1 - beta) * dot n (g (X (S (S i)))) (g (X (S (S i)))) <= (1 - beta) * (1 - beta) * (G
    * G))
    by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
  assert (beta * ((1 - beta) * ip) <= beta * (nn (S i) * (1 - de (S (S i)) / de (S i)))) by (apply
    Rmult_le_compat_l; lra).
  lra.
Qed.

(* The norm recursion: see the theorem norm_recursion. *)
Lemma norm_recursion_run i : (S (S i) < K)%nat -> 0 < de (S i) ->
  let N k := nn k / ((1 - beta) * (1 - beta)) in
  (1 - beta) * de (S i) / nn (S i) * dot n (g (X (S (S i)))) (dir (S i)) <= de (S i) - de (S (S i)) /\
  N (S (S i)) <= G * G + beta * beta * N (S i) + 2 * beta * N (S i) * (1 - de (S (S i)) / de (S i)).
Proof.
  intros HK Hd N. split.
  - pose proof (between (S i)) as Hb. rewrite (tt_later i Hd) in Hb. exact Hb.
  - pose proof (recursion i HK Hd) as H. unfold N.
    assert (Hb : 0 < (1 - beta) * (1 - beta)) by (apply Rmult_lt_0_compat; lra).
    apply (Rmult_le_reg_r ((1 - beta) * (1 - beta))); auto.
    replace (nn (S (S i)) / ((1 - beta) * (1 - beta)) * ((1 - beta) * (1 - beta))) with (nn (S (S i)))
      by (field; lra).
    replace ((G * G + beta * beta * (nn (S i) / ((1 - beta) * (1 - beta)))
        + 2 * beta * (nn (S i) / ((1 - beta) * (1 - beta))) * (1 - de (S (S i)) / de (S i)))
        * ((1 - beta) * (1 - beta)))
      with (beta * beta * nn (S i) + 2 * beta * (nn (S i) * (1 - de (S (S i)) / de (S i)))
        + (1 - beta) * (1 - beta) * (G * G)) by (field; split; lra).
    exact H.
Qed.

(* the last point *)
Lemma last_value i : (i < K)%nat -> de i * de i / (G * G) <= dist2 n (X i) xs.
Proof.
  intros HK. assert (HGG : 0 < G * G) by (apply Rmult_lt_0_compat; auto).
  pose proof (HGX i HK) as Hg. pose proof (Hconv1 (X i) xs) as Hc. rewrite Hxs in Hc.
  set (c := de i / (G * G)). pose proof (de_pos i) as Hd.
  assert (Hc0 : 0 <= c) by (unfold c, Rdiv; apply Rmult_le_pos; [auto|left; apply Rinv_0_lt_compat; auto]).
  pose proof (dot_pos n (lin 1 (lin 1 (X i) (-1) xs) (- c) (g (X i)))) as Hq.
  assert (c * c * dot n (g (X i)) (g (X i)) <= c * c * (G * G)) by (apply Rmult_le_compat_l;
    [apply sq_pos|auto]).
  assert (c * de i <= c * (- dot n (g (X i)) (lin 1 xs (-1) (X i)))) by (apply Rmult_le_compat_l;
    unfold de in *; lra).
  assert (E1 : c * c * (G * G) = de i * de i / (G * G)) by (unfold c; field; lra).
  assert (E2 : c * de i = de i * de i / (G * G)) by (unfold c; field; lra).
  unfold dist2. repeat rewrite ?dot_lin_l, ?dot_lin_r in *.
  rewrite ?(dot_comm n (X i) (g (X i))), ?(dot_comm n xs (g (X i))) in *. lra.
Qed.

(* the second value *)
Lemma second_value : (1 < K)%nat -> 0 < de 0 -> de 1 * de 1 <= 4 * (G * G * (de 0 * de 0 / nn 0)).
Proof.
  intros HK Hd. destruct (fejer_first Hd) as [HN _]. pose proof (nn_first ltac:(lia)) as HNG.
  set (rho := de 0 / sqrt (nn 0)).
  assert (Hs : 0 < sqrt (nn 0)) by (apply sqrt_lt_R0; auto).
  assert (Hss : sqrt (nn 0) * sqrt (nn 0) = nn 0) by (apply sqrt_sqrt; lra).
  assert (Hr : 0 < rho) by (apply Rdiv_lt_0_compat; auto).
  assert (Hrr : rho * rho = de 0 * de 0 / nn 0) by (replace (de 0 * de 0 / nn 0)
     with (de 0 * de 0 / (sqrt (nn 0) * sqrt (nn 0))) by (rewrite Hss; reflexivity); unfold rho; field; lra).
  assert (HsG : sqrt (nn 0) <= G).
  { rewrite <- (sqrt_square G) by lra. apply sqrt_le_1; try lra. }
  assert (H0 : de 0 <= G * rho).
  { apply Rle_trans with (sqrt (nn 0) * rho); [unfold rho; right; field; lra|apply Rmult_le_compat_r; lra]. }
  assert (H1 : de 1 <= de 0 + G * rho).
  { pose proof (between 0) as Hb. rewrite (tt_first Hd) in Hb.
    assert (Hcs : dot n (lin (-1) (g (X 1)) 0 xs) (lin (de 0 / nn 0) (dir 0) 0 xs) <= G * rho).
    { apply cauchy; auto.
      - repeat rewrite ?dot_lin_l, ?dot_lin_r. pose proof (HGX 1%nat HK). lra.
      - repeat rewrite ?dot_lin_l, ?dot_lin_r. fold (nn 0). rewrite Hrr. right. field. lra. }
    repeat rewrite ?dot_lin_l, ?dot_lin_r in Hcs. lra. }
  pose proof (de_pos 1) as Hd1.
  rewrite <- Hrr. replace (4 * (G * G * (rho * rho))) with ((2 * (G * rho)) * (2 * (G * rho))) by ring.
  apply Rmult_le_compat; lra.
Qed.

(* summed: from the second point on *)
Definition vv i := nn i / ((1 - beta) * (1 - beta) * (G * G)).
Lemma summed1 m r : 0 < m -> forall s, (forall i, (s <= i < s + r)%nat -> 0 < de i) ->
  dist2 n (X (s + r)) xs + m * m / (G * G) * tsum (fun i => de i / m) vv s r <= dist2 n (X s) xs.
Proof.
  intros Hm. induction r; intros s H; [rewrite Nat.add_0_r; simpl; lra|].
  pose proof (IHr (S s) (fun i Hi => H i ltac:(lia))) as IH.
  replace (S s + r)%nat with (s + S r)%nat in IH by lia.
  pose proof (H s ltac:(lia)) as Hd. destruct (fejer_later s Hd) as [HN Hf]. simpl tsum.
  replace ((1 - beta) * de s * ((1 - beta) * de s) / nn s)
    with (m * m / (G * G) * (de s / m * (de s / m) / vv s)) in Hf; [lra|].
  unfold vv. field. repeat split; lra.
Qed.

(* THE SHARP RATE, one convex function (gradients at most G on the ball): for K >= 2 evaluations, the least
   gap m satisfies A m^2 <= G^2 D^2, A = 2 + (1 - beta^2)(K-2) - log((1+beta)/(1-beta)) - min(2 beta log 2,
     psi). *)
Lemma sharp_rate_squared m : (2 <= K)%nat -> 0 < m ->
  (forall k, (k < K)%nat -> m <= f (px (run1 k)) - fstar) ->
  (2 + (1 - beta * beta) * (INR K - 2) - lg ((1 + beta) / (1 - beta)) - Rmin (2 * beta * lg 2) (psi beta)) *
    (m * m) <= G * D * (G * D).
Proof.
  intros HK Hm Hk. assert (HE : exists r, K = S (S r)) by (exists (K - 2)%nat; lia). destruct HE as [r EK].
  rewrite EK in Hk |- *.
  assert (Hde : forall i, (i < S (S r))%nat -> m <= de i) by (intros; apply Hk; auto).
  assert (Hpos : forall i, (i < S (S r))%nat -> 0 < de i) by (intros i Hi; pose proof (Hde i Hi); lra).
  assert (Hd0 := Hpos 0%nat ltac:(lia)). destruct (fejer_first Hd0) as [HN0 Hf0].
  pose proof (summed1 m r Hm 1%nat (fun i Hi => Hpos i ltac:(lia))) as Hsum.
  pose proof (last_value (1 + r) ltac:(lia)) as Hlast. pose proof (Hde (1 + r)%nat ltac:(lia)) as HdK.
  change (X 0) with x1 in Hf0. rewrite HD in Hf0.
  assert (HGG : 0 < G * G) by (apply Rmult_lt_0_compat; auto).
  assert (Hmm : 0 < m * m) by (apply Rmult_lt_0_compat; auto).
  assert (Hbb : 0 < (1 - beta) * (1 - beta)) by (apply Rmult_lt_0_compat; lra).
  assert (HiG : 0 < / (G * G)) by (apply Rinv_0_lt_compat; auto).
  set (q2 := G * G / (m * m) * (de 0 * de 0 / nn 0)).
  assert (Hdd : m * m <= de 0 * de 0) by (pose proof (Hde 0%nat ltac:(lia)); apply Rmult_le_compat; lra).
  assert (Hq : 1 <= q2).
  { unfold q2. apply (Rmult_le_reg_r (m * m * nn 0)); [apply Rmult_lt_0_compat; auto|].
    replace (G * G / (m * m) * (de 0 * de 0 / nn 0) * (m * m * nn 0)) with (G * G * (de 0 * de 0)) by (field;
      lra).
    pose proof (nn_first ltac:(lia)) as HNG. replace (1 * (m * m * nn 0)) with (nn 0 * (m * m)) by ring.
    apply Rmult_le_compat; lra. }
  pose proof (total beta (fun i => de i / m) vv Hbeta q2 r Hq) as HT.
  assert (HA : 1 + INR r * (1 - beta * beta) - lg ((1 + beta) / (1 - beta)) - Rmin (2 * beta * lg 2) (psi
    beta)
     <= q2 + tsum (fun i => de i / m) vv 1 r).
  { apply HT.
    - intros i Hi. split.
      + apply (Rmult_le_reg_r m); auto. replace (de i / m * m) with (de i) by (field; lra).
        pose proof (Hde i ltac:(lia)). lra.
      + unfold vv. destruct (fejer_later i (Hpos i ltac:(lia))) as [HN _]. apply Rdiv_lt_0_compat; auto.
        apply Rmult_lt_0_compat; auto.
    - intros i Hi. destruct i as [|i]; [lia|].
      pose proof (Hpos (S i) ltac:(lia)) as Hdi. pose proof (recursion i ltac:(lia) Hdi) as Hr.
      unfold vv. apply (Rmult_le_reg_r ((1 - beta) * (1 - beta) * (G * G))); [apply Rmult_lt_0_compat; auto|].
      replace (nn (S (S i)) / ((1 - beta) * (1 - beta) * (G * G)) * ((1 - beta) * (1 - beta) * (G * G)))
        with (nn (S (S i))) by (field; lra).
      replace ((1 + beta * beta * (nn (S i) / ((1 - beta) * (1 - beta) * (G * G))) +
        2 * beta * (nn (S i) / ((1 - beta) * (1 - beta) * (G * G))) * (1 - de (S (S i)) / m / (de (S i) / m)))
        * ((1 - beta) * (1 - beta) * (G * G)))
        with (beta * beta * nn (S i) + 2 * beta * (nn (S i) * (1 - de (S (S i)) / de (S i)))
          + (1 - beta) * (1 - beta) * (G * G)) by (field; repeat split; lra). exact Hr.
    - pose proof (second_value ltac:(lia) Hd0) as H2. unfold q2.
      apply (Rmult_le_reg_r (m * m)); auto.
      replace (de 1 / m * (de 1 / m) * (m * m)) with (de 1 * de 1) by (field; lra).
      replace (4 * (G * G / (m * m) * (de 0 * de 0 / nn 0)) * (m * m)) with (4 * (G * G * (de 0 * de 0 / nn
        0))) by (field; lra).
      exact H2.
    - unfold vv. apply (Rmult_le_reg_r (G * G)); auto.
      replace (nn 1 / ((1 - beta) * (1 - beta) * (G * G)) * ((1 - beta) * (1 - beta)) * (G * G)) with (nn 1)
        by (field; lra).
      pose proof (nn_bound 1 ltac:(lia)). lra. }
  assert (HdKK : m * m <= de (1 + r) * de (1 + r)) by (apply Rmult_le_compat; lra).
  assert (HL : m * m / (G * G) <= de (1 + r) * de (1 + r) / (G * G)) by (unfold Rdiv;
    apply Rmult_le_compat_r; lra).
  assert (E : de 0 * de 0 / nn 0 = m * m / (G * G) * q2) by (unfold q2; field; lra).
  rewrite E in Hf0. set (T := tsum (fun i => de i / m) vv 1 r) in *.
  assert (Hall : m * m / (G * G) * (1 + q2 + T) <= D * D) by lra.
  assert (Hfin : m * m / (G * G) * (2 + INR r * (1 - beta * beta) - lg ((1 + beta) / (1 - beta)) - Rmin (2 *
    beta * lg 2) (psi beta)) <= D * D).
  { apply Rle_trans with (2 := Hall). apply Rmult_le_compat_l; [left; apply Rdiv_lt_0_compat; auto|lra]. }
  rewrite !S_INR. apply (Rmult_le_reg_l (/ (G * G))); auto.
  replace (/ (G * G) * (G * D * (G * D))) with (D * D) by (field; lra).
  replace (/ (G * G) * ((2 + (1 - beta * beta) * (INR r + 1 + 1 - 2) - lg ((1 + beta) / (1 - beta)) - Rmin (2
    * beta * lg 2) (psi beta)) * (m * m)))
    with (m * m / (G * G) * (2 + INR r * (1 - beta * beta) - lg ((1 + beta) / (1 - beta)) - Rmin (2 * beta *
      lg 2) (psi beta))) by (field; lra).
  exact Hfin.
Qed.

(** The sharp rate for gradients that are bounded on the run, ‖g_k‖ ≤ G for k ≤ K: see the theorem sharp_rate.
    Source: derived here. *)
Theorem sharp_rate_run m : (2 <= K)%nat ->
  let A := 2 + (1 - beta * beta) * (INR K - 2) - lg ((1 + beta) / (1 - beta)) - Rmin (2 * beta * lg 2) (psi
    beta) in
  0 < A -> (forall k, (k < K)%nat -> m <= f (px (run1 k)) - fstar) -> m <= G * D / sqrt A.
Proof.
  intros HK A HA Hk.
  assert (Hr : 0 < sqrt A) by (apply sqrt_lt_R0; auto).
  assert (Hrr : sqrt A * sqrt A = A) by (apply sqrt_sqrt; lra).
  assert (HGD : 0 < G * D) by (apply Rmult_lt_0_compat; auto).
  destruct (Rle_lt_dec m 0) as [Hm|Hm].
  { assert (0 < G * D / sqrt A) by (apply Rdiv_lt_0_compat; auto). lra. }
  pose proof (sharp_rate_squared m HK Hm Hk) as H. fold A in H. rewrite <- Hrr in H.
  apply (Rmult_le_reg_r (sqrt A)); auto.
  replace (G * D / sqrt A * sqrt A) with (G * D) by (field; lra).
  apply Rsqr_incr_0_var; [|lra]. unfold Rsqr. lra.
Qed.
End OneFunction.

Section Ball.
Variables (n : nat) (f : vec -> R) (g : vec -> vec) (beta fstar : R) (xs x1 : vec) (G D : R).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hconv1 : forall x y, f x + dot n (g x) (lin 1 y (-1) x) <= f y.
Hypothesis Hxs : f xs = fstar.
Hypothesis Hmin1 : forall x, fstar <= f x.
Hypothesis HG0 : 0 < G.
Hypothesis HD0 : 0 < D.
Hypothesis HD : dist2 n x1 xs = D * D.
Hypothesis HG1 : forall x, dist2 n x xs <= D * D -> dot n (g x) (g x) <= G * G.
Notation X := (X n f g beta fstar x1).
Notation dir := (dir n f g beta fstar x1).
Notation nn := (nn n f g beta fstar x1).
Notation de := (de n f g beta fstar x1).

Lemma bounded_on_run i : dot n (g (X i)) (g (X i)) <= G * G.
Proof. apply HG1. apply ball; auto. Qed.

(** The norm recursion, one function, from the second step on; δ_k = f(x^k) - f⋆, N_k = ‖d_k‖²/(1-β)²:

    (1-β)δ_k <g_{k+1}, d_k>/‖d_k‖² ≤ δ_k - δ_{k+1}, so that averages grow only where f falls:
    N_{k+1} ≤ G² + β²N_k + 2βN_k(1 - δ_{k+1}/δ_k).
    Source: derived here. *)
Theorem norm_recursion i : 0 < de (S i) ->
  let N k := nn k / ((1 - beta) * (1 - beta)) in
  (1 - beta) * de (S i) / nn (S i) * dot n (g (X (S (S i)))) (dir (S i)) <= de (S i) - de (S (S i)) /\
  N (S (S i)) <= G * G + beta * beta * N (S i) + 2 * beta * N (S i) * (1 - de (S (S i)) / de (S i)).
Proof.
  apply norm_recursion_run with (xs := xs) (D := D) (K := S (S (S i))); auto. intros; apply bounded_on_run.
Qed.

(** The sharp rate, one function, averages from the first sample, no cap.

    min_{k≤K} f(x^k) - f⋆ ≤ G D/√A, A = 2 + (1-β²)(K-2) - log((1+β)/(1-β)) - min{2β log 2, ψ}, K ≥ 2, A > 0;
    ψ = β log(β/(1-β)²) - β + (1-β)², or 0 where β ≤ (1-β)².
    Source: derived here. *)
Theorem sharp_rate m K : (2 <= K)%nat ->
  let A := 2 + (1 - beta * beta) * (INR K - 2) - lg ((1 + beta) / (1 - beta))
    - Rmin (2 * beta * lg 2) (psi beta) in
  0 < A -> (forall k, (k < K)%nat -> m <= f (px (run1 n f g beta fstar x1 k)) - fstar) ->
  m <= G * D / sqrt A.
Proof. apply sharp_rate_run with (xs := xs); auto. intros; apply bounded_on_run. Qed.
End Ball.
