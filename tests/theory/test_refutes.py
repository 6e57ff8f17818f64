# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Attacks on ``verify``: false, vacuous and open claims, widened allowances, wrong problems."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, cast

import pytest

from theory import audit, hard
from theory.audit import Audit
from theory.claims.base import Check, Result
from theory.controls import CONTROLS, FINE
from theory.optimum import known
from theory.outcomes import Report
from theory.plan import Plan, tasks
from theory.problems.base import Problem
from theory.theorems import CLAIMS
from theory.theorems.metric import claim as metric
from theory.verdict import _controls, control_reports
from theory.verify import run_task, verify

SHORT = Plan(problems=("absolute_regression",), iterations=20, seeds=4, controls=False)
NUDGED = {control.name for control in FINE}
FEW = (
    "worst lipschitz best ×2 β=0.5 K=10",
    "worst lipschitz last β=0 K=10",
    "trap β=0.5 K=50",
    "trap ×10 β=0 K=10",
    "trap from zero β=0 K=10",
    "trap from zero β=0.5 K=50",
    "trap ×50 β=0.5 K=50",
    "trap from zero ×10 β=0 K=10",
    "trap from zero ×50 β=0.5 K=50",
    "worst lipschitz best from zero β=0 K=10",
    "worst smooth best ×2 β=0 K=2",
    "worst lipschitz best β=0.9 K=10",
)


build = cache(hard.Made.build)
"""Problems do not change, and to build them takes longer than to run them."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of what is made to be hard, each kind that these tests need."""
    kept = {name: made for name, made in hard.listed().items() if name in FEW}
    assert len(kept) == len(FEW)
    monkeypatch.setattr(hard, "listed", lambda: kept)
    monkeypatch.setattr(hard.Made, "build", build)


def judged(*claims: str, **change: Any) -> Report:
    """Return what is found of claims on one family and on what is made to be hard."""
    return verify(replace(SHORT, claims=claims, hard=True, **change))


def wrong(*names: str, **change: Any) -> tuple[str, ...]:
    return judged(*(f"wrong_claims:{name}" for name in names), **change).failures


def test_what_is_made_to_be_hard_is_there() -> None:
    """Every kind of worst case, each β of the store, both kinds of traps."""
    names = " ".join(hard.listed())
    for kind in ("lipschitz best", "lipschitz last", "smooth best", "smooth last", "trap"):
        assert kind in names
    for part in ("×2", "×50", "from zero", "α=0.3", "β=0.99", "β=0.3"):
        assert part in names


@pytest.mark.usefixtures("few")
def test_a_false_rate_of_the_last_iterate_is_refuted() -> None:
    """By the worst case of the last iterate, which is stored: no family refutes it."""
    family = replace(SHORT, problems=("chebyshev_regression",), claims=("wrong_claims:LAST",))
    assert verify(family).ok
    found = wrong("LAST")
    assert any("last fails on worst lipschitz last β=0 K=10 at β=0, step 10" in f for f in found)
    # what fails is not also said to be unchallenged, or checked nowhere
    assert all(" fails on " in text for text in found)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("name", ["SHARP_DRAWN", "SHARP_ANY"])
def test_an_open_rate_is_not_ok(name: str) -> None:
    """Sharp for one function; nothing comes near it where samples are drawn."""
    found = wrong(name, seeds=50)
    (about,) = [text for text in found if "independent samples" in text]
    assert about.startswith(f"{name.lower()} is not challenged, independent samples: at most 0.")


@pytest.mark.usefixtures("few")
def test_a_reason_makes_it_ok_and_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    from theory.report.terminal import make_console, show_report

    report = judged("rate", seeds=50)
    assert report.ok, report.failures
    show_report(report, make_console(width=160))  # so wide that no phrase is broken
    shown = capsys.readouterr().out
    assert "Bounds that no problem here brings near equality" in shown
    assert "independent samples" in shown
    assert "1 of them not challenged in all they say" in " ".join(shown.split())


@pytest.mark.usefixtures("few")
def test_vacuous_claims_are_not_ok() -> None:
    found = wrong("VACUOUS", "FIRST", "NOWHERE")
    assert "vacuous is not challenged: at most 0 of it was reached" in found[1]
    assert any(text.startswith("first is not challenged: at most 0 ") for text in found)
    assert "nowhere was checked nowhere" in found


def test_a_vacuous_identity_catches_nothing() -> None:
    found = verify(replace(SHORT, claims=("wrong_claims:POSING",), controls=True)).failures
    assert any(text.startswith("posing caught no control") for text in found)


@pytest.mark.usefixtures("few")
def test_a_factor_too_weak_for_momentum_is_not_ok() -> None:
    """Near equality without momentum alone."""
    (about,) = wrong("WEAK", problems=("resisting",))
    assert about.startswith("weak is not challenged, with momentum: at most 0.")


@pytest.mark.usefixtures("few")
def test_a_bound_that_is_called_rounding_is_not_ok() -> None:
    (about,) = wrong("CALLED_ROUNDING", seeds=50)
    assert about.startswith("called_rounding was checked nowhere: it allows ")
    assert about.endswith(", which is no rounding")


@pytest.mark.usefixtures("few")
def test_what_a_check_says_is_compared_with_what_it_measured() -> None:
    found = wrong("LYING", seeds=50)
    assert found
    assert all(text.startswith("lying fails on ") for text in found)
    assert all("the check says that it holds" in text for text in found)


def test_no_claim_takes_the_name_of_another() -> None:
    with pytest.raises(ValueError, match="claims has 'wrong_claims:SAME_NAME', whose name 'rate'"):
        replace(SHORT, claims=("rate", "wrong_claims:SAME_NAME"))


@pytest.mark.usefixtures("few")
def test_no_claim_changes_what_others_see() -> None:
    found = wrong("CHANGING", "LAST")
    assert any("claim changing raised ValueError" in text for text in found)


def test_less_than_near_needs_a_reason() -> None:
    with pytest.raises(ValueError, match=r"reached = 0\.5 < 0\.9 needs a reason"):
        replace(CLAIMS["sharp_rate"], reached=0.5)
    with pytest.raises(ValueError, match=r"reached = 1\.5; allowed"):
        replace(CLAIMS["sharp_rate"], reached=1.5)


BOUNDS = (
    "summed",
    "gradient_bound",
    "rate",
    "rate_first_term",
    "rate_two_ends",
    "sharp_rate",
    "smooth",
    "smooth_linear",
    "frozen_rate",
    "frozen_sharp_rate",
    "growing_sharp_rate",
)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("name", BOUNDS)
def test_bounds_are_reached(name: str) -> None:
    """With what is made to be hard alone, on functions that are not drawn."""
    report = judged(name, problems=("resisting",))
    assert report.ok, report.failures
    assert all(each.ratio >= each.needed for each in report.challenges)


@dataclass
class Halved:
    """A check whose bound is twice as large."""

    inner: Check

    def observe(self, step: audit.Step) -> None:
        self.inner.observe(step)

    def findings(self) -> list[Result]:
        return [(holds, m, 2 * a, k, note) for holds, m, a, k, note in self.inner.findings()]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("name", BOUNDS)
def test_bounds_twice_as_large_are_not_reached(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = CLAIMS[name]
    wide = replace(right, monitor=lambda case: Halved(right.monitor(case)))
    monkeypatch.setitem(CLAIMS, name, wide)
    found = judged(name, problems=("resisting",)).failures
    most = f"{name} is not challenged: at most 0."
    assert any(text.startswith(most) for text in found), found


def test_a_known_minimiser_is_checked() -> None:
    made = hard.listed()["trap ×10 β=0 K=10"].build()
    problem = cast(Problem, made)
    assert known(problem, made.solution).objections == ()
    (found,) = known(problem, made.solution + 0.1).objections
    assert found.startswith("no x minimises every f_i")


def pinned(claim: str) -> tuple[str, ...]:
    """Return the objections to the controls that pin a claim; no others are run."""
    plan = replace(SHORT, claims=(claim,), controls=True)
    fine = [task for task in tasks(plan) if task.control in NUDGED]
    return tuple(_controls(plan, control_reports([run_task(task) for task in fine])))


def widened(monkeypatch: pytest.MonkeyPatch, name: str, factor: float) -> None:
    """Multiply what a step allows."""
    right = Audit.observe

    def observe(self: Audit, *given: Any) -> audit.Step:
        step = right(self, *given)
        return replace(step, **{name: factor * getattr(step, name)})

    monkeypatch.setattr(Audit, "observe", observe)


@pytest.mark.parametrize(
    ("claim", "control"), [(claim, control.name) for control in FINE for claim in control.by]
)
def test_what_is_off_by_little_is_caught(claim: str, control: str) -> None:
    assert control in CONTROLS
    assert pinned(claim) == ()


@pytest.mark.parametrize(
    ("allowed", "claim", "control"),
    [
        ("fejer_error", "fejer", "fejer_nudged"),
        ("landing_error", "landing", "landing_nudged"),
        ("gap_error", "sps", "sps_nudged"),
        ("gap_error", "online_bound", "online_bound_nudged"),
        ("extent", "sgd_m", "sgd_m_nudged"),
        ("landing_error", "norm_recursion", "norm_recursion_nudged"),
    ],
)
def test_an_allowance_a_hundred_times_as_large_is_noticed(
    allowed: str, claim: str, control: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    widened(monkeypatch, allowed, 100)
    assert f"control {control} was not caught by {claim}" in pinned(claim)


@pytest.mark.parametrize("kind", ["frozen", "growing"])
def test_an_allowance_in_a_metric_is_noticed(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = metric.MetricAudit.observe

    def observe(self: metric.MetricAudit, step: audit.Step) -> metric.Measured:
        found = right(self, step)
        return replace(found, error=100 * found.error)

    monkeypatch.setattr(metric.MetricAudit, "observe", observe)
    objection = f"control {kind}_fejer_nudged was not caught by {kind}_fejer"
    assert objection in pinned(f"{kind}_fejer")


def test_all_that_is_compared_with_rounding_is_pinned() -> None:
    pins = {claim for control in FINE for claim in control.by}
    errors = {name for name, claim in CLAIMS.items() if claim.allowance}
    # The certificate needs no run: a problem that is a little wrong is its control.
    assert errors - {"certificate"} <= pins
    assert all(CONTROLS[control.name] is control for control in FINE)


def test_a_run_whose_steps_are_all_held_is_objected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "RESOLUTION", 0.0)
    found = verify(replace(SHORT, claims=("rate",))).failures
    assert any("were held although their samples had gradients" in text for text in found)
    assert any("were held; allowed: 0.02 of them" in text for text in found)


def test_no_more_than_a_problem_says_is_held() -> None:
    """Of balls a quarter is, once it is solved, and that is what it says."""
    plan = replace(SHORT, problems=("balls",), claims=("landing",), iterations=300, seeds=10)
    report = verify(plan)
    assert report.ok, report.failures
    (case,) = report.cases
    assert case.unexcused == 0
    assert 0.02 < case.held / case.run_steps < case.most_held == 0.4


@pytest.mark.usefixtures("few")
def test_a_claim_in_expectation_is_not_compared_in_a_given_order() -> None:
    report = judged("wrong_claims:SHARP_DRAWN", "landing")
    findings = [f for case in report.hard for f in case.findings if f.claim == "sharp_drawn"]
    assert {(f.holds, f.note) for f in findings} == {(None, "needs samples that are drawn")}


def test_whoever_raises_is_named_with_file_and_line() -> None:
    (error,) = verify(replace(SHORT, claims=("wrong_claims:RAISING",))).failures
    assert error.startswith("claim raising raised ZeroDivisionError: nobody can divide this (")
    assert "wrong_claims.py:" in error
    assert "in raising)" in error
