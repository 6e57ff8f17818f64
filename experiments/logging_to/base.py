# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a logger is told of a run, and how numbers are called there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, Protocol

from experiments.files import UnwritableError

Kind = Literal["epoch", "step", "layer"]
Row = Mapping[str, Any]


class Logger(Protocol):
    """Takes the rows of a run in the order of its steps.

    A run that goes on from a checkpoint is told from its start: a logger begins anew, or leaves out
    what it has.
    """

    def write(self, kind: Kind, row: Row) -> None:
        """Take a row: the columns of `experiments.records`, and of an epoch ``capped``, a share."""
        ...

    def flush(self) -> None:
        """Let others see what was written; called after every epoch."""
        ...

    def close(self) -> None:
        """Write the rest."""
        ...


class Located:
    """A logger whose errors of the disk name its folder, which libraries leave out."""

    def __init__(self, logger: Logger, folder: Path) -> None:
        self.logger, self.folder = logger, folder

    def write(self, kind: Kind, row: Row) -> None:
        """Take a row."""
        with naming(self.folder):
            self.logger.write(kind, row)

    def flush(self) -> None:
        """Let others see what was written."""
        with naming(self.folder):
            self.logger.flush()

    def close(self) -> None:
        """Write the rest."""
        with naming(self.folder):
            self.logger.close()


@contextmanager
def naming(folder: Path) -> Iterator[None]:
    """Raise `UnwritableError` with the folder for an error of the operating system."""
    try:
        yield
    except OSError as error:
        raise UnwritableError(error.errno, error.strerror, str(folder)) from error


def scalars(kind: Kind, row: Row) -> Iterator[tuple[str, float]]:
    """Yield the names and values of a row, without those that are null or NaN.

    The names are ``epoch/<column>``, ``step/<column>`` and ``layer/<column>/<parameter>``, with the
    columns of `experiments.records`.
    """
    behind = f"/{row['layer']}" if kind == "layer" else ""
    for name, value in row.items():
        if name in ("run", "layer", "step") or value is None or math.isnan(value):
            continue
        yield f"{kind}/{name}{behind}", float(value)
