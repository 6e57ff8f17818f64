"""Every part, in every combination that is drawn: the torch step is the reference's.

The named methods are rows of the table; here an optimizer is put together of parts that no row
combines. Each step starts from torch's own state, carried by both side by side, in float64.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from momo import reference as ref
from momo.optim import Choices, MomentumModelOptimizer, averaging, iterates, step_rules
from momo.optim import lower_bounds as bounds
from momo.optim import preconditioners as pre
from momo.optim.model import DECOUPLED, PROXIMAL
from momo.optim.products import L2, MAX, SUM, Product
from momo.reference import GroupedState, grouped, products
from momo.reference import averaging as ref_averaging
from momo.reference import iterates as ref_iterates
from momo.reference import lower_bounds as ref_bounds
from momo.reference import preconditioners as ref_pre
from momo.reference import step_rules as ref_rules

Array = NDArray[np.float64]
SHAPES: tuple[tuple[int, ...], ...] = ((3, 2), (4,), (2, 2), ())
FLOOR, LB = 0.5, -0.25


AVERAGINGS: dict[str, tuple[Any, Any]] = {
    "from_first": (averaging.FROM_FIRST, ref_averaging.EMA_FROM_FIRST),
    "from_zero": (averaging.FROM_ZERO, ref_averaging.EMA_FROM_ZERO),
    "lion": (averaging.LionAverage(0.8), ref_averaging.lion_average(0.8)),
}
RULES: dict[str, tuple[Any, Any]] = {
    "truncation": (None, ref_rules.TRUNCATION),
    "scaled": (
        step_rules.Scaled(step_rules.TRUNCATION, 0.4),
        ref_rules.Scaled(ref_rules.TRUNCATION, 0.4),
    ),
    "harmonic": (step_rules.HARMONIC, ref_rules.HARMONIC),
    "floor": (step_rules.Floored(FLOOR), ref_rules.Floored(FLOOR)),
    "growth": (step_rules.GrowthLimited(1.25), ref_rules.GrowthLimited(1.25)),
}
SEQUENCES: dict[str, tuple[Any, Any]] = {
    "plain": (None, ref_iterates.PLAIN),
    "iterate_averaging": (iterates.IterateAveraging(0.7), ref_iterates.IterateAveraging(0.7)),
    "schedule_free": (iterates.ScheduleFree(0.8), ref_iterates.ScheduleFree(0.8)),
    "schedule_free_uniform": (iterates.ScheduleFree(0.8, 0.0), ref_iterates.ScheduleFree(0.8, 0.0)),
    "random_scaling": (iterates.RandomScaling(7), ref_iterates.RandomScaling(7)),
}
BOUNDS: dict[str, tuple[Any, Any]] = {
    "constant": (bounds.Given(LB), ref_bounds.constant(LB)),
    "online": (bounds.Online(LB), ref_bounds.online(LB)),
    "running_mean": (bounds.RunningMean(LB), ref_bounds.running_mean(LB)),
    "per_batch": (bounds.Given(LB), ref_bounds.PerBatch()),
}
METRICS: dict[str, tuple[Any, Callable[[tuple[int, ...]], Any]]] = {
    "identity": (pre.Identity(), lambda shape: ref.IdentityPreconditioner()),
    "adam": (pre.AdamDiagonal(0.9, 1e-2), lambda shape: ref_pre.adam_preconditioner(0.9, 1e-2)),
    "sign": (pre.Sign(), lambda shape: ref_pre.SignPreconditioner()),
    "spectral": (pre.Spectral(), ref_pre.spectral),
}
PRODUCTS: dict[str, tuple[Product | None, Any]] = {
    "none": (None, None),
    "max": (MAX, products.MAX),
    "l2": (L2, products.L2),
    "sum": (SUM, products.SUM),
}


class Assembled(MomentumModelOptimizer):
    """An optimizer of given parts."""

    def __init__(self, params: Any, lr: float, weight_decay: float, **parts: Any) -> None:
        self.parts = parts
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay})

    def choices(self, group: dict[str, Any]) -> Choices:  # type: ignore[override]
        return Choices(lr=group["lr"], weight_decay=group["weight_decay"], **self.parts)


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
    current_loss: bool,
    seed: int,
) -> None:
    """Take eight steps with both forms, the reference from the points that torch has reached.

    The numbers that are carried are each form's own, so rounding adds up over the steps: a few
    units of roundoff of the largest thing that is averaged, over ``||d||²`` for τ. What is looked
    at is the step, so that a long one is measured by its own length.
    """
    rng = np.random.default_rng(seed)
    own, theirs = METRICS[chosen["metric"]]
    decay = (PROXIMAL, ref.PROXIMAL) if weight_decay < 0.1 else (DECOUPLED, ref.DECOUPLED)
    params = [torch.nn.Parameter(torch.tensor(rng.standard_normal(s))) for s in SHAPES]
    groups = [
        {"params": params[:2], "lr": lrs[0]},
        {"params": params[2:], "lr": lrs[1]},
    ]
    optimizer = Assembled(
        groups,
        lrs[0],
        weight_decay,
        beta=beta,
        averaging=AVERAGINGS[chosen["averaging"]][0],
        bound=BOUNDS[chosen["bound"]][0],
        preconditioner=own,
        decay=decay[0],
        rule=RULES[chosen["rule"]][0],
        iterates=SEQUENCES[chosen["sequence"]][0],
        product=PRODUCTS[chosen["product"]][0],
        current_loss=current_loss,
    )
    joint = grouped(
        *(
            ref.method(
                AVERAGINGS[chosen["averaging"]][1],
                theirs(shape),
                BOUNDS[chosen["bound"]][1],
                lrs[0] if index < 2 else lrs[1],
                beta,
                weight_decay,
                decay[1],
                RULES[chosen["rule"]][1],
                SEQUENCES[chosen["sequence"]][1],
                PRODUCTS[chosen["product"]][1],
                current_loss,
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
    current_loss=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_parts_together_make_the_references_step(
    chosen: dict[str, str],
    lrs: tuple[float, float],
    weight_decay: float,
    beta: float,
    current_loss: bool,
    seed: int,
) -> None:
    if math.isinf(lrs[0]):
        weight_decay = 0.0
    check(chosen, lrs, weight_decay, beta, current_loss, seed)


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


@pytest.mark.parametrize("chosen", EACH)
def test_state_goes_through_a_state_dict_bit_for_bit(chosen: dict[str, str]) -> None:
    rng = np.random.default_rng(0)
    parts = {
        "beta": 0.9,
        "averaging": AVERAGINGS[chosen["averaging"]][0],
        "bound": BOUNDS[chosen["bound"]][0],
        "preconditioner": METRICS[chosen["metric"]][0],
        "decay": PROXIMAL,
        "rule": RULES[chosen["rule"]][0],
        "iterates": SEQUENCES[chosen["sequence"]][0],
    }

    def steps(params: list[torch.nn.Parameter], optimizer: Any, samples: list[Any]) -> None:
        for loss, grads in samples:
            for p, g in zip(params, grads, strict=True):
                p.grad = torch.tensor(g)
            optimizer.step(loss=loss)

    samples = [
        (float(rng.uniform(0, 4)), [rng.standard_normal(s) for s in SHAPES]) for _ in range(6)
    ]
    params = [torch.nn.Parameter(torch.tensor(rng.standard_normal(s))) for s in SHAPES]
    optimizer = Assembled(params, 0.5, 0.0, **parts)
    steps(params, optimizer, samples[:3])
    others = [torch.nn.Parameter(p.detach().clone()) for p in params]
    resumed = Assembled(others, 0.5, 0.0, **parts)
    resumed.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    steps(params, optimizer, samples[3:])
    steps(others, resumed, samples[3:])
    assert all(torch.equal(a, b) for a, b in zip(params, others, strict=True))


@pytest.mark.parametrize("chosen", EACH)
def test_what_is_not_finite_changes_nothing(chosen: dict[str, str]) -> None:
    """On the masked path too, which devices other than the CPU take."""
    rng = np.random.default_rng(0)
    params = [torch.nn.Parameter(torch.tensor(rng.standard_normal(s))) for s in SHAPES]
    optimizer = Assembled(
        params,
        0.5,
        0.0,
        beta=0.9,
        averaging=AVERAGINGS[chosen["averaging"]][0],
        bound=BOUNDS[chosen["bound"]][0],
        preconditioner=METRICS[chosen["metric"]][0],
        decay=PROXIMAL,
        rule=RULES[chosen["rule"]][0],
        iterates=SEQUENCES[chosen["sequence"]][0],
    )
    finite = optimizer._finite
    optimizer._finite = lambda *seen: torch.as_tensor(finite(*seen))  # type: ignore[method-assign]
    for bad in (None, "loss", "gradient"):
        before = copy.deepcopy([*params, *optimizer.state.values()])
        for p in params:
            p.grad = torch.tensor(rng.standard_normal(p.shape))
        if bad == "gradient":
            params[0].grad[0, 0] = math.nan
        optimizer.step(loss=math.inf if bad == "loss" else 2.0)
        if bad is None:
            continue
        after = [*params, *optimizer.state.values()]
        for old, new in zip(before, after, strict=True):
            if isinstance(old, torch.Tensor):
                assert torch.equal(old, new)
                continue
            for name, value in old.items():
                if name not in ("last", "skipped"):
                    assert torch.equal(value, new[name]), name
    assert optimizer.skipped == 2
