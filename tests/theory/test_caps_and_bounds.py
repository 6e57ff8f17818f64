# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Caps, other lower bounds, no interpolation, sharp and growing functions: bounds and claims."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from theory_cases import small_case

from theory.case import Case, Setting
from theory.claims.base import UNCONFIRMED, Finding
from theory.claims.expectation import AtMarks
from theory.controls import CONTROLS
from theory.engine import simulate
from theory.methods import METHODS, diminishing_momo
from theory.theorems import CLAIMS
from theory.theorems.any_bound.bound import any_bound
from theory.theorems.linear_rate.bound import factor as growing_factor
from theory.theorems.linear_rate.claim import Distances
from theory.theorems.rate.bound import paper
from theory.theorems.rate_capped.bound import capped, varying
from theory.theorems.sharp_linear.bound import factor as sharp_factor
from theory.theorems.smooth_capped.bound import total
from theory.theorems.wrong_bound.bound import wrong_bound

BETAS = np.array([0.0, 0.5, 0.9])


def found(name: str, case: Case, control: str = "") -> list[Finding]:
    claim = CLAIMS[name]
    check = claim.check(case)
    assert check is not None
    build = CONTROLS[control].build if control else METHODS[claim.method]
    simulate(case, build(case), [check])
    return [finding for finding in claim.findings(case, check) if finding.holds is not None]


def made(problem: str, *settings: Setting, iterations: int = 40, seeds: int = 40) -> Case:
    return small_case(problem, settings, seeds=seeds, iterations=iterations)


class TestBounds:
    @pytest.mark.parametrize("steps", [1, 7, 100])
    def test_a_large_cap_has_the_papers_bound(self, steps: int) -> None:
        # exact up to the rounding of a dozen operations
        np.testing.assert_allclose(capped(BETAS, steps, 1.0), paper(BETAS, steps), rtol=1e-14)
        np.testing.assert_allclose(capped(BETAS, steps, steps**-0.5), paper(BETAS, steps), 1e-14)

    def test_a_small_cap_costs_between_half_and_all_of_its_share(self) -> None:
        alphas = np.array([1e-4, 1e-3, 1e-2])
        small = 1 / (0.5 * alphas * 100)
        bound = capped(0.5, 100, alphas)
        assert (bound <= small).all()
        assert (bound >= small / 2).all()
        np.testing.assert_allclose(bound[0], small[0] / 2, rtol=0.01)  # c²G²K is small beside D²

    def test_equal_caps_are_one_cap(self) -> None:
        alphas = np.full(25, 0.1)
        assert varying(0.5, alphas) == pytest.approx(float(capped(0.5, 25, 0.1)), rel=1e-13)

    def test_units(self) -> None:
        # α is in units of D/G, values are in units of G D
        one, scaled = capped(0.5, 9, 0.2), capped(0.5, 9, 0.2 * 3 / 2, gradient=2.0, distance=3.0)
        assert scaled == pytest.approx(6 * float(one), rel=1e-14)

    def test_without_momentum_any_bound_is_the_guarantee_of_sgd(self) -> None:
        assert any_bound(0.0, 10, 0.2) == pytest.approx(1 / (2 * 0.2 * 10) + 0.2 / 2)

    def test_a_bound_that_is_right_has_the_papers_rate(self) -> None:
        np.testing.assert_allclose(wrong_bound(BETAS, 50, 0.0), paper(BETAS, 50), rtol=1e-14)
        assert (wrong_bound(BETAS, 50, -0.1) >= wrong_bound(BETAS, 50, 0.1)).all()

    def test_a_cap_above_one_over_the_smoothness_costs_nothing(self) -> None:
        np.testing.assert_allclose(total(4.0, [0.25, 1.0, np.inf], 9.0), 36.0, rtol=1e-14)
        assert total(4.0, 0.1, 9.0) == pytest.approx(90.0)

    def test_factors(self) -> None:
        assert growing_factor(0.5, np.inf, 4.0, 4.0) == pytest.approx(0.75)
        assert growing_factor(0.5, 0.1, 4.0, 4.0) == pytest.approx(1 - 0.5 * 4 * 0.1 / 2)
        np.testing.assert_allclose(sharp_factor(BETAS, 1.0, 2.0), 1 - (1 - BETAS) ** 2 / 4)


class TestAnyBound:
    settings = tuple(Setting(0.0, 1 / 40, offset) for offset in (0.0, -0.1, -1.0))

    def test_it_is_attained_where_all_gradients_are_equal(self) -> None:
        for finding in found("any_bound", made("disagreement", *self.settings)):
            assert finding.holds
            assert finding.ratio > 0.999, finding

    @pytest.mark.parametrize("control", ["small_steps", "steep_cap"])
    def test_it_can_fail(self, control: str) -> None:
        case = made("disagreement", *self.settings, Setting(0.0, 0.3, -1.0))
        assert any(finding.holds is False for finding in found("any_bound", case, control))

    def test_it_needs_gradients_bounded_everywhere_and_a_cap(self) -> None:
        claim = CLAIMS["any_bound"]
        case = made("disagreement", Setting(0.0), Setting(0.0, 1.0))
        assert "cap" in claim.excluded(case, case.settings[0])
        assert not claim.excluded(case, case.settings[1])
        nowhere = replace(case, constants=replace(case.constants, gradient_everywhere=np.inf))
        assert "everywhere" in claim.excluded(nowhere, case.settings[1])


class TestDistances:
    @pytest.mark.parametrize(("name", "problem"), [("linear_rate", "parabola")])
    def test_a_factor_that_is_claimed_three_times_fails(self, name: str, problem: str) -> None:
        # on (L/2)x² a step leaves 1/4 of the squared distance, of which 1/2 is claimed
        case = made(problem, Setting(0.0, 1.0), iterations=10)
        assert all(finding.holds for finding in found(name, case))
        wrong = Distances(case, np.array([0.5**3]))
        simulate(case, METHODS["momo_capped"](case), [wrong])
        ((holds, *_),) = wrong.findings()
        assert holds is False

    def test_sharp_functions_attain_it_in_one_step(self) -> None:
        case = made("maximum_norm", Setting(0.0), iterations=5)
        (finding,) = found("sharp_linear", case)
        assert finding.holds
        assert finding.ratio == pytest.approx(1, abs=1e-9)  # the solver's x*
        assert any(f.holds is False for f in found("sharp_linear", case, "step_too_short"))


class TestWrongBound:
    @pytest.mark.parametrize("side", ["below", "above"])
    def test_it_speaks_of_its_own_side(self, side: str) -> None:
        case = made("maximum_norm", Setting(0.0, offset=-0.3), Setting(0.0, offset=0.3))
        findings = found(f"wrong_bound_{side}", case)
        assert [f.setting for f in findings] == [
            "β=0, ε=-0.3" if side == "below" else "β=0, ε=+0.3"
        ]
        assert findings[0].holds
        assert findings[0].ratio > 0.7

    def test_four_times_the_error_fails(self) -> None:
        case = made("maximum_norm", Setting(0.0, offset=0.3), iterations=100)
        (finding,) = found("wrong_bound_above", case, "bound_four_times_off")
        assert finding.holds is False


class TestAtMarks:
    def compared(self, values: Any, bound: float, **options: Any) -> Any:
        case = made("disagreement", Setting(0.0))
        marks = AtMarks(case, 2.0, **options)
        marks.compare(3, np.array([values], dtype=float), np.ones(1), np.array([bound]))
        return marks.results()[0]

    def test_a_mean_within_and_a_limit_beyond_is_not_confirmed(self) -> None:
        holds, *_, note = self.compared([0.4, 0.6], 0.55)
        assert holds is False
        assert note.startswith(UNCONFIRMED)

    def test_a_mean_beyond_is_a_violation(self) -> None:
        assert self.compared([0.9] * 500, 0.5)[::4] == (False, "")

    def test_nan_is_a_violation(self) -> None:
        assert self.compared([np.nan] * 50, 0.5)[0] is False

    def test_powers_are_compared_by_their_exponents(self) -> None:
        holds, measured, allowed, step, _ = self.compared([1e-3] * 2000, 0.2, geometric=True)
        assert holds
        assert step == 3
        assert measured == pytest.approx(-np.log(0.1))  # in units of 2
        assert allowed > measured


def test_caps_fall_like_one_over_the_root_of_k() -> None:
    case = made("parabola", Setting(0.0, 0.01))
    method, x, state = diminishing_momo(case), np.array([[[1.0]]]), None
    from momo.reference import State

    state, sizes = State(), []
    for _ in range(4):
        _, state, info = method.step(state, x, np.array([[100.0]]), np.array([[[1.0]]]))
        sizes.append(float(np.squeeze(info.step_size)))
    np.testing.assert_allclose(sizes, 0.01 / np.sqrt([1, 2, 3, 4]), rtol=1e-14)
