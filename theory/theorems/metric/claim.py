"""MoMo-Adam with a metric that does not change, or only grows: the theorem carries over.

The paper proves nothing for a preconditioner; all here is derived. With averages from zero,
``ρ_k = 1-β^k``, an uncapped step lands on ``ρ_k f*``, so that ``h_k - ρ_k f* = (1-β) δ_k`` at every
step. With ``P_{k+1} >= P_k`` in the order of matrices (equality: frozen)

    ||x^{k+1}-x*||²_{P_k} <= ||x^k-x*||²_{P_k} - (1-β)² δ_k²/||d_k||²_{P_k^{-1}}       (Fejér)
    Σ_k (1-β)² δ_k²/||d_k||²_{P_k^{-1}} <= R²,                                         (summed)
    R² = ||x^1-x*||²_{P_1} + Σ_k ||x^{k+1}-x*||²_{P_{k+1}-P_k}

R² is ``||x^1-x*||²_P`` for a frozen metric. With ``Γ² = max_k ||g_{k+1}||²_{P_k^{-1}}`` (for k = 0:
P_1) the norm of the average is at most ``(1-β^k) Γ``, which gives the rate; for one function the
recursion of `theory.theorems.norm_recursion` holds in the metric P_k, because
``||D_{k+1}||_{P_{k+1}^{-1}} <= ||D_{k+1}||_{P_k^{-1}}``, and gives the sharp one, see
`theory.theorems.sharp_rate.bound`; for a frozen metric that is the worst case where the trap of
`theory.traps.one_function` attains it, as for β < 0.897 and every K tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from momo.reference.preconditioners import inner
from theory.audit import TINY, Step
from theory.case import Case
from theory.claims.base import EXACT, Claim, Result, Worst, measured
from theory.methods import EPS, frozen_entries
from theory.problems.base import UNIT_ROUNDOFF, Array, gamma
from theory.statement import Statement
from theory.theorems.metric.statement import (
    FROZEN_FEJER,
    FROZEN_RATE,
    FROZEN_SHARP,
    GROWING_FEJER,
    GROWING_RATE,
    GROWING_SHARP,
)
from theory.theorems.sharp_rate.bound import sharp


@dataclass(frozen=True)
class Measured:
    """One step in its metric; shapes (settings, seeds).

    Attributes
    ----------
    change
        ``||x^{k+1}-x*||²_{P_k} - ||x^k-x*||²_{P_k}``.
    dual_sq
        ``||d_k||²_{P_k^{-1}}``.
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
    dual_sq: Array
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
            dual_sq=norm_sq,
            error=np.where(step.live, error, 0.0),
            landing=landing / (1 - beta),
            radius_sq=self.radius_sq,
            norm_sq=self.norm_sq,
        )


class Fejer:
    """Compares the change of ``||x-x*||²_{P_k}`` with what the statement says, up to rounding."""

    def __init__(self, case: Case, statement: Statement, entries: Entries) -> None:
        self.case, self.statement, self.entries = case, statement, entries
        self.worst = Worst(case, case.optimum.distance**2)

    def observe(self, step: Step) -> None:
        """Compare."""
        found = MetricAudit.observed(step, self.entries)
        moves = step.live & (found.dual_sq >= TINY)
        change, most = self.statement.sides(
            change=found.change,
            delta=step.excess,
            N=np.where(moves, found.dual_sq, np.inf),
            beta=self.case.beta,
        )
        self.worst.observe(step, change - most, found.error)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


class Limit:
    """``Γ R`` as it grows: R² by the summed errors of the Fejér steps, Γ R by its own rounding."""

    def __init__(self, case: Case, entries: Entries) -> None:
        shape = (len(case.settings), case.seeds)
        self.entries = entries
        self.error, self.landing = np.zeros(shape), np.zeros(shape)

    def observed(self, step: Step) -> tuple[Array, Array]:
        """Return Γ, and R with its rounding and that of Γ."""
        found = MetricAudit.observed(step, self.entries)
        self.landing = np.maximum(self.landing, found.landing)
        radius = np.sqrt(found.radius_sq + self.error)
        self.error = self.error + found.error
        return np.sqrt(found.norm_sq), radius * (1 + gamma(step.k + step.x.shape[-1] + 8))


class Rate:
    """Compares ``sqrt(Σ_j ((1-β) δ_j/(1-β^j))²)`` with ``Γ R``, of which the statement has squares.

    Rounding: `Limit`, and each δ by the landing error, which the root of a sum of squares at most
    adds up to ``√k`` times the largest.
    """

    def __init__(self, case: Case, statement: Statement, entries: Entries) -> None:
        self.case, self.statement, self.limit = case, statement, Limit(case, entries)
        self.worst = Worst(case, case.constants.gradient * case.optimum.distance)
        self.total = np.zeros((len(case.settings), case.seeds))
        self.radius = statement.quantities[-1].name

    def observe(self, step: Step) -> None:
        """Add the step and compare."""
        beta = self.case.beta
        weight = (1 - beta) / (1 - beta**step.k)
        self.total += np.where(step.live, (weight * step.excess) ** 2, 0.0)
        norm, radius = self.limit.observed(step)
        most = np.sqrt(self.statement.bound(Gamma=norm, **{self.radius: radius}))
        self.worst.observe(step, np.sqrt(self.total), most + np.sqrt(step.k) * self.limit.landing)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


@cache
def _sharp(betas: tuple[float, ...], iterations: int) -> Array:
    """Return the sharp rate from zero for K = 1, …, ``iterations``: (betas, iterations)."""
    steps = np.arange(1, iterations + 1)
    return sharp(np.array(betas)[:, None], steps, "from_zero")


class SharpRate:
    """Compares the least δ with the sharp rate; rounding: `Limit`, and the landing error."""

    def __init__(self, case: Case, entries: Entries) -> None:
        self.limit = Limit(case, entries)
        self.worst = Worst(case, case.constants.gradient * case.optimum.distance)
        self.least = np.full((len(case.settings), case.seeds), np.inf)
        self.bounds = _sharp(tuple(setting.beta for setting in case.settings), case.iterations)

    def observe(self, step: Step) -> None:
        """Compare."""
        self.least = np.minimum(self.least, step.excess)
        norm, radius = self.limit.observed(step)
        bound = norm * radius * self.bounds[:, step.k - 1, None]
        self.worst.observe(step, self.least, bound + self.limit.landing)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


GROWS = "no worst case is known where the metric, and so R, depends on the gradients"


def _claims(
    method: str,
    entries: Entries,
    fejer: Statement,
    rate: tuple[Statement, float],
    sharp: tuple[Statement, float],
    unchallenged: str = "",
) -> tuple[Claim, Claim, Claim]:
    """Return the claims of one method; rates with the part of the bound that is reached."""
    path = partial(measured, kind="path-wise", method=method)
    over = "both over G D"
    return (
        path(
            fejer,
            units="left side minus right side against rounding, both over D²",
            monitor=lambda case: Fejer(case, fejer, entries),
        ),
        path(
            rate[0],
            units=f"the root of the sum against the bound, {over}",
            reached=rate[1],
            unchallenged=unchallenged,
            monitor=lambda case: Rate(case, rate[0], entries),
        ),
        path(
            sharp[0],
            units=f"the least suboptimality against the bound, {over}",
            reached=sharp[1],
            unchallenged=unchallenged,
            monitor=lambda case: SharpRate(case, entries),
        ),
    )


FROZEN = _claims(
    "momo_adam_frozen", frozen_metric, FROZEN_FEJER, (FROZEN_RATE, EXACT), (FROZEN_SHARP, EXACT)
)
GROWING = _claims(
    "momo_adam_growing",
    growing_metric,
    GROWING_FEJER,
    (GROWING_RATE, 0.74),
    (GROWING_SHARP, 0.61),
    GROWS,
)

CLAIMS = (*FROZEN, *GROWING)
