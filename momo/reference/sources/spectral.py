"""Muon, MuonMax and Scion with the model's step (Crawshaw et al. 2025, arXiv 2510.09827).

In the norm of the whole network the step is ``-τ u``, where u(d) maximises ``<d, u>`` over the
ball. A matrix has the norm ``σ_max(X)/r``, whose maximiser for ``d = U Σ V^T`` is ``r U V^T``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import sqrt

import numpy as np

from momo.reference.paper import Array, Sample
from momo.reference.sources.adaptive import (
    History,
    Shapes,
    adam,
    as_matrix,
    in_layers,
    joined,
    layers,
    momo_in,
)


def muon_adam_momo(
    x: Array,
    samples: Iterable[Sample],
    shapes: Shapes,
    lr: float = 1e-2,
    betas: tuple[float, float] = (0.95, 0.95),
    eps: float = 1e-8,
    lb: float = 0.0,
    weight_decay: float = 0.0,
) -> Iterator[Array]:
    """MuonAdam-MoMo: matrices by Muon, within a ball of radius α; the others by Adam.

    Capped, a matrix moves by ``α u_l`` and a vector by ``(α/ρ_k) D^{-1} d``.
    """

    def direction(gs: History, ds: History) -> Array:
        rho = 1 - betas[0] ** len(gs)
        return rho * muon(ds[-1]) if ds[-1].ndim > 1 else adam(betas[1], eps)(gs, ds)

    metric = in_layers(direction, shapes)
    return momo_in(metric, x, samples, lr, betas[0], lb, weight_decay, "decoupled")


def muon_max_momo(
    x: Array,
    samples: Iterable[Sample],
    shapes: Shapes,
    lr: float = 1e-2,
    betas: tuple[float, float] = (0.95, 0.95),
    eps: float = 1e-8,
    lb: float = 0.0,
    weight_decay: float = 0.0,
) -> Iterator[Array]:
    """MuonMax-MoMo: ``||x||² = (max_l ||X_l||)² + ||x_rest||²_D``, D of Adam.

    A matrix moves by ``-τ (Σ_j ||d_j||_*) u_l``, the others by ``-τ D^{-1} d``.
    """

    def direction(gs: History, ds: History) -> Array:
        d = layers(ds[-1], shapes)
        u = layers(in_layers(adam(betas[1], eps), shapes)(gs, ds), shapes)
        matrices = [layer for layer, shape in enumerate(shapes) if len(shape) > 1]
        total = sum(float(np.sum(d[j] * muon(d[j]))) for j in matrices)  # Σ_j ||d_j||_*
        for j in matrices:
            u[j] = total * muon(d[j])
        return joined(u)

    return momo_in(direction, x, samples, lr, betas[0], lb, weight_decay, "decoupled")


def scion_momo(
    x: Array,
    samples: Iterable[Sample],
    shapes: Shapes,
    lr: float = 1e-3,
    beta: float = 0.9,
    lb: float = 0.0,
    weight_decay: float = 0.0,
) -> Iterator[Array]:
    """Scion-MoMo (Pethick et al. 2025, arXiv 2502.07529): balls of radius α, signs for vectors."""

    def direction(gs: History, ds: History) -> Array:
        rho = 1 - beta ** len(gs)  # the cap is α, not α/ρ
        return rho * (scion(ds[-1]) if ds[-1].ndim > 1 else np.sign(ds[-1]))

    metric = in_layers(direction, shapes)
    return momo_in(metric, x, samples, lr, beta, lb, weight_decay, "decoupled")


def muon(d: Array) -> Array:
    """Return u(d) for ``r = sqrt(max{1, rows/columns})``, Muon's."""
    rows, columns = as_matrix(d).shape
    return sqrt(max(1, rows / columns)) * orthogonal(d)


def scion(d: Array) -> Array:
    """Return u(d) for ``r = sqrt(rows/columns)``, Scion's."""
    rows, columns = as_matrix(d).shape
    return sqrt(rows / columns) * orthogonal(d)


def orthogonal(d: Array) -> Array:
    """Return nearly ``U V^T``: Muon's Newton-Schulz iteration (Jordan et al. 2024)."""
    G = as_matrix(d)
    tall = len(G) > len(G.T)
    X = (G.T if tall else G) / (np.linalg.norm(G) + 1e-7)
    for _ in range(5):
        A = X @ X.T
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return (X.T if tall else X).reshape(d.shape)
