# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Distances to balls that intersect."""

from __future__ import annotations

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
    gamma,
)
from theory.problems.synthetic import unit_vectors


@dataclass(frozen=True, eq=False)
class Balls:
    """``f_i(x) = (||x - c_i|| - r_i)_+ + level``; centres (N, n), radii (N,)."""

    name: str
    centres: Array
    radii: Array
    start: Array
    level: float = 0.0
    most_held: float = 0.4

    interpolation: ClassVar[bool] = True

    @property
    def samples(self) -> int:
        """N."""
        return len(self.radii)

    @property
    def infima(self) -> Array:
        """``inf f_i = level``, the value in the ball."""
        return np.full(self.samples, self.level)

    def loss_and_grad(self, x: Array, index: Indices) -> tuple[Array, Array]:
        """Return the distance + level, and ``(x - c_i)/||x - c_i||`` outside the ball, else 0."""
        offset = x - self.centres[index]
        length = np.sqrt(np.vecdot(offset, offset))
        outside = length > self.radii[index]
        scale = np.divide(1.0, length, out=np.zeros_like(length), where=outside)
        return np.maximum(length - self.radii[index], 0) + self.level, scale[..., None] * offset

    def _gaps(self, x: Array) -> Array:
        """Return all ``||x - c_i|| - r_i``, from one matrix product."""
        products = x @ self.centres.T
        squares = np.vecdot(x, x)[..., None] + np.vecdot(self.centres, self.centres)
        return np.sqrt(np.maximum(squares - 2 * products, 0)) - self.radii

    def losses(self, x: Array) -> Array:
        """Return all distances + level."""
        return np.maximum(self._gaps(x), 0) + self.level

    def grad_norms_sq(self, x: Array) -> Array:
        """Return 1 outside the ball, else 0."""
        return np.where(self._gaps(x) > 0, 1.0, 0.0)

    def model(self) -> ConvexModel:
        """Return the model with the offsets ``z_i = x - c_i`` as variables."""
        import cvxpy as cp

        count, dim = self.centres.shape
        x, z = cp.Variable(dim), cp.Variable((count, dim))
        offsets = np.ones((count, 1)) @ cp.reshape(x, (1, dim), order="C") - self.centres
        distances = cp.pos(cp.norm(z, axis=1) - self.radii)
        objective = cp.sum(distances) / count + self.level
        return ConvexModel(x, objective, [z == offsets], [cp.norm(offsets, axis=1) <= self.radii])

    def minorants(self, dual: Array) -> Minorants:
        """Return ``(||z|| - r)_+ >= <v, z> - r||v||``, true for ``||v|| <= 1``.

        Stationarity in z_i names ``v_i = -N dual_i``, here scaled down to the unit ball.
        """
        norms = self.samples * np.linalg.norm(dual, axis=1)
        slopes = -self.samples * dual / np.maximum(norms, 1)[:, None]
        offsets = self.level - np.vecdot(slopes, self.centres)
        return Minorants(offsets - self.radii * np.linalg.norm(slopes, axis=1), slopes)

    def constants(self, solution: Array, radius: float) -> Constants:
        """Return the constants.

        ``||∇f_i||`` is 0 or 1 everywhere, so G = 1. No L: f_i has a kink on the sphere.

        rounding. ``||x - c_i||²`` is computed, in `losses`, with error ``γ_{n+4} s_i²`` where
        ``s_i = ||x|| + ||c_i||``, and its root, where it is at least r_i, with error
        ``γ_{n+4} s_i²/r_i``; where it is below r_i the loss is 0 up to the same error. It counts
        at x and at y; ``<g, y - x>`` adds ``γ_{n+6} D``, the last operations 8 roundings of all
        this and of r_i.
        """
        dim = len(solution)
        extent = float(np.linalg.norm(solution)) + radius
        far = extent + np.linalg.norm(self.centres, axis=1)
        terms = float((2 * far**2 / self.radii + self.radii).max()) + radius
        slack = 1 + 4 * dim * UNIT_ROUNDOFF
        rounding = gamma(dim + 14) * terms + 8 * UNIT_ROUNDOFF * abs(self.level)
        return Constants(slack, slack, None, rounding, slack, slack)

    def fingerprint(self) -> bytes:
        """Return a hash of the data."""
        return fingerprint(f"balls {self.level!r}", self.centres, self.radii, self.start)


def balls(
    samples: int = 100,
    dim: int = 20,
    inner: float = 0.1,
    distance: float = 5.0,
    size: float = 2.0,
    level: float = -3.0,
    seed: int = 0,
) -> Balls:
    """Return ``f_i(x) = dist(x, B_i) + level`` for N balls ``B_i = {x : ||x - c_i|| <= r_i}``.

    ``dist(x, B_i) = (||x - c_i|| - r_i)_+``: nonsmooth, 1-Lipschitz, and not polyhedral.

    Interpolation: with ``r_i = ||p - c_i|| + inner`` the ball of radius ``inner`` about p lies in
    every B_i, and there every f_i equals level, its infimum.

    Parameters
    ----------
    samples, dim
        N and n.
    inner
        The radius of the ball in the intersection.
    distance
        ``||p||``; the start is 0, and at least one ball must not hold it.
    size
        The ``||p - c_i||`` are uniform in [size, 2 size].
    level
        f*.
    seed
        Of the balls and p.
    """
    whole(1, samples=samples, dim=dim)
    whole(0, seed=seed)
    finite(level=level)
    positive(inner=inner, distance=distance, size=size)
    rng = np.random.default_rng(seed)
    common = distance * unit_vectors(rng, 1, dim)[0]
    lengths = rng.uniform(size, 2 * size, samples)
    centres = common + lengths[:, None] * unit_vectors(rng, samples, dim)
    reach = np.linalg.norm(centres, axis=1) - lengths
    if inner >= reach.max():
        raise ValueError(
            f"inner = {inner!r} leaves the start in every ball; allowed: below {reach.max():g}"
        )
    return Balls("balls", centres, lengths + inner, np.zeros(dim), level)
