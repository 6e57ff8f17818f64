# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``bench``: what the runner costs beside a loop by hand, and what a second worker gains."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Bench:
    """Time a run against the same loop by hand with torch's Adam, and one worker against several.

    What is compared runs in turn, in one process with one thread; ratios are medians of pairs.
    """

    methods: tuple[str, ...] = ("adam", "momo_adam", "sgd_m", "momo")
    """Methods of the runner that are timed beside the loop by hand."""
    epochs: int = 10
    """Of a run on MNIST (or on noise of its shape, where MNIST is not there)."""
    rounds: int = 3
    """How many pairs."""
    workers: int = 2
    """Of the sweep that is compared with one worker; 1: no such comparison."""
    runs: int = 16
    """How many runs that sweep has."""
    data: Path | None = None
    """The folder of the data sets."""

    def run(self) -> int:
        """Print the ratios."""
        from rich.console import Console
        from rich.table import Table

        from experiments import bench
        from experiments.optimizers import find

        for name in ("epochs", "rounds", "workers", "runs"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} = {getattr(self, name)}; allowed: at least 1")
        for method in self.methods:
            find(method)
        console, status = Console(highlight=False), Console(stderr=True)
        setting = bench.mnist(self.data, self.epochs)
        console.print(setting.title)
        table = Table("runner", "seconds", "by hand, Adam", "ratio")
        for method in self.methods:
            with status.status(method):
                pair = bench.against_hand(setting, method, self.rounds)
            table.add_row(method, f"{pair.ours:.2f}", f"{pair.other:.2f}", f"{pair.ratio:.2f}")
        console.print(table)
        if self.workers > 1:
            with status.status(f"{self.runs} runs, 1 and {self.workers} workers"):
                pair = bench.workers(setting, self.workers, self.runs, self.rounds)
            console.print(
                f"{self.runs} runs: {pair.other:.1f} s with one worker, {pair.ours:.1f} s with"
                f" {self.workers}: {1 / pair.ratio:.2f} times as fast"
            )
        return 0
