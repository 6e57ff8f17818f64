# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every NumPy method is its oracle to rounding over 60 steps, with all choices of its arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from oracle_sixty import (
    CHOICES,
    ENDS,
    IDS,
    SHAPES,
    WITHIN,
    Array,
    apart,
    ascent,
    oracle,
    samples,
    start,
)

from momo.methods import METHODS, Hyperparameters
from momo.reference import GroupedState, grouped


def reference(name: str, h: Hyperparameters, options: dict[str, Any]) -> list[Array]:
    """Return the points of a row's NumPy form; every parameter is a group."""
    joint = grouped(*(METHODS[name].reference(h, shape, **options) for shape in SHAPES))
    points, state = [start()], GroupedState()
    for sample in samples():
        loss, grad = METHODS[name].seen(sample, **ascent(name, options))(points[-1])
        cut = [np.split(a, ENDS) for a in (points[-1], grad)]
        xs, state, _ = joint.step(state, cut[0], loss, cut[1])
        points.append(np.concatenate(xs))
    return points


@pytest.mark.parametrize(("name", "h", "options"), CHOICES, ids=IDS)
def test_a_method_is_its_oracle(name: str, h: Hyperparameters, options: dict[str, Any]) -> None:
    assert apart(reference(name, h, options), oracle(name, h, options)) <= WITHIN
