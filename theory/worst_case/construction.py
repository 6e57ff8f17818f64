"""Explicit bad functions for any β and K, whose values are close to the worst (derived here).

With ``D_k = d_k/(1-β)`` and ``||D_k||² = N`` for all k, the step is ``x^{k+1} = x^k - δ w_k D_k/N``
(``w_1 = 1/(1-β)``, the others 1) if all ``f_k - f* = δ``. Choose ``<D_i, D_j> = N c(|i-j|)`` with
``c(m) = (1-(1-p)m) p^m``: its Toeplitz matrices are positive definite, because its spectrum times
``|1-p e^{iω}|⁴`` is ``(1-p)((1+p)(1+p²)+4p²-2p(2+p+p²)cos ω) >= (1-p)⁴``. The gradients are
``g_1 = (1-β)D_1`` and ``g_k = D_k - β D_{k-1}``, of squared norm ``N(1+β²-2βp²) = G²`` for k >= 2.
The start is ``x^1 - x* = (δ/N) Σ_{l<=L} w_l D_l``, ``L = K-1+ceil(1/(1-p))``: where the method
would go.

Then ``<g_j, x^j - x*> >= δ``, because ``Σ_{m<=n} c(m) = n p^{n+1} >= 0`` and c(m) <= 0 from
``1/(1-p)`` on. That is all that is needed if every step sees a function of its own (any p). For
one function p = √β makes ``c(m) <= β c(m-1)``, hence ``<g_j, D_l> <= 0`` for l < j, and the pairs
``f_i >= f_j + <g_j, x^i - x^j>`` hold as well.
"""

from __future__ import annotations

import math

import numpy as np

from theory import bounds
from theory.problems.arguments import within
from theory.worst_case.instance import Instance
from theory.worst_case.setting import Setting


def one_function(beta: float, iterations: int) -> Instance:
    """Return the instance for one function, with the value `theory.bounds.construction`."""
    return _instance(Setting(beta, iterations), math.sqrt(beta))


def given_order(beta: float, iterations: int, decay: float | None = None) -> Instance:
    """Return the instance in which each step has its own function.

    Parameters
    ----------
    beta, iterations
        β and K.
    decay
        p in [√β, 1); default: the one that gives `theory.bounds.given_order_construction`.
    """
    setting = Setting(beta, iterations, functions=iterations)
    p = bounds.best_decay(beta, iterations) if decay is None else decay
    within(math.sqrt(beta), 1 - 1e-6, decay=p)
    return _instance(setting, p)


def _instance(setting: Setting, decay: float) -> Instance:
    beta, count = setting.beta, setting.iterations
    b, k, p = np.array(beta), np.array(count), np.array(decay)
    norm_sq = 1 / (1 + beta**2 - 2 * beta * decay**2)
    value = math.sqrt(norm_sq / float(bounds.squared_length(b, k, p)))
    length = int(bounds.horizon(k, p))
    apart = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    gram = norm_sq * (1 - (1 - decay) * apart) * decay**apart
    directions = np.linalg.cholesky(gram)
    gradients = directions - beta * np.vstack([directions[:1], directions[:-1]])
    weights = np.ones(length)
    weights[0] = 1 / (1 - beta)
    moves = value / norm_sq * weights[:, None] * directions
    # x^k - x* is what remains to go
    points = np.cumsum(moves[::-1], axis=0)[::-1]
    steps = np.full(count - 1, value / (norm_sq * (1 - beta)))
    steps[:1] /= 1 - beta
    return Instance(
        setting,
        points[:count].copy(),
        gradients[:count].copy(),
        np.full(count, value),
        steps,
        np.zeros(length),
    )
