"""A case: a problem, its certified optimum, and the runs to make on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from theory.optimum import Optimum
from theory.problems.base import Array, Constants, Problem


@dataclass(frozen=True)
class Setting:
    """One row of a batch of runs: β and the cap α (inf: none)."""

    beta: float
    lr: float = np.inf

    @property
    def label(self) -> str:
        """How tables call it."""
        return f"β={self.beta:g}" + ("" if np.isinf(self.lr) else f", α={self.lr:.3g}")


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

    @cached_property
    def beta(self) -> Array:
        """β, shape (settings, 1)."""
        return np.array([[setting.beta] for setting in self.settings])

    @cached_property
    def lr(self) -> Array:
        """α, shape (settings, 1)."""
        return np.array([[setting.lr] for setting in self.settings])

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
