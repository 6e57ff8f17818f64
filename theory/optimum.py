# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Certified optima: cvxpy computes them, and what it returns is checked, never its status."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from theory.problems.base import Array, ConvexModel, Problem

SOLVER_TOLERANCE = 1e-11
"""What Clarabel is asked for: relative gap and relative feasibility."""

NO_COMMON = "no x minimises every f_i (no interpolation)"
"""How the objection to a problem without interpolation begins."""


@dataclass(frozen=True)
class Optimum:
    """A minimiser with its certificate.

    Attributes
    ----------
    solution
        x*, the point of the solution set nearest to the start, shape (n,); without interpolation
        the minimiser that the solver found, which need not be the nearest.
    value
        f*: the mean of ``inf f_i`` where x* attains them all, else the primal value.
    distance, distance_lower
        ``D = ||x^1 - x*||`` and a lower bound on the distance to the solution set.
    interpolates
        Whether the family says that x* minimises every f_i. Claims that need it go by this, not by
        what was found: a family that says so wrongly has a certificate that is refused.
    primal, dual
        f at the minimiser of f, and a lower bound on f over the ball that holds the solutions.
    stationarity
        ``||Σ_i u_i / N||`` times the ball's radius, u_i the slopes of the minorants: the KKT
        residual in units of f.
    interpolation
        ``max_i (f_i(x*) - inf f_i)``.
    tolerance
        What `primal - dual`, `stationarity` and, if it `interpolates`, `interpolation` are allowed.
    objections
        Why this is not a certified optimum of a problem as the family says; empty if it is.
    """

    solution: Array
    value: float
    distance: float
    distance_lower: float
    interpolates: bool
    primal: float
    dual: float
    stationarity: float
    interpolation: float
    tolerance: float
    objections: tuple[str, ...]

    @property
    def residual(self) -> float:
        """The largest of duality gap, KKT residual and, if it interpolates, that error."""
        excess = self.interpolation if self.interpolates else 0.0
        return max(self.primal - self.dual, self.stationarity, excess)

    @property
    def certified(self) -> bool:
        """Whether every check of the certificate passed."""
        return not self.objections


class NoOptimumError(RuntimeError):
    """The solver returned no point, or the start is one: there is nothing to check."""


def compute(problem: Problem) -> Optimum:
    """Minimise f, project the start onto the solution set, and check both.

    Where the family says that there is no interpolation the minimiser itself is x*. Theorems
    without interpolation hold against any point, so it need not be the nearest.

    The checks, with ``tol = 10 · SOLVER_TOLERANCE · scale`` and ``scale = |f*| + sqrt(N + n) ·
    gradient_max · (||x*|| + ||x^1|| + D)``, the size of the terms in a linearisation: Clarabel
    stops where each of its residuals is small relative to its terms, which moves f_i by at most
    ``||∇f_i||`` times as much; sqrt(N + n) takes the largest of N residuals of constraints, or of n
    of stationarity, to their norm, and 10 covers the solver's scaling of the problem.

    * ``primal - dual <= tol``; the dual bound is ours, from `Problem.minorants`;
    * ``stationarity <= tol``;
    * with interpolation, ``interpolation <= tol``; without, the opposite: who says that there is
      none, and is wrong, would keep most claims from being checked;
    * with interpolation, ``D² - distance_lower² <= sqrt(tol/scale) D²``: with bounded multipliers
      the gap of the projection is of the solver's order, and where no minimiser exists they blow
      up. Without, ``distance_lower = (f(x^1) - f*)/||∇f(x^1)||`` is shown, not judged.

    Raises
    ------
    NoOptimumError
        If the solver returns no point, or the start is a solution (D = 0: every claim is void).
    """
    model = problem.model()
    import cvxpy as cp

    _solve(cp.Problem(cp.Minimize(model.objective), model.constraints), "minimising f")
    minimiser = _value(model.point, "minimising f")
    primal = float(problem.losses(minimiser).mean())
    link_dual = np.asarray(model.constraints[0].dual_value, dtype=np.float64)

    solution = minimiser
    if problem.interpolation:
        half_sq = cp.sum_squares(model.point - problem.start) / 2
        _solve(cp.Problem(cp.Minimize(half_sq), model.solution_set), "projecting the start")
        solution = _value(model.point, "projecting the start")
    distance = float(np.linalg.norm(solution - problem.start))

    dual, stationarity = _dual(problem, link_dual, minimiser, distance)

    excess = float((problem.losses(solution) - problem.infima).max())
    tolerance = _tolerance(problem, solution, distance, primal)
    _check_start(problem, primal, tolerance)
    found = Optimum(
        solution=solution,
        value=float(problem.infima.mean()) if excess <= tolerance else primal,
        distance=distance,
        distance_lower=_distance_below(problem, model, solution, primal),
        interpolates=problem.interpolation,
        primal=primal,
        dual=dual,
        stationarity=stationarity,
        interpolation=max(excess, 0.0),
        tolerance=tolerance,
        objections=(),
    )
    return replace(found, objections=tuple(_objections(found)))


def _check_start(problem: Problem, least: float, tolerance: float) -> None:
    """Raise `NoOptimumError` where no method has anything to do."""
    losses = problem.losses(problem.start)
    above = (losses - problem.infima).max() if problem.interpolation else losses.mean() - least
    if above <= tolerance:
        raise NoOptimumError("the start is a solution; allowed: a start away from all of them")


def _tolerance(problem: Problem, solution: Array, distance: float, primal: float) -> float:
    """Return ``tol`` of `compute`."""
    constants = problem.constants(solution, distance)
    extent = float(np.linalg.norm(solution) + np.linalg.norm(problem.start)) + distance
    count = problem.samples + len(problem.start)
    scale = abs(primal) + np.sqrt(count) * constants.gradient_max * extent
    return float(10 * SOLVER_TOLERANCE * scale)


def known(problem: Problem, solution: Array) -> Optimum:
    """Certify a point that is known to minimise every f_i; no solver is needed.

    Because ``f_i >= inf f_i`` everywhere, ``f_i(x*) = inf f_i`` for all i is all there is to check,
    up to the rounding of a value at x* (`Constants.rounding`). D is the distance to this point;
    another minimiser may be nearer.
    """
    distance = float(np.linalg.norm(solution - problem.start))
    losses, infima = problem.losses(solution), problem.infima
    excess = float((losses - infima).max())
    tolerance = problem.constants(solution, distance).rounding
    objections = (
        (f"{NO_COMMON}: max_i f_i(x*) - inf f_i = {excess:.2e}",) if excess > tolerance else ()
    )
    return Optimum(
        solution=solution,
        value=float(infima.mean()),
        distance=distance,
        distance_lower=0.0,
        interpolates=True,
        primal=float(losses.mean()),
        dual=float(infima.mean()),
        stationarity=0.0,
        interpolation=max(excess, 0.0),
        tolerance=tolerance,
        objections=objections,
    )


def _dual(
    problem: Problem, link_dual: Array, minimiser: Array, distance: float
) -> tuple[float, float]:
    """Return a lower bound on f over the ball that holds the solutions, and its stationarity."""
    minorants = problem.minorants(link_dual)
    slope = minorants.slopes.mean(axis=0)
    radius = distance + float(np.linalg.norm(minimiser - problem.start))
    stationarity = float(np.linalg.norm(slope)) * radius
    return float(minorants.offsets.mean() + slope @ minimiser) - stationarity, stationarity


def _objections(found: Optimum) -> Iterator[str]:
    """Yield the checks of `compute` that fail."""
    gap, excess, tolerance = found.primal - found.dual, found.interpolation, found.tolerance
    distance, distance_lower = found.distance, found.distance_lower
    if not gap <= tolerance:
        yield f"duality gap {gap:.2e} > {tolerance:.2e}"
    if not found.stationarity <= tolerance:
        yield f"KKT residual {found.stationarity:.2e} > {tolerance:.2e}"
    if not found.interpolates:
        if excess <= tolerance:
            yield "the family says that it does not interpolate, but x* minimises every f_i"
        return
    if not excess <= tolerance:
        yield f"{NO_COMMON}: max_i f_i(x*) - inf f_i = {excess:.2e}"
    if not distance**2 - distance_lower**2 <= np.sqrt(10 * SOLVER_TOLERANCE) * distance**2:
        yield (
            f"no nearest minimiser: D in [{distance_lower:.4g}, {distance:.4g}], the multipliers"
            " of the projection are unbounded"
        )


def _solve(problem: Any, what: str) -> None:
    import cvxpy as cp

    with warnings.catch_warnings():
        # "Solution may be inaccurate" is a remark on the status, which is not used.
        warnings.simplefilter("ignore")
        try:
            problem.solve(
                solver="CLARABEL",
                tol_gap_abs=SOLVER_TOLERANCE,
                tol_gap_rel=SOLVER_TOLERANCE,
                tol_feas=SOLVER_TOLERANCE,
            )
        except cp.error.SolverError as error:
            raise NoOptimumError(f"{what}: {error}") from error


def _value(variable: Any, what: str) -> Array:
    if variable.value is None or not np.isfinite(variable.value).all():
        raise NoOptimumError(f"{what}: the solver returned no point")
    return np.array(variable.value, dtype=np.float64)


def _distance_below(problem: Problem, model: ConvexModel, solution: Array, least: float) -> float:
    """Return a lower bound on the distance from the start to the solution set.

    With interpolation it is the dual value of the projection, else that of `_distance_by_slope`.
    ``L(x) = ½||x - x^1||² + Σ_j <λ_j, c_j(x)>`` is 1-strongly convex, so with r its gradient at the
    computed point ``½ dist² >= min_x L(x) >= L(x*) - ½||r||²``, whatever the multipliers are.
    """
    if not problem.interpolation:
        return _distance_by_slope(problem, least)
    gradient = solution - problem.start
    total = 0.5 * float(np.sum(gradient**2))
    for constraint in model.solution_set:
        sign, multiplier = _multiplier(constraint)
        jacobian = constraint.expr.grad[model.point]
        if np.ndim(jacobian) == 0:  # cvxpy's form of a 1×1 matrix
            jacobian = np.reshape(jacobian, (1, 1))
        value = np.asarray(constraint.expr.value, dtype=np.float64)
        total += sign * float(np.sum(multiplier * value))
        gradient = gradient + sign * np.asarray(jacobian @ multiplier.ravel(order="F")).ravel()
    return float(np.sqrt(max(2 * total - float(np.sum(gradient**2)), 0.0)))


def _distance_by_slope(problem: Problem, least: float) -> float:
    """Return a lower bound on the distance from the start to any minimiser, by convexity.

    ``f* >= f(x^1) + <g, x* - x^1>`` for the mean subgradient g at the start.
    """
    losses, grads = problem.loss_and_grad(problem.start, np.arange(problem.samples))
    slope = float(np.linalg.norm(grads.mean(axis=0)))
    return (float(losses.mean()) - least) / slope


def _multiplier(constraint: Any) -> tuple[int, Array]:
    """Return the sign with which a constraint enters the Lagrangian, and a feasible multiplier."""
    import cvxpy as cp

    dual = np.asarray(constraint.dual_value, dtype=np.float64)
    if isinstance(constraint, cp.constraints.PSD):
        values, vectors = np.linalg.eigh((dual + dual.T) / 2)
        return -1, (vectors * np.maximum(values, 0)) @ vectors.T
    if isinstance(constraint, cp.constraints.Inequality):
        return 1, np.maximum(dual, 0)
    if isinstance(constraint, cp.constraints.Equality | cp.constraints.Zero):
        return 1, dual
    raise TypeError(
        f"solution_set holds a {type(constraint).__name__}; allowed: ==, <=, >= and >> constraints"
    )
