"""Bounds on the worst case of K evaluations of MoMo: the paper's, and those derived here.

In units of G D (Lipschitz functions) or L D² (smooth ones), D = ||x^1 - x*||; f_* = f*, α = inf,
λ = 0, interpolation. β and K broadcast. ``from_zero`` stands for MoMo-Adam's average with a
frozen preconditioner P, where G is in P^{-1}'s norm and D in P's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array


def _checked(beta: ArrayLike, iterations: ArrayLike) -> tuple[Array, Array]:
    b, k = np.asarray(beta, dtype=np.float64), np.asarray(iterations, dtype=np.float64)
    if not ((b >= 0) & (b < 1)).all():
        raise ValueError(f"beta = {beta!r}; allowed: 0 <= beta < 1")
    if not ((k >= 1) & (k == np.round(k))).all():
        raise ValueError(f"iterations = {iterations!r}; allowed: integers >= 1")
    return b, k


def paper(beta: ArrayLike, iterations: ArrayLike) -> Array:
    """Return the paper's bound, ``min_k E[f(x^k) - f*] <= GD/((1-β)√K)``.

    Source: MoMo paper, the convergence theorem. For "from_zero" it is derived here.
    """
    b, k = _checked(beta, iterations)
    return np.asarray(1 / ((1 - b) * np.sqrt(k)))


def first_term(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return the bound that keeps what the paper's proof gives away (derived here).

    From first, ``h_1 - f* = f_1 - f*`` without the factor 1-β: ``GD/sqrt(1 + (1-β)²(K-1))``. From
    zero, ``||d_k||/(1-β) <= G Σ_{j<k} β^j`` in mean square: ``GD/sqrt(Σ_k ((1-β)/(1-β^k))²)``.
    """
    b, k = _checked(beta, iterations)
    if averaging == "from_first":
        return np.asarray(1 / np.sqrt(1 + (1 - b) ** 2 * (k - 1)))
    b, k = np.broadcast_arrays(b, k)
    steps = np.arange(1, int(k.max(initial=1)) + 1)
    terms = ((1 - b[..., None]) / (1 - b[..., None] ** steps)) ** 2
    return np.asarray(1 / np.sqrt(np.sum(terms * (steps <= k[..., None]), axis=-1)))


def sharp(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return the bound for one function, ``GD/√u`` with ``u + β log u = A`` (derived here).

    From first ``A = 2 + (1-β²)(K-2) - 2 log(1/(1-β))`` for K >= 2, and the bound is GD for K = 1;
    from zero ``A = 1 + (1-β²)(K-1)``. At most GD. As K grows it is ``GD/√((1-β²)K)``.

    Proof, with ``D_k = d_k/(1-β)``, ``N_k = ||D_k||²``, ``δ_k = f_k - f*`` and the step
    ``x^{k+1} = x^k - δ_k D_k/N_k``: convexity gives ``δ_{k+1} <= δ_k(1 - <g_{k+1}, D_k>/N_k)``,
    hence ``N_{k+1}/N_k <= G²/N_k + β² + 2β(1 - δ_{k+1}/δ_k)``; ``x - 1 >= log x`` makes both sides
    telescope, ``(1-β²) + log(N_{k+1}/N_k) + 2β log(δ_{k+1}/δ_k) <= G²/N_k``, and
    ``Σ_k δ_k²/N_k <= D²`` ends it. Newton's method from ``u = 1``, where ``u + β log u``, which is
    concave and increasing, is below A: it ascends to the root.
    """
    b, k = np.broadcast_arrays(*_checked(beta, iterations))
    if averaging == "from_first":
        level = np.where(k == 1, 1.0, 2 + (1 - b**2) * (k - 2) + 2 * np.log1p(-b))
    else:
        level = 1 + (1 - b**2) * (k - 1)
    return np.asarray(_root(level, b) ** -0.5)


def _root(level: Array, beta: Array) -> Array:
    """Return the u with ``u + β log u = A``, at least 1."""
    level = np.maximum(level, 1.0)
    root = np.ones_like(level)
    for _ in range(60):
        root = root - (root + beta * np.log(root) - level) / (1 + beta / root)
    return root


def two_ends(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return `first_term` with the last term kept, too (derived here).

    No step follows the last evaluation, where ``δ_K <= G||x^K - x*||`` without the factor 1-β. So
    ``δ_1²/G² + Σ_{1<k<K} δ_k²/N_k + δ_K²/G² <= D²`` with ``N_k <= (G/(1-β))²``: for K >= 2
    ``GD/sqrt(2 + (1-β)²(K-2))``, and from zero the last of the sum's terms is 1. In expectation,
    too. At K = 2 it is ``GD/√2`` for every β, which is attained.
    """
    b, k = np.broadcast_arrays(*_checked(beta, iterations))
    before = first_term(b, np.maximum(k - 1, 1), averaging)
    return np.asarray(np.where(k == 1, 1.0, 1 / np.sqrt(before**-2 + 1)))


def sharp_two_ends(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return `sharp` with the last term kept: A is larger by β² (derived here).

    For K >= 3, or from zero K >= 2: the telescoped sum ends at K-1, and ``δ_K²/G²`` is added,
    which replaces ``1-β²`` by 1; ``δ_K >= ε`` does for the logarithm.
    """
    b, k = np.broadcast_arrays(*_checked(beta, iterations))
    if averaging == "from_first":
        level = 3 + (1 - b**2) * (k - 3) + 2 * np.log1p(-b)
        level = np.where(k == 2, 2.0, np.where(k == 1, 1.0, level))
        beta_used = np.where(k <= 2, 0.0, b)
    else:
        level = np.where(k == 1, 1.0, 2 + (1 - b**2) * (k - 2))
        beta_used = np.where(k == 1, 0.0, b)
    # More evaluations do not raise the least value: what holds at K = 2 holds from there on.
    return np.minimum(_root(level, beta_used) ** -0.5, np.where(k == 1, 1.0, 2**-0.5))


def linear(beta: ArrayLike, iterations: ArrayLike) -> Array:
    """Return a bound for one function, from first, without a logarithm of K (derived here).

    ``GD/√u``, ``u = 2 + (1-β²)(K-2) - log((1+β)/(1-β)) - ψ``, K >= 3, with
    ``ψ = β log(β/(1-β)²) - β + (1-β)²`` where ``β > (1-β)²``, else 0; at most ``GD/√2``.

    Proof: that of `equal_values` with ``n_k = 1/(1-β²)`` for all k >= 2, hence ``c_k = 1`` and
    ``θ_k = 1 - β^{2(K-1-k)}``, which decreases: the coefficients of l_3, l_4, … are not negative.
    Two terms are left. That of z_2 is at least ``-z_2 >= -log((1-β²)/(1-β)²)``, because
    ``||D_2|| <= G/(1-β)``. In that of l_2 keep ``θ_2 (δ_2²/ε² - 1)/N_2``, so that it is at least
    ``θ_2 ((e^{2l}-1)(1-β)² - 2βl) >= -ψ``.
    """
    b, k = np.broadcast_arrays(*_checked(beta, iterations))
    ratio = np.maximum(b / (1 - b) ** 2, 1.0)
    loss = np.where(ratio > 1, b * np.log(ratio) - b + (1 - b) ** 2, 0.0)
    total = 2 + (1 - b**2) * (k - 2) - np.log1p(b) + np.log1p(-b) - loss
    return np.asarray(np.where(k == 1, 1.0, np.maximum(total, 2.0) ** -0.5))


def upper(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return the least of the bounds for one Lipschitz function."""
    ends = two_ends(beta, iterations, averaging), sharp_two_ends(beta, iterations, averaging)
    best = np.minimum(paper(beta, iterations), np.minimum(*ends))
    if averaging == "from_zero":
        return np.minimum(best, equal_values(beta, iterations, averaging))
    return np.minimum(best, linear(beta, iterations))


def equal_values(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return what a function attains on which all values are equal (derived here).

    In the notation of `sharp`, ``δ_k = ε`` for all k allows ``N_{k+1} <= G² + β² N_k``, and with
    equality, and equality in the sum of `two_ends`,

        ε = GD (1 + Σ_{k<K} G²/N_k)^{-1/2}      from zero, N_1 = G²,
        ε = GD (2 + Σ_{1<k<K} G²/N_k)^{-1/2}    from first, K >= 2, N_1 = G²/(1-β)²,

    hence ``N_k = G²(1-β^{2k})/(1-β²)`` from zero. `theory.worst_case.equal_values` is the function,
    wherever its inequalities hold: then this is a lower bound on the worst case.

    From zero it is an upper bound, too, for every β and K, and so the exact worst case. From first
    the certified worst cases agree with it for β <= 1/2; with larger β they exceed it a little,
    with values that are not equal.

    Proof of the upper bound (G = D = 1). Let n_k be the N_k above, ``δ_k = ε e^{l_k}`` with
    ``l_k >= 0``, and ``N_k = n_k e^{z_k}``; ``z_1 <= 0``. In ``Σ_{k<K} δ_k²/N_k + δ_K² <= 1`` (see
    `two_ends`) put, with ``θ_k`` in [0, 1],

        e^{2l}/N_k >= θ_k (1/N_k + 2 l_k σ_k) + (1-θ_k)(1 + 2 l_k - z_k)/n_k,
        1/N_k >= 1/n_k + c_k (z_{k+1} - z_k) + 2β (l_{k+1} - l_k),    c_k = n_{k+1}/n_k,

    where ``σ_k = ((1-β)/(1-β^k))² <= 1/N_k``, and the second line is the inequality of the proof of
    `sharp` with ``e^x >= 1 + x``. Choose ``θ_{K-1} = 0`` and ``θ_{k-1} c_{k-1} = 1/n_k + β² θ_k``:
    the coefficients of z_2, … vanish, that of z_1 is negative, and θ_k stays in [0, 1] because n_k
    increases. That of l_k is twice ``(1-θ_k)/n_k + θ_k σ_k + β(θ_{k-1} - θ_k)``, linear in θ_k;
    it is not negative, because at θ_k = 1 this says ``σ_k n_k² = ((1+β^k)/(1+β))² >= β^{2k-1}``.
    The constant is ``1 + Σ_{k<K} 1/n_k``.
    """
    b, k = np.broadcast_arrays(*_checked(beta, iterations))
    first = averaging == "from_first"
    norm_sq = (1 - b) ** -2 if first else np.ones_like(b)
    total = np.ones_like(b)
    for index in range(1, int(k.max(initial=1))):
        total = total + np.where(k > index, 1.0 if first and index == 1 else 1 / norm_sq, 0.0)
        norm_sq = 1 + b**2 * norm_sq
    return np.asarray(total**-0.5)


def smooth(beta: ArrayLike, iterations: ArrayLike) -> Array:
    """Return the bound on the best iterate of L-smooth functions, from first (derived here).

    ``Σ_{k<=K} δ_k <= C + sqrt(C β δ_1/(1-β))`` with ``C = 2LD²/(1-β)²``, and
    ``δ_1 <= LD²/2``, hence ``min_k δ_k <= (2/(1-β)² + sqrt(β/(1-β)³))/K``; and at most 1/2.
    """
    b, k = _checked(beta, iterations)
    return np.minimum((2 / (1 - b) ** 2 + np.sqrt(b / (1 - b) ** 3)) / k, 0.5)


def orthogonal(iterations: ArrayLike) -> Array:
    """Return ``GD/√K``: what ``max_i G x_i`` leaves to any method that moves along gradients seen.

    The value is 0 while a coordinate was never touched, and f* = ``-GD/√K`` (known). At β = 0 it is
    the worst case.
    """
    return np.asarray(1 / np.sqrt(_checked(0.0, iterations)[1]))


def construction(beta: ArrayLike, iterations: ArrayLike) -> Array:
    """Return the value that `theory.worst_case.construction` attains with one function.

    ``δ = D sqrt(N/Q)``, ``N = G²/(1-β²)``, ``Q <= K + C_β``: a lower bound on the worst case that
    is asymptotically equal to `sharp` (derived here).
    """
    b, k = np.broadcast_arrays(*_checked(beta, iterations))
    decay = np.sqrt(b)
    return np.asarray(np.sqrt(1 / (1 - b**2) / squared_length(b, k, decay)))


def given_order_construction(beta: ArrayLike, iterations: ArrayLike) -> Array:
    """Return the best value over p that the construction attains with functions in a given order.

    ``δ = D sqrt(N/Q)``, ``N = G²/(1+β²-2βp²)``, p in [√β, 1): it shows that the paper's factor
    1/(1-β) cannot be improved for functions in a given order (derived here).
    """
    b, k = np.broadcast_arrays(*_checked(beta, iterations))
    return np.asarray(_given_order(b[..., None], k[..., None]).max(axis=-1))


def best_decay(beta: float, iterations: int) -> float:
    """Return the p at which `given_order_construction` is attained."""
    b, k = _checked(beta, iterations)
    values = _given_order(b[..., None], k[..., None])
    return float(_decays(b[..., None], k[..., None])[int(np.argmax(values))])


def _decays(beta: Array, iterations: Array, count: int = 400) -> Array:
    """Return values of p: 1-p from 1-√β down to at most a hundredth of 1/K, geometrically."""
    widest = 1 - np.sqrt(beta)
    least = np.minimum(widest, 0.01 / iterations)
    return np.asarray(1 - widest * (least / widest) ** np.linspace(0, 1, count))


def _given_order(beta: Array, iterations: Array) -> Array:
    decay = _decays(beta, iterations)
    norm_sq = 1 / (1 + beta**2 - 2 * beta * decay**2)
    return np.asarray(np.sqrt(norm_sq / squared_length(beta, iterations, decay)))


def horizon(iterations: ArrayLike, decay: ArrayLike) -> Array:
    """Return ``L = K - 1 + ceil(1/(1-p))``: how many directions the construction has."""
    # 1/(1-p) is an integer for many p; rounding must not lift it to the next one.
    rest = np.ceil(1 / (1 - np.asarray(decay)) - 1e-9)
    return np.asarray(np.asarray(iterations) - 1 + rest)


def squared_length(beta: Array, iterations: Array, decay: Array) -> Array:
    """Return ``Q = ||Σ_{l<=L} w_l D_l||²/N``, ``w_1 = 1/(1-β)``, the other w_l 1 (derived here).

    ``<D_i, D_j> = N c(|i-j|)``, ``c(m) = (1-(1-p)m) p^m``, and ``Σ_{m=1}^n c(m) = n p^{n+1}`` give
    ``Q = 1/(1-β)² + 2/(1-β) · (L-1)p^L + (L-1) + 2 Σ_{n=1}^{L-2} n p^{n+1}``.
    """
    length = horizon(iterations, decay)
    n = np.maximum(length - 2, 0)
    # Σ_{m<=n} m p^{m+1} in closed form, which is accurate where 1-p is not too small.
    series = decay**2 * (1 - (n + 1) * decay**n + n * decay ** (n + 1)) / (1 - decay) ** 2
    ends = 1 / (1 - beta) ** 2 + 2 / (1 - beta) * (length - 1) * decay**length
    return np.asarray(ends + (length - 1) + 2 * series)
