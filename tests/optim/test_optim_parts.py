# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Every part, in every combination that is drawn: the torch step is the reference's.

The named methods are rows of the table; here an optimizer is put together of parts that no row
combines. Each step starts from torch's own state, carried by both side by side, in float64.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from optim_assembled import Assembled

from momo.core import parts, products
from momo.core.parts import DECOUPLED, PROXIMAL
from momo.core.products import Product
from momo.optim import iterates
from momo.optim import preconditioners as pre
from momo.optim.reading import as_on_a_device
from momo.optim.state import KEPT, MODEL
from momo.reference import GroupedState, grouped, method
from momo.reference import iterates as ref_iterates
from momo.reference import preconditioners as ref_pre

Array = NDArray[np.float64]
SHAPES: tuple[tuple[int, ...], ...] = ((3, 2), (4,), (2, 2), ())
FLOOR, LB = 0.5, -0.25


AVERAGINGS: dict[str, Any] = {
    "from_first": parts.FROM_FIRST,
    "from_zero": parts.FROM_ZERO,
    "lion": parts.LionAverage(0.8),
}
RULES: dict[str, Any] = {
    "truncation": parts.TRUNCATION,
    "scaled": parts.Scaled(parts.TRUNCATION, 0.4),
    "harmonic": parts.HARMONIC,
    "floor": parts.Floored(FLOOR),
    "floor_first": parts.Floored(0.0),
    "growth": parts.GrowthLimited(1.25),
    "growth_start": parts.GrowthLimited(1.25, 0.3),
}
SEQUENCES: dict[str, tuple[Any, Any]] = {
    "plain": (parts.PLAIN, parts.PLAIN),
    "iterate_averaging": (iterates.IterateAveraging(0.7), ref_iterates.IterateAveraging(0.7)),
    "anytime": (iterates.AnytimeAveraging(), ref_iterates.AnytimeAveraging()),
    "schedule_free": (iterates.ScheduleFree(0.8), ref_iterates.ScheduleFree(0.8)),
    "schedule_free_weighted": (
        iterates.ScheduleFree(0.8, 1.0),
        ref_iterates.ScheduleFree(0.8, 1.0),
    ),
    "random_scaling": (iterates.RandomScaling(7), ref_iterates.RandomScaling(7)),
}
BOUNDS: dict[str, Any] = {
    "constant": parts.Given(LB),
    "online": parts.Online(LB),
    "running_mean": parts.RunningMean(LB),
    "decrease_mean": parts.DecreaseMean(LB),
    "per_batch": parts.Given(LB),
}
METRICS: dict[str, tuple[Any, Callable[[tuple[int, ...]], Any]]] = {
    "identity": (pre.Identity(), lambda shape: ref_pre.Identity()),
    "adam": (pre.AdamDiagonal(0.9, 1e-2), lambda shape: ref_pre.AdamDiagonal(0.9, 1e-2)),
    "sign": (pre.Sign(), lambda shape: ref_pre.Sign()),
    "spectral": (pre.Spectral(), ref_pre.Spectral),
}
PRODUCTS: dict[str, Product | None] = {
    "none": None,
    "max": products.MAX,
    "l2": products.L2,
    "sum": products.SUM,
}


@st.composite
def assemblies(draw: st.DrawFn) -> dict[str, str]:
    return {
        "averaging": draw(st.sampled_from(sorted(AVERAGINGS))),
        "rule": draw(st.sampled_from(sorted(RULES))),
        "sequence": draw(st.sampled_from(sorted(SEQUENCES))),
        "bound": draw(st.sampled_from(sorted(BOUNDS))),
        "metric": draw(st.sampled_from(sorted(METRICS))),
        "product": draw(st.sampled_from(sorted(PRODUCTS))),
    }


def check(
    chosen: dict[str, str],
    lrs: tuple[float, float],
    weight_decay: float,
    beta: float,
    newest: bool,
    seed: int,
) -> None:
    """Take eight steps with both forms, the reference from the points that torch has reached.

    The numbers that are carried are each form's own, so rounding adds up over the steps: a few
    units of roundoff of the largest thing that is averaged, over ``||d||²`` for τ. What is looked
    at is the step, so that a long one is measured by its own length.
    """
    rng = np.random.default_rng(seed)
    own, theirs = METRICS[chosen["metric"]]
    same = {
        "averaging": AVERAGINGS[chosen["averaging"]],
        "lower_bound": BOUNDS[chosen["bound"]],
        "decay": PROXIMAL if weight_decay < 0.1 else DECOUPLED,
        "step_rule": RULES[chosen["rule"]],
        "product": PRODUCTS[chosen["product"]],
        "linearisation": parts.newest if newest else parts.averaged,
        "beta": beta,
    }
    sequence = SEQUENCES[chosen["sequence"]]
    params = [torch.nn.Parameter(torch.tensor(rng.standard_normal(s))) for s in SHAPES]
    groups = [
        {"params": params[:2], "lr": lrs[0]},
        {"params": params[2:], "lr": lrs[1]},
    ]
    optimizer = Assembled(
        groups, lrs[0], weight_decay, preconditioner=own, iterates=sequence[0], **same
    )
    joint = grouped(
        *(
            method(
                preconditioner=theirs(shape),
                lr=lrs[0] if index < 2 else lrs[1],
                weight_decay=weight_decay,
                iterates=sequence[1],
                **same,
            )
            for index, shape in enumerate(SHAPES)
        )
    )
    state, size = GroupedState(), 1.0
    for k in range(8):
        x = tuple(p.detach().numpy().ravel().copy() for p in params)
        grads: list[Array | None] = [rng.standard_normal(a.size) for a in x]
        if k in (3, 4):
            grads[1] = None
        loss = float(rng.uniform(0, 4))
        sample = {"lb": float(rng.uniform(-1, 0))} if chosen["bound"] == "per_batch" else {}
        for p, g in zip(params, grads, strict=True):
            p.grad = None if g is None else torch.tensor(g.reshape(p.shape))
        optimizer.step(loss=loss, **sample)
        expected, state, info = joint.step(state, x, loss, grads, lower_bound=sample.get("lb"))
        last = optimizer.last
        assert last is not None
        size = max(size, *(float(np.abs(a).max()) for a in (*x, *expected)))
        length = float(info.dual_norm_sq)
        # 32 numbers are added up, k+1 times; the matrices' roots lose a hundred units more.
        error = 1e-12 * (k + 1) * size * (1 + size)
        assert math.isclose(float(last.value), float(info.value), abs_tol=error)
        assert math.isclose(float(last.lower_bound), float(info.lower_bound), abs_tol=error)
        slack = error / max(length, 1e-3) + 1e-12 * float(info.step_size)
        assert math.isclose(float(last.step_size), float(info.step_size), abs_tol=slack)
        for p, a, b in zip(params, expected, x, strict=True):
            moved = np.abs(a - b).max(initial=0)
            tolerance = error * (1 + 1 / max(length, 1e-3)) + 1e-11 * moved
            np.testing.assert_allclose(p.detach().numpy().ravel(), a, rtol=0, atol=tolerance)


@settings(max_examples=200)
@given(
    chosen=assemblies(),
    lrs=st.sampled_from([(0.05, 0.05), (0.5, 0.125), (4.0, 2.0), (math.inf, math.inf)]),
    weight_decay=st.sampled_from([0.0, 0.01, 0.2]),
    beta=st.sampled_from([0.0, 0.5, 0.9]),
    newest=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_parts_together_make_the_references_step(
    chosen: dict[str, str],
    lrs: tuple[float, float],
    weight_decay: float,
    beta: float,
    newest: bool,
    seed: int,
) -> None:
    if math.isinf(lrs[0]):
        weight_decay = 0.0
    check(chosen, lrs, weight_decay, beta, newest, seed)


PLAIN_PARTS = {
    "averaging": "from_first",
    "rule": "truncation",
    "sequence": "plain",
    "bound": "constant",
    "metric": "identity",
    "product": "none",
}
EACH = [
    pytest.param({**PLAIN_PARTS, kind: name}, id=f"{kind}-{name}")
    for kind, table in (
        ("averaging", AVERAGINGS),
        ("rule", RULES),
        ("sequence", SEQUENCES),
        ("bound", BOUNDS),
        ("metric", METRICS),
    )
    for name in table
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("chosen", EACH)
def test_each_part_alone(chosen: dict[str, str], seed: int) -> None:
    check(chosen, (0.5, 0.125), 0.0, 0.9, False, seed)


def of(chosen: dict[str, str]) -> dict[str, Any]:
    return {
        "beta": 0.9,
        "averaging": AVERAGINGS[chosen["averaging"]],
        "lower_bound": BOUNDS[chosen["bound"]],
        "preconditioner": METRICS[chosen["metric"]][0],
        "step_rule": RULES[chosen["rule"]],
        "iterates": SEQUENCES[chosen["sequence"]][0],
    }


@pytest.mark.parametrize("chosen", EACH)
def test_state_goes_through_a_state_dict_bit_for_bit(chosen: dict[str, str]) -> None:
    rng = np.random.default_rng(0)
    own = of(chosen)

    def steps(params: list[torch.nn.Parameter], optimizer: Any, samples: list[Any]) -> None:
        for loss, grads in samples:
            for p, g in zip(params, grads, strict=True):
                p.grad = torch.tensor(g)
            optimizer.step(loss=loss)

    samples = [
        (float(rng.uniform(0, 4)), [rng.standard_normal(s) for s in SHAPES]) for _ in range(6)
    ]
    params = [torch.nn.Parameter(torch.tensor(rng.standard_normal(s))) for s in SHAPES]
    optimizer = Assembled(params, 0.5, 0.0, **own)
    steps(params, optimizer, samples[:3])
    others = [torch.nn.Parameter(p.detach().clone()) for p in params]
    resumed = Assembled(others, 0.5, 0.0, **own)
    resumed.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    steps(params, optimizer, samples[3:])
    steps(others, resumed, samples[3:])
    assert all(torch.equal(a, b) for a, b in zip(params, others, strict=True))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("chosen", EACH)
def test_what_is_not_finite_changes_nothing(chosen: dict[str, str], masked: bool) -> None:
    """On the masked path too, which devices other than the CPU take."""
    rng = np.random.default_rng(0)
    params = [torch.nn.Parameter(torch.tensor(rng.standard_normal(s))) for s in SHAPES]
    optimizer = Assembled(params, 0.5, 0.0, **of(chosen))
    for bad in (None, "loss", "gradient"):
        before = copy.deepcopy([*params, *optimizer.state.values()])
        for p in params:
            p.grad = torch.tensor(rng.standard_normal(p.shape))
        if bad == "gradient":
            params[0].grad[0, 0] = math.nan
        with as_on_a_device() if masked else nullcontext():
            optimizer.step(loss=math.inf if bad == "loss" else 2.0)
        if bad is None:
            continue
        after = [*params, *optimizer.state.values()]
        for old, new in zip(before, after, strict=True):
            if isinstance(old, torch.Tensor):
                assert torch.equal(old, new)
                continue
            for name, value in old.items():
                kept = KEPT if name == MODEL else ...
                assert torch.equal(value[kept], new[name][kept]), name
    assert optimizer.skipped == 2
