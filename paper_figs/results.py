"""What figures show of records: the runs that belong to one, and their final results."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from experiments.records import Records

SETTINGS = (
    "beta",
    "beta2",
    "eps",
    "weight_decay",
    "lb",
    "schedule",
    "warmup",
    "clip",
    "epochs",
    "batch_size",
    "precision",
)
"""What a run may have changed, beside its learning rate and seeds."""

GROUP = ("workload", "preset")
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
        str(json.loads(row["scale"]).get("data", "")),
    )


def titles(records: Records) -> dict[str, str]:
    """Return the methods that there are records of, with their names in figures."""
    return dict(records.runs.select("method", "method_title").unique().sort("method").iter_rows())


def varied(records: Records, *settings: str) -> Records:
    """Return the plain runs, and those that differ from them in the given `SETTINGS` alone.

    Of methods without plain runs there are none: nothing says what their settings should be.
    """
    keys = [*GROUP, "method"]
    usual = records.runs.filter("plain").unique(keys, keep="first", maintain_order=True)
    table = records.runs.join(usual.select(*keys, *SETTINGS), on=keys, suffix="_usual")
    same = [
        pl.col(name).eq_missing(pl.col(f"{name}_usual"))
        for name in SETTINGS
        if name not in settings
    ]
    seeded = pl.col("init_seed") == pl.col("seed")
    kept = table.filter(pl.all_horizontal(*same, seeded)).get_column("run")
    return records.of(pl.col("run").is_in(kept.implode()))


def final(records: Records) -> pl.DataFrame:
    """Return `records.runs` with the final ``score`` and ``loss`` of each run.

    ``score`` is the last epoch's on the validation set, ``loss`` the last epoch's training loss. A
    diverged run has learned nothing: it counts as the workload's worst score, and as the loss
    before training, which no loss exceeds here: min(l0, l), as in the measure of sensitivity.
    """
    last = records.epochs.group_by("run").agg(
        pl.col("validation_score").sort_by("epoch").last(),
        pl.col("train_loss").sort_by("epoch").last(),
    )
    failed = pl.col("status") == "diverged"
    score, loss = pl.col("validation_score"), pl.col("train_loss")
    usable = score.is_not_nan() & score.is_not_null()
    return records.runs.join(last, on="run", how="left", maintain_order="left").with_columns(
        score=pl.when(failed | ~usable).then("worst").otherwise(score),
        loss=pl.when(failed).then("initial_loss").otherwise(pl.min_horizontal(loss, "initial_loss")),
        diverged=failed,
    )


def against_lr(table: pl.DataFrame, column: str, by: Sequence[str] = ("method",)) -> pl.DataFrame:
    """Return mean, low and high over seeds of a column of `final` at each learning rate.

    Columns: ``by``, lr, mean, low, high, diverged (how many runs), runs.
    """
    return (
        table.group_by(*by, "lr")
        .agg(
            pl.col(column).mean().alias("mean"),
            pl.col(column).min().alias("low"),
            pl.col(column).max().alias("high"),
            pl.col("diverged").sum().cast(pl.Int64),
            pl.len().cast(pl.Int64).alias("runs"),
        )
        .sort(*by, "lr")
    )


def best_lrs(table: pl.DataFrame, problem: Problem, count: int = 1) -> list[float]:
    """Return the best learning rates of one method, best first; a tie goes to the smaller."""
    curve = against_lr(table, "score", by=())
    ordered = curve.sort("mean", "lr", descending=[problem.higher_is_better, False])
    return ordered.get_column("lr").head(count).to_list()
