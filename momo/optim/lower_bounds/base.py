"""What a lower bound does around a step, and the numbers that it keeps between steps."""

from __future__ import annotations

from typing import ClassVar, Protocol

from torch import Tensor

from momo.optim.averaging import Decays
from momo.optim.model import Scalar

Memory = tuple[Tensor, ...]
"""The bound's numbers, 0-dim tensors, all 0 before the first sample."""


class LowerBound(Protocol):
    """How f_*^k is chosen."""

    numbers: ClassVar[tuple[str, ...]]
    """Which of the model's numbers it keeps (`momo.optim.state.NUMBERS`)."""
    takes_sample: ClassVar[bool]
    """Whether a step can bring a bound of its batch."""

    @property
    def shared(self) -> tuple[object, ...]:
        """What has to be the same in all groups."""

    def before(
        self,
        memory: Memory,
        sample: Scalar | None,
        decayed: Tensor,
        weight: Tensor,
        decays: Decays,
        steps: Tensor,
    ) -> tuple[Tensor, Memory]:
        """Return f_*^k and the memory that `after` gets.

        ``sample`` is the bound that came with the batch, ``decayed`` is ``c_k/(1+αλ)``,
        ``weight`` is ρ_k, and ``steps`` is k - 1.
        """

    def after(self, memory: Memory, value: Tensor, decrease: Tensor, weight: Tensor) -> Memory:
        """Return the memory for step k+1, given h_k, ``τ_k ||d_k||²_{D^{-1}}`` and ρ_k."""
