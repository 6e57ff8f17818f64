(** The sharp rate is one for one function: three functions in turn can be slower.

    Three functions in turn, max{0, <u_s, x>} in the plane with unit vectors u_1 = (1, 0), u_2 = (3/5, 4/5),
    u_3 = (-3/5, 4/5); β = 7/15, x^1 = (1, 5/4), x⋆ = 0, G = 1. The points are (1, 5/4), (0, 5/4) and
    (-3/5, 4/5), with the value 1 each, and D² = 41/16. One function would have a value of at most
    G D/√(2 + 1/(1+β²)) = √(41/16)/√(773/274) < 1. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric method_zero sharp_rate_metric.
From Momo Require Import instances_zero counterexamples_zero.
Open Scope R_scope.

Definition plane (a b : R) : vec := fun i => match i with O => a | _ => b end.
Definition unit_of (s : nat) : vec :=
  match s with O => plane 1 0 | S O => plane (3 / 5) (4 / 5) | _ => plane (-3 / 5) (4 / 5) end.
Definition ramp (s : nat) (x : vec) : R := Rmax 0 (dot 2 (unit_of s) x).
Definition ramp' (s : nat) (x : vec) : vec :=
  if Rlt_dec 0 (dot 2 (unit_of s) x) then unit_of s else plane 0 0.
Notation turn := (zpath 2 ramp ramp' (7 / 15) 0 uncapped ones (plane 1 (5 / 4)) (fun k => k)).

Lemma dot_plane x y : dot 2 x y = x 0%nat * y 0%nat + x 1%nat * y 1%nat.
Proof. unfold dot; simpl. ring. Qed.
Lemma ramp_convex : convex 2 3 ramp ramp'.
Proof.
  intros s x y _. unfold ramp, ramp'. set (u := unit_of s).
  assert (E : dot 2 u (lin 1 y (-1) x) = dot 2 u y - dot 2 u x) by (rewrite dot_lin_r; ring).
  destruct (Rlt_dec 0 (dot 2 u x)) as [H|H].
  - rewrite (Rmax_right 0 (dot 2 u x)), E by lra. pose proof (Rmax_r 0 (dot 2 u y)). lra.
  - rewrite (Rmax_left 0 (dot 2 u x)) by lra. rewrite (dot_plane (plane 0 0)). simpl.
    pose proof (Rmax_l 0 (dot 2 u y)). lra.
Qed.
Lemma ramp_zero : interpolation 3 ramp (at_ 0) 0.
Proof.
  intros s _. unfold ramp. rewrite dot_plane. unfold at_. rewrite !Rmult_0_r, Rplus_0_r.
  apply Rmax_left. lra.
Qed.
Lemma ramp_gradient s x : dual2 2 ones (ramp' s x) <= 1 * 1.
Proof.
  rewrite dual2_ones, dot_plane. unfold ramp'. destruct (Rlt_dec 0 (dot 2 (unit_of s) x)).
  - destruct s as [|[|s]]; simpl; lra.
  - simpl. lra.
Qed.

(* a step where <u_s, x> = 1 and the model before it is 0 at x *)
Lemma turn_step r st s a b d0 d1 :
  px st 0%nat = a -> px st 1%nat = b -> pd st 0%nat = d0 -> pd st 1%nat = d1 ->
  pf st + dot 2 (pd st) (px st) - pg st = 0 -> unit_of s 0%nat * a + unit_of s 1%nat * b = 1 ->
  let e0 := 7 / 15 * d0 + 8 / 15 * unit_of s 0%nat in let e1 := 7 / 15 * d1 + 8 / 15 * unit_of s 1%nat in
  let t := 8 / 15 / (e0 * e0 + e1 * e1) in
  0 < e0 * e0 + e1 * e1 ->
  let z := zstep 2 ramp ramp' (7 / 15) 0 None ones r st s in
  px z 0%nat = a - t * e0 /\ px z 1%nat = b - t * e1 /\ pd z 0%nat = e0 /\ pd z 1%nat = e1 /\
  pf z + dot 2 (pd z) (px z) - pg z = 0.
Proof.
  intros Ha Hb H0 H1 Hm Hu e0 e1 t HN z.
  assert (Eu : dot 2 (unit_of s) (px st) = 1) by (rewrite dot_plane, Ha, Hb; exact Hu).
  assert (Eg : ramp' s (px st) = unit_of s) by (unfold ramp'; destruct (Rlt_dec 0 _); [reflexivity|lra]).
  assert (Ef : ramp s (px st) = 1) by (unfold ramp; rewrite Eu; apply Rmax_right; lra).
  set (d := lin (7 / 15) (pd st) (1 - 7 / 15) (unit_of s)).
  assert (E0 : d 0%nat = e0) by (unfold d, lin, e0; rewrite H0; field).
  assert (E1 : d 1%nat = e1) by (unfold d, lin, e1; rewrite H1; field).
  assert (EN : dual2 2 ones d = e0 * e0 + e1 * e1) by (rewrite dual2_ones, dot_plane, E0, E1; ring).
  set (h := 7 / 15 * pf st + (1 - 7 / 15) * 1 + dot 2 d (px st) - (7 / 15 * pg st + (1 - 7 / 15) * 1)).
  assert (Eh : h = 8 / 15).
  { unfold h, d. rewrite dot_lin_l, Eu.
    replace (pg st) with (pf st + dot 2 (pd st) (px st)) by lra. field. }
  assert (Ez : z = mk false (lin 1 (px st) (- t) d) d (7 / 15 * pf st + (1 - 7 / 15) * 1)
    (7 / 15 * pg st + (1 - 7 / 15) * 1)).
  { unfold z, zstep. rewrite Eg, Ef, Eu, Rmult_0_r. fold d. fold h. rewrite EN, Eh, precond_ones.
    simpl zcap. rewrite tau_free by lra. reflexivity. }
  rewrite Ez. cbn [px pd pf pg]. split; [unfold lin; rewrite Ha, E0; ring|].
  split; [unfold lin; rewrite Hb, E1; ring|]. split; [exact E0|split; [exact E1|]].
  rewrite dot_lin_r, (dot_plane d d), E0, E1. unfold h in Eh. unfold t.
  replace (- (8 / 15 / (e0 * e0 + e1 * e1)) * (e0 * e0 + e1 * e1)) with (- (8 / 15)) by (field; lra). lra.
Qed.

(** Three convex functions with one minimiser and gradients of length 1, each seen once: all hypotheses of
    [sharp_rate_metric] but that there is one function. *)
Example sharp_rate_metric_needs_one_function : exists f g x1 D,
  convex 2 3 f g /\ interpolation 3 f (at_ 0) 0 /\ bounded_below 3 f 0 /\ mdist2 2 ones x1 (at_ 0) = D * D /\
  (forall s x, (s < 3)%nat -> dual2 2 ones (g s x) <= 1 * 1) /\
  (forall k, (k < 3)%nat -> 1 <= f k (px (zpath 2 f g (7 / 15) 0 uncapped ones x1 (fun j => j) k)) - 0) /\
  1 * D / sqrt (1 + sumn 2 (fun i => (1 - 7 / 15 * (7 / 15)) / (1 - (7 / 15) ^ (2 * S i)))) < 1.
Proof.
  exists ramp, ramp', (plane 1 (5 / 4)), (sqrt (41 / 16)).
  split; [apply ramp_convex|]. split; [apply ramp_zero|]. split; [intros s x _; apply Rmax_l|].
  split.
  { rewrite sqrt_sqrt, mdist2_ones by lra. unfold dist2. rewrite dot_plane. unfold lin, at_; simpl. lra. }
  split; [intros s x _; apply ramp_gradient|]. split.
  - assert (H1 : px (turn 1) 0%nat = 0 /\ px (turn 1) 1%nat = 5 / 4 /\ pd (turn 1) 0%nat = 8 / 15 /\
      pd (turn 1) 1%nat = 0 /\ pf (turn 1) + dot 2 (pd (turn 1)) (px (turn 1)) - pg (turn 1) = 0).
    { change (turn 1) with (zstep 2 ramp ramp' (7 / 15) 0 None ones (rho (7 / 15) 1) (turn 0) 0).
      destruct (turn_step (rho (7 / 15) 1) (turn 0) 0 1 (5 / 4) 0 0) as (A & B & C & E & F); try reflexivity.
      - simpl. rewrite dot_plane. simpl. lra.
      - simpl. lra.
      - simpl. lra.
      - rewrite A, B, C, E, F. simpl. repeat split; field. }
    destruct H1 as (A & B & C & E & F).
    assert (H2 : px (turn 2) 0%nat = -3 / 5 /\ px (turn 2) 1%nat = 4 / 5).
    { change (turn 2) with (zstep 2 ramp ramp' (7 / 15) 0 None ones (rho (7 / 15) 2) (turn 1) 1).
      destruct (turn_step (rho (7 / 15) 2) (turn 1) 1 0 (5 / 4) (8 / 15) 0) as (A2 & B2 & _); auto.
      - simpl. lra.
      - simpl. lra.
      - rewrite A2, B2. simpl. split; field. }
    destruct H2 as (A2 & B2).
    intros k Hk. assert (Hv : dot 2 (unit_of k) (px (turn k)) = 1).
    { rewrite dot_plane. destruct k as [|[|[|k]]]; [simpl; lra| | |lia].
      - rewrite A, B. simpl. lra.
      - rewrite A2, B2. simpl. lra. }
    assert (Hr : forall x, dot 2 (unit_of k) x = 1 -> 1 <= ramp k x - 0)
      by (intros x Hx; unfold ramp; rewrite Hx, Rmax_right; lra). apply Hr, Hv.
  - set (A := 1 + sumn 2 (fun i => (1 - 7 / 15 * (7 / 15)) / (1 - (7 / 15) ^ (2 * S i)))).
    assert (EA : A = 773 / 274) by (unfold A; simpl; field).
    assert (Hlt : sqrt (41 / 16) < sqrt A) by (apply sqrt_lt_1_alt; rewrite EA; lra).
    pose proof (sqrt_pos (41 / 16)). apply (Rmult_lt_reg_r (sqrt A)); [lra|].
    replace (1 * sqrt (41 / 16) / sqrt A * sqrt A) with (sqrt (41 / 16)) by (field; lra). lra.
Qed.
