# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is kept between steps: its names, and how it is made.

All of it is in ``optimizer.state[p]``, as tensors: d and the preconditioner's memory of each
parameter, and the model's own numbers in one vector (`MODEL`). That is the same tensor in the state
of every parameter: whichever of them somebody else's checkpoint leaves out, the others have it. So
``state_dict``, ``deepcopy``, ``pickle``, ``torch.load(weights_only=True)`` and distributed
checkpoints need nothing special.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import torch
from torch import Tensor

from momo.core.step import StepInfo

GRAD_AVG = "grad_avg"
"""d, in the shape of the parameter, and in its dtype unless the group says another."""
COMPENSATION = "compensation"
"""c, by which x falls short of what it would be without rounding, in its shape and dtype."""
MEMORY_WEIGHT = "memory_weight"
"""The total weight of the preconditioner's memory, ``1 - β2^k``: 0-dim."""
MODEL = "model"
"""The model's numbers, a vector: the `NUMBERS`, then the scalars of the last step (`LAST`)."""
OWN = ("steps", "loss_avg", "weight", "inner_avg")
"""k, f̄, ρ, γ: the first fields of `momo.core.step.State`."""
BOUND = ("lower_bound", "bound_weight", "bound_sum")
"""What lower bounds keep: f_*, and of means ω and a sum."""
OTHERS = ("step_memory", "iterate_total")
"""What step rule and iterates keep, the last fields of `momo.core.step.State`."""
AHEAD = ("offset", "members")
"""What is kept in case parameters are frozen: `momo.optim.numbers.Ahead`."""
COUNTS = ("skipped", "below")
"""How many samples were not finite, and how many losses lay below their bound."""
NUMBERS = (*COUNTS, *OWN, *BOUND, *OTHERS, *AHEAD)
"""What is kept from step to step, in the order of the vector."""
INDEX = {name: index for index, name in enumerate(NUMBERS)}
"""Where each stands."""
KEPT = slice(len(COUNTS), len(NUMBERS))
"""Where that stands which each step writes."""
LAST = slice(len(NUMBERS), len(NUMBERS) + len(StepInfo._fields))
"""Where the scalars of the last step stand, in the order of `StepInfo`."""

ParameterState = MutableMapping[str, Any]


def scalar_dtype(device: torch.device) -> torch.dtype:
    """Return float64, or float32 on the devices that have no float64."""
    return torch.float32 if device.type == "mps" else torch.float64


def new_model(device: torch.device) -> Tensor:
    """Return the model before the first sample: all zeros, and a last step of NaN."""
    made = torch.zeros(LAST.stop, dtype=scalar_dtype(device), device=device)
    made[LAST] = torch.nan
    return made


def assign_(target: Tensor, value: Tensor) -> None:
    """Write a value into a 0-dim tensor that is kept.

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
    parameter: Tensor,
    memory: Mapping[str, Sequence[int]],
    points: Sequence[str],
    state_dtype: torch.dtype | None = None,
) -> dict[str, Tensor]:
    """Return d, the preconditioner's memory and the points beside x, before the first gradient.

    Parameters
    ----------
    memory
        The shapes of the preconditioner's memory, by name.
    points
        The names of the points, which begin as x.
    state_dtype
        Of d; None: the parameter's.
    """
    form, dtype = torch.preserve_format, memory_dtype(parameter)
    made = {GRAD_AVG: torch.zeros_like(parameter, dtype=state_dtype, memory_format=form)}
    for name, shape in memory.items():
        made[name] = (
            torch.zeros_like(parameter, dtype=dtype, memory_format=form)
            if tuple(shape) == tuple(parameter.shape)
            else _zeros(tuple(shape), dtype, parameter)
        )
    for name in points:
        made[name] = parameter.detach().to(dtype, copy=True, memory_format=form)
    if memory:
        scalar = scalar_dtype(parameter.device)
        made[MEMORY_WEIGHT] = torch.zeros((), dtype=scalar, device=parameter.device)
    return made


def _zeros(shape: tuple[int, ...], dtype: torch.dtype, parameter: Tensor) -> Tensor:
    """Return zeros of another shape than the parameter's, distributed over the same ranks."""
    if (placements := memory_placements(parameter, shape)) is None:
        return torch.zeros(shape, dtype=dtype, device=parameter.device)
    from torch.distributed.tensor import zeros

    mesh = parameter.device_mesh  # type: ignore[attr-defined]
    return zeros(shape, dtype=dtype, device_mesh=mesh, placements=placements)


def memory_placements(parameter: Tensor, shape: Sequence[int]) -> Any:
    """Return how a memory of a shape is distributed, or None if its parameter is not.

    It is cut where the parameter is: one of its shape along the same axis, others along the first.
    """
    placements = getattr(parameter, "placements", None)
    if placements is None or tuple(shape) == tuple(parameter.shape):
        return placements
    from torch.distributed.tensor import Replicate, Shard

    return tuple(Replicate() if one.is_replicate() else Shard(0) for one in placements)


def rounds(tensor: Tensor) -> bool:
    """Return whether a tensor has less precision than is worked with: 16 bits a number."""
    return memory_dtype(tensor) is not tensor.dtype


def typed_(entry: ParameterState, parameter: Tensor, state_dtype: torch.dtype | None) -> None:
    """Keep d in the dtype that the group says now; None: the parameter's."""
    if entry[GRAD_AVG].dtype is not (dtype := state_dtype or parameter.dtype):
        entry[GRAD_AVG] = entry[GRAD_AVG].to(dtype)


def compensate_(entry: ParameterState, parameter: Tensor, kahan_sum: bool) -> None:
    """Make the compensation of a parameter, as 0, if it is to have one; else drop it."""
    if not (kahan_sum and rounds(parameter)):
        entry.pop(COMPENSATION, None)
    elif COMPENSATION not in entry:
        form = torch.preserve_format
        entry[COMPENSATION] = torch.zeros_like(parameter, memory_format=form)


# ---- the model, in the state of every parameter --------------------------------------------------


def find_model(state: Mapping[Tensor, ParameterState]) -> Tensor | None:
    """Return the model's numbers, where there are any: the first that are found."""
    return next((entry[MODEL] for entry in state.values() if MODEL in entry), None)


def share_model(state: Mapping[Tensor, ParameterState], model: Tensor) -> None:
    """Let all parameters that have state have this model, in the place of any other."""
    for entry in state.values():
        if entry and entry.get(MODEL) is not model:
            entry[MODEL] = model


def model_of(
    state: MutableMapping[Tensor, ParameterState], first: Tensor | None, device: torch.device
) -> Tensor:
    """Return the model's numbers, made if need be, after all parameters with state share them.

    They do not where tensors of the state were replaced one by one, or a parameter is new. Where no
    parameter has state yet, the first one keeps them; where there is none at all, nobody does.
    """
    found = find_model(state)
    model = new_model(device) if found is None else found.to(device, scalar_dtype(device))
    share_model(state, model)
    if first is not None and find_model(state) is None:
        state[first][MODEL] = model
    return model


def only_allocates(
    param_groups: Sequence[Mapping[str, Any]], state: Mapping[Tensor, ParameterState]
) -> bool:
    """Return whether a step without a loss is asked of a new optimizer whose lr is 0.

    It moves nothing, whatever the loss: torch.distributed.checkpoint takes such a step to have the
    state made that it then loads into.
    """
    return not state and all(float(group["lr"]) == 0 for group in param_groups)


def mark(place: int) -> int:
    """Return a number below 2^32 for the place of a parameter, from 0.

    Sums of such numbers tell sets of places from each other, but for one pair in 2^32, and are
    exact in float64 for two million parameters. The shifts make them nonlinear, which sums of
    anything linear would not be.
    """
    mixed = (place + 1) * 2654435769 % 2**32
    mixed = (mixed ^ mixed >> 15) * 2246822519 % 2**32
    return mixed ^ mixed >> 13
