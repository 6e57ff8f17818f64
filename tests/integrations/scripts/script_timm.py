# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Timm: its registry makes the optimizer, and its scaler takes the observed loss."""

from __future__ import annotations

from typing import Any

import hand
import stand_in_torchvision
import torch
from timm.optim import OptimInfo, create_optimizer_v2
from timm.optim._optim_factory import default_registry
from timm.utils import NativeScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from momo import Momo, MomoAdam

assert stand_in_torchvision.Finder
mse = nn.functional.mse_loss
default_registry.register(OptimInfo("momo", Momo, has_eps=False))
default_registry.register(OptimInfo("momoadam", MomoAdam, has_betas=True))


def loader(size: int, dtype: torch.dtype = torch.float64) -> DataLoader[Any]:
    return DataLoader(TensorDataset(*hand.data(dtype=dtype)), batch_size=size)


def scaled(observed: bool = True) -> hand.Trace:
    """Timm's loop: float16, a scaler, four batches a step."""
    model = hand.network(torch.float32)
    optimizer = create_optimizer_v2(model, "momo", lr=100.0, max_norm=0.5)
    assert type(optimizer) is Momo
    trace, scaler = hand.Trace(optimizer), NativeScaler("cpu")
    for index, (x, y) in enumerate([*loader(8, torch.float32)] * 6):
        update = index % 4 == 3
        with torch.autocast("cpu", dtype=torch.float16):
            loss = mse(model(x), y)
        if observed:
            loss = optimizer.observe(loss)
        scaler(loss / 4, optimizer, need_update=update)
        if update:
            optimizer.zero_grad()
    return trace


@hand.case
def scaled_and_accumulated() -> None:
    parts = [*loader(8, torch.float32)] * 6
    mine = hand.train_mixed(parts, 4, torch.float16, True, max_norm=0.5)
    mine.check(scaled(), tolerance=1e-5)
    assert len(mine.rows) < 12  # float16 leaves some steps out


@hand.case
def groups() -> None:
    """As its registry makes them: weights decay, biases do not; a rate for each layer."""
    model, mine = hand.network(), hand.network()
    options = {"lr": 1.0, "betas": (0.8, 0.99), "eps": 1e-3}
    optimizer = create_optimizer_v2(model, "momoadam", weight_decay=0.1, **options)
    assert type(optimizer) is MomoAdam
    parameters = [*mine.parameters()]
    decayed = {"params": [p for p in parameters if p.ndim > 1], "weight_decay": 0.1}
    others = {"params": [p for p in parameters if p.ndim == 1], "weight_decay": 0.0}
    reference = MomoAdam([others, decayed], **options)
    hand.train(mine, reference, loader(16)).check(hand.train(model, optimizer, loader(16)))


@hand.case
def refusals() -> None:
    hand.refused(lambda: scaled(observed=False), "step()", "observe")


if __name__ == "__main__":
    hand.run()
