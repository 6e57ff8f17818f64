# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is printed: a table of the modules, and every mutant that no test noticed."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from scripts.mutants.results import Key
from scripts.mutants.sites import Mutant
from scripts.mutants.workers import Result


def states(
    mutants: Iterable[Mutant], results: Mapping[Key, Result], reasons: Mapping[Key, str]
) -> dict[Key, str]:
    """Return "killed", "survived", "equivalent" or "untried" for each mutant."""
    found = {}
    for mutant in mutants:
        result = results.get(mutant.key)
        if result is not None and result.killed:
            found[mutant.key] = "killed"
        elif mutant.key in reasons:
            found[mutant.key] = "equivalent"
        else:
            found[mutant.key] = "untried" if result is None else "survived"
    return found


def share(counts: Mapping[str, int]) -> float:
    """Return the part that was killed, of those tried that are not equivalent; 1 of none."""
    tried = counts.get("killed", 0) + counts.get("survived", 0)
    return counts.get("killed", 0) / tried if tried else 1.0


def table(mutants: Iterable[Mutant], found: Mapping[Key, str]) -> Table:
    """Return the table of the modules, with a last row for all."""
    counts: dict[str, Counter[str]] = {}
    for mutant in mutants:
        counts.setdefault(mutant.module, Counter())[found[mutant.key]] += 1
    drawn = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_footer=True)
    whole = sum(counts.values(), Counter())
    drawn.add_column("module", "all", overflow="fold")
    for state in STATES:
        drawn.add_column(state, str(whole[state]), justify="right")
    drawn.add_column("killed", f"{share(whole):.1%}", justify="right")
    for module, each in sorted(counts.items()):
        cells = [str(each[state] or "") for state in STATES]
        drawn.add_row(module, *cells, f"{share(each):.1%}")
    return drawn


STATES = ("killed", "survived", "equivalent", "untried")


def diff(mutant: Mutant, path: Path) -> list[str]:
    """Return the lines that the mutant changes, as a diff without its head."""
    source = path.read_bytes()
    before = source.decode().splitlines()
    after = mutant.source(source).decode().splitlines()
    return list(difflib.unified_diff(before, after, n=0, lineterm=""))[3:]


def show(
    console: Console,
    mutants: list[Mutant],
    modules: Mapping[str, Path],
    root: Path,
    results: Mapping[Key, Result],
    reasons: Mapping[Key, str],
) -> float:
    """Print survivors, equivalent ones and the table; return the part that was killed."""
    found = states(mutants, results, reasons)
    for mutant in mutants:
        state = found[mutant.key]
        if state in ("survived", "equivalent"):
            place = f"{modules[mutant.module].relative_to(root)}:{mutant.line}"
            about = f"{place} {mutant.function or '(module)'}"
            if state == "equivalent":
                console.print(f"equivalent {about}: {mutant.change}", markup=False)
                console.print(f"    {reasons[mutant.key]}", markup=False)
                continue
            console.print(f"survived {about}: {results[mutant.key].by}", markup=False)
            for line in diff(mutant, modules[mutant.module]):
                console.print(f"    {line}", markup=False)
    for key, reason in reasons.items():
        if found.get(key) == "killed":
            console.print(f"killed, but listed as equivalent: {key}: {reason}", markup=False)
    console.print(table(mutants, found))
    return share(Counter(found.values()))
