# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AMSGrad's preconditioner (Reddi, Kale and Kumar 2018, algorithm 2), with bias correction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from momo.optim.preconditioners.adam import AdamDiagonal, average_square_, over_root
from momo.optim.preconditioners.base import Memory, Rate, Shape


@dataclass(frozen=True)
class AmsGradDiagonal(AdamDiagonal):
    """``D_k = diag(ε + sqrt(v̂_k / (1 - β2^k)))``, ``v̂_k = max(v̂_{k-1}, v_k)``, v_k Adam's.

    The maximum is of the v that are not corrected, as in ``torch.optim.Adam(amsgrad=True)``; the
    source has no correction.
    """

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep v and v̂."""
        return {"grad_sq_avg": shape, "grad_sq_avg_max": shape}

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Average ``g∘g`` into v, and raise v̂ to it."""
        v = average_square_(memory[0], grad, keep, new)
        return v, torch.maximum(memory[1], v, out=memory[1])

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return ``d / (ε + sqrt(v̂/(1-β2^k)))``."""
        return over_root(d, memory[1], self.eps, weight)
