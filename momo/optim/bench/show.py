"""The results in the terminal."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from momo.optim.bench.contestants import shapes
from momo.optim.bench.speed import Spread, Timing


def make_console() -> Console:
    """Return a console that is 100 columns wide where the output is no terminal."""
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = 100
    return console


def make_table(title: str, *headers: str, left: int = 1) -> Table:
    """Return an empty table whose columns after the first ``left`` hold numbers."""
    table = Table(
        title=Text(title, style="bold"),
        title_justify="left",
        title_style="",
        box=box.SIMPLE_HEAD,
        padding=(0, 1),
        pad_edge=False,
    )
    for index, header in enumerate(headers):
        justify: Literal["left", "right"] = "left" if index < left else "right"
        table.add_column(header, justify=justify, no_wrap=True)
    return table


def describe(workload: str) -> str:
    """Return a workload's name with its size."""
    sizes = shapes(workload)
    elements = 0
    for shape in sizes:
        count = 1
        for extent in shape:
            count *= extent
        elements += count
    return f"{workload}: {elements / 1e6:.3g} M elements in {len(sizes)} tensors"


def speed_table(timings: Sequence[Timing]) -> Table:
    """Return the timings of one workload."""
    table = make_table(
        f"Time per step, {describe(timings[0].workload)}",
        "optimizer",
        "path",
        "ms",
        "quartiles",
        "ratio to fused",
        "quartiles",
        left=2,
    )
    previous = timings[0].baseline
    for row in timings:
        if row.baseline != previous:
            table.add_section()
        previous = row.baseline
        table.add_row(
            row.name,
            row.path,
            f"{row.milliseconds.median:.3g}",
            _range(row.milliseconds),
            f"{row.ratio.median:.2f}",
            _range(row.ratio),
        )
    return table


def _range(values: Spread) -> str:
    return f"{values.low:.3g} – {values.high:.3g}"
