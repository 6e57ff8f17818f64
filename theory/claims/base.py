"""What a claim is: a statement, when it applies, and a monitor that checks it on trajectories.

A monitor sees every step of a case (`theory.engine.Step`) and reports one `Finding` a setting.
What it compares is always a pair: the ``measured`` quantity and the ``allowed`` one, with the
rounding that may lie between them derived in the claim's own file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from theory.engine import Case, Monitor, Setting, Step
from theory.problems.base import Array


@dataclass(frozen=True)
class Finding:
    """What a claim's monitor found for one setting of a case.

    Attributes
    ----------
    claim, problem, setting
        Where.
    holds
        Whether it holds; None where the claim does not apply.
    measured, allowed
        The pair at its worst moment, in the units of `Claim.units`.
    step
        The step of the worst moment.
    note
        Why it does not apply, or what else a reader should know.
    """

    claim: str
    problem: str
    setting: str
    holds: bool | None
    measured: float = np.nan
    allowed: float = np.nan
    step: int = 0
    note: str = ""

    @property
    def ratio(self) -> float:
        """``measured / allowed``: at most 1 where the claim holds."""
        if np.isnan(self.measured) or self.measured <= 0:
            return 0.0
        return self.measured / self.allowed if self.allowed > 0 else np.inf


Result = tuple[bool | None, float, float, int, str]
"""(holds, measured, allowed, step, note) of one setting; holds is None if nothing was compared."""


class Check(Monitor, Protocol):
    """A monitor that ends in findings."""

    def findings(self) -> list[Result]:
        """Return one result a setting."""


def always(case: Case, setting: Setting) -> str:
    """Return no objection: the claim applies to every case and setting."""
    return ""


def uncapped(case: Case, setting: Setting) -> str:
    """Return an objection to settings with a cap, which the theorem excludes (α = inf)."""
    return "" if np.isinf(setting.lr) else "needs α = inf"


@dataclass(frozen=True)
class Claim:
    """A statement of the theory, and how it is checked.

    Attributes
    ----------
    name, title
        An identifier, and a phrase for tables.
    statement
        The inequality, in the paper's symbols.
    source
        Paper and place, or "derived here".
    kind
        "path-wise" (every step of every trajectory), "in expectation", or "assumption".
    units
        What measured and allowed are, in words.
    method
        The method it speaks of: a key of `theory.verify.METHODS`.
    objection
        Why it does not apply to a setting of a case; the empty string where it does.
    monitor
        Makes the check for a case.
    """

    name: str
    title: str
    statement: str
    source: str
    kind: str
    units: str
    method: str
    objection: Callable[[Case, Setting], str]
    monitor: Callable[[Case], Check]

    def findings(self, case: Case, check: Check) -> list[Finding]:
        """Return the check's findings, with what does not apply marked so."""
        found = []
        for setting, result in zip(case.settings, check.findings(), strict=True):
            objection = self.objection(case, setting)
            if objection:
                found.append(
                    Finding(self.name, case.problem.name, setting.label, None, note=objection)
                )
            else:
                found.append(Finding(self.name, case.problem.name, setting.label, *result))
        return found


class Worst:
    """Keeps, for each setting, the step at which measured came nearest to, or above, allowed.

    A claim holds for a setting if ``measured <= allowed`` at every step of every run. NaN counts
    as a violation. Both are divided by ``unit`` in the report.
    """

    def __init__(self, case: Case, unit: float = 1.0) -> None:
        count = len(case.settings)
        self.unit = unit
        self.holds = np.ones(count, dtype=bool)
        self.compared = np.zeros(count, dtype=int)
        self.excess = np.full(count, -np.inf)
        self.measured, self.allowed = np.zeros(count), np.zeros(count)
        self.step = np.zeros(count, dtype=int)

    def observe(
        self, step: Step, measured: Array, allowed: Array, where: NDArray[np.bool_] | None = None
    ) -> None:
        """Take in one step's pair, of shape (settings, seeds), where live and ``where``."""
        counts = step.live if where is None else step.live & where
        self.holds &= (measured <= allowed).all(axis=1, where=counts)
        self.compared += counts.sum(axis=1)
        # How far measured lies above allowed, relative to what is allowed: comparable over steps.
        scale = np.where(allowed > 0, allowed, 1.0)
        excess = np.where(np.isnan(measured), np.inf, (measured - allowed) / scale)
        excess = np.where(counts, excess, -np.inf)
        seed = excess.argmax(axis=1)
        rows = np.arange(len(seed))
        worse = excess[rows, seed] > self.excess
        self.excess = np.where(worse, excess[rows, seed], self.excess)
        self.measured = np.where(worse, measured[rows, seed], self.measured)
        self.allowed = np.where(worse, allowed[rows, seed], self.allowed)
        self.step = np.where(worse, step.k, self.step)

    def results(self) -> list[Result]:
        """Return the findings; a setting in which nothing was compared proves nothing."""
        results: list[Result] = []
        for row, count in enumerate(self.compared):
            if count == 0:
                results.append((None, np.nan, np.nan, 0, "no step to compare"))
            else:
                pair = float(self.measured[row]), float(self.allowed[row])
                results.append(
                    (
                        bool(self.holds[row]),
                        pair[0] / self.unit,
                        pair[1] / self.unit,
                        int(self.step[row]),
                        "",
                    )
                )
        return results


@dataclass(frozen=True)
class EachStep:
    """The check of a claim that is one comparison a step.

    Attributes
    ----------
    worst
        Where the comparisons are kept.
    compare
        ``step -> (measured, allowed)``, or None at steps of which the claim says nothing.
    """

    worst: Worst
    compare: Callable[[Step], tuple[Array, Array] | None]

    def observe(self, step: Step) -> None:
        """Compare."""
        pair = self.compare(step)
        if pair is not None:
            self.worst.observe(step, *pair)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()
