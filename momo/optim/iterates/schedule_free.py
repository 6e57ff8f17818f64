"""Schedule-free averaging (Defazio et al. 2024, arXiv 2405.15682), for any step size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.iterates.base import AVERAGE_POINT, BASE_POINT, Points


@dataclass(frozen=True)
class ScheduleFree:
    """Gradients at ``y = (1-β) z + β x̄``, x̄ the average of the z's with weights ``τ^p``.

    See `momo.reference.iterates.schedule_free`. The parameters are y while training, and x̄ after
    ``optimizer.eval()``.

    Attributes
    ----------
    beta
        β in [0, 1).
    power
        ``p >= 0``; 0: the uniform average.
    """

    beta: float
    power: float = 1.0
    points: ClassVar[tuple[str, ...]] = (BASE_POINT, AVERAGE_POINT)
    plain: ClassVar[bool] = False

    def share(self, total: Tensor, step_size: Tensor, steps: Tensor) -> tuple[Tensor, Tensor]:
        """Return c_k and ``Σ_j τ_j^p``."""
        weight = torch.ones_like(step_size) if self.power == 0 else step_size**self.power
        new = total + weight
        some = new >= torch.finfo(new.dtype).tiny
        none = torch.where(new > 0, 0.0, torch.ones_like(new))
        return torch.where(some, weight / new, none), new

    def move(self, points: Points, x: Tensor, z_next: Tensor, share: Tensor) -> Points:
        """Return ``y^{k+1}``, ``z^{k+1}`` and ``x̄^{k+1}``."""
        average = torch.addcmul(points[1], z_next - points[1], share)
        return self.between(z_next, average), z_next, average

    def between(self, base: Tensor, average: Tensor) -> Tensor:
        """Return ``y = z + β (x̄ - z)``."""
        return torch.add(base, average - base, alpha=self.beta)
