"""The function on which MoMo with momentum β is as slow as the sharp rate allows, for large K."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from theory.problems.arguments import finite, positive, whole
from theory.problems.base import Array
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


def correlations(length: int, p: float) -> Array:
    """Return ``c(m) = (1 - (1-p) m) p^m``, m = 0 … length-1 (derived here)."""
    m = np.arange(length)
    return np.asarray((1 - (1 - p) * m) * p**m)


def horizon(iterations: int, p: float) -> int:
    """Return ``L = K - 1 + ceil(1/(1-p))``: c is not positive from there on."""
    # p is a rounded root: without the margin 1/(1-p) = 2 might become 3.
    return iterations - 1 + math.ceil(1 / (1 - p) - 1e-9)


def spread(beta: float, iterations: int, p: float) -> float:
    """Return Q, by which ``||x^1 - x*||² = (δ²/N) Q`` (derived here).

    ``Q = 1/(1-β)² + 2(L-1) p^L/(1-β) + L - 1 + 2 Σ_{n=1}^{L-2} n p^{n+1}``, the square of
    ``Σ_{l<=L} w_l D_l`` over N, with ``w_1 = 1/(1-β)`` and ``w_l = 1``: the partial sums of c are
    ``Σ_{m=1}^n c(m) = n p^{n+1}``.
    """
    length = horizon(iterations, p)
    n = np.arange(1, max(length - 1, 1))
    inside = length - 1 + 2 * float(np.sum(n * p ** (n + 1.0)))
    return 1 / (1 - beta) ** 2 + 2 * (length - 1) * p**length / (1 - beta) + inside


def aggregates(length: int, p: float) -> Array:
    """Return vectors ``D_l / √N`` whose inner products are ``c(|i-j|)``, shape (L, L).

    The Toeplitz matrix of c is positive definite: with p < 1 its spectrum times
    ``|1 - p e^{iω}|⁴`` is ``(1-p)[(1+p)(1+p²) + 4p² - 2p(2+p+p²) cos ω] >= (1-p)⁴``.
    """
    lags = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    return np.asarray(np.linalg.cholesky(correlations(length, p)[lags]))


def momentum_trap(
    beta: float = 0.9,
    iterations: int = 100,
    gradient: float = 1.0,
    distance: float = 1.0,
    shift: float = 0.0,
) -> MomentumTrap:
    """Return a convex, G-Lipschitz f on which MoMo, uncapped, keeps ``f(x^k) - f* = δ`` for k <= K.

    ``δ = GD / sqrt((1-β²) Q)`` with Q of `spread`: at most K plus a constant that depends on β, so
    that δ is GD/√((1-β²)K) up to a factor that tends to one; at β = 0 it is GD/√K (derived here).

    Construction. Let ``N = G²/(1-β²)``, ``p = √β``, and D_1, …, D_L be vectors with
    ``<D_i, D_j> = N c(|i-j|)``, c of `correlations`, L of `horizon`. They are what MoMo's average
    will be, ``d_k = (1-β) D_k``, if the gradients are ``g_1 = (1-β) D_1``,
    ``g_k = D_k - β D_{k-1}``. As ``c(1) = β``, ``||g_k||² = N(1 + β² - 2βc(1)) = G²`` for k >= 2,
    and ``||g_1||² = G²(1-β)/(1+β)``. With ``f_k - f* = δ`` at every step the landing identity gives
    ``x^{k+1} = x^k - (δ/N) w_k D_k``, ``w_1 = 1/(1-β)``, ``w_k = 1``. The function is

        f(x) = max(f*, max_{k<=K} f* + δ + <g_k, x - x^k>),    x* = x^1 - (δ/N) Σ_{l<=L} w_l D_l.

    Then ``f(x^k) = f* + δ`` with subgradient g_k, and ``f(x*) = f*``, because

    * later pieces: for l < j, ``<g_j, D_l> = N (c(j-l) - βc(j-l-1)) <= 0``, so ``<g_j, x^i - x^j>
      <= 0`` for i < j. Proof: ``c(m) - βc(m-1) = -p^m (1-p)² (m-1)`` for β = p²;
    * earlier pieces: ``<g_j, x^j - x^i> >= 0`` for i > j, and x*: ``<g_j, x^j - x*> >= δ``. Both
      follow from ``Σ_{l=j}^{i} <g_j, D_l> = N (1 + (1-β) M p^{M+1} - βc(M+1))``, M = i - j, for
      j >= 2: this is positive, and at least N once ``c(M+1) <= 0``, that is for
      ``M + 1 >= 1/(1-p)``. For j = 1 the sum with weights is ``N (1 + (1-β) M p^{M+1})``.

    Two pieces are equally large at x^k, the k-th and the next: the oracle returns the first.

    Parameters
    ----------
    beta
        β in [0, 1).
    iterations
        K.
    gradient, distance
        G, and ``||x^1 - x*||`` for this x*; the nearest minimiser may be a little nearer.
    shift
        f at the start, and until iteration K.
    """
    whole(1, iterations=iterations)
    positive(gradient=gradient, distance=distance)
    finite(shift=shift)
    if not 0 <= beta < 1:
        raise ValueError(f"beta = {beta!r}; allowed: 0 <= beta < 1")
    p, scale = math.sqrt(beta), gradient / math.sqrt(1 - beta**2)
    excess = gradient * distance / math.sqrt((1 - beta**2) * spread(beta, iterations, p))
    averages = scale * aggregates(horizon(iterations, p), p)[:iterations]
    slopes = averages.copy()
    slopes[0] *= 1 - beta
    slopes[1:] -= beta * averages[:-1]
    moves = averages / scale**2
    moves[0] /= 1 - beta
    points = np.zeros_like(slopes)
    points[1:] = -excess * np.cumsum(moves, axis=0)[:-1]
    return MomentumTrap(
        name="momentum_trap",
        slopes=slopes,
        offsets=shift - np.vecdot(slopes, points),
        level=shift - excess,
        start=np.zeros(slopes.shape[1]),
        beta=beta,
        iterations=iterations,
        distance=distance,
        excess=excess,
    )
