# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What terminal and page both say of a report: numbers and words, no layout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from theory.claims.base import ALLOWANCES, UNCONFIRMED, Finding
from theory.controls import CONTROLS
from theory.engine import checkpoints
from theory.exponent import Exponent
from theory.outcomes import CaseReport, ControlReport, Report
from theory.plan import RIGHT, Plan
from theory.report.attained import RESISTING
from theory.theorems.rate.claim import MARKS_PER_DECADE

HOLDS, FAILS, UNCHECKED = "holds", "FAILS", "not checked"
UNCHALLENGED = "NOT CHALLENGED"
"""Verdicts on claims; the fifth is `theory.claims.base.UNCONFIRMED`."""

OBJECTED, MISSED, CAUGHT, CLEAN = "OBJECTED TO", "NOT CAUGHT", "caught", "no objection"
PASSED = "not caught"
"""Verdicts on controls: `CLEAN` is right, and `OBJECTED` wrong, for the right methods only."""


@dataclass(frozen=True)
class ClaimSummary:
    """One claim over all cases.

    Attributes
    ----------
    name, title, statement, source, kind, units
        As in `Claim`.
    verdict
        `HOLDS`, `FAILS`, `UNCONFIRMED` or `UNCHECKED`, the worst of its findings; where that is
        `HOLDS`, but no problem comes near, `UNCHALLENGED`.
    problems, settings
        On how many problems, and on how many of their settings, something was compared.
    worst, place
        The finding with the worst verdict, and of those with the largest ratio; and its place.
    controls
        The controls it caught.
    """

    name: str
    title: str
    statement: str
    source: str
    kind: str
    units: str
    verdict: str
    problems: int
    settings: int
    worst: Finding | None
    place: str
    controls: tuple[str, ...]

    @property
    def allowance(self) -> str:
        """What is allowed where it is an error: "rounding", "tolerance"; empty for a bound."""
        allowed = self.units.partition(" against ")[2]
        return next((word for word in ALLOWANCES if word in allowed), "")


def places(cases: Sequence[CaseReport]) -> list[str]:
    """Return how to call each case: the problem, with K where the problem ran with several."""
    count = Counter((case.problem, case.method) for case in cases)
    return [
        f"{case.problem}, K={case.iterations}"
        if count[case.problem, case.method] > 1
        else case.problem
        for case in cases
    ]


def located(report: Report) -> Iterator[tuple[str, CaseReport, Finding]]:
    """Yield every finding with its case and place."""
    everywhere = (*report.cases, *report.hard)
    for place, case in zip(places(everywhere), everywhere, strict=True):
        for finding in case.findings:
            yield place, case, finding


def claim_summaries(report: Report) -> tuple[ClaimSummary, ...]:
    """Return the claims of the plan in the order of the proof, then any other check that spoke."""
    found: dict[str, list[tuple[str, Finding]]] = {name: [] for name in report.plan.chosen}
    for place, _, finding in located(report):
        found.setdefault(finding.claim, []).append((place, finding))
    return tuple(_summarise(name, pairs, report) for name, pairs in found.items())


def _summarise(name: str, pairs: Sequence[tuple[str, Finding]], report: Report) -> ClaimSummary:
    compared = [(place, finding) for place, finding in pairs if finding.holds is not None]
    place, worst = max(compared, key=lambda pair: _badness(pair[1]), default=("", None))
    verdict = UNCHECKED if worst is None else finding_verdict(worst)
    if verdict == HOLDS and any(c.claim == name and not c.good for c in report.challenges):
        verdict = UNCHALLENGED
    claim = report.plan.chosen.get(name)  # none for "finite", which every run obeys
    return ClaimSummary(
        name=name,
        title=claim.title if claim else name,
        statement=claim.statement if claim else "every run stays within the range of float64",
        source=claim.source if claim else "needed by every claim",
        kind=claim.kind if claim else "path-wise",
        units=claim.units if claim else "",
        verdict=verdict,
        problems=len({finding.problem for _, finding in compared}),
        settings=len(compared),
        worst=worst,
        place=place,
        controls=tuple(c.name for c in report.controls if name in c.caught_by and c.name != RIGHT),
    )


def _badness(finding: Finding) -> tuple[int, float]:
    return [HOLDS, UNCONFIRMED, FAILS].index(finding_verdict(finding)), finding.ratio


def finding_verdict(finding: Finding) -> str:
    """Return the verdict on a finding that compared something."""
    if finding.holds:
        return HOLDS
    return UNCONFIRMED if finding.note.startswith(UNCONFIRMED) else FAILS


def problem_cases(report: Report) -> dict[str, CaseReport | None]:
    """Return each problem of the plan with its case; the longest run, of MoMo where there is one.

    None stands for a problem without any result.
    """
    chosen: dict[str, CaseReport | None] = dict.fromkeys(report.plan.problems)
    for case in report.cases:
        best = chosen.get(case.problem)
        if best is None or _rank(case) > _rank(best):
            chosen[case.problem] = case
    return chosen


def _rank(case: CaseReport) -> tuple[bool, int]:
    return case.method == "momo", case.iterations


def exponents(case: CaseReport) -> dict[float, Exponent]:
    """Return the decay exponent of each β without a cap; empty for a resisting function.

    A resisting function says nothing by how it decays in k: for every K there is another.
    """
    if case.problem == RESISTING:
        return {}
    return {
        curve.setting.beta: curve.exponent for curve in case.curves if np.isinf(curve.setting.lr)
    }


def rate_used(report: Report) -> dict[str, float]:
    """Return, for each problem, the largest part of the paper's bound that was reached."""
    used: dict[str, float] = {}
    for _, case, finding in located(report):
        if finding.claim == "rate" and finding.holds is not None:
            used[case.problem] = max(used.get(case.problem, 0.0), finding.ratio)
    return used


def wrong(control: ControlReport) -> str:
    """Return what is wrong with a control."""
    return control.what.replace("Problem: Return ", "problem: ")


def control_verdict(control: ControlReport, plan: Plan) -> tuple[str, bool]:
    """Return the verdict on a control, and whether it is as it must be.

    Where only some of the claims were checked, they need not catch every control.
    """
    if control.name == RIGHT:
        return (OBJECTED, False) if control.caught_by else (CLEAN, True)
    if control.caught_by:
        return CAUGHT, True
    return (MISSED, False) if plan.complete else (PASSED, True)


def was_run(control: str, claim: str, plan: Plan) -> bool:
    """Return whether a claim had a chance to object to a control: it speaks of that method."""
    known = plan.chosen.get(claim)
    return control not in CONTROLS or known is None or known.method == CONTROLS[control].method


def challenge_rows(report: Report) -> list[tuple[str, str, str, str, str]]:
    """Return what was not reached: claim, where, the part reached, on which problem, and why."""
    rows = []
    for each in report.challenges:
        if each.reason or not each.good:
            why = each.reason or f"no reason is given; asked is {each.needed:g}"
            where = each.where or "at all"
            rows.append((each.claim, where, quotient(each.ratio), each.place, why))
    return rows


def run_steps(report: Report) -> tuple[int, float]:
    """Return the steps of all runs of the right methods, and the seconds of the processes."""
    return (
        sum(case.run_steps for case in report.cases),
        sum(case.seconds for case in report.cases),
    )


def held_text(report: Report) -> str:
    """Return how many steps were held, of which nothing is claimed, and where the most."""
    held = sum(case.held for case in report.cases)
    if not held:
        return "no step was held"
    steps, _ = run_steps(report)
    pairs = zip(places(report.cases), report.cases, strict=True)
    place, most = max(pairs, key=lambda pair: pair[1].held)
    share = f"{held:,} ({100 * held / steps:.2g} %)"
    return f"{share} were held, because rounding would decide them; {most.held:,} on {place}"


def comparisons(report: Report) -> int:
    """Return how many expectations were compared with a bound, each with a chance of error.

    Each finding of a claim in expectation compares at the marks of
    `theory.theorems.rate.claim.Rate`; with a single function there is nothing random.
    """
    total = 0
    for _, case, finding in located(report):
        claim = report.plan.chosen.get(finding.claim)
        random = claim is not None and claim.kind == "in expectation" and case.drawn
        if random and finding.holds is not None:
            total += len(checkpoints(case.iterations, MARKS_PER_DECADE))
    return total


def error_probability(report: Report) -> float:
    """Return the probability that any statement in expectation was accepted wrongly, at most."""
    return min(1.0, comparisons(report) * report.plan.error_probability)


def number(value: float) -> str:
    """Return three digits, without an exponent where it is short."""
    if np.isnan(value):
        return "–"
    if np.isinf(value):
        return "∞" if value > 0 else "-∞"
    return f"{float(value):.3g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")


def quotient(value: float) -> str:
    """Return a ratio with as many digits as tell 1 from almost 1."""
    if np.isfinite(value) and 0.9995 <= value <= 1:
        return f"{value:.6f}" if value < 0.9999995 else "1.000000"
    return number(value)


def ratio_text(finding: Finding) -> str:
    """Return measured/allowed; "NaN" where that is why the claim fails."""
    return "NaN" if not finding.holds and np.isnan(finding.measured) else quotient(finding.ratio)


def exponent_text(exponent: Exponent | None) -> str:
    """Return ``slope [low, high]``."""
    if exponent is None or np.isnan(exponent.slope):
        return "–"
    return f"{exponent.slope:.2f} [{exponent.low:.2f}, {exponent.high:.2f}]"


def duration(seconds: float) -> str:
    """Return seconds, or minutes and seconds."""
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def plain(text: str) -> str:
    """Return a docstring's line without the marks of literals."""
    return text.replace("``", "").replace("`", "")


def headline(report: Report) -> str:
    """Return the verdict in a sentence."""
    if not report.ok:
        return f"FAILED: {counted(len(report.failures), 'objection')}"
    rows = claim_summaries(report)
    places = len(problem_cases(report))
    held = sum(row.verdict == HOLDS for row in rows)
    verb = "holds" if held == 1 else "hold"
    text = f"OK: {counted(held, 'claim')} {verb} on {counted(places, 'problem')}"
    made = len({case.problem for case in report.hard})
    if made:
        text += f" and {made} made to be hard"
    excused = {each.claim for each in report.challenges if each.reason}
    if excused:
        text += f", {len(excused)} of them not challenged in all they say, with reasons"
    broken = [control for control in report.controls if control.name != RIGHT]
    caught = sum(bool(control.caught_by) for control in broken)
    if not broken:
        return f"{text}; no controls were run"
    share = "each" if caught == len(broken) else str(caught)
    verb = "was" if caught in (1, len(broken)) else "were"
    return f"{text}; {share} of {len(broken)} controls {verb} caught, and every claim caught one"


def counted(count: int, what: str) -> str:
    """Return a number of things."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def finding_cells(finding: Finding) -> tuple[str, str, str, str, str]:
    """Return measured, allowed, ratio, step and note, as text."""
    if finding.holds is None:
        return "", "", "", "", f"not applicable: {finding.note}"
    return (
        number(finding.measured),
        number(finding.allowed),
        ratio_text(finding),
        str(finding.step) if finding.step else "",
        finding.note,
    )
