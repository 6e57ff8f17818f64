"""Problems ``f_i(x) = φ(<a_i, x> - b_i) + level`` with a convex scalar loss φ >= 0, inf φ = 0.

Most families are of this form; each chooses the rows a_i, the targets b_i and φ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from theory.problems.base import (
    UNIT_ROUNDOFF,
    Array,
    Constants,
    ConvexModel,
    Indices,
    Minorants,
    gamma,
)


@dataclass(frozen=True)
class ScalarLoss:
    """A convex φ: R -> [0, inf) with inf φ = 0.

    Attributes
    ----------
    name
        Its name.
    value, slope
        φ(z) and a subgradient φ'(z), elementwise.
    expression
        φ in cvxpy, elementwise.
    argmin
        cvxpy constraints that say ``φ(z) = 0``.
    conjugate
        ``u -> (v, φ*(v))`` with v the point of the domain of φ* nearest to u.
    lipschitz
        ``sup |φ'|``, may be inf.
    curvature
        The Lipschitz constant of φ', or None where φ has kinks.
    """

    name: str
    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    expression: Callable[[Any], Any]
    argmin: Callable[[Any], list[Any]]
    conjugate: Callable[[Array], tuple[Array, Array]]
    lipschitz: float
    curvature: float | None


@dataclass(frozen=True, eq=False)
class LinearModel:
    """See the module. ``features`` is (N, n), ``targets`` (N,), ``start`` (n,)."""

    name: str
    features: Array
    targets: Array
    loss: ScalarLoss
    start: Array
    level: float = 0.0

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
        solution_set = self.loss.argmin(self.features @ x - self.targets)
        return ConvexModel(x, objective, [link], solution_set)

    def minorants(self, dual: Array) -> Minorants:
        """Return ``φ(z) >= v z - φ*(v)`` with v the slope that the link's dual names.

        Stationarity of the Lagrangian in z_i reads ``φ'(z_i)/N + dual_i = 0``.
        """
        slopes, conjugates = self.loss.conjugate(-self.samples * dual)
        offsets = self.level - slopes * self.targets - conjugates
        return Minorants(offsets, slopes[:, None] * self.features)

    def constants(self, solution: Array, radius: float) -> Constants:
        """Return the constants.

        G. ``E||∇f||² = (1/N) Σ φ'(z_i)² ||a_i||²``. With ``|φ'| <= M`` it is at most
        ``M² (1/N) Σ ||a_i||²``. If φ' is c-Lipschitz and the solution minimises every f_i (so
        that ``φ'(z_i*) = 0``), then ``|φ'(z_i)| <= c |<a_i, x - x*>|`` and the maximum over
        the ball is at most ``c² D² λ_max((1/N) Σ ||a_i||² a_i a_i^T)``; the smaller of the two
        is taken. Where the solution does not minimise every f_i, ``|φ'(z_i*)|`` is added to
        each bound by the triangle inequality.

        ``gradient_max``. The same for the largest single row.

        L. The gradient ``φ'(<a_i,x> - b_i) a_i`` has Lipschitz constant ``c ||a_i||²``.

        rounding. With ``e_z = γ_{n+1}(||a_i|| ||x|| + |b_i|)`` the error of z, the computed
        linearisation is φ's true one at a residual off by e_z: it can exceed φ by
        ``|φ'| e_z``, plus 8 roundings of ``|φ'| (||a_i|| (||x|| + ||y||) + |b_i|)`` in φ, φ'a_i
        and the sum, and of the level.

        Eigenvalues and sums are computed with relative error below ``N n u``, by which the
        bounds are increased.
        """
        rows, count = self._row_norms, self.samples
        slack = 1 + 4 * count * len(self.start) * UNIT_ROUNDOFF
        at_solution = np.abs(self.loss.slope(self._residuals(solution)))
        bounds, largest = [], []
        if np.isfinite(self.loss.lipschitz):
            bounds.append(self.loss.lipschitz * np.sqrt(np.mean(rows**2)))
            largest.append(self.loss.lipschitz * rows.max())
        if self.loss.curvature is not None:
            weighted = self.features * rows[:, None]
            spectral = np.linalg.norm(weighted, 2) / np.sqrt(count)
            rest = np.sqrt(np.mean((at_solution * rows) ** 2))
            bounds.append(self.loss.curvature * radius * spectral + rest)
            reach = self.loss.curvature * rows**2 * radius + at_solution * rows
            largest.append(reach.max())
        gradient_max = float(min(largest) * slack)
        extent = float(np.linalg.norm(solution)) + radius
        slope_max = gradient_max / rows.min()
        terms = slope_max * (2 * rows.max() * extent + np.abs(self.targets).max())
        smooth = None if self.loss.curvature is None else self.loss.curvature * rows.max() ** 2
        return Constants(
            gradient=float(min(bounds) * slack),
            gradient_max=gradient_max,
            smoothness=None if smooth is None else float(smooth * slack),
            rounding=float(terms * gamma(len(solution) + 9) + 4 * UNIT_ROUNDOFF * abs(self.level)),
        )

    def fingerprint(self) -> bytes:
        """Return a hash of the data and the name of φ."""
        digest = hashlib.sha256(f"{self.loss.name} {self.level!r}".encode())
        for array in (self.features, self.targets, self.start):
            digest.update(str(array.shape).encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.digest()


def _absolute_argmin(z: Any) -> list[Any]:
    return [z == 0]


def _absolute_expression(z: Any) -> Any:
    import cvxpy as cp

    return cp.abs(z)


def _absolute_conjugate(u: Array) -> tuple[Array, Array]:
    v = np.clip(u, -1, 1)
    return v, np.zeros_like(v)


ABSOLUTE = ScalarLoss(
    "absolute",
    np.abs,
    np.sign,
    _absolute_expression,
    _absolute_argmin,
    _absolute_conjugate,
    1.0,
    None,
)
"""``φ(z) = |z|``; ``φ*(v) = 0`` for ``|v| <= 1``."""
