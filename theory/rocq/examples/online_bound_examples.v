(** The online bound on small problems: instances of the theorems of online_bound.v on runs of MoMo⋆ and
    MoMo-Adam⋆, and problems on which they fail, each of which meets all hypotheses but one.

    On the line, in a step that uses one sample only (the first, or any where β = 0), c = (1+αλ)(f - gx) + gx,
    h = f and ‖d‖² = g². *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions online_bound star_methods on_the_line.
Open Scope R_scope.

Section OnLine.
Variables (f : nat -> vec -> R) (g : nat -> vec -> vec) (beta : R) (cap : option R) (lb lambda : R).
Variables (st : star) (s : nat).
Hypothesis Hone : star_first st = true \/ beta = 0.
Notation x := (sx st O).
Notation d := (g s (sx st) O).

Lemma one_f : star_f f beta st s = f s (sx st).
Proof. unfold star_f. destruct Hone as [-> | ->]; ring. Qed.
Lemma one_d : star_d g beta st s O = d.
Proof. unfold star_d, lin. destruct Hone as [-> | ->]; ring. Qed.
Lemma one_g : star_g 1 g beta st s = d * x.
Proof. unfold star_g, dot. simpl. destruct Hone as [-> | ->]; ring. Qed.
Lemma one_line : star_line 1 f g beta cap lambda st s = shrink cap lambda * (f s (sx st) - d * x) + d * x.
Proof. unfold star_line, dot. simpl. rewrite one_f, one_g, one_d. ring. Qed.
Lemma one_height : star_height 1 f g beta st s = f s (sx st).
Proof. unfold star_height, dot. simpl. rewrite one_f, one_g, one_d. ring. Qed.
Lemma one_norm : star_norm 1 g beta st s = d * d.
Proof. unfold star_norm, dot. simpl. rewrite one_d. ring. Qed.
End OnLine.

(** x²/2 + a from 1, as one sample; the path and its bounds. *)
Definition bowl (a : R) (s : nat) (x : vec) : R := 1 / 2 * (x O * x O) + a.
Definition bowl' (s : nat) (x : vec) : vec := at_ (x O).
Lemma bowl_at a s x : bowl a s x = 1 / 2 * (x O * x O) + a.
Proof. reflexivity. Qed.
Lemma bowl'_at s x i : bowl' s x i = x O.
Proof. reflexivity. Qed.
Notation zeros := (fun _ : nat => 0%nat).
Notation run a beta cap lb lambda := (star_path 1 (bowl a) bowl' beta cap lb lambda (at_ 1) zeros).
Definition bound (a beta : R) (cap : option R) (lb lambda : R) (k : nat) := sb (run a beta cap lb lambda k).
Definition line (a beta : R) (cap : option R) (lb lambda : R) (k : nat) :=
  star_line 1 (bowl a) bowl' beta cap lambda (run a beta cap lb lambda k) 0.
Definition height (a beta : R) (cap : option R) (lb lambda : R) (k : nat) :=
  star_height 1 (bowl a) bowl' beta (run a beta cap lb lambda k) 0.
Definition norm (a beta : R) (cap : option R) (lb lambda : R) (k : nat) :=
  star_norm 1 bowl' beta (run a beta cap lb lambda k) 0.
Definition tau_star (a beta : R) (cap : option R) (lb lambda : R) (k : nat) :=
  star_size 1 (bowl a) bowl' beta cap lb lambda (run a beta cap lb lambda k) 0.
Definition reset (a beta : R) (cap : option R) (lb lambda : R) (k : nat) :=
  used 1 (shrink cap lambda) lb (line a beta cap lb lambda k) (bound a beta cap lb lambda k).

Lemma bowl_run a beta cap lb lambda : starred (fun _ => 1) (shrink cap lambda) cap lb
  (line a beta cap lb lambda) (height a beta cap lb lambda)
  (fun k => let z := run a beta cap lb lambda k in star_f (bowl a) beta z 0 - star_g 1 bowl' beta z 0)
  (norm a beta cap lb lambda) (bound a beta cap lb lambda) (tau_star a beta cap lb lambda).
Proof. exact (momo_star_starred 1 (bowl a) bowl' beta cap lb lambda (at_ 1) zeros). Qed.

(** The problem's run, at a step k: the bound is what the formulas say. *)
Example momo_star_starred_met a beta cap lb lambda k : bound a beta cap lb lambda (S k) =
  next_bound 1 lb (height a beta cap lb lambda k) (norm a beta cap lb lambda k)
    (tau_star a beta cap lb lambda k).
Proof.
  destruct (momo_star_starred 1 (bowl a) bowl' beta cap lb lambda (at_ 1) zeros) as [_ H]. apply (H k).
Qed.

(** A step without decay: the point is MoMo's, with the lower bound that is used. *)
Example momo_star_is_momo_met a beta cap lb k : let z := run a beta cap lb 0 k in
  sx (run a beta cap lb 0 (S k)) = px (step 1 (bowl a) bowl' beta (reset a beta cap lb 0 k) cap
    (mk (star_first z) (sx z) (sd z) (sf z) (sg z)) 0).
Proof. apply (momo_star_is_momo 1 (bowl a) bowl' beta cap lb 0 (run a beta cap lb 0 k) 0 eq_refl). Qed.

(** The first step, from 1: c = (1+αλ)(a - ½) + 1, h = ½ + a, ‖d‖² = 1, u = a - ½, f_⋆^1 = lb. *)
Section First.
Variables (a beta : R) (cap : option R) (lb lambda : R).
Lemma first_line : line a beta cap lb lambda 0 = shrink cap lambda * (a - 1 / 2) + 1.
Proof. unfold line. rewrite one_line by (left; reflexivity). unfold bowl, bowl'. simpl. lra. Qed.
Lemma first_height : height a beta cap lb lambda 0 = 1 / 2 + a.
Proof. unfold height. rewrite one_height by (left; reflexivity). unfold bowl. simpl. lra. Qed.
Lemma first_norm : norm a beta cap lb lambda 0 = 1.
Proof. unfold norm. rewrite one_norm by (left; reflexivity). unfold bowl'. simpl. lra. Qed.
Lemma first_bound : bound a beta cap lb lambda 0 = lb.
Proof. reflexivity. Qed.
End First.

(** f_⋆^k ≥ lb on every run of MoMo⋆, for any functions. *)
Example online_floor_met n f g beta cap lb lambda x1 w k :
  lb <= sb (star_path n f g beta cap lb lambda x1 w k).
Proof. apply (online_floor _ _ _ _ _ _ _ _ _ _ (momo_star_starred n f g beta cap lb lambda x1 w) k). Qed.
(** The same of MoMo-Adam⋆. *)
Example online_floor_met_by_adam n f g beta1 beta2 eps cap lb lambda x1 w k : 0 <= beta1 < 1 -> 0 < eps ->
  lb <= ab (adam_path n f g beta1 beta2 eps cap lb lambda x1 w k).
Proof.
  intros Hb He. apply (online_floor _ _ _ _ _ _ _ _ _ _
    (momo_adam_star_starred n f g beta1 beta2 eps cap lb lambda Hb He x1 w) k).
Qed.

(** x²/2 from 1, no cap: f_⋆^2 = ½(½ + lb), ¼ for lb = 0. *)
Example online_uncapped_met beta lb : lb <= 1 / 2 -> bound 0 beta None lb 0 1 = (1 / 2 + lb) / 2.
Proof.
  intros Hl. pose proof (online_uncapped _ _ _ _ _ _ _ _ _ _ (bowl_run 0 beta None lb 0) I eq_refl 0) as H.
  cbv beta in H. rewrite first_height, first_norm, first_bound in H.
  rewrite !Rmult_1_l in H. rewrite H; [lra|lra|lra|exact I].
Qed.

(** Every step of MoMo⋆ on x²/2 from 1, any β, with α = ¼ and lb = 0. *)
Example online_bound_met beta k : let cap := Some (1 / 4) in
  let b := bound 0 beta cap 0 0 in let h := height 0 beta cap 0 0 k in
  0 <= b k /\ (b k <= h -> (h + b k) / 2 <= b (S k) <= h) /\ used 1 1 0 h (b k) <= b k.
Proof.
  intros cap b h. assert (Hc : positive_cap cap) by (simpl; lra).
  assert (Hs : shrink cap 0 = 1) by (simpl; ring).
  pose proof (bowl_run 0 beta cap 0 0) as Hr. rewrite Hs in Hr.
  destruct (online_bound _ _ _ _ _ _ _ _ _ k Hr Hc) as [H1 [H2 [H3 _]]]. fold b h in H1, H2, H3.
  rewrite !Rmult_1_l in H2. split; [exact H1|]. split; [|apply H3; lra].
  intros H. apply (H2 H).
Qed.

(** The same with α = ¼: between ¼ and ½. *)
Example online_rises_met beta : 1 / 4 <= bound 0 beta (Some (1 / 4)) 0 0 1 <= 1 / 2.
Proof.
  assert (Hc : positive_cap (Some (1 / 4))) by (simpl; lra).
  assert (Hs : shrink (Some (1 / 4)) 0 = 1) by (simpl; ring).
  pose proof (online_rises _ _ _ _ _ _ _ _ _ _ (bowl_run 0 beta (Some (1 / 4)) 0 0) Hc Hs 0) as H.
  cbv beta in H. rewrite first_height, first_bound, !Rmult_1_l in H. lra.
Qed.

(** Without a cap and with β = 0 the second step comes from x = ½ + lb. With lb = 0, h = 1/8 < ¼ = f_⋆^2, and
    with lb = 1/10, h = 9/50 < 3/10 = f_⋆^2: both reset. *)
Lemma second_point lb : lb <= 1 / 2 -> sx (run 0 0 None lb 0 1) O = 1 / 2 + lb.
Proof.
  intros Hl.
  change (run 0 0 None lb 0 1) with (momo_star_step 1 (bowl 0) bowl' 0 None lb 0 (run 0 0 None lb 0 0) 0).
  rewrite step_point, one_d by (right; reflexivity). fold (tau_star 0 0 None lb 0 0).
  destruct (bowl_run 0 0 None lb 0) as [_ H]. destruct (H 0%nat) as [_ [_ [_ [-> _]]]].
  rewrite first_line, first_norm, first_bound. unfold size, used. simpl shrink.
  destruct (Rlt_dec (1 * (0 - 1 / 2) + 1) (1 * 1 * lb)); [lra|].
  destruct (Req_EM_T 1 0); [lra|]. rewrite Rmax_left by lra. unfold bowl'. simpl. lra.
Qed.
Lemma second_line lb : lb <= 1 / 2 -> line 0 0 None lb 0 1 = (1 / 2 + lb) * (1 / 2 + lb) / 2.
Proof.
  intros Hl. unfold line. rewrite one_line by (right; reflexivity).
  rewrite bowl_at, bowl'_at, second_point by auto. simpl. lra.
Qed.
Lemma second_height lb : lb <= 1 / 2 -> height 0 0 None lb 0 1 = (1 / 2 + lb) * (1 / 2 + lb) / 2.
Proof.
  intros Hl. unfold height. rewrite one_height by (right; reflexivity).
  rewrite bowl_at, second_point by auto. lra.
Qed.
Lemma second_norm lb : lb <= 1 / 2 -> norm 0 0 None lb 0 1 = (1 / 2 + lb) * (1 / 2 + lb).
Proof.
  intros Hl. unfold norm. rewrite one_norm by (right; reflexivity). rewrite bowl'_at, second_point; auto.
Qed.

Ltac at_second H := cbv beta in H;
  rewrite ?second_line, ?second_height, ?second_norm, ?online_uncapped_met in H by lra.

(** The reset lowers the bound, f_⋆^2 = ¼. *)
Example online_reset_lowers_met : reset 0 0 None 0 0 1 <= 1 / 4.
Proof.
  replace (1 / 4) with (bound 0 0 None 0 0 1) by (rewrite online_uncapped_met; lra).
  apply (online_reset_lowers _ _ _ _ _ _ _ _ _ _ (bowl_run 0 0 None 0 0) Rlt_0_1 1). lra.
Qed.
(** To 1/16: it leaves half of 1/8 as the gap. *)
Example online_reset_gap_met : reset 0 0 None 0 0 1 = 1 / 16.
Proof.
  pose proof (online_reset_gap _ _ _ _ _ _ _ _ _ _ (bowl_run 0 0 None 0 0) Rlt_0_1 1) as H.
  cbv beta in H. fold (reset 0 0 None 0 0 1) in H. at_second H. simpl shrink in H.
  rewrite Rmin_left in H by lra. lra.
Qed.
(** So that the step moves. *)
Example online_reset_moves_met : 0 < tau_star 0 0 None 0 0 1.
Proof.
  pose proof (online_reset_moves _ _ _ _ _ _ _ _ _ _ (bowl_run 0 0 None 0 0) Rlt_0_1 I 1) as H.
  at_second H. simpl shrink in H. apply H; repeat split; lra.
Qed.
(** f_⋆^3 is between ½(1/8 + 1/16) and 1/8. *)
Example online_after_reset_met : 3 / 32 <= bound 0 0 None 0 0 2 <= 1 / 8.
Proof.
  pose proof (online_after_reset _ _ _ _ _ _ _ _ _ _ (bowl_run 0 0 None 0 0) I eq_refl 1) as H.
  assert (E : used 1 1 0 (height 0 0 None 0 0 1) (bound 0 0 None 0 0 1) = 1 / 16).
  { pose proof online_reset_gap_met as H1. unfold reset in H1. rewrite second_line in H1 by lra.
    rewrite second_height by lra. exact H1. }
  cbv beta zeta in H. rewrite E in H. at_second H. lra.
Qed.

(** x²/2 - 2 with lb = -1, which is too high: c = -3/2, and the reset raises f_⋆^1 = -1 to -3/4. *)
Example online_reset_raises_iff_met beta : bound (-2) beta None (-1) 0 0 < reset (-2) beta None (-1) 0 0.
Proof.
  apply (online_reset_raises_iff _ _ _ _ _ _ _ _ _ _ (bowl_run (-2) beta None (-1) 0) Rlt_0_1 0).
  rewrite first_line, first_bound. simpl. lra.
Qed.

(** x²/2 + 1 with α = 2, λ = ½: f_⋆^2 = ½(3/2) - ½(½) = ½. *)
Example online_uncapped_with_decay_met beta : bound 1 beta (Some 2) 0 (1 / 2) 1 = 1 / 2.
Proof.
  assert (Hc : positive_cap (Some 2)) by (simpl; lra).
  assert (Hs : shrink (Some 2) (1 / 2) = 2) by (simpl; field).
  pose proof (online_uncapped_with_decay _ _ _ _ _ _ _ _ _ _ (bowl_run 1 beta (Some 2) 0 (1 / 2)) Hc 0) as H.
  cbv beta zeta in H. rewrite first_line, first_height, first_norm, first_bound, Hs in H.
  rewrite one_f, one_g in H by (left; reflexivity).
  assert (E : used 1 2 0 (2 * (1 - 1 / 2) + 1) 0 = 0)
    by (unfold used; destruct (Rlt_dec (2 * (1 - 1 / 2) + 1) (2 * 1 * 0)); lra).
  rewrite E in H. unfold bowl, bowl' in H. simpl in H.
  rewrite Rmax_left in H by lra. rewrite Rmax_left in H by lra. lra.
Qed.

(** The same with α = 1, λ = ½, where the cap binds: between 5/8 and 3/2. *)
Example online_between_with_decay_met beta : 5 / 8 <= bound 1 beta (Some 1) 0 (1 / 2) 1 <= 3 / 2.
Proof.
  assert (Hc : positive_cap (Some 1)) by (simpl; lra).
  pose proof (online_between_with_decay _ _ _ _ _ _ _ _ _ _ (bowl_run 1 beta (Some 1) 0 (1 / 2)) Hc 0) as H.
  cbv beta zeta in H. rewrite first_line, first_height, first_bound in H. simpl shrink in H.
  assert (E : used 1 (1 + 1 * (1 / 2)) 0 ((1 + 1 * (1 / 2)) * (1 - 1 / 2) + 1) 0 = 0)
    by (unfold used; destruct (Rlt_dec _ _); lra).
  rewrite E, !Rmult_0_r, !Rmax_left in H by lra. lra.
Qed.

(** MoMo-Adam⋆ on x²/2 from 1, no cap, lb = 0: f_⋆^2 = ¼, too, with ρ_1 = 1-β_1. *)
Example online_uncapped_met_by_adam beta1 beta2 eps : 0 <= beta1 < 1 -> 0 <= beta2 < 1 -> 0 < eps ->
  ab (adam_path 1 (bowl 0) bowl' beta1 beta2 eps None 0 0 (at_ 1) zeros 1) = 1 / 4.
Proof.
  intros Hb1 Hb2 He.
  pose proof (online_uncapped _ _ _ _ _ _ _ _ _ _ (momo_adam_star_starred 1 (bowl 0) bowl' beta1 beta2 eps
    None 0 0 Hb1 He (at_ 1) zeros) I eq_refl 0) as H.
  set (b := ab (adam_path 1 (bowl 0) bowl' beta1 beta2 eps None 0 0 (at_ 1) zeros 1)) in *.
  assert (Eh : adam_height 1 (bowl 0) bowl' beta1 1 (adam_start 0 (at_ 1)) 0 = (1 - beta1) * (1 / 2))
    by (unfold adam_height, adam_f, adam_g, adam_d, bowl, bowl', dot, lin; simpl; lra).
  assert (Er : adam_rho beta1 1 = 1 - beta1) by (unfold adam_rho; simpl; ring).
  assert (En : adam_norm 1 bowl' beta1 beta2 eps 1 (adam_start 0 (at_ 1)) 0 <> 0).
  { unfold adam_norm, adam_D, adam_d, bowl', dot, lin; simpl.
    set (D := eps + sqrt (adam_v _ _ _ _ _ / _)).
    assert (HD : 0 < D) by (unfold D; apply Rplus_lt_le_0_compat; [auto|apply sqrt_pos]).
    assert (H1 : 0 < (beta1 * 0 + (1 - beta1) * 1) * ((beta1 * 0 + (1 - beta1) * 1) / D)).
    { unfold Rdiv. repeat apply Rmult_lt_0_compat; try lra. apply Rinv_0_lt_compat; auto. }
    lra. }
  cbv beta in H. simpl adam_path in H. rewrite Eh, Er in H. simpl ab in H.
  apply (Rmult_eq_reg_l (1 - beta1)); [|lra]. rewrite H; [lra|lra|exact En|exact I].
Qed.

(** MoMo-Adam⋆'s run on it, at a step k: the bound is what the formulas say. *)
Example momo_adam_star_starred_met beta1 beta2 eps cap lb lambda k : 0 <= beta1 < 1 -> 0 < eps ->
  let z := adam_path 1 (bowl 0) bowl' beta1 beta2 eps cap lb lambda (at_ 1) zeros in
  ab (z (S k)) = next_bound (adam_rho beta1 (S k)) lb (adam_height 1 (bowl 0) bowl' beta1 (S k) (z k) 0)
    (adam_norm 1 bowl' beta1 beta2 eps (S k) (z k) 0)
    (adam_size 1 (bowl 0) bowl' beta1 beta2 eps cap lb lambda (S k) (z k) 0).
Proof.
  intros Hb He. destruct (momo_adam_star_starred 1 (bowl 0) bowl' beta1 beta2 eps cap lb lambda Hb He
    (at_ 1) zeros) as [_ H]. apply (H k).
Qed.

(** What fails. Each is the first step of MoMo⋆, with any β, from 1. *)
Lemma first_step a beta cap lb lambda : let c := shrink cap lambda * (a - 1 / 2) + 1 in
  let t := size 1 (shrink cap lambda) cap c 1 (used 1 (shrink cap lambda) lb c lb) in
  tau_star a beta cap lb lambda 0 = t /\ bound a beta cap lb lambda 1 = next_bound 1 lb (1 / 2 + a) 1 t.
Proof.
  destruct (bowl_run a beta cap lb lambda) as [_ H]. destruct (H 0%nat) as [_ [_ [_ [Et Eb]]]].
  cbv zeta. rewrite Et in Eb. rewrite Et, Eb, first_line, first_height, first_norm, first_bound.
  split; reflexivity.
Qed.

(** Halfway needs a cap that does not bind: x²/2 with α = ¼ goes to 3/8, not ¼. *)
Example online_uncapped_needs_no_cap beta : bound 0 beta (Some (1 / 4)) 0 0 1 = 3 / 8.
Proof.
  destruct (first_step 0 beta (Some (1 / 4)) 0 0) as [_ ->]. simpl shrink.
  unfold used. destruct (Rlt_dec _ _); [lra|]. unfold size. destruct (Req_EM_T 1 0); [lra|].
  rewrite (Rmax_left (_ - _) 0), Rmin_left by lra. unfold next_bound. rewrite Rmax_left; lra.
Qed.

(** It needs a line that is not below the bound: x²/2 with lb = 1 stays at 1, above h = ½; nothing moves. *)
Example online_uncapped_needs_line_above beta :
  bound 0 beta None 1 0 1 = 1 /\ tau_star 0 beta None 1 0 0 = 0.
Proof.
  pose proof (bowl_run 0 beta None 1 0) as Hr. destruct (online_floor _ _ _ _ _ _ _ _ _ _ Hr 0) as [_ H].
  destruct (online_after_reset _ _ _ _ _ _ _ _ _ _ Hr I eq_refl 0) as [_ H1]. cbv beta in H, H1.
  rewrite first_line in H. rewrite first_height in H1. rewrite first_bound in H, H1. simpl shrink in H.
  replace (1 * (0 - 1 / 2) + 1) with (1 / 2 + 0) in H by lra.
  destruct H1 as [Ht Hb]; [lra|]. rewrite Rmax_right in Hb by lra. split; assumption.
Qed.

(** It needs λ = 0: x²/2 + 1 with α = 2, λ = ½ goes to ½, which is even below ½(h + f_⋆^1) = ¾ ≤ h. *)
Example online_rises_needs_no_decay beta : bound 1 beta (Some 2) 0 (1 / 2) 1 = 1 / 2 /\
  1 * bound 1 beta (Some 2) 0 (1 / 2) 0 <= height 1 beta (Some 2) 0 (1 / 2) 0 /\
  1 / 2 < (height 1 beta (Some 2) 0 (1 / 2) 0 + 1 * bound 1 beta (Some 2) 0 (1 / 2) 0) / 2.
Proof. rewrite online_uncapped_with_decay_met, first_height, first_bound. lra. Qed.

(** It needs a gradient: a constant 1 has h = 1, and f_⋆^2 = 1, not ½. *)
Example online_uncapped_needs_gradient beta :
  sb (star_path 1 (fun _ _ => 1) (fun _ _ _ => 0) beta None 0 0 (at_ 1) zeros 1) = 1.
Proof.
  destruct (momo_star_starred 1 (fun _ _ => 1) (fun _ _ _ => 0) beta None 0 0 (at_ 1) zeros) as [_ H].
  destruct (H 0%nat) as [_ [_ [_ [Et Eb]]]]. rewrite Eb, Et, one_height, one_norm by (left; reflexivity).
  unfold next_bound, size. destruct (Req_EM_T (0 * 0) 0); [|lra]. rewrite Rmax_left; lra.
Qed.

(** A reset need not lower the bound where lb < 0: online_reset_raises_iff_met. And it does not let the step
    move where lb is above the line: online_uncapped_needs_line_above, where h = ½ < f_⋆^1 = lb = 1. But
    c ≥ 2ρ lb is needed for the gap c/2 alone, not to move: x²/2 from 1, lb = 1/10, second step, c = 9/50. *)
Example online_reset_gap_needs_low_floor :
  line 0 0 None (1 / 10) 0 1 < 1 * 1 * bound 0 0 None (1 / 10) 0 1 /\
  line 0 0 None (1 / 10) 0 1 - 1 * 1 * reset 0 0 None (1 / 10) 0 1 < line 0 0 None (1 / 10) 0 1 / 2 /\
  0 < tau_star 0 0 None (1 / 10) 0 1.
Proof.
  pose proof (online_reset_gap _ _ _ _ _ _ _ _ _ _ (bowl_run 0 0 None (1 / 10) 0) Rlt_0_1 1) as Hg.
  cbv beta in Hg. fold (reset 0 0 None (1 / 10) 0 1) in Hg.
  pose proof (online_reset_moves _ _ _ _ _ _ _ _ _ _ (bowl_run 0 0 None (1 / 10) 0) Rlt_0_1 I 1) as H.
  at_second H. at_second Hg. simpl shrink in *. rewrite second_line, online_uncapped_met by lra.
  rewrite Rmin_right in Hg by lra. split; [lra|]. split; [rewrite Hg; lra|]. apply H; repeat split; lra.
Qed.
