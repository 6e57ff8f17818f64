# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Controls that are off by little more than rounding: they pin what a claim allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from theory.case import Case
from theory.engine import Stepper
from theory.methods import METHODS
from theory.problems.base import Array


@dataclass(frozen=True)
class Nudged:
    """The right method, its steps longer by a part, and every point moved away from x*.

    With parts little above the rounding that a claim allows this is caught; if more were allowed,
    it would pass.

    Attributes
    ----------
    base
        The right method.
    longer
        The part by which each step is longer.
    away
        The part of ``x^k - x*`` by which ``x^{k+1}`` is moved.
    solution
        x*.
    """

    base: Stepper
    longer: float
    away: float
    solution: Array

    def step(self, state: Any, x: Array, loss: Array, grad: Array) -> tuple[Array, Any, Any]:
        """Return the moved point, and what else the base method returns."""
        x_next, state, info = self.base.step(state, x, loss, grad)
        moved = self.longer * (x_next - x) + self.away * (x - self.solution)
        return x_next + moved, state, info


def nudged(method: str, longer: float = 0.0, away: float = 0.0) -> Callable[[Case], Stepper]:
    """Return what makes a nudged method."""

    def build(case: Case) -> Stepper:
        return Nudged(METHODS[method](case), longer, away, case.optimum.solution)

    what = f"Steps are {abs(longer):.0e} too {'long' if longer > 0 else 'short'}"
    build.__doc__ = f"{what if longer else f'Points are {away:.0e} too far from x*'} ({method})."
    return build
