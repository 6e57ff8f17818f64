(** Without interpolation: any lower bound f_⋆ ≤ f(·,s), however far, with a cap.

    Two facts carry it: the model at the new point is at least f_⋆, and τ maximises 2c a - c²N over c ≤ α, so
    c = α may stand for it; the distance of f_⋆ from f⋆ cancels. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step expectation.
Open Scope R_scope.

Section NoInterpolation.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R).
Variables (beta fl alpha : R) (xs x1 : vec) (G : R).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hal : 0 < alpha.
Hypothesis Hp : nonnegative M p.
Hypothesis Hp1 : sumn M p = 1.
Hypothesis Hconv : convex n M f g.
(* fl is a lower bound; it need not be close to anything *)
Hypothesis Hlow : bounded_below M f fl.
Hypothesis HG : forall x, sumn M (fun s => p s * dot n (g s x) (g s x)) <= G * G.

Notation STEP := (step n f g beta fl (Some alpha)).
Notation EX := (Ex n M f g p beta fl (Some alpha)).
Notation st0 := (start x1).
Notation mean := (favg M f p).
Notation keep := (keepof beta).
Notation mdl := (model n).

(* the model at the new point is above fl *)
Definition above (st : state) : Prop := first st = false -> fl <= mdl st (px st).

(* the larger of the model at xs and fl; its expectation is at most f(xs) *)
Definition Q (st : state) : R := if first st then mean xs else Rmax fl (mdl st xs).
(* squared norm of the average *)
Definition N2 (st : state) : R := if first st then G * G else dot n (pd st) (pd st).
(* the model at the new point minus fl; before the first step E f(x^1,s) - fl *)
Definition B (st : state) : R := if first st then mean (px st) - fl else mdl st (px st) - fl.
Definition gap (st : state) : R := mean (px st) - mean xs.

Lemma krange st : 0 <= keep st <= beta.
Proof. unfold keepof; destruct (first st); lra. Qed.

Lemma h_value st s : mdl (STEP st s) (px st) = keep st * mdl st (px st) + (1 - keep st) * f s (px st).
Proof. rewrite (model_step n f g beta fl (Some alpha) st s (px st)).
  assert (E : dot n (g s (px st)) (lin 1 (px st) (-1) (px st)) = 0) by (rewrite dot_lin_r; ring).
  rewrite E. ring. Qed.

Lemma h_above st s : above st -> (s < M)%nat -> fl <= mdl (STEP st s) (px st).
Proof.
  intros Ha Hs. rewrite h_value. pose proof (krange st) as Hk. pose proof (Hlow s (px st) Hs) as Hf.
  assert ((1 - keep st) * fl <= (1 - keep st) * f s (px st)) by (apply Rmult_le_compat_l; lra).
  assert (keep st * fl <= keep st * mdl st (px st)).
  { unfold keepof in *; destruct (first st) eqn:E; [lra|]. apply Rmult_le_compat_l; [lra|apply Ha; auto]. }
  lra.
Qed.

(* what one step does, on every path *)
Lemma one_step st s : above st -> (s < M)%nat ->
  let z := STEP st s in let h := mdl z (px st) in
  above z /\
  h - fl - alpha * dot n (pd z) (pd z) <= mdl z (px z) - fl <= h - fl /\
  dist2 n (px z) xs <= dist2 n (px st) xs - 2 * alpha * (h - Rmax fl (mdl z xs))
     + alpha * alpha * dot n (pd z) (pd z).
Proof.
  intros Ha Hs z h. set (d := pd z). set (N := dot n d d). set (x := px st).
  assert (HN : 0 <= N) by apply dot_pos.
  assert (Hh : fl <= h) by (apply h_above; auto).
  set (t := tau fl (Some alpha) h N).
  assert (Hx : px z = lin 1 x (- t) d) by reflexivity.
  assert (Hnew : mdl z (px z) = h - t * N).
  { rewrite Hx. unfold h, model, N. fold d. fold x. rewrite dot_lin_r. ring. }
  assert (Hdir : dot n d (lin 1 x (-1) xs) = h - mdl z xs).
  { rewrite dot_lin_r. unfold h, model. fold d x. ring. }
  assert (Hdist : dist2 n (px z) xs =
     dist2 n x xs - 2 * t * (h - mdl z xs) + t * t * N).
  { rewrite <- Hdir. rewrite Hx. unfold dist2, N. repeat rewrite ?dot_lin_l, ?dot_lin_r.
    rewrite ?(dot_comm n x d), ?(dot_comm n xs d), ?(dot_comm n xs x). ring. }
  set (q := Rmax fl (mdl z xs)).
  assert (Hq1 : fl <= q) by apply Rmax_l. assert (Hq2 : mdl z xs <= q) by apply Rmax_r.
  assert (Ht : 0 <= t <= alpha /\ t * N <= h - fl /\
     (N = 0 \/ t = alpha \/ t * N = h - fl)).
  { unfold t, tau. destruct (Req_EM_T N 0) as [E|E]; [rewrite E; lra|].
    rewrite (Rmax_right 0 (h - fl)) by lra. set (w := (h - fl) / N).
    assert (Hw : w * N = h - fl) by (unfold w; field; auto).
    assert (0 <= w) by (unfold w; apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; lra]).
    unfold Rmin; destruct (Rle_dec alpha w) as [Hl|Hl].
    - assert (alpha * N <= w * N) by (apply Rmult_le_compat_r; lra). lra.
    - lra. }
  destruct Ht as [[Ht0 Hta] [HtN Hcase]].
  split; [intros _; lra|]. split.
  - assert (t * N <= alpha * N) by (apply Rmult_le_compat_r; lra).
    assert (0 <= t * N) by (apply Rmult_le_pos; lra). lra.
  - rewrite Hdist. fold x.
    assert (H2 : 2 * t * (h - q) <= 2 * t * (h - mdl z xs)) by (apply Rmult_le_compat_l; lra).
    destruct Hcase as [E|[E|E]].
    + assert (Hz : dot n d (lin 1 x (-1) xs) = 0) by (apply dot_null; exact E).
      rewrite E. assert (2 * alpha * (h - q) <= 2 * alpha * 0) by (apply Rmult_le_compat_l; lra).
      replace (h - mdl z xs) with 0 by lra. lra.
    + rewrite E in *. lra.
    + (* (alpha - t) ((alpha + t) N - 2 (h - q)) >= 0 *)
      assert (0 <= (alpha - t) * ((alpha - t) * N + 2 * (q - fl))).
      { apply Rmult_le_pos; [lra|]. assert (0 <= (alpha - t) * N) by (apply Rmult_le_pos; lra). lra. }
      assert (E2 : (alpha - t) * ((alpha - t) * N + 2 * (q - fl))
         = alpha * alpha * N - 2 * alpha * (t * N) + t * (t * N) + 2 * (alpha - t) * (q - fl)) by ring.
      rewrite E in E2. replace (t * t * N) with (t * (t * N)) by ring. rewrite E. lra.
Qed.

Lemma avg_const a : sumn M (fun s => p s * a) = a.
Proof. rewrite (sumn_ext M _ (fun s => a * p s)) by (intros; ring). rewrite sumn_scal, Hp1; ring. Qed.

Lemma mono_st phi psi : (forall z, above z -> phi z <= psi z) -> forall k, EX k st0 phi <= EX k st0 psi.
Proof. intros H k. apply (Ex_mono_gen n M f g p beta fl (Some alpha) above); auto.
  - intros st s Ha Hs. apply (one_step st s Ha Hs).
  - intros E; discriminate.
Qed.

(* E max{m_k(xs), fl} <= f(xs) *)
Lemma Q_step z : sumn M (fun s => p s * Q (STEP z s)) <= beta * Q z + (1 - beta) * mean xs.
Proof.
  pose proof (krange z) as Hk.
  apply Rle_trans with (sumn M (fun s => (keep z * Q z) * p s + (1 - keep z) * (p s * f s xs))).
  - apply sumn_le; intros s Hs.
    replace (keep z * Q z * p s + (1 - keep z) * (p s * f s xs))
      with (p s * (keep z * Q z + (1 - keep z) * f s xs)) by ring.
    apply Rmult_le_compat_l; auto. unfold Q at 1.
    replace (first (STEP z s)) with false by reflexivity.
    rewrite (model_step n f g beta fl (Some alpha) z s xs).
    pose proof (Hconv s (px z) xs Hs) as Hc. pose proof (Hlow s xs Hs) as Hl.
    assert ((1 - keep z) * (f s (px z) + dot n (g s (px z)) (lin 1 xs (-1) (px z))) <= (1 - keep z) * f s xs)
      by (apply Rmult_le_compat_l; lra).
    assert ((1 - keep z) * fl <= (1 - keep z) * f s xs) by (apply Rmult_le_compat_l; lra).
    unfold Q, keepof in *. destruct (first z).
    + apply Rmax_lub; lra.
    + pose proof (Rmax_l fl (mdl z xs)). pose proof (Rmax_r fl (mdl z xs)).
      assert (beta * fl <= beta * Rmax fl (mdl z xs)) by (apply Rmult_le_compat_l; lra).
      assert (beta * mdl z xs <= beta * Rmax fl (mdl z xs)) by (apply Rmult_le_compat_l; lra).
      apply Rmax_lub; lra.
  - rewrite sumn_plus, !sumn_scal, Hp1. fold (mean xs). unfold Q, keepof; destruct (first z); lra.
Qed.

Lemma N2_step z : sumn M (fun s => p s * N2 (STEP z s)) <= beta * N2 z + (1 - beta) * (G * G).
Proof.
  pose proof (krange z) as Hk.
  apply Rle_trans with (keep z * dot n (pd z) (pd z) + (1 - keep z) * (G * G)).
  - apply Rle_trans with (sumn M (fun s => (keep z * dot n (pd z) (pd z)) * p s
        + (1 - keep z) * (p s * dot n (g s (px z)) (g s (px z))))).
    + apply sumn_le; intros s Hs.
      apply Rle_trans with (p s * (keep z * dot n (pd z) (pd z)
          + (1 - keep z) * dot n (g s (px z)) (g s (px z)))); [|right; ring].
      apply Rmult_le_compat_l; auto. unfold N2. replace (first (STEP z s)) with false by reflexivity.
      unfold step; simpl. fold (keep z). apply sq_convex; lra.
    + rewrite sumn_plus, !sumn_scal, Hp1.
      assert ((1 - keep z) * sumn M (fun s => p s * dot n (g s (px z)) (g s (px z)))
        <= (1 - keep z) * (G * G)) by (apply Rmult_le_compat_l; [lra|apply HG; auto]). lra.
  - unfold N2, keepof; destruct (first z); lra.
Qed.

Lemma bound_by (F : state -> R) a : F st0 <= a ->
  (forall z, above z -> sumn M (fun s => p s * F (STEP z s)) <= beta * F z + (1 - beta) * a) ->
  forall k, EX k st0 F <= a.
Proof.
  intros H0 HF. induction k; [exact H0|]. rewrite Ex_last.
  apply Rle_trans with (EX k st0 (fun z => beta * F z + (1 - beta) * a)).
  - apply mono_st; auto.
  - pose proof (Ex_lin n M f g p beta fl (Some alpha) k st0 beta (1 - beta) F (fun _ => a)) as E.
    rewrite (Ex_const n M f g p beta fl (Some alpha) Hp1) in E. rewrite E.
    assert (beta * EX k st0 F <= beta * a) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Lemma Q_bound k : EX k st0 Q <= mean xs.
Proof. apply bound_by; [simpl; unfold Q, start; simpl; lra|intros; apply Q_step]. Qed.
Lemma N2_bound k : EX k st0 N2 <= G * G.
Proof. apply bound_by; [simpl; unfold N2, start; simpl; lra|intros; apply N2_step]. Qed.

(* the weight of the momentum *)
Definition kap := beta / (1 - beta).
Lemma kap_pos : 0 <= kap. Proof. unfold kap, Rdiv. apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat;
  lra]. Qed.
Lemma kap_eq : kap * (1 - beta) = beta. Proof. unfold kap; field; lra. Qed.

Definition U (st : state) := dist2 n (px st) xs - 2 * alpha * kap * B st.

(* E[h_k - fl] given the past *)
Lemma mean_h z : sumn M (fun s => p s * (mdl (STEP z s) (px z) - fl)) = beta * B z + (1 - beta) * (mean (px
  z) - fl).
Proof.
  rewrite (sumn_ext M _ (fun s => (keep z * mdl z (px z) - fl) * p s + (1 - keep z) * (p s * f s (px z))))
    by (intros; rewrite h_value; ring).
  rewrite sumn_plus, !sumn_scal, Hp1. fold (mean (px z)). unfold B, keepof. destruct (first z); ring.
Qed.

Lemma U_step z : above z ->
  sumn M (fun s => p s * U (STEP z s)) <=
  U z - 2 * alpha * gap z + 2 * alpha * (sumn M (fun s => p s * Q (STEP z s)) - mean xs)
   + alpha * alpha * (1 + 2 * kap) * sumn M (fun s => p s * N2 (STEP z s)).
Proof.
  intros Ha. pose proof kap_pos as Hk0. pose proof kap_eq as Hk1.
  set (a := fun s => mdl (STEP z s) (px z) - fl).
  apply Rle_trans with (sumn M (fun s => (dist2 n (px z) xs - 2 * alpha * fl) * p s
     + ((- (2 * alpha * (1 + kap))) * (p s * a s) + (2 * alpha * (p s * Q (STEP z s))
     + alpha * alpha * (1 + 2 * kap) * (p s * N2 (STEP z s)))))).
  - apply sumn_le; intros s Hs. pose proof (one_step z s Ha Hs) as [_ [[H1 _] H2]].
    apply Rle_trans with (p s * ((dist2 n (px z) xs - 2 * alpha * fl) - 2 * alpha * (1 + kap) * a s
       + 2 * alpha * Q (STEP z s) + alpha * alpha * (1 + 2 * kap) * N2 (STEP z s))); [|right; ring].
    apply Rmult_le_compat_l; auto.
    unfold U, B, Q, N2. replace (first (STEP z s)) with false by reflexivity. unfold a.
    assert (2 * alpha * kap * (mdl (STEP z s) (px z) - fl - alpha * dot n (pd (STEP z s)) (pd (STEP z s)))
       <= 2 * alpha * kap * (mdl (STEP z s) (px (STEP z s)) - fl))
      by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|lra]).
    lra.
  - rewrite !sumn_plus, !sumn_scal, Hp1. unfold a. rewrite mean_h. right. unfold U, gap.
    assert (E : kap * beta = kap - beta) by (rewrite <- Hk1 at 2; ring).
    replace (2 * alpha * (1 + kap)) with (2 * alpha + 2 * alpha * kap) by ring.
    assert (E2 : kap * (beta * B z + (1 - beta) * (mean (px z) - fl))
       = (kap - beta) * B z + beta * (mean (px z) - fl)).
    { rewrite Rmult_plus_distr_l, <- !Rmult_assoc, E, Hk1. ring. }
    replace (- (2 * alpha + 2 * alpha * kap) * (beta * B z + (1 - beta) * (mean (px z) - fl)))
      with (- (2 * alpha) * (beta * B z + (1 - beta) * (mean (px z) - fl))
        - 2 * alpha * (kap * (beta * B z + (1 - beta) * (mean (px z) - fl)))) by ring.
    rewrite E2. ring.
Qed.

Lemma U_expected k :
  EX (S k) st0 U <= EX k st0 U - 2 * alpha * EX k st0 gap + alpha * alpha * (1 + 2 * kap) * (G * G).
Proof.
  pose proof kap_pos as Hk0.
  assert (HA : 0 <= alpha * alpha * (1 + 2 * kap)) by (repeat apply Rmult_le_pos; lra).
  pose proof (Q_bound (S k)) as HQ. pose proof (N2_bound (S k)) as HN.
  apply Rle_trans with (EX k st0 U - 2 * alpha * EX k st0 gap
    + 2 * alpha * (EX (S k) st0 Q - mean xs) + alpha * alpha * (1 + 2 * kap) * EX (S k) st0 N2).
  - rewrite !Ex_last.
    pose proof (Ex_const n M f g p beta fl (Some alpha) Hp1 k st0 1) as E1.
    pose (q := fun z => sumn M (fun s => p s * Q (STEP z s))).
    pose (w := fun z => sumn M (fun s => p s * N2 (STEP z s))).
    fold q w.
    apply Rle_trans with (EX k st0 (fun z => 1 * (fun z => 1 * U z + (- (2 * alpha)) * gap z) z
       + 1 * (fun z => 2 * alpha * (fun z => 1 * q z + (- mean xs) * (fun _ => 1) z) z
       + alpha * alpha * (1 + 2 * kap) * w z) z)).
    + apply mono_st. intros z Hz. pose proof (U_step z Hz). unfold q, w. lra.
    + rewrite (Ex_lin n M f g p beta fl (Some alpha) k st0 1 1 (fun z => 1 * U z + (- (2 * alpha)) * gap z)
        (fun z => 2 * alpha * (fun z => 1 * q z + (- mean xs) * (fun _ => 1) z) z + alpha * alpha * (1 + 2 *
          kap) * w z)).
      rewrite (Ex_lin n M f g p beta fl (Some alpha) k st0 1 (- (2 * alpha)) U gap).
      rewrite (Ex_lin n M f g p beta fl (Some alpha) k st0 (2 * alpha) (alpha * alpha * (1 + 2 * kap))
        (fun z => 1 * q z + (- mean xs) * (fun _ => 1) z) w).
      rewrite (Ex_lin n M f g p beta fl (Some alpha) k st0 1 (- mean xs) q (fun _ => 1)). rewrite E1. lra.
  - assert (2 * alpha * (EX (S k) st0 Q - mean xs) <= 2 * alpha * 0) by (apply Rmult_le_compat_l; lra).
    assert (alpha * alpha * (1 + 2 * kap) * EX (S k) st0 N2 <= alpha * alpha * (1 + 2 * kap) * (G * G))
      by (apply Rmult_le_compat_l; auto). lra.
Qed.

Lemma U_summed K :
  EX K st0 U + 2 * alpha * sumn K (fun k => EX k st0 gap)
   <= U st0 + INR K * (alpha * alpha * (1 + 2 * kap) * (G * G)).
Proof.
  induction K; [simpl; lra|]. rewrite S_INR.
  change (sumn (S K) (fun k => EX k st0 gap)) with (sumn K (fun k => EX k st0 gap) + EX K st0 gap).
  pose proof (U_expected K). lra.
Qed.

Lemma B_le_a K : EX (S K) st0 B <= EX K st0 (fun z => sumn M (fun s => p s * (mdl (STEP z s) (px z) - fl))).
Proof.
  rewrite Ex_last. apply mono_st. intros z Hz. apply sumn_le; intros s Hs. apply Rmult_le_compat_l; auto.
  unfold B. replace (first (STEP z s)) with false by reflexivity. apply (one_step z s Hz Hs).
Qed.

(* NO INTERPOLATION, ANY LOWER BOUND (T3, with the model at the new point). The mean over K evaluations of
   E[f(x^k)] - f(xs), for any point xs, is at most D^2/(2 alpha K) + alpha G^2 (1/2 + beta/(1-beta))
   + beta/(1-beta) (E[m_K(x^{K+1}) - fl] - (f(x^1) - fl)) / K. The distance of fl from f does not appear
   in the first two terms; the third vanishes with K. *)
Lemma any_bound_new_point K : (0 < K)%nat ->
  sumn K (fun k => EX k st0 gap) / INR K
  <= dist2 n x1 xs / (2 * alpha * INR K) + alpha * (G * G) * (/ 2 + beta / (1 - beta))
     + beta / (1 - beta) * (EX K st0 B - (mean x1 - fl)) / INR K.
Proof.
  intros HK. assert (HK' : 0 < INR K) by (apply lt_0_INR; auto). fold kap.
  pose proof (U_summed K) as H.
  assert (E : EX K st0 U = EX K st0 (fun z => dist2 n (px z) xs) - 2 * alpha * kap * EX K st0 B).
  { pose proof (Ex_lin n M f g p beta fl (Some alpha) K st0 1 (- (2 * alpha * kap)) (fun z => dist2 n (px z)
      xs) B) as E.
    transitivity (EX K st0 (fun z => 1 * dist2 n (px z) xs + - (2 * alpha * kap) * B z)).
    - apply Rle_antisym; apply mono_st; intros z _; unfold U; lra.
    - rewrite E. ring. }
  assert (E0 : U st0 = dist2 n x1 xs - 2 * alpha * kap * (mean x1 - fl)) by reflexivity.
  assert (H0 : 0 <= EX K st0 (fun z => dist2 n (px z) xs)).
  { rewrite <- (Ex_const n M f g p beta fl (Some alpha) Hp1 K st0 0). apply mono_st. intros; apply dot_pos. }
  rewrite E, E0 in H. set (S1 := sumn K (fun k => EX k st0 gap)) in *. set (b := EX K st0 B) in *.
  apply (Rmult_le_reg_l (2 * alpha * INR K)); [repeat apply Rmult_lt_0_compat; lra|].
  replace (2 * alpha * INR K * (S1 / INR K)) with (2 * alpha * S1) by (field; lra).
  replace (2 * alpha * INR K * (dist2 n x1 xs / (2 * alpha * INR K) + alpha * (G * G) * (/ 2 + kap)
      + kap * (b - (mean x1 - fl)) / INR K))
    with (dist2 n x1 xs + INR K * (alpha * alpha * (1 + 2 * kap) * (G * G))
      + 2 * alpha * kap * (b - (mean x1 - fl))) by (field; lra).
  lra.
Qed.

(** No interpolation, any lower bound: T3.

    Convex samples, any f_⋆ ≤ f(·,s), cap α, E‖g(x,s)‖² ≤ G² everywhere, x⋆ any point: the mean over k ≤ K of
    E[f(x^k)] - f(x⋆) is at most D²/(2αK) + αG²(1/2 + β/(1-β)) + (β/(1-β)) E[a_K - (f_1 - f_⋆)]/K, where
    a_K = h_K - f_⋆; f_⋆ enters nowhere else.
    Source: derived here. *)
Theorem any_bound K : (0 < K)%nat ->
  sumn K (fun k => EX k st0 gap) / INR K
  <= dist2 n x1 xs / (2 * alpha * INR K) + alpha * (G * G) * (/ 2 + beta / (1 - beta))
     + beta / (1 - beta) * (EX (K - 1) st0 (fun z => sumn M (fun s => p s * (mdl (STEP z s) (px z) - fl)))
         - (mean x1 - fl)) / INR K.
Proof.
  intros HK. apply Rle_trans with (1 := any_bound_new_point K HK).
  assert (HK' : 0 < INR K) by (apply lt_0_INR; auto). destruct K as [|K]; [lia|].
  replace (S K - 1)%nat with K by lia. pose proof (B_le_a K) as H. fold kap. pose proof kap_pos as Hk.
  apply Rplus_le_compat_l. unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; auto|].
  apply Rmult_le_compat_l; lra.
Qed.
End NoInterpolation.

(** β = 0: the guarantee of stochastic gradient descent with step size α, for any valid lower bound.

    Mean over k ≤ K of E[f(x^k)] - f(x⋆) ≤ D²/(2αK) + αG²/2.
    Source: derived here. *)
Theorem sps_any_bound n M f g p fl alpha xs x1 G K : 0 < alpha ->
  (forall s, (s < M)%nat -> 0 <= p s) -> sumn M p = 1 ->
  (forall s x y, (s < M)%nat -> f s x + dot n (g s x) (lin 1 y (-1) x) <= f s y) ->
  (forall s x, (s < M)%nat -> fl <= f s x) ->
  (forall x, sumn M (fun s => p s * dot n (g s x) (g s x)) <= G * G) -> (0 < K)%nat ->
  sumn K (fun k => Ex n M f g p 0 fl (Some alpha) k (start x1) (gap M f p xs)) / INR K
  <= dist2 n x1 xs / (2 * alpha * INR K) + alpha * (G * G) / 2.
Proof.
  intros Ha Hp Hp1 Hc Hl HG HK. assert (Hb : 0 <= 0 < 1) by lra.
  pose proof (any_bound n M f g p 0 fl alpha xs x1 G Hb Ha Hp Hp1 Hc Hl HG K HK) as H.
  unfold Rdiv in *. lra.
Qed.
