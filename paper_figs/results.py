# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What figures show of records: the runs that belong to one, and their final results."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from experiments import summary
from experiments.records import Records
from experiments.summary.scores import KEY, SETTINGS, SIGN

PRESETS = ("paper", "small", "smoke", "other")


class MissingRecordsError(LookupError):
    """There are no records of what a figure shows."""


@dataclass(frozen=True)
class Problem:
    """A workload at a scale, as its runs say; ``data`` is the name of the data, if it has one."""

    workload: str
    preset: str
    title: str
    score_name: str
    higher_is_better: bool
    worst: float
    point: float
    data: str


def of_workload(records: Records, workload: str, *, plain: bool = False) -> Records:
    """Return the records of a workload at the largest scale that there are any of.

    Raises
    ------
    MissingRecordsError
        If there are none.
    """
    condition = pl.col("workload") == workload
    own = records.of(condition & pl.col("plain") if plain else condition)
    for preset in PRESETS:
        found = own.of(pl.col("preset") == preset)
        if found.runs.height:
            return found
    kind = "plain runs" if plain else "runs"
    raise MissingRecordsError(f"{kind} of {workload}")


METHODS = ("momo", "momo_adam", "sgd_m", "adam")
"""The four methods of the paper's comparison."""
SHOWN = (*METHODS, "adam_w")
"""AdamW takes the place of Adam where a workload is compared with it."""


def main_runs(records: Records, methods: Sequence[str] = ()) -> Records:
    """Return the plain runs of methods.

    Parameters
    ----------
    methods
        Empty: `METHODS`, and AdamW on workloads that have no runs of Adam.

    Raises
    ------
    MissingRecordsError
        If there are none.
    """
    own = records.of(pl.col("plain") & pl.col("method").is_in(methods or SHOWN))
    if not methods:
        adam = own.runs.filter(method="adam").get_column("workload").unique().implode()
        own = own.of((pl.col("method") != "adam_w") | ~pl.col("workload").is_in(adam))
    if own.runs.is_empty():
        named = ", ".join(methods or METHODS)
        raise MissingRecordsError(f"plain runs of {named} on any workload")
    return own


def problems(records: Records) -> Iterator[tuple[Problem, Records]]:
    """Yield every workload and scale with its records; tests' scales only where there is no other.

    Workloads come by name, scales from the largest.
    """
    for workload in records.runs.get_column("workload").unique().sort():
        own = records.of(pl.col("workload") == workload)
        presets = [p for p in PRESETS if p in own.runs.get_column("preset")]
        for preset in [p for p in presets if p in ("paper", "small")] or presets[:1]:
            found = own.of(pl.col("preset") == preset)
            yield problem_of(found), found


def problem_of(records: Records) -> Problem:
    """Return what the records of one workload and scale are about."""
    row = records.runs.row(0, named=True)
    return Problem(
        row["workload"],
        row["preset"],
        row["workload_title"],
        row["score_name"],
        row["higher_is_better"],
        row["worst"],
        row["point"],
        str(json.loads(row["scale"]).get("data", "")),
    )


def titles(records: Records) -> dict[str, str]:
    """Return the methods that there are records of, with their names in figures."""
    return dict(records.runs.select("method", "method_title").unique().sort("method").iter_rows())


def varied(records: Records, *settings: str) -> Records:
    """Return the plain runs, and those that differ from them in the given settings alone."""
    kept = summary.variants(records.runs, *settings).get_column("run")
    return records.of(pl.col("run").is_in(kept.implode()))


def final(records: Records) -> pl.DataFrame:
    """Return `summary.finals`, with the ``score`` and ``loss`` that figures show.

    ``score`` is the test score. ``loss`` is min(l0, l), as in the measure of sensitivity: the
    training loss of the last epoch, or that before training if it is less; a diverged run has
    learned nothing, and counts as that.
    """
    ends = summary.finals(records.runs, records.epochs)
    return ends.with_columns(
        score="test_score", loss=pl.min_horizontal("train_loss", "initial_loss")
    )


def line(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return what is drawn of one curve against lr: over seeds, a mean and the extremes.

    Parameters
    ----------
    table
        Rows of `final`, all of one workload, scale and method, and alike in all else.
    column
        "score", the test score, or "loss".

    Returns
    -------
    DataFrame
        Columns lr, mean, low, high, and diverged: how many runs did.
    """
    curve = summary.curve(table)
    if column == "score":
        shown = curve.select("lr", "diverged", mean="score", low="lowest", high="highest")
    else:
        band = table.group_by("lr").agg(low=pl.col("loss").min(), high=pl.col("loss").max())
        shown = curve.select("lr", "diverged", mean="loss").join(band, on="lr")
    return shown.sort("lr")


def best_lrs(table: pl.DataFrame, count: int = 1) -> list[float]:
    """Return the best learning rates of one curve by its validation score, best first."""
    curve = summary.curve(table)
    found: list[float] = []
    while len(found) < count and not (rest := curve.filter(~pl.col("lr").is_in(found))).is_empty():
        found += summary.best(rest).get_column("lr").to_list()
    return found


def paired(table: pl.DataFrame, by: str, base: Any) -> pl.DataFrame:
    """Return what runs gained over those that differ in one setting alone, seed by seed.

    Parameters
    ----------
    table
        Rows of `final`, of one workload and scale, alike in all but method, lr, seed and ``by``.
    by, base
        The setting, and its value in the runs that the others are compared with.

    Returns
    -------
    DataFrame
        For each run with a partner: method, lr, seed, ``by``, and ``score`` (how much better, in
        units of the score) and ``loss`` (the ratio of the training losses).
    """
    partner = table.filter(pl.col(by) == base).select(
        "method", "lr", "seed", base_score="score", base_loss="loss"
    )
    both = table.filter(pl.col(by) != base).join(partner, on=("method", "lr", "seed"))
    return both.select(
        "method",
        "lr",
        "seed",
        by,
        score=SIGN * (pl.col("score") - pl.col("base_score")),
        loss=pl.col("loss") / pl.col("base_loss"),
    )


def seeds(*tables: pl.DataFrame) -> str:
    """Return of how many seeds the means over runs alike in all else are: "3 seeds".

    Parameters
    ----------
    *tables
        Rows of `final`.
    """
    alike = [*KEY, *SETTINGS, "lr"]
    return counted(n for table in tables for n in table.group_by(alike).len().get_column("len"))


def counted(counts: Iterable[int]) -> str:
    """Return numbers of seeds as a text: "3 seeds", "2 to 5 seeds"."""
    numbers = set(counts)
    low, high = min(numbers), max(numbers)
    return f"{high} seed{'s' * (high > 1)}" if low == high else f"{low} to {high} seeds"
