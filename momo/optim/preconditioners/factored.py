# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaFactor's preconditioner: the second moment of a matrix, kept as its rows' and columns' means.

Shazeer and Stern 2018 (arXiv 1804.04235, algorithms 4 and 5), without the relative step and the
limit on the direction, which AdaLomo's has (`momo.optim.preconditioners.adalomo`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from momo.optim.preconditioners.base import Memory, Rate, Shape


@dataclass(frozen=True)
class Factored:
    """``D_k = diag(sqrt(v_k))``, ``v_k = R_k C_k / mean(R_k)``: rows + columns numbers a matrix.

    R and C average the rows' and columns' means of ``g∘g + ε`` with ``β2_k = 1 - k^{-c}``, k the
    number of gradients. The last two axes of a parameter are the matrix, those before are a batch;
    vectors and numbers keep v itself.

    Attributes
    ----------
    exponent
        c > 0.
    eps
        ε > 0, the source's ε_1.
    """

    exponent: float = 0.8
    eps: float = 1e-30
    elementwise: ClassVar[bool] = False
    dear: ClassVar[bool] = False
    unit: ClassVar[bool] = False
    beta2: ClassVar[None] = None

    def seen(self, shape: Shape) -> Shape:
        """See parameters as they are."""
        return shape

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep R and C, or v."""
        if len(shape) < 2:
            return {"grad_sq_avg": shape}
        return {"grad_sq_rows": shape[:-1], "grad_sq_columns": (*shape[:-2], shape[-1])}

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Average the means of ``g∘g + ε`` into R and C."""
        rate, sample = new * weight**-self.exponent, (grad * grad).add_(self.eps)
        if len(memory) == 1:
            return (memory[0].lerp_(sample, rate),)
        rate = rate[..., 0] if isinstance(rate, Tensor) and rate.dim() else rate
        rows, columns = memory
        return rows.lerp_(sample.mean(-1), rate), columns.lerp_(sample.mean(-2), rate)

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return ``d / sqrt(v)``.

        The root is that of each factor: in float32 the product of two small ones would be 0. The
        clamps matter before the first gradient, when all is 0, and where nothing but ε was seen.
        """
        tiny = torch.finfo(d.dtype).tiny
        if len(memory) == 1:
            return d / memory[0].clamp(min=tiny).sqrt_()
        rows, columns = memory
        relative = rows / rows.mean(-1, keepdim=True).clamp_(min=tiny)
        by_rows = relative.clamp_(min=tiny).rsqrt_().unsqueeze(-1)
        by_columns = columns.clamp(min=tiny).rsqrt_().unsqueeze(-2)
        return (d * by_rows).mul_(by_columns)
