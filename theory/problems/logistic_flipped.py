# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The logistic loss on separable data of which some labels are flipped."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, whole, within
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import LOGISTIC
from theory.problems.synthetic import separable_rows


def logistic_flipped(
    samples: int = 60,
    dim: int = 5,
    margin: float = 0.1,
    flipped: float = 0.2,
    level: float = 0.5,
    seed: int = 0,
) -> LinearModel:
    """Return ``f_i(x) = log(1 + exp(-y_i <p_i, x>)) + level``, some y_i the wrong ones.

    No interpolation: each f_i has the infimum level, which nothing attains. With enough wrong
    labels no x has all ``y_i <p_i, x> >= 0`` (but 0), so that f grows in all directions and has one
    minimiser. Smooth, ``L = max ||p_i||²/4``, and ``||p_i||``-Lipschitz.

    Parameters
    ----------
    samples, dim
        N and n.
    margin
        A lower bound on the margin with the right labels; the points have norm about one.
    flipped
        The part of the labels that are flipped, rounded up: from 1/N to 1/2.
    level
        The infimum of every f_i.
    seed
        Of the points, the labels and which are flipped.
    """
    whole(1, samples=samples, dim=dim)
    whole(0, seed=seed)
    finite(level=level)
    within(1 / samples, 0.5, flipped=flipped)
    rng = np.random.default_rng(seed)
    rows = separable_rows(rng, samples, dim, margin)
    wrong = rng.choice(samples, int(np.ceil(flipped * samples)), replace=False)
    rows[wrong] *= -1
    return LinearModel(
        name="logistic_flipped",
        features=rows,
        targets=np.zeros(samples),
        loss=LOGISTIC,
        start=np.zeros(dim),
        level=level,
        interpolation=False,
    )
