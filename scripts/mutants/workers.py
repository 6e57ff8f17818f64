# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any, NoReturn

import pytest

from scripts.mutants import patching
from scripts.mutants.baseline import Baseline
from scripts.mutants.sites import Mutant
from scripts.mutants.suite import Suite, Work, first_failure, print_to, run


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
    limit
        How many seconds of tests a mutant is put to; the likeliest to notice come first.
    patience
        How many seconds a test may take beyond so many times what it took before.
    """

    modules: dict[str, Path]
    baseline: Baseline
    arguments: list[str]
    store: Callable[[Mutant, Result], None]
    log: Path
    limit: float
    patience: float

    def changed(self, mutant: Mutant) -> bytes:
        """Return the source of the mutant's module."""
        return mutant.source(self.modules[mutant.module].read_bytes())

    def live(self, mutant: Mutant) -> bool:
        """Return whether a running program can take the mutant up."""
        called = any((mutant.module, mutant.function) in c for c in self.baseline.calls.values())
        return mutant.live and (called or not self.imported(mutant))

    def imported(self, mutant: Mutant) -> bool:
        """Return whether its function is called while modules are imported, and may leave marks."""
        outer = mutant.function.partition(".<locals>")[0]
        names = {(mutant.module, outer), (mutant.module, mutant.function)}
        return bool(names & self.baseline.imported)


class Order:
    """Which tests come first: those that are likely to notice, for the time that they take."""

    def __init__(self, job: Job) -> None:
        self.baseline, self.limit = job.baseline, job.limit
        self.kills: dict[tuple[str, ...], Counter[str]] = {}
        self.runs: Counter[str] = Counter()

    def of(self, mutant: Mutant) -> tuple[list[str], int]:
        """Return tests that call the function, as many as time allows, and how many do."""
        near = self._kills(mutant.module, mutant.function)
        far, files = self._kills(mutant.module), self._kills()

        def worth(test: str) -> float:
            file = _file(test)
            rate = (files[file] + 0.5) / (self.runs[file] + 10)
            kills = 20 * near[test] + far[test] + rate
            return kills / (self.baseline.seconds[test] + 0.02)

        alike = Counter[str]()
        ranked: dict[str, float] = {}
        called = self.baseline.tests_of(mutant.module, mutant.function if mutant.live else "")
        for test in sorted(called, key=worth)[::-1]:
            # One case of each test before the second of any: cases mostly notice the same.
            ranked[test] = worth(test) / (1 + alike[_name(test)])
            alike[_name(test)] += 1
        every = sorted(ranked, key=ranked.__getitem__, reverse=True)
        spent = accumulate(self.baseline.seconds[test] for test in every)
        chosen = [t for t, s in zip(every, spent, strict=True) if s <= self.limit]
        return chosen, len(every)

    def learn(self, mutant: Mutant, tests: list[str], killer: str | None) -> None:
        """Remember which tests ran, and which of them noticed."""
        if killer is not None and killer not in self.baseline.seconds:
            return
        ran = tests if killer is None else tests[: tests.index(killer) + 1]
        self.runs.update(_file(test) for test in ran)
        if killer is not None:
            self._kills(mutant.module, mutant.function)[killer] += 1
            self._kills(mutant.module)[killer] += 1
            self._kills()[_file(killer)] += 1

    def _kills(self, *place: str) -> Counter[str]:
        return self.kills.setdefault(place, Counter())


def _file(test: str) -> str:
    return test.partition("::")[0]


def _name(test: str) -> str:
    return test.partition("[")[0]


def carry_out_all(job: Job, mutants: list[Mutant], jobs: int) -> None:
    """Break each thing, in several processes at a time."""
    # Neighbours together: which test noticed one is a good guess for the next.
    size = -(-len(mutants) // jobs)
    parts = [mutants[i : i + size] for i in range(0, len(mutants), size)]
    processes = [_forked(partial(_part, job, part)) for part in parts]
    for process in processes:
        _told(process)


def _part(job: Job, mutants: list[Mutant], tell: Callable[[Any], None]) -> None:
    carry_out(job, mutants)


def in_a_fork(work: Callable[[], object], log: Path) -> None:
    """Do something in a process of its own, which prints to a file."""

    def printed(tell: Callable[[Any], None]) -> None:
        print_to(log)
        work()

    _told(_forked(printed))


def carry_out(job: Job, mutants: list[Mutant]) -> None:
    """Break each thing in turn; in a process that has not imported the modules."""
    live = [mutant for mutant in mutants if job.live(mutant)]
    survived: set[tuple[str, str, str]] = set()
    if live:
        reader = _forked(lambda tell: _serve(job, live, tell))
        survived = {tuple(message["again"]) for message in _told(reader)}
    order = Order(job)
    for mutant in mutants:
        if mutant.key in survived or not job.live(mutant):
            job.store(mutant, _tried(job, mutant, order, partial(_fresh, job, mutant)))


def _serve(job: Job, mutants: list[Mutant], tell: Callable[[Any], None]) -> None:
    """Collect all tests, and fork for each mutant; tell of those to be tried as modules load."""
    order = Order(job)
    print_to(job.log)

    def make(suite: Suite) -> Work:
        def work(items: dict[str, pytest.Item]) -> None:
            gc.collect()
            gc.freeze()
            for mutant in mutants:
                trial = partial(_live, job, mutant, suite, items)
                result = _tried(job, mutant, order, trial)
                if not result.killed and job.imported(mutant):
                    tell({"again": mutant.key})
                else:
                    job.store(mutant, result)

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


def _tried(job: Job, mutant: Mutant, order: Order, make: Trial) -> Result:
    tests, count = order.of(mutant)
    start = time.perf_counter()
    killed, by = _outcome(job, make(tests)) if tests else (False, "")
    order.learn(mutant, tests, by if killed else None)
    if not killed:
        by = f"{len(tests)} of {count} tests"
    return Result(mutant.key, killed, by, round(time.perf_counter() - start, 2))


def _outcome(job: Job, trial: Callable[[Callable[[str], None]], str | None]) -> tuple[bool, str]:
    """Run a trial in a fork; return whether a test failed, and which, or what else happened."""

    def tried(tell: Callable[[Any], None]) -> None:
        print_to(Path(os.devnull))
        failed = trial(lambda test: tell({"started": test}))
        tell({"failed": failed})

    pid, reader = _forked(tried)
    current, buffer = "", b""
    try:
        while True:
            limit = job.patience * (1 + job.baseline.seconds.get(current, 5.0))
            if not select.select([reader], [], [], limit)[0]:
                return True, f"timeout in {current}"
            data = os.read(reader, 65536)
            if not data:
                return True, f"crash in {current}"
            *lines, buffer = (buffer + data).split(b"\n")
            for message in map(json.loads, lines):
                if "failed" in message:
                    failed = message["failed"]
                    return failed is not None, failed or ""
                current = message["started"]
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


def _told(process: tuple[int, int]) -> list[Any]:
    """Wait for a process to end, and return what it told."""
    pid, reader = process
    data = b""
    try:
        while more := os.read(reader, 65536):
            data += more
    finally:
        os.close(reader)
        _end(pid)
    return [json.loads(line) for line in data.splitlines()]


def _end(pid: int) -> None:
    """End a process that this one has started, with all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
