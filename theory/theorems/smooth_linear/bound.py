"""The bound on the least value of smooth functions in numbers, in units of L D²."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.problems.base import Array
from theory.quantities import averaged
from theory.theorems.smooth_linear.statement import LEAST


def smooth(beta: ArrayLike, iterations: ArrayLike) -> Array:
    """Return the bound on the best iterate of L-smooth functions, from first (derived here).

    For K >= 2 ``LD²/(7/2 + (1-β)(K-2))``: the Fejér steps of `theory.theorems.smooth_linear` leave

        3δ_1/2 + (1-β) Σ_{1<k<K} δ_k + 2δ_K  <=  LD²,

    where the first term has ``δ_1²/||g_1||² >= δ_1/(2L)`` added, and the last is
    ``δ_K <= (L/2)||x^K-x*||²``: no step follows it. At K = 1 that alone is ``LD²/2``; at β = 0 all
    terms have as much added as the first, so that it is ``LD²/(2 + 3(K-1)/2)``.
    """
    b, k = np.broadcast_arrays(*averaged(beta, iterations))
    bound = LEAST.bound(L=1, D=1, beta=b, K=np.maximum(k, 2))
    without = 1 / (2 + 3 * (k - 1) / 2)
    return np.asarray(np.where((b == 0) | (k == 1), without, bound))
