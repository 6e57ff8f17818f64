# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a run of ``verify`` finds: of a setting, of a case, of a control, and in all."""

from __future__ import annotations

from dataclasses import dataclass, field

from theory.case import Setting
from theory.claims.base import Finding
from theory.claims.curves import BoundCurve
from theory.exponent import Exponent
from theory.optimum import Optimum
from theory.plan import Plan, Task
from theory.problems.base import Array, Constants


@dataclass(frozen=True)
class CurveSummary:
    """A setting's curves at the checkpoints, each of shape (checkpoints,)."""

    setting: Setting
    steps: Array
    mean: Array
    low: Array
    high: Array
    bound: Array
    distance: Array
    step_size: Array
    exponent: Exponent


@dataclass(frozen=True)
class CaseReport:
    """What was found on one problem with one method.

    ``held`` steps are those that only rounding would decide, ``unexcused`` those of them whose
    sample had a gradient that counts; ``most_held`` is the part that may be held, ``drawn`` that of
    `theory.case.Case`. ``rates`` are what claims measured beside their bounds, where they keep it.
    """

    problem: str
    method: str
    samples: int
    dim: int
    seeds: int
    iterations: int
    optimum: Optimum
    constants: Constants
    findings: tuple[Finding, ...]
    curves: tuple[CurveSummary, ...]
    run_steps: int
    held: int
    seconds: float
    drawn: bool = False
    unexcused: int = 0
    most_held: float = 1.0
    rates: tuple[BoundCurve, ...] = ()


@dataclass(frozen=True)
class ControlReport:
    """Which claims objected to a broken method or problem."""

    name: str
    what: str
    caught_by: dict[str, str]
    """Claim to the problems (or settings) on which it objected."""


MOMENTUM, DRAWN = "with momentum", "independent samples"
"""Where a bound has to be reached, besides anywhere: at some β > 0; and, if it is one in
expectation, on several functions of which each step draws one. A claim may be sharp without
momentum, or for one function, and say nothing there that a bound half as large would not say."""


@dataclass(frozen=True)
class Challenge:
    """How near problems brought a bound to equality.

    Attributes
    ----------
    claim
        Its name.
    where
        "" for all that was compared, or a part of it: `MOMENTUM`, `DRAWN`.
    ratio, place
        The largest part of the bound that was reached there, and on which problem; 0 if nowhere.
    needed
        What has to be reached.
    reason
        Why no problem brings it near equality; empty where one does.
    """

    claim: str
    where: str
    ratio: float
    place: str
    needed: float
    reason: str = ""

    @property
    def good(self) -> bool:
        """Whether it came as near as it must."""
        return self.ratio >= self.needed


@dataclass(frozen=True)
class Report:
    """Everything a run of ``verify`` found.

    Attributes
    ----------
    plan, seconds
        What was run, and how long it took.
    cases, hard
        What was found on the families, and on the problems that are made to be hard.
    controls
        Which claims objected to what is wrong.
    challenges
        How near equality each bound came, where the plan is challenging.
    failures
        What there is to object to.
    """

    plan: Plan
    cases: tuple[CaseReport, ...]
    controls: tuple[ControlReport, ...]
    seconds: float
    failures: tuple[str, ...] = field(default=())
    hard: tuple[CaseReport, ...] = field(default=())
    challenges: tuple[Challenge, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether every claim holds, every control is caught, and every claim caught one."""
        return not self.failures


@dataclass(frozen=True)
class Outcome:
    """What a task returns.

    Attributes
    ----------
    task, cases
        The task, and what its runs found.
    error
        Why there are no runs: what the problem is not, or what a claim or a problem raised.
    by
        Who refused the problem: "certificate" or "soundness"; empty where something raised.
    """

    task: Task
    cases: tuple[CaseReport, ...]
    error: str = ""
    by: str = ""
