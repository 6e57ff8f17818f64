# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Distances to hyperplanes of matrices and to the cone of positive semidefinite ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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
class Semidefinite:
    """P distances to hyperplanes, then ``copies`` times the distance to the cone, plus level.

    ``planes`` is (P, m²): flattened symmetric matrices of Frobenius norm one.
    """

    name: str
    planes: Array
    targets: Array
    copies: int
    start: Array
    level: float = 0.0

    interpolation: ClassVar[bool] = True

    @property
    def samples(self) -> int:
        """``N = P + copies``."""
        return len(self.targets) + self.copies

    @property
    def side(self) -> int:
        """The number m of rows of a matrix."""
        return round(len(self.start) ** 0.5)

    @property
    def infima(self) -> Array:
        """``inf f_i = level``, the value in the hyperplane or the cone."""
        return np.full(self.samples, self.level)

    @cached_property
    def _symmetriser(self) -> Array:
        """The projection of R^{m²} onto the symmetric matrices."""
        eye = np.eye(len(self.start)).reshape(self.side, self.side, -1)
        return np.asarray((eye + eye.swapaxes(0, 1)).reshape(len(self.start), -1) / 2)

    def _spectrum(self, x: Array) -> tuple[Array, Array, Array]:
        """Return the distance to the cone, ``λ_-/||λ_-||``, and the eigenvectors."""
        matrix = x.reshape(*x.shape[:-1], self.side, self.side)
        values, vectors = np.linalg.eigh((matrix + matrix.swapaxes(-1, -2)) / 2)
        negative = np.minimum(values, 0)
        distance = np.linalg.norm(negative, axis=-1)
        length = distance[..., None]
        direction = np.divide(negative, length, out=np.zeros_like(values), where=length > 0)
        return distance, direction, vectors

    def loss_and_grad(self, x: Array, index: Indices) -> tuple[Array, Array]:
        """Return the distance + level, and ``±A_i`` or ``Π_-(S)/||Π_-(S)||``.

        S is the symmetric part of X and ``Π_-`` keeps the negative eigenvalues. They are computed
        only where the index asks for the cone.
        """
        shape = np.broadcast_shapes(x.shape[:-1], np.shape(index))
        plane = np.minimum(index, len(self.targets) - 1)
        rows = self.planes[plane]
        residual = np.broadcast_to(np.vecdot(rows, x) - self.targets[plane], shape)
        loss, grad = np.array(np.abs(residual)), np.sign(residual)[..., None] * rows
        cone = np.broadcast_to(index >= len(self.targets), shape)
        if cone.any():
            distance, direction, vectors = self._spectrum(np.broadcast_to(x, grad.shape)[cone])
            loss[cone] = distance
            matrix = (vectors * direction[..., None, :]) @ vectors.swapaxes(-1, -2)
            grad[cone] = matrix.reshape(len(distance), -1)
        return loss + self.level, grad

    def _all(self, planes: Array, cone: Array) -> Array:
        copies = np.broadcast_to(cone[..., None], (*cone.shape, self.copies))
        return np.concatenate([planes, copies], axis=-1)

    def losses(self, x: Array) -> Array:
        """Return all distances + level."""
        residuals = x @ self.planes.T - self.targets
        return self._all(np.abs(residuals), self._spectrum(x)[0]) + self.level

    def grad_norms_sq(self, x: Array) -> Array:
        """Return all ``||g_i||²``, which are 1, or 0 at a distance of 0."""
        residuals = x @ self.planes.T - self.targets
        norms = np.linalg.norm(self.planes, axis=1)
        return self._all((np.sign(residuals) * norms) ** 2, np.sum(self._spectrum(x)[1] ** 2, -1))

    def model(self) -> ConvexModel:
        """Return the model with residuals and symmetric part in one variable z, linked to x.

        The distance to the cone is the least ``||S - C||_F`` over ``C ⪰ 0``.
        """
        import cvxpy as cp

        side, count = self.side, len(self.targets)
        x, z = cp.Variable(side**2), cp.Variable(count + side**2)
        cone = cp.Variable((side, side), PSD=True)
        linear = np.vstack([self.planes, self._symmetriser])
        link = z == linear @ x - np.concatenate([self.targets, np.zeros(side**2)])
        distance = cp.norm(z[count:] - cp.vec(cone, order="C"), 2)
        total = cp.sum(cp.abs(z[:count])) + self.copies * distance
        symmetric = cp.reshape(self._symmetriser @ x, (side, side), order="C")
        return ConvexModel(
            point=x,
            objective=total / self.samples + self.level,
            constraints=[link],
            solution_set=[self.planes @ x == self.targets, symmetric >> 0],
        )

    def minorants(self, dual: Array) -> Minorants:
        """Return ``|z| >= v z`` for ``|v| <= 1``, and ``dist(S) >= <V, S>`` for suitable V.

        V has to be negative semidefinite of norm at most one: ``<V, S> <= <V, S - C> <= ||S - C||``
        for every ``C ⪰ 0``. Stationarity names ``v = -N dual`` and ``V = -(N/copies) dual``; they
        are projected onto their domains.
        """
        count, side = len(self.targets), self.side
        slopes = np.clip(-self.samples * dual[:count], -1, 1)
        matrix = -(self.samples / self.copies) * dual[count:].reshape(side, side)
        values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
        values = np.minimum(values, 0)
        values /= max(float(np.linalg.norm(values)), 1.0)
        cone = np.tile(((vectors * values) @ vectors.T).ravel(), (self.copies, 1))
        offsets = np.concatenate([-slopes * self.targets, np.zeros(self.copies)]) + self.level
        return Minorants(offsets, np.vstack([slopes[:, None] * self.planes, cone]))

    def constants(self, solution: Array, radius: float) -> Constants:
        """Return the constants.

        Every ``||∇f_i||`` is 0 or 1 everywhere, so G = 1. No L: f_i has kinks.

        rounding. For the hyperplanes as in `LinearModel`, with n = m². For the cone, the computed
        eigendecomposition is exact for a matrix off by ``γ_{16 m}||X||`` (backward stability;
        16 m stands for the modest polynomial of LAPACK), which moves the distance, and its
        linearisation with V rebuilt from rounded eigenvectors, by as much each.
        """
        dim = len(solution)
        extent = float(np.linalg.norm(solution)) + radius
        slack = 1 + 4 * dim * UNIT_ROUNDOFF
        terms = 2 * extent + 2 * float(np.abs(self.targets).max())
        rounding = gamma(dim + 32 * self.side) * terms + 8 * UNIT_ROUNDOFF * abs(self.level)
        return Constants(slack, slack, None, rounding, slack, slack)

    def fingerprint(self) -> bytes:
        """Return a hash of the data."""
        kind = f"semidefinite {self.copies} {self.level!r}"
        return fingerprint(kind, self.planes, self.targets, self.start)


def semidefinite(
    side: int = 6,
    planes: int = 12,
    copies: int = 12,
    rank: int = 2,
    inner: float = 0.05,
    distance: float = 5.0,
    level: float = 0.25,
    seed: int = 0,
) -> Semidefinite:
    """Return distances on the m×m matrices X to P hyperplanes and to a cone, plus level.

    ``f_i(X) = |<A_i, X> - b_i| + level`` with ``||A_i||_F = 1`` for the first P samples, and
    ``dist((X + X^T)/2, S_+) + level = ||λ_-((X + X^T)/2)|| + level`` for the others. x is X
    flattened. Nonsmooth, 1-Lipschitz, and not polyhedral.

    Interpolation: ``b_i = <A_i, X_0>`` with ``X_0 = F F^T + inner I``, F random with ``rank``
    columns. X_0 is positive definite, hence a Slater point, and there every f_i equals level, its
    infimum.

    Parameters
    ----------
    side
        m; n = m².
    planes, copies
        How many samples are hyperplanes, less than m(m+1)/2, and how many are the cone.
    rank
        Of X_0 without its multiple of the identity.
    inner
        The least eigenvalue of X_0, roughly.
    distance
        The norm of the start, a random matrix, and of ``F F^T``.
    level
        f*.
    seed
        Of the A_i, X_0 and the start.
    """
    whole(2, side=side)
    whole(1, side * (side + 1) // 2 - 1, planes=planes)
    whole(1, copies=copies)
    whole(1, side, rank=rank)
    whole(0, seed=seed)
    finite(level=level)
    positive(inner=inner, distance=distance)
    rng = np.random.default_rng(seed)
    matrices = rng.standard_normal((planes, side, side))
    matrices += matrices.swapaxes(1, 2)
    matrices /= np.linalg.norm(matrices, axis=(1, 2), keepdims=True)
    factor = rng.standard_normal((side, rank))
    low_rank = factor @ factor.T
    truth = distance * low_rank / np.linalg.norm(low_rank) + inner * np.eye(side)
    start = distance * unit_vectors(rng, 1, side**2)[0]
    rows = matrices.reshape(planes, -1)
    return Semidefinite("semidefinite", rows, rows @ truth.ravel(), copies, start, level)
