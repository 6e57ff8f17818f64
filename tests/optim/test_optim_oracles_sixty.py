# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every torch class is its oracle to rounding over 60 steps, with all choices of its arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from oracle_closure import closure_of
from oracle_sixty import CHOICES, ENDS, IDS, SHAPES, WITHIN, Array, apart, oracle, samples, start

from momo.methods import METHODS, Hyperparameters


def trajectory(name: str, h: Hyperparameters, options: dict[str, Any]) -> list[Array]:
    """Return the points of a row's torch form, in float64."""
    row = METHODS[name]

    def cut(whole: Array) -> list[torch.Tensor]:
        parts = zip(np.split(whole, ENDS), SHAPES, strict=True)
        return [torch.tensor(part.reshape(shape)) for part, shape in parts]

    params = [torch.nn.Parameter(part) for part in cut(start())]
    optimizer = row.torch_class()(params, **{**row.torch_arguments(h), **options})
    points = [start()]
    for sample in samples():
        optimizer.step(closure_of(params, sample, cut))
        points.append(np.concatenate([p.detach().numpy().reshape(-1) for p in params]))
    return points


@pytest.mark.parametrize(("name", "h", "options"), CHOICES, ids=IDS)
def test_a_class_is_its_oracle(name: str, h: Hyperparameters, options: dict[str, Any]) -> None:
    assert apart(trajectory(name, h, options), oracle(name, h, options)) <= WITHIN
