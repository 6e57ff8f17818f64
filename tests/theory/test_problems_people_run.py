# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Problems without interpolation, sharp ones and growing ones, and the settings people run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog, minimize
from theory_cases import small_case

from theory import optimum
from theory.assumptions import interpolated
from theory.audit import Step
from theory.case import Case, Setting
from theory.claims.base import interpolated_uncapped
from theory.engine import simulate
from theory.methods import METHODS, bounded_momo
from theory.optimum import NoOptimumError, compute
from theory.problems import FAMILIES, INTERPOLATING, WITHOUT_INTERPOLATION
from theory.problems.absolute_regression import absolute_regression
from theory.problems.base import Array, Problem, smallest_singular_value
from theory.problems.disagreement import disagreement
from theory.problems.huber_line import huber_line
from theory.problems.least_squares import least_squares
from theory.problems.linear_model import LinearModel
from theory.problems.logistic_flipped import logistic_flipped
from theory.problems.maximum_norm import maximum_norm
from theory.problems.noisy_least_squares import noisy_least_squares
from theory.problems.parabola import parabola
from theory.settings import CAPS, DEFAULT_LR, iterations, settings
from theory.soundness import faults
from theory.theorems import CLAIMS

SHARP = ["absolute_regression", "chebyshev_regression", "matrix_sensing", "maximum_norm"]
GROWING = ["least_squares", "noisy_least_squares", "parabola", "exponential_regression"]
UNBOUNDED = [
    "exponential_regression",
    "least_squares",
    "mushrooms",
    "noisy_least_squares",
    "parabola",
    "squared_hinge",
]
BOUNDED = [name for name in FAMILIES if name not in UNBOUNDED]
each_noisy = pytest.mark.parametrize("name", WITHOUT_INTERPOLATION)


def mean(problem: Problem, x: Array) -> Array:
    return np.asarray(problem.losses(x).mean(axis=-1))


def least(name: str) -> float:
    """Return f* by another way than that of the certificate."""
    problem = WITHOUT_INTERPOLATION[name]()
    assert isinstance(problem, LinearModel)
    rows, targets, count = problem.features, problem.targets, problem.samples
    if name == "noisy_least_squares":
        return float(mean(problem, np.linalg.lstsq(rows, targets)[0]))
    if problem.loss.name == "absolute":
        # min Σ t with -t <= Ax - b <= t
        eye = np.eye(count)
        found = linprog(
            np.concatenate([np.zeros(rows.shape[1]), np.ones(count)]),
            A_ub=np.block([[rows, -eye], [-rows, -eye]]),
            b_ub=np.concatenate([targets, -targets]),
            bounds=[(None, None)] * rows.shape[1] + [(0, None)] * count,
        )
        return float(mean(problem, found.x[: rows.shape[1]]))

    def value_and_grad(x: Array) -> tuple[float, Array]:
        losses, grads = problem.loss_and_grad(x, np.arange(count))
        return float(losses.mean()), grads.mean(axis=0)

    # Near a minimum where f curves, a gradient of 1e-8 leaves 1e-16 of f.
    options = {"gtol": 1e-9}
    return float(minimize(value_and_grad, problem.start, jac=True, options=options).fun)


@each_noisy
def test_the_minimum_without_interpolation(name: str) -> None:
    case = small_case(name)
    found = case.optimum
    assert found.certified
    assert not found.interpolates
    # 1e-9: the certificate's tolerance is a few 1e-9 to 1e-8
    assert found.value == pytest.approx(least(name), abs=1e-9)
    assert found.value == mean(case.problem, found.solution)
    assert found.residual <= found.tolerance
    assert found.dual <= found.value <= found.dual + found.tolerance
    assert found.value > case.infimum + 0.05
    assert case.infimum == case.problem.infima.min()
    assert 0.1 < found.distance_lower <= found.distance * (1 + 1e-12)


def test_the_minimum_where_two_of_three_agree() -> None:
    problem = disagreement(spread=2.0, distance=3.0, gradient=0.5, level=1.0)
    found = compute(problem)
    assert found.solution == pytest.approx([2.0], abs=1e-9)
    assert found.distance == pytest.approx(3.0, abs=1e-9)
    assert found.value == pytest.approx(1.0 + 2 / 3, abs=1e-9)


def test_declarations_of_interpolation_are_checked() -> None:
    (objection,) = compute(replace(absolute_regression(), interpolation=False)).objections
    assert "says that it does not interpolate" in objection
    claims = replace(noisy_least_squares(), interpolation=True)
    with pytest.raises(NoOptimumError, match="projecting the start"):
        compute(claims)


@each_noisy
def test_a_minimum_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    honest = optimum._solve

    def solve(problem: object, what: str) -> None:
        honest(problem, what)
        for variable in problem.variables():  # type: ignore[attr-defined]
            variable.value = variable.value + 1e-2

    monkeypatch.setattr(optimum, "_solve", solve)
    assert any("duality gap" in text for text in compute(FAMILIES[name]()).objections)


def test_a_start_that_is_the_minimiser_is_an_error() -> None:
    problem = noisy_least_squares()
    with pytest.raises(NoOptimumError, match="the start is a solution"):
        compute(replace(problem, start=compute(problem).solution))


@pytest.mark.parametrize("flipped", [0.01, 0.6])
def test_the_part_of_flipped_labels_is_checked(flipped: float) -> None:
    with pytest.raises(ValueError, match=f"flipped = {flipped}; allowed: from 0.02 to 0.5"):
        logistic_flipped(samples=50, flipped=flipped)


def test_flipped_labels_are_as_many_as_told() -> None:
    few, many = (logistic_flipped(flipped=part).features for part in (0.05, 0.35))
    assert np.sum(np.any(few != many, axis=1)) >= 0.3 * 60
    assert np.all((few == many) | (few == -many))


# Constants.


@pytest.mark.parametrize("name", BOUNDED)
def test_gradients_are_bounded_everywhere(name: str) -> None:
    case = small_case(name)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((40, len(case.problem.start))) * np.geomspace(1e-2, 1e6, 40)[:, None]
    found = np.sqrt(case.problem.grad_norms_sq(x).mean(axis=-1)).max()
    everywhere = case.constants.gradient_everywhere
    assert case.constants.gradient <= everywhere
    # Hinges are flat on one side: far away about half of the samples have a gradient.
    assert 0.5 * everywhere <= found <= everywhere * (1 + 1e-12)


@pytest.mark.parametrize("name", UNBOUNDED)
def test_what_has_no_bound_everywhere_says_so(name: str) -> None:
    assert np.isinf(small_case(name).constants.gradient_everywhere)


def reachable(case: Case, count: int) -> Array:
    """Return points ``x - x*`` of length D and below in the span of the gradients."""
    problem, rng = case.problem, np.random.default_rng(1)
    index = np.arange(problem.samples)
    points = case.optimum.solution + rng.standard_normal((60, len(problem.start)))
    grads = problem.loss_and_grad(points[:, None, :], index)[1].reshape(-1, len(problem.start))
    _, values, basis = np.linalg.svd(grads, full_matrices=False)
    basis = basis[values > 1e-9 * values[0]]
    away = np.vstack([basis, -basis, rng.standard_normal((count, len(basis))) @ basis])
    lengths = case.optimum.distance * rng.uniform(1e-3, 1, len(away))
    return np.asarray(away * (lengths / np.linalg.norm(away, axis=1))[:, None])


@pytest.mark.parametrize("name", SHARP)
def test_sharpness(name: str) -> None:
    case = small_case(name)
    sharpness, away = case.constants.sharpness, reachable(case, 200)
    assert sharpness is not None
    excess = mean(case.problem, case.optimum.solution + away) - case.optimum.value
    ratio = excess / np.linalg.norm(away, axis=1)
    assert ratio.min() >= sharpness
    # Norms of N entries differ by up to √N, and random directions are not the worst.
    assert sharpness >= ratio.min() / np.sqrt(200)


def test_sharpness_is_attained_by_the_maximum_norm() -> None:
    case = small_case(maximum_norm(dim=9, gradient=2.0, distance=3.0, level=-1.0))
    assert case.optimum.distance == pytest.approx(3.0, rel=1e-9)
    assert case.initial_gap == pytest.approx(case.constants.sharpness * 3.0, rel=1e-9)
    assert case.constants.sharpness == pytest.approx(2.0 / 3.0, rel=1e-12)


@pytest.mark.parametrize("name", GROWING)
def test_growth(name: str) -> None:
    case = small_case(name)
    problem, growth = case.problem, case.constants.growth
    assert growth is not None
    assert isinstance(problem, LinearModel)
    away = np.concatenate([reachable(case, 50), 100 * reachable(case, 50)])
    weakest = np.linalg.svd(problem.features)[2][min(problem.features.shape) - 1]
    away = np.vstack([away, weakest])
    excess = mean(problem, case.optimum.solution + away) - case.optimum.value
    ratio = 2 * excess / np.sum(away**2, axis=1)
    if problem.loss.curvature is None:  # grows faster than a square
        assert growth <= ratio.min() <= 1.5 * growth
        return
    # Its own rounding, and x* is known to the solver's tolerance, some 1e-9 of f at 1e-2 or more.
    assert ratio.min() == pytest.approx(growth, rel=1e-6)


def test_no_sharpness_and_no_growth_is_claimed_of_others() -> None:
    for name in FAMILIES:
        constants = small_case(name).constants
        assert (constants.sharpness is not None) == (name in SHARP), name
        assert (constants.growth is not None) == (name in GROWING), name


WRONG_CONSTANTS = [
    ("maximum_norm", "sharpness", 1.01),
    ("absolute_regression", "sharpness", 30.0),
    ("parabola", "growth", 1.01),
    ("noisy_least_squares", "growth", 2.0),
    ("least_squares", "growth", 5.0),
    ("noisy_huber", "gradient_everywhere", 0.99),
    ("hinge", "gradient_everywhere", 0.7),
]


@pytest.mark.parametrize(("name", "constant", "factor"), WRONG_CONSTANTS)
def test_wrong_constants_are_blamed_on_the_problem(name: str, constant: str, factor: float) -> None:
    case = small_case(name)
    said = factor * getattr(case.constants, constant)
    blames = faults(case.problem, case.optimum, replace(case.constants, **{constant: said}))
    # growth near x*, and far away
    assert blames
    assert all(f"{constant} says at " in blame for blame in blames)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("seed", range(3))
def test_right_constants_are_not(name: str, seed: int) -> None:
    case = small_case(name)
    assert faults(case.problem, case.optimum, case.constants, seed) == ()


def test_singular_values_of_what_has_not_full_rank() -> None:
    rows = np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 0.0], [3.0, 6.0, 1e-17]])
    assert smallest_singular_value(rows) == 0
    assert smallest_singular_value(np.diag([3.0, 2.0])) == pytest.approx(2.0, rel=1e-14)
    twice = LinearModel("twice", rows, rows @ np.ones(3), absolute_regression().loss, np.zeros(3))
    assert twice.constants(np.ones(3), 1.0).sharpness is None


# Settings and methods.


def test_labels_show_what_is_told() -> None:
    assert Setting(0.9).label == "β=0.9"
    assert Setting(0.5, 0.1, -0.25).label == "β=0.5, α=0.1, ε=-0.25"
    assert Setting(0.0, offset=0.3).label == "β=0, ε=+0.3"


def test_lower_bounds_are_the_infimum_and_an_offset() -> None:
    chosen = (Setting(0.0), Setting(0.0, offset=-0.5), Setting(0.0, offset=0.2))
    case = small_case(parabola(), chosen)
    gap = case.initial_gap
    assert gap == 2.0  # L D²/2
    expected = case.optimum.value + np.array([[0.0], [-1.0], [0.4]])
    np.testing.assert_array_equal(case.lower_bound, expected)
    noisy = small_case("noisy_huber", chosen)
    assert noisy.lower_bound[0, 0] == -1.0


@pytest.mark.parametrize("method", ["momo_capped", "momo_any_bound", "momo_wrong_bound"])
def test_settings(method: str) -> None:
    case = small_case("chebyshev_regression")
    found = settings(method, (0.0, 0.5, 0.9), case.optimum, case.constants, 100)
    assert len(set(found)) == len(found)
    scale = case.optimum.distance / (case.constants.gradient * 10)
    if method == "momo_wrong_bound":
        assert all(np.isinf(setting.lr) and setting.offset for setting in found)
        assert {setting.beta for setting in found} == {0.0, 0.5, 0.9}
        return
    assert {setting.beta for setting in found} == {0.0, 0.9}
    assert DEFAULT_LR == 1.0
    capped = method == "momo_capped"
    lrs = (DEFAULT_LR, *(part * scale for part in (CAPS if capped else (1.0, 0.1))))
    assert [setting.lr for setting in found[: len(lrs)]] == pytest.approx(lrs)
    assert {setting.offset for setting in found} == {0.0 if capped else -1.0}


@each_noisy
def test_without_interpolation_bounds_are_valid(name: str) -> None:
    case = small_case(name)
    found = settings("momo_any_bound", (0.0, 0.9), case.optimum, case.constants, 100)
    assert {setting.offset for setting in found} == {0.0, -0.1, -1.0}
    assert (replace(case, settings=found).lower_bound <= case.problem.infima.min()).all()


def test_methods_of_their_own_length() -> None:
    assert iterations("momo", True, 1000) == 1000
    assert iterations("momo", False, 1000) == 50
    assert iterations("momo_any_bound", False, 1000) == 100
    assert iterations("momo_capped", True, 1000) == 100
    assert iterations("momo_star", False, 20) == 20


@each_noisy
def test_claims_that_need_interpolation_say_so(name: str) -> None:
    case, plain = small_case(name), Setting(0.5)
    assert interpolated(case, plain) == interpolated_uncapped(case, plain) == "needs interpolation"
    right = small_case("hinge")
    assert interpolated(right, plain) == interpolated_uncapped(right, plain) == ""
    assert interpolated_uncapped(right, Setting(0.5, 1.0)) == "needs α = inf"


def test_the_registry_is_what_the_families_say() -> None:
    assert all(family().interpolation for family in INTERPOLATING.values())
    assert not any(family().interpolation for family in WITHOUT_INTERPOLATION.values())


# Runs.


class Kept:
    """Keeps the steps."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def observe(self, step: Step) -> None:
        self.steps.append(step)


def run(case: Case, method: str) -> list[Step]:
    kept = Kept()
    simulate(case, METHODS[method](case), [kept])
    return kept.steps


WRONG = tuple(Setting(beta, offset=e) for beta in (0.0, 0.9) for e in (-1.0, -0.1, 0.1, 0.5))


def test_methods_are_told_the_lower_bound_of_the_case() -> None:
    case = small_case("least_squares", (*WRONG, Setting(0.0, 1e-3, -0.1)), seeds=3, iterations=1)
    (step,) = run(case, "momo_wrong_bound")
    above = np.maximum(step.loss - case.lower_bound, 0)
    tau = np.minimum(above / step.norm_sq, case.lr)
    np.testing.assert_allclose(step.move, tau * np.sqrt(step.norm_sq), rtol=1e-12)
    assert (step.move[-1] < step.move[1]).all()
    assert METHODS["momo_any_bound"] is METHODS["momo_capped"] is bounded_momo


@pytest.mark.parametrize("name", ["maximum_norm", "least_squares", "hinge"])
def test_the_decrease_is_that_of_the_bound_that_was_told(name: str) -> None:
    """``||x^{k+1}-x*||² <= ||x^k-x*||² - τ(2(h_k-f*) - τ||d_k||²)`` whatever f_* was."""
    case = small_case(name, (*WRONG, Setting(0.5, 0.05, -0.1)), seeds=5, iterations=40)
    steps = run(case, "momo_wrong_bound")
    for step in steps:
        assert (step.distance_change + step.decrease <= step.fejer_error).all()
    if name == "maximum_norm":
        # Affine between the start and x*: an equality.
        assert (np.abs(steps[0].distance_change + steps[0].decrease) <= steps[0].fejer_error).all()


def test_the_bound_for_any_lower_bound_is_reached() -> None:
    """All gradients are G right of the median: K capped steps of α = D/(GK) lead there.

    ``f(x^k) - f* = G(D - (k-1)αG)``, so that their mean is ``G(D + αG)/2``, and this is
    ``D²/(2αK) + αG²/2``.
    """
    count, distance = 50, 3.0
    problem = disagreement(spread=2.0, distance=distance, gradient=2.0)
    lr = distance / (2.0 * count)
    chosen = tuple(Setting(beta, lr, e) for beta in (0.0, 0.9) for e in (0.0, -1.0))
    case = small_case(problem, chosen, seeds=4, iterations=count)
    excess = np.array([mean(problem, step.x) for step in run(case, "momo_any_bound")])
    excess -= case.optimum.value
    bound = case.optimum.distance**2 / (2 * lr * count) + lr * 2.0**2 / 2
    # x* is known to the solver's tolerance
    np.testing.assert_allclose(excess.mean(axis=0), bound, rtol=1e-8)


def test_polyak_on_the_maximum_norm_and_on_the_parabola() -> None:
    case = small_case(maximum_norm(dim=5), (Setting(0.0),), iterations=4)
    for step in run(case, "momo"):
        left = (step.distance_sq + step.distance_change)[0, 0]
        assert left == pytest.approx(1 - step.k / 5, abs=1e-8)
    case = small_case(parabola(smoothness=4.0), (Setting(0.0),), iterations=6)
    total = sum(float(step.excess[0, 0]) for step in run(case, "momo"))
    assert total == pytest.approx(4.0 * 2 / 3 * (1 - 4.0**-6), rel=1e-9)


def test_growth_of_least_squares_is_the_smallest_eigenvalue() -> None:
    problem = least_squares()
    values = np.linalg.eigvalsh(problem.features @ problem.features.T) / problem.samples
    growth = problem.constants(np.zeros(60), 1.0).growth
    assert growth == pytest.approx(values[0], rel=1e-9)
    assert growth <= values[0] * (1 + 1e-12)


def smooth_part(problem: Problem, setting: Setting, count: int) -> float:
    """Return the largest part of `any_bound_smooth` that is reached for some K up to ``count``."""
    case = small_case(problem, (setting,), iterations=count)
    check = CLAIMS["any_bound_smooth"].check(case)
    assert check is not None
    simulate(case, bounded_momo(case), [check])
    ((holds, found, allowed, _, _),) = check.findings()
    assert holds
    return found / allowed


@pytest.mark.parametrize("lr", [0.05, 0.2])
def test_half_of_the_smooth_bound_is_reached_on_the_parabola(lr: float) -> None:
    """Gradient steps multiply ``x - x*`` by ``1 - αL``: ``Σ δ_k = D²/(2α(2-αL)) =: S``.

    The bound on it is ``D²/(2α) + αLS``, twice as much.
    """
    part = smooth_part(parabola(smoothness=1.0), Setting(0.0, lr, -1.0), 400)
    assert part == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize(("beta", "least"), [(0.0, 0.93), (0.9, 0.70)])
def test_the_smooth_bound_is_nearly_reached_by_many_small_steps(beta: float, least: float) -> None:
    setting = Setting(beta, 1 / (0.05 * 1000), -1.0)
    assert smooth_part(huber_line(delta=0.05), setting, 1000) > least


def test_the_smooth_bound_holds_without_interpolation_and_notices_a_start_that_is_too_near() -> (
    None
):
    chosen = tuple(Setting(beta, lr, -0.1) for beta in (0.0, 0.9) for lr in (0.02, 0.1))
    case = small_case("noisy_least_squares", chosen, seeds=20, iterations=60)
    for distance, holds in ((1.0, True), (0.1, False)):
        near = replace(case.optimum, distance=distance * case.optimum.distance)
        wrong = replace(case, optimum=near)
        check = CLAIMS["any_bound_smooth"].check(wrong)
        assert check is not None
        simulate(wrong, bounded_momo(case), [check])
        assert all(result[0] for result in check.findings()) == holds


def test_steps_that_the_cap_decides_are_not_held() -> None:
    """A step of 0.9/L leaves a tenth of the distance, until gradients are 1e-17, or so."""
    case = small_case("huber_line", (Setting(0.0, 0.9, -1.0),), iterations=40)
    steps = run(case, "momo_any_bound")
    assert all(step.live.all() for step in steps)
    assert steps[-1].norm_sq.max() < 1e-20
    assert all((step.distance_change + step.decrease <= step.fejer_error).all() for step in steps)
