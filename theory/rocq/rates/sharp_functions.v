(** Sharp functions, f - f⋆ ≥ s dist: linear convergence without a cap.

    Every averaged gradient is at most G, so the step of [step_inv] with the best c, (1-β)δ/G², takes
    (1-β)²δ²/G² ≥ (1-β)²s²dist²/G² off dist². *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step expectation rate.
Open Scope R_scope.

Section Sharp.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R).
Variables (beta fstar : R) (xs x1 : vec) (G D sh : R).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis Hp : nonnegative M p.
Hypothesis Hp1 : sumn M p = 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis Hmin : bounded_below M f fstar.
Hypothesis HG0 : 0 < G.
Hypothesis HD0 : 0 < D.
Hypothesis HD : dist2 n x1 xs = D * D.
(* every sample's gradient is at most G on the ball *)
Hypothesis HG : bounded_each n M g xs D G.
(* the mean function grows at least like sh times the distance, on the ball *)
Hypothesis Hs0 : 0 <= sh.
Hypothesis Hsharp : forall x, dist2 n x xs <= D * D -> sh * sqrt (dist2 n x xs) <= favg M f p x - fstar.

Notation STEP := (step n f g beta fstar None).
Notation EX := (Ex n M f g p beta fstar None).
Notation st0 := (start x1).
Notation dd := (fun z : state => dist2 n (px z) xs).
Definition invs (z : state) := inv n fstar xs D z /\ (first z = false -> dot n (pd z) (pd z) <= G * G).

Lemma invs_step z s : invs z -> (s < M)%nat -> invs (STEP z s) /\ dot n (pd (STEP z s)) (pd (STEP z s)) <= G
  * G.
Proof.
  intros [Hi Hn] Hs.
  pose proof (step_inv n M f g beta fstar None xs D Hbeta I Hconv Hint Hmin z s 0 Hi Hs (Rle_refl 0) I) as
    [Hi' _].
  assert (H : dot n (pd (STEP z s)) (pd (STEP z s)) <= G * G).
  { pose proof (HG s (px z) Hs (proj1 Hi)) as Hg.
    assert (Hk : 0 <= keepof beta z <= 1) by (unfold keepof; destruct (first z); lra).
    pose proof (sq_convex n (keepof beta z) (pd z) (g s (px z)) Hk) as Hc.
    assert (keepof beta z * dot n (pd z) (pd z) <= keepof beta z * (G * G)).
    { unfold keepof in *; destruct (first z) eqn:E; [lra|]. apply Rmult_le_compat_l; [lra|apply Hn; auto]. }
    assert ((1 - keepof beta z) * dot n (g s (px z)) (g s (px z)) <= (1 - keepof beta z) * (G * G))
      by (apply Rmult_le_compat_l; lra).
    unfold step; simpl. fold (keepof beta z). lra. }
  split; [split; [exact Hi'|intros _; exact H]|exact H].
Qed.

Definition q := 1 - (1 - beta) * (1 - beta) * (sh * sh) / (G * G).

Lemma q_step z : invs z -> sumn M (fun s => p s * dd (STEP z s)) <= q * dd z.
Proof.
  intros Hz. set (x := px z). set (de := favg M f p x - fstar).
  assert (Hball : dist2 n x xs <= D * D) by apply Hz.
  assert (Hdp : 0 <= dist2 n x xs) by apply dot_pos.
  pose proof (Hsharp x Hball) as Hsh. fold de in Hsh.
  assert (Hr : 0 <= sh * sqrt (dist2 n x xs)) by (apply Rmult_le_pos; [auto|apply sqrt_pos]).
  assert (Hsq : (sh * sh) * dist2 n x xs <= de * de).
  { replace (sh * sh * dist2 n x xs) with ((sh * sqrt (dist2 n x xs)) * (sh * sqrt (dist2 n x xs))).
    - apply Rmult_le_compat; auto.
    - replace (dist2 n x xs) with (sqrt (dist2 n x xs) * sqrt (dist2 n x xs)) at 3 by (apply sqrt_sqrt;
        auto). ring. }
  assert (HGG : 0 < G * G) by (apply Rmult_lt_0_compat; auto).
  set (c := (1 - beta) * de / (G * G)).
  assert (Hc : 0 <= c).
  { unfold c, Rdiv. apply Rmult_le_pos; [apply Rmult_le_pos; lra|left; apply Rinv_0_lt_compat; auto]. }
  assert (EcG : c * (G * G) = (1 - beta) * de) by (unfold c; field; lra).
  apply Rle_trans with (dist2 n x xs - 2 * c * ((1 - beta) * de) + c * c * (G * G)).
  - apply Rle_trans with (sumn M (fun s => (dist2 n x xs + c * c * (G * G)) * p s
      + (- (2 * c * (1 - beta))) * (p s * (f s x - fstar)))).
    + apply sumn_le; intros s Hs. destruct (invs_step z s Hz Hs) as [_ HN].
      pose proof (step_inv n M f g beta fstar None xs D Hbeta I Hconv Hint Hmin z s c (proj1 Hz) Hs Hc I) as
        [_ H].
      assert (c * c * dot n (pd (STEP z s)) (pd (STEP z s)) <= c * c * (G * G))
        by (apply Rmult_le_compat_l; [apply sq_pos|auto]).
      fold x in H.
      apply Rle_trans with (p s * (dist2 n x xs - 2 * c * ((1 - beta) * (f s x - fstar)) + c * c * (G * G)));
        [apply Rmult_le_compat_l; auto; lra|right; ring].
    + rewrite sumn_plus, !sumn_scal, Hp1, (avg_sub M p Hp1). fold (favg M f p x). fold de. right; ring.
  - replace (c * c * (G * G)) with (c * (c * (G * G))) by ring. rewrite EcG.
    unfold q. fold x.
    assert (H1 : c * ((1 - beta) * de) = (1 - beta) * (1 - beta) / (G * G) * (de * de)) by (unfold c; field;
      lra).
    assert (H2 : (1 - beta) * (1 - beta) / (G * G) * ((sh * sh) * dist2 n x xs)
       <= (1 - beta) * (1 - beta) / (G * G) * (de * de)).
    { apply Rmult_le_compat_l; auto. unfold Rdiv. apply Rmult_le_pos; [apply sq_pos|left;
        apply Rinv_0_lt_compat; auto]. }
    replace ((1 - (1 - beta) * (1 - beta) * (sh * sh) / (G * G)) * dist2 n x xs)
      with (dist2 n x xs - (1 - beta) * (1 - beta) / (G * G) * ((sh * sh) * dist2 n x xs)) by (field; lra).
    lra.
Qed.

Lemma mono_s phi psi k : (forall z, invs z -> phi z <= psi z) -> EX k st0 phi <= EX k st0 psi.
Proof.
  intros H. apply (Ex_mono_gen n M f g p beta fstar None invs); auto.
  - intros st s Hst Hs. apply (invs_step st s Hst Hs).
  - split; [apply start_inv; auto|intros E; discriminate].
Qed.

(* SHARP FUNCTIONS, one more step (T4): if the mean function is sharp (f - f* >= s dist) and every gradient
   is at most G on the ball, the uncapped method contracts the expected squared distance by
   1 - (1-beta)^2 s^2 / G^2. *)
Lemma sharp_step k : EX (S k) st0 dd <= (1 - (1 - beta) * (1 - beta) * (sh * sh) / (G * G)) * EX k st0 dd.
Proof.
  fold q. rewrite Ex_last.
  apply Rle_trans with (EX k st0 (fun z => q * dd z + 0 * dd z)).
  - apply mono_s. intros z Hz. pose proof (q_step z Hz). lra.
  - rewrite (Ex_lin n M f g p beta fstar None k st0 q 0 dd dd). lra.
Qed.

Lemma q_nonneg : 0 <= q.
Proof.
  pose proof (sharp_step 0) as H. fold q in H. change (EX 0 st0 dd) with (dist2 n x1 xs) in H.
  rewrite HD in H.
  assert (0 <= EX 1 st0 dd).
  { rewrite <- (Ex_const n M f g p beta fstar None Hp1 1 st0 0). apply mono_s. intros; apply dot_pos. }
  assert (0 < D * D) by (apply Rmult_lt_0_compat; auto).
  destruct (Rle_lt_dec 0 q) as [|Hq]; auto.
  pose proof (Rmult_lt_compat_r _ _ _ H1 Hq). lra.
Qed.

(** Sharp functions: linear convergence without a cap: T4.

    f - f⋆ ≥ s dist(x, x⋆) on the ball and ‖g(x,s)‖ ≤ G there:
    E‖x^{K+1} - x⋆‖² ≤ (1 - (1-β)²s²/G²)^K D².
    Source: derived here. *)
Theorem sharp_linear K :
  EX K st0 dd <= (1 - (1 - beta) * (1 - beta) * (sh * sh) / (G * G)) ^ K * (D * D).
Proof.
  fold q. induction K; [simpl; rewrite HD; lra|].
  pose proof (sharp_step K) as H. fold q in H. simpl pow.
  pose proof (Rmult_le_compat_l q _ _ q_nonneg IHK). lra.
Qed.
End Sharp.
