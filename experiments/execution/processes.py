"""Carrying runs out: one by one, or in processes."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from experiments import ranks, records
from experiments.config import Run, preset_name, preset_of
from experiments.execution.locks import BusyError, claimed
from experiments.execution.packs import packs, reason_against
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
    stack
        How many runs at most are trained together as one model; 1: each by itself.
    """

    records: Path
    data: Path | None = None
    device: str = "auto"
    threads: int = 1
    checkpoint: bool = False
    stack: int = 1


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


def perform_together(runs: Sequence[Run], place: Place) -> list[Outcome]:
    """Do the runs of a pack as one model, but for those that are there or busy.

    If they cannot be one model each is done by itself, and its outcome says so.

    Raises
    ------
    OSError
        If a record cannot be written.
    """
    outcomes = []
    own: list[tuple[Run, Callable[[float], None]]] = []
    with ExitStack() as claims:
        for run in runs:
            try:
                report = claims.enter_context(claimed(place.records, run.id, wait=False))
            except BusyError:
                outcomes.append(Outcome(run, "busy"))
                continue
            if _word(run, place) == "found":
                outcomes.append(Outcome(run, "found"))
            else:
                own.append((run, report))
        return outcomes + _trained_together(own, place)


def carry_out(runs: Sequence[Run], place: Place, jobs: int) -> Iterator[Outcome]:
    """Do runs in ``jobs`` processes, and yield what becomes of them, as they end.

    Runs that other processes are doing are waited for at the end.

    Raises
    ------
    OSError
        If a record cannot be written, or a process was killed; runs in flight are given up.
    """
    busy = []
    for outcome in _all(packs(runs, place.stack), place, jobs, wait=False):
        if outcome.status == "busy":
            busy.append(outcome.run)
        else:
            yield outcome
    yield from _all(packs(busy, 1), place, 1, wait=True)


def pending(runs: Iterable[Run], folder: Path) -> list[Run]:
    """Return the runs without a record, each once."""
    there = records.finished(folder)
    return list({run.id: run for run in runs if run.id not in there}.values())


def _all(work: Sequence[Sequence[Run]], place: Place, jobs: int, wait: bool) -> Iterator[Outcome]:
    if jobs == 1 or len(work) < 2:
        with threads(place.threads):
            for pack in work:
                yield from _performed(pack, place, wait)
        return
    import joblib
    from joblib.externals.loky import get_reusable_executor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    carried = joblib.Parallel(jobs, "loky", return_as="generator_unordered", batch_size=1)
    try:
        for outcomes in carried(joblib.delayed(_in_process)(pack, place, wait) for pack in work):
            yield from outcomes
    except BaseException as error:
        get_reusable_executor().shutdown(wait=False, kill_workers=True)
        if isinstance(error, TerminatedWorkerError):
            raise ChildProcessError(
                "a process was killed, perhaps for want of memory; the same command goes on from"
                f" here, with fewer processes if --jobs is below {jobs}"
            ) from None
        raise


def _performed(pack: Sequence[Run], place: Place, wait: bool) -> list[Outcome]:
    if len(pack) > 1:
        return perform_together(pack, place)
    outcome = perform(pack[0], place, wait)
    return [outcome if place.stack == 1 else _by_itself(outcome, reason_against(outcome.run))]


def _by_itself(outcome: Outcome, reason: str | None) -> Outcome:
    """Say of a run that it was to be in a stack, and could not be."""
    told = outcome.status in ("done", "diverged") and reason is not None
    said = f"{outcome.said} by itself: {reason}".lstrip()
    return replace(outcome, said=said) if told else outcome


def _in_process(pack: Sequence[Run], place: Place, wait: bool) -> list[Outcome]:
    # Ctrl-C goes to all processes of the terminal; the one that waits for the others ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with threads(place.threads):
        return _performed(pack, place, wait)


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

    started = time.perf_counter()
    checkpoint = place.records / "checkpoints" / f"{run.id}.pt" if place.checkpoint else None
    try:
        workload = find(run.workload)
        # What it depends on goes through JSON: a scale is a part of what a task is known by.
        scale = json.dumps(run.scale, sort_keys=True, default=dict)
        task = _task(run.workload, preset_name(workload, run), scale, place.data)
        record = train(run, workload, task, device_of(place.device), checkpoint, report)
    except OSError:
        raise
    except Exception as error:
        if ranks.count() > 1:
            raise
        return Outcome(run, "failed", said=f"{type(error).__name__}: {error}")
    if ranks.rank() == 0:
        records.save(place.records, record)
    return _ended(run, record, time.perf_counter() - started)


def _trained_together(
    own: Sequence[tuple[Run, Callable[[float], None]]], place: Place
) -> list[Outcome]:
    from experiments.environment import device_of
    from experiments.execution.stacked import Failure, NotStackableError, train_stacked

    def report(share: float) -> None:
        for _, say in own:
            say(share)

    runs, started = [run for run, _ in own], time.perf_counter()
    if len(runs) < 2:
        return [_trained(run, place, report) for run in runs]
    try:
        workload = find(runs[0].workload)
        scale = json.dumps(dict(runs[0].scale))
        task = _task(runs[0].workload, preset_name(workload, runs[0]), scale, place.data)
        found = train_stacked(runs, workload, task, device_of(place.device), report)
    except OSError:
        raise
    except NotStackableError as error:
        return [_by_itself(_trained(run, place, say), str(error)) for run, say in own]
    except Exception as error:
        return [Outcome(run, "failed", said=f"{type(error).__name__}: {error}") for run in runs]
    seconds, outcomes = (time.perf_counter() - started) / len(runs), []
    for run, record in zip(runs, found, strict=True):
        if isinstance(record, Failure):
            said = f"{type(record.error).__name__}: {record.error}"
            outcomes.append(Outcome(run, "failed", said=said))
        else:
            records.save(place.records, record)
            outcomes.append(_ended(run, record, seconds))
    return outcomes


def _ended(run: Run, record: records.Record, seconds: float) -> Outcome:
    said = record.run
    where = f"at step {said['diverged_at']}" if said["status"] == "diverged" else ""
    return Outcome(run, said["status"], record.epochs[-1]["test_score"], seconds, where)


@lru_cache(maxsize=2)
def _task(workload: str, preset: str, scale: str, data: Path | None) -> Task:
    return preset_of(find(workload), preset).at(json.loads(scale)).build(data)
