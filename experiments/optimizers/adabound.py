# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaBound (Luo et al. 2019, arXiv 1902.09843), as in its authors' package adabound 0.0.5."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch

from experiments.optimizers.own import OwnOptimizer, Tensors
from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


class AdaBound(OwnOptimizer):
    """Adam whose step size per coordinate is clipped between bounds that close in on SGD's.

        g_t ← g_t + λx
        m_t = β1 m_{t-1} + (1-β1) g_t,  v_t = β2 v_{t-1} + (1-β2) g_t²
        α*_t = α* α_t/α_0,  lower_t = α*_t (1 - 1/(γt + 1)),  upper_t = α*_t (1 + 1/(γt))
        η_t = clip( (α_t/(1-β1^t)) / ((sqrt(v_t) + ε)/sqrt(1-β2^t)), lower_t, upper_t )
        x ← x - η_t m_t

    The bounds are those of the paper's experiments, with γ = 1-β2 there. Its authors' code differs
    from the paper's algorithm in two things, which are so here, too: the bias corrections, inside
    the clip, and that there is no further division of η_t by sqrt(t).

    The final rate α* does not depend on α = α_0, the rate that a group begins with: at late steps
    the method is SGD-M with the step α* whatever α is, and only the start differs. A schedule moves
    both, α_t and α*_t.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr, betas, eps, weight_decay
        α, (β1, β2), ε and λ.
    final_lr
        α* > 0.
    gamma
        γ > 0.

    Raises
    ------
    ValueError
        If one is out of range; α = 0 is, at the start.
    """

    averages = ("m", "v")

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        final_lr: float = 0.1,
        gamma: float = 1e-3,
    ) -> None:
        for name, value in (("final_lr", final_lr), ("gamma", gamma)):
            if not 0 < value < math.inf:
                raise ValueError(f"{name} = {value}; allowed: above 0, finite")
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "final_lr": final_lr,
            "gamma": gamma,
        }
        super().__init__(params, defaults)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters; the rate that they begin with is kept, as ``base_lr``."""
        base = param_group.get("lr", self.defaults["lr"])
        if base == 0:
            raise ValueError("lr = 0 at the start of AdaBound; allowed: above 0")
        super().add_param_group({"base_lr": base, **param_group})

    @staticmethod
    def update(
        group: Mapping[str, Any], params: Tensors, grads: Tensors, steps: list[int], *averages: Any
    ) -> None:
        """Take a step; see the class."""
        (m, v), (beta, beta2) = averages, group["betas"]
        lr, gamma = group["lr"], group["gamma"]
        final = group["final_lr"] * lr / group["base_lr"]
        if group["weight_decay"] != 0:
            grads = list(torch._foreach_add(grads, params, alpha=group["weight_decay"]))
        torch._foreach_lerp_(m, grads, 1 - beta)
        torch._foreach_mul_(v, beta2)
        torch._foreach_addcmul_(v, grads, grads, value=1 - beta2)
        rate = torch._foreach_sqrt(v)
        torch._foreach_add_(rate, group["eps"])
        torch._foreach_reciprocal_(rate)
        torch._foreach_mul_(rate, [lr * math.sqrt(1 - beta2**t) / (1 - beta**t) for t in steps])
        torch._foreach_clamp_min_(rate, [final * (1 - 1 / (gamma * t + 1)) for t in steps])
        torch._foreach_clamp_max_(rate, [final * (1 + 1 / (gamma * t)) for t in steps])
        torch._foreach_addcmul_(params, rate, m, value=-1)


def build(params: Params, h: Hyperparameters) -> AdaBound:
    """Return the optimizer."""
    return AdaBound(params, h.lr, (h.beta, h.beta2), h.eps, h.weight_decay)
