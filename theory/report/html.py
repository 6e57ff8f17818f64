# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A report as one HTML file that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from theory.audit import RESOLUTION
from theory.files import write
from theory.outcomes import Report
from theory.report import claims_page, plots, problems_page, statements_page, summary, svg
from theory.report.links import contents, heading, link, objection, settled
from theory.report.markup import PAPER, column_rules, unclosed
from theory.report.style import CSS

PACKAGES = ("numpy", "scipy", "cvxpy", "clarabel", "PEPit", "z3-solver", "sympy", "matplotlib")
FIRST_FAILURES = 8
"""How many are shown at once; the others are folded away."""

ABOUT = {
    "overview": "suboptimality over the paper's bound, one panel a problem",
    "rates": "what was measured and the bound, one column a claim",
    "attained": "value left on the resisting functions against K",
}
"""What figures show, for those who do not see them."""


@dataclass(frozen=True)
class Section:
    """A part of the page that follows the claims, with its verdict for the page's head.

    Attributes
    ----------
    headline, good
        The verdict in words, and whether all is as it must be.
    text
        The part, as HTML.
    name
        The identifier of its heading.
    objections
        What is wrong, a line each, as HTML.
    """

    headline: str
    good: bool
    text: str
    name: str
    objections: tuple[str, ...] = ()


def write_html(report: Report, path: Path, more: Sequence[Section] = ()) -> None:
    """Write the report to a file, which is replaced in one piece."""
    write(path, page(report, more).encode())


def page(report: Report, more: Sequence[Section] = ()) -> str:
    """Return the report as an HTML document; ``more`` are sections that follow the claims."""
    good = report.ok and all(section.good for section in more)
    made = {
        name: svg.inline(figure, f"f{number}", ABOUT.get(name, f"curves of {name}"))
        for number, (name, figure) in enumerate(plots.figures(report).items())
        if name != "controls"  # a table here
    }
    body = "\n".join(
        [
            _run(report),
            HOW_TO_READ,
            claims_page.claims(report),
            *(section.text for section in more),
            problems_page.problems(report),
            problems_page.curves(report, made),
            problems_page.details(report, made),
            claims_page.controls(report),
            statements_page.section(report.plan.chosen.values()),
            _limits(report),
        ]
    )
    title = f"<title>MoMo convergence: {'OK' if good else 'FAILED'}</title>"
    style = f"<style>{CSS}{column_rules()}</style>"
    listed = contents(body)
    beside = (
        f'<nav class="contents" aria-label="Contents"><p><a href="#top">Top</a></p>{listed}</nav>'
    )
    folded = f'<details class="folded contents"><summary>Contents</summary>{listed}</details>'
    whole = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{META}\n{title}\n{style}\n</head>\n'
        f'<body id="top">\n<header>\n{_head(report, more)}\n{folded}\n</header>\n'
        f"{beside}\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
    return svg.shared(unclosed(settled(whole)))


META = """<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">"""


def _head(report: Report, more: Sequence[Section]) -> str:
    found = [objection(failure) for failure in report.failures]
    parts = [
        "<h1>MoMo’s convergence theorem, checked on problems with certified optima</h1>",
        _verdict(summary.headline(report), report.ok, "claims", found),
    ]
    parts += [_verdict(s.headline, s.good, s.name, s.objections) for s in more]
    return "\n".join(parts)


def _verdict(headline: str, good: bool, name: str, objections: Sequence[str]) -> str:
    """Return a verdict that leads to its section, and the first of what there is to object to."""
    tone = "good" if good else "bad"
    said = f'<p class="verdict {tone}"><a href="#{name}">{escape(headline)}</a></p>'
    items = [f"<li>{each}</li>" for each in objections]
    if items:
        said += f'\n<ul class="bad">{"".join(items[:FIRST_FAILURES])}</ul>'
    if rest := items[FIRST_FAILURES:]:
        said += (
            f"\n<details><summary>{len(rest)} more</summary>"
            f'<ul class="bad">{"".join(rest)}</ul></details>'
        )
    return said


def _run(report: Report) -> str:
    plan = report.plan
    steps, seconds = summary.run_steps(report)
    speed = f", {steps / seconds:,.0f} a second and process" if seconds > 0 else ""
    count = summary.comparisons(report)
    lines: dict[str, str] = {
        "time": f"{summary.duration(report.seconds)}; {steps:,} steps of runs{speed}",
        "problems": ", ".join(link("problem", name) for name in plan.problems),
        "momentum": "β = " + ", ".join(f"{beta:g}" for beta in plan.betas),
        "runs": f"{plan.seeds} of each setting, K = {plan.iterations:,}, seed {plan.seed}",
        "steps": escape(f"of {steps:,} in all {summary.held_text(report)}"),
        "controls": ", ".join(link("control", each.name) for each in report.controls) or "none",
        "in expectation": f"{count} comparisons, each wrongly accepted with probability at most"
        f" {plan.error_probability:g}: at most {summary.error_probability(report):.2g} for any",
        "with": escape(", ".join(versions())),
    }
    if plan.long_iterations:
        longer = f"; and {plan.long_seeds} with K = {plan.long_iterations:,}"
        lines["runs"] += longer
    items = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in lines.items())
    return f"{heading(2, 'What was run', 'run')}\n<dl>{items}</dl>"


def versions() -> list[str]:
    """Return the versions of what the result depends on, and the kind of machine."""
    found = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package}: unknown")
    return [*found, f"{platform.system()} {platform.machine()}"]


HOW_TO_READ = f"""{heading(2, "How to read this", "how-to-read")}
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


def _limits(report: Report) -> str:
    return f"""{heading(2, "What this does not show", "limits")}
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
