# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Trajectories on which no step lowers the value: lower bounds on the worst case (derived here).

Units: G = 1, and δ = 1 for the suboptimality that all points share; ``||x^1 - x*||`` is then what
makes ``f(x^k) - f* = GD/||x^1 - x*||`` for k <= K in units of D.

Both kinds of trap have the same form. With D_k the average over 1-β, ``N_k = ||D_k||²``, and
``y_k = x^k - x*``, a step is ``y_{k+1} = y_k - s_k δ D_k/N_k``, where ``s_k = 1``, but
``s_1 = 1/(1-β)`` from first. The gradients are

    g_k = δ y_k/||y_k||² + v_k,    <v_k, y_k> = 0,    ||v_k||² = G² - δ²/||y_k||².

Hence ``<g_k, y_k> = δ`` and, by induction, ``<D_k, y_k> = s_k δ``: a step ends with
``<D_k, y_{k+1}> = 0``, and ``||y_{k+1}||² = ||y_k||² - s_k² δ²/N_k``, the Fejér step as an
equality. What is left is the choice of v_k:

* one function: v_k is orthogonal to all that came before, so that ``N_{k+1} = G² + β² N_k``;
* a function of its own for each step: v_k is along D_{k-1}, which makes N_k as large as can be.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from theory.problems.base import Array

ROUNDING = 1e-12
"""What rounding may leave of the inequalities of a trap, in units of δ."""


@dataclass(frozen=True, eq=False)
class Trap:
    """K points and gradients.

    Attributes
    ----------
    to_solution
        ``y_k = x^k - x*``, shape (K, n).
    gradients
        g_k, shape (K, n).
    steps
        The effective steps: ``x^{k+1} = x^k - steps[k] D_k``, shape (K-1,).
    distance
        ``||y_1||``.
    """

    to_solution: Array
    gradients: Array
    steps: Array
    distance: float

    @property
    def excess(self) -> float:
        """By how much some piece ``<g_j, x^i - x*>`` exceeds δ: at most 0 for one function."""
        return float((self.gradients @ self.to_solution.T).max()) - 1


def orthogonal_norms(beta: float, iterations: int, averaging: str = "from_first") -> Array:
    """Return M_1, …, M_K: ``||D_k||²`` where each gradient is orthogonal to the average before.

    ``M_{k+1} = 1 + β² M_k``, with ``M_1 = 1`` from zero, so that ``M_k = (1-β^{2k})/(1-β²)``, and
    ``M_1 = 1/(1-β)²`` from first. Both tend to ``1/(1-β²)``.
    """
    start = 1.0 if averaging == "from_zero" else 1 / (1 - beta) ** 2
    limit = 1 / (1 - beta**2)
    return np.asarray(limit + beta ** (2.0 * np.arange(iterations)) * (start - limit))


def decrease(beta: float, iterations: float, averaging: str = "from_first") -> float:
    """Return ``Σ_{k<K}`` of `decreases` where each gradient is orthogonal to the average before.

    Beyond some ``20/(1-β)`` steps M_k is ``1/(1-β²)`` to the last digit.
    """
    count = int(min(iterations, 20 / (1 - beta) + 2))
    near = decreases(orthogonal_norms(beta, count, averaging)).sum()
    return float(near + (iterations - count) * (1 - beta**2))


def decreases(norms_sq: Array) -> Array:
    """Return by how much the K-1 steps lower ``||y||²/δ²``: 1 for the first, then ``1/N_k``."""
    found = 1 / norms_sq
    found[:1] = 1.0
    return found[:-1]


def sizes_from(last: float, lowered: Array) -> Array:
    """Return ``||y_k||²/δ²`` for all k, where the last is given."""
    return last + np.append(np.cumsum(lowered[::-1])[::-1], 0.0)


def rest(beta: float, averaging: str = "from_first") -> float:
    """Return a ``||y_K||²/δ²`` with which `one_function` is proven to be one function for every K.

    ``1/(N (1-√β)²) >= 1``, N a lower bound of all N_k: 1 from zero, ``1/(1-β²)`` from first.
    """
    norm_sq = 1.0 if averaging == "from_zero" else 1 / (1 - beta**2)
    return 1 / (norm_sq * (1 - math.sqrt(beta)) ** 2)


def least_rest(beta: float, iterations: int, averaging: str = "from_first") -> float:
    """Return a small ``||y_K||²/δ²`` with which `one_function` is seen to be one function.

    The least of 1, 1.02, 1.02², … for which its finitely many inequalities, K² products of vectors
    with K + 1 entries, hold up to `ROUNDING`; `rest` always is enough.
    """
    enough, factor = rest(beta, averaging), 1.02
    last = 1.0
    while last < enough and one_function(beta, iterations, averaging, last).excess > ROUNDING:
        last *= factor
    return min(last, enough)


def one_function(
    beta: float, iterations: int, averaging: str = "from_first", last: float | None = None
) -> Trap:
    """Return the trap of one function, ``f(x) = max(f*, max_j f* + δ + <g_j, x - x^j>)``.

    It has the value f* at x*, as ``<g_j, y_j> = δ``, and ``f* + δ`` at every x^i if
    ``<g_j, y_i> <= δ`` for all i, j.

    * i > j: ``B_l = δ - <g_j, y_l>`` and ``e_l = <g_j, D_l>`` obey
      ``B_{l+1} = B_l + (s_l δ/N_l) e_l`` and ``e_l >= β e_{l-1} - δ B_l/||y_l||²``, from
      ``B_j = 0`` and ``e_j > 0``.
    * i < j: ``<g_j, y_i> = δ <y_j, y_i>/||y_j||²`` is at most δ if ``A_j = -<D_l, y_j> >= 0`` for
      all l < j, and A, with ``<D_l, D_j>`` for e, obeys the same recursion, from 0 and ``β N_l``.

    f has several subgradients at x^i: piece i+1 reaches the maximum there too, because
    ``<D_i, y_{i+1}>`` is 0. MoMo has to be given g_i, the slope of the *first* piece that does: for
    i > j, e_l exceeds its bound by ``δ²/||y_l||²``, so that B_l is positive. Given the last piece
    instead, MoMo is faster (from zero, β = 0.5, K = 6: down to 0.968 δ). `theory/rocq/trap.v` is
    the proof with this choice.

    Lemma: such a sequence stays non-negative if ``δ²/(N_l ||y_j||²) <= (1-√β)²`` for all l and j.
    Proof: let Y be the least ``||y_j||²``, and ``T = δ²/(Y (1-√β))``. By induction
    ``e_l >= -T B_l/δ``, because then ``B_{l+1} >= (1-T/N_l) B_l >= √β B_l``, hence
    ``β e_l >= -√β T B_{l+1}/δ``, and ``√β T + δ²/Y = T``. Where s_l is not 1, B_l is 0.

    That is what ``last`` is for. The condition is sufficient, not necessary: for β below 0.897
    ``last = 1`` was seen to do for every K tried.

    Parameters
    ----------
    beta, iterations
        β and K.
    averaging
        "from_first" (MoMo) or "from_zero" (MoMo-Adam with a frozen metric).
    last
        ``||y_K||²/δ²``, at least 1; default: `rest`.
    """
    norms_sq = orthogonal_norms(beta, iterations, averaging)
    least = rest(beta, averaging) if last is None else last
    sizes = sizes_from(least, decreases(norms_sq))
    return _trap(beta, averaging, norms_sq, sizes, fresh=True)


def own_functions(beta: float, iterations: int, averaging: str = "from_first") -> Trap:
    """Return the trap in which step k sees ``f_k(x) = max(f*, f* + δ + <g_k, x - x^k>)`` alone.

    All f_k are minimal at x*, as ``<g_k, y_k> = δ``; no other condition has to hold. With v_k along
    D_{k-1}, which is orthogonal to y_k,

        N_k = (β √N_{k-1} + sqrt(G² - δ²/||y_k||²))² + δ²/||y_k||²,

    which tends to ``G²/(1-β)²`` while ``||y_k||`` is much larger than δ: the Fejér steps are then
    as short as the paper's proof allows. Everything happens in a plane. ``||y_K|| = δ``.
    """
    low, high = 1.0, float(iterations)
    for _ in range(80):
        middle = (low + high) / 2
        reached = _plane(beta, iterations, averaging, middle)[1][-1] >= 1
        low, high = (low, middle) if reached else (middle, high)
    norms_sq, sizes = _plane(beta, iterations, averaging, high)
    return _trap(beta, averaging, norms_sq, np.maximum(sizes, 1.0), fresh=False)


def _plane(beta: float, iterations: int, averaging: str, first: float) -> tuple[Array, Array]:
    """Return N_k and ``||y_k||²`` of `own_functions`, from ``||y_1||²``; 0 once it is below 1."""
    norms_sq, sizes = np.ones(iterations), np.zeros(iterations)
    norms_sq[0] = 1.0 if averaging == "from_zero" else 1 / (1 - beta) ** 2
    sizes[0] = first
    for k in range(1, iterations):
        sizes[k] = sizes[k - 1] - (1.0 if k == 1 else 1 / norms_sq[k - 1])
        if sizes[k] < 1:
            sizes[k:] = 0.0
            break
        along = beta * math.sqrt(norms_sq[k - 1]) + math.sqrt(1 - 1 / sizes[k])
        norms_sq[k] = along**2 + 1 / sizes[k]
    return norms_sq, sizes


def _trap(beta: float, averaging: str, norms_sq: Array, sizes: Array, fresh: bool) -> Trap:
    """Return the vectors that belong to the norms of the averages and the distances to x*."""
    count, weight = len(sizes), 1.0
    steps = 1 / norms_sq
    if averaging == "from_first":
        weight = 1 / (1 - beta)
        steps[0] *= weight
    points, gradients = np.zeros((2, count, count + 1 if fresh else 2))
    average = np.zeros(points.shape[1])
    points[0, 0] = math.sqrt(sizes[0])
    for k, size in enumerate(sizes):
        # The sizes are known; those of rounded points would spoil what cancels at the end.
        gradients[k] = points[k] / size
        side = math.sqrt(max(1 - 1 / size, 0.0))
        if fresh or k == 0:
            gradients[k, k + 1] = side
        else:
            gradients[k] += side * average / math.sqrt(norms_sq[k - 1])
        average = beta * average + gradients[k] if k else weight * gradients[k]
        if k + 1 < count:
            points[k + 1] = points[k] - steps[k] * average
    return Trap(points, gradients, steps[:-1], math.sqrt(sizes[0]))
