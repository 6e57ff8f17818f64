"""Curves in one row each: the best learning rate with its score, and the robust widths."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from experiments.summary.best import best
from experiments.summary.scores import KEY
from experiments.summary.width import widths


def compared(curves: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return the columns of `best`, and the widths as text, ``own_1``, ..., ``all_5``.

    A width is "≥ 2.0" where the curve is still within at an end of the grid.

    Parameters
    ----------
    curves, by
        As `curve` returns, and was given.
    """
    edge = pl.when(pl.col("at_low") | pl.col("at_high")).then(pl.lit("≥ ")).otherwise(pl.lit(""))
    group = [*KEY, *by]
    texts = widths(curves, by).select(
        *group,
        which=pl.format("{}_{}", "reference", pl.col("points").cast(pl.Int64)),
        text=edge + pl.col("decades").map_elements("{:.1f}".format, pl.String),
    )
    found = best(curves, by)
    for which in ("own_1", "own_5", "all_1", "all_5"):
        column = texts.filter(which=which).select(*group, pl.col("text").alias(which))
        found = found.join(column, on=group, how="left", nulls_equal=True, maintain_order="left")
    return found
