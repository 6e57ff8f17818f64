"""Consistent absolute-value regression."""

from __future__ import annotations

import numpy as np

from theory.problems.linear_model import ABSOLUTE, LinearModel
from theory.problems.synthetic import conditioned_rows


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
        The condition number of A.
    level
        f*.
    seed
        Of the rows and the solution.
    """
    rng = np.random.default_rng(seed)
    features = conditioned_rows(rng, samples, dim, condition)
    solution = rng.standard_normal(dim)
    return LinearModel(
        "absolute_regression", features, features @ solution, ABSOLUTE, np.zeros(dim), level
    )
