# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""DoG and LDoG (Ivgi et al. 2023, arXiv 2302.12022): package dog-optimizer, with its average."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from dog import DoG, LDoG
from torch.optim import Optimizer

from experiments.optimizers.own import above_zero
from momo.methods import Hyperparameters
from momo.optim.optimizer import Params

GAMMA = 8.0
"""γ of the average: the package's."""

if TYPE_CHECKING:
    Base = Optimizer
else:
    Base = object


class Averaged(Base):
    """Evaluation at an average of the points, without which its authors call DoG incomplete.

        x̄_t = (1 - w_t) x̄_{t-1} + w_t x_t,  w_t = (1+γ)/(t+γ),  γ = 8

    That is the average of the package, which keeps it as a second model; here it is a state of the
    optimizer, ``eval()`` puts it in place of the parameters, and ``train()`` takes it out again.
    """

    def eval(self) -> None:
        """Let the parameters be the averages."""
        self._put(averages=True)

    def train(self) -> None:
        """Let the parameters be the last points."""
        self._put(averages=False)

    @torch.no_grad()
    def _put(self, averages: bool) -> None:
        for group in self.param_groups:
            if group.get("averages", False) == averages:
                continue
            group["averages"] = averages
            for p in group["params"]:
                if "other" in self.state[p]:
                    now = p.clone()
                    p.copy_(self.state[p]["other"])
                    self.state[p]["other"] = now

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Take one step, and return what the closure returns, or None.

        Raises
        ------
        RuntimeError
            In evaluation mode, or if a parameter has no gradient, which the package needs.
        """
        if any(group.get("averages", False) for group in self.param_groups):
            raise RuntimeError("the parameters are averages; call train() before a step")
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        params = [p for group in self.param_groups for p in group["params"]]
        if any(p.grad is None for p in params):
            raise RuntimeError("a parameter has no gradient; DoG needs one of every parameter")
        try:
            super().step()
        except AssertionError:
            # So the package refuses gradients that are NaN: the run has diverged, and shows it.
            for p in params:
                p.fill_(math.nan)
        for group in self.param_groups:
            t = group["t"] = group.get("t", 0) + 1
            for p in group["params"]:
                average = self.state[p].setdefault("other", p.clone())
                average.lerp_(p, (1 + GAMMA) / (t + GAMMA))
        return loss


class AveragedDoG(Averaged, DoG):  # type: ignore[misc]
    """`Averaged` DoG."""


class AveragedLDoG(Averaged, LDoG):  # type: ignore[misc]
    """`Averaged` LDoG."""


def build(params: Params, h: Hyperparameters) -> Optimizer:
    """Return ``x ← x - α η_t g_t, η_t = max_i ||x_i - x_0|| / sqrt(Σ ||g_i||² + ε)``.

    λx is added to the gradient, which a step overwrites. The first distance counts as
    ``1e-6 (1 + ||x_0||)``.

    Raises
    ------
    ValueError
        If α = 0, or there are several groups: each would have its own η.
    """
    return _built("dog", AveragedDoG, params, h, groups=1)


def build_layered(params: Params, h: Hyperparameters) -> Optimizer:
    """Return the same with a norm, and so an η, of each parameter."""
    return _built("ldog", AveragedLDoG, params, h)


def _built(
    name: str, cls: Any, params: Params, h: Hyperparameters, groups: float = math.inf
) -> Optimizer:
    above_zero(name, lr=h.lr)
    # It warns of α that are not 1, and its α are the groups'.
    optimizer: Optimizer = cls(params, lr=1.0, weight_decay=h.weight_decay, eps=h.eps)
    if len(optimizer.param_groups) > groups:
        raise ValueError(
            f"{len(optimizer.param_groups)} groups with method {name}; allowed: {groups:g}"
        )
    for group in optimizer.param_groups:
        group["lr"] = h.lr
    return optimizer
