# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""SOAP (Vyas et al. 2024, arXiv 2409.11321): Adam in the eigenbasis of Shampoo.

What differs from the source is said in `momo.reference.preconditioners.soap`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from momo.optim import arguments
from momo.optim.preconditioners.base import Memory, Rate, Shape
from momo.optim.preconditioners.matrices import (
    Pair,
    folded,
    from_bases,
    kept_sides,
    resolved,
    symmetric,
    to_bases,
    turned,
)
from momo.optim.reading import readable

SHIFT = 1e-2
"""δ of the shift ``δ min{tr L, max_i Σ_j |L_ij|}``."""


def orthogonal_iteration(moment: Tensor, basis: Tensor) -> Tensor:
    """Return the orthogonal factor of ``(L + δ l I) Q``, R's diagonal being positive.

    ``l = min{tr L, max_i Σ_j |L_ij|}`` is at least the largest eigenvalue. Where ``L = 0`` the
    factor is Q.
    """
    trace = moment.diagonal(dim1=-2, dim2=-1).sum(-1)
    largest = torch.minimum(trace, moment.abs().sum(-1).amax(-1))[..., None, None]
    shift = torch.where(largest > 0, SHIFT * largest, 1.0)
    q, r = torch.linalg.qr((moment @ basis).addcmul_(basis, shift))
    signs = torch.where(r.diagonal(dim1=-2, dim2=-1) < 0, -1.0, 1.0)
    return q * signs.to(q.dtype).unsqueeze(-2)


@dataclass(frozen=True)
class Soap:
    """``D = Q diag(max{a, φ max a}) Qᵀ``, ``a = ε + sqrt(v_k/(1-β2^k))``.

    v_k is the average of ``(Q_Lᵀ g Q_R)²``; L and R those of ``g gᵀ`` and ``gᵀ g``, with the same
    β2. At gradients 1, 1+F, 1+2F, … one step of orthogonal iteration moves Q_L and Q_R towards
    their eigenvectors. φ is `RESOLUTION`. Vectors have no bases: D is Adam's.

    Whether it is time is a number on the device, which must not be read there. So on the CPU the
    iteration is computed when it is time, elsewhere, and where the step is compiled, at each step,
    and kept when it is time. On one core it makes an update four times as long (0.1 s to 0.4 s for
    1024 rows and columns).

    Attributes
    ----------
    beta2, eps
        β2 and ε.
    frequency
        F.
    max_size
        A side of more than that many rows or columns keeps the identity as its basis.

    Raises
    ------
    ValueError, TypeError
        If an attribute is out of range.
    """

    beta2: float = 0.95
    eps: float = 1e-8
    frequency: int = 10
    max_size: int = 10000
    elementwise: ClassVar[bool] = False
    dear: ClassVar[bool] = True
    unit: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Check the attributes."""
        arguments.decay("beta2", self.beta2)
        arguments.positive("eps", self.eps)
        arguments.whole("frequency", self.frequency)
        arguments.whole("max_size", self.max_size)

    def seen(self, shape: Shape) -> Shape:
        """See matrices."""
        return folded(shape)

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep v, of each side moment and basis, and the age of the bases in gradients."""
        kept: dict[str, Shape] = {"grad_sq_avg": shape}
        sides = zip(("left", "right"), folded(shape), kept_sides(shape, self.max_size), strict=True)
        for side, size, wanted in sides:
            if wanted:
                kept |= {f"{side}_moment": (size, size), f"{side}_basis": (size, size)}
        # An axis of one, not a scalar: see `momo.optim.state.assign_`.
        return kept if len(kept) == 1 else {**kept, "basis_age": (1,)}

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        """Average ``g gᵀ`` and ``gᵀ g`` into L and R, refine the bases, average the squares."""
        kept = self._named(memory, grad)
        if "basis_age" in kept:
            self._refine(kept, grad, new)
        squares = kept["grad_sq_avg"]
        squares.lerp_(to_bases(grad, _bases(kept)).square().reshape(squares.shape), new)
        return tuple(kept.values())

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        """Return ``Q_L ((Q_Lᵀ d Q_R) / max{a, φ max a}) Q_Rᵀ``."""
        kept = self._named(memory, d)
        bases = _bases(kept)
        adam = kept["grad_sq_avg"].reshape(d.shape).sqrt().mul_(weight**-0.5).add_(self.eps)
        return from_bases(to_bases(d, bases) / resolved(adam, turned(bases)), bases)

    def _named(self, memory: Memory, x: Tensor) -> dict[str, Tensor]:
        # Vectors, which have no bases, are not told from matrices of one column by their shape.
        shape = tuple(x.shape[-2:]) if len(memory) > 1 else ()
        return dict(zip(self.memory(shape), memory, strict=True))

    def _refine(self, kept: dict[str, Tensor], g: Tensor, new: Rate) -> None:
        """Average into L and R, and refine the bases that are F gradients old, or 0: not there."""
        age = kept["basis_age"]
        due = age.remainder(self.frequency) == 0
        now = not readable(due) or bool(due.any())
        for side, one, other in (("left", g, g.mT), ("right", g.mT, g)):
            if f"{side}_basis" not in kept:
                continue
            moment, basis = kept[f"{side}_moment"], kept[f"{side}_basis"]
            moment.lerp_(symmetric(one, other), new)
            if now:
                start = torch.eye(basis.shape[-1], dtype=basis.dtype, device=basis.device)
                first = (age == 0).unsqueeze(-1)
                refined = orthogonal_iteration(moment, torch.where(first, start, basis))
                kept[f"{side}_basis"] = torch.where(due.unsqueeze(-1), refined, basis)
        kept["basis_age"] = age.remainder(self.frequency) + 1


def _bases(kept: dict[str, Tensor]) -> Pair:
    return kept.get("left_basis"), kept.get("right_basis")
