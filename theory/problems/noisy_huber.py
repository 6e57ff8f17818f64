# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Huber regression with noise: minimisers of f that minimise no f_i, gradients bounded."""

from __future__ import annotations

from theory.problems.linear_model import LinearModel
from theory.problems.noisy_regression import noisy_regression
from theory.problems.scalar_losses import huber


def noisy_huber(
    samples: int = 60,
    dim: int = 8,
    condition: float = 3.0,
    noise: float = 1.0,
    delta: float = 0.5,
    level: float = -1.0,
    seed: int = 0,
) -> LinearModel:
    """Return ``f_i(x) = φ_δ(<a_i, x> - b_i) + level`` with ``b = A x_0 + noise``, N > n.

    ``φ_δ(z) = z²/2`` for ``|z| <= δ``, else ``δ|z| - δ²/2``: smooth with ``L = max ||a_i||²`` and,
    unlike least squares, ``δ||a_i||``-Lipschitz everywhere.

    No interpolation: each f_i has the infimum level, where ``<a_i, x> = b_i``, and with N > n
    equations and noise no point attains them all.

    Parameters
    ----------
    samples, dim
        N and n, with N > n.
    condition
        The condition number of A, at most 1e5.
    noise
        The standard deviation of ``b - A x_0``.
    delta
        Where the loss turns from quadratic to linear.
    level
        The infimum of every f_i.
    seed
        Of the rows, x_0 and the noise.
    """
    made = noisy_regression(samples, dim, condition, noise, level, seed)
    return LinearModel(
        name="noisy_huber",
        features=made.features,
        targets=made.targets,
        loss=huber(delta),
        start=made.start,
        level=level,
        interpolation=False,
    )
