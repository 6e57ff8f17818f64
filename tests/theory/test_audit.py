# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The audit against exact arithmetic: its numbers, and the bounds of its errors."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from theory_cases import small_case

from momo.reference import State
from theory.audit import Step
from theory.case import Case, Setting
from theory.engine import simulate
from theory.methods import exact_momo
from theory.problems.absolute_regression import absolute_regression
from theory.problems.base import Array, Indices
from theory.problems.hinge import hinge

Vector = list[Fraction]


def exact(values: Array) -> Vector:
    return [Fraction(float(value)) for value in values]


def dot(a: Vector, b: Vector) -> Fraction:
    return sum((p * q for p, q in zip(a, b, strict=True)), Fraction(0))


class Recorder:
    """Keeps every step, and checks it against the definitions in rational arithmetic."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.steps: list[Step] = []

    def observe(self, step: Step) -> None:
        self.steps.append(step)

    def exact_gap(self, k: int, row: int) -> Fraction:
        """Return ``h_k - f* = Σ_j w_j (f_j + <g_j, x^k - x^j>) - f*`` for the first seed."""
        beta = Fraction(self.case.settings[row].beta)
        here = exact(self.steps[k - 1].x[row, 0])
        total = -Fraction(self.case.optimum.value)
        for j, step in enumerate(self.steps[:k], start=1):
            weight = beta ** (k - j) * (1 if j == 1 else 1 - beta)
            away = [a - b for a, b in zip(here, exact(step.x[row, 0]), strict=True)]
            value = Fraction(float(step.loss[row, 0])) + dot(exact(step.grad[row, 0]), away)
            total += weight * value
        return total


@settings(max_examples=15)
@given(
    beta=st.sampled_from([0.0, 0.3, 0.5, 0.9, 0.99]),
    seed=st.integers(0, 10**6),
    level=st.sampled_from([0.0, -1.0, 1000.0]),
)
def test_the_gap_is_that_of_the_definition_within_its_error(
    beta: float, seed: int, level: float
) -> None:
    problem = absolute_regression(samples=12, dim=4, seed=seed % 7, level=level)
    case = small_case(problem, (Setting(beta),), seeds=2, iterations=25, seed=seed)
    recorder = Recorder(case)
    simulate(case, exact_momo(case), [recorder])
    state = State()
    for step in recorder.steps:
        true = recorder.exact_gap(step.k, 0)
        error = Fraction(float(step.gap_error[0, 0]))
        assert abs(Fraction(float(step.gap[0, 0])) - true) <= error
        # and the method's own h, which it computes from f̄, <d,x> and γ
        _, state, info = exact_momo(case).step(state, step.x, step.loss, step.grad)
        mine = Fraction(float(info.value[0, 0])) - Fraction(case.optimum.value)
        assert abs(mine - true) <= error
        # the bound is rounding: it would not hide an error of a millionth
        assert error < Fraction(1, 10**6) * Fraction(1 + abs(level))


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_changes_of_distance_are_exact_to_their_error(beta: float) -> None:
    case = small_case(absolute_regression(samples=12, dim=4), (Setting(beta),), seeds=1)
    recorder = Recorder(case)
    simulate(case, exact_momo(case), [recorder])
    solution = exact(case.optimum.solution)
    for step in recorder.steps:
        before, after = exact(step.x[0, 0]), exact(step.x_next[0, 0])
        away = [a - b for a, b in zip(before, solution, strict=True)]
        away_next = [a - b for a, b in zip(after, solution, strict=True)]
        change = dot(away_next, away_next) - dot(away, away)
        error = Fraction(float(step.fejer_error[0, 0]))
        assert abs(Fraction(float(step.distance_change[0, 0])) - change) <= error


class Idle:
    """A hinge problem in which only the first sample drawn has a gradient."""

    def __init__(self) -> None:
        self.inner = hinge()
        self.drawn = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def loss_and_grad(self, x: Array, index: Indices) -> tuple[Array, Array]:
        loss, grad = self.inner.loss_and_grad(x, index)
        self.drawn += 1
        if self.drawn > 1:
            return np.full_like(loss, self.inner.level), np.zeros_like(grad)
        return loss, grad


def test_steps_whose_squares_underflow_are_held() -> None:
    # with f* = 0 every error shrinks along with d, until the squares leave the normal numbers
    case = small_case(hinge(level=0.0), (Setting(0.5),), seeds=5, iterations=700)
    recorder = Recorder(case)
    simulate(replace(case, problem=Idle()), exact_momo(case), [recorder])  # type: ignore[arg-type]
    tiny = [s for s in recorder.steps if ((s.norm_sq > 0) & (s.norm_sq < 1e-300)).any()]
    assert tiny
    for step in tiny:
        assert not step.live[(step.norm_sq > 0) & (step.norm_sq < 1e-300)].any()


def test_steps_that_rounding_decides_are_held() -> None:
    # 0.1 is no binary fraction, so that its averages differ from it by rounding
    case = small_case(hinge(level=0.1), (Setting(0.7),), seeds=5, iterations=300)
    idle = Idle()
    idle.inner = case.problem  # type: ignore[assignment]
    recorder = Recorder(case)
    curves = simulate(replace(case, problem=idle), exact_momo(case), [recorder])  # type: ignore[arg-type]
    assert recorder.steps[0].live.all()
    held = [step for step in recorder.steps if not step.live.all()]
    # d shrinks to 0.7 of itself: rounding of size 1e-16 to 1e-13 over 1e-6 of the first norm
    assert held
    assert curves.held.sum() == sum(np.count_nonzero(~step.live) for step in held)
    assert np.log(1e-7) / np.log(0.7) <= held[0].k <= np.log(1e-11) / np.log(0.7)
    for step in held:
        np.testing.assert_array_equal(step.x[~step.live], step.x_next[~step.live])
        assert (step.decrease[~step.live] == 0).all()
    final = recorder.steps[-1]
    moved = np.sqrt(final.distance_sq) - np.sqrt(recorder.steps[2].distance_sq)
    # every step before the first that is held moves by less than 1e-6 of D, at most 71 of them
    assert (np.abs(moved) <= 71e-6 * case.optimum.distance).all()
