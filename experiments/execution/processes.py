"""Carrying runs out: one by one, or in processes."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from experiments import ranks, records
from experiments.config import Run, preset_name, preset_of
from experiments.execution.locks import BusyError, claimed
from experiments.logging_to import LogName
from experiments.workload import Task
from experiments.workloads import find

Status = Literal["done", "diverged", "busy", "found", "failed"]


@dataclass(frozen=True)
class Place:
    """Where runs are carried out, and where their records go.

    Attributes
    ----------
    records
        The folder of the records.
    data
        The folder of the data sets; None: the default of `experiments.data`.
    device
        "auto", "cpu", "cuda", "cuda:1", ...
    threads
        Of torch, in each process.
    checkpoint
        Whether to write a checkpoint after every epoch, and to go on from one.
    log
        Where runs can be followed while they go on; see `experiments.logging_to`.
    verbose
        Whether to print a line an epoch.
    diagnostics
        Whether to record norms and cosines of every parameter tensor, at the recorded steps.
    compile
        Whether models are compiled by torch.compile.
    """

    records: Path
    data: Path | None = None
    device: str = "auto"
    threads: int = 1
    checkpoint: bool = False
    log: tuple[LogName, ...] = ()
    verbose: bool = False
    diagnostics: bool = False
    compile: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    Attributes
    ----------
    status
        "done", "diverged"; "busy": another process is doing it; "found": another process has done
        it meanwhile; "failed": an error, which is no property of the method.
    score, seconds
        The last test score, and the time it took.
    said
        The error, or at which step it diverged.
    """

    run: Run
    status: Status
    score: float | None = None
    seconds: float = 0.0
    said: str = ""


def perform(run: Run, place: Place, wait: bool = False) -> Outcome:
    """Do a run, unless its record is there or another process is doing it.

    If ``torch.distributed`` is initialised all ranks call this together.

    Raises
    ------
    OSError
        If the record, or a checkpoint, cannot be written.
    """
    if ranks.rank() > 0:
        word = ranks.agreed("")
        if word == "go":
            return _trained(run, place)
        return Outcome(run, "busy" if word == "busy" else "found")
    try:
        with claimed(place.records, run.id, wait) as report:
            if ranks.agreed(_word(run, place)) == "found":
                return Outcome(run, "found")
            return _trained(run, place, report)
    except BusyError:
        ranks.agreed("busy")
        return Outcome(run, "busy")


def carry_out(runs: Sequence[Run], place: Place, jobs: int) -> Iterator[Outcome]:
    """Do runs in ``jobs`` processes, and yield what becomes of them, as they end.

    Runs that other processes are doing are waited for at the end.

    Raises
    ------
    OSError
        If a record cannot be written, or a process was killed; runs in flight are given up.
    """
    busy = []
    for outcome in _all(runs, place, jobs, wait=False):
        if outcome.status == "busy":
            busy.append(outcome.run)
        else:
            yield outcome
    yield from _all(busy, place, 1, wait=True)


def pending(runs: Iterable[Run], folder: Path) -> list[Run]:
    """Return the runs without a record, each once."""
    there = records.finished(folder)
    return list({run.id: run for run in runs if run.id not in there}.values())


def _all(runs: Sequence[Run], place: Place, jobs: int, wait: bool) -> Iterator[Outcome]:
    if jobs == 1 or len(runs) < 2:
        with threads(place.threads):
            yield from (perform(run, place, wait) for run in runs)
        return
    import joblib
    from joblib.externals.loky import get_reusable_executor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    work = joblib.Parallel(jobs, "loky", return_as="generator_unordered", batch_size=1)
    try:
        yield from work(joblib.delayed(_in_process)(run, place, wait) for run in runs)
    except BaseException as error:
        get_reusable_executor().shutdown(wait=False, kill_workers=True)
        if isinstance(error, TerminatedWorkerError):
            raise ChildProcessError(
                "a process was killed, perhaps for want of memory; the same command goes on from"
                f" here, with fewer processes if --jobs is below {jobs}"
            ) from None
        raise


def _in_process(run: Run, place: Place, wait: bool) -> Outcome:
    # Ctrl-C goes to all processes of the terminal; the one that waits for the others ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with threads(place.threads):
        return perform(run, place, wait)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Let torch compute with so many threads."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _word(run: Run, place: Place) -> str:
    return "found" if run.id in records.finished(records.path_of(place.records, run.id)) else "go"


def _trained(
    run: Run, place: Place, report: Callable[[float], None] = lambda share: None
) -> Outcome:
    from experiments.environment import device_of
    from experiments.execution.training import train
    from experiments.execution.watching import watching

    started = time.perf_counter()
    checkpoint = place.records / "checkpoints" / f"{run.id}.pt" if place.checkpoint else None
    try:
        workload = find(run.workload)
        # What it depends on goes through JSON: a scale is a part of what a task is known by.
        scale = json.dumps(run.scale, sort_keys=True, default=dict)
        task = _task(run.workload, preset_name(workload, run), scale, place.data)
        device, log = device_of(place.device), place.log if ranks.rank() == 0 else ()
        verbose = place.verbose and ranks.rank() == 0
        with watching(run, workload, place.records, log, verbose) as watch:
            how = {"diagnostics": place.diagnostics, "compile": place.compile}
            record = train(run, workload, task, device, checkpoint, report, watch, **how)
    except OSError:
        raise
    except Exception as error:
        if ranks.count() > 1:
            raise
        return Outcome(run, "failed", said=f"{type(error).__name__}: {error}")
    if ranks.rank() == 0:
        records.save(place.records, record)
    said, seconds = record.run, time.perf_counter() - started
    where = f"at step {said['diverged_at']}" if said["status"] == "diverged" else ""
    return Outcome(run, said["status"], record.epochs[-1]["test_score"], seconds, where)


@lru_cache(maxsize=2)
def _task(workload: str, preset: str, scale: str, data: Path | None) -> Task:
    return preset_of(find(workload), preset).at(json.loads(scale)).build(data)
