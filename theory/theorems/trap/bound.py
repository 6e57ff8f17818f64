"""What the function of the sharp rate's lower bound leaves, in numbers, in units of G D."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.trap.statement import FIRST, MADE, ZERO


def equal_values(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return ``GD (1 + Σ_{k<K} 1/N_k)^{-1/2}``: what `theory.traps.one_function` leaves at best.

    N_k of `theory.traps.orthogonal_norms`, but 1 for the first from first. That is a lower bound on
    the worst case where the trap with ``last = 1`` is one function, see
    `theory.traps.one_function`. From zero it is `theory.theorems.sharp_rate.bound.sharp`, an upper
    bound for all β and K; from first the worst cases found agree with it for β <= 1/2, and exceed
    it a little above (derived here).
    """
    b, k = np.broadcast_arrays(*averaged(beta, iterations))
    if averaging == "from_zero":
        return np.asarray(1 / np.sqrt(1 + ZERO.scope({"beta": b, "K": k}).S))
    return MADE.bound(G=1, D=1, beta=b, K=k, rest=1)


def construction(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return what `theory.traps.one_function` is proven to leave: a lower bound on the worst case.

    ``GD/√(rest + 1 + Σ_{2<=k<K} 1/M_k)`` with M of `theory.traps.orthogonal_norms` and ``rest`` of
    `theory.traps.rest`: from zero ``rest = 1/(1-√β)²``; from first the sum is at most
    ``(1-β²)(K-2)``, and ``rest = (1-β²)/(1-√β)²``. As K grows it is ``GD/√((1-β²)K)``, as
    `theory.theorems.sharp_rate.bound.sharp` is (derived here). At K = 1 it is ``GD/√rest``.
    """
    b, k = np.broadcast_arrays(*averaged(beta, iterations))
    if averaging == "from_zero":
        return ZERO.bound(G=1, D=1, beta=b, K=k)
    rest = FIRST.scope({"beta": b, "K": k}).rest
    return MADE.bound(G=1, D=1, beta=b, K=k, rest=rest)
