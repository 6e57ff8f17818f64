# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A problem that is not what it says is blamed before any claim, with its file and line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from theory_cases import small_case

from theory import cache, soundness
from theory.plan import Plan
from theory.problems import FAMILIES
from theory.problems.base import Array, Indices
from theory.problems.faulty import FAULTY, REFUSED_BY
from theory.problems.least_squares import least_squares
from theory.soundness import faults
from theory.verify import verify

PLAN = Plan(claims=("landing", "fejer", "rate"), iterations=20, seeds=4, controls=False)


@pytest.mark.parametrize("name", FAMILIES)
def test_families_are_what_they_say(name: str) -> None:
    problem = FAMILIES[name]()
    optimum = cache.optimum(problem)
    constants = problem.constants(optimum.solution, optimum.distance)
    for seed in range(3):
        assert faults(problem, optimum, constants, seed) == ()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("flipped_slope", "lies below its linearisation (it is not convex, or its gradient"),
        ("not_convex", "lies below its linearisation (it is not convex, or its gradient"),
        ("small_gradient", "sqrt(E||∇f(x,s)||²) is 1; G says at most 0.1"),
        ("small_smoothness", "is not smooth with L = "),
        ("high_infima", "lies below its infimum by 0."),
        ("barely_noisy", "no x minimises every f_i (no interpolation): max_i f_i(x*) - inf f_i"),
    ],
)
def test_the_problem_is_blamed_with_its_file_and_line(name: str, what: str) -> None:
    report = verify(replace(PLAN, problems=(name,)))
    (failure,) = report.failures
    line = FAULTY[name].__code__.co_firstlineno
    assert f"problem {name} (" in failure
    assert f"theory/problems/faulty.py:{line}): " in failure
    assert what in failure
    assert report.cases == ()


def test_all_that_is_faulty_has_to_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """By whom it is said: with the sampled checks switched off the run fails."""
    plan = replace(PLAN, problems=("absolute_regression",), claims=("landing",), controls=True)
    monkeypatch.setattr("theory.plan.CONTROL_PROBLEMS", ())
    monkeypatch.setattr("theory.plan.FINE_PROBLEMS", ())
    monkeypatch.setattr("theory.plan.BROKEN", {})
    caught = {control.name: set(control.caught_by) for control in verify(plan).controls}
    assert caught == {name: {by} for name, by in REFUSED_BY.items()}
    monkeypatch.setattr("theory.verify.faults", lambda *given: ())
    found = verify(plan).failures
    for name in ("flipped_slope", "not_convex", "small_gradient", "small_smoothness"):
        assert f"control {name} was not caught by soundness" in found


class Odd:
    """Least squares with one method that is wrong."""

    def __init__(self, wrong: str) -> None:
        self.inner, self.wrong = least_squares(), wrong

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def loss_and_grad(self, x: Array, index: Indices) -> tuple[Array, Array]:
        loss, grad = self.inner.loss_and_grad(x, index)
        if self.wrong == "shape":
            return loss[..., None], grad
        return (np.full_like(loss, np.nan) if self.wrong == "nan" else loss), grad

    def losses(self, x: Array) -> Array:
        return self.inner.losses(x) + 1e-9 * (self.wrong == "losses")

    def grad_norms_sq(self, x: Array) -> Array:
        return self.inner.grad_norms_sq(x) * (0.01 if self.wrong == "norms" else 1)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("", None),
        ("shape", "loss_and_grad returns shapes"),
        ("nan", "numbers that are not finite"),
        ("losses", "losses and loss_and_grad differ in f_"),
        ("norms", "grad_norms_sq and loss_and_grad differ"),
    ],
)
def test_methods_that_disagree_are_found(wrong: str, what: str | None) -> None:
    case = small_case("least_squares")
    found = faults(Odd(wrong), case.optimum, case.constants)  # type: ignore[arg-type]
    assert found == () if what is None else what in found[0]


def test_a_mean_square_gradient_above_g_is_found() -> None:
    """G alone is too small; the largest gradient is right."""
    case = small_case("absolute_regression")
    small = replace(case.constants, gradient=0.9 * case.constants.gradient)
    (found,) = faults(case.problem, case.optimum, small)
    assert found.startswith("sqrt(E||∇f(x,s)||²) is 1; G says at most 0.9")


def test_a_gradient_above_the_largest_is_found() -> None:
    """That of one sample; their mean square is not above G."""
    case = small_case("absolute_regression")
    small = replace(case.constants, gradient_max=0.9 * case.constants.gradient_max)
    (found,) = faults(case.problem, case.optimum, small)
    assert found.startswith("a gradient has norm 1.4")
    assert "gradient_max says at most 1.26" in found


def test_points_lie_in_the_ball() -> None:
    case = small_case("balls")
    taken = soundness.sample(case.problem, case.optimum, 0)
    away = np.linalg.norm(taken.points - case.optimum.solution, axis=1)
    assert away.max() <= case.optimum.distance * (1 + 1e-12)
    assert away.min() == 0
    assert (away > 0.3 * case.optimum.distance).sum() > 5
