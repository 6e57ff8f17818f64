# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A case: a problem, its certified optimum, and the runs to make on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from theory.optimum import Optimum
from theory.problems.base import Array, Constants, Problem


@dataclass(frozen=True)
class Setting:
    """One row of a batch of runs.

    Attributes
    ----------
    beta
        β.
    lr
        The cap α; inf: none.
    offset
        ε in the bound that the method is told, ``f_* = inf f + ε``, in units of ``f(x^1) - f*``;
        inf f is the least value of any sample (`Case.infimum`), f* under interpolation.
    """

    beta: float
    lr: float = np.inf
    offset: float = 0.0

    @property
    def label(self) -> str:
        """How tables call it."""
        cap = "" if np.isinf(self.lr) else f", α={self.lr:.3g}"
        return f"β={self.beta:g}{cap}" + (f", ε={self.offset:+g}" if self.offset else "")


@dataclass(frozen=True)
class Case:
    """A problem with its certified optimum, and the runs to make on it.

    Arrays of the runs have shape (settings, seeds), or (settings, seeds, n).
    """

    name: str
    problem: Problem
    optimum: Optimum
    constants: Constants
    settings: tuple[Setting, ...]
    seeds: int
    iterations: int
    seed: int = 0
    error_probability: float = 1e-5
    holds: bool = True
    """Whether steps are held that rounding alone decides, see `theory.audit.RESOLUTION`."""

    @cached_property
    def beta(self) -> Array:
        """β, shape (settings, 1)."""
        return np.array([[setting.beta] for setting in self.settings])

    @cached_property
    def lr(self) -> Array:
        """α, shape (settings, 1)."""
        return np.array([[setting.lr] for setting in self.settings])

    @cached_property
    def infimum(self) -> float:
        """The largest number below every f(·,s): f* under interpolation, else ``min_i inf f_i``."""
        optimum = self.optimum
        return optimum.value if optimum.interpolates else float(self.problem.infima.min())

    @cached_property
    def lower_bound(self) -> Array:
        """f_*, shape (settings, 1): ``infimum + ε (f(x^1) - f*)``."""
        offsets = np.array([[setting.offset] for setting in self.settings])
        return self.infimum + offsets * self.initial_gap

    @property
    def order(self) -> tuple[int, ...] | None:
        """Which function each step sees, where the problem says so; None where it is drawn."""
        return getattr(self.problem, "order", None)

    @property
    def drawn(self) -> bool:
        """Whether anything is random: several functions, and no given order."""
        return self.problem.samples > 1 and self.order is None

    @property
    def floor(self) -> float:
        """The first bound of the online methods: below f* by half of ``f(x^1) - f*``."""
        return self.optimum.value - 0.5 * self.initial_gap

    @cached_property
    def initial_gap(self) -> float:
        """``f(x^1) - f*``."""
        return float(self.problem.losses(self.problem.start).mean()) - self.optimum.value


def undetermined(optimum: Optimum, constants: Constants) -> float:
    """Return the suboptimality below which rounding and the solver's tolerance rule."""
    return 10 * (optimum.tolerance + constants.rounding)
