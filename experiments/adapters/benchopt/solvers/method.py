# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A method as a solver of benchopt: a point of its curve is an epoch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from benchopt import BaseSolver

from experiments.adapters.trainers import train_epoch, trainer_of


class Solver(BaseSolver):
    """One run, epoch by epoch; it ends where the preset's epochs do, or the callback says so."""

    name = "method"
    parameters: ClassVar = {
        "method": ["momo", "momo_adam", "sgd_m", "adam"],
        "lr": [0.01, 0.1, 1.0],
        "seed": [0],
    }
    sampling_strategy = "callback"

    def set_objective(self, workload: str, preset: str) -> None:
        """Take the workload; the model is made here, outside of the time."""
        self.trainer = trainer_of(workload, preset, self.method, self.lr, self.seed)
        self.trainer.begin()

    def run(self, callback: Callable[[], bool]) -> None:
        """Train."""
        while callback() and self.trainer.goes_on():
            train_epoch(self.trainer)

    def get_result(self) -> dict[str, Any]:
        """Return the row of the last epoch."""
        return {"row": self.trainer.progress.epochs[-1]}
