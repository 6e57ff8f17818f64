# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command ``python -m theory worst-case``; every import that takes time waits for its run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from theory.files import try_folder

if TYPE_CHECKING:
    from theory.worst_case.ascent import Found
    from theory.worst_case.certify import Outcome
    from theory.worst_case.growth import Growth
    from theory.worst_case.setting import Setting


@dataclass(frozen=True)
class WorstCase:
    """Certify the stored worst cases and replay them; or search for worse ones (`search`).

    Exit status 1 if one is not certified, not replayed, or outside the proven bounds.
    """

    action: Annotated[Literal["certify", "search"], tyro.conf.Positional] = "certify"
    """certify: under a minute. search: goes on from what is stored, and only ever improves it."""
    betas: tuple[float, ...] = ()
    """Values of β; default: all that are stored, or that the search looks for."""
    iterations: tuple[int, ...] = ()
    """Values of K; default: the same."""
    groups: tuple[str, ...] = ()
    """Names such as lipschitz_best_from_first, see theory/worst_case/data; default: all."""
    jobs: int | None = None
    """Processes; default: one for each core."""
    details: bool = False
    """Whether to compare every K with the bounds, not the largest alone."""
    out: Path | None = None
    """Also draw the figures into this folder."""
    minutes: float = 10.0
    """How long to search."""
    starts: int = 4
    """Random starts of the search for each setting and round."""
    seed: int = 0
    """Of the first round; another seed looks elsewhere."""
    data: Path | None = None
    """Where the steps are stored; default: theory/worst_case/data."""

    def run(self) -> int:
        """Return the exit status."""
        from theory.problems.arguments import positive, whole

        if self.jobs is not None:
            whole(1, jobs=self.jobs)
        whole(0, starts=self.starts, seed=self.seed)
        positive(minutes=self.minutes)
        if self.out is not None:
            try_folder("out", self.out)
        return self._search() if self.action == "search" else self._certify()

    def certified(self) -> list[Outcome]:
        """Certify what is stored and chosen, the progress shown on the standard error."""
        import joblib
        from rich.console import Console

        from theory.worst_case.certify import certify_all, select
        from theory.worst_case.store import FOLDER, Store

        store = Store(FOLDER if self.data is None else self.data)
        jobs = joblib.cpu_count() if self.jobs is None else self.jobs
        found = select(store, self.betas, self.iterations, self.groups)
        if not found:
            raise ValueError("nothing is stored for this choice; allowed: see theory/worst_case")
        with Counter(len(found), Console(stderr=True)) as count:
            return certify_all(found, jobs, lambda outcome: count(outcome.setting.label))

    def grown(self) -> list[Growth]:
        """Check and run the traps; none where only some of the stored settings are chosen."""
        import joblib

        from theory.worst_case.growth import growth

        if self.betas or self.iterations or self.groups:
            return []
        return growth(joblib.cpu_count() if self.jobs is None else self.jobs)

    def _certify(self) -> int:
        from theory.report.terminal import make_console
        from theory.report.worst_case_plots import figures
        from theory.report.worst_cases import show

        outcomes, console = self.certified(), make_console()
        grown = self.grown()
        show(outcomes, console, self.details, grown)
        if self.out is not None:
            from theory.report.plots import save

            for path in save(figures(outcomes), self.out):
                console.print(str(path))
        good = all(outcome.good for outcome in outcomes) and all(trap.good for trap in grown)
        return 0 if good else 1

    def _search(self) -> int:
        import joblib
        from rich.console import Console

        from theory.worst_case.search import choose, run
        from theory.worst_case.store import FOLDER, Store

        store = Store(FOLDER if self.data is None else self.data)
        jobs = joblib.cpu_count() if self.jobs is None else self.jobs
        chosen = choose(self.betas, self.iterations, self.groups)
        console, began = Console(stderr=True, highlight=False), time.monotonic()

        def report(turn: int, setting: Setting, found: Found, better: bool) -> None:
            spent = time.monotonic() - began
            mark = " better" if better else ""
            line = f"{spent:6.0f} s  round {turn}  {setting.label}: {found.value:.8f}{mark}"
            console.print(line, markup=False)

        improved = run(chosen, store, self.minutes, jobs, self.starts, self.seed, report)
        console.print(f"{improved} improvements stored in {store.folder}", markup=False)
        return 0


class Counter:
    """A bar over so many tasks; a line every few seconds where there is no terminal."""

    def __init__(self, total: int, console: Any, every: float = 5.0) -> None:
        from rich import progress as bars

        self.console, self.total, self.every, self.done = console, total, every, 0
        self.shown = time.monotonic()
        self.bar: Any = None
        if console.is_terminal:
            self.bar = bars.Progress(
                bars.BarColumn(bar_width=30),
                bars.MofNCompleteColumn(),
                bars.TimeElapsedColumn(),
                bars.TextColumn("{task.description}", markup=False),
                console=console,
                transient=True,
            )
            self.row = self.bar.add_task("", total=total)

    def __enter__(self) -> Callable[[str], None]:
        if self.bar is not None:
            self.bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, label: str) -> None:
        """Take in that a task has ended."""
        self.done += 1
        if self.bar is not None:
            self.bar.update(self.row, completed=self.done, description=label)
        elif time.monotonic() - self.shown >= self.every or self.done == self.total:
            self.shown = time.monotonic()
            line = f"{self.done}/{self.total} {label}"
            self.console.print(line, markup=False, highlight=False)
