# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Schedule-free averaging (Defazio et al. 2024, arXiv 2405.15682), for any step size."""

from __future__ import annotations

from dataclasses import dataclass

from momo.core import iterates
from momo.reference.checks import Array
from momo.reference.iterates.base import Points


@dataclass(frozen=True)
class ScheduleFree(iterates.ScheduleFree):
    """Gradients at ``y = (1-β) z + β x̄``, ``x̄^{k+1} = (1-c_k) x̄^k + c_k z^{k+1}``.

    See `momo.core.iterates.ScheduleFree`, which has c_k. x̄ is the point to be evaluated.
    """

    def move(self, points: Points, x: Array, z_next: Array, follow: Array) -> tuple[Array, Points]:
        """Return ``y^{k+1}``, and ``(z^{k+1}, x̄^{k+1})``."""
        average = points[1] + follow * (z_next - points[1])
        return z_next + self.beta * (average - z_next), (z_next, average)
