(** MoMo, from the first sample: the algorithm that the theorems are about.

    Compare momo/reference/paper.py, line by line. Samples are numbered 0, 1, …: f s and g s are the
    loss f(·,s) and its gradient; β = beta, f_⋆ = fstar, α = cap, where None is no cap. No weight decay,
    and the metric is the identity. Counting starts at 0: state 0 is x^1. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors.
Open Scope R_scope.

(** x^k, and what is averaged until then: d (pd), f̄ (pf), γ (pg); [first] before the first sample. *)
Record state := mk { first : bool; px : vec; pd : vec; pf : R; pg : R }.

Section Method.
Variables (n : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec).
Variables (beta fstar : R) (cap : option R).

(** The averaged linearisation m(y) = f̄ + <d, y> - γ. *)
Definition model (st : state) (y : vec) := pf st + dot n (pd st) y - pg st.

(** τ = min{α, (h - f_⋆)_+ / ‖d‖²}, and 0 where d = 0; N = ‖d‖². *)
Definition tau (h N : R) : R :=
  if Req_EM_T N 0 then 0
  else let z := Rmax 0 (h - fstar) / N in
       match cap with None => z | Some alpha => Rmin alpha z end.

(** How much of the old averages is kept: nothing by the first sample, β by all others. *)
Definition keepof (st : state) := if first st then 0 else beta.

(** One step, with sample s. *)
Definition step (st : state) (s : nat) : state :=
  let x := px st in
  let keep := if first st then 0 else beta in
  let d := lin keep (pd st) (1 - keep) (g s x) in
  let fb := keep * pf st + (1 - keep) * f s x in
  let gm := keep * pg st + (1 - keep) * dot n (g s x) x in
  let h := fb + dot n d x - gm in
  mk false (lin 1 x (- tau h (dot n d d)) d) d fb gm.

Definition start (x1 : vec) : state := mk true x1 (fun _ => 0) 0 0.

(** The run on the samples w 0, w 1, …: any order. *)
Fixpoint path (x1 : vec) (w : nat -> nat) (k : nat) : state :=
  match k with O => start x1 | S m => step (path x1 w m) (w m) end.

(** The value of the new model at a point: the old one and the new linearisation, averaged. *)
Lemma model_step st s y :
  model (step st s) y =
  keepof st * model st y + (1 - keepof st) * (f s (px st) + dot n (g s (px st)) (lin 1 y (-1) (px st))).
Proof. unfold model, step; simpl; fold (keepof st). rewrite dot_lin_l, dot_lin_r. ring. Qed.
End Method.
