(** What theorems assume, by the names they have in the papers.

    Samples are 0 … M-1, sample s with probability p s; f s is the loss f(·,s), g s a subgradient of it;
    x⋆ = xs, f⋆ = fstar. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors.
Open Scope R_scope.

(** The mean function f(x) = E f(x,s). *)
Definition favg (M : nat) (f : nat -> vec -> R) (p : nat -> R) (x : vec) := sumn M (fun s => p s * f s x).

(** Probabilities are not negative; that they sum to one is said as it is. *)
Definition nonnegative (M : nat) (p : nat -> R) := forall s, (s < M)%nat -> 0 <= p s.

(** Every f(·,s) is convex, and g s is a subgradient: f(x,s) + <g(x,s), y - x> ≤ f(y,s). *)
Definition convex (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) :=
  forall s x y, (s < M)%nat -> f s x + dot n (g s x) (lin 1 y (-1) x) <= f s y.

(** One x⋆ has the value f⋆ for every sample … *)
Definition interpolation (M : nat) (f : nat -> vec -> R) (xs : vec) (fstar : R) :=
  forall s, (s < M)%nat -> f s xs = fstar.
(** … and no sample is below f⋆: together, x⋆ minimises all of them. *)
Definition bounded_below (M : nat) (f : nat -> vec -> R) (fstar : R) :=
  forall s x, (s < M)%nat -> fstar <= f s x.

(** The paper's G: E‖g(x,s)‖² ≤ G² in the ball around x⋆ with radius D. *)
Definition bounded_gradients (n M : nat) (g : nat -> vec -> vec) (p : nat -> R) (xs : vec) (D G : R) :=
  forall x, dist2 n x xs <= D * D -> sumn M (fun s => p s * dot n (g s x) (g s x)) <= G * G.
(** The same for every sample by itself: ‖g(x,s)‖ ≤ G. *)
Definition bounded_each (n M : nat) (g : nat -> vec -> vec) (xs : vec) (D G : R) :=
  forall s x, (s < M)%nat -> dist2 n x xs <= D * D -> dot n (g s x) (g s x) <= G * G.

(** f(y,s) ≤ f(x,s) + <g(x,s), y - x> + (L/2)‖y - x‖². *)
Definition smooth (n M : nat) (f : nat -> vec -> R) (g : nat -> vec -> vec) (L : R) :=
  forall s x y, (s < M)%nat -> f s y <= f s x + dot n (g s x) (lin 1 y (-1) x) + L / 2 * dist2 n y x.

(** A step size c that the cap α allows, and a cap that is positive; None is α = ∞. *)
Definition below_cap (c : R) (cap : option R) := match cap with None => True | Some alpha => c <= alpha end.
Definition positive_cap (cap : option R) := match cap with None => True | Some alpha => 0 < alpha end.

Lemma below_cap_zero cap : positive_cap cap -> below_cap 0 cap.
Proof. destruct cap; simpl; lra. Qed.
