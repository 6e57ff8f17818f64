# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The certificate of an optimum: it accepts what is right and objects to every kind of error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from theory_cases import small_case

from theory import optimum
from theory.optimum import NoOptimumError, compute
from theory.problems import BROKEN, FAMILIES
from theory.problems.least_squares import least_squares


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_is_certified(name: str) -> None:
    found = small_case(name).optimum
    assert found.certified, found.objections
    assert found.distance_lower <= found.distance * (1 + 1e-6)
    assert found.dual <= found.value + found.tolerance


@pytest.mark.parametrize("name", BROKEN)
def test_broken_families_are_refused(name: str) -> None:
    try:
        found = compute(BROKEN[name]())
    except NoOptimumError:
        return
    assert not found.certified


def test_least_squares_agrees_with_the_pseudo_inverse() -> None:
    problem = least_squares()
    found = compute(problem)
    away = problem.targets - problem.features @ problem.start
    nearest = problem.start + np.linalg.pinv(problem.features) @ away
    # condition 5, solver tolerance 1e-11: 1e-8 leaves two orders of magnitude
    np.testing.assert_allclose(found.solution, nearest, atol=1e-8)


def solver_that(spoil: Callable[[object], None], call: int) -> Callable[..., None]:
    """Return a stand-in for the solver that spoils what its n-th call found."""
    honest, calls = optimum._solve, 0

    def solve(problem: object, what: str) -> None:
        nonlocal calls
        honest(problem, what)
        calls += 1
        if calls == call:
            spoil(problem)

    return solve


def move_point(problem: object) -> None:
    for variable in problem.variables():  # type: ignore[attr-defined]
        variable.value = variable.value + 1e-3


def move_dual(problem: object) -> None:
    for constraint in problem.constraints:  # type: ignore[attr-defined]
        for variable in constraint.dual_variables:
            variable.value = variable.value + 0.1


def lose_point(problem: object) -> None:
    for variable in problem.variables():  # type: ignore[attr-defined]
        variable.value = None


@pytest.mark.parametrize(
    ("spoil", "call", "objection"),
    [
        (move_point, 1, "duality gap"),
        (move_dual, 1, "KKT residual"),
        (move_point, 2, "no interpolation"),
        (move_dual, 2, "no nearest minimiser"),
    ],
)
def test_what_the_solver_returns_is_checked(
    monkeypatch: pytest.MonkeyPatch, spoil: Callable[[object], None], call: int, objection: str
) -> None:
    problem = least_squares()
    assert compute(problem).certified
    monkeypatch.setattr(optimum, "_solve", solver_that(spoil, call))
    assert any(objection in text for text in compute(problem).objections)


@pytest.mark.parametrize("call", [1, 2])
def test_no_point_is_an_error(monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    monkeypatch.setattr(optimum, "_solve", solver_that(lose_point, call))
    with pytest.raises(NoOptimumError, match="no point"):
        compute(least_squares())


def test_a_start_that_is_a_solution_is_an_error() -> None:
    problem = least_squares()
    with pytest.raises(NoOptimumError, match="the start is a solution"):
        compute(replace(problem, start=compute(problem).solution))


@pytest.mark.parametrize("name", ["least_squares", "hinge", "balls", "semidefinite"])
@pytest.mark.parametrize("seed", range(3))
def test_the_lower_bound_of_the_distance_holds_for_any_multipliers(
    monkeypatch: pytest.MonkeyPatch, name: str, seed: int
) -> None:
    problem = FAMILIES[name]()
    distance = compute(problem).distance
    rng = np.random.default_rng(seed)

    def scramble(posed: object) -> None:
        for constraint in posed.constraints:  # type: ignore[attr-defined]
            for variable in constraint.dual_variables:
                noise = rng.standard_normal(np.shape(variable.value))
                variable.value = variable.value + 10.0 ** rng.integers(-6, 1) * noise

    monkeypatch.setattr(optimum, "_solve", solver_that(scramble, 2))
    assert compute(problem).distance_lower <= distance * (1 + 1e-9)
