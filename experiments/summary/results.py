# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The tables of the plain runs, over all workloads: scores, robustness, differences, curves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from experiments.summary.curve import curve
from experiments.summary.overhead import overhead
from experiments.summary.rectangle import REFUSED, Rectangle, rectangles, shared
from experiments.summary.reference import BASES, present
from experiments.summary.rounding import within_rounding
from experiments.summary.scores import KEY
from experiments.summary.sensitivity import sensitivity
from experiments.summary.sheet import (
    Sheet,
    decades,
    number,
    probability,
    rate,
    signed,
    spread,
)
from experiments.summary.significance import NOTHING, at_best, holm, over_data_sets, significance
from experiments.summary.width import POINTS, width_differences, widths

Least = dict[tuple[str, str, str], float]
"""What `experiments.summary.rounding.least` returns."""
DECADES = tuple(10.0**power for power in range(-4, 4))
"""Learning rates that the table of curves has a column for."""
MARK = "≈"
"""Of a difference that rounding alone shows."""


def titles(ends: pl.DataFrame) -> dict[str, str]:
    """Return the title of each method by its name, in the order of the runs."""
    pairs = ends.select("method", "method_title").unique(
        "method", maintain_order=True, keep="first"
    )
    return dict(pairs.iter_rows())


def place(workload: str, preset: str) -> str:
    """Return how tables call a workload."""
    return f"{workload} ({preset})"


def result_sheets(plain: pl.DataFrame, least: Least) -> Iterator[Sheet]:
    """Yield the tables of the plain runs.

    Parameters
    ----------
    plain
        As `finals` returns; the plain runs, methods in the order in which they are shown.
    least
        What rounding alone shows.
    """
    names, curves = titles(plain), rectangles(plain)
    yield best_sheet(plain, curves, names)
    yield robustness_sheet(plain, names)
    yield difference_sheet(plain, names, least)
    yield from width_sheets(plain, names)
    yield curve_sheet(plain, names)
    yield others_sheet(plain, curves, names, least)
    yield overhead_sheet(plain)


def best_sheet(
    plain: pl.DataFrame, curves: dict[tuple[Any, ...], Rectangle], names: dict[str, str]
) -> Sheet:
    """Return the best scores of the reference set, a row for a workload."""
    rows = []
    scores = plain.select("workload", "preset", "score_name").unique(maintain_order=True)
    for workload, preset, score in scores.iter_rows():
        own = {key[2]: c for key, c in curves.items() if key[:2] == (workload, preset)}
        there = present(list(own))
        seeds = shared(*(own[name] for name in there.values())) if there else ()
        cells = {stands: _best(own[name], seeds) for stands, name in there.items()}
        if cells:
            columns = (cells.get(name, "") for name in ("momo", "momo_adam", "sgd_m", "adam"))
            rows.append((place(workload, preset), score, *columns, str(len(seeds))))
    shown = ("MoMo", "MoMo-Adam", "SGD-M", "Adam or AdamW")
    note = f"{_called(names)}: best lr, mean ± standard deviation over the seeds that all share."
    if not plain["held_out"].all():
        on_test = plain.filter(~pl.col("held_out")).select("workload", "preset").unique()
        where = ", ".join(place(*key) for key in on_test.sort("workload").iter_rows())
        note += f" Nothing is held out of {where}: there lr is chosen on the test score."
    return Sheet("Best scores", ("workload", "score", *shown, "n"), tuple(rows), left=2, note=note)


def _called(names: dict[str, str]) -> str:
    return ", ".join(names[name] for name in present(list(names)).values())


def _best(curve: Rectangle, seeds: tuple[tuple[int, int], ...]) -> str:
    if not seeds:
        return REFUSED
    own = curve.at(seeds)
    gains = own.gains[own.best]
    sd = float(gains.std(ddof=1)) if len(gains) > 1 else None
    return f"{rate(own.lrs[own.best])}: {spread(own.sign * gains.mean(), sd, own.point)}"


def robustness_sheet(plain: pl.DataFrame, names: dict[str, str]) -> Sheet:
    """Return robust widths and sensitivity with intervals, a row for a method on a workload."""
    wide = {(*row[:3], row[3], row[4]): row[5:] for row in widths(plain).iter_rows()}
    losses = {row[:3]: row[3:] for row in sensitivity(plain).iter_rows()}
    rows = []
    for key in losses:
        if key[2] not in present([k[2] for k in losses if k[:2] == key[:2]]).values():
            continue
        shown = ((5.0, "own"), (1.0, "common"), (5.0, "common"))
        cells = [_width(wide[*key, points, kind]) for points, kind in shown]
        expected, low, high, n, _ = losses[key]
        loss = f"{expected:.2g}" + ("" if n < 2 else f" ({low:.2g}, {high:.2g})")
        n = wide[*key, POINTS[0], "common"][-1] or 0
        rows.append((place(*key[:2]), names[key[2]], *cells, loss, str(n)))
    headers = ("workload", "method", "own 5", "common 1", "common 5", "own excess", "n")
    return Sheet("Robustness to the learning rate", headers, _in_order(rows, plain), left=2)


def _in_order(rows: list[tuple[str, ...]], plain: pl.DataFrame) -> tuple[tuple[str, ...], ...]:
    """Return rows that begin with a workload and a method in the order of the runs."""
    order: dict[tuple[str, str], int] = {}
    for row in plain.select(*KEY, "method_title").unique(maintain_order=True).iter_rows():
        order.setdefault((place(row[0], row[1]), row[3]), len(order))
    return tuple(sorted(rows, key=lambda row: order[row[0], row[1]]))


def _width(row: tuple[Any, ...]) -> str:
    """Return a width as text, "≥" where the curve is still within at an end of the grid."""
    value, _, at_low, at_high, low, high, _ = row
    return ("≥ " if at_low or at_high else "") + decades(value, low, high)


def difference_sheet(plain: pl.DataFrame, names: dict[str, str], least: Least) -> Sheet:
    """Return the differences of best scores between models and their bases."""
    rows = []
    for row in significance(plain).iter_rows(named=True):
        what = f"{names[row['first']]} – {names[row['run']]}"
        where = place(row["workload"], row["preset"])
        if not row["n"]:
            rows.append((where, what, REFUSED, *("",) * 5))
            continue
        rows.append(
            (
                where,
                what,
                signed(row["difference"], row["high"] - row["difference"], row["point"]),
                probability(row["p"]),
                probability(row["adjusted"]),
                probability(row["floor"]),
                mark(least, row, row["first"], row["run"]),
                str(row["n"]),
            )
        )
    headers = ("workload", "difference at best lr", "better by", "p", "Holm", "least p", MARK, "n")
    note = (
        "Each at the lr that is best over the shared seeds; ± half of the 95 % interval (Student);"
        f" p of the exact sign-flip test, and after Holm over this table. {ROUNDED}"
    )
    return Sheet("Differences in the best score", headers, tuple(rows), left=2, note=note)


ROUNDED = f"{MARK}: rounding alone shows such a difference (?: not measured there)."


def mark(least: Least, row: dict[str, Any], *methods: str) -> str:
    """Return whether rounding alone shows a difference: ≈, nothing, or ? where it is not known."""
    found = within_rounding(
        least, row["workload"], row["preset"], row["difference"], row["n"], *methods
    )
    return "?" if found is None else MARK if found else ""


def width_sheets(plain: pl.DataFrame, names: dict[str, str]) -> Iterator[Sheet]:
    """Yield the differences of widths between models and their bases, and tests of them."""
    found = width_differences(plain)
    rows = []
    keys = ("workload", "preset", "first", "run")
    for key, part in found.group_by(keys, maintain_order=True):
        workload, preset, first, second = map(str, key)
        cells = [_change(row) for row in part.iter_rows(named=True)]
        what = f"{names[first]} – {names[second]}"
        rows.append((place(workload, preset), what, part["data"][0], *cells, str(part["n"][0])))
    near = tuple(f"common {points:g}" for points in POINTS)
    headers = ("workload", "difference of widths", "data", *near, "n")
    note = (
        "Decades, with bootstrap intervals over the shared seeds; *: one of the two goes on to an"
        " end of its grid."
    )
    yield Sheet("Differences in robust width", headers, tuple(rows), left=3, note=note)
    tests = tuple(
        (
            f"{names.get(row['first'], row['first'])} – {names.get(row['second'], row['second'])}",
            f"{row['points']:g}",
            decades(row["median"], row["low"], row["high"], plus=True),
            *(probability(row[name]) for name in ("p", "adjusted", "floor")),
            str(row["n"]),
            str(row["workloads"]),
        )
        for row in over_data_sets(found).iter_rows(named=True)
        if row["n"] > 1
    )
    heads = ("difference of widths", "points", "median", "p", "Holm", "least p", "data sets")
    note = (
        "Workloads with one data set count as one, their mean. Median in decades with its exact"
        " 95 % interval (of the sign test; from six on); Wilcoxon's signed-rank test, exact; Holm"
        " over this table."
    )
    yield Sheet("Robust width, by data set", (*heads, "workloads"), tests, note=note)


def _change(row: dict[str, Any]) -> str:
    if not row["n"]:
        return REFUSED
    return decades(row["decades"], row["low"], row["high"], plus=True) + (
        "*" if row["open"] else ""
    )


def curve_sheet(plain: pl.DataFrame, names: dict[str, str]) -> Sheet:
    """Return the mean score at the decades of learning rate, a row for a method on a workload."""
    known: dict[tuple[str, ...], dict[float, str]] = {}
    for row in curve(plain).iter_rows(named=True):
        cell = "div." if row["diverged"] == row["n"] else number(row["score"], row["point"])
        cell += "†" if 0 < row["diverged"] < row["n"] else ""
        place_ = (place(row["workload"], row["preset"]), names[row["method"]])
        if row["lr"] in DECADES:
            known.setdefault(place_, {})[row["lr"]] = cell
    rows: list[tuple[str, ...]] = [
        (*key, *(cells.get(lr, "") for lr in DECADES)) for key, cells in known.items()
    ]
    note = "Means over all seeds of the decades; other rates are in the records."
    headers = ("workload", "method", *map(rate, DECADES))
    return Sheet("Score by learning rate", headers, _in_order(rows, plain), left=2, note=note)


def others_sheet(
    plain: pl.DataFrame,
    curves: dict[tuple[Any, ...], Rectangle],
    names: dict[str, str],
    least: Least,
) -> Sheet:
    """Return all methods beyond the reference set, each beside what it is built upon, or Adam."""
    wide = {(*row[:3], row[4]): row[5:] for row in widths(plain).filter(points=5.0).iter_rows()}
    compared = []
    for key, own in curves.items():
        methods = [other[2] for other in curves if other[:2] == key[:2]]
        there = present(methods)
        if key[2] not in there.values():
            base = there.get(BASES.get(key[2], "adam"))
            beside = at_best(own, curves[*key[:2], base])[2] if base else NOTHING
            compared.append((key, own, base, beside))
    adjusted = holm([beside.p for *_, beside in compared])
    rows: list[tuple[str, ...]] = []
    for (key, own, base, beside), p in zip(compared, adjusted, strict=True):
        mean = own.sign * float(own.gains[own.best].mean())
        score = f"{rate(own.lrs[own.best])}: {number(mean, own.point)}"
        less = (REFUSED if base else "–", "–", "–", "")
        if base and beside.n:
            row = {"workload": key[0], "preset": key[1], **beside._asdict()}
            better = signed(beside.difference, beside.high - beside.difference, own.point)
            tests = (probability(beside.p), probability(p))
            less = (f"{better} ({names[base]})", *tests, mark(least, row, key[2], base))
        width = _width(wide[*key, "common"])
        rows.append((place(*key[:2]), names[key[2]], score, *less, width, str(beside.n)))
    headers = ("workload", "method", "best", "better by (than)", "p", "Holm", MARK, "common 5", "n")
    keys = plain.select(KEY).unique(maintain_order=True).iter_rows()
    none = [f"{names[key[2]]} on {place(*key[:2])}" for key in keys if key not in curves]
    note = (
        "Models beside what they are built upon, others beside Adam, each at its best lr over the"
        f" shared seeds; ± half of the 95 % interval (Student); Holm over this table. {ROUNDED}"
        + (f" Not comparable, for no seed has all rates: {', '.join(none)}." if none else "")
    )
    return Sheet("Other methods", headers, _in_order(rows, plain), left=2, note=note)


def overhead_sheet(plain: pl.DataFrame) -> Sheet:
    """Return what the steps of the reference set cost, a row for a workload."""
    rows = []
    for key, part in overhead(plain).group_by("workload", "preset", maintain_order=True):
        own = {row["method"]: row for row in part.iter_rows(named=True)}
        there = present(list(own))
        cells = {stands: own[method] for stands, method in there.items()}
        steps = [number(cells[m]["step_ms"]) if m in cells else "–" for m in ("sgd_m", "adam")]
        more = [cells[m]["extra"] if m in cells else None for m in ("momo", "momo_adam")]
        shown = ["–" if value is None else f"{value:+.0f} %" for value in more]
        rows.append((place(str(key[0]), str(key[1])), steps[0], shown[0], steps[1], shown[1]))
    headers = ("workload", "SGD-M: ms a step", "MoMo", "Adam: ms a step", "MoMo-Adam")
    note = (
        "Medians over runs; by how much of the base's whole step the model's optimizer is slower."
    )
    return Sheet("Time of a step", headers, tuple(rows), note=note)
