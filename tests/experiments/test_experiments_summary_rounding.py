# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What rounding alone changes, and which differences are no larger."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from experiments_summary_cases import Cases

from experiments.records import Records
from experiments.summary import finals, rounding, to_markdown
from experiments.summary.rounding import least, within_rounding

ROUNDED = {0: (50.0, 50.3, 49.9, 50.1), 1: (60.0, 60.5, 59.7)}
"""Scores by seed, of roundings 0, 1, ...; the second has one fewer."""


def rounded(second: float = 0.0) -> Cases:
    """Return MoMo with roundings of two seeds, and SGD-M without, better by ``second``."""
    found = Cases()
    for seed, scores in ROUNDED.items():
        for index, score in enumerate(scores):
            found.add("momo", 1.0, score, seed=seed, rounding=index, plain=index == 0)
        found.add("sgd_m", 1.0, scores[0] + second, seed=seed, rounding=0)
    found.add("momo", 1.0, 55.0, seed=2, rounding=0)
    return found


def test_the_spread_over_roundings_is_that_within_seeds() -> None:
    found = rounded()
    (row,) = rounding(finals(found.runs, found.epochs)).to_dicts()
    variances = [np.var(scores, ddof=1) for scores in ROUNDED.values()]
    pooled = math.sqrt((3 * variances[0] + 2 * variances[1]) / 5)
    assert row["rounded"] == pytest.approx(pooled)
    assert row["sd"] == pytest.approx(np.std([50.0, 60.0, 55.0], ddof=1))
    assert (row["method"], row["seeds"], row["roundings"], row["n"]) == ("momo", 2, 4, 3)
    assert row["share"] == pytest.approx((pooled / row["sd"]) ** 2)


def test_without_roundings_there_is_nothing() -> None:
    found = Cases()
    found.add("momo", 1.0, 50.0, rounding=0)
    assert rounding(finals(found.runs, found.epochs)).is_empty()


def test_a_difference_that_rounding_shows_is_marked() -> None:
    """Over n seeds, below 1.96 · sqrt(2) · σ / sqrt(n); 5 % of normal differences are above."""
    sigma, n = 0.3, 4
    known = least(
        pl.DataFrame(
            {
                "workload": ["w", "w", "w"],
                "preset": ["small"] * 3,
                "method": ["momo", "momo", "adam"],
                "rounded": [sigma, 0.9, 0.1],
            }
        )
    )
    limit = 1.96 * math.sqrt(2) * sigma / math.sqrt(n)
    assert within_rounding(known, "w", "small", 0.99 * limit, n, "momo") is True
    assert within_rounding(known, "w", "small", -1.01 * limit, n, "momo") is False
    # One that was not measured counts as the worst of those that were.
    assert within_rounding(known, "w", "small", 0.99 * limit, n, "momo", "sgd_m") is True
    both = 1.96 * math.sqrt(sigma**2 + 0.1**2) / math.sqrt(n)
    assert within_rounding(known, "w", "small", 0.99 * both, n, "momo", "adam") is True
    assert within_rounding(known, "w", "small", 1.01 * both, n, "momo", "adam") is False
    assert within_rounding(known, "other", "small", 0.0, n, "momo") is None
    draws = np.random.default_rng(0).normal(0, sigma, (2, n, 20_000)).mean(axis=1)
    above = np.mean(np.abs(draws[0] - draws[1]) > limit)
    assert above == pytest.approx(0.05, abs=0.0062)  # four deviations of 20 000 draws


@pytest.mark.parametrize(("difference", "mark"), [(0.1, "≈"), (5.0, ""), (-0.1, "≈")])
def test_tables_mark_such_differences(difference: float, mark: str) -> None:
    found = rounded(difference)
    text = to_markdown(Records(found.runs, found.epochs, pl.DataFrame()))
    (line,) = [each for each in text.splitlines() if "| MoMo – SGD-M | " in each][:1]
    assert line.split(" | ")[-2].strip("| ") == mark
    # σ² = (0.0875 + 0.3267)/5, and 1.96 √2 σ/√5 = 0.357; (σ/5)² is 0.3 %.
    assert "| w (small) | MoMo | 1e0 | 0.29 | 5.00 | 0 | 0.36 | 2 × 4 | 3 |" in text
