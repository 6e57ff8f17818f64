"""The tables that answer readers' questions, from runs that differ from the plain ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from experiments.schedules import SCHEDULES
from experiments.summary.failures import failures
from experiments.summary.lower_bounds import lower_bounds
from experiments.summary.momentum import momentum
from experiments.summary.results import titles
from experiments.summary.schedules import schedules
from experiments.summary.sheet import Sheet, number, rate, spread
from momo.methods import METHODS


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
    headers = ("method", "β", "lr", "decades from best", "without", "with β", "difference", "n")
    return Sheet(f"{title}: what momentum is worth at equal learning rates", headers, rows)


def _schedules(title: str, names: dict[str, str], found: pl.DataFrame, score: str) -> Sheet:
    def schedule(row: dict[str, Any]) -> str:
        warmup = f", warm-up {100 * row['warmup']:g} %" if row["warmup"] else ""
        return SCHEDULES[row["schedule"]].title + warmup + (" (best)" if row["top"] else "")

    rows = tuple(
        (names[row["method"]], schedule(row), *_compared(row)) for row in _rows(found, names)
    )
    headers = ("method", "schedule", "best lr", score, "own 1", "own 5", "all 1", "all 5")
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
    headers = ("method", "lower bound", "best lr", score, "own 1", "own 5", "all 1", "all 5")
    return Sheet(f"{title}: lower bounds", (*headers, "train loss"), rows, left=2)


def _compared(row: dict[str, Any]) -> tuple[str, ...]:
    widths = (row[which] for which in ("own_1", "own_5", "all_1", "all_5"))
    return (rate(row["lr"]), spread(row["score"], row["sd"], row["point"]), *widths)


def failure_sheet(ends: pl.DataFrame) -> Sheet:
    """Return which runs of all workloads failed, and what worked instead."""
    rows = tuple(
        (
            f"{row['workload']} ({row['preset']})",
            row["method_title"] + (f", {row['changed']}" if row["changed"] else ""),
            rate(row["lr"]),
            _failure(row),
            f"lr {rate(row['best_lr'])}: {number(row['best_score'])}",
        )
        for row in failures(ends).iter_rows(named=True)
    )
    headers = ("workload", "method", "lr", "failed", "what works")
    return Sheet("Failures", headers, rows, left=5)


def _failure(row: dict[str, Any]) -> str:
    first, last = row["first_step"], row["last_step"]
    steps = f"step {first}" if first == last else f"steps {first}–{last}"
    at = "" if first is None else f" ({steps})"
    diverged = f"{row['diverged']} of {row['n']} diverged{at}" if row["diverged"] else ""
    stuck = f"{row['stuck']} of {row['n']} learned nothing" if row["stuck"] else ""
    return "; ".join(text for text in (diverged, stuck) if text)
