# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Hypothesis strategies that the tests of `momo.reference` share.

Numbers are multiples of 1/250: their mantissas are full, so rounding shows, yet no number is
tiny unless it is 0, so a tolerance can be derived from the sizes of what is added up.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from momo.reference import (
    DECOUPLED,
    Given,
    Method,
    State,
    StepInfo,
    adam,
    momo,
    momo_adam,
    momo_adam_star,
    momo_star,
    prox_sps,
    sgd_m,
)

Array = NDArray[np.float64]
Shape = tuple[int, ...]

EPS = float(np.finfo(np.float64).eps)


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(round(250 * low), round(250 * high)).map(lambda i: i / 250)


def filled(
    shape: Shape | st.SearchStrategy[Shape], low: float, high: float
) -> st.SearchStrategy[Array]:
    return arrays(np.float64, shape, elements=numbers(low, high), fill=st.nothing())


def vectors(shape: Shape) -> st.SearchStrategy[Array]:
    return filled(shape, -4, 4)


dimensions = st.integers(1, 5)
betas = st.one_of(st.sampled_from([0.0, 0.5, 0.9]), numbers(0, 0.98))
lrs = numbers(0.004, 5)
weight_decays = st.one_of(st.just(0.0), numbers(0.004, 1))
batch_shapes = st.lists(st.integers(1, 3), max_size=3).map(tuple)


@st.composite
def sub_shapes(draw: st.DrawFn, shape: Shape) -> Shape:
    """Shapes that broadcast to ``shape``: leading axes dropped, others replaced by 1."""
    kept = shape[draw(st.integers(0, len(shape))) :]
    return tuple(draw(st.sampled_from([1, size])) for size in kept)


@dataclass(frozen=True)
class Samples:
    """What a method sees: any points, losses, gradients and bounds, first axis the step."""

    points: Array
    losses: Array
    grads: Array
    bounds: Array

    def __len__(self) -> int:
        return len(self.losses)


@st.composite
def samples(
    draw: st.DrawFn,
    shape: Shape = (),
    dims: st.SearchStrategy[int] = dimensions,
    max_steps: int = 5,
) -> Samples:
    steps, n = draw(st.integers(1, max_steps)), draw(dims)
    return Samples(
        points=draw(vectors((steps, *shape, n))),
        losses=draw(filled((steps, *shape), -1, 6)),
        grads=draw(vectors((steps, *shape, n))),
        bounds=draw(filled((steps, *shape), -2, 2)),
    )


@dataclass(frozen=True)
class Step:
    """One step: the point it was taken from, and all that the method returned."""

    x: Array
    x_next: Array
    state: State
    info: StepInfo


@dataclass(frozen=True)
class PerBatch(Given):
    """A bound that comes with each batch: the runs below bring it, for this one alone."""


def run(method: Method, seen: Samples, follow: bool = True) -> list[Step]:
    """Take every step, each from the last one's result or (not ``follow``) from the next point."""
    steps: list[Step] = []
    x, state = seen.points[0], State()
    per_batch = isinstance(method.lower_bound, PerBatch)
    for k in range(len(seen)):
        x = x if follow else seen.points[k]
        bound = seen.bounds[k] if per_batch else None
        x_next, state, info = method.step(
            state, x, seen.losses[k], seen.grads[k], lower_bound=bound
        )
        steps.append(Step(x, x_next, state, info))
        x = x_next
    return steps


BETA2 = 0.99
ADAM_EPS = 1e-4

Build = Callable[..., Method]


def _adam_like(base: Callable[..., Method], **fixed: Any) -> Build:
    return lambda lr, beta, weight_decay: base(
        lr, (beta, BETA2), eps=ADAM_EPS, weight_decay=weight_decay, **fixed
    )


METHODS: dict[str, Build] = {
    "momo": momo,
    "momo_per_batch": lambda lr, beta, weight_decay: momo(lr, beta, weight_decay, PerBatch()),
    "momo_star": lambda lr, beta, weight_decay: momo_star(lr, beta, weight_decay, lb=-0.5),
    "momo_adam": _adam_like(momo_adam),
    "momo_adam_per_batch": _adam_like(momo_adam, lower_bound=PerBatch()),
    "momo_adam_star": _adam_like(momo_adam_star, lb=-0.5),
    "prox_sps": lambda lr, beta, weight_decay: prox_sps(lr, weight_decay),
    "sgd_m": sgd_m,
    "adam": _adam_like(adam),
}
TRUNCATED = [name for name in METHODS if name not in ("sgd_m", "adam")]
CAPPED = ["sgd_m", "adam"]
DECOUPLABLE = [name for name in METHODS if name != "prox_sps"]


def decoupled(method: Method) -> Method:
    return replace(method, decay=DECOUPLED)


def arrays_of(record: Any) -> dict[str, Array]:
    """The array fields of a state or info, by name, and what a bound remembers."""
    named = record._asdict() if isinstance(record, tuple) else vars(record)
    memory = named["lower_bound"]
    if isinstance(memory, tuple):
        named = named | {f"lower_bound[{i}]": value for i, value in enumerate(memory)}
    return {
        name: value for name, value in named.items() if isinstance(value, (np.ndarray, np.floating))
    }


def assert_same_move(
    x: Array, ours: Array, theirs: Array, taus: tuple[float, float], shrink: float
) -> None:
    """Two steps from x along one direction, of sizes ``taus``, differ only by these and rounding.

    ``x - (1+αλ) x^{k+1}`` is τ times the direction; a dozen operations make either point.
    """
    moved = np.abs(x - shrink * ours)
    change = abs(taus[0] - taus[1]) / taus[0] if taus[0] > 0 else 0.0
    tol = change * moved + 16 * EPS * (np.abs(x) + moved)
    if taus[0] > 0 or taus[1] == 0:
        assert np.all(shrink * np.abs(theirs - ours) <= tol)
