# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A small seeded problem, the optimizers of the table on it, and snapshots to the bit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import Parameter

from momo.methods import PAPER as METHODS
from momo.methods import Hyperparameters, Row
from momo.optim import MomentumModelOptimizer
from momo.optim.state import NUMBERS, find_model

NAMES = list(METHODS)
SHAPES = ((3, 2), (4,), (), (2, 1, 3))
TUNED = Hyperparameters(lr=0.3, beta=0.8, weight_decay=0.05, beta2=0.9, eps=1e-6, lb=-0.1)
"""With these some steps on `batch_loss` are capped and others are not."""

Absent = Callable[[int, int], bool]
"""Whether a batch, by its number, leaves out a parameter, by its index."""


def parameters(
    dtype: torch.dtype = torch.float32,
    device: str = "cpu",
    shapes: Sequence[tuple[int, ...]] = SHAPES,
) -> list[Parameter]:
    made = [_numbers(i, shape, dtype) for i, shape in enumerate(shapes)]
    return [Parameter(x.to(device, copy=True)) for x in made]


def optimizer(
    name: str, params: Any, h: Hyperparameters = TUNED, **changes: Any
) -> MomentumModelOptimizer:
    row: Row = METHODS[name]
    return row.torch_class()(params, **{**row.torch_arguments(h), **changes})


def of(opt: torch.optim.Optimizer) -> list[Parameter]:
    """Return the parameters of an optimizer, in order."""
    return [p for group in opt.param_groups for p in group["params"]]


def numbers(opt: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Return what is kept of the model, by name: views, through which it can be changed."""
    model = find_model(opt.state)
    assert model is not None
    return dict(zip(NUMBERS, model.unbind(), strict=False))


def batch_loss(params: Iterable[Tensor], batch: int, absent: Absent | None = None) -> Tensor:
    """Return the means of ``|a_i (x_i - s_i) - b_i|²``, summed over i; a and b are the batch's."""
    total = torch.zeros((), dtype=torch.float64)
    for i, x in enumerate(params):
        if absent is None or not absent(batch, i):
            work = torch.promote_types(x.dtype, torch.float32)
            a, b, s = (
                _numbers(seed, tuple(x.shape), work).to(x.device)
                for seed in (1000 * (batch + 1) + i, 1000 * (batch + 1) + 500 + i, 500 + i)
            )
            residual = a * (x.to(work) - s) - 0.2 * b
            total = total.to(x.device) + residual.abs().square().mean()
    return total


def backward(
    opt: torch.optim.Optimizer, batch: int = 0, absent: Absent | None = None, scale: float = 1.0
) -> Tensor:
    """Leave the gradients of a batch in the parameters, and return its loss."""
    opt.zero_grad()
    loss = scale * batch_loss(of(opt), batch, absent)
    if loss.requires_grad:
        loss.backward()
    return loss.detach()


def train(
    opt: MomentumModelOptimizer, batches: Iterable[int], absent: Absent | None = None
) -> MomentumModelOptimizer:
    for batch in batches:
        opt.step(loss=backward(opt, batch, absent))
    return opt


def bits(value: Any) -> Any:
    """Return something that is equal for tensors of equal bits, dtype and shape; else the value."""
    if not isinstance(value, Tensor):
        return value
    flat = value.detach().cpu().contiguous().reshape(-1)
    return value.dtype, tuple(value.shape), flat.view(torch.uint8).numpy().tobytes()


def snapshot(opt: torch.optim.Optimizer) -> dict[str, Any]:
    """Return parameters and state, to the bit; the state by the number of the parameter."""
    numbers = {p: i for i, p in enumerate(of(opt))}
    return {
        "params": [bits(p) for p in of(opt)],
        "state": {
            numbers.get(key, key): {name: bits(v) for name, v in entry.items()}
            for key, entry in opt.state.items()
        },
    }


def everything(opt: torch.optim.Optimizer) -> dict[str, Any]:
    """Return a snapshot with all that a failed call has to leave as it was."""
    groups = [
        {name: [id(p) for p in v] if name == "params" else bits(v) for name, v in group.items()}
        for group in opt.param_groups
    ]
    grads = [None if p.grad is None else bits(p.grad) for p in of(opt)]
    hooks = {name: list(v) for name, v in vars(opt).items() if name.endswith("_hooks")}
    defaults = {name: bits(v) for name, v in opt.defaults.items()}
    return {
        **snapshot(opt),
        "groups": groups,
        "grads": grads,
        "hooks": hooks,
        "defaults": defaults,
    }


def trajectory(
    opt: MomentumModelOptimizer, batches: Iterable[int], absent: Absent | None = None
) -> list[dict[str, Any]]:
    """Return a snapshot after each step."""
    return [snapshot(train(opt, [batch], absent)) for batch in batches]


@lru_cache(maxsize=4096)
def _numbers(seed: int, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    wide = torch.complex128 if dtype.is_complex else torch.float64
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=wide).to(dtype)
