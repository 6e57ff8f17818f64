# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Scores from tables made by hand, whose answers are known."""

from __future__ import annotations

import math
import subprocess
import sys
from itertools import product
from typing import Any

import numpy as np
import polars as pl
import pytest
from experiments_summary_cases import Cases, cases
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import permutation_test, ttest_rel, wilcoxon

from experiments.summary import (
    best,
    curve,
    finals,
    over_data_sets,
    overhead,
    sensitivity,
    significance,
    variants,
    width_differences,
    widths,
)
from experiments.summary.rectangle import rectangles, weights
from experiments.summary.reference import BASES
from experiments.summary.significance import EXACT, holm, median_interval, paired, sign_flip
from experiments.summary.width import above


def ends_of(found: Cases) -> pl.DataFrame:
    return finals(found.runs, found.epochs)


def curve_of(found: Cases) -> pl.DataFrame:
    return curve(ends_of(found))


# ---- final scores ---------------------------------------------------------------------------


def test_the_last_epoch_counts_and_not_the_best() -> None:
    row = ends_of(cases(("momo", 1.0, 80.0), validation=81.0, loss=0.25)).row(0, named=True)
    assert (row["test_score"], row["validation_score"], row["train_loss"]) == (80.0, 81.0, 0.25)


@pytest.mark.parametrize("score", [None, math.nan, -math.inf, 3.0])
def test_a_run_counts_as_no_less_than_one_that_learned_nothing(score: float | None) -> None:
    """Diverged, not a number, or worse than chance."""
    row = ends_of(cases(("momo", 1.0, score))).row(0, named=True)
    assert (row["test_score"], row["validation_score"]) == (10.0, 10.0)


def test_worst_is_the_largest_loss_where_less_is_better() -> None:
    lower: dict[str, Any] = {"higher_is_better": False, "worst": 5.0, "score_name": "loss"}
    ends = ends_of(cases(("momo", 1.0, 1e9), ("momo", 2.0, 4.0), ("momo", 3.0, None), **lower))
    assert ends["test_score"].to_list() == [5.0, 4.0, 5.0]


def test_a_diverged_run_has_an_infinite_loss_even_if_its_last_epoch_had_one() -> None:
    """And one whose loss is missing as well."""
    assert ends_of(cases(("momo", 1.0, None)))["train_loss"].to_list() == [math.inf]
    assert ends_of(cases(("momo", 1.0, 50.0), loss=None))["train_loss"].to_list() == [math.inf]
    assert ends_of(cases(("momo", 1.0, 50.0), loss=math.nan))["train_loss"].to_list() == [math.inf]


def test_no_run_is_dropped() -> None:
    found = cases(("momo", 1.0, None), ("adam", 1.0, 50.0))
    assert len(finals(found.runs, found.epochs.clear())) == 2


# ---- curves ---------------------------------------------------------------------------------


def three_seeds(method: str, scores: dict[float, tuple[float | None, ...]], **others: Any) -> Cases:
    found = Cases()
    for lr, values in scores.items():
        for seed, score in enumerate(values):
            found.add(method, lr, score, seed=seed, **others)
    return found


def test_mean_and_spread_over_the_seeds() -> None:
    found = curve_of(three_seeds("momo", {10.0: (60.0, None, 80.0), 0.1: (20.0, 22.0, 24.0)}))
    assert found["lr"].to_list() == [0.1, 10.0]
    assert found["n"].to_list() == [3, 3]
    assert found["score"].to_list() == [22.0, 50.0]
    assert found["sd"].to_list() == pytest.approx([2.0, np.std([60.0, 10.0, 80.0], ddof=1)])
    assert found.select("lowest", "highest").rows() == [(20.0, 24.0), (10.0, 80.0)]
    assert found["diverged"].to_list() == [0, 1]
    assert found["loss"].to_list() == pytest.approx([0.5, (0.5 + 2.0 + 0.5) / 3])


def test_one_seed_has_no_spread() -> None:
    assert curve_of(cases(("momo", 1.0, 50.0)))["sd"].to_list() == [None]


def test_the_best_rate_is_chosen_on_validation_and_reported_on_test() -> None:
    found = Cases()
    for lr, score, validation in ((0.1, 70.0, 60.0), (1.0, 65.0, 75.0), (10.0, 90.0, 70.0)):
        found.add("momo", lr, score, validation=validation)
    row = best(curve_of(found)).row(0, named=True)
    assert (row["lr"], row["score"], row["at_edge"]) == (1.0, 65.0, False)


def test_of_equal_rates_the_smaller_is_best_and_edges_are_marked() -> None:
    rows = best(curve_of(cases(("momo", 0.1, 70.0), ("momo", 1.0, 70.0), ("adam", 3.0, 20.0))))
    found = {row["method"]: (row["lr"], row["at_edge"]) for row in rows.iter_rows(named=True)}
    assert found == {"momo": (0.1, True), "adam": (3.0, False)}


def test_the_least_loss_is_best_where_less_is_better() -> None:
    found = cases(("momo", 0.1, 0.7), ("momo", 1.0, 0.2), higher_is_better=False, worst=5.0)
    assert best(curve_of(found))["lr"].to_list() == [1.0]


# ---- robust width ---------------------------------------------------------------------------

LRS = (0.01, 0.1, 1.0, 10.0)


@pytest.mark.parametrize(
    ("gains", "level", "expected"),
    [
        ((0, 10, 10, 0), 5, (2.0, 2, False, False)),  # half a decade on either side
        ((0, 10, 10, 0), 10, (1.0, 2, False, False)),
        ((0, 10, 0, 10), 7.5, (0.25 + 0.25 + 0.25, 2, False, True)),  # two intervals
        ((9, 9, 9, 9), 9, (3.0, 4, True, True)),
        ((9, 0, 0, 0), 9, (0.0, 1, True, False)),  # a point has no length
        ((1, 1, 1, 1), 9, (0.0, 0, False, False)),
    ],
)
def test_the_length_above_a_level(
    gains: tuple[float, ...], level: float, expected: tuple[float, int, bool, bool]
) -> None:
    assert above(LRS, gains, level) == pytest.approx(expected)


GAINS = st.lists(st.floats(0, 100), min_size=1, max_size=8)


@given(GAINS, st.floats(0, 50), st.floats(0, 50))
def test_widths_grow_with_the_tolerance_up_to_the_grid(
    gains: list[float], small: float, more: float
) -> None:
    lrs = [10.0**k for k in range(len(gains))]
    narrow = above(lrs, gains, max(gains) - small)
    wide = above(lrs, gains, max(gains) - small - more)
    assert -1e-9 <= narrow.decades <= wide.decades + 1e-9 <= len(gains) - 1 + 2e-9
    assert 1 <= narrow.grid_points <= wide.grid_points


@given(GAINS, st.floats(-10, 110))
def test_widths_are_those_of_a_fine_grid(gains: list[float], level: float) -> None:
    lrs = [10.0**k for k in range(len(gains))]
    fine = np.linspace(0, len(gains) - 1, 20_001)
    share = np.mean(np.interp(fine, range(len(gains)), gains) >= level)
    assert above(lrs, gains, level).decades == pytest.approx(share * (len(gains) - 1), abs=0.01)


def width_rows(found: Cases) -> dict[tuple[str, float, str], tuple[Any, ...]]:
    rows = widths(ends_of(found)).iter_rows()
    return {row[2:5]: row[5:9] for row in rows}


def test_widths_are_within_points_of_the_own_best_and_of_the_reference_set_s() -> None:
    found = cases(
        *(("momo", lr, score) for lr, score in zip(LRS, (80, 89, 90, 80), strict=True)),
        *(("adam", lr, score) for lr, score in zip(LRS, (80, 80, 87, 92), strict=True)),
    )
    rows = width_rows(found)
    assert rows["momo", 1.0, "own"] == pytest.approx([1.1, 2, False, False])
    assert rows["momo", 1.0, "common"] == pytest.approx([0.0, 0, False, False])
    assert rows["momo", 5.0, "common"] == pytest.approx([2 / 9 + 1 + 3 / 10, 2, False, False])
    assert rows["adam", 5.0, "own"] == pytest.approx([1.0, 2, False, True])


def test_a_run_without_a_cap_has_no_place_in_the_width() -> None:
    scores = zip(LRS, (80, 89, 90, 80), strict=True)
    found = [("momo", lr, score) for lr, score in scores]
    assert width_rows(cases(*found, ("momo", float("inf"), 80))) == width_rows(cases(*found))


def test_the_point_of_the_score_is_the_unit() -> None:
    lower: dict[str, Any] = {"higher_is_better": False, "worst": 5.0, "point": 0.1}
    found = cases(("momo", 0.1, 1.0), ("momo", 1.0, 0.5), ("momo", 10.0, 0.7), **lower)
    rows = width_rows(found)
    assert rows["momo", 1.0, "own"] == pytest.approx([0.2 + 0.5, 1, False, False])
    assert rows["momo", 5.0, "own"] == pytest.approx([2.0, 3, True, True])


def test_diverged_runs_narrow_the_width() -> None:
    found = width_rows(cases(("momo", 1.0, 90.0), ("momo", 10.0, None)))
    assert found["momo", 5.0, "own"] == pytest.approx([5 / 80, 1, True, False])


# ---- sensitivity ----------------------------------------------------------------------------


def test_sensitivity_is_expected_over_the_logarithm_of_the_rate() -> None:
    """Above the own best; grid points twice as close change nothing where the curve is straight."""
    coarse, fine = Cases(), Cases()
    for found, rates in ((coarse, (0.1, 1.0, 10.0)), (fine, (0.1, 10**-0.5, 1.0, 10**0.5, 10.0))):
        for lr in rates:
            found.add("momo", lr, 50.0, loss=0.5 + abs(math.log10(lr)) * (0.4 if lr > 1 else 1.0))
        found.add("adam", 1.0, 50.0, loss=0.1)
    for found in (coarse, fine):
        row = sensitivity(ends_of(found)).filter(method="momo").row(0, named=True)
        assert row["expected"] == pytest.approx((1.0 / 2 + 0.4 / 2) / 2)
        half = sensitivity(ends_of(found), lowest=0.5).filter(method="momo").row(0, named=True)
        assert half["expected"] == pytest.approx(0.4 / 2)
        assert half["grid"] == row["grid"] // 2 + 1
    alone = sensitivity(ends_of(coarse)).filter(method="adam")
    assert alone["expected"].to_list() == [0.0]


def test_no_loss_counts_as_more_than_that_before_training() -> None:
    """So does a run that diverged: l0 = 2 at both."""
    found = cases(("momo", 0.1, 50.0), loss=1.0)
    found.add("momo", 1.0, 50.0, loss=7.0)
    found.add("momo", 10.0, None)
    (row,) = sensitivity(ends_of(found)).to_dicts()
    assert (row["expected"], row["grid"]) == (pytest.approx((0.5 + 1.0) / 2), 3)


# ---- significance ---------------------------------------------------------------------------

DIFFERENCES = st.lists(st.integers(-20, 20).map(float), min_size=1, max_size=9)


@given(DIFFERENCES)
def test_the_sign_flip_test_counts_all_flips(d: list[float]) -> None:
    flips = product((-1, 1), repeat=len(d))
    sums = [abs(sum(s * x for s, x in zip(signs, d, strict=True))) for signs in flips]
    assert sign_flip(d) == sum(value >= abs(sum(d)) for value in sums) / len(sums)


def test_the_sign_flip_test_is_scipys() -> None:
    d = np.random.default_rng(0).normal(0.5, 1, size=10)
    theirs = permutation_test((d,), np.mean, permutation_type="samples", n_resamples=np.inf)
    assert sign_flip(list(d)) == pytest.approx(theirs.pvalue)


def test_three_seeds_cannot_say_much() -> None:
    found = paired([90.0, 91.0, 92.0], [10.0, 10.0, 10.0])
    assert (found.p, found.floor) == (0.25, 0.25)
    assert paired([1.0], [0.0])[4:] == (1.0, 1.0)
    assert sign_flip([0.0, 0.0]) == sign_flip([]) == 1.0
    rounded = [2.8, 2.5, 0.1, 2.6, 0.2, 2.2, 0.6, 2.6, 1.7]  # sums depend on the order
    assert sign_flip(rounded) == 2 / 2**9


def test_many_seeds_have_the_normal_limit() -> None:
    d = list(np.random.default_rng(1).normal(0.3, 1, EXACT + 1))
    limit = math.erfc(abs(sum(d)) / math.sqrt(2 * sum(x * x for x in d)))
    assert sign_flip(d) == pytest.approx(limit)
    assert sign_flip(d[:EXACT]) == pytest.approx(
        math.erfc(abs(sum(d[:EXACT])) / math.sqrt(2 * sum(x * x for x in d[:EXACT]))), abs=0.02
    )


def test_the_interval_is_students() -> None:
    a, b = [5.0, 6.0, 9.0, 4.0], [4.0, 6.5, 6.0, 3.0]
    low, high = ttest_rel(a, b).confidence_interval()
    found = paired(a, b)
    assert (found.n, found.low, found.high) == pytest.approx((4, low, high))
    assert math.isnan(paired([1.0], [0.0]).low)


def test_methods_are_compared_at_their_best_rates_over_shared_seeds() -> None:
    """Best over these: at 10 MoMo is better on the seed that SGD-M has not."""
    found = three_seeds("momo", {1.0: (90.0, 91.0, 92.0), 10.0: (500.0, 50.0, 50.0)})
    for seed, score in ((2, 89.0), (1, 88.5), (5, 10.0)):
        found.add("sgd_m", 0.1, score, seed=seed)
    (row,) = significance(ends_of(found)).to_dicts()
    assert (row["first"], row["second"], row["n"]) == ("momo", "sgd_m", 2)
    assert (row["first_lr"], row["second_lr"]) == (1.0, 0.1)
    expected = paired([2.5, 3.0], [0.0, 0.0])
    assert [row[name] for name in expected._fields] == pytest.approx(list(expected))
    assert row["adjusted"] == row["p"]


def test_methods_without_shared_seeds_are_not_compared() -> None:
    found = cases(("momo", 1.0, 90.0))
    found.add("sgd_m", 1.0, 90.0, seed=1)
    for table in (significance(ends_of(found)), width_differences(ends_of(found))):
        assert set(table["n"]) == {0}
    assert math.isnan(significance(ends_of(found))["difference"][0])


def test_adam_w_is_adam_where_there_is_no_adam() -> None:
    found = cases(("momo_adam", 1.0, 90.0), ("adam_w", 1.0, 80.0))
    assert significance(ends_of(found)).select("second", "run").rows() == [("adam", "adam_w")]
    found.add("adam", 1.0, 70.0)
    assert significance(ends_of(found)).select("second", "run").rows() == [("adam", "adam")]


def test_holm_is_its_definition() -> None:
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([math.nan, 0.02])[1] == 0.02
    assert holm([]) == []


def test_the_interval_of_the_median_is_that_of_the_sign_test() -> None:
    """1 - 2 P(B ≤ k-1) ≥ 0.95 for B of n fair coins: k = 1 for 6 to 8, k = 2 from 9 on."""
    assert all(map(math.isnan, median_interval([1.0, 2.0, 3.0, 4.0, 5.0])))
    assert median_interval([3.0, 1.0, 2.0, 6.0, 5.0, 4.0]) == (1.0, 6.0)
    assert median_interval(list(range(8))) == (0, 7)
    assert median_interval(list(range(9))) == (1, 7)


def three_data_sets() -> tuple[Cases, list[float]]:
    """Return six workloads, three of them of one data set, and the differences of widths."""
    found, expected = Cases(), []
    for index, edge in enumerate((0.9, 0.5, 0.2, 0.7, 0.35, 0.1)):
        # Without a plateau of its own the width is that of one side of a peak: 5/drop decades.
        drops = {"momo": 20 * edge + 6, "sgd_m": 27.0} if index else {"momo": 28.0, "sgd_m": 8.0}
        for method, drop in drops.items():
            for lr, score in ((1.0, 90.0), (10.0, 90.0 - drop)):
                data = '{"data": "one"}' if index < 3 else "{}"
                found.add(method, lr, score, workload=f"w{index}", scale=data)
        expected.append(5 / drops["momo"] - 5 / drops["sgd_m"])
    return found, expected


def test_widths_are_tested_over_data_sets() -> None:
    found, d = three_data_sets()
    (row,) = over_data_sets(width_differences(ends_of(found)).filter(points=5.0)).to_dicts()
    by_data = [np.mean(d[:3]), *d[3:]]
    assert (row["n"], row["workloads"]) == (4, 6)
    assert row["median"] == pytest.approx(np.median(by_data))
    assert row["p"] == pytest.approx(wilcoxon(by_data, method="exact").pvalue)
    assert row["floor"] == 2 / 2**4


def test_equal_widths_are_not_different() -> None:
    found = cases(("momo", 1.0, 90.0), ("momo", 10.0, 80.0))
    for lr, score in ((1.0, 90.0), (10.0, 80.0)):
        found.add("sgd_m", lr, score)
    for row in over_data_sets(width_differences(ends_of(found))).iter_rows(named=True):
        assert (row["median"], row["p"], row["floor"]) == (0.0, 1.0, 1.0)


def test_the_reference_is_a_fixed_set() -> None:
    """A better method beside it moves no width, nor does a run of one at another seed."""
    found = three_seeds("momo", {1.0: (90.0, 91.0, 92.0), 10.0: (50.0, 60.0, 70.0)})
    before = widths(ends_of(found))
    for lr in (1.0, 10.0):
        for seed in (0, 1):
            found.add("lion", lr, 99.0, seed=seed)
    found.add("lion", 100.0, 99.0, seed=7)
    after = widths(ends_of(found))
    assert after.filter(method="momo").equals(before)
    assert after.filter(method="lion", reference="common")["n"].to_list() == [2, 2]


def test_widths_of_a_method_without_a_seed_of_the_reference_are_not_said() -> None:
    found = three_seeds("momo", {1.0: (90.0, 91.0), 10.0: (50.0, 60.0)})
    for lr in (1.0, 10.0):
        found.add("lion", lr, 99.0, seed=7)
    rows = widths(ends_of(found)).filter(method="lion")
    assert rows.filter(reference="common")["decades"].to_list() == [None, None]
    assert rows.filter(reference="own")["decades"].to_list() == [1.0, 1.0]


def test_a_curve_has_the_seeds_that_all_its_rates_have() -> None:
    """But for a rate with half of the seeds or fewer, which is left out."""
    found = three_seeds("momo", {1.0: (90.0, 91.0, 92.0), 10.0: (50.0, 60.0)})
    found.add("momo", 100.0, 99.0)
    (curve,) = rectangles(ends_of(found)).values()
    assert curve.lrs.tolist() == [1.0, 10.0]
    assert curve.seeds == ((0, 0), (1, 1))
    assert curve.gains.tolist() == [[90.0, 91.0], [50.0, 60.0]]


def test_intervals_of_widths_are_those_of_all_resamplings() -> None:
    """Of three seeds there are 27; their quantiles are those of 2000 draws to a step of them."""
    scores = {1.0: (90.0, 91.0, 95.0), 10.0: (84.0, 89.0, 80.0), 100.0: (20.0, 80.0, 60.0)}
    found = three_seeds("momo", scores)
    row = widths(ends_of(found)).filter(points=5.0, reference="own").row(0, named=True)
    table = np.array(list(scores.values()))
    every = []
    for chosen in product(range(3), repeat=3):
        mean = table[:, list(chosen)].mean(axis=1)
        every.append(above(list(scores), list(mean), mean.max() - 5).decades)
    # The share of a tail of 2.5 % among 2000 draws is 1.5 to 3.5 %, with three deviations.
    for name, tail in (("low", 0.025), ("high", 0.975)):
        least = np.quantile(every, tail - 0.01, method="lower")
        most = np.quantile(every, tail + 0.01, method="higher")
        assert least - 1e-6 <= row[name] <= most + 1e-6


def test_resamplings_are_the_same_ever_again() -> None:
    first = weights(4)
    weights.cache_clear()
    assert np.array_equal(first, weights(4))
    assert first.sum(axis=0) == pytest.approx(np.ones(first.shape[1]))


def test_differences_of_widths_are_of_the_same_resampled_seeds() -> None:
    """Two methods that are one have a difference of 0 in every draw, however wide each varies."""
    scores = {1.0: (90.0, 91.0, 95.0), 10.0: (84.0, 89.0, 80.0), 100.0: (20.0, 80.0, 60.0)}
    found = three_seeds("momo", scores)
    for lr, values in scores.items():
        for seed, score in enumerate(values):
            found.add("sgd_m", lr, score, seed=seed)
    own = widths(ends_of(found)).filter(points=5.0, method="momo")
    assert (own["high"] - own["low"]).min() > 0.1
    rows = width_differences(ends_of(found))
    assert rows.select("decades", "low", "high").rows() == [(0.0, 0.0, 0.0)] * 2


# ---- overhead -------------------------------------------------------------------------------


def test_the_share_of_the_optimizer_and_what_it_takes_more_than_its_base() -> None:
    found = Cases()
    found.add("momo", 1.0, 50.0, training_time=3.0, optimizer_time=0.9)
    found.add("momo", 10.0, None, steps=50, training_time=1.5, optimizer_time=0.45)
    found.add("sgd_m", 1.0, 50.0, training_time=2.5, optimizer_time=0.5)
    found.add("momo_adam", 1.0, 50.0)
    found.add("lion", 1.0, None, steps=0, training_time=0.0, optimizer_time=0.0)
    rows = {row["method"]: row for row in overhead(ends_of(found)).iter_rows(named=True)}
    assert set(rows) == {"momo", "sgd_m", "momo_adam"}
    assert rows["momo"]["share"] == pytest.approx(30.0)
    assert (rows["momo"]["step_ms"], rows["momo"]["optimizer_ms"]) == pytest.approx((30.0, 9.0))
    assert (rows["momo"]["base"], rows["momo"]["extra"]) == ("sgd_m", pytest.approx(16.0))
    assert (rows["momo_adam"]["base"], rows["momo_adam"]["extra"]) == (None, None)
    assert rows["sgd_m"]["base"] is None


def test_a_run_on_a_busy_machine_does_not_count_for_the_times() -> None:
    found = Cases()
    for lr, time in ((1.0, 3.0), (10.0, 3.2), (100.0, 300.0)):
        found.add("momo", lr, 50.0, training_time=time, optimizer_time=0.9)
    (row,) = overhead(ends_of(found)).to_dicts()
    assert row["step_ms"] == pytest.approx(32.0)
    assert row["share"] == pytest.approx(100 * 0.9 / 3.2)


def test_bases_are_those_of_one_step_size_for_all_and_of_other_metrics() -> None:
    euclidean = ("momo", "momo_star", "prox_sps", "ngn_m", "iam", "schedule_free_polyak")
    assert {BASES[name] for name in euclidean} == {"sgd_m"}
    others = ("momo_adam", "momo_adam_undivided", "momo_adagrad", "scion_momo", "momo_lion")
    assert {BASES[name] for name in others} == {"adam"}


# ---- variants -------------------------------------------------------------------------------


def test_variants_differ_from_plain_runs_in_what_is_named_alone() -> None:
    found = cases(("momo", 1.0, 50.0))
    for change in (
        {"beta": 0.0},
        {"beta": 0.0, "lb": 1.0},
        {"beta": 0.0, "clip": 1.0},
        {"beta": 0.0, "seed": 1, "init_seed": 0},
        {"beta": 0.0, "precision": "bfloat16"},
        {"schedule": "cosine"},
    ):
        found.add("momo", 1.0, 60.0, plain=False, **change)
    found.add("sgd_m", 1.0, 60.0, plain=False, beta=0.0)  # no plain run to compare with
    ends = ends_of(found)
    assert variants(ends, "beta")["run"].to_list() == ["run0", "run1"]
    assert variants(ends, "schedule", "warmup")["run"].to_list() == ["run0", "run6"]


def test_scoring_needs_no_torch() -> None:
    code = "import sys, experiments.summary; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
