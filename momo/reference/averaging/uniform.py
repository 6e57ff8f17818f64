"""The uniform average of all samples: dual averaging's weights (derived here as a model)."""

from __future__ import annotations

import numpy as np

from momo.reference.averaging.base import Averaging
from momo.reference.averaging.ema import weight_one
from momo.reference.checks import Array


def uniform_decay(step: int, beta: Array) -> Array:
    """Return ``β_k = (k-1)/k``, so that ``ρ_{j,k} = 1/k``; β is not used."""
    return np.full_like(beta, (step - 1) / step)


UNIFORM = Averaging(uniform_decay, weight_one)
"""``a_k = (1/k) Σ_j s_j``."""
