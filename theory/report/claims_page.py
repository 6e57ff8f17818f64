# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims and controls on the page of the report."""

from __future__ import annotations

from html import escape

from theory.outcomes import Report
from theory.plan import RIGHT
from theory.report import summary
from theory.report.links import heading, link, mark
from theory.report.markup import literals, mathematics, paper, table, word
from theory.theorems import theorems_of


def claims(report: Report) -> str:
    """Return the section of the claims: what became of each."""
    total = sum(control.name != RIGHT for control in report.controls)
    rows = []
    for row in summary.claim_summaries(report):
        worst, used = "", ""
        if row.worst is not None:
            place = link("runs", row.worst.problem, escape(row.place))
            worst = f"{place}<br>{escape(row.worst.setting)}"
            used = escape(summary.ratio_text(row.worst))
            if row.allowance:
                used += f'<br><span class="soft">of {row.allowance}</span>'
        caught = f"{len(row.controls)} of {total}" if total else "–"
        name = escape(row.name)
        rows.append(
            (
                f"<b{mark('claim', row.name)}>{link('claim', row.name, escape(row.title))}</b>"
                f"<br><code>{name}</code>",
                word(row.verdict),
                f'{mathematics(row.statement)}<br><small class="soft">{_footing(row)}</small>',
                f"{row.problems} × {row.settings}" if row.settings else "–",
                worst,
                used,
                f'<span title="{escape(", ".join(row.controls))}">{caught}</span>',
            )
        )
    headers = ("claim", "verdict", "statement and source", "on", "worst at", "ratio", "caught")
    kinds = ("", "", "wide", "name", "name", "number", "number")
    return (
        f"{heading(2, 'Claims', 'claims')}\n{table(headers, rows, kinds)}\n"
        '<p class="soft">on: problems × settings in all. ratio: the largest of measured / allowed.'
        " caught: how many of the controls.</p>\n" + _challenges(report)
    )


def _challenges(report: Report) -> str:
    rows = [
        (link("claim", claim), *map(escape, others))
        for claim, *others in summary.challenge_rows(report)
    ]
    if not rows:
        return ""
    headers = ("claim", "where", "reached", "on", "why")
    title = "Bounds that no problem here brings near equality"
    return (
        f"{heading(3, title, 'not-challenged')}\n"
        + table(headers, rows, ("name", "", "number", "name", "wide"))
        + '<p class="soft">Reached: the largest part of the bound that a problem reached, for'
        " K ≥ 2. Of these a smaller bound may be true.</p>"
    )


def _footing(row: summary.ClaimSummary) -> str:
    """Return of what kind a claim is, where it is from, and which theorems prove it, as HTML."""
    proven = ", ".join(link("theorem", theorem.name) for theorem in theorems_of(row.name))
    parts = [escape(row.kind), paper(row.source), f"proven in {proven}" if proven else ""]
    said = " · ".join(part for part in parts if part)
    return f"{said} · {link('statement', row.name, 'in full')}"


def controls(report: Report) -> str:
    """Return the section of the controls: which claim caught which."""
    title = heading(2, "Controls", "controls")
    if not report.controls:
        return f"{title}\n<p>None were run: it is not shown that the checks can fail.</p>"
    caught = [claim for control in report.controls for claim in control.caught_by]
    names = list(dict.fromkeys([*report.plan.chosen, *caught]))
    head = "".join(
        f'<th scope="col" class="turned"><span>{link("claim", name)}</span></th>' for name in names
    )
    rows = []
    for control in report.controls:
        cells = []
        for claim in names:
            places = control.caught_by.get(claim, "")
            if places:
                kind = "wrong" if control.name == RIGHT else "caught"
                count = len(places.split(", "))
                cells.append(f'<td class="{kind}" title="{escape(places)}">{count}</td>')
            else:
                ran = summary.was_run(control.name, claim, report.plan)
                cells.append("<td></td>" if ran else '<td class="other"></td>')
        verdict, _ = summary.control_verdict(control, report.plan)
        rows.append(
            f'<tr><th scope="row"{mark("control", control.name)}>'
            f"{link('control', control.name)}</th>"
            f"<td>{word(verdict)}</td><td>{literals(summary.wrong(control))}</td>"
            f"{''.join(cells)}</tr>"
        )
    return (
        f'{title}\n<div class="scroll" tabindex="0"><table class="matrix">\n<thead><tr>'
        f'<th scope="col">control</th><th scope="col">verdict</th>'
        f'<th scope="col">what is wrong</th>{head}'
        "</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>\n"
        '<p class="soft">A number: the check objected, on so many problems (their names show on'
        " hovering). An empty grey field: it ran and did not object. White: it speaks of another"
        " method, and was not run.</p>"
    )
