# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

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


def shares(place: slice, *workloads: str) -> Find:
    """Return the standard deviation over roundings at a seed, in units of that over seeds.

    Both are pooled over the methods of a workload. The interval is that of a ratio of two estimated
    variances (F), as if they were independent. Units are the seeds that have roundings.

    Parameters
    ----------
    place
        Which of the learning rates of each method: the first is the best, others are large.
    workloads
        Each is one number.
    """

    def find(ends: pl.DataFrame) -> list[Evidence]:
        own = variants(ends.filter(preset="small"), "rounding")
        return [each for name in workloads if (each := _share(own, name, place)) is not None]

    return find


def _share(own: pl.DataFrame, workload: str, place: slice) -> Evidence | None:
    cells = [
        own.filter((pl.col("lr") / lr - 1).abs() < 1e-6, workload=workload, method=method)
        for method, lrs in LRS[workload].items()
        for lr in lrs[place]
    ]
    if any(cell.is_empty() for cell in cells):
        return None
    seeds = [_roundings(cell) for cell in cells]
    over_seeds = [cell.filter("plain")["test_score"].to_list() for cell in cells]
    n = min(len(each) for each in seeds)
    if not n or min(map(len, over_seeds)) < 2:
        return None
    spread, freedom = _pooled(over_seeds)
    if not spread:  # there is nothing to hold the other against
        return None

    def of(units: Sequence[int]) -> Estimate:
        from scipy.stats import f

        rounded, free = _pooled([each[unit] for each in seeds for unit in units])
        ratio = rounded / spread
        ends = (ratio / float(f.ppf(q, free, freedom)) for q in (0.975, 0.025))
        return Estimate(math.sqrt(ratio), *map(math.sqrt, ends))

    return Evidence(workload, n, of)


def _roundings(cell: pl.DataFrame) -> list[list[float]]:
    """Return the scores of the roundings of each seed that has several."""
    several = cell.filter(pl.len().over(SEEDS) > 1).sort(*SEEDS, "rounding")
    parts = several.group_by(SEEDS, maintain_order=True)
    return [part["test_score"].to_list() for _, part in parts]


def _pooled(samples: Sequence[Sequence[float]]) -> tuple[float, int]:
    """Return the variance within samples, and its degrees of freedom."""
    freedom = sum(len(sample) - 1 for sample in samples)
    squares = math.fsum(float(np.var(sample)) * len(sample) for sample in samples)
    return squares / freedom, freedom


AGAIN = "of the standard deviation that they have over seeds ({low} … {high}, n = {n} seeds)"
CLAIMS = (
    Claim(
        "rounding-mnist",
        SECTION,
        "On MNIST the scores at the best rates have over roundings, at one seed, {least} "
        + AGAIN
        + ": a rounding is like another seed.",
        shares(slice(0, 1), "mnist_mlp"),
        "On MNIST the scores at the best rates have over roundings, at one seed, {least} "
        + AGAIN
        + ".",
        above=0.3,
    ),
    Claim(
        "rounding-others",
        SECTION,
        "On ResNet-20, ViT and the language model it is {least} to {most} ({low} … {high}).",
        shares(slice(0, 1), "cifar10_resnet20", "cifar10_vit", "lm_transformer"),
        above=0.0,
    ),
    Claim(
        "rounding-large",
        SECTION,
        "At a large rate of MoMo and MoMo-Adam it is {least} to {most} on the four ({low} …"
        " {high}): most of what seeds differ by there.",
        shares(slice(1, None), *LRS),
        "At a large rate of MoMo and MoMo-Adam it is {least} to {most} on the four ({low} …"
        " {high}).",
        above=0.3,
    ),
)
