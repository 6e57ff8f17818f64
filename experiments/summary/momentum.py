# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What momentum is worth: β > 0 against β = 0 at the same learning rate, seed by seed."""

from __future__ import annotations

import polars as pl

from experiments.summary.best import best
from experiments.summary.curve import curve
from experiments.summary.scores import KEY, variants
from experiments.summary.significance import at_equal_rates


def momentum(ends: pl.DataFrame) -> pl.DataFrame:
    """Return the scores with and without momentum, where both were run.

    Parameters
    ----------
    ends
        As `finals` returns, with runs that differ from plain ones in β.

    Returns
    -------
    DataFrame
        For each workload, preset, method, β > 0 and learning rate the columns of
        `at_equal_rates`, with momentum against without, and ``decades``, log10 of the learning
        rate over the best one with that β: negative is small.
    """
    own = variants(ends, "beta")
    some = own.filter(pl.col("beta") > 0)
    found = [
        at_equal_rates(
            part, own.filter(beta=0.0).with_columns(beta=pl.lit(beta)), [*KEY, "beta", "lr"]
        )
        for (beta,), part in some.group_by("beta", maintain_order=True)
    ]
    top = best(curve(some, ("beta",)), ("beta",)).select(*KEY, "beta", best_lr="lr")
    nothing = at_equal_rates(some.clear(), some.clear(), [*KEY, "beta", "lr"])
    return (
        pl.concat([nothing, *found])
        .join(top, on=[*KEY, "beta"])
        .with_columns(decades=(pl.col("lr") / pl.col("best_lr")).log10())
        .drop("best_lr")
        .sort([*KEY, "beta", "lr"])
    )
