(** What the theorems of fejer_any.v need: a positive part where a sample may be below f⋆, and no cap for the
    sum of squares. On the line, in the identity, from the first sample with β = 0. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric_norms method_zero any_metric fejer_any.
Open Scope R_scope.

Definition unit1 : matrix := fun _ _ => 1.
Lemma unit1_metric : is_metric 1 unit1 unit1.
Proof.
  split; [split|].
  - intros i j _ _. reflexivity.
  - intros y. destruct (Req_dec (y O) 0) as [E|E].
    + left. intros i Hi. destruct i; [exact E|lia].
    + right. apply Rsqr_pos_lt in E. unfold Rsqr in E. unfold sqnorm, inner, mul, dot, unit1; simpl. lra.
  - intros d i Hi. unfold mul, unit1; simpl. destruct i; [ring|lia].
Qed.

(** f(x) = x from x^1 = -1, x⋆ = 0, f⋆ = 0: f(x⋆) = f⋆, but f is below f⋆ at x^1. There h_1 - f⋆ = -1 and
    nothing moves, so that the decrease is 0 and not (h_1-f⋆)²/‖d_1‖² = 1. *)
Example fejer_any_uncapped_needs_positive_part :
  let f := fun (_ : nat) (x : vec) => x O in let g := fun (_ : nat) (_ : vec) (_ : nat) => 1 in
  let x1 := fun _ : nat => -1 in let origin := fun _ : nat => 0 in let w := fun _ : nat => O in
  let a := excess 1 f g 0 0 at_first unit1 (fun _ => None) x1 w 0 in
  let N := size2 1 f g 0 0 at_first unit1 (fun _ => None) x1 w 0 in
  let gone k := away 1 f g 0 0 at_first unit1 unit1 (fun _ => None) origin x1 w k in
  convex 1 1 f g /\ interpolation 1 f origin 0 /\ a * a / N = 1 /\ gone O - a * a / N < gone 1%nat.
Proof.
  intros f g x1 origin w a N gone.
  assert (EN : N = 1).
  { unfold N, size2, dual_in, dot, mul, unit1, mrun, mstep, taken, keepof, lin, g; simpl. ring. }
  assert (Ea : a = -1).
  { unfold a, excess, model, mrun, mstep, taken, keepof, lin, dot, f, g, x1; simpl. ring. }
  assert (Hf : gone O <= gone 1%nat).
  { unfold gone, away. change (px (mrun 1 f g 0 0 at_first unit1 (fun _ => None) x1 w 1))
      with (lin 1 x1 (- taus 1 f g 0 0 at_first unit1 (fun _ => None) x1 w 0)
        (mul 1 unit1 (pd (mrun 1 f g 0 0 at_first unit1 (fun _ => None) x1 w 1)))).
    assert (Et : taus 1 f g 0 0 at_first unit1 (fun _ => None) x1 w 0 = 0).
    { assert (Hb : 0 <= 0 < 1) by lra.
      destruct (run_facts 1 f g 0 0 at_first unit1 unit1 (fun _ => None) x1 w Hb unit1_metric (fun _ => I) 0)
        as [_ [_ [H _]]]. apply H. change (a <= 0). lra. }
    rewrite Et. unfold dist_in, sqnorm, inner, mul, dot, lin, unit1; simpl. lra. }
  split; [intros s x y _; unfold f, g, dot, lin; simpl; lra|].
  split; [intros s _; reflexivity|]. rewrite Ea, EN. split; [field|]. lra.
Qed.

(** f(x) = x²/2 from x^1 = 1 with the cap α = 1/10: h_1² /‖d_1‖² = 1/4 and h_2²/‖d_2‖² = (9/10)²/4, and so on:
    each term is (81/100) times the one before, and ten of them sum to more than ‖x^1-x⋆‖² = 1. *)
Example summed_any_needs_no_cap :
  let f := fun (_ : nat) (x : vec) => x O * x O / 2 in let g := fun (_ : nat) (x : vec) (_ : nat) => x O in
  let x1 := fun _ : nat => 1 in let origin := fun _ : nat => 0 in let w := fun _ : nat => O in
  let caps := fun _ : nat => Some (1 / 10) in
  let a := excess 1 f g 0 0 at_first unit1 caps x1 w in let N := size2 1 f g 0 0 at_first unit1 caps x1 w in
  convex 1 1 f g /\ interpolation 1 f origin 0 /\ bounded_below 1 f 0 /\ (forall k, positive_cap (caps k)) /\
  dist_in 1 unit1 x1 origin < sumn 10 (fun k => Rmax 0 (a k) * Rmax 0 (a k) / N k).
Proof.
  intros f g x1 origin w caps a N.
  set (run := mrun 1 f g 0 0 at_first unit1 caps x1 w).
  assert (Hd : forall k, pd (run (S k)) O = px (run k) O).
  { intros k. unfold run. simpl mrun. fold run. unfold mstep, taken, keepof; cbn [pd].
    destruct (first (run k)); unfold lin, g; ring. }
  assert (HN : forall k, N k = px (run k) O * px (run k) O).
  { intros k. change (N k) with (0 + pd (run (S k)) O * (0 + 1 * pd (run (S k)) O)). rewrite Hd. ring. }
  assert (Ha : forall k, a k = px (run k) O * px (run k) O / 2).
  { intros k. unfold a, excess. fold run. unfold run at 1. simpl mrun. fold run. rewrite model_mstep.
    rewrite model_taken. unfold keepof.
    replace (if first (run k) then 0 else 0) with 0 by (destruct (first (run k)); reflexivity).
    unfold f, g, dot, lin; simpl. field. }
  assert (Hx : forall k, px (run k) O = (9 / 10) ^ k).
  { induction k as [|k IH]; [reflexivity|].
    assert (Hp : 0 < (9 / 10) ^ k) by (apply pow_lt; lra).
    change (px (run (S k)) O) with (1 * px (run k) O
      + - taus 1 f g 0 0 at_first unit1 caps x1 w k * mul 1 unit1 (pd (run (S k))) O).
    assert (Et : taus 1 f g 0 0 at_first unit1 caps x1 w k = 1 / 10).
    { unfold taus. fold run. pose proof (HN k) as E1. pose proof (Ha k) as E2. fold (N k).
      assert (Eh : model 1 (run (S k)) (px (run k)) = a k) by (unfold a, excess; fold run; simpl weight;
        ring).
      rewrite Eh, E1, E2, IH. set (q := (9 / 10) ^ k) in *. unfold length_of, tau. simpl weight.
      assert (Hq : 0 < q * q) by (apply Rmult_lt_0_compat; auto).
      destruct (Req_EM_T (q * q) 0); [lra|]. rewrite Rmax_right by lra.
      replace ((q * q / 2 - 1 * 0) / (q * q)) with (/ 2) by (field; lra). simpl. rewrite Rmin_left;
        [field|lra]. }
    rewrite Et. change (mul 1 unit1 (pd (run (S k))) O) with (0 + 1 * pd (run (S k)) O).
    rewrite Hd, IH. change ((9 / 10) ^ S k) with (9 / 10 * (9 / 10) ^ k). field. }
  split.
  { intros s x y _. unfold f, g, dot, lin; simpl. pose proof (sq_pos (y O - x O)). lra. }
  split; [intros s _; unfold f, origin; field|].
  split; [intros s x _; unfold f; pose proof (sq_pos (x O)); lra|]. split; [intros k; simpl; lra|].
  rewrite (sumn_ext 10 _ (fun k => / 4 * ((81 / 100) ^ k))).
  - rewrite sumn_scal. unfold dist_in, sqnorm, inner, mul, dot, lin, unit1, x1, origin; simpl. lra.
  - intros k _. rewrite HN, Ha, Hx. set (q := (9 / 10) ^ k).
    assert (Hp : 0 < q) by (apply pow_lt; lra).
    assert (Eq : (81 / 100) ^ k = q * q)
      by (unfold q; rewrite <- Rpow_mult_distr; f_equal; field).
    rewrite Eq. assert (Hq : 0 < q * q) by (apply Rmult_lt_0_compat; auto).
    rewrite Rmax_right by lra. field. lra.
Qed.
