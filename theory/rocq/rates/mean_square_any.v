(** Averaged gradients, E‖d_k‖² ≤ ρ_k² G², from the first sample and from zero, in any fixed metric, with any
    caps.

    1. Every point is in the ball around x⋆ through x^1: that is Fejér's step, for which no sample has to be
       above f⋆ outside of x⋆ ([good_step]).
    2. With ρ_{k+1} = keep ρ_k + 1 - keep the square is convex:
       ‖keep d + (1-keep) g‖² ≤ ρ_{k+1}(keep ‖d‖²/ρ_k + (1-keep)‖g‖²) ([dual_convex]); in expectation, and by
       induction over k. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions expectation metric_norms method_zero any_metric.
From Momo Require Import fejer_any.
Open Scope R_scope.

(** G in the metric: E‖g(x,s)‖²_{D⁻¹} ≤ G² where ‖x - x⋆‖_D ≤ R. *)
Definition gradients_in (n M : nat) (g : nat -> vec -> vec) (p : nat -> R) (D E : matrix) (xs : vec)
  (R0 G : R) :=
  forall x, dist_in n D x xs <= R0 * R0 -> sumn M (fun s => p s * dual_in n E (g s x)) <= G * G.

(** E φ after k more independent samples, from a state after j of them. *)
Fixpoint Em (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R) (beta fstar : R)
  (b : beginning) (E : matrix) (caps : nat -> option R) (k j : nat) (st : state) (phi : state -> R) : R :=
  match k with
  | O => phi st
  | S m => sumn M (fun s => p s * Em n M f g p beta fstar b E caps m (S j)
      (mstep n f g beta fstar E (caps j) (weight b beta (S j)) st s) phi)
  end.

Section MeanSquare.
Variables (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (p : nat -> R) (beta fstar : R).
Variables (b : beginning) (D E : matrix) (caps : nat -> option R) (xs x1 : vec) (R0 G : R).
Notation EM := (Em n M f g p beta fstar b E caps).
Notation r := (weight b beta).
Notation STEP j := (mstep n f g beta fstar E (caps j) (r (S j))).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HD : is_metric n D E.
Hypothesis Hcaps : forall k, positive_cap (caps k).
Hypothesis Hp : nonnegative M p.
Hypothesis Hp1 : sumn M p = 1.
Hypothesis Hconv : convex n M f g.
Hypothesis Hint : interpolation M f xs fstar.
Hypothesis HR : dist_in n D x1 xs = R0 * R0.
Hypothesis HG : gradients_in n M g p D E xs R0 G.

(** In the ball, with the model below ρ_k f⋆ at x⋆. *)
Definition good (k : nat) (st : state) : Prop :=
  below_at n beta fstar xs b k st /\ dist_in n D (px st) xs <= R0 * R0.

Lemma good_start : good 0 (begin b x1).
Proof. split; [apply begin_below|]. destruct b; simpl; lra. Qed.
Lemma good_step k st s : good k st -> (s < M)%nat -> good (S k) (STEP k st s).
Proof.
  intros [Hb Hball] Hs.
  pose proof (taken_below n M f g beta fstar xs Hbeta Hconv Hint b k st (px st) s Hb Hs) as H.
  split; [exact H|]. destruct H as [_ H]. specialize (H eq_refl). apply Rle_trans with (2 := Hball).
  set (z := taken n f g beta st (px st) s) in *. set (h := model n z (px st)).
  set (t := length_of fstar (caps k) (r (S k)) h (dual_in n E (pd z))).
  change (px (STEP k st s)) with (lin 1 (px st) (- t) (mul n E (pd z))).
  rewrite (dist_move n D E HD).
  pose proof (length_facts fstar (caps k) (r (S k)) h (dual_in n E (pd z)) (proj1 (weight_range b beta k
    Hbeta))
    (Hcaps k) (dual_pos n D E HD _)) as [H0 [H1 [H2 _]]]. fold t in H0, H1, H2.
  assert (Hdir : h - r (S k) * fstar <= dot n (pd z) (lin 1 (px st) (-1) xs))
    by (rewrite dot_lin_r; unfold h, model in *; lra).
  apply (Rmult_le_compat_l t) in Hdir; auto.
  destruct (Rle_lt_dec (h - r (S k) * fstar) 0) as [Ha|Ha].
  - rewrite (H2 Ha) in *. lra.
  - rewrite Rmax_right in H1 by lra. apply (Rmult_le_compat_l t) in H1; auto.
    assert (0 <= t * (h - r (S k) * fstar)) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma Em_lin k : forall j st a c phi psi,
  EM k j st (fun z => a * phi z + c * psi z) = a * EM k j st phi + c * EM k j st psi.
Proof.
  induction k as [|k IH]; simpl; intros; auto.
  rewrite <- !sumn_scal, <- sumn_plus. apply sumn_ext; intros. rewrite IH. ring.
Qed.
Lemma Em_const k : forall j st a, EM k j st (fun _ => a) = a.
Proof.
  induction k as [|k IH]; simpl; intros; auto.
  rewrite (sumn_ext M _ (fun s => a * p s)) by (intros; rewrite IH; ring). rewrite sumn_scal, Hp1; ring.
Qed.
Lemma Em_last k : forall j st phi,
  EM (S k) j st phi = EM k j st (fun z => sumn M (fun s => p s * phi (STEP (j + k)%nat z s))).
Proof.
  induction k as [|k IH]; intros j st phi; [simpl; rewrite Nat.add_0_r; reflexivity|].
  change (EM (S (S k)) j st phi) with (sumn M (fun s => p s * EM (S k) (S j) (STEP j st s) phi)).
  simpl Em at 2. apply sumn_ext; intros s Hs. rewrite IH. rewrite Nat.add_succ_comm. reflexivity.
Qed.
Lemma Em_mono k : forall j st phi psi, good j st -> (forall z, good (j + k) z -> phi z <= psi z) ->
  EM k j st phi <= EM k j st psi.
Proof.
  induction k as [|k IH]; simpl; intros j st phi psi Hi H; [apply H; rewrite Nat.add_0_r; auto|].
  apply sumn_le; intros s Hs. apply Rmult_le_compat_l; auto. apply IH; [apply good_step; auto|].
  intros z Hz. apply H. rewrite <- Nat.add_succ_comm. auto.
Qed.

(** ‖keep d + (1-keep) u‖² ≤ (keep ρ + 1 - keep)(keep ‖d‖²/ρ + (1-keep)‖u‖²). *)
Lemma dual_convex c q d u : 0 <= c <= 1 -> 0 < q -> dual_in n E (lin c d (1 - c) u) <=
  (c * q + (1 - c)) * (c / q * dual_in n E d + (1 - c) * dual_in n E u).
Proof.
  intros Hc Hq. pose proof (dual_pos n D E HD (lin 1 d (- q) u)) as H.
  assert (H1 : 0 <= c * (1 - c) / q * dual_in n E (lin 1 d (- q) u)).
  { apply Rmult_le_pos; [|auto]. unfold Rdiv. apply Rmult_le_pos; [apply Rmult_le_pos; lra|].
    left. apply Rinv_0_lt_compat; auto. }
  apply Rminus_le. replace (_ - _) with (- (c * (1 - c) / q * dual_in n E (lin 1 d (- q) u))); [lra|].
  rewrite !(dual_lin n D E HD). field. lra.
Qed.

(** Averaged gradients: E‖d_k‖²_{D⁻¹} ≤ ρ_k² G² for every k ≥ 1; ρ_k = 1 from the first sample, ρ_k = 1-β^k
    from zero.  Source: MoMo paper, proof of the convergence theorem, for D = I and ρ_k = 1; else derived
    here. *)
Theorem mean_square_any k :
  EM (S k) 0 (begin b x1) (fun z => dual_in n E (pd z)) <= r (S k) * r (S k) * (G * G).
Proof.
  induction k as [|k IH].
  - simpl Em. pose proof (HG x1 (Req_le _ _ HR)) as H.
    rewrite (sumn_ext M _ (fun s => r 1 * r 1 * (p s * dual_in n E (g s x1)))).
    + rewrite sumn_scal. apply Rmult_le_compat_l; [apply sq_pos|exact H].
    + intros s Hs. rewrite (weight_next beta b (begin b x1) 0 (begun_start b x1)).
      unfold mstep, taken; cbn [pd].
      replace (px (begin b x1)) with x1 by (destruct b; reflexivity). rewrite (dual_lin n D E HD).
      assert (Ez : pd (begin b x1) = fun _ => 0) by (destruct b; reflexivity). rewrite Ez.
      assert (E1 : forall y, dot n (fun _ => 0) y = 0)
        by (intros y; unfold dot; rewrite (sumn_scal n 0 y); ring).
      unfold dual_in. rewrite !E1.
      assert (Ek : keepof beta (begin b x1) * r 0 = 0)
        by (destruct b; unfold keepof, weight, rho; simpl; ring).
      rewrite Ek. ring.
  - rewrite Em_last. set (q := r (S k)) in *. simpl plus.
    pose proof (weight_range b beta k Hbeta) as Hq. fold q in Hq.
    assert (Er : r (S (S k)) = beta * q + (1 - beta))
      by (unfold q; destruct b; simpl; [ring|apply rho_next]).
    apply Rle_trans with (EM (S k) 0 (begin b x1)
      (fun z => r (S (S k)) * beta / q * dual_in n E (pd z) + r (S (S k)) * (1 - beta) * (G * G))).
    + assert (Hr : 0 < r (S (S k))) by apply (weight_range b beta (S k) Hbeta).
      assert (Hf : forall z, good (S k) z -> first z = false ->
        sumn M (fun s => p s * dual_in n E (pd (STEP (S k) z s))) <=
        r (S (S k)) * beta / q * dual_in n E (pd z) + r (S (S k)) * (1 - beta) * (G * G)).
      { intros z [_ Hz] Ef. pose proof (HG (px z) Hz) as Hg.
        apply Rle_trans with (sumn M (fun s => r (S (S k)) * beta / q * dual_in n E (pd z) * p s
          + r (S (S k)) * (1 - beta) * (p s * dual_in n E (g s (px z))))).
        - apply sumn_le. intros s Hs.
          assert (Ed : pd (STEP (S k) z s) = lin beta (pd z) (1 - beta) (g s (px z)))
            by (unfold mstep, taken, keepof; cbn [pd]; rewrite Ef; reflexivity).
          rewrite Ed. assert (Hb1 : 0 <= beta <= 1) by lra.
          pose proof (dual_convex beta q (pd z) (g s (px z)) Hb1 (proj1 Hq)) as Hc.
          rewrite <- Er in Hc. apply (Rmult_le_compat_l (p s)) in Hc; [|auto]. unfold Rdiv in *. lra.
        - rewrite sumn_plus, !sumn_scal, Hp1. apply (Rmult_le_compat_l (r (S (S k)) * (1 - beta))) in Hg; [|
            apply Rmult_le_pos; lra]. lra. }
      rewrite !Em_last. apply Em_mono; [apply good_start|]. intros z Hz. simpl plus in *.
      apply sumn_le. intros s Hs. apply Rmult_le_compat_l; auto.
      apply Hf; [apply good_step; auto|reflexivity].
    + rewrite (Em_lin (S k) 0 (begin b x1) (r (S (S k)) * beta / q) (r (S (S k)) * (1 - beta))
        (fun z => dual_in n E (pd z)) (fun _ => G * G)), Em_const.
      assert (Hc : 0 <= r (S (S k)) * beta / q).
      { unfold Rdiv. apply Rmult_le_pos; [|left; apply Rinv_0_lt_compat; lra].
        apply Rmult_le_pos; [|lra]. left. apply (weight_range b beta (S k) Hbeta). }
      apply (Rmult_le_compat_l _ _ _ Hc) in IH.
      replace (r (S (S k)) * beta / q * (q * q * (G * G))) with (r (S (S k)) * (beta * q) * (G * G)) in IH
        by (field; lra).
      rewrite Er at 4. lra.
Qed.
End MeanSquare.
