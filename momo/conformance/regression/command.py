# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command's arguments, and what it prints."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Annotated

from momo.installed import needed

with needed(__name__, "conformance"):
    import tyro
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

from momo import atomic
from momo.conformance.progress import Progress
from momo.conformance.regression.check import Found, accept, check, refuse_failed, selected
from momo.conformance.regression.compare import DIGITS, Change
from momo.conformance.regression.own import is_the_packages, rows
from momo.conformance.regression.problems import PROBLEMS
from momo.conformance.regression.record import GOLDEN, environment, path_of
from momo.conformance.shown import Flag, Json, option
from momo.methods import Row

PROGRAM = "python -m momo.conformance.regression"
DESCRIPTION = """Golden trajectories: which methods moved, by how much, and since when.

Exit status 0: none has; 1: some have, or are not on record; 2: wrong usage, or
something that cannot be read or written; 130: interrupted."""

STATES = ("failed", "moved", "new", "gone", "same")
"""What to say of a method: the first that is true of one of its trajectories."""


Names = tuple[str, ...]
Checked = Annotated[
    Names, tyro.conf.Positional, option("[METHOD ...]", "default: all that are on record there")
]
Accepted = Annotated[Names, tyro.conf.Positional, option("METHOD ...", "needed, unless --all")]
Recorded = Annotated[Names, tyro.conf.Positional, option("METHOD ...", "needed")]
Golden = Annotated[Path, option("FOLDER", "default: the package's, of the table of methods")]


@dataclass(frozen=True)
class Check:
    """Compare every step of the methods with what is on record."""

    names: Checked = ()
    """Names in the table of methods, or module:Class of one's own."""
    json: Json = None
    """Also write what was found to this file: the environment, and all changes."""
    golden: Golden = GOLDEN
    """The folder of the records."""

    def run(self) -> int:
        """Compare, print what has moved, and return the exit status."""
        console = make_console()
        names, methods = rows(self.names, self.golden)
        found = found_of(names, methods, self.golden)
        show(console, found)
        if self.json is not None:
            write_json(self.json, found)
        changed = changed_of(found)
        if runs := [name for name, state in changed.items() if state != "failed"]:
            line = f"If that is meant: {self._accept(runs)}"
            console.print(line, markup=False, soft_wrap=True)
        return int(bool(changed))

    def _accept(self, names: list[str]) -> str:
        where = [] if self.golden == GOLDEN else ["--golden", str(self.golden)]
        return shlex.join([*PROGRAM.split(), "accept", *names, *where])


@dataclass(frozen=True)
class Accept:
    """Record how methods move now, where that is not what is on record.

    What changes is shown, before and after. Those that have not moved are left as they are.
    """

    names: Accepted = ()
    """Names in the table of methods, or module:Class of one's own."""
    all: Flag = False
    """All that have moved, are new or are gone."""
    golden: Golden = GOLDEN
    """The folder of the records."""

    def run(self) -> int:
        """Record, and return the exit status."""
        if self.names and self.all:
            raise ValueError(f"names = {' '.join(self.names)}, and all; allowed: one of the two")
        console = make_console()
        names, methods = rows(self.names, self.golden)
        found = found_of(names, methods, self.golden)
        show(console, found)
        changed = changed_of(found)
        if not self.names and not self.all:
            would = ", ".join(f"{name} ({state})" for name, state in changed.items())
            raise ValueError(
                "names: none are given; allowed: names, or --all, which would accept "
                + (would or "nothing, since nothing has moved")
            )
        record_all(console, changed, found, methods, self.golden)
        return 0


@dataclass(frozen=True)
class Record:
    """Begin records of methods of one's own, in a folder of one's own.

    What is on record there, and has moved since, is left as it is: accept writes it.
    """

    names: Recorded = ()
    """module:Class of one's own, or names in the table of methods."""
    into: Annotated[Path, option("FOLDER", "default: golden, in this folder")] = Path("golden")
    """The folder of the records; it is made if there is none."""

    def run(self) -> int:
        """Record, and return the exit status."""
        if not self.names:
            raise ValueError("names: none are given; allowed: module:Class, as in mine:Mine")
        if is_the_packages(self.into):
            raise ValueError(
                f"into = {self.into} is the package's; allowed: a folder of your own (a method of"
                " the table is recorded by accept)"
            )
        console = make_console()
        names, methods = rows(self.names, self.into)
        found = found_of(names, methods, self.into)
        moved = {name: state for name, state in changed_of(found).items() if state == "moved"}
        if moved:
            show(console, {name: found[name] for name in moved})
            line = shlex.join([*PROGRAM.split(), "accept", *moved, "--golden", str(self.into)])
            console.print(f"If that is meant: {line}", markup=False, soft_wrap=True)
            return 1
        record_all(console, changed_of(found), found, methods, self.into)
        for name in (name for name in names if name not in changed_of(found)):
            console.print(f"{name} is on record already, and has not moved", markup=False)
        return 0


def found_of(names: list[str], methods: Mapping[str, Row], folder: Path) -> dict[str, Found]:
    """Return what methods do now, by name; a terminal shows which is at work."""
    chosen = selected(names, methods, folder)
    found: dict[str, Found] = {}
    with Progress(len(chosen), lines=False) as progress:
        for name in chosen:
            progress.begin(name)
            found |= check([name], methods, folder)
            progress.end()
    return found


def changed_of(found: Mapping[str, Found]) -> dict[str, str]:
    """Return the methods that are not as they are on record, with a word for what is."""
    words = {name: worst(each) for name, each in found.items()}
    return {name: word for name, word in words.items() if word != "same"}


def record_all(
    console: Console,
    changed: Mapping[str, str],
    found: Mapping[str, Found],
    methods: Mapping[str, Row],
    folder: Path,
) -> None:
    """Record what has changed, and say of each file what has become of it."""
    for name in changed:
        refuse_failed(name, found[name])  # before anything is written
    for name, state in changed.items():
        path = path_of(name, folder)
        done = "deleted" if state == "gone" else "overwritten" if path.exists() else "written"
        accept(name, found[name], methods, folder)
        console.print(f"{path.name} {done}", markup=False)


def show(console: Console, found: Mapping[str, Found]) -> None:
    """Print each trajectory that is not the one on record, and how many there are.

    Of one that has moved that is a row: by how much of itself at most, and since which step, with
    the numbers there.
    """
    others = []
    for name, each in found.items():
        table = make_table(name)
        for change, problems in gathered(change for change in each.changes if not change.good):
            if change.state == "moved":
                table.add_row(*cells(change, problems))
            else:
                about = ", ".join(filter(None, (name, change.form, problems)))
                others.append(": ".join(filter(None, (about, change.state, change.detail))))
        if table.row_count:
            console.print(table)
    for line in others:
        console.print(line, markup=False)
    counts = Counter(worst(each) for each in found.values())
    console.print(", ".join(f"{counts[state]} {state}" for state in STATES if counts[state]))


def make_table(method: str) -> Table:
    """Return an empty table of what has moved of a method."""
    title = Text(method, "bold")
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, title=title)
    table.title_justify = "left"
    table.add_column("form", no_wrap=True)
    table.add_column("problem", overflow="fold", min_width=8)
    table.add_column("moved by", justify="right", no_wrap=True, style="bold red")
    table.add_column("step", justify="right")
    table.add_column("where")
    for header in ("before", "after"):
        table.add_column(header, justify="right", no_wrap=True)
    return table


def worst(found: Found) -> str:
    """Return what to say of a method in one word."""
    states = {change.state for change in found.changes}
    return next(state for state in STATES if state in states)


def gathered(changes: Iterable[Change]) -> Iterator[tuple[Change, str]]:
    """Yield changes with their problems; those that say the same of a form are put together."""
    for _, alike in groupby(changes, lambda c: replace(c, problem="")):
        same = list(alike)
        every = len(same) == len(PROBLEMS) > 1
        yield same[0], "all problems" if every else ", ".join(change.problem for change in same)


def cells(change: Change, problems: str) -> tuple[str, ...]:
    """Return a change as the cells of a row."""
    numbers = (f"{number:.{DIGITS}g}" for number in (change.before, change.after))
    about = (change.form, problems, f"{change.by:.1e}")
    return (*about, str(change.step), change.column, *numbers)


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
    commands: dict[str, Callable[..., Check | Accept | Record]] = {
        "check": Check,
        "accept": Accept,
        "record": Record,
    }
    command: Check | Accept | Record = tyro.extras.subcommand_cli_from_dict(
        commands, prog=PROGRAM, description=DESCRIPTION, args=arguments
    )
    try:
        return command.run()
    except (ValueError, OSError) as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted; no file is half written", file=sys.stderr)
        return 130
