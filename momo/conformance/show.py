# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The results in the terminal, at 100 columns or more."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from momo.conformance.law import Law
from momo.conformance.results import Result

WORDS: dict[str, tuple[str, str]] = {
    "holds": ("holds", "green"),
    "broken": ("BROKEN", "bold red"),
    "exempt": ("exempt", "yellow"),
    "exempt_but_holds": ("exempt, but holds", "magenta"),
    "skipped": ("skipped", "dim"),
}


def make_console(stderr: bool = False) -> Console:
    """Return a console that is 100 columns wide where the output is no terminal."""
    console = Console(highlight=False, stderr=stderr)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = 100
    return console


def results_table(results: Sequence[Result]) -> Table:
    """Return a table with a row a law: of one method with reasons, of several a column each."""
    methods = list(dict.fromkeys(result.method for result in results))
    if len(methods) == 1:
        return _single(methods[0], results)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("method", no_wrap=True)
    laws = list(dict.fromkeys(result.law for result in results))
    for number, _ in enumerate(laws, 1):
        table.add_column(str(number), justify="center")
    table.add_column("seconds", justify="right")
    marks = {"holds": "✓", "broken": "✗", "exempt": "e", "exempt_but_holds": "h", "skipped": "·"}
    for method in methods:
        own = {result.law: result for result in results if result.method == method}
        row = [
            Text(marks[own[law].status], WORDS[own[law].status][1]) if law in own else Text("")
            for law in laws
        ]
        total = sum(result.seconds for result in own.values())
        table.add_row(method, *row, f"{total:.1f}")
    names = ", ".join(f"{number} {law}" for number, law in enumerate(laws, 1))
    table.caption = f"✓ holds  ✗ BROKEN  e exempt  h exempt, but holds  · skipped\n{names}"
    table.caption_justify = "left"
    return table


def _single(method: str, results: Sequence[Result]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title=method, title_justify="left", title_style="bold")
    table.add_column("law", no_wrap=True)
    table.add_column("result", no_wrap=True)
    table.add_column("seconds", justify="right")
    table.add_column("reason", overflow="fold")
    for result in results:
        word, style = WORDS[result.status]
        table.add_row(result.law, Text(word, style), f"{result.seconds:.2f}", result.reason)
    return table


def broken_details(results: Sequence[Result]) -> list[Padding]:
    """Return the counterexamples."""
    return [
        Padding(Text(result.message, overflow="fold"), (0, 0, 1, 0))
        for result in results
        if result.status == "broken"
    ]


def notes(results: Sequence[Result]) -> list[str]:
    """Return why laws were not asked of methods, once each: for tables that have no room for it."""
    reasons: dict[tuple[str, str, str], list[str]] = {}
    for result in results:
        if result.reason:
            key = (WORDS[result.status][0], result.law, result.reason)
            reasons.setdefault(key, []).append(result.method)
    return [
        f"{word}: {law}: {reason} ({', '.join(methods)})"
        for (word, law, reason), methods in reasons.items()
    ]


def laws_table(laws: Sequence[Law]) -> Table:
    """Return the laws with their statements."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("law", no_wrap=True)
    table.add_column("statement", overflow="fold")
    for law in laws:
        table.add_row(law.name, law.statement + (" (slow)" if law.slow else ""))
    return table


def methods_line(titles: Mapping[str, str]) -> str:
    """Return the methods of the table."""
    return "methods: " + ", ".join(titles) + "; or module:Class, module:ROW"
