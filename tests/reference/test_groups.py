# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Several parameter groups: one proximal problem, solved jointly."""

from dataclasses import dataclass, replace
from typing import Any

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
)
from reference_strategies import (
    EPS,
    METHODS,
    Array,
    PerBatch,
    Samples,
    assert_same_move,
    betas,
    filled,
    lrs,
    numbers,
    run,
    samples,
    vectors,
    weight_decays,
)

from momo.reference import (
    APPROXIMATE,
    DECOUPLED,
    FROM_FIRST,
    FROM_ZERO,
    PROXIMAL,
    AdamDiagonal,
    Decay,
    Given,
    GroupedMethod,
    GroupedState,
    Identity,
    Online,
    grouped,
    method,
)
from momo.reference.groups import GroupedInfo

FLOOR = -0.5
BOUNDS: dict[str, Any] = {
    "constant": Given(0.25),
    "per_batch": PerBatch(),
    "online": Online(FLOOR),
}


@dataclass(frozen=True)
class Group:
    """What differs between groups; β2 is None where D is the identity."""

    size: int
    lr: float
    weight_decay: float
    beta2: float | None
    eps: float

    def diagonal(self, second_moment: Array | None, k: int) -> Array:
        if self.beta2 is None:
            return np.ones(self.size)
        return self.eps + np.sqrt(second_moment / (1 - self.beta2**k))


@dataclass(frozen=True)
class Setup:
    groups: tuple[Group, ...]
    averaging: Any
    beta: float

    def method(self, bound: Any) -> GroupedMethod:
        return grouped(
            *(
                method(
                    self.averaging,
                    Identity() if group.beta2 is None else AdamDiagonal(group.beta2, group.eps),
                    bound,
                    group.lr,
                    self.beta,
                    group.weight_decay,
                )
                for group in self.groups
            )
        )

    @property
    def size(self) -> int:
        return sum(group.size for group in self.groups)

    def split(self, whole: Array) -> list[Array]:
        ends = np.cumsum([group.size for group in self.groups])
        return np.split(whole, ends[:-1], axis=-1)

    def each(self, values: list[Any]) -> Array:
        """A value a group, as one a coordinate."""
        return np.repeat(values, [group.size for group in self.groups])

    def problem(
        self, x: Array, state: GroupedState, bound: float, present: Array | None = None
    ) -> ProximalProblem:
        """The joint problem of the step that led to ``state``, from the averages in it.

        Its variables are the coordinates that are ``present`` (default: all); the others stay at
        x, so their part of the model is a constant.
        """
        moves = np.full(x.size, True) if present is None else present
        grad_avg = np.concatenate(state.grad_avg)
        diagonals = [
            group.diagonal(v, n) if n else np.ones(group.size)
            for group, v, n in zip(self.groups, state.second_moment, state.seen, strict=True)
        ]
        return ProximalProblem(
            loss_avg=float(state.loss_avg + grad_avg[~moves] @ x[~moves]),
            grad_avg=grad_avg[moves],
            inner_avg=float(state.inner_avg),
            weight=1 - self.beta**state.k if self.averaging is FROM_ZERO else 1.0,
            x=x[moves],
            lower_bound=bound,
            lr=self.each([group.lr for group in self.groups])[moves],
            weight_decay=self.each([group.weight_decay for group in self.groups])[moves],
            diagonal=np.concatenate(diagonals)[moves],
        )


@st.composite
def group_setups(draw: st.DrawFn) -> Setup:
    groups = draw(
        st.lists(
            st.builds(
                Group,
                size=st.integers(1, 3),
                lr=lrs,
                weight_decay=weight_decays,
                beta2=st.one_of(st.none(), betas),
                eps=numbers(0.004, 0.2),
            ),
            min_size=1,
            max_size=3,
        )
    )
    averaging = draw(st.sampled_from([FROM_FIRST, FROM_ZERO]))
    return Setup(tuple(groups), averaging, draw(betas))


@dataclass(frozen=True)
class GroupedStep:
    x: Array
    x_next: Array
    before: GroupedState
    state: GroupedState
    info: GroupedInfo


def run_groups(
    setup: Setup,
    bound: Any,
    seen: Samples,
    decay: Decay = PROXIMAL,
    patterns: list[list[bool]] | None = None,
) -> list[GroupedStep]:
    """Take every step; ``patterns`` says which groups have a gradient at each (default: all)."""
    steps: list[GroupedStep] = []
    joint, state, x = setup.method(bound), GroupedState(), seen.points[0]
    joint = replace(joint, groups=tuple(replace(group, decay=decay) for group in joint.groups))
    for k, (loss, grad, sample) in enumerate(
        zip(seen.losses, seen.grads, seen.bounds, strict=True)
    ):
        given_bound = sample if isinstance(bound, PerBatch) else None
        grads = setup.split(grad)
        if patterns is not None:
            grads = [g if has else None for g, has in zip(grads, patterns[k], strict=True)]
        xs, after, info = joint.step(state, setup.split(x), loss, grads, lower_bound=given_bound)
        steps.append(GroupedStep(x, np.concatenate(xs), state, after, info))
        state, x = after, steps[-1].x_next
    return steps


@pytest.mark.parametrize("kind", BOUNDS)
@given(data=st.data(), setup=group_setups())
def test_every_step_minimises_the_joint_model(kind: str, data: st.DataObject, setup: Setup) -> None:
    seen = data.draw(samples(dims=st.just(setup.size)))
    for k, step in enumerate(run_groups(setup, BOUNDS[kind], seen), start=1):
        problem = setup.problem(step.x, step.state, float(step.info.lower_bound))
        assert problem.is_minimiser(step.x_next)
        assert step.state.k == k
        assert_info(setup, step, problem)


@pytest.mark.parametrize("kind", BOUNDS)
@given(data=st.data(), setup=group_setups())
def test_a_group_without_gradient_stays_and_counts_as_zero_in_the_averages(
    kind: str, data: st.DataObject, setup: Setup
) -> None:
    """The others take the minimiser of the model with the absent groups held fixed."""
    seen = data.draw(samples(dims=st.just(setup.size)))
    pattern = st.lists(
        st.booleans(), min_size=len(setup.groups), max_size=len(setup.groups)
    ).filter(any)
    patterns = [data.draw(pattern) for _ in range(len(seen))]
    zeroed = setup.method(BOUNDS[kind])
    before = GroupedState()
    for k, step in enumerate(run_groups(setup, BOUNDS[kind], seen, patterns=patterns)):
        moves = setup.each(patterns[k]).astype(bool)
        assert np.array_equal(step.x_next[~moves], step.x[~moves])
        problem = setup.problem(step.x, step.state, float(step.info.lower_bound), moves)
        assert problem.is_minimiser(step.x_next[moves])
        assert step.state.seen == tuple(np.sum(patterns[: k + 1], axis=0))
        grads = setup.split(np.where(moves, seen.grads[k], 0.0))
        sample = seen.bounds[k] if kind == "per_batch" else None
        xs = setup.split(step.x)
        _, after, _ = zeroed.step(before, xs, seen.losses[k], grads, lower_bound=sample)
        assert after.loss_avg == step.state.loss_avg
        assert after.inner_avg == step.state.inner_avg
        for ours, theirs in zip(step.state.grad_avg, after.grad_avg, strict=True):
            assert np.array_equal(ours, theirs)
        before = step.state


@pytest.mark.parametrize("decay", [DECOUPLED, APPROXIMATE], ids=["decoupled", "approximate"])
@given(data=st.data(), setup=group_setups())
def test_other_decays_in_groups(decay: Decay, data: st.DataObject, setup: Setup) -> None:
    """``x^{k+1} + αλ x^k`` is the undecayed step, divided by 1+αλ the proximal one."""
    seen = data.draw(samples(dims=st.just(setup.size)))
    rate = setup.each([group.lr * group.weight_decay for group in setup.groups])
    for step in run_groups(setup, Given(0.25), seen, decay):
        problem = setup.problem(step.x, step.state, 0.25)
        moved = step.x_next + rate * step.x
        if decay is DECOUPLED:
            problem = replace(problem, weight_decay=np.zeros(step.x.size))
        else:
            moved = moved / (1 + rate)
        assert problem.is_minimiser(moved)


def taus_of(setup: Setup, info: GroupedInfo) -> Array:
    """The τ_g = τ α_g/α: a proximal move has the size ``τ_g / (1+α_gλ_g)``."""
    shrinks = [1 + group.lr * group.weight_decay for group in setup.groups]
    return np.array([m.size * s for m, s in zip(info.moves, shrinks, strict=True)])


def assert_info(setup: Setup, step: GroupedStep, problem: ProximalProblem) -> None:
    # Sums of at most 9 + 4 terms.
    tol = 8 * 13 * EPS
    info, size = step.info, problem.size(step.x)
    assert abs(info.value - problem.weight * problem.model(step.x)) <= tol * size
    assert 0 <= info.fraction <= 1
    taus = taus_of(setup, info)
    caps = np.array([group.lr for group in setup.groups]) / problem.weight
    np.testing.assert_allclose(taus, info.fraction * caps, rtol=8 * EPS)
    squares = setup.split(problem.grad_avg**2 / problem.diagonal)
    decrease = sum(tau * square.sum() for tau, square in zip(taus, squares, strict=True))
    np.testing.assert_allclose(info.decrease, decrease, rtol=tol)


@pytest.mark.parametrize("regime", REGIMES)
@settings(max_examples=25)
@given(data=st.data(), setup=group_setups())
def test_a_step_from_any_state_matches_the_solver(
    regime: str, data: st.DataObject, setup: Setup
) -> None:
    point, average, grad = (data.draw(vectors((setup.size,))) for _ in range(3))
    moments = setup.split(data.draw(filled((setup.size,), 0.02, 4)))
    steps = data.draw(st.integers(1, 50))
    state = GroupedState(
        k=steps,
        weight=1 - setup.beta**steps if setup.averaging is FROM_ZERO else 1.0,
        loss_avg=np.array(data.draw(numbers(-1, 6))),
        inner_avg=np.array(data.draw(numbers(-8, 8))),
        grad_avg=tuple(setup.split(average)),
        second_moment=tuple(
            None if group.beta2 is None else moment
            for group, moment in zip(setup.groups, moments, strict=True)
        ),
        seen=(steps,) * len(setup.groups),
    )
    args = (state, setup.split(point), data.draw(numbers(-1, 6)), setup.split(grad))
    _, after, _ = setup.method(Given(0.0)).step(*args)
    problem = setup.problem(point, after, 0.0)
    assume(np.abs(problem.grad_avg).max() > 1e-2)
    problem = problem.with_fraction(data.draw(fractions(regime)))
    xs, _, info = setup.method(Given(problem.lower_bound)).step(*args)
    assert_regime(regime, info.fraction, 1.0)
    assert_matches_solver(problem, np.concatenate(xs))


@pytest.mark.parametrize("name", ["momo", "momo_per_batch", "momo_star", "momo_adam"])
@given(seen=samples(), lr=lrs, beta=betas, decay=weight_decays)
def test_one_group_is_the_method(
    name: str, seen: Samples, lr: float, beta: float, decay: float
) -> None:
    """From the same points; averages bit for bit, τ to the rounding of five operations.

    h is added up in another order, so the online bound is stable only away from its jump.
    """
    single = METHODS[name](lr, beta, decay)
    joint, state = grouped(single), GroupedState()
    for step, x, loss, grad, sample in zip(
        run(single, seen, follow=False),
        seen.points,
        seen.losses,
        seen.grads,
        seen.bounds,
        strict=True,
    ):
        bound = sample if "per_batch" in name else None
        if name == "momo_star" and state.k:
            q = float(step.state.grad_avg @ x) / (1 + lr * decay) - step.state.inner_avg
            assume(abs(step.state.loss_avg + q - state.lower_bound[0]) > 1e-9)
        (x_next,), state, info = joint.step(state, (x,), loss, (grad,), lower_bound=bound)
        assert state.k == step.state.k
        assert state.loss_avg == step.state.loss_avg
        assert state.inner_avg == step.state.inner_avg
        assert np.array_equal(state.grad_avg[0], step.state.grad_avg)
        if "adam" in name:
            assert np.array_equal(state.second_moment[0], step.state.second_moment)
        np.testing.assert_allclose(info.lower_bound, step.info.lower_bound, atol=1e-11)
        taus = (float(step.info.step_size), float(info.moves[0].size * (1 + lr * decay)))
        exact = name != "momo_star"
        decreases = (step.info.step_size * step.info.dual_norm_sq, info.decrease)
        assert not exact or abs(taus[0] - taus[1]) <= 16 * EPS * taus[0]
        np.testing.assert_allclose(*decreases, atol=1e-10)
        assert_same_move(x, step.x_next, x_next, taus, 1 + lr * decay)


@pytest.mark.parametrize("name", ["momo", "momo_adam"])
@given(data=st.data(), lr=lrs, beta=betas, decay=weight_decays)
def test_groups_alike_are_one_group(
    name: str, data: st.DataObject, lr: float, beta: float, decay: float
) -> None:
    """Splitting the coordinates changes only the order in which inner products are added up."""
    n = data.draw(st.integers(2, 6))
    cut = data.draw(st.integers(1, n - 1))
    seen = data.draw(samples(dims=st.just(n)))
    single = METHODS[name](lr, beta, decay)
    joint, state = grouped(single, single), GroupedState()
    for step, x, loss, grad in zip(
        run(single, seen, follow=False), seen.points, seen.losses, seen.grads, strict=True
    ):
        xs, state, info = joint.step(state, np.split(x, [cut]), loss, np.split(grad, [cut]))
        # 6 samples of 6 products of at most 16, and losses of at most 6, times 1+αλ <= 6.
        tol = 64 * EPS * 6 * (6 * 6 * 16 + 6)
        assert abs(info.value - step.info.value) <= tol
        assert abs(info.decrease - step.info.step_size * step.info.dual_norm_sq) <= tol
        assert info.moves[0] == info.moves[1]
        taus = (float(step.info.step_size), float(info.moves[0].size * (1 + lr * decay)))
        assert_same_move(x, step.x_next, np.concatenate(xs), taus, 1 + lr * decay)


@given(data=st.data(), setup=group_setups())
def test_the_online_bound_moves_once_a_step(data: st.DataObject, setup: Setup) -> None:
    """The paper's rules with ``c/(1+αλ)`` of one group replaced by the joint problem's value."""
    seen = data.draw(samples(dims=st.just(setup.size)))
    bound = FLOOR
    for step in run_groups(setup, Online(FLOOR), seen):
        problem = setup.problem(step.x, step.state, float(step.info.lower_bound))
        rho = problem.weight
        decayed = rho * problem.model(problem.x / problem.shrink)
        assume(abs(decayed - rho * bound) > 1e-9)
        used = max(decayed / (2 * rho), FLOOR) if decayed < rho * bound else bound
        value = rho * problem.model(step.x)
        bound = max((value - step.info.decrease / 2) / rho, FLOOR)
        # Sums of a dozen terms below 1e4, over ρ of at least 0.02.
        np.testing.assert_allclose(step.info.lower_bound, used, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(step.state.lower_bound[0], bound, rtol=1e-9, atol=1e-9)
        bound = float(step.state.lower_bound[0])


@given(data=st.data(), setup=group_setups())
def test_zero_gradients_leave_the_decay(data: st.DataObject, setup: Setup) -> None:
    seen = data.draw(samples(dims=st.just(setup.size)))
    seen = replace(seen, grads=np.zeros_like(seen.grads))
    for step in run_groups(setup, Given(0.0), seen):
        assert step.info.fraction == 0
        expected = [
            1 / (1 + group.lr * group.weight_decay) * x
            for group, x in zip(setup.groups, setup.split(step.x), strict=True)
        ]
        assert np.array_equal(step.x_next, np.concatenate(expected))
