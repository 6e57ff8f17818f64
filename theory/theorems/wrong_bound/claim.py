"""Bounds that are off: the least suboptimality of the samples, on every path, at every K."""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Claim, Result, Worst, measured
from theory.claims.expectation import Curve
from theory.statement import Statement
from theory.theorems.wrong_bound.bound import wrong_bound
from theory.theorems.wrong_bound.statement import TOO_HIGH_BY, TOO_LOW_BY


class Least:
    """Compares ``min_{j<=k} f_j - f*`` with the bound at every k, until a run is held.

    Rounding. D² grows by the summed `Step.fejer_error`; ``h_k - f_*`` is ``(1-β)(f_k - f_*)`` up to
    `Step.landing_error`, which moves f_k by that over 1-β.
    """

    def __init__(self, case: Case) -> None:
        shape = (len(case.settings), case.seeds)
        self.case = case
        self.worst = Worst(case, case.constants.gradient * case.optimum.distance)
        self.least, self.error, self.landing = (
            np.full(shape, np.inf),
            np.zeros(shape),
            np.zeros(shape),
        )
        self.free = np.ones(shape, dtype=bool)
        self.offset = case.lower_bound - case.optimum.value
        self.steps: list[int] = []
        self.means: list[np.ndarray] = []
        self.bounds: list[np.ndarray] = []

    def observe(self, step: Step) -> None:
        """Compare."""
        case = self.case
        self.least = np.minimum(self.least, step.excess)
        self.error += step.fejer_error
        self.landing = np.maximum(self.landing, step.landing_error)
        self.free &= step.live
        reach = np.sqrt(case.optimum.distance**2 + self.error)
        bound = wrong_bound(case.beta, step.k, self.offset, case.constants.gradient_max, reach)
        allowed = bound + self.landing / (1 - case.beta)
        self.worst.observe(step, self.least, allowed, self.free)
        self.steps.append(step.k)
        self.means.append(self.least.mean(axis=1))
        self.bounds.append(allowed.mean(axis=1))

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()

    def curves(self) -> list[Curve]:
        """Return the means of the least, and of the bounds."""
        steps, means, bounds = np.array(self.steps), np.array(self.means), np.array(self.bounds)
        return [
            Curve(steps, means[:, row], bounds[:, row]) for row in range(len(self.case.settings))
        ]


def _claim(statement: Statement) -> Claim:
    return measured(
        statement,
        kind="path-wise",
        units="min f_k - f* against the bound, both over G D",
        method="momo_wrong_bound",
        monitor=Least,
    )


CLAIMS = (_claim(TOO_LOW_BY), _claim(TOO_HIGH_BY))
