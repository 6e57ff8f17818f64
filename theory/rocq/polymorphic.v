(** MoMo (the paper's Algorithm 1, without weight decay) over any ordered field.

    The same lines as in [method], with the operations of a field F in the place of those of R.  Over R
    they are those ([gstep_R]); over Q they run, and the runs are those of the theorems ([computed_run]).
    This file has definitions alone: it is what is compared with the Python code, number by number. *)
Require Import List.
From Momo Require Import ordered_field.

Section Algorithm.
Variable F : ofield.
Notation T := (car F).
Infix "+" := (add F).
Infix "*" := (mul F).
Infix "-" := (sub F).
Infix "/" := (div F).

(** Is the next sample the first?  x^k; d_{k-1}, f̄_{k-1}, γ_{k-1}. *)
Record gstate := gmk { gfirst : bool; gpx : gvec F; gpd : gvec F; gpf : T; gpg : T }.

(** The dimension; the samples' values and subgradients; β, f_⋆, and α, None for α = ∞. *)
Variables (n : nat) (f : nat -> gvec F -> T) (g : nat -> gvec F -> gvec F).
Variables (beta fstar : T) (cap : option T).

(** τ_k = min{α, max{0, h_k - f_⋆} / ‖d_k‖²}; 0 where d_k = 0. *)
Definition gtau (h N : T) : T :=
  if eqb F N (zero F) then zero F
  else let z := gmax F (zero F) (h - fstar) / N in
       match cap with None => z | Some alpha => gmin F alpha z end.

(** One step, with sample s. *)
Definition gstep (st : gstate) (s : nat) : gstate :=
  let x := gpx st in
  let keep := if gfirst st then zero F else beta in
  let d := glin F keep (gpd st) (one F - keep) (g s x) in
  let fb := keep * gpf st + (one F - keep) * f s x in
  let gm := keep * gpg st + (one F - keep) * gdot F n (g s x) x in
  let h := fb + gdot F n d x - gm in
  gmk false (glin F (one F) x (opp F (gtau h (gdot F n d d))) d) d fb gm.

(** Before the first sample. *)
Definition gstart (x1 : gvec F) : gstate := gmk true x1 (fun _ => zero F) (zero F) (zero F).

(** All states of a run, with the samples in the given order. *)
Fixpoint gpath (st : gstate) (order : list nat) : list gstate :=
  match order with nil => st :: nil | s :: later => st :: gpath (gstep st s) later end.

(** The same, with each state's coordinates computed once: see [tabulated_run]. *)
Definition gtab (st : gstate) : gstate :=
  gmk (gfirst st) (tab F n (gpx st)) (tab F n (gpd st)) (gpf st) (gpg st).

Fixpoint grun (st : gstate) (order : list nat) : list gstate :=
  match order with nil => st :: nil | s :: later => st :: grun (gtab (gstep st s)) later end.
End Algorithm.
