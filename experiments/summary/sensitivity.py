"""Sensitivity: how far the training loss is from the best, summed over the learning rates."""

from __future__ import annotations

import polars as pl

from experiments.summary.scores import KEY


def sensitivity(curves: pl.DataFrame) -> pl.DataFrame:
    """Return ``Σ (min(l0, l) - l*)`` over the grid of each method, and its mean per grid point.

    l is the final training loss, averaged over the seeds after the minimum with l0, the loss of
    the first batch before any step (a run that diverged counts as l0); l* is the smallest such mean
    over all methods and learning rates on the workload and preset. The sum grows with the grid;
    means compare methods with grids of different sizes, though not of different ranges.

    Parameters
    ----------
    curves
        As `curve` returns.

    Returns
    -------
    DataFrame
        For each method ``sensitivity``, ``sensitivity_mean`` and ``grid``, the number of points.
    """
    excess = pl.col("loss") - pl.col("loss").min().over("workload", "preset")
    return (
        curves.with_columns(excess=excess)
        .group_by(KEY, maintain_order=True)
        .agg(
            sensitivity=pl.col("excess").sum(),
            sensitivity_mean=pl.col("excess").mean(),
            grid=pl.len(),
        )
    )
