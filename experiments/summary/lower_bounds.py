# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a wrong lower bound does: too low, too high, or estimated while training."""

from __future__ import annotations

import polars as pl

from experiments.summary.compared import compared
from experiments.summary.scores import KEY, variants
from momo.methods import METHODS, Row


def _without_estimate(row: Row) -> str:
    """Return the method that an online one is with a constant bound."""
    fixed = {name: value for name, value in row.fixed.items() if name != "use_fstar"}
    return next(
        other.name
        for other in METHODS.values()
        if other.optimizer == row.optimizer and dict(other.fixed) == fixed
    )


ONLINE = {row.name: _without_estimate(row) for row in METHODS.values() if row.online}
"""The methods that estimate their bound, and what they are without."""


def lower_bounds(ends: pl.DataFrame) -> pl.DataFrame:
    """Return the best score and the widths of each method under each bound.

    Parameters
    ----------
    ends
        As `finals` returns, with runs that differ from plain ones in f_*. Those of a method that
        estimates its bound (MoMo*) count as another bound of the method without (MoMo). Methods
        with one bound are left out.

    Returns
    -------
    DataFrame
        For each workload, preset, method, ``lb`` (where the estimate starts, if ``online``) and
        ``online`` the columns of `compared`, beside the plain runs of the method without estimate;
        its ``loss`` is the training loss at the best rate.
    """
    by = ("lb", "online")
    online = pl.col("method").is_in(list(ONLINE))
    together = (
        variants(ends, "lb")
        .with_columns(online=online)
        .with_columns(method=pl.col("method").replace(ONLINE))
    )
    several = pl.struct(by).n_unique().over(KEY) > 1
    taking = pl.col("method").is_in(list(METHODS))
    plain = together.filter(pl.col("plain"), ~pl.col("online"))
    return compared(together, plain, by).filter(taking).filter(several)
