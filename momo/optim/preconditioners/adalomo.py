# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaLomo's preconditioner (Lv et al. 2023, arXiv 2310.10195): AdaFactor's, scaled by parameter.

Why these scales belong to a metric is said in `momo.reference.preconditioners.adalomo`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

import torch
from torch import Tensor

from momo.optim.preconditioners.base import Memory, Shape
from momo.optim.preconditioners.factored import Factored

SMALL = 2.0**-40
"""Times this, numbers up to 1e31 have squares in single precision, and those near 1 still do."""


@dataclass(frozen=True)
class AdaLomoDiagonal(Factored):
    """``D_k = diag(sqrt(v_k)) max{1, RMS(u_k)/d} / max{ε_2, RMS(x^k)}``, ``u_k = d_k/sqrt(v_k)``.

    v_k is that of `Factored`, and the root mean squares are those of the whole parameter.

    Attributes
    ----------
    exponent, eps
        As in `Factored`; ε is the source's ε_1.
    eps2
        ε_2 > 0, what the root mean square of a parameter counts as at least.
    clip_threshold
        d > 0, what that of u may be.
    """

    eps2: float = 1e-3
    clip_threshold: float = 1.0
    sees: ClassVar[tuple[str, ...]] = ("x",)

    def seen(self, shape: Shape) -> Shape:
        """See a batch of matrices, or a vector: so it is known which axes are the parameter's."""
        return (prod(shape),) if len(shape) < 2 else (prod(shape[:-2]), *shape[-2:])

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep R and C, or v, of what is seen."""
        return super().memory(self.seen(shape))

    def decay_scale(self, x: Tensor, shape: Shape) -> Tensor:
        """Return ``s = max{ε_2, RMS(x)}``, by which the decay of a parameter is multiplied.

        ``shape`` is the parameter's; x, and what is returned, may have an axis of a stack before.
        """
        return root_mean_square(x, len(shape)).clamp_(min=self.eps2)

    def direction(self, d: Tensor, memory: Memory, weight: Any, x: Tensor | None = None) -> Tensor:
        """Return ``u / max{1, RMS(u)/d} · max{ε_2, RMS(x)}``."""
        assert x is not None
        axes = 1 if len(memory) == 1 else 3
        u = super().direction(d, memory, weight)
        # What is far above d matters, and may have no square: 1e15 d where no gradient was seen.
        long = root_mean_square(u * SMALL, axes).div_(SMALL * self.clip_threshold).clamp_(min=1.0)
        scale = root_mean_square(x, axes).clamp_(min=self.eps2).div_(long)
        return u.mul_(scale)


def root_mean_square(a: Tensor, axes: int) -> Tensor:
    """Return ``RMS(a)`` over the last axes, which stay, as axes of 1; over none, ``|a|``."""
    if not axes:
        return a.abs()
    norm = torch.linalg.vector_norm(a, dim=tuple(range(-axes, 0)), keepdim=True)
    return norm.mul_(prod(a.shape[-axes:]) ** -0.5)
