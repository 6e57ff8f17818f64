"""What a logger is told of a run, and how numbers are called there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal, Protocol

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
