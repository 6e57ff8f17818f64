"""An average whose β changes from step to step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.averaging.base import Decays


@dataclass(frozen=True)
class Scheduled:
    """``β_k = schedule(k)``, ``a_1 = s_1``, ``ρ_k = 1`` (the paper allows any weights).

    The method's own β is not used. β may also be changed in ``param_groups`` from step to step.

    Attributes
    ----------
    schedule
        ``k -> β_k`` in [0, 1), for k = 2, 3, …: a 0-dim float64 tensor to one, of tensor functions
        that do not read it.
    """

    schedule: Callable[[Tensor], Tensor]
    two_rate: ClassVar[bool] = False

    def decays(self, beta: float, weight: Tensor, steps: Tensor) -> Decays:
        """Return β_k."""
        given = self.schedule((steps + 1).to(weight.dtype))
        decay = torch.where(weight > 0, given, torch.zeros_like(weight))
        return Decays(decay, decay)
