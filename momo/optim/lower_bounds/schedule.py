"""A bound that is given for every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.averaging import Decays
from momo.optim.lower_bounds.base import Memory
from momo.optim.model import Scalar


@dataclass(frozen=True)
class Schedule:
    """``f_*^k = schedule(k)``, k counted from 1 (derived here).

    Attributes
    ----------
    schedule
        From a 0-dim float64 tensor to one, of tensor functions that do not read it.
    """

    schedule: Callable[[Tensor], Tensor]
    numbers: ClassVar[tuple[str, ...]] = ()
    takes_sample: ClassVar[bool] = False

    @property
    def shared(self) -> tuple[object, ...]:
        """The schedule."""
        return ("scheduled", self.schedule)

    def before(
        self,
        memory: Memory,
        sample: Scalar | None,
        decayed: Tensor,
        weight: Tensor,
        decays: Decays,
        steps: Tensor,
    ) -> tuple[Tensor, Memory]:
        """Return f_*^k; the base optimizer refuses a ``sample``."""
        bound = self.schedule((steps + 1).to(weight.dtype))
        return torch.as_tensor(bound, dtype=weight.dtype, device=weight.device), memory

    def after(self, memory: Memory, value: Tensor, decrease: Tensor, weight: Tensor) -> Memory:
        """Keep nothing."""
        return memory
