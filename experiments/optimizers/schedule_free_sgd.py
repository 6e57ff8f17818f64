# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Schedule-free SGD (arXiv 2405.15682): the package schedulefree."""

from __future__ import annotations

from schedulefree import SGDScheduleFree
from torch.optim import Optimizer

from experiments.optimizers.own import above_zero
from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


def build(params: Params, h: Hyperparameters) -> Optimizer:
    """Return SGD with gradients at ``y = (1-β) z + β x``, where x averages the iterates z.

    It starts in evaluation mode: call ``train()`` before the first step. Its weights of the average
    grow with α, so that a warm-up by a schedule works.

    Raises
    ------
    ValueError
        If β = 0.
    """
    above_zero("schedule_free_sgd", beta=h.beta)
    optimizer: Optimizer = SGDScheduleFree(
        params, lr=h.lr, momentum=h.beta, weight_decay=h.weight_decay
    )
    return optimizer
