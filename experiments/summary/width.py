# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Robust width: over how many decades of learning rate a method is close to the best."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from experiments.summary.rectangle import (
    Array,
    Rectangle,
    interval,
    rectangles,
    shared,
    weights,
)
from experiments.summary.reference import BASES, present, reference_curves
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


def lengths(lrs: Array, gains: Array, level: Array | float) -> Array:
    """Return over how many decades curves, linear in log10(lr) between points, are at a level.

    Parameters
    ----------
    lrs
        Ascending, above 0; shape (L,).
    gains
        The curves there, finite; (L, ...).
    level
        Inclusive; (...), or one for all.
    """
    steps = np.diff(np.log10(lrs)).reshape(-1, *(1,) * (gains.ndim - 1))
    low = np.minimum(gains[:-1], gains[1:])
    high = np.maximum(gains[:-1], gains[1:])
    # Between a point above and one below, high > low.
    rise = np.where(high > low, high - low, 1.0)
    share = np.where(low >= level, 1.0, np.clip((high - level) / rise, 0.0, 1.0))
    return np.asarray((share * steps).sum(axis=0))


def above(lrs: Sequence[float], gains: Sequence[float], level: float) -> Width:
    """Return where a curve, linear in log10(lr) between grid points, is at least ``level``."""
    curve = np.asarray(gains, dtype=np.float64)
    inside = curve >= level
    decades = float(lengths(np.asarray(lrs, dtype=np.float64), curve, level))
    return Width(decades, int(inside.sum()), bool(inside[0]), bool(inside[-1]))


def below(tops: Array, distance: float) -> Array:
    """Return the level at a distance below the best; rounding does not decide at it."""
    return np.asarray(tops - distance - ROUNDING * np.maximum(1.0, np.abs(tops)))


def top(curves: Iterable[Rectangle], seeds: Sequence[tuple[int, int]], share: Array) -> Array:
    """Return the largest mean of curves over the same seeds, for each weighting of these."""
    return np.asarray(np.max([(c.at(seeds).gains @ share).max(axis=0) for c in curves], axis=0))


def widths(
    ends: pl.DataFrame, by: Sequence[str] = (), plain: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return the robust widths of each curve, with intervals over the seeds.

    Parameters
    ----------
    ends
        As `finals` returns.
    by
        Settings that make curves of their own.
    plain
        The runs among which the reference set's are; default: the plain ones of ``ends``.

    Returns
    -------
    DataFrame
        For each curve, each number of ``points`` (1 and 5 times the score's own point) and each
        ``reference``, the columns of `Width`; ``low`` and ``high``, the 95 % percentile bootstrap
        interval of the decades over the seeds (`interval`); and ``n``, over how many seeds.

        "own" is within the largest mean of the curve itself, "common" within that of the reference
        set's plain curves (`experiments.summary.reference`), over the seeds that these and the
        curve share, resampled together; null where they share none, or no reference is there.
        Learning rates of 0 and inf are left out.
    """
    curves = rectangles(ends, by)
    known = rectangles(ends.filter("plain") if plain is None else plain)
    rows: list[dict[str, Any]] = []
    for key, curve in curves.items():
        named = dict(zip((*KEY, *by), key, strict=True))
        held = reference_curves(known, *key[:2])
        common = shared(curve, *held) if held else ()
        for reference, seeds, others in (
            ("own", curve.seeds, [curve]),
            ("common", common, held),
        ):
            for points in POINTS:
                found = _width(curve, others, seeds, points) if seeds else dict.fromkeys(MEASURED)
                rows.append({**named, "points": points, "reference": reference, **found})
    schema: dict[str, Any] = {name: ends.schema[name] for name in (*KEY, *by)}
    return pl.DataFrame(rows, schema=schema | _SCHEMA)


_NUMBERS = (pl.Float64, pl.Int64, pl.Boolean, pl.Boolean, pl.Float64, pl.Float64, pl.Int64)
MEASURED = (*Width._fields, "low", "high", "n")
_SCHEMA: dict[str, Any] = {
    "points": pl.Float64,
    "reference": pl.String,
    **dict(zip(MEASURED, _NUMBERS, strict=True)),
}


def _width(
    curve: Rectangle, others: list[Rectangle], seeds: Sequence[tuple[int, int]], points: float
) -> dict[str, Any]:
    own, n = curve.at(seeds), len(seeds)
    equal = np.full((n, 1), 1 / n)
    level = below(top(others, seeds, equal), points * curve.point)
    found = above(list(own.lrs), list(own.gains.mean(axis=1)), float(level[0]))
    low, high = interval(decades(own, others, points, weights(n)), n)
    return {**found._asdict(), "low": low, "high": high, "n": n}


def decades(curve: Rectangle, others: Iterable[Rectangle], points: float, share: Array) -> Array:
    """Return the width of a curve for each weighting of its seeds, which the others have too."""
    level = below(top(others, curve.seeds, share), points * curve.point)
    return lengths(curve.lrs, curve.gains @ share, level)


class Change(NamedTuple):
    """A difference of widths: of the first less that of the second.

    Attributes
    ----------
    decades, low, high
        With its bootstrap interval, over the same resampled seeds for both.
    n
        Shared seeds; 0: none, and all else is NaN.
    open
        Whether one of the two goes on to an end of its grid, so that the difference is a bound.
    """

    decades: float
    low: float
    high: float
    n: int
    open: bool


def change(first: Rectangle, second: Rectangle, held: Sequence[Rectangle], points: float) -> Change:
    """Return the difference of two common widths, over the seeds that both and ``held`` share."""
    seeds = shared(first, second, *held) if held else ()
    if not seeds:
        return Change(math.nan, math.nan, math.nan, 0, False)
    one, two, n = first.at(seeds), second.at(seeds), len(seeds)
    a, b = (_width(curve, list(held), seeds, points) for curve in (one, two))
    share = weights(n)
    draws = decades(one, held, points, share) - decades(two, held, points, share)
    # Two grids may end at different small rates as well: what is open at either end counts.
    ends = any(side["at_low"] or side["at_high"] for side in (a, b))
    return Change(a["decades"] - b["decades"], *interval(draws, n), n, ends)


def pairs_with_bases(
    curves: Mapping[tuple[Any, ...], Rectangle],
) -> Iterator[tuple[tuple[str, str, str], tuple[str, str, str], str]]:
    """Yield the momentum models of the reference set with their bases, workload by workload.

    Each as two keys of ``curves``, and what the base stands for: AdamW may be it for Adam.
    """
    for workload, preset in dict.fromkeys((key[0], key[1]) for key in curves):
        methods = [key[2] for key in curves if key[:2] == (workload, preset)]
        there = present(methods)
        for model, base in BASES.items():
            if model in there and base in there:
                yield (workload, preset, model), (workload, preset, there[base]), base


def width_differences(ends: pl.DataFrame) -> pl.DataFrame:
    """Return by how much the models of the reference set are wider than what they are built upon.

    Parameters
    ----------
    ends
        As `finals` returns; the plain ones.

    Returns
    -------
    DataFrame
        For each workload and preset, ``first`` (the model), ``second`` (its base; what is run in
        its place in ``run``), ``data`` (the data set) and ``points`` the columns of `Change`.
    """
    curves = rectangles(ends)
    rows: list[dict[str, Any]] = []
    for one, two, stands in pairs_with_bases(curves):
        held = reference_curves(curves, *one[:2])
        names = {"workload": one[0], "preset": one[1], "first": one[2], "second": stands}
        for points in POINTS:
            found = change(curves[one], curves[two], held, points)._asdict()
            rows.append(
                {**names, "run": two[2], "data": curves[one].data, "points": points, **found}
            )
    texts = dict.fromkeys(("workload", "preset", "first", "second", "run", "data"), pl.String)
    numbers = dict.fromkeys(("points", "decades", "low", "high"), pl.Float64)
    schema: dict[str, Any] = {**texts, **numbers, "n": pl.Int64, "open": pl.Boolean}
    return pl.DataFrame(rows, schema=schema)
