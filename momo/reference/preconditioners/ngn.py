# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A step size of Gauss-Newton for each coordinate (NGN-D and NGN-MDv2, arXiv 2508.15071)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from momo.reference.checks import Array
from momo.reference.preconditioners.base import Memory, Metric, Preconditioner, inner


@dataclass(frozen=True)
class Coordinates:
    """The metric ``D_j (1 + α g_j²/(2 gap))``, of D another, of the g and gap that were seen.

    Where the gap is 0 all coordinates are infinitely long, so that nothing moves.

    Attributes
    ----------
    metric
        D.
    short
        ``1/(1 + α g_j²/(2 gap))``, in [0, 1].
    """

    metric: Metric
    short: Array

    def direction(self, d: Array) -> Array:
        """Return ``short_j (D^{-1} d)_j``."""
        return self.short * self.metric.direction(d)

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``<d, direction(d)>``."""
        return inner(d, self.direction(d))

    def norm_sq(self, x: Array) -> Array:
        """Return ``<x, D (x / short)>``; infinite where x moves along what may not."""
        with np.errstate(divide="ignore", invalid="ignore"):
            long = np.where(x == 0, 0.0, x / np.sqrt(self.short))
        return self.metric.norm_sq(long)


@dataclass(frozen=True)
class NgnDiagonal:
    """``D_j (1 + α g_j²/(2 gap))``: capped, a step of it is ``x_j - γ_j g_j/D_j``.

    ``γ_j = α/(1 + α g_j²/(2 gap))`` of ``gap = (f_k - ℓ_k)_+``, where d is g. It is 0 where the gap
    and g_j are. α is in the metric, so it is finite.

    Attributes
    ----------
    base
        The preconditioner whose D is diagonal.
    """

    base: Any
    unit: ClassVar[bool] = False
    sees: ClassVar[tuple[str, ...]] = ("gap", "lr")

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Those of the base."""
        shapes: dict[str, tuple[int, ...]] = self.base.shapes
        return shapes

    @property
    def capped(self) -> Preconditioner:
        """What it is where the loss is far above its bound."""
        base: Preconditioner = self.base
        return base

    def update(
        self,
        memory: Memory,
        grad: Array,
        step: int,
        grad_avg: Array | None = None,
        *,
        gap: Array,
        lr: Array,
    ) -> tuple[Metric, Memory]:
        """Return the metric, and what the base keeps."""
        metric, memory = self.base.update(memory, grad, step, grad_avg)
        d = grad if grad_avg is None else grad_avg
        gap, lr = np.asarray(gap)[..., None], np.asarray(lr)[..., None]
        # gap/(gap + α g²/2): a gap of 0 makes no 0/0 but where g is 0, too.
        whole = gap + lr * d * d / 2
        short = np.divide(gap, whole, where=whole > 0, out=np.zeros(np.shape(whole)))
        return Coordinates(metric, short), memory
