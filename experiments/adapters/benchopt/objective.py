# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Training as a benchmark of benchopt: ``benchopt run experiments/adapters/benchopt``."""

from __future__ import annotations

from typing import Any

from benchopt import BaseObjective

from experiments.adapters.trainers import trainer_of
from experiments.config import preset_of
from experiments.workloads import find


class Objective(BaseObjective):
    """The losses of a trained model, and its scores as losses: lower is better."""

    name = "Training"
    min_benchopt_version = "1.6"

    def set_data(self, workload: str, preset: str) -> None:
        """Take the names of a workload and a preset."""
        self.workload, self.preset = workload, preset

    def get_objective(self) -> dict[str, Any]:
        """Return what a solver gets."""
        return {"workload": self.workload, "preset": self.preset}

    def get_one_result(self) -> dict[str, Any]:
        """Return what a solver could return: a model before training."""
        trainer = trainer_of(self.workload, self.preset, "momo", 0.1)
        trainer.begin()
        return {"row": trainer.progress.epochs[-1]}

    def evaluate_result(self, row: dict[str, Any]) -> dict[str, float]:
        """Return the losses and scores of an epoch.

        ``value`` is the validation loss, or the test loss where nothing is held out.
        """
        found = find(self.workload)
        score = preset_of(found, self.preset).score or found.score
        sign = -1 if score.higher_is_better else 1
        said = {
            "value": row["test_loss"],
            "test_loss": row["test_loss"],
            "test_score": sign * row["test_score"],
        }
        if row["validation_loss"] is not None:
            said["value"] = row["validation_loss"]
            said["validation_score"] = sign * row["validation_score"]
        return said
