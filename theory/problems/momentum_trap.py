# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The function on which MoMo with momentum β is as slow as the sharp rate allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theory import traps
from theory.problems.arguments import finite, positive, whole
from theory.problems.base import gamma
from theory.problems.piecewise_linear import PiecewiseLinear


@dataclass(frozen=True, eq=False)
class MomentumTrap(PiecewiseLinear):
    """The function of `momentum_trap`, which knows for which β and K it was made.

    Attributes
    ----------
    beta, iterations
        β and K.
    distance
        D, an upper bound on the distance from the start to the nearest minimiser.
    excess
        ``f(x^k) - f*`` for all k <= K, where MoMo with this β runs without a cap.
    rest
        ``G²||x^K - x*||²/δ²``, δ the excess.
    gradient
        G.
    """

    beta: float = 0.0
    iterations: int = 1
    distance: float = 1.0
    excess: float = 0.0
    rest: float = 1.0
    gradient: float = 1.0


def momentum_trap(
    beta: float = 0.9,
    iterations: int = 100,
    gradient: float = 1.0,
    distance: float = 1.0,
    shift: float = 0.0,
) -> MomentumTrap:
    """Return a convex, G-Lipschitz f on which MoMo, uncapped, keeps ``f(x^k) - f* = δ`` for k <= K.

    δ is at least `theory.theorems.trap.bound.construction`: GD/√((1-β²)K) up to a factor that tends
    to one, and GD/√K at β = 0 (derived here, in `theory.traps`). At x^k the k-th piece and
    the next are equally large: the oracle returns the first.

    Parameters
    ----------
    beta
        β in [0, 1).
    iterations
        K.
    gradient, distance
        G, and ``||x^1 - x*||`` for the x* of the construction, a minimiser; another may be nearer.
    shift
        f at the start, and until iteration K.
    """
    whole(1, iterations=iterations)
    positive(gradient=gradient, distance=distance)
    finite(shift=shift)
    if not 0 <= beta < 1:
        raise ValueError(f"beta = {beta!r}; allowed: 0 <= beta < 1")
    last = traps.least_rest(beta, iterations)
    made = traps.one_function(beta, iterations, last=last)
    excess = gradient * distance / made.distance
    slopes = gradient * made.gradients
    points = distance / made.distance * (made.to_solution - made.to_solution[0])
    return MomentumTrap(
        name="momentum_trap",
        slopes=slopes,
        offsets=shift - np.vecdot(slopes, points),
        level=shift - excess,
        start=np.zeros(slopes.shape[1]),
        tie=gamma(8 * iterations) * gradient * distance,
        beta=beta,
        iterations=iterations,
        distance=distance,
        excess=excess,
        rest=last,
        gradient=gradient,
    )
