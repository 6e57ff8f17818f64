# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Problems, their curves, and what was found on each, on the page of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from theory.outcomes import CaseReport, Report
from theory.plan import Plan
from theory.report import plots, rate_plots, summary
from theory.report.attained import attained_fits
from theory.report.findings_page import findings, made_to_be_hard
from theory.report.links import heading, link, mark
from theory.report.markup import drawing, table


def problems(report: Report) -> str:
    """Return the section of the problems: optimum, constants and certificate of each."""
    rows = []
    for name, case in summary.problem_cases(report).items():
        if case is None:
            missing = '<b class="bad">no result</b>'
            place = f"<span{mark('problem', name)}>{escape(name)}</span>"
            rows.append((place, missing, *[""] * 8))
            continue
        optimum, smoothness = case.optimum, case.constants.smoothness
        verdict = '<b class="good">certified</b>'
        if not optimum.certified:
            objections = escape("; ".join(optimum.objections))
            verdict = f'<b class="bad">refused</b> {objections}'
        numbers = (
            optimum.value,
            optimum.distance,
            case.constants.gradient,
            np.nan if smoothness is None else smoothness,
            optimum.residual,
            optimum.tolerance,
        )
        sizes = (str(case.samples), str(case.dim))
        cells = (escape(summary.number(value)) for value in numbers)
        place = f"<span{mark('problem', name)}>{link('runs', name)}</span>"
        rows.append((place, verdict, *sizes, *cells))
    headers = ("problem", "optimum", "N", "n", "f*", "D", "G", "L", "residual", "allowed")
    kinds = ("", "", *["number"] * 8)
    return (
        f"{heading(2, 'Problems', 'problems')}\n{table(headers, rows, kinds)}\n"
        '<p class="soft">D = ‖x<sup>1</sup> − x*‖ for the nearest minimiser x*; G bounds the root'
        " mean square of the gradients on the ball around x* with radius D; L is a smoothness"
        " constant, where every f(·,s) has one. The residual is the largest of duality gap, KKT"
        " residual and interpolation error, with a dual bound of our own.</p>\n"
        + _exponents(report)
    )


def _exponents(report: Report) -> str:
    found = {
        name: summary.exponents(case)
        for name, case in summary.problem_cases(report).items()
        if case is not None and summary.exponents(case)
    }
    if not found:
        return ""
    betas = sorted({beta for row in found.values() for beta in row})
    used = summary.rate_used(report)
    rows = [
        (
            link("problem", name),
            *(escape(summary.exponent_text(row.get(beta))) for beta in betas),
            escape(summary.quotient(used.get(name, np.nan))),
        )
        for name, row in found.items()
    ]
    headers = ("problem", *(f"β = {beta:g}" for beta in betas), "tightness")
    kinds = ("", *["number"] * (len(betas) + 1))
    return (
        f"{heading(3, 'Measured decay', 'decay')}\n"
        "<p>The exponent of min<sub>k≤K</sub> E[f(x<sup>k</sup>) − f*] in K, fitted over the run"
        " with a 95 % interval over the seeds; the bound’s is −1/2. The theorem bounds the value,"
        " not the exponent: a slow start may leave it above −1/2 for a while. Tightness is the"
        " largest part of the paper’s bound reached by the confidence limit, over β and K.</p>\n"
        + table(headers, rows, kinds)
    )


def curves(report: Report, made: Mapping[str, str]) -> str:
    """Return the section of the curves; ``made`` are `theory.report.plots.figures`, as SVG."""
    parts = [heading(2, "Curves", "curves")]
    if "overview" in made:
        caption = (
            "The theorem keeps the smallest value up to K below the bound at K. Ratios below"
            f" 10<sup>−{plots.DECADES}</sup> are cut off, and curves end where what is left is"
            " within the certificate’s tolerance."
        )
        parts.append(drawing(made["overview"], caption))
    if "rates" in made:
        parts.append(heading(3, rate_plots.TITLE, "rates"))
        parts.append(drawing(made["rates"], rate_plots.CAPTION))
    if "attained" in made:
        lines = ", ".join(
            f"{fit.slope:.6f} at β = {fit.beta:g}".replace("-", "−")
            for fit in attained_fits(report.cases)
            if np.isfinite(fit.slope)
        )
        slope = f" Fitted exponents in K: {lines}; the theory says −1/2 at β = 0." if lines else ""
        caption = (
            "For every K there is a convex, G-Lipschitz function on which no method that moves"
            " along the gradients it has seen gets below GD/√K in K steps; MoMo with β = 0 gets"
            f" exactly there.{slope}"
        )
        parts.append(heading(3, "Where the rate is attained", "attained"))
        parts.append(drawing(made["attained"], caption))
    return "\n".join(parts) if len(parts) > 1 else ""


def details(report: Report, made: Mapping[str, str]) -> str:
    """Return the section with what was found on each problem; where a claim fails it is open."""
    groups: dict[str, list[tuple[str, CaseReport]]] = {}
    for place, case in zip(summary.places(report.cases), report.cases, strict=True):
        groups.setdefault(case.problem, []).append((place, case))
    if not (groups or report.hard):
        return ""
    parts = [heading(2, "Problem by problem", "runs")]
    parts += [_details(name, cases, report.plan, made) for name, cases in groups.items()]
    if report.hard:
        parts.append(made_to_be_hard(report.hard, report.plan))
    return "\n".join(parts)


def _details(
    problem: str, cases: Sequence[tuple[str, CaseReport]], plan: Plan, made: Mapping[str, str]
) -> str:
    found = [finding for _, case in cases for finding in case.findings]
    failed = sum(finding.holds is False for finding in found)
    held = sum(finding.holds is not None for finding in found)
    tone, text = ("bad", f"{failed} FAIL") if failed else ("good", f"{held} hold")
    svg = made.get(plots.problem_name(problem))
    # The place is inside, so that a link to it opens what is folded.
    return (
        f"<details{' open' if failed else ''}><summary><b>{escape(problem)}</b>"
        f'<span class="{tone}">{text}</span></summary>\n'
        f"<p{mark('runs', problem)}>{link('problem', problem, 'optimum and constants')}</p>\n"
        f"{drawing(svg) if svg else ''}\n{findings(cases, plan)}</details>"
    )
