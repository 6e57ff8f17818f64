# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a claim is: a statement, when it applies, and a monitor that checks it on trajectories.

A monitor sees every step of a case (`theory.audit.Step`) and reports one `Finding` a setting.
What it compares is always a pair: the ``measured`` quantity and the ``allowed`` one, with the
rounding that may lie between them derived in the claim's own file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from theory.assumptions import interpolated, uncapped
from theory.assumptions import objection as objection_of
from theory.audit import Rows, Step
from theory.case import Case, Setting
from theory.engine import Monitor
from theory.problems.base import Array
from theory.statement import Statement

UNCONFIRMED = "not confirmed"
"""How the note begins where a statement in expectation is neither confirmed nor refuted."""

NEAR = 0.9
"""A bound is challenged where some problem brings what it bounds to this part of it."""

EXACT = 1 - 1e-8
"""To what part of a bound a function comes that attains it: float64 and the solver leave 1e-11."""

LARGEST_ROUNDING = 1e-4
"""What counts as rounding, in a claim's units, which are those of what it is about.

A comparison that allows more says nothing, and does not count."""

ALLOWANCES = ("rounding", "tolerance", "precision")
"""How `Claim.units` calls what is allowed where an equality, or a sign, is claimed."""


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
    beta
        β of the setting.
    """

    claim: str
    problem: str
    setting: str
    holds: bool | None
    measured: float = np.nan
    allowed: float = np.nan
    step: int = 0
    note: str = ""
    beta: float = 0.0

    @property
    def ratio(self) -> float:
        """``measured / allowed``: at most 1 where the claim holds."""
        if np.isnan(self.measured) or self.measured <= 0:
            return 0.0
        return self.measured / self.allowed if self.allowed > 0 else np.inf


Result = tuple[bool | None, float, float, int, str]
"""(holds, measured, allowed, step, note) of one setting; holds is None if nothing was compared."""


NOTHING: Result = (None, np.nan, np.nan, 0, "")
"""The result where a claim does not apply."""


class Check(Monitor, Protocol):
    """A monitor that ends in findings."""

    def findings(self) -> list[Result]:
        """Return one result a setting."""


def always(case: Case, setting: Setting) -> str:
    """Return no objection: the claim applies to every case and setting."""
    return ""


def interpolated_uncapped(case: Case, setting: Setting) -> str:
    """Return an objection to problems without interpolation, and to settings with a cap."""
    return interpolated(case, setting) or uncapped(case, setting)


@dataclass(frozen=True)
class Claim:
    """A statement of the theory, and how it is checked.

    Attributes
    ----------
    formal
        The statement that it measures, where name, title, text and source come from.
    kind
        "path-wise" (every step of every trajectory), "in expectation", or "assumption".
    units
        What measured and allowed are, in words.
    method
        The method it speaks of: a key of `theory.methods.METHODS`.
    objection
        Why it does not apply to a setting of a case; the empty string where it does.
    monitor
        Makes the check for a case.
    local
        Whether it speaks of single steps, so that long runs add nothing.
    any_order
        Whether one in expectation also holds, on the path, for functions in a given order, with
        the largest gradient for G. Path-wise claims always do.
    reached
        The ratio to which some problem brings it, where what is allowed is no rounding: with less,
        a bound half as large would hold as well. Below `NEAR` it needs a reason.
    unchallenged
        Why no problem brings it near equality; the report shows and counts it. If it begins with
        one of `theory.outcomes.MOMENTUM` and ``DRAWN`` and a colon, it is about that part alone.
    after_step
        Whether K = 1 speaks of ``x^{K+1}``. Else it says no more than what G is, or L, and a bound
        that is near equality there is not challenged by that.
    """

    formal: Statement
    kind: str
    units: str
    method: str
    objection: Callable[[Case, Setting], str]
    monitor: Callable[[Case], Check]
    local: bool = False
    any_order: bool = False
    reached: float = NEAR
    unchallenged: str = ""
    after_step: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.reached <= 1:
            raise ValueError(f"claim {self.name}: reached = {self.reached}; allowed: in (0, 1]")
        if self.reached < NEAR and not self.unchallenged:
            raise ValueError(
                f"claim {self.name}: reached = {self.reached} < {NEAR} needs a reason in"
                " unchallenged"
            )

    @property
    def name(self) -> str:
        """An identifier."""
        return self.formal.name

    @property
    def title(self) -> str:
        """A phrase for tables."""
        return self.formal.title

    @property
    def statement(self) -> str:
        """What it says, in the paper's symbols."""
        return self.formal.text

    @property
    def source(self) -> str:
        """Paper and place, or "derived here"."""
        return self.formal.source

    @property
    def allowance(self) -> str:
        """What is allowed where it is an error: "rounding", "tolerance"; empty for a bound."""
        allowed = self.units.partition(" against ")[2]
        return next((word for word in ALLOWANCES if word in allowed), "")

    def excluded(self, case: Case, setting: Setting) -> str:
        """Return why it does not apply: its own objection, or that nothing is drawn."""
        if case.order is not None and self.kind == "in expectation" and not self.any_order:
            return "needs samples that are drawn"
        return self.objection(case, setting)

    def applies(self, case: Case) -> bool:
        """Return whether it applies to any setting of a case."""
        return not all(self.excluded(case, setting) for setting in case.settings)

    def check(self, case: Case) -> Check | None:
        """Return the check of a case, which sees the settings it applies to; None for none."""
        chosen = tuple(i for i, each in enumerate(case.settings) if not self.excluded(case, each))
        if len(chosen) == len(case.settings):
            return self.monitor(case)
        return OfRows(self.monitor, case, chosen) if chosen else None

    def findings(self, case: Case, check: Check | None) -> list[Finding]:
        """Return the check's findings, with what does not apply marked so.

        Without a check, nothing applies.
        """
        results = [NOTHING] * len(case.settings) if check is None else check.findings()
        found = []
        for setting, result in zip(case.settings, results, strict=True):
            objection = self.excluded(case, setting)
            shown = (*NOTHING[:4], objection) if objection else result
            holds, measured, allowed, *_ = shown
            if holds and not measured <= allowed:  # NaN, too
                note = "the check says that it holds"
                shown = (False, *shown[1:4], note)
            elif holds and self.allowance and allowed > LARGEST_ROUNDING:
                # It says nothing, and nothing asks that it is challenged.
                note = f"allows {allowed:.3g}, which is no {self.allowance}"
                shown = (None, *shown[1:4], note)
            found.append(Finding(self.name, case.name, setting.label, *shown, beta=setting.beta))
        return found


def measured(
    statement: Statement,
    kind: str,
    units: str,
    method: str,
    monitor: Callable[[Case], Check],
    objection: Callable[[Case, Setting], str] = always,
    local: bool = False,
    any_order: bool = False,
    reached: float = NEAR,
    unchallenged: str = "",
    after_step: bool = False,
) -> Claim:
    """Return the claim that a statement holds on runs of a method.

    It applies where neither an assumption of the statement objects, nor ``objection``.
    """
    by_assumption = objection_of(statement.assumes)

    def objects(case: Case, setting: Setting) -> str:
        return by_assumption(case, setting) or objection(case, setting)

    # What `show` prints beside the assumptions' words.
    objects.__doc__ = objection.__doc__
    return Claim(
        formal=statement,
        kind=kind,
        units=units,
        method=method,
        objection=objects,
        monitor=monitor,
        local=local,
        any_order=any_order,
        reached=reached,
        unchallenged=unchallenged,
        after_step=after_step,
    )


class OfRows:
    """A check of some of a case's settings; it finds nothing for the others."""

    def __init__(
        self, monitor: Callable[[Case], Check], case: Case, chosen: tuple[int, ...]
    ) -> None:
        self.rows, self.chosen, self.count = Rows(case, chosen), chosen, len(case.settings)
        self.inner = monitor(self.rows.case)

    def observe(self, step: Step) -> None:
        """Show the check its settings."""
        self.inner.observe(self.rows.of(step))

    def findings(self) -> list[Result]:
        """Return what was found, one result a setting of the whole case."""
        results = [NOTHING] * self.count
        for row, result in zip(self.chosen, self.inner.findings(), strict=True):
            results[row] = result
        return results


SMALLEST = float(np.finfo(np.float64).tiny)


class Worst:
    """Keeps, for each run, the step at which measured came nearest to, or above, allowed.

    A claim holds for a setting if ``measured <= allowed`` at every step of every run. NaN counts
    as a violation. Both are divided by ``unit`` in the report.
    """

    def __init__(self, case: Case, unit: float = 1.0) -> None:
        shape = (len(case.settings), case.seeds)
        self.unit = unit
        self.violated = np.zeros(shape, dtype=bool)
        self.compared = np.zeros(shape, dtype=bool)
        self.ratio = np.full(shape, -np.inf)
        self.measured, self.allowed = np.zeros(shape), np.zeros(shape)
        self.step = np.zeros(shape, dtype=int)

    def observe(
        self, step: Step, measured: Array, allowed: Array, where: NDArray[np.bool_] | None = None
    ) -> None:
        """Take in one step's pair, of shape (settings, seeds), where live and ``where``."""
        counts = step.live if where is None else step.live & where
        self.compared |= counts
        self.violated |= counts & ~(measured <= allowed)
        # Nothing may be allowed, and nothing measured; the smallest number decides that 0/0 is 0.
        ratio = measured / (allowed + SMALLEST)
        worse = counts & ~(ratio < self.ratio)  # of equal ones the last: at k = 1 little is said
        if worse.any():
            np.copyto(self.ratio, ratio, where=worse)
            np.copyto(self.measured, measured, where=worse)
            np.copyto(self.allowed, allowed, where=worse)
            self.step[worse] = step.k

    def results(self) -> list[Result]:
        """Return the findings; a setting in which nothing was compared proves nothing."""
        results: list[Result] = []
        for row in range(len(self.step)):
            if not self.compared[row].any():
                results.append((None, np.nan, np.nan, 0, "no step to compare"))
                continue
            seed = int(np.where(self.violated[row], np.inf, self.ratio[row]).argmax())
            pair = self.measured[row, seed] / self.unit, self.allowed[row, seed] / self.unit
            holds = not self.violated[row].any()
            results.append((holds, float(pair[0]), float(pair[1]), int(self.step[row, seed]), ""))
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
