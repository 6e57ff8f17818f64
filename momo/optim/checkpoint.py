# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

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
from momo.optim.hyperparameters import OPTIONS
from momo.optim.names import in_order
from momo.optim.settings import Setting, preconditioner_of
from momo.optim.state import (
    BOUND,
    COMPENSATION,
    GRAD_AVG,
    INDEX,
    LAST,
    MEMORY_WEIGHT,
    MODEL,
    NUMBERS,
    OTHERS,
    OWN,
    ParameterState,
    find_model,
    mark,
    memory_dtype,
    memory_placements,
    new_model,
    rounds,
    scalar_dtype,
    share_model,
)


def restore_(optimizer: Any, current: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
    """Bring the groups and defaults of a copy, or of a version before, to what is kept today."""
    # Torch adds its `differentiable` to a copy, which `current` leaves out.
    optimizer.defaults = current(optimizer.defaults)
    for group in optimizer.param_groups:
        found = current(group)
        group.clear()
        group.update({**found, **{n: v for n, v in optimizer.defaults.items() if n not in found}})


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
    older: list[Any] = []
    groups = optimizer.param_groups

    def before(_: Any, loaded: dict[str, Any]) -> dict[str, Any]:
        theirs = in_order([own(group) for group in loaded["param_groups"]], groups)
        state = {number: renewed(number, entry) for number, entry in loaded["state"].items()}
        older.extend(number for number in state if state[number] is not loaded["state"][number])
        seen.update(loaded, state=state, param_groups=theirs)
        if [len(g["params"]) for g in theirs] == [len(g["params"]) for g in groups]:
            settings = agreed([{**optimizer.defaults, **group} for group in theirs])
            methods = [setting.method for setting in settings]
            check(seen, groups, methods, optimizer.defaults, type(optimizer))
        return seen  # torch says so where the sizes differ

    def after(_: Any) -> None:
        groups = optimizer.param_groups  # torch has made new ones
        restore_precision(optimizer.state, seen, groups)
        if (model := find_model(optimizer.state)) is not None:
            share_model(optimizer.state, model)
            optimizer._older = bool(older)

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
    needed = set(defaults) - set(OPTIONS)  # which a group may lack
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
    _check_compensation(loaded["state"], groups)


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
        numbers are missing, or not the same in all entries that have them.
    """
    models: dict[Any, Tensor] = {}
    for number, entry in state.items():
        if number not in parameters:
            raise ValueError(
                f"the state dict has state for {number!r}, which is none of the parameters;"
                f" allowed: a state dict of {method} (the published momo-opt package does not"
                " save its loss average and step count, so its runs cannot be continued)"
            )
        _check_entry(number, entry, parameters[number], *memory[number], method)
        if MODEL in entry:
            models[number] = entry[MODEL]
    if any(state.values()) and not models:
        raise ValueError(
            f"the state dict lacks the model's numbers; allowed: {MODEL} in the state of one"
            f" parameter at least, a tensor of {LAST.stop} numbers"
        )
    _check_model(models)


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
    if lacking := [name for name, value in entry.items() if isinstance(value, Mapping)]:
        raise ValueError(  # what torch makes of names that a flattened state dict does not have
            f"the state dict has no {'state' if len(lacking) == len(entry) else ', '.join(lacking)}"
            f" of parameter {number!r}; allowed: state of all parameters that require gradients"
            " (one that is to start anew can be frozen while a state dict is loaded:"
            " requires_grad_(False))"
        )
    whole = tuple(parameter.shape)
    shaped = {GRAD_AVG: whole, **kept, **dict.fromkeys(points, whole)}
    own = {*shaped} | ({MEMORY_WEIGHT} if kept else set())
    shaped |= {COMPENSATION: whole, TRAINING_POINT: whole}
    known = own | {COMPENSATION, MODEL} | ({TRAINING_POINT} if AVERAGE_POINT in points else set())
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
        shape = (LAST.stop,) if name == MODEL else tuple(shaped.get(name, ()))
        _check_value(title, value, of, shape, number=name == MEMORY_WEIGHT)


def _check_compensation(state: Mapping[Any, Any], groups: Sequence[Mapping[str, Any]]) -> None:
    """Raise if a group keeps compensations, and that of one of its parameters is lost.

    A group of a version that knew of none says nothing of them: they begin at 0.
    """
    for group in groups:
        checked = group.get("kahan_sum") and group.get("state_dtype") is None
        for number in group["params"] if checked else ():
            entry = state.get(number, {})
            if COMPENSATION not in entry and GRAD_AVG in entry and rounds(entry[GRAD_AVG]):
                raise ValueError(
                    f"the state of parameter {number} lacks {COMPENSATION}, though kahan_sum ="
                    " True; allowed: the whole state, or kahan_sum = False in the state dict's"
                    " group, and True in param_groups after loading, where it begins at 0"
                )


def _check_model(models: Mapping[Any, Tensor]) -> None:
    """Raise unless the model's numbers are the same in all entries, but for the last step's."""
    first = next(iter(models), None)
    for number, model in models.items():
        if model is models[first]:  # which need not have values, as on the meta device
            continue
        # Ranks that each held a part of the parameters may have saved the same numbers.
        pairs = zip(NUMBERS, model.tolist(), models[first].tolist(), strict=False)
        if differing := [name for name, ours, theirs in pairs if ours != theirs]:
            raise ValueError(
                f"{', '.join(differing)} differ in the states of parameters {first} and {number};"
                " allowed: the same numbers of the model in each"
            )


def _check_value(
    title: str, value: Any, parameter: Tensor | None, shape: tuple[int, ...], number: bool
) -> None:
    """Raise unless a value can be loaded: as a tensor of the shape, or if it may be a number."""
    if number and isinstance(value, Real):
        return
    if not isinstance(value, Tensor):
        raise ValueError(
            f"{title} is of type {type(value).__name__}; allowed: a tensor"
            + (", or a number" if number else "")
        )
    if tuple(value.shape) != shape:
        whose = "the parameter's, " if parameter is not None and shape == parameter.shape else ""
        raise ValueError(f"{title} has shape {tuple(value.shape)}; allowed: {whose}{shape}")
    placements = None if parameter is None else memory_placements(parameter, shape)
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
    of_d = {p: group.get("state_dtype") or p.dtype for group in own for p in group["params"]}
    for number, p in by_number(loaded["param_groups"], own).items():
        for name, value in loaded["state"].get(number, {}).items():
            if name in (MODEL, MEMORY_WEIGHT):
                dtype = scalar_dtype(p.device)
                state[p][name] = torch.as_tensor(value, dtype=dtype).to(p.device).clone()
                continue
            dtypes = {GRAD_AVG: of_d[p], COMPENSATION: p.dtype}
            kept = value.to(p.device, dtypes.get(name, memory_dtype(p)))
            state[p][name] = kept.clone() if kept is value else kept


APART = (*OWN[1:], *BOUND, *OTHERS, OWN[0], "skipped")
"""The model's numbers that earlier versions kept one by one, beside ``last``, the last step's."""
OLD_LAST = 7
"""How many scalars of the last step these versions had: the first of `StepInfo`."""


def renewed(number: Any, entry: Any) -> Any:
    """Return an entry of an earlier version as it would be now: the model in one tensor.

    Raises
    ------
    ValueError
        If only a part of the model's numbers is there, or something else in their place.
    """
    names = (*APART, "last")
    if not isinstance(entry, Mapping) or MODEL in entry or not {*names} & set(entry):
        return entry
    if missing := [name for name in names if name not in entry]:
        raise ValueError(f"the state dict lacks {', '.join(missing)} of the model's numbers")
    for name in names:
        shape = (OLD_LAST,) if name == "last" else ()
        _check_value(f"{name} of parameter {number}", entry[name], None, shape, name != "last")
    model = new_model(entry["last"].device)
    for name in APART:
        model[INDEX[name]] = entry[name]
    model[LAST][:OLD_LAST] = entry["last"]
    return {**{name: value for name, value in entry.items() if name not in names}, MODEL: model}


@torch.no_grad()
def complete_(
    state: Mapping[Tensor, ParameterState],
    own: Sequence[Mapping[str, Any]],
    points: Sequence[str],
) -> None:
    """Fill in what earlier versions did not keep: where the line is, and whose d it has."""
    model = find_model(state)
    assert model is not None
    offset, members = -model[INDEX["inner_avg"]], 0
    parameters = chain.from_iterable(group["params"] for group in own)
    for place, p in enumerate(parameters):
        entry = state.get(p, {})
        if GRAD_AVG in entry:
            z = entry[points[0]] if points else p
            product = (entry[GRAD_AVG] * z.conj()).real.sum(dtype=model.dtype)
            whole = product.full_tensor() if hasattr(product, "full_tensor") else product
            offset, members = offset + whole.to(model.device), members + mark(place)
    model[INDEX["offset"]], model[INDEX["members"]] = offset, members
