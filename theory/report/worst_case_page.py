# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Worst cases on the page of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from theory.report import markup, svg, worst_case_plots
from theory.report.links import heading, link, mark, worst_case
from theory.report.worst_cases import (
    BOUNDS,
    CERTIFICATE,
    CERTIFICATE_HEADERS,
    GROWTH,
    GROWTH_HEADERS,
    MARKED,
    bounds,
    certificate_rows,
    compared,
    growth_row,
    headline,
    lines,
    marked,
    numbers,
    short,
    title,
)
from theory.worst_case.certificate import TOLERANCE
from theory.worst_case.certify import Outcome, group, groups
from theory.worst_case.growth import Growth
from theory.worst_case.setting import Setting


def pictures(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Return the figures as parts of a page."""
    drawn = enumerate(worst_case_plots.figures(outcomes).items())
    return {name: svg.inline(figure, f"w{i}", CAPTIONS[name]) for i, (name, figure) in drawn}


def section(
    outcomes: Sequence[Outcome],
    pictures: Mapping[str, str],
    grown: Sequence[Growth] = (),
) -> str:
    """Return the page's section on worst cases.

    Parameters
    ----------
    outcomes
        What the short run found.
    pictures
        SVG by the names of `theory.report.worst_case_plots.figures`.
    grown
        The traps.
    """
    good = all(outcome.good for outcome in outcomes) and all(trap.good for trap in grown)
    tone = "good" if good else "bad"
    parts = [
        heading(2, "Worst cases", "worst-cases"),
        f'<p class="{tone}">{escape(headline(outcomes, grown))}.</p>',
        INTRODUCTION,
    ]
    if bad := objections(outcomes, grown):
        parts.append(f'<ul class="bad">{"".join(f"<li>{each}</li>" for each in bad)}</ul>')
    parts += [markup.drawing(made, escape(CAPTIONS[name])) for name, made in pictures.items()]
    parts.append(heading(3, "Against the theory", "against-theory"))
    parts.append(_html_comparison(outcomes))
    if grown:
        parts.append(heading(3, "Traps: lower bounds for larger K", "traps"))
        cells = [[escape(trap.kind), *map(escape, growth_row(trap))] for trap in grown]
        parts.append(markup.table(["of", *GROWTH_HEADERS], cells, ["", *["number"] * 7]))
        parts.append(f'<p class="soft">{escape(GROWTH)}</p>')
    parts.append(heading(3, "All that are stored", "stored"))
    for setting, own in groups(outcomes).items():
        parts.append(
            f"<details><summary>{markup.indexed(title(setting))}</summary>"
            f"{_html_grid(setting, own)}</details>"
        )
    rows = [
        [markup.indexed(name), *map(escape, cells)] for name, cells in certificate_rows(outcomes)
    ]
    kinds = ["", *["number"] * len(CERTIFICATE_HEADERS)]
    parts.append(heading(3, "Certificates: the worst of each group", "certificates"))
    parts.append(markup.table(["of", *CERTIFICATE_HEADERS], rows, kinds))
    parts.append(f'<p class="soft">{escape(CERTIFICATE)} Allowed: {TOLERANCE:.0e}.</p>')
    return "\n".join(parts)


def objections(outcomes: Sequence[Outcome], grown: Sequence[Growth]) -> tuple[str, ...]:
    """Return what is wrong, a line each, as HTML with links to it."""
    traps = [
        f'<a href="#traps">trap</a> {escape(trap.kind)}, {escape(", ".join(growth_row(trap)))}'
        for trap in grown
        if not trap.good
    ]
    cases = [
        f"{link('worst-case', worst_case(o.setting), escape(o.setting.label))}: {escape(text)}"
        for o in outcomes
        for text in o.objections
    ]
    return (*traps, *cases)


CAPTIONS = {
    "worst_cases_from_first": "Best iterate of MoMo on one G-Lipschitz function, against K.",
    "worst_cases_from_zero": "The same for MoMo-Adam with a frozen preconditioner: the proven bound"
    " is what the worst cases attain.",
    "worst_cases_beta": "Best iterate of MoMo against β, over 1/√K.",
    "worst_cases_others": "Other classes and measures: smooth functions, the last iterate, two"
    " functions in turn.",
    "worst_cases_ratios": "How tight the theorems are: the largest value found over the least"
    " bound that is proven, at the largest K that is stored; 1 is an exact worst case.",
}

INTRODUCTION = f"""<p>For fixed effective steps {markup.mathematics("τ_k")} the worst case over all
convex functions of a class is a semidefinite program, because the step rule
{markup.mathematics("τ_k||d_k||² = h_k - f*")} is linear in the Gram matrix of the start and the
gradients, for any β. Each value below is certified for its steps: a function attains it, and
multipliers prove that no function exceeds it. Over the steps the maximum was searched, not proven:
as a worst case of the method each value is a lower bound. Each function was run through the
reference, which made the same steps. “any method” and “trap” are lower bounds by explicit
functions, the others upper bounds that are proven (see Proofs), and “ratio” is the value over the
least of these. {MARKED}</p>"""


def _html_comparison(outcomes: Sequence[Outcome]) -> str:
    chosen = compared(outcomes, details=False)
    names = [n for n in BOUNDS if any(n in o.upper | o.lower for o in chosen)]
    rows = []
    for outcome in chosen:
        setting = outcome.setting
        given = ", ".join(f"{name} = {value}" for name, value in numbers(setting).items())
        where = [markup.indexed(short(group(setting))), markup.indexed(given)]
        where += [f"{setting.beta:g}", str(setting.iterations)]
        value = link("worst-case", worst_case(setting), _html_value(outcome))
        where += [value, *bounds(outcome, names)]
        rows.append([*where, f"{outcome.ratio:.3f}"])
    headers = ["of", "with", "β", "K", "largest found", *names, "ratio"]
    return markup.table(headers, rows, ["", "", *["number"] * (len(headers) - 2)])


def _html_value(outcome: Outcome | None) -> str:
    if outcome is None:
        return "–"
    text = marked(outcome).strip()
    return text if outcome.good else f'<b class="bad">{text}</b>'


def _placed(outcome: Outcome | None) -> str:
    """Return a value as a place of its own."""
    if outcome is None:
        return "–"
    where = mark("worst-case", worst_case(outcome.setting))
    return f"<span{where}>{_html_value(outcome)}</span>"


def _html_grid(setting: Setting, outcomes: Sequence[Outcome]) -> str:
    headers, found = lines(setting, outcomes)
    rows = [[*names, *map(_placed, cells)] for names, cells in found]
    return markup.table(list(map(markup.indexed, headers)), rows, ["number"] * len(headers))
