"""The bound of the linear rate in numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.theorems.linear_rate.statement import LINEAR_RATE


def factor(beta: ArrayLike, cap: ArrayLike, smoothness: float, growth: float) -> Array:
    """Return ``1 - (1-β)μ min{α, 1/L}/2``, by which a step multiplies the squared distance."""
    b, alpha = np.asarray(beta, dtype=float), np.asarray(cap, dtype=float)
    return LINEAR_RATE.bound(beta=b, alpha=alpha, mu=growth, L=smoothness, K=1, D=1.0)
