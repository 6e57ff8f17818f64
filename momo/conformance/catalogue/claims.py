# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The claims of the theory that a method satisfies, and those that it is known to break."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from momo.conformance.law import Found, Law, LawSkipped
from momo.conformance.subject import Subject
from momo.methods import Hyperparameters
from momo.reference import Method

if TYPE_CHECKING:
    from theory.case import Case
    from theory.claims.base import Claim, Finding

PROBLEMS = ("absolute_regression", "balls", "chebyshev_regression", "least_squares")
"""Without and with smoothness, and one of one function, which some claims speak of."""
BETAS = (0.5, 0.9)
STEPS, SEEDS = 100, 100


@cache
def _cases(beta: float) -> tuple[Case, ...]:
    """Return small cases with certified optima, each with one setting: β, and no cap."""
    from theory import cache as optima
    from theory.case import Case, Setting
    from theory.problems import FAMILIES

    cases = []
    for name in PROBLEMS:
        problem = FAMILIES[name]()
        optimum = optima.optimum(problem)
        constants = problem.constants(optimum.solution, optimum.distance)
        seeds = 1 if problem.samples == 1 else SEEDS
        cases.append(
            Case(problem.name, problem, optimum, constants, (Setting(beta),), seeds, STEPS)
        )
    return tuple(cases)


def _method(subject: Subject, case: Case) -> Method:
    """Return the subject's reference without a cap, told f*; or a bound below f* to start from."""
    from theory.methods import EPS

    assert subject.reference is not None
    lb = case.floor if subject.row.online else case.optimum.value
    h = Hyperparameters(float("inf"), case.settings[0].beta, 0.0, eps=EPS, lb=lb)
    return subject.reference(h, case.problem.start.shape)


def _findings(subject: Subject, case: Case, claims: list[Claim]) -> list[Finding]:
    """Return what the claims' monitors find on the subject's trajectories.

    What needs more seeds to be confirmed in expectation is left out.
    """
    from theory.claims.base import UNCONFIRMED
    from theory.engine import simulate

    own = [claim for claim in claims if claim.applies(case)]
    checks = [claim.monitor(case) for claim in own]
    simulate(case, _method(subject, case), checks)
    found = [
        finding
        for claim, check in zip(own, checks, strict=True)
        for finding in claim.findings(case, check)
    ]
    return [finding for finding in found if not finding.note.startswith(UNCONFIRMED)]


def body(subject: Subject) -> int:
    """Simulate the reference on small problems of the theory, and ask the claims' monitors."""
    try:
        from theory.theorems import find_claim
    except ModuleNotFoundError as error:
        reason = f"the theory is not here ({error}): it comes with a checkout of the repository"
        raise LawSkipped(reason) from error
    try:
        known = {name: find_claim(name) for name in (*subject.row.claims, *subject.row.broken)}
    except ValueError as error:
        raise Found(str(error)) from error
    found: dict[str, list[Finding]] = {name: [] for name in known}
    by_claim = {claim.name: name for name, claim in known.items()}
    diverged = []
    for beta in BETAS if subject.takes("beta") else (0.0,):
        for case in _cases(beta):
            try:
                for finding in _findings(subject, case, list(known.values())):
                    found[by_claim[finding.claim]].append(finding)
            except FloatingPointError as error:
                diverged.append(f"{case.name}, β = {beta:g}: {error}")
    for name in subject.row.claims:
        for finding in found[name]:
            if finding.holds is False:
                raise _found(name, known[name], finding)
        if diverged:
            raise Found(f"claim {name}: the run leaves the range of the numbers", got=diverged[0])
        if not any(finding.holds for finding in found[name]):
            raise Found(f"claim {name}", "compared at some step", "it applies to no problem here")
    for name in subject.row.broken:
        if not diverged and not any(finding.holds is False for finding in found[name]):
            raise Found(f"claim {name}", "broken, as the method says", "holds on all problems")
    return 1


def _found(name: str, claim: Any, finding: Finding) -> Found:
    ratio = np.format_float_scientific(finding.ratio, 3)
    found = Found(
        f"claim {name}: {claim.statement}",
        f"at most {finding.allowed:.6g}",
        finding.measured,
        step=finding.step - 1,
    )
    found.facts |= {"units": claim.units, "ratio": ratio}
    found.facts |= {"problem": f"{finding.problem}, {finding.setting}"}
    return found


def objection(subject: Subject) -> str:
    """Return why the law says nothing."""
    if not (subject.row.claims or subject.row.broken):
        return "no claims"
    return "" if subject.reference else "no reference"


LAW = Law(
    "claims",
    "the claims of the theory that the method names hold, and those it breaks are seen to fail",
    None,
    body,
    objection,
)
