# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Weight decay with lower bounds: each pair of them beside the plain one."""

from __future__ import annotations

import polars as pl

from experiments.summary.compared import compared
from experiments.summary.scores import KEY, variants

BY = ("weight_decay", "lb")


def decay(ends: pl.DataFrame) -> pl.DataFrame:
    """Return the best score and the width of each method for each weight decay and lower bound.

    Parameters
    ----------
    ends
        As `finals` returns, with runs that differ from plain ones in weight decay and f_*. Methods
        with one weight decay are left out.

    Returns
    -------
    DataFrame
        For each workload, preset, method, ``weight_decay`` and ``lb`` the columns of `compared`,
        beside the plain runs.
    """
    several = pl.col("weight_decay").n_unique().over(KEY) > 1
    own = variants(ends, *BY).filter(several)
    return compared(own, own.filter("plain"), BY)
