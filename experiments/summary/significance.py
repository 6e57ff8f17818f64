# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Whether two methods differ by more than their seeds do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from experiments.summary.rectangle import SEEDS, Rectangle, rectangles, shared
from experiments.summary.scores import SIGN
from experiments.summary.width import pairs_with_bases

EXACT = 20
"""Up to so many pairs all sign flips are counted; beyond, their normal limit is used."""


class Paired(NamedTuple):
    """A comparison over pairs.

    Attributes
    ----------
    n
        Pairs; 0: there is nothing to compare, and all else is NaN.
    difference
        The mean.
    low, high
        The 95 % interval of Student's t for it; NaN for one pair.
    p, floor
        Of the sign-flip test, two-sided, and the smallest it can be with so many pairs.
    """

    n: int
    difference: float
    low: float
    high: float
    p: float
    floor: float


def sign_flip(differences: Sequence[float]) -> float:
    """Return the two-sided p-value of the exact sign-flip test of mean 0.

    The share of the 2^n ways to flip signs whose sum is at least as large in size as the one seen:
    at least 2/2^n (0.25 for three pairs), however large the differences. Beyond `EXACT` pairs, the
    normal limit. No pairs, or only zeros: 1.
    """
    values = np.asarray(differences, dtype=np.float64)
    seen = abs(values.sum())
    if len(values) > EXACT:
        spread = math.sqrt(2 * float(values @ values))
        return math.erfc(seen / spread) if spread > 0 else 1.0
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums + value, sums - value])
    # Rounding must not make a sum smaller than itself with all signs flipped.
    return float(np.mean(np.abs(sums) >= seen - 1e-12 * np.abs(values).sum()))


def signed_rank(differences: Sequence[float]) -> tuple[float, float]:
    """Return the p-value of Wilcoxon's signed-rank test, two-sided, exact, and the least it can be.

    It is the sign-flip test of the ranks, ties at their mean rank, without the zeros. The least is
    that of so many differences that are not zero.
    """
    d = np.asarray(differences, dtype=np.float64)
    moved = d[np.abs(d) > 1e-9]
    ranks = pl.Series(np.abs(moved).round(9)).rank("average").to_numpy() * np.sign(moved)
    return sign_flip(list(ranks)), min(1.0, 2.0 ** (1 - len(moved)))


def holm(values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number, after Holm: the family keeps its level.

    NaN is no test: it stays NaN, and does not count.
    """
    tests = sorted((p, place) for place, p in enumerate(values) if not math.isnan(p))
    adjusted, largest = [math.nan] * len(values), 0.0
    for index, (p, place) in enumerate(tests):
        largest = max(largest, min(1.0, (len(tests) - index) * p))
        adjusted[place] = largest
    return adjusted


def median_interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the shortest interval of order statistics that holds the median with 95 %, exactly.

    It is that of the sign test, and asks for no symmetry. Below six values there is none: NaN.
    """
    ordered, n = sorted(values), len(values)
    for k in range(n // 2, 0, -1):
        if 1 - 2 * sum(math.comb(n, i) for i in range(k)) / 2**n >= 0.95:
            return ordered[k - 1], ordered[n - k]
    return math.nan, math.nan


NOTHING = Paired(0, *[math.nan] * 5)
"""The comparison of no pairs."""


def paired(first: Sequence[float], second: Sequence[float]) -> Paired:
    """Compare two samples whose entries belong together; of no pairs: `NOTHING`."""
    if not len(first):
        return NOTHING
    from scipy.special import stdtrit  # scipy.stats takes as long to load as all the rest

    d = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    n, mean = len(d), float(d.mean())
    half = float(stdtrit(n - 1, 0.975)) * d.std(ddof=1) / math.sqrt(n) if n > 1 else math.nan
    return Paired(n, mean, mean - half, mean + half, sign_flip(list(d)), 2.0 ** (1 - n))


def at_best(first: Rectangle, second: Rectangle) -> tuple[float, float, Paired]:
    """Compare two curves over their shared seeds, each at the rate that is best over these.

    Returns
    -------
    tuple
        The two learning rates (NaN without shared seeds), and first minus second of the score in
        the direction of better.
    """
    seeds = shared(first, second)
    if not seeds:
        return math.nan, math.nan, NOTHING
    one, two = first.at(seeds), second.at(seeds)
    found = paired(list(one.gains[one.best]), list(two.gains[two.best]))
    return float(one.lrs[one.best]), float(two.lrs[two.best]), found


PAIRED: dict[str, Any] = {n: pl.Int64 if n == "n" else pl.Float64 for n in Paired._fields}
"""The columns of `Paired`."""


def significance(ends: pl.DataFrame) -> pl.DataFrame:
    """Compare the models of the reference set with what they are built upon, each at its best rate.

    Parameters
    ----------
    ends
        As `finals` returns; the plain ones.

    Returns
    -------
    DataFrame
        For each workload and preset, ``first`` (the model), ``second`` (its base; what is run in
        its place in ``run``), their learning rates ``first_lr`` and ``second_lr``, and the columns
        of `Paired` for first minus second, in the direction of better; ``adjusted``: p after Holm,
        over all rows. n = 0: they share no seed.
    """
    curves = rectangles(ends)
    rows: list[dict[str, Any]] = []
    for one, two, stands in pairs_with_bases(curves):
        first, second, found = at_best(curves[one], curves[two])
        names = {"workload": one[0], "preset": one[1], "first": one[2], "second": stands}
        rates = {"run": two[2], "first_lr": first, "second_lr": second}
        rows.append({**names, **rates, "point": curves[one].point, **found._asdict()})
    texts = dict.fromkeys(("workload", "preset", "first", "second", "run"), pl.String)
    numbers = dict.fromkeys(("first_lr", "second_lr", "point"), pl.Float64)
    table = pl.DataFrame(rows, schema={**texts, **numbers, **PAIRED})
    return table.with_columns(adjusted=pl.Series(holm(table["p"].to_list()), dtype=pl.Float64))


def at_equal_rates(first: pl.DataFrame, second: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Compare two tables of runs, cell by cell, over the seeds that both have there.

    Parameters
    ----------
    first, second
        As `finals` returns; alike in ``by`` where they are to be compared.
    by
        What makes a cell; the learning rate, or what stands for it, is among them.

    Returns
    -------
    DataFrame
        For each cell that both have ``by``, ``with`` and ``without``, the mean scores of first and
        second over the shared seeds, and the columns of `Paired` for first minus second in the
        direction of better. n = 0: the cell has no shared seed, and its means are null.
    """
    gains = [pl.col(*by, *SEEDS, "test_score"), (SIGN * pl.col("test_score")).alias("gain")]
    one, two = first.select(gains), second.select(gains)
    cells = one.select(by).unique().join(two.select(by).unique(), on=by, nulls_equal=True).sort(by)
    both = one.join(two, on=[*by, *SEEDS], suffix="_without", nulls_equal=True).sort(*by, *SEEDS)
    found = dict(both.group_by(*by, maintain_order=True))
    rows: list[dict[str, Any]] = []
    for cell in cells.iter_rows():
        own = found.get(cell, both.clear())
        compared = paired(own["gain"].to_list(), own["gain_without"].to_list())
        means = {"without": own["test_score_without"].mean(), "with": own["test_score"].mean()}
        rows.append({**dict(zip(by, cell, strict=True)), **means, **compared._asdict()})
    schema: dict[str, Any] = {name: first.schema[name] for name in by}
    return pl.DataFrame(rows, schema={**schema, "without": pl.Float64, "with": pl.Float64} | PAIRED)


def by_data_set(differences: pl.DataFrame) -> pl.DataFrame:
    """Return the mean difference of widths of each data set, and of how many ``workloads`` it is.

    A workload that is named MODULE:NAME does not count: variants of a workload are in studies, and
    each would change a test over the main sweep.

    Parameters
    ----------
    differences
        As `experiments.summary.width.width_differences` returns.

    Returns
    -------
    DataFrame
        ``first``, ``second``, ``points``, ``data``, ``decades`` and ``workloads``.
    """
    registered = ~pl.col("workload").str.contains(":", literal=True)
    known = differences.filter(registered, pl.col("n") > 0)
    key = ("first", "second", "points", "data")
    return known.group_by(key, maintain_order=True).agg(
        pl.col("decades").mean(), pl.len().alias("workloads")
    )


def over_data_sets(differences: pl.DataFrame) -> pl.DataFrame:
    """Test differences of widths over data sets, which are independent; workloads of one are not.

    Parameters
    ----------
    differences
        As `experiments.summary.width.width_differences` returns. The differences of workloads with
        one data set count as one, their mean; see `by_data_set`.

    Returns
    -------
    DataFrame
        For each ``first``, ``second`` and ``points``: how many ``workloads`` and data sets ``n``,
        the ``median`` over data sets in decades with its exact interval ``low`` to ``high``
        (`median_interval`), ``p`` of the exact signed-rank test, ``adjusted`` for the rows of this
        table after Holm, and ``floor``, the least that p can be.
    """
    rows: list[dict[str, Any]] = []
    each = by_data_set(differences)
    for key, part in each.group_by("first", "second", "points", maintain_order=True):
        d = part["decades"].to_list()
        p, floor = signed_rank(d)
        low, high = median_interval(d)
        workloads = int(part["workloads"].sum())
        numbers = {"workloads": workloads, "n": len(d), "median": float(np.median(d))}
        rows.append(
            {
                **dict(zip(("first", "second", "points"), key, strict=True)),
                **numbers,
                "low": low,
                "high": high,
                "p": p,
                "floor": floor,
            }
        )
    counts = {"workloads": pl.Int64, "n": pl.Int64}
    schema: dict[str, Any] = {"first": pl.String, "second": pl.String, "points": pl.Float64}
    reals = dict.fromkeys(("median", "low", "high", "p", "floor"), pl.Float64)
    table = pl.DataFrame(rows, schema={**schema, **counts, **reals})
    return table.with_columns(adjusted=pl.Series(holm(table["p"].to_list()), dtype=pl.Float64))
