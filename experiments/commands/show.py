# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the commands print."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from experiments.execution import locks

if TYPE_CHECKING:
    from experiments.config import Run
    from experiments.execution.processes import Outcome

STYLES = {"done": "green", "diverged": "yellow", "failed": "bold red", "found": "dim"}


class Lines:
    """A line for every run that ends, and on a terminal a bar with the time left.

    Runs in flight count by the share of their steps that is done, so that the bar has the time left
    within a run too.

    Parameters
    ----------
    console
        Where lines go; the bar goes to the standard error.
    folder
        Of the records, where the runs in flight leave signs of life.
    todo
        The ids of the runs to do.
    found
        How many runs need not be done.
    """

    def __init__(
        self, console: Console, folder: Path, todo: Collection[str], found: int = 0
    ) -> None:
        self.console, self.folder, self.todo = console, folder, todo
        self.total, self.found, self.ended = len(todo) + found, found, 0
        self.recorded, self.traces = found, set[str]()
        self.skipped: Counter[str] = Counter()
        errors = Console(stderr=True)
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=errors,
            disable=console.quiet or not errors.is_terminal,
            transient=True,
        )
        # What is found is not counted: the time left is estimated from what is done now.
        self.task = self.progress.add_task("runs", total=len(todo))
        self.started = time.monotonic()
        self.stop = threading.Event()
        self.watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Lines:
        if self.found:
            runs = "runs" if self.total > 1 else "run"
            word = "have" if self.found > 1 else "has"
            self.console.print(f"{self.found} of {self.total} {runs} {word} a record already")
        self.progress.start()
        if not self.progress.disable:
            self.watcher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop.set()
        self.progress.stop()
        for workload, count in self.skipped.items():
            runs = "1 more run" if count == 1 else f"{count} more runs"
            self.console.print(f"{runs} of {workload} not tried: its task cannot be built")
        if isinstance(error, KeyboardInterrupt | OSError) and not self.console.quiet:
            print(
                f"{self.recorded} of {self.total} runs have a record in {self.folder}, which is"
                " kept; those in flight go on from a checkpoint, or begin anew",
                file=sys.stderr,
            )

    def __call__(self, outcome: Outcome) -> None:
        """Print the line of a run, and the traceback of an error that was not there before."""
        self.ended += 1
        self.progress.update(self.task, completed=self.ended)
        if outcome.status == "skipped":
            self.skipped[outcome.run.workload] += 1
            return
        self.recorded += outcome.status in ("done", "diverged", "found")
        count = f"{self.found + self.ended}/{self.total}"
        self.console.print(f"{count:>9}  {line(outcome)}{self._left()}")
        if outcome.trace and outcome.trace not in self.traces:
            self.traces.add(outcome.trace)
            self.console.print(outcome.trace, markup=False)

    def _left(self) -> str:
        """Return the time left, as the runs so far tell; the bar of a terminal has it too."""
        runs = self.total - self.found - self.ended
        if not self.progress.disable or not runs:
            return ""
        seconds = (time.monotonic() - self.started) / self.ended * runs
        return f"  {seconds / 60:.0f} min left" if seconds >= 60 else f"  {seconds:.0f} s left"

    def _watch(self) -> None:
        while not self.stop.wait(1.0):
            self.look()

    def look(self) -> None:
        """Move the bar to where the runs are."""
        done = self.ended + locks.shares(self.folder, self.todo)
        self.progress.update(self.task, completed=min(done, len(self.todo)))


def line(outcome: Outcome) -> str:
    """Return the line of a run, in rich's markup."""
    run, style = outcome.run, STYLES.get(outcome.status, "")
    status = f"[{style}]{outcome.status:8}[/]"
    what = f"{run.workload} {run.method:12} lr {run.lr:<8g} seed {run.seed}"
    score = "" if outcome.score is None else f"score {outcome.score:8.4g}"
    time = f"{outcome.seconds:6.1f} s" if outcome.seconds else ""
    said = outcome.said.replace("[", r"\[")
    return "  ".join(part for part in (status, what, score, time, said) if part)


def sum_up(runs: Sequence[Run], folder: Path, console: Console) -> None:
    """Print the summary of these runs."""
    import polars as pl

    from experiments import records
    from experiments.summary import show

    if not folder.is_dir():
        return
    ids = [run.id for run in runs]
    found = records.load(folder, damaged=records.left_out).of(pl.col("run").is_in(ids))
    if not found.runs.get_column("plain").any():
        # All have the same changes, so that among themselves they compare as plain runs do.
        found = replace(found, runs=found.runs.with_columns(plain=pl.lit(True)))
    if len(found.runs):
        show(found, console)
