# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Claims that users might write, each of which ``verify`` must not say OK to."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from theory import assumptions, bounds
from theory.assumptions import uncapped
from theory.audit import Step
from theory.case import Case, Setting
from theory.claims.base import Check, Claim, EachStep, Result, Worst, measured
from theory.problems.base import Array
from theory.proofs.scalars import le
from theory.statement import Quantity, Statement
from theory.theorems import CLAIMS

RATE = CLAIMS["rate"]
VALUES = (Quantity("value", "value", "what is measured"), Quantity("most", "most", "the bound"))


def one_function(case: Case, setting: Setting) -> str:
    """Return an objection to several functions, and to caps."""
    return assumptions.one_function(case, setting) or uncapped(case, setting)


def unit(case: Case) -> float:
    return case.constants.gradient * case.optimum.distance


def at_each_step(name: str, compare, objection=uncapped, **more) -> Claim:
    """Return a claim that compares ``compare(step)`` in units of GD, with no rounding allowed."""

    def monitor(case: Case) -> EachStep:
        def pair(step: Step) -> tuple[Array, Array]:
            measured, allowed = compare(step)
            return measured, np.broadcast_to(allowed, measured.shape)

        return EachStep(Worst(case, unit(case)), pair)

    given = {"kind": "path-wise", "units": "value against the bound, over G D"} | more
    said = Statement(name, name, VALUES, (), lambda v: {"": le(v.value, v.most)}, source="nobody")
    return measured(said, method="momo", objection=objection, monitor=monitor, **given)


def paper(step: Step) -> Array:
    return unit(step.case) / ((1 - step.case.beta) * np.sqrt(step.k))


LAST = at_each_step("last", lambda step: (step.excess, paper(step)), one_function)
"""The last iterate obeys the paper's rate. False: 0.53 at β = 0 and K = 10, where it says 0.32."""

VACUOUS = at_each_step("vacuous", lambda step: (step.excess - 1e9, paper(step)), one_function)
"""What is measured has nothing to do with what is allowed."""

POSING = at_each_step(
    "posing",
    lambda step: (step.excess - 1e9, 1e-15),
    one_function,
    units="nothing against rounding, over G D",
)
"""The same, said to be an identity."""

FIRST = at_each_step(
    "first",
    lambda step: (step.excess if step.k == 1 else 0 * step.excess, unit(step.case)),
    one_function,
)
"""Only what holds at K = 1, by the definition of G."""

NOWHERE = at_each_step(
    "nowhere", lambda step: (step.excess, paper(step)), lambda case, setting: "never"
)
"""It applies to nothing."""


def raising(step: Step) -> tuple[Array, Array]:
    raise ZeroDivisionError("nobody can divide this")


RAISING = at_each_step("raising", raising)


@dataclass
class Drawn:
    """Compares ``min_{k<=K}`` of the mean over seeds with a bound, at every K."""

    case: Case
    sharp: bool

    def __post_init__(self) -> None:
        shape = (len(self.case.settings), 1)
        self.least, self.ratio, self.at = np.full(shape, np.inf), np.zeros(shape), 0
        self.worst = np.zeros((*shape, 2))

    def observe(self, step: Step) -> None:
        beta = self.case.beta
        self.least = np.minimum(self.least, step.excess.mean(axis=1, keepdims=True))
        power = bounds.sharp(beta, step.k) if self.sharp else 1 / ((1 - beta) ** 2 * step.k**0.5)
        ratio = self.least / (unit(self.case) * power)
        if step.k > 1:
            self.ratio = np.maximum(self.ratio, ratio)

    def findings(self) -> list[Result]:
        return [(bool(ratio <= 1), float(ratio), 1.0, 2, "") for (ratio,) in self.ratio]


def several(case: Case, setting: Setting) -> str:
    return "needs several functions" if case.problem.samples == 1 else uncapped(case, setting)


def named(name: str) -> Statement:
    """Return the paper's rate by another name."""
    return replace(RATE.formal, name=name)


SHARP_DRAWN = replace(
    RATE,
    formal=named("sharp_drawn"),
    any_order=False,
    unchallenged="",
    objection=several,
    monitor=lambda case: Drawn(case, sharp=True),
)
"""The sharp rate of one function, for independent samples: nobody knows, and no run comes near."""

SHARP_ANY = replace(SHARP_DRAWN, formal=named("sharp_any"), objection=uncapped)
"""The same, with one function among what it speaks of: there it is sharp."""

WEAK = replace(
    RATE,
    formal=named("weak"),
    any_order=False,
    objection=one_function,
    kind="path-wise",
    unchallenged="",
    monitor=lambda case: Drawn(case, sharp=False),
)
"""True, and sharp without momentum: with ``1/(1-β)²`` for ``1/(1-β)``."""


@dataclass
class Changed:
    """The right check of the rate, its bound multiplied, and what it says of it replaced."""

    inner: Check
    factor: float
    holds: bool | None = None

    def observe(self, step: Step) -> None:
        self.inner.observe(step)

    def findings(self) -> list[Result]:
        found: list[Result] = []
        for holds, value, allowed, *rest in self.inner.findings():
            most = self.factor * allowed
            said = holds if holds is None else self.holds or value <= most
            found.append((said, value, most, *rest))
        return found


CALLED_ROUNDING = replace(
    RATE,
    formal=named("called_rounding"),
    units="mean of E[f(x^k)-f*] against the bound with its rounding, over G D",
    unchallenged="",
    monitor=lambda case: Changed(RATE.monitor(case), 2.0),
)
"""Twice the bound, where a word says that it need not be challenged."""

LYING = replace(
    RATE,
    formal=named("lying"),
    monitor=lambda case: Changed(RATE.monitor(case), 0.5, holds=True),
)
"""Half the bound, of which its check says that it holds."""

SAME_NAME = replace(LYING, formal=RATE.formal)
"""The same by the name of another claim."""


@dataclass
class Changing:
    """A check that changes what the others see."""

    inner: Check

    def observe(self, step: Step) -> None:
        step.excess[...] = 0
        self.inner.observe(step)

    def findings(self) -> list[Result]:
        return self.inner.findings()


CHANGING = replace(
    LAST, formal=named("changing"), monitor=lambda case: Changing(LAST.monitor(case))
)
