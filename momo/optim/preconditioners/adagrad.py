# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaGrad's preconditioner (Duchi, Hazan and Singer 2011, diagonal form)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor

from momo.optim.preconditioners.adam import over_root
from momo.optim.preconditioners.base import Memory, Rate, Shape


@dataclass(frozen=True)
class AdaGradDiagonal:
    """``D_k = diag(ε + sqrt(Σ_{j<=k} g_j∘g_j))``: never decreasing.

    ε is 1e-10 in ``torch.optim.Adagrad``, which this is without decay of the rate and with an
    empty start.
    """

    eps: float = 1e-10
    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False
    beta2: ClassVar[None] = None

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep the sum of squares."""
        return {"grad_sq_sum": shape}

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Add ``g∘g``, which is 0 where nothing must change."""
        return (memory[0].addcmul_(grad, grad),)

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return ``d / (ε + sqrt(Σ g∘g))``."""
        return over_root(d, memory[0], self.eps)
