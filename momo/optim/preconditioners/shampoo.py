"""Shampoo (Gupta, Koren and Singer 2018, arXiv 1802.09568): a Kronecker product of two roots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim import arguments
from momo.optim.blocks import Block
from momo.optim.preconditioners.base import Shape
from momo.optim.preconditioners.matrices import (
    as_matrix,
    average,
    check_whole,
    folded,
    kept_sides,
)


@dataclass(frozen=True)
class Shampoo:
    """``D X = (L+εI)^{1/4} X (R+εI)^{1/4}``, L and R sums of ``g gᵀ`` and ``gᵀ g``.

    Where only one of the two is kept its power is 1/2; where none is, of vectors, D is the diagonal
    ``(s + ε)^{1/2}`` of the squares' sums s (AdaGrad's). The eigendecompositions are taken anew for
    every direction; torch's wait for a CUDA device.

    Attributes
    ----------
    decay
        None for sums, as in the source; β2 for averages with bias correction.
    eps
        ε > 0.
    max_size
        A side of more than that many rows or columns is left out.

    Raises
    ------
    ValueError, TypeError
        If an attribute is out of range.
    """

    decay: float | None = None
    eps: float = 1e-4
    max_size: int = 10000
    elementwise: ClassVar[bool] = False
    unit: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Check the attributes."""
        if self.decay is not None:
            arguments.decay("decay", self.decay)
        arguments.positive("eps", self.eps)
        check_whole("max_size", self.max_size)

    def memory(self, shape: Shape) -> dict[str, Shape]:
        """Keep L and R, or the squares of a parameter that has neither."""
        sizes = zip(("left", "right"), folded(shape), kept_sides(shape, self.max_size), strict=True)
        sides: dict[str, Shape] = {
            f"{side}_moment": (size, size) for side, size, kept in sizes if kept
        }
        return sides or {"grad_sq": shape}

    def update_(self, block: Block, grad: Tensor, grad_avg: Tensor, ok: Tensor | None) -> None:
        """Add ``g gᵀ`` to L and ``gᵀ g`` to R."""
        g = as_matrix(grad)
        for index, name in enumerate(self.memory(tuple(grad.shape))):
            if name == "grad_sq":
                sample = grad * grad
            else:
                sample = g @ g.mT if name == "left_moment" else g.mT @ g
            block.store_memory(index, average(block.memory(index), sample, self.decay, ok))

    def direction(self, block: Block, grad_avg: Tensor) -> Tensor:
        """Return ``(L+εI)^{-1/4} d (R+εI)^{-1/4}``."""
        moments = {
            name: self._mean(block, index)
            for index, name in enumerate(self.memory(tuple(grad_avg.shape)))
        }
        if "grad_sq" in moments:
            return grad_avg * (moments["grad_sq"] + self.eps).rsqrt()
        d, power = as_matrix(grad_avg), -0.5 / len(moments)
        if "left_moment" in moments:
            d = _power(moments["left_moment"], self.eps, power) @ d
        if "right_moment" in moments:
            d = d @ _power(moments["right_moment"], self.eps, power)
        return d.reshape(grad_avg.shape)

    def _mean(self, block: Block, index: int) -> Tensor:
        moment = block.memory(index)
        if self.decay is None:
            return moment
        # Before the first gradient weight and moment are 0; the clamp makes that 0, not 0/0.
        return moment / block.weight().clamp(min=torch.finfo(moment.dtype).tiny)


def _power(moment: Tensor, eps: float, power: float) -> Tensor:
    """Return ``(L + εI)^power``."""
    values, basis = torch.linalg.eigh(moment)
    # Eigenvalues that are 0 come out as rounding of either sign.
    return (basis * (values.clamp(min=0) + eps) ** power) @ basis.mT
