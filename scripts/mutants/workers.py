"""Processes that break one thing each: a warm one that has all tests collected forks for each.

A *live* mutant, in the body of a function, is put into a fork of a process that has collected the
tests: only the tests themselves take time. A mutant of what happens when a module is imported needs
a fork of a process that has not imported it yet, which then collects the tests that matter.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from scripts.mutants import patching
from scripts.mutants.baseline import Baseline
from scripts.mutants.sites import Mutant
from scripts.mutants.suite import Suite, Work, first_failure, print_to, run

PATIENCE = 10.0
"""How many seconds a test may take beyond so many times what it took before."""


@dataclass(frozen=True)
class Result:
    """What came of a mutant.

    Attributes
    ----------
    key
        The mutant.
    killed
        Whether a test noticed.
    by
        Which, or what happened instead; of a survivor, how many tests it survived.
    seconds
        How long it took.
    """

    key: tuple[str, str, str]
    killed: bool
    by: str
    seconds: float


@dataclass(frozen=True)
class Job:
    """What all processes share.

    Attributes
    ----------
    modules
        The files of the modules, by name.
    baseline
        What is known of the tests.
    arguments
        Pytest's, without options that `scripts.mutants.suite` sets.
    store
        What to do with a result; called in some process.
    log
        Where the processes write what pytest prints while it collects.
    """

    modules: dict[str, Path]
    baseline: Baseline
    arguments: list[str]
    store: Callable[[Mutant, Result], None]
    log: Path

    def changed(self, mutant: Mutant) -> bytes:
        """Return the source of the mutant's module."""
        return mutant.source(self.modules[mutant.module].read_bytes())

    def live(self, mutant: Mutant) -> bool:
        """Return whether a running program can take the mutant up."""
        outer = mutant.function.partition(".<locals>")[0]
        called = {
            function for module, function in self.baseline.imported if module == mutant.module
        }
        return mutant.live and not {outer, mutant.function} & called


class Order:
    """Which tests come first: those that are likely to notice, for the time that they take."""

    def __init__(self, baseline: Baseline) -> None:
        self.baseline = baseline
        self.kills: dict[tuple[str, ...], Counter[str]] = {}

    def of(self, mutant: Mutant) -> list[str]:
        """Return the tests that call the function."""
        near = self.kills.get((mutant.module, mutant.function), Counter())
        far = self.kills.get((mutant.module,), Counter())

        def worth(test: str) -> float:
            seconds = self.baseline.seconds[test]
            return (20 * near[test] + far[test] + 0.1) / (seconds + 0.02)

        return sorted(self.baseline.tests_of(mutant.module, mutant.function), key=worth)[::-1]

    def learn(self, mutant: Mutant, test: str) -> None:
        """Remember which test noticed a mutant."""
        for place in ((mutant.module, mutant.function), (mutant.module,)):
            self.kills.setdefault(place, Counter())[test] += 1


def carry_out_all(job: Job, mutants: list[Mutant], jobs: int) -> None:
    """Break each thing, in several processes at a time."""
    # Neighbours together: which test noticed one is a good guess for the next.
    size = -(-len(mutants) // jobs)
    parts = [mutants[i : i + size] for i in range(0, len(mutants), size)]
    processes = [_forked(lambda tell, part=part: carry_out(job, part)) for part in parts]
    for process in processes:
        _wait(process)


def in_a_fork(work: Callable[[], object], log: Path) -> None:
    """Do something in a process of its own, which prints to a file."""

    def printed(tell: Callable[[Any], None]) -> None:
        print_to(log)
        work()

    _wait(_forked(printed))


def carry_out(job: Job, mutants: Iterable[Mutant]) -> None:
    """Break each thing in turn; in a process that has not imported the modules."""
    mutants = list(mutants)
    live = [mutant for mutant in mutants if job.live(mutant)]
    if live:
        _wait(_forked(lambda tell: _serve(job, live)))
    order = Order(job.baseline)
    for mutant in mutants:
        if not job.live(mutant):
            _try(job, mutant, order, lambda tests, m=mutant: _fresh(job, m, tests))


def _serve(job: Job, mutants: list[Mutant]) -> None:
    """Collect all tests, and fork for each mutant."""
    order = Order(job.baseline)
    print_to(job.log)

    def make(suite: Suite) -> Work:
        def work(items: dict[str, pytest.Item]) -> None:
            gc.collect()
            gc.freeze()
            for mutant in mutants:
                _try(job, mutant, order, lambda tests, m=mutant: _live(job, m, suite, items, tests))

        return work

    run(job.arguments, make)


Trial = Callable[[list[str]], Callable[[Callable[[str], None]], str | None]]


def _live(
    job: Job, mutant: Mutant, suite: Suite, items: dict[str, pytest.Item], tests: list[str]
) -> Callable[[Callable[[str], None]], str | None]:
    def trial(started: Callable[[str], None]) -> str | None:
        path = str(job.modules[mutant.module])
        patching.exchange(mutant.module, path, job.changed(mutant), mutant.function)
        return first_failure(suite, [items[test] for test in tests if test in items], started)

    return trial


def _fresh(
    job: Job, mutant: Mutant, tests: list[str]
) -> Callable[[Callable[[str], None]], str | None]:
    def trial(started: Callable[[str], None]) -> str | None:
        patching.import_as(mutant.module, job.changed(mutant))
        found: list[str | None] = []
        files = sorted({test.partition("::")[0] for test in tests})

        def make(suite: Suite) -> Work:
            def work(items: dict[str, pytest.Item]) -> None:
                chosen = [items[test] for test in tests if test in items]
                found.append(first_failure(suite, chosen, started))

            return work

        started("")
        options = [a for a in job.arguments if not a.startswith("tests/")]
        run([*files, *options], make)
        return found[0] if found else "collecting the tests"

    return trial


def _try(job: Job, mutant: Mutant, order: Order, make: Trial) -> None:
    tests = order.of(mutant)
    start = time.perf_counter()
    killed, by = _outcome(make(tests), job.baseline) if tests else (False, "no test calls it")
    if killed and by in job.baseline.seconds:
        order.learn(mutant, by)
    result = Result(mutant.key, killed, by, round(time.perf_counter() - start, 2))
    job.store(mutant, result)


def _outcome(
    trial: Callable[[Callable[[str], None]], str | None], baseline: Baseline
) -> tuple[bool, str]:
    """Run a trial in a fork; return whether a test failed, and which, or what else happened."""

    def tried(tell: Callable[[Any], None]) -> None:
        print_to(Path(os.devnull))
        failed = trial(lambda test: tell({"started": test}))
        tell({"failed": failed})

    pid, reader = _forked(tried)
    current, count, buffer = "", 0, b""
    try:
        while True:
            limit = PATIENCE * (1 + baseline.seconds.get(current, 5.0))
            if not select.select([reader], [], [], limit)[0]:
                return True, f"timeout in {current}"
            data = os.read(reader, 65536)
            if not data:
                return True, f"crash in {current}"
            *lines, buffer = (buffer + data).split(b"\n")
            for message in map(json.loads, lines):
                if "failed" in message:
                    failed = message["failed"]
                    return failed is not None, failed or f"{count} tests"
                current, count = message["started"], count + bool(message["started"])
    finally:
        os.close(reader)
        _end(pid)


def _forked(work: Callable[[Callable[[Any], None]], None]) -> tuple[int, int]:
    """Fork a process of its own group that does the work, and may tell what it does."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reader)
        _leave(work, writer)
    os.close(writer)
    return pid, reader


def _leave(work: Callable[[Callable[[Any], None]], None], writer: int) -> NoReturn:
    os.setsid()
    code = 1
    try:
        work(lambda message: _write(writer, json.dumps(message).encode() + b"\n"))
        code = 0
    except BaseException as error:  # a fork must never go on with its parent's work
        print(f"mutants: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _wait(process: tuple[int, int]) -> None:
    pid, reader = process
    try:
        while os.read(reader, 4096):
            pass
    finally:
        os.close(reader)
        _end(pid)


def _end(pid: int) -> None:
    """End a process that this one has started, with all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
