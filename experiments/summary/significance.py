"""Whether two methods differ by more than their seeds do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from experiments.summary.scores import KEY

SEEDS = ("seed", "init_seed")
EXACT = 20
"""Up to so many pairs all sign flips are counted; beyond, their normal limit is used."""


class Paired(NamedTuple):
    """A comparison over pairs.

    Attributes
    ----------
    n
        Pairs.
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


def paired(first: Sequence[float], second: Sequence[float]) -> Paired:
    """Compare two samples whose entries belong together; at least one pair."""
    from scipy.special import stdtrit  # scipy.stats takes as long to load as all the rest

    d = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    n, mean = len(d), float(d.mean())
    half = float(stdtrit(n - 1, 0.975)) * d.std(ddof=1) / math.sqrt(n) if n > 1 else math.nan
    return Paired(n, mean, mean - half, mean + half, sign_flip(list(d)), 2.0 ** (1 - n))


def significance(ends: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Compare all pairs of methods on each workload, at their best learning rates.

    Parameters
    ----------
    ends
        As `finals` returns; the plain ones.
    chosen
        As `best` returns.

    Returns
    -------
    DataFrame
        For each two methods ``first`` and ``second`` with shared seeds the columns of `Paired`,
        for the test score of first minus second. p-values are not adjusted for their number.
    """
    at_best = ends.join(chosen.select(*KEY, "lr"), on=[*KEY, "lr"], how="semi")
    rows: list[dict[str, Any]] = []
    for (workload, preset), part in at_best.group_by("workload", "preset", maintain_order=True):
        methods = part["method"].unique(maintain_order=True).to_list()
        for first, second in combinations(methods, 2):
            both = part.filter(method=first).join(
                part.filter(method=second), on=SEEDS, suffix="_second", nulls_equal=True
            )
            if len(both):
                found = paired(both["test_score"].to_list(), both["test_score_second"].to_list())
                names = {"workload": workload, "preset": preset, "first": first, "second": second}
                rows.append({**names, **found._asdict()})
    numbers = {name: pl.Int64 if name == "n" else pl.Float64 for name in Paired._fields}
    names = dict.fromkeys(("workload", "preset", "first", "second"), pl.String)
    return pl.DataFrame(rows, schema={**names, **numbers})


def over_workloads(widths: pl.DataFrame, points: float, reference: str = "all") -> pl.DataFrame:
    """Compare the robust widths of all pairs of methods over the workloads both ran on.

    Wilcoxon's signed-rank test, two-sided: the sign-flip test of the ranks of the differences, ties
    at their mean rank, without the zeros.

    Parameters
    ----------
    widths
        As `experiments.summary.width.widths` returns.
    points, reference
        Which of the widths.

    Returns
    -------
    DataFrame
        ``first``, ``second``, ``n`` (workloads), ``median`` of the differences of widths in
        decades, ``p``, and ``floor``, the smallest p with so many differences that are not zero.
    """
    used = widths.filter(points=points, reference=reference)
    rows: list[dict[str, Any]] = []
    for first, second in combinations(used["method"].unique(maintain_order=True).to_list(), 2):
        both = used.filter(method=first).join(
            used.filter(method=second), on=["workload", "preset"], suffix="_second"
        )
        if len(both):
            d = (both["decades"] - both["decades_second"]).to_numpy()
            moved = d[np.abs(d) > 1e-9]
            ranks = pl.Series(np.abs(moved).round(9)).rank("average").to_numpy() * np.sign(moved)
            rows.append(
                {
                    "first": first,
                    "second": second,
                    "n": len(d),
                    "median": float(np.median(d)),
                    "p": sign_flip(list(ranks)),
                    "floor": min(1.0, 2.0 ** (1 - len(moved))),
                }
            )
    names = {"first": pl.String, "second": pl.String, "n": pl.Int64}
    return pl.DataFrame(
        rows, schema={**names, **dict.fromkeys(("median", "p", "floor"), pl.Float64)}
    )
