# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the baselines implemented here share: checks, and one update over lists of tensors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer

from experiments.optimizers.entry import RANGES
from momo.optim.optimizer import Params

Tensors = list[Tensor]


class OwnOptimizer(Optimizer, ABC):
    """An optimizer whose step is one function of parameters, gradients and averages.

    A parameter without a gradient stays as it is. Gradients are never written to.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    defaults
        The hyper-parameters by their names in ``param_groups``; "betas" is a pair.

    Raises
    ------
    ValueError, TypeError
        If one is out of range, in any group.
    """

    averages: ClassVar[tuple[str, ...]]
    """The names of the averages that are kept for a parameter; they start at 0."""

    def __init__(self, params: Params, defaults: dict[str, Any]) -> None:
        super().__init__(params, defaults)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters, after their hyper-parameters were checked."""
        check({**self.defaults, **param_group})
        super().add_param_group(param_group)

    @staticmethod
    @abstractmethod
    def update(
        group: Mapping[str, Any], params: Tensors, grads: Tensors, steps: list[int], *averages: Any
    ) -> None:
        """Update parameters and averages in place.

        Parameters
        ----------
        group
            The hyper-parameters.
        params, grads
            Of the group, where there is a gradient.
        steps
            How many steps each has taken, this one included.
        *averages
            One list for each name in `averages`.
        """

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Take one step, and return what the closure returns, or None."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            if not params:
                continue
            states = [self._counted(p) for p in params]
            self.update(
                group,
                params,
                [p.grad for p in params],
                [state["step"] for state in states],
                *([state[name] for state in states] for name in self.averages),
            )
        return loss

    def _counted(self, param: Tensor) -> dict[str, Any]:
        state: dict[str, Any] = self.state[param]
        if not state:
            state["step"] = 0
            for name in self.averages:
                state[name] = torch.zeros_like(param)
        state["step"] += 1
        return state


def check(group: Mapping[str, Any]) -> None:
    """Raise unless all hyper-parameters are numbers in their ranges.

    Raises
    ------
    ValueError
        If one is not; the message says which, and what is allowed.
    """
    betas = group["betas"]
    if not (isinstance(betas, tuple | list) and len(betas) == 2):
        raise ValueError(f"betas = {betas!r}; allowed: a pair (beta, beta2)")
    values = {**group, "beta": betas[0], "beta2": betas[1]}
    for name, (good, allowed) in RANGES.items():
        if name in values and not good(values[name]):
            raise ValueError(f"{name} = {values[name]}; allowed: {allowed}")


def above_zero(method: str, **values: float) -> None:
    """Raise unless all are: what the package of a method does not take.

    Raises
    ------
    ValueError
        If one is 0; the message says which.
    """
    for name, value in values.items():
        if value == 0:
            raise ValueError(f"{name} = 0 with method {method}; allowed: above 0")
