# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A run is what its hash says; wrong values are refused before anything happens."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields, replace
from typing import Any

import pytest
from experiments_runs import quick, workload

from experiments.config import Changes, Run, grid, identity, is_plain, plan, preset_name, product


def test_the_id_of_a_run_stays_what_it_is() -> None:
    # Records of old would no longer be found if this changed.
    run = Run(
        workload="w", scale={"width": 3, "data": "d"}, method="momo", lr=0.1, beta=0.9, beta2=None,
        eps=None, weight_decay=0.0, lb=0.0, schedule="constant", warmup=0.0, clip=None, epochs=2,
        batch_size=8, seed=1, init_seed=1,
    )  # fmt: skip
    assert run.id == "6a10c9eb5f0843b7"


@pytest.mark.parametrize("name", [field.name for field in fields(Run)])
def test_every_field_is_a_part_of_the_identity(name: str) -> None:
    run = quick()
    value = getattr(run, name)
    other: Any = {"scale": {**run.scale, "more": 1}, "precision": "bfloat16"}.get(name)
    if other is None:
        other = value + "x" if isinstance(value, str) else (value or 0.0) + 1
    assert replace(run, **{name: other}).id != run.id


def test_the_id_survives_json() -> None:
    run = quick(clip=math.inf)
    assert identity(json.loads(json.dumps(asdict(run)))) == run.id


def test_what_is_not_said_is_the_presets_and_the_methods_own() -> None:
    run = quick("momo_adam", lr=1e-2)
    preset = workload().presets["smoke"]
    assert (run.lb, run.weight_decay, run.epochs) == (preset.lb, preset.weight_decay, preset.epochs)
    assert (run.beta, run.beta2, run.eps) == (0.9, 0.999, 1e-8)
    assert quick("sgd_m").lb is None
    assert is_plain(workload(), run)
    assert not is_plain(workload(), replace(run, beta=0.5))


def test_a_preset_is_called_by_the_largest_name_that_it_has() -> None:
    presets = workload().presets
    assert presets["small"] is presets["paper"]
    small = plan(workload(), "small", "momo", 1.0)
    assert small.id == plan(workload(), "paper", "momo", 1.0).id
    assert preset_name(workload(), small) == "paper"
    assert preset_name(workload(), replace(small, scale={"other": 1})) == "other"
    assert not is_plain(workload(), replace(small, scale={"other": 1}))


def test_seeds_differ_in_the_start_unless_that_is_asked_for() -> None:
    assert quick(seed=2).init_seed == 2
    assert quick(seed=2, same_init=True).init_seed == 0
    assert quick(seed=0, same_init=True).id == quick(seed=0).id
    assert not is_plain(workload(), quick(seed=2, same_init=True))


def test_a_product_has_every_combination_once() -> None:
    runs = product(workload(), "smoke", ("momo", "adam"), (0.1, 1.0), (0, 1))
    assert len({run.id for run in runs}) == len(runs) == 8
    assert {(r.method, r.lr, r.seed) for r in runs} == {
        (m, lr, s) for m in ("momo", "adam") for lr in (0.1, 1.0) for s in (0, 1)
    }
    own = product(workload(), "smoke", seeds=(0,))
    assert len(own) == sum(len(grid(workload(), "smoke", m)) for m in workload().methods)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lr": -1.0}, "lr = -1.0; allowed: above 0"),
        ({"lr": math.nan}, "lr = nan"),
        ({"seed": -1}, "seed = -1"),
        ({"method": "momoo"}, "momo"),
        ({"method": "adam", "lb": 0.0}, "does not use it"),
        ({"beta": 1.0}, "beta = 1.0"),
        ({"epochs": 0}, "epochs = 0"),
        ({"batch_size": 0}, "batch_size = 0"),
        ({"warmup": 1.0}, "warmup = 1.0"),
        ({"clip": 0.0}, "clip = 0.0"),
        ({"schedule": "cosin"}, "schedule = 'cosin'"),
        ({"precision": "float16"}, "precision = 'float16'"),
    ],
)
def test_a_wrong_value_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        quick(**wrong)


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(ValueError, match="preset = 'large' of synthetic_least_squares; allowed"):
        plan(workload(), "large", "momo", 1.0, changes=Changes())
