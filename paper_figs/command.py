# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The command's arguments, and what it does with them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from paper_figs.registry import FIGURES, check, draw, file_of, find

if TYPE_CHECKING:
    from experiments.records import Records


@dataclass(frozen=True)
class PaperFigures:
    """Draw the paper's figures from records; nothing is run.

    Exit status 0: all drawn; 1: records of some are missing, the others are drawn; 2: wrong
    arguments, or unreadable records.
    """

    names: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Which figures (see --list), or module:function for one of your own; default: all."""
    methods: tuple[str, ...] = ()
    """What to show, as in the records; default: what a figure shows usually."""
    records: tuple[Path, ...] = ()
    """Files and folders of records; default: those of the project, experiments/results."""
    out: Path = Path("build/figures")
    """Where the files go."""
    formats: tuple[Literal["pdf", "png", "svg"], ...] = ("pdf", "png")
    """Kinds of files; svg: for pages."""
    list_figures: Annotated[bool, tyro.conf.arg(name="list")] = False
    """Say which figures there are, and draw none."""

    def run(self) -> int:
        """Draw, with a line for each figure."""
        names = self.names or tuple(
            name for name, entry in FIGURES.items() if entry.chosen or not self.methods
        )
        files: dict[str, str] = {}
        for name in names:
            find(name)
            if (other := files.setdefault(file_of(name), name)) != name:
                raise ValueError(
                    f"names has {other} and {name}, which are both called {file_of(name)};"
                    " allowed: one of them at a time"
                )
        if not self.formats:
            raise ValueError("formats is empty; allowed: pdf, png, svg")
        if self.out.exists() and not self.out.is_dir():
            raise ValueError(f"out = {self.out} is a file; allowed: a folder, new or not")
        if self.list_figures:
            return self._listed()
        return self._drawn(names)

    def _listed(self) -> int:
        from rich.console import Console
        from rich.table import Table

        table = Table(box=None, pad_edge=False)
        for heading in ("figure", "what it shows", "--methods", "made by"):
            table.add_column(heading, overflow="fold")
        for name, entry in FIGURES.items():
            chosen = "yes" if entry.chosen else ""
            table.add_row(name, entry.what, chosen, entry.command or "no records needed")
        Console().print(table)
        print("\nWhat makes the records stands behind `python -m experiments`.")
        return 0

    def _drawn(self, names: tuple[str, ...]) -> int:
        from paper_figs.results import MissingRecordsError
        from paper_figs.save import save

        records = self._loaded()
        if self.methods:
            for name in names:
                check(name, self.methods, records)
        missing = 0
        for name in names:
            try:
                figure = draw(name, records, self.methods)
            except MissingRecordsError as error:
                missing += 1
                command = find(name).command
                made = f"make them with `python -m experiments {command}`, and " if command else ""
                text = f"{name}: no records of {error}; {made}give their folder to --records"
                print(text, file=sys.stderr)
                continue
            paths = save(figure, file_of(name), self.out, self.formats)
            print(f"{name}: {', '.join(str(path) for path in paths)}", flush=True)
        return 1 if missing else 0

    def _loaded(self) -> Records:
        """Return the records; one's own only where they are asked for."""
        from experiments.places import RESULTS
        from experiments.records import left_out, load

        paths = self.records or (path for path in (RESULTS,) if path.exists())
        return load(*paths, damaged=left_out)


def run(arguments: list[str]) -> int:
    """Run the command; return 0, 1, 2 for wrong arguments, or 130 if interrupted."""
    chosen = tyro.cli(PaperFigures, prog="python -m paper_figs", args=arguments)
    try:
        return chosen.run()
    except (ValueError, OSError) as error:
        print(f"python -m paper_figs: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
