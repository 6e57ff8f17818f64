"""Where the numbers of claims come from: curves of records, compared over shared seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from experiments.claims.base import Estimate, Evidence, Find
from experiments.summary import variants, width_differences
from experiments.summary.rectangle import Rectangle, interval, rectangles, shared, weights
from experiments.summary.reference import present
from experiments.summary.significance import median_interval, paired, signed_rank
from experiments.summary.width import decades

PRESETS = ("small", "paper")
"""The scales that claims are about, the first that there are records of."""


class Side(NamedTuple):
    """A curve, or a point of it.

    Attributes
    ----------
    workload, method
        Names.
    lr
        None: the best, by the validation score over the seeds that are used.
    setting, value
        What differs from the plain runs; None: nothing.
    """

    workload: str
    method: str
    lr: float | None = None
    setting: str | None = None
    value: Any = None

    def curve(self, ends: pl.DataFrame) -> Rectangle | None:
        """Return the curve, if there are records of it."""
        own = ends.filter(workload=self.workload, method=self.method)
        for preset in PRESETS:
            part = own.filter(preset=preset)
            if self.setting is None:
                part = part.filter("plain")
            else:
                part = variants(part, self.setting).filter(pl.col(self.setting) == self.value)
            found = rectangles(part)
            if found:
                return next(iter(found.values()))
        return None

    @property
    def label(self) -> str:
        """Return what it is called in tables."""
        changed = f", {self.setting} = {self.value}" if self.setting else ""
        rate = "" if self.lr is None else f", lr {self.lr:g}"
        return f"{self.method}{changed}{rate}"


def _row(curve: Rectangle, lr: float | None) -> int | None:
    """Return the row of a learning rate, or of the best; None if it was not run."""
    if lr is None:
        return curve.best
    rows = np.flatnonzero(np.isclose(curve.lrs, lr))
    return int(rows[0]) if len(rows) else None


def score(*sides: Side) -> Find:
    """Return scores in the direction of better, with Student's intervals."""

    def find(ends: pl.DataFrame) -> list[Evidence]:
        found = []
        for side in sides:
            curve = side.curve(ends)
            if curve is not None and _row(curve, side.lr) is not None:
                found.append(Evidence(side.label, len(curve.seeds), _score(curve, side)))
        return found

    return find


def _score(curve: Rectangle, side: Side) -> Callable[[Sequence[int]], Estimate]:
    def of(units: Sequence[int]) -> Estimate:
        own = curve.at(curve.seeds[unit] for unit in units)
        gains = own.gains[_row(own, side.lr)]
        found = paired(list(gains), [0.0] * len(gains))
        return Estimate(found.difference, found.low, found.high)

    return of


def difference(*pairs: tuple[Side, Side]) -> Find:
    """Return by how much the first of two is better in score, paired over their shared seeds."""

    def find(ends: pl.DataFrame) -> list[Evidence]:
        found = []
        for first, second in pairs:
            one, two = first.curve(ends), second.curve(ends)
            if one is None or two is None:
                continue
            if _row(one, first.lr) is not None and _row(two, second.lr) is not None:
                label = f"{first.workload}: {first.label} – {second.label}"
                seeds = shared(one, two)
                of = _difference((one, first.lr), (two, second.lr), seeds)
                found.append(Evidence(label, len(seeds), of))
        return found

    return find


def _difference(
    first: tuple[Rectangle, float | None],
    second: tuple[Rectangle, float | None],
    seeds: Sequence[tuple[int, int]],
) -> Callable[[Sequence[int]], Estimate]:
    def of(units: Sequence[int]) -> Estimate:
        gains = []
        for curve, lr in (first, second):
            own = curve.at(seeds[unit] for unit in units)
            gains.append(list(own.gains[_row(own, lr)]))
        found = paired(*gains)
        return Estimate(found.difference, found.low, found.high, found.p)

    return of


def width(*sides: Side, points: float = 1.0) -> Find:
    """Return over how many decades each is within points of the best of the reference set."""
    return _widths([(side, None) for side in sides], points)


def wider(*pairs: tuple[Side, Side], points: float = 5.0) -> Find:
    """Return the width of the first less that of the second, over the same resampled seeds.

    Of two curves of one method only the learning rates that both have count.
    """
    return _widths(list(pairs), points)


def _widths(pairs: Sequence[tuple[Side, Side | None]], points: float) -> Find:
    def find(ends: pl.DataFrame) -> list[Evidence]:
        found = []
        for first, second in pairs:
            curves = [side.curve(ends) for side in (first, second) if side is not None]
            known = [curve for curve in curves if curve is not None]
            held = reference(ends, first.workload)
            if len(known) < len(curves) or not held:
                continue
            if second is not None and first.method == second.method:
                lrs = np.intersect1d(known[0].lrs, known[1].lrs)
                known = [curve.over(lrs) for curve in known]
            seeds = shared(*known, *held)
            label = f"{first.workload}: {first.label}" + (f" – {second.label}" if second else "")
            found.append(Evidence(label, len(seeds), _decades(known, held, seeds, points)))
        return found

    return find


def reference(ends: pl.DataFrame, workload: str) -> list[Rectangle]:
    """Return the curves of the reference set on a workload."""
    methods = ends.filter(pl.col("plain"), workload=workload)["method"].unique().to_list()
    sides = (Side(workload, method) for method in present(methods).values())
    return [curve for side in sides if (curve := side.curve(ends)) is not None]


def _decades(
    curves: Sequence[Rectangle],
    held: Sequence[Rectangle],
    seeds: Sequence[tuple[int, int]],
    points: float,
) -> Callable[[Sequence[int]], Estimate]:
    def of(units: Sequence[int]) -> Estimate:
        chosen, n = [seeds[unit] for unit in units], len(units)
        own = [curve.at(chosen) for curve in curves]
        values = []
        for share in (np.full((n, 1), 1 / n), weights(n)):
            wide = [decades(curve, held, points, share) for curve in own]
            values.append(wide[0] if len(wide) == 1 else wide[0] - wide[1])
        return Estimate(float(values[0][0]), *interval(values[1], n))

    return of


def over_data_sets(model: str, points: float) -> Find:
    """Return the median over data sets by which a model is wider than its base; units are these."""

    def find(ends: pl.DataFrame) -> list[Evidence]:
        plain = ends.filter(pl.col("plain"), pl.col("preset").is_in(PRESETS))
        found = width_differences(plain).filter(pl.col("n") > 0, first=model, points=points)
        each = found.group_by("data", maintain_order=True).agg(pl.col("decades").mean())
        d = each["decades"].to_list()

        def of(units: Sequence[int]) -> Estimate:
            chosen = [d[unit] for unit in units]
            low, high = median_interval(chosen)
            return Estimate(float(np.median(chosen)), low, high, signed_rank(chosen)[0])

        return [Evidence(f"{model}, {points:g} points", len(d), of)]

    return find


def at(lrs: Iterable[float], first: Side, second: Side) -> list[tuple[Side, Side]]:
    """Return the two at each of the learning rates."""
    return [(first._replace(lr=lr), second._replace(lr=lr)) for lr in lrs]


def ends_of_grid(side: Side, lr: float) -> Find:
    """Return how much better a side is at a learning rate than at its best."""
    return difference((side._replace(lr=lr), side._replace(lr=None)))
