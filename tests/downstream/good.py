# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A program of somebody else's that uses the package, and holds to what its types say."""

from __future__ import annotations

from typing import Any, Unpack, assert_type

import numpy as np
import torch
from torch import Tensor, nn

import momo
from momo import Momo, MomoAdam
from momo.core.parts import FROM_ZERO, HARMONIC, Given
from momo.core.step import StepInfo
from momo.methods import METHODS, Row
from momo.optim import AccumulatedLoss, Method, MomentumModelOptimizer, Recorder, preconditioners
from momo.optim.hyperparameters import Betas, Eps, Lb, Lr, Options
from momo.reference import State, momo_adam


class NgnAdam(MomentumModelOptimizer):
    """A method of one's own."""

    def __init__(
        self,
        params: momo.optim.optimizer.Params,
        lr: Lr = 1e-2,
        betas: Betas = (0.9, 0.999),
        eps: Eps = 1e-8,
        lb: Lb = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(params, locals(), **options)

    @staticmethod
    def method(h: dict[str, Any]) -> Method:
        metric = preconditioners.AdamDiagonal(h["betas"][1], h["eps"])
        own = Given(h["lb"])
        return Method(FROM_ZERO, metric, own, h["lr"], h["betas"][0], step_rule=HARMONIC)


def train(model: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> float:
    optimizer = Momo(model.parameters(), lr=1.0, lb=0.0, max_norm=1.0)
    recorder = Recorder(optimizer)
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(inputs), targets)
        assert_type(optimizer.observe(loss), Tensor)
        loss.backward()
        optimizer.step()
    assert_type(optimizer.last, StepInfo | None)
    assert_type(optimizer.skipped, Tensor)
    assert_type(optimizer.path, str)
    recorder.remove()
    torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, 10)
    return 0.0 if optimizer.last is None else float(optimizer.last.step_size)


def others(model: nn.Module) -> list[torch.optim.Optimizer]:
    accumulated = AccumulatedLoss()
    assert_type(accumulated.take(), Tensor)
    adam = MomoAdam(model.parameters(), lr=1e-2, betas=(0.9, 0.99), nonfinite="raise")
    adam.step(loss=1.0)
    adam.step(lambda: torch.tensor(1.0), lb=0.1)
    row = METHODS["momo_lion"]
    assert_type(row, Row)
    assert_type(row.torch_class(), type[MomentumModelOptimizer])
    return [adam, NgnAdam(model.parameters(), lr=0.1)]


def numbers() -> float:
    method, state, x = momo_adam(lr=0.1), State(), np.zeros(3)
    x, state, info = method.step(state, x, 1.0, np.ones(3))
    assert_type(momo.__version__, str)
    return float(info.step_size)
