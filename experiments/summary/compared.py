"""Curves in one row each: the best learning rate with its score, and the robust widths."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from experiments.summary.best import best
from experiments.summary.scores import KEY
from experiments.summary.width import POINTS, widths


def compared(curves: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return the columns of `best`, and the widths ``own_1``, ``own_5``, ``all_1``, ``all_5``.

    A width is text, "≥ 2.0" where the curve is still within at an end of the grid; beside it, in
    ``own_1_grid`` and so on, is the number of grid points that are within.

    Parameters
    ----------
    curves, by
        As `curve` returns, and was given.
    """
    edge = pl.when(pl.col("at_low") | pl.col("at_high")).then(pl.lit("≥ ")).otherwise(pl.lit(""))
    group = [*KEY, *by]
    wide = widths(curves, by).with_columns(
        text=edge + pl.col("decades").map_elements("{:.1f}".format, pl.String)
    )
    found = best(curves, by)
    for reference in ("own", "all"):
        for points in POINTS:
            name = f"{reference}_{points:g}"
            one = wide.filter(reference=reference, points=points).select(
                *group, pl.col("text").alias(name), pl.col("grid_points").alias(f"{name}_grid")
            )
            found = found.join(one, on=group, how="left", nulls_equal=True, maintain_order="left")
    return found
