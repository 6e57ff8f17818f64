# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The proximal problem of a step, written from its definition, and certificates of optimality.

    minimise over y   max{ (f̄ + <d,y> - γ)/ρ, f_* } + Σ_i D_i (λ_i/2 y_i² + (y_i - x_i)²/(2α_i))

Every coordinate has its own α_i, λ_i, D_i: several parameter groups are one such problem.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cvxpy as cp
import numpy as np
from hypothesis import strategies as st
from reference_strategies import EPS, Array, Shape, filled, lrs, numbers, vectors, weight_decays

REGIMES = ("no step", "adaptive", "capped")
SOLVER = {"solver": cp.CLARABEL, "tol_gap_abs": 1e-11, "tol_gap_rel": 1e-11, "tol_feas": 1e-11}


@dataclass(frozen=True)
class ProximalProblem:
    """Data of the problem above; `lr`, `weight_decay`, `diagonal` have the shape of x."""

    loss_avg: float
    grad_avg: Array
    inner_avg: float
    weight: float
    x: Array
    lower_bound: float
    lr: Array
    weight_decay: Array
    diagonal: Array

    @property
    def shrink(self) -> Array:
        return 1 + self.lr * self.weight_decay

    def model(self, y: Array) -> float:
        """Value of the model at y before truncation."""
        return float((self.loss_avg + self.grad_avg @ y - self.inner_avg) / self.weight)

    def objective(self, y: Array) -> float:
        decay = self.weight_decay / 2 * y**2
        proximal = (y - self.x) ** 2 / (2 * self.lr)
        quadratic = self.diagonal @ (decay + proximal)
        return max(self.model(y), self.lower_bound) + float(quadratic)

    def with_fraction(self, fraction: float) -> ProximalProblem:
        """The same problem with f_* such that the model meets it at ``fraction`` of the cap.

        The minimiser is ``y(t) = (x - t α D^{-1} d / ρ)/(1+αλ)`` for some t in [0, 1], and the
        model at y(t) falls linearly in t, by the slope below.
        """
        start = self.model(self.x / self.shrink)
        slope = self.lr * self.grad_avg**2 / (self.diagonal * self.shrink)
        return replace(self, lower_bound=start - fraction * float(slope.sum()) / self.weight**2)

    def solve(self) -> Array:
        """The minimiser, by an interior-point solver."""
        y = cp.Variable(self.x.size)
        model = (self.loss_avg + self.grad_avg @ y - self.inner_avg) / self.weight
        decay = cp.sum_squares(cp.multiply(np.sqrt(self.diagonal * self.weight_decay), y))
        proximal = cp.sum_squares(cp.multiply(np.sqrt(self.diagonal / self.lr), y - self.x))
        objective = cp.maximum(model, self.lower_bound) + (decay + proximal) / 2
        cp.Problem(cp.Minimize(objective)).solve(**SOLVER)
        return np.array(y.value)

    def size(self, y: Array) -> float:
        """Sum of the sizes of all that is added up in ρ times the model, at x or y."""
        return (
            abs(self.loss_avg)
            + abs(self.inner_avg)
            + self.weight * abs(self.lower_bound)
            + float(np.abs(self.grad_avg) @ (np.abs(self.x) + np.abs(y)))
        )

    def multipliers(self, y: Array) -> tuple[float, float]:
        """The interval of t in [0, 1] that certify y as the minimiser, up to rounding.

        Stationarity is ``D_i (λ_i y_i + (y_i - x_i)/α_i) + t d_i/ρ = 0`` for all i, where t = 1
        if the model at y is above f_*, t = 0 if it is below. The interval is empty if y is
        not optimal.

        A y computed by a handful of operations on ``x`` and ``(1+αλ) y`` carries a few ulps of
        these; times D/α that is what stationarity loses. The model at y loses an inner product
        of n terms, at x and again at y. The factor 8 counts the operations on the way.
        """
        slack = 8 * EPS * self.diagonal / self.lr * (np.abs(self.x) + self.shrink * np.abs(y))
        slack_model = 8 * (self.x.size + 4) * EPS * self.size(y)
        residual = self.diagonal * (self.weight_decay * y + (y - self.x) / self.lr)

        above = self.weight * (self.model(y) - self.lower_bound)
        low = 1.0 if above > slack_model else 0.0
        high = 0.0 if above < -slack_model else 1.0
        for r, tol, d in zip(residual, slack, self.grad_avg / self.weight, strict=True):
            if d == 0 and abs(r) > tol:
                return 1.0, 0.0
            if d != 0:
                low = max(low, -r / d - tol / abs(d) - 8 * EPS)
                high = min(high, -r / d + tol / abs(d) + 8 * EPS)
        return low, high

    def is_minimiser(self, y: Array) -> bool:
        low, high = self.multipliers(y)
        return low <= high


@st.composite
def scales(draw: st.DrawFn, shape: Shape, decades: float) -> Array:
    """Positive arrays that spread over ``decades`` powers of ten on either side of 1."""
    return 10.0 ** draw(filled(shape, -decades, decades))


@st.composite
def fractions(draw: st.DrawFn, regime: str) -> float:
    low, high = {"no step": (-2, -0.1), "adaptive": (0.1, 0.9), "capped": (1.1, 3)}[regime]
    return draw(numbers(low, high))


@st.composite
def problems(
    draw: st.DrawFn, regime: str, decades: float = 0.5, groups: int | None = None
) -> ProximalProblem:
    """Problems whose minimiser lies in the given regime; α and λ are constant in each group."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=groups or 1, max_size=groups or 1))
    sizes = sizes if groups else [draw(st.integers(1, 6))]
    n = sum(sizes)
    grad_avg = draw(vectors((n,)).filter(np.any))
    problem = ProximalProblem(
        loss_avg=draw(numbers(-1, 6)),
        grad_avg=grad_avg,
        inner_avg=draw(numbers(-8, 8)),
        weight=draw(st.one_of(st.just(1.0), numbers(0.1, 1))),
        x=draw(vectors((n,))),
        lower_bound=0.0,
        lr=np.repeat([draw(lrs) for _ in sizes], sizes),
        weight_decay=np.repeat([draw(weight_decays) for _ in sizes], sizes),
        diagonal=draw(scales((n,), decades)),
    )
    return problem.with_fraction(draw(fractions(regime)))


def assert_regime(regime: str, step_size: Any, cap: Any) -> None:
    """τ itself says which of the three regimes a step was in."""
    expected = {"no step": step_size == 0, "adaptive": 0 < step_size < cap}
    assert expected.get(regime, step_size == cap), f"τ = {step_size}, cap {cap}, wanted {regime}"


def assert_matches_solver(problem: ProximalProblem, y: Array) -> None:
    """y is at least as good as the solver's point, and lies where the solver's point lies.

    The objective at the solver's point is at least the minimum, so a y that is optimal to
    rounding exceeds it by no more than the rounding of the objective: 8(n+4) ulps of its terms.

    The objective is (1/α+λ)-strongly convex in D: half the squared distance to the minimiser is
    at most the gap of the objective. The solver stops at a gap of 1e-11 relative to the data; a
    hundred times this also covers its error in feasibility. Both points are that near the
    minimiser, hence the factor 4 between them.
    """
    solved = problem.solve()
    modulus = problem.diagonal * (1 / problem.lr + problem.weight_decay)
    terms = problem.size(y) / problem.weight + float(modulus @ (np.abs(problem.x) + np.abs(y)) ** 2)
    rounding = 8 * (problem.x.size + 4) * EPS * terms
    assert problem.objective(y) <= problem.objective(solved) + rounding
    assert float(modulus @ (y - solved) ** 2) / 2 <= 4 * 1e-9 * (1 + terms)
