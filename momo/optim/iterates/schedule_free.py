# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Schedule-free averaging (Defazio et al. 2024, arXiv 2405.15682), for any step size."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from momo.core import iterates
from momo.core.step import Number
from momo.optim.iterates.base import Points, towards


@dataclass(frozen=True)
class ScheduleFree(iterates.ScheduleFree):
    """Gradients at ``y = (1-β) z + β x̄``, x̄ the average of the z's with weights ``τ^p``.

    The parameters are y while training, and x̄ after ``optimizer.eval()``.
    """

    def move(self, points: Points, x: Tensor, z_next: Tensor, follow: Number) -> Points:
        """Return ``y^{k+1}``, ``z^{k+1}`` and ``x̄^{k+1}``."""
        average = towards(points[1], z_next, follow)
        return self.between(z_next, average), z_next, average

    def between(self, base: Tensor, average: Tensor) -> Tensor:
        """Return ``y = z + β (x̄ - z)``."""
        return towards(base, average, self.beta)
