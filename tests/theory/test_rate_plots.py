# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What claims measured beside their bounds, and how it is drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from theory_cases import small_case

from theory.case import Setting
from theory.claims.curves import BoundCurve, kept
from theory.claims.expectation import Curve
from theory.engine import simulate
from theory.methods import METHODS
from theory.outcomes import Report
from theory.plan import Plan
from theory.report import html, plots, rate_plots
from theory.theorems import CLAIMS
from theory.verify import verify

PROBLEMS = ("disagreement", "parabola", "maximum_norm")
NAMES = ("any_bound", "smooth_capped", "rate_capped", "landing", "sps")


@pytest.fixture(scope="module")
def report() -> Report:
    return verify(Plan(problems=PROBLEMS, claims=NAMES, iterations=40, seeds=10, controls=False))


def test_curves_are_kept_of_the_settings_that_a_claim_speaks_of() -> None:
    chosen = (Setting(0.0), Setting(0.5, 0.01, -1.0), Setting(0.9), Setting(0.9, 0.02, -1.0))
    case = small_case("disagreement", chosen, seeds=3, iterations=20)
    claim = CLAIMS["any_bound"]
    check = claim.check(case)
    assert check is not None
    simulate(case, METHODS["momo_any_bound"](case), [check])
    found = list(kept(claim, case, check))
    assert [curve.setting for curve in found] == [chosen[1], chosen[3]]
    assert {curve.claim for curve in found} == {"any_bound"}
    for curve, row in zip(found, (1, 3), strict=True):
        beta, lr = case.beta[row, 0], case.lr[row, 0]
        last = curve.curve.bound[-1]
        # D = G = 1, K = 20
        assert last == pytest.approx(1 / (40 * lr) + lr * (0.5 + beta / (1 - beta)), rel=1e-6)


def test_a_check_without_curves_keeps_none() -> None:
    case = small_case("parabola", iterations=3)
    assert list(kept(CLAIMS["landing"], case, CLAIMS["landing"].check(case))) == []
    assert list(kept(CLAIMS["any_bound"], case, None)) == []


def test_verify_keeps_the_curves(report: Report) -> None:
    found = rate_plots.curves_of(report.cases)
    assert set(found) == {"any_bound", "smooth_capped", "rate_capped"}
    assert {curve.problem for curve in found["any_bound"]} == {"disagreement", "maximum_norm"}
    assert {curve.problem for curve in found["smooth_capped"]} == {"parabola"}
    for curves in found.values():
        for curve in curves:
            assert (curve.found.curve.measured <= curve.found.curve.bound).all()
            assert np.all(np.diff(curve.found.curve.steps) > 0)


def test_the_nearest_setting_and_problem_come_first() -> None:
    def made(problem: str, beta: float, *measured: float) -> rate_plots.Nearest:
        curve = Curve(np.arange(1.0, 3.0), np.array(measured), np.array([1.0, 2.0]))
        return rate_plots.Nearest(problem, BoundCurve("rate", Setting(beta), curve))

    curves = [made("a", 0.0, 0.1, 0.1), made("b", 0.0, 0.2, 1.6), made("a", 0.5, 0.9, 0.1)]
    best = rate_plots.nearest(curves)
    assert list(best) == ["a", "b"]
    assert best["a"].largest == 0.9
    assert best["b"].largest == 0.8


def test_the_figure_has_a_column_of_two_panels_for_each_claim(report: Report) -> None:
    figure = rate_plots.rates(report, plots.palette(report))
    assert figure is not None
    visible = [axes for axes in figure.axes if axes.get_visible()]
    titles = [axes.get_title() for axes in visible]
    assert len(visible) == 6
    assert "any_bound\non disagreement" in titles
    assert "smooth_capped\non parabola" in titles
    above = visible[titles.index("any_bound\non disagreement")]
    lines = above.get_lines()
    # A curve and its bound for each of the two β.
    assert len(lines) == 4
    below = visible[3 + titles.index("any_bound\non disagreement")]
    black = [line for line in below.get_lines() if line.get_color() == "black"]
    ratio = np.asarray(black[0].get_ydata())
    assert below.get_title() == f"nearest: {np.nanmax(ratio):.3f}"
    assert np.nanmax(ratio) == pytest.approx(1, abs=1e-6)


def test_curves_that_vanish_can_be_drawn(report: Report) -> None:
    nothing = [
        replace(case, rates=tuple(_zero(curve) for curve in case.rates)) for case in report.cases
    ]
    figure = rate_plots.rates(replace(report, cases=tuple(nothing)), plots.palette(report))
    assert figure is not None
    assert plots.rendered(figure, "svg")


def _zero(curve: BoundCurve) -> BoundCurve:
    return replace(curve, curve=replace(curve.curve, measured=0 * curve.curve.measured))


def test_no_curves_no_figure(report: Report) -> None:
    bare = replace(report, cases=tuple(replace(case, rates=()) for case in report.cases))
    assert rate_plots.rates(bare, plots.palette(report)) is None


def test_the_papers_bound_is_not_drawn_without_interpolation(report: Report) -> None:
    made = plots.figures(report)
    assert "rates" in made
    assert rate_plots.CAPTION in html.page(report)
    assert {name for name in made if name.startswith("problem_")} == {
        "problem_maximum_norm",
        "problem_parabola",
    }
