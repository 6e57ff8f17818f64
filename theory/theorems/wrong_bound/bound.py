"""The bounds for an f_* that is off by ε, in numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.wrong_bound.statement import TOO_HIGH_BY, TOO_LOW_BY


def wrong_bound(
    beta: ArrayLike,
    iterations: ArrayLike,
    offset: ArrayLike,
    gradient: ArrayLike = 1.0,
    distance: ArrayLike = 1.0,
) -> Array:
    """Return the bound on ``min_k f_k - f*`` for ``f_* = f* + offset``.

    ``(GD/√K + (1+β)ε)/(1-β)`` below f*, ``ε + GD/((1-β)√K)`` above, ``ε = |offset|``.
    """
    b, k = averaged(beta, iterations)
    off = np.asarray(offset, dtype=float)
    known = {"G": gradient, "D": distance, "beta": b, "K": k, "epsilon": np.abs(off)}
    return np.asarray(np.where(off < 0, TOO_LOW_BY.bound(**known), TOO_HIGH_BY.bound(**known)))
