# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Worst cases for given steps, with PEPit: the certified maximum and the function that attains it.

For fixed τ the rule ``τ_k||d_k||² = h_k - ρ_k f*`` is linear in the Gram matrix and the values for
any β (derived here), because ``h_k = Σ_j ρ_{j,k}(f_j + <g_j, x^k - x^j>)`` and x^k is a linear
combination of x^1 and the gradients. A step at the cap, ``τ_k = α/ρ_k``, is the inequality
``τ_k||d_k||² <= h_k - ρ_k f*``. The positive part never matters: ``h_k >= ρ_k f*`` by induction,
as ``h_{k+1} - ρ_{k+1} f* = β(h_k - ρ_k f* - τ_k||d_k||²) + (1-β)(f_{k+1} - f*)``. The same holds
with any f_* below all functions for f*. With one above f* it matters: then these are the worst
cases of runs that never stand still because ``h_k < ρ_k f_*``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from theory.problems.base import Array
from theory.worst_case.certificate import Certificate, certify, reach
from theory.worst_case.instance import Instance
from theory.worst_case.program import ConicSolver, Family, Program, Solution
from theory.worst_case.setting import Setting, checked_steps

SOLVER_TOLERANCE = 1e-10
"""What Clarabel is asked for: gaps and feasibility."""

ATTEMPTS: tuple[dict[str, Any], ...] = (
    {},
    {"equilibrate_enable": False},
    {"max_step_fraction": 0.9},
    {"equilibrate_enable": False, "max_step_fraction": 0.8},
)
"""Options of Clarabel that are tried in turn until a certificate is good."""


@dataclass(frozen=True, eq=False)
class WorstCase:
    """The worst case of a setting for given steps.

    Attributes
    ----------
    setting, steps
        The setting and τ, shape (P-1,).
    instance
        Points, gradients and values that attain it; x* = 0 and f* = 0.
    multipliers
        λ, by the names of `theory.worst_case.program.Program`; those below 1e-12 are left out.
    certificate
        Our check of both.
    """

    setting: Setting
    steps: Array
    instance: Instance
    multipliers: dict[str, float]
    certificate: Certificate

    @property
    def value(self) -> float:
        """Return the measure that is attained."""
        return self.certificate.lower


def stated(problem: Any) -> Program:
    """Return PEPit's statement of a problem in numbers; its constraints are called by their places.

    PEPit keeps its points, expressions and functions in counters of the process, which every
    ``PEP()`` resets: state one problem before the next is begun, and only once.

    Raises
    ------
    ValueError
        If the problem has matrix inequalities besides ``Γ ⪰ 0``, which programs here have not.
    """
    from PEPit.tools.expressions_to_matrices import expression_to_matrices

    problem._prepare_constraints(verbose=0)
    if problem._list_of_prepared_psd:
        raise ValueError("the problem has matrix inequalities; allowed: scalar constraints")
    constraints = problem._list_of_prepared_constraints
    parts = zip(*(expression_to_matrices(each.expression) for each in constraints), strict=True)
    gram, values, constants = map(np.array, parts)
    equations = np.array([each.equality_or_inequality == "equality" for each in constraints])
    return Program(tuple(map(str, range(len(constraints)))), gram, values, -constants, equations)


def solve(problem: Any) -> float:
    """Return the dual value of a PEPit problem, ``Σ_i λ_i c_i``, as Clarabel finds it.

    PEPit itself would hand it to cvxpy, whose canonicalisation takes thirty times as long as the
    solver.

    Raises
    ------
    RuntimeError
        If the solver finds no numbers.
    """
    program = stated(problem)
    return float(_solved(program, {}).multipliers @ program.limits)


def _solved(program: Program, options: Mapping[str, Any]) -> Solution:
    solution = ConicSolver(SOLVER_TOLERANCE, **options)(program)
    if not all(np.isfinite(part).all() for part in (solution.gram, solution.multipliers)):
        raise RuntimeError("the performance estimation problem has no finite value")
    return solution


def certified(setting: Setting, steps: Array, rule: bool = True) -> WorstCase:
    """Return the worst case over all functions of the class for the steps τ, with its certificate.

    The multipliers come from PEPit's statement of the problem, and are checked against ours.

    Parameters
    ----------
    setting
        Method, class and measure.
    steps
        τ, of shape (P-1,); one that equals its cap ``α/ρ_k`` counts as capped.
    rule
        See `theory.worst_case.program.Family`.

    Raises
    ------
    RuntimeError
        If the solver fails whatever it is told.
    """
    steps = checked_steps(setting, steps)
    problem, constraints = _build(setting, steps, rule)
    theirs = stated(problem)
    places = {id(each): i for i, each in enumerate(problem._list_of_prepared_constraints)}
    order = {name: places[id(each)] for name, each in constraints().items()}
    best: WorstCase | None = None
    failure = RuntimeError("no attempt to solve")
    for options in ATTEMPTS:
        try:
            solution = _solved(theirs, options)
        except RuntimeError as error:
            failure = error
            continue
        named = {name: float(solution.multipliers[place]) for name, place in order.items()}
        worst = _checked(setting, steps, rule, solution, named)
        if not worst.certificate.objections:
            return worst
        if best is None or abs(worst.certificate.gap) < abs(best.certificate.gap):
            best = worst
    if best is None:
        raise failure
    return best


def _checked(
    setting: Setting, steps: Array, rule: bool, solution: Solution, named: dict[str, float]
) -> WorstCase:
    """Return what a solution of PEPit's statement, its multipliers by name, is worth in ours."""
    program = Family(setting, steps >= setting.caps, rule).program(steps)
    multipliers = np.array([named[name] for name in program.names])
    gram, values = solution.gram, solution.values
    slopes = None if setting.kind == "smooth" else 1.0
    radius = reach(setting, steps, rule)
    certificate = certify(program, gram, values, multipliers, radius, slopes)
    kept = {name: value for name, value in named.items() if abs(value) > 1e-12}
    return WorstCase(setting, steps, attaining(setting, steps, gram, values), kept, certificate)


def attaining(setting: Setting, steps: Array, gram: Array, values: Array) -> Instance:
    """Return the instance whose vectors ``x^1, g_1, …, g_E`` have the Gram matrix Γ.

    Without interpolation the gradients at x* come last, all but the last function's. Negative
    eigenvalues, of rounding size, are set to 0.
    """
    eigenvalues, vectors = np.linalg.eigh(gram)
    kept = eigenvalues > 0
    factor = vectors[:, kept] * np.sqrt(eigenvalues[kept])
    count = setting.evaluations
    gradients = factor[1 : count + 1]
    averages = setting.weights @ gradients
    points = np.tile(factor[0], (setting.points, 1))
    for p, step in enumerate(steps, 1):
        points[p] = points[setting.places[p - 1]] - step * averages[p - 1]
    ends = (
        np.concatenate([rows, -rows.sum(axis=0, keepdims=True)])
        for rows in (factor[count + 1 :], values[count:-1])
    )
    return Instance(
        setting,
        points,
        gradients,
        values[:count].copy(),
        steps,
        np.zeros(factor.shape[1]),
        0.0,
        *(() if setting.interpolation else ends),
    )


def _build(setting: Setting, steps: Array, rule: bool) -> tuple[Any, Any]:
    """Return the problem, and a function that returns its constraints by name once it is stated."""
    from PEPit import PEP, Expression, Point
    from PEPit.functions import ConvexLipschitzFunction, SmoothConvexFunction

    problem = PEP()
    smooth = setting.kind == "smooth"
    kind, constant = (SmoothConvexFunction, "L") if smooth else (ConvexLipschitzFunction, "M")
    functions = [
        problem.declare_function(kind, **{constant: 1.0}) for _ in range(setting.functions)
    ]
    origin = Point(is_leaf=False, decomposition_dict={})
    zero = Expression(is_leaf=False, decomposition_dict={})
    start = problem.set_initial_point()
    named = {"start": start**2 <= 1}
    # Of each evaluation: the next point, d_k, h_k - f* and ρ_k there.
    runs = [_Run(start, origin, zero, zero)]
    levels: list[Any] = [zero] * setting.iterations
    models = zero
    for e, owner in enumerate(setting.owners):
        before, level = runs[setting.places[e]], int(setting.levels[e])
        # A leaf for each gradient, also where PEPit could reuse one: x^k are different points.
        slope, value = functions[owner].oracle(before.x)
        levels[level] += value / setting.branches ** (level + 1)
        if not setting.interpolation:
            named[f"bound {e + 1}"] = value >= setting.lower_bound
        first = level == 0 and setting.averaging == "from_first"
        old, new = (0.0, 1.0) if first else (setting.beta, 1 - setting.beta)
        grad = old * before.grad + new * slope
        model, total = old * before.model + new * value, old * before.total + new
        if level == setting.iterations - 1:
            models += model / setting.branches ** (level + 1)
            continue
        length = float(steps[e])
        if rule:
            above = model - total * setting.lower_bound
            capped = length >= setting.caps[e]
            named[f"rule {e + 1}"] = (
                length * grad**2 <= above if capped else length * grad**2 == above
            )
        runs.append(_Run(before.x - length * grad, grad, model - length * grad**2, total))
    named |= _at_solution(setting, functions, origin, zero)
    for constraint in named.values():
        problem.add_constraint(constraint)
    for measure in _measured(setting, levels, models):
        problem.set_performance_metric(measure)
    return problem, partial(_constraints, problem, functions, setting, named)


@dataclass(frozen=True)
class _Run:
    """Where a run is: x, the averages d, h - f* (the linearisation at x) and ρ; PEPit's objects."""

    x: Any
    grad: Any
    model: Any
    total: Any


def _at_solution(
    setting: Setting, functions: Sequence[Any], origin: Any, zero: Any
) -> dict[str, Any]:
    """Add x* = 0 to the functions; return the constraints that f_* is below them, by name.

    After all evaluations: the Gram matrix has its vectors in the order in which they are declared.
    """
    from PEPit import Expression, Point

    if setting.interpolation:
        for function in functions:
            function.add_point((origin, origin, zero))
        return {}
    named, slope, value = {}, origin, zero
    for index, function in enumerate(functions):
        last = index == len(functions) - 1
        own = (-slope, -value) if last else (Point(), Expression())
        slope, value = slope + own[0], value + own[1]
        function.add_point((origin, *own))
        named[f"bound * {index + 1}"] = own[1] >= setting.lower_bound
    return named


def _measured(setting: Setting, levels: Sequence[Any], models: Any) -> list[Any]:
    """Return the expressions of which the least is measured; models: the mean of the last h_K."""
    count, keep = setting.iterations, 1 - setting.beta
    if setting.measure == "best":
        return list(levels)
    if setting.measure == "last":
        return [levels[-1]]
    if setting.measure == "weighted":
        return [levels[0] + sum(keep * level for level in levels[1:])]
    mean = sum(level / count for level in levels)
    if setting.measure == "balanced":
        mean = mean - setting.beta / (keep * count) * (models - levels[0])
    return [mean]


def _constraints(
    problem: Any, functions: Sequence[Any], setting: Setting, named: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the constraints of a problem that is stated, by name."""
    smooth = setting.kind == "smooth"
    found = dict(named)
    count = setting.iterations if setting.measure == "best" else 1
    first = setting.iterations if setting.measure == "last" else 1
    metrics = problem._list_of_prepared_constraints[:count]
    found |= {f"measure {first + k}": metric for k, metric in enumerate(metrics)}
    for index, function in enumerate(functions):
        own = [k for k, owner in enumerate(setting.owners) if owner == index]
        labels = [*(str(k + 1) for k in own), "*"]
        name = "smoothness_convexity" if smooth else "convexity"
        table = function.tables_of_constraints[name].to_numpy()
        for i, here in enumerate(labels):
            for j, there in enumerate(labels):
                if i != j:
                    found[f"convex {here} {there}"] = table[i, j]
        if not smooth:
            row = function.tables_of_constraints["lipschitz_continuity"].to_numpy()[0]
            found |= {f"lipschitz {k + 1}": row[i] for i, k in enumerate(own)}
            if not setting.interpolation:
                found[f"lipschitz * {index + 1}"] = row[-1]
    return found
