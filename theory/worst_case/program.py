"""The performance estimation problem in numbers: a semidefinite program, affine in the steps.

Without loss of generality x* = 0 and f* = 0. Unknown are the Gram matrix Γ of the n vectors
``x^1, g_1, …, g_K`` and the vector ``F = (f_1, …, f_K, t)``; t is maximised. Constraint i reads
``<A_i, Γ> + <b_i, F> <= c_i``, or ``=``.

Weak duality gives the certificate: for multipliers ``λ_i >= 0`` (any sign for equations) with
``S = Σ_i λ_i A_i`` positive semidefinite and ``Σ_i λ_i b_i = e_t``,

    t = <Σ_i λ_i b_i, F> <= Σ_i λ_i c_i - <S, Γ> <= Σ_i λ_i c_i.

This is written down independently of the modelling tool, so that its multipliers are checked
against another statement of the problem.
"""

from __future__ import annotations

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
        A_i, b_i and c_i, shapes (m, n, n), (m, K+1) and (m,).
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
        """Return ``Σ_i λ_i b_i - e_t``, shape (K+1,)."""
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


class Family:
    """The programs of one setting, as functions of the steps: ``A_i = A_i^0 + Σ_l τ_l A_i^l``.

    Affine because ``x^k = x^1 - Σ_{l<k} τ_l d_l`` is, and each constraint has x at most once.

    Parameters
    ----------
    setting
        Method, class and measure.
    at_cap
        Which steps are at the cap, shape (K-1,): there ``τ_k||d_k||² <= h_k - ρ_k f*``.
    rule
        Whether the steps have to be those of the rule. Without it these are the programs of
        methods with steps fixed in advance, whose worst cases are known.
    """

    def __init__(
        self, setting: Setting, at_cap: NDArray[np.bool_] | None = None, rule: bool = True
    ) -> None:
        count = setting.iterations
        self.setting = setting
        self.at_cap = np.zeros(count - 1, dtype=bool) if at_cap is None else at_cap
        self._names: list[str] = []
        self._rows: list[tuple[Array, Array, float, bool]] = []
        size = count + 1
        grads = np.eye(size)[1:]
        averages = setting.weights @ grads
        # Row l of point k: the part of x^k that τ_l multiplies; row 0: the constant part.
        points = np.zeros((count, count, size))
        points[:, 0, 0] = 1
        for k in range(count):
            points[k, 1 : k + 1] = -averages[:k]
        self._interpolation(points, grads)
        if rule:
            self._rules(points, grads, averages)
        start = np.zeros((count, size, size))
        start[0, 0, 0] = 1
        self._add("start", start, np.zeros(count + 1), 1.0)
        measured = range(count) if setting.measure == "best" else (count - 1,)
        for k in measured:
            self._add(f"measure {k + 1}", np.zeros_like(start), _unit(count, -1) - _unit(count, k))
        affine = np.array([row[0] for row in self._rows])
        self.affine = (affine + affine.swapaxes(-1, -2)) / 2
        self.values = np.array([row[1] for row in self._rows])
        self.limits = np.array([row[2] for row in self._rows])
        self.equations = np.array([row[3] for row in self._rows])

    def _add(
        self, name: str, gram: Array, values: Array, limit: float = 0.0, equation: bool = False
    ) -> None:
        self._names.append(name)
        self._rows.append((gram, values, limit, equation))

    def _interpolation(self, points: Array, grads: Array) -> None:
        """Add what makes (x, g, f) those of functions of the class, x* = 0 and g* = 0 among them.

        Convex: ``f_i >= f_j + <g_j, x_i - x_j>``, with ``||g_i|| <= G``; L-smooth: with
        ``||g_i - g_j||²/(2L)`` added on the right (Taylor, Hendrickx, Glineur 2017).
        """
        count, size = self.setting.iterations, self.setting.iterations + 1
        smooth, owners = self.setting.kind == "smooth", self.setting.owners
        none = np.zeros(size)
        for i in range(count + 1):
            for j in range(count + 1):
                if i == j or (i < count and j < count and owners[i] != owners[j]):
                    continue
                gram = np.zeros((count, size, size))
                values = np.zeros(count + 1)
                here = points[i] if i < count else np.zeros((count, size))
                slopes = [grads[k] if k < count else none for k in (i, j)]
                if j < count:
                    values[j] += 1
                    gram += np.einsum("a,lb->lab", slopes[1], here - points[j])
                if i < count:
                    values[i] -= 1
                if smooth:
                    change = slopes[0] - slopes[1]
                    gram[0] += np.outer(change, change) / 2
                names = [str(k + 1) if k < count else "*" for k in (i, j)]
                self._add(f"convex {names[0]} {names[1]}", gram, values)
        if not smooth:
            for k in range(count):
                gram = np.zeros((count, size, size))
                gram[0] = np.outer(grads[k], grads[k])
                self._add(f"lipschitz {k + 1}", gram, np.zeros(count + 1), 1.0)

    def _rules(self, points: Array, grads: Array, averages: Array) -> None:
        """Add ``τ_k||d_k||² = h_k``, ``h_k = Σ_j ρ_{j,k}(f_j + <g_j, x^k - x^j>)`` as f* = 0."""
        count, weights = self.setting.iterations, self.setting.weights
        for k in range(count - 1):
            away = points[k] - points
            gram = -np.einsum("j,ja,jlb->lab", weights[k], grads, away)
            gram[k + 1] += np.outer(averages[k], averages[k])
            values = np.append(-weights[k], 0.0)
            self._add(f"rule {k + 1}", gram, values, equation=not self.at_cap[k])

    def program(self, steps: Array) -> Program:
        """Return the program for the steps τ, shape (K-1,)."""
        steps = checked_steps(self.setting, steps)
        gram = self.affine[:, 0] + np.tensordot(steps, self.affine[:, 1:], (0, 1))
        return Program(tuple(self._names), gram, self.values, self.limits, self.equations)

    def columns(self, gram: Array) -> Array:
        """Return ``<A_i^l, Γ>``: what constraint i gains for each unit of τ_l, (m, K-1)."""
        return np.asarray(np.tensordot(self.affine[:, 1:], gram, 2))

    def slope(self, solution: Solution) -> Array:
        """Return the derivative of the optimal value in τ: ``-Σ_i λ_i <A_i^l, Γ>``, shape (K-1,).

        The envelope theorem: where the program's solution and multipliers are unique.
        """
        return -solution.multipliers @ self.columns(solution.gram)


def _unit(count: int, index: int) -> Array:
    return np.asarray(np.eye(count + 1)[index])


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
        answer = clarabel.DefaultSolver(
            quadratic, cost, matrix, limits, cones, self.settings
        ).solve()
        unknowns, dual = np.array(answer.x), np.array(answer.z)
        gram = np.zeros((size, size))
        gram[row, column] = gram[column, row] = unknowns[length : length + triangle]
        multipliers = np.empty(len(order))
        multipliers[order] = dual[: len(order)]
        values = unknowns[:length]
        shift = unknowns[length + triangle :]
        return Solution(float(values[-1]), gram, values, multipliers, shift)
