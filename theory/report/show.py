# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What there is to verify: one claim in full, or all names."""

from __future__ import annotations

import inspect
import pkgutil
import re
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from theory.claims.base import Claim
from theory.controls import CONTROLS
from theory.methods import METHODS
from theory.outcomes import Report
from theory.problems import BROKEN, FAMILIES
from theory.report import summary
from theory.report.terminal import make_table, verdict_text
from theory.theorems import CLAIMS, THEOREMS, theorems_of

OTHER_CLAIMS = r"theory\.theorems\.\w+\.claim$"
"""The files from which a claim may take the check of another theorem."""


def show_list(console: Console) -> None:
    """Print the names of all claims, theorems, problems and controls, with what they are."""
    table = make_table("Claims", "name", "statement", "kind")
    for claim in CLAIMS.values():
        table.add_row(claim.name, Text(claim.statement), claim.kind)
    console.print(table)
    theorems = ((name, theorem.title) for name, theorem in THEOREMS.items())
    _show_names("Theorems", theorems, console)
    _show_names("Problems", ((name, first_line(make)) for name, make in FAMILIES.items()), console)
    broken = ((name, first_line(make)) for name, make in BROKEN.items())
    _show_names("Problems that break an assumption", broken, console)
    wrong = ((control.name, summary.plain(control.what)) for control in CONTROLS.values())
    _show_names("Controls: methods with one thing wrong", wrong, console)


def _show_names(title: str, rows: Iterable[tuple[str, str]], console: Console) -> None:
    table = make_table(title, "name", "what")
    for name, what in rows:
        table.add_row(name, Text(what))
    console.print(table)


def first_line(thing: object) -> str:
    """Return what a thing is: its docstring's first line, without "Return"."""
    doc = inspect.getdoc(thing) or ""
    return summary.plain(doc.partition("\n")[0].removeprefix("Return ").rstrip("."))


def show_claim(claim: Claim, console: Console) -> None:
    """Print all there is to know of a claim."""
    console.print(Text(f"{claim.title}  ({claim.name})", style="bold"))
    measured, _, allowed = claim.units.partition(" against ")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for label, value in (
        ("statement", claim.statement),
        ("source", claim.source),
        ("kind", claim.kind),
        ("measured", measured),
        ("allowed", allowed),
        ("method", f"{claim.method}: {first_line(METHODS[claim.method])}"),
        ("assumes", "\n".join(claim.formal.assumptions) or "–"),
        *((("not for", excluded),) if (excluded := exclusion(claim)) else ()),
        ("proven in", ", ".join(theorem.name for theorem in theorems_of(claim.name)) or "–"),
    ):
        grid.add_row(label, Text(value))
    console.print(Padding(grid, (0, 0, 0, 2)))
    for name, text in derivation(claim):
        console.print()
        console.print(Text(f"  {name}", style="dim"))
        console.print(Padding(Text(reflowed(summary.plain(text))), (0, 0, 0, 4)))


def exclusion(claim: Claim) -> str:
    """Return where the claim is not checked besides, in words; empty for nowhere.

    It is what the objection says of itself that the claim makes beyond those of its assumptions.
    """
    text = " ".join((inspect.getdoc(claim.objection) or "").split("\n\n")[0].split())
    start = "Return an objection to "
    return text.removeprefix(start).rstrip(".") if text.startswith(start) else ""


def derivation(claim: Claim) -> list[tuple[str, str]]:
    """Return the docstrings that say what is compared and how rounding is derived, with names.

    These are those of the claim's own file: of its module, where it says more than a line, and of
    the class or the comparison that the monitor is made of; where that is of another theorem's
    file, its module and that one. Then come those that they refer to by a full name.
    """
    monitor = claim.monitor
    module = sys.modules[monitor.__module__]
    found = []
    about = inspect.getdoc(module) or ""
    parts: list[object] = [monitor]
    alone = True
    if inspect.isfunction(monitor):
        named = [getattr(module, name, None) for name in monitor.__code__.co_names]
        made = [part for part in named if inspect.isclass(part) or inspect.isfunction(part)]
        own = [part for part in made if part.__module__ == module.__name__]
        others = [part for part in made if re.match(OTHER_CLAIMS, part.__module__)]
        alone = bool(own) or not others
        parts = list(own or others) or parts
    if "\n\n" in about or not alone:
        found.append((module.__name__, about))
    for part in parts:
        doc = inspect.getdoc(part)
        if doc:
            name = getattr(part, "__name__", "")
            found.append((f"{getattr(part, '__module__', module.__name__)}.{name}", doc))
    names = dict.fromkeys(re.findall(r"`(theory(?:\.\w+)+)`", " ".join(doc for _, doc in found)))
    referred = ((name, inspect.getdoc(pkgutil.resolve_name(name)) or "") for name in names)
    return [*found, *((name, doc) for name, doc in referred if doc and (name, doc) not in found)]


def reflowed(text: str) -> str:
    """Return the text with the lines of each paragraph joined; indented ones stay as they are."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        part if any(line[:1] in " *" for line in part.splitlines()) else " ".join(part.splitlines())
        for part in paragraphs
    )


def show_findings(claim: Claim, report: Report, console: Console) -> None:
    """Print what a report found of a claim, and what there is to object to."""
    console.print()
    numeric = ("measured", "allowed", "ratio", "step")
    table = make_table("Findings", "problem", "setting", "", *numeric, "note", right=numeric)
    table.columns[0].no_wrap = True
    skipped: dict[str, dict[str, list[str]]] = {}
    everywhere: dict[str, int] = {}
    for place, _, finding in summary.located(report):
        if finding.claim != claim.name:
            continue
        everywhere[place] = everywhere.get(place, 0) + 1
        if finding.holds is None:
            skipped.setdefault(finding.note, {}).setdefault(place, []).append(finding.setting)
            continue
        cells = (Text(cell) for cell in summary.finding_cells(finding))
        verdict = verdict_text(summary.finding_verdict(finding))
        table.add_row(Text(place), Text(finding.setting), verdict, *cells)
    console.print(table)
    for note, at in skipped.items():
        where = (
            place if len(settings) == everywhere[place] else f"{place} ({'; '.join(settings)})"
            for place, settings in at.items()
        )
        console.print(Text(f"not applicable, {note}: {', '.join(where)}"))
    for failure in report.failures:
        console.print(Text(f"✗ {failure}", style="red"))
