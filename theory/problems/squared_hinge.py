# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The squared hinge loss on separable data."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, positive, whole
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import SQUARED_HINGE
from theory.problems.synthetic import separable_rows


def squared_hinge(
    samples: int = 250,
    dim: int = 30,
    margin: float = 0.1,
    scale: float = 4.0,
    level: float = -0.5,
    seed: int = 0,
) -> LinearModel:
    """Return ``f_i(x) = ½ (1 - y_i <p_i, x>)_+² + level`` on separable points p_i.

    Interpolation: a unit vector w has ``y_i <p_i, w> >= scale * margin``, so that at
    ``w/(scale * margin)`` every f_i equals level, its infimum. Solutions form a polyhedron with
    interior. Smooth, ``L = max ||p_i||²``.

    Parameters
    ----------
    samples, dim
        N and n.
    margin
        A lower bound on the margin of points of norm about one.
    scale
        What these points are multiplied by.
    level
        f*.
    seed
        Of the points and labels.
    """
    whole(0, seed=seed)
    finite(level=level)
    positive(scale=scale)
    rows = scale * separable_rows(np.random.default_rng(seed), samples, dim, margin)
    return LinearModel("squared_hinge", rows, np.ones(samples), SQUARED_HINGE, np.zeros(dim), level)
