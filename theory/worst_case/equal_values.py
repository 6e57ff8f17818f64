"""The function on which all values are equal, of `theory.bounds.equal_values` (derived here).

Write ``x^j - x* = ε R_j``. With all ``f_k - f* = ε`` the step is ``R_j - R_{j+1} = w_j D_j/N_j``
(``D_j = d_j/(1-β)``, ``N_j = ||D_j||²``; ``w_j = 1``, but ``w_1 = 1/(1-β)`` from first). Nothing
is given away in the sum of squares if ``<D_j, R_{j+1}> = 0`` and ``g_K = R_K``: then
``||R_K|| = 1`` and ``||R_j||² = ||R_{j+1}||² + w_j²/N_j =: ρ_j``; and ``N_{j+1} = 1 + β² N_j`` if
``<D_j, D_{j+1}> = β N_j``. In terms of R, for all j,

    <R_j, R_{j+1}> = ρ_{j+1},      <R_j, R_{j+2}> = ρ_{j+2} - w_j β/N_{j+1}.

The other inner products are free, except that f has to be convex: ``<g_j, R_i> <= 1`` for all
i and j. We take those in which R_j depends on the later ones through R_{j+1} and R_{j+2} alone,

    R_j = (1+κ_j) R_{j+1} - κ_j (ρ_{j+1}/ρ_{j+2}) R_{j+2} + noise,    κ_j = w_j β,

noise orthogonal to all later R: the completion of largest determinant. From zero the noise has the
square ``(1 - 1/ρ_{j+2} + 1/(N_{j+1} ρ_{j+2}))/(N_j N_{j+1}) >= 0``. The convexity inequalities hold
for all K tried (500) up to β = 0.8, and up to some K beyond that; `Instance.violations` says so.
"""

from __future__ import annotations

import numpy as np

from theory import bounds
from theory.worst_case.instance import Instance
from theory.worst_case.setting import Setting


def equal_values(beta: float, iterations: int, averaging: str = "from_first") -> Instance:
    """Return the instance; whether it is one has to be checked, see `Instance.violations`.

    Parameters
    ----------
    beta, iterations, averaging
        As in `theory.worst_case.setting.Setting`.
    """
    setting = Setting(beta, iterations, averaging)
    first, count = averaging == "from_first", iterations
    value = float(bounds.equal_values(beta, iterations, averaging))
    weights = np.ones(count)
    norms = np.ones(count) * ((1 - beta) ** -2.0 if first else 1.0)
    if first:
        weights[0] = 1 / (1 - beta)
    for k in range(1, count):
        norms[k] = 1 + beta**2 * norms[k - 1]
    lengths = weights**2 / norms
    lengths[-1] = 1.0
    squares = np.cumsum(lengths[::-1])[::-1]
    rest = np.zeros((count, count))
    rest[-1, -1] = 1.0
    for j in range(count - 2, -1, -1):
        part, noise = rest[j + 1].copy(), lengths[j]
        if j + 2 < count:
            bend = weights[j] * beta
            ratio = squares[j + 1] / squares[j + 2]
            part += bend * (rest[j + 1] - ratio * rest[j + 2])
            noise -= bend**2 * ratio / norms[j + 1]
        rest[j] = part
        rest[j, j] += np.sqrt(max(noise, 0.0))
    directions = (rest[:-1] - rest[1:]) * (norms / weights)[:-1, None]
    gradients = np.vstack([directions, rest[-1]])
    gradients[1:-1] -= beta * directions[:-1]
    if first and count > 1:
        gradients[0] *= 1 - beta
    steps = value / ((1 - beta) * norms[:-1]) * weights[:-1]
    values = np.full(count, value)
    return Instance(setting, value * rest, gradients, values, steps, np.zeros(count))
