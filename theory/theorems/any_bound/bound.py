"""The bound without interpolation in numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.any_bound.statement import ANY_BOUND


def any_bound(
    beta: ArrayLike,
    iterations: ArrayLike,
    cap: ArrayLike,
    gradient: ArrayLike = 1.0,
    distance: ArrayLike = 1.0,
    rise: ArrayLike = 0.0,
) -> Array:
    """Return the bound on the mean of ``E[f(x^k) - f(x*)]``; ``rise`` is ``E[h_K - f(x^1)]``."""
    b, k = averaged(beta, iterations)
    alpha = np.asarray(cap, dtype=float)
    return ANY_BOUND.bound(
        G=np.asarray(gradient), D=np.asarray(distance), beta=b, K=k, alpha=alpha, R=rise
    )
