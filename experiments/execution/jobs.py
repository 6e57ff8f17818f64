"""Runs in jobs of a cluster, by submitit: the same command, records in the same folder.

A job takes many runs, and does them as `experiments.execution.processes.carry_out` does. The
command waits for the jobs, and can be interrupted: they go on, and the same command finds their
records.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from experiments import records
from experiments.config import Run
from experiments.execution.processes import Outcome, Place, carry_out
from momo.installed import needed

if TYPE_CHECKING:
    from experiments.commands.options import Execution

LOOK_EVERY = 2.0
"""Seconds between two looks at the folder of the records."""


def carry_out_in_jobs(
    runs: Sequence[Run], place: Place, execution: Execution, say: Callable[[str], None]
) -> Iterator[Outcome]:
    """Submit jobs for the runs, and yield the runs as their records appear.

    Raises
    ------
    ModuleNotFoundError
        If submitit is not installed.
    ValueError
        If there is no SLURM.
    """
    if not runs:
        return
    packs = packed(runs, execution.runs_per_job)
    processes = execution.jobs or 1
    jobs = _executor(place, execution, processes).map_array(
        _Pack(place, processes), [list(pack) for pack in packs]
    )
    logs = place.records / "jobs"
    say(f"{_count(len(jobs), 'job')} for {_count(len(runs), 'run')}, their output in {logs}")
    yield from _watched({run.id: run for run in runs}, jobs, place)


def packed(runs: Sequence[Run], size: int) -> list[Sequence[Run]]:
    """Return the runs in packs of at most ``size``, those of a workload together.

    A process keeps the data of a workload in memory, so that a pack of one workload reads it once.
    """
    ordered = sorted(runs, key=lambda run: run.workload)
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


class _Pack:
    """What a job does; its outcomes are sent back only as far as they say what failed."""

    def __init__(self, place: Place, processes: int) -> None:
        self.place, self.processes = place, processes

    def __call__(self, runs: Sequence[Run]) -> list[tuple[str, str]]:
        from experiments import ranks

        if int(os.environ.get("SLURM_NTASKS", "1")) > 1:
            import submitit

            submitit.helpers.TorchDistributedEnvironment().export()
        with ranks.joined():
            outcomes = list(carry_out(runs, self.place, self.processes))
        return [(each.run.id, each.said) for each in outcomes if each.status == "failed"]


def _executor(place: Place, execution: Execution, processes: int) -> Any:
    with needed(f"executor = {execution.executor}", "cluster"):
        import submitit
    cluster = "slurm" if execution.executor == "slurm" else "local"
    folder = place.records / "jobs"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        executor = submitit.AutoExecutor(folder=folder, cluster=cluster)
    except RuntimeError as error:
        raise ValueError(f"executor = {execution.executor} cannot be used: {error}") from None
    executor.update_parameters(
        name="momentum-models",
        timeout_min=int(60 * execution.hours),
        cpus_per_task=processes * place.threads,
        tasks_per_node=execution.ranks_per_run,
        gpus_per_node=execution.gpus_per_job,
    )
    if cluster == "slurm" and execution.partition is not None:
        executor.update_parameters(slurm_partition=execution.partition)
    return executor


def _watched(waiting: dict[str, Run], jobs: Sequence[Any], place: Place) -> Iterator[Outcome]:
    while waiting:
        ended = all(job.done() for job in jobs)
        for run in waiting.keys() & records.finished(place.records):
            yield _found(waiting.pop(run), place)
        if ended:
            break
        time.sleep(LOOK_EVERY)
    said = dict(failure for job in jobs for failure in _failures(job))
    for run, config in waiting.items():
        yield Outcome(config, "failed", said=said.get(run, "its job ended without it"))


def _failures(job: Any) -> list[tuple[str, str]]:
    """Return what failed in a job, or nothing if the job itself did."""
    error = job.exception()
    return [] if error is not None else list(job.result())


def _found(run: Run, place: Place) -> Outcome:
    found = records.load(records.path_of(place.records, run.id))
    about = found.runs.row(0, named=True)
    where = f"at step {about['diverged_at']}" if about["status"] == "diverged" else ""
    score = found.epochs.get_column("test_score")[-1]
    return Outcome(run, about["status"], score, about["wall_time"], where)
