"""The bounds for (L0, L1)-smooth functions in numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.generalized_smooth.statement import SUM


def least(
    beta: ArrayLike,
    iterations: ArrayLike,
    lr: ArrayLike,
    gradient: ArrayLike,
    growth: ArrayLike,
) -> Array:
    """Return ``max{1/α, 1 + L1 G/3}/(1 + (1-β)(K-1))``: of the least of K suboptimalities.

    Parameters
    ----------
    beta, iterations, lr
        β, K and α; they broadcast.
    gradient, growth
        G and L1. Units: L0 = D = 1, so that G is in L0 D, and L1 in 1/D.
    """
    b, k = averaged(beta, iterations)
    total = SUM.bound("on the ball", D=1, alpha=lr, L0=1, L1=growth, G=gradient)
    return np.asarray(total / (1 + (1 - b) * (k - 1)))


def free(iterations: ArrayLike, growth: ArrayLike) -> Array:
    """Return ``2/(√K - 8 L1/3)²``, at β = 0 and whatever G is; inf where √K is no larger than that.

    Units: L0 = D = 1. It is the ε at which `theory.theorems.generalized_smooth.statement.SPS` has
    equality.
    """
    _, k = averaged(0.0, iterations)
    room = np.sqrt(k) - 8 * np.asarray(growth, dtype=np.float64) / 3
    square = np.maximum(room, 0) ** 2
    return np.divide(2.0, square, where=square > 0, out=np.full(square.shape, np.inf))
