# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The hinge loss on separable data."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, whole
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import HINGE
from theory.problems.synthetic import separable_rows


def hinge(
    samples: int = 200, dim: int = 20, margin: float = 0.1, level: float = 0.0, seed: int = 0
) -> LinearModel:
    """Return ``f_i(x) = (1 - y_i <p_i, x>)_+ + level`` on separable points p_i.

    Interpolation: a unit vector w has ``y_i <p_i, w> >= margin``, so that at ``w/margin`` every f_i
    equals level, its infimum. Solutions form a polyhedron with interior (any multiple above one
    of a solution lies inside). Nonsmooth, ``||p_i||``-Lipschitz.

    Parameters
    ----------
    samples, dim
        N and n.
    margin
        A lower bound on the margin; the points have norm about one.
    level
        f*.
    seed
        Of the points and labels.
    """
    whole(0, seed=seed)
    finite(level=level)
    rows = separable_rows(np.random.default_rng(seed), samples, dim, margin)
    return LinearModel("hinge", rows, np.ones(samples), HINGE, np.zeros(dim), level)
