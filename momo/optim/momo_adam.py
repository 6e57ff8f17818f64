# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""MoMo-Adam: Adam whose step the model of the loss limits."""

from __future__ import annotations

from typing import Any, Unpack

from momo.core.method import Method
from momo.core.parts import APPROXIMATE, FROM_ZERO, PROXIMAL, Given, Online
from momo.optim.hyperparameters import (
    Betas,
    Divide,
    Eps,
    Lb,
    Lr,
    Options,
    UseFstar,
    WeightDecay,
)
from momo.optim.optimizer import MomentumModelOptimizer, Params
from momo.optim.preconditioners import AdamDiagonal


class MomoAdam(MomentumModelOptimizer):
    """MoMo-Adam (paper, arXiv 2305.07583): drop-in for Adam and AdamW.

    The averages start at zero, so ``ρ_k = 1 - β1^k``;
    ``v_k = β2 v_{k-1} + (1-β2) g_k∘g_k``, ``D_k = diag(ε + sqrt(v_k/(1-β2^k)))``, and without
    decay ``τ_k = min{α/ρ_k, (h_k - ρ_k f_*)_+ / ||d_k||²_{D_k^{-1}}}``,
    ``x^{k+1} = x^k - τ_k D_k^{-1} d_k``. A step that the cap limits is Adam's.

    Arguments, defaults and results are those of the published package ``momo-opt``;
    `docs/optimizers/training.md` lists where the two differ.
    """

    def __init__(
        self,
        params: Params,
        lr: Lr = 1e-2,
        betas: Betas = (0.9, 0.999),
        eps: Eps = 1e-8,
        weight_decay: WeightDecay = 0,
        lb: Lb = 0,
        divide: Divide = True,
        use_fstar: UseFstar = False,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        """Return the parts that a parameter group chooses."""
        beta, beta2 = h["betas"]
        return Method(
            averaging=FROM_ZERO,
            preconditioner=AdamDiagonal(beta2, h["eps"]),
            lower_bound=Online(h["lb"]) if h["use_fstar"] else Given(h["lb"]),
            lr=h["lr"],
            beta=beta,
            weight_decay=h["weight_decay"],
            decay=PROXIMAL if h["divide"] else APPROXIMATE,
        )
