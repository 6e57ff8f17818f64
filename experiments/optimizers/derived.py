# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A method from its class alone: what an `Entry` says, read from the signature."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from inspect import Parameter, isabstract, signature
from numbers import Real
from typing import TYPE_CHECKING, Any

from experiments.optimizers.entry import Entry, Step
from momo.methods import Hyperparameters, Listed
from momo.methods.row import BEHIND, decades

if TYPE_CHECKING:
    from torch.optim import Optimizer

KNOWN = ("lr", "weight_decay", "betas", "momentum", "beta", "beta2", "eps", "lb")
"""Arguments of a class that are hyper-parameters here; the first of several for one counts."""
AROUND = 3
"""How many decades of learning rates there are on either side of the class's own."""


def derive(cls: Any, name: str = "", **changes: Any) -> Entry:
    """Return the entry of an optimizer class.

    Its hyper-parameters are the arguments called `KNOWN`, with the class's defaults (but for decay
    and bound, which are the preset's); all others stay as the class has them. The grid is three
    decades on either side of the default of lr, or that of MoMo where this is infinite.

    Parameters
    ----------
    cls
        A subclass of ``torch.optim.Optimizer``; a model of `momo.optim` is given the loss.
    name
        How it is called in records; default: the class's name.
    **changes
        Fields of its row (`momo.methods.Listed`) that are to be others: ``title``, ``grid``, ...

    Raises
    ------
    ValueError
        If it is no such class, has no argument lr, needs more than parameters, or a default is no
        number; the message says which.
    """
    what = f"method = {name or getattr(cls, '__name__', cls)!r}"
    _check_class(what, cls)
    own = signature(cls).parameters
    given = dict(list(own.items())[1:])  # the first are the parameters
    _check_arguments(what, given)
    arguments, values = _hyperparameters(what, given)
    row = Listed(
        name or cls.__name__,
        cls.__name__,
        arguments,
        defaults=replace(Hyperparameters(beta=0.0), **values),
        source=f"class {cls.__module__}.{cls.__qualname__}",
        grid=_around(values["lr"]),
        modes=all(callable(getattr(cls, mode, None)) for mode in ("train", "eval")),
    )
    row = replace(row, **changes)

    def make(params: Any, h: Hyperparameters) -> Optimizer:
        built: Optimizer = cls(params, **row.torch_arguments(h))
        return built

    return Entry(row, make, step=_step(what, cls), has_spectral="spectral" in given)


def _check_class(what: str, cls: Any) -> None:
    from torch.optim import Optimizer

    if not isinstance(cls, type) or not issubclass(cls, Optimizer):
        found = cls.__name__ if isinstance(cls, type) else f"of type {type(cls).__name__}"
        raise ValueError(f"{what} is {found}; allowed: an Entry, or a class of Optimizer")
    if isabstract(cls):
        missing = ", ".join(sorted(getattr(cls, "__abstractmethods__", ())))
        raise ValueError(f"{what} is abstract; it lacks {missing}")


def _check_arguments(what: str, given: Mapping[str, Parameter]) -> None:
    """Refuse a class that cannot be built from what is known."""
    if "lr" not in given:
        raise ValueError(f"{what} has no argument lr; its arguments: {', '.join(given) or 'none'}")
    variable = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    needed = [
        name
        for name, parameter in given.items()
        if parameter.default is Parameter.empty and parameter.kind not in variable
    ]
    if needed:
        raise ValueError(
            f"{what} needs {', '.join(needed)}, without a default; allowed: a class with defaults,"
            " or an Entry"
        )


def _hyperparameters(
    what: str, given: Mapping[str, Parameter]
) -> tuple[tuple[str, ...], dict[str, float]]:
    """Return the arguments that are hyper-parameters, and the defaults of these."""
    arguments: list[str] = []
    values: dict[str, float] = {}
    for argument in KNOWN:
        behind = BEHIND.get(argument, (argument,))
        if argument not in given or any(name in values for name in behind):
            continue
        default = given[argument].default
        numbers = default if argument == "betas" else (default,)
        good = isinstance(numbers, tuple | list) and len(numbers) == len(behind)
        if not good or not all(_is_number(number) for number in numbers):
            kind = "a pair of numbers" if argument == "betas" else "a number"
            raise ValueError(f"{what} has the default {argument} = {default!r}; allowed: {kind}")
        arguments.append(argument)
        values.update(zip(behind, map(float, numbers), strict=True))
    if not values["lr"] > 0:
        raise ValueError(f"{what} has the default lr = {values['lr']}; allowed: above 0")
    return tuple(arguments), values


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _around(lr: float) -> tuple[float, ...]:
    middle = 0 if math.isinf(lr) else round(math.log10(lr))
    return decades(middle - AROUND, middle + AROUND)


def _step(what: str, cls: Any) -> Step:
    """Return what a step needs."""
    from momo.optim import MomentumModelOptimizer

    if issubclass(cls, MomentumModelOptimizer):
        return "closure" if getattr(cls, "needs_closure", False) else "loss"
    needed = [
        name
        for name, parameter in list(signature(cls.step).parameters.items())[1:]
        if parameter.default is Parameter.empty
        and parameter.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    ]
    if needed:
        raise ValueError(f"{what} needs {', '.join(needed)} in a step; allowed: step()")
    return "gradients"
