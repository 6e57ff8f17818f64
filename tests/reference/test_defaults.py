# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the reference's constructors take where nothing is said, against a table."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from momo import reference as ref
from momo.reference import preconditioners

ADAM = {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0, "decay": ref.PROXIMAL}
MOMO = {"lr": 1.0, "beta": 0.9, "weight_decay": 0.0, "decay": ref.PROXIMAL}
DEFAULTS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (ref.momo, {**MOMO, "lower_bound": None}),
    (ref.momo_star, {**MOMO, "lb": 0.0}),
    (ref.momo_adam, {**ADAM, "lr": 1e-2, "lower_bound": None}),
    (ref.momo_adam_star, {**ADAM, "lr": 1e-2, "lb": 0.0}),
    (ref.prox_sps, {"lr": 1.0, "weight_decay": 0.0, "lower_bound": None}),
    (ref.sgd_m, {"beta": 0.9, "weight_decay": 0.0, "decay": ref.PROXIMAL}),
    (ref.adam, {**ADAM, "lr": 1e-3}),
    (preconditioners.AdamDiagonal, {"beta2": 0.999, "eps": 1e-8}),
    (preconditioners.AdamFromFirst, {"decay": 0.95, "eps": 1e-8}),
    (preconditioners.AdaptiveHeavyBall, {"delta": 1e-3}),
    (preconditioners.Displacement, {"beta": 0.99, "mu": 100.0}),
    (preconditioners.AmsGradDiagonal, {"beta2": 0.999, "eps": 1e-8}),
    (preconditioners.AdaBeliefDiagonal, {"beta2": 0.999, "eps": 1e-16}),
    (preconditioners.AdaGradDiagonal, {"eps": 1e-10}),
    (preconditioners.Factored, {"exponent": 0.8, "eps": 1e-30}),
    (preconditioners.Soap, {"beta2": 0.95, "eps": 1e-8, "frequency": 10, "max_size": 10000}),
    (
        preconditioners.Spectral,
        {"way": "newton_schulz", "radius": "one", "eps": 1e-7, "steps": 5, "stale_norm": False},
    ),
    (ref.LionAverage, {"beta2": 0.99}),
    (ref.Given, {"lb": 0.0}),
    (ref.Online, {"lb": 0.0}),
    (ref.RunningMean, {"lb": 0.0}),
    (ref.DecreaseMean, {"lb": 0.0}),
    (ref.RandomScaling, {"seed": 0}),
    (ref.ScheduleFree, {"power": 0.0}),
]


@pytest.mark.parametrize(("make", "expected"), DEFAULTS, ids=[m.__name__ for m, _ in DEFAULTS])
def test_defaults_are_those_of_the_table(
    make: Callable[..., Any], expected: dict[str, Any]
) -> None:
    parameters = inspect.signature(make).parameters.values()
    assert {p.name: p.default for p in parameters if p.default is not p.empty} == expected


def test_a_method_put_together_has_momentum_and_decay_of_none() -> None:
    one = ref.method(ref.FROM_FIRST, ref.Identity(), ref.Given(), lr=1.0)
    assert (one.beta, one.weight_decay, one.product) == (0, 0, None)
    assert one.linearisation is ref.averaged


def test_only_norms_are_unit() -> None:
    shown = (getattr(preconditioners, name) for name in preconditioners.__all__)
    unit = {each.__name__ for each in shown if getattr(each, "unit", False) is True}
    assert unit == {"Sign", "Spectral"}
