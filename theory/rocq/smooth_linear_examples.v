(** The theorems of smooth_linear.v: problems that meet their hypotheses, and problems on which the bound
    fails, each of which meets all hypotheses but one. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions one_step smooth smooth_linear.
Open Scope R_scope.

(** On the line, with β = 0, a step is x - τ g with h = f: that of SPS. *)
Lemma step_on_line f g fstar cap st s : px (step 1 f g 0 fstar cap st s) O =
  px st O - tau fstar cap (f s (px st)) (g s (px st) O * g s (px st) O) * g s (px st) O.
Proof.
  unfold step. simpl px. unfold lin at 1.
  replace (if first st then 0 else 0) with 0 by (destruct (first st); reflexivity).
  assert (Ed : forall y, dot 1 (lin 0 (pd st) (1 - 0) (g s (px st))) y = g s (px st) O * y O)
    by (intros y; unfold dot, lin; simpl; ring).
  rewrite !Ed. unfold lin. unfold dot. simpl sumn.
  replace (0 * pf st + (1 - 0) * f s (px st) + g s (px st) O * px st O -
    (0 * pg st + (1 - 0) * (0 + g s (px st) O * px st O))) with (f s (px st)) by ring.
  replace (0 * pd st O + (1 - 0) * g s (px st) O) with (g s (px st) O) by ring. ring.
Qed.

(** An uncapped τ where f⋆ = 0: h/N. *)
Lemma tau_uncapped h N : 0 <= h -> 0 < N -> tau 0 None h N = h / N.
Proof.
  intros Hh HN. unfold tau. destruct (Req_EM_T N 0); [lra|]. rewrite Rminus_0_r, Rmax_right; auto.
Qed.

Lemma path_next n f g beta fstar cap x1 w k : path n f g beta fstar cap x1 w (S k) =
  step n f g beta fstar cap (path n f g beta fstar cap x1 w k) (w k).
Proof. reflexivity. Qed.

Notation at_ x := (fun _ : nat => x).

(** Two parabolas with one minimiser, x²/2 and x²: 2-smooth. *)
Definition parabola (s : nat) (x : vec) : R := (INR s + 1) / 2 * (x O * x O).
Definition parabola' (s : nat) (x : vec) : vec := at_ ((INR s + 1) * x O).

Lemma parabola_at s x : parabola s x = (INR s + 1) / 2 * (x O * x O).
Proof. reflexivity. Qed.
Lemma parabola_range s : (s < 2)%nat -> 1 <= INR s + 1 <= 2.
Proof. intros Hs. destruct s as [|[|s]]; [simpl; lra|simpl; lra|lia]. Qed.
Lemma parabola_convex : convex 1 2 parabola parabola'.
Proof.
  intros s x y Hs. pose proof (parabola_range s Hs) as H. unfold parabola, parabola', dot, lin; simpl.
  assert (0 <= (INR s + 1) / 2 * ((y O - x O) * (y O - x O)))
    by (apply Rmult_le_pos; [lra|apply sq_pos]).
  lra.
Qed.
Lemma parabola_smooth : smooth 1 2 parabola parabola' 2.
Proof.
  intros s x y Hs. pose proof (parabola_range s Hs) as H. unfold parabola, parabola', dist2, dot, lin; simpl.
  assert (0 <= (2 - (INR s + 1)) / 2 * ((y O - x O) * (y O - x O)))
    by (apply Rmult_le_pos; [lra|apply sq_pos]).
  lra.
Qed.
Lemma parabola_interpolation : interpolation 2 parabola (at_ 0) 0.
Proof. intros s _. unfold parabola. ring. Qed.
Lemma parabola_below : bounded_below 2 parabola 0.
Proof.
  intros s x Hs. pose proof (parabola_range s Hs). unfold parabola. apply Rmult_le_pos; [lra|apply sq_pos].
Qed.
Lemma from_one : dist2 1 (at_ 1) (at_ 0) = 1 * 1.
Proof. unfold dist2, dot, lin; simpl. ring. Qed.

Notation problem := (conj parabola_convex (conj parabola_interpolation (conj parabola_below
  (conj from_one parabola_smooth)))).
Ltac on_parabolas T := destruct problem as (? & ? & ? & ? & ?); eapply T; eauto; lra.

(** x²/2 and x² in any order, with any cap: both ends. *)
Example smooth_linear_ends_met beta cap w K :
  0 <= beta < 1 -> positive_cap cap -> (forall k, (w k < 2)%nat) ->
  let delta k := parabola (w k) (px (path 1 parabola parabola' beta 0 cap (at_ 1) w k)) - 0 in
  3 / 2 * delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) + 2 * delta (S K) <= 1 * 1 * speed cap 2.
Proof. intros Hb Hc Hw. on_parabolas (smooth_linear_ends 1 2 parabola parabola'). Qed.

(** The same, first term only. *)
Example smooth_linear_met beta cap w K : 0 <= beta < 1 -> positive_cap cap -> (forall k, (w k < 2)%nat) ->
  let delta k := parabola (w k) (px (path 1 parabola parabola' beta 0 cap (at_ 1) w k)) - 0 in
  delta 0%nat + (1 - beta) * sumn K (fun k => delta (S k)) <= 1 * 1 * speed cap 2.
Proof. intros Hb Hc Hw. on_parabolas (smooth_linear 1 2 parabola parabola'). Qed.

(** The same: the least value, by the first term. *)
Example smooth_linear_least_first_met beta cap w m K :
  0 <= beta < 1 -> positive_cap cap -> (forall k, (w k < 2)%nat) -> (1 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= parabola (w k) (px (path 1 parabola parabola' beta 0 cap (at_ 1) w k)) - 0)
  ->
  m <= 1 * 1 * speed cap 2 / (1 + (1 - beta) * (INR K - 1)).
Proof. intros Hb Hc Hw HK Hm. on_parabolas (smooth_linear_least_first 1 2 parabola parabola'). Qed.

(** The same: the least value, by both ends. *)
Example smooth_linear_least_met beta cap w m K :
  0 <= beta < 1 -> positive_cap cap -> (forall k, (w k < 2)%nat) -> (2 <= K)%nat ->
  (forall k, (k < K)%nat -> m <= parabola (w k) (px (path 1 parabola parabola' beta 0 cap (at_ 1) w k)) - 0)
  ->
  m <= 1 * 1 * speed cap 2 / (7 / 2 + (1 - beta) * (INR K - 2)).
Proof. intros Hb Hc Hw HK Hm. on_parabolas (smooth_linear_least 1 2 parabola parabola'). Qed.

(** The same: the sum with a root. *)
Example smooth_root_met beta w K : 0 <= beta < 1 -> (forall k, (w k < 2)%nat) ->
  let delta k := parabola (w k) (px (path 1 parabola parabola' beta 0 None (at_ 1) w k)) - 0 in
  let C := 2 * 2 * (1 * 1) / ((1 - beta) * (1 - beta)) in
  sumn (S K) delta <= C + sqrt (C * beta * delta 0%nat / (1 - beta)).
Proof. intros Hb Hw. on_parabolas (smooth_root 1 2 parabola parabola'). Qed.

(** x²/2 from 1 attains the bound with both ends, two evaluations: x² = 1/2, (3/2)(1/2) + 2(1/8) = 1 = LD². *)
Example smooth_linear_ends_attained :
  let delta k := parabola 0 (px (path 1 parabola parabola' 0 0 None (at_ 1) (fun _ => 0%nat) k)) - 0 in
  3 / 2 * delta 0%nat + 2 * delta 1%nat = 1 * 1 * speed None 1.
Proof.
  cbv beta zeta. rewrite path_next, !parabola_at, step_on_line, tau_uncapped;
    unfold parabola, parabola'; simpl; lra.
Qed.

(** The cap counts, that is, max{L, 1/α} cannot be replaced by L: x²/2 with α = 1/10 needs more steps. *)
Example smooth_linear_needs_speed :
  exists K, let x := path 1 parabola parabola' 0 0 (Some (1 / 10)) (at_ 1) (fun _ => 0%nat) in
  let delta k := parabola 0 (px (x k)) - 0 in
  1 * 1 * 1 < delta 0%nat + (1 - 0) * sumn K (fun k => delta (S k)).
Proof.
  exists 2%nat.
  assert (Hs : forall st, px st O <> 0 ->
    px (step 1 parabola parabola' 0 0 (Some (1 / 10)) st 0) O = 9 / 10 * px st O).
  { intros st Hx. rewrite step_on_line. unfold parabola, parabola'. simpl. set (x := px st O) in *.
    assert (Hxx : 0 < x * x) by (pose proof (Rsqr_pos_lt x Hx) as H; unfold Rsqr in H; lra).
    unfold tau. destruct (Req_EM_T ((0 + 1) * x * ((0 + 1) * x)) 0) as [E|E]; [lra|].
    rewrite Rminus_0_r, Rmax_right by lra. rewrite Rmin_left; [lra|].
    replace ((0 + 1) / 2 * (x * x) / ((0 + 1) * x * ((0 + 1) * x))) with (1 / 2) by (field; lra). lra. }
  assert (H1 : px (path 1 parabola parabola' 0 0 (Some (1 / 10)) (at_ 1) (fun _ => 0%nat) 1) O = 9 / 10)
    by (rewrite path_next, Hs; simpl; lra).
  assert (H2 : px (path 1 parabola parabola' 0 0 (Some (1 / 10)) (at_ 1) (fun _ => 0%nat) 2) O = 81 / 100)
    by (rewrite path_next, Hs; rewrite H1; lra).
  cbv beta zeta. unfold sumn. rewrite !parabola_at, H1, H2. simpl. lra.
Qed.

(** Smoothness is needed, for every L: |x| from 1/(2L), one evaluation. *)
Definition sign (x : R) : R := if Rle_dec 0 x then 1 else -1.
Lemma abs_above x y : Rabs x + sign x * (y - x) <= Rabs y.
Proof. unfold sign, Rabs. destruct (Rle_dec 0 x), (Rcase_abs x), (Rcase_abs y); lra. Qed.
Example smooth_linear_needs_smooth L : 0 < L ->
  let f := fun (_ : nat) (x : vec) => Rabs (x O) in
  let g := fun (_ : nat) (x : vec) => at_ (sign (x O)) in
  exists x1 D K, convex 1 1 f g /\ interpolation 1 f (at_ 0) 0 /\ bounded_below 1 f 0 /\
  dist2 1 x1 (at_ 0) = D * D /\
  let delta k := f 0%nat (px (path 1 f g 0 0 None x1 (fun _ => 0%nat) k)) - 0 in
  D * D * L < delta 0%nat + (1 - 0) * sumn K (fun k => delta (S k)).
Proof.
  intros HL f g. assert (Hi : 0 < / (2 * L)) by (apply Rinv_0_lt_compat; lra).
  exists (at_ (/ (2 * L))), (/ (2 * L)), 0%nat. unfold f, g. repeat split.
  - intros s x y _. unfold dot, lin; simpl. pose proof (abs_above (x O) (y O)). lra.
  - intros s _. apply Rabs_R0.
  - intros s x _. apply Rabs_pos.
  - unfold dist2, dot, lin; simpl. ring.
  - simpl. rewrite Rabs_pos_eq by lra.
    replace (/ (2 * L) * / (2 * L) * L) with (/ (2 * L) / 2) by (field; lra). lra.
Qed.

(** A common minimiser is needed: (x-1)²/2 and (x+1)²/2, whose mean is least at 0; from 1, one evaluation. *)
Example smooth_linear_needs_interpolation :
  let f := fun (s : nat) (x : vec) => 1 / 2 * ((x O + (2 * INR s - 1)) * (x O + (2 * INR s - 1))) in
  let g := fun (s : nat) (x : vec) => at_ (x O + (2 * INR s - 1)) in
  exists w K, convex 1 2 f g /\ smooth 1 2 f g 1 /\ bounded_below 2 f 0 /\
  (forall x, 1 / 2 * f 0%nat (at_ 0) + 1 / 2 * f 1%nat (at_ 0) <= 1 / 2 * f 0%nat x + 1 / 2 * f 1%nat x) /\
  dist2 1 (at_ 1) (at_ 0) = 1 * 1 /\ (forall k, (w k < 2)%nat) /\
  let delta k := f (w k) (px (path 1 f g 0 0 None (at_ 1) w k)) - 0 in
  1 * 1 * 1 < delta 0%nat + (1 - 0) * sumn K (fun k => delta (S k)).
Proof.
  intros f g. exists (fun _ => 1%nat), 0%nat. unfold f, g. repeat split; try (intros; lia).
  - intros s x y _. unfold dot, lin; simpl. pose proof (sq_pos (y O - x O)). lra.
  - intros s x y _. unfold dist2, dot, lin; simpl. lra.
  - intros s x _. pose proof (sq_pos (x O + (2 * INR s - 1))). lra.
  - intros x. simpl. pose proof (sq_pos (x O)). lra.
  - apply from_one.
  - simpl. lra.
Qed.

(** f⋆ has to be the least value: x²/2 with x⋆ = 1, f⋆ = 1/2, from 2, one evaluation. *)
Example smooth_linear_needs_minimum :
  let f := fun (_ : nat) (x : vec) => 1 / 2 * (x O * x O) in
  let g := fun (_ : nat) (x : vec) => at_ (x O) in
  exists K, convex 1 1 f g /\ smooth 1 1 f g 1 /\ interpolation 1 f (at_ 1) (1 / 2) /\
  dist2 1 (at_ 2) (at_ 1) = 1 * 1 /\
  let delta k := f 0%nat (px (path 1 f g 0 (1 / 2) None (at_ 2) (fun _ => 0%nat) k)) - 1 / 2 in
  1 * 1 * 1 < delta 0%nat + (1 - 0) * sumn K (fun k => delta (S k)).
Proof.
  intros f g. exists 0%nat. unfold f, g. repeat split.
  - intros s x y _. unfold dot, lin; simpl. pose proof (sq_pos (y O - x O)). lra.
  - intros s x y _. unfold dist2, dot, lin; simpl. lra.
  - intros s _. lra.
  - unfold dist2, dot, lin; simpl. ring.
  - simpl. lra.
Qed.

(** Convexity is needed: 3x²/(1+3x²) is 6-smooth and least at 0, but MoMo goes from 1 to -1, to 1, … for ever,
    with value 3/4. *)
Definition well (_ : nat) (x : vec) : R := 3 * (x O * x O) / (1 + 3 * (x O * x O)).
Definition well' (_ : nat) (x : vec) : vec :=
  at_ (6 * x O / ((1 + 3 * (x O * x O)) * (1 + 3 * (x O * x O)))).

Lemma well_at s x : well s x = 3 * (x O * x O) / (1 + 3 * (x O * x O)).
Proof. reflexivity. Qed.

Lemma well_smooth : smooth 1 1 well well' 6.
Proof.
  intros s x y _. unfold well, well', dist2, dot, lin; simpl. set (a := x O). set (b := y O).
  pose proof (sq_pos a) as Ha. pose proof (sq_pos b) as Hb.
  set (A := 1 + 3 * (a * a)). set (B := 1 + 3 * (b * b)).
  assert (HA : 1 <= A) by (unfold A; lra). assert (HB : 1 <= B) by (unfold B; lra).
  assert (HAA : 1 <= A * A) by (assert (1 * 1 <= A * A) by (apply Rmult_le_compat; lra); lra).
  assert (HAB : 0 < A * A * B) by (apply Rmult_lt_0_compat; lra).
  (* the difference is (b-a)² (A²B - (1 - 3a² - 6ab)) over A²B *)
  assert (E : 3 * (a * a) / A + (0 + 6 * a / (A * A) * (1 * b + -1 * a)) +
    6 / 2 * (0 + (1 * b + -1 * a) * (1 * b + -1 * a)) - 3 * (b * b) / B =
    3 * ((b - a) * (b - a)) * (A * A * B - (1 - 3 * (a * a) - 6 * (a * b))) * / (A * A * B)).
  { unfold A, B. field. split; lra. }
  assert (H1 : 0 <= A * A * B - (1 - 3 * (a * a) - 6 * (a * b))).
  { assert (H2 : A * A * 1 <= A * A * B) by (apply Rmult_le_compat_l; lra).
    assert (H3 : A * 1 <= A * A) by (apply Rmult_le_compat_l; lra).
    assert (H4 : A * A * B = A * A + A * A * (3 * (b * b))) by (unfold B; ring).
    assert (H5 : 1 * (3 * (b * b)) <= A * A * (3 * (b * b))) by (apply Rmult_le_compat_r; lra).
    assert (H6 : A * A = 1 + 6 * (a * a) + 9 * ((a * a) * (a * a))) by (unfold A; ring).
    pose proof (sq_pos (a * a)). pose proof (sq_pos (a + b)). lra. }
  assert (H2 : 0 <= 3 * ((b - a) * (b - a)) * (A * A * B - (1 - 3 * (a * a) - 6 * (a * b))) * / (A * A * B)).
  { apply Rmult_le_pos; [|left; apply Rinv_0_lt_compat; auto].
    apply Rmult_le_pos; [pose proof (sq_pos (b - a)); lra|auto]. }
  lra.
Qed.

Lemma well_run k : let x := px (path 1 well well' 0 0 None (at_ 1) (fun _ => 0%nat) k) O in x = 1 \/ x = -1.
Proof.
  induction k as [|k IH]; [left; reflexivity|]. cbv zeta in *. rewrite path_next.
  set (st := path 1 well well' 0 0 None (at_ 1) (fun _ => 0%nat) k) in *. rewrite step_on_line.
  unfold well, well'.
  rewrite tau_uncapped; destruct IH as [->| ->]; try (right; field); try (left; field); lra.
Qed.

Lemma well_value k : well 0 (px (path 1 well well' 0 0 None (at_ 1) (fun _ => 0%nat) k)) - 0 = 3 / 4.
Proof. rewrite well_at. destruct (well_run k) as [->| ->]; field. Qed.

Lemma well_zero : interpolation 1 well (at_ 0) 0.
Proof. intros s _. unfold well. field. Qed.
Lemma well_below : bounded_below 1 well 0.
Proof.
  intros s x _. unfold well. pose proof (sq_pos (x O)). unfold Rdiv. apply Rmult_le_pos; [lra|].
  left. apply Rinv_0_lt_compat. lra.
Qed.

Example smooth_linear_needs_convex :
  smooth 1 1 well well' 6 /\ interpolation 1 well (at_ 0) 0 /\ bounded_below 1 well 0 /\
  dist2 1 (at_ 1) (at_ 0) = 1 * 1 /\ exists K,
  let delta k := well 0 (px (path 1 well well' 0 0 None (at_ 1) (fun _ => 0%nat) k)) - 0 in
  1 * 1 * 6 < delta 0%nat + (1 - 0) * sumn K (fun k => delta (S k)).
Proof.
  split; [apply well_smooth|]. split; [apply well_zero|]. split; [apply well_below|].
  split; [apply from_one|]. exists 8%nat. cbv beta zeta. unfold sumn. rewrite !well_value. lra.
Qed.
