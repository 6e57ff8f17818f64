# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""No preconditioner: ``D = I`` (MoMo, SGD-M)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor

from momo.optim.preconditioners.base import Memory, Rate, Shape


@dataclass(frozen=True)
class Identity:
    """``D = I``: MoMo, SGD-M."""

    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False
    beta2: ClassVar[None] = None

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep nothing."""
        return {}

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Keep nothing."""
        return memory

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return d."""
        return d
