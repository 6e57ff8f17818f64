# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Stochastic Polyak steps: SPS_max, SPS_safe, ProxSPS, MomSPS, ALR-SMAG."""

from __future__ import annotations

from math import inf
from typing import Any, Unpack

from momo.core.method import Method
from momo.core.parts import (
    DECOUPLED,
    FROM_FIRST,
    FROM_ZERO,
    TRUNCATION,
    Floored,
    Given,
    GrowthLimited,
    Scaled,
    newest,
)
from momo.optim.hyperparameters import (
    Beta,
    Constant,
    Doubling,
    FirstStep,
    Floor,
    Lb,
    Lr,
    Options,
    WeightDecay,
)
from momo.optim.iterates import IterateAveraging
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import Identity


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


class SpsSafe(MomentumModelOptimizer):
    """SPS_safe (Oikonomou and Loizou 2025, arXiv 2512.02342): for short gradients a short step.

    ``x ← x - γ g``, ``γ = (f - f_*)/max{||g||², M}``, M the ``floor``. The cap ``lr`` is ours; and
    where M is to be the first ``||g||²``, it is the first above 0.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = inf,
        floor: Floor = 1.0,
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
            step_rule=Floored(h["floor"]),
        )


def heavy_ball(h: dict[str, Any], rule: Any) -> Method:
    """Return a heavy ball whose step size is one of the newest loss: ``τ = γ/(1-β)``."""
    return Method(
        averaging=FROM_FIRST,
        preconditioner=Identity(),
        lower_bound=Given(h["lb"]),
        lr=h["lr"],
        decay=DECOUPLED,
        step_rule=rule,
        iterates=IterateAveraging(h["beta"]),
        linearisation=newest,
    )


class MomSps(MomentumModelOptimizer):
    """MomSPS_max (Oikonomou and Loizou 2024, arXiv 2406.04142): the heavy ball with Polyak steps.

    ``x ← x - γ g + β (x - x_before)``, ``γ = (1-β) min{γ_b, (f - f_*)/(c ||g||²)}``, γ_b the
    ``lr``: an iterate average with ``τ = γ/(1-β)``.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 10.0,
        beta: Beta = 0.9,
        c: Constant = 1.0,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return heavy_ball(h, Scaled(TRUNCATION, 1 / h["c"]))


class MomSpsSmooth(MomentumModelOptimizer):
    """MomSPS_smooth (Oikonomou and Loizou 2024, arXiv 2406.04142): MomSPS whose steps grow slowly.

    ``x ← x - γ_t g + β (x - x_before)``, ``γ_t = min{(1-β)(f - f_*)/(c ||g||²), 2^{1/n} γ_{t-1}}``,
    ``γ_0`` the ``first_step``; its authors take ``c = 0.4`` for networks. By its letter a step of 0
    makes all later ones 0: here they are limited by the last one above 0. A cap ``(1-β) lr`` is
    ours.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = inf,
        beta: Beta = 0.9,
        c: Constant = 1.0,
        first_step: FirstStep = 1.0,
        n: Doubling = 256.0,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        # τ = γ/(1-β): so is τ_0.
        rule = GrowthLimited(2 ** (1 / h["n"]), h["first_step"] / (1 - h["beta"]))
        return heavy_ball(h, Scaled(rule, 1 / h["c"]))


class AlrSmag(MomentumModelOptimizer):
    """ALR-SMAG (Wang, Johansson and Zhang 2023, arXiv 2305.12939): a Polyak step along momentum.

    ``m ← β m + g``, ``x ← x - η m``, ``η = min{η_max, (f - f_*)/(c ||m||²)}``, f the loss of the
    newest batch.
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
            # m = d/(1-β), so η m is a step of η/(1-β) along the average d.
            lr=h["lr"] / (1 - h["beta"]),
            beta=h["beta"],
            decay=DECOUPLED,
            step_rule=Scaled(TRUNCATION, (1 - h["beta"]) / h["c"]),
            linearisation=newest,
        )
