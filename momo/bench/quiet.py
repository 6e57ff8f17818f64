# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Whether the machine is quiet: rounds in which other processes were busy do not count.

What a step takes is as much as what others leave: where one thread of two has to wait for a core,
both do, at each of torch's barriers, and a step takes ten times as long.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

STATISTICS = Path("/proc/stat")
BUSY = (0, 1, 2, 5, 6, 7)
"""user, nice, system, irq, softirq and steal, among the columns of `STATISTICS`."""
WINDOW = 0.25
"""Seconds over which others are watched at least: the system counts in hundredths."""
ALLOWED = 0.08
"""The share of all cores that others may use."""


@dataclass(frozen=True)
class Usage:
    """Seconds: the time, what all cores were used since the start, and what we used of it.

    ``busy`` is None where the system does not say.
    """

    time: float
    busy: float | None
    own: float


def usage() -> Usage:
    """Return the usage until now."""
    try:
        numbers = STATISTICS.read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
        busy = sum(int(numbers[i]) for i in BUSY) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        busy = None
    return Usage(time.monotonic(), busy, _own())


def _own() -> float:
    found = os.times()
    return found.user + found.system


def others(before: Usage, after: Usage) -> float:
    """Return which share of all cores other processes used in between, at least 0.

    Where the system does not say it is that of the processes that wait for a core or have one, in
    the mean of the last minute, beyond our threads; where it does not say that, 0.
    """
    cores = os.cpu_count() or 1
    elapsed, own = after.time - before.time, after.own - before.own
    if before.busy is not None and after.busy is not None:
        used = after.busy - before.busy
        return max(0.0, used - own) / (elapsed * cores) if elapsed > 0 else 0.0
    try:
        return max(0.0, os.getloadavg()[0] - max(1.0, own / elapsed)) / cores
    except (OSError, AttributeError, ZeroDivisionError):
        return 0.0


@dataclass
class Patience:
    """How long may be spent on rounds that do not count, and on waiting until all is quiet.

    Attributes
    ----------
    seconds
        What is left; 0: all rounds count, and nobody is watched.
    look
        Returns the usage until now.
    wait
        Waits for so many seconds.
    """

    seconds: float = 0.0
    look: Callable[[], Usage] = usage
    wait: Callable[[float], None] = time.sleep

    def until_quiet(self) -> None:
        """Wait until others are quiet, or patience ends."""
        while self.seconds > 0:
            before = self.look()
            self.wait(WINDOW)
            after = self.look()
            if others(before, after) <= ALLOWED:
                return
            self.seconds -= after.time - before.time


@dataclass
class Rounds:
    """What was measured.

    Attributes
    ----------
    values
        Of each round that counts, one number for each contestant.
    dropped
        How many rounds were measured and do not count.
    disturbed
        How many of those that count others may have disturbed.
    """

    values: list[list[float]] = field(default_factory=list)
    dropped: int = 0
    disturbed: int = 0


def quiet_rounds(measure: Callable[[int], list[float]], wanted: int, patience: Patience) -> Rounds:
    """Measure round by round, until as many count as are wanted.

    Rounds are judged together that make up a `WINDOW`, so there may be more of short ones.

    Parameters
    ----------
    measure
        Measures a round, of which it is given the number from 0.
    wanted
        How many are to count.
    patience
        What may be spent on others.
    """
    found, turn = Rounds(), 0
    if patience.seconds <= 0:
        found.values = [measure(turn) for turn in range(wanted)]
        return found
    patience.until_quiet()
    while len(found.values) < wanted:
        before = after = patience.look()
        window: list[list[float]] = []
        while not window or after.time - before.time < WINDOW:
            window.append(measure(turn))
            turn, after = turn + 1, patience.look()
        noisy = others(before, after) > ALLOWED
        if noisy and patience.seconds > 0:
            found.dropped += len(window)
            patience.seconds -= after.time - before.time
            patience.until_quiet()
            continue
        found.values += window
        found.disturbed += len(window) if noisy else 0
    return found
