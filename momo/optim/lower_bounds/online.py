"""Lower bounds f_*^k on the loss: constant or per batch, and online with reset.

A bound is a pair of functions around the step, and one number kept between steps. A new bound is
one class with these two methods.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from momo.optim.averaging import average
from momo.optim.model import Scalar


def reset(lower_bound: Tensor, decayed: Tensor, weight: Tensor, floor: Scalar) -> Tensor:
    """Return f_*^k, lowered where it lies above the model (paper, MoMo*).

    ``max{c_k / (2(1+αλ)ρ_k), f_*^1}`` where ``c_k < (1+αλ)ρ_k f_*^k``, else f_*^k unchanged.
    ``decayed`` is ``c_k/(1+αλ)``, see `momo.optim.model.decayed_value`.
    """
    return torch.where(
        decayed < weight * lower_bound, _at_least(decayed / (2 * weight), floor), lower_bound
    )


def estimate(value: Tensor, decrease: Tensor, weight: Tensor, floor: Scalar) -> Tensor:
    """Return ``f_*^{k+1} = max{(h_k - ½ τ_k ||d_k||²_{D^{-1}}) / ρ_k, f_*^1}`` (paper).

    ``value`` is h_k, without the factor ``1+αλ``; ``decrease`` is ``τ_k ||d_k||²_{D^{-1}}``.
    """
    return _at_least((value - decrease / 2) / weight, floor)


def _at_least(value: Tensor, floor: Scalar) -> Tensor:
    return torch.clamp(value, min=floor)


class LowerBound(Protocol):
    """How f_*^k is chosen; ``memory`` is a 0-dim tensor, 0 before the first sample."""

    @property
    def shared(self) -> tuple[object, ...]:
        """What has to be the same in all groups."""

    def before(
        self,
        memory: Tensor,
        sample: Scalar | None,
        decayed: Tensor,
        weight: Tensor,
        beta: Tensor,
        first: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Return f_*^k and the memory that `after` gets.

        ``sample`` is the bound that came with the batch, ``decayed`` is ``c_k/(1+αλ)``,
        ``weight`` is ρ_k, ``beta`` is β_k, and ``first`` says whether this is the first sample.
        """

    def after(self, memory: Tensor, value: Tensor, decrease: Tensor, weight: Tensor) -> Tensor:
        """Return the memory for step k+1, given h_k, ``τ_k ||d_k||²_{D^{-1}}`` and ρ_k."""


@dataclass(frozen=True)
class Given:
    """``f_*^k = lb``, or per batch: ``ρ_k f_*^k = Σ_j ρ_{j,k} ℓ_j``, averaged like the losses.

    A step that brings no ℓ_k counts with lb. What is kept is the average of ``ℓ_j - lb``, so that
    a constant bound is exact and a change of lb takes effect at once.
    """

    lb: Scalar

    @property
    def shared(self) -> tuple[object, ...]:
        """The bound."""
        return ("constant", self.lb)

    def before(
        self,
        memory: Tensor,
        sample: Scalar | None,
        decayed: Tensor,
        weight: Tensor,
        beta: Tensor,
        first: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Average ℓ_k in, and return the average over ρ_k."""
        memory = average(memory, 0.0 if sample is None else sample - self.lb, beta)
        return self.lb + memory / weight, memory

    def after(self, memory: Tensor, value: Tensor, decrease: Tensor, weight: Tensor) -> Tensor:
        """Keep the average."""
        return memory


@dataclass(frozen=True)
class Online:
    """The bound of the starred methods: `reset` before the step, `estimate` after it.

    lb is the first bound f_*^1, and the bound never falls below it.
    """

    lb: Scalar

    @property
    def shared(self) -> tuple[object, ...]:
        """The floor."""
        return ("online", self.lb)

    def before(
        self,
        memory: Tensor,
        sample: Scalar | None,
        decayed: Tensor,
        weight: Tensor,
        beta: Tensor,
        first: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Return f_*^k after the reset; the base optimizer refuses a ``sample``."""
        kept = torch.where(first, self.lb, memory)
        return reset(kept, decayed, weight, self.lb), memory

    def after(self, memory: Tensor, value: Tensor, decrease: Tensor, weight: Tensor) -> Tensor:
        """Return f_*^{k+1}."""
        return estimate(value, decrease, weight, self.lb)
