"""The rate is attained: on the resisting function Polyak's method is as slow as the bound."""

from __future__ import annotations

from functools import partial

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import Result, Worst, measured
from theory.problems.base import UNIT_ROUNDOFF, gamma
from theory.theorems.attained.statement import STATEMENT


class Attained:
    """Compares ``f(x^k) - f*`` with ``GD/√K`` and ``||x^{k+1}-x*||²`` with ``D²(1 - k/K)``.

    Both are equalities for k = 1, …, K, proven in `theory.problems.resisting`. The certificate
    knows D to within ``D - distance_lower``, and the nearest solution, by strong convexity of the
    projection, to within ``r = sqrt(D² - distance_lower²)``: the first differs by at most
    ``G (D - distance_lower)/√K``, the second by ``4 D r + r²``. Rounding adds ``8u`` a step, and
    ``γ_{4n} D`` in the two ends of the bracket, each a root of a sum of squares.
    """

    def __init__(self, case: Case) -> None:
        optimum = case.optimum
        self.case, self.worst = case, Worst(case)
        self.spread = optimum.distance - optimum.distance_lower + optimum.interpolation
        self.spread += gamma(4 * len(optimum.solution)) * optimum.distance
        self.blur = np.sqrt(max(optimum.distance**2 - optimum.distance_lower**2, 0.0))
        self.blur += optimum.interpolation / case.constants.gradient

    def observe(self, step: Step) -> None:
        """Compare, both over their scale."""
        case, count = self.case, self.case.iterations
        distance, value = case.optimum.distance, case.optimum.value
        rounding = 8 * step.k * UNIT_ROUNDOFF
        says = partial(STATEMENT.bound, G=case.constants.gradient, D=distance, k=step.k, K=count)
        rate = float(says("value"))
        off = np.abs(step.excess - rate) / rate
        spread = self.spread / distance + rounding * (1 + abs(value) / rate)
        self.worst.observe(step, off, np.full_like(off, abs(spread)))

        after = step.distance_sq + step.distance_change
        off = np.abs(after - says("distance")) / distance**2
        blur = (4 * self.blur * distance + self.blur**2) / distance**2 + rounding
        self.worst.observe(step, off, np.full_like(off, blur))

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


CLAIM = measured(
    STATEMENT,
    kind="path-wise",
    units="relative difference of the two sides against the certificate's precision",
    method="momo",
    monitor=Attained,
)

CLAIMS = (CLAIM,)
