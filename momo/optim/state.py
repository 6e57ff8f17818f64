"""What is kept between steps: its names, and how it is made.

All of it is in ``optimizer.state[p]``, as tensors: d and the preconditioner's memory with each
parameter, the model's own numbers (`MODEL`) with the first. So ``state_dict``, ``deepcopy``,
``pickle``, ``torch.load(weights_only=True)`` and distributed checkpoints need nothing special.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import torch
from torch import Tensor

from momo.core.step import StepInfo

GRAD_AVG = "grad_avg"
"""d, in the shape and dtype of the parameter."""
COMPENSATION = "compensation"
"""c, by which x falls short of what it would be without rounding, in its shape and dtype."""
MEMORY_WEIGHT = "memory_weight"
"""The total weight of the preconditioner's memory, ``1 - β2^k``: 0-dim."""
LAST = "last"
"""The scalars of the last step, a vector in the order of `StepInfo`."""
COUNTS = ("steps", "skipped")
"""How many samples were taken in, and how many were not."""
BOUND = ("lower_bound", "bound_sum", "bound_weight")
"""What lower bounds keep."""
NUMBERS = ("loss_avg", "weight", "inner_avg", *BOUND, "step_memory", "iterate_total", *COUNTS)
"""f̄, ρ, γ, what bound, step rule and sequence keep, the counts: what the next step depends on."""
MODEL = (*NUMBERS, LAST)
"""All that is kept of the model."""

ParameterState = MutableMapping[str, Any]


def scalar_dtype(device: torch.device) -> torch.dtype:
    """Return float64, or float32 on the devices that have no float64."""
    return torch.float32 if device.type == "mps" else torch.float64


def model_dtype(name: str, device: torch.device) -> torch.dtype:
    """Return the dtype of one of the `MODEL`'s numbers."""
    return torch.int64 if name in COUNTS else scalar_dtype(device)


def new_model(device: torch.device) -> dict[str, Tensor]:
    """Return the model before the first sample: all zeros, and a last step of NaN."""
    made = {n: torch.zeros((), dtype=model_dtype(n, device), device=device) for n in MODEL}
    shape = (len(StepInfo._fields),)
    made[LAST] = torch.full(shape, torch.nan, dtype=scalar_dtype(device), device=device)
    return made


def assign_(target: Tensor, value: Tensor) -> None:
    """Write a value into one of the 0-dim tensors kept here.

    Through a view of one dimension: torch 2.13 loses what a compiled function writes into a 0-dim
    float64 tensor on the CPU.
    """
    target.view(1).copy_(value.view(1))


def memory_dtype(parameter: Tensor) -> torch.dtype:
    """Return the dtype of the preconditioner's memory: the parameter's, but 32 bits at least.

    In bfloat16 ``β2 v`` would be rounded back to v (β2 = 0.999), and in float16 squares below
    6e-8 would be 0.
    """
    return torch.promote_types(parameter.dtype, torch.float32)


def new_memory(
    parameter: Tensor, memory: Mapping[str, Sequence[int]], points: Sequence[str]
) -> dict[str, Tensor]:
    """Return d, the preconditioner's memory and the points beside x, before the first gradient.

    Parameters
    ----------
    memory
        The shapes of the preconditioner's memory, by name.
    points
        The names of the points, which begin as x.
    """
    form, dtype = torch.preserve_format, memory_dtype(parameter)
    made = {GRAD_AVG: torch.zeros_like(parameter, memory_format=form)}
    for name, shape in memory.items():
        made[name] = (
            torch.zeros_like(parameter, dtype=dtype, memory_format=form)
            if tuple(shape) == tuple(parameter.shape)
            else torch.zeros(tuple(shape), dtype=dtype, device=parameter.device)
        )
    for name in points:
        made[name] = parameter.detach().to(dtype, copy=True, memory_format=form)
    if memory:
        scalar = scalar_dtype(parameter.device)
        made[MEMORY_WEIGHT] = torch.zeros((), dtype=scalar, device=parameter.device)
    return made


def rounds(tensor: Tensor) -> bool:
    """Return whether a tensor has less precision than is worked with: 16 bits a number."""
    return memory_dtype(tensor) is not tensor.dtype


def compensate_(entry: ParameterState, parameter: Tensor, kahan_sum: bool) -> None:
    """Make the compensation of a parameter, as 0, if it is to have one; else drop it."""
    if not (kahan_sum and rounds(parameter)):
        entry.pop(COMPENSATION, None)
    elif COMPENSATION not in entry:
        form = torch.preserve_format
        entry[COMPENSATION] = torch.zeros_like(parameter, memory_format=form)


def find_model(
    state: Mapping[Tensor, ParameterState], first: Tensor | None
) -> tuple[ParameterState | None, Tensor | None]:
    """Return the entry that holds the model's numbers, and its parameter.

    It is that of the first parameter, unless the parameters were reordered or repartitioned.
    """
    if first is not None and MODEL[0] in state.get(first, ()):
        return state[first], first
    for parameter, entry in state.items():
        if MODEL[0] in entry:
            return entry, parameter
    return None, None


def keep_one_model(state: Mapping[Tensor, ParameterState], holder: ParameterState) -> None:
    """Remove the model's numbers from all entries but one.

    Ranks that each hold a part of the parameters each save them (`momo.optim.checkpoint` sees to it
    that they are the same); left where they are, they would grow old and be loaded again.
    """
    for entry in state.values():
        if entry is not holder:
            for name in MODEL:
                entry.pop(name, None)


def model_of(
    state: MutableMapping[Tensor, ParameterState],
    first: Tensor | None,
    device: torch.device,
    partitioned: bool,
) -> ParameterState:
    """Return the state that holds the model's numbers: the first parameter's, made if need be."""
    if first is None:
        return new_model(device)
    entry, holder = find_model(state, first)
    own = state[first]
    if entry is None:
        own.update(new_model(device))
    elif holder is not first or entry[MODEL[0]].device != device:
        own.update({name: entry.pop(name).to(device) for name in MODEL})
    if partitioned:  # ZeroRedundancyOptimizer fills the state itself, unchecked.
        keep_one_model(state, own)
    return own
