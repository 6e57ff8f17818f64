# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaBelief (Zhuang et al. 2020, arXiv 2010.07468, algorithm 2)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch

from experiments.optimizers.own import OwnOptimizer, Tensors
from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


class AdaBelief(OwnOptimizer):
    """Adam with the variance of the gradient around its average where Adam has its square.

        m_t = β1 m_{t-1} + (1-β1) g_t
        s_t = β2 s_{t-1} + (1-β2) (g_t - m_t)² + ε
        m̂ = m_t/(1-β1^t),  ŝ = s_t/(1-β2^t)
        x ← (1 - αλ) x,  then  x ← x - α m̂/(sqrt(ŝ) + ε)

    The form with ε in both places: inside s it adds up to ε/(1-β2), so it must be smaller than
    Adam's. Weight decay is decoupled, as in AdamW.

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr, betas, eps, weight_decay
        α, (β1, β2), ε and λ.

    Raises
    ------
    ValueError
        If one is out of range.
    """

    averages = ("m", "s")

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-16,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        )

    @staticmethod
    def update(
        group: Mapping[str, Any], params: Tensors, grads: Tensors, steps: list[int], *averages: Any
    ) -> None:
        """Take a step; see the class."""
        (m, s), (beta, beta2) = averages, group["betas"]
        torch._foreach_lerp_(m, grads, 1 - beta)
        surprise = torch._foreach_sub(grads, m)
        torch._foreach_mul_(s, beta2)
        torch._foreach_addcmul_(s, surprise, surprise, value=1 - beta2)
        torch._foreach_add_(s, group["eps"])
        scale = torch._foreach_sqrt(s)
        torch._foreach_div_(scale, [math.sqrt(1 - beta2**t) for t in steps])
        torch._foreach_add_(scale, group["eps"])
        if group["weight_decay"] != 0:
            torch._foreach_mul_(params, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_addcdiv_(params, m, scale, [-group["lr"] / (1 - beta**t) for t in steps])


def build(params: Params, h: Hyperparameters) -> AdaBelief:
    """Return the optimizer."""
    return AdaBelief(params, h.lr, (h.beta, h.beta2), h.eps, h.weight_decay)
