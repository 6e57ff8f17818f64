"""Stochastic Polyak steps: SPS_max, ProxSPS, MomSPS, ALR-SMAG, NGN-M."""

from __future__ import annotations

from typing import Any, Unpack

from momo.core.method import Method
from momo.core.parts import (
    DECOUPLED,
    FROM_FIRST,
    FROM_ZERO,
    HARMONIC,
    TRUNCATION,
    Given,
    Scaled,
    newest,
)
from momo.optim.arguments import Scalar
from momo.optim.hyperparameters import Beta, Constant, Lb, Lr, Options, WeightDecay
from momo.optim.iterates import IterateAveraging
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import Identity


def radius(lr: Scalar, beta: float) -> Scalar:
    """Return ``lr/(1-β)``: the cap on a step whose average of gradients has weights below one.

    The heavy ball's ``x - lr m`` with ``m_k = β m_{k-1} + g_k`` is a step of that length along the
    average d with weights ``(1-β) β^j``.
    """
    return lr / (1 - beta)


class SpsMax(MomentumModelOptimizer):
    """SPS_max (Loizou et al. 2021, arXiv 2002.10542): the Polyak step of each batch, bounded.

    ``x ← x - γ g``, ``γ = min{γ_b, (f - f_*)/(c ||g||²)}``.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1.0,
        c: Constant = 1.0,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=Identity(),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            step_rule=Scaled(TRUNCATION, 1 / h["c"]),
        )


class ProxSps(MomentumModelOptimizer):
    """ProxSPS (Schaipp, Gower and Ulbrich 2023, arXiv 2301.04935): SPS_max with weight decay.

    ``τ = min{α, ((1+αλ)(f - f_*) - αλ<g,x>)_+/||g||²}``, ``x ← (x - τg)/(1+αλ)``: MoMo, β = 0.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1.0,
        weight_decay: WeightDecay = 0.0,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=Identity(),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            weight_decay=h["weight_decay"],
        )


class MomSps(MomentumModelOptimizer):
    """MomSPS_max (Oikonomou and Loizou 2024, arXiv 2406.04142): the heavy ball with Polyak steps.

    ``x ← x - γ g + β (x - x_before)``, ``γ = min{γ_b, (1-β)(f - f_*)/(c ||g||²)}``: an iterate
    average with ``τ = γ/(1-β)``.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1.0,
        beta: Beta = 0.9,
        c: Constant = 1.0,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=Identity(),
            lower_bound=Given(h["lb"]),
            lr=radius(h["lr"], h["beta"]),
            decay=DECOUPLED,
            step_rule=Scaled(TRUNCATION, 1 / h["c"]),
            iterates=IterateAveraging(h["beta"]),
            linearisation=newest,
        )


class AlrSmag(MomentumModelOptimizer):
    """ALR-SMAG (Wang, Johansson and Zhang 2023, arXiv 2305.12939): a Polyak step along momentum.

    ``m ← β m + g``, ``x ← x - η m``, ``η = min{η_max, (f - f_*)/(c ||m||²)}``. The constant c, and
    that f is the newest batch's loss, are from memory of the source and could not be confirmed.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 0.1,
        beta: Beta = 0.9,
        c: Constant = 1.0,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_ZERO,
            preconditioner=Identity(),
            lower_bound=Given(h["lb"]),
            lr=radius(h["lr"], h["beta"]),
            beta=h["beta"],
            decay=DECOUPLED,
            step_rule=Scaled(TRUNCATION, (1 - h["beta"]) / h["c"]),
            linearisation=newest,
        )


class NgnM(MomentumModelOptimizer):
    """NGN-M (arXiv 2508.15071): the heavy ball with the step size of Gauss-Newton.

    ``x ← x - (1-β) γ g + β (x - x_before)``, ``γ = c/(1 + c ||g||²/(2 (f - f_*)))``. The source has
    f_* = 0.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1.0,
        beta: Beta = 0.9,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=Identity(),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            decay=DECOUPLED,
            step_rule=HARMONIC,
            iterates=IterateAveraging(h["beta"]),
            linearisation=newest,
        )
