# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command's arguments, and what it prints."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Annotated

import tyro
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from momo import atomic
from momo.conformance.regression.check import Found, accept, check
from momo.conformance.regression.compare import Change
from momo.conformance.regression.record import GOLDEN, environment, path_of

DESCRIPTION = """Golden trajectories: which methods have moved, by how much, and since which step.

Exit status 0: none has; 1: some have, or are not on record; 2: wrong arguments, or something that
cannot be read or written."""

STATES = ("failed", "moved", "new", "gone", "same")
"""What to say of a method: the first that is true of one of its trajectories."""

Names = Annotated[tuple[str, ...], tyro.conf.Positional]


@dataclass(frozen=True)
class Check:
    """Compare every step of the methods with what is on record."""

    names: Names = ()
    """Names in the table of methods; default: all."""
    json: Path | None = None
    """Also write what was found to this file: the environment, and all changes."""
    golden: Path = GOLDEN
    """The folder of the records."""

    def run(self) -> int:
        """Compare, print what has moved, and return the exit status."""
        console = make_console()
        found = dict(check(self.names, folder=self.golden))
        show(console, found)
        if self.json is not None:
            write_json(self.json, found)
        if all(change.good for each in found.values() for change in each.changes):
            return 0
        console.print(
            "If that is meant: python -m momo.conformance.regression accept", *self.names, end="\n"
        )
        return 1


@dataclass(frozen=True)
class Accept:
    """Record the trajectories of methods that moved or are new, and say what that overwrites.

    Those that have not moved are left as they are.
    """

    names: Names = ()
    """Names in the table of methods; default: all."""
    golden: Path = GOLDEN
    """The folder of the records."""

    def run(self) -> int:
        """Record, and return the exit status."""
        console = make_console()
        found = dict(check(self.names, folder=self.golden))
        show(console, found)
        for name, each in found.items():
            state = worst(each)
            if state == "same":
                continue
            path = path_of(name, self.golden)
            done = "deleted" if state == "gone" else "overwritten" if path.exists() else "written"
            accept(name, each, folder=self.golden)
            console.print(f"{path.name} {done}")
        return 0


def show(console: Console, found: dict[str, Found]) -> None:
    """Print a line for each trajectory that is not the one on record, and how many there are."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for header in ("method", "form", "problem"):
        table.add_column(header, overflow="fold")
    for header in ("moved by", "since step"):
        table.add_column(header, justify="right")
    table.add_column("first in", overflow="fold")
    for each in found.values():
        for change, problems in gathered(change for change in each.changes if not change.good):
            table.add_row(*cells(change, problems))
    if table.row_count:
        console.print(table)
    counts = Counter(worst(each) for each in found.values())
    console.print(", ".join(f"{counts[state]} {state}" for state in STATES if counts[state]))


def worst(found: Found) -> str:
    """Return what to say of a method in one word."""
    states = {change.state for change in found.changes}
    return next(state for state in STATES if state in states)


def gathered(changes: Iterable[Change]) -> Iterator[tuple[Change, str]]:
    """Yield changes with their problems; those that say the same of a form are put together."""
    for _, alike in groupby(changes, lambda c: replace(c, problem="")):
        first, *others = alike
        yield first, ", ".join(change.problem for change in (first, *others))


def cells(change: Change, problems: str) -> tuple[str | Text, ...]:
    """Return a change as the cells of a row."""
    about = (change.method, change.form, problems)
    if change.state == "moved":
        by = Text(f"{change.by:.1e}", style="bold red")
        return (*about, by, str(change.step), change.column)
    return (*about, Text(change.state, style="bold"), "", change.detail)


def write_json(path: Path, found: dict[str, Found]) -> None:
    """Write all changes, and the environment in which they were found."""
    changes = [asdict(change) for each in found.values() for change in each.changes]
    content = {"environment": environment(), "changes": changes}
    atomic.write(path, f"{json.dumps(content, indent=1, ensure_ascii=False)}\n".encode())


def make_console() -> Console:
    """Return a console that is 100 columns wide where the output is no terminal."""
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = 100
    return console


def run(arguments: list[str]) -> int:
    """Run the command, and return the exit status."""
    program = "python -m momo.conformance.regression"
    command: Check | Accept = tyro.extras.subcommand_cli_from_dict(
        {"check": Check, "accept": Accept}, prog=program, description=DESCRIPTION, args=arguments
    )
    try:
        return command.run()
    except (ValueError, OSError) as error:
        print(f"{program}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
