"""MoMo-Adam with a metric that does not change, or only grows: the theorem carries over.

The paper proves nothing for a preconditioner; all here is derived. With averages from zero,
``ρ_k = 1-β^k``, an uncapped step lands on ``ρ_k f*``, so that ``h_k - ρ_k f* = (1-β) δ_k`` at every
step. With ``P_{k+1} >= P_k`` in the order of matrices (equality: frozen)

    ||x^{k+1}-x*||²_{P_k} <= ||x^k-x*||²_{P_k} - (1-β)² δ_k²/||d_k||²_{P_k^{-1}}       (Fejér)
    Σ_k (1-β)² δ_k²/||d_k||²_{P_k^{-1}} <= R²,                                         (summed)
    R² = ||x^1-x*||²_{P_1} + Σ_k ||x^{k+1}-x*||²_{P_{k+1}-P_k}

R² is ``||x^1-x*||²_P`` for a frozen metric. With ``Γ² = max_k ||g_{k+1}||²_{P_k^{-1}}`` (for k = 0:
P_1) the norm of the average is at most ``(1-β^k) Γ``, which gives the rate; for one function the
recursion of `theory.theorems.norm_recursion.claim` holds in the metric P_k, because
``||D_{k+1}||_{P_{k+1}^{-1}} <= ||D_{k+1}||_{P_k^{-1}}``, and gives the sharp one, see
`theory.bounds.sharp`; for a frozen metric that is the worst case where the trap of
`theory.traps.one_function` attains it, as for β < 0.897 and every K tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from momo.reference.preconditioners import inner
from theory import bounds
from theory.audit import TINY, Step
from theory.case import Case
from theory.claims.base import Claim, Result, Worst, interpolated_uncapped
from theory.methods import EPS, frozen_entries
from theory.problems.base import UNIT_ROUNDOFF, Array, gamma
from theory.theorems.norm_recursion.claim import one_function


@dataclass(frozen=True)
class Measured:
    """One step in its metric; shapes (settings, seeds).

    Attributes
    ----------
    change
        ``||x^{k+1}-x*||²_{P_k} - ||x^k-x*||²_{P_k}``.
    decrease
        ``(1-β)² δ_k²/||d_k||²_{P_k^{-1}}``.
    error
        Bounds the rounding of their sum, and of R² at this step.
    landing
        Bounds how far ``(h_k - ρ_k f*)/(1-β)`` is from δ_k by rounding.
    radius_sq
        R² up to this step.
    norm_sq
        Γ² up to this step.
    """

    change: Array
    decrease: Array
    error: Array
    landing: Array
    radius_sq: Array
    norm_sq: Array


Entries = Callable[[Array | None, Array], tuple[Array, Array | None]]
"""``(memory, g_k) -> (diagonal of P_k, memory)``."""


def frozen_metric(memory: Array | None, grad: Array) -> tuple[Array, Array | None]:
    """Return the entries of `theory.methods.frozen_momo_adam`."""
    return frozen_entries(grad.shape[-1]), None


def growing_metric(memory: Array | None, grad: Array) -> tuple[Array, Array | None]:
    """Return ``ε + sqrt(Σ g²)``, the entries of `theory.methods.growing_momo_adam`."""
    total = grad**2 if memory is None else memory + grad**2
    return EPS + np.sqrt(total), total


class MetricAudit:
    """Rebuilds averages, metric and h_k from points, losses and gradients, from zero.

    Rounding, as in `theory.audit.Audit`. Averages from zero have no larger terms than those from
    the first sample, so its ``gap_error`` bounds the error of ``h_k - ρ_k f*`` here too. In the
    metric each product has three operations more; x^{k+1} is rounded coordinate by coordinate,
    which the norm of P measures: ``||δx||_P <= u (||x^{k+1}||_P + 3||move||_P)``.
    """

    def __init__(self, case: Case, entries: Entries) -> None:
        shape = (len(case.settings), case.seeds)
        self.case, self.entries, self.shape = case, entries, shape
        optimum = case.optimum
        self.inexactness = min(optimum.interpolation, optimum.tolerance) + case.constants.rounding
        self.d = np.zeros((*shape, len(case.problem.start)))
        self.at_solution, self.carried, self.norm_sq = (np.zeros(shape) for _ in range(3))
        self.radius_sq: Array | None = None
        self.memory: Array | None = None
        self.metric: Array | None = None
        self.seen: tuple[int, Measured] | None = None

    @classmethod
    def observed(cls, step: Step, entries: Entries) -> Measured:
        """Take in a step, once for all the checks that ask for it in this metric."""
        audit = step.shared.get(entries)
        if audit is None:
            audit = step.shared[entries] = cls(step.case, entries)
        if audit.seen is None or audit.seen[0] != step.k:
            audit.seen = step.k, audit.observe(step)
        return audit.seen[1]

    def observe(self, step: Step) -> Measured:
        """Take in a step."""
        case, beta, u = self.case, self.case.beta, UNIT_ROUNDOFF
        dot = gamma(step.x.shape[-1] + 8)
        before = self.metric
        metric, self.memory = self.entries(self.memory, step.grad)
        self.metric = metric
        to_solution = case.optimum.solution - step.x
        weight = 1 - beta**step.k

        linear = step.loss + inner(step.grad, to_solution)
        self.at_solution = beta * self.at_solution + (1 - beta) * linear
        self.d = beta[..., None] * self.d + (1 - beta[..., None]) * step.grad
        gap = self.at_solution - inner(self.d, to_solution) - weight * case.optimum.value
        norm_sq = inner(self.d, self.d / metric)
        norm = np.sqrt(norm_sq)

        # What a step and a gradient of this one weigh in the metric before it: Γ, and R.
        old = metric if before is None else before
        self.norm_sq = np.maximum(self.norm_sq, inner(step.grad, step.grad / old))
        if self.radius_sq is None:
            self.radius_sq = inner(to_solution, metric * to_solution)
        elif metric is not old:
            self.radius_sq = self.radius_sq + inner(to_solution, (metric - old) * to_solution)

        move = step.x_next - step.x
        change = -inner(metric * move, to_solution + (case.optimum.solution - step.x_next))
        inverse = np.divide(1.0, norm_sq, where=norm_sq >= TINY, out=np.zeros_like(norm_sq))
        excess = (1 - beta) * step.excess
        landing = self.carried + step.gap_error + case.constants.rounding
        delta = step.gap_error + dot * np.abs(gap)
        slack = np.maximum(weight * case.optimum.value - self.at_solution, 0)
        moved, distance, extent = (
            np.sqrt(inner(metric * v, v)) for v in (move, to_solution, step.x_next)
        )
        rounded = u * (extent + 3 * moved)
        error = (
            2 * np.abs(excess) * inverse * (self.inexactness + step.gap_error + landing)
            + (2 * delta * slack + (delta + landing) ** 2) * inverse
            + 2 * (rounded + dot * moved) * (distance + moved)
            + dot * self.radius_sq
        )
        left = np.where(step.live, delta, step.gap_error + np.abs(gap)) + norm * rounded
        self.carried = beta * (self.carried + left)
        return Measured(
            change=change,
            decrease=np.where(step.live, excess**2 * inverse, 0.0),
            error=np.where(step.live, error, 0.0),
            landing=landing / (1 - beta),
            radius_sq=self.radius_sq,
            norm_sq=self.norm_sq,
        )


class Fejer:
    """Compares the change of ``||x-x*||²_{P_k}`` plus the decrease with 0, up to rounding."""

    def __init__(self, case: Case, entries: Entries) -> None:
        self.entries, self.worst = entries, Worst(case, case.optimum.distance**2)

    def observe(self, step: Step) -> None:
        """Compare."""
        found = MetricAudit.observed(step, self.entries)
        self.worst.observe(step, found.change + found.decrease, found.error)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


@cache
def _sharp(betas: tuple[float, ...], iterations: int) -> Array:
    """Return `theory.bounds.sharp` from zero for K = 1, …, ``iterations``: (betas, iterations)."""
    steps = np.arange(1, iterations + 1)
    return bounds.sharp(np.array(betas)[:, None], steps, "from_zero")


class Rate:
    """Compares ``sqrt(Σ_j ((1-β) δ_j/(1-β^j))²)`` with ``Γ R``, or the least δ with the sharp rate.

    Rounding: R² grows by the summed errors of the Fejér steps, and each δ by the landing error,
    which the root of a sum of squares at most adds up to ``√k`` times the largest.
    """

    def __init__(self, case: Case, entries: Entries, sharp: bool) -> None:
        shape = (len(case.settings), case.seeds)
        self.case = case
        self.entries = entries
        self.worst = Worst(case, case.constants.gradient * case.optimum.distance)
        self.total, self.error, self.landing = (np.zeros(shape) for _ in range(3))
        self.least = np.full(shape, np.inf)
        betas = tuple(setting.beta for setting in case.settings)
        self.bounds = _sharp(betas, case.iterations) if sharp else None

    def observe(self, step: Step) -> None:
        """Add the step and compare."""
        found, beta = MetricAudit.observed(step, self.entries), self.case.beta
        weight = (1 - beta) / (1 - beta**step.k)
        self.total += np.where(step.live, (weight * step.excess) ** 2, 0.0)
        self.least = np.minimum(self.least, step.excess)
        self.landing = np.maximum(self.landing, found.landing)
        limit = np.sqrt(found.norm_sq * (found.radius_sq + self.error))
        limit *= 1 + gamma(step.k + step.x.shape[-1] + 8)
        self.error = self.error + found.error
        if self.bounds is not None:
            limit = limit * self.bounds[:, step.k - 1, None]
            self.worst.observe(step, self.least, limit + self.landing)
        else:
            self.worst.observe(step, np.sqrt(self.total), limit + np.sqrt(step.k) * self.landing)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


def _claims(kind: str, words: str, method: str, entries: Entries) -> tuple[Claim, Claim, Claim]:
    distance = "||x^1-x*||_P" if kind == "frozen" else "R"
    growing = "no worst case is known where the metric, and so R, depends on the gradients"
    fejer = Claim(
        name=f"{kind}_fejer",
        title=f"Fejér step, {words}",
        statement="||x^{k+1}-x*||²_{P_k} ≤ ||x^k-x*||²_{P_k} - (1-β)²(f_k-f*)²/||d_k||²_{P_k^{-1}}",
        source="derived here",
        kind="path-wise",
        units="left side minus right side against rounding, both over D²",
        method=method,
        objection=interpolated_uncapped,
        monitor=lambda case: Fejer(case, entries),
    )
    rate = Claim(
        name=f"{kind}_rate",
        title=f"rate, {words}",
        statement="Σ_{k≤K} ((1-β)(f_k-f*)/(1-β^k))² ≤ Γ²" + distance.replace("_P", "²_P")
        if kind == "frozen"
        else "Σ_{k≤K} ((1-β)(f_k-f*)/(1-β^k))² ≤ Γ²R²,"
        " R² = ||x^1-x*||²_{P_1} + Σ_k ||x^{k+1}-x*||²_{P_{k+1}-P_k}",
        source="derived here",
        kind="path-wise",
        units="the root of the sum against the bound, both over G D",
        method=method,
        objection=interpolated_uncapped,
        reached=0.99 if kind == "frozen" else 0.74,
        unchallenged="" if kind == "frozen" else growing,
        monitor=lambda case: Rate(case, entries, sharp=False),
    )
    sharp = Claim(
        name=f"{kind}_sharp_rate",
        title=f"sharp rate, {words}",
        statement=f"one function: min_{{k≤K}} f(x^k) - f* ≤ Γ {distance}/sqrt(1 + "
        "Σ_{k<K} (1-β²)/(1-β^{2k}))",
        source="derived here",
        kind="path-wise",
        units="the least suboptimality against the bound, both over G D",
        method=method,
        objection=one_function,
        reached=0.99 if kind == "frozen" else 0.61,
        unchallenged="" if kind == "frozen" else growing,
        monitor=lambda case: Rate(case, entries, sharp=True),
    )
    return fejer, rate, sharp


FROZEN = _claims("frozen", "frozen metric", "momo_adam_frozen", frozen_metric)
GROWING = _claims("growing", "growing metric", "momo_adam_growing", growing_metric)

CLAIMS = (*FROZEN, *GROWING)
