# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What every run counts as in the end; all other scores come from this table."""

from __future__ import annotations

import math

import polars as pl

KEY = ("workload", "preset", "method")
"""What a curve over learning rates belongs to."""

SETTINGS = (
    "schedule",
    "warmup",
    "weight_decay",
    "lb",
    "beta",
    "beta2",
    "eps",
    "clip",
    "epochs",
    "batch_size",
    "precision",
    "svag",
    "accumulate",
    "drop_last",
    "rounding",
    "decayed",
    "spectral",
)
"""What two runs of one method can differ in besides learning rate and seeds."""

DIVERGED = pl.col("status") == "diverged"
SIGN = pl.when("higher_is_better").then(1.0).otherwise(-1.0)
"""Times a score, it is better the larger it is."""


def finals(runs: pl.DataFrame, epochs: pl.DataFrame) -> pl.DataFrame:
    """Return the runs with the scores and losses of their end.

    These are ``validation_score``, ``test_score``, ``train_loss``, and ``test_loss`` as it was. The
    end is the last epoch: no run is stopped early, and no best epoch is picked. A run that
    diverged counts as ``worst``, the score of a model that learned nothing, and as an infinite
    training loss; so does one whose score is missing or NaN. No run counts as less than ``worst``,
    so that no mean is that of its wildest run alone. Where nothing is held out, ``held_out`` is
    false, and the test score takes the place of the validation score. ``data`` is the name of the
    data set, or of the workload where it says none.

    Parameters
    ----------
    runs, epochs
        As in the records: a row for a run, and a row for an epoch of one.
    """
    measured = ("validation_score", "test_score", "train_loss", "test_loss")
    by_run = epochs.sort("epoch").group_by("run", maintain_order=True)
    held_out = by_run.agg(held_out=pl.col("validation_score").is_not_null().any())
    last = by_run.last().select("run", *measured).join(held_out, on="run")
    last = last.with_columns(validation_score=pl.coalesce("validation_score", "test_score"))
    finite = pl.col("train_loss").is_finite().fill_null(False)
    data = pl.col("scale").str.json_path_match("$.data").fill_null(pl.col("workload"))
    return runs.join(last, on="run", how="left", maintain_order="left").with_columns(
        _counted("validation_score"),
        _counted("test_score"),
        data=data,
        train_loss=pl.when(finite & ~DIVERGED).then("train_loss").otherwise(math.inf),
    )


def _counted(name: str) -> pl.Expr:
    learned = pl.col(name).is_finite() & (SIGN * (pl.col(name) - pl.col("worst")) > 0)
    return pl.when(learned & ~DIVERGED).then(name).otherwise("worst").alias(name)


def variants(ends: pl.DataFrame, *free: str) -> pl.DataFrame:
    """Return the runs that are plain but for the settings named.

    A run belongs if some plain run of its workload, preset and method has the same other settings
    and the same scale, and its initialisation has the seed that it has in plain runs.

    Parameters
    ----------
    ends
        As `finals` returns.
    *free
        Names in `SETTINGS`.
    """
    fixed = [*KEY, "scale", *(name for name in SETTINGS if name not in free)]
    plain = ends.filter("plain").select(fixed).unique()
    # Plain runs of a preset may all start at one point.
    alike = (pl.col("init_seed") != pl.col("seed")).any()
    starts = ends.filter("plain").group_by(KEY).agg(one=alike)
    own = pl.when("one").then(0).otherwise("seed")
    usual = ends.join(starts, on=KEY, maintain_order="left").filter(pl.col("init_seed") == own)
    usual = usual.drop("one")
    return usual.join(plain, on=fixed, how="semi", nulls_equal=True, maintain_order="left")
