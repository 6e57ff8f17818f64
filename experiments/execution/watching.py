# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Telling loggers of a run: its rows, once each, in the order of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

from experiments.config import Run
from experiments.logging_to import Logger, opened
from experiments.logging_to.lines import LineLogger
from experiments.workload import Workload

Rows = list[dict[str, Any]]


class Told(Protocol):
    """What a run has to say so far; it only grows."""

    epochs: Rows
    steps: Rows
    layers: Rows


class Watch:
    """Called with a run's progress after every epoch, and first when it starts or goes on.

    Parameters
    ----------
    loggers
        Who is told.
    """

    def __init__(self, loggers: Sequence[Logger] = ()) -> None:
        self.loggers = loggers
        self.epochs = self.steps = self.layers = 0

    def __call__(self, progress: Told) -> None:
        """Tell what is new; an epoch comes after its steps."""
        if not self.loggers:
            return
        for epoch in progress.epochs[self.epochs :]:
            steps = _before(progress.steps, self.steps, epoch["step"])
            layers = _before(progress.layers, self.layers, epoch["step"])
            self.epochs += 1
            self.steps += len(steps)
            self.layers += len(layers)
            for logger in self.loggers:
                for row in steps:
                    logger.write("step", row)
                for row in layers:
                    logger.write("layer", row)
                logger.write("epoch", {**epoch, "capped": capped(steps)})
        for logger in self.loggers:
            logger.flush()


@contextmanager
def watching(
    run: Run, workload: Workload, records: Path, log: Iterable[str], verbose: bool
) -> Iterator[Watch]:
    """Watch a run with the loggers of these names, and lines if ``verbose``; close them after it.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    from experiments.config import preset_name, preset_of

    with ExitStack() as stack:
        loggers: list[Logger] = []
        for name in log:
            loggers.append(opened(name, records, run))
            stack.callback(loggers[-1].close)
        if verbose:
            score = preset_of(workload, preset_name(workload, run)).score or workload.score
            loggers.append(LineLogger(run, score.name))
        yield Watch(loggers)


def capped(steps: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the share of recorded steps with ζ at or above the cap; None where there is no ζ."""
    both = [(row["adaptive"], row["cap"]) for row in steps if row.get("adaptive") is not None]
    return sum(adaptive >= cap for adaptive, cap in both) / len(both) if both else None


def _before(rows: Rows, start: int, step: int) -> Rows:
    end = start
    while end < len(rows) and rows[end]["step"] < step:
        end += 1
    return rows[start:end]
