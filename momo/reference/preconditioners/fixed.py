# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A metric that never changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from momo.core.step import Number
from momo.reference.checks import Array, positive, set_fields
from momo.reference.preconditioners.base import Diagonal, Metric


@dataclass(frozen=True)
class Frozen:
    """``D_k = diag(entries)`` for all k: what Adam's becomes when v no longer moves.

    In the coordinates ``y = D^{1/2} x`` it is the identity, so that all that holds for ``D = I``
    holds in this metric.

    Attributes
    ----------
    entries
        Positive, shape (..., n).

    Raises
    ------
    ValueError
        If an entry is not positive and finite.
    """

    entries: Number
    unit: ClassVar[bool] = False

    def __post_init__(self) -> None:
        set_fields(self, entries=positive("entries", self.entries))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of the runs that D belongs to."""
        return {"entries": self.entries.shape[:-1]}

    def update(
        self, memory: None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, None]:
        """Return D."""
        return Diagonal(self.entries), None
