# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Runs that take a tenth of a second, for the tests of what carries them out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from experiments.config import Changes, Run, plan
from experiments.execution.processes import Place
from experiments.execution.training import train
from experiments.records import Record
from experiments.workload import Task, Workload
from experiments.workloads import find

CPU = torch.device("cpu")
WORKLOAD = "synthetic_least_squares"
TIMES = ("wall_time", "training_time", "optimizer_time")


def workload() -> Workload:
    return find(WORKLOAD)


def task() -> Task:
    return workload().presets["smoke"].build(None)


def quick(method: str = "momo", lr: float = 0.1, seed: int = 0, **changes: Any) -> Run:
    """Return a run of 5 epochs of 10 steps."""
    return plan(workload(), "smoke", method, lr, seed, Changes(**changes))


def trained(run: Run, **arguments: Any) -> Record:
    return train(run, workload(), arguments.pop("task", None) or task(), CPU, **arguments)


def place(folder: Path, **changes: Any) -> Place:
    return replace(Place(folder, device="cpu"), **changes)


def without_times(record: Record) -> tuple[dict[str, Any], list[Any], list[Any]]:
    """Return all of a record that has to be the same on every machine of a kind; NaN as text."""
    about = {name: value for name, value in record.run.items() if name not in TIMES}
    epochs = [{k: repr(v) for k, v in row.items() if k != "time"} for row in record.epochs]
    return about, epochs, [{k: repr(v) for k, v in row.items()} for row in record.steps]
