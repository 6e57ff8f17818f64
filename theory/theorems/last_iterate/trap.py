"""Without growth the last iterate has no rate: a convex function whose K-th value is GD/2, any K.

Derived here, for β = 0. In the units G = 1, with x* = 0,

    f(y) = max{0, (ε/s) y_1, -(V - ε/2) y_1/s + V y_2/s, y_3, …, y_K},    x^1 = (s, s, σ, …, σ),

``s = √½``, ``σ = 2ε``, and V such that the wall, the third entry, has slope 1: ``V = ½ + O(ε)``.
The first K-2 steps set y_3, …, y_K to 0, one at a time; each has the value σ, and moves by σ only.
Then the flat entry is the largest, with the value ε: its zero is at distance s, and the step goes
there, to (0, s, 0, …, 0), where the wall has the value V. As ``D² = 1 + (K-2)σ²``, ``f(x^K)`` tends
to GD/2 as ε tends to 0, whatever K is. The least of the K values is ε: the best iterate is none the
worse for it, and a small value that was found is lost again only by who takes the last point.
"""

from __future__ import annotations

import numpy as np

from theory.problems.arguments import whole, within
from theory.problems.base import Array


def wall(iterations: int, small: float = 1e-4) -> tuple[Array, Array]:
    """Return the rows a_i of ``f(y) = max{0, max_i <a_i, y>}``, and ``x^1``, for K >= 2.

    Parameters
    ----------
    iterations
        K.
    small
        ε, at most 0.1.

    Raises
    ------
    ValueError
        If K is less than 2, or ε not in the range.
    """
    whole(2, iterations=iterations)
    within(1e-12, 0.1, small=small)
    side = np.sqrt(0.5)
    # 2 (V - ε/2)² + 2 V² = 1
    value = (small + np.sqrt(4 - small**2)) / 4
    rows = np.eye(iterations)
    rows[:2] = 0
    rows[0, 0] = small / side
    rows[1, :2] = -(value - small / 2) / side, value / side
    start = np.full(iterations, 2 * small)
    start[:2] = side
    return rows, start
