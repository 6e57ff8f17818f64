"""What is kept between steps: its names, how it is made, and what is checked when it is loaded.

All of it is in ``optimizer.state[p]``, as tensors: d and the preconditioner's memory with each
parameter, the model's own numbers (`MODEL`) with the first. So ``state_dict``, ``deepcopy``,
``pickle``, ``torch.load(weights_only=True)`` and distributed checkpoints need nothing special.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from itertools import chain
from numbers import Real
from typing import Any

import torch
from torch import Tensor

from momo.optim.info import StepInfo

GRAD_AVG = "grad_avg"
"""d, in the shape and dtype of the parameter."""
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


def check_loaded(
    state: Mapping[Any, Any],
    parameters: Mapping[Any, Tensor],
    memory: Mapping[Any, tuple[Mapping[str, Sequence[int]], Sequence[str]]],
    method: str,
) -> None:
    """Raise unless ``state`` can be the state of these parameters.

    Parameters
    ----------
    state
        The "state" of a state dict.
    parameters
        The parameters by the state dict's numbers.
    memory
        The shapes of the preconditioner's memory by name, and the names of the points beside x, by
        the same numbers.
    method
        The optimizer's name, for messages.

    Raises
    ------
    ValueError
        If an entry belongs to another optimizer, has the wrong type or shape, or the model's
        numbers are missing, or stand there twice and differ.
    """
    holders: dict[Any, Mapping[str, Any]] = {}
    for number, entry in state.items():
        if number not in parameters:
            raise ValueError(
                f"the state dict has state for {number!r}, which is none of the parameters;"
                f" allowed: a state dict of {method} (the published momo-opt package does not"
                " save its loss average and step count, so its runs cannot be continued)"
            )
        if not isinstance(entry, Mapping):
            raise ValueError(
                f"the state of parameter {number} is of type {type(entry).__name__};"
                " allowed: a dict of tensors"
            )
        kept, points = memory[number]
        whole = tuple(parameters[number].shape)
        shaped = {GRAD_AVG: whole, **kept, **dict.fromkeys(points, whole)}
        own = {*shaped} | ({MEMORY_WEIGHT} if kept else set())
        known = own | set(MODEL)
        if unknown := sorted(repr(name) for name in set(entry) - known):
            raise ValueError(
                f"the state of parameter {number} has {', '.join(unknown)};"
                f" allowed: a state dict of {method}, which has {', '.join(sorted(known))}"
            )
        if set(entry) & own and (missing := sorted(own - set(entry))):
            raise ValueError(f"the state of parameter {number} lacks {', '.join(missing)}")
        for name, value in entry.items():
            parameter = parameters[number] if name in shaped else None
            title = f"{name} of parameter {number}"
            _check_value(title, name, value, parameter, tuple(shaped.get(name, ())))
        if set(entry) & set(MODEL):
            holders[number] = entry
    if state and not holders:
        raise ValueError(
            f"the state dict lacks the model's numbers ({', '.join(MODEL)}), which stand in the"
            " state of the first parameter"
        )
    for number, entry in holders.items():
        if missing := [name for name in MODEL if name not in entry]:
            raise ValueError(f"the state dict lacks {', '.join(missing)} of the model's numbers")
        first = next(iter(holders))
        if number == first:
            continue
        numbers = holders[first]
        if differing := [n for n in MODEL if n != LAST and float(entry[n]) != float(numbers[n])]:
            # Ranks that each held a part of the parameters may have saved the same numbers.
            raise ValueError(
                f"{', '.join(differing)} differ in the states of parameters {first} and {number};"
                " allowed: the model's numbers in one of them, or the same in each"
            )


def _check_value(
    title: str, name: str, value: Any, parameter: Tensor | None, shape: tuple[int, ...]
) -> None:
    """Raise unless a value can be loaded: as a tensor of the shape, if it is a parameter's."""
    if parameter is None and isinstance(value, Real) and name != LAST:
        return
    if not isinstance(value, Tensor):
        raise ValueError(
            f"{title} is of type {type(value).__name__}; allowed: a tensor"
            + (", or a number" if parameter is None and name != LAST else "")
        )
    shape = (len(StepInfo._fields),) if name == LAST else shape
    if tuple(value.shape) != shape:
        whose = "the parameter's, " if parameter is not None and shape == parameter.shape else ""
        raise ValueError(f"{title} has shape {tuple(value.shape)}; allowed: {whose}{shape}")
    placements = getattr(parameter, "placements", None)
    if parameter is not None and getattr(value, "placements", None) != placements:
        raise ValueError(
            f"{title} has placements {getattr(value, 'placements', None)}; allowed: those of the"
            f" parameter, {placements} (torch.distributed.checkpoint.state_dict spreads and"
            " gathers state)"
        )
    if value.is_complex() and not (parameter is not None and parameter.is_complex()):
        raise ValueError(f"{title} is complex; allowed: real numbers")


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

    Ranks that each hold a part of the parameters each save them (`check_loaded` sees to it that
    they are the same); left where they are, they would grow old and be loaded again.
    """
    for entry in state.values():
        if entry is not holder:
            for name in MODEL:
                entry.pop(name, None)


def by_number(groups: list[dict[str, Any]], own: list[dict[str, Any]]) -> dict[Any, Tensor]:
    """Return the parameters by the numbers that a state dict gives them."""
    numbers = chain.from_iterable(group["params"] for group in groups)
    return dict(zip(numbers, chain.from_iterable(group["params"] for group in own), strict=True))


def restore_precision(
    state: Mapping[Tensor, ParameterState], loaded: Mapping[str, Any], own: list[dict[str, Any]]
) -> None:
    """Give what torch has loaded its own dtype, and memory of its own.

    torch casts all state of a real parameter to the parameter's dtype, none of a complex one, and
    keeps the tensors of the state dict where nothing is to be cast.

    Parameters
    ----------
    state
        The optimizer's state, as torch has loaded it.
    loaded
        The state dict.
    own
        The optimizer's parameter groups.
    """
    for number, p in by_number(loaded["param_groups"], own).items():
        for name, value in loaded["state"].get(number, {}).items():
            if name in MODEL or name == MEMORY_WEIGHT:
                dtype = model_dtype(name, p.device)
                state[p][name] = torch.as_tensor(value, dtype=dtype).to(p.device).clone()
                continue
            kept = value.to(p.device, p.dtype if name == GRAD_AVG else memory_dtype(p))
            state[p][name] = kept.clone() if kept is value else kept
