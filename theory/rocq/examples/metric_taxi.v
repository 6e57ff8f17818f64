(** One run that breaks the rates in metrics that change, where a hypothesis is dropped: |x_0| + |x_1| from
    (0, 1) with β = 0, gradients of the norm √2, ‖x^1-x⋆‖ = 1.

    The first metric is the identity, all later ones weigh x_1 with 99 times what x_0 has. The first step goes
    to (-1/2, 1/2); in the later metrics steps hardly change x_1, and the second one goes to (49/100, 49/100).
    So the values are 1, 1, 49/50, which is more than G D/√3 = √(2/3). Only the ratio of the entries matters
    to a step: with the later metric (1, 99) it has grown, with (1/99, 1) it has shrunk. *)
Require Import Reals Lra Lia.
From Momo Require Import on_the_line sums vectors method assumptions metric method_zero metric_step
  metric_summed.
From Momo Require Import metric_growing metric_rate metric_examples metric_counterexamples.
Open Scope R_scope.

Definition taxi (x : vec) : R := Rabs (x O) + Rabs (x 1%nat).
Definition taxi_g (x : vec) : vec := fun i => sign (x i).
Definition north : vec := fun i => match i with O => 0 | _ => 1 end.
(** The identity, then (q, 99 q). *)
Definition uneven (q : R) (k : nat) : vec :=
  fun i => match k with O => 1 | _ => match i with O => q | _ => 99 * q end end.

Notation F := (fun _ : nat => taxi).
Notation Gr := (fun _ : nat => taxi_g).
Notation taxi_path q := (metric_path 2 F Gr 0 0 north (uneven q) one_sample).

Lemma taxi_convex : convex 2 1 F Gr.
Proof.
  intros s x y _. pose proof (abs_above (x O) (y O)). pose proof (abs_above (x 1%nat) (y 1%nat)).
  unfold taxi, taxi_g, dot, lin; simpl. lra.
Qed.
Lemma taxi_interpolation : interpolation 1 F origin 0.
Proof. intros s _. unfold taxi, origin. rewrite Rabs_R0. ring. Qed.
Lemma taxi_below : bounded_below 1 F 0.
Proof. intros s x _. unfold taxi. pose proof (Rabs_pos (x O)). pose proof (Rabs_pos (x 1%nat)). lra. Qed.
Lemma uneven_positive q k : 0 < q -> positive (uneven q k).
Proof. intros Hq i. unfold uneven. destruct k, i; lra. Qed.
(** Every gradient has the norm √2 in the first metric. *)
Lemma taxi_norm q x : dual2 2 (uneven q 0) (taxi_g x) = 2.
Proof. unfold dual2, taxi_g, uneven; cbn [sumn]. rewrite !sign_square. field. Qed.
Lemma taxi_start q : mdist2 2 (uneven q 0) north origin = 1.
Proof. unfold mdist2, norm2, uneven, north, origin, lin; simpl. lra. Qed.

Lemma taxi_g_at x i : taxi_g x i = sign (x i).
Proof. reflexivity. Qed.

Section Run.
Variable q : R.
Hypothesis Hq : 0 < q.

Lemma taxi_second i : (i < 2)%nat -> px (taxi_path q 1) i = match i with O => - / 2 | _ => / 2 end.
Proof.
  intros Hi. rewrite (plain_point 2 F Gr 0 north (uneven q) one_sample 0 1 2); try lra.
  - unfold taxi_g, north, uneven; simpl.
    destruct i as [|[|i]]; [| |lia];
      [replace (sign 0) with 1 by abs_signs|replace (sign 1) with 1 by abs_signs]; lra.
  - unfold taxi, north; simpl. rewrite Rabs_R0, Rabs_R1. lra.
  - apply taxi_norm.
Qed.

Lemma taxi_third i : (i < 2)%nat -> px (taxi_path q 2) i = 49 / 100.
Proof.
  intros Hi. assert (E0 : sign (px (taxi_path q 1) O) = -1) by (rewrite taxi_second by lia; abs_signs).
  assert (E1 : sign (px (taxi_path q 1) 1%nat) = 1) by (rewrite taxi_second by lia; abs_signs).
  assert (HN : 100 / (99 * q) <> 0) by (apply Rgt_not_eq; apply Rdiv_lt_0_compat; lra).
  rewrite (plain_point 2 F Gr 0 north (uneven q) one_sample 1 1 (100 / (99 * q))); try lra; auto.
  - destruct i as [|[|i]]; [| |lia]; rewrite taxi_g_at, ?E0, ?E1, taxi_second by lia.
    + change (uneven q 1 O) with q. field. lra.
    + change (uneven q 1 1%nat) with (99 * q). field. lra.
  - unfold taxi at 1. rewrite !taxi_second by lia. abs_signs.
  - unfold dual2. cbn [sumn]. rewrite !taxi_g_at, E0, E1.
    change (uneven q 1 O) with q. change (uneven q 1 1%nat) with (99 * q). field. lra.
Qed.

(** The values 1, 1, 49/50. *)
Lemma taxi_values k : (k < 3)%nat -> 49 / 50 <= taxi (px (taxi_path q k)) - 0.
Proof.
  intros Hk. destruct k as [|[|[|k]]]; [| | |lia]; unfold taxi at 1.
  - simpl px. unfold north. rewrite Rabs_R0, Rabs_R1. lra.
  - rewrite !taxi_second by lia. abs_signs.
  - rewrite !taxi_third by lia. abs_signs.
Qed.

Lemma taxi_radius2 : radius2 2 F Gr 0 0 origin north (uneven q) one_sample 3
  = 1 + ((q - 1) * / 4 + (99 * q - 1) * / 4).
Proof.
  unfold radius2. replace (3 - 1)%nat with 2%nat by lia. rewrite taxi_start. cbn [sumn].
  rewrite (change_same 2 F Gr 0 0 origin north (uneven q) one_sample 1) by reflexivity.
  unfold change, mdist2, norm2, lin. cbn [sumn]. rewrite !taxi_second by lia.
  unfold minus, uneven, origin. lra.
Qed.
End Run.

Lemma sharp_weights : 1 + sumn 2 (fun k => (1 - 0 * 0) / (1 - 0 ^ (2 * S k))) = 3.
Proof. simpl. field. Qed.
Lemma too_much : sqrt 2 * 1 / sqrt 3 < 49 / 50.
Proof.
  assert (H3 : 0 < sqrt 3) by (apply sqrt_lt_R0; lra). apply (Rmult_lt_reg_r (sqrt 3)); auto.
  replace (sqrt 2 * 1 / sqrt 3 * sqrt 3) with (sqrt 2) by (field; lra).
  replace (49 / 50) with (sqrt (49 / 50 * (49 / 50))) by (apply sqrt_square; lra).
  rewrite <- sqrt_mult by lra. apply sqrt_lt_1; lra.
Qed.

(** R is needed where metrics grow, D is too small: (1, 1), then (1, 99). All else is as in theorem metric. *)
Example metric_needs_radius :
  convex 2 1 F Gr /\ interpolation 1 F origin 0 /\ bounded_below 1 F 0 /\
  (forall k, positive (uneven 1 k)) /\ (forall k, below 2 (uneven 1 k) (uneven 1 (S k))) /\
  (forall k, dual2 2 (uneven 1 0) (taxi_g (px (taxi_path 1 k))) = sqrt 2 * sqrt 2) /\
  mdist2 2 (uneven 1 0) north origin = 1 * 1 /\
  (forall k, (k < 3)%nat -> 49 / 50 <= taxi (px (taxi_path 1 k)) - 0) /\
  sqrt 2 * 1 / sqrt (1 + sumn 2 (fun k => (1 - 0 * 0) / (1 - 0 ^ (2 * S k)))) < 49 / 50.
Proof.
  split; [apply taxi_convex|]. split; [apply taxi_interpolation|]. split; [apply taxi_below|].
  split; [intros; apply uneven_positive; lra|]. split; [intros k i _; unfold uneven; destruct k, i; lra|].
  split; [intros; rewrite taxi_norm, sqrt_sqrt; lra|]. split; [rewrite taxi_start; ring|].
  split; [intros; apply taxi_values; auto; lra|]. rewrite sharp_weights. apply too_much.
Qed.

(** The metrics must not shrink: (1, 1), then (1/99, 1). R² ≤ D² = 1, all else is as in theorem metric. *)
Example metric_needs_growing :
  convex 2 1 F Gr /\ interpolation 1 F origin 0 /\ bounded_below 1 F 0 /\
  (forall k, positive (uneven (/ 99) k)) /\ (forall k, below 2 (uneven (/ 99) (S k)) (uneven (/ 99) k)) /\
  (forall k, dual2 2 (uneven (/ 99) 0) (taxi_g (px (taxi_path (/ 99) k))) = sqrt 2 * sqrt 2) /\
  radius2 2 F Gr 0 0 origin north (uneven (/ 99)) one_sample 3 <= 1 * 1 /\
  (forall k, (k < 3)%nat -> 49 / 50 <= taxi (px (taxi_path (/ 99) k)) - 0) /\
  sqrt 2 * 1 / sqrt (1 + sumn 2 (fun k => (1 - 0 * 0) / (1 - 0 ^ (2 * S k)))) < 49 / 50.
Proof.
  split; [apply taxi_convex|]. split; [apply taxi_interpolation|]. split; [apply taxi_below|].
  split; [intros; apply uneven_positive; lra|]. split; [intros k i _; unfold uneven; destruct k, i; lra|].
  split; [intros; rewrite taxi_norm, sqrt_sqrt; lra|]. split; [rewrite taxi_radius2 by lra; lra|].
  split; [intros; apply taxi_values; auto; lra|]. rewrite sharp_weights. apply too_much.
Qed.

(** Where metrics shrink, gradients have to be measured in the last metric, not in the first one, where
    they are shorter: (1, 1), then (1/99, 1), D² = 1, ‖g_k‖²_{P_1⁻¹} = 2. *)
Example metric_rate_shrinking_needs_last_metric :
  convex 2 1 F Gr /\ interpolation 1 F origin 0 /\ bounded_below 1 F 0 /\
  (forall k, positive (uneven (/ 99) k)) /\ (forall k, below 2 (uneven (/ 99) (S k)) (uneven (/ 99) k)) /\
  (forall k, dual2 2 (uneven (/ 99) 0) (taxi_g (px (taxi_path (/ 99) k))) = sqrt 2 * sqrt 2) /\
  mdist2 2 (uneven (/ 99) 0) north origin = 1 * 1 /\
  (forall k, (k < 3)%nat -> 49 / 50 <= taxi (px (taxi_path (/ 99) k)) - 0) /\
  sqrt 2 * 1 / ((1 - 0) * sqrt (INR 3)) < 49 / 50.
Proof.
  split; [apply taxi_convex|]. split; [apply taxi_interpolation|]. split; [apply taxi_below|].
  split; [intros; apply uneven_positive; lra|]. split; [intros k i _; unfold uneven; destruct k, i; lra|].
  split; [intros; rewrite taxi_norm, sqrt_sqrt; lra|]. split; [rewrite taxi_start; ring|].
  split; [intros; apply taxi_values; auto; lra|].
  replace ((1 - 0) * sqrt (INR 3)) with (sqrt 3); [apply too_much|].
  replace (INR 3) with 3 by (simpl; ring). ring.
Qed.

(** The theorems hold on this run: their hypotheses are met with R² = 1 + 98/4. *)
Example metric_taxi : 49 / 50 <= sqrt 2 * sqrt (1 + 98 / 4)
  / sqrt (1 + sumn 2 (fun k => (1 - 0 * 0) / (1 - 0 ^ (2 * S k)))).
Proof.
  apply (metric_growing.metric 2 taxi taxi_g 0 0 origin north (uneven 1) (sqrt 2)); try lra.
  - apply taxi_convex.
  - apply taxi_interpolation.
  - apply taxi_below.
  - intros k. apply uneven_positive. lra.
  - apply sqrt_lt_R0. lra.
  - intros k _ i _. unfold uneven. destruct k, i; lra.
  - intros k _. rewrite taxi_norm, sqrt_sqrt; lra.
  - apply sqrt_pos.
  - rewrite taxi_radius2 by lra. rewrite sqrt_sqrt; lra.
  - intros k Hk. apply taxi_values; auto. lra.
Qed.

(** Without convexity: √|x| from 1, no step, G = 1/2. *)
Example metric_needs_convex :
  interpolation 1 root_f origin 0 /\ bounded_below 1 root_f 0 /\
  dual2 1 ones (root_g 0 corner) = / 2 * / 2 /\ mdist2 1 ones corner origin = 1 * 1 /\
  / 2 * 1 / sqrt 1 < root_f 0 corner - 0.
Proof.
  assert (E : root_f 0 corner = 1) by (unfold root_f, corner; rewrite Rabs_R1; apply sqrt_1).
  split; [|split; [|split; [|split]]].
  - apply metric_summed_needs_convex.
  - apply metric_summed_needs_convex.
  - unfold dual2, root_g, ones, corner; simpl. rewrite Rabs_R1, sqrt_1.
    replace (sign 1) with 1 by abs_signs. field.
  - unfold mdist2, norm2, lin, ones, corner, origin; simpl. lra.
  - rewrite E, sqrt_1. lra.
Qed.
