# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Regression with a loss that grows exponentially: (L0, L1)-smooth, and not smooth."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, positive, whole
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import EXPONENTIAL
from theory.problems.synthetic import conditioned_rows, exact_targets


def exponential_regression(
    samples: int = 6,
    dim: int = 4,
    condition: float = 3.0,
    scale: float = 1.0,
    level: float = 0.25,
    seed: int = 0,
) -> LinearModel:
    """Return ``f_i(x) = φ(<a_i, x> - b_i) + level``, ``φ(z) = e^{|z|} - |z| - 1``, ``b = A x*``.

    Interpolation: at x* every f_i equals level, its infimum. As ``φ'' = 1 + |φ'|``, f_i is
    ``(||a_i||², ||a_i||)``-smooth, but not L-smooth for any L.

    Parameters
    ----------
    samples, dim
        N and n.
    condition
        The condition number of A, at most 1e5.
    scale
        The root of the mean ``||a_i||²``.
    level
        f*.
    seed
        Of the rows and x*.
    """
    whole(0, seed=seed)
    finite(level=level)
    positive(scale=scale)
    rng = np.random.default_rng(seed)
    rows = conditioned_rows(rng, samples, dim, condition, scale)
    targets = exact_targets(rng, rows)
    return LinearModel("exponential_regression", rows, targets, EXPONENTIAL, np.zeros(dim), level)
