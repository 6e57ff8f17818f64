# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Which runs failed, where, and what worked instead."""

from __future__ import annotations

import polars as pl

from experiments.summary.best import best
from experiments.summary.curve import curve
from experiments.summary.scores import DIVERGED, KEY, SETTINGS, SIGN


def failures(ends: pl.DataFrame) -> pl.DataFrame:
    """Return the learning rates at which runs diverged or learned nothing.

    Parameters
    ----------
    ends
        As `finals` returns.

    Returns
    -------
    DataFrame
        For each workload, preset, method, settings and learning rate with a failure, in
        the order of the runs: ``n`` runs,
        ``diverged`` of them with a loss that was not finite, at the steps ``first_step`` to
        ``last_step``; ``stuck`` of them finished less than one point above the
        score of a model that learned nothing; ``plain``; ``best_lr`` and ``best_score`` of the same
        method and settings; ``changed``: the settings that differ from the plain runs' as text.
    """
    group = [*KEY, *SETTINGS]
    near = SIGN * (pl.col("test_score") - pl.col("worst")) < pl.col("point")
    found = (
        ends.group_by([*group, "lr"], maintain_order=True)
        .agg(
            pl.col("method_title", "plain", "point").first(),
            n=pl.len(),
            diverged=DIVERGED.sum(),
            stuck=(~DIVERGED & near).sum(),
            first_step=pl.col("diverged_at").min(),
            last_step=pl.col("diverged_at").max(),
        )
        .filter((pl.col("diverged") > 0) | (pl.col("stuck") > 0))
    )
    tops = best(curve(ends, SETTINGS), SETTINGS).select(*group, best_lr="lr", best_score="score")
    found = found.join(tops, on=group, how="left", nulls_equal=True, maintain_order="left")
    usual = ends.filter("plain").group_by(KEY).agg(pl.col(SETTINGS).first().name.suffix("_usual"))
    differing = [
        pl.when(~pl.col(name).eq_missing(pl.col(f"{name}_usual"))).then(
            pl.format(f"{name} = {{}}", pl.col(name).cast(pl.String).fill_null("none"))
        )
        for name in SETTINGS
    ]
    return (
        found.join(usual, on=KEY, how="left", maintain_order="left")
        .with_columns(changed=pl.concat_str(differing, separator=", ", ignore_nulls=True))
        .with_columns(pl.when("plain").then(pl.lit("")).otherwise("changed").alias("changed"))
        .drop(f"{name}_usual" for name in SETTINGS)
    )
