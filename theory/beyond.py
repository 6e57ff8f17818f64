# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Bounds outside the paper's assumptions: a cap, no interpolation, a lower bound that is not f*.

Units as in `theory.bounds`, whose functions are about ``α = inf`` and ``f_* = f*``: G = D = 1, or
L = D = 1 for smooth functions; α is in D/G, or in 1/L, and ``f_* - f*`` in GD. All are derived
here, for averages from the first sample. Those of a statement come from it; `capped_first_term`
and `smooth_capped` are theorems of `theory/rocq` too (``rates/varying_caps``,
``smooth/smooth_linear``), `any_bound_mean` a corollary. β, K and α broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.any_bound import bound as any_bound_in
from theory.theorems.rate_capped import bound as rate_capped_in
from theory.theorems.smooth_capped import bound as smooth_capped_in
from theory.theorems.wrong_bound import bound as wrong_bound_in


def _positive(lr: ArrayLike) -> Array:
    a = np.asarray(lr, dtype=np.float64)
    if not (a > 0).all():
        raise ValueError(f"lr = {lr!r}; allowed: numbers > 0, or inf")
    return a


def _finite(lr: ArrayLike) -> Array:
    a = _positive(lr)
    if not np.isfinite(a).all():
        raise ValueError(f"lr = {lr!r}; allowed: finite numbers > 0")
    return a


def capped(beta: ArrayLike, iterations: ArrayLike, lr: ArrayLike) -> Array:
    """Return ``(D²/(cK) + cG²)/(2(1-β))`` for the best c <= α: with any cap, interpolation.

    A bound on ``mean_k E[f(x^k) - f*]``, hence on the least. Every step takes off
    ``||x - x*||²`` what one of any length c <= α would; ``c = D/(G√K)`` gives the paper's rate back
    where the cap allows it, and small α leave ``D²/((1-β)αK)`` at most.
    """
    return rate_capped_in.capped(beta, iterations, _positive(lr))


def capped_first_term(beta: ArrayLike, iterations: ArrayLike, lr: ArrayLike) -> Array:
    """Return ``(D²/c + cKG²)/(2 + 2(1-β)(K-1))`` for the best c <= α: `capped`, first term kept.

    A bound on ``min_k E[f(x^k) - f*]``: the first step has weight 1, not 1-β.
    """
    b, k = averaged(beta, iterations)
    c = np.minimum(_positive(lr), 1 / np.sqrt(k))
    return np.asarray((1 / c + c * k) / (2 + 2 * (1 - b) * (k - 1)))


def smooth_weighted(lr: ArrayLike) -> Array:
    """Return ``D² max{L, 1/α}``, a bound on ``δ_1 + (1-β) Σ_{2<=k<=K} δ_k`` on every path."""
    return smooth_capped_in.total(1.0, _positive(lr), 1.0)


def smooth_capped(beta: ArrayLike, iterations: ArrayLike, lr: ArrayLike) -> Array:
    """Return the bound of `theory.bounds.smooth` with ``max{L, 1/α}`` for L.

    That is ``D² max{L, 1/α}/(7/2 + (1-β)(K-2))`` for K >= 2, and at most ``LD²/2``, which the first
    value has. Its variant for β = 0 is not known with a cap.
    """
    b, k = np.broadcast_arrays(*averaged(beta, iterations))
    total = 3.5 + (1 - b) * (k - 2)
    return np.asarray(np.where(k == 1, 0.5, np.minimum(smooth_weighted(lr) / total, 0.5)))


def any_bound(beta: ArrayLike, iterations: ArrayLike, lr: ArrayLike) -> Array:
    """Return ``D²/(2αK) + αG²(1/2 + β/(1-β))``: no interpolation, any f_* below all functions.

    A bound on ``mean_k E[f(x^k) - f*] - β/((1-β)K) E[h_K - f_1]``, independent samples: f_* enters
    nowhere.
    """
    return any_bound_in.any_bound(beta, iterations, _finite(lr))


def any_bound_mean(beta: ArrayLike, iterations: ArrayLike, lr: ArrayLike) -> Array:
    """Return `any_bound` ``+ β/(1-β) αG² (K-1)/K``, which bounds the mean itself.

    As ``E[h_K - f_1] <= αG²(K-1)``: by convexity h_K is at most the average of ``f(x^K, s_j)`` over
    the samples s_j seen; each of these is at most ``f(x^1, s_j) + G||x^K - x^1||``, where the first
    has the expectation ``E f_1`` and the K-1 steps are of length ``α||d|| <= αG`` at most. Here G
    bounds the gradients of every function.
    """
    a, k = _finite(lr), averaged(beta, iterations)[1]
    return any_bound_in.any_bound(beta, iterations, a, rise=a * (k - 1))


def wrong_bound(beta: ArrayLike, iterations: ArrayLike, error: ArrayLike) -> Array:
    """Return the bound with ``f_* = f* + error``: interpolation, no cap, any order of samples.

    Too low by ε: ``(GD/√K + (1+β)ε)/(1-β)``. Too high by ε: ``ε + GD/((1-β)√K)``.
    """
    e = np.asarray(error, dtype=np.float64)
    if not np.isfinite(e).all():
        raise ValueError(f"error = {error!r}; allowed: finite numbers")
    return wrong_bound_in.wrong_bound(beta, iterations, e)
