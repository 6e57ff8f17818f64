"""Robust width: over how many decades of learning rate a method is close to the best."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl

from experiments.summary.scores import KEY

POINTS = (1.0, 5.0)
ROUNDING = 1e-9
"""Of a score, so that "within one point" includes exactly one point."""


class Width(NamedTuple):
    """Where a curve is above a level.

    Attributes
    ----------
    decades
        The length, of all intervals together.
    grid_points
        How many points of the grid are there.
    at_low, at_high
        Whether it is above the level at either end of the grid: then the width may be larger.
    """

    decades: float
    grid_points: int
    at_low: bool
    at_high: bool


def above(lrs: Sequence[float], gains: Sequence[float], level: float) -> Width:
    """Return where a curve, linear in log10(lr) between grid points, is at least ``level``.

    Parameters
    ----------
    lrs
        Ascending, above 0.
    gains
        The curve there; finite.
    level
        Inclusive.
    """
    logs = [math.log10(lr) for lr in lrs]
    inside = [gain >= level for gain in gains]
    decades = 0.0
    for i in range(len(logs) - 1):
        low, high = sorted(gains[i : i + 2])
        if low >= level:
            share = 1.0
        elif high >= level:
            share = (high - level) / (high - low)
        else:
            share = 0.0
        decades += share * (logs[i + 1] - logs[i])
    return Width(decades, sum(inside), inside[0], inside[-1])


def widths(curves: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return the robust widths of each curve of mean test scores.

    Parameters
    ----------
    curves, by
        As `curve` returns, and was given.

    Returns
    -------
    DataFrame
        For each curve, each number of ``points`` (1 and 5 times the score's own point) and each
        ``reference`` ("own": the largest mean of the curve; "all": of all curves on that workload
        and preset), the columns of `Width`. Learning rates of 0 and inf are
        left out: they have no place on its axis.
    """
    positive = curves.filter((pl.col("lr") > 0) & pl.col("lr").is_finite()).with_columns(
        top=pl.col("gain").max().over("workload", "preset")
    )
    rows: list[dict[str, Any]] = []
    group = [*KEY, *by]
    for values, part in positive.group_by(group, maintain_order=True):
        gains, point = part["gain"].to_list(), part["point"][0]
        for reference, top in (("own", max(gains)), ("all", part["top"][0])):
            for points in POINTS:
                level = top - points * point - ROUNDING * max(1.0, abs(top))
                found = above(part["lr"].to_list(), gains, level)
                key = dict(zip(group, values, strict=True))
                rows.append({**key, "points": points, "reference": reference, **found._asdict()})
    schema: dict[str, Any] = {name: curves.schema[name] for name in group}
    kinds = (pl.Float64, pl.String, pl.Float64, pl.Int64, pl.Boolean, pl.Boolean)
    schema |= zip(("points", "reference", *Width._fields), kinds, strict=True)
    return pl.DataFrame(rows, schema=schema)
