# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""NGN-M's rate: the derived bound is below the published one; what its claims can see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from theory_cases import small_case

from theory.audit import Step
from theory.case import Case, Setting
from theory.claims.base import Finding
from theory.controls import CONTROLS
from theory.engine import Stepper, simulate
from theory.methods import ngn_m
from theory.settings import heavy_ball
from theory.theorems import CLAIMS
from theory.theorems.ngn_m import bound, claim
from theory.theorems.ngn_m.statement import DERIVED, PUBLISHED

NAMES = ("ngn_m_step", "ngn_m_summed", "ngn_m_rate", "ngn_m_published")


def case_of(name: str, iterations: int = 40, seeds: int = 40) -> Case:
    made = small_case(name, seeds=seeds, iterations=iterations)
    return replace(made, settings=heavy_ball(made.constants), holds=False)


def found(case: Case, stepper: Stepper) -> dict[str, list[Finding]]:
    checks = {name: CLAIMS[name].check(case) for name in NAMES}
    simulate(case, stepper, [check for check in checks.values() if check is not None])
    return {name: CLAIMS[name].findings(case, check) for name, check in checks.items()}


@pytest.mark.parametrize(
    "name", ["huber_line", "least_squares", "noisy_least_squares", "noisy_huber"]
)
def test_it_holds_with_interpolation_and_without(name: str) -> None:
    case = case_of(name)
    for name, findings in found(case, ngn_m(case)).items():
        assert all(finding.holds is not False for finding in findings), name
        assert any(finding.holds for finding in findings), name


@pytest.mark.parametrize("control", ["ngn_m_far_too_long", "ngn_m_step_nudged"])
def test_controls_are_caught_by_what_they_name(control: str) -> None:
    case = case_of("parabola")
    findings = found(case, CONTROLS[control].build(case))
    for name in CONTROLS[control].by:
        assert any(finding.holds is False for finding in findings[name]), name


def test_twice_the_step_is_seen_at_once() -> None:
    from theory.controls.momo import StretchedHarmonic

    case = case_of("least_squares", iterations=3)
    doubled = replace(ngn_m(case), step_rule=StretchedHarmonic(2.0))
    assert all(each.holds is False for each in found(case, doubled)["ngn_m_step"])


def test_the_bounds_are_for_their_own_momentum() -> None:
    case = case_of("least_squares")
    assert case.constants.smoothness is not None
    c = 1 / case.constants.smoothness  # cL = 1: λ < 1/2 derived, λ ≤ 1/12 published
    for beta, derived, published in ((0.07, True, True), (0.3, True, False), (0.4, False, False)):
        setting = Setting(beta, c)
        assert (not CLAIMS["ngn_m_rate"].objection(case, setting)) is derived
        assert (not CLAIMS["ngn_m_published"].objection(case, setting)) is published
    assert CLAIMS["ngn_m_rate"].objection(case, Setting(0.0, c, 0.1))
    assert CLAIMS["ngn_m_rate"].objection(case, Setting(0.0))


def test_the_derived_bound_is_below_the_published_one() -> None:
    """With ``δ_1 <= LD²/2``, and σ_pos = 0 or cL >= 1, where ¼(1+cL) <= 2(2cL-1)."""
    rng = np.random.default_rng(0)
    compared = 0
    for _ in range(2000):
        ell, part = float(10 ** rng.uniform(-2, 2)), float(rng.uniform(0, 1))
        lam = part * min(ell, 0.5 / ((1 + ell) * (1 + 2 * ell)))
        values = {"c": ell, "beta": lam / (1 + lam), "L": 1.0}
        top = max(2 * ell - 1, 0.0)
        if not (DERIVED.applies(**values) and PUBLISHED.applies(**values, top=top)):
            continue
        noise = float(rng.exponential())
        positive = float(rng.exponential()) if ell >= 1 else 0.0
        q = bound.Quantities(
            c=np.array(ell),
            beta=np.array(values["beta"]),
            smoothness=1.0,
            distance=1.0,
            first=0.5,
            interpolation=noise,
            positivity=np.array(positive),
        )
        for steps in (1, 10**6):  # the distance decides, or the noise
            assert bound.derived(q, steps) <= bound.published(q, steps)
        compared += 1
    assert compared > 1900


def test_the_bounds_by_hand() -> None:
    """At cL = 1, c = ½, D = 2, K = 8, σ_int² = 3, σ_pos² = 5, δ_1 = 7; β = 1/13, λ = 1/12."""
    q = bound.Quantities(
        c=np.array(0.5),
        beta=np.array(1 / 13),
        smoothness=2.0,
        distance=2.0,
        first=7.0,
        interpolation=3.0,
        positivity=np.array(5.0),
    )
    assert float(bound.published(q, 8)) == pytest.approx(9 * 4 / 4 + 8 * 9 * 3 + 2 * 5)
    start = 4 * (4 + 2 / 12 * 0.25 * 7) / 8
    noise = (2 + 1 + 2 / 12) * 3 + 2 / 4 * 5
    assert float(bound.derived(q, 8)) == pytest.approx((start + noise) / (1 - 2 / 12))


def test_the_mean_without_its_noise_has_the_right_expectation() -> None:
    """Y and the plain mean of ``f(x^k) - f*`` have one expectation; seeds tell them apart."""
    case = case_of("noisy_least_squares", iterations=20, seeds=4000)
    plain: list[np.ndarray] = []
    last: list[np.ndarray] = []

    class Both:
        def observe(self, step: Step) -> None:
            now = claim.path(step)
            objective = case.problem.losses(step.x).mean(axis=-1)
            plain.append(objective - now.least_value)
            if step.k == case.iterations:
                last.append(now.mean(step))

    simulate(case, ngn_m(case), [Both()])
    difference = np.mean(plain, axis=0) - last[0]
    spread = difference.std(axis=1) / np.sqrt(case.seeds)
    assert (np.abs(difference.mean(axis=1)) <= 5 * spread).all()
    assert (spread <= 0.05 * np.mean(plain)).all()
