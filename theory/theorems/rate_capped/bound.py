"""The bounds of the rates with a cap in numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.rate_capped.statement import RATE_CAPPED, VARYING


def capped(
    beta: ArrayLike,
    iterations: ArrayLike,
    cap: ArrayLike,
    gradient: ArrayLike = 1.0,
    distance: ArrayLike = 1.0,
) -> Array:
    """Return the best of the bounds for a cap α: that of ``c = min{α, D/(G√K)}``.

    ``(D²/(cK) + cG²)/(2(1-β))`` is the paper's ``GD/((1-β)√K)`` where α is at least ``D/(G√K)``,
    and at most ``D²/((1-β)αK)`` else.
    """
    b, k = averaged(beta, iterations)
    alpha, g, d = (np.asarray(value, dtype=float) for value in (cap, gradient, distance))
    step = np.minimum(alpha, d / (g * np.sqrt(k)))
    return RATE_CAPPED.bound(G=g, D=d, beta=b, K=k, alpha=alpha, c=step)


def varying(
    beta: ArrayLike, caps: ArrayLike, gradient: ArrayLike = 1.0, distance: ArrayLike = 1.0
) -> Array:
    """Return the bound on ``min_k E[f(x^k) - f*]`` for the caps α_k, k along the last axis.

    ``(D² + G² Σ α_k²)/(2(1-β) Σ α_k)``: what SGD's analysis gives for these learning rates, over
    1-β.
    """
    alphas = np.asarray(caps, dtype=float)
    squares, total = (alphas**2).sum(axis=-1), alphas.sum(axis=-1)
    return np.asarray(VARYING.bound(C=squares, G=gradient, D=distance, beta=beta) / total)
