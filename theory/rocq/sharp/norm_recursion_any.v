(** The norm recursion of one function, from the first sample and from zero, in any fixed metric D.

    δ_k = f(x^k) - f⋆, D_k = d_k/(1-β) and N_k = ‖D_k‖²_{D⁻¹}. Without a cap h_k - ρ_k f⋆ = (1-β)δ_k, from the
    second step on, and from zero in the first one, too ([landing_any]); so τ_k = (1-β)δ_k/‖d_k‖².
    1. Convexity between x^k and x^{k+1} = x^k - τ_k D⁻¹d_k: τ_k <g_{k+1}, D⁻¹d_k> ≤ δ_k - δ_{k+1}.
    2. This bounds the product in ‖d_{k+1}‖² = ‖βd_k + (1-β)g_{k+1}‖². *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric_norms method_zero any_metric fejer_any.
Open Scope R_scope.

Section OneFunction.
Variables (n : nat) (f : vec -> R) (g : vec -> vec) (beta fstar : R) (b : beginning) (D E : matrix).
Variables (xs x1 : vec).
Hypothesis Hbeta : 0 <= beta < 1.
Hypothesis HD : is_metric n D E.
Hypothesis Hconv : convex n 1 (fun _ => f) (fun _ => g).
Hypothesis Hint : interpolation 1 (fun _ => f) xs fstar.
Hypothesis Hmin : bounded_below 1 (fun _ => f) fstar.

(** The run of one function without a cap. *)
Definition one_run (k : nat) : state :=
  mrun n (fun _ => f) (fun _ => g) beta fstar b E (fun _ => None) x1 (fun _ => 0%nat) k.
Notation x k := (px (one_run k)).
Notation d k := (pd (one_run (S k))).
Notation nocap := (fun _ : nat => None).
Notation only := (fun _ : nat => 0%nat).

Lemma one_run_start : x 0 = x1.
Proof. unfold one_run; simpl. destruct b; reflexivity. Qed.
(** δ_k > 0 implies d_k ≠ 0; and the step that was taken. *)
Lemma one_step_taken k : (b = at_zero \/ k <> O) -> 0 < f (x k) - fstar ->
  0 < dual_in n E (d k) /\ x (S k) =
    lin 1 (x k) (- ((1 - beta) * (f (x k) - fstar) / dual_in n E (d k))) (mul n E (d k)).
Proof.
  intros Hk Hd.
  assert (Hcaps : forall j : nat, positive_cap (nocap j)) by (intros; exact I).
  assert (Hw : forall j, (only j < 1)%nat) by (intros; exact Nat.lt_0_1).
  pose proof (landing_any n 1 _ _ beta fstar b D E nocap xs x1 only Hbeta HD Hcaps Hconv Hint Hw Hmin)
    as [L0 L1].
  pose proof (run_facts n (fun _ => f) (fun _ => g) beta fstar b D E nocap x1 only Hbeta HD Hcaps k)
    as [_ [_ [_ [_ Ht]]]].
  pose proof (run_still n 1 (fun _ => f) (fun _ => g) beta fstar b D E nocap xs x1 only Hbeta HD
    Hconv Hint Hw k) as Hs.
  set (a := excess n (fun _ => f) (fun _ => g) beta fstar b E nocap x1 only k) in *.
  assert (Ea : a = (1 - beta) * (f (x k) - fstar)).
  { destruct k as [|k]; [|apply (L1 k eq_refl)]. destruct Hk as [Hk|Hk]; [|contradiction].
    unfold a. rewrite L0, Hk, one_run_start. reflexivity. }
  assert (Ha : 0 < a) by (rewrite Ea; apply Rmult_lt_0_compat; lra).
  pose proof (dual_pos n D E HD (d k)) as HN.
  assert (HN0 : dual_in n E (d k) <> 0) by (intros E0; specialize (Hs E0); lra).
  split; [lra|]. specialize (Ht eq_refl HN0). rewrite Rmax_right in Ht by lra.
  change (x (S k)) with (lin 1 (x k)
    (- taus n (fun _ => f) (fun _ => g) beta fstar b E nocap x1 only k) (mul n E (d k))).
  rewrite Ht, Ea. reflexivity.
Qed.

(** The norm recursion, for every k with δ_k > 0; from the first sample for k ≥ 2, from zero for k ≥ 1:
    δ_{k+1} ≤ δ_k(1 - <g_{k+1},D_k>_{D⁻¹}/N_k), and N_{k+1} ≤ G² + β²N_k + 2βN_k(1 - δ_{k+1}/δ_k) where
    ‖g_{k+1}‖_{D⁻¹} ≤ G.  Source: derived here. *)
Theorem norm_recursion_any k G : (b = at_zero \/ k <> O) -> 0 < f (x k) - fstar ->
  dual_in n E (g (x (S k))) <= G * G ->
  let delta j := f (x j) - fstar in
  let N j := dual_in n E (d j) / ((1 - beta) * (1 - beta)) in
  let product := dot n (g (x (S k))) (mul n E (d k)) / (1 - beta) in
  delta (S k) <= delta k * (1 - product / N k) /\
  N (S k) <= G * G + beta * beta * N k + 2 * beta * N k * (1 - delta (S k) / delta k).
Proof.
  intros Hk Hd Hg delta N product. destruct (one_step_taken k Hk Hd) as [HN Ex].
  fold (delta k) in Hd, Ex. set (S2 := dual_in n E (d k)) in *.
  set (ip := dot n (g (x (S k))) (mul n E (d k))) in *.
  assert (Hb : (1 - beta) * delta k / S2 * ip <= delta k - delta (S k)).
  { pose proof (Hconv 0%nat (x (S k)) (x k) Nat.lt_0_1) as H. unfold delta at 2 3.
    replace ((1 - beta) * delta k / S2 * ip) with (dot n (g (x (S k))) (lin 1 (x k) (-1) (x (S k))));
      [lra|].
    rewrite Ex at 2. rewrite !dot_lin_r. fold ip. ring. }
  assert (HQ : 0 < (1 - beta) * (1 - beta)) by (apply Rmult_lt_0_compat; lra).
  split.
  - unfold product, N. fold S2.
    replace (delta k * (1 - ip / (1 - beta) / (S2 / ((1 - beta) * (1 - beta)))))
      with (delta k - (1 - beta) * delta k / S2 * ip) by (field; lra). lra.
  - assert (Hip : (1 - beta) * ip <= S2 * (1 - delta (S k) / delta k)).
    { apply (Rmult_le_reg_l (delta k / S2)); [apply Rdiv_lt_0_compat; auto|].
      replace (delta k / S2 * (S2 * (1 - delta (S k) / delta k))) with (delta k - delta (S k)) by (field;
        lra).
      replace (delta k / S2 * ((1 - beta) * ip)) with ((1 - beta) * delta k / S2 * ip) by (field; lra).
      exact Hb. }
    assert (En : dual_in n E (d (S k)) = beta * beta * S2 + 2 * (beta * (1 - beta)) * ip
      + (1 - beta) * (1 - beta) * dual_in n E (g (x (S k)))).
    { change (d (S k)) with (lin beta (d k) (1 - beta) (g (x (S k)))). rewrite (dual_lin n D E HD).
      fold S2. rewrite (dual_sym n D E HD (d k)). fold ip. ring. }
    apply (Rmult_le_compat_l beta) in Hip; [|lra].
    apply (Rmult_le_compat_l ((1 - beta) * (1 - beta))) in Hg; [|lra].
    unfold N. rewrite En. fold S2. apply (Rmult_le_reg_r ((1 - beta) * (1 - beta))); auto.
    replace ((G * G + beta * beta * (S2 / ((1 - beta) * (1 - beta))) + 2 * beta *
      (S2 / ((1 - beta) * (1 - beta))) * (1 - delta (S k) / delta k)) * ((1 - beta) * (1 - beta)))
      with ((1 - beta) * (1 - beta) * (G * G) + beta * beta * S2
        + 2 * (beta * (S2 * (1 - delta (S k) / delta k)))) by (field; lra).
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. unfold Rdiv in *. lra.
Qed.
End OneFunction.
