# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Absolute-value regression with noise: kinks, and no common zero."""

from __future__ import annotations

from theory.problems.linear_model import LinearModel
from theory.problems.noisy_regression import noisy_regression
from theory.problems.scalar_losses import ABSOLUTE


def noisy_absolute(
    samples: int = 61,
    dim: int = 6,
    condition: float = 3.0,
    noise: float = 0.5,
    level: float = 2.0,
    seed: int = 0,
) -> LinearModel:
    """Return ``f_i(x) = |<a_i, x> - b_i| + level`` with ``b = A x_0 + noise``, N > n.

    No interpolation: each f_i has the infimum level, where ``<a_i, x> = b_i``, and with N > n
    equations and noise no point attains them all. A minimiser meets some n of them, and for random
    data there is only one. Nonsmooth, ``||a_i||``-Lipschitz.

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
        name="noisy_absolute",
        features=made.features,
        targets=made.targets,
        loss=ABSOLUTE,
        start=made.start,
        level=level,
        interpolation=False,
    )
