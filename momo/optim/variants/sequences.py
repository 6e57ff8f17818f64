"""Methods that take their gradients at an average of iterates, and random scaling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Unpack

import torch

from momo.optim import arguments
from momo.optim.averaging import FROM_FIRST
from momo.optim.base import MomentumModelOptimizer, Params
from momo.optim.choices import Choices, step_limits
from momo.optim.iterates import (
    AVERAGE_POINT,
    BASE_POINT,
    IterateAveraging,
    RandomScaling,
    ScheduleFree,
)
from momo.optim.model import DECOUPLED, PROXIMAL, Scalar
from momo.optim.momo_adam import MomoAdam
from momo.optim.preconditioners import Identity
from momo.optim.variants.common import Options, given


class Iam(MomentumModelOptimizer):
    """IAM (Gower et al. 2025, arXiv 2504.01898): iterate averaging with the model's step size.

    ``z ← z - τ g``, ``τ = min{α, (f - f_* + <g, z - x>)_+ / ||g||²}``, ``x ← β x + (1-β) z``: the
    heavy ball. The source has no cap, and bounds f_* of each batch: pass ``lr=inf``, and
    ``step(lb=...)``. In its notation ``β = λ/(1+λ)``, λ = 9 by default here; not confirmed.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        α >= 0; ``inf``: no cap. Per group. Default 1.
    beta
        β in [0, 1). Default 0.9.
    lb
        f_*. Default 0.
    **options
        See `momo.optim.base.MomentumModelOptimizer`.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range.
    """

    def __init__(
        self,
        params: Params,
        lr: Scalar = 1.0,
        beta: float = 0.9,
        lb: Scalar = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, {"lr": lr, "beta": beta, "lb": lb}, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        return Choices(
            lr=arguments.non_negative("lr", group["lr"], infinite=True),
            weight_decay=0.0,
            beta=0.0,
            averaging=FROM_FIRST,
            bound=given(group),
            preconditioner=Identity(),
            decay=DECOUPLED,
            iterates=IterateAveraging(arguments.decay("beta", group["beta"])),
        )


class IamAdam(MomoAdam):
    """IAM-Adam (Gower et al. 2025, arXiv 2504.01898): `Iam` in Adam's metric.

    ``z ← z - τ D^{-1} g``, ``τ = min{α, (f - f_* + <g, z - x>)_+ / ||g||²_{D^{-1}}}``. The norm is
    that of the metric, which makes the step a projection; that of the source is not confirmed.
    Arguments, defaults and errors are those of `momo.optim.MomoAdam`; β1 is that of the average of
    iterates, and the decay is a term of the proximal problem around z.
    """

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        own = MomoAdam.choices(group)
        sequence = IterateAveraging(own.beta)
        return replace(own, beta=0.0, averaging=FROM_FIRST, iterates=sequence)


class ScheduleFreePolyak(MomentumModelOptimizer):
    """Schedule-free SGD with Polyak's step size (after arXiv 2511.07767).

    Gradients at ``y = (1-β) z + β x̄``; ``z ← z - τ g``,
    ``τ = min{α, (f(y) - f_* + <g, z - y>)_+ / ||g||²}``; x̄ is the average of the z's with weights
    τ (``power``: to that power). The weights and the cap could not be confirmed. The parameters are
    y while training: call ``eval()`` before they are evaluated, which makes them x̄, and ``train()``
    before the next step.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr
        α >= 0; ``inf``: no cap. Per group. Default 1.
    beta
        β in [0, 1). Default 0.9.
    lb
        f_*. Default 0.
    power
        ``p >= 0``. Default 1.
    **options
        See `momo.optim.base.MomentumModelOptimizer`.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range.
    RuntimeError
        At a step in evaluation mode.
    """

    def __init__(
        self,
        params: Params,
        lr: Scalar = 1.0,
        beta: float = 0.9,
        lb: Scalar = 0.0,
        power: float = 1.0,
        **options: Unpack[Options],
    ) -> None:
        own = {"lr": lr, "beta": beta, "lb": lb, "power": power, "train_mode": True}
        super().__init__(params, own, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        power = arguments.number("power", group["power"], "power >= 0")
        if not power >= 0:
            raise ValueError(f"power = {power}; allowed: at least 0")
        return Choices(
            lr=arguments.non_negative("lr", group["lr"], infinite=True),
            weight_decay=0.0,
            beta=0.0,
            averaging=FROM_FIRST,
            bound=given(group),
            preconditioner=Identity(),
            decay=DECOUPLED,
            iterates=ScheduleFree(arguments.decay("beta", group["beta"]), power),
        )

    @torch.no_grad()
    def step(
        self,
        closure: Callable[[], Any] | None = None,
        loss: Any = None,
        lb: Scalar | None = None,
    ) -> Any:
        """Take one step; see the base class."""
        if not all(group["train_mode"] for group in self.param_groups):
            raise RuntimeError(
                "a step was asked for in evaluation mode, where the parameters are the average;"
                " allowed: call train() on the optimizer first"
            )
        return super().step(closure, loss, lb)

    @torch.no_grad()
    def eval(self) -> None:
        """Make the parameters the average x̄, the point to be evaluated and saved."""
        for group in self.param_groups:
            if group["train_mode"]:
                for p in group["params"]:
                    if AVERAGE_POINT in self.state.get(p, ()):
                        p.copy_(self.state[p][AVERAGE_POINT])
            group["train_mode"] = False

    @torch.no_grad()
    def train(self) -> None:
        """Make the parameters y again, where gradients are taken: bit for bit."""
        for group in self.param_groups:
            if not group["train_mode"]:
                sequence = ScheduleFree(arguments.decay("beta", group["beta"]))
                for p in group["params"]:
                    if AVERAGE_POINT in self.state.get(p, ()):
                        state = self.state[p]
                        p.copy_(sequence.between(state[BASE_POINT], state[AVERAGE_POINT]))
            group["train_mode"] = True


class MomoRandomScaling(MomentumModelOptimizer):
    """MoMo whose steps are scaled by ``s_k ~ Exp(1)`` (after arXiv 2405.09742; derived here).

    ``x ← x - s τ d``, with MoMo's τ and d; the decay is part of the step that is scaled.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr, weight_decay, beta, lb
        As of `momo.optim.Momo`.
    seed
        Of the s_k, an integer. Default 0.
    **options
        See `momo.optim.base.MomentumModelOptimizer`.

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range.
    """

    def __init__(
        self,
        params: Params,
        lr: Scalar = 1.0,
        weight_decay: float = 0.0,
        beta: float = 0.9,
        lb: Scalar = 0.0,
        seed: int = 0,
        **options: Unpack[Options],
    ) -> None:
        own = {"lr": lr, "weight_decay": weight_decay, "beta": beta, "lb": lb, "seed": seed}
        super().__init__(params, own, **options)

    @staticmethod
    def choices(group: dict[str, Any]) -> Choices:
        """Return what a parameter group chooses; see the base class."""
        lr, weight_decay = step_limits(group)
        if isinstance(group["seed"], bool) or not isinstance(group["seed"], int):
            raise TypeError(f"seed = {group['seed']!r}; allowed: an integer")
        return Choices(
            lr=lr,
            weight_decay=weight_decay,
            beta=arguments.decay("beta", group["beta"]),
            averaging=FROM_FIRST,
            bound=given(group),
            preconditioner=Identity(),
            decay=PROXIMAL,
            iterates=RandomScaling(group["seed"]),
        )
