"""The bound on the summed suboptimalities of smooth functions with a cap, in numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.theorems.smooth_capped.statement import SMOOTH_CAPPED


def total(smoothness: ArrayLike, cap: ArrayLike, distance_sq: ArrayLike) -> Array:
    """Return ``D² max{L, 1/α}``, what ``δ_1 + (1-β) Σ_{k>=2} δ_k`` is at most."""
    distance = np.sqrt(np.asarray(distance_sq, dtype=float))
    alpha = np.asarray(cap, dtype=float)
    return SMOOTH_CAPPED.bound(L=np.asarray(smoothness, dtype=float), alpha=alpha, D=distance)
