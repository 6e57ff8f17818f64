"""Closed-form bounds in units of G D."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array


def sharp(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return 1/√u (temporary; the worst-case branch brings the module)."""
    beta, count = np.broadcast_arrays(np.asarray(beta, float), np.asarray(iterations, float))
    if averaging == "from_zero":
        total = 1 + (1 - beta**2) * (count - 1)
    else:
        total = 2 + (1 - beta**2) * (count - 2) + 2 * np.log1p(-beta)
        total = np.where(count < 2, 1.0, total)
    u = np.maximum(total, 1e-300)
    low, high = np.zeros_like(u), np.maximum(total, 1.0) + 1
    for _ in range(200):
        middle = (low + high) / 2
        above = middle + beta * np.log(middle) > total
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.minimum(1 / np.sqrt(high), 1.0)
