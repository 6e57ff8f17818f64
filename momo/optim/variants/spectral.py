"""Muon, MuonMax and Scion with the model's step (Crawshaw et al. 2025, arXiv 2510.09827).

The public code leaves out the positive part of ``h - ρ f_*``; here a step never goes uphill.
Parameters with two or more axes are matrices (the first axis against the rest); embeddings and
output layers should be in a group with ``spectral=False``. Which scaling of the spectral norm and
which learning rates the source uses could not be confirmed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Unpack

from momo.optim import arguments
from momo.optim.averaging import FROM_ZERO
from momo.optim.base import MomentumModelOptimizer, Params
from momo.optim.choices import Choices, step_limits
from momo.optim.model import DECOUPLED, Scalar
from momo.optim.preconditioners import AdamDiagonal, Sign, Spectral
from momo.optim.products import MAX
from momo.optim.variants.adaptive import first_rate, second_rate
from momo.optim.variants.common import Options, given


class MuonAdamMomo(MomentumModelOptimizer):
    """MuonAdam-MoMo: Muon's step for matrices, Adam's for the rest, of one model.

    Matrices move by ``-τ r polar(d)`` (Newton-Schulz; ``r = sqrt(max(1, rows/columns))``), within
    balls of radius α in the largest of their norms (constrained); the rest by ``-τ D^{-1} d``.
    ``τ`` takes the model down to the bound, within the caps α and α/ρ. A capped step is that of
    Muon (Jordan et al. 2024) without Nesterov's momentum, and of Adam.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        α >= 0. Per group. Default 1e-2.
    betas
        β and Adam's β2 in [0, 1). Default (0.95, 0.95).
    eps
        Adam's ε > 0. Per group. Default 1e-8.
    weight_decay
        λ >= 0, decoupled. Per group. Default 0.
    lb
        f_*. Default 0.
    spectral
        Whether matrices are treated as such. Per group. Default True.
    **options
        See `momo.optim.base.MomentumModelOptimizer`.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range; of a step, if a matrix is sharded or complex.
    """

    def __init__(
        self,
        params: Params,
        lr: Scalar = 1e-2,
        betas: tuple[float, float] = (0.95, 0.95),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        lb: Scalar = 0.0,
        spectral: bool = True,
        **options: Unpack[Options],
    ) -> None:
        own = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "lb": lb,
            "spectral": spectral,
        }
        super().__init__(params, own, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        lr, weight_decay = step_limits(group)
        matrices = arguments.flag("spectral", group["spectral"])
        return Choices(
            lr=lr,
            weight_decay=weight_decay,
            beta=first_rate(group),
            averaging=FROM_ZERO,
            bound=given(group),
            preconditioner=AdamDiagonal(*second_rate(group)),
            decay=DECOUPLED,
            matrices=Spectral(radius="shape") if matrices else None,
        )


class MuonMaxMomo(MuonAdamMomo):
    """MuonMax-MoMo: `MuonAdamMomo` in the regularised form of the hybrid norm.

    ``||x||² = (max_l ||X_l||)² + ||x_rest||²_D``: matrices move by
    ``-τ (Σ_j ||d_j||_*) r polar(d)``, so that their steps shrink with the gradients, and
    ``τ = min{α/ρ, (h - ρ f_*)_+ / ||d||_*²}``.
    Arguments are those of `MuonAdamMomo`.
    """

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        return replace(MuonAdamMomo.choices(group), product=MAX)


class ScionMomo(MomentumModelOptimizer):
    """Scion-MoMo: spectral balls for matrices, ℓ∞ balls for the rest (arXiv 2510.09827).

    ``x ← (1-αλ) x - τ u(d)``, ``τ = min{α, (h - ρ f_*)_+ / Σ_l ||d_l||_*}``, u of a matrix its
    polar factor times ``sqrt(rows/columns)`` (Pethick et al. 2025, arXiv 2502.07529), else the
    sign.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        α >= 0; ``inf``: no cap. Per group. Default 1e-3.
    beta
        β in [0, 1). Default 0.9.
    weight_decay
        λ >= 0, decoupled. Per group. Default 0.
    lb
        f_*. Default 0.
    spectral
        Whether matrices are treated as such. Per group. Default True.
    **options
        See `momo.optim.base.MomentumModelOptimizer`.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range; of a step, if a matrix is sharded or complex.
    """

    def __init__(
        self,
        params: Params,
        lr: Scalar = 1e-3,
        beta: float = 0.9,
        weight_decay: float = 0.0,
        lb: Scalar = 0.0,
        spectral: bool = True,
        **options: Unpack[Options],
    ) -> None:
        own = {
            "lr": lr,
            "beta": beta,
            "weight_decay": weight_decay,
            "lb": lb,
            "spectral": spectral,
        }
        super().__init__(params, own, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        lr, weight_decay = step_limits(group)
        matrices = arguments.flag("spectral", group["spectral"])
        return Choices(
            lr=lr,
            weight_decay=weight_decay,
            beta=arguments.decay("beta", group["beta"]),
            averaging=FROM_ZERO,
            bound=given(group),
            preconditioner=Sign(),
            decay=DECOUPLED,
            matrices=Spectral(radius="scion") if matrices else None,
        )
