# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A worst case as points, gradients and values, to be run and checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theory.problems.base import Array
from theory.worst_case.setting import Setting


@dataclass(frozen=True, eq=False)
class Instance:
    """What a method sees on a function: x^k, g_k and f_k, with the effective steps.

    Of several orders of samples at once where these are independent: `Setting` says which point an
    evaluation is at, and which step leads to a point. In a given order P = E = K.

    Attributes
    ----------
    setting
        Method, class and measure.
    points, gradients
        The points, shape (P, r), and the gradient of each evaluation, shape (E, r).
    values
        The value of each evaluation, shape (E,).
    steps
        τ, shape (P-1,).
    solution, infimum
        x*, shape (r,), and f*, the least value of the functions' mean.
    end_slopes, end_values
        Gradient and value of each function at x*, shapes (functions, r) and (functions,); None
        with interpolation, where they are 0 and f*.
    """

    setting: Setting
    points: Array
    gradients: Array
    values: Array
    steps: Array
    solution: Array
    infimum: float = 0.0
    end_slopes: Array | None = None
    end_values: Array | None = None

    @property
    def value(self) -> float:
        """Return the measure, see `Setting`."""
        setting = self.setting
        gaps = setting.shares @ (self.values - self.infimum)
        least = float((setting.measures @ gaps).min())
        if not setting.balance:
            return least
        return least + setting.balance * float(setting.shares[-1] @ self.models()[0] - gaps[0])

    @property
    def lower_bound(self) -> float:
        """Return f_*, which the method is given."""
        return self.infimum + self.setting.lower_bound

    @property
    def distance(self) -> float:
        """Return ``||x^1 - x*||``."""
        return float(np.linalg.norm(self.points[0] - self.solution))

    def models(self) -> tuple[Array, Array]:
        """Return ``h - ρ f*`` and ``||d||²`` of each evaluation, shapes (E,)."""
        weights, at = self.setting.weights, self.points[self.setting.places]
        linear = self.values + at @ self.gradients.T - np.vecdot(self.gradients, at)
        averages = weights @ self.gradients
        above = np.sum(weights * (linear - self.infimum), axis=1)
        return above, np.vecdot(averages, averages)

    def data(self, owner: int) -> tuple[Array, Array, Array]:
        """Return points, gradients and values of one function, x* last."""
        own = np.array(self.setting.owners) == owner
        slope, value = np.zeros_like(self.solution), self.infimum
        if self.end_slopes is not None and self.end_values is not None:
            slope, value = self.end_slopes[owner], self.end_values[owner]
        return (
            np.vstack([self.points[self.setting.places[own]], self.solution]),
            np.vstack([self.gradients[own], slope]),
            np.append(self.values[own], value),
        )

    def violations(self) -> dict[str, float]:
        """Return the largest violation of each kind of condition, in units of f (G = L = D = 1).

        "interpolation": ``f_j + <g_j, x_i - x_j> (+ ||g_i - g_j||²/2 if smooth) - f_i`` over pairs
        of one function, x* among its points, and, without interpolation, ``f_* - f_i``;
        "gradients": ``||g||² - 1`` (Lipschitz); "rule": ``τ_k||d_k||² = h_k - ρ_k f_*``, or at most
        that where τ_k is at the cap; "steps": ``||x^{k+1} - x^k + τ_k d_k||``; "start":
        ``||x^1 - x*||² - 1``; "solution": ``||Σ_i g_i||`` and ``|Σ_i (f_i - f*)|`` at x*.
        """
        setting, count = self.setting, len(self.steps)
        smooth, excess, squares = setting.kind == "smooth", -np.inf, -np.inf
        for owner in range(setting.functions):
            points, slopes, values = self.data(owner)
            linear = values[:, None] + slopes @ points.T - np.vecdot(slopes, points)[:, None]
            norms = np.vecdot(slopes, slopes)
            over = linear - values
            if smooth:
                over += (norms[:, None] + norms - 2 * slopes @ slopes.T) / 2
            elif not setting.interpolation:
                over = np.append(over, self.lower_bound - values)
            excess, squares = max(excess, float(over.max())), max(squares, float(norms.max()))
        above, norms = self.models()
        over = above - setting.weights.sum(axis=1) * setting.lower_bound
        rule = self.steps * norms[:count] - over[:count]
        at_cap = self.steps >= setting.caps
        averages = (setting.weights @ self.gradients)[:count]
        before = self.points[setting.places[:count]]
        moved = self.points[1:] - before + self.steps[:, None] * averages
        found = {
            "interpolation": excess,
            "gradients": 0.0 if smooth else squares - 1,
            "rule": float(np.max(np.where(at_cap, rule, np.abs(rule)), initial=0.0)),
            "steps": float(np.max(np.linalg.norm(moved, axis=1), initial=0.0)),
            "start": self.distance**2 - 1,
        }
        if self.end_slopes is not None and self.end_values is not None:
            slope = float(np.linalg.norm(self.end_slopes.sum(axis=0)))
            found["solution"] = max(slope, abs(float(np.sum(self.end_values - self.infimum))))
        return found
