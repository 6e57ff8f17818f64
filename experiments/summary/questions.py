"""The tables that answer readers' questions, from runs that differ from the plain ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from experiments.schedules import SCHEDULES
from experiments.summary.beside import beside_sheet
from experiments.summary.decay import decay_sheet
from experiments.summary.failures import failures
from experiments.summary.lower_bounds import lower_bounds
from experiments.summary.momentum import momentum
from experiments.summary.random_scaling import random_scaling
from experiments.summary.results import titles
from experiments.summary.schedules import schedules
from experiments.summary.sheet import Sheet, number, rate, spread
from experiments.summary.svag import MEASURES, svag
from momo.methods import METHODS

LOSS = 0.1
"""A point of the test loss; what it decides is how many digits are shown."""


def question_sheets(ends: pl.DataFrame) -> Iterator[Sheet]:
    """Yield the tables of one workload and preset that there are runs for.

    Parameters
    ----------
    ends
        As `finals` returns; all runs of one workload and preset.
    """
    title = f"{ends['workload_title'][0]} ({ends['preset'][0]})"
    score, point = ends["score_name"][0], float(ends["point"][0])
    names = {**{name: row.title for name, row in METHODS.items()}, **titles(ends)}
    for sheet in (
        _momentum(title, names, momentum(ends), point),
        _schedules(title, names, schedules(ends), score),
        _lower_bounds(title, names, lower_bounds(ends), score),
        decay_sheet(title, names, ends),
        beside_sheet(title, names, ends),
        *_svag(title, names, svag(ends), {"score": (score, point), "loss": ("test loss", LOSS)}),
        _random_scaling(title, names, random_scaling(ends), point),
    ):
        if sheet.rows:
            yield sheet


def _rows(found: pl.DataFrame, names: dict[str, str]) -> list[dict[str, Any]]:
    order = list(names)
    return sorted(found.iter_rows(named=True), key=lambda row: order.index(row["method"]))


def _momentum(title: str, names: dict[str, str], found: pl.DataFrame, point: float) -> Sheet:
    rows = tuple(
        (
            names[row["method"]],
            f"{row['beta']:g}",
            rate(row["lr"]),
            f"{row['decades']:+.1f}",
            number(row["without"], point),
            number(row["with"], point),
            f"{'+' if row['difference'] > 0 else ''}{number(row['difference'], point)}",
            str(row["n"]),
        )
        for row in _rows(found, names)
    )
    headers = ("method", "β", "lr", "vs best", "without", "with β", "difference", "n")
    return Sheet(f"{title}: what momentum is worth at equal learning rates", headers, rows)


def _schedules(title: str, names: dict[str, str], found: pl.DataFrame, score: str) -> Sheet:
    def schedule(row: dict[str, Any]) -> str:
        warmup = f", warm-up {100 * row['warmup']:g} %" if row["warmup"] else ""
        return SCHEDULES[row["schedule"]].title + warmup + (" (best)" if row["top"] else "")

    rows = tuple(
        (names[row["method"]], schedule(row), *_compared(row)) for row in _rows(found, names)
    )
    headers = ("method", "schedule", "best lr", score, "all 1", "all 5")
    return Sheet(f"{title}: schedules", headers, rows, left=2)


def _lower_bounds(title: str, names: dict[str, str], found: pl.DataFrame, score: str) -> Sheet:
    rows = tuple(
        (
            names[row["method"]],
            f"online, from {row['lb']:g}" if row["online"] else f"{row['lb']:g}",
            *_compared(row),
            f"{row['loss']:.3g}",
        )
        for row in _rows(found, names)
    )
    headers = ("method", "lower bound", "best lr", score, "all 1", "all 5")
    return Sheet(f"{title}: lower bounds", (*headers, "train loss"), rows, left=2)


def _svag(
    title: str, names: dict[str, str], found: pl.DataFrame, shown: dict[str, tuple[str, float]]
) -> Iterator[Sheet]:
    """Yield a table for each measure; ``shown`` is what it is called, and its point."""
    for measure in MEASURES:
        called, point = shown[measure]
        rows = tuple(
            (
                names[row["method"]],
                str(row["batch_size"] or "all"),
                rate(row["lr"]),
                str(row["svag"]),
                number(row["without"], point),
                number(row["with"], point),
                _interval(row, "difference", "high", point),
                _interval(row, "change", "change_high", point),
                str(row["n"]),
            )
            for row in _rows(found.filter(measure=measure), names)
        )
        headers = ("method", "batch", "lr", "ℓ", "β = 0", "β > 0", "worth", "worth - at ℓ = 1")
        yield Sheet(f"{title}: momentum with SVAG, {called}", (*headers, "n"), rows, note=WORTH)


WORTH = (
    "Worth: with momentum minus without, in the direction of better, ± half of its 95 % interval"
    " over shared seeds; then what it is more than at ℓ = 1. With five seeds no sign-flip test can"
    " have a p below 0.06."
)


def _random_scaling(title: str, names: dict[str, str], found: pl.DataFrame, point: float) -> Sheet:
    rows = tuple(
        (
            names[row["method"]],
            rate(row["lr"]),
            number(row["without"], point),
            number(row["with"], point),
            _interval(row, "difference", "high", point),
            f"{row['p']:.3g}",
            f"{row['floor']:.3g}",
            str(row["n"]),
        )
        for row in _rows(found, names)
    )
    headers = ("method", "lr", "without", "with", "worth", "p", "least p", "n")
    note = "Worth: with minus without, in the direction of better, ± half of its 95 % interval."
    return Sheet(f"{title}: random scaling at equal learning rates", headers, rows, note=note)


def _interval(row: dict[str, Any], middle: str, high: str, point: float) -> str:
    """Return a number with its sign and the half of its interval; nothing for none."""
    if row[middle] is None:
        return ""
    sign = "+" if row[middle] > 0 else ""
    half = None if row["n"] < 2 else row[high] - row[middle]
    return sign + spread(row[middle], half, point)


def _compared(row: dict[str, Any]) -> tuple[str, ...]:
    score = spread(row["score"], row["sd"], row["point"])
    return (rate(row["lr"]), score, row["all_1"], row["all_5"])


def failure_sheet(ends: pl.DataFrame) -> Sheet:
    """Return which runs of all workloads failed, a row for a method, and what worked instead."""
    same = ("workload", "preset", "method", "changed", "best_lr")
    rows = []
    for _, part in failures(ends).group_by(same, maintain_order=True):
        row = part.row(0, named=True)
        rows.append(
            (
                f"{row['workload']} ({row['preset']})",
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
