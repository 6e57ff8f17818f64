(** The rate with its first term kept, and with both ends kept.

    The first step does not depend on β: it is that of β = 0, with weight 1 for δ_1 and not 1-β. And no
    step follows the last evaluation, whose gradient is not averaged: weight 1, too ([last_point]). *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step expectation rate.
Open Scope R_scope.

Section Ends.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R).
Variables (beta fstar : R) (cap : option R) (xs x1 : vec) (G D : R).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hcap : positive_cap cap.
Hypothesis Hp : nonnegative M p.
Hypothesis Hp1 : sumn M p = 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HG0 : 0 < G.
Hypothesis HD0 : 0 < D.
Hypothesis HD : dist2 n x1 xs = D * D.
Hypothesis HG : bounded_gradients n M g p xs D G.

Notation EX := (Ex n M f g p beta fstar cap).
Notation st0 := (start x1).
Notation dl := (delta M f p fstar).
Notation dd := (fun z : state => dist2 n (px z) xs).

(* the first step does not depend on beta: it is the step of beta = 0, with weight 1 *)
Lemma first_step c : 0 <= c ->
  below_cap c cap ->
  EX 1 st0 dd <= D * D - 2 * c * EX 0 st0 dl + c * c * (G * G).
Proof.
  intros Hc Hca.
  assert (Hb0 : 0 <= 0 < 1) by lra.
  pose proof (expected_step n M f g p 0 fstar cap xs x1 G D Hb0 Hcap Hp Hp1 Hconv Hint Hmin HD HG 0 c Hc Hca)
    as H.
  change (Ex n M f g p 0 fstar cap 1 st0 dd) with (EX 1 st0 dd) in H.
  change (Ex n M f g p 0 fstar cap 0 st0 dl) with (EX 0 st0 dl) in H.
  change (Ex n M f g p 0 fstar cap 0 st0 dd) with (dist2 n x1 xs) in H.
  rewrite HD in H. lra.
Qed.

(* summed with one constant c for the first step and another, e, for all others *)
Lemma summed_first c e m K : 0 <= c -> 0 <= e ->
  below_cap c cap -> below_cap e cap ->
  (forall k, (k < S K)%nat -> m <= EX k st0 dl) ->
  EX (S K) st0 dd + 2 * c * m + INR K * (2 * e * (1 - beta) * m)
    <= D * D + c * c * (G * G) + INR K * (e * e * (G * G)).
Proof.
  intros Hc He Hc' He'.
  induction K; intros Hm.
  - pose proof (first_step c Hc Hc') as H. pose proof (Hm 0%nat Nat.lt_0_1) as H0.
    assert (2 * c * m <= 2 * c * EX 0 st0 dl) by (apply Rmult_le_compat_l; lra).
    replace (INR 0) with 0 by reflexivity. lra.
  - assert (IH := IHK (fun k Hk => Hm k (Nat.lt_trans _ _ _ Hk (Nat.lt_succ_diag_r (S K))))).
    pose proof (expected_step n M f g p beta fstar cap xs x1 G D Hbeta Hcap Hp Hp1 Hconv Hint Hmin HD HG (S
      K) e He He') as H.
    pose proof (Hm (S K) (Nat.lt_succ_diag_r (S K))) as HmK.
    assert (2 * e * (1 - beta) * m <= 2 * e * (1 - beta) * EX (S K) st0 dl)
      by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|auto]).
    rewrite S_INR. lra.
Qed.

(* the last point needs no step: 2 c delta <= dist^2 + c^2 G^2 *)
Lemma last_point c k : 0 <= c -> 2 * c * EX k st0 dl <= EX k st0 dd + c * c * (G * G).
Proof.
  intros Hc.
  apply Rle_trans with (EX k st0 (fun z => 1 * dd z + c * c * (G * G))).
  - apply Rle_trans with (EX k st0 (fun z => 2 * c * dl z + 0 * dl z)).
    { rewrite (Ex_lin n M f g p beta fstar cap k st0 (2 * c) 0 dl dl). lra. }
    apply (Ex_mono n M f g p beta fstar cap xs D Hbeta Hcap Hp Hconv Hint Hmin); [apply start_inv; auto|].
    intros z [Hz _]. pose proof (HG (px z) Hz) as Hg.
    assert (c * c * sumn M (fun s => p s * dot n (g s (px z)) (g s (px z))) <= c * c * (G * G))
      by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
    assert (2 * c * dl z <= dd z + c * c * sumn M (fun s => p s * dot n (g s (px z)) (g s (px z)))).
    { unfold delta, favg. rewrite <- (avg_sub M p Hp1 (fun s => f s (px z)) fstar).
      rewrite <- !sumn_scal.
      replace (dist2 n (px z) xs) with (sumn M (fun s => dist2 n (px z) xs * p s))
        by (rewrite sumn_scal, Hp1; ring).
      rewrite <- sumn_plus. apply sumn_le. intros s Hs.
      pose proof (Hconv s (px z) xs Hs) as Hc1. rewrite (Hint s Hs) in Hc1.
      assert (HY : 2 * c * (f s (px z) - fstar) <= dist2 n (px z) xs + c * c * dot n (g s (px z)) (g s (px
        z))).
      { pose proof (dot_pos n (lin 1 (lin 1 (px z) (-1) xs) (- c) (g s (px z)))) as Hq.
        assert (2 * c * (f s (px z) - fstar) <= 2 * c * (- dot n (g s (px z)) (lin 1 xs (-1) (px z))))
          by (apply Rmult_le_compat_l; lra).
        unfold dist2. repeat rewrite ?dot_lin_l, ?dot_lin_r in *.
        rewrite ?(dot_comm n (px z) (g s (px z))), ?(dot_comm n xs (g s (px z))) in *. lra. }
      pose proof (Rmult_le_compat_l _ _ _ (Hp s Hs) HY). lra. }
    lra.
  - right. pose proof (Ex_lin n M f g p beta fstar cap k st0 1 (c * c * (G * G)) dd (fun _ => 1)) as E.
    rewrite (Ex_const n M f g p beta fstar cap Hp1) in E.
    rewrite <- (Rmult_1_l (EX k st0 dd)). rewrite <- (Rmult_1_r (c * c * (G * G))). exact E.
Qed.

Lemma finish V m : 0 < V ->
  (forall c, 0 < c -> c <= D / (G * sqrt V) -> 2 * c * V * m <= D * D + c * c * (G * G) * V) ->
  m <= G * D / sqrt V.
Proof.
  intros HV H. assert (Hr : 0 < sqrt V) by (apply sqrt_lt_R0; auto).
  assert (Hrr : sqrt V * sqrt V = V) by (apply sqrt_sqrt; lra).
  set (r := sqrt V) in *.
  assert (Hc : 0 < D / (G * r)) by (apply Rdiv_lt_0_compat; auto; apply Rmult_lt_0_compat; auto).
  pose proof (H _ Hc (Rle_refl _)) as H1. rewrite <- Hrr in H1.
  apply (Rmult_le_reg_l (2 * (D / (G * r)) * (r * r))).
  - apply Rmult_lt_0_compat; [apply Rmult_lt_0_compat; [lra|exact Hc]|apply Rmult_lt_0_compat; auto].
  - apply Rle_trans with (1 := H1). right. field. split; lra.
Qed.

Definition V1 K := 1 + (1 - beta) * (1 - beta) * (INR K - 1).
Definition V2 K := 2 + (1 - beta) * (1 - beta) * (INR K - 2).

(** The rate, first term kept: the first step has weight 1, all others 1-β.

    min_{k≤K} E[f(x^k) - f⋆] ≤ G D/√(1 + (1-β)²(K-1)), uncapped or with α ≥ D/(G√(1 + (1-β)²(K-1))).
    Source: derived here. *)
Theorem rate_first_term m K : (1 <= K)%nat ->
  below_cap (D / (G * sqrt (V1 K))) cap ->
  (forall k, (k < K)%nat -> m <= EX k st0 dl) ->
  m <= G * D / sqrt (1 + (1 - beta) * (1 - beta) * (INR K - 1)).
Proof.
  intros HK Hca Hm. destruct K as [|K]; [lia|]. fold (V1 (S K)).
  assert (Hw : 0 <= (1 - beta) * (1 - beta)) by apply sq_pos.
  assert (EV : V1 (S K) = 1 + (1 - beta) * (1 - beta) * INR K) by (unfold V1; rewrite S_INR; ring).
  assert (HV : 0 < V1 (S K)).
  { rewrite EV. pose proof (pos_INR K). pose proof (Rmult_le_pos _ _ Hw H). lra. }
  apply finish; auto. intros c Hc Hcb.
  assert (He0 : 0 <= c * (1 - beta)) by (apply Rmult_le_pos; lra).
  assert (He1 : c * (1 - beta) <= c * 1) by (apply Rmult_le_compat_l; lra).
  assert (Hca' : below_cap c cap /\ below_cap (c * (1 - beta)) cap)
    by (destruct cap; simpl in *; [lra|auto]).
  pose proof (summed_first c (c * (1 - beta)) m K (Rlt_le _ _ Hc) He0 (proj1 Hca') (proj2 Hca') Hm) as H.
  pose proof (dist_nonneg n M f g p beta fstar cap xs x1 D Hbeta Hcap Hp Hp1 Hconv Hint Hmin HD (S K)) as H0.
  rewrite EV. lra.
Qed.

(** The rate, both ends kept: no step follows the last evaluation, so its weight is 1, too.

    min_{k≤K} E[f(x^k) - f⋆] ≤ G D/√(2 + (1-β)²(K-2)), K ≥ 2, uncapped or with α ≥ D/(G√(2 + (1-β)²(K-2))).
    Source: derived here. *)
Theorem rate_two_ends m K : (2 <= K)%nat ->
  below_cap (D / (G * sqrt (V2 K))) cap ->
  (forall k, (k < K)%nat -> m <= EX k st0 dl) ->
  m <= G * D / sqrt (2 + (1 - beta) * (1 - beta) * (INR K - 2)).
Proof.
  intros HK Hca Hm. destruct K as [|[|K]]; [lia|lia|]. fold (V2 (S (S K))).
  assert (Hw : 0 <= (1 - beta) * (1 - beta)) by apply sq_pos.
  assert (EV : V2 (S (S K)) = 2 + (1 - beta) * (1 - beta) * INR K) by (unfold V2; rewrite !S_INR; ring).
  assert (HV : 0 < V2 (S (S K))).
  { rewrite EV. pose proof (pos_INR K). pose proof (Rmult_le_pos _ _ Hw H). lra. }
  apply finish; auto. intros c Hc Hcb.
  assert (He0 : 0 <= c * (1 - beta)) by (apply Rmult_le_pos; lra).
  assert (He1 : c * (1 - beta) <= c * 1) by (apply Rmult_le_compat_l; lra).
  assert (Hca' : below_cap c cap /\ below_cap (c * (1 - beta)) cap)
    by (destruct cap; simpl in *; [lra|auto]).
  pose proof (summed_first c (c * (1 - beta)) m K (Rlt_le _ _ Hc) He0 (proj1 Hca') (proj2 Hca')
     (fun k Hk => Hm k (Nat.lt_trans _ _ _ Hk (Nat.lt_succ_diag_r (S K))))) as H.
  pose proof (last_point c (S K) (Rlt_le _ _ Hc)) as H0.
  pose proof (Hm (S K) (Nat.lt_succ_diag_r (S K))) as HmK.
  assert (2 * c * m <= 2 * c * EX (S K) st0 dl) by (apply Rmult_le_compat_l; lra).
  rewrite EV. lra.
Qed.
End Ends.
