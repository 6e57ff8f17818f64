# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""AdaLomo's preconditioner (Lv et al. 2023, arXiv 2310.10195): AdaFactor's, scaled by parameter.

AdaFactor and AdaLomo make a step relative to the size of the parameter, and limit its root mean
square. Both are one positive factor for each parameter, so they belong to the metric: they are
fixed when the step is chosen, and ``<d, direction>`` is what the model falls by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from momo.core.step import Number
from momo.reference.checks import Array, positive, set_fields
from momo.reference.preconditioners.base import Diagonal, Metric
from momo.reference.preconditioners.factored import Factored


def root_mean_square(a: Array) -> Array:
    """Return ``RMS(a)`` over the last axis, which stays, as one of 1."""
    return np.sqrt(np.mean(a * a, axis=-1, keepdims=True))


@dataclass(frozen=True)
class AdaLomoDiagonal(Factored):
    """``D_k = diag(sqrt(v_k)) max{1, RMS(u_k)/d} / max{ε_2, RMS(x^k)}``, ``u_k = d_k/sqrt(v_k)``.

    v_k is that of `Factored`, and ``RMS(a)² = mean_i a_i²`` over the parameter. So the root mean
    square of the direction is at most ``d max{ε_2, RMS(x)}``. In the source u is of the gradient,
    which d_k is at β = 0; that with β > 0 it is of what makes the step is derived here.

    Attributes
    ----------
    shape, exponent, eps
        As in `Factored`; ε is the source's ε_1.
    eps2
        ε_2 > 0, what the root mean square of a parameter counts as at least, shape (...).
    clip_threshold
        d > 0, what that of u may be, shape (...).

    Raises
    ------
    ValueError
        If an axis is empty, or a number is out of range.
    """

    eps2: Number = 1e-3
    clip_threshold: Number = 1.0
    sees: ClassVar[tuple[str, ...]] = ("x",)

    def __post_init__(self) -> None:
        super().__post_init__()
        names = ("eps2", "clip_threshold")
        set_fields(self, **{name: positive(name, getattr(self, name)) for name in names})

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of its numbers."""
        own = {"eps2": self.eps2.shape, "clip_threshold": self.clip_threshold.shape}
        return {**super().shapes, **own}

    def decay_scale(self, x: Array) -> Array:
        """Return ``s = max{ε_2, RMS(x)}``, by which the decay of this parameter is multiplied."""
        return np.maximum(self.eps2[..., None], root_mean_square(x))

    def update(
        self,
        memory: Any,
        grad: Array,
        step: int,
        grad_avg: Array | None = None,
        x: Array | None = None,
    ) -> tuple[Metric, Any]:
        """Return D_k, and v_k or its factors.

        Raises
        ------
        ValueError
            If ``grad_avg`` or x is missing, or the gradient does not have as many numbers as the
            parameter.
        """
        if grad_avg is None or x is None:
            missing = "grad_avg" if grad_avg is None else "x"
            raise ValueError(
                f"{missing} = None; allowed: d_k and x^k, which scale AdaLomo's metric"
            )
        factored, memory = super().update(memory, grad, step)
        assert isinstance(factored, Diagonal)
        long = root_mean_square(factored.direction(grad_avg)) / self.clip_threshold[..., None]
        scale = np.maximum(1.0, long) / self.decay_scale(x)
        return Diagonal(factored.entries * scale), memory
