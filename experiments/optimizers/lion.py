# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Lion (Chen et al. 2023, arXiv 2302.06675, algorithm 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from experiments.optimizers.own import OwnOptimizer, Tensors
from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


class Lion(OwnOptimizer):
    """The sign of an average of gradients, in which the newest weighs more than in the memory.

        x ← (1 - αλ) x,  then  x ← x - α sign(β1 m_{t-1} + (1-β1) g_t)
        m_t = β2 m_{t-1} + (1-β2) g_t

    Parameters
    ----------
    params
        Parameters, named parameters, or parameter groups.
    lr, betas, weight_decay
        α, (β1, β2) and λ.

    Raises
    ------
    ValueError
        If one is out of range.
    """

    averages = ("m",)

    def __init__(
        self,
        params: Params,
        lr: float = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @staticmethod
    def update(
        group: Mapping[str, Any], params: Tensors, grads: Tensors, steps: list[int], *averages: Any
    ) -> None:
        """Take a step; see the class."""
        (m,), (beta, beta2) = averages, group["betas"]
        step = torch._foreach_lerp(m, grads, 1 - beta)
        torch._foreach_sign_(step)
        if group["weight_decay"] != 0:
            torch._foreach_mul_(params, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_add_(params, step, alpha=-group["lr"])
        torch._foreach_lerp_(m, grads, 1 - beta2)


def build(params: Params, h: Hyperparameters) -> Lion:
    """Return the optimizer."""
    return Lion(params, h.lr, (h.beta, h.beta2), h.weight_decay)
