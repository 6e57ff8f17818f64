# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A problem: hyper-parameters, shapes, and the losses and gradients that the steps are given.

The gradients do not depend on the points: a step has to be right for any sequence of them. The
structure is drawn and shown; the numbers come from a generator with a drawn seed, so that their
mantissas are full.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from momo.methods import Hyperparameters, Shape

Array = NDArray[np.float64]

SMALL = 4
"""As many numbers, and steps, are shown one by one."""
POINTS = 1 << 16
"""The key of the first points; those below are the gradients of the steps."""


@dataclass(frozen=True)
class Group:
    """A parameter group.

    Attributes
    ----------
    shapes
        Of its parameters.
    lr, weight_decay
        α_g and λ_g.
    """

    shapes: tuple[Shape, ...]
    lr: float = 1.0
    weight_decay: float = 0.0


@dataclass(frozen=True)
class Problem:
    """What a run is given.

    Attributes
    ----------
    groups
        The parameter groups.
    losses
        f_k, one a step.
    beta, beta2, eps, lb
        The hyper-parameters that all groups share.
    bounds
        The bound that each step brings; None: they bring none.
    schedule
        What multiplies all learning rates, by step; the last one stays.
    missing
        ``(step, parameter)``, both from 0, where there is no gradient.
    scale, size
        Of the gradients, and of the first points.
    seed
        Of the numbers.
    """

    groups: tuple[Group, ...]
    losses: tuple[float, ...]
    beta: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    lb: float = 0.0
    bounds: tuple[float, ...] | None = None
    schedule: tuple[float, ...] = (1.0,)
    missing: tuple[tuple[int, int], ...] = ()
    scale: float = 1.0
    size: float = 1.0
    seed: int = 0

    @property
    def parameters(self) -> list[tuple[Group, Shape]]:
        """The shapes of all parameters, in order, with their groups."""
        return [(group, shape) for group in self.groups for shape in group.shapes]

    def lr(self, group: Group, step: int) -> float:
        """Return α_g at a step (from 0)."""
        return group.lr * self.schedule[min(step, len(self.schedule) - 1)]

    def hyperparameters(self, group: Group, step: int = 0) -> Hyperparameters:
        """Return those of a group at a step (from 0)."""
        return Hyperparameters(
            self.lr(group, step), self.beta, group.weight_decay, self.beta2, self.eps, self.lb
        )

    def points(self) -> list[Array]:
        """Return where the parameters start, in their shapes."""
        return self._drawn(POINTS, self.size)

    def gradients(self, step: int) -> list[Array | None]:
        """Return the gradients of a step (from 0), in the parameters' shapes."""
        drawn = enumerate(self._drawn(step, self.scale))
        return [None if (step, i) in self.missing else g for i, g in drawn]

    def _drawn(self, key: int, scale: float) -> list[Array]:
        rng = np.random.default_rng([self.seed, key])
        # A product of 0-dim arrays is a NumPy scalar.
        return [np.asarray(scale * rng.standard_normal(shape)) for _, shape in self.parameters]

    def scaled(self, factor: float, degree: int) -> Problem:
        """Return the problem of ``c f``, for a direction that is homogeneous in d.

        Losses, gradients, bounds and ε are multiplied by c; α by ``c^-degree`` and λ by
        ``c^degree``, so that the capped steps stay what they are.
        """
        lr = factor**-degree
        return replace(
            self,
            losses=tuple(factor * f for f in self.losses),
            bounds=None if self.bounds is None else tuple(factor * b for b in self.bounds),
            lb=factor * self.lb,
            eps=factor * self.eps,
            scale=factor * self.scale,
            groups=tuple(
                replace(group, lr=group.lr * lr, weight_decay=group.weight_decay / lr)
                for group in self.groups
            ),
        )

    def shifted(self, constant: float) -> Problem:
        """Return the problem of ``f + constant``."""
        return replace(
            self,
            losses=tuple(f + constant for f in self.losses),
            bounds=None if self.bounds is None else tuple(b + constant for b in self.bounds),
            lb=self.lb + constant,
        )

    def without(self, steps: set[int]) -> Problem:
        """Return the problem without some steps: only for problems whose steps are alike."""
        kept = tuple(f for k, f in enumerate(self.losses) if k not in steps)
        return replace(self, losses=kept)

    def facts(self, call: str = "", numbers: bool = False) -> dict[str, Any]:
        """Return what a reader has to know, by name.

        Parameters
        ----------
        call
            How the optimizer was made, which says the shared hyper-parameters in its own words.
        numbers
            Whether to show the points and gradients of a small problem.
        """
        steps = len(self.losses)
        found: dict[str, Any] = {
            f"group {g}": f"lr = {group.lr:g}, weight_decay = {group.weight_decay:g}, shapes "
            + ", ".join(map(str, group.shapes))
            for g, group in enumerate(self.groups)
        }
        if call:
            found["made as"] = call
        else:
            shared = {"beta": self.beta, "beta2": self.beta2, "eps": self.eps, "lb": self.lb}
            found["shared"] = ", ".join(f"{name} = {value:g}" for name, value in shared.items())
        found["losses"] = ", ".join(f"{f:g}" for f in self.losses)
        if self.bounds is not None:
            found["bounds"] = ", ".join(f"{b:g}" for b in self.bounds)
        if self.schedule != (1.0,):
            found["lr times"] = ", ".join(f"{s:g}" for s in self.schedule[:steps])
        if self.missing:
            found["no gradient"] = ", ".join(
                f"parameter {i} at step {k + 1}" for k, i in self.missing
            )
        found["numbers"] = (
            f"seed {self.seed}, gradients of size {self.scale:g}, points of size {self.size:g}"
        )
        size = sum(math.prod(shape) for _, shape in self.parameters)
        if numbers and size <= SMALL and steps <= SMALL:
            found["start"] = _in_short(self.points())
            found |= {f"gradients {k + 1}": _in_short(self.gradients(k)) for k in range(steps)}
        return found


def _in_short(arrays: Iterable[Array | None]) -> str:
    numbers = [None if a is None else [float(f"{x:.6g}") for x in a.reshape(-1)] for a in arrays]
    return "; ".join("none" if each is None else str(each) for each in numbers)


@dataclass(frozen=True)
class Noise:
    """Multiplies numbers by ``1 + size · N(0, 1)``: how a run reacts is how sensitive it is.

    Attributes
    ----------
    seed
        Of the noise; each step has its own.
    gradients, others
        Its size for gradients, and for points, losses and bounds.
    sign
        Of all of it.
    """

    seed: int
    gradients: float
    others: float
    sign: int = 1

    @classmethod
    def several(cls, gradients: float, others: float) -> list[Noise]:
        """Return noises, each with its opposite: one of two gets past a tie, whichever way."""
        return [cls(seed, gradients, others, sign) for seed in (1, 2, 3) for sign in (1, -1)]

    def at(self, step: int) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        """Return what is done to the gradients of a step, and to its other numbers."""
        rng = np.random.default_rng([self.seed, step])

        def by(size: float) -> Callable[[Any], Any]:
            scale = self.sign * size
            return lambda values: values * (1 + scale * rng.standard_normal(np.shape(values)))

        return by(self.gradients), by(self.others)


def exactly(values: Any) -> Any:
    """Return the values: no noise."""
    return values
