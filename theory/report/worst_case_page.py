# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Worst cases on the page of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from theory.report import markup, plots, worst_case_plots
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


def pictures(outcomes: Sequence[Outcome]) -> dict[str, bytes]:
    """Return the figures as SVG files."""
    drawn = worst_case_plots.figures(outcomes)
    return {name: plots.rendered(figure, "svg") for name, figure in drawn.items()}


def section(
    outcomes: Sequence[Outcome],
    pictures: Mapping[str, bytes],
    grown: Sequence[Growth] = (),
) -> str:
    """Return the page's section on worst cases.

    Parameters
    ----------
    outcomes
        What the short run found.
    pictures
        SVG files by the names of `theory.report.worst_case_plots.figures`.
    grown
        The traps.
    """
    good = all(outcome.good for outcome in outcomes) and all(trap.good for trap in grown)
    tone = "good" if good else "bad"
    parts = [
        '<h2 id="worst-cases">Worst cases</h2>',
        f'<p class="{tone}">{escape(headline(outcomes, grown))}.</p>',
        INTRODUCTION,
    ]
    bad = [(o.setting.label, text) for o in outcomes for text in o.objections]
    if bad:
        items = "".join(f"<li>{escape(label)}: {escape(text)}</li>" for label, text in bad)
        parts.append(f'<ul class="bad">{items}</ul>')
    for name, svg in pictures.items():
        about = CAPTIONS.get(name, name)
        parts.append(
            f"<figure>{markup.picture(svg, about)}<figcaption>{escape(about)}</figcaption></figure>"
        )
    parts.append(_html_comparison(outcomes))
    if grown:
        parts.append("<h3>Traps: lower bounds for larger K</h3>")
        cells = [[escape(trap.kind), *map(escape, growth_row(trap))] for trap in grown]
        parts.append(markup.table(["of", *GROWTH_HEADERS], cells, ["", *["number"] * 7]))
        parts.append(f'<p class="soft">{escape(GROWTH)}</p>')
    for setting, own in groups(outcomes).items():
        parts.append(
            f"<details><summary>{markup.indexed(title(setting))}</summary>"
            f"{_html_grid(setting, own)}</details>"
        )
    rows = [
        [markup.indexed(name), *map(escape, cells)] for name, cells in certificate_rows(outcomes)
    ]
    kinds = ["", *["number"] * len(CERTIFICATE_HEADERS)]
    parts.append("<h3>Certificates: the worst of each group</h3>")
    parts.append(markup.table(["of", *CERTIFICATE_HEADERS], rows, kinds))
    parts.append(f'<p class="soft">{escape(CERTIFICATE)} Allowed: {TOLERANCE:.0e}.</p>')
    return "\n".join(parts)


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
        where += [_html_value(outcome), *bounds(outcome, names)]
        rows.append([*where, f"{outcome.ratio:.3f}"])
    headers = ["of", "with", "β", "K", "largest found", *names, "ratio"]
    return markup.table(headers, rows, ["", "", *["number"] * (len(headers) - 2)])


def _html_value(outcome: Outcome | None) -> str:
    if outcome is None:
        return "–"
    text = marked(outcome).strip()
    return text if outcome.good else f'<span class="word bad">{text}</span>'


def _html_grid(setting: Setting, outcomes: Sequence[Outcome]) -> str:
    headers, found = lines(setting, outcomes)
    rows = [[*names, *map(_html_value, cells)] for names, cells in found]
    return markup.table(list(map(markup.indexed, headers)), rows, ["number"] * len(headers))
