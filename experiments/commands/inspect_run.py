# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``inspect``: one run, epoch by epoch, and its layers where they were recorded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from experiments.places import RECORDS

if TYPE_CHECKING:
    from rich.table import Table

    from experiments.records import Records


@dataclass(frozen=True)
class Inspect:
    """Show one run: its settings, a line an epoch, and with --layers its parameter tensors."""

    name: Annotated[str, tyro.conf.Positional]
    """The id of the run, or its first digits."""
    records: tuple[Path, ...] = (RECORDS,)
    """Folders and files of records."""
    layers: bool = False
    """Norms of x, g and d and the cosine between d and g, of runs done with --diagnostics."""
    step: int | None = None
    """Of the layers; default: the last one recorded."""

    def run(self) -> int:
        """Print the tables."""
        import polars as pl
        from rich.console import Console

        from experiments import records

        found = records.load(*self.records, damaged=records.left_out)
        known = found.runs.get_column("run")
        matching = known.filter(known.str.starts_with(self.name)).to_list()
        if len(matching) != 1:
            where = ", ".join(map(str, self.records))
            raise ValueError(
                f"name = {self.name!r} fits {len(matching)} of {len(known)} runs in {where};"
                " allowed: the id of a run, or enough of its first digits"
            )
        one = found.of(pl.col("run") == matching[0])
        console = Console(highlight=False)
        tables = [_layers(one, self.step)] if self.layers else [_settings(one), _epochs(one)]
        for table in tables:
            console.print(table)
        return 0


def _settings(found: Records) -> Table:
    from rich.table import Table

    about = found.runs.row(0, named=True)
    table = Table("setting", "value", title=f"{about['workload_title']}: {about['method_title']}")
    for name, value in about.items():
        if value is not None:
            table.add_row(name, str(value))
    return table


def _epochs(found: Records) -> Table:
    from rich.table import Table

    about = found.runs.row(0, named=True)
    columns = ("epoch", "step", "train_loss", "validation_loss", "validation_score", "test_score")
    table = Table(
        *columns, "capped", "time", title=f"{about['score_name']}; capped: of the recorded steps"
    )
    before = 0
    for row in found.epochs.iter_rows(named=True):
        share = _capped(found, before, row["step"])
        before = row["step"]
        table.add_row(*(_text(row[name]) for name in columns), share, f"{row['time']:.1f} s")
    return table


def _layers(found: Records, step: int | None) -> Table:
    from rich.table import Table

    steps = found.layers.get_column("step").unique().sort().to_list()
    if not steps:
        raise ValueError("the run has no rows of layers; it was done without --diagnostics")
    chosen = steps[-1] if step is None else step
    if chosen not in steps:
        shown = ", ".join(map(str, steps[:10])) + (", ..." if len(steps) > 10 else "")
        raise ValueError(f"step = {chosen} was not recorded; allowed: {shown}")
    title = f"step {chosen}; capped, up to there: {_capped(found, 0, chosen + 1)}"
    columns = ("x_norm", "g_norm", "d_norm", "cosine")
    table = Table("layer", *columns, title=title, caption="x after the step; cosine of d and g")
    for row in found.layers.filter(step=chosen).iter_rows(named=True):
        table.add_row(row["layer"], *(_text(row[name]) for name in columns))
    return table


def _capped(found: Records, start: int, end: int) -> str:
    """Return the share of recorded steps with ζ at or above the cap, as text."""
    import polars as pl

    part = found.steps.filter(pl.col("step").is_between(start, end, closed="left"))
    share = part.drop_nulls("adaptive").select((pl.col("adaptive") >= pl.col("cap")).mean()).item()
    return "-" if share is None else f"{share:.0%}"


def _text(value: Any) -> str:
    return "-" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
