# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``throughput``: steps per second and peak memory of a workload, and the hours of its runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from experiments.commands.options import Selection


@dataclass(frozen=True)
class ThroughputCommand:
    """Time some steps of each method, and say how many hours its runs would take on this device.

    Hours are steps over steps per second, without evaluation. Data that are not there are noise of
    their shape.
    """

    workload: Annotated[str, tyro.conf.Positional]
    """See `list`."""
    selection: tyro.conf.OmitArgPrefixes[Selection]
    """As for `run`; each method is timed once, with its first learning rate and seed."""
    steps: int = 30
    """How many are timed."""
    device: str = "auto"
    """auto (the GPU if there is one), cpu, cuda, cuda:1, ..."""
    threads: int = 1
    """Of torch."""
    data: Path | None = None
    """The folder of the data sets."""
    out: Path | None = None
    """Write what was measured to this file too, as JSON."""

    def run(self) -> int:
        """Print a row for a method."""
        import json
        from collections import Counter
        from dataclasses import asdict

        from rich.console import Console
        from rich.table import Table

        from experiments.environment import device_of
        from experiments.execution.processes import threads
        from experiments.files import write
        from experiments.throughput import measure

        runs = self.selection.runs(self.workload)
        counts = Counter(run.method for run in runs)
        device = device_of(self.device)
        columns = ("method", "parameters", "steps/s", "peak MiB", "steps a run", "hours a run")
        table, found = Table(*columns, "runs", "hours"), []
        total: float | None = 0.0
        for method in counts:
            run = next(run for run in runs if run.method == method)
            with threads(self.threads):
                each = measure(run, device, self.steps, self.data)
            hours = None if each.hours is None else counts[method] * each.hours
            total = None if hours is None or total is None else total + hours
            found.append({**asdict(each), "runs": counts[method], "hours": hours})
            table.add_row(
                method,
                f"{each.parameters:,}",
                f"{each.steps_per_second:.3g}",
                f"{each.peak_memory / 2**20:.0f}",
                _said(each.run_steps),
                _said(each.hours),
                str(counts[method]),
                _said(hours),
            )
        console = Console(highlight=False)
        console.width = max(console.width, 100)
        data = "the data set" if each.real_data else "noise of the shape of the data set"
        console.print(f"{self.workload} on {each.device}, {each.precision}, {data}")
        console.print(table)
        console.print(f"all runs: {_said(total)} hours on this device")
        if self.out is not None:
            write(self.out, json.dumps(found, indent=1).encode())
        return 0


def _said(value: float | None) -> str:
    if value is None:
        return "unknown"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"
