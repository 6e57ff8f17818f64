# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Muon, MuonMax and Scion with the model's step (Crawshaw et al. 2025, arXiv 2510.09827).

As in that paper and its public code, but for the positive part: without it a step climbs where the
model lies below its bound.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Unpack

from momo.core.method import Method
from momo.core.parts import DECOUPLED, FROM_FIRST, FROM_ZERO, Given
from momo.core.products import MAX
from momo.optim import preconditioners
from momo.optim.hyperparameters import (
    Beta,
    Betas,
    Eps,
    Lb,
    Lr,
    Options,
    Radius,
    Spectral,
    StaleNorm,
    Start,
    WeightDecay,
)
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import AdamDiagonal, AdamFromFirst, Sign


class MuonAdamMomo(MomentumModelOptimizer):
    """MuonAdam-MoMo: Muon's step for matrices, Adam's for the rest, of one model.

    Matrices move by ``-τ r polar(d)`` (Newton-Schulz), within balls of radius α in the largest of
    their norms (constrained); the rest by ``-τ D^{-1} d``. ``τ`` takes the model down to the
    bound, within the caps α and α/ρ. Averages start at the first sample: d and v without
    correction, so ρ = 1. With ``radius="shape"`` a capped step is that of Muon (Jordan et al. 2024)
    without Nesterov's momentum, and of Adam.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1e-2,
        betas: Betas = (0.95, 0.95),
        eps: Eps = 1e-8,
        weight_decay: WeightDecay = 0.0,
        lb: Lb = 0.0,
        spectral: Spectral = True,
        start: Start = "first",
        radius: Radius = 1.0,
        stale_norm: StaleNorm = False,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        beta, beta2 = h["betas"]
        adam = AdamFromFirst if h["start"] == "first" else AdamDiagonal
        return _in_norm(h, adam(beta2, h["eps"]), beta)


class MuonMaxMomo(MuonAdamMomo):
    """MuonMax-MoMo: `MuonAdamMomo` in the regularised form of the hybrid norm.

    ``||x||² = (max_l ||X_l||)² + ||x_rest||²_D``: matrices move by
    ``-τ (Σ_j ||d_j||_*) r polar(d)``, so that their steps shrink with the gradients, and
    ``τ = min{α/ρ, (h - ρ f_*)_+ / ||d||_*²}``. With ``stale_norm`` the ``||d_j||_*`` are those of
    the step before; `momo.reference.preconditioners.spectral` bounds what that changes.
    Arguments are those of `MuonAdamMomo`.
    """

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return replace(MuonAdamMomo.method(h), product=MAX)


class ScionMomo(MomentumModelOptimizer):
    """Scion-MoMo: spectral balls for matrices, ℓ∞ balls for the rest.

    ``x ← (1-αλ) x - τ u(d)``, ``τ = min{α, (h - ρ f_*)_+ / Σ_l ||d_l||_*}``, u of a matrix r times
    its polar factor, else the sign. Averages start at the first sample. ``radius="scion"`` is
    ``r = sqrt(rows/columns)`` (Pethick et al. 2025, arXiv 2502.07529).
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1e-3,
        beta: Beta = 0.95,
        weight_decay: WeightDecay = 0.0,
        lb: Lb = 0.0,
        spectral: Spectral = True,
        start: Start = "first",
        radius: Radius = 1.0,
        stale_norm: StaleNorm = False,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return _in_norm(h, Sign(), h["beta"])


def _in_norm(h: dict[str, Any], rest: preconditioners.Preconditioner, beta: float) -> Method:
    """Return the method in the spectral norm of matrices, and another of all else."""
    matrices = preconditioners.Spectral(radius=h["radius"], stale_norm=h["stale_norm"])
    return Method(
        averaging=FROM_FIRST if h["start"] == "first" else FROM_ZERO,
        preconditioner=rest,
        lower_bound=Given(h["lb"]),
        lr=h["lr"],
        beta=beta,
        weight_decay=h["weight_decay"],
        decay=DECOUPLED,
        matrices=matrices if h["spectral"] else None,
    )
