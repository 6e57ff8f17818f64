# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Worst cases for given steps: known rates, certificates that can fail, and restatements."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PEPit import PEP, Point
from PEPit.functions import (
    ConvexLipschitzFunction,
    ConvexQGFunction,
    SmoothConvexFunction,
    SmoothStronglyConvexFunction,
)

from theory.worst_case.certificate import TOLERANCE, certify, reach
from theory.worst_case.pep import WorstCase, certified, solve
from theory.worst_case.program import ConicSolver, Family, Program
from theory.worst_case.setting import Setting

CLOSE = 1e-7
"""Values of programs with strict complementarity; others are only determined to TOLERANCE."""

MOMENTUM = np.array([0.562, 0.55, 0.74])
"""Steps near the worst of β = 0.5, K = 4, where the value is 0.56."""


@pytest.fixture(scope="module")
def momentum() -> WorstCase:
    return certified(Setting(0.5, 4), MOMENTUM)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 10])
def test_without_momentum_the_worst_case_is_that_of_polyak_steps(count: int) -> None:
    worst = certified(Setting(0.0, count), np.full(count - 1, count**-0.5))
    assert worst.value == pytest.approx(count**-0.5, abs=CLOSE)
    assert worst.certificate.upper == pytest.approx(count**-0.5, abs=TOLERANCE)
    assert not worst.certificate.objections


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_gradient_descent(steps: int) -> None:
    """LD²/(4N+2) after N steps of length 1/L (Drori, Teboulle 2014)."""
    setting = Setting(0.0, steps + 1, kind="smooth", measure="last")
    worst = certified(setting, np.ones(steps), rule=False)
    assert worst.value == pytest.approx(1 / (4 * steps + 2), abs=CLOSE)
    assert not worst.certificate.objections


@pytest.mark.parametrize("steps", [1, 3, 6])
def test_subgradient_method(steps: int) -> None:
    """GD/√(N+1) for N steps of length D/(G√(N+1)) (Nesterov)."""
    worst = certified(Setting(0.0, steps + 1), np.full(steps, (steps + 1) ** -0.5), rule=False)
    assert worst.value == pytest.approx((steps + 1) ** -0.5, abs=CLOSE)
    assert not worst.certificate.objections


def test_heavy_ball_on_strongly_convex_functions() -> None:
    """Below Ghadimi et al. (2015), (1 - αμ)^n; 0.753493 is known from PEPit's example."""
    mu, alpha, count = 0.1, 0.5, 2
    beta = math.sqrt((1 - alpha * mu) * (1 - alpha))
    problem = PEP()
    function = problem.declare_function(SmoothStronglyConvexFunction, mu=mu, L=1)
    solution = function.stationary_point()
    old = new = problem.set_initial_point()
    problem.set_initial_condition(function(new) - function(solution) <= 1)
    for _ in range(count):
        old, new = new, new - alpha * function.gradient(new) + beta * (new - old)
    problem.set_performance_metric(function(new) - function(solution))
    value = solve(problem)
    assert value == pytest.approx(0.7534930, abs=1e-6)
    assert value < (1 - alpha * mu) ** count


@pytest.mark.parametrize("count", [2, 5])
def test_heavy_ball_on_functions_of_quadratic_growth(count: int) -> None:
    """LD²/(2(n+1)) is exact there, with α_t = 1/((t+2)L), β_t = t/(t+2)."""
    problem = PEP()
    function = problem.declare_function(ConvexQGFunction, L=1)
    solution = function.stationary_point()
    old = new = problem.set_initial_point()
    problem.set_initial_condition((new - solution) ** 2 <= 1)
    for t in range(count):
        alpha, beta = 1 / (t + 2), t / (t + 2)
        old, new = new, new - alpha * function.gradient(new) + beta * (new - old)
    problem.set_performance_metric(function(new) - function(solution))
    assert solve(problem) == pytest.approx(1 / (2 * (count + 1)), abs=1e-6)


def test_polyak_steps_on_strongly_convex_functions() -> None:
    """(γL-1)(Lγ(3-γ(L+μ))-1) after a step γ (Barré, Taylor, d'Aspremont 2020)."""
    mu, step = 0.1, 1.5
    problem = PEP()
    function = problem.declare_function(SmoothStronglyConvexFunction, mu=mu, L=1)
    solution = function.stationary_point()
    start = problem.set_initial_point()
    slope, value = function.oracle(start)
    above = value - function(solution)
    problem.set_initial_condition(above <= 1)
    problem.add_constraint(slope**2 == 2 * (2 - step) * above)
    problem.set_performance_metric(function(start - step * slope) - function(solution))
    known = (step - 1) * (step * (3 - step * (1 + mu)) - 1)
    assert solve(problem) == pytest.approx(known, abs=1e-6)


def test_without_the_rule_it_is_the_heavy_ball_method() -> None:
    """From zero with one step τ always, x^{k+1} = x^k - (1-β)τ g_k + β(x^k - x^{k-1})."""
    beta, step, count = 0.6, 1.2, 4
    setting = Setting(beta, count, "from_zero", "smooth", "last")
    worst = certified(setting, np.full(count - 1, step), rule=False)
    problem = PEP()
    function = problem.declare_function(SmoothConvexFunction, L=1)
    solution = function.stationary_point()
    old = new = problem.set_initial_point()
    problem.set_initial_condition((new - solution) ** 2 <= 1)
    for _ in range(count - 1):
        momentum = beta * (new - old)
        old, new = new, new - (1 - beta) * step * function.gradient(new) + momentum
    problem.set_performance_metric(function(new) - function(solution))
    assert solve(problem) == pytest.approx(worst.value, abs=1e-6)


def complicated(beta: float, steps: np.ndarray, large: float, far: float, level: float) -> float:
    """State the problem in other words.

    G and D are not 1, x* and f* are free and f* is not 0, the momentum is ``D_k``, not d_k, the
    model is f̄, d and γ, there are unused points, and conditions are repeated.
    """
    problem = PEP()
    function = problem.declare_function(ConvexLipschitzFunction, M=large)
    solution = function.stationary_point()
    optimum = function(solution)
    problem.add_constraint(optimum == level)
    x = problem.set_initial_point()
    problem.set_initial_condition((x - solution) ** 2 <= far**2)
    problem.add_constraint(2 * (x - solution) ** 2 <= 2 * far**2)
    function.oracle(problem.set_initial_point())
    scale = far / large
    values, grad, value, inner = [], Point(is_leaf=False, decomposition_dict={}), 0, 0
    for k in range(len(steps) + 1):
        slope, loss = function.oracle(x)
        values.append(loss)
        if k == 0:
            grad, value, inner = slope / (1 - beta), loss, slope * x
        else:
            grad = beta * grad + slope
            value = beta * value + (1 - beta) * loss
            inner = beta * inner + (1 - beta) * (slope * x)
        if k < len(steps):
            length = float(steps[k]) * scale
            model = value + (1 - beta) * (grad * x) - inner
            problem.add_constraint(length * (1 - beta) ** 2 * grad**2 == model - optimum)
            x = x - length * (1 - beta) * grad
    function.oracle((x + solution) / 2)
    for loss in (*values, values[0]):
        problem.set_performance_metric(3 * (loss - optimum))
    return solve(problem) / (3 * large * far)


@pytest.mark.parametrize("steps", [MOMENTUM, np.array([0.7, 0.5, 0.4])])
def test_a_needlessly_complicated_restatement_gives_the_same(steps: np.ndarray) -> None:
    """The redundant form has no strictly feasible dual, which costs digits."""
    value = certified(Setting(0.5, 4), steps).value
    assert complicated(0.5, steps, 2.0, 3.0, -1.5) == pytest.approx(value, abs=1e-5)
    assert complicated(0.4, steps, 2.0, 3.0, -1.5) != pytest.approx(value, abs=1e-2)


SETTINGS = [
    (Setting(0.9, 4), [0.7024, 0.0857, 0.1042]),
    (Setting(0.5, 4, "from_zero"), [1.0, 0.8, 0.7]),
    (Setting(0.5, 4, measure="last"), [0.7, 0.6, 0.9]),
    (Setting(0.5, 4, kind="smooth"), [1.2, 0.5, 1.1]),
    (Setting(0.5, 4, "from_zero", "smooth", "last"), [2.0, 1.0, 1.1]),
    (Setting(0.5, 5, functions=2), [0.6, 0.6, 0.7, 0.7]),
    (Setting(0.5, 4, kind="smooth", functions=3), [1.2, 0.6, 0.9]),
    (Setting(0.5, 4, lr=0.3), [0.3, 0.3, 0.2]),
    (Setting(0.5, 3, "from_zero", lr=0.3), [0.6, 0.3]),
]


@pytest.mark.parametrize(("setting", "steps"), SETTINGS, ids=lambda value: str(value)[:80])
def test_both_statements_of_the_problem_agree(setting: Setting, steps: list[float]) -> None:
    """PEPit's multipliers certify our program, and our solver finds the same value."""
    taken = np.array(steps)
    worst = certified(setting, taken)
    assert not worst.certificate.objections
    program = Family(setting, taken >= setting.caps).program(taken)
    assert ConicSolver()(program).value == pytest.approx(worst.value, abs=TOLERANCE)
    assert max(worst.instance.violations().values()) < TOLERANCE
    assert worst.instance.value >= worst.value - TOLERANCE
    assert worst.value > 1e-3


def test_the_slope_is_the_derivative_of_the_value() -> None:
    """Central differences of length 1e-4 of values known to 1e-9: 1e-5, and a curvature term."""
    family, solver = Family(Setting(0.5, 4)), ConicSolver()
    steps, h = np.array([0.7, 0.4, 0.5]), 1e-4

    def value(taken: np.ndarray) -> float:
        return solver(family.program(taken)).value

    slope = family.slope(solver(family.program(steps)))
    quotient = [(value(steps + h * e) - value(steps - h * e)) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(slope, quotient, atol=1e-4)
    assert np.abs(slope).max() > 1e-2


def parts(worst: WorstCase) -> tuple[object, np.ndarray, np.ndarray, np.ndarray]:
    """Return program, Γ, F and λ of a worst case."""
    program = Family(worst.setting).program(worst.steps)
    instance = worst.instance
    vectors = np.vstack([instance.points[:1], instance.gradients])
    multipliers = np.array([worst.multipliers.get(name, 0.0) for name in program.names])
    return program, vectors @ vectors.T, np.append(instance.values, worst.value), multipliers


def test_a_certificate_can_be_rebuilt_from_the_worst_case(momentum: WorstCase) -> None:
    again = certify(*parts(momentum))  # type: ignore[arg-type]
    assert not again.objections
    assert again.upper == pytest.approx(momentum.certificate.upper, abs=1e-9)


def moved(array: np.ndarray, index: object, by: float) -> np.ndarray:
    changed = array.copy()
    changed[index] += by
    return changed


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda p, g, f, m: (p, g, f, 1.001 * m), "stationarity"),
        (lambda p, g, f, m: (p, g, f, moved(m, p.names.index("start"), 1e-3)), "duality gap"),
        (lambda p, g, f, m: (p, g, f, moved(m, p.names.index("convex 1 4"), -1)), "multiplier"),
        (lambda p, g, f, m: (p, g, f, moved(m, p.names.index("lipschitz 1"), -0.1)), "dual slack"),
        (lambda p, g, f, m: (p, moved(g, (1, 1), 1e-3), f, m), "violation of"),
        (lambda p, g, f, m: (p, moved(g, (4, 4), -1.5), f, m), "Gram matrix"),
        (lambda p, g, f, m: (p, g, moved(f, 2, -1e-3), m), "violation of"),
        (lambda p, g, f, m: (p, g, moved(f, -1, 1e-3), m), "violation of measure"),
    ],
)
def test_a_certificate_fails_where_something_is_wrong(
    momentum: WorstCase, change: Callable[..., tuple[object, ...]], word: str
) -> None:
    found = certify(*change(*parts(momentum)))  # type: ignore[arg-type]
    assert any(word in objection for objection in found.objections)


def test_the_upper_bound_pays_for_wrong_multipliers(momentum: WorstCase) -> None:
    program, gram, values, multipliers = parts(momentum)
    rng = np.random.default_rng(0)
    for size in (1e-6, 1e-4, 1e-2, 1.0):
        wrong = multipliers + size * rng.standard_normal(len(multipliers))
        found = certify(program, gram, values, wrong)  # type: ignore[arg-type]
        assert found.upper >= momentum.value - 1e-9
        assert found.objections


@pytest.mark.parametrize("name", ["lipschitz 1", "lipschitz 2"])
def test_the_upper_bound_pays_for_a_slack_that_is_not_semidefinite(
    momentum: WorstCase, name: str
) -> None:
    program, gram, values, multipliers = parts(momentum)
    wrong = moved(multipliers, program.names.index(name), -0.1)  # type: ignore[attr-defined]
    found = certify(program, gram, values, wrong)  # type: ignore[arg-type]
    assert found.least_slack < -1e-3
    assert wrong @ program.limits < momentum.value - 0.05  # type: ignore[attr-defined]
    assert found.upper >= momentum.value


@pytest.mark.parametrize("value", [0.9, 1.1])
def test_equations_are_violated_on_both_sides(value: float) -> None:
    """max t with t <= f and f = 1."""
    program = Program(
        ("rule", "measure"),
        np.zeros((2, 1, 1)),
        np.array([[1.0, 0.0], [-1.0, 1.0]]),
        np.array([1.0, 0.0]),
        np.array([True, False]),
    )
    good = certify(program, np.ones((1, 1)), np.array([1.0, 1.0]), np.array([1.0, 1.0]))
    assert not good.objections
    bad = certify(program, np.ones((1, 1)), np.array([value, value]), np.array([1.0, 1.0]))
    assert bad.violation == pytest.approx(0.1)
    assert bad.violated == "rule"


def test_a_negative_multiplier_buys_nothing() -> None:
    """max t with t <= f, f <= 1 and f <= 5: weights 5/4 and -1/4 would give 0."""
    program = Program(
        ("measure", "near", "far"),
        np.zeros((3, 1, 1)),
        np.array([[-1.0, 1.0], [1.0, 0.0], [1.0, 0.0]]),
        np.array([0.0, 1.0, 5.0]),
        np.zeros(3, dtype=bool),
    )
    found = certify(program, np.ones((1, 1)), np.ones(2), np.array([1.0, 1.25, -0.25]))
    # What is left after clipping, 5/4, and the residual, 1/4.
    assert found.upper == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("radius", "slopes", "trace"), [(1.0, None, 3.0), (2.0, None, 9.0), (2.0, 1.0, 3.0)]
)
def test_the_slack_is_paid_for_by_the_largest_trace(
    radius: float, slopes: float | None, trace: float
) -> None:
    """max t with t <= tr Γ, where K = 2 and ``tr Γ <= 1 + K R²``, or with 1 for R."""
    program = Program(
        ("measure",),
        -np.eye(3)[None],
        np.array([[0.0, 0.0, 1.0]]),
        np.zeros(1),
        np.zeros(1, dtype=bool),
    )
    found = certify(program, np.eye(3), np.array([0.0, 0.0, 3.0]), np.ones(1), radius, slopes)
    assert found.upper == pytest.approx(trace)


def test_other_steps_have_another_value(momentum: WorstCase) -> None:
    assert certified(Setting(0.5, 4), MOMENTUM * 1.5).value < momentum.value - 0.05


def test_infeasible_for_other_steps(momentum: WorstCase) -> None:
    """The same points break the rule of another β and of other steps."""
    other = replace(momentum.instance, setting=Setting(0.6, 4))
    assert other.violations()["rule"] > 1e-3
    other = replace(momentum.instance, steps=momentum.steps * 1.01)
    assert other.violations()["rule"] > 1e-4
    assert other.violations()["steps"] > 1e-4
    # Too short is as wrong as too long, where there is no cap.
    short = replace(momentum.instance, steps=momentum.steps * 0.99)
    assert short.violations()["rule"] > 1e-4


def test_an_upper_end_below_the_lower_is_a_gap_too(momentum: WorstCase) -> None:
    crossed = replace(momentum.certificate, upper=momentum.value - 1e-3)
    assert any("duality gap" in objection for objection in crossed.objections)


def test_how_far_the_points_can_be() -> None:
    steps = np.array([1.0, 2.0])
    assert reach(Setting(0.5, 3), steps) == 1
    assert reach(Setting(0.5, 3), steps, rule=False) == 4
    assert reach(Setting(0.5, 3, kind="smooth"), steps, rule=False) == 6


def test_the_measures(momentum: WorstCase) -> None:
    values = np.array([0.9, 0.3, 0.5, 0.4])
    best = replace(momentum.instance, values=values, infimum=0.1)
    assert best.value == pytest.approx(0.2)
    last = replace(best, setting=Setting(0.5, 4, measure="last"))
    assert last.value == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"beta": 1.0}, "beta = 1.0; allowed: 0 <= beta < 1"),
        ({"beta": math.nan}, "beta = nan"),
        ({"iterations": 0}, "iterations = 0; allowed: integers >= 1"),
        ({"functions": 0}, "functions = 0"),
        ({"kind": "convex"}, "kind = 'convex'; allowed: lipschitz, smooth"),
        ({"measure": "worst"}, "measure = 'worst'; allowed: best, last, mean, weighted, balanced"),
        ({"averaging": "none"}, "averaging = 'none'; allowed: from_first, from_zero"),
        ({"lr": 0.0}, "lr = 0.0; allowed"),
    ],
)
def test_settings_are_checked(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(Setting(0.5, 4), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([0.1], "K-1 = 3 numbers"),
        ([0.1, -0.1, 0.1], "allowed: from 0 to the cap"),
        ([0.1, np.nan, 0.1], "finite"),
        ([0.1, 0.6, 0.1], "to the cap"),
    ],
)
def test_steps_are_checked(steps: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        certified(Setting(0.5, 4, lr=0.5), np.array(steps))


def test_weights_are_those_of_the_reference() -> None:
    first, zero = Setting(0.7, 4).weights, Setting(0.7, 4, "from_zero").weights
    np.testing.assert_allclose(first.sum(axis=1), 1)
    np.testing.assert_allclose(zero.sum(axis=1), 1 - 0.7 ** np.arange(1, 5))
    np.testing.assert_allclose(first[2], [0.49, 0.21, 0.3, 0])
