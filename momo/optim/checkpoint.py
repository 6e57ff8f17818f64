"""Loading a state dict: what is checked before anything changes, and what torch's casts undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from numbers import Real
from typing import Any

import torch
from torch import Tensor

from momo.core.iterates import AVERAGE_POINT, TRAINING_POINT
from momo.core.method import Method
from momo.core.step import StepInfo
from momo.optim.settings import Setting, preconditioner_of
from momo.optim.state import (
    GRAD_AVG,
    LAST,
    MEMORY_WEIGHT,
    MODEL,
    ParameterState,
    find_model,
    keep_one_model,
    memory_dtype,
    model_dtype,
)

OPTIONAL = ("foreach", "nonfinite", "differentiable")
"""The settings that a loaded parameter group may lack."""


def load(
    optimizer: Any,
    torchs: Callable[[dict[str, Any]], None],
    state_dict: dict[str, Any],
    own: Callable[[Mapping[str, Any]], dict[str, Any]],
    agreed: Callable[[list[dict[str, Any]]], Sequence[Setting]],
) -> None:
    """Load a state dict, after it was checked, and with the precision that it has.

    Parameters
    ----------
    optimizer
        The optimizer.
    torchs
        Its ``load_state_dict`` of ``torch.optim``.
    state_dict
        What is loaded.
    own
        Returns a parameter group as this version has it, without what others keep in it.
    agreed
        Returns the settings of parameter groups, after they were checked.
    """
    seen: dict[str, Any] = {}
    groups = optimizer.param_groups

    def before(_: Any, loaded: dict[str, Any]) -> dict[str, Any]:
        theirs = [own(group) for group in loaded["param_groups"]]
        seen.update(loaded, param_groups=theirs)
        if [len(g["params"]) for g in theirs] == [len(g["params"]) for g in groups]:
            settings = agreed([{**optimizer.defaults, **group} for group in theirs])
            methods = [setting.method for setting in settings]
            check(seen, groups, methods, optimizer.defaults, type(optimizer))
        return seen  # torch says so where the sizes differ

    def after(_: Any) -> None:
        restore_precision(optimizer.state, seen, optimizer.param_groups)
        first = next((p for group in optimizer.param_groups for p in group["params"]), None)
        entry, _ = find_model(optimizer.state, first)
        if entry is not None:
            keep_one_model(optimizer.state, entry)

    # The last of the hooks before, so that it sees what the others made of the state dict;
    # the first of the hooks after.
    hooks = [
        optimizer.register_load_state_dict_pre_hook(before),
        optimizer.register_load_state_dict_post_hook(after, prepend=True),
    ]
    try:
        torchs(state_dict)
    finally:
        for hook in hooks:
            hook.remove()


def check(
    loaded: Mapping[str, Any],
    own: list[dict[str, Any]],
    methods: Sequence[Method],
    defaults: Mapping[str, Any],
    optimizer: type[Any],
) -> None:
    """Raise unless a state dict is one of this method and these parameters.

    Parameters
    ----------
    loaded
        The state dict.
    own
        The optimizer's parameter groups, of the same sizes.
    methods
        What the groups of the state dict choose.
    defaults, optimizer
        The optimizer's, and its class.

    Raises
    ------
    ValueError
        If it is not.
    """
    groups = loaded["param_groups"]
    needed = set(defaults) - set(OPTIONAL)
    for index, group in enumerate(groups):
        # Before its first step another optimizer has no state that would give it away.
        if missing := sorted(needed - set(group)):
            raise ValueError(
                f"param_groups[{index}] of the state dict lacks {', '.join(missing)};"
                f" allowed: a state dict of {optimizer.__name__}"
            )
    parameters = by_number(groups, own)
    memory = {}
    for group, method in zip(groups, methods, strict=True):
        for number in group["params"]:
            shape = tuple(parameters[number].shape)
            how = preconditioner_of(method, shape)
            memory[number] = (how.memory(shape), method.iterates.points)
    check_loaded(loaded["state"], parameters, memory, optimizer.__name__)


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
        _check_entry(number, entry, parameters[number], *memory[number], method)
        if set(entry) & set(MODEL):
            holders[number] = entry
    if state and not holders:
        raise ValueError(
            f"the state dict lacks the model's numbers ({', '.join(MODEL)}), which stand in the"
            " state of the first parameter"
        )
    _check_model(holders)


def _check_entry(
    number: Any,
    entry: Any,
    parameter: Tensor,
    kept: Mapping[str, Sequence[int]],
    points: Sequence[str],
    method: str,
) -> None:
    """Raise unless an entry can be the state of a parameter."""
    if not isinstance(entry, Mapping):
        raise ValueError(
            f"the state of parameter {number} is of type {type(entry).__name__};"
            " allowed: a dict of tensors"
        )
    whole = tuple(parameter.shape)
    shaped = {GRAD_AVG: whole, **kept, **dict.fromkeys(points, whole), TRAINING_POINT: whole}
    own = {*shaped} - {TRAINING_POINT} | ({MEMORY_WEIGHT} if kept else set())
    known = own | set(MODEL) | ({TRAINING_POINT} if AVERAGE_POINT in points else set())
    if unknown := sorted(repr(name) for name in set(entry) - known):
        raise ValueError(
            f"the state of parameter {number} has {', '.join(unknown)};"
            f" allowed: a state dict of {method}, which has {', '.join(sorted(known))}"
        )
    if set(entry) & own and (missing := sorted(own - set(entry))):
        raise ValueError(f"the state of parameter {number} lacks {', '.join(missing)}")
    for name, value in entry.items():
        title = f"{name} of parameter {number}"
        of = parameter if name in shaped else None
        _check_value(title, name, value, of, tuple(shaped.get(name, ())))


def _check_model(holders: Mapping[Any, Mapping[str, Any]]) -> None:
    """Raise unless all entries that have the model's numbers have all, and the same."""
    first = next(iter(holders), None)
    for number, entry in holders.items():
        if missing := [name for name in MODEL if name not in entry]:
            raise ValueError(f"the state dict lacks {', '.join(missing)} of the model's numbers")
        if number == first:
            continue  # it need not have values, as on the meta device
        numbers = holders[first]
        if entry is numbers:  # which may have no values to be read
            continue
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
