# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Where the numbers of claims come from: curves of records, compared over shared seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from experiments.claims.base import Estimate, Evidence, Find
from experiments.summary import rounding, variants, width_differences
from experiments.summary.rectangle import Rectangle, interval, rectangles, shared, weights
from experiments.summary.reference import present
from experiments.summary.rounding import least, within_rounding
from experiments.summary.significance import by_data_set, median_interval, paired, signed_rank
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
        What differs from the plain runs, one setting or several with a value each; None: nothing.
    rates
        The learning rates that count, if ``lr`` names none; None: all.
    """

    workload: str
    method: str
    lr: float | None = None
    setting: str | tuple[str, ...] | None = None
    value: Any = None
    rates: tuple[float, ...] | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """Return the settings that differ from the plain runs, with their values."""
        if self.setting is None:
            return {}
        if isinstance(self.setting, str):
            return {self.setting: self.value}
        return dict(zip(self.setting, self.value, strict=True))

    def curve(self, ends: pl.DataFrame) -> Rectangle | None:
        """Return the curve, if there are records of it."""
        own = ends.filter(workload=self.workload, method=self.method)
        # What does not count shall not leave out seeds: curves have those of all their rates.
        lrs = self.rates if self.lr is None else (self.lr,)
        if lrs is not None:
            own = own.filter(pl.any_horizontal((pl.col("lr") / lr - 1).abs() < 1e-5 for lr in lrs))
        for preset in PRESETS:
            part = own.filter(preset=preset)
            if not self.changes:
                part = part.filter("plain")
            else:
                part = variants(part, *self.changes).filter(**self.changes)
            found = rectangles(part)
            if found:
                return next(iter(found.values()))
        return None

    @property
    def label(self) -> str:
        """Return what it is called in tables."""
        changed = "".join(f", {name} = {value}" for name, value in self.changes.items())
        rate = "" if self.lr is None else f", lr {self.lr:g}"
        return f"{self.method}{changed}{rate}"


def _row(curve: Rectangle, lr: float | None) -> int | None:
    """Return the row of a learning rate, or of the best; None if it was not run."""
    if lr is None:
        return curve.best
    rows = np.flatnonzero(np.isclose(curve.lrs, lr, atol=0.0))
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
        found, noise = [], least(rounding(ends))
        for first, second in pairs:
            one, two = first.curve(ends), second.curve(ends)
            if one is None or two is None:
                continue
            if _row(one, first.lr) is not None and _row(two, second.lr) is not None:
                label = f"{first.workload}: {first.label} – {second.label}"
                seeds = shared(one, two)
                of = _difference((one, first.lr), (two, second.lr), seeds)
                within = _within(noise, first, second, of, len(seeds))
                found.append(Evidence(label, len(seeds), of, within))
        return found

    return find


def _within(
    noise: dict[tuple[str, str, str], float],
    first: Side,
    second: Side,
    of: Callable[[Sequence[int]], Estimate],
    n: int,
) -> bool | None:
    """Return whether rounding alone gives such a difference; None where that was not measured."""
    if not n or first.workload != second.workload:
        return None
    size, sides = of(range(n)).value, (first.method, second.method)
    each = (within_rounding(noise, first.workload, preset, size, n, *sides) for preset in PRESETS)
    return next((one for one in each if one is not None), None)


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

    Only the learning rates that both have count if these are two curves of one method, or if one
    of them is of other settings: then it may be of fewer rates.
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
            if second is not None and (
                first.method == second.method or bool(first.changes) != bool(second.changes)
            ):
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
        each = by_data_set(width_differences(plain)).filter(first=model, points=points)
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


def remaining(*sides: Side) -> Find:
    """Return the training loss at the end, at the best rate, in units of that before training."""

    def find(ends: pl.DataFrame) -> list[Evidence]:
        found = []
        for side in sides:
            curve = side.curve(ends)
            if curve is None:
                continue
            lr = float(curve.lrs[curve.best])
            own = ends.filter(
                pl.col("plain"), pl.col("preset").is_in(PRESETS), pl.col("lr") == lr
            ).filter(workload=side.workload, method=side.method)
            both = pl.min_horizontal("train_loss", "initial_loss") / pl.col("initial_loss")
            values = own.sort("seed").select(both).to_series().to_list()
            found.append(of_values(side.workload, values, tested=False))
        return found

    return find


def of_values(label: str, values: Sequence[float], tested: bool = True) -> Evidence:
    """Return the mean of values, a unit each, with Student's interval and the sign-flip test.

    Without the test where 0 is no question.
    """

    def of(units: Sequence[int]) -> Estimate:
        found = paired([values[unit] for unit in units], [0.0] * len(units))
        return Estimate(found.difference, found.low, found.high, found.p if tested else math.nan)

    return Evidence(label, len(values), of)


def complete(number: int, find: Find) -> Find:
    """Return evidence only if there are so many numbers: a sentence may name what they are of."""

    def every(ends: pl.DataFrame) -> Sequence[Evidence]:
        found = find(ends)
        return found if len([each for each in found if each.n]) == number else ()

    return every


def given(side: Side, find: Find) -> Find:
    """Return evidence only if a point was recorded."""

    def after(ends: pl.DataFrame) -> Sequence[Evidence]:
        curve = side.curve(ends)
        return () if curve is None or _row(curve, side.lr) is None else find(ends)

    return after
