# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaLomo (Lv et al. 2023, arXiv 2310.10195), and MoMo in its metric (derived here)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from momo.reference.paper import Array, Sample, inner
from momo.reference.sources.adaptive import Shapes, joined, layers
from momo.reference.sources.polyak import polyak_step


def rms(a: Array) -> float:
    """Return ``sqrt(mean a²)`` of a whole parameter."""
    return float(np.sqrt((a**2).mean()))


def moments(gs: list[Array], eps: float, exponent: float) -> Array:
    """Return V̂ of a parameter, from all its gradients."""
    R = C = v = np.zeros(1)
    for k, g in enumerate(gs, start=1):
        beta = 1 - k**-exponent
        if g.ndim < 2:
            v = beta * v + (1 - beta) * (g**2 + eps)
        else:
            R = beta * R + (1 - beta) * (g**2 + eps).mean(axis=-1, keepdims=True)
            C = beta * C + (1 - beta) * (g**2 + eps).mean(axis=-2, keepdims=True)
    return v if gs[0].ndim < 2 else R * C / R.mean(axis=-2, keepdims=True)


def adalomo(
    x: Array,
    samples: Iterable[Sample],
    shapes: Shapes,
    lr: float = 1e-3,
    eps: float = 1e-30,
    weight_decay: float = 0.0,
    exponent: float = 0.8,
    eps2: float = 1e-3,
    clip_threshold: float = 1.0,
) -> Iterator[Array]:
    """AdaLomo, parameter by parameter: grouped update normalisation, relative step and decay."""
    seen: list[list[Array]] = [[] for _ in shapes]
    for sample in samples:
        moved = []
        for theta, g, gs in zip(layers(x, shapes), layers(sample(x)[1], shapes), seen, strict=True):
            gs.append(g)
            U = g / np.sqrt(moments(gs, eps, exponent))
            U_hat = U / max(1.0, rms(U) / clip_threshold)
            s = max(eps2, rms(theta))
            moved.append((1 - lr * weight_decay * s) * theta - lr * s * U_hat)
        x = joined(moved)
        yield x


def momo_adalomo(
    x: Array,
    samples: Iterable[Sample],
    shapes: Shapes,
    lr: float = 1e-2,
    beta: float = 0.9,
    eps: float = 1e-30,
    lb: float = 0.0,
    weight_decay: float = 0.0,
    exponent: float = 0.8,
    eps2: float = 1e-3,
    clip_threshold: float = 1.0,
) -> Iterator[Array]:
    """MoMo with ``D = sqrt(V̂) max{1, RMS(U)/d} / max{ε_2, RMS(x)}``, ``U = d_k/sqrt(V̂)``.

    The averages start at the first sample; AdaLomo's decay, which the model does not know.
    """
    seen: list[list[Array]] = [[] for _ in shapes]
    for k, sample in enumerate(samples, start=1):
        f, g = sample(x)
        if k == 1:
            f_avg, d, gamma = f, g, inner(g, x)
        f_avg = beta * f_avg + (1 - beta) * f
        d = beta * d + (1 - beta) * g
        gamma = beta * gamma + (1 - beta) * inner(g, x)
        sizes, u = [], []
        each = zip(layers(x, shapes), layers(g, shapes), layers(d, shapes), seen, strict=True)
        for x_l, g_l, d_l, gs in each:
            gs.append(g_l)
            U = d_l / np.sqrt(moments(gs, eps, exponent))
            s = max(eps2, rms(x_l))
            sizes.append(np.full_like(x_l, s))
            u.append(U * s / max(1.0, rms(U) / clip_threshold))
        direction = joined(u)  # D^{-1} d
        tau = polyak_step(f_avg + inner(d, x) - gamma - lb, inner(d, direction), lr)
        decay = lr * weight_decay * joined(sizes) if weight_decay else 0.0
        x = (1 - decay) * x - tau * direction
        yield x
