# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``--lines epochs``: a line an epoch on the standard output."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from experiments.logging_to.base import Kind, Row

if TYPE_CHECKING:
    from experiments.config import Run


class LineLogger:
    """Prints epoch, losses, score, share of capped steps, time, and the time left of the run.

    Parameters
    ----------
    run
        What the lines are of.
    score
        How its score is called.
    say
        Prints a line.
    """

    def __init__(self, run: Run, score: str, say: Callable[[str], None] = print) -> None:
        self.run, self.score, self.say = run, score, say

    def write(self, kind: Kind, row: Row) -> None:
        """Print the line of an epoch; other rows have none."""
        if kind == "epoch":
            self.say(line(self.run, self.score, row))

    def flush(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def line(run: Run, score: str, row: Row) -> str:
    """Return the line of an epoch; what there is not, as losses before the first step, is "-"."""
    epoch, seconds = row["epoch"], row["time"]
    train = "-" if row["train_loss"] is None else f"{row['train_loss']:.4g}"
    capped = "-" if row["capped"] is None else f"{row['capped']:.0%}"
    left = seconds / epoch * (run.epochs - epoch) if epoch else 0.0
    parts = (
        f"{run.method} lr {run.lr:g} seed {run.seed}",
        f"epoch {epoch}/{run.epochs}",
        f"train loss {train}",
        f"validation loss {row['validation_loss']:.4g}",
        f"{score} {row['validation_score']:.4g}",
        f"capped {capped}",
        f"{seconds:.1f} s" + (f", {left:.0f} s left" if left else ""),
    )
    return "  ".join(parts)
