# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``--log csv``: a folder a run, with ``epochs.csv``, ``steps.csv`` and ``layers.csv``.

Columns are those of `experiments.records`, and ``capped``; an empty field is null.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from experiments.logging_to.base import Kind, Row
from experiments.records import EPOCHS, LAYERS, STEPS

if TYPE_CHECKING:
    from experiments.config import Run

COLUMNS: dict[Kind, Sequence[str]] = {
    "epoch": [*list(EPOCHS)[1:], "capped"],
    "step": list(STEPS)[1:],
    "layer": list(LAYERS)[1:],
}
"""All but the first column, the id of the run, which the folder has in its name."""


def check() -> None:
    """Do nothing: it is a part of Python."""


def open_logger(folder: Path, run: Run) -> CsvLogger:
    """Return a logger that begins its files anew."""
    return CsvLogger(folder)


class CsvLogger:
    """Writes a table for each kind of row; one without rows has no file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[Kind, TextIO] = {}
        self.writers: dict[Kind, csv.DictWriter[str]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for kind in COLUMNS:
            self._path(kind).unlink(missing_ok=True)

    def write(self, kind: Kind, row: Row) -> None:
        """Append a row."""
        if kind not in self.writers:
            file = self._path(kind).open("w", newline="", encoding="utf-8")
            self.files[kind] = file
            # Columns of others' rows, as the number of samples below a bound, are left out.
            columns: Any = COLUMNS[kind]
            self.writers[kind] = csv.DictWriter(file, columns, extrasaction="ignore")
            self.writers[kind].writeheader()
        self.writers[kind].writerow(row)

    def flush(self) -> None:
        """Write what is in memory."""
        for file in self.files.values():
            file.flush()

    def close(self) -> None:
        """Close the files."""
        for file in self.files.values():
            file.close()

    def _path(self, kind: Kind) -> Path:
        return self.folder / f"{kind}s.csv"
