# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Options that several commands have: which runs, and where and how they are carried out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import tyro

from experiments.config import UNCHANGED, Changes
from experiments.logging_to import LogName, check
from experiments.places import RECORDS

if TYPE_CHECKING:
    from experiments.config import Run
    from experiments.execution.processes import Place


@dataclass(frozen=True)
class Selection:
    """Which runs; what is not given is the workload's, or the method's own."""

    preset: Literal["smoke", "small", "paper"] = "small"
    """Scale: smoke (seconds), small (at most 20 s a run on one core), paper (as published)."""
    methods: tuple[str, ...] = ()
    """See `list`; mine:Mine of mine.py; default: the workload's, e.g. momo momo_adam sgd_m adam."""
    lrs: tuple[float, ...] = ()
    """Learning rates; default: the grid of each method."""
    seeds: tuple[int, ...] = (0, 1, 2)
    """A run each; a seed changes the order of the samples and the initialisation."""
    changes: tyro.conf.OmitArgPrefixes[Changes] = UNCHANGED
    """Settings other than the preset's and the method's own."""

    def runs(self, workload: str) -> list[Run]:
        """Return the runs on a workload.

        Raises
        ------
        ValueError
            If a name is unknown, or a value out of range.
        """
        from experiments.config import product
        from experiments.workloads import find

        if not self.seeds:
            raise ValueError("seeds is empty; allowed: at least one")
        found = find(workload)
        return product(found, self.preset, self.methods, self.lrs, self.seeds, self.changes)


@dataclass(frozen=True)
class Execution:
    """Where and how; none of it changes a result beyond rounding."""

    records: Path = RECORDS
    """The folder of the records; finished runs in it are not repeated."""
    data: Path | None = None
    """The folder of the data sets; default: MOMO_DATA, or the platform's cache folder."""
    device: str = "auto"
    """auto (the GPU if there is one), cpu, cuda, cuda:1, ..."""
    jobs: int | None = None
    """Processes; default: one for each core, or one where there is a GPU or torchrun."""
    threads: int = 1
    """Threads of torch in each process."""
    checkpoint: bool = False
    """Write a checkpoint after every epoch, and go on from it."""
    log: tuple[LogName, ...] = ()
    """csv, tensorboard, wandb: follow runs there; a folder a run in `logs` beside the records."""
    lines: Literal["auto", "epochs", "runs"] = "auto"
    """A line an epoch, or a run; auto: an epoch where there is one run to do."""
    diagnostics: bool = False
    """Record norms and cosines of every parameter tensor; `inspect RUN --layers` shows them."""
    compile: bool = False
    """Compile models by torch.compile."""
    stack: int = 1
    """How many runs of one workload are trained together as one model at most, where they can."""
    executor: Literal["processes", "slurm", "local-jobs"] = "processes"
    """slurm: array jobs by submitit; local-jobs: the same jobs without a cluster, to try it."""
    partition: str | None = None
    """Of SLURM."""
    hours: float = 4.0
    """Time limit of a job."""
    runs_per_job: int = 20
    """How many runs a job takes."""
    gpus_per_job: int = 0
    """GPUs that a job asks for."""
    ranks_per_run: int = 1
    """Tasks of a job that train one model together (DDP), each on its GPU."""

    def check(self) -> None:
        """Raise for what is out of range.

        Raises
        ------
        ValueError
            If a value is.
        """
        for name in ("threads", "stack", "runs_per_job", "ranks_per_run"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} = {getattr(self, name)}; allowed: at least 1")
        if self.jobs is not None and self.jobs < 1:
            raise ValueError(f"jobs = {self.jobs}; allowed: at least 1")
        if self.stack > 1 and self.checkpoint:
            raise ValueError(f"stack = {self.stack} with checkpoint; allowed: 1")
        if self.stack > 1 and ("WORLD_SIZE" in os.environ or self.ranks_per_run > 1):
            raise ValueError(f"stack = {self.stack} on several ranks; allowed: 1")
        if "WORLD_SIZE" in os.environ and (self.jobs or 1) > 1:
            raise ValueError(f"jobs = {self.jobs} under torchrun; allowed: 1, all ranks do one run")
        if self.gpus_per_job < 0 or not self.hours > 0:
            raise ValueError(
                f"gpus_per_job = {self.gpus_per_job}, hours = {self.hours};"
                " allowed: at least 0, above 0"
            )
        if self.ranks_per_run > 1 and self.executor == "processes":
            raise ValueError(
                f"ranks_per_run = {self.ranks_per_run} with executor = processes; allowed: 1 there."
                " On one machine: torchrun --nproc-per-node N -m experiments run ..."
            )
        if self.records.exists() and not self.records.is_dir():
            raise ValueError(f"records = {self.records} is a file; allowed: a folder")
        check(self.log)
        told = [name for name in ("log", "diagnostics", "compile") if getattr(self, name)]
        told += ["lines"] if self.lines == "epochs" else []
        if self.stack > 1 and told:
            raise ValueError(f"stack = {self.stack} with {', '.join(told)}; allowed: 1 with these")
        if self.executor == "processes":
            from experiments.environment import device_of

            device_of(self.device)

    def place(self, runs: int = 0) -> Place:
        """Return where the runs are carried out, if there are so many to do."""
        from experiments.execution.processes import Place

        return Place(
            self.records.absolute(),
            self.data,
            self.device,
            self.threads,
            self.checkpoint,
            self.stack,
            self.log,
            self.lines == "epochs" or (self.lines == "auto" and runs == 1),
            self.diagnostics,
            self.compile,
        )

    def processes(self) -> int:
        """Return how many processes there are."""
        import joblib

        from experiments.environment import device_of

        if self.jobs is not None:
            return self.jobs
        several = "WORLD_SIZE" in os.environ or device_of(self.device).type != "cpu"
        return 1 if several else joblib.cpu_count()


def check_data(runs: Sequence[Run], place: Place) -> None:
    """Raise unless the data of all runs are there, before any run begins.

    Raises
    ------
    FileNotFoundError
        If not; the message says how to get them.
    """
    from experiments import data
    from experiments.config import preset_name, preset_of
    from experiments.workloads import find

    needed = {
        name: None
        for run in {run.workload: run for run in runs}.values()
        for name in preset_of(find(run.workload), preset_name(find(run.workload), run)).data
    }
    for name in needed:
        missing = data.available(name, place.data)
        if missing is not None:
            raise FileNotFoundError(missing)
