"""The online lower bound of the starred methods: used first, updated after, reset when too high."""

from __future__ import annotations

from functools import partial

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Result, Worst, measured
from theory.problems.base import UNIT_ROUNDOFF, gamma
from theory.theorems.online_bound.statement import KEEPING


class OnlineBound:
    """Predicts f_*^k from h_k alone, and compares with what the step's length gives away.

    With λ = 0 and ρ = 1 the bound b obeys, from ``b_1 = floor``,

        b_k <- max{h_k/2, floor} if h_k < b_k              (reset)
        a_k = min{α ||d_k||², (h_k - b_k)_+} = ||x^{k+1} - x^k|| ||d_k||
        b_{k+1} = max{h_k - a_k/2, floor}                  (without a cap: (h_k + b_k)/2)

    The middle line is what a trajectory shows of the bound that was used. Rounding: h_k is known to
    `Step.gap_error` here and to as much in the method; the bound's own error is the mean of the two
    it came from; the length has the rounding of ``x^{k+1}``. Where h_k and b_k are too near to tell
    whether the reset applies, the step is not compared, and the prediction goes on from either.
    """

    def __init__(self, case: Case) -> None:
        shape = (len(case.settings), case.seeds)
        self.case = case
        self.worst = Worst(case, case.constants.gradient * case.optimum.distance)
        self.bound = np.full(shape, case.floor)
        self.error = np.zeros(shape)

    def observe(self, step: Step) -> None:
        """Compare, then predict the next bound."""
        floor, u = self.case.floor, UNIT_ROUNDOFF
        value = step.gap + self.case.optimum.value
        value_error = 2 * step.gap_error
        low = value < self.bound
        unclear = np.abs(value - self.bound) <= value_error + self.error

        reset = KEEPING.bound("reset where h_k < ρ_k f_*^k", h=value, rho=1, floor=floor)
        used = np.where(low, reset, self.bound)
        used_error = np.where(low, value_error, self.error)
        moves = step.norm_sq > 0
        advance = KEEPING.bound(
            "step",
            h=value,
            rho=1,
            used=used,
            alpha=np.where(moves, self.case.lr, 0),
            N=step.norm_sq,
        )
        shown = step.move * np.sqrt(step.norm_sq)

        # x^{k+1} is rounded, relative to its own size and not to that of a short step
        size = step.extent + 2 * step.move
        allowed = (
            value_error
            + used_error
            + gamma(step.x.shape[-1] + 8) * (np.abs(value) + np.abs(used) + advance)
            + 2 * u * size * np.sqrt(step.norm_sq)
        )
        self.worst.observe(step, np.abs(shown - advance), allowed, where=~unclear)
        after = partial(KEEPING.bound, "after the step", h=value, rho=1, floor=floor)
        self.bound = after(advance=advance)
        self.error = value_error + used_error + 2 * u * np.abs(self.bound)
        # Either branch may have been taken: go on from the bound that the length shows.
        self.bound = np.where(unclear, after(advance=shown), self.bound)
        self.error = np.where(unclear, self.error + allowed, self.error)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


CLAIM = measured(
    KEEPING,
    kind="path-wise",
    units="|predicted - shown advance of the model| against rounding, both over G D",
    method="momo_star",
    local=True,
    monitor=OnlineBound,
)

CLAIMS = (CLAIM,)
