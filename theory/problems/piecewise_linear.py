# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The largest of many affine functions: one deterministic function with many kinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from theory.problems.base import (
    UNIT_ROUNDOFF,
    Array,
    Constants,
    ConvexModel,
    Indices,
    Minorants,
    fingerprint,
    gamma,
)


@dataclass(frozen=True, eq=False)
class PiecewiseLinear:
    """``f(x) = max(max_i <a_i, x> + b_i, level)``, a single sample.

    Attributes
    ----------
    name
        A short identifier.
    slopes
        The a_i, shape (pieces, n).
    offsets
        The b_i, shape (pieces,).
    level
        ``inf f``, attained; the family's docstring says where.
    start
        ``x^1``, shape (n,).
    tie
        Pieces that are nearer than this to the largest count as large.
    sharpness
        s such that ``f(x) - level >= s ||x - x*||``, x* being the only minimiser; the family's
        docstring proves it. None if none is known.
    """

    name: str
    slopes: Array
    offsets: Array
    level: float
    start: Array
    tie: float = 0.0
    sharpness: float | None = None

    interpolation: ClassVar[bool] = True

    @property
    def samples(self) -> int:
        """One: the problem is deterministic."""
        return 1

    @property
    def infima(self) -> Array:
        """``inf f = level``."""
        return np.full(1, self.level)

    def _pieces(self, x: Array) -> Array:
        return np.asarray(x @ self.slopes.T + self.offsets)

    def loss_and_grad(self, x: Array, index: Indices) -> tuple[Array, Array]:
        """Return f(x), and the slope of the first piece that counts as large.

        The gradient is 0 where no piece exceeds the level. The index plays no part but its shape.
        """
        shape = (*np.broadcast_shapes(x.shape[:-1], np.shape(index)), x.shape[-1])
        x = np.broadcast_to(x, shape)
        pieces = self._pieces(x)
        top = pieces.max(axis=-1, keepdims=True)
        first = np.argmax(pieces >= top - self.tie, axis=-1)
        grad = np.where(top > self.level, self.slopes[first], 0.0)
        return np.maximum(top[..., 0], self.level), grad

    def losses(self, x: Array) -> Array:
        """Return f(x) with a last axis of length one."""
        return np.maximum(self._pieces(x).max(axis=-1, keepdims=True), self.level)

    def grad_norms_sq(self, x: Array) -> Array:
        """Return the squared norm of the gradient of `loss_and_grad`, last axis of length one."""
        _, grad = self.loss_and_grad(x, np.zeros((), dtype=np.int64))
        return np.vecdot(grad, grad)[..., None]

    def model(self) -> ConvexModel:
        """Return the model in epigraph form: the link is ``<a_i, x> + b_i <= t``."""
        import cvxpy as cp

        x, epigraph = cp.Variable(len(self.start)), cp.Variable()
        affine = self.slopes @ x + self.offsets
        return ConvexModel(
            point=x,
            objective=epigraph,
            constraints=[affine <= epigraph, epigraph >= self.level],
            solution_set=[affine <= self.level],
        )

    def minorants(self, dual: Array) -> Minorants:
        """Return ``f(x) >= Σ w_i (<a_i, x> + b_i) + (1 - Σ w_i) level``, weights from the dual.

        They are clipped to be non-negative and scaled down to a sum of at most one.
        """
        weights = np.clip(dual, 0, 1)
        weights /= max(float(weights.sum()), 1.0)
        offset = float(weights @ self.offsets) + (1 - float(weights.sum())) * self.level
        return Minorants(np.full(1, offset), (weights @ self.slopes)[None, :])

    def constants(self, solution: Array, radius: float) -> Constants:
        """Return the constants: every gradient is 0 or an a_i; f has kinks.

        rounding. The value is a piece with its rounding, ``γ_{n+2} ||a|| (||x|| + |b|)``; so is
        the value at y, and so are the product and the sum. The gradient's piece may lie below
        the largest by ``tie``.
        """
        dim = len(solution)
        largest = float(np.sqrt(np.vecdot(self.slopes, self.slopes)).max())
        terms = largest * (float(np.linalg.norm(solution)) + 2 * radius)
        terms += float(np.abs(self.offsets).max()) + abs(self.level)
        slack = 1 + 2 * dim * UNIT_ROUNDOFF
        rounding = 4 * gamma(dim + 4) * terms + self.tie
        gradient = largest * slack
        return Constants(
            gradient=gradient,
            gradient_max=gradient,
            smoothness=None,
            rounding=rounding,
            gradient_everywhere=gradient,
            gradient_everywhere_max=gradient,
            sharpness=self.sharpness,
        )

    def fingerprint(self) -> bytes:
        """Return a hash of the data."""
        numbers = np.array([self.level])
        return fingerprint("piecewise_linear", self.slopes, self.offsets, numbers, self.start)
