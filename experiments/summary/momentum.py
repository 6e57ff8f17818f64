"""What momentum is worth: β > 0 against β = 0 at the same learning rate."""

from __future__ import annotations

import polars as pl

from experiments.summary.best import best
from experiments.summary.curve import curve
from experiments.summary.scores import KEY, variants


def momentum(ends: pl.DataFrame) -> pl.DataFrame:
    """Return the scores with and without momentum, where both were run.

    Parameters
    ----------
    ends
        As `finals` returns, with runs that differ from plain ones in β.

    Returns
    -------
    DataFrame
        For each workload, preset, method, β > 0 and learning rate: ``without`` and ``with``, the
        mean test scores; ``difference``, with minus without; ``n``, the runs of the smaller side;
        ``decades``, log10 of the learning rate over the best one with that β: negative is small.
    """
    by = ("beta",)
    curves = curve(variants(ends, *by), by)
    none = curves.filter(beta=0.0).select(*KEY, "lr", without="score", n_without="n")
    some = curves.filter(pl.col("beta") > 0)
    top = best(some, by).select(*KEY, "beta", best_lr="lr")
    return (
        some.join(none, on=[*KEY, "lr"])
        .join(top, on=[*KEY, "beta"])
        .with_columns(
            pl.min_horizontal("n", "n_without").alias("n"),
            pl.col("score").alias("with"),
            difference=pl.col("score") - pl.col("without"),
            decades=(pl.col("lr") / pl.col("best_lr")).log10(),
        )
        .select(*KEY, "beta", "lr", "decades", "without", "with", "difference", "n")
        .sort([*KEY, "beta", "lr"])
    )
