# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The tables once more: from the parquet files alone, by another short program.

It shares nothing with `experiments.summary`: files are read with polars, means are loops over
dictionaries, widths are found crossing by crossing, and p-values over all flips of signs.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import ttest_rel

ROOT = Path(__file__).parents[2] / "experiments"
PAIRS = (("momo", "sgd_m"), ("momo_adam", "adam"))
FOUR = ("momo", "momo_adam", "sgd_m", "adam")
Curve = dict[float, dict[int, tuple[float, float]]]
"""By learning rate and seed ± test and ± validation score, larger being better."""


@cache
def runs() -> list[dict[str, Any]]:
    """Return every run once, with its last scores; what learned nothing counts as that."""
    found = {}
    for path in sorted((ROOT / "results").glob("*.parquet")):
        table = pl.read_parquet(path).select("run", "kind", "about", "epoch", *SCORES)
        ends = table.filter(kind="epoch").sort("epoch").group_by("run").last()
        last = {row["run"]: row for row in ends.to_dicts()}
        for row in table.filter(kind="run").to_dicts():
            about = json.loads(row["about"])
            sign = 1 if about["higher_is_better"] else -1
            for name in SCORES:
                value = last[row["run"]][name] if row["run"] in last else None
                bad = value is None or not math.isfinite(value) or about["status"] == "diverged"
                about[name] = sign * about["worst"] if bad else sign * value
                about[name] = max(about[name], sign * about["worst"])
            found.setdefault(row["run"], {"beta": None, **about})
    return list(found.values())


SCORES = ("test_score", "validation_score")


@cache
def curves() -> dict[str, dict[str, Curve]]:
    """Return the plain curves that are not at a test's scale, by workload and method."""
    found: dict[str, dict[str, Curve]] = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    for run in runs():
        if run["plain"] and run["preset"] != "smoke":
            own = found[run["workload"]][run["method"]][run["lr"]]
            own[run["seed"]] = (run["test_score"], run["validation_score"])
    return found


def side(workload: str, method: str) -> Curve:
    """Return a curve, AdamW's for Adam where there is none, without rates of half the seeds."""
    own = curves()[workload]
    curve = own["adam_w"] if method == "adam" and "adam" not in own else own[method]
    most = max(map(len, curve.values()))
    return {lr: seeds for lr, seeds in sorted(curve.items()) if 2 * len(seeds) > most}


def common(*sides: Curve) -> list[int]:
    """Return the seeds that all curves have at all of their rates."""
    return sorted(set.intersection(*(set(seeds) for curve in sides for seeds in curve.values())))


def mean(curve: Curve, seeds: list[int], which: int = 0) -> dict[float, float]:
    return {lr: float(np.mean([by[s][which] for s in seeds])) for lr, by in curve.items()}


def width(curve: Curve, seeds: list[int], level: float) -> float:
    """Return over how many decades a curve is at a level: where each segment crosses it."""
    total, points = 0.0, [(math.log10(lr), value) for lr, value in mean(curve, seeds).items()]
    for (left, a), (right, b) in pairwise(points):
        if a == b:
            share = float(a >= level)
        else:
            crossing = min(1.0, max(0.0, (level - a) / (b - a)))
            share = 1 - crossing if b > a else crossing
        total += share * (right - left)
    return total


@cache
def wider(workload: str, first: str, second: str, points: float) -> float:
    one, two = side(workload, first), side(workload, second)
    held = [side(workload, method) for method in FOUR]
    seeds = common(one, two, *held)
    point = next(run["point"] for run in runs() if run["workload"] == workload)
    level = max(max(mean(curve, seeds).values()) for curve in held) - points * point - 1e-9
    return width(one, seeds, level) - width(two, seeds, level)


def flips(values: list[float]) -> float:
    """Return the share of all flips of signs whose sum is as large as the one seen."""
    seen = abs(sum(values)) - 1e-12 * sum(map(abs, values))
    sums = [np.dot(signs, values) for signs in product((-1, 1), repeat=len(values))]
    return float(np.mean(np.abs(sums) >= seen))


def rows(title: str) -> list[list[str]]:
    """Return the cells of a table of the page."""
    text = (ROOT / "TABLES.md").read_text(encoding="utf-8")
    lines = text.partition(f"## {title}\n")[2].partition("\n## ")[0].splitlines()
    table = [line for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def titles() -> dict[str, str]:
    return {run["method_title"]: run["method"] for run in runs()}


def workload_of(cell: str) -> str:
    return cell.partition(" (")[0]


def number(cell: str) -> pytest.approx:
    """Return the first number of a cell, to half of its last digit."""
    text = cell.lstrip("≥ ").split(" ")[0].rstrip("*")
    if "e" in text:
        return pytest.approx(float(text), rel=0.51, abs=0)
    digits = len(text.partition(".")[2])
    return pytest.approx(float(text), abs=0.501 * 10.0**-digits)


def test_differences_of_best_scores_are_over_shared_seeds() -> None:
    shown = rows("Differences in the best score")
    assert len(shown) == 2 * len([w for w in curves() if "momo" in curves()[w]])
    for where, what, better, p, *_, n in shown:
        first, second = (titles()[name].replace("adam_w", "adam") for name in what.split(" – "))
        one, two = (side(workload_of(where), method) for method in (first, second))
        seeds = common(one, two)
        chosen = []
        for curve in (one, two):
            at = mean(curve, seeds, which=1)
            lr = max(at, key=lambda lr: (at[lr], -lr))
            chosen.append([curve[lr][seed][0] for seed in seeds])
        d = [a - b for a, b in zip(*chosen, strict=True)]
        assert len(d) == int(n)
        assert np.mean(d) == number(better), (where, what)
        assert flips(d) == pytest.approx(float(p), rel=0.051)
        if np.std(d) > 0:
            high = ttest_rel(*chosen).confidence_interval().high
            assert high - np.mean(d) == number(better.partition("± ")[2]), (where, what)


def test_differences_of_widths_are_those_of_the_crossings() -> None:
    for where, what, _, *cells, _ in rows("Differences in robust width"):
        first, second = (titles()[name].replace("adam_w", "adam") for name in what.split(" – "))
        for points, cell in zip((1.0, 5.0), cells, strict=True):
            assert wider(workload_of(where), first, second, points) == number(cell), (where, what)


def test_tests_over_data_sets_are_signed_ranks_of_their_means() -> None:
    full = [run for run in runs() if run["plain"] and run["preset"] != "smoke"]
    names = {run["workload"]: run["scale"].get("data", run["workload"]) for run in full}
    swept = [workload for workload in curves() if ":" not in workload]  # no variants of studies
    found, shown = [], rows("Robust width, by data set")
    for (first, second), points in product(PAIRS, (1.0, 5.0)):
        by_data: dict[str, list[float]] = defaultdict(list)
        for workload in swept:
            by_data[names[workload]].append(wider(workload, first, second, points))
        found.append((first, points, [float(np.mean(values)) for values in by_data.values()]))
    p_values = []
    for _, _, d in found:
        moved = sorted((x for x in d if abs(x) > 1e-9), key=abs)
        assert len({round(abs(x), 9) for x in moved}) == len(moved)  # no ties
        p_values.append(flips([rank * np.sign(x) for rank, x in enumerate(moved, 1)]))
    steps = [(len(found) - i) * p for i, p in enumerate(sorted(p_values))]
    for (first, points, d), p, row in zip(found, p_values, shown, strict=True):
        assert titles()[row[0].split(" – ")[0]] == first
        assert (float(row[1]), int(row[6]), int(row[7])) == (points, len(d), len(swept))
        assert np.median(d) == number(row[2])
        assert p == pytest.approx(float(row[3]), rel=0.051)
        adjusted = min(1.0, max(steps[: sorted(p_values).index(p) + 1]))
        assert adjusted == pytest.approx(float(row[4]), rel=0.051)


def test_what_momentum_is_worth_is_over_shared_seeds() -> None:
    cells: dict[tuple[str, str, float, bool], dict[int, float]] = defaultdict(dict)
    for run in runs():
        usual = run["schedule"] == "constant" and run["clip"] is None and run.get("svag", 1) == 1
        usual = usual and run["lb"] in (None, 0.0) and not run.get("rounding")
        if run["workload"] == "mnist_mlp" and run["preset"] != "smoke" and usual:
            place = (run["workload"], run["method"], run["lr"], run["beta"] == 0.0)
            cells[place][run["seed"]] = run["test_score"]
    rates = {f"1e{power}": 10.0**power for power in range(-5, 5)}
    shown = [
        row
        for row in rows("What momentum is worth at equal learning rates")
        if row[0].startswith("mnist_mlp")
    ]
    assert len(shown) > 20
    for where, what, lr, _, without, with_, worth, p, *_, n in shown:
        place = (workload_of(where), titles()[what], rates[lr])
        none, some = cells[*place, True], cells[*place, False]
        seeds = sorted({*none} & {*some})
        d = [some[seed] - none[seed] for seed in seeds]
        assert len(d) == int(n)
        assert np.mean([none[seed] for seed in seeds]) == number(without)
        assert np.mean([some[seed] for seed in seeds]) == number(with_)
        assert np.mean(d) == number(worth), (what, lr)
        assert flips(d) == pytest.approx(float(p), rel=0.051)
