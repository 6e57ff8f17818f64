# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Adam with D-Adaptation (Defazio and Mishchenko 2023, arXiv 2301.07733): package dadaptation."""

from __future__ import annotations

import contextlib
import io

from dadaptation import DAdaptAdam
from torch.optim import Optimizer

from experiments.optimizers.own import above_zero
from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


def build(params: Params, h: Hyperparameters) -> Optimizer:
    """Return Adam whose step size is α times an estimate of the distance to the solution.

    There is no bias correction: the package's own choice. Weight decay is decoupled, as in
    MoMo-Adam; it is the package's option.

    Raises
    ------
    ValueError
        If α = 0.
    """
    above_zero("dadapt_adam", lr=h.lr)
    # It prints which form of weight decay it uses.
    with contextlib.redirect_stdout(io.StringIO()):
        optimizer: Optimizer = DAdaptAdam(
            params,
            lr=h.lr,
            betas=(h.beta, h.beta2),
            eps=h.eps,
            weight_decay=h.weight_decay,
            decouple=True,
        )
    return optimizer
