(** Smooth functions, averages from zero in a frozen metric, with any cap, on every path:
    Σ_{k≤K} (1-β)/(1-β^k) δ_k ≤ D² max{L, 1/α}, where the first term has the weight 1.

    L is measured in the metric: f(y,s) ≤ f(x,s) + <g, y-x> + (L/2)‖y-x‖²_P.
    1. A smooth function lies above its linearisations at x⋆ by ‖g‖²_{P⁻¹}/(2L) ([line_of_smooth]). With Q_k,
       the average of the ‖g‖²_{P⁻¹} with the weights of d_k, the model lies below ρ_k f⋆ there by Q_k/(2L).
    2. ‖d_k‖²_{P⁻¹} ≤ ρ_k Q_k, by convexity of the square: d_k is ρ_k times a mean of gradients.
    3. So <d_k, x^k-x⋆> ≥ h_k - ρ_k f⋆ + ‖d_k‖²_{P⁻¹}/(2Lρ_k), and a step takes min{α/ρ_k, 1/(Lρ_k)} times
       h_k - ρ_k f⋆ ≥ (1-β)δ_k off ‖x^k-x⋆‖²_P ([tau_gain], with Lρ_k for L). *)
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
Variables (beta fstar : R) (cap : option R) (P xs x1 : vec) (D L : R).
Notation F := (fview f P fstar).
Notation Gr := (gview g P).
Notation rho := (rho beta).
Notation caps := (fun _ : nat => cap).
Notation zrun := (zpath n f g beta fstar caps P x1).
Notation zstep k := (zstep n f g beta fstar cap P (rho (S k))).
Notation zinv := (zinv n beta fstar P xs D).

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HP : positive P.
Hypothesis Hcap : positive_cap cap.
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

Lemma zstep_inv2 k st s : zinv2 k st -> (s < M)%nat ->
  zinv2 (S k) (zstep k st s) /\
  mdist2 n P (px (zstep k st s)) xs
    <= mdist2 n P (px st) xs - worth cap L * ((1 - beta) / (1 - beta ^ S k) * (f s (px st) - fstar)).
Proof.
  intros [Hi [Q [HQ [HN HB]]]] Hs. set (z := zstep k st s). set (x := px st).
  pose proof (rho_pos beta Hbeta k) as Hr. pose proof (rho_nonneg k) as Hr0.
  assert (Hc0 : below_cap (0 * rho (S k)) cap) by (rewrite Rmult_0_l; destruct cap; simpl in *; auto; lra).
  pose proof (zstep_inv n M f g beta fstar caps P xs D Hbeta HP (fun _ => Hcap) Hconv Hint Hmin
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
  (* step 3 *)
  pose proof (Hmin s x Hs) as Hfx.
  assert (Ha0 : 0 <= a) by (assert (0 <= (1 - beta) * (f s x - fstar)) by (apply Rmult_le_pos; lra); lra).
  assert (HrL : 0 < L * rho (S k)) by (apply Rmult_lt_0_compat; auto).
  assert (Hdir : a + N / (2 * (L * rho (S k))) <= dot n (pd z) (lin 1 x (-1) xs)).
  { assert (Hq : N / (2 * (L * rho (S k))) <= Q' / (2 * L)).
    { apply (Rmult_le_reg_r (2 * (L * rho (S k)))); [lra|].
      replace (N / (2 * (L * rho (S k))) * (2 * (L * rho (S k)))) with N by (field; lra).
      replace (Q' / (2 * L) * (2 * (L * rho (S k)))) with (rho (S k) * Q') by (field; lra). exact HN'. }
    apply Rle_trans with (a + Q' / (2 * L)); [lra|].
    rewrite dot_lin_r. unfold a, model in *. lra. }
  set (h := model n z x). set (t := tau (rho (S k) * fstar) (zcap (rho (S k)) cap) h N).
  assert (Ex : px z = lin 1 x (- t) (precond P (pd z))) by reflexivity.
  assert (Et : t = tau 0 (zcap (rho (S k)) cap) a N) by apply tau_shift.
  pose proof (zcap_positive _ _ Hr Hcap) as Hcap'.
  assert (HN0 : 0 <= N) by (apply dual2_pos; auto).
  pose proof (tau_gain 0 (zcap (rho (S k)) cap) (L * rho (S k)) _ Hcap' HrL eq_refl a N HN0 Ha0 Hz) as Hg.
  cbv zeta in Hg. rewrite <- Et, Rminus_0_r in Hg.
  assert (Ht : 0 <= t).
  { rewrite Et. apply (tau_props 0 _ Hcap' a N 0); auto; [lra|].
    destruct cap; simpl in *; auto. left. apply Rdiv_lt_0_compat; auto. }
  assert (Ew : worth cap L * ((1 - beta) / rho (S k) * (f s x - fstar)) <=
    match zcap (rho (S k)) cap with
    | None => / (L * rho (S k)) | Some alpha => Rmin alpha (/ (L * rho (S k))) end * a).
  { assert (Ew : match zcap (rho (S k)) cap with
      | None => / (L * rho (S k)) | Some alpha => Rmin alpha (/ (L * rho (S k))) end
      = worth cap L / rho (S k)).
    { assert (Hi0 : 0 < / rho (S k)) by (apply Rinv_0_lt_compat; auto).
      assert (EL : / (L * rho (S k)) = / rho (S k) * / L) by (field; lra).
      destruct cap as [alpha|]; simpl; [|rewrite EL; field; lra].
      rewrite EL. replace (alpha / rho (S k)) with (/ rho (S k) * alpha) by (field; lra).
      rewrite Rmin_scaled by lra. field. lra. }
    rewrite Ew. assert (Hw : 0 < worth cap L).
    { assert (0 < / L) by (apply Rinv_0_lt_compat; auto).
      destruct cap; simpl in *; auto. apply Rmin_glb_lt; auto. }
    replace (worth cap L * ((1 - beta) / rho (S k) * (f s x - fstar)))
      with (worth cap L / rho (S k) * ((1 - beta) * (f s x - fstar))) by (field; lra).
    apply Rmult_le_compat_l; [left; apply Rdiv_lt_0_compat; auto|exact Ha]. }
  change (1 - beta ^ S k) with (rho (S k)). rewrite Ex.
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

(** Smooth samples, averages from zero, a frozen metric and any cap α, on every path:
    min{1/L, α} Σ_{k≤K} (1-β)/(1-β^k) (f(x^k,s_k) - f⋆) ≤ ‖x^1-x⋆‖²_P.  The first weight is 1, all are at
    least 1-β.  Source: derived here. *)
Theorem smooth_sum_zero w K : (forall k, (w k < M)%nat) ->
  worth cap L * sumn K (fun k => (1 - beta) / (1 - beta ^ S k) * (f (w k) (px (zrun w k)) - fstar)) <= D * D.
Proof.
  intros Hw.
  assert (H : zinv2 K (zrun w K) /\ mdist2 n P (px (zrun w K)) xs
    + worth cap L * sumn K (fun k => (1 - beta) / (1 - beta ^ S k) * (f (w k) (px (zrun w k)) - fstar))
    <= D * D).
  { induction K as [|K [Hi IH]]; [split; [apply zstart_inv2|simpl; lra]|].
    destruct (zstep_inv2 K (zrun w K) (w K) Hi (Hw K)) as [Hi' Hd].
    change (zrun w (S K)) with (zstep K (zrun w K) (w K)). split; [exact Hi'|].
    change (sumn (S K) ?A) with (sumn K A + A K). cbv beta. lra. }
  destruct H as [_ H]. pose proof (norm2_pos n P HP (lin 1 (px (zrun w K)) (-1) xs)) as H0.
  unfold mdist2 in H. lra.
Qed.
End SmoothZero.
