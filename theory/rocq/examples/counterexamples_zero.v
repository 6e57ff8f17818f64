(** Hypotheses of the theorems from zero that cannot be dropped, and ρ_k, which cannot be left out: for each
    a small problem that meets all others, and on which the conclusion fails. The metric is 1. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions expectation rate smooth.
From Momo Require Import metric method_zero fejer_zero rate_zero sharp_rate_metric smooth_zero instances_zero.
Open Scope R_scope.

Definition one (_ : nat) : R := 1.
Definition line_f (c b : R) (_ : nat) (x : vec) : R := c * Rabs (x O) + b.
Definition line_g (c : R) (_ : nat) (x : vec) : vec := at_ (c * slope (x O)).

Lemma one_nonnegative : nonnegative 1 one.
Proof. intros s _. unfold one. lra. Qed.
Lemma one_sum : sumn 1 one = 1.
Proof. unfold one. simpl. lra. Qed.
Lemma line_convex c b : 0 <= c -> convex 1 1 (line_f c b) (line_g c).
Proof.
  intros Hc s x y _. unfold line_f, line_g, at_, dot, lin; simpl. pose proof (slope_line (x O) (y O)) as H.
  apply (Rmult_le_compat_l c) in H; lra.
Qed.
Lemma line_interpolation c b : interpolation 1 (line_f c b) (at_ 0) b.
Proof. intros s _. unfold line_f, at_. rewrite Rabs_R0. ring. Qed.
Lemma line_below c b a : 0 <= c -> a <= b -> bounded_below 1 (line_f c b) a.
Proof.
  intros Hc Ha s x _. unfold line_f. pose proof (Rabs_pos (x O)).
  assert (0 <= c * Rabs (x O)) by (apply Rmult_le_pos; lra). lra.
Qed.
Lemma line_gradients c D : bounded_gradients_in 1 1 (line_g c) one ones (at_ 0) D c.
Proof.
  intros x _. unfold line_g, one, dual2, ones, at_; simpl. pose proof (slope_sq (x O)) as H.
  right. replace (_ + _) with (c * c * (slope (x O) * slope (x O))) by field. rewrite H. ring.
Qed.
Lemma line_dist x : mdist2 1 ones x (at_ 0) = x O * x O.
Proof. unfold mdist2, norm2, lin, ones, at_; simpl. ring. Qed.
Lemma line_start r : mdist2 1 ones (at_ r) (at_ 0) = r * r.
Proof. unfold mdist2, norm2, lin, ones, at_; simpl. ring. Qed.
Lemma sqrt_four : sqrt (INR 4) = 2.
Proof. replace (INR 4) with (2 * 2) by (simpl; ring). apply sqrt_square. lra. Qed.

#[local] Hint Resolve ones_positive one_nonnegative one_sum line_convex line_interpolation line_below
  line_gradients half_nonnegative half_sum uncapped_positive : met.
#[local] Hint Extern 1 (_ <= _) => lra : met.

Lemma tau_low fl h N : h <= fl -> tau fl None h N = 0.
Proof.
  intros H. unfold tau. destruct (Req_EM_T N 0); [reflexivity|]. rewrite Rmax_left by lra.
  unfold Rdiv. ring.
Qed.
Lemma tau_free h N : 0 <= h -> 0 < N -> tau 0 None h N = h / N.
Proof.
  intros Hh HN. unfold tau. destruct (Req_EM_T N 0); [lra|].
  rewrite Rminus_0_r, Rmax_right by lra. reflexivity.
Qed.

(** Without subgradients: |x| with the "gradient" 0 stays at x^1 = 1 for ever; β = 0, K = 4, G = D = 1. *)
Example rate_zero_needs_convex : exists f g m,
  nonnegative 1 one /\ sumn 1 one = 1 /\ interpolation 1 f (at_ 0) 0 /\ bounded_below 1 f 0 /\
  mdist2 1 ones (at_ 1) (at_ 0) = 1 * 1 /\
  bounded_gradients_in 1 1 g one ones (at_ 0) 1 1 /\
  (forall k, m <= Ez 1 1 f g one 0 0 uncapped ones k 0 (zstart (at_ 1)) (delta 1 f one 0)) /\
  1 * 1 / ((1 - 0) * sqrt (INR 4)) < m.
Proof.
  exists (line_f 1 0), (fun _ _ => at_ 0), 1.
  repeat split; auto with met; [apply line_start| | |rewrite sqrt_four; lra].
  - intros x _. unfold one, dual2, ones, at_; simpl. lra.
  - assert (H : forall k j st, px st O = 1 ->
      1 <= Ez 1 1 (line_f 1 0) (fun _ _ => at_ 0) one 0 0 uncapped ones k j st (delta 1 (line_f 1 0) one 0)).
    { induction k; intros j st Hst; simpl.
      - unfold delta, favg, line_f, one; simpl. rewrite Hst, Rabs_R1. lra.
      - rewrite Rplus_0_l. unfold one at 1. rewrite Rmult_1_l. apply IHk. simpl px.
        unfold lin at 1. unfold precond, lin, ones, at_. rewrite Hst. field. }
    intros k. apply H. reflexivity.
Qed.

(** Without interpolation: |x - 1| and |x + 1| are each at least f⋆ = 0, at points that differ; their mean is
    at least 1 everywhere. β = 0, K = 4, G = D = 1. *)
Example rate_zero_needs_interpolation : exists f g m,
  nonnegative 2 half /\ sumn 2 half = 1 /\ convex 1 2 f g /\ bounded_below 2 f 0 /\
  mdist2 1 ones (at_ 1) (at_ 0) = 1 * 1 /\
  bounded_gradients_in 1 2 g half ones (at_ 0) 1 1 /\
  (forall k, m <= Ez 1 2 f g half 0 0 uncapped ones k 0 (zstart (at_ 1)) (delta 2 f half 0)) /\
  1 * 1 / ((1 - 0) * sqrt (INR 4)) < m.
Proof.
  set (c := fun s : nat => 2 * INR s - 1).
  exists (fun s x => Rabs (x O - c s)), (fun s x => at_ (slope (x O - c s))), 1.
  split; [exact half_nonnegative|]. split; [exact half_sum|].
  repeat split; [| |apply line_start| | |rewrite sqrt_four; lra].
  - intros s x y _. unfold at_, dot, lin; simpl. pose proof (slope_line (x O - c s) (y O - c s)). lra.
  - intros s x _. apply Rabs_pos.
  - intros x _. unfold half, dual2, ones, at_; simpl.
    pose proof (slope_sq (x O - c 0%nat)) as H0. pose proof (slope_sq (x O - c 1%nat)) as H1.
    unfold Rdiv. rewrite Rinv_1, !Rplus_0_l, !Rmult_1_r, H0, H1. lra.
  - assert (H : forall k j st, 1 <= Ez 1 2 (fun s x => Rabs (x O - c s)) (fun s x => at_ (slope (x O - c s)))
      half 0 0 uncapped ones k j st (delta 2 (fun s x => Rabs (x O - c s)) half 0)).
    { induction k; intros j st; simpl.
      - unfold delta, favg, half, c; simpl. unfold Rabs.
        destruct (Rcase_abs (px st O - (2 * 0 - 1))), (Rcase_abs (px st O - (2 * 1 - 1))); lra.
      - pose proof (IHk (S j) (zstep 1 (fun s x => Rabs (x O - c s)) (fun s x => at_ (slope (x O - c s)))
          0 0 (uncapped j) ones (rho 0 (S j)) st 0)) as H0.
        pose proof (IHk (S j) (zstep 1 (fun s x => Rabs (x O - c s)) (fun s x => at_ (slope (x O - c s)))
          0 0 (uncapped j) ones (rho 0 (S j)) st 1)) as H1.
        change (half 0) with (/ 2). change (half 1) with (/ 2). lra. }
    intros k. apply H.
Qed.

(** Without the bound G on gradients: 10|x|, with G = D = 1, K = 1, β = 0. *)
Example rate_zero_needs_bounded_gradients : exists f g m,
  nonnegative 1 one /\ sumn 1 one = 1 /\ convex 1 1 f g /\ interpolation 1 f (at_ 0) 0 /\
  bounded_below 1 f 0 /\ mdist2 1 ones (at_ 1) (at_ 0) = 1 * 1 /\
  (forall k, (k < 1)%nat -> m <= Ez 1 1 f g one 0 0 uncapped ones k 0 (zstart (at_ 1)) (delta 1 f one 0)) /\
  1 * 1 / ((1 - 0) * sqrt (INR 1)) < m.
Proof.
  exists (line_f 10 0), (line_g 10), 10.
  repeat split; auto with met; [apply line_start| |simpl INR; rewrite sqrt_1; lra].
  intros k Hk. destruct k; [|lia]. simpl. unfold delta, favg, line_f, one, at_; simpl. rewrite Rabs_R1. lra.
Qed.

(** ρ_k = 1 in its place: with the lower bound f⋆ = 100 itself beside h_k, for f = |x| + 100, the first five
    h_k = (1-2⁻ᵏ)101 are below f⋆, and no step is taken. β = 1/2, K = 5, G = D = 1. *)
Fixpoint unweighted (k : nat) : state :=
  match k with
  | O => zstart (at_ 1)
  | S j => zstep 1 (line_f 1 100) (line_g 1) (/ 2) 100 None ones 1 (unweighted j) 0
  end.
Lemma unweighted_step k r :
  px (unweighted k) O = 1 -> pd (unweighted k) O = r -> pf (unweighted k) = 101 * r ->
  pg (unweighted k) = r -> 101 * (r / 2 + / 2) <= 100 ->
  px (unweighted (S k)) O = 1 /\ pd (unweighted (S k)) O = r / 2 + / 2 /\
  pf (unweighted (S k)) = 101 * (r / 2 + / 2) /\ pg (unweighted (S k)) = r / 2 + / 2.
Proof.
  intros Hx Hd Hf Hg Hr. cbn [unweighted]. set (st := unweighted k) in *. unfold zstep.
  assert (Es : slope 1 = 1) by (unfold slope; destruct (Rle_dec 0 1); lra).
  assert (Ef : line_f 1 100 0 (px st) = 101) by (unfold line_f; rewrite Hx, Rabs_R1; ring).
  assert (Eg : line_g 1 0 (px st) O = 1) by (unfold line_g, at_; rewrite Hx, Es; ring).
  cbv zeta. cbn [px pd pf pg].
  assert (Ed : lin (/ 2) (pd st) (1 - / 2) (line_g 1 0 (px st)) O = r / 2 + / 2)
    by (unfold lin; rewrite Hd, Eg; field).
  assert (Egx : dot 1 (line_g 1 0 (px st)) (px st) = 1) by (unfold dot; simpl; rewrite Eg, Hx; ring).
  rewrite Egx, Ef, Hf, Hg. repeat split; [|exact Ed|field|field].
  unfold lin at 1. rewrite Hx, Rmult_1_l. rewrite tau_low; [ring|].
  unfold dot. simpl sumn. rewrite Ed, Hx. lra.
Qed.
(** f⋆ for ρ_k f⋆, as said: five points with the gap 1, where the rate would be 2/√5. *)
Example rate_zero_needs_weights :
  convex 1 1 (line_f 1 100) (line_g 1) /\ interpolation 1 (line_f 1 100) (at_ 0) 100 /\
  bounded_below 1 (line_f 1 100) 100 /\ mdist2 1 ones (at_ 1) (at_ 0) = 1 * 1 /\
  bounded_gradients_in 1 1 (line_g 1) one ones (at_ 0) 1 1 /\
  (forall k, (k < 5)%nat -> 1 <= line_f 1 100 0 (px (unweighted k)) - 100) /\
  1 * 1 / ((1 - / 2) * sqrt (INR 5)) < 1.
Proof.
  repeat split; auto with met; [apply line_start| |].
  - assert (H0 : px (unweighted 0) O = 1 /\ pd (unweighted 0) O = 0 /\ pf (unweighted 0) = 101 * 0 /\
      pg (unweighted 0) = 0) by (repeat split; simpl; lra).
    destruct H0 as (A0 & B0 & C0 & E0).
    destruct (unweighted_step 0 _ A0 B0 C0 E0) as (A1 & B1 & C1 & E1); [lra|].
    destruct (unweighted_step 1 _ A1 B1 C1 E1) as (A2 & B2 & C2 & E2); [lra|].
    destruct (unweighted_step 2 _ A2 B2 C2 E2) as (A3 & B3 & C3 & E3); [lra|].
    destruct (unweighted_step 3 _ A3 B3 C3 E3) as (A4 & _); [lra|].
    assert (H : forall k, (k < 5)%nat -> px (unweighted k) O = 1)
      by (intros k Hk; destruct k as [|[|[|[|[|k]]]]]; auto; lia).
    intros k Hk. unfold line_f. rewrite (H k Hk), Rabs_R1. lra.
  - assert (H : 2 < sqrt (INR 5)).
    { replace 2 with (sqrt (2 * 2)) by (apply sqrt_square; lra). apply sqrt_lt_1_alt. simpl. lra. }
    apply (Rmult_lt_reg_r ((1 - / 2) * sqrt (INR 5))); [lra|].
    replace (1 * 1 / ((1 - / 2) * sqrt (INR 5)) * ((1 - / 2) * sqrt (INR 5))) with 1 by (field; lra). lra.
Qed.

(** Without the bound G: E‖d_1‖² = 100 for f = 10|x|, β = 0, where ρ_1 = 1 and G = 1. *)
Example mean_square_zero_needs_bounded_gradients : exists f g,
  nonnegative 1 one /\ sumn 1 one = 1 /\ convex 1 1 f g /\ interpolation 1 f (at_ 0) 0 /\
  bounded_below 1 f 0 /\ mdist2 1 ones (at_ 1) (at_ 0) = 1 * 1 /\
  rho 0 1 * rho 0 1 * (1 * 1)
    < Ez 1 1 f g one 0 0 uncapped ones 1 0 (zstart (at_ 1)) (fun z => dual2 1 ones (pd z)).
Proof.
  exists (line_f 10 0), (line_g 10). repeat split; auto with met; [apply line_start|].
  unfold rho, Ez. simpl sumn. simpl pd. unfold one, dual2, ones, lin, line_g, at_. simpl.
  pose proof (slope_sq 1) as H. replace (_ + _) with (100 * (slope 1 * slope 1)) by field. rewrite H. lra.
Qed.

(** A lower bound below the minimum: f = |x| with f_⋆ = -1, from x^1 = 1/2, β = 0: the step goes to -1. *)
Example fejer_zero_needs_interpolation : exists f g,
  convex 1 1 f g /\ bounded_below 1 f (-1) /\
  let z k := zpath 1 f g 0 (-1) uncapped ones (at_ (/ 2)) (fun _ => 0%nat) k in
  mdist2 1 ones (px (z 0%nat)) (at_ 0) < mdist2 1 ones (px (z 1%nat)) (at_ 0).
Proof.
  exists (line_f 1 0), (line_g 1). split; [auto with met|]. split; [auto with met|]. cbv zeta.
  assert (Es : slope (/ 2) = 1) by (unfold slope; destruct (Rle_dec 0 (/ 2)); lra).
  assert (Ea : Rabs (/ 2) = / 2) by (apply Rabs_right; lra).
  set (z := zpath 1 (line_f 1 0) (line_g 1) 0 (-1) uncapped ones (at_ (/ 2)) (fun _ => 0%nat)).
  assert (E : px (z 1%nat) O = -1).
  { unfold z; simpl. unfold lin at 1.
    unfold zstart, dual2, precond, dot, lin, line_f, line_g, ones, at_, rho; simpl.
    rewrite Es, Ea. unfold tau. destruct (Req_EM_T _ 0) as [H|H]; [exfalso; field_simplify in H; lra|].
    rewrite Rmax_right by lra. field. }
  rewrite !line_dist, E. unfold z, zpath, zstart, at_. simpl px. lra.
Qed.

(** A cap in the step before: |x| with α = 1/10, β = 1/2: h_2 = 0.675, and (1-β)δ_2 = 0.45. *)
Example landing_zero_needs_no_cap : exists f g,
  convex 1 1 f g /\ interpolation 1 f (at_ 0) 0 /\ bounded_below 1 f 0 /\
  let z k := zpath 1 f g (/ 2) 0 (fun _ => Some (/ 10)) ones (at_ 1) (fun _ => 0%nat) k in
  model 1 (z 2%nat) (px (z 1%nat)) - rho (/ 2) 2 * 0 <> (1 - / 2) * (f O (px (z 1%nat)) - 0).
Proof.
  exists (line_f 1 0), (line_g 1). split; [auto with met|]. split; [auto with met|]. split; [auto with met|].
  cbv zeta.
  set (z := zpath 1 (line_f 1 0) (line_g 1) (/ 2) 0 (fun _ => Some (/ 10)) ones (at_ 1) (fun _ => 0%nat)).
  assert (Es : forall x, 0 <= x -> slope x = 1) by (intros x Hx; unfold slope; destruct (Rle_dec 0 x); lra).
  assert (Ed : pd (z 1%nat) O = / 2).
  { unfold z; simpl. unfold lin, line_g, at_. rewrite Es by lra. lra. }
  assert (Ef : pf (z 1%nat) = / 2) by (unfold z; simpl; unfold line_f, at_; rewrite Rabs_R1; lra).
  assert (Eg : pg (z 1%nat) = / 2).
  { unfold z; simpl. unfold dot, line_g, at_; simpl. rewrite Es by lra. lra. }
  assert (Ex : px (z 1%nat) O = 9 / 10).
  { unfold z; simpl. unfold lin at 1.
    unfold zstart, dual2, precond, dot, lin, line_f, line_g, ones, at_, rho; simpl.
    rewrite Rabs_R1, Es by lra. unfold tau.
    destruct (Req_EM_T _ 0) as [H|H]; [exfalso; field_simplify in H; lra|].
    rewrite Rmax_right by lra. rewrite Rmin_left; [field|].
    match goal with |- ?a <= ?b => replace a with (/ 5) by field; replace b with 2 by field end. lra. }
  assert (E2 : model 1 (z 2%nat) (px (z 1%nat)) = 27 / 40).
  { change (z 2%nat)
      with (zstep 1 (line_f 1 0) (line_g 1) (/ 2) 0 (Some (/ 10)) ones (rho (/ 2) 2) (z 1%nat) 0).
    set (st := z 1%nat) in *. clearbody st. unfold model, zstep; cbv zeta; cbn [px pd pf pg].
    unfold dot, lin; simpl sumn. unfold line_f, line_g, at_. rewrite Ed, Ef, Eg, Ex, Es by lra.
    rewrite (Rabs_right (9 / 10)) by lra. field. }
  rewrite E2. unfold line_f. rewrite Ex, Rabs_right by lra. lra.
Qed.

(** Not smooth: |x| from 1/2, where D² = 1/4 and L = 1, β = 0: the first term alone is 1/2. *)
Example smooth_sum_zero_needs_smooth : exists f g,
  convex 1 1 f g /\ interpolation 1 f (at_ 0) 0 /\ bounded_below 1 f 0 /\
  mdist2 1 ones (at_ (/ 2)) (at_ 0) = / 2 * / 2 /\
  / 2 * / 2 < sumn 1 (fun k => worth None 1 * ((1 - 0) / (1 - 0 ^ S k) *
    (f O (px (zpath 1 f g 0 0 uncapped ones (at_ (/ 2)) (fun _ => 0%nat) k)) - 0))).
Proof.
  exists (line_f 1 0), (line_g 1). repeat split; auto with met; [apply line_start|].
  simpl. unfold line_f, at_. rewrite (Rabs_right (/ 2)) by lra. unfold Rdiv.
  replace (/ (1 - 0 * 1)) with 1 by field. rewrite Rinv_1. lra.
Qed.

(** The weights of [rescaling]: with r' = 1 after r = 0, where β = 1/2 asks for 1/2, values do not agree. *)
Example rescaling_needs_weights : exists f g s st,
  first st = false /\ pf (view ones (1 * 1) (zstep 1 f g (/ 2) 1 None ones 1 st s)) <>
  pf (step 1 (fview f ones 1) (gview g ones) (/ 2) 0 None (view ones (0 * 1) st) s).
Proof.
  exists (line_f 1 1), (line_g 1), 0%nat, (zstart (at_ 1)). split; [reflexivity|].
  unfold view, step, zstep, fview; simpl. rewrite down_up by apply ones_positive.
  unfold line_f, at_. rewrite Rabs_R1. lra.
Qed.

(** The sharp rate without subgradients: 10|x| with the slopes of |x|; one evaluation, G = D = 1. *)
Example sharp_rate_metric_needs_convex : exists f g m,
  interpolation 1 (fun _ => f) (at_ 0) 0 /\ bounded_below 1 (fun _ => f) 0 /\
  mdist2 1 ones (at_ 1) (at_ 0) = 1 * 1 /\ (forall x, dual2 1 ones (g x) <= 1 * 1) /\
  (forall k, (k < 1)%nat -> m <= f (px (zrun 1 f g 0 0 ones (at_ 1) k)) - 0) /\
  1 * 1 / sqrt (1 + sumn 0 (fun i => (1 - 0 * 0) / (1 - 0 ^ (2 * S i)))) < m.
Proof.
  exists (line_f 10 0 0), (line_g 1 0), 10. split; [exact (line_interpolation 10 0)|].
  split; [apply (line_below 10 0 0); lra|]. split; [apply line_start|]. split.
  - intros x. unfold line_g, dual2, ones, at_; simpl. pose proof (slope_sq (x O)) as H.
    replace (_ + _) with (slope (x O) * slope (x O)) by field. rewrite H. lra.
  - split; [|simpl sumn; rewrite Rplus_0_r, sqrt_1; lra]. intros k Hk. destruct k; [|lia].
    unfold zrun; simpl. unfold line_f, at_. rewrite Rabs_R1. lra.
Qed.

(** The sharp rate without the bound on gradients: 10|x|, one evaluation, G = D = 1. *)
Example sharp_rate_metric_needs_bounded_gradients : exists f g m,
  convex 1 1 (fun _ => f) (fun _ => g) /\ interpolation 1 (fun _ => f) (at_ 0) 0 /\
  bounded_below 1 (fun _ => f) 0 /\ mdist2 1 ones (at_ 1) (at_ 0) = 1 * 1 /\
  (forall k, (k < 1)%nat -> m <= f (px (zrun 1 f g 0 0 ones (at_ 1) k)) - 0) /\
  1 * 1 / sqrt (1 + sumn 0 (fun i => (1 - 0 * 0) / (1 - 0 ^ (2 * S i)))) < m.
Proof.
  exists (line_f 10 0 0), (line_g 10 0), 10. split; [apply (line_convex 10 0); lra|].
  split; [exact (line_interpolation 10 0)|]. split; [apply (line_below 10 0 0); lra|].
  split; [apply line_start|]. split; [|simpl sumn; rewrite Rplus_0_r, sqrt_1; lra].
  intros k Hk. destruct k; [|lia]. unfold zrun; simpl. unfold line_f, at_. rewrite Rabs_R1. lra.
Qed.
