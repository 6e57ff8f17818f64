# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The performance estimation problem in numbers: a semidefinite program, affine in the steps.

Without loss of generality x* = 0 and f* = 0. Unknown are the Gram matrix Γ of the n vectors
``x^1, g_1, …, g_E`` and the vector ``F = (f_1, …, f_E, t)``; t is maximised. Without interpolation
the gradients at x* of all functions but the last are added to the vectors, and their values there
to F before t: those of the last function are what makes the sums 0. Constraint i reads
``<A_i, Γ> + <b_i, F> <= c_i``, or ``=``.

Weak duality gives the certificate: for multipliers ``λ_i >= 0`` (any sign for equations) with
``S = Σ_i λ_i A_i`` positive semidefinite and ``Σ_i λ_i b_i = e_t``,

    t = <Σ_i λ_i b_i, F> <= Σ_i λ_i c_i - <S, Γ> <= Σ_i λ_i c_i.

This is written down independently of the modelling tool, so that its multipliers are checked
against another statement of the problem.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory.problems.base import Array
from theory.worst_case.setting import Setting, checked_steps


@dataclass(frozen=True, eq=False)
class Program:
    """``max t`` subject to ``<A_i, Γ> + <b_i, F> <= c_i`` (or ``=``) and ``Γ ⪰ 0``.

    Attributes
    ----------
    names
        Of the constraints, m of them.
    gram, values, limits
        A_i, b_i and c_i, shapes (m, n, n), (m, n) and (m,).
    equations
        Which constraints are equations, shape (m,).
    """

    names: tuple[str, ...]
    gram: Array
    values: Array
    limits: Array
    equations: NDArray[np.bool_]

    def excess(self, gram: Array, values: Array) -> Array:
        """Return ``<A_i, Γ> + <b_i, F> - c_i``, shape (m,): positive where violated."""
        return np.tensordot(self.gram, gram, 2) + self.values @ values - self.limits

    def dual_slack(self, multipliers: Array) -> Array:
        """Return ``S = Σ_i λ_i A_i``, shape (n, n)."""
        return np.tensordot(multipliers, self.gram, 1)

    def stationarity(self, multipliers: Array) -> Array:
        """Return ``Σ_i λ_i b_i - e_t``, shape (n,)."""
        residual = multipliers @ self.values
        residual[-1] -= 1
        return residual


@dataclass(frozen=True)
class Solution:
    """What a solver returned: ``value = t``, Γ, F, multipliers, σ; nothing is checked here."""

    value: float
    gram: Array
    values: Array
    multipliers: Array
    shift: Array


@dataclass(frozen=True)
class Shifts:
    """Unknowns σ that enter a program linearly: ``<columns_i, σ>``, ``low <= σ <= high``."""

    columns: Array
    low: Array
    high: Array


@dataclass(frozen=True, eq=False)
class Datum:
    """An evaluation as forms: its point in x^1, the gradients and the steps; the others linear.

    Attributes
    ----------
    name
        The number of the evaluation, or "*".
    point
        Row 0: the constant part of x; row l: what τ_l multiplies; shape (P, n).
    slope, value
        g in the vectors of Γ, f in the entries of F, shapes (n,).
    """

    name: str
    point: Array
    slope: Array
    value: Array


class Family:
    """The programs of one setting, as functions of the steps: ``A_i = A_i^0 + Σ_l τ_l A_i^l``.

    Affine because ``x^k = x^1 - Σ_{l<k} τ_l d_l`` is, and each constraint has x at most once.

    Parameters
    ----------
    setting
        Method, class and measure.
    at_cap
        Which steps are at the cap, shape (P-1,): there ``τ_k||d_k||² <= h_k - ρ_k f_*``.
    rule
        Whether the steps have to be those of the rule. Without it these are the programs of
        methods with steps fixed in advance, whose worst cases are known.
    """

    def __init__(
        self, setting: Setting, at_cap: NDArray[np.bool_] | None = None, rule: bool = True
    ) -> None:
        self.setting, self.steps = setting, setting.points - 1
        self.size = (
            1 + setting.evaluations + (0 if setting.interpolation else setting.functions - 1)
        )
        self.at_cap = np.zeros(self.steps, dtype=bool) if at_cap is None else at_cap
        self._names: list[str] = []
        self._rows: list[tuple[Array, Array, float, bool]] = []
        data, owners = self._evaluations(), setting.owners
        for owner in range(setting.functions):
            own = [each for each, whose in zip(data, owners, strict=True) if whose == owner]
            self._interpolation([*own, self._at_solution(owner)], owner)
        if rule:
            self._rules(data)
        start = self._zeros()
        start[0, 0, 0] = 1
        self._add("start", start, np.zeros(self.size), 1.0)
        self._measures(data)
        affine = np.array([row[0] for row in self._rows])
        self.affine = (affine + affine.swapaxes(-1, -2)) / 2
        self.values = np.array([row[1] for row in self._rows])
        self.limits = np.array([row[2] for row in self._rows])
        self.equations = np.array([row[3] for row in self._rows])

    def _zeros(self) -> Array:
        return np.zeros((self.steps + 1, self.size, self.size))

    def _add(
        self, name: str, gram: Array, values: Array, limit: float = 0.0, equation: bool = False
    ) -> None:
        self._names.append(name)
        self._rows.append((gram, values, limit, equation))

    def _evaluations(self) -> list[Datum]:
        """Return what is seen, from x^1 on: ``x^{k+1} = x^k - τ_k d_k``."""
        setting, unit = self.setting, np.eye(self.size)
        points = np.zeros((setting.points, self.steps + 1, self.size))
        points[0, 0, 0] = 1
        averages = self._averages
        for p in range(1, setting.points):
            points[p] = points[setting.places[p - 1]]
            points[p, p] = -averages[p - 1]
        return [
            Datum(str(e + 1), points[place], unit[e + 1], unit[e])
            for e, place in enumerate(setting.places)
        ]

    @property
    def _averages(self) -> Array:
        """Return d of each evaluation in the vectors of Γ, shape (E, n)."""
        return self.setting.weights @ np.eye(self.size)[1 : self.setting.evaluations + 1]

    def _at_solution(self, owner: int) -> Datum:
        """Return a function at x*: its minimum, or gradients and values whose sums are 0."""
        first, setting = self.setting.evaluations, self.setting
        slope, value = np.zeros(self.size), np.zeros(self.size)
        if not setting.interpolation:
            others = setting.functions - 1
            part = -np.ones(others) if owner == others else np.eye(others)[owner]
            slope[first + 1 :] = value[first:-1] = part
        return Datum("*", np.zeros((self.steps + 1, self.size)), slope, value)

    def _interpolation(self, data: list[Datum], owner: int) -> None:
        """Add what makes (x, g, f) those of a function of the class.

        Convex: ``f_i >= f_j + <g_j, x_i - x_j>``, with ``||g_i|| <= G``; L-smooth: with
        ``||g_i - g_j||²/(2L)`` added on the right (Taylor, Hendrickx, Glineur 2017). Without
        interpolation ``f_i >= f_*``: then the largest of f_* and these linear functions is it.
        """
        setting = self.setting
        for i, j in itertools.permutations(range(len(data)), 2):
            here, there = data[i], data[j]
            gram = np.einsum("a,lb->lab", there.slope, here.point - there.point)
            if setting.kind == "smooth":
                change = here.slope - there.slope
                gram[0] += np.outer(change, change) / 2
            self._add(f"convex {here.name} {there.name}", gram, there.value - here.value)
        for each in data:
            named = each.name
            if named == "*":
                if setting.interpolation:
                    continue
                named = f"* {owner + 1}"
            if setting.kind == "lipschitz":
                gram = self._zeros()
                gram[0] = np.outer(each.slope, each.slope)
                self._add(f"lipschitz {named}", gram, np.zeros(self.size), 1.0)
            if not setting.interpolation:
                self._add(f"bound {named}", self._zeros(), -each.value, -setting.lower_bound)

    def _model(self, data: list[Datum], e: int, weights: Array) -> tuple[Array, Array]:
        """Return ``h = Σ_j ρ_j (f_j + <g_j, x - x^j>)`` at evaluation e, in Γ and in F."""
        gram, values = self._zeros(), np.zeros(self.size)
        for weight, each in zip(weights, data, strict=True):
            if weight:
                gram += weight * np.einsum("a,lb->lab", each.slope, data[e].point - each.point)
                values += weight * each.value
        return gram, values

    def _rules(self, data: list[Datum]) -> None:
        """Add ``τ_k||d_k||² = h_k - ρ_k f_*``."""
        averages, weights = self._averages, self.setting.weights
        totals = weights.sum(axis=1)
        for e in range(self.steps):
            gram, values = self._model(data, e, weights[e])
            gram, limit = -gram, -totals[e] * self.setting.lower_bound
            gram[e + 1] += np.outer(averages[e], averages[e])
            self._add(f"rule {e + 1}", gram, -values, limit, equation=not self.at_cap[e])

    def _measures(self, data: list[Datum]) -> None:
        """Add ``t <= Σ_k w_k δ_k``, for each row w of `Setting.measures`."""
        setting, last = self.setting, np.eye(self.size)[-1]
        seen, shares = np.array([each.value for each in data]), setting.shares
        extra, more = self._zeros(), np.zeros(self.size)
        if setting.balance:
            weights = setting.weights
            for e in map(int, np.flatnonzero(shares[-1])):
                gram, values = self._model(data, e, weights[e])
                extra, more = extra + shares[-1, e] * gram, more + shares[-1, e] * values
            more = more - shares[0] @ seen
        rows = setting.measures
        names = [f"measure {k + 1}" for k in range(len(rows))]
        if setting.measure == "last":
            names = [f"measure {setting.iterations}"]
        for name, row in zip(names, rows, strict=True):
            values = last - row @ shares @ seen - setting.balance * more
            self._add(name, -setting.balance * extra, values)

    def program(self, steps: Array) -> Program:
        """Return the program for the steps τ, shape (P-1,)."""
        steps = checked_steps(self.setting, steps)
        gram = self.affine[:, 0] + np.tensordot(steps, self.affine[:, 1:], (0, 1))
        return Program(tuple(self._names), gram, self.values, self.limits, self.equations)

    def columns(self, gram: Array) -> Array:
        """Return ``<A_i^l, Γ>``: what constraint i gains for each unit of τ_l, (m, P-1)."""
        return np.asarray(np.tensordot(self.affine[:, 1:], gram, 2))

    def slope(self, solution: Solution) -> Array:
        """Return the derivative of the optimal value in τ: ``-Σ_i λ_i <A_i^l, Γ>``, shape (P-1,).

        The envelope theorem: where the program's solution and multipliers are unique.
        """
        return -solution.multipliers @ self.columns(solution.gram)


class ConicSolver:
    """Solves programs with Clarabel directly: no modelling layer, which would be most of the time.

    Parameters
    ----------
    tolerance
        Relative and absolute gap, and feasibility.
    **options
        Any other of Clarabel's settings.
    """

    def __init__(self, tolerance: float = 1e-10, **options: Any) -> None:
        import clarabel

        self.settings: Any = clarabel.DefaultSettings()
        self.settings.verbose = False
        self.settings.max_threads = 1
        for name in ("tol_gap_abs", "tol_gap_rel", "tol_feas"):
            setattr(self.settings, name, tolerance)
        for name, value in options.items():
            setattr(self.settings, name, value)

    def __call__(self, program: Program, shifts: Shifts | None = None) -> Solution:
        """Return the solver's answer, whatever its status: the certificate judges it.

        NaN where it breaks down.

        With ``shifts`` there are unknowns ``σ`` more, ``low <= σ <= high``, and constraint i has
        ``<columns_i, σ>`` added on its left side.
        """
        import clarabel
        from scipy import sparse

        size, length = program.gram.shape[1], program.values.shape[1]
        row, column = np.triu_indices(size)
        triangle = len(row)
        # Off the diagonal Γ's entries stand twice in <A_i, Γ>, and √2 times in Clarabel's cone,
        # which takes the upper triangle by columns; the unknowns are F, then the same by rows.
        twice = np.where(row == column, 1.0, 2.0)
        order = np.argsort(~program.equations, kind="stable")
        linear = [program.values, program.gram[:, row, column] * twice]
        right = [program.limits[order], np.zeros(triangle)]
        by_columns = np.lexsort((row, column))
        cone = np.hstack([np.zeros((triangle, length)), -np.diag(np.sqrt(twice))[by_columns]])
        extra = np.zeros((0, triangle + length))
        if shifts is not None:
            count = len(shifts.low)
            linear.append(shifts.columns)
            cone = np.hstack([cone, np.zeros((triangle, count))])
            box = np.eye(count, triangle + length + count, triangle + length)
            extra = np.vstack([box, -box])
            right.insert(1, np.concatenate([shifts.high, -shifts.low]))
        matrix = sparse.csc_matrix(np.vstack([np.hstack(linear)[order], extra, cone]))
        cost = np.zeros(matrix.shape[1])
        cost[length - 1] = -1
        equations = int(program.equations.sum())
        cones = [clarabel.ZeroConeT(equations)] if equations else []
        cones.append(clarabel.NonnegativeConeT(len(order) - equations + len(extra)))
        cones.append(clarabel.PSDTriangleConeT(size))
        quadratic = sparse.csc_matrix((len(cost), len(cost)))
        limits = np.concatenate(right)
        solver = clarabel.DefaultSolver(quadratic, cost, matrix, limits, cones, self.settings)
        try:
            answer = solver.solve()
            unknowns, dual = np.array(answer.x), np.array(answer.z)
        except BaseException as error:
            # Clarabel panics where an eigenvalue routine fails; a panic is no Exception.
            if type(error).__name__ != "PanicException":
                raise
            unknowns, dual = np.full(len(cost), np.nan), np.full(len(limits), np.nan)
        gram = np.zeros((size, size))
        gram[row, column] = gram[column, row] = unknowns[length : length + triangle]
        multipliers = np.empty(len(order))
        multipliers[order] = dual[: len(order)]
        values = unknowns[:length]
        shift = unknowns[length + triangle :]
        return Solution(float(values[-1]), gram, values, multipliers, shift)
