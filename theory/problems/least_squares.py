# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Over-parametrised least squares."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, whole
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import SQUARED
from theory.problems.synthetic import conditioned_rows, exact_targets


def least_squares(
    samples: int = 50, dim: int = 60, condition: float = 5.0, level: float = 2.0, seed: int = 0
) -> LinearModel:
    """Return ``f_i(x) = (<a_i, x> - b_i)²/2 + level`` with fewer samples than unknowns.

    Interpolation: A has full row rank, so that ``Ax = b`` is solvable whatever b is, and there
    every f_i equals level, its infimum. Solutions form an affine set of dimension n - N. Smooth,
    ``L = max ||a_i||²``.

    Parameters
    ----------
    samples, dim
        N and n, with N < n.
    condition
        The condition number of A, at most 1e5.
    level
        f*.
    seed
        Of the rows and the targets.
    """
    whole(2, dim=dim)
    whole(1, dim - 1, samples=samples)
    whole(0, seed=seed)
    finite(level=level)
    rng = np.random.default_rng(seed)
    features = conditioned_rows(rng, samples, dim, condition)
    targets = exact_targets(rng, features)
    return LinearModel("least_squares", features, targets, SQUARED, np.zeros(dim), level)
