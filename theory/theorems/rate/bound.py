"""The bounds of the rates in numbers, in units of G D."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.rate.statement import (
    FIRST_TERM,
    FIRST_TERM_ZERO,
    RATE,
    TWO_ENDS,
    TWO_ENDS_ZERO,
)


def paper(beta: ArrayLike, iterations: ArrayLike) -> Array:
    """Return the paper's bound, ``min_k E[f(x^k) - f*] <= GD/((1-β)√K)``.

    Source: MoMo paper, the convergence theorem. For "from_zero" it is derived here.
    """
    b, k = averaged(beta, iterations)
    return RATE.bound(G=1, D=1, beta=b, K=k)


def first_term(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return the bound that keeps what the paper's proof gives away (derived here).

    From first, ``h_1 - f* = f_1 - f*`` without the factor 1-β: ``GD/sqrt(1 + (1-β)²(K-1))``. From
    zero, ``||d_k||/(1-β) <= G Σ_{j<k} β^j`` in mean square: ``GD/sqrt(Σ_k ((1-β)/(1-β^k))²)``.
    """
    b, k = averaged(beta, iterations)
    statement = FIRST_TERM if averaging == "from_first" else FIRST_TERM_ZERO
    return statement.bound(G=1, D=1, beta=b, K=k)


def two_ends(beta: ArrayLike, iterations: ArrayLike, averaging: str = "from_first") -> Array:
    """Return `first_term` with the last term kept, too (derived here).

    No step follows the last evaluation, where ``δ_K <= G||x^K - x*||`` without the factor 1-β. So
    ``δ_1²/G² + Σ_{1<k<K} δ_k²/N_k + δ_K²/G² <= D²`` with ``N_k <= (G/(1-β))²``: for K >= 2
    ``GD/sqrt(2 + (1-β)²(K-2))``, and from zero the last of the sum's terms is 1. In expectation,
    too. At K = 2 it is ``GD/√2`` for every β, which is attained. At K = 1 it is `first_term`.
    """
    b, k = np.broadcast_arrays(*averaged(beta, iterations))
    statement = TWO_ENDS if averaging == "from_first" else TWO_ENDS_ZERO
    bound = statement.bound(G=1, D=1, beta=b, K=np.maximum(k, 2))
    return np.asarray(np.where(k == 1, 1.0, bound))
