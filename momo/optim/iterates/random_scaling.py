"""Steps that are scaled by a random number (Zhang and Cutkosky 2024, arXiv 2405.09742)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.iterates.base import Points

GOLDEN = 0x9E3779B97F4A7C15
FIRST = 0xBF58476D1CE4E5B9
SECOND = 0x94D049BB133111EB


def signed(number: int) -> int:
    """Return the 64-bit number whose bits are those of an unsigned one."""
    number &= (1 << 64) - 1
    return number - (1 << 64) if number >> 63 else number


def shifted(bits: Tensor, by: int) -> Tensor:
    """Return the bits shifted to the right, with zeros on the left."""
    return (bits >> by) & ((1 << (64 - by)) - 1)


def uniform(seed: int, steps: Tensor, dtype: torch.dtype) -> Tensor:
    """Return a number in (0, 1) for step k; ``momo.reference.iterates.random_scaling.uniform``.

    ``steps`` is k - 1, an int64 tensor: int64 arithmetic wraps as that of unsigned numbers does.
    """
    bits = (steps + 1) * signed(GOLDEN) + signed(seed)
    bits = (bits ^ shifted(bits, 30)) * signed(FIRST)
    bits = (bits ^ shifted(bits, 27)) * signed(SECOND)
    bits = bits ^ shifted(bits, 31)
    return (shifted(bits, 11).to(dtype) + 0.5) * 2.0**-53


@dataclass(frozen=True)
class RandomScaling:
    """``x^{k+1} = x^k + s_k (z^{k+1} - x^k)``, ``s_k ~ Exp(1)``, ``z^k = x^k``.

    s_k is a function of the seed and k: runs resume, and ranks agree, without a generator's state.

    Attributes
    ----------
    seed
        Of the s_k.
    """

    seed: int = 0
    points: ClassVar[tuple[str, ...]] = ()
    plain: ClassVar[bool] = False

    def share(self, total: Tensor, step_size: Tensor, steps: Tensor) -> tuple[Tensor, Tensor]:
        """Return s_k."""
        return -uniform(self.seed, steps, step_size.dtype).log(), total

    def move(self, points: Points, x: Tensor, z_next: Tensor, share: Tensor) -> Points:
        """Return ``x + s (z^{k+1} - x)``."""
        return (torch.addcmul(x, z_next - x, share),)
