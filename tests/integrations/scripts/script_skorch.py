# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Skorch: its closure gives the loss; with accumulation, as its documentation has it, observe."""

from __future__ import annotations

import tempfile
from typing import Any

import hand
import torch
from skorch import NeuralNetRegressor
from skorch.helper import predefined_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from momo import Momo

mse = nn.functional.mse_loss


def loader(size: int) -> DataLoader[Any]:
    return DataLoader(TensorDataset(*hand.data()), batch_size=size)


def fitted(
    size: int, kind: type[NeuralNetRegressor] = NeuralNetRegressor, epochs: int = 2, **options: Any
) -> tuple[NeuralNetRegressor, hand.Trace]:
    """Train as scikit-learn does, with losses of validation after each epoch."""
    x, y = hand.data()
    net = kind(
        hand.network(),
        optimizer=Momo,
        optimizer__lr=100.0,
        optimizer__max_norm=0.5,
        batch_size=size,
        train_split=predefined_split(TensorDataset(x[:8], y[:8])),
        verbose=0,
        **options,
    )
    net.initialize()
    trace = hand.Trace(net.optimizer_)
    for _ in range(epochs):
        net.partial_fit(x, y, epochs=1)
    return net, trace


def by_hand(size: int) -> hand.Trace:
    model = hand.network()
    return hand.train(model, hand.made(model), [*loader(size)] * 2, 0.5)


class Accumulates(NeuralNetRegressor):
    """As in the questions and answers of its documentation; one call is new."""

    def get_loss(self, *args: Any, **keywords: Any) -> Any:
        loss = super().get_loss(*args, **keywords)
        return self.optimizer_.observe(loss) / 4

    def train_step(self, batch: Any, **keywords: Any) -> Any:
        step = self.train_step_single(batch, **keywords)
        if len(self.history[-1, "batches"]) % 4 == 0:
            self.optimizer_.step()
            self.optimizer_.zero_grad()
        return step


class Forgets(Accumulates):
    """The same without the new call."""

    def get_loss(self, *args: Any, **keywords: Any) -> Any:
        return NeuralNetRegressor.get_loss(self, *args, **keywords) / 4


@hand.case
def plain() -> None:
    by_hand(16).check(fitted(16)[1])


@hand.case
def accumulated() -> None:
    by_hand(32).check(fitted(8, Accumulates)[1])


@hand.case
def resumed() -> None:
    whole = fitted(16)[1]
    with tempfile.TemporaryDirectory() as folder:
        files = {f"f_{name}": f"{folder}/{name}" for name in ("params", "optimizer", "history")}
        fitted(16, epochs=1)[0].save_params(**files)
        second, trace = fitted(16, epochs=0)
        second.load_params(**files)
    trace = hand.Trace(second.optimizer_)
    second.partial_fit(*hand.data(), epochs=1)
    assert len(trace.rows) == 4
    assert all(map(torch.equal, trace.rows, whole.rows[4:]))


@hand.case
def refusals() -> None:
    hand.refused(lambda: fitted(8, Forgets), "step()", "observe")


if __name__ == "__main__":
    hand.run()
