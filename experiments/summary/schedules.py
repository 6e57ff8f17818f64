"""Whether a schedule replaces the model: the best score and the robust width under each."""

from __future__ import annotations

import polars as pl

from experiments.summary.compared import compared
from experiments.summary.curve import curve
from experiments.summary.scores import KEY, SIGN, variants


def schedules(ends: pl.DataFrame) -> pl.DataFrame:
    """Return the best score and the widths of each method under each schedule.

    Parameters
    ----------
    ends
        As `finals` returns, with runs that differ from plain ones in schedule and warm-up. Methods
        that were run under one schedule only are left out.

    Returns
    -------
    DataFrame
        For each workload, preset, method, ``schedule`` and ``warmup`` the columns of `compared`,
        and ``top``: whether it is the method's best by the validation score.
    """
    by = ("schedule", "warmup")
    several = pl.struct(by).n_unique().over(KEY) > 1
    gain = SIGN * pl.col("validation")
    found = compared(curve(variants(ends, *by), by).filter(several), by)
    return found.with_columns(top=(gain == gain.max()).over(KEY))
