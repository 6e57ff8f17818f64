(** * The slowest path for functions in a given order: points, gradients, functions

    Everything happens in the plane, and x⋆ = 0.  With the numbers Y_k, N_k of given_order_numbers.v (in
    units of G and δ; there Y_K = 1), and D_k = d_k/(1-β),

      g_k = y_k/Y_k + √(1 - 1/Y_k) u_k,    u_1 across y_1,    u_{k+1} = D_k/√N_k,
      D_1 = g_1/(1-β),    D_{k+1} = β D_k + g_{k+1},    y_{k+1} = y_k - (s_k/N_k) D_k,
      s_1 = 1/(1-β),      s_k = 1 for k ≥ 2.

    1. u_k is a unit vector across y_k, so that ‖g_k‖ = 1 and <g_k, y_k> = 1; <D_k, y_k> = s_k;
       ‖D_k‖² = N_k, ‖y_k‖² = Y_k; and a step ends with <D_k, y_{k+1}> = 0 ([trap_facts]).
    2. f_k(x) = max{f⋆, f⋆ + δ + <G g_k, x - x^k>} with x^k = (δ/G) y_k is convex, G-Lipschitz, has its
       minimum f⋆ at 0, and the value f⋆ + δ at x^k ([hinge_convex] and what follows).
    3. This is MoMo's run: after every step the model has the value f⋆ at the new point, so that in the
       next one h - f⋆ = (1-β) δ; in the first one h - f⋆ = δ ([run_is_trap]). *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method assumptions given_order_numbers.
Open Scope R_scope.

Definition times (c : R) (v : vec) : vec := lin c v 0 v.

Lemma dot_zero n v : dot n (fun _ => 0) v = 0.
Proof. change (sumn n (fun i => 0 * v i) = 0). rewrite sumn_scal. ring. Qed.

(** ** Functions: max{f⋆, f⋆ + δ + <a, x - x0>} *)
Section Hinge.
Variables (n : nat) (fstar delta : R) (a x0 : vec).
Definition piece (x : vec) : R := delta + dot n a (lin 1 x (-1) x0).
Definition hinge (x : vec) : R := fstar + Rmax 0 (piece x).
Definition hinge_slope (x : vec) : vec := if Rle_dec 0 (piece x) then a else fun _ => 0.

Lemma hinge_convex x y : hinge x + dot n (hinge_slope x) (lin 1 y (-1) x) <= hinge y.
Proof.
  unfold hinge, hinge_slope. pose proof (Rmax_l 0 (piece y)) as H0. pose proof (Rmax_r 0 (piece y)) as H1.
  destruct (Rle_dec 0 (piece x)) as [H|H].
  - rewrite (Rmax_right 0 (piece x)) by auto.
    assert (E : piece y = piece x + dot n a (lin 1 y (-1) x)) by (unfold piece; rewrite !dot_lin_r; ring).
    lra.
  - rewrite (Rmax_left 0 (piece x)), dot_zero by lra. lra.
Qed.

Lemma hinge_above x : fstar <= hinge x.
Proof. unfold hinge. pose proof (Rmax_l 0 (piece x)). lra. Qed.

Lemma hinge_lipschitz x : dot n (hinge_slope x) (hinge_slope x) <= dot n a a.
Proof.
  unfold hinge_slope. destruct (Rle_dec 0 (piece x)); [lra|]. rewrite dot_zero. apply dot_pos.
Qed.

Lemma piece_at_x0 : piece x0 = delta.
Proof. unfold piece. rewrite dot_lin_r. ring. Qed.
Lemma hinge_at_x0 : 0 <= delta -> hinge x0 = fstar + delta.
Proof. intros H. unfold hinge. rewrite piece_at_x0, Rmax_right; auto. Qed.
Lemma hinge_slope_at_x0 : 0 <= delta -> hinge_slope x0 = a.
Proof.
  intros H. unfold hinge_slope. rewrite piece_at_x0. destruct (Rle_dec 0 delta); [auto|contradiction].
Qed.
End Hinge.

(** ** The path *)
Section Trap.
Variables beta a : R.

Notation Y := (size beta a).
Notation N := (norm beta a).

(** y/Y + √(1-1/Y) u, from Y, y and u *)
Definition gradient (size : R) (y u : vec) : vec := lin (/ size) y (sqrt (1 - near size)) u.
Definition axis (i : nat) : vec := fun j => if Nat.eqb i j then 1 else 0.
(** s_k = <D_k, y_k> *)
Definition gain (k : nat) : R := match k with O => / (1 - beta) | S _ => 1 end.

(** (y_k, D_k), counted from 0 *)
Fixpoint trap (k : nat) : vec * vec :=
  match k with
  | O => let y := times (sqrt a) (axis 0) in (y, times (/ (1 - beta)) (gradient (Y 0) y (axis 1)))
  | S j => let D := snd (trap j) in
           let y := lin 1 (fst (trap j)) (- (gain j / N j)) D in
           (y, lin beta D 1 (gradient (Y (S j)) y (times (/ sqrt (N j)) D)))
  end.
Definition point (k : nat) : vec := fst (trap k).
Definition average (k : nat) : vec := snd (trap k).
Definition across (k : nat) : vec :=
  match k with O => axis 1 | S j => times (/ sqrt (N j)) (average j) end.
Definition slope (k : nat) : vec := gradient (Y k) (point k) (across k).

Lemma point_next k : point (S k) = lin 1 (point k) (- (gain k / N k)) (average k).
Proof. reflexivity. Qed.
Lemma point_first : point 0 = times (sqrt a) (axis 0).
Proof. reflexivity. Qed.
Lemma average_first : average 0 = times (/ (1 - beta)) (slope 0).
Proof. reflexivity. Qed.
Lemma average_next k : average (S k) = lin beta (average k) 1 (slope (S k)).
Proof. reflexivity. Qed.

Hypothesis Hbeta : 0 <= beta < 1.

Notation "⟨ u , v ⟩" := (dot 2 u v).

(** What is known of y_k, u_k and D_k *)
Definition facts (k : nat) : Prop :=
  ⟨point k, point k⟩ = Y k /\ ⟨across k, point k⟩ = 0 /\ ⟨across k, across k⟩ = 1 /\
  ⟨slope k, slope k⟩ = 1 /\ ⟨slope k, point k⟩ = 1 /\
  ⟨average k, average k⟩ = N k /\ ⟨average k, point k⟩ = gain k.

(** y and u determine the gradient's products. *)
Lemma gradient_facts size y u : 1 <= size -> ⟨y, y⟩ = size -> ⟨u, y⟩ = 0 -> ⟨u, u⟩ = 1 ->
  ⟨gradient size y u, gradient size y u⟩ = 1 /\ ⟨gradient size y u, y⟩ = 1 /\
  ⟨gradient size y u, u⟩ = sqrt (1 - near size).
Proof.
  intros H1 Hy Huy Hu. pose proof (side_squared size) as Hs. set (s := sqrt (1 - near size)) in *.
  unfold gradient. fold s. repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite (dot_comm 2 y u), Hy, Huy, Hu.
  repeat split.
  - transitivity (s * s + / size); [field; lra|]. rewrite Hs, near_inverse by auto. ring.
  - field. lra.
  - ring.
Qed.

Lemma trap_facts k : (forall j, (j <= k)%nat -> 1 <= Y j) -> facts k.
Proof.
  induction k as [|k IH]; intros Hsize; pose proof (norm_range beta Hbeta a) as HN.
  - pose proof (Hsize O (Nat.le_refl O)) as Ha. change (Y 0) with a in Ha.
    assert (Hy : ⟨point 0, point 0⟩ = Y 0).
    { change (Y 0) with a. rewrite point_first. unfold dot, times, lin, axis; simpl.
      transitivity (sqrt a * sqrt a); [ring|apply sqrt_sqrt; lra]. }
    assert (Huy : ⟨across 0, point 0⟩ = 0).
    { rewrite point_first. change (across 0) with (axis 1). unfold dot, times, lin, axis; simpl. ring. }
    assert (Huu : ⟨across 0, across 0⟩ = 1).
    { change (across 0) with (axis 1). unfold dot, axis; simpl. ring. }
    destruct (gradient_facts (Y 0) (point 0) (across 0) Ha Hy Huy Huu) as [Hgg [Hgy _]].
    fold (slope 0) in Hgg, Hgy.
    unfold facts. rewrite average_first. unfold times. repeat rewrite ?dot_lin_l, ?dot_lin_r.
    rewrite Hgg, Hgy. unfold norm, gain; simpl.
    repeat split; auto; field; lra.
  - destruct (IH (fun j Hj => Hsize j ltac:(lia))) as [Hy [_ [_ [_ [_ [HDD HDy]]]]]].
    assert (HNk : 1 <= N k) by apply HN.
    (* the step ends across D_k, and Y_{k+1} = Y_k - s_k²/N_k *)
    assert (HDy' : ⟨average k, point (S k)⟩ = 0).
    { rewrite point_next, dot_lin_r, HDD, HDy. field. lra. }
    assert (Hy' : ⟨point (S k), point (S k)⟩ = Y (S k)).
    { rewrite point_next at 1. rewrite dot_lin_l, HDy'. rewrite point_next, dot_lin_r, Hy, dot_comm, HDy.
      rewrite size_next. unfold fall, gain. destruct k; [|field; lra].
      change (N 0) with (/ ((1 - beta) * (1 - beta))). field. lra. }
    assert (Hr : 0 < sqrt (N k)) by (apply sqrt_lt_R0; lra).
    assert (Hrr : sqrt (N k) * sqrt (N k) = N k) by (apply sqrt_sqrt; lra).
    assert (Huy : ⟨across (S k), point (S k)⟩ = 0).
    { simpl across. unfold times. rewrite dot_lin_l, HDy'. ring. }
    assert (Huu : ⟨across (S k), across (S k)⟩ = 1).
    { simpl across. unfold times. repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite HDD.
      set (r := sqrt (N k)) in *. rewrite <- Hrr. field. lra. }
    destruct (gradient_facts _ _ _ (Hsize (S k) (Nat.le_refl _)) Hy' Huy Huu) as [Hgg [Hgy Hgu]].
    fold (slope (S k)) in Hgg, Hgy, Hgu.
    assert (HgD : ⟨slope (S k), average k⟩ = sqrt (1 - near (Y (S k))) * sqrt (N k)).
    { rewrite <- Hgu. simpl across. unfold times. rewrite dot_lin_r. field. lra. }
    unfold facts. rewrite average_next. repeat rewrite ?dot_lin_l, ?dot_lin_r.
    rewrite (dot_comm 2 (average k) (slope (S k))), Hgg, Hgy, HgD, HDD, HDy'.
    repeat split; auto.
    + rewrite norm_next. unfold next_norm. pose proof (side_squared (Y (S k))) as Hs.
      set (s := sqrt (1 - near (Y (S k)))) in *. set (r := sqrt (N k)) in *. rewrite <- Hrr.
      lra.
    + simpl gain. ring.
Qed.

(** ** The run *)
Variables fstar delta G : R.
Hypothesis Hdelta : 0 < delta.
Hypothesis HG : 0 < G.

Definition own (k : nat) : vec -> R := hinge 2 fstar delta (times G (slope k)) (times (delta / G) (point k)).
Definition own_slope (k : nat) : vec -> vec :=
  hinge_slope 2 delta (times G (slope k)) (times (delta / G) (point k)).
Definition run (k : nat) : state :=
  path 2 own own_slope beta fstar None (times (delta / G) (point 0)) (fun i => i) k.

Lemma step_average st k : pd (step 2 own own_slope beta fstar None st k) =
  lin (keepof beta st) (pd st) (1 - keepof beta st) (own_slope k (px st)).
Proof. reflexivity. Qed.

(** After step k: the point, the average, and the value of the model at the point. *)
Definition arrived (k : nat) : Prop :=
  first (run (S k)) = false /\ px (run (S k)) = times (delta / G) (point (S k)) /\
  pd (run (S k)) = times ((1 - beta) * G) (average k) /\ model 2 (run (S k)) (px (run (S k))) = fstar.

(** A step from x^k that has D_k and h - f⋆ = (1-β) δ s_k. *)
Lemma step_arrives st k : facts k ->
  px st = times (delta / G) (point k) ->
  pd (step 2 own own_slope beta fstar None st k) = times ((1 - beta) * G) (average k) ->
  model 2 (step 2 own own_slope beta fstar None st k) (px st) = fstar + (1 - beta) * delta * gain k ->
  let st' := step 2 own own_slope beta fstar None st k in
  px st' = times (delta / G) (point (S k)) /\ model 2 st' (px st') = fstar.
Proof.
  intros Hf Hx Hd Hh st'. fold st' in Hd, Hh. destruct Hf as [_ [_ [_ [_ [_ [HDD _]]]]]].
  pose proof (norm_range beta Hbeta a k) as HN.
  assert (Hg : 0 < gain k) by (destruct k; simpl; [apply Rinv_0_lt_compat|]; lra).
  assert (Ht : px st' = lin 1 (px st) (- tau fstar None (model 2 st' (px st)) (⟨pd st', pd st'⟩)) (pd st'))
    by reflexivity.
  assert (Hdd : ⟨pd st', pd st'⟩ = (1 - beta) * G * ((1 - beta) * G) * N k).
  { rewrite Hd. unfold times. repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite HDD. ring. }
  assert (HbG : 0 < (1 - beta) * G) by (apply Rmult_lt_0_compat; lra).
  assert (Hpos : 0 < (1 - beta) * G * ((1 - beta) * G) * N k)
    by (apply Rmult_lt_0_compat; [apply Rmult_lt_0_compat; auto|lra]).
  assert (Htau : tau fstar None (model 2 st' (px st)) (⟨pd st', pd st'⟩)
    = delta * gain k / ((1 - beta) * (G * G) * N k)).
  { rewrite Hh, Hdd. unfold tau. destruct (Req_EM_T _ 0) as [E|_]; [lra|].
    rewrite Rmax_right.
    - field. repeat split; lra.
    - assert (0 <= (1 - beta) * delta * gain k) by (repeat apply Rmult_le_pos; lra). lra. }
  rewrite Htau in Ht. split.
  - rewrite Ht, Hx, Hd, point_next. apply functional_extensionality. intros i. unfold times, lin.
    field. repeat split; lra.
  - assert (E : model 2 st' (px st') = model 2 st' (px st)
      - delta * gain k / ((1 - beta) * (G * G) * N k) * ⟨pd st', pd st'⟩).
    { rewrite Ht. unfold model. rewrite dot_lin_r. ring. }
    rewrite E, Hh, Hdd. field. repeat split; lra.
Qed.

Lemma run_is_trap k : (forall j, (j <= k)%nat -> 1 <= Y j) -> arrived k.
Proof.
  induction k as [|k IH]; intros Hsize; pose proof (trap_facts _ Hsize) as Hf; unfold arrived.
  - change (run 1) with (step 2 own own_slope beta fstar None (run 0) 0).
    assert (Hs : own_slope 0 (px (run 0)) = times G (slope 0)) by (apply hinge_slope_at_x0; lra).
    assert (Hv : own 0 (px (run 0)) = fstar + delta) by (apply hinge_at_x0; lra).
    assert (Hd : pd (step 2 own own_slope beta fstar None (run 0) 0) = times ((1 - beta) * G) (average 0)).
    { rewrite step_average, Hs, average_first. unfold keepof; simpl first; cbv iota.
      apply functional_extensionality. intros i. unfold times, lin. field. lra. }
    destruct (step_arrives (run 0) 0 Hf eq_refl Hd) as [H1 H2]; [|repeat split; auto].
    rewrite model_step, Hv, Hs, dot_lin_r. unfold keepof; simpl first; cbv iota. simpl gain. field. lra.
  - destruct (IH (fun j Hj => Hsize j ltac:(lia))) as [Hfirst [Hx [Hd0 Hm]]].
    change (run (S (S k))) with (step 2 own own_slope beta fstar None (run (S k)) (S k)).
    set (st := run (S k)) in *.
    assert (Hs : own_slope (S k) (px st) = times G (slope (S k)))
      by (rewrite Hx; apply hinge_slope_at_x0; lra).
    assert (Hv : own (S k) (px st) = fstar + delta) by (rewrite Hx; apply hinge_at_x0; lra).
    assert (Hd : pd (step 2 own own_slope beta fstar None st (S k)) = times ((1 - beta) * G) (average (S k))).
    { rewrite step_average. unfold keepof. rewrite Hfirst, Hs, Hd0, average_next.
      apply functional_extensionality. intros i. unfold times, lin. ring. }
    destruct (step_arrives st (S k) Hf Hx Hd) as [H1 H2]; [|repeat split; auto].
    rewrite model_step, Hv, Hs, dot_lin_r, Hm. unfold keepof. rewrite Hfirst. simpl gain. ring.
Qed.

(** Point k of the run, as long as the numbers allow. *)
Lemma run_point k : (forall j, (j <= k)%nat -> 1 <= Y j) -> px (run k) = times (delta / G) (point k).
Proof.
  destruct k; intros Hsize; [reflexivity|].
  apply run_is_trap. intros j Hj. apply Hsize. lia.
Qed.

Lemma own_value k : (forall j, (j <= k)%nat -> 1 <= Y j) -> own k (px (run k)) - fstar = delta.
Proof. intros H. rewrite run_point by auto. unfold own. rewrite hinge_at_x0 by lra. ring. Qed.

Lemma own_at_0 k : (forall j, (j <= k)%nat -> 1 <= Y j) -> own k (fun _ => 0) = fstar.
Proof.
  intros H. destruct (trap_facts k H) as [_ [_ [_ [_ [Hgy _]]]]].
  unfold own, hinge, piece. replace (dot 2 (times G (slope k)) _) with (- delta).
  - rewrite Rplus_opp_r, Rmax_left by lra. ring.
  - unfold times. repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite Hgy.
    replace (⟨slope k, fun _ => 0⟩) with 0 by (unfold dot; simpl; ring). field. lra.
Qed.

Lemma own_lipschitz k x : (forall j, (j <= k)%nat -> 1 <= Y j) ->
  dot 2 (own_slope k x) (own_slope k x) <= G * G.
Proof.
  intros H. destruct (trap_facts k H) as [_ [_ [_ [Hgg _]]]].
  apply Rle_trans with (1 := hinge_lipschitz _ _ _ _ _).
  unfold times. repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite Hgg. lra.
Qed.

Lemma run_distance k : (forall j, (j <= k)%nat -> 1 <= Y j) ->
  dist2 2 (px (run k)) (fun _ => 0) = delta * delta / (G * G) * Y k.
Proof.
  intros H. destruct (trap_facts k H) as [Hyy _]. rewrite run_point by auto.
  replace (dist2 2 _ _) with (dot 2 (times (delta / G) (point k)) (times (delta / G) (point k))).
  - unfold times. repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite Hyy. field. lra.
  - unfold dist2, dot, lin; simpl. ring.
Qed.

Lemma run_average k : (forall j, (j <= k)%nat -> 1 <= Y j) ->
  dot 2 (pd (run (S k))) (pd (run (S k))) = (1 - beta) * (1 - beta) * (G * G) * N k.
Proof.
  intros H. destruct (run_is_trap k H) as [_ [_ [Hd _]]].
  destruct (trap_facts k H) as [_ [_ [_ [_ [_ [HDD _]]]]]].
  rewrite Hd. unfold times. repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite HDD. ring.
Qed.
End Trap.
