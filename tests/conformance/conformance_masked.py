# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Optimizers in which a bad step does no harm on the CPU, where it ends early, and there alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from conformance_optimizers import Plain
from torch import Tensor

from momo import MomoAdam
from momo.core.method import Method
from momo.optim.preconditioners import AdamDiagonal
from momo.optim.preconditioners.base import Memory, Rate


@dataclass(frozen=True)
class IgnoresRates(AdamDiagonal):
    """Averages at β2 in place, whatever rates it is given."""

    def update(
        self, memory: Memory, grad: Tensor, d: Tensor, keep: Rate, new: Rate, weight: Any
    ) -> Memory:
        return super().update(memory, grad, d, self.beta2, 1 - self.beta2, weight)


@dataclass(frozen=True)
class UpdatesWhereItReads(AdamDiagonal):
    """Makes v grow with d where it should only look at it."""

    def direction(self, d: Tensor, memory: Memory, weight: Any) -> Tensor:
        memory[0].lerp_(d * d, 0.25)
        return super().direction(d, memory, weight)


class WithIgnoredRates(MomoAdam):
    how: ClassVar[type[AdamDiagonal]] = IgnoresRates

    @classmethod
    def method(cls, h: dict[str, Any]) -> Method:  # type: ignore[override]
        parts = MomoAdam.method(h)
        adam = parts.preconditioner
        return replace(parts, preconditioner=cls.how(adam.beta2, adam.eps))


class WithUpdatesWhereItReads(WithIgnoredRates):
    how = UpdatesWhereItReads


class OnlyChecksWhereItReads(Plain):
    """Nothing of `momo.optim`: where values may not be read it forgets to mask anything."""

    reading: ClassVar[bool] = True

    @staticmethod
    @contextmanager
    def masked() -> Iterator[None]:
        OnlyChecksWhereItReads.reading = False
        try:
            yield
        finally:
            OnlyChecksWhereItReads.reading = True

    def finite(self, loss: Tensor, norm_sq: Tensor) -> Tensor:
        return super().finite(loss, norm_sq) | (not self.reading)


class MasksAndSaysHow(OnlyChecksWhereItReads):
    """Right in both ways."""

    def finite(self, loss: Tensor, norm_sq: Tensor) -> Tensor:
        return Plain.finite(self, loss, norm_sq)
