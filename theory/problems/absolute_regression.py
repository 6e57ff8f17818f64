# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Consistent absolute-value regression."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, whole
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import ABSOLUTE
from theory.problems.synthetic import conditioned_rows, exact_targets


def absolute_regression(
    samples: int = 200, dim: int = 50, condition: float = 10.0, level: float = -1.0, seed: int = 0
) -> LinearModel:
    """Return ``f_i(x) = |<a_i, x> - b_i| + level`` with ``b = A x*`` for a random x*.

    Interpolation: at x* every f_i equals level, its infimum. The solution is unique when
    ``samples >= dim`` (A then has full column rank), else an affine set. Nonsmooth,
    ``||a_i||``-Lipschitz. The level is not 0, so that a method which forgets f_* is seen.

    Parameters
    ----------
    samples, dim
        N and n.
    condition
        The condition number of A, at most 1e5.
    level
        f*.
    seed
        Of the rows and the solution.
    """
    whole(0, seed=seed)
    finite(level=level)
    rng = np.random.default_rng(seed)
    features = conditioned_rows(rng, samples, dim, condition)
    targets = exact_targets(rng, features)
    return LinearModel("absolute_regression", features, targets, ABSOLUTE, np.zeros(dim), level)
