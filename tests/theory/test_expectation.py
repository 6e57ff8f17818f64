# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The confidence limit of a mean: exact where it can be computed, and right as often as it says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats
from theory_cases import small_case

from theory.audit import Step
from theory.case import Setting
from theory.claims.expectation import FRACTIONS, upper_confidence
from theory.engine import simulate
from theory.methods import METHODS
from theory.problems.base import Array
from theory.theorems import CLAIMS

DRAWS = 60


def limit(samples: Array, upper: float, error: float) -> float:
    return float(upper_confidence(samples[None], np.array([upper]), error)[0])


@pytest.mark.parametrize("error", [1e-5, 0.1])
@pytest.mark.parametrize("upper", [1.0, 4.0])
def test_of_zeros_alone_it_is_what_the_bets_say(upper: float, error: float) -> None:
    """The least m with ``Σ_c (1 + c m/(upper - m))^n / C >= 1/p``, solved for otherwise."""

    def wealth(mean: float) -> float:
        return float(np.log(np.mean((1 + FRACTIONS * mean / (upper - mean)) ** DRAWS) * error))

    exact = optimize.brentq(wealth, 1e-9, 0.9 * upper, xtol=1e-14)
    assert limit(np.zeros(DRAWS), upper, error) == pytest.approx(exact, rel=1e-9)
    # some log(1/p)/n of the range: the mean, 0, would be far below
    assert exact > upper * np.log(1 / error) / (2 * DRAWS)


@pytest.mark.parametrize("error", [0.05, 0.2])
@pytest.mark.parametrize("chance", [0.02, 0.1, 0.5, 0.9])
def test_it_lies_below_the_mean_no_more_often_than_it_says(chance: float, error: float) -> None:
    """Of so many draws of 0 or 2, j are 2: the probability is a sum over j, no simulation."""
    limits = np.array([limit(2.0 * (np.arange(DRAWS) < j), 2.0, error) for j in range(DRAWS + 1)])
    below = limits < 2 * chance
    missed = stats.binom(DRAWS, chance).pmf(np.arange(DRAWS + 1))[below].sum()
    assert missed <= error
    # it is no limit of everything: with half of the draws it is well below the largest value
    assert limits[DRAWS // 2] < 1.7


def test_the_rates_compare_the_limit_and_not_the_mean() -> None:
    case = small_case(settings=(Setting(0.0),), seeds=40, iterations=10)
    steps: list[Step] = []
    kept = type("Kept", (), {"observe": steps.append})()
    check = CLAIMS["rate"].monitor(case)
    simulate(case, METHODS["momo"](case), [check, kept])
    found = CLAIMS["rate"].findings(case, check)[0]
    means = np.mean([step.excess[0] for step in steps[: found.step]], axis=0)
    # Without momentum Y lies in [0, gradient_max D/√K] up to rounding.
    upper = case.constants.gradient_max * case.optimum.distance / np.sqrt(found.step)
    unit = case.constants.gradient * case.optimum.distance
    exact = limit(np.asarray(means, dtype=np.float64), upper, case.error_probability)
    assert found.measured * unit == pytest.approx(exact, rel=1e-6)
    assert exact > 1.2 * means.mean()
