# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The verdict: a run is only good if all holds, all controls are caught, all checks can fail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from theory import plan as planning
from theory import verify as module
from theory.controls import CONTROLS, Control
from theory.methods import exact_momo
from theory.outcomes import Report
from theory.plan import FULL, RIGHT, Plan, factory, tasks
from theory.problems import BROKEN
from theory.problems.faulty import FAULTY
from theory.theorems import CLAIMS
from theory.verify import verify

TINY = Plan(problems=("absolute_regression",), claims=("landing",), iterations=20, seeds=4)


@pytest.fixture(scope="module")
def whole() -> Report:
    problems = ("least_squares", "resisting", "momentum_trap", "exponential_regression")
    return verify(Plan(problems=problems, iterations=60, seeds=100))


@pytest.mark.slow
def test_so_it_is_at_length() -> None:
    """As long as by default."""
    problems = ("least_squares", "resisting", "momentum_trap", "exponential_regression")
    longer = verify(Plan(problems=problems, iterations=200, seeds=100))
    test_everything_holds_and_every_control_is_caught(longer)
    test_controls_are_caught_by_the_checks_they_concern(longer)


def test_everything_holds_and_every_control_is_caught(whole: Report) -> None:
    assert whole.ok, whole.failures
    caught = {control.name: set(control.caught_by) for control in whole.controls}
    assert set(caught) == {RIGHT, *CONTROLS, *BROKEN, *FAULTY}
    assert caught.pop(RIGHT) == set()
    assert all(caught.values())
    assert set().union(*caught.values()) >= set(CLAIMS)


def test_controls_are_caught_by_the_checks_they_concern(whole: Report) -> None:
    caught = {control.name: set(control.caught_by) for control in whole.controls}
    assert "online_bound" in caught["bound_updated_early"]
    assert "adam" in caught["no_bias_correction"]
    assert caught["noisy_regression"] >= {"certificate", "fejer"}
    assert "certificate" in caught["logistic_separable"]
    assert "fejer" in caught["maximum_norm"]
    assert "landing" not in caught["maximum_norm"]  # it lands where it should
    for name in ("wrong_sign", "no_weight", "step_too_long", "step_too_short", "stale_point"):
        assert "landing" in caught[name]


def test_a_failing_claim_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verify(replace(TINY, controls=False)).ok
    monkeypatch.setitem(module.METHODS, "momo", CONTROLS["step_too_long"].build)
    report = verify(replace(TINY, controls=False))
    assert not report.ok
    assert any("landing fails on absolute_regression" in text for text in report.failures)


def test_a_control_that_no_check_catches_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    harmless = Control("harmless", "momo", exact_momo)
    monkeypatch.setitem(CONTROLS, "harmless", harmless)
    report = verify(replace(TINY, claims=tuple(CLAIMS)))
    assert "control harmless was caught by no check" in report.failures


def test_some_claims_need_not_catch_all_controls() -> None:
    report = verify(replace(TINY, claims=("online_bound",)))
    assert report.ok, report.failures
    # controls of other methods are not run
    names = {control.name for control in report.controls}
    own = {"bound_updated_early", "maximum_norm_star", "online_bound_nudged"}
    assert names == {RIGHT, *own, *BROKEN, *FAULTY}


def test_a_check_that_catches_nothing_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in CONTROLS:
        monkeypatch.setitem(CONTROLS, name, Control(name, "momo", exact_momo))
    monkeypatch.setattr(planning, "BROKEN", {})
    report = verify(TINY)
    assert any(text.startswith("landing caught no control") for text in report.failures)


def test_an_objection_to_the_right_method_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module.METHODS, "momo", CONTROLS["wrong_sign"].build)
    report = verify(TINY)
    assert any(text.startswith("the right methods were objected to") for text in report.failures)


def test_a_claim_that_is_checked_nowhere_fails_the_run() -> None:
    report = verify(replace(TINY, claims=("smooth",), controls=False))
    assert report.failures == ("smooth was checked nowhere",)


def test_a_problem_without_optimum_fails_the_run() -> None:
    report = verify(replace(TINY, problems=("logistic_separable",), controls=False))
    assert any("logistic_separable" in text for text in report.failures)


def test_processes_do_not_change_the_result() -> None:
    plan = replace(TINY, problems=("absolute_regression", "balls"), controls=False)
    one, two = verify(plan, jobs=1), verify(plan, jobs=2)
    assert [repr(case.findings) for case in one.cases] == [repr(c.findings) for c in two.cases]
    for a, b in zip(one.cases, two.cases, strict=True):
        np.testing.assert_array_equal(a.curves[0].mean, b.curves[0].mean)


def test_the_seed_changes_the_samples() -> None:
    plan = replace(TINY, controls=False)
    one, two = verify(plan), verify(replace(plan, seed=1))
    assert not np.array_equal(one.cases[0].curves[0].mean, two.cases[0].curves[0].mean)


def test_the_full_plan_is_larger() -> None:
    assert {0.0, 0.5, 0.9, 0.99} <= set(FULL.betas)
    assert FULL.seeds > Plan().seeds
    lengths = {task.iterations for task in tasks(FULL)}
    assert max(lengths) == 100_000
    assert {10, 100, 1000, 10_000} <= {
        t.iterations for t in tasks(FULL) if t.problem == "resisting"
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"claims": ("landings",)}, "claim 'landings' is unknown; did you mean landing"),
        ({"betas": (0.5, 1.0)}, "betas has 1.0; allowed: 0 <= beta < 1"),
        ({"betas": ()}, "betas is empty"),
        ({"iterations": 9}, "iterations = 9; allowed: at least 10"),
        ({"seeds": 1}, "seeds = 1; allowed: at least 2"),
        ({"seed": -1}, "seed = -1; allowed: at least 0"),
        ({"error_probability": 0.0}, "error_probability = 0.0"),
        ({"problems": ("nothing",)}, "problem 'nothing' is unknown; allowed: absolute_regression"),
    ],
)
def test_plans_are_checked(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        replace(Plan(), **change)  # type: ignore[arg-type]


def test_families_take_arguments_by_name() -> None:
    problem = factory("least_squares(dim=70, condition=20.0)")()
    assert len(problem.start) == 70
    assert factory("theory.problems.balls:balls(dim=5)")().start.shape == (5,)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("least_squares(size=3)", "wrong arguments; allowed: least_squares"),
        ("least_squares(3)", "wrong arguments"),
        ("least_squares(dim=", "wrong arguments"),
        ("least_squares(dim=open('x'))", "wrong arguments"),
        ("no.such.module:thing", "cannot be loaded"),
        ("theory.problems:nothing", "cannot be loaded"),
        ("theory.problems:FAMILIES", "not a function"),
    ],
)
def test_wrong_families_are_refused(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        factory(name)


@pytest.mark.slow
def test_the_default_plan_is_good() -> None:
    report = verify(Plan(), jobs=2)
    assert report.ok, report.failures


@pytest.mark.slow
def test_the_full_plan_is_good_on_two_problems() -> None:
    report = verify(replace(FULL, problems=("least_squares", "resisting"), controls=False), jobs=2)
    assert report.ok, report.failures
