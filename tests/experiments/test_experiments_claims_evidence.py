# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Where the numbers of claims come from, beyond scores and widths of plain curves."""

from __future__ import annotations

import math
from statistics import stdev
from typing import Any

import polars as pl
import pytest
from experiments_summary_cases import Cases

from experiments.claims.evidence import Side, complete, difference, given, remaining, score
from experiments.claims.rounding import shares
from experiments.claims.samplers import CLAIMS as SAMPLERS
from experiments.claims.samplers import more
from experiments.claims.svag import Cell, less, worth
from experiments.records import Records
from experiments.studies import STUDIES
from experiments.studies.recorded import recorded_sheet
from experiments.summary import finals
from experiments.summary.significance import paired

MOMO, SGD_M = Side("w", "momo"), Side("w", "sgd_m")


def ends_of(found: Cases) -> pl.DataFrame:
    return finals(found.runs, found.epochs)


def test_a_point_has_all_of_its_seeds_though_its_curve_has_fewer() -> None:
    found = Cases()
    for seed in range(5):
        found.add("momo", 1.0, 50.0 + seed, seed=seed)
    for seed in range(3):
        found.add("momo", 10.0, 60.0, seed=seed)
    ends = ends_of(found)
    (point,) = score(MOMO._replace(lr=1.0))(ends)
    (best,) = score(MOMO)(ends)
    (own,) = score(MOMO._replace(rates=(1.0,)))(ends)
    assert (point.n, best.n, own.n) == (5, 3, 5)
    assert (point.of(range(5)).value, best.of(range(3)).value) == (52.0, 60.0)
    assert own.of(range(5)).value == 52.0


def test_a_side_may_differ_in_several_settings() -> None:
    found = Cases()
    for decay, lb, value in (
        (0.0, 0.0, 50.0),
        (0.1, 0.0, 60.0),
        (0.0, 0.5, 70.0),
        (0.1, 0.5, 80.0),
    ):
        plain = (decay, lb) == (0.0, 0.0)
        found.add("momo", 1.0, value, weight_decay=decay, lb=lb, plain=plain)
    both = Side("w", "momo", None, ("weight_decay", "lb"), (0.1, 0.5))
    (evidence,) = score(both)(ends_of(found))
    assert evidence.of([0]).value == 80.0
    assert both.label == "momo, weight_decay = 0.1, lb = 0.5"


def test_evidence_is_given_only_where_it_is_whole() -> None:
    found = Cases()
    found.add("momo", 1.0, 50.0)
    ends = ends_of(found)
    two = score(MOMO, SGD_M)
    assert (len(two(ends)), len(complete(1, two)(ends)), len(complete(2, two)(ends))) == (1, 1, 0)
    assert given(MOMO._replace(lr=1.0), two)(ends)
    assert not given(MOMO._replace(lr=2.0), two)(ends)
    assert not given(SGD_M._replace(lr=1.0), two)(ends)


def test_what_remains_of_the_loss_is_that_of_the_best_rate() -> None:
    found = Cases()
    for seed in range(2):
        found.add("momo", 1.0, 90.0, loss=0.5, seed=seed, initial_loss=2.0 + 2 * seed)
        found.add("momo", 10.0, 80.0, loss=0.1, seed=seed)
    (evidence,) = remaining(MOMO)(ends_of(found))
    estimate = evidence.of(range(2))
    assert estimate.value == pytest.approx((0.5 / 2 + 0.5 / 4) / 2, rel=1e-15)
    assert math.isnan(estimate.p)


def rounded(sgd_m: float, *others: tuple[str, float]) -> pl.DataFrame:
    """Return MoMo at 50, 52, 54 and four roundings of each seed, 0.1 apart, beside SGD-M."""
    found = Cases()
    for seed in range(3):
        for rounding in range(4):
            value = 50.0 + 2 * seed + 0.1 * rounding
            found.add("momo", 1.0, value, seed=seed, rounding=rounding, plain=not rounding)
        found.add("sgd_m", 1.0, 50.0 + 2 * seed + sgd_m, seed=seed, rounding=0)
    return ends_of(found)


@pytest.mark.parametrize(("sgd_m", "within"), [(0.1, True), (1.0, False)])
def test_a_difference_that_rounding_gives_is_marked(sgd_m: float, within: bool) -> None:
    """1.96 √2 σ / √3 of σ = 0.129, that of 0, 0.1, 0.2, 0.3: 0.207."""
    (evidence,) = difference((MOMO, SGD_M))(rounded(sgd_m))
    assert evidence.within_rounding is within
    plain = rounded(sgd_m).filter("plain")
    assert difference((MOMO, SGD_M))(plain)[0].within_rounding is None


def test_the_share_of_rounding_is_of_standard_deviations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.claims.rounding.LRS", {"w": {"momo": (1.0, 10.0)}})
    (evidence,) = shares(slice(0, 1), "w")(rounded(1.0))
    estimate = evidence.of(range(3))
    expected = stdev([0.0, 0.1, 0.2, 0.3]) / stdev([50.0, 52.0, 54.0])
    assert evidence.n == 3
    assert estimate.value == pytest.approx(expected, rel=1e-9)
    assert estimate.low < expected < estimate.high
    assert not shares(slice(1, None), "w")(rounded(1.0))
    assert not shares(slice(0, 1), "w")(rounded(1.0).filter("plain"))


def steps(*worths: tuple[float, float]) -> pl.DataFrame:
    """Return SGD-M whose loss momentum lowers so at ℓ = 1 and 8, with two sizes of batches."""
    found = Cases()
    for seed, both in enumerate(worths):
        for level, gain in zip((1, 8), both, strict=True):
            for size in (4, 8):
                same: dict[str, Any] = {"seed": seed, "svag": level, "batch_size": size}
                # Half of it more with one batch, half less with the other: the mean counts.
                part = gain * (1.5 if size == 4 else 0.5)
                found.add("sgd_m", 0.3, 50.0, beta=0.0, loss=1.5, **same)
                found.add("sgd_m", 0.3, 50.0, beta=0.9, loss=1.5 - part, **same)
    return ends_of(found)


def test_the_worth_of_momentum_is_a_mean_over_batches() -> None:
    ends = steps((0.4, 0.1), (0.6, 0.3), (0.5, 0.1))
    first = Cell("w", "sgd_m", 0.3, 1)
    (evidence,) = worth(first)(ends)
    assert evidence.of(range(3)).value == pytest.approx(0.5, rel=1e-12)
    (change,) = less(first, first._replace(level=8))(ends)
    found, expected = change.of(range(3)), paired([0.3, 0.3, 0.4], [0.0] * 3)
    assert found[:3] == pytest.approx(expected[1:4], rel=1e-9)
    assert not worth(first._replace(level=4))(ends)[0].n


def test_the_samplers_are_compared_seed_by_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments.sampling.record import SamplingRecord

    rows = [
        {"sampler": name, "evaluations": 12, "seed": seed, "distance": value}
        for name, values in {"a": (1.0, 2.0), "b": (1.5, 3.0), "c": (1.0, None)}.items()
        for seed, value in enumerate(values)
    ]
    record = SamplingRecord("id", {}, scores=rows)
    monkeypatch.setattr("experiments.claims.samplers.found", lambda: record)
    (evidence,) = more((("a", "b"), ("a", "c"), ("a", "d")), (12, 24))(pl.DataFrame())
    assert evidence.of(range(2)).value == 0.75

    def missing() -> SamplingRecord:
        raise FileNotFoundError

    monkeypatch.setattr("experiments.claims.samplers.found", missing)
    assert not any(claim.find(pl.DataFrame()) for claim in SAMPLERS)


def test_a_study_has_the_seeds_that_are_complete() -> None:
    runs = [run for seed in (0, 1) for run in STUDIES["lomo"].runs((seed,))][:-1]
    found = Cases()
    for run in runs:
        found.add("momo", 1.0, 50.0, seed=run.seed, run=run.id)
    records = Records(found.runs, found.epochs, pl.DataFrame(), pl.DataFrame())
    shown = {row[0]: row[1:] for row in recorded_sheet(records).rows}
    assert shown["lomo"] == (f"1 (+ {len(runs) // 2} runs)", str(len(runs)))
    assert "svag" not in shown
