"""The bounds of NGN-M's convex rate, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theory.problems.base import Array


@dataclass(frozen=True)
class Quantities:
    """What the bounds are made of; arrays or numbers.

    Attributes
    ----------
    c, lam, smoothness
        c > 0, ``λ = β/(1-β)``, and L of every f(·,s).
    distance_sq
        ``D² = ||x^1 - x*||²``.
    first
        ``δ_1 = f(x^1) - f*``.
    interpolation, positivity
        ``σ_int² = E[f(x*,s) - inf f(·,s)]``, and ``σ_pos² = E inf f(·,s)`` above the lower bound.
    """

    c: Array
    lam: Array
    smoothness: float
    distance_sq: Array
    first: float
    interpolation: float
    positivity: Array

    @property
    def curvature(self) -> Array:
        """``cL``."""
        return self.c * self.smoothness

    @property
    def least(self) -> Array:
        """``γ_0 = c/(1+cL)``, the shortest step size."""
        return self.c / (1 + self.curvature)

    @property
    def kappa(self) -> Array:
        """``κ = 1 - λcL(1+cL)``: the derived rate needs that it is positive."""
        return 1 - self.lam * self.curvature * (1 + self.curvature)

    @property
    def published(self) -> Array:
        """Whether ``λ <= min{cL, ½/((1+cL)(1+2cL))}``, as the published rate needs."""
        limit = 0.5 / ((1 + self.curvature) * (1 + 2 * self.curvature))
        return np.asarray(self.lam <= np.minimum(self.curvature, limit))


def derived(q: Quantities, steps: int) -> Array:
    """Return the bound of ``mean_k E[f(x^k) - f*]`` after K steps that is derived here.

    ``((1+cL)²R²/(2cK) + cL(2+cL+λ(1+cL))σ_int² + ¼cL(1+cL)σ_pos²)/κ`` with
    ``R² = D² + 2λγ_0 δ_1``.
    """
    ell = q.curvature
    start = q.distance_sq + 2 * q.lam * q.least * q.first
    noise = ell * (2 + ell + q.lam * (1 + ell)) * q.interpolation
    noise = noise + ell * (1 + ell) / 4 * q.positivity
    return np.asarray(((1 + ell) ** 2 * start / (2 * q.c * steps) + noise) / q.kappa)


def published(q: Quantities, steps: int) -> Array:
    """Return the published bound, of the same mean.

    ``(1+2cL)²D²/(cK) + 8cL(1+2cL)²σ_int² + 2cL max{2cL-1, 0}σ_pos²``.
    """
    ell = q.curvature
    start = (1 + 2 * ell) ** 2 * q.distance_sq / (q.c * steps)
    noise = 8 * ell * (1 + 2 * ell) ** 2 * q.interpolation
    return np.asarray(start + noise + 2 * ell * np.maximum(2 * ell - 1, 0) * q.positivity)
