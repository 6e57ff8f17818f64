# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A report as one HTML file that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from theory.audit import RESOLUTION
from theory.claims.base import Finding
from theory.files import write
from theory.outcomes import CaseReport, Report
from theory.plan import RIGHT, Plan
from theory.report import plots, rate_plots, summary
from theory.report.attained import attained_fits
from theory.report.markup import literals, mathematics, picture, table, word
from theory.report.style import CSS
from theory.theorems import theorems_of

PAPER = "https://arxiv.org/abs/2305.07583"
PACKAGES = ("numpy", "scipy", "cvxpy", "clarabel", "PEPit", "z3-solver", "sympy", "matplotlib")
FIRST_FAILURES = 20
"""How many are shown at once; the others are folded away."""


@dataclass(frozen=True)
class Section:
    """A part of the page that follows the claims, with its verdict for the page's head."""

    headline: str
    good: bool
    text: str


def write_html(report: Report, path: Path, more: Sequence[Section] = ()) -> None:
    """Write the report to a file, which is replaced in one piece."""
    write(path, page(report, more).encode())


def page(report: Report, more: Sequence[Section] = ()) -> str:
    """Return the report as an HTML document; ``more`` are sections that follow the claims."""
    good = report.ok and all(section.good for section in more)
    made = {name: plots.rendered(figure, "svg") for name, figure in plots.figures(report).items()}
    sections = [
        _head(report, more),
        _run(report),
        HOW_TO_READ,
        _claims(report),
        _challenges(report),
        *(section.text for section in more),
        _problems(report),
        _curves(report, made),
        _details(report, made),
        _controls(report),
        _limits(report),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>MoMo convergence: {'OK' if good else 'FAILED'}</title>\n"
        f"<style>{CSS}</style>\n</head>\n<body>\n" + "\n".join(sections) + "\n</body>\n</html>\n"
    )


def _head(report: Report, more: Sequence[Section]) -> str:
    tone = "good" if report.ok else "bad"
    parts = [
        "<h1>MoMo’s convergence theorem, checked on problems with certified optima</h1>",
        f'<p class="verdict {tone}">{escape(summary.headline(report))}</p>',
    ]
    for section in more:
        tone = "good" if section.good else "bad"
        parts.append(f'<p class="verdict {tone}">{escape(section.headline)}</p>')
    if report.failures:
        items = [f"<li>{escape(failure)}</li>" for failure in report.failures]
        parts.append(f'<ul class="bad">{"".join(items[:FIRST_FAILURES])}</ul>')
        if len(items) > FIRST_FAILURES:
            rest = items[FIRST_FAILURES:]
            parts.append(
                f"<details><summary>{len(rest)} more</summary>"
                f'<ul class="bad">{"".join(rest)}</ul></details>'
            )
    return "\n".join(parts)


def _run(report: Report) -> str:
    plan = report.plan
    steps, seconds = summary.run_steps(report)
    speed = f", {steps / seconds:,.0f} a second and process" if seconds > 0 else ""
    count = summary.comparisons(report)
    lines = {
        "time": f"{summary.duration(report.seconds)}; {steps:,} steps of runs{speed}",
        "problems": ", ".join(plan.problems),
        "momentum": "β = " + ", ".join(f"{beta:g}" for beta in plan.betas),
        "runs": f"{plan.seeds} of each setting, K = {plan.iterations:,}, seed {plan.seed}",
        "steps": f"of {steps:,} in all {summary.held_text(report)}",
        "controls": ", ".join(control.name for control in report.controls) or "none",
        "in expectation": f"{count} comparisons, each wrongly accepted with probability at most"
        f" {plan.error_probability:g}: at most {summary.error_probability(report):.2g} for any",
        "with": ", ".join(versions()),
    }
    if plan.long_iterations:
        longer = f"; and {plan.long_seeds} with K = {plan.long_iterations:,}"
        lines["runs"] += longer
    items = "".join(f"<dt>{label}</dt><dd>{escape(value)}</dd>" for label, value in lines.items())
    return f"<h2>What was run</h2>\n<dl>{items}</dl>"


def versions() -> list[str]:
    """Return the versions of what the result depends on, and the kind of machine."""
    found = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package}: unknown")
    return [*found, f"{platform.system()} {platform.machine()}"]


HOW_TO_READ = f"""<h2>How to read this</h2>
<p>The theorem of the <a href="{PAPER}">MoMo paper</a> says how fast MoMo with β fixed, no cap
(α = ∞) and f<sub>*</sub> = f* converges on convex functions that share a minimiser. Its proof is a
chain of statements; each is a <em>claim</em> here. Path-wise claims are checked at every step of
every run, statements in expectation with a confidence limit over independent runs.</p>
<p>A check compares a <em>measured</em> quantity with what is <em>allowed</em>. Where equality, or a
sign, is claimed, what is allowed is the rounding derived in the claim’s own file, and the ratio
tells how much of it was used. Where a bound is claimed, the ratio tells how tight it is: 1 means
that it is reached. Above 1, the claim fails.</p>
<p>A check that cannot fail shows nothing. So broken methods and broken problems (<em>controls</em>)
go through the same checks; each must be caught, and each check must catch one.</p>"""


def _claims(report: Report) -> str:
    total = sum(control.name != RIGHT for control in report.controls)
    rows = []
    for row in summary.claim_summaries(report):
        worst, used = "", ""
        if row.worst is not None:
            worst = f"{escape(row.place)}<br>{escape(row.worst.setting)}"
            used = escape(summary.ratio_text(row.worst))
            if row.allowance:
                used += f'<br><span class="soft">of {row.allowance}</span>'
        caught = f"{len(row.controls)} of {total}" if total else "–"
        rows.append(
            (
                f"<b>{escape(row.title)}</b><br><code>{escape(row.name)}</code>",
                f"{mathematics(row.statement)}<br>"
                f'<small class="soft">{escape(_footing(row))}</small>',
                word(row.verdict),
                f"{row.problems} × {row.settings}" if row.settings else "–",
                worst,
                used,
                f'<span title="{escape(", ".join(row.controls))}">{caught}</span>',
            )
        )
    headers = ("claim", "statement and source", "verdict", "on", "worst at", "ratio", "caught")
    kinds = ("", "wide", "", "name", "name", "number", "number")
    return (
        f"<h2>Claims</h2>\n{table(headers, rows, kinds)}\n"
        '<p class="soft">on: problems × settings in all. ratio: the largest of measured / allowed.'
        " caught: how many of the controls.</p>"
    )


def _challenges(report: Report) -> str:
    rows = [tuple(map(escape, row)) for row in summary.challenge_rows(report)]
    if not rows:
        return ""
    headers = ("claim", "where", "reached", "on", "why")
    return (
        "<h3>Bounds that no problem here brings near equality</h3>\n"
        + table(headers, rows, ("name", "", "number", "name", ""))
        + '<p class="soft">Reached: the largest part of the bound that a problem reached, for'
        " K ≥ 2. Of these a smaller bound may be true.</p>"
    )


def _footing(row: summary.ClaimSummary) -> str:
    """Return of what kind a claim is, where it is from, and which theorems prove it."""
    proven = ", ".join(theorem.name for theorem in theorems_of(row.name))
    parts = [row.kind, row.source, f"proven in {proven}" if proven else ""]
    return " · ".join(part for part in parts if part)


def _problems(report: Report) -> str:
    rows = []
    for name, case in summary.problem_cases(report).items():
        if case is None:
            missing = '<span class="word bad">no result</span>'
            rows.append((escape(name), missing, *[""] * 8))
            continue
        optimum, smoothness = case.optimum, case.constants.smoothness
        verdict = '<span class="word good">certified</span>'
        if not optimum.certified:
            objections = escape("; ".join(optimum.objections))
            verdict = f'<span class="word bad">refused</span> {objections}'
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
        rows.append((escape(name), *sizes, *cells, verdict))
    headers = ("problem", "N", "n", "f*", "D", "G", "L", "residual", "allowed", "optimum")
    kinds = ("name", *["number"] * 8)
    return (
        f"<h2>Problems</h2>\n{table(headers, rows, kinds)}\n"
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
            escape(name),
            *(escape(summary.exponent_text(row.get(beta))) for beta in betas),
            escape(summary.quotient(used.get(name, np.nan))),
        )
        for name, row in found.items()
    ]
    headers = ("problem", *(f"β = {beta:g}" for beta in betas), "tightness")
    kinds = ("name", *["number"] * (len(betas) + 1))
    return (
        "<h3>Measured decay</h3>\n"
        "<p>The exponent of min<sub>k≤K</sub> E[f(x<sup>k</sup>) − f*] in K, fitted over the run"
        " with a 95 % interval over the seeds; the bound’s is −1/2. The theorem bounds the value,"
        " not the exponent: a slow start may leave it above −1/2 for a while. Tightness is the"
        " largest part of the paper’s bound reached by the confidence limit, over β and K.</p>\n"
        + table(headers, rows, kinds)
    )


def _curves(report: Report, made: dict[str, bytes]) -> str:
    parts = ["<h2>Curves</h2>"]
    if "overview" in made:
        about = "suboptimality over the paper's bound, one panel a problem"
        parts.append(
            f"<figure>{picture(made['overview'], about)}<figcaption>The theorem keeps the smallest"
            " value up to K below the bound at K. Ratios below"
            f" 10<sup>−{plots.DECADES}</sup> are cut off, and curves end where what is left is"
            " within the certificate’s tolerance.</figcaption></figure>"
        )
    if "rates" in made:
        about = "what was measured and the bound, one column a claim"
        drawn = f"{picture(made['rates'], about)}<figcaption>{rate_plots.CAPTION}</figcaption>"
        parts.append(f"<h3>{rate_plots.TITLE}</h3>\n<figure>{drawn}</figure>")
    fits = attained_fits(report.cases)
    if "attained" in made:
        lines = ", ".join(
            f"{fit.slope:.6f} at β = {fit.beta:g}".replace("-", "−")
            for fit in fits
            if np.isfinite(fit.slope)
        )
        slope = f" Fitted exponents in K: {lines}; the theory says −1/2 at β = 0." if lines else ""
        parts.append(
            f"<h3>Where the rate is attained</h3>\n<figure>"
            f"{picture(made['attained'], 'value left on the resisting functions against K')}"
            "<figcaption>For every K there is a convex, G-Lipschitz function on which no method"
            " that moves along the gradients it has seen gets below GD/√K in K steps; MoMo with"
            f" β = 0 gets exactly there.{slope}</figcaption></figure>"
        )
    return "\n".join(parts) if len(parts) > 1 else ""


def _details(report: Report, made: dict[str, bytes]) -> str:
    groups: dict[str, list[tuple[str, CaseReport]]] = {}
    for place, case in zip(summary.places(report.cases), report.cases, strict=True):
        groups.setdefault(case.problem, []).append((place, case))
    for place, case in zip(summary.places(report.hard), report.hard, strict=True):
        groups.setdefault(f"made to be hard: {case.problem}", []).append((place, case))
    parts = ["<h2>Problem by problem</h2>"]
    for problem, cases in groups.items():
        findings = [finding for _, case in cases for finding in case.findings]
        failed = sum(finding.holds is False for finding in findings)
        compared = sum(finding.holds is not None for finding in findings)
        tone, text = ("bad", f"{failed} FAIL") if failed else ("good", f"{compared} hold")
        svg = made.get(plots.problem_name(problem))
        figure = ""
        if svg is not None:
            figure = f"<figure>{picture(svg, f'curves of {problem}')}</figure>"
        table = _findings(cases, report.plan)
        parts.append(
            f"<details{' open' if failed else ''}><summary><b>{escape(problem)}</b>"
            f'<span class="{tone}">{text}</span></summary>\n{figure}\n{table}</details>'
        )
    return "\n".join(parts) if groups else ""


def _findings(cases: Sequence[tuple[str, CaseReport]], plan: Plan) -> str:
    several = len({place for place, _ in cases}) > 1
    rows = []
    for _, case in cases:
        for settings, finding in grouped(case.findings):
            verdict = '<span class="soft">–</span>'
            if finding.holds is not None:
                verdict = word(summary.finding_verdict(finding))
            known = plan.chosen.get(finding.claim)
            units = escape(known.units) if known else ""
            rows.append(
                (
                    *([f"{case.iterations:,}"] if several else []),
                    f'<span title="{units}">{escape(finding.claim)}</span>',
                    escape(settings),
                    verdict,
                    *(escape(cell) for cell in summary.finding_cells(finding)),
                )
            )
    headers = ["claim", "setting", "", "measured", "allowed", "ratio", "at step", "note"]
    kinds = ["name", "", "", *["number"] * 4, ""]
    if several:
        headers, kinds = ["K", *headers], ["number", *kinds]
    return table(headers, rows, kinds)


def grouped(findings: Iterable[Finding]) -> list[tuple[str, Finding]]:
    """Return (settings, finding), with the settings joined of which the same was found."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        what = finding.holds, finding.measured, finding.allowed, finding.step, finding.note
        alike.setdefault((finding.claim, repr(what)), []).append(finding)
    return [("; ".join(f.setting for f in found), found[0]) for found in alike.values()]


def _controls(report: Report) -> str:
    if not report.controls:
        return "<h2>Controls</h2>\n<p>None were run: it is not shown that the checks can fail.</p>"
    caught = [claim for control in report.controls for claim in control.caught_by]
    claims = list(dict.fromkeys([*report.plan.chosen, *caught]))
    head = "".join(f'<th scope="col" class="turned"><span>{escape(c)}</span></th>' for c in claims)
    rows = []
    for control in report.controls:
        cells = []
        for claim in claims:
            places = control.caught_by.get(claim, "")
            if places:
                kind = "wrong" if control.name == RIGHT else "caught"
                count = len(places.split(", "))
                cells.append(f'<td class="cell {kind}" title="{escape(places)}">{count}</td>')
            else:
                ran = summary.was_run(control.name, claim, report.plan)
                cells.append(f'<td class="cell {"ran" if ran else ""}"></td>')
        verdict, _ = summary.control_verdict(control, report.plan)
        rows.append(
            f'<tr><th scope="row" class="name">{escape(control.name)}</th>'
            f"<td>{literals(summary.wrong(control))}</td>"
            f"<td>{word(verdict)}</td>{''.join(cells)}</tr>"
        )
    return (
        '<h2>Controls</h2>\n<div class="scroll"><table class="matrix">\n<thead><tr>'
        f'<th scope="col">control</th><th scope="col">what is wrong</th><th scope="col"></th>{head}'
        "</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>\n"
        '<p class="soft">A number: the check objected, on so many problems (their names show on'
        " hovering). An empty grey field: it ran and did not object. White: it speaks of another"
        " method, and was not run.</p>"
    )


def _limits(report: Report) -> str:
    return f"""<h2>What this does not show</h2>
<ul>
<li>The runs are checks on these problems. What holds there may fail on another convex function;
that it does not is what the theorems say, in exact arithmetic.</li>
<li>All runs are in float64. The allowances for rounding are first-order in the unit roundoff; they
are derived in each claim’s file and in <code>theory/audit.py</code>.</li>
<li>A step is held, not taken, where rounding alone may move x by more than {RESOLUTION:g} D, as it
happens when d<sub>k</sub> has died out and h<sub>k</sub> − f* is rounding over a vanishing norm.
Nothing is claimed of such steps.</li>
<li>Statements in expectation are accepted on the strength of a confidence limit over
{report.plan.seeds} runs, each with error probability at most
{report.plan.error_probability:g}. What is bounded is the mean of E[f(x<sup>k</sup>) − f*] over
k ≤ K, which is at least the minimum.</li>
<li>G is an upper bound of the paper’s constant, the maximum over the ball; with the constant
itself, the bounds would be tighter.</li>
<li>The positive part in the step is covered by no control: with f<sub>*</sub> = f* and
interpolation it never acts.</li>
</ul>"""
