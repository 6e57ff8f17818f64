"""A metric that never changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from momo.reference.checks import Array, positive
from momo.reference.preconditioners.base import Diagonal, Metric


@dataclass(frozen=True)
class FrozenPreconditioner:
    """``D_k = P`` for all k: what Adam's becomes when v no longer moves; made by `frozen`.

    In the coordinates ``y = P^{1/2} x`` it is the identity, so that all that holds for ``D = I``
    holds in this metric.
    """

    metric: Metric

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of the runs that P belongs to."""
        entries = self.metric.entries if isinstance(self.metric, Diagonal) else np.zeros(1)
        return {"entries": entries.shape[:-1]}

    def update(
        self, memory: None, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, None]:
        """Return P."""
        return self.metric, None


def frozen(entries: ArrayLike) -> FrozenPreconditioner:
    """Return the preconditioner ``D_k = diag(entries)``.

    Parameters
    ----------
    entries
        Positive, shape (..., n).

    Raises
    ------
    ValueError
        If an entry is not positive and finite.
    """
    return FrozenPreconditioner(Diagonal(positive("entries", entries)))
