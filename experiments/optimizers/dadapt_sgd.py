# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""SGD with D-Adaptation (Defazio and Mishchenko 2023, arXiv 2301.07733): package dadaptation."""

from __future__ import annotations

from dadaptation import DAdaptSGD
from torch.optim import Optimizer

from experiments.optimizers.own import above_zero
from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


def build(params: Params, h: Hyperparameters) -> Optimizer:
    """Return SGD-M whose step size is α times an estimate of the distance to the solution.

    Weight decay is added to the gradient, which a step overwrites. The momentum is an average of
    the points of dual averaging, ``x ← β x + (1-β) z``.

    Raises
    ------
    ValueError
        If α = 0, or groups have different λ: the package takes the first group's for all.
    """
    above_zero("dadapt_sgd", lr=h.lr)
    optimizer: Optimizer = DAdaptSGD(params, lr=h.lr, momentum=h.beta, weight_decay=h.weight_decay)
    decays = {group["weight_decay"] for group in optimizer.param_groups}
    if len(decays) > 1:
        raise ValueError(
            f"weight_decay = {sorted(decays)} in the groups of dadapt_sgd; allowed: one for all"
        )
    return optimizer
