"""SOAP (Vyas et al. 2024, arXiv 2409.11321): Adam in the eigenbasis of Shampoo.

What differs from the source is said in `momo.reference.preconditioners.soap`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim import arguments
from momo.optim.blocks import Block
from momo.optim.preconditioners.base import Shape
from momo.optim.preconditioners.matrices import (
    Pair,
    as_matrix,
    average,
    check_whole,
    folded,
    from_bases,
    kept_sides,
    to_bases,
)

SHIFT = 1e-3
"""δ of the shift ``δ tr(L)/m``."""


def orthogonal_iteration(moment: Tensor, basis: Tensor) -> Tensor:
    """Return the orthogonal factor of ``(L + δ tr(L)/m I) Q``, R's diagonal being positive.

    Where ``L = 0`` it is Q.
    """
    trace = moment.trace()
    shift = torch.where(trace > 0, SHIFT / moment.shape[0] * trace, 1.0)
    q, r = torch.linalg.qr(torch.addmm(shift * basis, moment, basis))
    return q * torch.where(r.diagonal() < 0, -1.0, 1.0).to(q.dtype)


@dataclass(frozen=True)
class Soap:
    """``D = Q diag(ε + sqrt(v_k/(1-β2^k))) Qᵀ``, v_k the average of ``(Q_Lᵀ g Q_R)²``.

    L and R are averages of ``g gᵀ`` and ``gᵀ g`` with the same β2. At gradients 1, 1+F, 1+2F, … one
    step of orthogonal iteration moves Q_L and Q_R towards their eigenvectors. Vectors have no
    bases: D is Adam's.

    Whether it is time is a number on the device, which must not be read there. So on the CPU the
    iteration is computed when it is time, elsewhere, and where the step is compiled, at each step,
    and kept when it is time. On one core it makes an update four times as long (0.1 s to 0.4 s for
    1024 rows and columns).

    Attributes
    ----------
    decay, eps
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

    decay: float = 0.95
    eps: float = 1e-8
    frequency: int = 10
    max_size: int = 10000
    elementwise: ClassVar[bool] = False
    unit: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Check the attributes."""
        arguments.decay("decay", self.decay)
        arguments.positive("eps", self.eps)
        check_whole("frequency", self.frequency)
        check_whole("max_size", self.max_size)

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep v, of each side moment and basis, and the age of the bases in gradients."""
        kept: dict[str, Shape] = {"grad_sq_avg": shape}
        sides = zip(("left", "right"), folded(shape), kept_sides(shape, self.max_size), strict=True)
        for side, size, wanted in sides:
            if wanted:
                kept |= {f"{side}_moment": (size, size), f"{side}_basis": (size, size)}
        # An axis of one, not a scalar: see `momo.optim.state.assign_`.
        return kept if len(kept) == 1 else {**kept, "basis_age": (1,)}

    def update_(self, block: Block, grad: Tensor, grad_avg: Tensor, ok: Tensor | None) -> None:
        """Average ``g gᵀ`` and ``gᵀ g`` into L and R, refine the bases, average the squares."""
        index, g = self._index(tuple(grad.shape)), as_matrix(grad)
        if "basis_age" in index:
            self._refine_(block, index, g, ok)
        squares = to_bases(g, self._bases(block, index)).square().reshape(grad.shape)
        v = block.memory(index["grad_sq_avg"])
        block.store_memory(index["grad_sq_avg"], average(v, squares, self.decay, ok))

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return ``Q_L ((Q_Lᵀ d Q_R) / (ε + sqrt(v/(1-β2^k)))) Q_Rᵀ``."""
        index = self._index(tuple(grad_avg.shape))
        bases = self._bases(block, index)
        root = as_matrix(block.memory(index["grad_sq_avg"])).sqrt()
        # Before the first gradient weight and v are 0; the clamp makes that D = ε, not 0/0.
        weight = block.weight().clamp(min=torch.finfo(root.dtype).tiny)
        diagonal = root * weight.rsqrt() + self.eps
        turned = to_bases(as_matrix(grad_avg), bases) / diagonal
        return from_bases(turned, bases).reshape(grad_avg.shape)

    def _index(self, shape: Shape) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.memory(shape))}

    def _bases(self, block: Block, index: dict[str, int]) -> Pair:
        left, right = index.get("left_basis"), index.get("right_basis")
        return (
            None if left is None else block.memory(left),
            None if right is None else block.memory(right),
        )

    def _refine_(self, block: Block, index: dict[str, int], g: Tensor, ok: Tensor | None) -> None:
        """Average into L and R, and refine the bases that are F gradients old, or 0: not there."""
        age = block.memory(index["basis_age"])
        due = age.remainder(self.frequency) == 0
        due = due if ok is None else due & ok
        for side, one, other in (("left", g, g.mT), ("right", g.mT, g)):
            if f"{side}_basis" not in index:
                continue
            at = index[f"{side}_moment"]
            moment = block.store_memory(at, average(block.memory(at), one @ other, self.decay, ok))
            if _readable(due) and not bool(due):
                continue
            at = index[f"{side}_basis"]
            basis = block.memory(at)
            start = torch.eye(len(basis), dtype=basis.dtype, device=basis.device)
            refined = orthogonal_iteration(moment, torch.where(age == 0, start, basis))
            block.store_memory(at, torch.where(due, refined, basis))
        older = age.remainder(self.frequency) + 1
        older = older if ok is None else torch.where(ok, older, age)
        block.store_memory(index["basis_age"], older)


def _readable(value: Tensor) -> bool:
    """Return whether reading a tensor waits for nothing: not on a device, nor in a graph."""
    here = value.device.type == "cpu" and not torch.compiler.is_compiling()
    return here and type(value) is Tensor  # a fake tensor, which has no value, is of its own class
