# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Steps of the Gauss-Newton model of ``f = (√f)²``: NGN, NGN-D, NGN-M, NGN-MDv1, NGN-MDv2."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Unpack

from momo.core.method import Method
from momo.core.parts import CAPPED, DECOUPLED, FROM_FIRST, HARMONIC, PROXIMAL, Given
from momo.optim.hyperparameters import (
    Beta,
    Betas,
    DecayForm,
    Eps,
    FiniteLr,
    Lb,
    Lr,
    Options,
    WeightDecay,
)
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import AdamDiagonal, Identity, NgnDiagonal
from momo.optim.variants.polyak import heavy_ball


class Ngn(MomentumModelOptimizer):
    """NGN (Orvieto and Xiao 2024, arXiv 2407.04358): the step size of Gauss-Newton.

    ``x ← x - γ g``, ``γ = c/(1 + c ||g||²/(2 (f - f_*)))``, c the ``lr``, which has no default in
    the source, as f_* is 0 there. ``lr = inf`` makes γ twice Polyak's.
    """

    def __init__(
        self, params: Params, lr: Lr = 1.0, lb: Lb = 0.0, **options: Unpack[Options]
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
        )


class NgnD(MomentumModelOptimizer):
    """NGN-D (arXiv 2508.15071): the step size of Gauss-Newton for each coordinate.

    ``x_j ← x_j - γ_j g_j``, ``γ_j = c/(1 + c g_j²/(2 (f - f_*)))``, c the ``lr``, one for all
    coordinates of a group, and finite. A loss at its bound moves nothing.
    """

    def __init__(
        self, params: Params, lr: FiniteLr = 1.0, lb: Lb = 0.0, **options: Unpack[Options]
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_FIRST,
            preconditioner=NgnDiagonal(Identity()),
            lower_bound=Given(h["lb"]),
            lr=h["lr"],
            decay=DECOUPLED,
            step_rule=CAPPED,
        )


class NgnM(MomentumModelOptimizer):
    """NGN-M (arXiv 2508.15071): the heavy ball with the step size of Gauss-Newton.

    ``x ← x - (1-β) γ g + β (x - x_before)``, ``γ = c/(1 + c ||g||²/(2 (f - f_*)))``, c the ``lr``,
    which has no default in the source, as f_* is 0 there.
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
        return heavy_ball(h, HARMONIC)


def averaged_steps(h: dict[str, Any], metric: type[Any] | None, rule: Any) -> Method:
    """Return a heavy ball in Adam's D, under ``metric``, with decay."""
    beta, beta2 = h["betas"]
    adam = AdamDiagonal(beta2, h["eps"])
    return replace(
        heavy_ball({**h, "beta": beta}, rule),
        preconditioner=adam if metric is None else metric(adam),
        weight_decay=h["weight_decay"],
        decay=PROXIMAL if h["decay"] == "proximal" else DECOUPLED,
    )


class NgnMdV1(MomentumModelOptimizer):
    """NGN-MDv1 (arXiv 2508.15071, algorithm 2): NGN-M in Adam's metric, which comes before β.

    ``x ← x - (1-β1) γ D⁻¹g + β1 (x - x_before)``, ``γ = c/(1 + c ||g||²_{D⁻¹}/(2 (f - f_*)))``, c
    the ``lr``, which has no default in the source. The decay is one of the base point z, of which x
    is the average, so that its rate is AdamW's: our reading. "proximal" puts it into the step, as
    MoMo-Adam's, with the loss taken as that at z.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1.0,
        betas: Betas = (0.9, 0.999),
        eps: Eps = 1e-8,
        weight_decay: WeightDecay = 0.0,
        decay: DecayForm = "decoupled",
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return averaged_steps(h, None, HARMONIC)


class NgnMdV2(MomentumModelOptimizer):
    """NGN-MDv2 (arXiv 2508.15071, algorithm 2): a step size of each coordinate, over Adam's D.

    ``x_j ← x_j - (1-β1) γ_j g_j/D_j + β1 (x - x_before)_j``,
    ``γ_j = c/(1 + c g_j²/(2 (f - f_*)))``, c the ``lr``, finite. How γ_j and D_j are joined is our
    reading. γ_j does not know D, so the method depends on the units of the loss. The decay is that
    of `NgnMdV1`; "proximal" divides by 1+αλ here.
    """

    def __init__(
        self,
        params: Params,
        lr: FiniteLr = 1.0,
        betas: Betas = (0.9, 0.999),
        eps: Eps = 1e-8,
        weight_decay: WeightDecay = 0.0,
        decay: DecayForm = "decoupled",
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return averaged_steps(h, NgnDiagonal, CAPPED)
