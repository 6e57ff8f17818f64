"""The results in the terminal, at 100 columns or more."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from momo.bench.accuracy import Accuracy
from momo.bench.contestants import size
from momo.bench.memory import Usage
from momo.bench.speed import Spread, Timing
from momo.bench.targets import Target


def make_console(stderr: bool = False) -> Console:
    """Return a console that is 100 columns wide where the output is no terminal."""
    console = Console(highlight=False, stderr=stderr)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = 100
    return console


def facts_line(facts: Mapping[str, str | int]) -> str:
    """Return the facts in one line."""
    return ", ".join(f"{name} {value}" for name, value in facts.items())


def speed_table(timings: Sequence[Timing]) -> Table:
    """Return the timings of one workload."""
    table = _table(
        f"Time per step, {_describe(timings[0].workload)}",
        ("optimizer", "path", "ms", "quartiles", "ratio to fused", "quartiles"),
        left=2,
    )
    for before, row in zip([timings[0], *timings], timings, strict=False):
        if row.baseline != before.baseline:
            table.add_section()
        table.add_row(
            row.name,
            row.path,
            f"{row.milliseconds.median:.3g}",
            _range(row.milliseconds),
            f"{row.ratio.median:.2f}",
            _range(row.ratio),
        )
    return table


def memory_table(usages: Sequence[Usage]) -> Table:
    """Return the memory of one workload."""
    table = _table(
        f"Peak extra memory of a step, {_describe(usages[0].workload)}",
        ("optimizer", "path", "KiB", "× largest tensor", "bytes of state per element"),
        left=2,
    )
    for row in usages:
        table.add_row(
            row.name,
            row.path,
            f"{row.peak / 1024:.0f}",
            f"{row.peak_tensors:.2f}",
            f"{row.state_per_element:.2f}",
        )
    return table


def accuracy_table(found: Sequence[Accuracy]) -> Table:
    """Return the errors on one workload."""
    table = _table(
        f"Error of h and τ against float64, {_describe(found[0].workload)}",
        (
            "method",
            "dtype",
            "h as in",
            "steps",
            "|δh|/f̄",
            "|δh|/|q|",
            "|δτ|/τ",
        ),
        left=3,
    )
    for before, row in zip([found[0], *found], found, strict=False):
        if (row.name, row.dtype) != (before.name, before.dtype):
            table.add_section()
        errors = (row.to_loss, row.to_offset, row.step_size)
        cells = [f"{middle:.1e}/{largest:.1e}" for middle, largest in errors]
        table.add_row(row.name, row.dtype, row.form, str(row.steps), *cells)
    table.caption = (
        "Errors: median/largest over the steps. ours: this package's. published: inner products"
        " and γ in the parameters' dtype. recurrence: q from the step sizes alone. τ of the last"
        " two: as their h gives it. Fewer steps than asked for: a parameter became infinite."
    )
    table.caption_justify, table.caption_style = "left", "dim"
    return table


def target_line(target: Target) -> Text:
    """Return a target with what was measured, and whether that meets it."""
    return Text.assemble(
        f"target: {target.text}: {target.measured:.2f} ",
        ("✓", "green") if target.met else ("✗", "bold red"),
    )


def _table(title: str, headers: Sequence[str], left: int) -> Table:
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
        numeric = index >= left
        justify: Literal["left", "right"] = "right" if numeric else "left"
        table.add_column(header, justify=justify, no_wrap=numeric, overflow="fold")
    return table


def _describe(workload: str) -> str:
    elements, tensors = size(workload)
    return f"{workload}: {elements / 1e6:.3g} M elements in {tensors} tensors"


def _range(values: Spread) -> str:
    return f"{values.low:.3g} – {values.high:.3g}"
