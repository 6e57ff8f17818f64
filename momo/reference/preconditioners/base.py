# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a preconditioner is: a rule that makes a metric of the gradients seen so far.

A metric gives the dual norm and the direction, so that they cannot disagree. The law
``dual_norm_sq(d) == <d, direction(d)>`` holds for every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from momo.reference.checks import Array

Memory = Any
"""What a preconditioner keeps between steps, an array or a tuple of arrays; None at the first."""


def inner(a: Array, b: Array) -> Array:
    """Return ``<a, b>`` over the last axis: shapes (..., n), (..., n) to (...)."""
    return np.vecdot(a, b)


class Metric(Protocol):
    """A positive definite matrix D, or a norm: what turns d into the direction of the step.

    Of a norm the direction is ``u(d)``, the maximiser of ``<d, u>`` over ``||u|| <= 1``, and
    ``dual_norm_sq`` is ``<d, u(d)> = ||d||_*``, not squared: the constrained form. A product of
    norms (`momo.core.products`) makes the regularised form of it.
    """

    def direction(self, d: Array) -> Array:
        """Return ``D^{-1} d``, or ``u(d)``."""

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``<d, direction(d)>``: ``||d||²_{D^{-1}}``, or ``||d||_*``."""

    def norm_sq(self, x: Array) -> Array:
        """Return ``||x||²_D = <x, D x>``, or ``||x||²``."""


@dataclass(frozen=True)
class Diagonal:
    """``D = diag(entries)``, entries positive, of shape (..., n)."""

    entries: Array

    def direction(self, d: Array) -> Array:
        """Return ``d / entries``."""
        return d / self.entries

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``Σ d_i² / entries_i``."""
        return inner(d, self.direction(d))

    def norm_sq(self, x: Array) -> Array:
        """Return ``Σ entries_i x_i²``."""
        return inner(x, self.entries * x)


@dataclass(frozen=True)
class Along:
    """No metric, but a direction that is given, of shape (..., n): of methods without a model."""

    given: Array

    def direction(self, d: Array) -> Array:
        """Return what is given."""
        return self.given

    def dual_norm_sq(self, d: Array) -> Array:
        """Return ``<d, direction>``, which may be negative."""
        return inner(d, self.given)

    def norm_sq(self, x: Array) -> Array:
        """Raise: there is none."""
        raise TypeError("a direction that is given is no metric, and has no norm")


class Preconditioner(Protocol):
    """A rule that turns the gradients seen so far into D_k.

    One that depends on more than gradients names it in ``sees``, a class variable that others need
    not have: "x", the parameter; "gap", ``(f_k - ℓ_k)_+``, shape (...); "lr", α, shape (...). What
    it names is given to `update` as keywords. One that scales the decay of its parameter has
    ``decay_scale(x)``, the factor s of ``z ← (1 - αλs) z - …``, shape (..., 1).
    """

    @property
    def unit(self) -> bool:
        """Whether its metrics are norms, so that directions have norm 1: False of a matrix D."""

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of its own arrays, by argument: they must broadcast with the runs."""

    def update(
        self, memory: Memory, grad: Array, step: int, grad_avg: Array | None = None
    ) -> tuple[Metric, Memory]:
        """Return D_k and what is kept for step k+1; ``memory`` is None at the first step.

        ``grad_avg`` is d_k, for rules that depend on it.
        """
