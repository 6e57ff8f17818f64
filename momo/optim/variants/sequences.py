"""Methods that take their gradients at an average of iterates, and random scaling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Unpack

import torch
from torch import Tensor

from momo.core.iterates import AVERAGE_POINT, BASE_POINT, TRAINING_POINT
from momo.core.method import Method
from momo.core.parts import DECOUPLED, FROM_FIRST, Given
from momo.optim.arguments import Scalar
from momo.optim.hyperparameters import Beta, Lb, Lr, Options, Power, Seed, WeightDecay
from momo.optim.iterates import IterateAveraging, RandomScaling, ScheduleFree
from momo.optim.momo_adam import MomoAdam
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import Identity


class Iam(MomentumModelOptimizer):
    """IAM (Gower et al. 2025, arXiv 2504.01898): iterate averaging with the model's step size.

    ``z ← z - τ g``, ``τ = min{α, (f - f_* + <g, z - x>)_+ / ||g||²}``, ``x ← β x + (1-β) z``: the
    heavy ball. The source has no cap, and bounds f_* of each batch: pass ``lr=inf``, and
    ``step(lb=...)``. In its notation ``β = λ/(1+λ)``, λ = 9 by default here; not confirmed.
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
            iterates=IterateAveraging(h["beta"]),
        )


class IamAdam(MomoAdam):
    """IAM-Adam (Gower et al. 2025, arXiv 2504.01898): `Iam` in Adam's metric.

    ``z ← z - τ D^{-1} g``, ``τ = min{α, (f - f_* + <g, z - x>)_+ / ||g||²_{D^{-1}}}``. The norm is
    that of the metric, which makes the step a projection; that of the source is not confirmed.
    Arguments, defaults and errors are those of `momo.optim.MomoAdam`; β1 is that of the average of
    iterates, and the decay is a term of the proximal problem around z.
    """

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        own = MomoAdam.method(h)
        return replace(own, beta=0.0, averaging=FROM_FIRST, iterates=IterateAveraging(own.beta))


class ScheduleFreePolyak(MomentumModelOptimizer):
    """Schedule-free SGD with Polyak's step size (after arXiv 2511.07767).

    Gradients at ``y = (1-β) z + β x̄``; ``z ← z - τ g``,
    ``τ = min{α, (f(y) - f_* + <g, z - y>)_+ / ||g||²}``; x̄ is the average of the z's with weights
    τ (``power``: to that power). The weights and the cap could not be confirmed. The parameters are
    y while training: call ``eval()`` before they are evaluated, which makes them x̄, and ``train()``
    before the next step. A β that changes counts from the next step on.
    """

    kept: ClassVar[Mapping[str, Any]] = {"train_mode": True}

    def __init__(
        self,
        params: Params,
        lr: Lr = 1.0,
        beta: Beta = 0.9,
        lb: Lb = 0.0,
        power: Power = 1.0,
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
            iterates=ScheduleFree(h["beta"], h["power"]),
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
        return ScheduleFree(group["momentum"]).between(state[BASE_POINT], state[AVERAGE_POINT])


class MomoRandomScaling(MomentumModelOptimizer):
    """MoMo whose steps are scaled by ``s_k ~ Exp(1)`` (after arXiv 2405.09742; derived here).

    ``x ← x - s τ d``, with MoMo's τ and d; the decay is part of the step that is scaled.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1.0,
        weight_decay: WeightDecay = 0.0,
        beta: Beta = 0.9,
        lb: Lb = 0.0,
        seed: Seed = 0,
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
            beta=h["beta"],
            weight_decay=h["weight_decay"],
            iterates=RandomScaling(h["seed"]),
        )
