# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Rounds in which others were busy do not count; nobody is really waited for here."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from momo.bench import quiet
from momo.bench.quiet import WINDOW, Patience, Usage, others, quiet_rounds, usage


class Machine:
    """One on which time passes only as rounds and waiting take it, and others are busy at times."""

    def __init__(self, busy: Callable[[float], bool], round_seconds: float = WINDOW) -> None:
        self.now = self.used = self.own = 0.0
        self.busy, self.round_seconds = busy, round_seconds
        self.cores = os.cpu_count() or 1

    def look(self) -> Usage:
        return Usage(self.now, self.used, self.own)

    def wait(self, seconds: float) -> None:
        self.used += self.cores * seconds * self.busy(self.now)
        self.now += seconds

    def measure(self, turn: int) -> list[float]:
        self.wait(self.round_seconds)
        self.own += self.round_seconds
        self.used += self.round_seconds
        return [float(turn)]

    def patience(self, seconds: float) -> Patience:
        return Patience(seconds, self.look, self.wait)


def test_on_a_quiet_machine_all_rounds_count() -> None:
    machine = Machine(lambda now: False)
    found = quiet_rounds(machine.measure, 3, machine.patience(10))
    assert (found.values, found.dropped, found.disturbed) == ([[0.0], [1.0], [2.0]], 0, 0)


def test_a_round_in_which_others_came_is_dropped_and_waited_after() -> None:
    machine = Machine(lambda now: 2.5 * WINDOW < now < 5 * WINDOW)
    patience = machine.patience(10)
    found = quiet_rounds(machine.measure, 3, patience)
    # waited for a window, then rounds at 1, 2 (not disturbed at their start), 3 (dropped) ...
    assert (found.values, found.dropped, found.disturbed) == ([[0.0], [1.0], [3.0]], 1, 0)
    assert patience.seconds == pytest.approx(10 - 2 * WINDOW)


def test_patience_ends() -> None:
    machine = Machine(lambda now: True)
    found = quiet_rounds(machine.measure, 2, machine.patience(3 * WINDOW))
    assert (len(found.values), found.dropped, found.disturbed) == (2, 0, 2)
    assert machine.now == pytest.approx(5 * WINDOW)


def test_short_rounds_are_judged_together() -> None:
    machine = Machine(lambda now: False, WINDOW / 8)
    assert len(quiet_rounds(machine.measure, 3, machine.patience(1)).values) == 8


def test_without_patience_nobody_is_watched() -> None:
    machine = Machine(lambda now: True)
    found = quiet_rounds(machine.measure, 2, machine.patience(0))
    assert (len(found.values), found.dropped, found.disturbed) == (2, 0, 0)
    assert machine.now == pytest.approx(2 * WINDOW)


def test_our_own_use_is_not_that_of_others() -> None:
    """A process that works alone for half a second is not taken for another.

    The system counts hundredths of a second on each core, so it may be off by one of each.
    """
    before = usage()
    if before.busy is None:
        pytest.skip("the system does not say what its cores are used for")
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        pass
    after = usage()
    assert after.own - before.own > 0.1
    whole = (after.busy or 0) - before.busy
    assert whole >= after.own - before.own - 0.01 * (os.cpu_count() or 1)
    alone = Usage(before.time, before.busy, before.own - whole)  # as if all of it were ours
    assert others(alone, after) == 0


def test_where_the_system_does_not_say_the_load_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quiet, "STATISTICS", tmp_path / "none")
    assert usage().busy is None
    cores = os.cpu_count() or 1
    monkeypatch.setattr(os, "getloadavg", lambda: (3.0 + cores, 0.0, 0.0), raising=False)
    assert others(Usage(0, None, 0), Usage(1, None, 2)) == pytest.approx((1 + cores) / cores)
    monkeypatch.delattr(os, "getloadavg")
    assert others(Usage(0, None, 0), Usage(1, None, 2)) == 0
