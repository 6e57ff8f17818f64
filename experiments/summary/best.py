# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The best learning rate: chosen on the validation score, reported by the test score."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from experiments.summary.scores import KEY, SIGN


def best(curves: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return the row of each curve whose mean validation score is best; of equals, the smaller lr.

    Parameters
    ----------
    curves, by
        As `curve` returns, and was given.

    Returns
    -------
    DataFrame
        Rows of ``curves``, and ``at_edge``: whether it is the smallest or largest learning rate of
        several, so that better ones may lie beyond.
    """
    group = [*KEY, *by]
    grid = pl.col("lr")
    at_edge = ((grid == grid.min()) | (grid == grid.max())) & (grid.n_unique() > 1)
    return (
        curves.with_columns(at_edge=at_edge.over(group))
        .sort(SIGN * pl.col("validation"), -pl.col("lr"), descending=True, maintain_order=True)
        .group_by(group, maintain_order=True)
        .first()
        .sort(group)
    )
