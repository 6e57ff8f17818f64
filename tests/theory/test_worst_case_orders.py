# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Worst cases over all orders of independent samples, without interpolation, with any f_*."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from momo.reference import State
from theory import beyond, bounds, hard
from theory.worst_case.ascent import Found, ascend, candidates, search
from theory.worst_case.certificate import TOLERANCE, reach
from theory.worst_case.function import functions
from theory.worst_case.pep import WorstCase, certified
from theory.worst_case.program import ConicSolver, Family
from theory.worst_case.proven import upper_bounds
from theory.worst_case.replay import reference, replay
from theory.worst_case.setting import Setting
from theory.worst_case.store import Store, group_name

DRAWN = Setting(0.5, 3, functions=2, sampling="independent")
NOISY = replace(DRAWN, measure="mean", lr=0.3, interpolation=False, lower_bound=-0.2)

STEPS = np.array([0.5, 0.6, 0.4, 0.7, 0.3, 0.5])
CASES = [
    (DRAWN, STEPS),
    (replace(DRAWN, averaging="from_zero", lr=0.5), np.array([1.0, 0.8, 0.6, 0.5, 0.6, 0.65])),
    (
        replace(DRAWN, kind="smooth", measure="weighted", lr=1.0),
        np.array([1.0, 1.0, 0.8, 0.8, 0.9, 0.9]),
    ),
    (NOISY, np.array([0.3, 0.3, 0.3, 0.2, 0.3, 0.1])),
    (replace(NOISY, measure="balanced"), np.array([0.3, 0.25, 0.3, 0.3, 0.1, 0.3])),
    (replace(NOISY, functions=3, iterations=2, lower_bound=-0.3), np.array([0.3, 0.2, 0.3])),
    (Setting(0.5, 4, lower_bound=-0.3), np.array([0.7, 0.6, 0.9])),
    (Setting(0.5, 4, lower_bound=0.1), np.array([0.5, 0.5, 0.6])),
    (Setting(0.5, 4, measure="mean", lr=0.4, lower_bound=-0.1), np.array([0.4, 0.3, 0.4])),
    (Setting(0.5, 4, kind="smooth", measure="weighted", functions=2), np.array([1.2, 0.7, 1.2])),
]
IDS = [setting.label for setting, _ in CASES]


@pytest.fixture(scope="module", params=CASES, ids=IDS)
def worst(request: pytest.FixtureRequest) -> WorstCase:
    return certified(*request.param)


def test_a_run_is_a_tree() -> None:
    assert (DRAWN.evaluations, DRAWN.points, DRAWN.branches) == (14, 7, 2)
    np.testing.assert_array_equal(DRAWN.levels, [0] * 2 + [1] * 4 + [2] * 8)
    np.testing.assert_array_equal(DRAWN.places[:6], [0, 0, 1, 1, 2, 2])
    assert DRAWN.owners[:6] == (0, 1, 0, 1, 0, 1)
    np.testing.assert_allclose(DRAWN.shares.sum(axis=1), 1)
    np.testing.assert_allclose(DRAWN.shares[2, 6:], 1 / 8)
    order = replace(DRAWN, sampling="in_turn")
    assert (order.evaluations, order.points, order.branches) == (3, 3, 1)
    np.testing.assert_array_equal(order.places, [0, 1, 2])
    np.testing.assert_array_equal(order.shares, np.eye(3))


@pytest.mark.parametrize("averaging", ["from_first", "from_zero"])
def test_averages_are_those_of_the_recursion(averaging: str) -> None:
    """``d = β d + (1-β) g`` along the evaluations before, three functions."""
    setting = Setting(0.7, 3, averaging, functions=3, sampling="independent")
    grads = np.random.default_rng(0).standard_normal((setting.evaluations, 2))
    average = setting.weights @ grads
    for e, grad in enumerate(grads):
        before = setting.places[e] - 1
        if before >= 0:
            expected = 0.7 * average[before] + 0.3 * grad
        else:
            expected = grad if averaging == "from_first" else 0.3 * grad
        np.testing.assert_allclose(average[e], expected)


def test_both_statements_agree_and_the_reference_repeats_it(worst: WorstCase) -> None:
    """PEPit's multipliers certify our program; our solver, the function and the run agree."""
    setting, steps = worst.setting, worst.steps
    assert not worst.certificate.objections
    program = Family(setting, steps >= setting.caps).program(steps)
    assert ConicSolver()(program).value == pytest.approx(worst.value, abs=TOLERANCE)
    assert max(worst.instance.violations().values()) < TOLERANCE
    assert worst.instance.value == pytest.approx(worst.value, abs=TOLERANCE)
    assert worst.value > 1e-3
    run = replay(worst.instance)
    assert run.good
    assert run.value == pytest.approx(worst.value, abs=1e-5)
    assert run.allowed < 0.02


def test_another_f_star_or_beta_does_not(worst: WorstCase) -> None:
    """Some steps of each case are below their caps, where f_* matters."""
    setting, instance = worst.setting, worst.instance
    off = reference(setting, instance.lower_bound + 0.05)
    assert not replay(instance, off).good
    assert not replay(instance, reference(replace(setting, beta=setting.beta + 0.2))).good


@pytest.mark.parametrize("case", [CASES[0], CASES[3]], ids=[IDS[0], IDS[3]])
def test_the_measure_is_the_mean_over_all_orders(case: tuple[Setting, np.ndarray]) -> None:
    """A plain loop over the orders of samples, each run by itself."""
    worst = certified(*case)
    setting, oracles = worst.setting, functions(worst.instance)
    runs = reference(setting, worst.instance.lower_bound)
    gaps = np.zeros(setting.iterations)
    orders = list(itertools.product(range(setting.functions), repeat=setting.iterations))
    for order in orders:
        x, state = worst.instance.points[0], State()
        for k, owner in enumerate(order):
            gaps[k] += np.mean([each.value(x) for each in oracles]) / len(orders)
            x, state, _ = runs.step(state, x, *oracles[owner].loss_and_grad(x))
    found = gaps.min() if setting.measure == "best" else gaps.mean()
    assert found == pytest.approx(worst.value, abs=1e-6)


def test_without_interpolation_the_mean_alone_is_least_at_the_solution() -> None:
    instance = certified(*CASES[3]).instance
    oracles, rng = functions(instance), np.random.default_rng(0)
    near = [rng.standard_normal(len(instance.solution)) for _ in range(200)]
    means = [np.mean([each.value(x) for each in oracles]) for x in near]
    assert min(means) >= -1e-6
    assert np.mean([each.value(instance.solution) for each in oracles]) == pytest.approx(
        0, abs=1e-6
    )
    lows = [min(each.value(x) for x in near) for each in oracles]
    assert min(lows) >= instance.lower_bound - 1e-9
    # no x minimises both
    assert instance.end_slopes is not None
    assert np.linalg.norm(instance.end_slopes[0]) > 0.1


@pytest.mark.parametrize("setting", [Setting(0.5, 4), Setting(0.9, 3, lr=0.3)])
def test_one_function_is_a_special_case(setting: Setting) -> None:
    """Both functions the same: at the steps of the one the tree leaves as much, or more."""
    drawn = replace(setting, iterations=3, functions=2, sampling="independent")
    steps = np.array([0.3, 0.25])
    alone = certified(replace(setting, iterations=3), steps).value
    assert certified(drawn, steps[drawn.levels[:6]]).value >= alone - TOLERANCE


def test_candidates_and_the_search_know_the_tree() -> None:
    setting = replace(DRAWN, iterations=2)
    for steps in candidates(setting):
        assert steps.shape == (2,)
        assert steps[0] == steps[1]
    found = search(setting, [], seed=0, starts=0, iterations=20)
    assert found.value == pytest.approx(2**-0.5, abs=TOLERANCE)


def test_a_solver_that_breaks_down_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Clarabel does where an eigenvalue routine fails; any other end is passed on."""

    class PanicException(BaseException):
        pass

    def breaking(error: BaseException) -> type:
        class Solver:
            def __init__(self, *_: object) -> None: ...

            def solve(self) -> None:
                raise error

        return Solver

    monkeypatch.setattr("clarabel.DefaultSolver", breaking(PanicException("Eigval error")))
    steps = np.array([0.7, 0.7])
    family = Family(Setting(0.5, 3))
    assert math.isnan(ConicSolver()(family.program(steps)).value)
    assert math.isnan(ascend(family, steps, ConicSolver()).value)
    with pytest.raises(RuntimeError, match="no finite value"):
        certified(Setting(0.5, 3), steps)
    monkeypatch.setattr("clarabel.DefaultSolver", breaking(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        ConicSolver()(family.program(steps))


@pytest.mark.parametrize(("lr", "count"), [(1.0, 2), (1.0, 1), (3**-0.5, 3)])
def test_any_bound_is_attained_without_momentum(lr: float, count: int) -> None:
    """α = D/(G√K) or near it, with capped steps: stochastic gradient descent's own worst case."""
    setting = replace(NOISY, beta=0.0, iterations=count, lr=lr, lower_bound=-2.0)
    worst = certified(setting, np.full(setting.points - 1, lr))
    assert worst.value == pytest.approx(float(beyond.any_bound(0.0, count, lr)), abs=TOLERANCE)


@pytest.mark.parametrize(
    ("change", "part"),
    [("end_slopes", "solution"), ("end_values", "solution"), ("values", "interpolation")],
)
def test_what_no_interpolation_adds_can_be_violated(change: str, part: str) -> None:
    instance = certified(*CASES[3]).instance
    assert max(instance.violations().values()) < TOLERANCE
    moved = getattr(instance, change).copy()
    moved[0] += 0.01
    assert replace(instance, **{change: moved}).violations()[part] > 1e-3


def test_functions_below_f_star_are_a_violation() -> None:
    instance = certified(*CASES[3]).instance
    higher = replace(instance.setting, lower_bound=float(instance.values.min()) + 0.05)
    assert replace(instance, setting=higher).violations()["interpolation"] > 0.04


def test_how_far_points_and_values_can_be() -> None:
    """Path by path; values at x* are at most ``(m-1)(f* - f_*)``."""
    steps = np.array([1.0, 2.0, 0.5, 0.5, 3.0, 0.5])
    assert reach(DRAWN, steps) == 1
    wrong = Setting(0.5, 3, lower_bound=-0.1)
    assert reach(wrong, np.array([1.0, 2.0])) == pytest.approx(1.6**0.5)
    assert reach(replace(wrong, lower_bound=-9.0), np.array([1.0, 2.0])) == 4
    noisy = replace(NOISY, lr=math.inf)
    # f* - f_* = 0.2 and two functions: 0.8 for each unit of a path, of which the longest is 2 + 3
    longest = (1 + 0.8 * (2 + 3)) ** 0.5
    assert reach(noisy, steps) == pytest.approx(longest + 0.2)
    more = reach(replace(noisy, measure="balanced"), steps)
    assert more == pytest.approx((longest + 0.2) * (1 + 2 / 3))
    assert reach(Setting(0.5, 3, kind="smooth", measure="weighted"), np.ones(2)) == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sampling": "shuffled"}, "sampling = 'shuffled'; allowed: in_turn, independent"),
        ({"lower_bound": math.inf}, "lower_bound = inf; allowed: finite"),
        ({"kind": "smooth", "lower_bound": -0.1}, "kind = 'smooth'; allowed: lipschitz"),
        ({"interpolation": False}, "interpolation = False; allowed: with functions >= 2"),
        (
            {"interpolation": False, "functions": 2, "sampling": "independent", "lower_bound": 0.1},
            "lower_bound <= 0, not 2, independent, 0.1",
        ),
    ],
)
def test_settings_are_checked(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(Setting(0.5, 4), **change)  # type: ignore[arg-type]


def test_steps_are_counted() -> None:
    with pytest.raises(ValueError, match="P-1 = 6 numbers"):
        certified(DRAWN, np.ones(2))


def test_labels_and_files_tell_them_apart(tmp_path: Path) -> None:
    settings = [*(case[0] for case in CASES), replace(NOISY, lower_bound=-0.1)]
    assert len({setting.label for setting in settings}) == len(settings)
    store = Store(tmp_path)
    for setting, steps in CASES:
        assert store.improve(setting, Found(steps, 0.5))
    assert set(Store(tmp_path).found) == {setting for setting, _ in CASES}
    assert (
        group_name(NOISY)
        == "lipschitz_mean_from_first_2_functions_independent_no_interpolation_capped"
    )
    assert group_name(CASES[6][0]) == "lipschitz_best_from_first_wrong_bound"


def test_no_tree_and_no_wrong_bound_is_a_problem_of_verify() -> None:
    """These see one order of samples, and claims say f_* = f*; names are keys, and none is lost."""
    listed = hard.listed().values()
    assert all(made.setting.branches == 1 and not made.setting.lower_bound for made in listed)
    worst = [made.setting for made in listed if made.name.startswith("worst")]
    assert {Setting(beta, 10) for beta in (0.0, 0.5, 0.9)} <= set(worst)


NAMES = [
    (Setting(0.5, 4, lr=0.3), "any cap; any cap, first term; any bound, mean"),
    (Setting(0.5, 4, lr=0.3, functions=2), "any cap; any cap, first term"),
    (replace(DRAWN, lr=0.3), "any cap; any cap, first term; any bound, mean"),
    (replace(DRAWN, lr=0.3, measure="mean"), "any cap; any bound, mean"),
    (DRAWN, "paper; first term; two ends"),
    (NOISY, "any bound, mean"),
    (replace(NOISY, measure="balanced"), "any bound"),
    (replace(NOISY, lr=math.inf), ""),
    (Setting(0.5, 4, lower_bound=-0.1), "wrong bound"),
    (Setting(0.5, 4, lower_bound=0.1, functions=2), "wrong bound"),
    (Setting(0.5, 4, lower_bound=0.1, lr=0.3), ""),
    (Setting(0.5, 4, "from_zero", lr=0.3), ""),
    (Setting(0.5, 4, "from_zero", lower_bound=0.1), ""),
    (Setting(0.5, 4, kind="smooth", measure="weighted", functions=2), "smooth, weighted"),
    (Setting(0.5, 4, kind="smooth", lr=0.5), "smooth"),
]


@pytest.mark.parametrize(("setting", "names"), NAMES, ids=lambda value: str(value)[:80])
def test_which_theorems_speak_of_a_setting(setting: Setting, names: str) -> None:
    assert "; ".join(upper_bounds(setting)) == names


BETAS, COUNTS = np.array([0.0, 0.5, 0.9]), np.array([1, 4, 100])[:, None]


def test_bounds_with_a_cap() -> None:
    """The best c, by a grid; without a cap the paper's bound; small caps cost ``1/(αK)``."""
    for lr in (0.05, 0.3, 2.0, math.inf):
        grid = np.geomspace(1e-3, min(lr, 10.0), 20_001)
        for beta, count in itertools.product((0.0, 0.5, 0.9), (1, 4, 100)):
            plain = np.min((1 / (grid * count) + grid) / (2 * (1 - beta)))
            assert beyond.capped(beta, count, lr) == pytest.approx(plain, rel=1e-6)
            weights = 1 + (1 - beta) * (count - 1)
            first = np.min((1 / grid + count * grid) / (2 * weights))
            assert beyond.capped_first_term(beta, count, lr) == pytest.approx(first, rel=1e-6)
    np.testing.assert_allclose(beyond.capped(BETAS, COUNTS, math.inf), bounds.paper(BETAS, COUNTS))
    small = beyond.capped(BETAS, COUNTS, 0.01)
    assert (small <= 1 / ((1 - BETAS) * 0.01 * COUNTS) * (1 + 1e-12)).all()


def test_bounds_for_smooth_functions_with_a_cap() -> None:
    assert beyond.smooth_weighted(math.inf) == 1
    assert beyond.smooth_weighted(0.25) == 4
    assert beyond.smooth_capped(0.5, 20, 0.25) == pytest.approx(4 / 12.5)
    assert beyond.smooth_capped(0.5, 10, 0.1) == 0.5
    assert beyond.smooth_capped(0.5, 1, 2.0) == 0.5
    np.testing.assert_allclose(beyond.smooth_capped(0.9, COUNTS, 1.0), bounds.smooth(0.9, COUNTS))


def test_bounds_for_any_lower_bound() -> None:
    assert beyond.any_bound(0.0, 4, 0.5) == pytest.approx(0.5)
    assert beyond.any_bound(0.5, 4, 0.5) == pytest.approx(0.25 + 0.75)
    assert beyond.any_bound_mean(0.5, 4, 0.5) == pytest.approx(1.0 + 0.375)
    assert beyond.any_bound_mean(0.9, 1, 0.5) == beyond.any_bound(0.9, 1, 0.5)


def test_bounds_for_a_wrong_lower_bound() -> None:
    paper = bounds.paper(BETAS, COUNTS)
    np.testing.assert_allclose(beyond.wrong_bound(BETAS, COUNTS, 0.0), paper)
    np.testing.assert_allclose(beyond.wrong_bound(BETAS, COUNTS, 0.2), paper + 0.2)
    below = paper + 0.2 * (1 + BETAS) / (1 - BETAS)
    np.testing.assert_allclose(beyond.wrong_bound(BETAS, COUNTS, -0.2), below)


@pytest.mark.parametrize("lr", [0.0, -1.0, math.nan])
def test_arguments_of_the_bounds_are_checked(lr: float) -> None:
    for bound in (beyond.capped, beyond.capped_first_term, beyond.smooth_capped, beyond.any_bound):
        with pytest.raises(ValueError, match=r"lr = .*allowed"):
            bound(0.5, 4, lr)
        with pytest.raises(ValueError, match=r"beta = .*allowed"):
            bound(1.0, 4, 0.5)
    with pytest.raises(ValueError, match="lr = inf; allowed: finite"):
        beyond.any_bound_mean(0.5, 4, math.inf)
    with pytest.raises(ValueError, match="error = nan; allowed: finite"):
        beyond.wrong_bound(0.5, 4, math.nan)
