"""NGN-M's convex rate: the inequality that is summed, on every path, and the rate in expectation.

With ``z^k = x^k + λ(x^k - x^{k-1})``, ψ_k and ψ'_k the excess of f(·,s_k) over its infimum at x^k
and x^{k-1}, ψ*_k that at x*, and m_k what the infimum lies above the lower bound, on every path

    ||z^{K+1}-x*||² + S_K <= D²,
    S_K = Σ_k [(2-a)γ_0 ψ_k - 2cψ*_k - bm_k] + 2λ Σ_{k>=2} [γ_0 ψ_k - cψ'_k]

with ``γ_0 = c/(1+cL)``, ``a = 2cL/(1+cL)``, ``b = c·cL/(2(1+cL))``, for any order of the samples.
(2γ_0κ/(1+cL))Y with

    Y = (1+cL)/(2γ_0κK) (S_K + 2λγ_0δ_1 - 2cλδ_K + KV - 2λ(c-γ_0)σ_int²)

has the expectation of ``mean_k δ_k`` for independent samples, and is never above the bound that is
derived: so the runs of different seeds are independent draws of a variable with a known upper end,
and betting gives an upper confidence limit of its mean (`theory.claims.expectation`), which is
compared with the derived bound and with the published one.

Rounding. The two subgradient inequalities of a step are off by `Constants.rounding` each, times 2c
and 2cλ; outside the ball they may be off by more, as the square of the distance. Points are rounded
to 3u of their size; z from two of them to ``(1+2λ)`` as much, here and in the method that keeps z.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from theory.audit import Step
from theory.case import Case, Setting
from theory.claims.base import Result, Worst, measured
from theory.claims.expectation import upper_confidence
from theory.engine import checkpoints
from theory.problems.base import UNIT_ROUNDOFF, Array, gamma
from theory.statement import Statement
from theory.theorems.ngn_m import bound
from theory.theorems.ngn_m.statement import DERIVED, PUBLISHED, STEP, SUMMED

MARKS_PER_DECADE = 2
"""At how many K of each decade the rates are compared."""


def quantities(case: Case) -> bound.Quantities:
    """Return what the bounds of a case are made of; arrays of shape (settings, 1)."""
    at_solution = case.problem.losses(case.optimum.solution)
    return bound.Quantities(
        c=case.lr,
        beta=case.beta,
        smoothness=case.constants.smoothness or np.inf,
        distance=case.optimum.distance,
        first=float(case.problem.losses(case.problem.start).mean() - at_solution.mean()),
        interpolation=max(float((at_solution - case.problem.infima).mean()), 0.0),
        positivity=case.problem.infima.mean() - case.lower_bound,
    )


def speaks_of(case: Case) -> bool:
    """Return whether c and L are numbers: else there is nothing to sum."""
    return case.constants.smoothness is not None and bool(np.isfinite(case.lr).all())


class Path:
    """What is summed along each path: S_K, ``||z^{K+1}-x*||²``, and the rounding of both."""

    def __init__(self, case: Case) -> None:
        self.case, self.known = case, quantities(case)
        shape = (len(case.settings), case.seeds)
        at_solution = case.problem.losses(case.optimum.solution)
        self.infima, self.excess = case.problem.infima, at_solution - case.problem.infima
        self.least_value = float(at_solution.mean())
        self.total, self.error = np.zeros(shape), np.zeros(shape)
        self.end, self.spent = np.zeros(shape), np.zeros(shape)
        self.alive = np.ones(shape, dtype=bool)
        self.before: Array | None = None

    def add(self, step: Step) -> None:
        """Add a step; a run of which a step was held is not looked at again."""
        q, case = self.known, self.case
        psi = step.loss - self.infima[step.index]
        margin = self.infima[step.index] - case.lower_bound
        share = 1 / (1 + q.curvature)  # 1 - a/2
        spend = 2 * q.c * self.excess[step.index] + q.c * q.curvature * share / 2 * margin
        self.spent += spend
        self.total += 2 * share * q.least * psi - spend
        if self.before is not None:
            behind, _ = case.problem.loss_and_grad(self.before, step.index)
            carried = 2 * q.lam * q.c * (behind - self.infima[step.index])
            self.spent += carried
            self.total += 2 * q.lam * q.least * psi - carried
        z = step.x_next + q.lam[..., None] * (step.x_next - step.x)
        away = z - case.optimum.solution
        self.end = np.vecdot(away, away)
        self.error += self._rounding(step, np.sqrt(self.end), psi)
        self.alive &= step.live
        self.before = step.x

    def _rounding(self, step: Step, away: Array, psi: Array) -> Array:
        q, constants = self.known, self.case.constants
        outside = np.maximum(step.distance_sq / q.distance**2, 1.0)
        slopes = 4 * q.c * (1 + q.lam) * constants.rounding * outside
        points = 6 * UNIT_ROUNDOFF * (1 + 2 * q.lam) * (step.extent + step.move)
        sizes = gamma(step.x.shape[-1] + step.k + 8) * (away**2 + q.c * (1 + q.lam) * np.abs(psi))
        return np.asarray(slopes + 2 * points * (away + points) + sizes)

    def mean(self, step: Step) -> Array:
        """Return Y: the mean of δ_k less what is random and 0 in expectation."""
        q, k = self.known, step.k
        assert step.full is not None
        last = step.full.objective - self.least_value
        share = 1 / (1 + q.curvature)
        weight = 2 * (share + q.lam) * q.least  # w
        noise = (2 * q.c * (1 + q.lam) - weight) * q.interpolation
        noise = noise + q.c * q.curvature * share / 2 * q.positivity  # V
        total = self.total + 2 * q.lam * (q.least * q.first - q.c * last)
        total += k * noise - 2 * q.lam * (q.c - q.least) * q.interpolation
        return np.asarray(total / (k * q.per_step))


def path(step: Step) -> Path:
    """Return the sums of this run up to this step, made once for all claims."""
    found: dict[str, Path | int] = step.shared.setdefault("ngn_m", {})
    if found.get("k") != step.k:
        kept = found.setdefault("path", Path(step.case))
        assert isinstance(kept, Path)
        kept.add(step)
        found["k"] = step.k
    kept = found["path"]
    assert isinstance(kept, Path)
    return kept


class Summed:
    """Compares S_K with ``D² - ||z^{K+1}-x*||²``, what S_K subtracts added to both."""

    def __init__(self, case: Case) -> None:
        self.worst = Worst(case, case.optimum.distance**2)
        self.applies = speaks_of(case)

    def observe(self, step: Step) -> None:
        """Compare."""
        if self.applies:
            now = path(step)
            most = SUMMED.bound(D=now.known.distance)
            allowed = most - now.end + now.spent + now.error
            self.worst.observe(step, now.total + now.spent, allowed, where=now.alive)

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


class Rate:
    """Compares the upper confidence limit of E[Y] with a bound, at marked K."""

    def __init__(self, case: Case, claimed: Callable[[bound.Quantities, int], Array]) -> None:
        self.case, self.claimed = case, claimed
        self.marks = checkpoints(case.iterations, MARKS_PER_DECADE)
        self.applies = speaks_of(case)
        self.rows: list[tuple[int, Array, Array, Any]] = []

    def observe(self, step: Step) -> None:
        """Compare at the marked K."""
        if not self.applies:
            return
        now = path(step)
        if step.k not in self.marks or step.full is None:
            return
        q, k = now.known, step.k
        means = now.mean(step)
        rounding = now.error.max(axis=1) / (q.per_step[:, 0] * k)
        upper = bound.derived(q, k)[:, 0] + rounding
        limit = means.mean(axis=1)
        if self.case.problem.samples > 1:
            limit = upper_confidence(means, upper, self.case.error_probability)
        # A path above its upper end is a violation, whatever the mean.
        limit = np.where((means <= upper[:, None]).all(axis=1), limit, means.max(axis=1))
        claimed = self.claimed(q, k)[:, 0] + rounding
        self.rows.append((k, limit, claimed, now.alive.all(axis=1)))

    def findings(self) -> list[Result]:
        """Return, for each setting, the K at which the limit came nearest to the bound."""
        if not self.rows:
            return [(None, np.nan, np.nan, 0, "no step to compare")] * len(self.case.settings)
        unit = float(quantities(self.case).first)
        results: list[Result] = []
        for row in range(len(self.case.settings)):
            pairs = [(k, limit[row], most[row]) for k, limit, most, seen in self.rows if seen[row]]
            if not pairs:
                results.append((None, np.nan, np.nan, 0, "no step to compare"))
                continue
            ratios = [limit / most for _, limit, most in pairs]
            k, limit, most = pairs[int(np.where(np.isnan(ratios), np.inf, ratios).argmax())]
            holds = all(limit <= most for _, limit, most in pairs)
            results.append((holds, float(limit / unit), float(most / unit), k, ""))
        return results


class HeavyBall:
    """Compares ``x^{k+1}`` with ``x^k - (1-β)γ_k g_k + β(x^k - x^{k-1})``.

    Rounding: of the points, to 3u of their size; the method keeps z instead of ``x^{k-1}``, which
    is off by as much times λ, hence x by β times that. γ is a quotient of f, off by the rounding
    of a loss, and of ``||g||²``.
    """

    def __init__(self, case: Case) -> None:
        self.worst = Worst(case, case.optimum.distance)
        self.before: Array | None = None
        self.alive = np.ones((len(case.settings), case.seeds), dtype=bool)

    def observe(self, step: Step) -> None:
        """Compare."""
        case = step.case
        norm_sq = np.vecdot(step.grad, step.grad)
        above = step.loss - case.lower_bound
        moves = (above > 0) & (norm_sq > 0)
        half = np.divide(norm_sq, 2 * above, where=moves, out=np.ones_like(norm_sq))
        size = np.where(moves, 1 / (1 / case.lr + half), 0.0)  # γ_k
        expected = STEP.bound(
            x=step.x,
            x_before=step.x if self.before is None else self.before,
            grad=step.grad,
            gamma=size[..., None],
            beta=case.beta[..., None],
        )
        away = step.x_next - expected
        points = 12 * UNIT_ROUNDOFF * (1 + case.beta) * (step.extent + 2 * step.move)
        cancelled = np.divide(
            np.abs(step.loss) + np.abs(case.lower_bound),
            above,
            where=moves,
            out=np.zeros_like(above),
        )
        relative = gamma(step.x.shape[-1] + 8) + 4 * UNIT_ROUNDOFF * cancelled
        self.alive &= step.live
        allowed = points + size * np.sqrt(norm_sq) * relative
        self.worst.observe(step, np.sqrt(np.vecdot(away, away)), allowed, where=self.alive)
        self.before = step.x

    def findings(self) -> list[Result]:
        """Return what was found."""
        return self.worst.results()


def restricted(statement: Statement) -> Callable[[Case, Setting], str]:
    """Return an objection to c and β of which a statement says nothing."""

    def objection(case: Case, setting: Setting) -> str:
        """Return an objection to more momentum, or a larger c, than the statement allows."""
        smoothness = case.constants.smoothness
        if smoothness is None or np.isinf(setting.lr):
            return ""  # the assumptions object
        top = max(2 * setting.lr * smoothness - 1, 0.0)
        values = {"c": setting.lr, "beta": setting.beta, "L": smoothness, "top": top}
        known = {q.name for q in statement.quantities}
        applies = statement.applies(**{k: v for k, v in values.items() if k in known})
        return "" if applies else "needs less momentum, or a smaller c"

    return objection


HEAVY_BALL = measured(
    STEP,
    kind="path-wise",
    units="distance of the two points against rounding, both over D",
    method="ngn_m",
    local=True,
    monitor=HeavyBall,
)

SUMS = measured(
    SUMMED,
    kind="path-wise",
    units="the sums over k against what ||z-x*||² has fallen, both over D²",
    method="ngn_m",
    reached=0.78,
    unchallenged="no worst case of NGN-M is known",
    monitor=Summed,
)

RATE = measured(
    DERIVED,
    kind="in expectation",
    units="upper confidence limit of the mean against the bound, both over f(x^1) - f*",
    method="ngn_m",
    objection=restricted(DERIVED),
    reached=0.7,
    unchallenged="a constant step leaves 1/(1+cL)², momentum 1/κ; no worst case is known",
    monitor=lambda case: Rate(case, bound.derived),
)

PAPER = measured(
    PUBLISHED,
    kind="in expectation",
    units="upper confidence limit of the mean against the bound, both over f(x^1) - f*",
    method="ngn_m",
    objection=restricted(PUBLISHED),
    reached=0.29,
    unchallenged="the rate derived here, on the same assumptions, is less than half of it",
    monitor=lambda case: Rate(case, bound.published),
)

CLAIMS = (HEAVY_BALL, SUMS, RATE, PAPER)
