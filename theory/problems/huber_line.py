# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The Huber loss on the line: one smooth function, affine but near its minimiser."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, positive
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import huber


def huber_line(delta: float = 0.2, distance: float = 1.0, level: float = 0.0) -> LinearModel:
    """Return ``f(x) = φ_δ(x - x*) + level`` on R with ``x* = D``, N = 1, from 0.

    ``φ_δ(z) = z²/2`` for ``|z| <= δ``, else ``δ|z| - δ²/2``: smooth with L = 1. A gradient method
    with a constant step c that reaches x* after ``K = D/(cδ)`` steps has been above f* by half of
    ``f(x^1) - f*`` on the mean: then ``D²/(2cK)`` is nearly reached.

    Parameters
    ----------
    delta
        Where the loss turns from quadratic to affine.
    distance
        D.
    level
        f*.
    """
    positive(delta=delta, distance=distance)
    finite(level=level)
    return LinearModel(
        name="huber_line",
        features=np.ones((1, 1)),
        targets=np.array([distance]),
        loss=huber(delta),
        start=np.zeros(1),
        level=level,
        # On a line it is solved to the last digit, at a linear rate.
        most_held=0.25,
    )
