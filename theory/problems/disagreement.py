# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Absolute values on the line that disagree about where zero is."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, positive
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import ABSOLUTE


def disagreement(
    spread: float = 1.0, distance: float = 1.0, gradient: float = 1.0, level: float = 0.0
) -> LinearModel:
    """Return ``f_i(x) = G|x - t_i| + level`` on R, with ``t = (spread, spread, -spread)``.

    No interpolation: each f_i has the infimum level, at its own t_i. f is least at the median,
    ``x* = spread``, and there ``f* = level + (2/3) G spread``. The start is ``spread + distance``.

    Right of x* all three have the slope G and ``f(x) - f* = G(x - x*)``, so that a step is the same
    whatever is drawn: what a method does there is known by hand, and the bound for any lower bound
    f_* is reached with ``α = D/(GK)`` and an f_* so low that the cap always binds.

    Parameters
    ----------
    spread
        How far the t_i are from 0.
    distance, gradient
        D and G.
    level
        The infimum of every f_i.
    """
    positive(spread=spread, distance=distance, gradient=gradient)
    finite(level=level)
    return LinearModel(
        name="disagreement",
        features=np.full((3, 1), gradient),
        targets=gradient * np.array([spread, spread, -spread]),
        loss=ABSOLUTE,
        start=np.array([spread + distance]),
        level=level,
        interpolation=False,
    )
