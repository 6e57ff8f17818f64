"""The bounds of NGN-M's convex rate, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from theory.problems.base import Array
from theory.theorems.ngn_m.statement import DERIVED, PUBLISHED


@dataclass(frozen=True)
class Quantities:
    """What the bounds are made of; arrays or numbers.

    Attributes
    ----------
    c, beta, smoothness
        c > 0, β, and L of every f(·,s).
    distance
        ``D = ||x^1 - x*||``.
    first
        ``δ_1 = f(x^1) - f*``.
    interpolation, positivity
        ``σ_int² = E[f(x*,s) - inf f(·,s)]``, and ``σ_pos² = E inf f(·,s)`` above the lower bound.
    """

    c: Array
    beta: Array
    smoothness: float
    distance: float
    first: float
    interpolation: float
    positivity: Array

    @property
    def lam(self) -> Array:
        """``λ = β/(1-β)``."""
        return np.asarray(self.beta / (1 - self.beta))

    @property
    def curvature(self) -> Array:
        """``ℓ = cL``."""
        return self.c * self.smoothness

    @property
    def least(self) -> Array:
        """``γ_0 = c/(1+cL)``, the shortest step size."""
        return np.asarray(self.c / (1 + self.curvature))

    @property
    def per_step(self) -> Array:
        """``2γ_0κ/(1+ℓ)``, κ = 1 - λℓ(1+ℓ): what a step takes off per unit of f(x^k) - f*."""
        kappa = 1 - self.lam * self.curvature * (1 + self.curvature)
        return np.asarray(2 * self.least * kappa / (1 + self.curvature))


def derived(q: Quantities, steps: int) -> Array:
    """Return the bound of ``mean_k E[f(x^k) - f*]`` after K steps that is derived here."""
    return DERIVED.bound(
        c=q.c,
        L=q.smoothness,
        beta=q.beta,
        K=steps,
        D=q.distance,
        first=q.first,
        si=q.interpolation,
        sp=q.positivity,
    )


def published(q: Quantities, steps: int) -> Array:
    """Return the published bound, of the same mean."""
    return PUBLISHED.bound(
        c=q.c,
        L=q.smoothness,
        beta=q.beta,
        K=steps,
        D=q.distance,
        si=q.interpolation,
        sp=q.positivity,
        top=np.maximum(2 * q.curvature - 1, 0),
    )
