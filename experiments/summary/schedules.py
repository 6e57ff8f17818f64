# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Whether a schedule replaces the model: the best score and the robust width under each."""

from __future__ import annotations

import polars as pl

from experiments.summary.compared import compared
from experiments.summary.scores import KEY, variants

BY = ("schedule", "warmup")


def schedules(ends: pl.DataFrame) -> pl.DataFrame:
    """Return the best score and the width of each method under each schedule.

    Parameters
    ----------
    ends
        As `finals` returns, with runs that differ from plain ones in schedule and warm-up. Methods
        that were run under one schedule only are left out.

    Returns
    -------
    DataFrame
        For each workload, preset, method, ``schedule`` and ``warmup`` the columns of `compared`,
        beside the plain runs.
    """
    several = pl.struct(BY).n_unique().over(KEY) > 1
    own = variants(ends, *BY)
    found = compared(own, own.filter("plain"), BY)
    return found.filter(several)
