(** Caps α_k that vary from step to step: a schedule of learning rates.

    With c_k ≤ α_k, any: 2c_1 E δ_1 + 2(1-β) Σ_{2≤k≤K} c_k E δ_k ≤ ‖x¹-x⋆‖² + G² Σ_{k≤K} c_k².

    1. A step is worth any c below its own cap: ‖x^{k+1}-x⋆‖² ≤ ‖x^k-x⋆‖² - 2c(1-β)(f_k-f⋆) + c²‖d_k‖²
       (one_step.v, where nothing is said of the caps of other steps). The first step is that of β = 0.
    2. E‖d_k‖² ≤ G², as before (rate.v): convexity of the square, whatever the step lengths ([norms_bounded]).
    3. In expectation ([expected_decrease]), and summed ([summed_caps]).

    Hence the paper's rate where all α_k are at least D/(G√K), and a bound for diminishing α_k. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step expectation rate.
Open Scope R_scope.

(** E φ after k more independent samples, from a state after j of them; step j has the cap caps j. *)
Fixpoint Ev (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R) (beta fstar : R)
  (caps : nat -> option R) (k j : nat) (st : state) (phi : state -> R) : R :=
  match k with
  | O => phi st
  | S m => sumn M (fun s => p s *
      Ev n M f g p beta fstar caps m (S j) (step n f g beta fstar (caps j) st s) phi)
  end.

(** E δ_{k+1} = E f(x^{k+1}) - f⋆: the first point has the number 0. *)
Definition Egap (n M : nat) f g p beta fstar caps (x1 : vec) (k : nat) : R :=
  Ev n M f g p beta fstar caps k 0 (start x1) (delta M f p fstar).

(** c k is allowed by the cap of step k, for all of K steps. *)
Definition below_caps (K : nat) (c : nat -> R) (caps : nat -> option R) :=
  forall k, (k < K)%nat -> 0 <= c k /\ below_cap (c k) (caps k).
Definition positive_caps (caps : nat -> option R) := forall k, positive_cap (caps k).

Lemma sumn_const K a : sumn K (fun _ => a) = INR K * a.
Proof. induction K as [|K IH]; [simpl; ring|]. rewrite S_INR. simpl sumn. rewrite IH. ring. Qed.
Lemma sumn_at_least K m F : (forall k, (k < K)%nat -> m <= F k) -> INR K * m <= sumn K F.
Proof. intros H. rewrite <- sumn_const. apply sumn_le. auto. Qed.

Section VaryingCaps.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R).
Variables (beta fstar : R) (caps : nat -> option R) (xs x1 : vec) (G D : R).
Notation EV := (Ev n M f g p beta fstar caps).
Notation inv := (inv n fstar xs D).
Notation dl := (delta M f p fstar).
Notation dd := (fun z : state => dist2 n (px z) xs).
Notation W := (W n G).
Notation STEP := (step n f g beta fstar).

Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hcaps : positive_caps caps.
Hypothesis Hp : nonnegative M p.
Hypothesis Hp1 : sumn M p = 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HD : dist2 n x1 xs = D * D.
Hypothesis HG : bounded_gradients n M g p xs D G.

(** Expectation with varying caps: linear, constant on constants, monotone on the invariant. *)
Lemma Ev_lin k : forall j st a b phi psi,
  EV k j st (fun z => a * phi z + b * psi z) = a * EV k j st phi + b * EV k j st psi.
Proof.
  induction k as [|k IH]; simpl; intros; auto.
  rewrite <- !sumn_scal, <- sumn_plus. apply sumn_ext; intros. rewrite IH. ring.
Qed.
Lemma Ev_const k : forall j st a, EV k j st (fun _ => a) = a.
Proof.
  induction k as [|k IH]; simpl; intros; auto.
  rewrite (sumn_ext M _ (fun s => a * p s)) by (intros; rewrite IH; ring). rewrite sumn_scal, Hp1; ring.
Qed.
Lemma Ev_last k : forall j st phi,
  EV (S k) j st phi = EV k j st (fun z => sumn M (fun s => p s * phi (STEP (caps (j + k)) z s))).
Proof.
  induction k as [|k IH]; intros j st phi; [simpl; rewrite Nat.add_0_r; reflexivity|].
  change (EV (S (S k)) j st phi) with (sumn M (fun s => p s * EV (S k) (S j) (STEP (caps j) st s) phi)).
  simpl Ev at 2. apply sumn_ext; intros s Hs. rewrite IH. f_equal. f_equal.
  replace (S j + k)%nat with (j + S k)%nat by lia. reflexivity.
Qed.
Lemma Ev_mono k : forall j st phi psi, inv st -> (forall z, inv z -> phi z <= psi z) ->
  EV k j st phi <= EV k j st psi.
Proof.
  induction k as [|k IH]; simpl; intros j st phi psi Hi H; auto.
  apply sumn_le; intros s Hs. apply Rmult_le_compat_l; auto. apply IH; auto.
  assert (H0 : inv (STEP (caps j) st s) /\ dd (STEP (caps j) st s) <= dd st
    - 2 * 0 * ((1 - beta) * (f s (px st) - fstar))
    + 0 * 0 * dot n (pd (STEP (caps j) st s)) (pd (STEP (caps j) st s))).
  { eapply step_inv; eauto; [lra|apply below_cap_zero; auto]. }
  apply H0.
Qed.
Lemma start_ok : inv (start x1).
Proof. apply start_inv; auto. Qed.

(** E‖d_k‖² ≤ G². *)
Lemma norms_bounded k : EV k 0 (start x1) W <= G * G.
Proof.
  induction k as [|k IH]; [simpl; unfold rate.W, start; simpl; lra|]. rewrite Ev_last.
  apply Rle_trans with (EV k 0 (start x1) (fun z => beta * W z + (1 - beta) * (G * G))).
  - apply Ev_mono; [apply start_ok|]. intros z Hz. eapply W_step; eauto.
  - rewrite (Ev_lin k 0 (start x1) beta (1 - beta) W (fun _ => G * G)), Ev_const.
    assert (beta * EV k 0 (start x1) W <= beta * (G * G)) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(** One step in expectation, from a state; b is β, or 0 in the first step. *)
Lemma expected_decrease b cap c z : 0 <= b < 1 -> positive_cap cap -> inv z -> 0 <= c -> below_cap c cap ->
  sumn M (fun s => p s * dd (step n f g b fstar cap z s)) <=
  dd z - 2 * c * (1 - b) * dl z + c * c * sumn M (fun s => p s * W (step n f g b fstar cap z s)).
Proof.
  intros Hb Hca Hz Hc Hcc.
  apply Rle_trans with (sumn M (fun s => dd z * p s + ((- (2 * c * (1 - b))) * (p s * (f s (px z) - fstar))
    + c * c * (p s * W (step n f g b fstar cap z s))))).
  - apply sumn_le; intros s Hs.
    assert (H : inv (step n f g b fstar cap z s) /\ dd (step n f g b fstar cap z s) <= dd z
      - 2 * c * ((1 - b) * (f s (px z) - fstar))
      + c * c * dot n (pd (step n f g b fstar cap z s)) (pd (step n f g b fstar cap z s)))
      by (eapply step_inv; eauto).
    change (W (step n f g b fstar cap z s))
      with (dot n (pd (step n f g b fstar cap z s)) (pd (step n f g b fstar cap z s))).
    pose proof (Rmult_le_compat_l _ _ _ (Hp s Hs) (proj2 H)). lra.
  - right. rewrite !sumn_plus, !sumn_scal, Hp1.
    rewrite (avg_sub M p Hp1 (fun s => f s (px z)) fstar). unfold delta, favg. ring.
Qed.

Notation gap k := (EV k 0 (start x1) dl).

(** The step k → k+1 in expectation. *)
Lemma next_distance k c : 0 <= c -> below_cap c (caps k) ->
  EV (S k) 0 (start x1) dd <= EV k 0 (start x1) dd - 2 * c * (1 - beta) * gap k + c * c * (G * G).
Proof.
  intros Hc Hcc. pose proof (norms_bounded (S k)) as HW.
  assert (HW2 : c * c * EV (S k) 0 (start x1) W <= c * c * (G * G))
    by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
  rewrite Ev_last in *. simpl plus in *.
  set (w := fun z => sumn M (fun s => p s * W (STEP (caps k) z s))) in *.
  apply Rle_trans with (EV k 0 (start x1)
    (fun z => 1 * (1 * dd z + - (2 * c * (1 - beta)) * dl z) + c * c * w z)).
  - apply Ev_mono; [apply start_ok|]. intros z Hz.
    pose proof (expected_decrease beta (caps k) c z Hbeta (Hcaps k) Hz Hc Hcc) as H. unfold w. lra.
  - rewrite (Ev_lin k 0 (start x1) 1 (c * c) (fun z => 1 * dd z + - (2 * c * (1 - beta)) * dl z) w).
    rewrite (Ev_lin k 0 (start x1) 1 (- (2 * c * (1 - beta))) dd dl). lra.
Qed.

(** The first step is that of β = 0, with weight 1. *)
Lemma first_distance c : 0 <= c -> below_cap c (caps 0) ->
  EV 1 0 (start x1) dd <= D * D - 2 * c * gap 0%nat + c * c * (G * G).
Proof.
  intros Hc Hcc. assert (H0 : 0 <= 0 < 1) by lra.
  pose proof (expected_decrease 0 (caps 0%nat) c (start x1) H0 (Hcaps 0%nat) start_ok Hc Hcc) as H.
  pose proof (norms_bounded 1) as HW.
  change (sumn M (fun s => p s * dd (step n f g 0 fstar (caps 0%nat) (start x1) s)))
    with (EV 1 0 (start x1) dd) in H.
  change (sumn M (fun s => p s * W (step n f g 0 fstar (caps 0%nat) (start x1) s)))
    with (EV 1 0 (start x1) W) in H.
  change (dd (start x1)) with (dist2 n x1 xs) in H. rewrite HD in H.
  change (EV 0 0 (start x1) dl) with (dl (start x1)).
  pose proof (Rmult_le_compat_l _ _ _ (sq_pos c) HW). lra.
Qed.

Lemma summed_caps c K : below_caps (S K) c caps ->
  EV (S K) 0 (start x1) dd + 2 * (c 0%nat * gap 0%nat)
    + 2 * (1 - beta) * sumn K (fun k => c (S k) * gap (S k))
    <= D * D + G * G * sumn (S K) (fun k => c k * c k).
Proof.
  induction K as [|K IH]; intros Hc.
  - destruct (Hc 0%nat ltac:(lia)) as [Hc0 Hcc].
    pose proof (first_distance (c 0%nat) Hc0 Hcc) as H. unfold sumn. lra.
  - assert (Hc' : below_caps (S K) c caps) by (intros k Hk; apply Hc; lia). specialize (IH Hc').
    destruct (Hc (S K) ltac:(lia)) as [Hc0 Hcc].
    pose proof (next_distance (S K) (c (S K)) Hc0 Hcc) as H.
    change (sumn (S (S K)) (fun i => c i * c i)) with (sumn (S K) (fun i => c i * c i) + c (S K) * c (S K)).
    change (sumn (S K) (fun i => c (S i) * gap (S i)))
      with (sumn K (fun i => c (S i) * gap (S i)) + c (S K) * gap (S K)). lra.
Qed.

Lemma distance_nonneg k : 0 <= EV k 0 (start x1) dd.
Proof.
  rewrite <- (Ev_const k 0 (start x1) 0). apply Ev_mono; [apply start_ok|]. intros; apply dot_pos.
Qed.
Lemma gap_nonneg k : 0 <= gap k.
Proof.
  rewrite <- (Ev_const k 0 (start x1) 0). apply Ev_mono; [apply start_ok|]. intros z _. unfold delta, favg.
  rewrite <- (avg_sub M p Hp1 (fun s => f s (px z)) fstar). apply sumn_nonneg. intros s Hs.
  apply Rmult_le_pos; [apply Hp; auto|]. pose proof (Hmin s (px z) Hs). lra.
Qed.
End VaryingCaps.

(** Caps that vary, with the first term kept: for every c_k ≤ α_k,

    2c_1 E δ_1 + 2(1-β) Σ_{2≤k≤K+1} c_k E δ_k ≤ D² + G² Σ_{k≤K+1} c_k².
    Source: derived here. *)
Theorem varying_caps_first_term n M f g p beta fstar caps xs x1 G D c K :
  0 <= beta < 1 -> positive_caps caps -> nonnegative M p -> sumn M p = 1 ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  dist2 n x1 xs = D * D -> bounded_gradients n M g p xs D G -> below_caps (S K) c caps ->
  let gap := Egap n M f g p beta fstar caps x1 in
  2 * (c 0%nat * gap 0%nat) + 2 * (1 - beta) * sumn K (fun k => c (S k) * gap (S k))
    <= D * D + G * G * sumn (S K) (fun k => c k * c k).
Proof.
  intros Hb Hca Hp Hp1 Hc Hi Hm HD HG Hcc gap.
  pose proof (summed_caps n M f g p beta fstar caps xs x1 G D Hb Hca Hp Hp1 Hc Hi Hm HD HG c K Hcc) as H.
  pose proof (distance_nonneg n M f g p beta fstar caps xs x1 D Hb Hca Hp Hp1 Hc Hi Hm HD (S K)) as H0.
  unfold gap, Egap. lra.
Qed.

(** Caps that vary: 2(1-β) Σ_{k≤K} c_k E δ_k ≤ D² + G² Σ_{k≤K} c_k² for every c_k ≤ α_k.
    Source: derived here. *)
Theorem varying_caps n M f g p beta fstar caps xs x1 G D c K :
  0 <= beta < 1 -> positive_caps caps -> nonnegative M p -> sumn M p = 1 ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  dist2 n x1 xs = D * D -> bounded_gradients n M g p xs D G -> below_caps K c caps ->
  let gap := Egap n M f g p beta fstar caps x1 in
  2 * (1 - beta) * sumn K (fun k => c k * gap k) <= D * D + G * G * sumn K (fun k => c k * c k).
Proof.
  intros Hb Hca Hp Hp1 Hc Hi Hm HD HG Hcc gap. pose proof (sq_pos D) as HDD.
  destruct K as [|K]; [simpl; lra|].
  pose proof (varying_caps_first_term n M f g p beta fstar caps xs x1 G D c K
    Hb Hca Hp Hp1 Hc Hi Hm HD HG Hcc) as H.
  cbv zeta in H. fold gap in H. destruct (Hcc 0%nat ltac:(lia)) as [Hc0 _].
  pose proof (gap_nonneg n M f g p beta fstar caps xs x1 D Hb Hca Hp Hp1 Hc Hi Hm HD 0) as H0.
  change (0 <= gap 0%nat) in H0.
  assert (H1 : 0 <= beta * (c 0%nat * gap 0%nat)) by (apply Rmult_le_pos; [|apply Rmult_le_pos]; lra).
  assert (E : sumn (S K) (fun k => c k * gap k) =
    c 0%nat * gap 0%nat + sumn K (fun k => c (S k) * gap (S k))).
  { clear. induction K as [|K IH]; [simpl; ring|]. simpl sumn in *. lra. }
  rewrite E. lra.
Qed.

(** The paper's rate, as soon as every α_k is at least D/(G√K): min_{k≤K} E δ_k ≤ G D/((1-β)√K).
    Source: MoMo paper, convergence theorem, for α_k = ∞; with these caps: derived here. *)
Theorem varying_caps_rate n M f g p beta fstar caps xs x1 G D m K :
  0 <= beta < 1 -> positive_caps caps -> nonnegative M p -> sumn M p = 1 ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  0 < G -> 0 < D -> dist2 n x1 xs = D * D -> bounded_gradients n M g p xs D G -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> below_cap (D / (G * sqrt (INR K))) (caps k)) ->
  (forall k, (k < K)%nat -> m <= Egap n M f g p beta fstar caps x1 k) ->
  m <= G * D / ((1 - beta) * sqrt (INR K)).
Proof.
  intros Hb Hca Hp Hp1 Hc Hi Hmin HG0 HD0 HD HG HK Hcc Hm.
  assert (HI : 0 < INR K) by (apply lt_0_INR; auto).
  assert (Hr : 0 < sqrt (INR K)) by (apply sqrt_lt_R0; auto).
  assert (Hrr : sqrt (INR K) * sqrt (INR K) = INR K) by (apply sqrt_sqrt; lra).
  set (r := sqrt (INR K)) in *. remember (D / (G * r)) as c eqn:Ec.
  assert (Hc0 : 0 < c) by (rewrite Ec; apply Rdiv_lt_0_compat; auto; apply Rmult_lt_0_compat; auto).
  pose proof (varying_caps n M f g p beta fstar caps xs x1 G D (fun _ => c) K
    Hb Hca Hp Hp1 Hc Hi Hmin HD HG) as H.
  cbv beta zeta in H. rewrite sumn_scal in H.
  rewrite sumn_const in H. apply sumn_at_least in Hm.
  assert (H1 : 2 * (1 - beta) * c * (INR K * m) <= D * D + G * G * (INR K * (c * c))).
  { apply Rle_trans with (2 * (1 - beta) * c * sumn K (Egap n M f g p beta fstar caps x1)).
    - apply Rmult_le_compat_l; [|exact Hm]. apply Rmult_le_pos; lra.
    - assert (H2 : below_caps K (fun _ => c) caps) by (intros k Hk; split; [lra|auto]).
      assert (H3 : 2 * (1 - beta) * (c * sumn K (Egap n M f g p beta fstar caps x1))
        <= D * D + G * G * (INR K * (c * c))) by exact (H H2). lra. }
  rewrite <- Hrr in H1.
  apply (Rmult_le_reg_l (2 * (1 - beta) * c * (r * r))); [repeat apply Rmult_lt_0_compat; lra|].
  apply Rle_trans with (D * D + G * G * (r * r * (c * c))); [lra|]. right. rewrite Ec. field. lra.
Qed.

(** Finite caps α_k, diminishing or not: min_{k≤K} E δ_k ≤ (D² + G² Σ α_k²)/(2(1-β) Σ α_k), which is what
    SGD's analysis gives for these learning rates, over 1-β. It tends to 0 where Σ α_k² is bounded, Σ α_k not.
    Source: derived here. *)
Theorem diminishing_caps n M f g p beta fstar alpha xs x1 G D m K :
  0 <= beta < 1 -> (forall k, 0 < alpha k) -> nonnegative M p -> sumn M p = 1 ->
  convex n M f g -> interpolation M f xs fstar -> bounded_below M f fstar ->
  dist2 n x1 xs = D * D -> bounded_gradients n M g p xs D G -> (0 < K)%nat ->
  (forall k, (k < K)%nat -> m <= Egap n M f g p beta fstar (fun k => Some (alpha k)) x1 k) ->
  m <= (D * D + G * G * sumn K (fun k => alpha k * alpha k)) / (2 * (1 - beta) * sumn K alpha).
Proof.
  intros Hb Ha Hp Hp1 Hc Hi Hmin HD HG HK Hm. set (caps := fun k => Some (alpha k)) in *.
  assert (Hcc : below_caps K alpha caps) by (intros k _; simpl; pose proof (Ha k); lra).
  pose proof (varying_caps n M f g p beta fstar caps xs x1 G D alpha K
    Hb Ha Hp Hp1 Hc Hi Hmin HD HG Hcc) as H.
  cbv zeta in H.
  assert (H1 : m * sumn K alpha <= sumn K (fun k => alpha k * Egap n M f g p beta fstar caps x1 k)).
  { rewrite <- sumn_scal. apply sumn_le. intros k Hk. pose proof (Ha k).
    specialize (Hm k Hk). apply (Rmult_le_compat_l (alpha k)) in Hm; lra. }
  assert (H2 : 0 < sumn K alpha).
  { destruct K as [|K]; [lia|]. simpl sumn. pose proof (Ha K).
    assert (0 <= sumn K alpha) by (apply sumn_nonneg; intros; left; apply Ha). lra. }
  set (X := D * D + G * G * sumn K (fun k => alpha k * alpha k)) in *. set (A := sumn K alpha) in *.
  apply (Rmult_le_compat_l (2 * (1 - beta))) in H1; [|lra].
  assert (H3 : 0 < 2 * (1 - beta) * A) by (repeat apply Rmult_lt_0_compat; lra).
  apply (Rmult_le_reg_r (2 * (1 - beta) * A)); [exact H3|].
  replace (X / (2 * (1 - beta) * A) * (2 * (1 - beta) * A)) with X by (field; lra). lra.
Qed.
