# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Schedule-free methods with Polyak's step size: gradients between the base point and its mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import inf
from typing import Any, ClassVar, Unpack

import torch
from torch import Tensor

from momo.core.iterates import AVERAGE_POINT, BASE_POINT, TRAINING_POINT
from momo.core.method import Method
from momo.core.parts import DECOUPLED, FROM_FIRST, TRUNCATION, Floored, Given
from momo.optim.arguments import Scalar
from momo.optim.hyperparameters import Beta, Betas, Eps, Lb, Lr, OptionalFloor, Options, Power
from momo.optim.iterates import ScheduleFree
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import AdamDiagonal, Identity


class _Modes(MomentumModelOptimizer):
    """What schedule-free methods have beside a step: ``train()`` and ``eval()``."""

    kept: ClassVar[Mapping[str, Any]] = {"train_mode": True}

    @torch.no_grad()
    def step(
        self,
        closure: Callable[[], Any] | None = None,
        loss: Any = None,
        lb: Scalar | None = None,
    ) -> Any:
        """Take one step; see the base class."""
        self.demand_training()
        return super().step(closure, loss, lb)

    def demand_training(self) -> None:
        """Raise, if this is not the training mode.

        Raises
        ------
        RuntimeError
            In evaluation mode, where the parameters are no point that a step could go from.
        """
        if not all(group["train_mode"] for group in self.param_groups):
            raise RuntimeError(
                "a step was asked for in evaluation mode, where the parameters are the average;"
                " allowed: call train() on the optimizer first"
            )

    @torch.no_grad()
    def eval(self) -> None:
        """Make the parameters the average, the point to be evaluated and saved."""
        for group, p, state in self._averaged(train_mode=True):
            y = self._between(group, state).to(p.dtype)
            if not (p.is_meta or torch.equal(p, y)):  # β was another in the last step
                state[TRAINING_POINT] = p.clone()
            p.copy_(state[AVERAGE_POINT])
        for group in self.param_groups:
            group["train_mode"] = False

    @torch.no_grad()
    def train(self) -> None:
        """Make the parameters y again, where gradients are taken: bit for bit."""
        for group, p, state in self._averaged(train_mode=False):
            y = state.pop(TRAINING_POINT, None)
            p.copy_(self._between(group, state) if y is None else y)
        for group in self.param_groups:
            group["train_mode"] = True

    def _averaged(self, train_mode: bool) -> Iterator[tuple[dict[str, Any], Tensor, Any]]:
        """Yield the parameters that have an average, of the groups in a mode."""
        for group in self.param_groups:
            if group["train_mode"] is train_mode:
                for p in group["params"]:
                    if AVERAGE_POINT in self.state.get(p, ()):
                        yield group, p, self.state[p]

    def _between(self, group: dict[str, Any], state: Mapping[str, Tensor]) -> Tensor:
        """Return y, for the β of the group as it is now."""
        beta = group["betas"][0] if "betas" in group else group["momentum"]
        return ScheduleFree(beta).between(state[BASE_POINT], state[AVERAGE_POINT])


def _method(h: dict[str, Any], beta: float, metric: Any) -> Method:
    floor = h["floor"]
    return Method(
        averaging=FROM_FIRST,
        preconditioner=metric,
        lower_bound=Given(h["lb"]),
        lr=h["lr"],
        decay=DECOUPLED,
        step_rule=TRUNCATION if floor is None else Floored(floor),
        iterates=ScheduleFree(beta, h["power"]),
    )


class ScheduleFreePolyak(_Modes):
    """Schedule-free SGD with Polyak's step size (arXiv 2511.07767, version 2).

    Gradients at ``y = (1-β) z + β θ``; ``z ← z - γ g``,
    ``γ = [f(y) - f_* + β <g, z - θ>]_+ / max{||g||², M}``; ``θ ← (1-c) θ + c z`` is the mean of the
    z's, ``c = 1/(t+1)`` for t from 0. There is no cap: one, ``γ <= lr``, is ours. The source as it
    is known here gives no M; 1 is that of SPS_safe (arXiv 2512.02342).

    Version 1 is ``lr=1, power=1, floor=None``: capped, weights γ in the average, and no M.

    The parameters are y while training: call ``eval()`` before they are evaluated, which makes them
    θ, and ``train()`` before the next step. A β that changes counts from the next step on.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = inf,
        beta: Beta = 0.9,
        lb: Lb = 0.0,
        power: Power = 0.0,
        floor: OptionalFloor = 1.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return _method(h, h["beta"], Identity())


class ScheduleFreeAdamPolyak(_Modes):
    """`ScheduleFreePolyak` in Adam's metric (arXiv 2511.07767, version 2).

    ``D = sqrt(v/(1-β2^t)) + ε``, ``z ← z - γ D^{-1} g``, and M is compared with
    ``||g||²_{D^{-1}}``, which is of the size of ``||g||_1``. All else is as there; β1 is that of
    ``y = (1-β1) z + β1 θ``.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = inf,
        betas: Betas = (0.9, 0.999),
        eps: Eps = 1e-8,
        lb: Lb = 0.0,
        power: Power = 0.0,
        floor: OptionalFloor = 1.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return _method(h, h["betas"][0], AdamDiagonal(h["betas"][1], h["eps"]))
