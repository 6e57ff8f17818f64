"""Claims on what rounding alone changes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from experiments.claims.base import Claim, Estimate, Evidence, Find
from experiments.studies.rounding import LRS
from experiments.summary import variants
from experiments.summary.rectangle import SEEDS

SECTION = "rounding"


def shares(place: slice) -> Find:
    """Return the standard deviation over roundings at a seed, in units of that over seeds.

    Its interval is that of a ratio of two estimated variances (F), as if they were independent.

    Parameters
    ----------
    place
        Which of the learning rates of each method: the first is the best, others are large.
    """
    cells = [
        (workload, method, lr)
        for workload, methods in LRS.items()
        for method, lrs in methods.items()
        for lr in lrs[place]
    ]

    def find(ends: pl.DataFrame) -> list[Evidence]:
        own = variants(ends.filter(preset="small"), "rounding")
        return [each for cell in cells if (each := _share(own, *cell)) is not None]

    return find


def _share(own: pl.DataFrame, workload: str, method: str, lr: float) -> Evidence | None:
    cell = own.filter(
        (pl.col("lr") / lr - 1).abs() < 1e-6, workload=workload, method=method
    ).with_columns(roundings=pl.len().over(SEEDS))
    several = cell.filter(pl.col("roundings") > 1).sort(*SEEDS, "rounding")
    seeds = [part for _, part in several.group_by(SEEDS, maintain_order=True)]
    plain = [part.filter("plain")["test_score"].to_list() for part in seeds]
    # Without a spread over seeds there is nothing to hold the other against.
    if len({value for each in plain for value in each}) < 2 or not all(plain):
        return None
    sums = [
        (float(part["test_score"].var(ddof=1)), len(part) - 1)  # type: ignore[arg-type]
        for part in seeds
    ]

    def of(units: Sequence[int]) -> Estimate:
        from scipy.stats import f

        freedom = sum(sums[unit][1] for unit in units)
        rounded = math.fsum(sums[unit][0] * sums[unit][1] for unit in units) / freedom
        n = len(units)
        spread = float(np.var([plain[unit][0] for unit in units], ddof=1)) if n > 1 else 0.0
        if not spread:
            return Estimate(math.nan, math.nan, math.nan)
        ratio = rounded / spread
        ends = (ratio / float(f.ppf(q, freedom, n - 1)) for q in (0.975, 0.025))
        return Estimate(math.sqrt(ratio), *map(math.sqrt, ends))

    return Evidence(f"{workload}: {method}, lr {lr:g}", len(seeds), of)


CLAIMS = (
    Claim(
        "rounding-best",
        SECTION,
        "At their best rates the four methods' scores have over roundings, at one seed, {least} to"
        " {most} of the standard deviation that they have over seeds: at least a tenth in all"
        " {count} cases ({low} … {high}, n = {n}).",
        shares(slice(0, 1)),
        "At their best rates the four methods' scores have over roundings, at one seed, {least} to"
        " {most} of the standard deviation that they have over seeds ({count} cases, intervals"
        " {low} … {high}, n = {n}).",
        above=0.1,
    ),
    Claim(
        "rounding-large",
        SECTION,
        "At a large rate of MoMo and MoMo-Adam it is {least} to {most}, at least a tenth in all"
        " {count} cases ({low} … {high}, n = {n}).",
        shares(slice(1, None)),
        "At a large rate of MoMo and MoMo-Adam it is {least} to {most} ({count} cases, intervals"
        " {low} … {high}, n = {n}).",
        above=0.1,
    ),
)
