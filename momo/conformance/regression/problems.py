# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The fixed problems of the golden trajectories.

A logistic loss over three parameters: a matrix, a vector, and a kernel whose gradients are some
5e-7, where Adam's ε = 1e-8 is 2 % of D. Margins of order one keep it well-conditioned, and a batch
can be fitted but not ended with: the loss is above 0 always, so that steps of Polyak's length stay
of the length of a sample. That keeps rounding from growing (`momo.conformance.regression.record`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from momo.methods import Hyperparameters

Array = NDArray[np.float64]
Shape = tuple[int, ...]

SHAPES: dict[str, Shape] = {"matrix": (4, 3), "vector": (5,), "kernel": (2, 3, 2)}
"""The parameters."""
SCALES = (1.0, 1.0, 3e-6)
"""Of the features that belong to each."""
STEPS = 10
"""Enough for β2 = 0.999 against 0.998: D then differs by some 1e-4 of itself."""
BATCHES, BATCH = 4, 3

SIZES = [int(np.prod(shape)) for shape in SHAPES.values()]
CUTS = list(accumulate(SIZES))[:-1]


def _uniform(seed: int, *shape: int) -> Array:
    # Generator.random is multiples of 2⁻⁵³ of PCG64's output: exact on every machine.
    return 2 * np.random.default_rng(seed).random(shape) - 1


FEATURES = _uniform(1, BATCHES, BATCH, sum(SIZES)) * np.repeat(SCALES, SIZES)
START = _uniform(2, sum(SIZES))
PROJECTION = _uniform(3, sum(SIZES))
"""What the parameters are projected to, one number each."""


@dataclass(frozen=True)
class Sample:
    """What a step is given; `grads` has one entry a parameter, flat."""

    loss: float
    grads: tuple[Array | None, ...]
    bound: float


@dataclass(frozen=True)
class Problem:
    """A loss with the hyper-parameters of the run.

    Attributes
    ----------
    name
        How it is called in reports.
    lrs
        α_k, over and over; empty: the method's default.
    weight_decay, lb
        λ, and f_* (or the first bound); None: the method's defaults.
    per_batch
        Whether each batch brings its bound, to methods that take one.
    gaps
        Whether some gradients are zero or missing.
    scale
        Of the loss.
    """

    name: str
    lrs: tuple[float, ...] = ()
    weight_decay: float | None = None
    lb: float | None = None
    per_batch: bool = False
    gaps: bool = False
    scale: float = 1.0

    def hyperparameters(self, defaults: Hyperparameters) -> Hyperparameters:
        """Return a method's hyper-parameters in this run, those of the first step."""
        given = {
            "lr": self.lrs[0] if self.lrs else None,
            "weight_decay": self.weight_decay,
            "lb": self.lb,
        }
        return replace(defaults, **{n: value for n, value in given.items() if value is not None})

    def lr(self, step: int) -> float | None:
        """Return α_k, k counted from 1; None: the default."""
        return self.lrs[(step - 1) % len(self.lrs)] if self.lrs else None

    def sample(self, xs: tuple[Array, ...], step: int) -> Sample:
        """Return loss, gradients and bound of step k at the flat parameters ``xs``."""
        features = FEATURES[step % BATCHES]
        margins = (features * np.concatenate(xs)).sum(axis=1)
        # log(1 + e^-m), and its derivative -1/(1 + e^m); |m| stays far from overflow.
        loss = self.scale * float(np.logaddexp(0, -margins).mean())
        slopes = -self.scale / (1 + np.exp(margins))
        grads = np.split((slopes[:, None] * features).mean(axis=0), CUTS)
        found: list[Array | None] = list(grads)
        if self.gaps and step in (1, 6):
            found = [np.zeros_like(g) for g in grads]
        if self.gaps:
            for missing in MISSING.get(step, ()):
                found[missing] = None
        return Sample(loss, tuple(found), loss * BOUNDS[step % len(BOUNDS)])


MISSING = {1: (1,), 2: (0, 1), 4: (2,), 5: (0,), 8: (1, 2)}
"""The parameters without a gradient, by step, of problems with gaps."""
BOUNDS = (0.5, 0.25, 0.75, -0.5, 0.9)
"""ℓ_k as part of f_k."""

PROBLEMS = (
    Problem("defaults"),
    # Without a cap, and with one that is far, and somewhat, too short.
    Problem("caps", (10.0, 1e-3, 0.03)),
    Problem("decay", (0.3, 0.03, 0.003), weight_decay=0.5, lb=0.125),
    Problem("bounds", (10.0, 10.0, 0.03), lb=-0.25, per_batch=True),
    Problem("gaps", (1.0, 0.01), gaps=True),
    # So near to 0 that an ε decides which is below the square of any other gradient.
    Problem("tiny", (0.1, 0.001), scale=1e-15),
)
