(** The trap: points and gradients such that no step of MoMo lowers the value.

    Everything is built in R^{K+2}; x⋆ = 0, so that x^k itself is y_k = x^k - x⋆. Indices count from 0.
    With the averages D_k = β D_{k-1} + g_k (D_0 = w g_0), a step is y_{k+1} = y_k - t_k D_k, and

        g_k = (δ/‖y_k‖²) y_k + side_k e_{k+1},     side_k² = G² - δ²/‖y_k‖²,

    where e_{k+1} is a coordinate that neither y_k nor any earlier gradient uses. w = 1 where averages
    start from zero, w = 1/(1-β) from the first sample; s_0 = w, and s_k = 1 for k ≥ 1.

    1. [frame], by induction on k: ‖y_k‖² = size_k, <D_k, y_k> = s_k δ, ‖D_k‖² = G² M_k, where M_0 = w²
       and M_{k+1} = 1 + β² M_k: the step ends with <D_k, y_{k+1}> = 0, and a new gradient is orthogonal
       to the average, because y_{k+1} and e_{k+2} are.
    2. No piece is above its value: <g_j, y_i> ≤ δ for all i, j. Two recursions obey one scalar lemma
       ([kept]): B' = B + t e, e' ≥ β e - p B' keep B ≥ 0 and e ≥ -c B, where c t ≤ 1-√β and
       p ≤ (1-√β) c. This is what needs size_K = δ² rest/G² with a rest that is large enough.
       - i > j: B = δ - <g_j, y_l> and e = <g_j, D_l>, from l = j+1 on; here B > 0 ([later]).
       - i < j: B = -<D_l, y_m> and e = <D_l, D_m>, from m = l+1 on ([averages_behind]), so that
         <y_j, y_i> ≤ ‖y_j‖² for i < j ([earlier]). *)
Require Import Reals Lra Lia.
From Momo Require Import sums vectors assumptions max_affine trap_scalars.
Open Scope R_scope.

(** The i-th coordinate vector. *)
Definition unit_vec (i : nat) : vec := fun j => if Nat.eq_dec j i then 1 else 0.

Lemma dot_unit n x i : (i < n)%nat -> dot n x (unit_vec i) = x i.
Proof.
  assert (none : forall m, (m <= i)%nat -> dot m x (unit_vec i) = 0).
  { induction m; intros Hm; [reflexivity|]. unfold dot; simpl. fold (dot m x (unit_vec i)).
    rewrite IHm by lia. unfold unit_vec. destruct (Nat.eq_dec m i); [lia|ring]. }
  induction n; intros Hi; [lia|]. unfold dot; simpl. fold (dot n x (unit_vec i)).
  destruct (Nat.eq_dec n i) as [E|E].
  - rewrite none by lia. unfold unit_vec. destruct (Nat.eq_dec n i); [|lia]. rewrite E. ring.
  - rewrite IHn by lia. unfold unit_vec. destruct (Nat.eq_dec n i); [lia|]. ring.
Qed.

Section Points.
Variables (K : nat) (b r w lo G D : R).
Hypothesis Hb : 0 <= b < 1.
Hypothesis Hr : 0 <= r < 1.
Hypothesis Hrb : r * r = b.
Hypothesis Hw : 1 <= w.
Hypothesis HG : 0 < G.
Hypothesis HD : 0 < D.

(** M_k = ‖D_k‖²/G², and what a step takes off ‖y‖², in units of δ²/G². *)
Fixpoint norms (k : nat) : R := match k with O => w * w | S j => 1 + b * b * norms j end.
Definition steplen (k : nat) : R := match k with O => w | S _ => 1 end.
Definition dec (k : nat) : R := steplen k * steplen k / norms k.

(** lo is a lower bound of all M_k. *)
Hypothesis Hlo : 0 < lo.
Hypothesis Hnorms : forall k, lo <= norms k.
Hypothesis Hlo1 : lo * ((1 - r) * (1 - r)) <= 1.

Definition rest : R := / (lo * ((1 - r) * (1 - r))).
Definition total : R := rest + sumn K dec.
(** The value f(x^k) - f⋆ of all points, ‖y_k‖², and the coefficients of g_k and of the step. *)
Definition delta : R := G * D / sqrt total.
Definition size (k : nat) : R := delta * delta / (G * G) * (total - sumn k dec).
Definition along (k : nat) : R := delta / size k.
Definition side (k : nat) : R := sqrt (G * G - delta * along k).
Definition len (k : nat) : R := steplen k * delta / (G * G * norms k).

Definition grad_at (k : nat) (y : vec) : vec := lin (along k) y (side k) (unit_vec (S k)).
Fixpoint both (k : nat) : vec * vec :=
  match k with
  | O => let y := lin D (unit_vec 0) 0 (unit_vec 0) in (y, lin w (grad_at 0 y) 0 y)
  | S j => let y := lin 1 (fst (both j)) (- len j) (snd (both j)) in
           (y, lin b (snd (both j)) 1 (grad_at (S j) y))
  end.
Definition point (k : nat) : vec := fst (both k).
Definition avg (k : nat) : vec := snd (both k).
Definition grad (k : nat) : vec := grad_at k (point k).
Notation n := (S (S K)).

Lemma point_S k : point (S k) = lin 1 (point k) (- len k) (avg k).
Proof. reflexivity. Qed.
Lemma avg_S k : avg (S k) = lin b (avg k) 1 (grad (S k)).
Proof. reflexivity. Qed.
Lemma avg_0 : avg 0 = lin w (grad 0) 0 (point 0).
Proof. reflexivity. Qed.

(** ---- the numbers ---- *)
Lemma norms_pos k : 0 < norms k.
Proof. pose proof (Hnorms k). lra. Qed.
Lemma steplen_pos k : 1 <= steplen k.
Proof. destruct k; simpl; lra. Qed.
Lemma dec_pos k : 0 < dec k.
Proof.
  unfold dec. pose proof (steplen_pos k). pose proof (norms_pos k).
  apply Rdiv_lt_0_compat; auto. apply Rmult_lt_0_compat; lra.
Qed.
Lemma root_pos : 0 < (1 - r) * (1 - r).
Proof. apply Rmult_lt_0_compat; lra. Qed.
Lemma rest_pos : 0 < rest.
Proof. unfold rest. apply Rinv_0_lt_compat, Rmult_lt_0_compat; [auto|apply root_pos]. Qed.
Lemma rest_eq : rest * lo * ((1 - r) * (1 - r)) = 1.
Proof. unfold rest. pose proof root_pos. field. split; lra. Qed.
Lemma rest_ge1 : 1 <= rest.
Proof.
  pose proof rest_eq as E. pose proof rest_pos as Hp.
  assert (rest * (lo * ((1 - r) * (1 - r))) <= rest * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.
Lemma total_pos : 0 < total.
Proof.
  unfold total. pose proof rest_pos.
  assert (0 <= sumn K dec) by (apply sumn_nonneg; intros; left; apply dec_pos). lra.
Qed.
Lemma total_left k : (k <= K)%nat -> rest <= total - sumn k dec.
Proof.
  intros Hk. unfold total. pose proof (sumn_grows dec k K (fun i => Rlt_le _ _ (dec_pos i)) Hk). lra.
Qed.
Lemma delta_pos : 0 < delta.
Proof.
  unfold delta. apply Rdiv_lt_0_compat; [apply Rmult_lt_0_compat; auto|apply sqrt_lt_R0, total_pos].
Qed.
Lemma GG_pos : 0 < G * G.
Proof. apply Rmult_lt_0_compat; auto. Qed.
Lemma delta_squared : delta * delta * total = G * G * (D * D).
Proof.
  unfold delta. pose proof (sqrt_lt_R0 _ total_pos) as Hs.
  pose proof (sqrt_sqrt total (Rlt_le _ _ total_pos)) as E.
  rewrite <- E at 3. field. lra.
Qed.
Lemma size_0 : size 0 = D * D.
Proof.
  pose proof delta_squared as E. unfold size. simpl. rewrite Rminus_0_r. pose proof GG_pos.
  replace (delta * delta / (G * G) * total) with (delta * delta * total / (G * G)) by (field; lra).
  rewrite E. field. lra.
Qed.
Lemma size_S k : size (S k) = size k - steplen k * steplen k * (delta * delta) / (G * G * norms k).
Proof.
  unfold size. simpl. unfold dec at 2. pose proof GG_pos. pose proof (norms_pos k). field. split; lra.
Qed.
Lemma size_least k : (k <= K)%nat -> delta * delta / (G * G) * rest <= size k.
Proof.
  intros Hk. unfold size. apply Rmult_le_compat_l; [|apply total_left; auto].
  left. apply Rdiv_lt_0_compat; [|apply GG_pos]. apply Rmult_lt_0_compat; apply delta_pos.
Qed.
Lemma size_pos k : (k <= K)%nat -> 0 < size k.
Proof.
  intros Hk. apply Rlt_le_trans with (2 := size_least k Hk). apply Rmult_lt_0_compat; [|apply rest_pos].
  apply Rdiv_lt_0_compat; [|apply GG_pos]. apply Rmult_lt_0_compat; apply delta_pos.
Qed.
Lemma along_size k : (k <= K)%nat -> along k * size k = delta.
Proof. intros Hk. pose proof (size_pos k Hk). unfold along. field. lra. Qed.
Lemma along_pos k : (k <= K)%nat -> 0 < along k.
Proof. intros Hk. apply Rdiv_lt_0_compat; [apply delta_pos|apply size_pos; auto]. Qed.

(** The constant of [kept]: c = G² lo (1-√β)/δ; then p_k = δ/size_k ≤ (1-√β) c, and t_k c ≤ 1-√β. *)
Definition slack : R := G * G * lo * (1 - r) / delta.
Lemma slack_pos : 0 < slack.
Proof.
  pose proof GG_pos. pose proof delta_pos.
  unfold slack. apply Rdiv_lt_0_compat; auto. repeat apply Rmult_lt_0_compat; lra.
Qed.
Lemma along_small k : (k <= K)%nat -> along k <= (1 - r) * slack.
Proof.
  intros Hk. pose proof (size_pos k Hk) as Hs. pose proof delta_pos as Hd. pose proof GG_pos as Hg.
  apply (Rmult_le_reg_r (size k)); auto. rewrite along_size by auto.
  pose proof slack_pos as Hc.
  assert (H : (1 - r) * slack * (delta * delta / (G * G) * rest) <= (1 - r) * slack * size k)
    by (apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|apply size_least; auto]).
  replace ((1 - r) * slack * (delta * delta / (G * G) * rest))
    with (delta * (rest * lo * ((1 - r) * (1 - r)))) in H by (unfold slack; field; split; lra).
  rewrite rest_eq in H. lra.
Qed.
Lemma along_bound k : (k <= K)%nat -> delta * along k <= G * G.
Proof.
  intros Hk. pose proof (along_small k Hk) as H. pose proof delta_pos as Hd. pose proof GG_pos as Hg.
  apply (Rmult_le_compat_l delta) in H; [|lra].
  replace (delta * ((1 - r) * slack)) with (G * G * (lo * ((1 - r) * (1 - r)))) in H
    by (unfold slack; field; lra).
  assert (G * G * (lo * ((1 - r) * (1 - r))) <= G * G * 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.
Lemma len_pos k : 0 < len k.
Proof.
  pose proof (steplen_pos k). pose proof delta_pos. pose proof GG_pos. pose proof (norms_pos k).
  unfold len. apply Rdiv_lt_0_compat; apply Rmult_lt_0_compat; lra.
Qed.
Lemma len_norm k : len k * (G * G * norms k) = steplen k * delta.
Proof. pose proof GG_pos. pose proof (norms_pos k). unfold len. field. split; lra. Qed.
Lemma len_small k : len (S k) * slack <= 1 - r.
Proof.
  pose proof delta_pos. pose proof GG_pos. pose proof (norms_pos (S k)) as Hn.
  pose proof (Hnorms (S k)) as Hl.
  replace (len (S k) * slack) with (lo * (1 - r) / norms (S k))
    by (unfold len, slack; simpl steplen; field; repeat split; lra).
  apply (Rmult_le_reg_r (norms (S k))); auto.
  replace (lo * (1 - r) / norms (S k) * norms (S k)) with (lo * (1 - r)) by (field; lra).
  rewrite (Rmult_comm lo). apply Rmult_le_compat_l; lra.
Qed.
Lemma side_squared k : (k <= K)%nat -> side k * side k = G * G - delta * along k.
Proof. intros Hk. unfold side. apply sqrt_sqrt. pose proof (along_bound k Hk). lra. Qed.

(** ---- the vectors ---- *)
Lemma support k : (forall i, (k < i)%nat -> point k i = 0) /\ (forall i, (S k < i)%nat -> avg k i = 0).
Proof.
  assert (later_unit : forall i j, (j < i)%nat -> unit_vec j i = 0)
    by (intros i j Hij; unfold unit_vec; destruct (Nat.eq_dec i j); [lia|reflexivity]).
  induction k as [|k [IHp IHa]].
  - assert (E : forall i, (0 < i)%nat -> point 0 i = 0).
    { intros i Hi. unfold point, both, fst, lin. rewrite later_unit by lia. ring. }
    split; auto. intros i Hi. rewrite avg_0. unfold grad, grad_at, lin. rewrite E, later_unit by lia. ring.
  - assert (E : forall i, (S k < i)%nat -> point (S k) i = 0).
    { intros i Hi. rewrite point_S. unfold lin. rewrite IHp, IHa by lia. ring. }
    split; auto. intros i Hi. rewrite avg_S. unfold grad, grad_at, lin.
    rewrite IHa, E, later_unit by lia. ring.
Qed.

(** e_{k+1} is new: orthogonal to y_i for i ≤ k, to D_i and g_i for i < k. *)
Lemma new_point i k : (i <= k)%nat -> (k <= K)%nat -> dot n (point i) (unit_vec (S k)) = 0.
Proof. intros. rewrite dot_unit by lia. apply support; lia. Qed.
Lemma new_avg i k : (i < k)%nat -> (k <= K)%nat -> dot n (avg i) (unit_vec (S k)) = 0.
Proof. intros. rewrite dot_unit by lia. apply support; lia. Qed.
Lemma new_grad i k : (i < k)%nat -> (k <= K)%nat -> dot n (grad i) (unit_vec (S k)) = 0.
Proof.
  intros Hi Hk. unfold grad, grad_at. rewrite dot_lin_l, new_point by lia. rewrite dot_unit by lia.
  unfold unit_vec. destruct (Nat.eq_dec (S k) (S i)); [lia|ring].
Qed.
Lemma unit_unit k : (k <= K)%nat -> dot n (unit_vec (S k)) (unit_vec (S k)) = 1.
Proof. intros. rewrite dot_unit by lia. unfold unit_vec. destruct (Nat.eq_dec (S k) (S k)); [auto|lia]. Qed.

(** Products with g_k, where ‖y_k‖² = size_k. *)
Lemma grad_dot_point i k : (i <= k)%nat -> (k <= K)%nat ->
  dot n (grad k) (point i) = along k * dot n (point k) (point i).
Proof.
  intros Hi Hk. unfold grad, grad_at. rewrite dot_lin_l, (dot_comm n (unit_vec _)), new_point by lia. ring.
Qed.
Lemma avg_dot_grad i k : (i < k)%nat -> (k <= K)%nat ->
  dot n (avg i) (grad k) = along k * dot n (avg i) (point k).
Proof. intros Hi Hk. unfold grad, grad_at. rewrite dot_lin_r, new_avg by lia. ring. Qed.
Lemma grad_dot_grad i k : (i < k)%nat -> (k <= K)%nat ->
  dot n (grad i) (grad k) = along k * dot n (grad i) (point k).
Proof.
  intros Hi Hk. unfold grad at 2, grad_at at 1. rewrite dot_lin_r, new_grad by lia. ring.
Qed.
Lemma grad_gap k : (k <= K)%nat -> dot n (point k) (point k) = size k ->
  dot n (grad k) (point k) = delta /\ dot n (grad k) (grad k) = G * G.
Proof.
  intros Hk E. assert (Eg : dot n (grad k) (point k) = delta).
  { rewrite grad_dot_point, E by lia. apply along_size; auto. }
  split; auto. unfold grad at 2, grad_at at 1. rewrite dot_lin_r, Eg.
  unfold grad, grad_at. rewrite dot_lin_l, new_point, unit_unit by lia.
  pose proof (side_squared k Hk). lra.
Qed.

(** ‖y_k‖² = size_k, <D_k, y_k> = s_k δ, ‖D_k‖² = G² M_k. *)
Lemma frame k : (k <= K)%nat ->
  dot n (point k) (point k) = size k /\ dot n (avg k) (point k) = steplen k * delta /\
  dot n (avg k) (avg k) = G * G * norms k.
Proof.
  induction k as [|k IH]; intros Hk.
  - assert (E : dot n (point 0) (point 0) = size 0).
    { rewrite size_0. change (point 0) with (lin D (unit_vec 0) 0 (unit_vec 0)).
      repeat rewrite ?dot_lin_l, ?dot_lin_r. rewrite dot_unit by lia.
      change (unit_vec 0 0%nat) with 1. ring. }
    destruct (grad_gap 0 Hk E) as [E1 E2]. split; auto. rewrite avg_0.
    split; repeat rewrite ?dot_lin_l, ?dot_lin_r; rewrite E1; [simpl; ring|].
    rewrite E2, (dot_comm n (point 0) (grad 0)), E1. simpl; ring.
  - destruct IH as [Ey [Edy Ed]]; [lia|]. pose proof (len_norm k) as El.
    assert (Eo : dot n (avg k) (point (S k)) = 0).
    { rewrite point_S, dot_lin_r, Edy, Ed. lra. }
    assert (E : dot n (point (S k)) (point (S k)) = size (S k)).
    { rewrite point_S at 1. rewrite dot_lin_l, Eo. rewrite point_S, dot_lin_r.
      rewrite (dot_comm n (point k) (avg k)), Ey, Edy, size_S. unfold len.
      pose proof GG_pos. pose proof (norms_pos k). field. split; lra. }
    destruct (grad_gap (S k) Hk E) as [E1 E2]. split; auto. rewrite avg_S.
    assert (Eag : dot n (avg k) (grad (S k)) = 0) by (rewrite avg_dot_grad, Eo by lia; ring).
    split; repeat rewrite ?dot_lin_l, ?dot_lin_r.
    + rewrite Eo, E1. simpl; ring.
    + rewrite (dot_comm n (grad (S k)) (avg k)), Eag, Ed, E2. simpl; ring.
Qed.

Lemma gap k : (k <= K)%nat -> dot n (grad k) (point k) = delta.
Proof. intros Hk. apply grad_gap; auto. apply frame; auto. Qed.
Lemma grad_norm k : (k <= K)%nat -> dot n (grad k) (grad k) = G * G.
Proof. intros Hk. apply grad_gap; auto. apply frame; auto. Qed.
Lemma orthogonal k : (S k <= K)%nat -> dot n (avg k) (point (S k)) = 0.
Proof.
  intros Hk. destruct (frame k) as [_ [Edy Ed]]; [lia|]. pose proof (len_norm k).
  rewrite point_S, dot_lin_r, Edy, Ed. lra.
Qed.

(** <g_k, D_k> ≥ G²: the new gradient is orthogonal to the average before. *)
Lemma grad_avg k : (k <= K)%nat -> G * G <= dot n (grad k) (avg k).
Proof.
  intros Hk. pose proof GG_pos. destruct k.
  - rewrite avg_0, dot_lin_r, grad_norm by auto.
    assert (1 * (G * G) <= w * (G * G)) by (apply Rmult_le_compat_r; lra). lra.
  - rewrite avg_S, dot_lin_r, grad_norm, (dot_comm n (grad (S k))) by auto.
    rewrite avg_dot_grad, orthogonal by lia. lra.
Qed.

(** ---- no piece is above its value ---- *)
(** A later point: <g_j, y_l> < δ for l > j. *)
Lemma later j l : (j < l)%nat -> (l <= K)%nat ->
  0 < delta - dot n (grad j) (point l) /\
  - slack * (delta - dot n (grad j) (point l)) < dot n (grad j) (avg l).
Proof.
  pose proof delta_pos as Hd. pose proof slack_pos as Hc.
  induction 1 as [|l Hjl IH]; intros Hl.
  - pose proof (len_pos j) as Ht. pose proof (grad_avg j) as He. pose proof GG_pos as Hg.
    pose proof (along_pos (S j) Hl) as Hp. pose proof (along_small (S j) Hl) as Hps.
    assert (EB : delta - dot n (grad j) (point (S j)) = len j * dot n (grad j) (avg j)).
    { rewrite point_S, dot_lin_r, gap by lia. ring. }
    assert (He0 : G * G <= dot n (grad j) (avg j)) by (apply He; lia).
    assert (HB : 0 < len j * dot n (grad j) (avg j)) by (apply Rmult_lt_0_compat; lra).
    rewrite avg_S, dot_lin_r, grad_dot_grad by lia. rewrite EB. split; auto.
    assert (H1 : 0 <= b * dot n (grad j) (avg j)) by (apply Rmult_le_pos; lra).
    assert (H2 : 0 < along (S j) * delta) by (apply Rmult_lt_0_compat; auto).
    set (B := len j * dot n (grad j) (avg j)) in *.
    replace (dot n (grad j) (point (S j))) with (delta - B) by lra.
    assert (H3 : along (S j) * B <= (1 - r) * slack * B) by (apply Rmult_le_compat_r; lra).
    assert (H4 : 0 <= r * slack * B) by (apply Rmult_le_pos; [apply Rmult_le_pos; lra|lra]). lra.
  - destruct l as [|l]; [lia|]. destruct IH as [IH1 IH2]; [lia|].
    pose proof (along_pos (S (S l)) Hl) as Hp.
    assert (H2 : 0 < along (S (S l)) * delta) by (apply Rmult_lt_0_compat; auto).
    apply (kept_strictly r slack (len (S l)) (along (S (S l))) (delta - dot n (grad j) (point (S l)))
      (dot n (grad j) (avg (S l)))); auto; try lra.
    + apply len_pos.
    + apply len_small.
    + apply along_small; auto.
    + rewrite (point_S (S l)), dot_lin_r. ring.
    + rewrite (avg_S (S l)), dot_lin_r, grad_dot_grad, Hrb by lia. lra.
Qed.

(** An average lies behind all later points: <D_l, y_m> ≤ 0 for m > l. *)
Lemma averages_behind l m : (l < m)%nat -> (m <= K)%nat ->
  0 <= - dot n (avg l) (point m) /\ - slack * - dot n (avg l) (point m) <= dot n (avg l) (avg m).
Proof.
  pose proof slack_pos as Hc. induction 1 as [|m Hlm IH]; intros Hm.
  - rewrite orthogonal by lia. split; [lra|].
    rewrite avg_S, dot_lin_r, avg_dot_grad, orthogonal by lia.
    destruct (frame l) as [_ [_ E]]; [lia|]. rewrite E.
    pose proof GG_pos. pose proof (norms_pos l).
    assert (0 <= b * (G * G * norms l)) by (repeat apply Rmult_le_pos; lra). lra.
  - destruct m as [|m]; [lia|]. destruct IH as [IH1 IH2]; [lia|].
    apply (kept r slack (len (S m)) (along (S (S m))) (- dot n (avg l) (point (S m)))
      (dot n (avg l) (avg (S m)))); auto; try lra.
    + left; apply len_pos.
    + apply len_small.
    + apply along_small; auto.
    + rewrite (point_S (S m)), dot_lin_r. ring.
    + rewrite (avg_S (S m)), dot_lin_r, avg_dot_grad, Hrb by lia. lra.
Qed.

(** An earlier point: <y_j, y_i> ≤ ‖y_j‖² for i ≤ j, as y_i = y_j + Σ_{i ≤ l < j} t_l D_l. *)
Lemma earlier_points d : forall i, (i + d <= K)%nat ->
  dot n (point (i + d)) (point i) <= dot n (point (i + d)) (point (i + d)).
Proof.
  induction d as [|d IH]; intros i Hi; [rewrite Nat.add_0_r; lra|].
  replace (i + S d)%nat with (S i + d)%nat in * by lia.
  apply Rle_trans with (2 := IH (S i) Hi). rewrite (point_S i), dot_lin_r.
  destruct (averages_behind i (S i + d)) as [H _]; [lia|lia|].
  rewrite dot_comm in H. pose proof (len_pos i) as Ht.
  assert (0 <= len i * - dot n (point (S i + d)) (avg i)) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma earlier i j : (i <= j)%nat -> (j <= K)%nat -> dot n (grad j) (point i) <= delta.
Proof.
  intros Hij Hj. rewrite grad_dot_point, <- (along_size j) by lia.
  apply Rmult_le_compat_l; [left; apply along_pos; auto|].
  destruct (frame j Hj) as [E _]. rewrite <- E.
  pose proof (earlier_points (j - i) i) as H. replace (i + (j - i))%nat with j in H by lia. apply H; auto.
Qed.

(** Hence at y_i the maximum of all pieces is δ, and the first piece that reaches it has slope g_i. *)
Lemma pieces i : (i <= K)%nat ->
  largest (S K) (fun j => dot n (grad j) (point i)) = delta /\ active n (S K) grad (point i) = grad i.
Proof.
  intros Hi. apply active_is; [lia|apply delta_pos|apply gap; auto| |].
  - intros j Hj. destruct (later j i Hj Hi). lra.
  - intros j Hj. destruct (Nat.le_gt_cases i j) as [H|H]; [apply earlier; lia|].
    destruct (later j i H Hi). lra.
Qed.
End Points.
