# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Final score against learning rate: the first-class result."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from experiments.summary.scores import DIVERGED, KEY, SIGN

CARRIED = ("workload_title", "method_title", "score_name", "higher_is_better", "worst", "point")


def curve(ends: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return mean and spread over the seeds, for each workload, preset, method and learning rate.

    Parameters
    ----------
    ends
        As `finals` returns; usually the plain ones.
    by
        Settings that make curves of their own.

    Returns
    -------
    DataFrame
        Ordered by learning rate in each curve, with the columns

        ``n``, ``diverged``: runs, and how many of them diverged;
        ``score``, ``sd``, ``lowest``, ``highest``: of the test score (sd with n - 1; null for one);
        ``validation``: the mean of the validation score;
        ``held_out``: whether that is of samples that were held out, and not of the test set;
        ``loss``: the mean of min(l0, l), final training loss and loss before training;
        ``gain``: ± score, larger is better;
        and `CARRIED`, the properties of the score.
    """
    found = ends.group_by([*KEY, *by, "lr"], maintain_order=True).agg(
        pl.col(CARRIED).first(),
        n=pl.len(),
        diverged=DIVERGED.sum(),
        score=pl.col("test_score").mean(),
        sd=pl.col("test_score").std(),
        lowest=pl.col("test_score").min(),
        highest=pl.col("test_score").max(),
        validation=pl.col("validation_score").mean(),
        held_out=pl.col("held_out").all(),
        loss=pl.min_horizontal("initial_loss", "train_loss").mean(),
    )
    return found.with_columns(gain=SIGN * pl.col("score")).sort([*KEY, *by, "lr"])
