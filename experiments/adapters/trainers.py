# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A trainer from names, for frameworks that drive the training themselves."""

from __future__ import annotations

from pathlib import Path

from experiments.config import UNCHANGED, Changes, plan
from experiments.environment import device_of
from experiments.execution.building import task_of
from experiments.execution.training import Trainer
from experiments.workloads import find


def trainer_of(
    workload: str,
    preset: str,
    method: str,
    lr: float,
    seed: int = 0,
    changes: Changes = UNCHANGED,
    data: Path | None = None,
    device: str = "auto",
) -> Trainer:
    """Return the trainer of a run, before its first step; the arguments are those of ``run``."""
    run = plan(find(workload), preset, method, lr, seed, changes)
    return Trainer(run, task_of(run, data), device_of(device))


def train_epoch(trainer: Trainer) -> dict[str, float]:
    """Train for an epoch, and return its row of a record (`experiments.records.EPOCHS`)."""
    trainer.begin_epoch()
    for batches in trainer.steps():
        if not trainer.take(batches):
            break
    trainer.end_epoch()
    return trainer.progress.epochs[-1]
