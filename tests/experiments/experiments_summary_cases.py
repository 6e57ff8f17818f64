# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Records made by hand, with the columns of real ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import polars as pl

from experiments.optimizers import OPTIMIZERS
from experiments.records import EPOCHS, RUNS

TITLES = {name: entry.row.title for name, entry in OPTIMIZERS.items()}


@dataclass
class Cases:
    """Runs and epochs, added one by one."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    epoch_rows: list[dict[str, Any]] = field(default_factory=list)
    ids: Any = field(default_factory=count)

    def add(
        self,
        method: str,
        lr: float,
        score: float | None,
        *,
        seed: int = 0,
        validation: float | None = None,
        loss: float | None = 0.5,
        workload: str = "w",
        **others: Any,
    ) -> None:
        """Add a run; what is not given is plain. Without a score it diverged at step 7."""
        run = f"run{next(self.ids)}"
        row: dict[str, Any] = dict.fromkeys(RUNS)
        row |= {
            "run": run,
            "workload": workload,
            "workload_title": workload.upper(),
            "preset": "small",
            "method": method,
            "method_title": TITLES[method],
            "lr": lr,
            "beta": 0.9,
            "weight_decay": 0.0,
            "lb": 0.0 if OPTIMIZERS[method].takes_loss else None,
            "schedule": "constant",
            "warmup": 0.0,
            "epochs": 2,
            "batch_size": 4,
            "seed": seed,
            "init_seed": seed,
            "precision": "float32",
            "svag": 1,
            "scale": "{}",
            "plain": True,
            "score_name": "accuracy in %",
            "higher_is_better": True,
            "worst": 10.0,
            "point": 1.0,
            "status": "diverged" if score is None else "done",
            "diverged_at": 7 if score is None else None,
            "steps": 100,
            "initial_loss": 2.0,
            "wall_time": 3.0,
            "training_time": 2.0,
            "optimizer_time": 0.5,
            "stacked": 1,
        }
        self.rows.append({**row, **others})
        start = {"run": run, "epoch": 0, "validation_score": 11.0, "test_score": 11.0}
        middle = {**start, "epoch": 1, "train_loss": 1.0, "validation_score": 99.9}
        end = {
            "run": run,
            "epoch": 2,
            "train_loss": loss,
            "test_loss": loss,
            "validation_score": score if validation is None else validation,
            "test_score": score,
        }
        # Not in the order of time: the last epoch is found by its number.
        self.epoch_rows += [start, end, middle] if score is not None else [start, middle]

    @property
    def runs(self) -> pl.DataFrame:
        return pl.DataFrame(self.rows, RUNS)

    @property
    def epochs(self) -> pl.DataFrame:
        return pl.DataFrame(self.epoch_rows, EPOCHS)


def cases(*runs: tuple[str, float, float | None], **others: Any) -> Cases:
    """Return runs of (method, lr, score)."""
    found = Cases()
    for method, lr, score in runs:
        found.add(method, lr, score, **others)
    return found
