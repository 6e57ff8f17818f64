# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Sixty steps of every method, with every choice of its arguments, for its oracle.

The batches are consistent least squares: a step towards the bound of one of them takes no two
points apart, so rounding stays what it is, and 1e-13 of the points' size can be asked for: 450
units in the last place after 60 steps of some ten operations each.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import asdict, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from momo.methods import METHODS, Hyperparameters, Row, Shape
from momo.reference import CAPPED
from momo.reference.paper import Sample
from momo.reference.sources import ORACLES

Array = NDArray[np.float64]

STEPS, WITHIN = 60, 1e-13
SHAPES: tuple[Shape, ...] = ((3, 4), (4, 2), (5,))
SIZE = sum(map(prod, SHAPES))
ENDS = np.cumsum([prod(shape) for shape in SHAPES])[:-1]
LRS, DECAYS = (0.02, 4.0), (0.0, 0.1)
"""α that caps most steps, and one that caps few; λ."""
ALWAYS_CAPPED = (0.02, 0.2)
"""α of a method without truncation, which a long step would take to infinity."""


def start() -> Array:
    """Return where all runs start."""
    return np.random.default_rng(0).standard_normal(SIZE)


def samples() -> list[Sample]:
    """Return the batches: ``½ mean (A x - b)²``, with a common solution."""
    solution = np.random.default_rng(1).standard_normal(SIZE)

    def sample(k: int) -> Sample:
        A = np.random.default_rng([2, k]).standard_normal((8, SIZE)) / SIZE**0.5

        def at(x: Array) -> tuple[float, Array]:
            r = A @ (x - solution)
            return 0.5 * float(r @ r) / len(r) + 0.3, A.T @ r / len(r)

        return at

    return [sample(k) for k in range(STEPS)]


def choices(row: Row) -> Iterator[tuple[Hyperparameters, dict[str, Any]]]:
    """Yield all hyper-parameters and options of a row that are compared."""
    near = replace(row.defaults, lb=0.3, eps=max(row.defaults.eps, 1e-8))
    decays = DECAYS if "weight_decay" in row.arguments else (0.0,)
    for options in ({}, *row.options):
        yield near, dict(options)
        capped = row.reference(near, (1,)).step_rule is CAPPED
        for lr in ALWAYS_CAPPED if capped else LRS:
            for decay in decays:
                yield replace(near, lr=lr, weight_decay=decay, beta2=0.9), dict(options)


CHOICES = [(name, h, options) for name, row in METHODS.items() for h, options in choices(row)]
IDS = [
    f"{name}-lr={h.lr:g}-decay={h.weight_decay:g}-{options or 'defaults'}-{n}"
    for n, (name, h, options) in enumerate(CHOICES)
]


def oracle(name: str, h: Hyperparameters, options: dict[str, Any]) -> list[Array]:
    """Return the points of a row's oracle."""
    values = {**asdict(h), "betas": (h.beta, h.beta2), "shapes": SHAPES, **options}
    known = inspect.signature(ORACLES[name]).parameters
    given = {n: value for n, value in values.items() if n in known}
    assert set(options) <= set(given), f"the oracle does not know {set(options) - set(given)}"
    return [start(), *ORACLES[name](start(), samples(), **given)]


def ascent(name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that say where a row's samples are taken; none, if that is at x."""
    return options if METHODS[name].ascent is not None else {}


def apart(ours: list[Array], theirs: list[Array]) -> float:
    """Return how far runs are apart, over the size of their points."""
    assert len(ours) == len(theirs) == STEPS + 1
    size = max(np.abs(x).max() for x in theirs)
    assert np.abs(theirs[-1] - theirs[0]).max() > 0  # the run moves
    return float(max(np.abs(a - b).max() for a, b in zip(ours, theirs, strict=True)) / size)
