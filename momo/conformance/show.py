# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The results in the terminal, at 100 columns or more."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence

from momo.installed import needed

with needed(__name__, "conformance"):
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

from momo.conformance.law import Law
from momo.conformance.results import FAILED, Result

WORDS: dict[str, tuple[str, str]] = {
    "holds": ("holds", "green"),
    "broken": ("BROKEN", "bold red"),
    "raised": ("RAISED", "bold red"),
    "exempt": ("exempt", "yellow"),
    "exempt_but_holds": ("exempt, but holds", "magenta"),
    "skipped": ("skipped", "dim"),
}

MARKS = {
    "holds": "✓",
    "broken": "✗",
    "raised": "!",
    "exempt": "e",
    "exempt_but_holds": "h",
    "skipped": "·",
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
    laws = laws_of(results)
    for number, _ in enumerate(laws, 1):
        table.add_column(str(number), justify="center")
    table.add_column("seconds", justify="right")
    for method in methods:
        own = {result.law: result for result in results if result.method == method}
        row = [
            Text(MARKS[own[law].status], WORDS[own[law].status][1]) if law in own else Text("")
            for law in laws
        ]
        total = sum(result.seconds for result in own.values())
        table.add_row(method, *row, f"{total:.1f}")
    return table


def laws_of(results: Sequence[Result]) -> list[str]:
    """Return the laws in their order; where a run begins or ends, a method may have fewer."""
    methods = list(dict.fromkeys(result.method for result in results))
    longest = max(methods, key=lambda name: sum(result.method == name for result in results))
    ordered = sorted(results, key=lambda result: result.method != longest)
    return list(dict.fromkeys(result.law for result in ordered))


def notes(results: Sequence[Result]) -> list[str]:
    """Return what the table of several methods has no room for.

    That is what its marks and numbers are, and why laws were not asked of methods, once each.
    """
    lines = ["  ".join(f"{mark} {WORDS[status][0]}" for status, mark in MARKS.items())]
    lines.append(", ".join(f"{number} {law}" for number, law in enumerate(laws_of(results), 1)))
    reasons: dict[tuple[str, str, str], list[str]] = {}
    for result in results:
        if result.reason:
            key = (WORDS[result.status][0], result.law, result.reason)
            reasons.setdefault(key, []).append(result.method)
    return lines + [
        f"{word}: {law}: {reason} ({', '.join(methods)})"
        for (word, law, reason), methods in reasons.items()
    ]


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


def failed_details(results: Sequence[Result], traceback: bool = False) -> list[str]:
    """Return the counterexamples, with tracebacks, and how to see each again.

    One error, raised by one line for several laws, is shown once. All is printed as it is: a
    command on two lines could not be copied.
    """
    alike: dict[object, list[Result]] = {}
    for result in results:
        if result.failed:
            facts = result.counterexample or {}
            error = (result.method, facts.get("what"), facts.get("at"))
            alike.setdefault(error if result.status == "raised" else id(result), []).append(result)
    found = []
    for first, *others in alike.values():
        lines = ["", first.message]
        if traceback and first.traceback:
            lines += ["", first.traceback, ""]
        more = " --traceback" if first.traceback else ""
        if first.again:
            lines.append(f"again: {first.again}{more}")
        if others:
            lines.append(f"the same error in {', '.join(other.law for other in others)}")
        if others and first.again:
            words = shlex.split(first.again)
            place = words.index(first.law, words.index("--laws"))
            words[place : place + 1] = [other.law for other in others]
            lines.append(f"again: {shlex.join(words)}{more}")
        found.append("\n".join(lines))
    return found


def summary(results: Sequence[Result]) -> str:
    """Return how many laws hold, of those that were asked."""
    counts = Counter(result.status for result in results)
    asked = counts["holds"] + counts["broken"] + counts["raised"]
    others = [f"{counts[status]} {status}" for status in FAILED if counts[status]]
    return f"{counts['holds']} of {asked} laws hold{''.join(f', {other}' for other in others)}"


def not_run(pairs: Sequence[tuple[str, str]]) -> str:
    """Return which laws of which methods were not run, methods with the same ones put together."""
    by_laws: dict[tuple[str, ...], list[str]] = {}
    for method in dict.fromkeys(method for method, _ in pairs):
        laws = tuple(law for other, law in pairs if other == method)
        by_laws.setdefault(laws, []).append(method)
    lines = [f"  {', '.join(methods)}: {', '.join(laws)}" for laws, methods in by_laws.items()]
    return "\n".join([f"interrupted; {len(pairs)} not run:", *lines])


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
