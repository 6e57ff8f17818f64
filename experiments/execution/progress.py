# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How far a run is, and the record it leaves."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from experiments.config import Run, is_plain, preset_name, preset_of
from experiments.records import Record
from experiments.workload import Workload


@dataclass
class Progress:
    """How far a run is, and what it has to say so far; with the parameters, all of a checkpoint."""

    epoch: int = 0
    step: int = 0
    initial_loss: float | None = None
    diverged_at: int | None = None
    wall_time: float = 0.0
    training_time: float = 0.0
    optimizer_time: float = 0.0
    epochs: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    layers: list[dict[str, Any]] = field(default_factory=list)


def record_of(run: Run, workload: Workload, progress: Progress, **more: Any) -> Record:
    """Return the record of a run that has ended; ``more`` are other columns of its row."""
    name = preset_name(workload, run)
    score = preset_of(workload, name).score or workload.score
    about = {
        "run": run.id,
        **asdict(run),
        "workload_title": workload.title,
        "preset": name,
        "plain": is_plain(workload, run),
        "score_name": score.name,
        "higher_is_better": score.higher_is_better,
        "worst": score.worst,
        "point": score.point,
        "status": "done" if progress.diverged_at is None else "diverged",
        "diverged_at": progress.diverged_at,
        "steps": progress.step,
        "initial_loss": progress.initial_loss,
        "wall_time": progress.wall_time,
        "training_time": progress.training_time,
        "optimizer_time": progress.optimizer_time,
        **more,
    }
    return Record(about, progress.epochs, progress.steps, progress.layers)
