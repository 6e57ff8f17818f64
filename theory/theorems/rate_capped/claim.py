"""Rates with a cap, in expectation.

As in `theory.theorems.rate.claim`: the proof bounds ``Σ_k c_k E δ_k``, ``δ_k = f(x^k,s_k) - f*``,
for which no further evaluation is needed, and on every path the same bound holds with the largest
gradient of any sample in the place of G: runs are independent draws of a variable of known range.
Where the functions are smooth ``(1-β) Σ δ_k <= D² max{L, 1/α}`` bounds it, too (`smooth_capped`).

With one cap α for all steps ``c = min{α, D/(G√K)}`` gives the best bound. It is the mean over k
that is compared, which is at least the minimum that the statement speaks of.

Rounding. D² grows by the summed `Step.fejer_error`, and δ_k is off by ``landing_error/(1-β)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from theory.assumptions import Objection, finite_cap, never
from theory.audit import Step
from theory.case import Case
from theory.claims.base import Claim, Result, measured
from theory.claims.expectation import AtMarks, Curve
from theory.engine import checkpoints
from theory.problems.base import Array, gamma
from theory.statement import Statement
from theory.theorems.rate.claim import MARKS_PER_DECADE
from theory.theorems.rate_capped.bound import capped
from theory.theorems.rate_capped.statement import RATE_CAPPED, VARYING
from theory.theorems.smooth_capped.bound import total as smooth_total


@dataclass(frozen=True)
class Sum:
    """What is compared: ``Σ_k c_k δ_k``.

    Attributes
    ----------
    weight
        ``(case, k) -> c_k``, shape (settings, 1).
    bound
        ``(case, K, G, D) -> bound``, shape (settings,); D of shape (settings,).
    """

    weight: Callable[[Case, int], Array]
    bound: Callable[[Case, int, float, Array], Array]


def one(case: Case, k: int) -> Array:
    """Return 1."""
    return np.ones_like(case.lr)


def mean_bound(case: Case, k: int, gradient: float, distance: Array) -> Array:
    """Return K times the bound on the mean."""
    return k * capped(case.beta[:, 0], k, case.lr[:, 0], gradient, distance)


def falling(case: Case, k: int) -> Array:
    """Return ``α_k = α/√k``, the caps of `theory.methods.Diminishing`."""
    return np.asarray(case.lr / np.sqrt(k))


def falling_bound(case: Case, k: int, gradient: float, distance: Array) -> Array:
    """Return the bound on ``Σ α_k E δ_k``."""
    squares = case.lr[:, 0] ** 2 * (1 / np.arange(1, k + 1)).sum()
    return VARYING.bound(G=gradient, D=distance, beta=case.beta[:, 0], C=squares)


class Summed:
    """Compares the upper confidence limit of ``E Σ_k c_k δ_k`` with its bound at marked K."""

    def __init__(self, case: Case, what: Sum) -> None:
        shape = (len(case.settings), case.seeds)
        self.case, self.what = case, what
        self.total, self.error, self.landing = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.mass, self.largest = np.zeros_like(case.lr), np.zeros_like(case.lr)
        self.marks = checkpoints(case.iterations, MARKS_PER_DECADE)
        self.kept = AtMarks(case, case.constants.gradient * case.optimum.distance)

    def observe(self, step: Step) -> None:
        """Add δ_k; at the marked K compare."""
        weight = self.what.weight(self.case, step.k)
        self.mass, self.largest = self.mass + weight, np.maximum(self.largest, weight)
        self.total += weight * step.excess
        self.error += step.fejer_error
        self.landing = np.maximum(self.landing, step.landing_error)
        if step.k in self.marks:
            self._compare(step.k)

    def _compare(self, k: int) -> None:
        case, constants, mass = self.case, self.case.constants, self.mass[:, 0]
        distance_sq = case.optimum.distance**2
        rounding = mass * self.landing.max(axis=1) / (1 - case.beta[:, 0])
        rounding += gamma(k) * np.abs(self.total).mean(axis=1)
        reach_sq = distance_sq + self.error.max(axis=1)
        upper = self.what.bound(case, k, constants.gradient_max, np.sqrt(reach_sq))
        if constants.smoothness is not None:
            summed = smooth_total(constants.smoothness, case.lr[:, 0], reach_sq)
            summed *= self.largest[:, 0] / (1 - case.beta[:, 0])
            upper = np.minimum(upper, summed)
        near = np.sqrt(distance_sq + self.error.mean(axis=1))
        bound = self.what.bound(case, k, constants.gradient, near)
        self.kept.compare(
            k, self.total / self.mass, (upper + rounding) / mass, (bound + rounding) / mass
        )

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.kept.results()

    def curves(self) -> list[Curve]:
        """Return the means, and the bound on them."""
        return self.kept.curves()


def _claim(
    statement: Statement,
    method: str,
    what: Sum,
    mean: str,
    unchallenged: str,
    objection: Objection = never,
) -> Claim:
    return measured(
        statement,
        kind="in expectation",
        units=f"upper confidence limit of the {mean} of E[f(x^k)-f*] against the bound, over G D",
        method=method,
        any_order=True,
        unchallenged=unchallenged,
        objection=objection,
        monitor=lambda case: Summed(case, what),
    )


DRAWN = "independent samples: as of rate, which it is with a cap of D/(G√K)"
FALL = "with momentum no worst case is known for caps that fall; for drawn samples as of rate"

CLAIMS = (
    _claim(RATE_CAPPED, "momo_capped", Sum(one, mean_bound), "mean", DRAWN),
    # c_k = α_k is what is measured: without a cap it would be infinite.
    _claim(
        VARYING, "momo_diminishing", Sum(falling, falling_bound), "weighted mean", FALL, finite_cap
    ),
)
