# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What parameter groups have chosen, which it reads: checked when it changes, not at every step.

That is when an optimizer is made, when a group is added or loaded, and before the first step after
a change. A list or a tensor that was changed in place counts as a change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import is_
from typing import Any, NamedTuple

import torch
from torch import Tensor

from momo.core.method import SHARED, Method
from momo.core.step import Hyper
from momo.optim import arguments
from momo.optim.arguments import Scalar, is_zero, known
from momo.optim.hyperparameters import ABSENT, Hyperparameter
from momo.optim.ranks import Ranks, is_group

STATE_DTYPES = (None, torch.bfloat16, torch.float16, torch.float32, torch.float64)
"""In which d can be kept; None: that of its parameter."""


def check_options(group: Mapping[str, Any]) -> None:
    """Raise unless the options that a parameter group keeps are such as there are."""
    for name in ("foreach", "fused"):
        if group[name] is not None:
            arguments.flag(name, group[name])
    if group["foreach"] and group["fused"]:
        raise ValueError("foreach = True and fused = True; allowed: one of the two")
    for name, instead in ABSENT.items():
        # torch.compile adds capturable=True to each group that it traces, and to no other.
        if group.get(name) and not (name == "capturable" and torch.compiler.is_compiling()):
            raise ValueError(f"{name} = {group[name]!r}; allowed: None or False ({instead})")
    arguments.flag("kahan_sum", group["kahan_sum"])
    if group["state_dtype"] not in STATE_DTYPES:
        raise ValueError(
            f"state_dtype = {group['state_dtype']!r}; allowed: {', '.join(map(str, STATE_DTYPES))}"
        )
    largest = group["max_norm"]
    number = isinstance(largest, (int, float)) and not isinstance(largest, bool)
    if largest is not None and not (number and largest > 0):
        raise ValueError(f"max_norm = {largest!r}; allowed: None, or a number above 0")
    if group["nonfinite"] not in ("skip", "raise"):
        raise ValueError(f"nonfinite = {group['nonfinite']!r}; allowed: 'skip' or 'raise'")


def renamed(group: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return a parameter group with its hyper-parameters under the names of ``param_groups``.

    What asks for nothing of what there is not here (``maximize=False``) is left out.

    Raises
    ------
    ValueError
        If one stands there under both names, or a process group in the place of an option.
    """
    for name in ("process_group", "shard_group"):
        if is_group(group.get(name)):
            raise ValueError(
                f"{name} is a process group in a parameter group, where it could not be saved"
                " (ZeroRedundancyOptimizer puts it there); allowed: shard_group=True, which is"
                " the default group, or functools.partial(optimizer class, shard_group=...)"
            )
    if any(name in group for name in ABSENT):  # else it is the same dict, as torch has it
        group = {name: value for name, value in group.items() if name not in ABSENT or value}
    for name, called in names.items():
        if name != called and name in group and called in group:
            raise ValueError(
                f"a parameter group has both {name} and {called}; allowed: one of them"
            )
        if name in group:
            group = {(called if n == name else n): value for n, value in group.items()}
    return group


def without_arguments(
    group: Mapping[str, Any], ranks: Ranks, names: Mapping[str, str]
) -> Mapping[str, Any]:
    """Return a group without what `ZeroRedundancyOptimizer` keeps in it.

    It takes every argument of the constructor for a hyper-parameter of that name, and writes it
    into the groups at each step.
    """
    if ranks.shard_group is None and "shard_group" not in group:
        return group
    twice = (name for name, called in names.items() if name != called and called in group)
    others = ("process_group", "shard_group", *twice)
    return {name: value for name, value in group.items() if name not in others}


def checked(
    group: Mapping[str, Any],
    hyperparameters: Mapping[str, Hyperparameter],
    names: Mapping[str, str],
) -> dict[str, Any]:
    """Return the hyper-parameters of a group as they are used, each by its own name.

    Raises
    ------
    ValueError, TypeError
        If one is out of range, or does not stand under the name that ``param_groups`` have.
    """
    found = {}
    for name, called in names.items():
        if name != called and name in group:
            raise ValueError(
                f"{name} = {group[name]} in param_groups; allowed: the name {called}, by which"
                " schedulers know it"
            )
        try:
            found[name] = hyperparameters[name].check(name, group[called])
        except (ValueError, TypeError) as error:
            if name == called:
                raise
            raise type(error)(f"{error} (in param_groups it is {called!r})") from None
    return found


# ---- of a group ----------------------------------------------------------------------------------


class Setting(NamedTuple):
    """What a parameter group has chosen.

    Attributes
    ----------
    method
        Its parts and hyper-parameters.
    preconditioners
        Its preconditioner, and that of matrices, if it is another.
    hypers
        What the general equation sees, for each of its preconditioners.
    values, mutable
        The values of the group, and whether one of them can change in place.
    seen
        What they were, by name.
    layout
        What of it says how parameters are cut into blocks, and what is kept of them.
    """

    method: Method
    preconditioners: tuple[Any, ...]
    hypers: tuple[Hyper, ...]
    values: tuple[Any, ...]
    mutable: bool
    seen: dict[str, Any]
    layout: tuple[Any, ...]


def setting(method: Method, group: Mapping[str, Any]) -> Setting:
    """Return the setting of a group whose hyper-parameters have been checked.

    Raises
    ------
    ValueError
        If α is infinite and λ is not 0.
    """
    lr, decay = method.lr, method.weight_decay
    if is_infinite(lr) and not is_zero(decay):
        raise ValueError(
            f"weight_decay = {decay} together with lr = inf; allowed: a finite lr, or"
            " weight_decay = 0 (an uncapped step has no proximal term to balance the decay)"
        )
    at_x = method.decay.at_x and not is_zero(decay)
    if at_x and not is_zero(method.beta):
        raise ValueError(
            f"beta = {method.beta} together with a decay at x; allowed: 0, as where it leads is"
            " known of the newest gradient alone"
        )
    shrink = 0.0 if is_zero(decay) else lr * decay  # αλ; not inf · 0
    own = preconditioners(method)
    hypers = tuple(Hyper(lr, shrink, method.decay, method.limit(how.unit)) for how in own)
    paths = tuple(group.get(name) for name in OF_THE_PATH)
    layout = (method.averaging, method.iterates, method.product, at_x, own, *paths)
    given = tuple(group.values())
    mutable = not all(constant(value) for name, value in group.items() if name != "params")
    return Setting(method, own, hypers, given, mutable, seen(group), layout)


def bound_of(first: Setting, lb: Any) -> Any:
    """Return a bound that came with a batch, if the method takes one.

    Raises
    ------
    ValueError
        If it does not.
    """
    bound = first.method.lower_bound
    if not bound.takes_lb:
        raise ValueError(
            f"lb = {lb} was given with a step, but the bound is {bound.kind} (use_fstar = True"
            " estimates it); allowed: lb = None, or a method whose bound is given"
        )
    return lb


def preconditioners(method: Method) -> tuple[Any, ...]:
    """Return the preconditioner of a method, and that of matrices, if it is another."""
    own = (method.preconditioner,)
    same = method.matrices is None or method.matrices is method.preconditioner
    return own if same else (*own, method.matrices)


def preconditioner_of(method: Method, shape: Sequence[int]) -> Any:
    """Return the preconditioner of a parameter."""
    return preconditioners(method)[-1 if len(shape) >= 2 else 0]


def unchanged(group: Mapping[str, Any], before: Setting) -> bool:
    """Return whether the values of a group are those that its setting follows from."""
    if len(group) != len(before.values):
        return False
    if all(map(is_, group.values(), before.values)) and not before.mutable:
        return True  # the same objects in the same order, and none can change in place
    now = seen(group)
    # What is on a device may be another number: αλ, and a copy in float64, follow from it anew.
    return now == before.seen and not any(type(value) is Same for value in now.values())


def seen(group: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each hyper-parameter of a group is now."""
    return {name: frozen(value) for name, value in group.items() if name != "params"}


def constant(value: Any) -> bool:
    """Return whether a value cannot change in place."""
    if type(value) is tuple:
        return all(map(constant, value))
    return type(value) in (float, int, bool, str, type(None), torch.dtype)


def frozen(value: Any) -> Any:
    """Return what is equal to that of another value just if the two are the same.

    Of a tensor on a device, which is not read, it is its identity; what cannot be known is equal
    to nothing.
    """
    kind = type(value)
    if kind in (tuple, list):
        return (kind, *map(frozen, value))
    if constant(value):
        return kind, value
    if isinstance(value, Tensor) and value.numel() == 1:
        number = known(value)
        return Same(value) if number is None else (value.dtype, value.shape, number)
    return object()


class Same:
    """Equal to another of the same object alone, which it keeps from being replaced by its like."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value

    __hash__ = object.__hash__


def is_infinite(lr: Scalar) -> bool:
    """Return whether a learning rate is infinite, as far as that can be read without waiting."""
    return not isinstance(lr, Tensor) and lr == float("inf")


# ---- of all groups -------------------------------------------------------------------------------

CALLED = {
    "averaging": "average (bias_correction)",
    "lower_bound": "kind of bound (use_fstar)",
    "step_rule": "step rule",
    "iterates": "sequence of iterates",
    "product": "product of norms",
}
"""What to call the parts that all groups share in messages, where their name would not do."""
OF_THE_PATH = ("foreach", "fused", "kahan_sum", "state_dtype")
"""The options that say how parameters are worked on."""
OF_THE_STEP = ("max_norm", "nonfinite")
"""The options that belong to a step as a whole."""


def agreed(groups: Sequence[Mapping[str, Any]], methods: Sequence[Method]) -> None:
    """Raise unless all groups share what belongs to the one model.

    Raises
    ------
    ValueError
        If β, the kind of average, the bound, `OF_THE_STEP` differ, or one learning rate of
        several is infinite.
    """
    shared = [
        {**_shared(method), **{name: group[name] for name in OF_THE_STEP}}
        for group, method in zip(groups, methods, strict=True)
    ]
    for index, (ours, method) in enumerate(zip(shared, methods, strict=True)):
        theirs = shared[0]
        for name, one in ours.items():
            if not same(one, theirs[name]):
                raise ValueError(
                    f"{CALLED.get(name, name)} = {one} in param_groups[{index}], {theirs[name]} in"
                    " param_groups[0]; allowed: the same in all groups, which share one model"
                )
        if is_infinite(method.lr) != is_infinite(methods[0].lr):
            raise ValueError(
                f"lr = {method.lr} in param_groups[{index}], {methods[0].lr} in param_groups[0];"
                " allowed: a finite lr in each group, or inf in all"
            )


def _shared(method: Method) -> dict[str, Any]:
    found = {name: getattr(method, name) for name in SHARED}
    bound = found["lower_bound"]
    return {**found, "lower_bound": bound.kind, "lb": bound.lb}


def same(a: object, b: object) -> bool:
    """Return whether two hyper-parameters are equal; tensors on a device only if they are one."""
    if a is b or (isinstance(a, Tensor) and isinstance(b, Tensor) and _views_of_one(a, b)):
        return True
    ours, theirs = (known(v) if isinstance(v, Tensor) else v for v in (a, b))
    return ours is not None and ours == theirs


def _views_of_one(a: Tensor, b: Tensor) -> bool:
    """Return whether two 0-dim tensors are one tensor of one element, reshaped twice."""
    return a._base is not None and a._base is b._base and a.storage_offset() == b.storage_offset()
