(** Averages from zero in a frozen metric, on every path: Fejér's inequality and landing.

    Both are those of MoMo's step, seen in the coordinates √P x for f - f⋆ ([rescaling]):
    1. the assumptions carry over to those coordinates ([convex_view] …), and so does the invariant:
       the model lies below ρ_k f⋆ at x⋆, and at or above it at the new point ([zstep_inv]);
    2. so a_k = h_k - ρ_k f⋆ satisfies (1-β)δ_k ≤ a_k ≤ <d_k, x^k - x⋆>, and τ_k = min{α_k/ρ_k, a_k/‖d_k‖²}
       maximises 2c a_k - c²‖d_k‖² over c ≤ α_k/ρ_k: each step takes at least that off ‖x^k-x⋆‖²_P;
    3. without a cap c = a_k/‖d_k‖² gives Fejér's inequality, the model is exactly ρ_k f⋆ at the new point
       (and at x^1, where all averages are 0), hence a_{k+1} = (1-β)δ_{k+1}. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step metric method_zero.
Open Scope R_scope.

Lemma rho_range beta k : 0 <= beta < 1 -> 1 - beta <= rho beta (S k) <= 1.
Proof.
  intros Hb. unfold rho. assert (H : 0 <= beta ^ k <= 1).
  { induction k; simpl; [lra|]. assert (0 <= beta * beta ^ k) by (apply Rmult_le_pos; lra).
    assert (beta * beta ^ k <= 1 * beta ^ k) by (apply Rmult_le_compat_r; lra). lra. }
  simpl. assert (0 <= beta * beta ^ k) by (apply Rmult_le_pos; lra).
  assert (beta * beta ^ k <= beta * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.

Lemma zcap_below c r cap : 0 < r -> below_cap (c * r) cap -> below_cap c (zcap r cap).
Proof.
  intros Hr H. destruct cap as [alpha|]; simpl in *; auto.
  apply (Rmult_le_reg_r r); auto. replace (alpha / r * r) with alpha by (field; lra). auto.
Qed.
Lemma zcap_positive r cap : 0 < r -> positive_cap cap -> positive_cap (zcap r cap).
Proof. intros Hr H. destruct cap; simpl in *; auto. apply Rdiv_lt_0_compat; auto. Qed.

(** The step of [method], with h - f⋆ itself: any c ≤ α may stand for τ. *)
Lemma step_gain n M f g beta fstar cap xs D st s c :
  0 <= beta < 1 -> positive_cap cap -> convex n M f g -> interpolation M f xs fstar ->
  bounded_below M f fstar -> inv n fstar xs D st -> (s < M)%nat -> 0 <= c -> below_cap c cap ->
  let z := step n f g beta fstar cap st s in let h := model n z (px st) in
  (1 - beta) * (f s (px st) - fstar) <= h - fstar /\ (dot n (pd z) (pd z) = 0 -> h = fstar) /\
  dist2 n (px z) xs <= dist2 n (px st) xs - 2 * c * (h - fstar) + c * c * dot n (pd z) (pd z).
Proof.
  intros Hb Hcap Hconv Hint Hmin Hi Hs Hc Hca z h.
  pose proof (step_inv n M f g beta fstar cap xs D Hb Hcap Hconv Hint Hmin st s c Hi Hs Hc Hca) as [Hi' _].
  destruct Hi as [_ Hm]. destruct Hi' as [_ Hm']. destruct (Hm' eq_refl) as [Hbelow _]. fold z in Hbelow.
  pose proof (keep_range beta Hb st) as Hk. pose proof (Hmin s (px st) Hs) as Hfx.
  set (d := pd z). set (N := dot n d d). set (x := px st) in *.
  assert (Hh : (1 - beta) * (f s x - fstar) <= h - fstar).
  { unfold h, z. rewrite model_step. fold x.
    assert (E : dot n (g s x) (lin 1 x (-1) x) = 0) by (rewrite dot_lin_r; ring). rewrite E.
    assert (keepof beta st * fstar <= keepof beta st * model n st x).
    { unfold keepof in *; destruct (first st); [lra|]. apply Rmult_le_compat_l; [lra|]. apply Hm; auto. }
    assert (0 <= (beta - keepof beta st) * (f s x - fstar)) by (apply Rmult_le_pos; lra). lra. }
  assert (Hh0 : fstar <= h) by (assert (0 <= (1 - beta) * (f s x - fstar)) by (apply Rmult_le_pos; lra); lra).
  assert (Hdir : h - fstar <= dot n d (lin 1 x (-1) xs)).
  { rewrite dot_lin_r. unfold h, model in *. fold d in Hbelow |- *. lra. }
  assert (H0 : N = 0 -> h = fstar).
  { intros E. pose proof (dot_null n d (lin 1 x (-1) xs) E). lra. }
  split; [exact Hh|split; [exact H0|]].
  pose proof (tau_props fstar cap Hcap h N c (dot_pos n d) Hh0 Hc Hca H0) as [Ht [_ Hdec]].
  assert (Hx : px z = lin 1 x (- tau fstar cap h N) d) by reflexivity. rewrite Hx.
  set (t := tau fstar cap h N) in *.
  assert (E : dist2 n (lin 1 x (- t) d) xs = dist2 n x xs - 2 * t * dot n d (lin 1 x (-1) xs) + t * t * N).
  { unfold dist2, N. repeat rewrite ?dot_lin_l, ?dot_lin_r.
    rewrite ?(dot_comm n x d), ?(dot_comm n xs d), ?(dot_comm n xs x). ring. }
  rewrite E. assert (t * (h - fstar) <= t * dot n d (lin 1 x (-1) xs)) by (apply Rmult_le_compat_l; auto).
  fold d N. lra.
Qed.

Section Zero.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta fstar : R) (caps : nat -> option R) (P xs x1 : vec) (D : R).
Notation F := (fview f P fstar).
Notation Gr := (gview g P).
Notation rho := (rho beta).
Notation zrun := (zpath n f g beta fstar caps P x1).
Notation zstep k := (zstep n f g beta fstar (caps k) P (rho (S k))).

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HP : positive P.
Hypothesis Hcaps : forall k, positive_cap (caps k).
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HD : mdist2 n P x1 xs = D * D.

Lemma convex_view : convex n M F Gr.
Proof.
  intros s x y Hs. unfold fview, gview. pose proof (Hconv s (down P x) (down P y) Hs) as H.
  rewrite <- (dot_down_up n P HP), up_lin, !up_down in H by auto. lra.
Qed.
Lemma interpolation_view : interpolation M F (up P xs) 0.
Proof. intros s Hs. unfold fview. rewrite down_up, (Hint s Hs) by auto. ring. Qed.
Lemma bounded_below_view : bounded_below M F 0.
Proof. intros s x Hs. unfold fview. pose proof (Hmin s (down P x) Hs). lra. Qed.
Lemma rho_pos k : 0 < rho (S k).
Proof. pose proof (rho_range beta k Hbeta). lra. Qed.

(** The invariant after k samples: that of [one_step], in the coordinates √P x. *)
Definition zinv (k : nat) (st : state) : Prop :=
  first st = false /\ inv n 0 (up P xs) D (view P (rho k * fstar) st).

Lemma zinv_ball k st : zinv k st -> mdist2 n P (px st) xs <= D * D.
Proof. intros [_ [H _]]. rewrite mdist2_up by auto. exact H. Qed.

Lemma zstart_inv : zinv 0 (zstart x1).
Proof.
  split; [reflexivity|]. rewrite view_start by auto. split; simpl.
  - rewrite <- mdist2_up by auto. lra.
  - intros _. unfold model; simpl. assert (E : forall y, dot n (fun _ => 0) y = 0).
    { intros y. unfold dot. rewrite (sumn_scal n 0 y). ring. }
    rewrite !E. lra.
Qed.

(** One step, in the metric: 2c may stand for 2τ, and c² for τ², for all c ≤ α_k/ρ_k. *)
Lemma zstep_inv k st s c : zinv k st -> (s < M)%nat -> 0 <= c -> below_cap (c * rho (S k)) (caps k) ->
  let z := zstep k st s in let a := model n z (px st) - rho (S k) * fstar in
  zinv (S k) z /\ (1 - beta) * (f s (px st) - fstar) <= a /\ (dual2 n P (pd z) = 0 -> a = 0) /\
  mdist2 n P (px z) xs <= mdist2 n P (px st) xs - 2 * c * a + c * c * dual2 n P (pd z).
Proof.
  intros [Hf Hi] Hs Hc Hca z a. pose proof (rho_pos k) as Hr.
  pose proof (rescaling n f g beta fstar (caps k) P _ _ st s HP Hf (rho_next beta k)) as E.
  pose proof (zcap_positive _ _ Hr (Hcaps k)) as Hcap'. pose proof (zcap_below _ _ _ Hr Hca) as Hca'.
  pose proof (step_inv n M F Gr beta 0 _ _ D Hbeta Hcap' convex_view interpolation_view
    bounded_below_view _ s c Hi Hs Hc Hca') as [Hi' _].
  pose proof (step_gain n M F Gr beta 0 _ _ D _ s c Hbeta Hcap' convex_view interpolation_view
    bounded_below_view Hi Hs Hc Hca') as Hg.
  cbv zeta in Hg. rewrite <- E in Hi', Hg. fold z in Hi', Hg.
  change (px (view P (rho k * fstar) st)) with (up P (px st)) in Hg.
  rewrite model_view in Hg by auto. fold a in Hg. unfold view in Hg; cbn [px pd] in Hg.
  rewrite <- dual2_down, <- !mdist2_up in Hg by auto. unfold fview in Hg. rewrite down_up in Hg by auto.
  destruct Hg as [H1 [H2 H3]]. rewrite Rminus_0_r in H3.
  split; [split; [reflexivity|exact Hi']|]. split; [lra|]. split; [exact H2|exact H3].
Qed.

Lemma zrun_inv w k : (forall j, (w j < M)%nat) -> zinv k (zrun w k).
Proof.
  intros Hw. induction k; [apply zstart_inv|]. simpl.
  apply (zstep_inv k _ (w k) 0 IHk (Hw k) (Rle_refl 0)).
  rewrite Rmult_0_l. pose proof (Hcaps k) as H. destruct (caps k); simpl in *; auto. lra.
Qed.

(** The model lies below f⋆ at every solution, m_k(x⋆) ≤ ρ_k f⋆, and x^k stays in the ball, with any caps.
    Source: MoMo paper, proof of the convergence theorem, for P = I and ρ = 1; else derived here. *)
Theorem model_below_zero w k : (forall j, (w j < M)%nat) ->
  model n (zrun w k) xs <= rho k * fstar /\ mdist2 n P (px (zrun w k)) xs <= D * D.
Proof.
  intros Hw. pose proof (zrun_inv w k Hw) as H. split; [|apply (zinv_ball k); auto].
  destruct H as [Hf [_ H]]. destruct (H Hf) as [H1 _]. rewrite model_view in H1 by auto. lra.
Qed.

(** Capped, Fejér's step: for every c ≤ α_k/ρ_k, with a_k = h_k - ρ_k f⋆,
    ‖x^{k+1}-x⋆‖²_P ≤ ‖x^k-x⋆‖²_P - 2c a_k + c²‖d_k‖²_{P⁻¹},  and a_k ≥ (1-β)(f(x^k,s_k) - f⋆).
    Source: MoMo paper, proof of the convergence theorem, for P = I, ρ = 1 and no cap; else derived here. *)
Theorem fejer_zero_capped w k c : (forall j, (w j < M)%nat) -> 0 <= c -> below_cap (c * rho (S k)) (caps k) ->
  let x := px (zrun w k) in let z := zrun w (S k) in let a := model n z x - rho (S k) * fstar in
  (1 - beta) * (f (w k) x - fstar) <= a /\
  mdist2 n P (px z) xs <= mdist2 n P x xs - 2 * c * a + c * c * dual2 n P (pd z).
Proof.
  intros Hw Hc Hca x z a.
  pose proof (zstep_inv k _ (w k) c (zrun_inv w k Hw) (Hw k) Hc Hca) as [_ [H1 [_ H2]]]. split; auto.
Qed.

(** Fejér's inequality, from zero in a frozen metric, without a cap:
    ‖x^{k+1}-x⋆‖²_P ≤ ‖x^k-x⋆‖²_P - (h_k-ρ_k f⋆)²/‖d_k‖²_{P⁻¹}  (0 where d_k = 0, for then h_k = ρ_k f⋆).
    Source: MoMo paper, proof of the convergence theorem, for P = I and ρ = 1; else derived here. *)
Theorem fejer_zero w k : (forall j, (w j < M)%nat) -> caps k = None ->
  let x := px (zrun w k) in let z := zrun w (S k) in
  let a := model n z x - rho (S k) * fstar in let N := dual2 n P (pd z) in
  mdist2 n P (px z) xs <= mdist2 n P x xs - a * a / N /\ (N = 0 -> a = 0).
Proof.
  intros Hw Hc x z a N.
  assert (H : forall c, 0 <= c -> 0 <= a /\ (N = 0 -> a = 0) /\
    mdist2 n P (px z) xs <= mdist2 n P x xs - 2 * c * a + c * c * N).
  { intros c Hc0. assert (Hca : below_cap (c * rho (S k)) (caps k)) by (rewrite Hc; exact I).
    pose proof (zstep_inv k _ (w k) c (zrun_inv w k Hw) (Hw k) Hc0 Hca) as [_ [H1 [H2 H3]]].
    fold x in H1. change (zstep k (zrun w k) (w k)) with z in *. fold a N in H1, H2, H3.
    pose proof (Hmin (w k) x (Hw k)).
    assert (0 <= (1 - beta) * (f (w k) x - fstar)) by (apply Rmult_le_pos; lra). split; [lra|auto]. }
  destruct (H 0 (Rle_refl 0)) as [Ha [H0 Hd]]. split; [|exact H0].
  destruct (Req_EM_T N 0) as [EN|EN].
  - rewrite (H0 EN). unfold Rdiv. rewrite !Rmult_0_l. rewrite EN in Hd. lra.
  - assert (HN : 0 < N) by (pose proof (dual2_pos n P HP (pd z)) as HN0; fold N in HN0; lra).
    assert (Hc0 : 0 <= a / N) by (apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; auto]).
    destruct (H (a / N) Hc0) as [_ [_ H1]].
    replace (mdist2 n P x xs - 2 * (a / N) * a + a / N * (a / N) * N)
      with (mdist2 n P x xs - a * a / N) in H1 by (field; lra). exact H1.
Qed.

(** The summed inequality, from zero in a frozen metric, without a cap:
    Σ_{k≤K} (h_k-ρ_k f⋆)²/‖d_k‖²_{P⁻¹} ≤ ‖x^1-x⋆‖²_P.
    Source: MoMo paper, proof of the convergence theorem, for P = I and ρ = 1; else derived here. *)
Theorem summed_steps_zero w K : (forall j, (w j < M)%nat) -> (forall k, (k < K)%nat -> caps k = None) ->
  let a k := model n (zrun w (S k)) (px (zrun w k)) - rho (S k) * fstar in
  sumn K (fun k => a k * a k / dual2 n P (pd (zrun w (S k)))) <= D * D.
Proof.
  intros Hw Hc a.
  assert (H : mdist2 n P (px (zrun w K)) xs + sumn K (fun k => a k * a k / dual2 n P (pd (zrun w (S k))))
    <= D * D).
  { induction K as [|K IH]; [simpl; lra|].
    assert (IH' := IH (fun k Hk => Hc k (Nat.lt_trans _ _ _ Hk (Nat.lt_succ_diag_r K)))).
    destruct (fejer_zero w K Hw (Hc K (Nat.lt_succ_diag_r K))) as [Hf _]. fold (a K) in Hf.
    change (sumn (S K) ?F) with (sumn K F + F K). cbv beta. lra. }
  pose proof (norm2_pos n P HP (lin 1 (px (zrun w K)) (-1) xs)) as H0. unfold mdist2 in H. lra.
Qed.

(** Landing, from zero: h_k - ρ_k f⋆ = (1-β)(f(x^k,s_k) - f⋆), for every k ≥ 1: for k = 1 by the start,
    later if the step before had no cap.
    Source: MoMo paper, proof of the convergence theorem, for P = I and ρ = 1, k ≥ 2; else derived here. *)
Theorem landing_zero w k : (forall j, (w j < M)%nat) -> (forall j, k = S j -> caps j = None) ->
  let x := px (zrun w k) in
  model n (zrun w (S k)) x - rho (S k) * fstar = (1 - beta) * (f (w k) x - fstar).
Proof.
  intros Hw Hc x.
  pose proof (zrun_inv w k Hw) as [Hf Hi].
  pose proof (rescaling n f g beta fstar (caps k) P _ _ _ (w k) HP Hf (rho_next beta k)) as E.
  rewrite <- (model_view n P (rho (S k) * fstar) (zrun w (S k)) x HP).
  assert (Ef : f (w k) x - fstar = F (w k) (up P x)) by (unfold fview; rewrite down_up by auto; reflexivity).
  rewrite Ef. clear Ef. simpl zpath at 1. rewrite E. rewrite model_step.
  assert (Ez : dot n (Gr (w k) (up P x)) (lin 1 (up P x) (-1) (up P x)) = 0) by (rewrite dot_lin_r; ring).
  change (px (view P (rho k * fstar) (zrun w k))) with (up P x). rewrite Ez.
  unfold keepof. change (first (view P (rho k * fstar) (zrun w k))) with (first (zrun w k)). rewrite Hf.
  assert (H : model n (view P (rho k * fstar) (zrun w k)) (up P x) = 0); [|rewrite H; ring].
  rewrite model_view by auto. destruct k as [|k].
  - unfold x, model, method_zero.rho; simpl. unfold dot. rewrite (sumn_scal n 0 x1). ring.
  - (* the model after a step without a cap, at the new point *)
    specialize (Hc k eq_refl). unfold x. simpl zpath.
    pose proof (zrun_inv w k Hw) as Hk. set (st := zrun w k) in *.
    pose proof (zstep_inv k st (w k) 0 Hk (Hw k) (Rle_refl 0)) as HH.
    rewrite Rmult_0_l, Hc in HH. specialize (HH I). cbv zeta in HH. rewrite Hc.
    set (z := method_zero.zstep n f g beta fstar None P (rho (S k)) st (w k)) in *.
    destruct HH as [_ [H1 [H2 _]]]. set (a := model n z (px st) - rho (S k) * fstar) in *.
    pose proof (Hmin (w k) (px st) (Hw k)) as Hfx.
    assert (0 <= (1 - beta) * (f (w k) (px st) - fstar)) by (apply Rmult_le_pos; lra).
    set (t := tau (rho (S k) * fstar) None (model n z (px st)) (dual2 n P (pd z))).
    assert (Ex : px z = lin 1 (px st) (- t) (precond P (pd z))) by reflexivity.
    assert (Em : model n z (px z) - rho (S k) * fstar = a - t * dual2 n P (pd z)).
    { rewrite Ex. unfold a, model. rewrite dot_lin_r.
      assert (Ed : dot n (pd z) (precond P (pd z)) = dual2 n P (pd z)).
      { unfold dot, dual2, precond. apply sumn_ext; intros. field. pose proof (HP i). lra. }
      rewrite Ed. ring. }
    rewrite Em. unfold t, tau. fold a. destruct (Req_EM_T (dual2 n P (pd z)) 0) as [EN|EN].
    + rewrite (H2 EN). ring.
    + rewrite (Rmax_right 0 a) by lra. field. auto.
Qed.
End Zero.
