"""The function on which MoMo with momentum β is as slow as the sharp rate allows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from theory import bounds
from theory.problems.arguments import finite, positive, whole
from theory.problems.base import Array, gamma
from theory.problems.piecewise_linear import PiecewiseLinear


@dataclass(frozen=True, eq=False)
class MomentumTrap(PiecewiseLinear):
    """The function of `momentum_trap`, which knows for which β and K it was made.

    Attributes
    ----------
    beta, iterations
        β and K.
    distance
        D, an upper bound on the distance from the start to the nearest minimiser.
    excess
        ``f(x^k) - f*`` for all k <= K, where MoMo with this β runs without a cap.
    """

    beta: float = 0.0
    iterations: int = 1
    distance: float = 1.0
    excess: float = 0.0


@dataclass(frozen=True)
class Trap:
    """A trajectory on which no step lowers the value, in units of G = δ = 1 (derived here).

    Attributes
    ----------
    to_solution
        ``y_k = x^k - x*``, shape (K, n).
    gradients
        g_k, shape (K, n).
    distance
        ``||y_1||``.
    """

    to_solution: Array
    gradients: Array
    distance: float


def trap(beta: float, iterations: int, averaging: str, rest: float | None = None) -> Trap:
    """Return K points and gradients of one function whose value is δ above f* at all of them.

    With D_k the average over 1-β, ``N_k = ||D_k||²``, a step is ``y_{k+1} = y_k - s_k δ D_k/N_k``,
    where ``s_k = 1``, but ``s_1 = 1/(1-β)`` from first. The gradients are

        g_k = δ y_k/||y_k||² + v_k,     v_k orthogonal to y_1 and to all v_j, j < k.

    Hence ``<g_k, y_k> = δ``, and ``<D_k, y_k> = s_k δ``, so that a step ends with
    ``<D_k, y_{k+1}> = 0``; then ``<g_{k+1}, D_k> = 0``, ``N_{k+1} = G² + β² N_k``, and the Fejér
    step is an equality, ``||y_{k+1}||² = ||y_k||² - s_k² δ²/N_k``. So the length of y_1 determines
    those of all others, and of v_k: ``||v_k||² = G² - δ²/||y_k||²``.

    The function. ``f(x) = max(f*, max_j f* + δ + <g_j, x - x^j>)`` has the value f* at x*, as
    ``<g_j, y_j> = δ``, and the value ``f* + δ`` at every x^i if ``<g_j, y_i> <= δ`` for all i, j.

    * i > j: ``B_l = δ - <g_j, y_l>`` and ``e_l = <g_j, D_l>`` obey
      ``B_{l+1} = B_l + (s_l δ/N_l) e_l`` and ``e_l >= β e_{l-1} - δ B_l/||y_l||²``, from
      ``B_j = 0`` and ``e_j > 0``.
    * i < j: ``<g_j, y_i> = δ <y_j, y_i>/||y_j||²`` is at most δ if ``A_j = -<D_l, y_j> >= 0`` for
      all l < j, and A, with ``<D_l, D_j>`` for e, obeys the same recursion, from 0 and ``β N_l``.

    Lemma: such a sequence stays non-negative if every t_l is less than 1, where

        t_l = β t_{l-1} N_{l-1}/(N_l (1-t_{l-1})) + δ²/(N_l ||y_l||²),    t_0 = 0.

    Proof: ``e_l >= -t_l N_l B_l/δ`` by induction, and so ``B_{l+1} >= (1-t_l) B_l``. Where N_l does
    not decrease it is enough that ``δ²/(N_l ||y_l||²) <= (1-√β)²``: then ``t_l <= 1-√β``.

    That is what ``rest``, ``||y_K||²/δ²``, is for. The condition is sufficient, not necessary: for
    β below 0.897 ``rest = 1`` was seen to do for every K tried.

    Parameters
    ----------
    beta, iterations
        β and K.
    averaging
        "from_first" (MoMo) or "from_zero" (MoMo-Adam with a frozen metric).
    rest
        ``||y_K||²/δ²``, at least 1; default: `theory.bounds.rest`.
    """
    least = bounds.rest(beta, iterations, averaging) if rest is None else rest
    later = bounds.decreases(beta, iterations, averaging)
    sizes = least + np.append(np.cumsum(later[::-1])[::-1], 0.0)
    moves = 1 / bounds.average_norms_sq(beta, iterations, averaging)
    weight = 1.0
    if averaging == "from_first":
        weight = 1 / (1 - beta)
        moves[0] *= weight

    points, gradients = np.zeros((2, iterations, iterations + 1))
    average = np.zeros(iterations + 1)
    points[0, 0] = math.sqrt(sizes[0])
    for k in range(iterations):
        # The sizes are known; those of rounded points would spoil what cancels at the end.
        gradients[k] = points[k] / sizes[k]
        gradients[k, k + 1] = math.sqrt(max(1 - 1 / sizes[k], 0.0))
        average = beta * average + gradients[k] if k else weight * gradients[k]
        if k + 1 < iterations:
            points[k + 1] = points[k] - moves[k] * average
    return Trap(points, gradients, math.sqrt(sizes[0]))


def momentum_trap(
    beta: float = 0.9,
    iterations: int = 100,
    gradient: float = 1.0,
    distance: float = 1.0,
    shift: float = 0.0,
) -> MomentumTrap:
    """Return a convex, G-Lipschitz f on which MoMo, uncapped, keeps ``f(x^k) - f* = δ`` for k <= K.

    δ is `theory.bounds.construction`: GD/√((1-β²)K) up to a factor that tends to one, and GD/√K at
    β = 0 (derived here, in `trap`). At x^k the k-th piece and the next are equally large: the
    oracle returns the first.

    Parameters
    ----------
    beta
        β in [0, 1).
    iterations
        K.
    gradient, distance
        G, and ``||x^1 - x*||`` for the x* of the construction, a minimiser; another may be nearer.
    shift
        f at the start, and until iteration K.
    """
    whole(1, iterations=iterations)
    positive(gradient=gradient, distance=distance)
    finite(shift=shift)
    if not 0 <= beta < 1:
        raise ValueError(f"beta = {beta!r}; allowed: 0 <= beta < 1")
    made = trap(beta, iterations, "from_first")
    excess = gradient * distance / made.distance
    slopes = gradient * made.gradients
    points = distance / made.distance * (made.to_solution - made.to_solution[0])
    return MomentumTrap(
        name="momentum_trap",
        slopes=slopes,
        offsets=shift - np.vecdot(slopes, points),
        level=shift - excess,
        start=np.zeros(slopes.shape[1]),
        tie=gamma(8 * iterations) * gradient * distance,
        beta=beta,
        iterations=iterations,
        distance=distance,
        excess=excess,
    )
