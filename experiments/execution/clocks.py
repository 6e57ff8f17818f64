# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How the time of a run is measured: of its optimizer, and where several runs share it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Timed(Protocol):
    """What keeps the time of an optimizer."""

    optimizer_time: float


@dataclass
class Timer:
    """Adds ``weight`` times the time inside it to the time of the optimizer."""

    progress: Timed
    weight: int
    wait: Callable[[], None]
    started: float = 0.0

    def __enter__(self) -> None:
        self.wait()
        self.started = time.perf_counter()

    def __exit__(self, *reason: object) -> None:
        self.wait()
        self.progress.optimizer_time += self.weight * (time.perf_counter() - self.started)


class SharedClock:
    """Time that several runs share: while there are n of them it is n times as slow.

    So the times of the runs add up to the time that passed.

    Parameters
    ----------
    users
        How many runs share the time at first.
    """

    def __init__(self, users: int) -> None:
        self.users = users
        self.seconds, self.last = 0.0, time.perf_counter()

    def __call__(self) -> float:
        """Return the seconds so far of one of the runs."""
        now = time.perf_counter()
        self.seconds += (now - self.last) / self.users
        self.last = now
        return self.seconds

    def share(self, users: int) -> None:
        """Let so many runs share the time from now on."""
        self()
        self.users = users
