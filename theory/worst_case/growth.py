# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Lower bounds for growing K: the traps, each checked, run through the reference, and compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from theory import bounds, traps
from theory.worst_case.construction import given_order, one_function
from theory.worst_case.instance import Instance
from theory.worst_case.replay import replay

BETAS = (0.5, 0.9, 0.99)
ITERATIONS = (10, 100, 300)
VIOLATION = 1e-10
"""What rounding may leave of an instance's conditions: sums of up to 300 products of size 1, and
averages as large as G/(1-β)."""


@dataclass(frozen=True)
class Growth:
    """A trap for one β and K.

    Attributes
    ----------
    kind
        "from first", "from zero", or "given order": what it is a lower bound for.
    beta, iterations
        β and K.
    value
        ``f(x^k) - f*`` for all k, in units of GD.
    upper
        The best upper bound that is proven.
    violation
        The largest violation of a condition: convexity, gradients, step rule, distance.
    error
        The largest difference between the reference's run and the trap.
    """

    kind: str
    beta: float
    iterations: int
    value: float
    upper: float
    violation: float
    error: float

    @property
    def good(self) -> bool:
        """Whether it is what it says, and below the bound."""
        small = max(self.violation, self.error) <= VIOLATION
        return small and self.value <= self.upper * (1 + VIOLATION)


def _one(averaging: str) -> Callable[[float, int], tuple[Instance, float]]:
    def make(beta: float, iterations: int) -> tuple[Instance, float]:
        last = traps.least_rest(beta, iterations, averaging)
        found = one_function(beta, iterations, averaging, last)
        return found, float(bounds.upper(beta, iterations, averaging))

    return make


def _order(beta: float, iterations: int) -> tuple[Instance, float]:
    return given_order(beta, iterations), float(bounds.two_ends(beta, iterations))


KINDS: dict[str, Callable[[float, int], tuple[Instance, float]]] = {
    "from first": _one("from_first"),
    "from zero": _one("from_zero"),
    "given order": _order,
}


def grown(kind: str, beta: float, iterations: int) -> Growth:
    """Return one trap, checked and run."""
    instance, upper = KINDS[kind](beta, iterations)
    violation = max(instance.violations().values())
    run = replay(instance)
    return Growth(kind, beta, iterations, instance.value, upper, violation, run.error)


def growth(jobs: int = 1) -> list[Growth]:
    """Return all traps, for all `KINDS`, `BETAS` and `ITERATIONS`."""
    from joblib import Parallel, delayed

    listed = [(kind, beta, count) for kind in KINDS for beta in BETAS for count in ITERATIONS]
    return list(Parallel(n_jobs=jobs)(delayed(grown)(*one) for one in listed))
