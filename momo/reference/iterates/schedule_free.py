"""Schedule-free averaging (Defazio et al. 2024, arXiv 2405.15682), for any step size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from momo.reference.checks import Array
from momo.reference.iterates.base import Points
from momo.reference.model import safe_divide


@dataclass(frozen=True)
class ScheduleFree:
    """Gradients at ``y = (1-β) z + β x̄``, x̄ the weighted average of the z's.

    ``x̄^{k+1} = (1-c_k) x̄^k + c_k z^{k+1}``, ``c_k = τ_k^p / Σ_{j<=k} τ_j^p``; ``c = 1`` where the
    sum is 0. x̄ is the point to be evaluated. With Polyak's step size the weights of arXiv
    2511.07767 could not be confirmed; ``p = 1`` is the weighting under which its online-to-batch
    argument gives an average with weights τ.

    Attributes
    ----------
    beta
        β in [0, 1).
    power
        ``p >= 0``; 0: the uniform average.
    """

    beta: float
    power: float = 1.0

    def start(self, x: Array) -> Points:
        """Return ``z^1 = x̄^1 = y^1``."""
        return (x, x)

    def share(self, total: Array | None, step_size: Array, step: int) -> tuple[Array, Array | None]:
        """Return c_k and ``Σ_j τ_j^p``."""
        weight = np.ones_like(step_size) if self.power == 0 else step_size**self.power
        new = weight if total is None else total + weight
        return np.where(new > 0, safe_divide(weight, new), 1.0), new

    def move(self, points: Points, x: Array, z_next: Array, share: Array) -> tuple[Array, Points]:
        """Return ``y^{k+1}``, and ``(z^{k+1}, x̄^{k+1})``."""
        average = points[1] + share * (z_next - points[1])
        return z_next + self.beta * (average - z_next), (z_next, average)

    def evaluated(self, points: Points, x: Array) -> Array:
        """Return x̄."""
        return points[1]
