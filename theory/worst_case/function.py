# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The function behind a worst case: its values and gradients at any point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from theory.problems.base import Array
from theory.worst_case.instance import Instance

ACTIVE = 1e-6
"""Pieces this close to the largest count as active, in units of f.

It has to exceed the solver's violations of the interpolation inequalities and the errors of the
replayed points, both below 1e-7; what is returned is then a 1e-6-subgradient.
"""


@dataclass(frozen=True, eq=False)
class LipschitzInterpolant:
    """``f(x) = max{f*, max_i f_i + <g_i, x - x_i>}``: the least convex function of its data.

    It is G-Lipschitz with ``G = max ||g_i||``, and its minimum f* is attained at x* where the
    interpolation inequalities with (x*, 0, f*) hold. Without interpolation x* is among the x_i, and
    f_* stands for f*: a lower bound.

    Attributes
    ----------
    points, gradients, values
        x_i and g_i, shape (m, n), and f_i, shape (m,).
    infimum
        f*, or f_*.
    """

    points: Array
    gradients: Array
    values: Array
    infimum: float

    def loss_and_grad(self, x: Array) -> tuple[float, Array]:
        """Return value and gradient of the active piece whose base point is nearest to x.

        At a kink every active piece gives a subgradient; the worst case names the one that it
        needs by the point. The value returned is that of the same piece, at most `ACTIVE` below
        f(x): so the run averages the very linearisations of the worst case.
        """
        pieces = self._pieces(x)
        active = np.flatnonzero(pieces >= self.value(x) - ACTIVE)
        if not active.size:
            return self.infimum, np.zeros_like(x)
        away = np.linalg.norm(x - self.points[active], axis=1)
        nearest = active[int(np.argmin(away))]
        return float(pieces[nearest]), self.gradients[nearest]

    def value(self, x: Array) -> float:
        """Return f(x)."""
        return max(float(self._pieces(x).max()), self.infimum)

    @cached_property
    def _offsets(self) -> Array:
        return np.asarray(self.values - np.vecdot(self.gradients, self.points))

    def _pieces(self, x: Array) -> Array:
        return np.asarray(self._offsets + self.gradients @ x)


@dataclass(frozen=True, eq=False)
class SmoothInterpolant:
    """``f(x) = min_{w in simplex} ½||x - Σ_i w_i z_i||² + Σ_i w_i c_i`` with L = 1.

    ``z_i = x_i - g_i`` and ``c_i = f_i - ½||g_i||²``, (x*, 0, f*) among the points. It is the
    Moreau envelope of the convex function ``z -> min{Σ w_i c_i : Σ w_i z_i = z}``, hence convex
    and 1-smooth, with gradient ``x - Σ_i w_i z_i`` at the minimising w. It interpolates:

    * ``f(x_i) <= f_i``, with w the unit vector i;
    * the interpolation inequality ``f_i >= f_j + <g_j, x_i - x_j> + ½||g_i - g_j||²`` says
      ``c_i >= f_j + <g_j, z_i - x_j> + ½||g_j||²``; averaging over w, and with
      ``½||x - z||² >= <g_j, x - z> - ½||g_j||²`` at ``z = Σ w_i z_i``, ``f(x) >= f_j +
      <g_j, x - x_j>``.

    So f(x_j) = f_j, and g_j is a subgradient at x_j, the gradient. (The construction is known:
    Taylor, Hendrickx, Glineur 2017, in another form.)

    Attributes
    ----------
    points, gradients, values
        x_i and g_i, shape (m, n), and f_i, shape (m,), x* last.
    """

    points: Array
    gradients: Array
    values: Array

    def loss_and_grad(self, x: Array) -> tuple[float, Array]:
        """Return f(x) and its gradient."""
        centres = self.points - self.gradients
        constants = self.values - np.vecdot(self.gradients, self.gradients) / 2
        weights = simplex_minimiser(centres @ centres.T, constants - centres @ x)
        gradient = x - weights @ centres
        return float(gradient @ gradient / 2 + weights @ constants), gradient

    def value(self, x: Array) -> float:
        """Return f(x)."""
        return self.loss_and_grad(x)[0]


def simplex_minimiser(matrix: Array, linear: Array) -> Array:
    """Return the w in the simplex that minimises ``½<w, M w> + <b, w>``, M positive semidefinite.

    Clarabel's answer, whose support is solved for once more where this gives a point of the simplex
    that is no worse.
    """
    import clarabel
    from scipy import sparse

    count = len(linear)
    settings = clarabel.DefaultSettings()
    settings.verbose, settings.max_threads = False, 1
    for name in ("tol_gap_abs", "tol_gap_rel", "tol_feas"):
        setattr(settings, name, 1e-13)
    rows = sparse.csc_matrix(np.vstack([np.ones(count), -np.eye(count)]))
    right = np.append(1.0, np.zeros(count))
    cones = [clarabel.ZeroConeT(1), clarabel.NonnegativeConeT(count)]
    upper = sparse.csc_matrix(np.triu(matrix))
    answer = clarabel.DefaultSolver(upper, linear, rows, right, cones, settings).solve()
    weights = np.maximum(np.array(answer.x), 0)
    weights /= weights.sum()
    support = np.flatnonzero(weights > 1e-6)
    size = len(support)
    system = np.ones((size + 1, size + 1))
    system[:size, :size], system[size, size] = matrix[np.ix_(support, support)], 0
    exact = np.linalg.lstsq(system, np.append(-linear[support], 1.0))[0][:size]
    refined = np.zeros(count)
    refined[support] = exact

    def objective(w: Array) -> float:
        return float(w @ matrix @ w / 2 + linear @ w)

    good = (exact >= 0).all() and abs(exact.sum() - 1) < 1e-12
    return refined if good and objective(refined) <= objective(weights) + 1e-15 else weights


Function = LipschitzInterpolant | SmoothInterpolant


def functions(instance: Instance) -> list[Function]:
    """Return the functions of an instance, in the order of `Setting.owners`."""
    setting = instance.setting
    found: list[Function] = []
    for index in range(setting.functions):
        data = instance.data(index)
        if setting.kind == "smooth":
            found.append(SmoothInterpolant(*data))
        elif setting.interpolation:
            # x* adds no piece: f* is the least value.
            points, slopes, values = (part[:-1] for part in data)
            found.append(LipschitzInterpolant(points, slopes, values, instance.infimum))
        else:
            found.append(LipschitzInterpolant(*data, instance.lower_bound))
    return found
