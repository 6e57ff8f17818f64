# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Arguments out of range: the message names the argument, its value and what is allowed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from optim_training import NAMES, everything, numbers, of, optimizer, parameters, train

from momo import Momo, MomoAdam
from momo.optim import MomentumModelOptimizer

NAN, INF = float("nan"), float("inf")
CLASSES = [Momo, MomoAdam]

# Argument, what is wrong with it, and what the message says of it.
NUMBERS: dict[str, str] = {
    "lr": "lr >= 0",
    "weight_decay": "weight_decay >= 0, finite",
    "lb": "a finite number",
    "beta": "0 <= beta < 1",
    "eps": "eps > 0, finite",
}
NO_NUMBER: list[tuple[Any, str]] = [
    ("0.1", r"= '0\.1' is no number"),
    (None, "= None is no number"),
    (True, "= True is no number"),
    ([0.1], r"= \[0\.1\] is no number"),
    (1j, "= 1j is no number"),
    (np.ones(1), ".* is no number"),
    (np.bool_(True), ".* is no number"),
    (NAN, "= nan"),
    (np.float32(NAN), "= nan"),
    (torch.tensor(NAN), "= nan"),
    (torch.ones(2), r"is a torch\.float32 tensor of shape \(2,\)"),
    (torch.ones(0), r"is a torch\.float32 tensor of shape \(0,\)"),
    (torch.tensor(1j), r"is a torch\.complex64 tensor of shape \(\)"),
    (torch.tensor(True), r"is a torch\.bool tensor of shape \(\)"),
]
OUT_OF_RANGE: list[tuple[str, Any, str]] = [
    ("lr", -1e-9, r"= -1e-09 is out of range"),
    ("lr", -INF, "= -inf is out of range"),
    ("lr", torch.tensor(-0.5), r"= -0\.5 is out of range"),
    ("lr", torch.tensor([-0.5]), r"= -0\.5 is out of range"),
    ("weight_decay", -1e-9, r"= -1e-09 is out of range"),
    ("weight_decay", INF, "= inf is out of range"),
    ("weight_decay", torch.tensor(-1.0), r"= -1\.0 is out of range"),
    ("lb", INF, "= inf is out of range"),
    ("lb", -INF, "= -inf is out of range"),
    ("lb", torch.tensor(INF), "= inf is out of range"),
    ("beta", 1, r"= 1\.0 is out of range"),
    ("beta", 1.5, r"= 1\.5 is out of range"),
    ("beta", -0.1, r"= -0\.1 is out of range"),
    ("beta", torch.tensor(1.0), r"= 1\.0 is out of range"),
    ("eps", 0, r"= 0\.0 is out of range"),
    ("eps", -1e-8, r"= -1e-08 is out of range"),
    ("eps", INF, "= inf is out of range"),
]
OTHERS: list[tuple[str, Any, str]] = [
    ("bias_correction", 1, "bias_correction = 1; allowed: True or False"),
    ("bias_correction", None, "bias_correction = None; allowed: True or False"),
    ("use_fstar", "yes", "use_fstar = 'yes'; allowed: True or False"),
    ("divide", 0, "divide = 0; allowed: True or False"),
    ("foreach", "fast", "foreach = 'fast'; allowed: True or False"),
    ("fused", "fast", "fused = 'fast'; allowed: True or False"),
    ("state_dtype", "bfloat16", "state_dtype = 'bfloat16'; allowed: None, torch.bfloat16"),
    ("state_dtype", torch.int8, "state_dtype = torch.int8; allowed: None, torch.bfloat16"),
    ("kahan_sum", 1, "kahan_sum = 1; allowed: True or False"),
    ("kahan_sum", None, "kahan_sum = None; allowed: True or False"),
    ("max_norm", 0.0, r"max_norm = 0\.0; allowed: None, or a number above 0"),
    ("max_norm", float("nan"), r"max_norm = nan; allowed: None, or a number above 0"),
    ("max_norm", True, r"max_norm = True; allowed: None, or a number above 0"),
    ("max_norm", "1", r"max_norm = '1'; allowed: None, or a number above 0"),
    ("max_norm", torch.tensor(1.0), r"max_norm = tensor\(1\.\); allowed: None, or a number"),
    ("nonfinite", "ignore", "nonfinite = 'ignore'; allowed: 'skip' or 'raise'"),
    ("nonfinite", None, "nonfinite = None; allowed: 'skip' or 'raise'"),
    ("betas", 0.9, r"betas = 0\.9; allowed: a pair \(beta1, beta2\)"),
    ("betas", (0.9,), r"betas = \(0\.9,\); allowed: a pair"),
    ("betas", (0.9, 0.99, 0.999), r"betas = \(.*\); allowed: a pair"),
    ("betas", None, "betas = None; allowed: a pair"),
]


def named(kind: type, argument: str, value: Any) -> list[tuple[dict[str, Any], str]]:
    """Return the arguments that set it, and what the message calls it: Adam has two β."""
    if argument == "beta" and kind is MomoAdam:
        return [({"betas": (value, 0.9)}, "betas[0]"), ({"betas": (0.9, value)}, "betas[1]")]
    return [({argument: value}, argument)]


def cases() -> Iterator[Any]:
    numbers = [(argument, *case) for argument in NUMBERS for case in NO_NUMBER]
    for kind in CLASSES:
        names = {*inspect.signature(kind).parameters, "beta"}
        for argument, value, message in [*numbers, *OUT_OF_RANGE]:
            for changes, title in named(kind, argument, value) if argument in names else ():
                allowed = escape(NUMBERS[argument].replace("beta", title))
                text = rf"^{escape(title)} {message}.*; allowed: {allowed}"
                yield pytest.param(kind, changes, text, id=f"{kind.__name__}-{changes}")
        for argument, value, message in OTHERS:
            if argument in names:
                ident = f"{kind.__name__}-{argument}={value}"
                yield pytest.param(kind, {argument: value}, f"^{message}", id=ident)


def escape(text: str) -> str:
    return text.replace("[", r"\[").replace("]", r"\]")


def in_groups(changes: dict[str, Any]) -> dict[str, Any]:
    return {("momentum" if k == "beta" else k): v for k, v in changes.items()}


@pytest.mark.parametrize(("kind", "changes", "message"), list(cases()))
def test_an_argument_out_of_range_is_named_with_what_is_allowed(
    kind: type[MomentumModelOptimizer], changes: dict[str, Any], message: str
) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        kind(parameters(), **changes)
    with pytest.raises((ValueError, TypeError), match=message):
        kind([{"params": parameters(), **changes}])
    opt = train(kind(parameters()), range(1))
    opt.param_groups[0].update(in_groups(changes))
    untouched = everything(opt)
    with pytest.raises((ValueError, TypeError), match=message):
        opt.step(loss=1.0)
    assert str(everything(opt)) == str(untouched)  # NaN is not equal to itself, its text is


def test_every_argument_of_both_classes_is_checked() -> None:
    checked = {*NUMBERS, *(name for name, *_ in OTHERS)}
    # Process groups are torch.distributed's to check.
    free = {"params", "process_group", "shard_group"}
    for kind in CLASSES:
        assert set(inspect.signature(kind).parameters) - free <= checked


@pytest.mark.parametrize("lr", [INF, torch.tensor(INF), torch.tensor([INF])])
@pytest.mark.parametrize("kind", CLASSES)
def test_no_cap_and_weight_decay_exclude_each_other(
    kind: type[MomentumModelOptimizer], lr: Any
) -> None:
    with pytest.raises(
        ValueError, match=r"weight_decay = 0\.1 together with lr = inf; allowed: a f"
    ):
        kind(parameters(), lr=lr, weight_decay=0.1)
    opt = train(kind(parameters(), lr=lr), range(3))
    assert opt.last.cap == INF
    assert torch.isfinite(opt.last.step_size)


@pytest.mark.parametrize("second", [0.1, torch.tensor(0.1)])
@pytest.mark.parametrize("first", [INF, torch.tensor(INF)])
@pytest.mark.parametrize("kind", CLASSES)
def test_no_cap_is_for_all_groups_or_none(
    kind: type[MomentumModelOptimizer], first: Any, second: Any
) -> None:
    for lrs in ((first, second), (second, first)):
        groups = [{"params": parameters(), "lr": lr} for lr in lrs]
        with pytest.raises(ValueError, match=r"a finite lr in each group, or inf in all"):
            kind(groups)
    opt = train(kind([{"params": parameters(), "lr": first} for _ in range(2)]), range(2))
    assert all(torch.isfinite(p).all() for p in of(opt))


VALID: list[tuple[str, Any]] = [
    ("lr", 0),
    ("lr", 0.0),
    ("lr", np.float64(0.1)),
    ("lr", np.int64(1)),
    ("lr", torch.tensor(0.1)),
    ("lr", torch.tensor([0.1])),
    ("lr", torch.tensor(0.1, dtype=torch.bfloat16)),
    ("lr", torch.tensor(1)),
    ("weight_decay", 0),
    ("weight_decay", torch.tensor(0.1)),
    ("lb", -3),
    ("lb", torch.tensor([0.5], dtype=torch.float64)),
    ("lb", np.float32(0.5)),
    ("beta", 0),
    ("beta", torch.tensor(0.5)),
    ("betas", [0.9, 0.99]),
    ("betas", torch.tensor([0.5, 0.25])),
    ("betas", (0, 0)),
    ("eps", 1),
    ("foreach", True),
    ("fused", False),
    ("state_dtype", torch.bfloat16),
    ("kahan_sum", True),
    ("nonfinite", "raise"),
]


@pytest.mark.parametrize(("argument", "value"), VALID)
@pytest.mark.parametrize("kind", CLASSES)
def test_what_is_allowed_is_taken(
    kind: type[MomentumModelOptimizer], argument: str, value: Any
) -> None:
    if argument not in inspect.signature(kind).parameters:
        return
    opt = train(kind(parameters(), **{argument: value}), range(3))
    assert numbers(opt)["steps"] == 3
    assert all(torch.isfinite(p).all() for p in of(opt))
    assert all(torch.isfinite(v) for v in opt.last)
    assert all(v.shape == () and v.dtype is torch.float64 for v in opt.last)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", NAMES)
def test_lr_in_a_short_dtype_still_decays(name: str, dtype: torch.dtype) -> None:
    """In the dtype of lr itself, 1 + αλ would be 1: α = 2⁻⁴ and λ = 2⁻⁸ are exact in it."""
    decayed = []
    for lr in (torch.tensor(2.0**-4, dtype=dtype), 2.0**-4):
        opt = optimizer(name, parameters(), lr=lr, weight_decay=2.0**-8)
        train(opt, range(2))
        decayed.append((of(opt), opt.last))
    for p, q in zip(decayed[0][0], decayed[1][0], strict=True):
        # A few roundings of x, which is of order 1.
        torch.testing.assert_close(p, q, rtol=0, atol=4 * torch.finfo(torch.float32).eps)
    for ours, theirs in zip(decayed[0][1], decayed[1][1], strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=0)


@pytest.mark.parametrize("kind", CLASSES)
def test_what_torch_calls_otherwise_is_named(kind: type[MomentumModelOptimizer]) -> None:
    for name, instead in (("momentum", "beta"), ("amsgrad", "MomoAmsGrad")):
        if name not in inspect.signature(kind).parameters:
            with pytest.raises(TypeError, match=rf"argument {name!r}; .*\(.*\b{instead}\b.*\)$"):
                kind(parameters(), **{name: 0.9})


@pytest.mark.parametrize("value", [True, False, None])
@pytest.mark.parametrize(
    ("name", "instead"),
    [("maximize", "minimise -f"), ("capturable", "captured"), ("differentiable", "reference")],
)
@pytest.mark.parametrize("kind", CLASSES)
def test_what_torch_has_beyond_is_no_argument(
    kind: type[MomentumModelOptimizer], name: str, instead: str, value: Any
) -> None:
    with pytest.raises(TypeError, match=f"unexpected keyword argument {name!r}; .*{instead}"):
        kind(parameters(), **{name: value})
    assert name not in inspect.signature(kind).parameters
    group = kind([{"params": parameters(), name: False}]).param_groups[0]
    assert name not in group


def test_an_unknown_keyword_has_nothing_said_of_it() -> None:
    with pytest.raises(TypeError, match=r"'nestle'; allowed: lr, .*state_dtype$"):
        Momo(parameters(), nestle=True)
