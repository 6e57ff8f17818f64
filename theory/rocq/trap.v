(** The traps: one convex G-Lipschitz function on which MoMo is as slow as the sharp rate says.

    For every K, β and G, D > 0 the function is f(x) = f⋆ + max{0, <g_0, x>, …, <g_K, x>} on R^{K+2}, with
    x⋆ = 0 and slopes of length G, made in trap_points.v. MoMo's first K+1 points all have the same value

        f(x^k) - f⋆ = G D/√(rest + Σ_{k<K} 1/N_k),

    where N_k = ‖d_k‖²/((1-β)G)² is as small as in the sharp rate. Steps of the proof:

    1. trap_points.v: the points y_k and slopes g_k, with ‖y_0‖ = D, <g_k, y_k> = δ, <g_j, y_k> ≤ δ, and
       <g_j, y_k> < δ for j < k. So at y_k the maximum is f⋆ + δ, and its first piece is the k-th.
    2. max_affine.v: such a maximum is convex and G-Lipschitz, with minimum f⋆ at 0.
    3. trap_run.v: MoMo goes from y_k to y_{k+1}.
    4. Here: N_k in closed form, from zero and from the first sample. *)
Require Import Reals Lra Lia.
From Momo Require Import sums vectors method assumptions max_affine trap_scalars trap_points trap_run.
From Momo Require Import sharp_rate sharp_rate_zero.
Open Scope R_scope.

(** One convex G-Lipschitz function f with subgradients g(x), all of length at most G; x⋆ minimises it,
    with the value f⋆, and ‖x^1 - x⋆‖ = D: the assumptions of the sharp rates. *)
Definition lipschitz_problem (n : nat) (f : vec -> R) (g : vec -> vec) (xs x1 : vec) (fstar G D : R) :=
  convex n 1 (fun _ => f) (fun _ => g) /\ interpolation 1 (fun _ => f) xs fstar /\
  bounded_below 1 (fun _ => f) fstar /\ lipschitz n f G /\
  (forall x, dot n (g x) (g x) <= G * G) /\ dist2 n x1 xs = D * D.

(** The origin, at which the traps have their minimum. *)
Definition origin : vec := fun _ => 0.

Section Both.
Variables (K : nat) (b r w lo G D : R).
Hypothesis Hb : 0 <= b < 1.
Hypothesis Hr : 0 <= r < 1.
Hypothesis Hrb : r * r = b.
Hypothesis Hw : 1 <= w.
Hypothesis HG : 0 < G.
Hypothesis HD : 0 < D.
Hypothesis Hlo : 0 < lo.
Hypothesis Hnorms : forall k, lo <= norms b w k.
Hypothesis Hlo1 : lo * ((1 - r) * (1 - r)) <= 1.
Notation slope := (grad K b r w lo G D).
Notation x1 := (point K b r w lo G D 0).

Lemma trap_problem fstar : lipschitz_problem (S (S K)) (max_affine (S (S K)) (S K) slope fstar)
  (active (S (S K)) (S K) slope) origin x1 fstar G D.
Proof.
  assert (Hbound : forall x, dot (S (S K)) (active (S (S K)) (S K) slope x) (active (S (S K)) (S K) slope x)
    <= G * G).
  { intros x. apply active_bounded; [apply sq_pos|]. intros j Hj. right.
    apply (grad_norm K b r w lo G D Hr Hw HG HD Hlo Hnorms Hlo1 j). lia. }
  split; [apply max_affine_convex|]. split; [intros s _; apply max_affine_at_0|].
  split; [intros s x _; apply max_affine_min|].
  split; [apply lipschitz_of_bounded with (2 := max_affine_convex _ _ _ _); auto|]. split; [exact Hbound|].
  destruct (frame K b r w lo G D Hr Hw HG HD Hlo Hnorms Hlo1 0 (Nat.le_0_l K)) as [E _].
  rewrite (size_0 K b r w lo G D Hr Hw HG Hlo Hnorms) in E. rewrite <- E.
  unfold dist2, origin. repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite !dot_zero_l, dot_zero_r. ring.
Qed.

Lemma trap_values fstar k : (k <= K)%nat ->
  max_affine (S (S K)) (S K) slope fstar (point K b r w lo G D k) = fstar + delta K b r w lo G D /\
  active (S (S K)) (S K) slope (point K b r w lo G D k) = slope k.
Proof.
  intros Hk. destruct (pieces K b r w lo G D Hb Hr Hrb Hw HG HD Hlo Hnorms Hlo1 k Hk) as [E1 E2].
  split; auto. unfold max_affine. rewrite E1. reflexivity.
Qed.
End Both.

(** √β, and what it is used for. *)
Lemma root_beta beta : 0 <= beta < 1 -> 0 <= sqrt beta < 1 /\ sqrt beta * sqrt beta = beta.
Proof.
  intros Hb. split; [|apply sqrt_sqrt; lra]. split; [apply sqrt_pos|].
  replace 1 with (sqrt 1) by apply sqrt_1. apply sqrt_lt_1_alt. lra.
Qed.

(** ---- from zero: w = 1, 1/N_k = (1-β²)/(1-β^{2k}) ---- *)
Lemma norms_zero b i : norms b 1 i * (1 - b * b) = 1 - b ^ (2 * S i).
Proof.
  induction i; [simpl; ring|]. change (norms b 1 (S i)) with (1 + b * b * norms b 1 i).
  replace ((1 + b * b * norms b 1 i) * (1 - b * b))
    with ((1 - b * b) + b * b * (norms b 1 i * (1 - b * b))) by ring.
  rewrite IHi. replace (2 * S (S i))%nat with (S (S (2 * S i))) by lia. simpl pow. ring.
Qed.
Lemma square_below_1 b : 0 <= b < 1 -> 0 < 1 - b * b <= 1.
Proof.
  intros Hb. pose proof (sq_pos b). assert (b * b <= b * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.
Lemma norms_zero_ge1 b i : 1 <= norms b 1 i.
Proof.
  induction i; simpl; [lra|].
  assert (0 <= b * b * norms b 1 i) by (apply Rmult_le_pos; [apply sq_pos|lra]). lra.
Qed.

(** Σ_{k<K} 1/N_k from zero, and rest = 1/(1-√β)². *)
Definition decrease_zero (beta : R) (K : nat) : R :=
  sumn K (fun i => (1 - beta * beta) / (1 - beta ^ (2 * S i))).
Definition rest_zero (beta : R) : R := 1 / ((1 - sqrt beta) * (1 - sqrt beta)).

Lemma total_zero beta K : 0 <= beta < 1 ->
  total K beta (sqrt beta) 1 1 = rest_zero beta + decrease_zero beta K.
Proof.
  intros Hb. destruct (root_beta beta Hb) as [Hr _]. unfold total, rest, rest_zero, decrease_zero.
  f_equal; [field; lra|]. apply sumn_ext. intros i _. rewrite <- norms_zero. unfold dec.
  pose proof (norms_zero_ge1 beta i). pose proof (square_below_1 beta Hb).
  replace (steplen 1 i) with 1 by (destruct i; reflexivity). field. split; lra.
Qed.

(** The trap, averages from zero. For every K, every β in [0,1), G > 0, D > 0 and f⋆ there are slopes
    g_0, …, g_K and a start x^1 such that f(x) = f⋆ + max{0, <g_0, x>, …, <g_K, x>} on R^{K+2} is convex and
    G-Lipschitz, ‖x^1 - x⋆‖ = D for its minimiser x⋆ = 0, and MoMo with averages from zero, without a cap and
    with f_⋆ = f⋆, has at its first K+1 points (k = 0, …, K) one and the same value,
    f(x^k) - f⋆ = G D/√(1/(1-√β)² + Σ_{k=1}^K (1-β²)/(1-β^{2k})).
    The sharp rate says ≤ G D/√(1 + Σ_{k=1}^K (1-β²)/(1-β^{2k})) for the least of them.
    Source: derived here (theory/traps.py, theorem "trap", from zero). *)
Theorem trap_from_zero beta fstar G D K : 0 <= beta < 1 -> 0 < G -> 0 < D ->
  exists (slope : nat -> vec) (x1 : vec),
  let n := S (S K) in
  let f := max_affine n (S K) slope fstar in
  let g := active n (S K) slope in
  lipschitz_problem n f g origin x1 fstar G D /\
  forall k, (k <= K)%nat -> f (px (runz n f g beta fstar x1 k)) - fstar
    = G * D / sqrt (rest_zero beta + decrease_zero beta K).
Proof.
  intros Hb HG HD. destruct (root_beta beta Hb) as [Hr Hrb].
  set (r := sqrt beta) in *. pose proof Rlt_0_1 as Hlo. pose proof (norms_zero_ge1 beta) as HM.
  assert (Hlo1 : 1 * ((1 - r) * (1 - r)) <= 1).
  { assert ((1 - r) * (1 - r) <= 1 * 1) by (apply Rmult_le_compat; lra). lra. }
  exists (grad K beta r 1 1 G D), (point K beta r 1 1 G D 0). cbv zeta.
  split; [apply trap_problem; auto; lra|].
  intros k Hk. rewrite <- (total_zero beta K Hb). fold r. fold (delta K beta r 1 1 G D).
  set (F := max_affine _ _ _ fstar). set (g := active _ _ _).
  destruct (shifted (S (S K)) F g beta fstar (point K beta r 1 1 G D 0) k) as [Ex _]. rewrite Ex.
  set (f0 := fun x => F x - fstar). change (F (px ?z) - fstar) with (f0 (px z)).
  rewrite <- (Rminus_0_r (f0 _)).
  assert (Hf : forall i, (i <= K)%nat -> f0 (point K beta r 1 1 G D i) = 0 + delta K beta r 1 1 G D).
  { intros i Hi. unfold f0, F. rewrite (proj1 (trap_values K beta r 1 1 G D Hb Hr Hrb (Rle_refl 1) HG HD Hlo
      HM Hlo1 fstar i Hi)). ring. }
  assert (Hg : forall i, (i <= K)%nat -> g (point K beta r 1 1 G D i) = grad K beta r 1 1 G D i).
  { intros i Hi. apply (trap_values K beta r 1 1 G D Hb Hr Hrb (Rle_refl 1) HG HD Hlo HM Hlo1 fstar i Hi). }
  apply (run_value K beta r 1 1 G D Hb Hr (Rle_refl 1) HG HD Hlo HM Hlo1 f0 g 0 Hf Hg
    (run0 (S (S K)) f0 g beta (point K beta r 1 1 G D 0))); auto.
  apply (first_from_zero K beta r 1 1 G D Hb Hr (Rle_refl 1) HG HD Hlo HM Hlo1 f0 g 0 Hf Hg); auto.
Qed.

(** ---- from the first sample: w = 1/(1-β), 1/N_k = (1-β²)(1-β)/(1-β+2β^{2k+1}) ≤ 1-β² ---- *)
Lemma norms_first b i : 0 <= b < 1 ->
  norms b (/ (1 - b)) i * ((1 - b * b) * (1 - b)) = 1 - b + 2 * b ^ (2 * i + 1).
Proof.
  intros Hb. induction i; [simpl; field; lra|].
  change (norms b (/ (1 - b)) (S i)) with (1 + b * b * norms b (/ (1 - b)) i).
  replace ((1 + b * b * norms b (/ (1 - b)) i) * ((1 - b * b) * (1 - b)))
    with ((1 - b * b) * (1 - b) + b * b * (norms b (/ (1 - b)) i * ((1 - b * b) * (1 - b)))) by ring.
  rewrite IHi. replace (2 * S i + 1)%nat with (S (S (2 * i + 1))) by lia. simpl pow. ring.
Qed.
Lemma norms_first_least b i : 0 <= b < 1 -> / (1 - b * b) <= norms b (/ (1 - b)) i.
Proof.
  intros Hb. pose proof (square_below_1 b Hb) as Hs. pose proof (norms_first b i Hb) as E.
  pose proof (pow_le b (2 * i + 1) (proj1 Hb)) as Hp.
  assert (Hc : 0 < (1 - b * b) * (1 - b)) by (apply Rmult_lt_0_compat; lra).
  apply (Rmult_le_reg_r ((1 - b * b) * (1 - b))); auto. rewrite E.
  replace (/ (1 - b * b) * ((1 - b * b) * (1 - b))) with (1 - b) by (field; lra). lra.
Qed.

(** The terms from the first sample: 1, then 1/N_k. And rest = (1-β²)/(1-√β)². *)
Definition decrease_first (beta : R) (K : nat) : R :=
  sumn K (fun i => match i with
    | O => 1
    | S _ => (1 - beta * beta) * (1 - beta) / (1 - beta + 2 * beta ^ (2 * i + 1))
    end).
Definition rest_first (beta : R) : R := (1 - beta * beta) / ((1 - sqrt beta) * (1 - sqrt beta)).

Lemma total_first beta K : 0 <= beta < 1 ->
  total K beta (sqrt beta) (/ (1 - beta)) (/ (1 - beta * beta)) = rest_first beta + decrease_first beta K.
Proof.
  intros Hb. destruct (root_beta beta Hb) as [Hr _]. pose proof (square_below_1 beta Hb) as Hs.
  unfold total, rest, rest_first, decrease_first. f_equal; [field; repeat split; lra|].
  apply sumn_ext. intros i _. unfold dec. destruct i as [|i].
  - simpl. field. lra.
  - rewrite <- norms_first by auto. simpl steplen.
    pose proof (norms_first_least beta (S i) Hb) as Hl. pose proof (Rinv_0_lt_compat _ (proj1 Hs)).
    field. repeat split; lra.
Qed.

(** The trap, averages from the first sample. For every K, every β in [0,1), G > 0, D > 0 and f⋆ there are
    slopes g_0, …, g_K and a start x^1 such that f(x) = f⋆ + max{0, <g_0, x>, …, <g_K, x>} on R^{K+2} is
    convex and G-Lipschitz, ‖x^1 - x⋆‖ = D for its minimiser x⋆ = 0, and MoMo from the first sample, without
    a cap and with f_⋆ = f⋆, has at its first K+1 points (k = 0, …, K) one and the same value,
    f(x^k) - f⋆ = G D/√((1-β²)/(1-√β)² + 1 + Σ_{k=1}^{K-1} (1-β²)(1-β)/(1-β+2β^{2k+1})), for K ≥ 1.
    Source: derived here (theory/traps.py, theorem "trap", from the first sample). *)
Theorem trap_from_first beta fstar G D K : 0 <= beta < 1 -> 0 < G -> 0 < D ->
  exists (slope : nat -> vec) (x1 : vec),
  let n := S (S K) in
  let f := max_affine n (S K) slope fstar in
  let g := active n (S K) slope in
  lipschitz_problem n f g origin x1 fstar G D /\
  forall k, (k <= K)%nat -> f (px (run1 n f g beta fstar x1 k)) - fstar
    = G * D / sqrt (rest_first beta + decrease_first beta K).
Proof.
  intros Hb HG HD. destruct (root_beta beta Hb) as [Hr Hrb]. pose proof (square_below_1 beta Hb) as Hs.
  set (r := sqrt beta) in *. set (w := / (1 - beta)). set (lo := / (1 - beta * beta)).
  assert (Hw : 1 <= w) by (unfold w; rewrite <- Rinv_1 at 1; apply Rinv_le_contravar; lra).
  assert (Hlo : 0 < lo) by (apply Rinv_0_lt_compat; lra).
  assert (HM : forall i, lo <= norms beta w i) by (intros i; apply norms_first_least; auto).
  assert (Hlo1 : lo * ((1 - r) * (1 - r)) <= 1).
  { apply (Rmult_le_reg_l (1 - beta * beta)); [lra|].
    replace ((1 - beta * beta) * (lo * ((1 - r) * (1 - r)))) with ((1 - r) * (1 - r))
      by (unfold lo; field; lra).
    rewrite <- Hrb. assert (Hrr : 0 <= r * r <= r * 1).
    { split; [apply sq_pos|apply Rmult_le_compat_l; lra]. }
    assert (r * r * (r * r) <= r * r * 1) by (apply Rmult_le_compat_l; lra).
    assert (r * (r * r) <= r * 1) by (apply Rmult_le_compat_l; lra). lra. }
  exists (grad K beta r w lo G D), (point K beta r w lo G D 0). cbv zeta.
  split; [apply trap_problem; auto|].
  intros k Hk. rewrite <- (total_first beta K Hb). fold r w lo. fold (delta K beta r w lo G D).
  set (F := max_affine _ _ _ fstar). set (g := active _ _ _).
  assert (Hf : forall i, (i <= K)%nat -> F (point K beta r w lo G D i) = fstar + delta K beta r w lo G D).
  { intros i Hi. apply (trap_values K beta r w lo G D Hb Hr Hrb Hw HG HD Hlo HM Hlo1 fstar i Hi). }
  assert (Hg : forall i, (i <= K)%nat -> g (point K beta r w lo G D i) = grad K beta r w lo G D i).
  { intros i Hi. apply (trap_values K beta r w lo G D Hb Hr Hrb Hw HG HD Hlo HM Hlo1 fstar i Hi). }
  apply (run_value K beta r w lo G D Hb Hr Hw HG HD Hlo HM Hlo1 F g fstar Hf Hg
    (run1 (S (S K)) F g beta fstar (point K beta r w lo G D 0))); auto.
  apply (first_from_first K beta r w lo G D Hb Hr Hw HG HD Hlo HM Hlo1 F g fstar Hf Hg); auto.
Qed.
