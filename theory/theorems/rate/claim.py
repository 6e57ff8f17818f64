"""The rates in expectation: the paper's O(1/√K), and those that keep the first and the last term.

How an expectation is checked. The proof bounds the weighted mean square over k of ``E δ_k``,
``δ_k = f(x^k, s_k) - f*``, hence also the weighted mean, which is at least the minimum:

    min_{k<=K} E[f(x^k) - f*] <= E[Y],    Y = Σ_k w_k δ_k / W,    W = Σ_k w_k

(``E[δ_k] = E[f(x^k) - f*]`` because s_k is drawn after x^k). Y needs no extra evaluation, and along
every trajectory ``0 <= Y <= gradient_max D / sqrt(W')``, by the summed inequality with
``gradient_max`` in the place of G; where the functions are smooth also
``Y <= (C + sqrt(C β δ_1/(1-β)))/W``, see `theory.theorems.smooth`. So the runs of different
seeds are independent draws of a bounded variable, and betting (Waudby-Smith and Ramdas 2024) gives
an upper confidence limit for E[Y] without any assumption on its distribution. The claim holds if
this limit, at the case's error probability, is within the bound. Where the problem has one function
only, or functions in a given order, nothing is random and Y itself is compared; there
``gradient_max`` takes the place of G.

The paper's rate takes ``w_k = 1``, ``W = K`` and ``W' = (1-β)² K``; the second takes ``w_1 = 1``,
``w_k = (1-β)²`` and ``W' = W = 1 + (1-β)²(K-1)``. The third has ``w_K = 1`` too, hence
``W' = W = 2 + (1-β)²(K-2)``: no step follows the last point, where
``δ_K² <= ||g_K||² ||x^K-x*||²``.

Rounding. Replacing exact identities by those of the audit turns D² into D² plus the summed
`Step.fejer_error`, and δ_k is off by ``landing_error / (1-β)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from theory.audit import Step
from theory.case import Case
from theory.claims.base import EXACT, UNCONFIRMED, Claim, Result, measured
from theory.claims.expectation import upper_confidence
from theory.engine import checkpoints
from theory.problems.base import Array, gamma
from theory.statement import Statement
from theory.theorems.rate.statement import FIRST_TERM, RATE, TWO_ENDS
from theory.theorems.smooth.statement import STATEMENT as SMOOTH

MARKS_PER_DECADE = 2
"""At how many K of each decade the rates are compared."""


@dataclass(frozen=True)
class Weights:
    """``w_k`` for k = 1, k >= 2 and ``w_K`` as functions of β; see the module."""

    first: Callable[[Array], Array]
    later: Callable[[Array], Array]
    last: Callable[[Array], Array]


def square(beta: Array) -> Array:
    """Return ``(1-β)²``."""
    return np.asarray((1 - beta) ** 2)


PAPER = Weights(np.ones_like, np.ones_like, np.ones_like)
FIRST_TERM_KEPT = Weights(np.ones_like, square, square)
BOTH_ENDS_KEPT = Weights(np.ones_like, square, np.ones_like)


class Rate:
    """Compares the upper confidence limit of E[Y] with the statement's bound at marked K."""

    def __init__(self, case: Case, statement: Statement, weights: Weights) -> None:
        shape = (len(case.settings), case.seeds)
        self.case, self.statement, self.weights = case, statement, weights
        self.total, self.error, self.landing = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self.mass = np.zeros_like(case.beta)
        self.marks = checkpoints(case.iterations, MARKS_PER_DECADE)
        self.steps: list[int] = []
        self.means: list[Array] = []
        self.limits: list[Array] = []
        self.bounds: list[Array] = []

    def observe(self, step: Step) -> None:
        """Add δ_k; at the marked K compare."""
        beta = self.case.beta
        weight = self.weights.first(beta) if step.k == 1 else self.weights.later(beta)
        self.mass = self.mass + weight
        self.total += weight * step.excess
        self.error += step.fejer_error
        self.landing = np.maximum(self.landing, step.landing_error)
        if step.k in self.marks and self.statement.applies(K=step.k):
            self._compare(step, weight)

    def _compare(self, step: Step, weight: Array) -> None:
        case, constants, k = self.case, self.case.constants, step.k
        beta = case.beta[:, 0]
        bound = partial(self.statement.bound, beta=beta, K=k)
        more = self.weights.last(case.beta) - weight if k > 1 else np.zeros_like(weight)
        mass = self.mass + more
        path_means = (self.total + more * step.excess) / mass
        mean = path_means.mean(axis=1)
        distance = np.sqrt(case.optimum.distance**2 + self.error.mean(axis=1))
        rounding = self.landing.max(axis=1) / (1 - beta) + gamma(k) * mean
        limit = mean
        if case.drawn:
            reach = np.sqrt(case.optimum.distance**2 + self.error.max(axis=1))
            upper = bound(G=constants.gradient_max, D=reach)
            if constants.smoothness is not None:
                first = constants.gradient_max * reach
                total = SMOOTH.bound(L=constants.smoothness, D=reach, beta=beta, first=first)
                upper = np.minimum(upper, total / mass[:, 0])
            limit = upper_confidence(path_means, upper + rounding, case.error_probability)
        self.steps.append(k)
        self.means.append(mean)
        self.limits.append(limit)
        self.bounds.append(bound(G=constants.gradient, D=distance) + rounding)

    def findings(self) -> list[Result]:
        """Return, for each setting, the K at which the limit came nearest to the bound."""
        unit = self.case.constants.gradient * self.case.optimum.distance
        means, limits, bounds = map(np.array, (self.means, self.limits, self.bounds))
        results: list[Result] = []
        if not self.steps:
            return [(None, np.nan, np.nan, 0, "no step to compare")] * len(self.case.settings)
        for row in range(len(self.case.settings)):
            ratio = limits[:, row] / bounds[:, row]
            worst = int(np.where(np.isnan(ratio), np.inf, ratio).argmax())
            pair = limits[worst, row], bounds[worst, row]
            holds, note = bool((limits[:, row] <= bounds[:, row]).all()), ""
            if not holds and (means[:, row] <= bounds[:, row]).all():
                note = f"{UNCONFIRMED}: {self.case.seeds} seeds are too few, their mean is within"
            results.append((holds, pair[0] / unit, pair[1] / unit, self.steps[worst], note))
        return results


def _claim(statement: Statement, weights: Weights, mean: str) -> Claim:
    return measured(
        statement,
        kind="in expectation",
        units=f"upper confidence limit of the {mean} of E[f(x^k)-f*] against the bound, over G D",
        method="momo",
        any_order=True,
        reached=EXACT,
        unchallenged="independent samples: the factor 1/(1-β) is reached by functions in a given"
        " order; for samples that are drawn no problem is known that comes near",
        monitor=lambda case: Rate(case, statement, weights),
    )


CLAIMS = (
    _claim(RATE, PAPER, "mean"),
    _claim(FIRST_TERM, FIRST_TERM_KEPT, "weighted mean"),
    _claim(TWO_ENDS, BOTH_ENDS_KEPT, "weighted mean"),
)
