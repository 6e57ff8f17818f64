# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is wrong with the broken methods among those that people run: caps, and other lower bounds.

A cap that is ignored is no control: the theorems with a cap hold without it, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from momo.core.ops import Ops
from momo.core.parts import Truncation
from momo.core.step import Number
from momo.reference import Given, Method
from theory.case import Case
from theory.engine import Stepper
from theory.methods import Diminishing, bounded_momo, exact_momo


@dataclass(frozen=True)
class Taken(Truncation):
    """The cap itself, whatever the model says."""

    def __call__(
        self, cap: Number, adaptive: Number, dual_norm_sq: Number, memory: Number, ops: Ops
    ) -> tuple[Number, Number]:
        """Return the cap."""
        return cap + 0 * adaptive, memory


@dataclass(frozen=True)
class Multiplied(Truncation):
    """``factor · min{cap, ζ}``."""

    factor: float

    def __call__(
        self, cap: Number, adaptive: Number, dual_norm_sq: Number, memory: Number, ops: Ops
    ) -> tuple[Number, Number]:
        """Return the step of another length."""
        right, memory = super().__call__(cap, adaptive, dual_norm_sq, memory, ops)
        return self.factor * right, memory


def with_cap(case: Case, factor: float) -> Method:
    """Return the right method with the cap multiplied."""
    return replace(bounded_momo(case), lr=factor * case.lr)


def always_capped(case: Case) -> Stepper:
    """No truncation: every step has the size of the cap."""
    return replace(bounded_momo(case), step_rule=Taken())


def cap_hundredth(case: Case) -> Stepper:
    """α is a hundredth of what it is said to be."""
    return with_cap(case, 0.01)


def steep_cap(case: Case) -> Stepper:
    """α is ten times what it is said to be."""
    return with_cap(case, 10.0)


def step_doubled(case: Case) -> Stepper:
    """τ is twice as long, capped or not."""
    return replace(bounded_momo(case), step_rule=Multiplied(2.0))


def step_tenth(case: Case) -> Stepper:
    """τ is a tenth as long, capped or not."""
    return replace(bounded_momo(case), step_rule=Multiplied(0.1))


@dataclass(frozen=True)
class Early(Diminishing):
    """Caps that fall like 1/k³."""

    power: ClassVar[float] = 3.0


def cap_falls_early(case: Case) -> Stepper:
    """α_k falls like 1/k³, not like 1/√k."""
    return Early(exact_momo(case))


def bound_four_times_off(case: Case) -> Stepper:
    """f_* is off by four times what it is said to be."""
    off = case.lower_bound - case.infimum
    return replace(bounded_momo(case), lower_bound=Given(case.infimum + 4 * off))
