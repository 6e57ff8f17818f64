# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Schedule-free AdamW (arXiv 2405.15682): the package schedulefree."""

from __future__ import annotations

from schedulefree import AdamWScheduleFree
from torch.optim import Optimizer

from experiments.optimizers.own import above_zero
from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


def build(params: Params, h: Hyperparameters) -> Optimizer:
    """Return `schedule_free_sgd` with steps divided by ``sqrt(v̂) + ε`` as in AdamW.

    It starts in evaluation mode: call ``train()`` before the first step. A step overwrites the
    gradients.

    Raises
    ------
    ValueError
        If β = 0.
    """
    above_zero("schedule_free_adam_w", beta=h.beta)
    optimizer: Optimizer = AdamWScheduleFree(
        params,
        lr=h.lr,
        betas=(h.beta, h.beta2),
        eps=h.eps,
        weight_decay=h.weight_decay,
    )
    return optimizer
