"""Stability in numbers: how a cap that is off by a factor changes what is guaranteed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array


def _positive(factor: ArrayLike) -> Array:
    t = np.asarray(factor, dtype=np.float64)
    if not (t > 0).all():
        raise ValueError(f"factor = {factor!r}; allowed: numbers > 0")
    return t


def momo(factor: ArrayLike) -> Array:
    """Return ``(s + 1/s)/2``, ``s = min{t, 1}``: MoMo's guarantee with ``t D/(G√K)`` over the best.

    1 for every t >= 1 (derived here).
    """
    s = np.minimum(_positive(factor), 1)
    return np.asarray((s + 1 / s) / 2)


def sgd(factor: ArrayLike) -> Array:
    """Return ``(t + 1/t)/2``: the same for SGD, with or without momentum.

    ``(D²/(αK) + κ α G²)/2`` with κ = 1 for SGD, and ``(1+β)/(1-β)`` with momentum, over its least
    value: α is in units of ``D/(G√(κK))``.
    """
    t = _positive(factor)
    return np.asarray((t + 1 / t) / 2)


def sgd_at_least(iterations: int, periods: int) -> tuple[float, float]:
    """Return α, and a value that SGD is at or above for K steps: in units of D/G and GD.

    On ``G|x|`` from D, with ``α = 2D/(G(2m+1))``: m steps lead to αG/2, and all later ones from
    there to the other side and back. So ``min_k f(x^k) - f* >= αG²/2`` for every K, with equality
    from ``K = m+1`` on: SGD's dependence on a cap that is too large is no weakness of its proof.
    """
    if not (iterations >= 1 and periods >= 0):
        raise ValueError(
            f"iterations, periods = {iterations}, {periods}; allowed: at least 1, at least 0"
        )
    alpha = 2 / (2 * periods + 1)
    return alpha, max(1 - alpha * (iterations - 1), alpha / 2)
