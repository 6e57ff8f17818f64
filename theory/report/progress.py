# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How far a run of ``verify`` has come."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich import progress as bars
from rich.console import Console

from theory.controls import CONTROLS
from theory.methods import METHODS
from theory.outcomes import Outcome
from theory.plan import Task
from theory.report.summary import duration


def weight(task: Task) -> float:
    """Return how much of the work a task is, roughly: steps of runs, over methods."""
    one = task.long or task.control in CONTROLS
    return task.iterations * task.seeds * (1 if one else len(METHODS))


class Progress:
    """A bar over the tasks of a plan; a line every few seconds where there is no terminal.

    Use it as a context, and give it to `theory.verify.verify` as ``on_outcome``.

    Parameters
    ----------
    tasks
        `theory.plan.tasks` of the plan.
    console
        Where to show it; one on the standard error keeps a piped report clean.
    every
        Seconds between two lines where there is no terminal; inf for none.
    """

    def __init__(self, tasks: Sequence[Task], console: Console, every: float = 5.0) -> None:
        self.console, self.every = console, every
        self.count, self.done = len(tasks), 0
        self.total, self.work = sum(map(weight, tasks)), 0.0
        self.began = self.shown = time.monotonic()
        self.bar: bars.Progress | None = None
        if console.is_terminal:
            self.bar = bars.Progress(
                bars.BarColumn(bar_width=30),
                bars.TaskProgressColumn(),
                bars.TimeElapsedColumn(),
                bars.TextColumn("left:"),
                bars.TimeRemainingColumn(),
                bars.TextColumn("{task.description}", markup=False),
                console=console,
                transient=True,
            )
            self.row = self.bar.add_task("", total=self.total)

    def __enter__(self) -> Self:
        self.began = self.shown = time.monotonic()
        if self.bar is not None:
            self.bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, outcome: Outcome) -> None:
        """Take in that a task has ended."""
        self.done += 1
        self.work += weight(outcome.task)
        label = f"{self.done}/{self.count} {outcome.task.label}"
        if self.bar is not None:
            self.bar.update(self.row, completed=self.work, description=label)
            return
        now = time.monotonic()
        if now - self.shown >= self.every or (
            self.done == self.count and self.every < float("inf")
        ):
            self.shown = now
            spent = now - self.began
            left = spent * (self.total - self.work) / self.work
            line = f"{label}; {duration(spent)}, about {duration(left)} left"
            self.console.print(line, markup=False, highlight=False)
