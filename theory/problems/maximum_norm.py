# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The largest coordinate of x - x*: sharp, and Polyak's method shows how sharp."""

from __future__ import annotations

import math

import numpy as np

from theory.problems.arguments import finite, positive, whole
from theory.problems.base import UNIT_ROUNDOFF
from theory.problems.piecewise_linear import PiecewiseLinear


def maximum_norm(
    dim: int = 20, gradient: float = 1.0, distance: float = 1.0, level: float = 0.0
) -> PiecewiseLinear:
    """Return ``f(x) = G ||x - x*||_∞ + level`` with ``x* = (D/√n)(1, …, 1)``, N = 1, from 0.

    Convex and G-Lipschitz; x* is the only minimiser, at distance D.

    Sharp, with ``s = G/√n``: ``||v||_∞ >= ||v||_2/√n``, with equality where all ``|v_i|`` are
    equal, as at the start. So is the linear rate: Polyak's method (β = 0) brings one coordinate
    after the other to 0, ``||x^{k+1} - x*||² = (1 - k/n) D²``, where the theorem says
    ``(1 - s²/G²)^k D² = (1 - 1/n)^k D²``: equality at k = 1.

    Parameters
    ----------
    dim
        n.
    gradient, distance
        G and D.
    level
        f*.
    """
    whole(1, dim=dim)
    positive(gradient=gradient, distance=distance)
    finite(level=level)
    slopes = gradient * np.vstack([np.eye(dim), -np.eye(dim)])
    solution = np.full(dim, distance / math.sqrt(dim))
    return PiecewiseLinear(
        name="maximum_norm",
        slopes=slopes,
        offsets=level - slopes @ solution,
        level=level,
        start=np.zeros(dim),
        sharpness=gradient / math.sqrt(dim) * (1 - 4 * UNIT_ROUNDOFF),
    )
