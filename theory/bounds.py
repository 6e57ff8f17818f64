"""Bounds on the worst case of K evaluations of MoMo: the paper's, and those derived here.

In units of G D (Lipschitz functions) or L D² (smooth ones), D = ||x^1 - x*||; f_* = f*, α = inf,
λ = 0, interpolation. β and K broadcast. ``from_zero`` stands for MoMo-Adam's average with a
frozen preconditioner P, where G is in P^{-1}'s norm and D in P's.

The rates of statements are in the ``bound.py`` of each theorem; here they are together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory import traps
from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.rate.bound import first_term, paper, two_ends

__all__ = [
    "construction",
    "equal_values",
    "first_term",
    "given_order_construction",
    "orthogonal",
    "paper",
    "sharp",
    "smooth",
    "two_ends",
    "upper",
]


def sharp(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return the bound for one function, about ``GD/√((1-β²)K)`` (derived here).

    ``GD/√A``, and GD where A < 1 or K = 1, with

        from zero    A = 1 + Σ_{k<K} (1-β²)/(1-β^{2k})
        from first   A = 2 + (1-β²)(K-2) - log((1+β)/(1-β)) - min{2β log 2, ψ},
                     ψ = β log(β/(1-β)²) - β + (1-β)², but 0 where β <= (1-β)².

    At β = 0 both are K. From zero it is attained where `theory.traps.one_function`, ``last = 1``,
    is one function, as was seen for β below 0.897 and every K tried; the semidefinite worst cases
    agree for all β.

    Proof (from zero; in units of G, and of the least δ_k = f_k - f*). Let ``D_k = d_k/(1-β)``,
    ``N_k = ||D_k||²``, ``δ_k = exp(ℓ_k)``, ``ℓ_k >= 0``.

    1. The Fejér steps, and ``δ_K <= G||x^K - x*||``: ``D² >= Σ_{k<K} δ_k²/N_k + 1``.
    2. Convexity: ``<g_{k+1}, D_k> <= N_k (1 - δ_{k+1}/δ_k)``, so that
       ``N_{k+1}/N_k <= 1/N_k + β² + 2β(1 - δ_{k+1}/δ_k)``.
    3. Let M_k solve ``M_{k+1} = 1 + β² M_k``, ``M_1 = 1``, ``c_k = M_{k+1}/M_k = β² + 1/M_k`` and
       ``E_k = log(N_k/M_k)``. By ``z - 1 >= log z`` for ``z = N_{k+1}/(c_k N_k)`` and for
       ``δ_{k+1}/δ_k``: ``1/N_k >= 1/M_k + c_k (E_{k+1} - E_k) + 2β(ℓ_{k+1} - ℓ_k)``.
    4. By ``exp z >= 1 + z``: ``δ_k²/N_k >= (1 + 2ℓ_k - E_k)/M_k``.
    5. Take λ_k parts of 3 and 1-λ_k of 4, ``λ_{K-1} = 0``, ``λ_{k-1} c_{k-1} = λ_k β² + 1/M_k``:
       E_2, …, E_{K-1} cancel, and ``E_1 <= 0`` has a negative factor. ``λ_k <= 1`` by induction,
       because c_k does not increase.
    6. The factor of ℓ_k is ``2β(λ_{k-1} - λ_k) + 2(1-λ_k)/M_k + 2λ_k/H_k``; the last term is what 3
       gives away, ``(δ_k² - 1)/N_k`` with ``N_k <= H_k = ((1-β^k)/(1-β))²``. It is affine in λ_k,
       positive at 0, and at 1 it is ``2(1/H_k - β^{2k-1}/M_k²) >= 0``, that is
       ``1 + β^k >= β^{k-1/2}(1+β)``. That of ℓ_1 is ``2 - 2βλ_1``.

    So ``Σ_{k<K} δ_k²/N_k >= Σ_{k<K} 1/M_k``. From first the same with ``M_k = 1/(1-β²)`` from k = 2
    on, where E_2 may be as large as ``log((1+β)/(1-β))``; the first term is ``q² = δ_1²/||g_1||²``,
    ``q >= 1``. What is left of ℓ_2, ``-2βℓ_2``, is paid by either: ``δ_2 <= δ_1 + q <= 2q`` gives
    ``q² - 2βℓ_2 >= q² - 2β log 2q >= 1 - 2β log 2``; or, with ``N_2 <= 1/(1-β)²``,
    ``(δ_2² - 1)/N_2 - 2βℓ_2 >= (δ_2² - 1)(1-β)² - β log δ_2² >= -ψ``.
    """
    b, k = np.broadcast_arrays(*averaged(beta, iterations))
    if averaging == "from_first":
        ratio = np.maximum(b / (1 - b) ** 2, 1.0)
        bonus = np.where(ratio > 1, b * np.log(ratio) - b + (1 - b) ** 2, 0.0)
        total = 2 + (1 - b**2) * (k - 2) - np.log((1 + b) / (1 - b))
        total = total - np.minimum(2 * np.log(2) * b, bonus)
        total = np.where(k == 1, 1.0, total)
    else:
        total = equal_values(b, k, averaging) ** -2
    return np.asarray(1 / np.sqrt(np.maximum(total, 1.0)))


def upper(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return the least of the bounds for one Lipschitz function."""
    any_order = np.minimum(paper(beta, iterations), two_ends(beta, iterations, averaging))
    return np.minimum(any_order, sharp(beta, iterations, averaging))


def equal_values(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return ``GD (1 + Σ_{k<K} 1/N_k)^{-1/2}``: what `theory.traps.one_function` leaves at best.

    N_k of `theory.traps.orthogonal_norms`, but 1 for the first from first. That is a lower bound on
    the worst case where the trap with ``last = 1`` is one function, see
    `theory.traps.one_function`. From zero it is `sharp`, an upper bound for all β and K; from first
    the worst cases found agree with it for β <= 1/2, and exceed it a little above (derived here).
    """
    total = np.vectorize(traps.decrease, otypes=[float])
    return np.asarray(1 / np.sqrt(1 + total(*averaged(beta, iterations), averaging)))


def smooth(beta: ArrayLike, iterations: ArrayLike) -> Array:
    """Return the bound on the best iterate of L-smooth functions, from first (derived here).

    The least of ``LD²/2`` and, for K >= 2, ``LD²/(7/2 + (1-β)(K-2))`` and, at β = 0,
    ``LD²/(2 + 3(K-1)/2)``. The Fejér steps of `theory.theorems.smooth.claim` leave

        3δ_1/2 + (1-β) Σ_{1<k<K} δ_k + 2δ_K  <=  LD²,

    where the first term has ``δ_1²/||g_1||² >= δ_1/(2L)`` added, as all have at β = 0, and the last
    is ``δ_K <= (L/2)||x^K-x*||²``: no step follows it.
    """
    b, k = np.broadcast_arrays(*averaged(beta, iterations))
    total = 3.5 + np.where(b == 0, 1.5, 1 - b) * (k - 2)
    return np.asarray(np.where(k == 1, 0.5, 1 / np.maximum(total, 2.0)))


def orthogonal(iterations: ArrayLike) -> Array:
    """Return ``GD/√K``: what ``max_i G x_i`` leaves to any method that moves along gradients seen.

    The value is 0 while a coordinate was never touched, and f* = ``-GD/√K`` (known). At β = 0 it is
    the worst case.
    """
    return np.asarray(1 / np.sqrt(averaged(0.0, iterations)[1]))


def construction(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return what `theory.traps.one_function` is proven to leave: a lower bound on the worst case.

    ``GD/√(rest + 1 + Σ_{2<=k<K} 1/M_k)`` with M of `theory.traps.orthogonal_norms` and ``rest`` of
    `theory.traps.rest`: from zero ``rest = 1/(1-√β)²``; from first the sum is at most
    ``(1-β²)(K-2)``, and ``rest = (1-β²)/(1-√β)²``. As K grows it is ``GD/√((1-β²)K)``, as
    `sharp` is (derived here).
    """
    b, k = averaged(beta, iterations)
    last = np.vectorize(traps.rest, otypes=[float])(b, averaging)
    return np.asarray(1 / np.sqrt(last - 1 + equal_values(b, k, averaging) ** -2))


def given_order_construction(
    beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first"
) -> Array:
    """Return what `theory.traps.own_functions` leaves, a function of its own for each step.

    As K grows it is ``GD/((1-β)√K)``: for functions in a given order the paper's factor cannot be
    improved (derived here).
    """
    distance = np.vectorize(lambda b, k: traps.own_functions(b, int(k), averaging).distance)
    return np.asarray(1 / distance(*averaged(beta, iterations)))
