# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The tables of ``list`` and ``status``."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.table import Table


def show_lists(data: Path | None) -> None:
    """Print what there is to run."""
    from experiments.data import DATASETS, available
    from experiments.optimizers import OPTIMIZERS
    from experiments.schedules import SCHEDULES
    from experiments.studies import STUDIES
    from experiments.workloads import WORKLOADS

    console = Console(highlight=False)
    table = _table("Workloads", "workload", "", "paper scale", "small scale")
    for name, listed in WORKLOADS.items():
        names = (listed.paper, listed.small)
        cells = ["" if each is None else _with_state(each, available(each, data)) for each in names]
        table.add_row(name, listed.title, *cells)
    console.print(table)
    console.print("Data: [green]✓[/] is there; others: python -m experiments data NAME\n")
    table = _table("Studies", "study", "question")
    for study in STUDIES.values():
        table.add_row(study.name, study.question)
    console.print(table)
    table = _table("Methods", "method", "", "learning rates", "needs")
    for entry in OPTIMIZERS.values():
        rates = f"{entry.row.grid[0]:g} … {entry.row.grid[-1]:g}"
        table.add_row(entry.name, entry.row.title, rates, entry.package or "")
    console.print(table)
    console.print(f"Schedules: {', '.join(SCHEDULES)}")
    fetched = [name for name, each in DATASETS.items() if not each.vendored]
    console.print(f"Data sets besides the vendored slices: {', '.join(fetched)}")


def show_workload(name: str) -> None:
    """Print where a workload is from, its presets, and how "paper" differs from the paper."""
    from experiments.workloads import find

    workload, console = find(name), Console(highlight=False)
    console.print(f"{workload.title}: {workload.source}\n", soft_wrap=False)
    table = _table("Presets", "preset", "data", "epochs", "batch", "schedule", "decay", "f_*")
    for preset, each in workload.presets.items():
        warmup = f", warm-up {100 * each.warmup:g} %" if each.warmup else ""
        cells = (", ".join(each.data), str(each.epochs), str(each.batch_size))
        settings = (each.schedule + warmup, f"{each.weight_decay:g}", f"{each.lb:g}")
        table.add_row(preset, *cells, *settings)
    console.print(table)
    if workload.differences is None:
        console.print("The paper has no such experiment.")
        return
    table = _table("How the preset paper differs from the paper", "what", "here", "there", "why")
    for row in workload.differences:
        table.add_row(*row, end_section=True)
    console.print(table)


def _table(title: str, name: str, *others: str) -> Table:
    """Return a table whose first column, which is typed in commands, is never cut."""
    table = Table(title=title or None)
    table.add_column(name, no_wrap=True)
    for other in others:
        table.add_column(other)
    return table


def _with_state(name: str, missing: str | None) -> str:
    return f"{name} [green]✓[/]" if missing is None else f"[dim]{name}[/]"


def show_status(folder: Path) -> None:
    """Print how many runs there are, and which are in flight."""
    import polars as pl

    from experiments import records
    from experiments.execution.locks import in_flight

    console = Console(highlight=False)
    runs = records.load(folder, damaged=records.left_out).runs
    table = _table("", "workload", "preset", "method")
    for column in ("runs", "done", "diverged", "minutes"):
        table.add_column(column, justify="right")
    counts = runs.group_by("workload", "preset", "method", maintain_order=True).agg(
        pl.len().alias("runs"),
        (pl.col("status") == "done").sum().alias("done"),
        (pl.col("status") == "diverged").sum().alias("diverged"),
        (pl.col("wall_time").sum() / 60).round(1).alias("minutes"),
    )
    for row in counts.iter_rows():
        table.add_row(*map(str, row))
    console.print(table if len(runs) else f"no records in {folder}")
    signs = in_flight(folder)
    for sign in signs:
        minutes = (time.time() - sign.started) / 60
        console.print(
            f"in flight: {sign.run}  {sign.share:.0%}  {minutes:.1f} min  process {sign.process}"
        )
    for path in sorted(folder.glob("*.damaged")):
        console.print(f"set aside, since it is damaged: {path.name}")
    left = len(list((folder / "checkpoints").glob("*.pt")))
    if left:
        console.print(f"checkpoints to go on from: {left}")
