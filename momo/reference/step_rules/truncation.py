"""The paper's rule, and its limit without a bound."""

from __future__ import annotations

import numpy as np

from momo.reference.checks import Array
from momo.reference.step_rules.base import Memoryless


def truncation(cap: Array, adaptive: Array) -> Array:
    """Return ``τ_k = min{α/ρ_k, ζ_k}`` (paper, equation 15)."""
    return np.minimum(cap, adaptive)


def capped(cap: Array, adaptive: Array) -> Array:
    """Return ``τ = α/ρ``: no truncation, the limit of a bound f_* that goes to -infinity.

    Raises
    ------
    ValueError
        If a cap is infinite: nothing else limits the step.
    """
    if np.isinf(cap).any():
        raise ValueError("lr = inf for a method that is always capped; allowed: a finite lr")
    return np.broadcast_to(cap, np.broadcast_shapes(cap.shape, adaptive.shape)).copy()


TRUNCATION = Memoryless(truncation)
CAPPED = Memoryless(capped)
