# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What was found on each problem, on the page of the report.

A claim has one row on a problem: the setting that comes nearest to what is allowed, and how much of
that the others use. What fails has a row for each setting. The problems that are made to be hard
are some eighty, each for one method and β: they are the rows of one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from theory import hard
from theory.claims.base import Finding
from theory.outcomes import CaseReport
from theory.plan import Plan
from theory.report import summary
from theory.report.links import heading, link, mark, worst_case
from theory.report.markup import table, word

DIGITS = 10
"""Up to which ratio it has three decimals in the table of the hard problems."""

NEXT = 3
"""How many settings are named behind the nearest."""

NEAR = 0.9
"""From which part of a bound on a problem that is made to be hard is set in bold."""


def findings(cases: Sequence[tuple[str, CaseReport]], plan: Plan) -> str:
    """Return what was found on one problem: a table, and of which claims nothing was compared."""
    several = len({case.iterations for _, case in cases}) > 1
    rows, skipped = [], []
    for _, case in cases:
        length = [f"{case.iterations:,}"] if several else []
        for name, found in by_claim(case.findings).items():
            skipped += [] if compared(found) else found
            for row in _rows(found, plan):
                rows.append((link("claim", name), *length, *row))
    headers = ["claim", "K", "verdict", "nearest at", "measured", "allowed", "ratio", "at step"]
    headers += ["at the others, or why"]
    kinds = ["", "number", "", "", *["number"] * 4, "wide"]
    if not several:
        headers, kinds = [headers[0], *headers[2:]], [kinds[0], *kinds[2:]]
    return (table(headers, rows, kinds) if rows else "") + _skipped(skipped)


def by_claim(found: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return findings by the name of the claim, in their order."""
    groups: dict[str, list[Finding]] = {}
    for each in found:
        groups.setdefault(each.claim, []).append(each)
    return groups


def compared(found: Iterable[Finding]) -> list[Finding]:
    """Return those in which something was compared, the largest ratio first."""
    return sorted((f for f in found if f.holds is not None), key=lambda f: -f.ratio)


def _rows(found: Sequence[Finding], plan: Plan) -> list[tuple[str, ...]]:
    """Return a row for every setting that fails, and one for the nearest that holds."""
    held = [each for each in compared(found) if each.holds]
    rows = [(*_cells(each), escape(each.note)) for each in compared(found) if not each.holds]
    if held:
        first, *others = held
        claim = plan.chosen.get(first.claim)
        if claim and claim.allowance:  # of rounding the largest part says all
            said = f"{len(others)} more" if others else ""
        else:
            said = "; ".join(f"{summary.ratio_text(f)} at {f.setting}" for f in others[:NEXT])
            said += f"; {len(others) - NEXT} more" if len(others) > NEXT else ""
        rows.append((*_cells(first), escape("; ".join(filter(None, (first.note, said))))))
    return rows


def _cells(found: Finding) -> tuple[str, ...]:
    verdict = summary.finding_verdict(found)
    shown = verdict if found.holds else word(verdict)
    return (shown, escape(found.setting), *map(escape, summary.finding_cells(found)[:-1]))


def _skipped(found: Iterable[Finding]) -> str:
    """Return why nothing was compared of some claims, each reason once."""
    reasons: dict[str, dict[str, None]] = {}
    for each in found:
        reasons.setdefault(each.note, {})[each.claim] = None
    if not reasons:
        return ""
    said = "; ".join(f"{escape(why)} ({', '.join(names)})" for why, names in reasons.items())
    return f'<p class="soft">not applicable: {said}</p>'


def made_to_be_hard(cases: Sequence[CaseReport], plan: Plan) -> str:
    """Return one table of all: the largest ratio of each claim, and what fails behind it."""
    problems: dict[str, list[Finding]] = {}
    for case in cases:
        problems.setdefault(case.problem, []).extend(case.findings)
    known = {f.claim for found in problems.values() for f in compared(found)}
    claims = [name for name in plan.chosen if name in known and not plan.chosen[name].allowance]
    rows, failing = [], []
    for problem, found in problems.items():
        groups = by_claim(found)
        bad = [each for each in found if each.holds is False]
        count = f"{len(bad)} FAIL" if bad else f"{len(compared(found))} hold"
        name = f"<span{mark('runs', problem)}>{_origin(problem)}</span>"
        tone = "bad" if bad else "good"
        cells = [_nearest(groups.get(claim, ())) for claim in claims]
        rows.append((name, f'<b class="{tone}">{count}</b>', *cells))
        failing += [
            (link("runs", problem), link("claim", each.claim), *_cells(each), escape(each.note))
            for each in bad
        ]
    headers = ("problem", "claims", *(f"<span>{link('claim', name)}</span>" for name in claims))
    made = table(headers, rows, ("", "name"))
    made = made.replace('<table class="', '<table class="turned ', 1)
    parts = [heading(3, "Made to be hard", "made-to-be-hard"), ABOUT, made]
    if failing:
        shown = ("problem", "claim", "verdict", "at", "measured", "allowed", "ratio", "at step", "")
        parts.append(table(shown, failing, ("", "", "", "", *["number"] * 4, "wide")))
    return "\n".join(parts)


ABOUT = """<p>The stored worst cases and the traps, each made for one method and β. Shown is the
part of each bound that is reached, where the claim applies; bold: nine tenths or more. Claims that
allow for rounding only are counted, not shown.</p>"""


def _nearest(found: Iterable[Finding]) -> str:
    """Return the largest ratio, bold where it is near 1; "" where nothing was compared."""
    first = next(iter(compared(found)), None)
    if first is None:
        return ""
    text = f"{first.ratio:.3f}" if first.ratio < DIGITS else escape(summary.ratio_text(first))
    if any(each.holds is False for each in found):
        return f'<b class="bad">{text}</b>'
    return f"<b>{text}</b>" if first.ratio >= NEAR else text


def _origin(problem: str) -> str:
    """Return its name, as a link to what it is made of."""
    made = hard.listed().get(problem)
    if made is None or problem.startswith("trap "):
        return f'<a href="#traps">{escape(problem)}</a>'
    return link("worst-case", worst_case(made.setting), escape(problem))
