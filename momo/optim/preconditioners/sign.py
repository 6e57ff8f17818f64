# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The ℓ∞ norm: the direction is the sign (Signum, Bernstein et al. 2018; Lion, Chen et al. 2023).

See `momo.reference.preconditioners.sign`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor

from momo.optim.preconditioners.base import Memory, Rate, Shape


@dataclass(frozen=True)
class Sign:
    """``||x|| = max_i |x_i|``, so ``u(d) = sign(d)`` and ``<d, u(d)> = Σ_i |d_i|``."""

    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = True
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
        """Return ``sign(d)``, 0 where d is."""
        return d.sign()
