"""The tables of a workload: scores, curves, differences, costs."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from experiments.summary.best import best
from experiments.summary.compared import compared
from experiments.summary.curve import curve
from experiments.summary.overhead import overhead
from experiments.summary.scores import KEY
from experiments.summary.sensitivity import sensitivity
from experiments.summary.sheet import Sheet, number, rate, spread
from experiments.summary.significance import significance

FEW = 6
"""Up to so many methods, all pairs are compared; of more, those with the best."""

ROOM = 90
"""Characters for the methods side by side."""


def workload_sheets(ends: pl.DataFrame) -> Iterator[Sheet]:
    """Yield the tables of one workload and preset.

    Parameters
    ----------
    ends
        As `finals` returns; the plain runs of one workload and preset.
    """
    curves = curve(ends)
    title = f"{ends['workload_title'][0]} ({ends['preset'][0]})"
    names = titles(ends)
    yield scores_sheet(title, curves, names)
    yield robustness_sheet(title, curves, names)
    yield from curve_sheets(title, curves, names)
    yield from significance_sheets(title, ends, curves, names)
    yield from overhead_sheets(title, ends, names)


def titles(ends: pl.DataFrame) -> dict[str, str]:
    """Return the title of each method by its name, in the order of the runs."""
    pairs = ends.select("method", "method_title").unique(
        "method", maintain_order=True, keep="first"
    )
    return dict(pairs.iter_rows())


def scores_sheet(title: str, curves: pl.DataFrame, names: dict[str, str]) -> Sheet:
    """Return the best scores, a row for a method."""
    diverged = dict(curves.group_by("method").agg(pl.col("diverged").sum()).iter_rows())
    by_method = {row["method"]: row for row in best(curves).iter_rows(named=True)}
    rows = tuple(
        (
            names[method],
            rate(row["lr"]) + (" (edge)" if row["at_edge"] else ""),
            spread(row["score"], row["sd"], row["point"]),
            f"{number(row['lowest'], row['point'])} – {number(row['highest'], row['point'])}",
            str(row["n"]),
            str(diverged[method]),
        )
        for method, row in ((name, by_method[name]) for name in names)
    )
    headers = ("method", "best lr", str(curves["score_name"][0]), "range", "n", "diverged")
    notes = [] if curves["higher_is_better"][0] else ["Less is better."]
    if not curves["held_out"].all():
        notes.append("Nothing is held out: the best lr is chosen on the test score.")
    note = " ".join(notes)
    return Sheet(f"{title}: best score", headers, rows, note=note)


def robustness_sheet(title: str, curves: pl.DataFrame, names: dict[str, str]) -> Sheet:
    """Return robust widths, with the grid points within, and sensitivity, a row for a method."""
    found = compared(curves).join(sensitivity(curves), on=KEY, maintain_order="left")
    by_method = {row["method"]: row for row in found.iter_rows(named=True)}
    kinds = ("own_1", "own_5", "all_1", "all_5")
    rows = tuple(
        (
            names[method],
            *(f"{row[kind]} ({row[f'{kind}_grid']})" for kind in kinds),
            f"{row['sensitivity_mean']:.3g}",
            f"{row['expected']:.3g}",
            str(row["grid"]),
        )
        for method, row in ((name, by_method[name]) for name in names)
    )
    headers = ("method", "own 1", "own 5", "all 1", "all 5", "excess", "own excess", "grid")
    return Sheet(f"{title}: robustness to the learning rate", headers, rows)


def curve_sheets(title: str, curves: pl.DataFrame, names: dict[str, str]) -> Iterator[Sheet]:
    """Yield final score against learning rate, a column for a method, as many as there is room."""
    lrs = curves["lr"].unique().sort().to_list()
    cells = {(row["method"], row["lr"]): _cell(row) for row in curves.iter_rows(named=True)}
    columns = {m: (names[m], *(cells.get((m, lr), "") for lr in lrs)) for m in names}
    chunk: list[tuple[str, ...]] = []
    used = 0
    for column in columns.values():
        width = max(map(len, column)) + 3
        if chunk and used + width > ROOM:
            yield _side_by_side(title, curves, lrs, chunk)
            chunk, used = [], 0
        chunk.append(column)
        used += width
    yield _side_by_side(title, curves, lrs, chunk)


def _side_by_side(
    title: str, curves: pl.DataFrame, lrs: list[float], columns: list[tuple[str, ...]]
) -> Sheet:
    headers, *cells = zip(*columns, strict=True)
    rows = zip(lrs, cells, strict=True)
    some = tuple((rate(lr), *row) for lr, row in rows if any(row))
    return Sheet(f"{title}: {curves['score_name'][0]} by learning rate", ("lr", *headers), some)


def _cell(row: dict[str, object]) -> str:
    if row["diverged"] == row["n"]:
        return "diverged"
    text = spread(row["score"], row["sd"], row["point"])  # type: ignore[arg-type]
    return text + ("†" if row["diverged"] else "")


def significance_sheets(
    title: str, ends: pl.DataFrame, curves: pl.DataFrame, names: dict[str, str]
) -> Iterator[Sheet]:
    """Yield the differences between methods: all pairs of few, those with the best of many."""
    chosen = best(curves)
    pairs = significance(ends, chosen)
    point = float(curves["point"][0])
    if len(names) > FEW:
        top = chosen.sort("gain", descending=True)["method"][0]
        pairs = pairs.filter((pl.col("first") == top) | (pl.col("second") == top))
    rows = tuple(
        (
            f"{names[row['first']]} – {names[row['second']]}",
            number(row["difference"], point),
            "–" if row["n"] < 2 else f"{number(row['low'], point)} … {number(row['high'], point)}",
            f"{row['p']:.3g}",
            f"{row['floor']:.3g}",
            str(row["n"]),
        )
        for row in pairs.iter_rows(named=True)
    )
    if rows:
        headers = ("difference at best lr", "mean", "95 % interval", "p", "least p", "seeds")
        yield Sheet(f"{title}: differences in {curves['score_name'][0]}", headers, rows)


def overhead_sheets(title: str, ends: pl.DataFrame, names: dict[str, str]) -> Iterator[Sheet]:
    """Yield what the optimizer's steps cost."""
    by_method = {row["method"]: row for row in overhead(ends).iter_rows(named=True)}
    rows = tuple(
        (
            names[method],
            number(row["step_ms"]),
            number(row["optimizer_ms"]),
            f"{row['share']:.1f}",
            "–" if row["extra"] is None else f"{row['extra']:+.1f} ({names[row['base']]})",
        )
        for method, row in ((name, by_method[name]) for name in names if name in by_method)
    )
    if rows:
        headers = ("method", "ms a step", "in optimizer", "%", "% more (than)")
        yield Sheet(f"{title}: time in the optimizer", headers, rows)
