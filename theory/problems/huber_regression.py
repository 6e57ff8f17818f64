# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Consistent Huber regression."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, whole
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import huber
from theory.problems.synthetic import conditioned_rows, exact_targets


def huber_regression(
    samples: int = 150,
    dim: int = 40,
    condition: float = 5.0,
    delta: float = 0.25,
    scale: float = 3.0,
    level: float = 0.5,
    seed: int = 0,
) -> LinearModel:
    """Return ``f_i(x) = φ_δ(<a_i, x> - b_i) + level`` with ``b = A x*`` for a random x*.

    ``φ_δ(z) = z²/2`` for ``|z| <= δ``, else ``δ|z| - δ²/2``: smooth with ``L = max ||a_i||²`` and
    ``δ||a_i||``-Lipschitz.

    Interpolation: at x* every f_i equals level, its infimum. The solution is unique when
    ``samples >= dim``, else an affine set.

    Parameters
    ----------
    samples, dim
        N and n.
    condition
        The condition number of A, at most 1e5.
    delta
        Where the loss turns from quadratic to linear.
    scale
        The root mean square of ``||a_i||``.
    level
        f*.
    seed
        Of the rows and the solution.
    """
    whole(0, seed=seed)
    finite(level=level)
    rng = np.random.default_rng(seed)
    rows = conditioned_rows(rng, samples, dim, condition, scale)
    targets = exact_targets(rng, rows)
    return LinearModel("huber_regression", rows, targets, huber(delta), np.zeros(dim), level)
