# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a random length of the step is worth: with it and without, at equal learning rates."""

from __future__ import annotations

import polars as pl

from experiments.summary.scores import KEY
from experiments.summary.significance import at_equal_rates

SCALED = {
    "momo_random_scaling": ("momo", 1.0),
    "experiments.studies.random_scaling:UNDAMPED": ("sgd_m", 9.0),
}
"""Methods with random scaling, what they are without, and the rate of the latter over theirs."""


def random_scaling(ends: pl.DataFrame) -> pl.DataFrame:
    """Return test scores with and without random scaling, paired over seeds.

    Parameters
    ----------
    ends
        As `finals` returns; the plain ones.

    Returns
    -------
    DataFrame
        For each workload, preset, method of `SCALED` and learning rate, that of the method
        without, the columns of `at_equal_rates`.
    """
    # Rates are equal to six digits: they are products of others.
    plain = ends.filter("plain").with_columns(lr=pl.col("lr").round_sig_figs(6))
    cell = [*KEY, "lr"]
    found = [at_equal_rates(plain.clear(), plain.clear(), cell)]
    for method, (base, times) in SCALED.items():
        scaled = plain.filter(method=method).with_columns(
            lr=(pl.col("lr") * times).round_sig_figs(5)
        )
        without = plain.filter(method=base).with_columns(
            method=pl.lit(method), lr=pl.col("lr").round_sig_figs(5)
        )
        found.append(at_equal_rates(scaled, without, cell))
    return pl.concat(found).sort(cell)
