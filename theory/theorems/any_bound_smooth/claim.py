"""Without interpolation, smooth: the mean suboptimality at every K, on every path.

The part with R goes to the left, so that what is compared is how far the method got, against what
the start and the samples allow. Rounding as in `theory.theorems.any_bound.claim`.
"""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Result, Worst, measured
from theory.claims.expectation import Curve
from theory.engine import checkpoints
from theory.problems.base import Array, gamma
from theory.theorems.any_bound.claim import objection
from theory.theorems.any_bound_smooth.statement import ANY_BOUND_SMOOTH


class Mean:
    """Compares ``M - βR/((1-β)K)`` with ``D²/(2αK) + αL(1+β)V/((1-β)K)`` at every K."""

    def __init__(self, case: Case) -> None:
        shape = (len(case.settings), case.seeds)
        self.case = case
        self.worst = Worst(case, case.constants.gradient * case.optimum.distance)
        self.total, self.above = np.zeros(shape), np.zeros(shape)
        self.error, self.rounding = np.zeros(shape), np.zeros(shape)
        self.average, self.first, self.first_loss = (np.zeros(shape) for _ in range(3))
        self.marks, self.at = checkpoints(case.iterations), list[tuple[int, Array, Array]]()

    def observe(self, step: Step) -> None:
        """Add the step, and compare."""
        case, beta, k = self.case, self.case.beta, step.k
        assert case.constants.smoothness is not None
        kappa = beta / (1 - beta)
        above = step.loss - case.problem.infima[step.index]
        self.above += above
        if k == 1:
            self.average = self.first = step.solution_loss
            self.first_loss = step.loss
            self.above += kappa * above
        else:
            self.average = beta * self.average + (1 - beta) * step.solution_loss
        self.total += step.loss - step.solution_loss
        still = 2 * case.lr * np.sqrt(step.norm_sq * step.distance_sq)
        self.error += np.where(step.live, step.fejer_error, still)
        self.rounding += (2 * step.landing_error + step.gap_error) / (1 - beta)

        rise = step.gap + case.optimum.value - self.first_loss + self.first - self.average
        value = self.total / k - kappa * rise / k
        bound = ANY_BOUND_SMOOTH.bound(
            D=np.sqrt(case.optimum.distance**2 + self.error),
            V=self.above,
            R=0.0,
            L=case.constants.smoothness,
            beta=beta,
            alpha=case.lr,
            K=k,
        )
        allowed = bound + self.rounding / k + gamma(k + 4) * (np.abs(value) + bound)
        self.worst.observe(step, value, allowed)
        if k in self.marks:
            self.at.append((k, value.mean(axis=1), allowed.mean(axis=1)))

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()

    def curves(self) -> list[Curve]:
        """Return the means, and those of the bounds."""
        steps, values, bounds = map(np.array, zip(*self.at, strict=True))
        return [Curve(steps, values[:, i], bounds[:, i]) for i in range(len(self.case.settings))]


CLAIMS = (
    measured(
        ANY_BOUND_SMOOTH,
        kind="path-wise",
        units="M - βR/((1-β)K) against D²/(2αK) + αL(1+β)V/((1-β)K), both over G D",
        method="momo_any_bound",
        monitor=Mean,
        objection=objection,
        reached=0.79,
        unchallenged="equality needs αL(1+β)/(1-β) near 0, and with it many more steps: on"
        " functions that are affine but near x* the part that is reached tends to 1 as K grows",
    ),
)
