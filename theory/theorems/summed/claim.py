"""The Fejér steps, summed: the decreases cannot exceed the initial distance."""

from __future__ import annotations

import numpy as np

from theory.assumptions import interpolated
from theory.audit import Step
from theory.case import Case
from theory.claims.base import EXACT, Claim, Result, Worst
from theory.problems.base import gamma


class Summed:
    """Compares ``Σ_{j<=k} (h_j-f*)²/||d_j||²`` with ``||x^1-x*||²`` after every step.

    The allowed rounding is the sum of the steps' `Step.fejer_error`, and ``γ_k`` for the sum.
    """

    def __init__(self, case: Case) -> None:
        shape = (len(case.settings), case.seeds)
        self.worst = Worst(case, case.optimum.distance**2)
        self.distance_sq = case.optimum.distance**2
        self.total, self.error = np.zeros(shape), np.zeros(shape)

    def observe(self, step: Step) -> None:
        """Add the step."""
        self.total += step.decrease
        self.error += step.fejer_error
        allowed = self.distance_sq * (1 + gamma(step.k + step.x.shape[-1])) + self.error
        self.worst.observe(step, self.total, allowed)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


CLAIM = Claim(
    name="summed",
    title="summed inequality",
    statement="Σ_k (h_k-f*)²/||d_k||² ≤ ||x^1-x*||²",
    source="MoMo paper, proof of the convergence theorem, third step",
    kind="path-wise",
    units="the sum against ||x^1-x*||², both over D²",
    method="momo",
    reached=EXACT,
    objection=interpolated,
    monitor=Summed,
)

CLAIMS = (CLAIM,)
