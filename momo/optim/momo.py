# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""MoMo: SGD with momentum whose step the model of the loss limits."""

from __future__ import annotations

from typing import Any, Unpack

from momo.core.method import Method
from momo.core.parts import FROM_FIRST, FROM_ZERO, Given, Online
from momo.optim.hyperparameters import (
    Beta,
    BiasCorrection,
    Lb,
    Lr,
    Options,
    UseFstar,
    WeightDecay,
)
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import Identity


class Momo(MomentumModelOptimizer):
    """MoMo (paper, arXiv 2305.07583): drop-in for SGD with momentum.

    ``d_k = β d_{k-1} + (1-β) g_k``, ``h_k = f̄_k + <d_k, x^k> - γ_k``, and without decay
    ``τ_k = min{α/ρ, (h_k - ρ f_*)_+ / ||d_k||²}``, ``x^{k+1} = x^k - τ_k d_k``. A step that the
    cap limits is that of ``torch.optim.SGD`` with ``dampening = momentum``.

    Arguments, defaults and results are those of the published package ``momo-opt``;
    `docs/optimizers/training.md` lists where the two differ.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1.0,
        weight_decay: WeightDecay = 0,
        beta: Beta = 0.9,
        lb: Lb = 0,
        bias_correction: BiasCorrection = False,
        use_fstar: UseFstar = False,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        return Method(
            averaging=FROM_ZERO if h["bias_correction"] else FROM_FIRST,
            preconditioner=Identity(),
            lower_bound=Online(h["lb"]) if h["use_fstar"] else Given(h["lb"]),
            lr=h["lr"],
            beta=h["beta"],
            weight_decay=h["weight_decay"],
        )
