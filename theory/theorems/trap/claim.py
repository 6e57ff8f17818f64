"""The sharp rate is reached for large K, on a function made for β and K."""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Result, Worst, measured
from theory.problems.base import gamma
from theory.problems.momentum_trap import MomentumTrap
from theory.theorems.trap.statement import MADE


class Trapped:
    """Compares ``f(x^k) - f*`` with the δ of the construction, for k <= K.

    The proof is in `theory.problems.momentum_trap`, and so is that of ``||x^1 - x*|| <= D`` for the
    D in the promised value.

    Rounding: each step rounds x^{k+1}, and every value has `Constants.rounding`; δ is the root of a
    sum of K terms, which was computed twice, there and here: ``2γ_{K+8}``.
    """

    def __init__(self, case: Case) -> None:
        self.case, self.worst = case, Worst(case)
        self.rounding = np.zeros(())

    def observe(self, step: Step) -> None:
        """Compare, in units of δ."""
        case, problem = self.case, self.case.problem
        if not isinstance(problem, MomentumTrap) or step.k > problem.iterations:
            return
        count = problem.iterations
        size = {"G": problem.gradient, "D": problem.distance, "rest": problem.rest}
        unit = MADE.bound(**size, beta=problem.beta, K=count)
        off = np.abs(step.excess - unit) / unit
        self.rounding = self.rounding + 2 * case.constants.rounding / unit
        self.worst.observe(step, off, np.full_like(off, self.rounding + 2 * gamma(count + 8)))

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


CLAIM = measured(
    MADE,
    kind="path-wise",
    units="relative difference from the value promised against rounding",
    method="momo",
    monitor=Trapped,
)

CLAIMS = (CLAIM,)
