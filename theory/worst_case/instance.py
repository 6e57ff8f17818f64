"""A worst case as points, gradients and values, to be run and checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theory.problems.base import Array
from theory.worst_case.setting import Setting


@dataclass(frozen=True, eq=False)
class Instance:
    """What a method sees on a function: x^k, g_k and f_k, with the effective steps.

    Attributes
    ----------
    setting
        Method, class and measure.
    points, gradients
        x^k and g_k, shape (K, r).
    values
        f_k, shape (K,).
    steps
        τ_1, …, τ_{K-1}.
    solution, infimum
        x*, shape (r,), and f*.
    """

    setting: Setting
    points: Array
    gradients: Array
    values: Array
    steps: Array
    solution: Array
    infimum: float = 0.0

    @property
    def value(self) -> float:
        """Return the measure: the best or the last ``f_k - f*``."""
        above = self.values - self.infimum
        return float(above.min() if self.setting.measure == "best" else above[-1])

    @property
    def distance(self) -> float:
        """Return ``||x^1 - x*||``."""
        return float(np.linalg.norm(self.points[0] - self.solution))

    def violations(self) -> dict[str, float]:
        """Return the largest violation of each kind of condition, in units of f (G = L = D = 1).

        "interpolation": ``f_j + <g_j, x_i - x_j> (+ ||g_i - g_j||²/2 if smooth) - f_i`` over pairs
        of one function, and over pairs with (x*, 0, f*); "gradients": ``||g_k||² - 1`` (Lipschitz);
        "rule": ``τ_k||d_k||² = h_k - ρ_k f*``, or at most that where τ_k is at the cap; "steps":
        ``||x^{k+1} - x^k + τ_k d_k||``; "start": ``||x^1 - x*||² - 1``.
        """
        setting = self.setting
        weights, owners = setting.weights, np.array(setting.owners)
        points = np.vstack([self.points, self.solution])
        slopes = np.vstack([self.gradients, np.zeros_like(self.solution)])
        values = np.append(self.values, self.infimum)
        linear = values[:, None] + slopes @ points.T - np.vecdot(slopes, points)[:, None]
        excess = linear - values
        squares = np.vecdot(slopes, slopes)
        if setting.kind == "smooth":
            excess += (squares[:, None] + squares - 2 * slopes @ slopes.T) / 2
        same = np.ones_like(excess, dtype=bool)
        same[:-1, :-1] = owners[:, None] == owners
        averages = weights @ self.gradients
        norms = np.vecdot(averages, averages)[:-1]
        models = np.sum(weights * (linear[:-1, :-1] - self.infimum).T, axis=1)[:-1]
        rule = self.steps * norms - models
        at_cap = self.steps >= setting.caps
        moved = np.diff(self.points, axis=0) + self.steps[:, None] * averages[:-1]
        return {
            "interpolation": float(np.max(excess[same])),
            "gradients": 0.0 if setting.kind == "smooth" else float(np.max(squares)) - 1,
            "rule": float(np.max(np.where(at_cap, rule, np.abs(rule)), initial=0.0)),
            "steps": float(np.max(np.linalg.norm(moved, axis=1), initial=0.0)),
            "start": self.distance**2 - 1,
        }
