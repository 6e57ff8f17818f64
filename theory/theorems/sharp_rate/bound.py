"""The sharp rate in numbers, in units of G D."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.sharp_rate.statement import SHARP_RATE, SHARP_RATE_ZERO


def sharp(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return the bound for one function, about ``GD/√((1-β²)K)`` (derived here).

    ``GD/√A``, and GD where A < 1 or K = 1, with

        from zero    A = 1 + Σ_{k<K} (1-β²)/(1-β^{2k})
        from first   A = 2 + (1-β²)(K-2) - log((1+β)/(1-β)) - min{2β log 2, ψ},
                     ψ = β log x - (x-1)(1-β)²,  x = max{1, β/(1-β)²}.

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
    ``(δ_2² - 1)/N_2 - 2βℓ_2 >= (δ_2² - 1)(1-β)² - β log δ_2² >= -ψ``. Where A < 1, or K = 1, the
    first point alone says more: ``δ_1 <= ||g_1|| D``.
    """
    b, k = np.broadcast_arrays(*averaged(beta, iterations))
    if averaging == "from_zero":
        return SHARP_RATE_ZERO.bound(G=1, D=1, beta=b, K=k)
    bound = np.ones_like(b)
    says = (k >= 2) & (SHARP_RATE.scope({"beta": b, "K": k}).A > 1)
    bound[says] = SHARP_RATE.bound(G=1, D=1, beta=b[says], K=k[says])
    return bound
