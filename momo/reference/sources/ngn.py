# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Steps of the Gauss-Newton model of ``f = (√f)²``: NGN, NGN-D, NGN-M, NGN-MDv1, NGN-MDv2.

The letter c of the sources is the argument ``lr``. They assume that no loss is below 0: f_*, and
that a loss below it makes no step, are ours. Divided by c above and below, for c = ∞.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from momo.reference.paper import Array, Sample, inner


def ngn_step(f: float, g_sq: float, c: float) -> float:
    """Return ``c/(1 + c g²/(2f))``, and 0 where f or g is."""
    return 1 / (1 / c + g_sq / (2 * f)) if f > 0 and g_sq else 0.0


def ngn(x: Array, samples: Iterable[Sample], lr: float = 1.0, lb: float = 0.0) -> Iterator[Array]:
    """NGN (Orvieto and Xiao 2024, arXiv 2407.04358): ``x - γ g``."""
    for sample in samples:
        f, g = sample(x)
        x = x - ngn_step(f - lb, inner(g, g), lr) * g
        yield x


def ngn_d(x: Array, samples: Iterable[Sample], lr: float = 1.0, lb: float = 0.0) -> Iterator[Array]:
    """NGN-D (arXiv 2508.15071): a γ_j of each coordinate, with one c for all."""
    for sample in samples:
        f, g = sample(x)
        gamma = np.array([ngn_step(f - lb, g_j * g_j, lr) for g_j in g])
        x = x - gamma * g
        yield x


def ngn_m(
    x: Array, samples: Iterable[Sample], lr: float = 1.0, beta: float = 0.9, lb: float = 0.0
) -> Iterator[Array]:
    """NGN-M (arXiv 2508.15071): the heavy ball with that γ."""
    x_before = x
    for sample in samples:
        f, g = sample(x)
        gamma = ngn_step(f - lb, inner(g, g), lr)
        x, x_before = x - (1 - beta) * gamma * g + beta * (x - x_before), x
        yield x


def heavy_ball(
    x: Array, x_before: Array, step: Array, beta: float, shrink: float, decay: str
) -> Array:
    """Return ``x - (1-β) Σ⁻¹g + β (x - x_before)``, the step Σ⁻¹g, with decay at z; it is ours.

    ``z = x + β/(1-β) (x - x_before)`` is the base point, of which x is the average with weights
    ``(1-β) β^j``; ``shrink`` is αλ.
    """
    z = x + beta / (1 - beta) * (x - x_before)
    if decay == "proximal":
        return beta * x + (1 - beta) * (z - step) / (1 + shrink)
    return x - (1 - beta) * step + beta * (x - x_before) - (1 - beta) * shrink * z


def ngn_md_v1(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1.0,
    weight_decay: float = 0.0,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    lb: float = 0.0,
    decay: str = "decoupled",
) -> Iterator[Array]:
    """NGN-MDv1 (arXiv 2508.15071, algorithm 2): ``Σ⁻¹ = γ D⁻¹``, γ of ``||g||²_{D⁻¹}``."""
    beta, beta2 = betas
    shrink = lr * weight_decay if weight_decay else 0.0
    x_before, v = x, np.zeros_like(x)
    for k, sample in enumerate(samples, 1):
        f, g = sample(x)
        v = beta2 * v + (1 - beta2) * g * g
        D = eps + np.sqrt(v / (1 - beta2**k))
        gamma = ngn_step(f - lb, inner(g, g / D), lr)
        if decay == "proximal":  # ours: the line at z where the decay alone would lead
            z = x + beta / (1 - beta) * (x - x_before)
            decayed = (1 + shrink) * (f - lb) - shrink * inner(g, z)
            gamma = ngn_step(decayed, inner(g, g / D), lr)
        step = gamma * g / D
        x, x_before = heavy_ball(x, x_before, step, beta, shrink, decay), x
        yield x


def ngn_md_v2(
    x: Array,
    samples: Iterable[Sample],
    lr: float = 1.0,
    weight_decay: float = 0.0,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    lb: float = 0.0,
    decay: str = "decoupled",
) -> Iterator[Array]:
    """NGN-MDv2 (arXiv 2508.15071, algorithm 2): ``Σ⁻¹_jj = γ_j/D_j``, γ_j of g_j."""
    beta, beta2 = betas
    shrink = lr * weight_decay if weight_decay else 0.0
    x_before, v = x, np.zeros_like(x)
    for k, sample in enumerate(samples, 1):
        f, g = sample(x)
        v = beta2 * v + (1 - beta2) * g * g
        D = eps + np.sqrt(v / (1 - beta2**k))
        gamma = np.array([ngn_step(f - lb, g_j * g_j, lr) for g_j in g])
        x, x_before = heavy_ball(x, x_before, gamma * g / D, beta, shrink, decay), x
        yield x
