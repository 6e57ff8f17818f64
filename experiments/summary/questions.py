# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The tables that answer readers' questions, from runs that differ from the plain ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from experiments.schedules import SCHEDULES
from experiments.summary.beside import beside_sheet
from experiments.summary.decay import decay
from experiments.summary.failures import failures
from experiments.summary.lower_bounds import lower_bounds
from experiments.summary.momentum import momentum
from experiments.summary.random_scaling import random_scaling
from experiments.summary.rectangle import REFUSED
from experiments.summary.results import MARK, ROUNDED, Least, mark, place, titles
from experiments.summary.rounding import TIMES
from experiments.summary.schedules import schedules
from experiments.summary.sheet import Sheet, decades, number, probability, rate, signed
from experiments.summary.svag import svag
from momo.methods import METHODS

LOSS = 0.1
"""A point of the test loss; what it decides is how many digits are shown."""
WORTH = (
    "Worth: with minus without, in the direction of better, over shared seeds; ± half of its 95 %"
    f" interval (Student); p of the exact sign-flip test. {ROUNDED}"
)
Row = dict[str, Any]


def question_sheets(ends: pl.DataFrame, least: Least) -> Iterator[Sheet]:
    """Yield the tables of all workloads that there are runs for.

    Parameters
    ----------
    ends
        As `finals` returns; all runs, in the order in which methods are shown.
    least
        What rounding alone shows.
    """
    names = {**{name: row.title for name, row in METHODS.items()}, **titles(ends)}
    points = {
        row[:2]: float(row[2])
        for row in ends.select("workload", "preset", "point").unique().iter_rows()
    }
    for sheet in (
        _momentum(_rows(ends, momentum, names), names, points, least),
        _schedules(_rows(ends, schedules, names), names),
        _lower_bounds(_rows(ends, lower_bounds, names), names),
        _decay(_rows(ends, decay, names), names),
        beside_sheet(ends, names),
        _svag(_rows(ends, svag, names), names, points),
        _random_scaling(_rows(ends, random_scaling, names), names, points, least),
    ):
        if sheet.rows:
            yield sheet


def _rows(
    ends: pl.DataFrame, question: Callable[[pl.DataFrame], pl.DataFrame], names: dict[str, str]
) -> list[Row]:
    """Return the answers of one workload after the other, methods in their order."""
    order = list(names)
    found: list[Row] = []
    for part in ends.partition_by("workload", "preset", maintain_order=True):
        answers = question(part).iter_rows(named=True)
        found += sorted(answers, key=lambda row: order.index(row["method"]))
    return found


def _where(row: Row, names: dict[str, str]) -> tuple[str, str]:
    return place(row["workload"], row["preset"]), names[row["method"]]


def _worth(row: Row, point: float, least: Least) -> tuple[str, ...]:
    """Return the two means, what is between them, p, the mark and n; or that there is none."""
    if not row["n"]:
        return ("", "", REFUSED, "", "", "0")
    return (
        number(row["without"], point),
        number(row["with"], point),
        signed(row["difference"], row["high"] - row["difference"], point),
        probability(row["p"]),
        mark(least, row, row["method"]),
        str(row["n"]),
    )


def _momentum(
    rows: list[Row], names: dict[str, str], points: dict[tuple[str, ...], float], least: Least
) -> Sheet:
    cells = tuple(
        (
            *_where(row, names),
            rate(row["lr"]),
            f"{row['decades']:+.1f}",
            *_worth(row, points[row["workload"], row["preset"]], least),
        )
        for row in rows
    )
    headers = ("workload", "method", "lr", "vs best", "β = 0", "β > 0", "worth", "p", MARK, "n")
    title = "What momentum is worth at equal learning rates"
    return Sheet(title, headers, cells, left=2, note=WORTH)


def _random_scaling(
    rows: list[Row], names: dict[str, str], points: dict[tuple[str, ...], float], least: Least
) -> Sheet:
    cells = tuple(
        (
            *_where(row, names),
            rate(row["lr"]),
            *_worth(row, points[row["workload"], row["preset"]], least),
        )
        for row in rows
    )
    headers = ("workload", "method", "lr", "without", "with", "worth", "p", MARK, "n")
    title = "Random scaling at equal learning rates"
    return Sheet(title, headers, cells, left=2, note=WORTH)


def _compared(row: Row) -> tuple[str, ...]:
    """Return the score, what it is better than the plain runs' by, and the same of the width."""
    score = f"{rate(row['lr'])}: {number(row['score'], row['point'])}"
    wide = decades(row["decades"], None, None)
    if row["is_plain"] or row["n"] is None:
        return (score, "", "", wide, "", str(row["seeds"]))
    if not row["n"]:
        return (score, REFUSED, "", wide, "", "0")
    half = row["high"] - row["difference"]
    better = signed(row["difference"], half, row["point"])
    wider = decades(row["wider"], row["wider_low"], row["wider_high"], plus=True)
    return (score, better, probability(row["p"]), wide, wider, str(row["n"]))


BESIDE = (
    "Better and wider: than the plain runs (first row of each method), over the seeds and learning"
    " rates that both have, each at its best lr; ± half of the 95 % interval (Student), exact"
    " sign-flip p, and bootstrap intervals of the widths. The columns before are of all seeds."
)


def _schedules(rows: list[Row], names: dict[str, str]) -> Sheet:
    def schedule(row: Row) -> str:
        warmup = f", warm-up {100 * row['warmup']:g} %" if row["warmup"] else ""
        return SCHEDULES[row["schedule"]].title + warmup

    cells = tuple((*_where(row, names), schedule(row), *_compared(row)) for row in _plain(rows))
    headers = ("workload", "method", "schedule", "best", "better by", "p", "common 5", "wider by")
    return Sheet("Schedules", (*headers, "n"), cells, left=3, note=BESIDE)


def _lower_bounds(rows: list[Row], names: dict[str, str]) -> Sheet:
    def bound(row: Row) -> str:
        return f"online, from {row['lb']:g}" if row["online"] else f"{row['lb']:g}"

    cells = tuple((*_where(row, names), bound(row), *_compared(row)) for row in _plain(rows))
    headers = ("workload", "method", "bound", "best", "better by", "p", "common 5", "wider by")
    return Sheet("Lower bounds", (*headers, "n"), cells, left=3, note=BESIDE)


def _decay(rows: list[Row], names: dict[str, str]) -> Sheet:
    def pair(row: Row) -> str:
        return f"λ = {row['weight_decay']:g}" + ("" if row["lb"] is None else f", {row['lb']:g}")

    cells = tuple((*_where(row, names), pair(row), *_compared(row)) for row in _plain(rows))
    headers = ("workload", "method", "λ, f_*", "best", "better by", "p", "common 5", "wider by")
    title = "Weight decay and lower bounds"
    return Sheet(title, (*headers, "n"), cells, left=3, note=BESIDE)


def _plain(rows: list[Row]) -> list[Row]:
    """Return rows with the plain one of each method first."""
    first: dict[tuple[str, ...], int] = {}
    for row in rows:
        first.setdefault((row["workload"], row["preset"], row["method"]), len(first))
    return sorted(
        rows,
        key=lambda row: (
            first[row["workload"], row["preset"], row["method"]],
            not row["is_plain"],
        ),
    )


def _svag(rows: list[Row], names: dict[str, str], points: dict[tuple[str, ...], float]) -> Sheet:
    """Return both measures side by side."""
    setting = ("workload", "preset", "method", "batch_size", "lr", "beta", "svag")
    together: dict[tuple[Any, ...], dict[str, Row]] = {}
    for row in rows:
        together.setdefault(tuple(row[name] for name in setting), {})[row["measure"]] = row
    cells = []
    for both in together.values():
        row = both["score"]
        shown = (("loss", LOSS), ("score", points[row["workload"], row["preset"]]))
        cells.append(
            (
                *_where(row, names),
                str(row["batch_size"] or "all"),
                rate(row["lr"]),
                str(row["svag"]),
                *(
                    _half(both[measure], middle, high, point)
                    for measure, point in shown
                    for middle, high in (("difference", "high"), ("change", "change_high"))
                ),
                str(row["n"]),
            )
        )
    worth = ("loss: worth", "more", "score: worth", "more")
    headers = ("workload", "method", "batch", "lr", "ℓ", *worth, "n")
    note = (
        "Worth of β > 0 over β = 0, in the direction of better, of the test loss and the score;"
        " more: than at ℓ = 1. Over shared seeds, ± half of the 95 % interval; with five seeds no"
        " sign-flip test can have a p below 0.06."
    )
    return Sheet("Momentum with SVAG", headers, tuple(cells), left=2, note=note)


def _half(row: Row, middle: str, high: str, point: float) -> str:
    """Return a number with its sign and the half of its interval; nothing for none."""
    if row[middle] is None:
        return ""
    return signed(row[middle], row[high] - row[middle], point)


def rounding_sheet(found: pl.DataFrame, names: dict[str, str], n: int = 5) -> Sheet:
    """Return what rounding alone changes, a row for a method at a learning rate.

    Parameters
    ----------
    found
        As `experiments.summary.rounding.rounding` returns.
    n
        For so many seeds the least difference is said.
    """
    rows = tuple(
        (
            *_where(row, names),
            rate(row["lr"]),
            number(row["rounded"], row["point"]),
            number(row["sd"], row["point"]),
            "–"
            if row["share"] is None or math.isnan(row["share"])
            else f"{100 * row['share']:.0f}",
            number(TIMES * row["rounded"] / math.sqrt(n), row["point"]),
            f"{row['seeds']} × {row['roundings']}",
            str(row["n"]),
        )
        for row in found.iter_rows(named=True)
    )
    headers = ("workload", "method", "lr", "SD: roundings", "seeds", "% of it", f"least, n = {n}")
    note = (
        "Standard deviations of the score over roundings at a fixed seed, and over n seeds; how"
        " much of the latter's variance the former's is; and the difference of two means over"
        f" {n} seeds that rounding alone exceeds once in twenty times, 1.96 √2 SD / √{n}."
    )
    return Sheet("Rounding", (*headers, "runs", "n"), rows, left=2, note=note)


def failure_sheet(ends: pl.DataFrame) -> Sheet:
    """Return which runs of all workloads failed, a row for a method, and what worked instead."""
    same = ("workload", "preset", "method", "changed", "best_lr")
    rows = []
    for _, part in failures(ends).group_by(same, maintain_order=True):
        row = part.row(0, named=True)
        rows.append(
            (
                place(row["workload"], row["preset"]),
                row["method_title"] + (f", {row['changed']}" if row["changed"] else ""),
                _rates(part, "diverged"),
                _rates(part, "stuck"),
                f"lr {rate(row['best_lr'])}: {number(row['best_score'], row['point'])}",
            )
        )
    headers = ("workload", "method", "diverged at lr (step)", "learned nothing at lr", "best")
    note = "2/3: so many of the runs; without: all. Steps count from 0."
    return Sheet("Failures", headers, tuple(rows), left=5, note=note)


def _rates(part: pl.DataFrame, what: str) -> str:
    """Return the learning rates at which runs failed in one way, with the steps of divergence."""
    texts = []
    for row in part.filter(pl.col(what) > 0).iter_rows(named=True):
        text = rate(row["lr"]) + (f" {row[what]}/{row['n']}" if row[what] < row["n"] else "")
        first, last = row["first_step"], row["last_step"]
        if what == "diverged" and first is not None:
            text += f" ({first})" if first == last else f" ({first}–{last})"
        texts.append(text)
    return ", ".join(texts)
