# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaBelief's preconditioner (Zhuang et al. 2020, arXiv 2010.07468, algorithm 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from torch import Tensor

from momo.optim.preconditioners.adam import average_square_, over_root
from momo.optim.preconditioners.base import Memory, Rate, Shape


@dataclass(frozen=True)
class AdaBeliefDiagonal:
    """``D_k = diag(ε + sqrt(s_k / (1 - β2^k)))``, the spread of the gradients about d.

    ``s_k = β2 s_{k-1} + (1-β2) (g_k - d_k)∘(g_k - d_k) + ε``, d_k as the model sees it. The ε
    within s adds up to ``ε/(1-β2)``: it is to be much smaller than Adam's.
    """

    beta2: float = 0.999
    eps: float = 1e-16
    elementwise: ClassVar[bool] = True
    unit: ClassVar[bool] = False

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep s."""
        return {"surprise_sq_avg": shape}

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Average ``(g - d)∘(g - d)`` into s, and add ε: once or, where ``new`` is 0, not."""
        once = new / (1 - self.beta2)
        return (average_square_(memory[0], grad - d, keep, new).add_(self.eps * once),)

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return ``d / (ε + sqrt(s/(1-β2^k)))``."""
        return over_root(d, memory[0], self.eps, weight)
