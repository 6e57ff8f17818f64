# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Prodigy (arXiv 2306.06101): the package prodigyopt."""

from __future__ import annotations

import contextlib
import io
from typing import Any

from prodigyopt import Prodigy
from torch.optim import Optimizer

from experiments.optimizers.own import above_zero
from momo.methods import Hyperparameters
from momo.optim.optimizer import Params


def build(params: Params, h: Hyperparameters) -> Optimizer:
    """Return Adam whose step size is α times an estimate of the distance to the solution.

    Weight decay is decoupled, and there is no bias correction: the package's own choices.

    Raises
    ------
    ValueError
        If α = 0.
    """
    above_zero("prodigy", lr=h.lr)
    arguments: dict[str, Any] = {
        "lr": h.lr,
        "betas": (h.beta, h.beta2),
        "eps": h.eps,
        "weight_decay": h.weight_decay,
    }
    # It prints which form of weight decay it uses.
    with contextlib.redirect_stdout(io.StringIO()):
        optimizer: Optimizer = Prodigy(params, **arguments)
    return optimizer
