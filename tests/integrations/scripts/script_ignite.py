# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Ignite: a supervised trainer whose loss function observes, with accumulation and resuming."""

from __future__ import annotations

import tempfile
from typing import Any

import hand
import torch
from ignite.engine import Engine, Events, create_supervised_evaluator, create_supervised_trainer
from ignite.handlers import Checkpoint, DiskSaver
from ignite.metrics import Loss
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

mse = nn.functional.mse_loss


def loader(size: int) -> DataLoader[Any]:
    return DataLoader(TensorDataset(*hand.data()), batch_size=size)


class Training:
    def __init__(self, observed: bool = True, **options: Any) -> None:
        self.model = hand.network()
        self.optimizer = hand.made(self.model, max_norm=0.5)
        self.trace = hand.Trace(self.optimizer)

        def criterion(output: Any, y: Any) -> Any:
            loss = mse(output, y)
            return self.optimizer.observe(loss) if observed else loss

        self.trainer: Engine = create_supervised_trainer(
            self.model, self.optimizer, criterion, **options
        )
        evaluator = create_supervised_evaluator(self.model, {"loss": Loss(criterion)})
        self.trainer.add_event_handler(
            Events.EPOCH_COMPLETED, lambda: evaluator.run(loader(16), max_epochs=1)
        )
        names = ("model", "optimizer", "trainer")
        self.saved = {name: getattr(self, name) for name in names}

    def run(self, size: int, epochs: int) -> hand.Trace:
        self.trainer.run(loader(size), max_epochs=epochs)
        return self.trace


def by_hand(size: int) -> hand.Trace:
    model = hand.network()
    return hand.train(model, hand.made(model), [*loader(size)] * 2, 0.5)


@hand.case
def plain() -> None:
    by_hand(16).check(Training().run(16, 2))


@hand.case
def accumulated() -> None:
    by_hand(32).check(Training(gradient_accumulation_steps=4).run(8, 2))


@hand.case
def resumed() -> None:
    whole = Training(gradient_accumulation_steps=2).run(8, 2)
    with tempfile.TemporaryDirectory() as folder:
        first = Training(gradient_accumulation_steps=2)
        save = Checkpoint(first.saved, DiskSaver(folder, create_dir=False), n_saved=1)
        first.trainer.add_event_handler(Events.EPOCH_COMPLETED, save)
        first.run(8, 1)
        second = Training(gradient_accumulation_steps=2)
        Checkpoint.load_objects(second.saved, torch.load(save.last_checkpoint))
    assert all(map(torch.equal, second.run(8, 2).rows, whole.rows[4:]))
    assert len(second.trace.rows) == 4


@hand.case
def refusals() -> None:
    hand.refused(lambda: Training(observed=False).run(16, 1), "step()", "observe")


if __name__ == "__main__":
    hand.run()
