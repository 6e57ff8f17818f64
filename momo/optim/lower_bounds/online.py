"""The bound of the starred methods: estimated while training, with reset (paper, MoMo*)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from momo.optim.averaging import Decays
from momo.optim.lower_bounds.base import Memory
from momo.optim.model import Scalar


def reset(lower_bound: Tensor, decayed: Tensor, weight: Tensor, floor: Scalar) -> Tensor:
    """Return f_*^k, lowered where it lies above the model (paper, MoMo*).

    ``max{c_k / (2(1+αλ)ρ_k), f_*^1}`` where ``c_k < (1+αλ)ρ_k f_*^k``, else f_*^k unchanged.
    ``decayed`` is ``c_k/(1+αλ)``, see `momo.optim.model.decayed_value`.
    """
    return torch.where(
        decayed < weight * lower_bound, at_least(decayed / (2 * weight), floor), lower_bound
    )


def estimate(value: Tensor, decrease: Tensor, weight: Tensor, floor: Scalar) -> Tensor:
    """Return ``f_*^{k+1} = max{(h_k - ½ τ_k ||d_k||²_{D^{-1}}) / ρ_k, f_*^1}`` (paper).

    ``value`` is h_k, without the factor ``1+αλ``; ``decrease`` is ``τ_k ||d_k||²_{D^{-1}}``.
    """
    return at_least((value - decrease / 2) / weight, floor)


def at_least(value: Tensor, floor: Scalar) -> Tensor:
    """Return ``max{value, floor}``."""
    return torch.clamp(value, min=floor)


@dataclass(frozen=True)
class Online:
    """The bound of the starred methods: `reset` before the step, `estimate` after it.

    lb is the first bound f_*^1, and the bound never falls below it.
    """

    lb: Scalar
    numbers: ClassVar[tuple[str, ...]] = ("lower_bound",)
    takes_sample: ClassVar[bool] = False

    @property
    def shared(self) -> tuple[object, ...]:
        """The floor."""
        return ("online", self.lb)

    def before(
        self,
        memory: Memory,
        sample: Scalar | None,
        decayed: Tensor,
        weight: Tensor,
        decays: Decays,
        steps: Tensor,
    ) -> tuple[Tensor, Memory]:
        """Return f_*^k after the reset; the base optimizer refuses a ``sample``."""
        kept = torch.where(steps == 0, self.lb, memory[0])
        return reset(kept, decayed, weight, self.lb), memory

    def after(self, memory: Memory, value: Tensor, decrease: Tensor, weight: Tensor) -> Memory:
        """Return f_*^{k+1}."""
        return (estimate(value, decrease, weight, self.lb),)
