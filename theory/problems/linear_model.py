# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Problems ``f_i(x) = φ(<a_i, x> - b_i) + level`` with a convex scalar loss φ >= 0, inf φ = 0.

Most families are of this form; each chooses the rows a_i, the targets b_i and φ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from theory.problems.base import (
    MOST_HELD,
    UNIT_ROUNDOFF,
    Array,
    Constants,
    ConvexModel,
    Indices,
    Minorants,
    fingerprint,
    gamma,
    smallest_singular_value,
)
from theory.problems.scalar_losses import ScalarLoss


@dataclass(frozen=True, eq=False)
class LinearModel:
    """See the module. ``features`` is (N, n), ``targets`` (N,), ``start`` (n,).

    ``interpolation`` says that one x* brings every φ to 0.
    """

    name: str
    features: Array
    targets: Array
    loss: ScalarLoss
    start: Array
    level: float = 0.0
    interpolation: bool = True
    most_held: float = MOST_HELD

    @property
    def samples(self) -> int:
        """N."""
        return len(self.targets)

    @property
    def infima(self) -> Array:
        """``inf f_i = level``, because inf φ = 0 and a_i is not 0."""
        return np.full(self.samples, self.level)

    @cached_property
    def _row_norms(self) -> Array:
        return np.linalg.norm(self.features, axis=1)

    @cached_property
    def _spectral(self) -> float:
        """``λ_max((1/N) Σ ||a_i||² a_i a_i^T)^{1/2}``."""
        weighted = self.features * self._row_norms[:, None]
        return float(np.linalg.norm(weighted, 2) / np.sqrt(self.samples))

    @cached_property
    def _smallest(self) -> float:
        """σ such that ``||Av|| >= σ ||v||`` for every v in the span of the rows; 0 if unsure."""
        return smallest_singular_value(self.features)

    def loss_and_grad(self, x: Array, index: Indices) -> tuple[Array, Array]:
        """Return ``φ(z) + level`` and ``φ'(z) a_i`` at ``z = <a_i, x> - b_i``."""
        rows = self.features[index]
        residual = np.vecdot(rows, x) - self.targets[index]
        return self.loss.value(residual) + self.level, self.loss.slope(residual)[..., None] * rows

    def _residuals(self, x: Array) -> Array:
        return x @ self.features.T - self.targets

    def losses(self, x: Array) -> Array:
        """Return all ``φ(z_i) + level``."""
        return self.loss.value(self._residuals(x)) + self.level

    def grad_norms_sq(self, x: Array) -> Array:
        """Return all ``φ'(z_i)² ||a_i||²``."""
        return (self.loss.slope(self._residuals(x)) * self._row_norms) ** 2

    def model(self) -> ConvexModel:
        """Return the model with the residual z as a variable, linked by ``z = Ax - b``."""
        import cvxpy as cp

        x, z = cp.Variable(len(self.start)), cp.Variable(self.samples)
        objective = cp.sum(self.loss.expression(z)) / self.samples + self.level
        link = z == self.features @ x - self.targets
        residuals = self.features @ x - self.targets
        solution_set = self.loss.argmin(residuals) if self.interpolation else []
        return ConvexModel(x, objective, [link], solution_set)

    def minorants(self, dual: Array) -> Minorants:
        """Return ``φ(z) >= v z - φ*(v)`` with v the slope that the link's dual names.

        Stationarity of the Lagrangian in z_i reads ``φ'(z_i)/N + dual_i = 0``.
        """
        slopes, conjugates = self.loss.conjugate(-self.samples * dual)
        offsets = self.level - slopes * self.targets - conjugates
        return Minorants(offsets, slopes[:, None] * self.features)

    def _sharpness(self) -> float | None:
        """Return s with ``f(x) - f* >= s ||x - x*||`` for x - x* =: v in the span of the rows.

        Where ``φ(z) >= κ|z|``, and every residual of x* is 0, ``f(x) - f* >= κ ||Av||_1/N``. With
        ``σ ||v|| <= ||Av||``, `_smallest`, and ``||Av||_∞ <= max ||a_i|| ||v||``,

            ||Av||_1 >= ||Av||_2 >= σ ||v||
            ||Av||_1 >= ||Av||_2² / ||Av||_∞ >= σ² ||v|| / max ||a_i||

        The larger one is returned, less the rounding of the norms.
        """
        if not (self.interpolation and self.loss.sharpness and self._smallest):
            return None
        rate = max(self._smallest, self._smallest**2 / float(self._row_norms.max()))
        slack = 1 - 4 * self.features.size * UNIT_ROUNDOFF
        return float(self.loss.sharpness * rate / self.samples * slack)

    def _growth(self) -> float | None:
        """Return μ with ``f(x) - f* >= (μ/2) ||x - x*||²`` for x - x* in the span of the rows.

        Where φ is c-strongly convex f is ``c σ²/N``-strongly convex along the span, σ of
        `_smallest`, and x* minimises it; with interpolation or without.
        """
        rate = self.loss.convexity * self._smallest**2 / self.samples
        return rate * (1 - 4 * UNIT_ROUNDOFF) or None

    def _slopes(self, at_solution: Array, radius: float) -> Array:
        """Return s_i, which bounds ``|φ'(z_i)|`` in the ball, from ``|φ'(z_i*)|``.

        ``s_i = min(M, c ||a_i|| D + |φ'(z_i*)|)`` where ``|φ'| <= M`` and φ' is c-Lipschitz (c is
        inf where φ has kinks), and where ``φ'' <= L0 + L1 |φ'|``, by Grönwall's lemma,
        ``(L0 + L1 |φ'(z_i*)|) (e^{L1 ||a_i|| D} - 1)/L1 + |φ'(z_i*)|``.
        """
        loss, reach = self.loss, self._row_norms * radius
        slopes = np.full(self.samples, loss.lipschitz)
        if loss.curvature is not None:
            slopes = np.minimum(slopes, loss.curvature * reach + at_solution)
        if loss.generalized_smoothness is not None:
            zero, one = loss.generalized_smoothness
            grown = (zero + one * at_solution) * np.expm1(one * reach) / one
            slopes = np.minimum(slopes, grown + at_solution)
        return slopes

    def _generalized_smoothness(self, slack: float) -> tuple[float, float] | None:
        """Return ``(L0 max ||a_i||², L1 max ||a_i||)``: the Hessian of f_i is ``φ'' a_i a_i^T``."""
        if self.loss.generalized_smoothness is None:
            return None
        zero, one = self.loss.generalized_smoothness
        largest = float(self._row_norms.max())
        return zero * largest**2 * slack, one * largest * slack

    def constants(self, solution: Array, radius: float) -> Constants:
        """Return the constants.

        Slopes. In the ball ``|φ'(z_i)| <= s_i``, see `_slopes`, with ``|φ'| <= M``, and φ'
        c-Lipschitz.

        G. ``E||∇f||² = (1/N) Σ φ'(z_i)² ||a_i||² <= (1/N) Σ s_i² ||a_i||²``. The triangle
        inequality in ``φ'(z_i) = φ'(z_i*) + c_i <a_i, x - x*>`` with ``0 <= c_i <= c`` gives also
        ``G <= c D λ_max((1/N) Σ ||a_i||² a_i a_i^T)^{1/2} + ((1/N) Σ φ'(z_i*)² ||a_i||²)^{1/2}``.
        The smaller of the two is taken; at a solution with interpolation ``φ'(z_i*) = 0``.

        ``gradient_max``. ``max_i s_i ||a_i||``. Everywhere ``|φ'| <= M`` alone is known, so that
        ``G² = (1/N) Σ M² ||a_i||²``.

        s and μ. See `_sharpness` and `_growth`.

        L. The gradient ``φ'(<a_i,x> - b_i) a_i`` has Lipschitz constant ``c ||a_i||²``.

        rounding. The computed residuals of x and y are off by at most
        ``e = γ_{n+1}(||a_i|| r + |b_i|)`` with ``r = ||x*|| + D >= ||x||, ||y||``. The value and
        the slope computed at x are those of φ at the computed residual, so each e moves the
        inequality by ``s_i e``; ``<g_i, y - x>`` adds ``γ_{n+2} s_i ||a_i|| D``, and the last few
        operations 8 roundings of ``s_i (||a_i|| r + |b_i|)`` and of the level.

        Norms and sums are computed with relative error below ``4 N n u``, by which the bounds are
        increased.
        """
        rows, count, loss = self._row_norms, self.samples, self.loss
        slack = 1 + 4 * count * len(self.start) * UNIT_ROUNDOFF
        at_solution = np.abs(self.loss.slope(self._residuals(solution)))
        slopes = self._slopes(at_solution, radius)
        bounds = []
        if loss.curvature is not None:
            rest = np.sqrt(np.mean((at_solution * rows) ** 2))
            bounds.append(loss.curvature * radius * self._spectral + rest)
        bounds.append(np.sqrt(np.mean((slopes * rows) ** 2)))
        extent = float(np.linalg.norm(solution)) + radius
        terms = slopes * (2 * rows * extent + 2 * np.abs(self.targets))
        smooth = None if loss.curvature is None else float(loss.curvature * rows.max() ** 2 * slack)
        return Constants(
            gradient=float(min(bounds) * slack),
            gradient_max=float((slopes * rows).max() * slack),
            smoothness=smooth,
            rounding=float(
                terms.max() * gamma(len(solution) + 9) + 8 * UNIT_ROUNDOFF * abs(self.level)
            ),
            gradient_everywhere=float(loss.lipschitz * np.sqrt(np.mean(rows**2)) * slack),
            gradient_everywhere_max=float(loss.lipschitz * rows.max() * slack),
            sharpness=self._sharpness(),
            growth=self._growth(),
            generalized_smoothness=self._generalized_smoothness(slack),
        )

    def fingerprint(self) -> bytes:
        """Return a hash of the data and the name of φ."""
        kind = f"{type(self).__name__} {self.loss.name} {self.level!r}"
        return fingerprint(kind, self.features, self.targets, self.start)
