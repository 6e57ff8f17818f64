# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Muon, MuonMax and Scion with the model's step (Crawshaw et al. 2025, arXiv 2510.09827).

In the norm of the whole network the step is ``-τ u``, where u(d) maximises ``<d, u>`` over the
ball. A matrix has the norm ``σ_max(X)/r``, whose maximiser for ``d = U Σ V^T`` is ``r U V^T``, with
one r for all matrices. The model is the average of ``f - <g, x>``, beside that of g; its value less
the bound has a positive part, which is not the paper's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import sqrt

import numpy as np

from momo.reference.paper import Array, Sample, inner
from momo.reference.sources.adaptive import (
    History,
    Metric,
    Shapes,
    adam,
    as_matrix,
    joined,
    layers,
)
from momo.reference.sources.polyak import polyak_step

Radius = float | str
Step = tuple[Array, float]
"""The direction of the whole, and what it divides by: ``<d, direction>``, or as it was before."""


def muon_adam_momo(
    x: Array,
    samples: Iterable[Sample],
    shapes: Shapes,
    lr: float = 1e-2,
    betas: tuple[float, float] = (0.95, 0.95),
    eps: float = 1e-8,
    lb: float = 0.0,
    weight_decay: float = 0.0,
    start: str = "first",
    radius: Radius = 1.0,
    stale_norm: bool = False,
) -> Iterator[Array]:
    """MuonAdam-MoMo: matrices by Muon, within a ball of radius α; the others by Adam.

    Capped, a matrix moves by ``α u_l`` and a vector by ``(α/ρ_k) D^{-1} d``.
    """
    beta, beta2 = betas
    vectors = adam(beta2, eps) if start == "zero" else adam_from_first(beta2, eps)

    def whole(gs: History, ds: History) -> Step:
        rho = 1 - beta ** len(gs) if start == "zero" else 1.0
        return parts(gs, ds, shapes, radius, stale_norm, vectors, lambda total: rho)

    return momo_in_norm(whole, x, samples, lr, beta, lb, weight_decay, start)


def muon_max_momo(
    x: Array,
    samples: Iterable[Sample],
    shapes: Shapes,
    lr: float = 1e-2,
    betas: tuple[float, float] = (0.95, 0.95),
    eps: float = 1e-8,
    lb: float = 0.0,
    weight_decay: float = 0.0,
    start: str = "first",
    radius: Radius = 1.0,
    stale_norm: bool = False,
) -> Iterator[Array]:
    """MuonMax-MoMo: ``||x||² = (max_l ||X_l||)² + ||x_rest||²_D``, D of Adam.

    A matrix moves by ``-τ (Σ_j ||d_j||_*) u_l``, the others by ``-τ D^{-1} d``.
    """
    beta, beta2 = betas
    vectors = adam(beta2, eps) if start == "zero" else adam_from_first(beta2, eps)

    def whole(gs: History, ds: History) -> Step:
        return parts(gs, ds, shapes, radius, stale_norm, vectors, lambda total: total)

    return momo_in_norm(whole, x, samples, lr, beta, lb, weight_decay, start)


def scion_momo(
    x: Array,
    samples: Iterable[Sample],
    shapes: Shapes,
    lr: float = 1e-3,
    beta: float = 0.95,
    lb: float = 0.0,
    weight_decay: float = 0.0,
    start: str = "first",
    radius: Radius = 1.0,
    stale_norm: bool = False,
) -> Iterator[Array]:
    """Scion-MoMo: balls of radius α, signs for vectors."""

    def whole(gs: History, ds: History) -> Step:
        rho = 1 - beta ** len(gs) if start == "zero" else 1.0  # the cap is α, not α/ρ
        signs: Metric = lambda g, d: rho * np.sign(d[-1])  # noqa: E731
        return parts(gs, ds, shapes, radius, stale_norm, signs, lambda total: rho)

    return momo_in_norm(whole, x, samples, lr, beta, lb, weight_decay, start)


def momo_in_norm(
    whole: Callable[[History, History], Step],
    x: Array,
    samples: Iterable[Sample],
    lr: float,
    beta: float,
    lb: float,
    weight_decay: float,
    start: str,
) -> Iterator[Array]:
    """Take the truncated steps of a norm, with AdamW's decay."""
    F, d, rho = 0.0, np.zeros_like(x), 0.0  # averages of f - <g, x>, of g, and of 1
    gs: list[Array] = []
    ds: list[Array] = []
    for k, sample in enumerate(samples, start=1):
        f, g = sample(x)
        past = 0.0 if start == "first" and k == 1 else beta
        F = past * F + (1 - past) * (f - inner(g, x))
        d = past * d + (1 - past) * g
        rho = past * rho + (1 - past)
        gs, ds = [*gs, g], [*ds, d]
        u, divisor = whole(gs, ds)
        tau = polyak_step(F + inner(d, x) - rho * lb, divisor, lr / rho)
        x = x - tau * u - (lr * weight_decay * x if weight_decay else 0.0)
        yield x


def parts(
    gs: History,
    ds: History,
    shapes: Shapes,
    radius: Radius,
    stale_norm: bool,
    vectors: Metric,
    scale: Callable[[float], float],
) -> Step:
    """Return the direction of the whole, matrices scaled by a function of ``Σ_j ||d_j||_*``."""
    g, d = ([layers(a, shapes) for a in history] for history in (gs, ds))
    before = d[-2] if stale_norm and len(d) > 1 else d[-1]
    matrices = [j for j, shape in enumerate(shapes) if len(shape) > 1]
    total = sum(float(np.sum(before[j] * of_radius(radius, before[j]))) for j in matrices)
    u, divisor = [], scale(total) * total
    for j in range(len(shapes)):
        if j in matrices:
            u.append(scale(total) * of_radius(radius, d[-1][j]))
        else:
            u.append(vectors([a[j] for a in g], [a[j] for a in d]))
            divisor += float(np.sum(d[-1][j] * u[j]))
    return joined(u), divisor


def adam_from_first(beta2: float, eps: float) -> Metric:
    """Adam with v from the first sample: ``v_1 = g_1²``, ``D = ε + sqrt(v)``."""

    def metric(gs: History, ds: History) -> Array:
        v = gs[0] ** 2
        for g in gs[1:]:
            v = beta2 * v + (1 - beta2) * g**2
        return ds[-1] / (eps + np.sqrt(v))

    return metric


def of_radius(radius: Radius, d: Array) -> Array:
    """Return u(d); r is a number, or of the shape.

    "shape" is Muon's (Jordan et al. 2024), "rms" Liu et al.'s (2025), "scion" Pethick et al.'s.
    """
    m, n = as_matrix(d).shape
    if isinstance(radius, str):
        of_shape = {"shape": sqrt(max(1, m / n)), "rms": 0.2 * sqrt(max(m, n))}
        radius = {**of_shape, "scion": sqrt(m / n), "one": 1.0}[radius]
    return radius * orthogonal(d)


def orthogonal(d: Array) -> Array:
    """Return nearly ``U V^T``: Muon's Newton-Schulz iteration (Jordan et al. 2024)."""
    G = as_matrix(d)
    tall = len(G) > len(G.T)
    X = (G.T if tall else G) / (np.linalg.norm(G) + 1e-7)
    for _ in range(5):
        A = X @ X.T
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return (X.T if tall else X).reshape(d.shape)
