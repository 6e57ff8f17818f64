# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A parabola: one smooth function, with growth as large as its smoothness."""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import finite, positive
from theory.problems.linear_model import LinearModel
from theory.problems.scalar_losses import SQUARED


def parabola(smoothness: float = 4.0, distance: float = 1.0, level: float = 1.0) -> LinearModel:
    """Return ``f(x) = (L/2)(x - x*)² + level`` on R with ``x* = D``, N = 1, from 0.

    Smooth, and of quadratic growth with μ = L. Polyak's method (β = 0) halves ``x - x*`` at each
    step, so that ``Σ_k (f_k - f*) = (2/3) L D² (1 - 4^{-K})``, two thirds of the bound.

    Parameters
    ----------
    smoothness, distance
        L and D.
    level
        f*.
    """
    positive(smoothness=smoothness, distance=distance)
    finite(level=level)
    root = np.sqrt(smoothness)
    return LinearModel(
        name="parabola",
        features=np.full((1, 1), root),
        targets=np.array([root * distance]),
        loss=SQUARED,
        start=np.zeros(1),
        level=level,
        # On a line it is solved to the last digit, at a linear rate.
        most_held=0.25,
    )
