# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Consistent regression in the largest residual: one function, deterministic."""

from __future__ import annotations

import math

import numpy as np

from theory.problems.arguments import finite, whole
from theory.problems.base import UNIT_ROUNDOFF, smallest_singular_value
from theory.problems.piecewise_linear import PiecewiseLinear
from theory.problems.synthetic import conditioned_rows, exact_targets


def chebyshev_regression(
    samples: int = 60, dim: int = 20, condition: float = 10.0, level: float = 2.0, seed: int = 0
) -> PiecewiseLinear:
    """Return ``f(x) = max_i |<a_i, x> - b_i| + level`` with ``b = A x*`` for a random x*, N = 1.

    Nonsmooth, ``max_i ||a_i||``-Lipschitz. A single function is sampled at every step, so that
    statements about gradients of one function at successive points apply. At x* every residual
    vanishes: f* is the level. The solution is unique when ``samples >= dim``.

    Sharp: ``f(x) - f* = ||A(x - x*)||_∞ >= ||A(x - x*)||_2/√N >= (σ/√N) ||x - x*||`` for x - x* in
    the span of the rows, σ the least of the min{N, n} singular values of A, N the rows.

    Parameters
    ----------
    samples, dim
        The number of rows and n.
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
    rows = conditioned_rows(rng, samples, dim, condition)
    targets = exact_targets(rng, rows)
    slopes, offsets = np.vstack([rows, -rows]), np.concatenate([-targets, targets]) + level
    least = smallest_singular_value(rows) / math.sqrt(samples) * (1 - 4 * UNIT_ROUNDOFF)
    return PiecewiseLinear(
        "chebyshev_regression", slopes, offsets, level, np.zeros(dim), sharpness=least or None
    )
