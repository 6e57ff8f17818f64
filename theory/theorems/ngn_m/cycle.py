"""A cycle of NGN-M: with momentum it does not converge on every smooth convex function (derived).

f is a function of two variables, convex and 256-smooth, with minimum 0 at 0, so that interpolation
holds; β = 0.9 and c = 1, the defaults. From the first of `POINTS`, at rest, NGN-M comes back to it
after 26 steps, and is at rest again: ``x^{k+26} = x^k`` for all k. So no theorem can promise that
NGN-M converges on these functions, in points or in values, for every c and β; the rate of this
folder needs ``λcL(1+cL) < 1``. On the line there is no such cycle where ``N' <= 2`` (`proof_line`).

Everything is a fraction. f is even, and given by its values and gradients at 24 points, ± `POINTS`,
and at 0: by the interpolation conditions (Taylor, Hendrickx and Glineur 2017),

    f_j >= f_i + <g_i, x_j - x_i> + ||g_i - g_j||²/(2L)   for all i and j,

there is a convex L-smooth function with these; `LowestInterpolant` is the least one. The points say
what each step is, ``(1-β)N_i = (1+β)x_i - x_{i+1} - βx_{i-1}``, and with any step size γ_i < c the
gradient ``N_i/γ_i`` and the value ``||N_i||²/(2γ_i(1-γ_i/c))`` make NGN-M take it. The points were
found by minimising L over them, from many starts: 201 was the least found for a start at rest, 17.8
for one in motion. With these β and c the rate here is proven up to L = 0.10.

Beside a point where the conditions hold strictly the least interpolant is affine, so that the orbit
attracts: of a displacement 0.62 is left after half a round. It is no accident of exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

import numpy as np

from theory.problems.base import Array
from theory.worst_case.function import simplex_minimiser

BETA, CAP, SMOOTHNESS = Fraction(9, 10), Fraction(1), Fraction(256)

Vector = tuple[Fraction, Fraction]
Datum = tuple[Vector, Fraction, Vector]
"""A point, the value there, and the gradient."""

HUNDRED_THOUSANDTHS = (
    (-136734, -99268, 3533),
    (-113517, -97707, 31808),
    (-94183, -79850, 33745),
    (-63948, -55255, 27583),
    (-26558, -26883, 14630),
    (11885, 2641, 974),
    (45437, 29796, 2537),
    (72513, 56203, 6722),
    (90402, 83052, 9246),
    (108721, 97878, 11272),
    (127718, 100056, 4814),
)
"""x_i and γ_i for i = 0, 2, 3, …, 11; x_1 is where x_0 goes from rest."""

SECOND_STEP_SIZE = Fraction(4478, 100_000)
"""γ_1."""


def _orbit() -> tuple[list[Vector], list[Fraction]]:
    rows = [[Fraction(number, 100_000) for number in row] for row in HUNDRED_THOUSANDTHS]
    points: list[Vector] = [(row[0], row[1]) for row in rows]
    first, last = points[0], points[-1]
    # The step from -x_11 ends at x_0, at rest; the one from rest has the same force.
    second = (
        first[0] - BETA * (first[0] + last[0]),
        first[1] - BETA * (first[1] + last[1]),
    )
    points.insert(1, second)
    sizes = [row[2] for row in rows]
    sizes.insert(1, SECOND_STEP_SIZE)
    return points, sizes


POINTS, STEP_SIZES = _orbit()


def inner(a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    """Return ``<a, b>``."""
    return a[0] * b[0] + a[1] * b[1]


def _negative(a: Vector) -> Vector:
    return -a[0], -a[1]


def _force(before: Vector, at: Vector, after: Vector) -> Vector:
    """Return ``N = ((1+β)x_i - x_{i+1} - βx_{i-1})/(1-β)``."""
    x, y = (((1 + BETA) * at[i] - after[i] - BETA * before[i]) / (1 - BETA) for i in range(2))
    return x, y


def data() -> list[Datum]:
    """Return the points, values and gradients: 0 first, then `POINTS`, then their negatives."""
    found: list[Datum] = []
    for i, (point, size) in enumerate(zip(POINTS, STEP_SIZES, strict=True)):
        before = POINTS[i - 1] if i else point
        after = POINTS[i + 1] if i + 1 < len(POINTS) else _negative(POINTS[0])
        force = _force(before, point, after)
        value = inner(force, force) / (2 * size * (1 - size / CAP))
        found.append((point, value, (force[0] / size, force[1] / size)))
    zero = (Fraction(0), Fraction(0))
    negatives = [(_negative(x), f, _negative(g)) for x, f, g in found]
    return [(zero, Fraction(0), zero), *found, *negatives]


def slack(known: Sequence[Datum], smoothness: Fraction = SMOOTHNESS) -> Fraction:
    """Return the least slack of the interpolation conditions: not negative if f exists."""
    slacks = []
    for (x, f, g), (y, value, slope) in permutations(known, 2):
        way, turn = (y[0] - x[0], y[1] - x[1]), (g[0] - slope[0], g[1] - slope[1])
        slacks.append(value - f - inner(g, way) - inner(turn, turn) / (2 * smoothness))
    return min(slacks)


@dataclass(frozen=True, eq=False)
class LowestInterpolant:
    """``f(x) = max_{w in simplex} Σ_i w_i (b_i + <g_i, x>) - ||Σ_i w_i g_i||²/(2L)``.

    ``b_i = f_i - <g_i, x_i> + ||g_i||²/(2L)``. It is the conjugate of a function that is strongly
    convex with constant 1/L, hence convex and L-smooth, with gradient ``Σ_i w_i g_i`` at the
    maximising w. It interpolates: the interpolation conditions say that at x_i no w is better than
    the unit vector i; where they are strict, this stays so beside x_i, and f is affine there.

    Attributes
    ----------
    points, gradients, values
        x_i and g_i, shape (m, n), and f_i, shape (m,).
    smoothness
        L.
    """

    points: Array
    gradients: Array
    values: Array
    smoothness: float

    def loss_and_grad(self, x: Array) -> tuple[float, Array]:
        """Return f(x) and its gradient."""
        g, smoothness = self.gradients, self.smoothness
        offsets = self.values - np.vecdot(g, self.points) + np.vecdot(g, g) / (2 * smoothness)
        linear = offsets + g @ x
        weights = simplex_minimiser(g @ g.T / smoothness, -linear)
        slope = weights @ g
        return float(weights @ linear - slope @ slope / (2 * smoothness)), slope


def interpolant() -> LowestInterpolant:
    """Return f in floating point."""
    points, values, gradients = (np.array(part, dtype=float) for part in zip(*data(), strict=True))
    return LowestInterpolant(points, gradients, values, float(SMOOTHNESS))
