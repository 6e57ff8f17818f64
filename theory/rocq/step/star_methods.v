(** MoMo⋆ and MoMo-Adam⋆, literally: compare momo_star and momo_adam_star in momo/reference/paper.py.

    A run of either is one of the sequences of numbers that online_bound.v speaks of ([momo_star_starred],
    [momo_adam_star_starred]), so that all said there of the bound holds for them. Between two changes of
    the bound, a step of MoMo⋆ is a step of MoMo with the bound that it uses ([momo_star_is_momo]).

    Two readings: "d.any()" is ‖d‖² ≠ 0; and there is no decay without a cap (α = ∞), see [shrink]. *)
Require Import Reals Lra Psatz Lia FunctionalExtensionality.
From Momo Require Import sums vectors method assumptions online_bound.
Open Scope R_scope.

Section MomoStar.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta : R) (cap : option R) (lb lambda : R).

(** [star_first] before the first sample; x^k; f̄, d, γ; f_⋆^k. *)
Record star := mkstar { star_first : bool; sx : vec; sf : R; sd : vec; sg : R; sb : R }.

(** f̄_0, d_0, γ_0: those of the first sample; then f̄_k, d_k, γ_k. *)
Definition star_f (st : star) (s : nat) :=
  beta * (if star_first st then f s (sx st) else sf st) + (1 - beta) * f s (sx st).
Definition star_d (st : star) (s : nat) :=
  lin beta (if star_first st then g s (sx st) else sd st) (1 - beta) (g s (sx st)).
Definition star_g (st : star) (s : nat) :=
  beta * (if star_first st then dot n (g s (sx st)) (sx st) else sg st)
  + (1 - beta) * dot n (g s (sx st)) (sx st).

Definition momo_star_step (st : star) (s : nat) : star :=
  let x := sx st in
  let f_avg := star_f st s in
  let d := star_d st s in
  let gamma := star_g st s in
  let sh := shrink cap lambda in
  let c := sh * (f_avg - gamma) + dot n d x in
  let f_star := if Rlt_dec c (sh * sb st) then Rmax (c / (2 * sh)) lb else sb st in
  let gap := Rmax (c - sh * f_star) 0 in
  let tau := if Req_EM_T (dot n d d) 0 then 0
    else match cap with None => gap / dot n d d | Some lr => Rmin lr (gap / dot n d d) end in
  let h := f_avg + dot n d x - gamma in
  mkstar false (fun i => (x i - tau * d i) / sh) f_avg d gamma (Rmax (h - tau * dot n d d / 2) lb).

Definition star_start (x1 : vec) : star := mkstar true x1 0 (fun _ => 0) 0 lb.

Fixpoint star_path (x1 : vec) (w : nat -> nat) (k : nat) : star :=
  match k with O => star_start x1 | S m => momo_star_step (star_path x1 w m) (w m) end.

(** c_k, h_k, ‖d_k‖², and τ_k, of the step from a state. *)
Definition star_line (st : star) (s : nat) :=
  shrink cap lambda * (star_f st s - star_g st s) + dot n (star_d st s) (sx st).
Definition star_height (st : star) (s : nat) := star_f st s + dot n (star_d st s) (sx st) - star_g st s.
Definition star_norm (st : star) (s : nat) := dot n (star_d st s) (star_d st s).
Definition star_used (st : star) (s : nat) := used 1 (shrink cap lambda) lb (star_line st s) (sb st).
Definition star_size (st : star) (s : nat) :=
  size 1 (shrink cap lambda) cap (star_line st s) (star_norm st s) (star_used st s).

Lemma size_one sh c N b : size 1 sh cap c N b = if Req_EM_T N 0 then 0
  else match cap with None => Rmax (c - sh * b) 0 / N | Some lr => Rmin lr (Rmax (c - sh * b) 0 / N) end.
Proof.
  unfold size. rewrite Rmult_1_r. destruct (Req_EM_T N 0); [auto|]. destruct cap as [lr|]; [|auto].
  unfold Rdiv at 1. rewrite Rinv_1, Rmult_1_r. reflexivity.
Qed.
Lemma used_one sh c b : used 1 sh lb c b = if Rlt_dec c (sh * b) then Rmax (c / (2 * sh)) lb else b.
Proof. unfold used. rewrite !Rmult_1_r. reflexivity. Qed.

Lemma step_bound st s :
  sb (momo_star_step st s) = next_bound 1 lb (star_height st s) (star_norm st s) (star_size st s).
Proof.
  unfold star_size, star_used. rewrite size_one, used_one. unfold next_bound, momo_star_step. simpl sb.
  fold (star_line st s) (star_norm st s) (star_height st s). f_equal. field.
Qed.
Lemma step_point st s i : sx (momo_star_step st s) i =
  (sx st i - star_size st s * star_d st s i) / shrink cap lambda.
Proof.
  unfold star_size, star_used. rewrite size_one, used_one. unfold momo_star_step. simpl sx.
  fold (star_line st s) (star_norm st s). reflexivity.
Qed.

Lemma shrink_pos : positive_cap cap -> 0 <= lambda -> 0 < shrink cap lambda.
Proof.
  intros Hc Hl. unfold shrink, positive_cap in *. destruct cap as [alpha|]; [|lra].
  assert (0 <= alpha * lambda) by (apply Rmult_le_pos; lra). lra.
Qed.

(** MoMo⋆, any β, α, λ, lb, on any samples, is a run as online_bound.v has it, with ρ_k = 1.
    Source: MoMo paper, MoMo⋆. *)
Theorem momo_star_starred x1 w : let at_step F k := F (star_path x1 w k) (w k) : R in
  starred (fun _ => 1) (shrink cap lambda) cap lb (at_step star_line) (at_step star_height)
    (at_step (fun st s => star_f st s - star_g st s)) (at_step star_norm)
    (fun k => sb (star_path x1 w k)) (at_step star_size).
Proof.
  intros at_step. unfold at_step. split; [reflexivity|]. intros k. split; [lra|]. split; [apply dot_pos|].
  split; [unfold star_line, star_height; ring|]. split; [reflexivity|]. simpl star_path. apply step_bound.
Qed.

(** Without decay, a step of MoMo⋆ is a step of MoMo with the lower bound that is used.
    Source: MoMo paper, MoMo⋆. *)
Theorem momo_star_is_momo st s : lambda = 0 ->
  let z := step n f g beta (star_used st s) cap (mk (star_first st) (sx st) (sd st) (sf st) (sg st)) s in
  let st' := momo_star_step st s in sx st' = px z /\ sd st' = pd z /\ sf st' = pf z /\ sg st' = pg z.
Proof.
  intros Hl. assert (Es : shrink cap lambda = 1) by (unfold shrink; rewrite Hl; destruct cap; ring).
  assert (Ed : star_d st s = pd (step n f g beta (star_used st s) cap
    (mk (star_first st) (sx st) (sd st) (sf st) (sg st)) s)).
  { unfold star_d, step. simpl. extensionality i. unfold lin. destruct (star_first st); ring. }
  assert (Ef : star_f st s = pf (step n f g beta (star_used st s) cap
    (mk (star_first st) (sx st) (sd st) (sf st) (sg st)) s)).
  { unfold star_f, step. simpl. destruct (star_first st); ring. }
  assert (Eg : star_g st s = pg (step n f g beta (star_used st s) cap
    (mk (star_first st) (sx st) (sd st) (sf st) (sg st)) s)).
  { unfold star_g, step. simpl. destruct (star_first st); ring. }
  cbv zeta. set (z := step _ _ _ _ _ _ _ _) in *. repeat split; auto.
  extensionality i. rewrite step_point, Es.
  assert (Et : star_size st s =
    tau (star_used st s) cap (pf z + dot n (pd z) (sx st) - pg z) (dot n (pd z) (pd z))).
  { unfold star_size. rewrite size_one. unfold tau, star_norm, star_line. rewrite Es, Ed, Ef, Eg, Rmax_comm.
    replace (1 * (pf z - pg z) + dot n (pd z) (sx st) - 1 * star_used st s)
      with (pf z + dot n (pd z) (sx st) - pg z - star_used st s) by ring. reflexivity. }
  rewrite Et, Ed. change (px z i) with (1 * sx st i + - tau (star_used st s) cap
    (pf z + dot n (pd z) (sx st) - pg z) (dot n (pd z) (pd z)) * pd z i). field.
Qed.
End MomoStar.

Section MomoAdamStar.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta1 beta2 eps : R) (cap : option R) (lb lambda : R).

(** x^k; f̄, d, γ, v; f_⋆^k. *)
Record adam_star := mkadam { ax : vec; af : R; ad : vec; ag : R; av : vec; ab : R }.

(** f̄_k, d_k, γ_k; v_k and the diagonal D_k; k counts from 1. *)
Definition adam_f (st : adam_star) (s : nat) := beta1 * af st + (1 - beta1) * f s (ax st).
Definition adam_d (st : adam_star) (s : nat) := lin beta1 (ad st) (1 - beta1) (g s (ax st)).
Definition adam_g (st : adam_star) (s : nat) := beta1 * ag st + (1 - beta1) * dot n (g s (ax st)) (ax st).
Definition adam_v (st : adam_star) (s : nat) : vec :=
  fun i => beta2 * av st i + (1 - beta2) * g s (ax st) i * g s (ax st) i.
Definition adam_D (k : nat) (st : adam_star) (s : nat) : vec :=
  fun i => eps + sqrt (adam_v st s i / (1 - beta2 ^ k)).
Definition adam_rho (k : nat) := 1 - beta1 ^ k.

Definition momo_adam_star_step (k : nat) (st : adam_star) (s : nat) : adam_star :=
  let x := ax st in
  let f_avg := adam_f st s in
  let d := adam_d st s in
  let gamma := adam_g st s in
  let v := adam_v st s in
  let D := adam_D k st s in
  let rho := adam_rho k in
  let sh := shrink cap lambda in
  let c := sh * (f_avg - gamma) + dot n d x in
  let f_star := if Rlt_dec c (sh * rho * ab st) then Rmax (c / (2 * sh * rho)) lb else ab st in
  let gap := Rmax (c - sh * rho * f_star) 0 in
  let d_sq := dot n d (fun i => d i / D i) in
  let tau := if Req_EM_T d_sq 0 then 0
    else match cap with None => gap / d_sq | Some lr => Rmin (lr / rho) (gap / d_sq) end in
  let h := f_avg + dot n d x - gamma in
  mkadam (fun i => (x i - tau * d i / D i) / sh) f_avg d gamma v (Rmax ((h - tau * d_sq / 2) / rho) lb).

Definition adam_start (x1 : vec) : adam_star := mkadam x1 0 (fun _ => 0) 0 (fun _ => 0) lb.

Fixpoint adam_path (x1 : vec) (w : nat -> nat) (k : nat) : adam_star :=
  match k with O => adam_start x1 | S m => momo_adam_star_step (S m) (adam_path x1 w m) (w m) end.

(** c_k, h_k, ‖d_k‖² in the dual of D_k, and τ_k, of step k from a state. *)
Definition adam_line (k : nat) (st : adam_star) (s : nat) :=
  shrink cap lambda * (adam_f st s - adam_g st s) + dot n (adam_d st s) (ax st).
Definition adam_height (k : nat) (st : adam_star) (s : nat) :=
  adam_f st s + dot n (adam_d st s) (ax st) - adam_g st s.
Definition adam_norm (k : nat) (st : adam_star) (s : nat) :=
  dot n (adam_d st s) (fun i => adam_d st s i / adam_D k st s i).
Definition adam_used (k : nat) (st : adam_star) (s : nat) :=
  used (adam_rho k) (shrink cap lambda) lb (adam_line k st s) (ab st).
Definition adam_size (k : nat) (st : adam_star) (s : nat) :=
  size (adam_rho k) (shrink cap lambda) cap (adam_line k st s) (adam_norm k st s) (adam_used k st s).

Hypothesis Hbeta1 : 0 <= beta1 < 1.
Hypothesis Heps : 0 < eps.

Lemma adam_rho_pos k : 0 < adam_rho (S k).
Proof.
  unfold adam_rho. assert (H : 0 <= beta1 ^ k <= 1).
  { induction k as [|k IH]; simpl; [lra|]. split; [apply Rmult_le_pos; lra|].
    assert (beta1 * beta1 ^ k <= 1 * 1) by (apply Rmult_le_compat; lra). lra. }
  assert (H1 : beta1 * beta1 ^ k <= beta1 * 1) by (apply Rmult_le_compat_l; lra). simpl. lra.
Qed.

Lemma adam_norm_pos k st s : 0 <= adam_norm k st s.
Proof.
  unfold adam_norm, dot. apply sumn_nonneg. intros i _.
  assert (H : 0 < adam_D k st s i).
  { unfold adam_D. pose proof (sqrt_pos (adam_v st s i / (1 - beta2 ^ k))). lra. }
  pose proof (sq_pos (adam_d st s i)) as H1. unfold Rdiv. rewrite <- Rmult_assoc.
  apply Rmult_le_pos; [auto|left; apply Rinv_0_lt_compat; auto].
Qed.

(** MoMo-Adam⋆, any β_2, α, λ, lb, 0 ≤ β_1 < 1, ε > 0, is a run as online_bound.v has it; ρ_k = 1 - β_1^k.
    Source: MoMo paper, MoMo-Adam⋆. *)
Theorem momo_adam_star_starred x1 w : let at_step F k := F (S k) (adam_path x1 w k) (w k) : R in
  starred (fun k => adam_rho (S k)) (shrink cap lambda) cap lb (at_step adam_line) (at_step adam_height)
    (at_step (fun _ st s => adam_f st s - adam_g st s)) (at_step adam_norm)
    (fun k => ab (adam_path x1 w k)) (at_step adam_size).
Proof.
  intros at_step. unfold at_step. split; [reflexivity|]. intros k. split; [apply adam_rho_pos|].
  split; [apply adam_norm_pos|]. split; [unfold adam_line, adam_height; ring|]. split; reflexivity.
Qed.
End MomoAdamStar.
