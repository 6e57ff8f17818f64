# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The step is the minimiser of the truncated proximal model, in each of its three regimes."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference_problems import (
    REGIMES,
    ProximalProblem,
    assert_matches_solver,
    assert_regime,
    fractions,
    problems,
)
from reference_strategies import (
    ADAM_EPS,
    BETA2,
    DECOUPLABLE,
    EPS,
    METHODS,
    TRUNCATED,
    Array,
    Samples,
    Step,
    betas,
    decoupled,
    dimensions,
    filled,
    lrs,
    numbers,
    run,
    samples,
    vectors,
    weight_decays,
)

from momo.core.ops import arrays
from momo.core.parts import penalty
from momo.core.step import Hyper, Inner, Sample
from momo.core.step import State as Numbers
from momo.core.step import step as core_step
from momo.reference import (
    APPROXIMATE,
    FROM_ZERO,
    PROXIMAL,
    Diagonal,
    Given,
    Identity,
    Method,
    State,
    StepInfo,
    method,
    momo,
)
from momo.reference.model import MomentumModel, proximal_objective, truncated_value

regimes = pytest.mark.parametrize("regime", REGIMES)


def closed_form(problem: ProximalProblem) -> tuple[Array, Array, Array]:
    """The step of the general equation, its τ and cap.

    With β = ½, and what was kept twice what the model is to be, the numbers of the model are the
    problem's: half of twice a number is exact.
    """
    metric, lr, half = Diagonal(problem.diagonal), np.array(problem.lr[0]), np.array(0.5)
    now = np.array(problem.grad_avg @ problem.x)
    norm_sq, zero = metric.dual_norm_sq(problem.grad_avg), np.zeros(())
    inner = Inner(2 * now, now, norm_sq, shift=zero, kept=now, slope=norm_sq)
    weight, inner_avg = 2 * problem.weight - 1, 2 * problem.inner_avg
    kept = Numbers(1, problem.loss_avg, weight, inner_avg, (0.0,), 0.0, 0.0)
    one = method(FROM_ZERO, Identity(), Given(problem.lower_bound), lr)
    hyper = Hyper(lr, lr * problem.weight_decay[0], PROXIMAL, penalty)
    seen = Sample(np.array(problem.loss_avg), (half, half))
    (move,), _, _, info = core_step(one, [hyper], [inner], kept, seen, arrays())
    y = move.keep * problem.x - move.size * metric.direction(problem.grad_avg)
    return y, info.step_size, info.cap


def model_of(problem: ProximalProblem) -> MomentumModel:
    return MomentumModel(
        np.array(problem.loss_avg),
        problem.grad_avg,
        np.array(problem.inner_avg),
        np.array(problem.weight),
    )


@regimes
@settings(max_examples=25)
@given(data=st.data())
def test_closed_form_matches_the_solver(regime: str, data: st.DataObject) -> None:
    problem = data.draw(problems(regime))
    y, tau, cap = closed_form(problem)
    assert_regime(regime, tau, cap)
    assert_matches_solver(problem, y)


@regimes
@settings(max_examples=200)
@given(data=st.data())
def test_closed_form_satisfies_the_optimality_conditions(regime: str, data: st.DataObject) -> None:
    problem = data.draw(problems(regime, decades=6))
    y, tau, cap = closed_form(problem)
    assert_regime(regime, tau, cap)
    assert problem.is_minimiser(y)


@given(problem=st.sampled_from(REGIMES).flatmap(problems), data=st.data())
def test_a_moved_step_fails_the_optimality_conditions(
    problem: ProximalProblem, data: st.DataObject
) -> None:
    """The certificate can fail: a relative change of 1e-9 in one coordinate is seen."""
    y, _, _ = closed_form(problem)
    moved = y.copy()
    moved[data.draw(st.integers(0, y.size - 1))] += 1e-9 * (1 + np.abs(problem.x).max())
    assume(problem.x.size > 1)
    assert not problem.is_minimiser(moved)


@given(problem=st.sampled_from(REGIMES).flatmap(problems), data=st.data())
def test_proximal_objective_is_what_the_paper_writes(
    problem: ProximalProblem, data: st.DataObject
) -> None:
    y = data.draw(vectors(problem.x.shape))
    model, bound = model_of(problem), np.array(problem.lower_bound)
    value = proximal_objective(
        model,
        y,
        problem.x,
        bound,
        problem.lr[0],
        problem.weight_decay[0],
        Diagonal(problem.diagonal),
    )
    # Sums of at most n+4 terms of at most 1e4, each within a few ulps.
    tol = {"rtol": 1e-13, "atol": 1e-11}
    np.testing.assert_allclose(value, problem.objective(y), **tol)
    expected = max(problem.model(y), problem.lower_bound)
    np.testing.assert_allclose(truncated_value(model, y, bound), expected, **tol)


@dataclass(frozen=True)
class OneStep:
    """A method in the middle of a run, in a known regime, and its next sample."""

    method: Method
    name: str
    state: State
    x: Array
    loss: float
    grad: Array


@st.composite
def one_steps(draw: st.DrawFn, name: str, regime: str) -> OneStep:
    """Any state, and f_* such that the step from it lies in the given regime."""
    n, beta, lr, decay = draw(dimensions), draw(betas), draw(lrs), draw(weight_decays)
    k = draw(st.integers(1, 50))
    state = State(
        k=k,
        weight=1 - beta**k if name == "momo_adam" else 1.0,
        loss_avg=np.array(draw(numbers(-1, 6))),
        grad_avg=draw(vectors((n,))),
        inner_avg=np.array(draw(numbers(-8, 8))),
        second_moment=draw(filled((n,), 0.02, 4)) if name == "momo_adam" else None,
    )
    step = OneStep(
        METHODS[name](lr, beta, decay),
        name,
        state,
        draw(vectors((n,))),
        draw(numbers(-1, 6)),
        draw(vectors((n,))),
    )
    problem = problem_of(name, take(step), step.method)
    assume(np.abs(problem.grad_avg).max() > 1e-3)
    bound = problem.with_fraction(draw(fractions(regime))).lower_bound
    return replace(step, method=replace(step.method, lower_bound=Given(bound)))


def take(step: OneStep) -> Step:
    return Step(step.x, *step.method.step(step.state, step.x, step.loss, step.grad))


def problem_of(name: str, step: Step, method: Method) -> ProximalProblem:
    """The problem that a step has to solve; ρ and D from their formulas, averages as kept."""
    state, k, ones = step.state, step.state.k, np.ones_like(step.x)
    is_adam = "adam" in name
    spread = np.sqrt(state.second_moment / (1 - BETA2**k)) + ADAM_EPS if is_adam else ones
    return ProximalProblem(
        loss_avg=float(state.loss_avg),
        grad_avg=state.grad_avg,
        inner_avg=float(state.inner_avg),
        weight=1 - float(method.beta) ** k if is_adam else 1.0,
        x=step.x,
        lower_bound=float(step.info.lower_bound),
        lr=method.lr * ones,
        weight_decay=method.weight_decay * ones,
        diagonal=spread,
    )


@pytest.mark.parametrize("name", ["momo", "momo_adam"])
@regimes
@settings(max_examples=20)
@given(data=st.data())
def test_a_step_from_any_state_matches_the_solver(
    name: str, regime: str, data: st.DataObject
) -> None:
    one = data.draw(one_steps(name, regime))
    step = take(one)
    problem = problem_of(name, step, one.method)
    assert_regime(regime, step.info.step_size, step.info.cap)
    assert_matches_solver(problem, step.x_next)


def assert_info(info: StepInfo, problem: ProximalProblem) -> None:
    """The reported scalars against their definitions."""
    # Each is a sum of at most n+4 terms, within as many ulps of their sizes.
    tol = 8 * (problem.x.size + 4) * EPS
    size = problem.size(problem.x)
    norm_sq = float(np.sum(problem.grad_avg**2 / problem.diagonal))
    value = problem.weight * problem.model(problem.x)
    assert abs(info.value - value) <= tol * size
    assert info.loss_avg == problem.loss_avg
    np.testing.assert_allclose(info.dual_norm_sq, norm_sq, rtol=tol)
    np.testing.assert_allclose(info.cap, problem.lr[0] / problem.weight, rtol=tol)
    start = problem.model(problem.x / problem.shrink) - problem.lower_bound
    above = problem.shrink[0] * problem.weight * max(start, 0.0) if norm_sq > 0 else 0.0
    assert abs(info.adaptive * norm_sq - above) <= tol * problem.shrink[0] * size


@pytest.mark.parametrize("name", TRUNCATED)
@given(seen=samples(), lr=lrs, beta=betas, decay=weight_decays)
def test_every_step_of_a_run_minimises_its_model(
    name: str, seen: Samples, lr: float, beta: float, decay: float
) -> None:
    method = METHODS[name](lr, beta, decay)
    for step in run(method, seen):
        problem = problem_of(name, step, method)
        assert problem.is_minimiser(step.x_next)
        assert_info(step.info, problem)


@pytest.mark.parametrize("name", [name for name in DECOUPLABLE if name in TRUNCATED])
@given(seen=samples(), lr=lrs, beta=betas, decay=numbers(0.004, 0.2))
def test_decoupled_decay_is_added_to_the_undecayed_step(
    name: str, seen: Samples, lr: float, beta: float, decay: float
) -> None:
    method = decoupled(METHODS[name](lr, beta, decay))
    for step in run(method, seen):
        problem = problem_of(name, step, replace(method, weight_decay=np.array(0.0)))
        assert problem.is_minimiser(step.x_next + lr * decay * step.x)
        assert_info(step.info, problem)


@pytest.mark.parametrize("name", [name for name in DECOUPLABLE if name in TRUNCATED])
@given(seen=samples(), lr=lrs, beta=betas, decay=numbers(0.004, 0.2))
def test_the_approximate_decay_shrinks_the_point_alone(
    name: str, seen: Samples, lr: float, beta: float, decay: float
) -> None:
    """``x^k - τ D^{-1} d = x^{k+1} + αλ x^k``, and over 1+αλ this is the proximal step."""
    method = replace(METHODS[name](lr, beta, decay), decay=APPROXIMATE)
    for step in run(method, seen):
        problem = problem_of(name, step, method)
        assert problem.is_minimiser((step.x_next + lr * decay * step.x) / (1 + lr * decay))
        assert_info(step.info, problem)


@pytest.mark.parametrize("name", ["momo", "momo_per_batch", "momo_star", "momo_adam"])
@given(seen=samples(), beta=betas)
def test_without_cap_the_step_is_the_nearest_point_where_the_model_meets_the_bound(
    name: str, seen: Samples, beta: float
) -> None:
    method = METHODS[name](np.inf, beta, 0.0)
    for step in run(method, seen, follow=False):
        problem = problem_of(name, step, method)
        above = problem.weight * (problem.model(step.x) - problem.lower_bound)
        tol = 8 * (step.x.size + 4) * EPS * problem.size(step.x_next)
        direction = problem.grad_avg / problem.diagonal
        np.testing.assert_allclose(
            step.x_next,
            step.x - step.info.step_size * direction,
            rtol=1e-13,
            atol=1e-13 * np.abs(step.x).max(),
        )
        assert step.info.step_size >= 0
        if above <= -tol:
            assert np.array_equal(step.x_next, step.x)
        elif problem.grad_avg.any():
            after = problem.weight * (problem.model(step.x_next) - problem.lower_bound)
            assert abs(after) <= tol


@given(seen=samples(), beta=betas, lr=lrs, decay=weight_decays, scheduled=lrs)
def test_a_scheduled_learning_rate_takes_the_place_of_the_methods(
    seen: Samples, beta: float, lr: float, decay: float, scheduled: float
) -> None:
    for build in (momo, METHODS["momo_adam"]):
        ours, theirs = build(lr, beta, decay), build(scheduled, beta, decay)
        x, loss, grad = seen.points[0], seen.losses[0], seen.grads[0]
        given_late, _, info = ours.step(State(), x, loss, grad, lr=scheduled)
        given_early, _, other = theirs.step(State(), x, loss, grad)
        assert np.array_equal(given_late, given_early)
        assert info.cap == other.cap
