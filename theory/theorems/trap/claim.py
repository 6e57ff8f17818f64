"""The sharp rate is reached for large K, on a function made for β and K."""

from __future__ import annotations

import numpy as np

from theory.assumptions import uncapped
from theory.audit import Step
from theory.case import Case, Setting
from theory.claims.base import Claim, Result, Worst
from theory.problems.momentum_trap import MomentumTrap


class Trapped:
    """Compares ``f(x^k) - f*`` with the δ of the construction, for k <= K.

    The proof is in `theory.problems.momentum_trap`, and so is that of ``||x^1 - x*|| <= D`` for the
    D in the promised value.

    Rounding: each step rounds x^{k+1}, and every value has `Constants.rounding`.
    """

    def __init__(self, case: Case) -> None:
        self.case, self.worst = case, Worst(case)
        self.rounding = 0.0

    def observe(self, step: Step) -> None:
        """Compare, in units of δ."""
        case, problem = self.case, self.case.problem
        if not isinstance(problem, MomentumTrap) or step.k > problem.iterations:
            return
        unit = problem.excess
        off = np.abs(step.excess - unit) / unit
        self.rounding += 2 * case.constants.rounding / unit
        self.worst.observe(step, off, np.full_like(off, self.rounding))

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


def objection(case: Case, setting: Setting) -> str:
    """Return an objection to any function but the one made for this β."""
    if not isinstance(case.problem, MomentumTrap) or case.problem.beta != setting.beta:
        return "needs the function made for this β"
    return uncapped(case, setting)


CLAIM = Claim(
    name="trapped",
    title="the sharp rate is reached",
    statement="on the function made for β and K: f(x^k) - f* = G D/sqrt((1-β²)K + C) for k ≤ K,"
    " C bounded in K",
    source="derived here (theory/problems/momentum_trap.py)",
    kind="path-wise",
    units="relative difference from the value promised against rounding",
    method="momo",
    objection=objection,
    monitor=Trapped,
)

CLAIMS = (CLAIM,)
