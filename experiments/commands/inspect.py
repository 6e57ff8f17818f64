# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``list``, ``status``, ``summary`` and ``pack``: what there is, and what came out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from experiments.commands.options import Selection
from experiments.places import RECORDS, RESULTS


@dataclass(frozen=True)
class List:
    """List workloads, studies, methods and schedules, and whether their data are there.

    With names of workloads: what each is, its presets, and in what "paper" differs from the paper.
    """

    names: tyro.conf.Positional[tuple[str, ...]] = ()
    """Workloads; default: all there is to run, without details."""
    data: Path | None = None
    """The folder of the data sets; default: MOMO_DATA, or the platform's cache folder."""

    def run(self) -> int:
        """Print the lists."""
        from experiments.commands.lists import show_lists, show_workload

        if not self.names:
            show_lists(self.data)
        for name in self.names:
            show_workload(name)
        return 0


@dataclass(frozen=True)
class Status:
    """Say how many runs of each workload are done, diverged, or in flight."""

    records: Path = RECORDS
    """The folder of the records."""

    def run(self) -> int:
        """Print the counts."""
        from experiments.commands.lists import show_status

        if not self.records.is_dir():
            raise FileNotFoundError(f"records = {self.records} is no folder")
        show_status(self.records)
        return 0


@dataclass(frozen=True)
class Summary:
    """Sum up: best scores, robust width, sensitivity, significance, overhead, failures."""

    workloads: tyro.conf.Positional[tuple[str, ...]] = ()
    """Default: all that have records."""
    records: tuple[Path, ...] = ()
    """Folders and files of records, all together; default: those of the project alone."""
    markdown: Path | None = None
    """Write the tables to this file too."""

    def run(self) -> int:
        """Print the tables."""
        import polars as pl
        from rich.console import Console

        from experiments import records
        from experiments.files import write
        from experiments.studies.more import more_sheets
        from experiments.summary import show, to_markdown

        paths = self.records or (RESULTS,)
        found = records.load(*paths, damaged=records.left_out)
        if not self.records and any(RECORDS.glob("*.parquet")):
            print(
                f"These are the project's records; for your own: --records {RECORDS}",
                file=sys.stderr,
            )
        if self.workloads:
            known = found.runs.get_column("workload").unique().sort().to_list()
            for name in self.workloads:
                if name not in known:
                    allowed = ", ".join(known) or "none, there are no records"
                    raise ValueError(f"workloads: no records of {name!r}; there are: {allowed}")
            found = found.of(pl.col("workload").is_in(self.workloads))
        if not len(found.runs):
            where = ", ".join(map(str, paths))
            raise FileNotFoundError(
                f"no records in {where}; `python -m experiments run mnist_mlp` makes some"
            )
        console, more = Console(), more_sheets(found, not (self.records or self.workloads))
        show(found, console)
        for sheet in more:
            console.print(sheet.table())
        if self.markdown is not None:
            write(self.markdown, to_markdown(found, *more).encode())
        return 0


@dataclass(frozen=True)
class Pack:
    """Put the records of many runs into one file, those of a workload or a study.

    Runs that another file of the folder holds are left out. A file that is packed already is
    written anew, in the version of today, with all that it holds.
    """

    name: Annotated[str, tyro.conf.Positional]
    """A workload, or a study, see `list`; or a packed file, NAME.parquet."""
    selection: tyro.conf.OmitArgPrefixes[Selection]
    records: Path = RECORDS
    """The folder of the records."""
    out: Path = RESULTS
    """The folder of the file, which is called after the workload or study."""
    steps: int = 120
    """How many steps of each run to keep."""

    def run(self) -> int:
        """Write the file, if the record of every run is there."""
        from experiments import records
        from experiments.studies import STUDIES

        if self.steps < 1:
            raise ValueError(f"steps = {self.steps}; allowed: at least 1")
        if self.name.endswith(".parquet"):
            return self._anew(Path(self.name))
        if self.name in STUDIES:
            runs = STUDIES[self.name].runs(self.selection.seeds)
        else:
            runs = self.selection.runs(self.name)
        target = self.out / f"{self.name}.parquet"
        others = records.finished(*(path for path in self.out.glob("*.parquet") if path != target))
        ids = {run.id for run in runs} - others
        paths = sorted(records.path_of(self.records, run) for run in ids)
        missing = sum(not path.exists() for path in paths)
        if missing:
            raise FileNotFoundError(f"{missing} of {len(runs)} runs of {self.name} have no record")
        if not paths:
            raise ValueError(f"all runs of {self.name} are in other files of {self.out}")
        count = records.pack(paths, target, self.steps)
        print(f"{count} runs, {target.stat().st_size / 1000:.0f} kB: {target}")
        return 0

    def _anew(self, path: Path) -> int:
        """Write a packed file anew; no step of it is left out."""
        from experiments import records

        before = records.load(path).steps.height
        count = records.pack([path], path, steps=max(before, 1))
        print(f"{count} runs, {path.stat().st_size / 1000:.0f} kB: {path}")
        return 0
