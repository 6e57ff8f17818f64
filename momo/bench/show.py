# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The results in the terminal, at 100 columns or more."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from momo.installed import needed

with needed(__name__, "bench"):
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

from momo.bench.accuracy import Accuracy
from momo.bench.compare import ALIKE, FASTER, SLOWER, Change
from momo.bench.contestants import DEFAULT, FUSED
from momo.bench.memory import Usage
from momo.bench.speed import Spread, Timing
from momo.bench.targets import Target
from momo.bench.workloads import size

FATE = ("dropped", "disturbed")


def make_console(stderr: bool = False) -> Console:
    """Return a console that is 100 columns wide where the output is no terminal."""
    console = Console(highlight=False, stderr=stderr)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = 100
    return console


def facts_line(facts: Mapping[str, str | int]) -> str:
    """Return the facts in one line."""
    return ", ".join(f"{name} {value}" for name, value in facts.items())


def groups(rows: Sequence[Any]) -> list[list[Any]]:
    """Return the rows that make one table each: timings with one unit; all of any other kind."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        key = (row.baseline, row.baseline_path) if isinstance(row, Timing) else None
        found.setdefault(key, []).append(row)
    return list(found.values())


def speed_table(timings: Sequence[Timing]) -> Table:
    """Return the timings of one workload that have one unit."""
    first = timings[0]
    table = _table(
        f"Time per step, {_describe(first.workload)}; beside {first.baseline}"
        f" ({first.baseline_path})",
        ("optimizer", "path", "ms", "quartiles", "ratio", "quartiles", "bandwidth"),
        left=2,
    )
    for before, row in zip([first, *timings], timings, strict=False):
        if row.name != before.name:
            table.add_section()
        table.add_row(
            row.name,
            path_of(row),
            f"{row.milliseconds.median:.3g}",
            _range(row.milliseconds),
            f"{row.ratio.median:.2f}",
            _range(row.ratio),
            "–" if row.bandwidth is None else f"{row.bandwidth.median:.0%}",
        )
    table.caption = _rounds(timings)
    table.caption_justify, table.caption_style = "left", "dim"
    return table


def path_of(row: Timing) -> str:
    """Return the path of a row and, where that was left open, what it has come to."""
    if row.path == FUSED:
        return row.runs or row.path
    return f"{row.path}: {row.runs}" if row.path == DEFAULT and row.runs else row.path


def _rounds(timings: Sequence[Timing]) -> str:
    """Return what the table of timings rests on."""
    counts = [row.rounds for row in timings]
    few, many = min(counts), max(counts)
    families = {row.name: row for row in timings}.values()
    dropped, disturbed = (sum(getattr(row, name) for row in families) for name in FATE)
    return (
        f"Medians of {few if few == many else f'{few} to {many}'} rounds; {dropped} were dropped as"
        f" others were busy, {disturbed} count all the same. bandwidth: what a step has to move, at"
        " the rate of a copy, over its time."
    )


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
        " (others were busy)" if target.disturbed else "",
    )


def comparison_table(changes: Sequence[Change], by: str) -> Table:
    """Return what changed between two runs."""
    table = _table(
        f"Second run over first, by {by}",
        ("workload", "optimizer", "path", "first", "second", "quotient", "range", ""),
        left=3,
    )
    styles = {SLOWER: "bold red", FASTER: "green", ALIKE: "dim"}
    for row in changes:
        table.add_row(
            row.workload,
            f"{row.name} / {row.baseline}" if by == "ratio" else row.name,
            row.path,
            f"{row.before.median:.3g}",
            f"{row.after.median:.3g}",
            f"{row.quotient.median:.2f}",
            _range(row.quotient),
            Text(row.verdict, style=styles[row.verdict]),
        )
    return table


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
    count = f"{elements / 1e6:.3g} M" if elements >= 1e5 else str(elements)
    return f"{workload}: {count} elements in {tensors} tensor{'s' * (tensors > 1)}"


def _range(values: Spread) -> str:
    return f"{values.low:.3g} – {values.high:.3g}"
