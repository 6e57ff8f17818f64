# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""All tables of the summary, in the terminal or as markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

import polars as pl

from experiments.optimizers import OPTIMIZERS
from experiments.summary.questions import failure_sheet, question_sheets, rounding_sheet
from experiments.summary.results import result_sheets, titles
from experiments.summary.rounding import least, rounding
from experiments.summary.scores import finals
from experiments.summary.sheet import Sheet
from momo.methods import METHODS

if TYPE_CHECKING:
    from rich.console import Console

LEGEND = (
    "best lr: chosen on the validation score; the score is on the test set. A run that diverged"
    " counts as a model that learned nothing; †: some of the runs did. own 5: decades of learning"
    " rate within 5 points of the method's own best mean; common 1, common 5: of the"
    " best mean of MoMo, MoMo-Adam, SGD-M and Adam (AdamW where there is no Adam), over the same"
    " seeds; ≥: within at an end of the grid, so perhaps more. In brackets: the 95 % percentile"
    " bootstrap interval over the seeds, the same resampled seeds for all; of few seeds it is too"
    " narrow. own excess: expectation of the training loss above the method's own smallest, for log"
    " lr uniform over the grid. Every comparison is over the seeds that both sides have; n: how"
    " many. The exact sign-flip test cannot have a p below 2/2^n: 0.25 of 3 seeds, 0.06 of 5."
)

WIDTH = 120
"""Characters that the widest table takes."""

RANK = pl.col("method").replace_strict(
    list(OPTIMIZERS), range(len(OPTIMIZERS)), default=len(OPTIMIZERS), return_dtype=pl.Int64
)
"""The order in which methods are shown."""


class Tables(Protocol):
    """The tables of records, a row for each run, and for each epoch of a run."""

    @property
    def runs(self) -> pl.DataFrame:
        """The runs."""

    @property
    def epochs(self) -> pl.DataFrame:
        """The epochs."""


def sheets(records: Tables) -> Iterator[Sheet]:
    """Yield all tables there are runs for, each over all workloads."""
    ends = finals(records.runs, records.epochs).sort(
        "workload", "preset", RANK, "lr", "seed", maintain_order=True
    )
    plain, rounded = ends.filter("plain"), rounding(ends)
    known = least(rounded)
    if len(plain):
        yield from (sheet for sheet in result_sheets(plain, known) if sheet.rows)
    yield from question_sheets(ends, known)
    names = {**{name: row.title for name, row in METHODS.items()}, **titles(ends)}
    for sheet in (rounding_sheet(rounded, names), failure_sheet(ends)):
        if sheet.rows:
            yield sheet


def show(records: Tables, console: Console) -> None:
    """Print all tables and how to read them, `WIDTH` columns wide or more, so that none is cut."""
    from rich.text import Text

    before = console.width
    console.width = max(before, WIDTH)
    try:
        shown = False
        for sheet in sheets(records):
            console.print(sheet.table(), soft_wrap=False)
            shown = True
        console.print(Text(LEGEND if shown else "no runs yet", style="dim"), soft_wrap=False)
    finally:
        console.width = before


def to_markdown(records: Tables, *more: Sheet) -> str:
    """Return all tables as a page of markdown, and how to read them.

    Parameters
    ----------
    more
        Tables to put behind these.
    """
    found = [*sheets(records), *(sheet for sheet in more if sheet.rows)]
    if not found:
        return "no runs yet\n"
    return "\n".join(["# Tables", "", LEGEND, "", *(sheet.markdown() for sheet in found)])
