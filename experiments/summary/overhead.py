# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the optimizer costs: its share of the time, and against SGD-M or Adam."""

from __future__ import annotations

import polars as pl

from experiments.summary.reference import BASES
from experiments.summary.scores import KEY


def overhead(ends: pl.DataFrame) -> pl.DataFrame:
    """Return the time in the optimizer's steps, for each workload, preset and method.

    Parameters
    ----------
    ends
        As `finals` returns, or the runs; those without a step, and stacked ones, are left out.

    Returns
    -------
    DataFrame
        For each workload, preset and method, as medians over the runs (a busy machine slows some):
        ``share``: percent of the training time (without evaluation) that is in the optimizer;
        ``step_ms`` and ``optimizer_ms``: milliseconds a step, in all and in the optimizer;
        ``base``: see `BASES` (null: none, or it was not run); ``extra``: by how many
        percent of the base's whole step its optimizer takes longer than the base's.
    """
    total = (
        ends.filter(pl.col("steps") > 0, pl.col("stacked") == 1)
        .group_by(KEY, maintain_order=True)
        .agg(
            share=(100 * pl.col("optimizer_time") / pl.col("training_time")).median(),
            step_ms=(1000 * pl.col("training_time") / pl.col("steps")).median(),
            optimizer_ms=(1000 * pl.col("optimizer_time") / pl.col("steps")).median(),
        )
        .with_columns(
            base=pl.col("method").replace_strict(BASES, default=None, return_dtype=pl.String),
        )
    )
    bases = total.select(
        "workload",
        "preset",
        pl.col("method").alias("base"),
        base_step_ms="step_ms",
        base_optimizer_ms="optimizer_ms",
    )
    extra = 100 * (pl.col("optimizer_ms") - pl.col("base_optimizer_ms")) / pl.col("base_step_ms")
    there = pl.col("base_step_ms").is_not_null()
    return (
        total.join(bases, on=["workload", "preset", "base"], how="left", maintain_order="left")
        .with_columns(base=pl.when(there).then("base"), extra=extra)
        .drop("base_step_ms", "base_optimizer_ms")
    )
