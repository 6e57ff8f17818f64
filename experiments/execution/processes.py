# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Carrying runs out: one by one, or in processes."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from experiments import ranks, records
from experiments.config import Run
from experiments.execution.building import problem, task_of
from experiments.execution.locks import BusyError, abandoned, claimed
from experiments.execution.packs import packs, reason_against
from experiments.files import UnwritableError
from experiments.logging_to import LogName
from experiments.workload import WorkloadError
from experiments.workloads import find
from momo.lookup import told

Status = Literal["done", "diverged", "busy", "found", "failed", "skipped"]
HERE = str(Path(__file__).parent)


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
    stack: int = 1
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
        it meanwhile; "failed": an error, which is no property of the method; "skipped": not tried,
        since the task of another run of the same workload and scale could not be built.
    score, seconds
        The last test score, and the time it took.
    said, trace
        The error, or at which step it diverged; the traceback of an error in the workload or the
        method, from where it is called.
    built
        Whether the task of the run was built.
    """

    run: Run
    status: Status
    score: float | None = None
    seconds: float = 0.0
    said: str = ""
    trace: str = ""
    built: bool = True


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

    Runs that other processes are doing are waited for at the end. Once the task of a run could not
    be built the others of the same workload and scale are not tried, and come last.

    Raises
    ------
    OSError
        If a record cannot be written, or a process was killed; runs in flight are given up.
    """
    busy: list[Run] = []
    skipped: list[Run] = []
    unbuilt: set[str] = set()

    def tried(work: Sequence[Sequence[Run]]) -> Iterator[Sequence[Run]]:
        for pack in work:  # whose runs are of one workload and scale
            if problem(pack[0]) in unbuilt:
                skipped.extend(pack)
            else:
                yield pack

    def seen(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        for outcome in outcomes:
            if outcome.status == "busy":
                busy.append(outcome.run)
            elif outcome.built:
                yield outcome
            elif problem(outcome.run) in unbuilt:  # it was begun before that was known
                skipped.append(outcome.run)
            else:
                unbuilt.add(problem(outcome.run))
                yield outcome

    work = packs(runs, place.stack)
    yield from seen(_all(tried(work), place, min(jobs, len(work)), wait=False))
    yield from seen(_all(tried(packs(tuple(busy), 1)), place, 1, wait=True))
    for run in skipped:
        yield Outcome(run, "skipped", said="its workload cannot be built", built=False)


def pending(runs: Iterable[Run], folder: Path) -> list[Run]:
    """Return the runs without a record, each once; records that are damaged are set aside."""
    there = records.finished(folder, damaged=records.set_aside)
    return list({run.id: run for run in runs if run.id not in there}.values())


def _all(work: Iterable[Sequence[Run]], place: Place, jobs: int, wait: bool) -> Iterator[Outcome]:
    if jobs <= 1:
        with threads(place.threads):
            for pack in work:
                yield from _performed(pack, place, wait)
        return
    import joblib
    from joblib.externals.loky import get_reusable_executor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    begun: dict[str, Run] = {}
    started = time.time()

    def calls() -> Iterator[object]:
        for pack in work:
            begun.update({run.id: run for run in pack})
            yield joblib.delayed(_in_process)(pack, place, wait)

    carried = joblib.Parallel(jobs, "loky", return_as="generator_unordered", batch_size=1)
    try:
        for outcomes in carried(calls()):
            yield from outcomes
    except BaseException as error:
        killed = isinstance(error, TerminatedWorkerError)
        # Locks tell which runs are given up only once all processes have ended.
        get_reusable_executor().shutdown(wait=killed, kill_workers=True)
        if killed:
            lost = [begun[run] for run in abandoned(place.records, begun, started)]
            raise ChildProcessError(_killed(str(error), lost, jobs)) from None
        raise


def _killed(said: str, lost: Sequence[Run], jobs: int) -> str:
    """Return what to say of a process that was killed, or of what runs it was one."""
    found = re.search(r"\bSIG[A-Z]+", said)
    how = f"a process was killed{f' by {found[0]}' if found else ''}"
    if len(lost) == 1:
        how += f" in the run {title(lost[0])}"
    elif lost:
        how += " in one of the runs " + "; ".join(map(title, lost))
    return (
        f"{how}: perhaps for want of memory; the same command goes on from here, with fewer"
        f" processes if --jobs is below {jobs}"
    )


def title(run: Run) -> str:
    """Return a run in a few words."""
    return f"{run.workload} {run.method} lr {run.lr:g} seed {run.seed}"


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
    path = records.path_of(place.records, run.id)
    return "found" if records.finished(path, damaged=records.set_aside) else "go"


def _trained(
    run: Run, place: Place, report: Callable[[float], None] = lambda share: None
) -> Outcome:
    from experiments.environment import device_of
    from experiments.execution.training import train
    from experiments.execution.watching import watching

    started = time.perf_counter()
    checkpoint = place.records / "checkpoints" / f"{run.id}.pt" if place.checkpoint else None
    task = None
    try:
        task, workload = task_of(run, place.data), find(run.workload)
        device, log = device_of(place.device), place.log if ranks.rank() == 0 else ()
        verbose = place.verbose and ranks.rank() == 0
        with watching(run, workload, place.records, log, verbose) as watch:
            how = {"diagnostics": place.diagnostics, "compile": place.compile}
            record = train(run, workload, task, device, checkpoint, report, watch, **how)
    except UnwritableError:
        raise
    except Exception as error:
        if ranks.count() > 1:
            raise
        return replace(_failed(run, error), built=task is not None)
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
    task = None
    try:
        task, workload = task_of(runs[0], place.data), find(runs[0].workload)
        found = train_stacked(runs, workload, task, device_of(place.device), report)
    except UnwritableError:
        raise
    except NotStackableError as error:
        return [_by_itself(_trained(run, place, say), str(error)) for run, say in own]
    except Exception as error:
        return [replace(_failed(run, error), built=task is not None) for run in runs]
    seconds, outcomes = (time.perf_counter() - started) / len(runs), []
    for run, record in zip(runs, found, strict=True):
        if isinstance(record, Failure):
            outcomes.append(_failed(run, record.error))
        else:
            records.save(place.records, record)
            outcomes.append(_ended(run, record, seconds))
    return outcomes


def _ended(run: Run, record: records.Record, seconds: float) -> Outcome:
    said = record.run
    where = f"at step {said['diverged_at']}" if said["status"] == "diverged" else ""
    return Outcome(run, said["status"], record.epochs[-1]["test_score"], seconds, where)


def _failed(run: Run, error: Exception) -> Outcome:
    if isinstance(error, WorkloadError):
        return Outcome(run, "failed", said=str(error))
    said = "".join(f"{type(error).__name__}: {error}".splitlines()[:1])
    return Outcome(run, "failed", said=said, trace=told(error, HERE, "<frozen importlib"))
