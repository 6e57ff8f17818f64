# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sensing of a low-rank matrix by rank-one measurements."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, whole
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import ABSOLUTE


def matrix_sensing(
    samples: int = 24, side: int = 7, rank: int = 2, level: float = 0.0, seed: int = 0
) -> LinearModel:
    """Return ``f_i(X) = |<a_i a_i^T, X> - b_i| + level`` on the m×m matrices X, flattened.

    ``b_i = ||F^T a_i||²`` measures ``X_0 = F F^T`` of low rank, with Gaussian a_i and F.

    Interpolation: at X_0 every f_i equals level, its infimum; with fewer than m(m+1)/2 generic
    measurements the ``a_i a_i^T`` are linearly independent, and solutions form an affine set.
    Nonsmooth, ``||a_i||²``-Lipschitz: the Lipschitz constants differ much.

    Parameters
    ----------
    samples
        N, less than m(m+1)/2.
    side
        m; n = m².
    rank
        Of X_0.
    level
        f*.
    seed
        Of the measurements and X_0.
    """
    whole(2, side=side)
    whole(1, side * (side + 1) // 2 - 1, samples=samples)
    whole(1, side, rank=rank)
    whole(0, seed=seed)
    finite(level=level)
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((samples, side)) / np.sqrt(side)
    factor = rng.standard_normal((side, rank))
    features = (vectors[:, :, None] * vectors[:, None, :]).reshape(samples, -1)
    targets = np.sum((vectors @ factor) ** 2, axis=1)
    return LinearModel("matrix_sensing", features, targets, ABSOLUTE, np.zeros(side**2), level)
