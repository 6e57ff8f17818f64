# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What keeps a step from changing anything where that is a tensor, which must not be read.

A sample that is not finite must leave everything as it is. On the CPU the step just does not take
place. On a device, and in a graph, it does, and this has two doors: **in**, the gradient becomes 0
and the rates of what is new 0, so that averages, sums and maxima stay by arithmetic; **out**, the
numbers stay what they were, and nothing moves. No equation and no preconditioner knows of it.

That is so in blocks, whose first pass writes. That of the kernels (`momo.optim.fused.gpu_step`)
reads alone, so there the second door is enough, and the kernels have it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from momo.core.step import Move, Number, StepInfo


@dataclass(frozen=True)
class Gate:
    """Lets a step through where ``ok`` is true.

    Attributes
    ----------
    ok
        A 0-dim tensor of truth values.
    """

    ok: Tensor

    def sample(self, grad: Tensor) -> Tensor:
        """Return the gradient, or 0: in."""
        return torch.where(self.ok.to(grad.device), grad, 0.0)

    def outcome(self, new: Any, old: Any) -> Tensor:
        """Return what is new, or what was there: out. One of the two may be a Python number."""
        ok = self.ok
        for value in (new, old):
            if isinstance(value, Tensor):
                ok = ok.to(value.device)
        if not isinstance(new, Tensor) and not isinstance(old, Tensor):
            dtype = torch.float32 if ok.device.type == "mps" else torch.float64
            new = torch.full((), new, dtype=dtype, device=ok.device)
        return torch.where(ok, new, old)

    def moves(self, moves: Sequence[Move]) -> list[Move]:
        """Return the moves, or such that change nothing: out."""
        return [
            Move(keep if is_one(keep) else self.outcome(keep, 1.0), self.outcome(size, 0.0))
            for keep, size in moves
        ]

    def kept(self, new: Sequence[Number], old: Sequence[Number]) -> list[Number]:
        """Return the new numbers, or the old: out."""
        pairs = zip(new, old, strict=True)
        return [one if one is other else self.outcome(one, other) for one, other in pairs]

    def info(self, info: StepInfo) -> StepInfo:
        """Return the scalars of the step; NaN, and a step size of 0, of one that was held back."""
        shut = StepInfo(*(self.outcome(value, math.nan) for value in info))
        return shut._replace(step_size=self.outcome(info.step_size, 0.0))


def is_one(number: Number) -> bool:
    """Return whether a number is known to be 1 without reading a tensor."""
    return isinstance(number, float) and number == 1
