"""A running weighted mean of the estimates of the bound, with reset.

See `momo.reference.lower_bounds.running_mean`, which says where it comes from (derived here).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.averaging import Decays
from momo.optim.lower_bounds.base import Memory
from momo.optim.lower_bounds.online import at_least, reset
from momo.optim.model import Scalar


@dataclass(frozen=True)
class RunningMean:
    """``f_*^{k+1} = max{ Σ_j w_j (h_j - ½ w_j) / Σ_j w_j ρ_j, lb }``, ``w_j = τ_j ||d_j||²``.

    Lowered as the online bound where it lies above the model; the sums start anew where it lies
    above h_k.
    """

    lb: Scalar
    numbers: ClassVar[tuple[str, ...]] = ("lower_bound", "bound_sum", "bound_weight")
    takes_sample: ClassVar[bool] = False

    @property
    def shared(self) -> tuple[object, ...]:
        """The floor."""
        return ("running mean", self.lb)

    def before(
        self,
        memory: Memory,
        sample: Scalar | None,
        decayed: Tensor,
        weight: Tensor,
        decays: Decays,
        steps: Tensor,
    ) -> tuple[Tensor, Memory]:
        """Return f_*^k after the reset; the base optimizer refuses a ``sample``."""
        kept = torch.where(steps == 0, self.lb, memory[0])
        return reset(kept, decayed, weight, self.lb), (kept, *memory[1:])

    def after(self, memory: Memory, value: Tensor, decrease: Tensor, weight: Tensor) -> Memory:
        """Return f_*^{k+1} and the sums."""
        bound, total, mass = memory
        keep = value >= weight * bound
        total = torch.where(keep, total, 0.0) + decrease * (value - decrease / 2)
        mass = torch.where(keep, mass, 0.0) + decrease * weight
        # The reference's `safe_divide`: a mass below the smallest normal number is none.
        some = mass >= torch.finfo(mass.dtype).tiny
        mean = torch.where(some, total / mass, 0.0)
        return torch.where(mass > 0, at_least(mean, self.lb), bound), total, mass
