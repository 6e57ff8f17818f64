"""Bounds on the worst case of K evaluations of MoMo: the paper's, and those derived here.

In units of G D (Lipschitz functions) or L D² (smooth ones), D = ||x^1 - x*||; f_* = f*, α = inf,
λ = 0, interpolation. β and K broadcast. ``from_zero`` stands for MoMo-Adam's average with a
frozen preconditioner P, where G is in P^{-1}'s norm and D in P's.

The rates of statements are in the ``bound.py`` of each theorem; here they are together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import traps
from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.rate.bound import first_term, paper, two_ends
from theory.theorems.sharp_rate.bound import sharp

__all__ = [
    "construction",
    "equal_values",
    "first_term",
    "given_order_construction",
    "orthogonal",
    "paper",
    "sharp",
    "smooth",
    "two_ends",
    "upper",
]


def upper(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return the least of the bounds for one Lipschitz function."""
    any_order = np.minimum(paper(beta, iterations), two_ends(beta, iterations, averaging))
    return np.minimum(any_order, sharp(beta, iterations, averaging))


def equal_values(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return ``GD (1 + Σ_{k<K} 1/N_k)^{-1/2}``: what `theory.traps.one_function` leaves at best.

    N_k of `theory.traps.orthogonal_norms`, but 1 for the first from first. That is a lower bound on
    the worst case where the trap with ``last = 1`` is one function, see
    `theory.traps.one_function`. From zero it is `sharp`, an upper bound for all β and K; from first
    the worst cases found agree with it for β <= 1/2, and exceed it a little above (derived here).
    """
    total = np.vectorize(traps.decrease, otypes=[float])
    return np.asarray(1 / np.sqrt(1 + total(*averaged(beta, iterations), averaging)))


def smooth(beta: ArrayLike, iterations: ArrayLike) -> Array:
    """Return the bound on the best iterate of L-smooth functions, from first (derived here).

    The least of ``LD²/2`` and, for K >= 2, ``LD²/(7/2 + (1-β)(K-2))`` and, at β = 0,
    ``LD²/(2 + 3(K-1)/2)``. The Fejér steps of `theory.theorems.smooth.claim` leave

        3δ_1/2 + (1-β) Σ_{1<k<K} δ_k + 2δ_K  <=  LD²,

    where the first term has ``δ_1²/||g_1||² >= δ_1/(2L)`` added, as all have at β = 0, and the last
    is ``δ_K <= (L/2)||x^K-x*||²``: no step follows it.
    """
    b, k = np.broadcast_arrays(*averaged(beta, iterations))
    total = 3.5 + np.where(b == 0, 1.5, 1 - b) * (k - 2)
    return np.asarray(np.where(k == 1, 0.5, 1 / np.maximum(total, 2.0)))


def orthogonal(iterations: ArrayLike) -> Array:
    """Return ``GD/√K``: what ``max_i G x_i`` leaves to any method that moves along gradients seen.

    The value is 0 while a coordinate was never touched, and f* = ``-GD/√K`` (known). At β = 0 it is
    the worst case.
    """
    return np.asarray(1 / np.sqrt(averaged(0.0, iterations)[1]))


def construction(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return what `theory.traps.one_function` is proven to leave: a lower bound on the worst case.

    ``GD/√(rest + 1 + Σ_{2<=k<K} 1/M_k)`` with M of `theory.traps.orthogonal_norms` and ``rest`` of
    `theory.traps.rest`: from zero ``rest = 1/(1-√β)²``; from first the sum is at most
    ``(1-β²)(K-2)``, and ``rest = (1-β²)/(1-√β)²``. As K grows it is ``GD/√((1-β²)K)``, as
    `sharp` is (derived here).
    """
    b, k = averaged(beta, iterations)
    last = np.vectorize(traps.rest, otypes=[float])(b, averaging)
    return np.asarray(1 / np.sqrt(last - 1 + equal_values(b, k, averaging) ** -2))


def given_order_construction(
    beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first"
) -> Array:
    """Return what `theory.traps.own_functions` leaves, a function of its own for each step.

    As K grows it is ``GD/((1-β)√K)``: for functions in a given order the paper's factor cannot be
    improved (derived here).
    """
    distance = np.vectorize(lambda b, k: traps.own_functions(b, int(k), averaging).distance)
    return np.asarray(1 / distance(*averaged(beta, iterations)))
