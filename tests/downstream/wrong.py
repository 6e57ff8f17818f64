# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Mistakes of somebody else's that a type checker has to see: each with the error that it makes."""

# ruff: noqa: B018
from __future__ import annotations

import numpy as np
import torch
from torch import nn

import momo
from momo import Momo, MomoAdam
from momo.methods import METHODS
from momo.optim import MomentumModelOptimizer
from momo.reference import State, momo_adam


class NoMethod(MomentumModelOptimizer):
    def __init__(self, params: list[nn.Parameter]) -> None:
        super().__init__(params, locals())


def mistakes(model: nn.Module) -> None:
    optimizer = Momo(model.parameters())
    Momo(model.parameters(), lr="large")  # arg-type
    Momo(model.parameters(), betas=(0.9, 0.99))  # call-arg
    MomoAdam(model.parameters(), betas=0.9)  # arg-type
    MomoAdam(model.parameters(), nonfinite=3)  # arg-type
    MomoAdam(model.parameters(), maximize=True)  # call-arg
    NoMethod([nn.Parameter(torch.ones(1))])  # abstract
    optimizer.observe(1.0)  # arg-type
    optimizer.last.step_size  # union-attr
    optimizer.skip  # attr-defined
    METHODS["momo"].equations  # attr-defined
    METHODS[0]  # index
    momo.MomoSGD  # attr-defined
    momo_adam().step(State(), np.zeros(3), 1.0)  # call-arg
