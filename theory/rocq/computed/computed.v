(** What is computed of a problem in fractions, as a table of whole numbers: a row for each state, and in
    it numerator and denominator of the coordinates of x^k, of those of d_{k-1}, of f̄_{k-1} and of γ_{k-1}.
    Run by [theory/kernel], which compares it with the Python code. *)
Require Import QArith List.
From Momo Require Import ordered_field rational polymorphic polymorphic_zero samples.
Import ListNotations.

Record problem := {
  dimension : nat; losses : list (sample Q_field); averaging : Q; bound : Q; learning_rate : option Q;
  from : list Q; order : list nat }.

Definition run_of (p : problem) : list (gstate Q_field) :=
  let n := dimension p in
  grun Q_field n (values Q_field n (losses p)) (slopes Q_field n (losses p)) (averaging p) (bound p)
    (learning_rate p) (gstart Q_field (coords Q_field (from p))) (order p).

(** The same from zero averages, in the metric whose first entries are these; the others are 1. *)
Definition entries (metric : list Q) : gvec Q_field := fun i => nth i metric 1%Q.
Definition zero_run_of (metric : list Q) (p : problem) : list (gstate Q_field) :=
  let n := dimension p in
  gzrun Q_field n (values Q_field n (losses p)) (slopes Q_field n (losses p)) (averaging p) (bound p)
    (learning_rate p) (entries metric) 0 (gzstart Q_field (coords Q_field (from p))) (order p).

Definition whole (q : Q) : list Z := [Qnum q; Zpos (Qden q)].
Definition table_row (n : nat) (st : gstate Q_field) : list Z :=
  flat_map whole (map (gpx _ st) (seq 0 n) ++ map (gpd _ st) (seq 0 n) ++ [gpf _ st; gpg _ st]).
Definition table (p : problem) : list (list Z) := map (table_row (dimension p)) (run_of p).
Definition zero_table (metric : list Q) (p : problem) : list (list Z) :=
  map (table_row (dimension p)) (zero_run_of metric p).
