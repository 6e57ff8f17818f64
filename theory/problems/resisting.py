# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The function on which no method that follows subgradients beats the rate GD/√K."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from theory.problems.arguments import finite, positive, whole
from theory.problems.base import (
    UNIT_ROUNDOFF,
    Array,
    Constants,
    ConvexModel,
    Indices,
    Minorants,
    fingerprint,
)


@dataclass(frozen=True, eq=False)
class MaxAffine:
    """``f(x) = max(G max_i x_i + shift, level)`` on R^n, a single sample."""

    name: str
    slope: float
    shift: float
    level: float
    start: Array

    interpolation: ClassVar[bool] = True

    @property
    def samples(self) -> int:
        """One: the problem is deterministic."""
        return 1

    @property
    def infima(self) -> Array:
        """``inf f = level``, attained where all coordinates are small enough."""
        return np.full(1, self.level)

    def loss_and_grad(self, x: Array, index: Indices) -> tuple[Array, Array]:
        """Return f(x), and G times the first unit vector of a largest coordinate; 0 at the minimum.

        The index plays no part but its shape.
        """
        shape = (*np.broadcast_shapes(x.shape[:-1], np.shape(index)), x.shape[-1])
        x = np.broadcast_to(x, shape)
        first = np.argmax(x, axis=-1)[..., None]
        top = self.slope * np.take_along_axis(x, first, -1) + self.shift
        grad = np.zeros(shape)
        np.put_along_axis(grad, first, np.where(top > self.level, self.slope, 0.0), -1)
        return np.maximum(top[..., 0], self.level), grad

    def losses(self, x: Array) -> Array:
        """Return f(x) with a last axis of length one."""
        return np.maximum(self.slope * x.max(axis=-1, keepdims=True) + self.shift, self.level)

    def grad_norms_sq(self, x: Array) -> Array:
        """Return G², or 0 at the minimum, with a last axis of length one."""
        return np.where(self.losses(x) > self.level, self.slope**2, 0.0)

    def model(self) -> ConvexModel:
        """Return the model in epigraph form: the link is ``G x_i + shift <= t``."""
        import cvxpy as cp

        x, epigraph = cp.Variable(len(self.start)), cp.Variable()
        affine = self.slope * x + self.shift
        return ConvexModel(
            point=x,
            objective=epigraph,
            constraints=[affine <= epigraph, epigraph >= self.level],
            solution_set=[affine <= self.level],
        )

    def minorants(self, dual: Array) -> Minorants:
        """Return ``f(x) >= Σ w_i (G x_i + shift) + (1 - Σ w_i) level``, weights w from the dual.

        Stationarity in t says that the multipliers of the link and of ``t >= level`` add up to
        one. They are clipped to be non-negative and scaled down to a sum of at most one.
        """
        weights = np.clip(dual, 0, 1)
        weights /= max(float(weights.sum()), 1.0)
        total = float(weights.sum())
        offset = total * self.shift + (1 - total) * self.level
        return Minorants(np.full(1, offset), self.slope * weights[None, :])

    def constants(self, solution: Array, radius: float) -> Constants:
        """Return the constants: the gradient is 0 or ``G e_i``; f has kinks.

        rounding. f takes two operations, ``<g, y - x>`` three (a single entry of g is not 0), and
        the sum one, on terms of size at most ``2 G (||x*|| + D) + |shift| + |level|``.
        """
        extent = float(np.linalg.norm(solution)) + radius
        terms = 2 * self.slope * extent + abs(self.shift) + abs(self.level)
        rounding = 8 * UNIT_ROUNDOFF * terms
        return Constants(self.slope, self.slope, None, rounding, self.slope, self.slope)

    def fingerprint(self) -> bytes:
        """Return a hash of the data."""
        numbers = np.array([self.slope, self.shift, self.level])
        return fingerprint("max_affine", numbers, self.start)


def resisting(
    iterations: int = 50,
    gradient: float = 1.0,
    distance: float = 1.0,
    shift: float = 0.0,
    seed: int = 0,
) -> MaxAffine:
    """Return ``f(x) = max(G max_i x_i + shift, f*)`` on R^K with ``f* = shift - GD/√K``, from 0.

    Convex and G-Lipschitz, N = 1. The minimisers are the x with ``x_i <= -D/√K`` for all i; the
    nearest to the start is ``x* = -(D/√K)(1, …, 1)``, at distance D. Interpolation is trivial.

    The oracle returns ``g = G e_i`` with the *first* i of a largest coordinate.

    Lower bound. Let ``x^{k+1}`` lie in ``x^1 + span{g_1, …, g_k}``. Then ``x^k`` is in the span of
    ``e_1, …, e_{k-1}`` and ``f(x^k) - f* >= GD/√K`` for all ``k <= K``. Proof by induction:
    coordinates k, …, K of x^k vanish, so its largest is at least 0, which is the claim on f; and
    the first index where it is attained is at most k, so that ``g_k`` is a multiple of one of
    ``e_1, …, e_k``.

    Equality. Polyak's method (β = 0, f_* = f*, no cap) keeps ``f(x^k) - f* = GD/√K`` for all
    ``k <= K`` and ends at ``x^{K+1} = x*``: at x^k, whose first k-1 coordinates are ``-D/√K`` and
    the others 0, f is shift and ``g_k = G e_k``, so the step ``(GD/√K)/G² · G e_k`` moves
    coordinate k to ``-D/√K``.

    Parameters
    ----------
    iterations
        K, also the dimension n.
    gradient, distance
        G and D.
    shift
        f at the start, and until iteration K.
    seed
        Not used: the problem is not random.
    """
    whole(1, iterations=iterations)
    whole(0, seed=seed)
    positive(gradient=gradient, distance=distance)
    finite(shift=shift)
    level = shift - gradient * distance / math.sqrt(iterations)
    return MaxAffine("resisting", gradient, shift, level, np.zeros(iterations))
