"""DecSPS: steps that decrease."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Monotone:
    """``τ_k = (1/c_k) min{ζ_k, c_{k-1} τ_{k-1}}``, ``c_k = c sqrt(k)`` (DecSPS, arXiv 2205.04583).

    See `momo.reference.step_rules.monotone`.

    Attributes
    ----------
    scale
        ``c > 0``.
    """

    scale: float = 1.0

    def __call__(
        self, cap: Tensor, adaptive: Tensor, dual_norm_sq: Tensor, memory: Tensor, steps: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return τ_k, and keep ``c_k τ_k``."""
        last = torch.where(steps == 0, self.scale * cap, memory)
        smallest = torch.minimum(adaptive, last)
        root = (steps + 1).to(cap.dtype).sqrt()
        return torch.minimum(cap, smallest / (self.scale * root)), smallest
