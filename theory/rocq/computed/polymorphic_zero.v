(** MoMo with averages from zero, in a metric that stays as it is, over any ordered field.

    The lines of [method_zero], as those of [method] in [polymorphic]: the weights of the average sum to
    ρ_k = 1 - β^k, the step is x^{k+1} = x^k - τ_k P⁻¹d_k with
      τ_k = min{α/ρ_k, max{0, h_k - ρ_k f_⋆} / ‖d_k‖²_{P⁻¹}}.
    This file has definitions alone. *)
Require Import List.
From Momo Require Import ordered_field polymorphic.

Section Zero.
Variable F : ofield.
Notation T := (car F).
Infix "+" := (add F).
Infix "*" := (mul F).
Infix "-" := (sub F).
Infix "/" := (div F).

Fixpoint gpow (a : T) (k : nat) : T := match k with O => one F | S m => a * gpow a m end.
Definition grho (beta : T) (k : nat) : T := one F - gpow beta k.
Definition gzcap (r : T) (cap : option T) : option T :=
  match cap with None => None | Some alpha => Some (alpha / r) end.

(** P⁻¹d, and ‖d‖²_{P⁻¹}. *)
Definition gprecond (P d : gvec F) : gvec F := fun i => d i / P i.
Definition gdual2 (n : nat) (P d : gvec F) : T := gsum F n (fun i => d i * d i / P i).

Variables (n : nat) (f : nat -> gvec F -> T) (g : nat -> gvec F -> gvec F).
Variables (beta fstar : T) (cap : option T) (P : gvec F).

(** One step, with sample s; r is ρ of this step. *)
Definition gzstep (r : T) (st : gstate F) (s : nat) : gstate F :=
  let x := gpx F st in
  let d := glin F beta (gpd F st) (one F - beta) (g s x) in
  let fb := beta * gpf F st + (one F - beta) * f s x in
  let gm := beta * gpg F st + (one F - beta) * gdot F n (g s x) x in
  let h := fb + gdot F n d x - gm in
  gmk F false
    (glin F (one F) x (opp F (gtau F (r * fstar) (gzcap r cap) h (gdual2 n P d))) (gprecond P d)) d fb gm.

Definition gzstart (x1 : gvec F) : gstate F := gmk F false x1 (fun _ => zero F) (zero F) (zero F).

(** All states of a run, from one after k samples; and the same with their coordinates computed once. *)
Fixpoint gzpath (k : nat) (st : gstate F) (order : list nat) : list (gstate F) :=
  match order with
  | nil => st :: nil
  | s :: later => st :: gzpath (S k) (gzstep (grho beta (S k)) st s) later
  end.
Fixpoint gzrun (k : nat) (st : gstate F) (order : list nat) : list (gstate F) :=
  match order with
  | nil => st :: nil
  | s :: later => st :: gzrun (S k) (gtab F n (gzstep (grho beta (S k)) st s)) later
  end.
End Zero.
