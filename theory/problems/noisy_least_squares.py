# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Least squares with noise, and nothing said of interpolation."""

from __future__ import annotations

from theory.problems.linear_model import LinearModel
from theory.problems.noisy_regression import noisy_regression
from theory.problems.scalar_losses import SQUARED


def noisy_least_squares(
    samples: int = 60,
    dim: int = 8,
    condition: float = 3.0,
    noise: float = 0.5,
    level: float = 1.0,
    seed: int = 0,
) -> LinearModel:
    """Return ``f_i(x) = (<a_i, x> - b_i)²/2 + level`` with ``b = A x_0 + noise``, N > n.

    No interpolation: each f_i has the infimum level, but no point attains them all, and f* is
    above it by about ``noise² (N - n)/(2N)``. The minimiser is unique. Smooth,
    ``L = max ||a_i||²``, and of quadratic growth; gradients are bounded on balls, not everywhere.

    Parameters
    ----------
    samples, dim
        N and n, with N > n.
    condition
        The condition number of A, at most 1e5.
    noise
        The standard deviation of ``b - A x_0``.
    level
        The infimum of every f_i.
    seed
        Of the rows, x_0 and the noise.
    """
    made = noisy_regression(samples, dim, condition, noise, level, seed)
    return LinearModel(
        name="noisy_least_squares",
        features=made.features,
        targets=made.targets,
        loss=SQUARED,
        start=made.start,
        level=level,
        interpolation=False,
    )
