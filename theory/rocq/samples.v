(** Samples whose values and subgradients can be computed in any ordered field: weighted squares of affine
    functions, and maxima of affine functions.  A hinge and an absolute value are maxima of two. *)
Require Import List.
From Momo Require Import ordered_field.
Import ListNotations.

Section Samples.
Variable F : ofield.
Notation T := (car F).

(** <a, x> + b. *)
Definition row := (list T * T)%type.
Definition affine (n : nat) (r : row) (x : gvec F) : T := add F (gdot F n (coords F (fst r)) x) (snd r).

(** [square c r] is c r(x)², [largest r others] the maximum of r and the others at x. *)
Inductive sample := square (c : T) (r : row) | largest (r : row) (others : list row).

(** The largest of the rows at x; the first of those that are. *)
Fixpoint top (n : nat) (x : gvec F) (best : row) (others : list row) : row :=
  match others with
  | [] => best
  | r :: later => top n x (if leb F (affine n r x) (affine n best x) then best else r) later
  end.

Definition value (n : nat) (s : sample) (x : gvec F) : T :=
  match s with
  | square c r => mul F c (mul F (affine n r x) (affine n r x))
  | largest r others => affine n (top n x r others) x
  end.

(** 2 c r(x) a, or the row a of the largest. *)
Definition slope (n : nat) (s : sample) (x : gvec F) : gvec F :=
  match s with
  | square c r => fun i => mul F (mul F (add F c c) (affine n r x)) (coords F (fst r) i)
  | largest r others => coords F (fst (top n x r others))
  end.

(** A problem is a list of samples; those beyond its end are 0. *)
Definition pick (samples : list sample) (s : nat) : sample := nth s samples (largest ([], zero F) []).
Definition values (n : nat) (samples : list sample) (s : nat) : gvec F -> T := value n (pick samples s).
Definition slopes (n : nat) (samples : list sample) (s : nat) : gvec F -> gvec F := slope n (pick samples s).
End Samples.

Arguments square {F}.
Arguments largest {F}.
