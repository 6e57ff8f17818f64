"""Sensitivity: how far the training loss is from the best, over the learning rates."""

from __future__ import annotations

import math

import polars as pl

from experiments.summary.scores import KEY


def sensitivity(
    curves: pl.DataFrame, lowest: float = 0.0, highest: float = math.inf
) -> pl.DataFrame:
    """Return the excess of min(l0, l) over the best loss: its sum, its mean, its expectation.

    l is the final training loss, averaged over the seeds after the minimum with l0, the loss of
    the first batch before any step (a run that diverged counts as l0).

    ``sensitivity = Σ (min(l0, l) - l*)`` over the grid of each method; l* is the smallest such
    mean over all methods and learning rates on the workload and preset. The sum grows with the
    grid; means compare methods with grids of different sizes, though not of different ranges.

    ``expected = E[min(l0, l) - l*]`` for log lr uniform in [a, b], with l* the smallest of the
    method's own: "learning rate sensitivity" of Wortsman et al., arXiv 2309.14322. The curve is
    linear in log lr between grid points, so that it does not matter how close these are; [a, b] is
    what the grid has within the range that is given.

    Parameters
    ----------
    curves
        As `curve` returns.
    lowest, highest
        The range of learning rates; default: that of each grid. Rates of 0 and inf are left out.

    Returns
    -------
    DataFrame
        For each method ``sensitivity``, ``sensitivity_mean``, ``expected``, and ``grid``, how many
        points it has.
    """
    loss, place = pl.col("loss"), pl.col("lr").log10()
    own = loss - loss.min()
    steps = place.shift(-1) - place
    area = ((own + own.shift(-1)) / 2 * steps).sum()
    return (
        curves.filter(
            pl.col("lr").is_between(lowest, highest), pl.col("lr").is_between(0, math.inf, "none")
        )
        .sort(*KEY, "lr", maintain_order=True)
        .with_columns(excess=loss - loss.min().over("workload", "preset"))
        .group_by(KEY, maintain_order=True)
        .agg(
            sensitivity=pl.col("excess").sum(),
            sensitivity_mean=pl.col("excess").mean(),
            expected=pl.when(pl.len() > 1).then(area / steps.sum()).otherwise(0.0),
            grid=pl.len(),
        )
    )
