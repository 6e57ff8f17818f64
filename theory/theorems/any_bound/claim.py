"""Without interpolation, in expectation.

With ``f*_k = f(x*,s_k)``, F_k their average as the method averages, and ``κ = β/(1-β)``, the proof
gives on every path, without any expectation,

    Z := mean_k (f_k - f*_k) - κ(h_K - f_1)/K - κ(f*_1 - F_K)/K
      <= D²/(2αK) + (α/2K) Σ ||d_k||² + (κ/K) Σ_{k<K} τ_k ||d_k||²

because ``Σ F_k = Σ f*_k + κ(f*_1 - F_K)``. The right side is at most the statement's bound, with
the largest gradient of any sample anywhere in the place of G; and ``E Z`` is the statement's left
side, with the last term of its right side subtracted, as ``E f*_k = E F_K = f(x*)``. So Z of
different seeds are independent draws of a variable with a known upper end, and betting gives an
upper confidence limit of E Z without any assumption on their distribution.

Rounding. D² grows by the summed `Step.fejer_error`; a run that is held moves by nothing where the
proof takes at most ``2α<d_k, x^k-x*> <= 2α||d_k|| ||x^k-x*||`` for granted. Each of the K equations
for the values is off by at most ``2 landing_error``, and each ``f_k - f*_k`` by
``gap_error/(1-β)``: that is ``2γ_{n+4}`` times an average in which this term has the weight 1-β, or
more.
"""

from __future__ import annotations

import numpy as np

from theory.audit import Step
from theory.case import Case, Setting
from theory.claims.base import Result, measured
from theory.claims.expectation import AtMarks, Curve
from theory.engine import checkpoints
from theory.problems.base import gamma
from theory.theorems.any_bound.bound import any_bound
from theory.theorems.any_bound.statement import ANY_BOUND
from theory.theorems.rate.claim import MARKS_PER_DECADE


class Mean:
    """Compares the upper confidence limit of E Z with the bound at marked K."""

    def __init__(self, case: Case) -> None:
        shape = (len(case.settings), case.seeds)
        self.case = case
        self.total, self.error, self.rounding = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.average, self.first = np.zeros(shape), np.zeros(shape)
        self.first_loss = np.zeros(shape)
        self.marks = checkpoints(case.iterations, MARKS_PER_DECADE)
        self.kept = AtMarks(case, case.constants.gradient * case.optimum.distance)

    def observe(self, step: Step) -> None:
        """Add up Z; at the marked K compare."""
        case, beta = self.case, self.case.beta
        if step.k == 1:
            self.average = self.first = step.solution_loss
            self.first_loss = step.loss
        else:
            self.average = beta * self.average + (1 - beta) * step.solution_loss
        self.total += step.loss - step.solution_loss
        still = 2 * case.lr * np.sqrt(step.norm_sq * step.distance_sq)
        self.error += np.where(step.live, step.fejer_error, still)
        self.rounding += (2 * step.landing_error + step.gap_error) / (1 - beta)
        if step.k in self.marks:
            self._compare(step)

    def _compare(self, step: Step) -> None:
        case, constants, k = self.case, self.case.constants, step.k
        kappa = case.beta / (1 - case.beta)
        rise = step.gap + case.optimum.value - self.first_loss
        values = (self.total - kappa * (rise + self.first - self.average)) / k
        beta, cap = case.beta[:, 0], case.lr[:, 0]
        rounding = self.rounding.max(axis=1) / k + gamma(k + 4) * np.abs(values).mean(axis=1)
        far, near = (
            np.sqrt(case.optimum.distance**2 + error)
            for error in (self.error.max(axis=1), self.error.mean(axis=1))
        )
        upper = any_bound(beta, k, cap, constants.gradient_everywhere_max, far)
        bound = any_bound(beta, k, cap, constants.gradient_everywhere, near)
        self.kept.compare(k, values, upper + rounding, bound + rounding)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.kept.results()

    def curves(self) -> list[Curve]:
        """Return the means, and the bound on them."""
        return self.kept.curves()


def objection(case: Case, setting: Setting) -> str:
    """Return an objection to runs without a cap, of which the bound says nothing."""
    return "needs a cap" if np.isinf(setting.lr) else ""


CLAIMS = (
    measured(
        ANY_BOUND,
        kind="in expectation",
        units="upper confidence limit of E Z against D²/(2αK) + αG²(1+β)/(2(1-β)), over G D",
        method="momo_any_bound",
        monitor=Mean,
        objection=objection,
    ),
)
