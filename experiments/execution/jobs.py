# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Runs in jobs of a cluster, by submitit: the same command, records in the same folder.

A job takes many runs, and does them as `experiments.execution.processes.carry_out` does. The
command waits for the jobs, and can be interrupted: they go on, and the same command finds their
records.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from experiments import records
from experiments.config import Run
from experiments.execution.locks import abandoned
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
    ids = [[run.id for run in pack] for pack in packs]
    try:
        yield from _watched({run.id: run for run in runs}, list(zip(jobs, ids, strict=True)), place)
    except KeyboardInterrupt:
        say(f"the jobs go on; the same command finds their records ({_named(jobs)})")
        raise


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

    def __call__(self, runs: Sequence[Run]) -> list[Outcome]:
        from experiments import ranks

        if int(os.environ.get("SLURM_NTASKS", "1")) > 1:
            import submitit

            submitit.helpers.TorchDistributedEnvironment().export()
            with ranks.joined():
                return self.done(runs)
        # In a process of its own, so that there is one left to say by what it was killed.
        receiver, sender = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.get_context("spawn").Process(
            target=self.send, args=(sender, runs)
        )
        process.start()
        sender.close()
        try:
            found: list[Outcome] | Exception = receiver.recv()
        except EOFError:
            process.join()
            raise ChildProcessError(_ended(process.exitcode)) from None
        process.join()
        if isinstance(found, Exception):
            raise found
        return found

    def send(self, sender: Connection, runs: Sequence[Run]) -> None:
        """Do runs, and send what failed, or the error that ended them."""
        try:
            sender.send(self.done(runs))
        except Exception as error:
            sender.send(error)

    def done(self, runs: Sequence[Run]) -> list[Outcome]:
        """Do runs, and return what failed."""
        outcomes = carry_out(runs, self.place, self.processes)
        return [each for each in outcomes if each.status in ("failed", "skipped")]


def _ended(code: int | None) -> str:
    """Return what to say of a process that ended without sending anything."""
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return f"killed by {name}" + (", perhaps for want of memory" if name == "SIGKILL" else "")
    return f"ended with status {code}"


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


def _watched(
    waiting: dict[str, Run], jobs: Sequence[tuple[Any, Sequence[str]]], place: Place
) -> Iterator[Outcome]:
    while waiting:
        ended = all(job.done() for job, _ in jobs)
        paths = [records.path_of(place.records, run) for run in waiting]
        for run in waiting.keys() & records.finished(*paths, damaged=records.set_aside):
            yield _found(waiting.pop(run), place)
        if ended:
            break
        time.sleep(LOOK_EVERY)
    for job, ids in jobs:
        left = [waiting[run] for run in ids if run in waiting]
        yield from _failed(job, left, place) if left else ()


def _failed(job: Any, runs: Sequence[Run], place: Place) -> Iterator[Outcome]:
    """Yield the runs of a job that have no record, with what it says of them, or what of itself."""
    error = job.exception()
    said = {each.run.id: each for each in ([] if error is not None else job.result())}
    begun = abandoned(place.records, {run.id for run in runs}, 0.0)
    for run in runs:
        where = "in this run" if run.id in begun else "before this run"
        text = f"{_ending(job, error)}, {where}; its log: {job.paths.stderr}"
        yield said.get(run.id, Outcome(run, "failed", said=text))


def _ending(job: Any, error: Exception | None) -> str:
    """Return how a job ended that has not done all its runs."""
    raised = re.findall(r"^[\w.]*Error: (.*)$", str(error), re.MULTILINE)
    if raised:
        return f"its job {job.job_id} ended: {raised[-1]}"
    return f"its job {job.job_id} ended without a result (state {job.state})"


def _named(jobs: Sequence[Any]) -> str:
    return ", ".join(str(job.job_id) for job in jobs)


def _found(run: Run, place: Place) -> Outcome:
    found = records.load(records.path_of(place.records, run.id))
    about = found.runs.row(0, named=True)
    where = f"at step {about['diverged_at']}" if about["status"] == "diverged" else ""
    score = found.epochs.get_column("test_score")[-1]
    return Outcome(run, about["status"], score, about["wall_time"], where)
