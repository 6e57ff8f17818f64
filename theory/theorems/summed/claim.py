"""The Fejér steps, summed: the decreases cannot exceed the initial distance."""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import EXACT, Result, Worst, measured
from theory.problems.base import gamma
from theory.theorems.summed.statement import STATEMENT


class Summed:
    """Compares the sum of the Fejér decreases with ``||x^1-x*||²`` after every step.

    The allowed rounding is the sum of the steps' `Step.fejer_error`, and ``γ_k`` for the sum.
    """

    def __init__(self, case: Case) -> None:
        shape = (len(case.settings), case.seeds)
        self.worst = Worst(case, case.optimum.distance**2)
        self.most = STATEMENT.bound("sum", D=case.optimum.distance)
        self.total, self.error = np.zeros(shape), np.zeros(shape)

    def observe(self, step: Step) -> None:
        """Add the step."""
        self.total += step.decrease
        self.error += step.fejer_error
        allowed = self.most * (1 + gamma(step.k + step.x.shape[-1])) + self.error
        self.worst.observe(step, self.total, allowed)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


CLAIM = measured(
    STATEMENT,
    kind="path-wise",
    units="the sum against ||x^1-x*||², both over D²",
    method="momo",
    reached=EXACT,
    monitor=Summed,
)

CLAIMS = (CLAIM,)
