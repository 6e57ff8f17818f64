# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Runs for the literal oracles: hyper-parameters, parameters and batches, in NumPy.

Batches are of two kinds: losses and gradients that are given, whatever the point is, so that every
sequence of them is met and no run is chaotic; and least squares of one row each, functions of the
point, as a method sees them in use.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from math import inf, prod

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from momo.core.parts import Capped
from momo.methods import METHODS, Hyperparameters, Shape
from momo.reference.sources import ORACLES

Array = NDArray[np.float64]
Sample = Callable[[Array], tuple[float, Array]]

STEPS = 12  # SOAP's bases are refined at the first gradient and at the eleventh
NOISE = 2.0**-40
"""More than a hundred times what two dozen roundings of numbers of size 1 amount to."""
CONDITION = {"momo_soap": 1e3}
"""What rounding is multiplied by within a method, where noise on what it sees does not show it: a
matrix of rank one keeps its rank under noise, and its bases come from the shift of a thousandth."""
RELATIVE = ("adalomo", "momo_adalomo")
"""Their decay is ``αλ RMS(x) x``: with a large α points grow faster than any power."""
SHAPES: list[tuple[Shape, ...]] = [
    ((5,),),
    ((2, 3),),
    ((3, 2), (2,)),
    ((2, 2), (1,), (3, 1, 2), (2,)),
]


@dataclass(frozen=True)
class Run:
    """What a method is given, but for the noise on all of it."""

    shapes: tuple[Shape, ...]
    h: Hyperparameters
    functions: bool
    seed: int

    @property
    def size(self) -> int:
        return sum(map(prod, self.shapes))

    @property
    def ends(self) -> Array:
        """Where x is to be cut into the parameters."""
        return np.cumsum([prod(shape) for shape in self.shapes])[:-1]

    def start(self) -> Array:
        return np.random.default_rng([self.seed, 0]).standard_normal(self.size)

    def samples(self) -> list[Sample]:
        return [(self._square if self.functions else self._given)(k) for k in range(1, STEPS + 1)]

    def _given(self, k: int) -> Sample:
        rng = np.random.default_rng([self.seed, k])
        loss = float(rng.uniform(-0.7, 2))  # now and then below the bound
        grad = self._gaps(rng, rng.standard_normal(self.size))
        return lambda x: (loss, grad)

    def _square(self, k: int) -> Sample:
        rng = np.random.default_rng([self.seed, k])
        a = self._gaps(rng, rng.standard_normal(self.size))
        b, c = float(rng.standard_normal()), float(rng.uniform(0, 1))

        def sample(x: Array) -> tuple[float, Array]:
            r = float(a @ x) - b
            return 0.5 * r * r + c, r * a

        return sample

    def _gaps(self, rng: np.random.Generator, vector: Array) -> Array:
        """Zeros: of the whole, of parameters, of numbers."""
        parameters = [np.full(n, rng.random() > 0.15) for n in map(prod, self.shapes)]
        numbers = rng.random(self.size) > 0.15
        return vector * (rng.random() > 0.15) * np.concatenate(parameters) * numbers


lrs = st.sampled_from([0.02, 0.3, 5.0, inf])
fractions = st.sampled_from([0.0, 0.5, 0.9])


@st.composite
def runs(draw: st.DrawFn, name: str) -> Run:
    """Draw a run of a row."""
    shapes, lr = draw(st.sampled_from(SHAPES)), draw(lrs)
    row = METHODS[name]
    if lr == inf and isinstance(row.reference(row.defaults, shapes[0]).step_rule, Capped):
        lr = 5.0  # without a cap it is nothing
    if name == "muon_adam_momo" and len(shapes) > 1 and lr == inf:
        lr = 5.0  # balls and metrics in one model: what their ratio is without α is a convention
    decay = 0.0 if lr == inf else draw(st.sampled_from([0.0, 0.1]))
    if name in RELATIVE and decay:
        lr = min(lr, 0.3)
    h = Hyperparameters(
        lr=lr,
        beta=draw(fractions),
        weight_decay=decay,
        beta2=draw(st.sampled_from([0.5, 0.99])),
        eps=draw(st.sampled_from([1e-8, 1e-3])),
        lb=draw(st.sampled_from([0.0, -0.5, 0.25])),
    )
    return Run(shapes, h, draw(st.booleans()), draw(st.integers(0, 2**32 - 1)))


def arguments(name: str, run: Run) -> dict[str, object]:
    """Return the arguments of a row's oracle."""
    h = run.h
    values = {**asdict(h), "betas": (h.beta, h.beta2), "shapes": run.shapes}
    return {n: values[n] for n in inspect.signature(ORACLES[name]).parameters if n in values}


def oracle(name: str, run: Run, noise: int | None = None) -> list[Array]:
    """Return the points of the oracle, if ``noise`` with all that it sees a little off."""
    rng = np.random.default_rng(noise)

    def off(values: Array) -> Array:
        return values if noise is None else values * (1 + NOISE * rng.standard_normal(values.shape))

    def noisy(sample: Sample) -> Sample:
        def seen(x: Array) -> tuple[float, Array]:
            loss, grad = sample(x)
            return float(off(np.array(loss))), off(grad)

        return seen

    x = off(run.start())
    return [x, *ORACLES[name](x, map(noisy, run.samples()), **arguments(name, run))]


def distance(name: str, run: Run, points: list[Array]) -> float:
    """Return how far points are from the oracle's, over how far rounding may take them.

    How far two runs drift apart depends on the run: a short d makes long steps, and the online
    bound jumps. So the oracle itself says it: three more runs of it see each number changed by
    2⁻⁴⁰ of itself. NaN is far.
    """
    exact, nearby = oracle(name, run), [oracle(name, run, seed) for seed in range(3)]
    found = []
    for k, (ours, theirs) in enumerate(zip(points, exact, strict=True)):
        spread = max(np.abs(other[k] - theirs).max() for other in nearby)
        tolerance = CONDITION.get(name, 1.0) * (spread + NOISE * (1 + np.abs(theirs).max()))
        found.append(np.abs(ours - theirs).max() / tolerance)
    return float(np.max(found))


def slightly_off(h: Hyperparameters, argument: str) -> Hyperparameters:
    """Return hyper-parameters one of which is a millionth off."""
    value = getattr(h, argument)
    return replace(h, **{argument: value * (1 + 1e-6) if value else 1e-6})
