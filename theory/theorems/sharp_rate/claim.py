"""The sharp rate for one function: ``1/sqrt(1-β²)`` takes the place of the paper's ``1/(1-β)``."""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import EXACT, Result, Worst, measured
from theory.problems.base import gamma
from theory.theorems.sharp_rate.bound import sharp
from theory.theorems.sharp_rate.statement import SHARP_RATE


class SharpRate:
    """Compares ``min_{k<=K} f(x^k) - f*`` with `theory.theorems.sharp_rate.bound` for all K.

    The proof is there; it stands on `theory.theorems.norm_recursion` and the summed inequality.

    Rounding: as in `theory.theorems.rate.claim`, D² grows by the summed `Step.fejer_error`, and
    each δ_k is off by ``landing_error/(1-β)``.
    """

    def __init__(self, case: Case) -> None:
        shape = (len(case.settings), case.seeds)
        self.case = case
        self.worst = Worst(case, case.constants.gradient * case.optimum.distance)
        self.least = np.full(shape, np.inf)
        self.bounds = sharp(case.beta, np.arange(1, case.iterations + 1))
        self.error, self.landing = np.zeros(shape), np.zeros(shape)

    def observe(self, step: Step) -> None:
        """Compare."""
        case = self.case
        self.least = np.minimum(self.least, step.excess)
        distance = np.sqrt(case.optimum.distance**2 + self.error)
        bound = case.constants.gradient * distance * self.bounds[:, step.k - 1, None]
        self.landing = np.maximum(self.landing, step.landing_error / (1 - case.beta))
        self.worst.observe(step, self.least, bound * (1 + gamma(step.k + 8)) + self.landing)
        self.error = self.error + step.fejer_error

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


CLAIM = measured(
    SHARP_RATE,
    kind="path-wise",
    units="the least suboptimality against the bound, both over G D",
    method="momo",
    reached=EXACT,
    monitor=SharpRate,
)

CLAIMS = (CLAIM,)
