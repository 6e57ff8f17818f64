"""The bound for sharp functions in numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.theorems.sharp_linear.statement import SHARP_LINEAR


def factor(beta: ArrayLike, sharpness: float, gradient: float) -> Array:
    """Return ``1 - (1-β)²s²/G²``, by which a step multiplies the squared distance."""
    b = np.asarray(beta, dtype=float)
    return SHARP_LINEAR.bound(beta=b, s=sharpness, G=gradient, K=1, D=1.0)
