# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How much of what one sees is rounding: runs that start one rounding apart, and nothing else.

In exact arithmetic these runs would be one. Training magnifies the last bit, as the choice of the
machine does, so that their scores spread by some σ_r at one and the same seed.

What this means for a comparison depends on how it is made. Over independent seeds each score has
its own rounding: the spread over seeds contains σ_r, and an interval from it needs nothing more.
But a paired difference of two methods that are nearly the same at a seed (two learning rates above
all caps, two names of one method) is a difference of roundings: no seed's part is left in it but
theirs. And a few seeds may agree by chance. So a mean difference over n seeds below

    1.96 · sqrt(2) · σ_r / sqrt(n)

is one that rounding alone shows once in twenty times, and tables mark it.
"""

from __future__ import annotations

import math

import polars as pl

from experiments.summary.scores import KEY, variants

TIMES = 1.96 * math.sqrt(2)


def rounding(ends: pl.DataFrame) -> pl.DataFrame:
    """Return the spread over roundings at a seed, beside that over seeds.

    Parameters
    ----------
    ends
        As `finals` returns, with runs that differ from plain ones in ``rounding``.

    Returns
    -------
    DataFrame
        For each workload, preset, method and learning rate with such runs: ``seeds`` and
        ``roundings`` (the plain run is one); ``rounded``, the standard deviation over the roundings
        of a seed, of all seeds together (variances with their degrees of freedom); ``sd`` over
        ``n`` seeds of the plain runs, whose rounding is one of many; ``share`` of the latter's
        variance that is the former's; ``point``.
    """
    cell = [*KEY, "lr"]
    own = variants(ends, "rounding")
    per_seed = (
        own.group_by(*cell, "seed", "init_seed")
        .agg(pl.len().alias("k"), pl.col("test_score").var().alias("v"), pl.col("point").first())
        .filter(pl.col("k") > 1)
        .with_columns(freedom=pl.col("k") - 1)
    )
    pooled = per_seed.group_by(cell).agg(
        seeds=pl.len(),
        roundings=pl.col("k").max(),
        rounded=((pl.col("v") * pl.col("freedom")).sum() / pl.col("freedom").sum()).sqrt(),
        freedom=pl.col("freedom").sum(),
        point=pl.col("point").first(),
    )
    plain = own.filter("plain").group_by(cell).agg(sd=pl.col("test_score").std(), n=pl.len())
    share = (pl.col("rounded") / pl.col("sd")) ** 2
    return (
        pooled.join(plain, on=cell)
        .with_columns(share=share)
        .select(*cell, "seeds", "roundings", "freedom", "rounded", "sd", "n", "share", "point")
        .sort(cell)
    )


def least(found: pl.DataFrame) -> dict[tuple[str, str, str], float]:
    """Return `TIMES` σ_r for each workload, preset and method: over sqrt(n), the least difference.

    Of several learning rates the one with the smallest spread counts, which is near the best one:
    the mark is set rather too seldom than too often.

    Parameters
    ----------
    found
        As `rounding` returns.
    """
    spread = found.group_by(KEY).agg(pl.col("rounded").min())
    return {row[:3]: TIMES * row[3] for row in spread.iter_rows()}


def within_rounding(
    known: dict[tuple[str, str, str], float],
    workload: str,
    preset: str,
    difference: float,
    n: int,
    *methods: str,
) -> bool | None:
    """Return whether rounding alone gives such a mean difference over n seeds; None: not measured.

    Parameters
    ----------
    known
        As `least` returns.
    methods
        Of the two sides; one that was not measured counts as the largest of those that were on the
        workload.
    """
    own = {key[2]: value for key, value in known.items() if key[:2] == (workload, preset)}
    if not own or not n:
        return None
    sides = [own.get(method, max(own.values())) for method in methods]
    # sqrt(2) is in each: the mean of two squares is that of the sum of two spreads.
    both = math.sqrt(sum(side**2 for side in sides) / len(sides))
    return abs(difference) < both / math.sqrt(n)
