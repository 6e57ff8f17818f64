# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Least squares with noise: minimisers of f that minimise no f_i."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from theory.problems.arguments import finite, positive, whole
from theory.problems.base import ConvexModel
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import SQUARED
from theory.problems.synthetic import conditioned_rows


@dataclass(frozen=True, eq=False)
class InconsistentLeastSquares(LinearModel):
    """A `LinearModel` with the squared loss whose solutions are those of the normal equations."""

    def model(self) -> ConvexModel:
        """Return the model with ``A^T (Ax - b) = 0`` as its solution set."""
        model = super().model()
        residuals = self.features @ model.point - self.targets
        return replace(model, solution_set=[self.features.T @ residuals == 0])


def noisy_regression(
    samples: int = 150,
    dim: int = 30,
    condition: float = 3.0,
    noise: float = 0.5,
    level: float = 1.0,
    seed: int = 0,
) -> InconsistentLeastSquares:
    """Return ``f_i(x) = (<a_i, x> - b_i)²/2 + level`` with ``b = A x_0 + noise``, N > n.

    No interpolation: each f_i has the infimum level, but no point attains them all, and f* is
    above it by about ``noise² (N - n)/(2N)``. The `solution_set` holds the minimiser of f, which is
    unique. Smooth, ``L = max ||a_i||²``.

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
    whole(1, dim=dim)
    whole(dim + 1, samples=samples)
    whole(0, seed=seed)
    positive(noise=noise)
    finite(level=level)
    rng = np.random.default_rng(seed)
    features = conditioned_rows(rng, samples, dim, condition)
    targets = features @ rng.standard_normal(dim) + noise * rng.standard_normal(samples)
    return InconsistentLeastSquares(
        "noisy_regression", features, targets, SQUARED, np.zeros(dim), level
    )
