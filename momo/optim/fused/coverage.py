# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What the fused path covers: which preconditioners, iterates and tensors, and why not others.

The kernels know elements, not methods: a method is covered if its parts are. What is not covered
takes the path of blocks, parameter by parameter; so the vectors of a method that treats matrices as
such are covered, and its matrices are not. On a device, where kernels find all numbers or none, one
parameter that is not covered takes all others with it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any, NamedTuple

import torch
from torch import Tensor

from momo.core import iterates as scalar
from momo.core.method import Method
from momo.core.parts import Plain
from momo.optim.arguments import is_zero
from momo.optim.blocks import GRAD, Block, X, local
from momo.optim.fused import library
from momo.optim.iterates import (
    AnytimeAveraging,
    IterateAveraging,
    RandomScaling,
    ScheduleFree,
)
from momo.optim.preconditioners import (
    AdaBeliefDiagonal,
    AdaGradDiagonal,
    AdamDiagonal,
    AmsGradDiagonal,
    Identity,
    Sign,
)
from momo.optim.settings import preconditioner_of
from momo.optim.state import COMPENSATION, GRAD_AVG, MEMORY_WEIGHT


class InKernels(NamedTuple):
    """How the kernels know a preconditioner.

    Attributes
    ----------
    number
        Its name there.
    weighted
        Whether the weight of the memory enters into the direction.
    """

    number: int
    weighted: bool = False


METRICS: dict[type[Any], InKernels] = {
    Identity: InKernels(0),
    Sign: InKernels(1),
    AdamDiagonal: InKernels(2, weighted=True),
    AdaGradDiagonal: InKernels(2),
    AmsGradDiagonal: InKernels(3, weighted=True),
    AdaBeliefDiagonal: InKernels(4, weighted=True),
}
"""A new one is a line here and its two equations in the kernels (``remember``, ``direct``).

It has no other numbers than β2 and ε, and at most two memories, of the parameter's shape.
"""
ITERATES: dict[type[Any], int] = {
    Plain: 0,
    IterateAveraging: 1,
    scalar.IterateAveraging: 1,
    AnytimeAveraging: 1,  # how far x follows is a number, which is given
    scalar.AnytimeAveraging: 1,
    ScheduleFree: 2,
    RandomScaling: 3,
    scalar.RandomScaling: 3,
}
DTYPES = {torch.float32: 0, torch.float64: 1, torch.bfloat16: 2, torch.float16: 3}


def wanted(group: Any) -> bool:
    """Return whether a parameter group takes the fused path where there is one."""
    return group["fused"] or (group["fused"] is None and group["foreach"] is None)


def parts_uncovered(method: Method, how: Any) -> str:
    """Return which part of a method the kernels do not know; "" if they know all."""
    if type(how) not in METRICS:
        return f"the preconditioner {type(how).__name__} is not in the kernels"
    if type(method.iterates) not in ITERATES:
        return f"the iterates {type(method.iterates).__name__} are not in the kernels"
    if method.product is not None and how.unit:
        return "a product of norms needs the norm of each parameter"
    if method.decay.at_x and not is_zero(method.weight_decay):
        return "a decay at x, not at z, is not in the kernels"
    return ""


def uncovered(x: Tensor, gated: bool = False) -> str:
    """Return why a parameter cannot take the fused path, as held here; "" if it can.

    ``gated``: the numbers of a step are tensors that are not read.
    """
    if torch.compiler.is_compiling():
        return "torch.compile, which fuses by itself, cannot look into the kernels"
    on_device = x.device.type != "cpu" or (gated and interpreted())
    if on_device and (why := device_uncovered(x.device)):
        return why
    if not on_device and (why := "no value may be read" if gated else library.unavailable()):
        return why
    if x.dtype not in DTYPES:
        return f"dtype {x.dtype} is not in the kernels"
    if not is_dense(x):
        return f"its strides {tuple(x.stride())} leave gaps, or overlap"
    return ""


def device_uncovered(device: torch.device) -> str:
    """Return why there are no kernels for a device (`momo.optim.fused.gpu`); "" if there are."""
    if device.type != "cuda" and not interpreted():
        return f"there are no kernels for {device}"
    if not _has_triton():
        return "Triton, which makes the kernels, is not installed"
    return ""


@cache
def _has_triton() -> bool:
    return find_spec("triton") is not None


def interpreted() -> bool:
    """Return whether Triton interprets its kernels, on tensors of the CPU, as tests do."""
    return os.environ.get("TRITON_INTERPRET") == "1"


def elsewhere(block: Block, device: torch.device) -> str:
    """Return what of a parameter is not where the numbers of a step are; "" if nothing."""
    for name in block.kept.names:
        if (found := block.tensors(name)[0].device) != device:
            return f"its {name} is on {found}, the numbers on {device}"
    weight = block.members[0].state.get(MEMORY_WEIGHT)
    if weight is not None and (weight.device != device or weight.dtype is not torch.float64):
        return f"the weight of its memory is a {weight.dtype} tensor on {weight.device}"
    return ""


def demand(
    param_groups: Sequence[Any],
    method_of: Callable[[Any], Method],
    gated: bool = False,
    parts: str = "",
) -> None:
    """Raise unless all parameters of groups with ``fused=True`` can take the fused path.

    On a device, where ``gated``, all parameters of a step take it, or none. ``method_of`` returns
    the method of a group, and ``parts`` is what is wrong with the parts of all, if anything.

    Raises
    ------
    RuntimeError
        If one cannot; the message says why.
    """
    together = gated and any(group["fused"] for group in param_groups)
    for index, group in enumerate(param_groups):
        if not (group["fused"] or together):
            continue
        method = method_of(group)
        for number, p in enumerate(group["params"]):
            why = parts or parts_uncovered(method, preconditioner_of(method, p.shape))
            if why := why or uncovered(local(p), gated):
                raise RuntimeError(
                    f"fused = True, but parameter {number} of param_groups[{index}] cannot take"
                    f" the fused path: {why}; allowed: None, which takes it where there is one"
                )


def tensors_uncovered(block: Block) -> str:
    """Return what about a parameter's state the kernels do not know; "" if nothing."""
    x, kept = block.tensors(X)[0], block.kept
    for name in kept.names:
        tensor = block.tensors(name)[0]
        if tensor.shape != x.shape:
            return f"its {name} has shape {tuple(tensor.shape)}, it {tuple(x.shape)}"
        if tensor.is_neg() or tensor.is_conj():
            return f"the signs of its {name} are kept apart"
        if name != GRAD and tensor.stride() != x.stride() and tensor.numel() > 1:
            return f"its {name} has strides {tuple(tensor.stride())}, it {tuple(x.stride())}"
        may_be_narrow = name in (X, GRAD, GRAD_AVG, COMPENSATION) and x.dtype is not torch.float64
        if tensor.dtype is not block.dtype and not (may_be_narrow and tensor.dtype in DTYPES):
            return f"its {name} has dtype {tensor.dtype}, it {x.dtype}"
        if tensor.dtype is torch.float64 and x.dtype is not torch.float64:
            return f"its {name} has dtype {tensor.dtype}, it {x.dtype}"
    return ""


def is_dense(x: Tensor) -> bool:
    """Return whether the elements fill their memory, in whatever order of the axes."""
    if x.is_contiguous():
        return True
    axes = sorted(range(x.dim()), key=lambda axis: (x.stride(axis), x.shape[axis]), reverse=True)
    return x.permute(axes).is_contiguous()


def columns_of(kept: Any) -> Sequence[tuple[int, str]]:
    """Return the columns of a parameter's tensors, with what these are called."""
    found = [(0, X), (2, GRAD_AVG)]
    if not kept.absent:
        found.append((1, GRAD))
    if kept.compensated:
        found.append((3, COMPENSATION))
    found += [(4 + n, name) for n, name in enumerate(kept.memory)]
    found += [(6 + n, name) for n, name in enumerate(kept.points)]
    return found
