"""Muon, MuonMax and Scion with the model's step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Unpack

from momo.core.method import Method
from momo.core.parts import DECOUPLED, FROM_ZERO, Given
from momo.core.products import MAX
from momo.optim import preconditioners
from momo.optim.hyperparameters import Beta, Betas, Eps, Lb, Lr, Options, Spectral, WeightDecay
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import AdamDiagonal, Sign


class MuonAdamMomo(MomentumModelOptimizer):
    """MuonAdam-MoMo: Muon's step for matrices, Adam's for the rest, of one model.

    Matrices move by ``-τ r polar(d)`` (Newton-Schulz; ``r = sqrt(max(1, rows/columns))``), within
    balls of radius α in the largest of their norms (constrained); the rest by ``-τ D^{-1} d``.
    ``τ`` takes the model down to the bound, within the caps α and α/ρ. A capped step is that of
    Muon (Jordan et al. 2024) without Nesterov's momentum, and of Adam.
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
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        beta, beta2 = h["betas"]
        return Method(
            averaging=FROM_ZERO,
            preconditioner=AdamDiagonal(beta2, h["eps"]),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            beta=beta,
            weight_decay=h["weight_decay"],
            decay=DECOUPLED,
            matrices=preconditioners.Spectral(radius="shape") if h["spectral"] else None,
        )


class MuonMaxMomo(MuonAdamMomo):
    """MuonMax-MoMo: `MuonAdamMomo` in the regularised form of the hybrid norm.

    ``||x||² = (max_l ||X_l||)² + ||x_rest||²_D``: matrices move by
    ``-τ (Σ_j ||d_j||_*) r polar(d)``, so that their steps shrink with the gradients, and
    ``τ = min{α/ρ, (h - ρ f_*)_+ / ||d||_*²}``.
    Arguments are those of `MuonAdamMomo`.
    """

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return replace(MuonAdamMomo.method(h), product=MAX)


class ScionMomo(MomentumModelOptimizer):
    """Scion-MoMo: spectral balls for matrices, ℓ∞ balls for the rest (arXiv 2510.09827).

    ``x ← (1-αλ) x - τ u(d)``, ``τ = min{α, (h - ρ f_*)_+ / Σ_l ||d_l||_*}``, u of a matrix its
    polar factor times ``sqrt(rows/columns)`` (Pethick et al. 2025, arXiv 2502.07529), else the
    sign.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1e-3,
        beta: Beta = 0.9,
        weight_decay: WeightDecay = 0.0,
        lb: Lb = 0.0,
        spectral: Spectral = True,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_ZERO,
            preconditioner=Sign(),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            beta=h["beta"],
            weight_decay=h["weight_decay"],
            decay=DECOUPLED,
            matrices=preconditioners.Spectral(radius="scion") if h["spectral"] else None,
        )
