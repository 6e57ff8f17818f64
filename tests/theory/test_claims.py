# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The claims: right methods pass on every family, slightly wrong ones are caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from theory_cases import UNCAPPED, capped, small_case

from momo.reference import Method
from theory.case import Case, Setting
from theory.claims.base import Finding, Worst
from theory.controls import CONTROLS
from theory.engine import Stepper, simulate
from theory.methods import METHODS
from theory.problems import FAMILIES
from theory.problems.base import Array
from theory.problems.momentum_trap import momentum_trap
from theory.problems.resisting import resisting
from theory.theorems import CLAIMS
from theory.theorems.smooth.statement import STATEMENT as SMOOTH


def findings(case: Case, stepper: Stepper, method: str) -> list[Finding]:
    claims = [claim for claim in CLAIMS.values() if claim.method == method]
    checks = [(claim, claim.check(case)) for claim in claims]
    simulate(case, stepper, [check for _, check in checks if check is not None])
    return [finding for claim, check in checks for finding in claim.findings(case, check)]


def failing(case: Case, stepper: Stepper, method: str = "momo") -> set[str]:
    return {f.claim for f in findings(case, stepper, method) if f.holds is False}


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("method", METHODS)
def test_right_methods_pass_everywhere(name: str, method: str) -> None:
    case = small_case(name, seeds=60, iterations=60, seed=3)
    case = replace(case, settings=UNCAPPED + capped(case))
    failed = [f for f in findings(case, METHODS[method](case), method) if f.holds is False]
    # 60 seeds are too few for the rates on the problems whose G and gradient_max differ most
    assert [f for f in failed if not f.claim.startswith("rate")] == []


@dataclass(frozen=True)
class Off:
    """The right method, its step longer by a part."""

    base: Method
    part: float

    def step(self, state: Any, x: Array, loss: Array, grad: Array) -> tuple[Array, Any, Any]:
        x_next, state, info = self.base.step(state, x, loss, grad)
        return x + (1 + self.part) * (x_next - x), state, info


@pytest.mark.parametrize("part", [1e-8, -1e-8])
def test_tolerances_are_rounding_and_no_more(part: float) -> None:
    case = small_case(iterations=30)
    case = replace(case, settings=UNCAPPED + capped(case))
    assert failing(case, Off(METHODS["momo"](case), part)) >= {"landing", "sps", "sgd_m"}
    # the Fejér inequality has a quadratic maximum at the right step: it takes the root
    deviation = np.sign(part) * 1e-3
    assert "fejer" in failing(case, Off(METHODS["momo"](case), deviation))
    assert "online_bound" in failing(case, Off(METHODS["momo_star"](case), part), "momo_star")
    tight = replace(case, settings=(Setting(0.9, 1e-3 * case.optimum.distance),))
    assert "adam" in failing(tight, Off(METHODS["momo_adam"](tight), part), "momo_adam")


def test_attained_is_sharp() -> None:
    case = small_case(resisting(iterations=20), (Setting(0.0),), iterations=20)
    assert failing(case, METHODS["momo"](case)) == set()
    # the squared distance has its minimum at the right step, so that a part of 1e-2 becomes 1e-4
    # of a step; the solver knows the solution to the root of its tolerance, some 1e-6
    assert "attained" in failing(case, Off(METHODS["momo"](case), 1e-2))
    wrong = replace(case, optimum=replace(case.optimum, value=case.optimum.value * (1 + 1e-9)))
    assert "attained" in failing(wrong, METHODS["momo"](case))


TRAP = momentum_trap(beta=0.5, iterations=20)


def test_the_trap_and_the_descent_are_sharp() -> None:
    case = small_case(TRAP, (Setting(0.5),), iterations=20)
    assert failing(case, METHODS["momo"](case)) == set()
    for part in (1e-8, -1e-8):
        assert "trapped" in failing(case, Off(METHODS["momo"](case), part))
    # where a piece is sampled twice in a row f is linear between the points: equality
    case = small_case("chebyshev_regression", (Setting(0.9),), iterations=300)
    assert failing(case, METHODS["momo"](case)) == set()
    assert "norm_recursion" in failing(case, Off(METHODS["momo"](case), -1e-8))


def test_the_trap_is_for_its_own_beta() -> None:
    case = small_case(TRAP, (Setting(0.4),), iterations=20)
    assert not CLAIMS["trapped"].applies(case)


@pytest.mark.parametrize("name", ["norm_recursion", "sharp_rate", "frozen_sharp_rate"])
def test_sharp_rates_need_one_function(name: str) -> None:
    assert not CLAIMS[name].applies(small_case())
    assert CLAIMS[name].applies(small_case("chebyshev_regression"))


def test_sharp_rates_notice_a_distance_or_a_gradient_too_small() -> None:
    case = small_case("resisting", (Setting(0.0),), iterations=50)
    assert "sharp_rate" not in failing(case, METHODS["momo"](case))
    short = replace(case.optimum, distance=(1 - 1e-6) * case.optimum.distance)
    assert "sharp_rate" in failing(replace(case, optimum=short), METHODS["momo"](case))
    flat = replace(case.constants, gradient=(1 - 1e-6) * case.constants.gradient)
    assert "sharp_rate" in failing(replace(case, constants=flat), METHODS["momo"](case))


@pytest.mark.parametrize("kind", ["frozen", "growing"])
def test_the_metric_fejer_step_has_its_maximum_at_the_right_step(kind: str) -> None:
    method = f"momo_adam_{kind}"
    case = small_case("chebyshev_regression", iterations=60)
    assert failing(case, METHODS[method](case), method) == set()
    for part in (1e-3, -1e-3):
        assert f"{kind}_fejer" in failing(case, Off(METHODS[method](case), part), method)


def test_the_metrics_rates_notice_what_they_bound() -> None:
    """With f_* far too high the method stops; nearer to f* than that it must come."""
    case = small_case("chebyshev_regression", iterations=2000)
    for kind in ("frozen", "growing"):
        broken = CONTROLS[f"{kind}_bound_too_high"].build(case)
        found = failing(case, broken, f"momo_adam_{kind}")
        assert {f"{kind}_rate", f"{kind}_sharp_rate"} <= found


@pytest.mark.parametrize("method", ["momo", "momo_adam", "momo_adam_frozen", "momo_adam_growing"])
@pytest.mark.parametrize("problem", ["absolute_regression", "chebyshev_regression"])
def test_a_check_sees_its_settings_alone_and_finds_the_same(problem: str, method: str) -> None:
    plain = small_case(problem)
    low, middle, high = capped(plain)
    case = replace(plain, settings=(Setting(0.0), low, high, Setting(0.5), middle, Setting(0.9)))
    claims = [claim for claim in CLAIMS.values() if claim.method == method]
    chosen = [claim.check(case) for claim in claims]
    whole = [claim.monitor(case) for claim in claims]
    simulate(case, METHODS[method](case), [*filter(None, chosen), *whole])
    for claim, some, every in zip(claims, chosen, whole, strict=True):
        assert (some is None) == (not claim.applies(case))
        assert repr(claim.findings(case, some)) == repr(claim.findings(case, every))


@pytest.mark.parametrize("iterations", [19, 21])
def test_attained_speaks_of_its_own_k_only(iterations: int) -> None:
    case = small_case(resisting(iterations=20), (Setting(0.0),), iterations=iterations)
    assert not CLAIMS["attained"].applies(case)


def test_a_wrong_constant_is_caught() -> None:
    case = small_case("least_squares", seeds=60, iterations=200)
    small = replace(case.constants, gradient=case.constants.gradient / 3)
    case = replace(case, constants=small)
    assert "gradient_bound" in failing(case, METHODS["momo"](case))
    smooth = small_case("huber_regression", iterations=200)
    tiny = replace(smooth.constants, smoothness=1e-6)
    smooth = replace(smooth, constants=tiny)
    assert {"smooth", "smooth_linear"} <= failing(smooth, METHODS["momo"](smooth))


@pytest.mark.parametrize("name", ["least_squares", "huber_regression", "squared_hinge"])
def test_the_linear_smooth_sum_is_far_below_the_other(name: str) -> None:
    case = small_case(name, iterations=300)
    allowed = {
        (f.claim, f.setting): f.allowed for f in findings(case, METHODS["momo"](case), "momo")
    }
    for setting in UNCAPPED:
        # of the weighted sum; over 1-β it bounds the sum itself, up to the last rounding
        linear = allowed["smooth_linear", setting.label] / (1 - setting.beta)
        assert linear <= allowed["smooth", setting.label] / 2 * (1 + 1e-9)


def test_the_linear_smooth_sum_notices_what_it_bounds() -> None:
    case = small_case("least_squares", (Setting(0.0),), seeds=60, iterations=200)
    assert "smooth_linear" not in failing(case, METHODS["momo"](case))
    short = replace(case.optimum, distance=0.3 * case.optimum.distance)
    assert "smooth_linear" in failing(replace(case, optimum=short), METHODS["momo"](case))


def test_a_distance_too_small_is_caught() -> None:
    case = small_case(seeds=60, iterations=1000)
    short = replace(case.optimum, distance=0.5 * case.optimum.distance)
    case = replace(case, optimum=short)
    assert {"summed", "rate", "rate_first_term"} <= failing(case, METHODS["momo"](case))


@pytest.mark.parametrize(
    ("name", "kept"), [("rate", 0), ("rate_first_term", 1), ("rate_two_ends", 2)]
)
def test_the_rates_are_those_of_the_theorem(name: str, kept: int) -> None:
    case = small_case(seeds=60, iterations=100)
    for finding in findings(case, METHODS["momo"](case), "momo"):
        if finding.claim == name:
            beta, k = float(finding.setting.removeprefix("β=")), finding.step
            effective = (1 - beta) ** 2 * (k - min(k, kept)) + min(k, kept)
            # in units of GD; the rounding that is allowed on top is far below 1e-9 of it
            assert finding.allowed == pytest.approx(effective**-0.5, rel=1e-9)


def test_claims_say_why_they_do_not_apply() -> None:
    case = small_case()
    case = replace(case, settings=UNCAPPED + capped(case))
    for claim in CLAIMS.values():
        for finding in claim.findings(case, claim.check(case)):
            assert finding.holds is not None or finding.note


class TestWorst:
    """The book-keeping of a path-wise claim."""

    @staticmethod
    def observed(measured: list[float], allowed: list[float], live: bool = True) -> Worst:
        case = small_case(settings=(Setting(0.0),), seeds=1, iterations=1)
        worst = Worst(case)
        steps: list[Any] = []
        simulate(case, METHODS["momo"](case), [type("M", (), {"observe": steps.append})()])
        for k, pair in enumerate(zip(measured, allowed, strict=True), start=1):
            step = replace(steps[0], k=k, live=np.array([[live]]))
            worst.observe(step, np.array([[pair[0]]]), np.array([[pair[1]]]))
        return worst

    @pytest.mark.parametrize(
        ("measured", "holds", "step"),
        [
            ([0.5, 0.9, 0.1], True, 2),
            ([0.5, 1.1, 0.1], False, 2),
            ([0.5, np.nan, 0.1], False, None),
            ([-3.0, -2.0, -1.0], True, 3),
            ([1.0], True, 1),
        ],
    )
    def test_keeps_the_worst(self, measured: list[float], holds: bool, step: int | None) -> None:
        ((found, *_, at, _),) = self.observed(measured, [1.0] * len(measured)).results()
        assert found is holds
        assert step is None or at == step

    def test_zero_against_zero_holds(self) -> None:
        assert self.observed([0.0], [0.0]).results()[0][0] is True

    def test_anything_against_zero_fails(self) -> None:
        assert self.observed([1e-30], [0.0]).results()[0][0] is False

    def test_held_steps_prove_nothing(self) -> None:
        assert self.observed([5.0], [1.0], live=False).results()[0][0] is None


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_the_smooth_bound_solves_its_inequality(beta: float) -> None:
    # S² <= C (S + β δ_1/(1-β)) implies S <= bound: at the bound the inequality is reversed
    level, radius_sq, first = 3.0, 2.0, np.array(5.0)
    bound = SMOOTH.bound(L=level, D=np.sqrt(radius_sq), beta=beta, first=first)
    constant = 2 * level * radius_sq / (1 - beta) ** 2
    assert bound**2 >= constant * (bound + beta * first / (1 - beta))
    # and it is not far above the root
    assert (bound / 2) ** 2 < constant * (bound / 2 + beta * first / (1 - beta))


def test_the_curves_are_those_of_the_runs() -> None:
    case = small_case(resisting(iterations=25), (Setting(0.0),), iterations=25)
    curves = simulate(case, METHODS["momo"](case), [])
    # proven in theory.problems.resisting, with G = D = 1; the solver knows D to about 1e-11
    np.testing.assert_allclose(curves.suboptimality, 0.2, rtol=1e-9)
    np.testing.assert_allclose(curves.step_size, 0.2, rtol=1e-9)
    expected = np.sqrt(1 - (curves.steps - 1) / 25)
    np.testing.assert_allclose(curves.distance[0], expected, rtol=1e-5)


@pytest.mark.parametrize("build", METHODS.values())
def test_runs_are_reproducible(build: Callable[[Case], Stepper]) -> None:
    case = small_case(iterations=50)
    first, second = (simulate(case, build(case), []) for _ in range(2))
    np.testing.assert_array_equal(first.suboptimality, second.suboptimality)
    other = simulate(replace(case, seed=1), build(case), [])
    assert not np.array_equal(first.suboptimality, other.suboptimality)
