"""All tables of the summary, in the terminal or as markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

import polars as pl

from experiments.optimizers import OPTIMIZERS
from experiments.summary.curve import curve
from experiments.summary.questions import failure_sheet, question_sheets
from experiments.summary.results import titles, workload_sheets
from experiments.summary.scores import finals
from experiments.summary.sheet import Sheet
from experiments.summary.significance import over_workloads
from experiments.summary.width import POINTS, widths

if TYPE_CHECKING:
    from rich.console import Console

LEGEND = (
    "best lr: chosen on the validation score; the score is on the test set, mean ± standard"
    " deviation over n seeds. A run that diverged counts as a model that learned nothing; †: some"
    " of the runs did. own 1, own 5: decades of learning rate within 1 and 5 points of the method's"
    " own best mean, and in brackets how many of the grid's points; all 1, all 5: of the best of"
    " all; ≥: within at an end of the grid, so perhaps more. excess: mean over the grid of the"
    " training loss, at most that before training, above the smallest of all methods; own excess:"
    " its expectation above the method's own smallest, for log lr uniform over the grid. vs best:"
    " decades from the best lr. p: exact sign-flip test over shared seeds, not adjusted for the"
    " number of comparisons; it cannot be below least p = 2/2^n, which for 3 seeds is 0.25."
)

WIDTH = 100

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
    """Yield all tables there are runs for: workload by workload, then those over all of them."""
    ends = finals(records.runs, records.epochs).sort(
        "workload", "preset", RANK, "lr", "seed", maintain_order=True
    )
    for part in ends.partition_by("workload", "preset", maintain_order=True):
        plain = part.filter("plain")
        if len(plain):
            yield from workload_sheets(plain)
        yield from question_sheets(part)
    yield from _over_workloads(ends.filter("plain"))
    failed = failure_sheet(ends)
    if failed.rows:
        yield failed


def _over_workloads(plain: pl.DataFrame) -> Iterator[Sheet]:
    names = titles(plain)
    found = widths(curve(plain)).sort(RANK, maintain_order=True)
    rows = tuple(
        (
            f"{names[row['first']]} – {names[row['second']]}",
            f"{points:g}",
            f"{row['median']:+.2f}",
            f"{row['p']:.3g}",
            f"{row['floor']:.3g}",
            str(row["n"]),
        )
        for points in POINTS
        for row in over_workloads(found, points).iter_rows(named=True)
        if row["n"] > 1
    )
    if rows:
        headers = ("difference of widths", "points", "median decades", "p", "least p", "workloads")
        note = "Widths within the best of all methods; Wilcoxon's signed-rank test, exact."
        yield Sheet("Robust width over all workloads", headers, rows, note=note)


def show(records: Tables, console: Console) -> None:
    """Print all tables and how to read them, 100 columns wide or more, so that none is cut."""
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


def to_markdown(records: Tables) -> str:
    """Return all tables as markdown, under headings of level 3, and how to read them."""
    parts = [sheet.markdown() for sheet in sheets(records)]
    return "\n".join([*parts, LEGEND, ""] if parts else ["no runs yet", ""])
