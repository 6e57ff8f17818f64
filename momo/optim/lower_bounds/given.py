"""A bound that is constant (paper), or comes with each batch, such as a teacher's loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from momo.optim.averaging import Decays, average
from momo.optim.lower_bounds.base import Memory
from momo.optim.model import Scalar


@dataclass(frozen=True)
class Given:
    """``f_*^k = lb``, or per batch: ``ρ_k f_*^k = Σ_j ρ_{j,k} ℓ_j``, averaged like the losses.

    A step that brings no ℓ_k counts with lb. What is kept is the average of ``ℓ_j - lb``, so that
    a constant bound is exact and a change of lb takes effect at once.
    """

    lb: Scalar
    numbers: ClassVar[tuple[str, ...]] = ("lower_bound",)
    takes_sample: ClassVar[bool] = True

    @property
    def shared(self) -> tuple[object, ...]:
        """The bound."""
        return ("constant", self.lb)

    def before(
        self,
        memory: Memory,
        sample: Scalar | None,
        decayed: Tensor,
        weight: Tensor,
        decays: Decays,
        steps: Tensor,
    ) -> tuple[Tensor, Memory]:
        """Average ℓ_k in, and return the average over ρ_k."""
        excess = 0.0 if sample is None else sample - self.lb
        shown, kept = (average(memory[0], excess, decay) for decay in decays)
        return self.lb + shown / weight, (kept,)

    def after(self, memory: Memory, value: Tensor, decrease: Tensor, weight: Tensor) -> Memory:
        """Keep the average."""
        return memory
