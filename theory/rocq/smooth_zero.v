(** Smooth functions, averages from zero in a frozen metric, with any cap, on every path, in any order:
    Σ_{k≤K} (1-β)/(1-β^k) δ_k ≤ D² max{L, 1/α}, where the first term has the weight 1; and with both ends
    kept 3/2 δ_1 + Σ_{2≤k<K} (1-β)/(1-β^k) δ_k + 2 δ_K.

    L is measured in the metric: f(y,s) ≤ f(x,s) + <g, y-x> + (L/2)‖y-x‖²_P.
    1. A smooth function lies above its linearisations at x⋆ by ‖g‖²_{P⁻¹}/(2L) ([line_of_smooth]). With Q_k,
       the average of the ‖g‖²_{P⁻¹} with the weights of d_k, the model lies below ρ_k f⋆ there by Q_k/(2L).
    2. ‖d_k‖²_{P⁻¹} ≤ ρ_k Q_k, by convexity of the square: d_k is ρ_k times a mean of gradients.
    3. So <d_k, x^k-x⋆> ≥ h_k - ρ_k f⋆ + ‖d_k‖²_{P⁻¹}/(2Lρ_k), and a step takes min{α/ρ_k, 1/(Lρ_k)} times
       h_k - ρ_k f⋆ ≥ (1-β)δ_k off ‖x^k-x⋆‖²_P ([tau_gain], with Lρ_k for L).
    4. In the first step d_1 = ρ_1 g_1, h_1 = ρ_1 f_1, and ‖g_1‖²_{P⁻¹} ≤ 2Lδ_1 makes that three halves as
       much ([first_gain]); after the last step δ_K ≤ (L/2)‖x^K-x⋆‖²_P is left ([last_value_zero]). *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step expectation rate smooth.
From Momo Require Import metric method_zero fejer_zero rate_zero.
Open Scope R_scope.

(** f(y,s) ≤ f(x,s) + <g(x,s), y - x> + (L/2)‖y - x‖²_P. *)
Definition smooth_in (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (P : vec) (L : R) :=
  forall s x y, (s < M)%nat -> f s y <= f s x + dot n (g s x) (lin 1 y (-1) x) + L / 2 * mdist2 n P y x.

Lemma Rmin_scaled c a b : 0 <= c -> Rmin (c * a) (c * b) = c * Rmin a b.
Proof.
  intros Hc. unfold Rmin.
  destruct (Rle_dec a b) as [H|H], (Rle_dec (c * a) (c * b)) as [H1|H1]; try reflexivity.
  - exfalso. apply H1. apply Rmult_le_compat_l; auto.
  - apply Rle_antisym; [exact H1|]. apply Rmult_le_compat_l; lra.
Qed.

Section SmoothZero.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta fstar : R) (caps : nat -> option R) (P xs x1 : vec) (D L : R).
Notation F := (fview f P fstar).
Notation Gr := (gview g P).
Notation rho := (rho beta).
Notation zrun := (zpath n f g beta fstar caps P x1).
Notation zstep k := (zstep n f g beta fstar (caps k) P (rho (S k))).
Notation zinv := (zinv n beta fstar P xs D).

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HP : positive P.
Hypothesis Hcaps : forall k, positive_cap (caps k).
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HD : mdist2 n P x1 xs = D * D.
Hypothesis HL : 0 < L.
Hypothesis Hsmooth : smooth_in n M f g P L.

Lemma line_zero s x : (s < M)%nat ->
  f s x + dot n (g s x) (lin 1 xs (-1) x) + dual2 n P (g s x) / (2 * L) <= fstar.
Proof.
  intros Hs.
  assert (Hsm : smooth n M F Gr L).
  { intros r y z Hr. unfold fview, gview. pose proof (Hsmooth r (down P y) (down P z) Hr) as H.
    rewrite mdist2_up, <- (dot_down_up n P HP), up_lin, !up_down in H by auto. lra. }
  pose proof (line_of_smooth n M F Gr (up P xs) 0 L (convex_view n M f g fstar P HP Hconv)
    (interpolation_view M f fstar P xs HP Hint)
    (bounded_below_view M f fstar P Hmin) HL Hsm s (up P x) Hs) as H.
  unfold fview, gview in H. rewrite !down_up in H by auto.
  rewrite <- up_lin, dot_down_up, <- dual2_down in H by auto. lra.
Qed.

(** Steps 1 and 2: Q with ‖d‖² ≤ ρ Q, and the model below ρ f⋆ by Q/(2L). *)
Definition zinv2 (k : nat) (st : state) : Prop := zinv k st /\ exists Q, 0 <= Q /\
  dual2 n P (pd st) <= rho k * Q /\ model n st xs + Q / (2 * L) <= rho k * fstar.

Lemma rho_nonneg k : 0 <= rho k.
Proof. destruct k; [unfold method_zero.rho; simpl; lra|]. pose proof (rho_pos beta Hbeta k). lra. Qed.

Lemma average_step r d u Q : 0 <= r -> 0 <= Q -> dual2 n P d <= r * Q ->
  dual2 n P (lin beta d (1 - beta) u)
    <= (beta * r + (1 - beta)) * (beta * Q + (1 - beta) * dual2 n P u).
Proof.
  intros Hr HQ Hd. pose proof (dual2_pos n P HP u) as Hu.
  destruct (Req_EM_T r 0) as [Er|Er].
  - assert (E : dual2 n P d = 0) by (pose proof (dual2_pos n P HP d); subst r; lra).
    rewrite dual2_down in E |- * by auto. rewrite down_lin. repeat rewrite ?dot_lin_l, ?dot_lin_r.
    rewrite (dot_comm n (down P u) (down P d)), (dot_null n _ (down P u) E), E, <- dual2_down by auto.
    subst r. assert (0 <= (1 - beta) * (beta * Q)) by (repeat apply Rmult_le_pos; lra). lra.
  - assert (Hr0 : 0 < r) by lra.
    apply Rle_trans with (1 := dual2_convex n beta P Hbeta HP r d u Hr0).
    apply Rmult_le_compat_l; [assert (0 <= beta * r) by (apply Rmult_le_pos; lra); lra|].
    assert (H : beta / r * dual2 n P d <= beta / r * (r * Q)).
    { apply Rmult_le_compat_l; [|exact Hd]. apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; auto]. }
    replace (beta / r * (r * Q)) with (beta * Q) in H by (field; lra). lra.
Qed.

Lemma zstart_inv2 : zinv2 0 (zstart x1).
Proof.
  split; [apply zstart_inv; auto|]. exists 0. unfold model, method_zero.rho, dual2; simpl.
  assert (E : dot n (fun _ => 0) xs = 0) by (unfold dot; rewrite (sumn_scal n 0 xs); ring). rewrite E.
  rewrite (sumn_ext n _ (fun _ => 0 * 0)) by (intros; unfold Rdiv; ring). rewrite sumn_scal.
  unfold Rdiv. lra.
Qed.

(** Step 3: what a step takes off, by its τ. *)
Lemma zstep_inv2 k st s : zinv2 k st -> (s < M)%nat ->
  let z := zstep k st s in let r := rho (S k) in
  let a := model n z (px st) - r * fstar in let N := dual2 n P (pd z) in
  let t := tau 0 (zcap r (caps k)) a N in
  zinv2 (S k) z /\ (1 - beta) * (f s (px st) - fstar) <= a /\ 0 <= a /\ (N = 0 -> a = 0) /\ 0 <= t /\
  mdist2 n P (px z) xs <= mdist2 n P (px st) xs - (2 * t * a + t * N / (L * r) - t * t * N).
Proof.
  intros [Hi [Q [HQ [HN HB]]]] Hs. cbv zeta. set (z := zstep k st s). set (x := px st).
  pose proof (rho_pos beta Hbeta k) as Hr. pose proof (rho_nonneg k) as Hr0.
  assert (Hc0 : below_cap (0 * rho (S k)) (caps k)).
  { rewrite Rmult_0_l. pose proof (Hcaps k) as H. destruct (caps k); simpl in *; auto. lra. }
  pose proof (zstep_inv n M f g beta fstar caps P xs D Hbeta HP Hcaps Hconv Hint Hmin
    k st s 0 Hi Hs (Rle_refl 0) Hc0) as HH.
  cbv beta zeta in HH. fold z x in HH. destruct HH as [Hi' [Ha [Hz _]]].
  set (a := model n z x - rho (S k) * fstar) in *. set (N := dual2 n P (pd z)) in *.
  assert (Hq : exists Q', 0 <= Q' /\ N <= rho (S k) * Q' /\ model n z xs + Q' / (2 * L) <= rho (S k) * fstar).
  { exists (beta * Q + (1 - beta) * dual2 n P (g s x)). pose proof (dual2_pos n P HP (g s x)) as Hu. split.
    - assert (0 <= beta * Q) by (apply Rmult_le_pos; lra).
      assert (0 <= (1 - beta) * dual2 n P (g s x)) by (apply Rmult_le_pos; lra). lra.
    - split; [rewrite rho_next; apply (average_step (rho k) (pd st) (g s x) Q); auto|].
      pose proof (line_zero s x Hs) as Hl.
      assert (E : model n z xs = beta * model n st xs
        + (1 - beta) * (f s x + dot n (g s x) (lin 1 xs (-1) x))).
      { unfold model, z, x; simpl. rewrite dot_lin_l, dot_lin_r. ring. }
      rewrite E, rho_next. apply (Rmult_le_compat_l beta) in HB; [|lra].
      apply (Rmult_le_compat_l (1 - beta)) in Hl; [|lra]. unfold Rdiv in *. lra. }
  destruct Hq as [Q' [HQ' [HN' HB']]]. split; [split; [exact Hi'|exists Q'; auto]|].
  pose proof (Hmin s x Hs) as Hfx.
  assert (Ha0 : 0 <= a) by (assert (0 <= (1 - beta) * (f s x - fstar)) by (apply Rmult_le_pos; lra); lra).
  assert (HrL : 0 < L * rho (S k)) by (apply Rmult_lt_0_compat; auto).
  split; [exact Ha|]. split; [exact Ha0|]. split; [exact Hz|].
  assert (Hdir : a + N / (2 * (L * rho (S k))) <= dot n (pd z) (lin 1 x (-1) xs)).
  { assert (Hq : N / (2 * (L * rho (S k))) <= Q' / (2 * L)).
    { apply (Rmult_le_reg_r (2 * (L * rho (S k)))); [lra|].
      replace (N / (2 * (L * rho (S k))) * (2 * (L * rho (S k)))) with N by (field; lra).
      replace (Q' / (2 * L) * (2 * (L * rho (S k)))) with (rho (S k) * Q') by (field; lra). exact HN'. }
    apply Rle_trans with (a + Q' / (2 * L)); [lra|].
    rewrite dot_lin_r. unfold a, model in *. lra. }
  set (t := tau 0 (zcap (rho (S k)) (caps k)) a N).
  assert (Ex : px z = lin 1 x (- t) (precond P (pd z))).
  { unfold t, a. rewrite <- tau_shift. reflexivity. }
  assert (HN0 : 0 <= N) by (apply dual2_pos; auto).
  pose proof (zcap_positive _ _ Hr (Hcaps k)) as Hcap.
  assert (Ht : 0 <= t).
  { apply (tau_props 0 _ Hcap a N 0); auto; [lra|].
    destruct (zcap (rho (S k)) (caps k)); simpl in *; auto. lra. }
  split; [exact Ht|]. rewrite Ex.
  assert (Edist : mdist2 n P (lin 1 x (- t) (precond P (pd z))) xs
    = mdist2 n P x xs - 2 * t * dot n (pd z) (lin 1 x (-1) xs) + t * t * N).
  { unfold N. rewrite !mdist2_up, dual2_down, <- (dot_down_up n P HP) by auto.
    rewrite !up_lin, up_precond by auto.
    set (d := down P (pd z)). set (y := up P x). set (ys := up P xs). unfold dist2.
    repeat rewrite ?dot_lin_l, ?dot_lin_r.
    rewrite ?(dot_comm n y d), ?(dot_comm n ys d), ?(dot_comm n ys y). ring. }
  rewrite Edist. apply (Rmult_le_compat_l (2 * t)) in Hdir; [|lra].
  assert (EN : 2 * t * (N / (2 * (L * rho (S k)))) = t * N / (L * rho (S k))) by (field; lra). lra.
Qed.

Lemma worth_pos cap : positive_cap cap -> 0 < worth cap L.
Proof.
  intros Hc. assert (0 < / L) by (apply Rinv_0_lt_compat; auto).
  destruct cap; simpl in *; auto. apply Rmin_glb_lt; auto.
Qed.
Lemma worth_scaled cap r : 0 < r -> worth (zcap r cap) (L * r) = worth cap L / r.
Proof.
  intros Hr. assert (Hi0 : 0 < / r) by (apply Rinv_0_lt_compat; auto).
  assert (EL : / (L * r) = / r * / L) by (field; lra).
  destruct cap as [alpha|]; simpl; rewrite EL; [|field; lra].
  replace (alpha / r) with (/ r * alpha) by (field; lra). rewrite Rmin_scaled by lra. field. lra.
Qed.

(** Every step takes min{α_k, 1/L}(1-β)/(1-β^k) δ_k off. *)
Lemma zstep_fall k st s : zinv2 k st -> (s < M)%nat ->
  mdist2 n P (px (zstep k st s)) xs
    <= mdist2 n P (px st) xs - worth (caps k) L * ((1 - beta) / (1 - beta ^ S k) * (f s (px st) - fstar)).
Proof.
  intros Hi Hs. destruct (zstep_inv2 k st s Hi Hs) as [_ [Ha [Ha0 [Hz [_ Hd]]]]]. cbv zeta in *.
  set (z := zstep k st s) in *. set (r := rho (S k)) in *. set (a := model n z (px st) - r * fstar) in *.
  set (N := dual2 n P (pd z)) in *.
  assert (Hr : 0 < r) by (apply rho_pos; auto).
  assert (HrL : 0 < L * r) by (apply Rmult_lt_0_compat; auto).
  pose proof (tau_gain 0 (zcap r (caps k)) (L * r) (worth (zcap r (caps k)) (L * r))
    (zcap_positive _ _ Hr (Hcaps k)) HrL eq_refl a N (dual2_pos n P HP _) Ha0 Hz) as Hg.
  cbv zeta in Hg. rewrite Rminus_0_r, worth_scaled in Hg by auto.
  pose proof (worth_pos (caps k) (Hcaps k)) as Hw.
  assert (Hwr : 0 <= worth (caps k) L / r) by (left; apply Rdiv_lt_0_compat; auto).
  pose proof (Rmult_le_compat_l _ _ _ Hwr Ha) as H1. change (1 - beta ^ S k) with r.
  replace (worth (caps k) L * ((1 - beta) / r * (f s (px st) - fstar)))
    with (worth (caps k) L / r * ((1 - beta) * (f s (px st) - fstar))) by (field; lra). lra.
Qed.

(** Step 4. *)
Lemma first_gain cap r a N : 0 < r -> positive_cap cap -> 0 <= a -> 0 <= N -> (N = 0 -> a = 0) ->
  N <= 2 * L * r * a -> let t := tau 0 (zcap r cap) a N in
  3 / 2 * (worth cap L / r * a) <= 2 * t * a + t * N / (L * r) - t * t * N.
Proof.
  intros Hr Hc Ha HN H0 Hsm. cbv zeta. rewrite <- worth_scaled by auto.
  pose proof (zcap_positive _ _ Hr Hc) as Hc'. set (cap' := zcap r cap) in *. clearbody cap'. clear Hc cap.
  assert (HrL : 0 < L * r) by (apply Rmult_lt_0_compat; auto). set (e := / (L * r)).
  assert (He : 0 < e) by (apply Rinv_0_lt_compat; auto).
  assert (EL : forall y, y / (L * r) = y * e) by reflexivity. rewrite EL. unfold tau.
  destruct (Req_EM_T N 0) as [EN|EN]; [rewrite (H0 EN); lra|].
  rewrite Rminus_0_r, Rmax_right by auto. assert (HN0 : 0 < N) by lra.
  set (z := a / N). assert (Ez : z * N = a) by (unfold z; field; lra).
  assert (Hze : e <= 2 * z).
  { apply (Rmult_le_reg_r (L * r * N)); [apply Rmult_lt_0_compat; auto|].
    replace (e * (L * r * N)) with N by (unfold e; field; lra).
    replace (2 * z * (L * r * N)) with (2 * L * r * (z * N)) by ring. rewrite Ez. exact Hsm. }
  assert (Hz0 : 0 <= z) by lra.
  assert (Hfree : 3 / 2 * (e * a) <= 2 * z * a + z * N * e - z * z * N).
  { replace (z * z * N) with (z * (z * N)) by ring. rewrite Ez.
    assert (e * a <= 2 * z * a) by (apply Rmult_le_compat_r; lra). lra. }
  destruct cap' as [alpha|]; simpl worth; fold e; [|exact Hfree]. simpl in Hc'.
  assert (Hea : forall c, c <= e -> c * a <= e * a) by (intros c H; apply Rmult_le_compat_r; lra).
  unfold Rmin at 2 3 4 5. destruct (Rle_dec alpha z) as [Hz|Hz].
  - (* the cap acts *)
    assert (HaN : alpha * N <= a) by (rewrite <- Ez; apply Rmult_le_compat_r; lra).
    assert (Hta : alpha * (alpha * N) <= alpha * a) by (apply Rmult_le_compat_l; lra).
    unfold Rmin. destruct (Rle_dec alpha e) as [H|H].
    + (* t ≤ 1/(Lρ) *)
      assert (0 <= alpha * N * (e - alpha)) by (apply Rmult_le_pos; [apply Rmult_le_pos; lra|lra]).
      assert (0 <= alpha * a) by (apply Rmult_le_pos; lra). lra.
    + (* 1/(Lρ) < t: tN ≤ a *)
      assert (0 <= (a - alpha * N) * (alpha - e)) by (apply Rmult_le_pos; lra).
      assert (e * a <= alpha * a) by (apply Rmult_le_compat_r; lra).
      assert (0 <= e * a) by (apply Rmult_le_pos; lra). lra.
  - pose proof (Hea (Rmin alpha e) (Rmin_r alpha e)). lra.
Qed.

Lemma gradient_small_zero s x : (s < M)%nat -> dual2 n P (g s x) <= 2 * L * (f s x - fstar).
Proof.
  intros Hs. set (u := g s x). set (y := lin 1 x (- / L) (precond P u)).
  pose proof (Hsmooth s x y Hs) as H. pose proof (Hmin s y Hs) as Hy. fold u in H.
  assert (Ed : forall v, dot n v (lin 1 y (-1) x) = - / L * dot n v (precond P u))
    by (intros v; unfold y; rewrite !dot_lin_r; ring).
  assert (Eu : dot n u (precond P u) = dual2 n P u).
  { unfold dot, dual2, precond. apply sumn_ext; intros. field. pose proof (HP i). lra. }
  assert (Em : mdist2 n P y x = / L * / L * dual2 n P u).
  { rewrite mdist2_up, dual2_down by auto. unfold y. rewrite up_lin, up_precond by auto.
    unfold dist2. repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite (dot_comm n (down P u) (up P x)). ring. }
  rewrite Ed, Eu, Em in H. set (N := dual2 n P u) in *.
  assert (E : fstar <= f s x - / (2 * L) * N) by (apply Rle_trans with (1 := Hy), Rle_trans with (1 := H);
    right; field; lra).
  assert (H1 : 2 * L * (/ (2 * L) * N) = N) by (field; lra).
  assert (H2 : 2 * L * (/ (2 * L) * N) <= 2 * L * (f s x - fstar)) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Lemma last_value_zero s x : (s < M)%nat -> f s x - fstar <= L / 2 * mdist2 n P x xs.
Proof.
  intros Hs. pose proof (gradient_small_zero s xs Hs) as H.
  rewrite (Hint s Hs), Rminus_diag_eq, Rmult_0_r in H by auto.
  pose proof (dual2_pos n P HP (g s xs)) as H0.
  assert (E : dot n (down P (g s xs)) (down P (g s xs)) = 0) by (rewrite <- dual2_down; auto; lra).
  pose proof (Hsmooth s xs x Hs) as H1.
  rewrite (Hint s Hs), <- (dot_down_up n P HP), (dot_null _ _ _ E) in H1. lra.
Qed.

Lemma first_fall s : (s < M)%nat ->
  mdist2 n P (px (zstep 0 (zstart x1) s)) xs <= D * D - 3 / 2 * (worth (caps 0) L * (f s x1 - fstar)).
Proof.
  intros Hs. destruct (zstep_inv2 0 (zstart x1) s zstart_inv2 Hs) as [_ [Ha [Ha0 [Hz [_ Hd]]]]].
  cbv zeta in *. set (z := zstep 0 (zstart x1) s) in *. change (px (zstart x1)) with x1 in *.
  set (r := rho 1) in *. assert (Er : r = 1 - beta) by (unfold r, method_zero.rho; simpl; ring).
  set (a := model n z x1 - r * fstar) in *. set (N := dual2 n P (pd z)) in *.
  assert (Hr : 0 < r) by lra. pose proof (Hmin s x1 Hs) as Hf.
  assert (EN : N = r * r * dual2 n P (g s x1)).
  { unfold N, dual2. rewrite <- sumn_scal. apply sumn_ext; intros. rewrite Er. simpl.
    unfold lin, Rdiv. ring. }
  assert (HN : N <= 2 * L * r * a).
  { pose proof (gradient_small_zero s x1 Hs) as H. rewrite <- Er in Ha.
    apply (Rmult_le_compat_l (r * r)) in H; [|apply sq_pos].
    apply (Rmult_le_compat_l (2 * L * r)) in Ha; [|repeat apply Rmult_le_pos; lra]. lra. }
  pose proof (first_gain (caps 0) r a N Hr (Hcaps 0%nat) Ha0 (dual2_pos n P HP _) Hz HN) as Hg.
  cbv zeta in Hg.
  rewrite HD in Hd. pose proof (worth_pos (caps 0) (Hcaps 0%nat)) as Hw.
  assert (H1 : worth (caps 0) L * (f s x1 - fstar) <= worth (caps 0) L / r * a).
  { replace (worth (caps 0) L * (f s x1 - fstar))
      with (worth (caps 0) L / r * (r * (f s x1 - fstar))) by (field; lra).
    apply Rmult_le_compat_l; [left; apply Rdiv_lt_0_compat; auto|rewrite Er; exact Ha]. }
  lra.
Qed.

(** Smooth samples, averages from zero, a frozen metric and any caps, on every path:
    Σ_{k≤K} min{1/L, α_k} (1-β)/(1-β^k) (f(x^k,s_k) - f⋆) ≤ ‖x^1-x⋆‖²_P.  The first weight is min{1/L, α_1}.
    Source: derived here. *)
Theorem smooth_sum_zero w K : (forall k, (w k < M)%nat) ->
  sumn K (fun k => worth (caps k) L * ((1 - beta) / (1 - beta ^ S k) * (f (w k) (px (zrun w k)) - fstar)))
    <= D * D.
Proof.
  intros Hw. set (F0 := fun k => _).
  assert (H : zinv2 K (zrun w K) /\ mdist2 n P (px (zrun w K)) xs + sumn K F0 <= D * D).
  { induction K as [|K [Hi IH]]; [split; [apply zstart_inv2|simpl; lra]|].
    pose proof (zstep_fall K (zrun w K) (w K) Hi (Hw K)) as Hd.
    change (zrun w (S K)) with (zstep K (zrun w K) (w K)). split; [apply zstep_inv2; auto|].
    change (sumn (S K) F0) with (sumn K F0 + F0 K). unfold F0 at 2. lra. }
  destruct H as [_ H]. pose proof (norm2_pos n P HP (lin 1 (px (zrun w K)) (-1) xs)) as H0.
  unfold mdist2 in H. lra.
Qed.

(** Both ends kept, K+2 evaluations: 3/2 min{1/L, α_1} δ_1 + Σ_{2≤k≤K+1} min{1/L, α_k}(1-β)/(1-β^k) δ_k
    + (2/L) δ_{K+2} ≤ ‖x^1-x⋆‖²_P,  δ_k = f(x^k,s_k) - f⋆, on every path.
    Source: derived here. *)
Theorem smooth_two_ends_zero w K : (forall k, (w k < M)%nat) ->
  let delta k := f (w k) (px (zrun w k)) - fstar in
  3 / 2 * (worth (caps 0) L * delta 0%nat)
    + sumn K (fun k => worth (caps (S k)) L * ((1 - beta) / (1 - beta ^ S (S k)) * delta (S k)))
    + 2 / L * delta (S K) <= D * D.
Proof.
  intros Hw delta. set (F0 := fun k => worth (caps (S k)) L * _).
  assert (H : zinv2 (S K) (zrun w (S K)) /\ mdist2 n P (px (zrun w (S K))) xs
    + 3 / 2 * (worth (caps 0) L * delta 0%nat) + sumn K F0 <= D * D).
  { induction K as [|K [Hi IH]].
    - change (zrun w 1) with (zstep 0 (zstart x1) (w 0%nat)).
      split; [apply zstep_inv2; auto; apply zstart_inv2|].
      pose proof (first_fall (w 0%nat) (Hw 0%nat)) as H. unfold delta. change (px (zrun w 0)) with x1.
      simpl sumn. lra.
    - pose proof (zstep_fall (S K) (zrun w (S K)) (w (S K)) Hi (Hw (S K))) as Hd.
      change (zrun w (S (S K))) with (zstep (S K) (zrun w (S K)) (w (S K))). split; [apply zstep_inv2; auto|].
      change (sumn (S K) F0) with (sumn K F0 + F0 K). unfold F0 at 2. unfold delta at 2. lra. }
  destruct H as [_ H]. pose proof (last_value_zero (w (S K)) (px (zrun w (S K))) (Hw (S K))) as HL'.
  fold (delta (S K)) in HL'.
  assert (Hi : 0 < 2 / L) by (apply Rdiv_lt_0_compat; lra).
  apply (Rmult_le_compat_l (2 / L)) in HL'; [|lra].
  replace (2 / L * (L / 2 * mdist2 n P (px (zrun w (S K))) xs)) with (mdist2 n P (px (zrun w (S K))) xs)
    in HL' by (field; lra). lra.
Qed.
End SmoothZero.

(** The least value of K+2 evaluations, without a cap:
    min_k δ_k ≤ L D²/(7/2 + Σ_{2≤k≤K+1} (1-β)/(1-β^k)), on every path.
    Source: derived here. *)
Theorem smooth_best_zero n M f g beta fstar P xs x1 D L w m K :
  0 <= beta < 1 -> positive P -> convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  mdist2 n P x1 xs = D * D -> 0 < L -> smooth_in n M f g P L -> (forall k, (w k < M)%nat) ->
  (forall k, (k < S (S K))%nat ->
    m <= f (w k) (px (zpath n f g beta fstar (fun _ => None) P x1 w k)) - fstar) ->
  m <= L * (D * D) / (7 / 2 + sumn K (fun k => (1 - beta) / (1 - beta ^ S (S k)))).
Proof.
  intros Hb HP Hconv Hint Hmin HD HL Hsm Hw Hm.
  set (d := fun k => f (w k) (px (zpath n f g beta fstar (fun _ => None) P x1 w k)) - fstar) in *.
  assert (H : 3 / 2 * (/ L * d 0%nat)
    + sumn K (fun k => / L * ((1 - beta) / (1 - beta ^ S (S k)) * d (S k))) + 2 / L * d (S K) <= D * D)
    by exact (smooth_two_ends_zero n M f g beta fstar (fun _ => None) P xs x1 D L Hb HP (fun _ => I) Hconv
      Hint Hmin HD HL Hsm w K Hw).
  set (V := sumn K (fun k => (1 - beta) / (1 - beta ^ S (S k)))).
  assert (Hi : 0 < / L) by (apply Rinv_0_lt_compat; auto).
  assert (Hq : forall k, 0 <= (1 - beta) / (1 - beta ^ S (S k))).
  { intros k. pose proof (rho_pos beta Hb (S k)) as Hr. unfold rho in Hr.
    left. apply Rdiv_lt_0_compat; lra. }
  assert (HV : 0 <= V) by (apply sumn_nonneg; auto).
  assert (H1 : / L * (V * m) <= sumn K (fun k => / L * ((1 - beta) / (1 - beta ^ S (S k)) * d (S k)))).
  { rewrite (sumn_scal K (/ L) (fun k => (1 - beta) / (1 - beta ^ S (S k)) * d (S k))).
    apply Rmult_le_compat_l; [lra|]. unfold V.
    rewrite Rmult_comm, <- (sumn_scal K m (fun k => (1 - beta) / (1 - beta ^ S (S k)))).
    apply sumn_le; intros k Hk. rewrite Rmult_comm.
    apply Rmult_le_compat_l; [apply Hq|apply (Hm (S k)); lia]. }
  assert (H0 : m <= d 0%nat) by (apply (Hm 0%nat); lia).
  assert (H2 : m <= d (S K)) by (apply (Hm (S K)); lia).
  apply (Rmult_le_compat_l (/ L)) in H0; [|lra]. apply (Rmult_le_compat_l (/ L)) in H2; [|lra].
  assert (H3 : / L * ((7 / 2 + V) * m) <= D * D) by (unfold Rdiv in *; lra).
  apply (Rmult_le_reg_r (7 / 2 + V)); [lra|].
  replace (L * (D * D) / (7 / 2 + V) * (7 / 2 + V)) with (L * (D * D)) by (field; lra).
  apply (Rmult_le_compat_l L) in H3; [|lra].
  replace (L * (/ L * ((7 / 2 + V) * m))) with (m * (7 / 2 + V)) in H3 by (field; lra). exact H3.
Qed.
