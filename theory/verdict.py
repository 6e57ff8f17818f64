# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The verdict on a run: what there is to object to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from theory.claims.base import NEAR, UNCONFIRMED, Claim
from theory.controls import CONTROLS
from theory.outcomes import (
    DRAWN,
    MOMENTUM,
    CaseReport,
    Challenge,
    ControlReport,
    Outcome,
)
from theory.plan import RIGHT, Plan
from theory.problems import BROKEN, FAMILIES
from theory.problems.faulty import FAULTY, REFUSED_BY

DIVERGED = 1e6
"""What a claim measures is of size 1 in its units; far above that, or NaN, a run has diverged."""


def control_reports(done: Sequence[Outcome]) -> tuple[ControlReport, ...]:
    """Return which claims, or checks of problems, objected to each control."""
    caught: dict[str, dict[str, list[str]]] = {}
    for outcome in done:
        name, problem = outcome.task.control, outcome.task.problem
        found = caught.setdefault(name, {})
        if outcome.by:
            found.setdefault(outcome.by, []).append(problem)
        for finding in (f for case in outcome.cases for f in case.findings):
            # What too few seeds leave open catches nothing, nor does a run that diverges, of which
            # anything would be violated; but the right methods must not need that.
            objects = finding.holds is False
            says = finding.measured <= DIVERGED or finding.claim == "finite"
            says = says and not finding.note.startswith(UNCONFIRMED)
            if objects and (name == RIGHT or says):
                places = found.setdefault(finding.claim, [])
                places += [] if problem in places else [problem]
    return tuple(
        ControlReport(name, _what(name), {claim: ", ".join(on) for claim, on in found.items()})
        for name, found in caught.items()
    )


def _what(name: str) -> str:
    if name in CONTROLS:
        return CONTROLS[name].what
    broken = BROKEN | FAULTY
    if name in broken:
        lines = (broken[name].__doc__ or "").strip().splitlines()
        return f"Problem: {lines[0]}"
    return "The right methods, run as the broken ones are: must not be caught."


def challenges(plan: Plan, cases: Iterable[CaseReport]) -> tuple[Challenge, ...]:
    """Return how near each bound came to equality; none where no problem is made to be hard.

    A claim against rounding has no bound to come near: that it can fail is shown by the controls.
    At K = 1 no step was taken, and a bound says what G is: only later steps count, but for claims
    about what follows the step.
    """
    if not plan.challenging:
        return ()
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for case in cases:
        for finding in (f for f in case.findings if f.holds):
            known = plan.chosen.get(finding.claim)
            if finding.step == 1 and not (known and known.after_step):
                continue
            found = (finding.ratio, f"{case.problem} at {finding.setting}")
            parts = ["", *[MOMENTUM] * (finding.beta > 0), *[DRAWN] * case.drawn]
            for key in ((finding.claim, part) for part in parts):
                best[key] = max(best.get(key, (0.0, "")), found)
    found_all = []
    for name, claim in plan.chosen.items():
        for part in ("", MOMENTUM, DRAWN) if not claim.allowance else ():
            if part and ((name, part) not in best or (part == DRAWN and not in_mean(claim))):
                continue
            needed = claim.reached if not part else 0.0 if _excuses(claim, part) else NEAR
            reason = claim.unchallenged if _excuses(claim, part) else ""
            found_all.append(
                Challenge(name, part, *best.get((name, part), (0.0, "")), needed, reason)
            )
    return tuple(found_all)


def in_mean(claim: Claim) -> bool:
    """Return whether a claim is about the mean over samples."""
    return claim.kind == "in expectation"


def _excuses(claim: Claim, part: str) -> bool:
    """Return whether a claim gives a reason why a part of it is not challenged."""
    about = claim.unchallenged.partition(":")[0]
    return bool(claim.unchallenged) and (about == part or about not in (MOMENTUM, DRAWN))


def failures(
    plan: Plan,
    main: Sequence[Outcome],
    controls: Sequence[Outcome],
    reports: Sequence[ControlReport],
    challenged: Sequence[Challenge],
) -> tuple[str, ...]:
    """Return all that a run leaves to object to."""
    found = [outcome.error for outcome in main if outcome.error]
    found += dict.fromkeys(each.error for each in controls if each.error and not each.by)
    cases = [case for outcome in main for case in outcome.cases]
    found += _failing(cases)
    if cases or not found:
        found += _nowhere(plan, cases)
    failing = {f.claim for case in cases for f in case.findings if f.holds is False}
    found += [
        f"{each.claim} is not challenged{each.where and f', {each.where}'}: at most"
        f" {each.ratio:.3g} of it was reached{each.place and f', on {each.place}'}; asked is"
        f" {each.needed:.3g}, or a reason"
        for each in challenged
        if not each.good and each.claim not in failing
    ]
    if plan.controls:
        found += _controls(plan, reports)
    return tuple(found)


def _failing(cases: Sequence[CaseReport]) -> Iterator[str]:
    """Yield the claims that fail, and the cases in which too many steps were held."""
    for case in cases:
        for bad in (finding for finding in case.findings if finding.holds is False):
            where = f"{bad.problem} at {bad.setting}, step {bad.step} of {case.iterations}"
            pair = f"{bad.measured:.3g} > {bad.allowed:.3g}"
            yield f"{bad.claim} fails on {where}: {pair} {bad.note}".rstrip()
        if case.unexcused:
            yield (
                f"{case.unexcused} steps of {case.method} on {case.problem} were held although"
                " their samples had gradients: only what rounding decides may be held"
            )
        if case.held > case.most_held * case.run_steps:
            yield (
                f"{case.held} of {case.run_steps} steps of {case.method} on {case.problem} were"
                f" held; allowed: {case.most_held:.3g} of them (the problem's most_held)"
            )


def _nowhere(plan: Plan, cases: Sequence[CaseReport]) -> Iterator[str]:
    """Yield the claims of which nothing was compared.

    Who selects problems gets the claims that apply to them; who selects a claim wants it checked.
    """
    everything = set(FAMILIES) <= set(plan.problems)
    if plan.complete and not everything:
        return
    compared = {f.claim for case in cases for f in case.findings if f.holds is not None}
    for name in plan.chosen:
        if name not in compared:
            notes = (f.note for case in cases for f in case.findings if f.claim == name)
            coarse = next((note for note in notes if note.startswith("allows ")), "")
            yield f"{name} was checked nowhere{coarse and f': it {coarse}'}"


def _controls(plan: Plan, reports: Sequence[ControlReport]) -> Iterator[str]:
    """Yield the controls that were not caught as they must be, and claims that caught none."""
    for control in reports:
        if control.name == RIGHT:
            if control.caught_by:
                yield f"the right methods were objected to by {', '.join(control.caught_by)}"
            continue
        must = _catchers(control.name, plan.chosen)
        missing = [claim for claim in must if claim not in control.caught_by]
        if missing:
            yield f"control {control.name} was not caught by {', '.join(missing)}"
        elif plan.complete and not control.caught_by:
            yield f"control {control.name} was caught by no check"
    catching = {claim for control in reports for claim in control.caught_by}
    for name in plan.chosen:
        if name not in catching:
            yield f"{name} caught no control: it was not shown that it can fail"


def _catchers(control: str, chosen: dict[str, Claim]) -> list[str]:
    """Return who has to catch a control: for a small error, those whose allowance it exceeds."""
    if control in FAULTY:
        return [REFUSED_BY[control]]
    if control in CONTROLS:
        return [claim for claim in CONTROLS[control].by if claim in chosen]
    return []
