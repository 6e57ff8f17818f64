"""Hyper-parameters: meaning and range, declared once, and checked when they change.

The annotations of a class's ``__init__`` say which it has; they are checked when it is made, when a
group is added or loaded, and before the first step after a change. A list or a tensor that was
changed in place counts as a change.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, NamedTuple, TypedDict, get_type_hints

from torch import Tensor

from momo.core.method import SHARED, Method
from momo.core.step import Hyper
from momo.optim import arguments
from momo.optim.arguments import Scalar, is_zero, known


@dataclass(frozen=True)
class Hyperparameter:
    """What a hyper-parameter is.

    Attributes
    ----------
    meaning
        For the docstring of the class: symbol, range, and whether each group has its own.
    check
        ``(name, value) -> value as it is used``; it raises ``ValueError`` or ``TypeError``, naming
        the argument, the value and what is allowed.
    """

    meaning: str
    check: Callable[[str, Any], Any]


def _betas(name: str, value: Any) -> tuple[float, float]:
    pair = arguments.pair(name, value)
    first, second = (arguments.decay(f"{name}[{i}]", beta) for i, beta in enumerate(pair))
    return first, second


def _power(name: str, value: Any) -> float:
    power = arguments.number(name, value, f"{name} >= 0")
    if not power >= 0:
        raise ValueError(f"{name} = {power}; allowed: at least 0")
    return power


Lr = Annotated[
    Scalar,
    Hyperparameter(
        "α >= 0, the cap on the step: a number, or a tensor of one element. ``inf``: no cap. Per"
        " group.",
        partial(arguments.non_negative, infinite=True),
    ),
]
WeightDecay = Annotated[
    Scalar, Hyperparameter("λ >= 0, the weight decay. Per group.", arguments.non_negative)
]
Beta = Annotated[float, Hyperparameter("β in [0, 1), of the average.", arguments.decay)]
Betas = Annotated[
    tuple[float, float],
    Hyperparameter("β of the average, and β2 of the metric (per group), in [0, 1).", _betas),
]
Eps = Annotated[float, Hyperparameter("ε > 0, of the metric. Per group.", arguments.positive)]
Lb = Annotated[
    Scalar,
    Hyperparameter(
        "f_*, a lower bound on the loss: a number, or a tensor of one element.", arguments.finite
    ),
]
UseFstar = Annotated[
    bool,
    Hyperparameter(
        "Whether the bound is estimated while training, from ``lb`` upwards (MoMo*).",
        arguments.flag,
    ),
]
BiasCorrection = Annotated[
    bool,
    Hyperparameter(
        "Whether the averages start at zero, with ``ρ_k = 1 - β^k``, instead of at the first"
        " sample, with ``ρ_k = 1``.",
        arguments.flag,
    ),
]
Divide = Annotated[
    bool,
    Hyperparameter(
        "True: the decay is a term of the proximal problem, ``x ← (x - τ D⁻¹d)/(1+αλ)``. False:"
        " AdamW's form of it, ``x ← (1-αλ) x - τ D⁻¹d``. Per group.",
        arguments.flag,
    ),
]
Constant = Annotated[
    float,
    Hyperparameter("c > 0, by which the loss above its bound is divided.", arguments.positive),
]
Power = Annotated[float, Hyperparameter("``p >= 0``, of the weights.", _power)]
Seed = Annotated[int, Hyperparameter("An integer, of the s_k.", arguments.integer)]
Spectral = Annotated[
    bool, Hyperparameter("Whether matrices are treated as such. Per group.", arguments.flag)
]
Exponent = Annotated[
    float, Hyperparameter("c > 0: ``β2_k = 1 - k^-c``. Per group.", arguments.positive)
]
Frequency = Annotated[
    int,
    Hyperparameter(
        "How many gradients there are between changes of the bases. Per group.", arguments.whole
    ),
]


OPTIONS: dict[str, Any] = {
    "foreach": None,
    "fused": None,
    "maximize": False,
    "nonfinite": "skip",
    "process_group": None,
    "shard_group": None,
}
"""The arguments of all optimizers beside the hyper-parameters, with their defaults."""


class Options(TypedDict, total=False):
    """The arguments of all optimizers beside the hyper-parameters; see `MomentumModelOptimizer`."""

    foreach: bool | None
    fused: bool | None
    maximize: bool
    nonfinite: str
    process_group: Any
    shard_group: Any


def declared(cls: type[Any]) -> dict[str, Hyperparameter]:
    """Return the hyper-parameters of a class by the names of its ``__init__``."""
    hints = get_type_hints(cls.__init__, include_extras=True)
    found = {name: getattr(hint, "__metadata__", (None,))[0] for name, hint in hints.items()}
    return {name: one for name, one in found.items() if isinstance(one, Hyperparameter)}


def signature(cls: type[Any]) -> inspect.Signature:
    """Return the signature of an ``__init__`` with the options that it takes, each by its name."""
    found = inspect.signature(cls.__init__)
    own = [one for one in found.parameters.values() if one.kind is not one.VAR_KEYWORD]
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
        for name, default in OPTIONS.items()
        if name not in found.parameters
    ]
    return found.replace(parameters=[*own, *options])


def documented(cls: type[Any]) -> str:
    """Return the docstring of a class with the section on its parameters."""
    given = inspect.signature(cls.__init__).parameters
    lines = [
        f"{name}\n    {one.meaning} Default {given[name].default!r}."
        for name, one in declared(cls).items()
    ]
    return "\n".join(
        [
            inspect.cleandoc(cls.__doc__ or ""),
            "\nParameters\n----------\nparams",
            "    Parameters, named parameters, or parameter groups.",
            *lines,
            ", ".join(OPTIONS),
            "    See `momo.optim.optimizer.MomentumModelOptimizer`.",
            "\nRaises\n------\nValueError, TypeError",
            "    If an argument is out of range; the message says which, and what is allowed.",
        ]
    )


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
    seen
        The values it follows from; beside one that can change in place, what it was, else None.
    layout
        What of it says how parameters are cut into blocks, and what is kept of them.
    """

    method: Method
    preconditioners: tuple[Any, ...]
    hypers: tuple[Hyper, ...]
    seen: dict[str, tuple[Any, Any]]
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
    shrink = 0.0 if is_zero(decay) else lr * decay  # αλ; not inf · 0
    hypers = tuple(
        Hyper(lr, shrink, method.decay, method.limit(how.unit)) for how in preconditioners(method)
    )
    own = preconditioners(method)
    layout = (method.averaging, method.iterates, method.product, own)
    return Setting(method, own, hypers, seen(group), layout)


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
    if len(group) != len(before.seen) + 1:
        return False
    for name, (value, form) in before.seen.items():
        now = group.get(name, before)
        if now is value and form is None:
            continue
        if frozen(now) != (frozen(value) if form is None else form):
            return False
    return True


def seen(group: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the hyper-parameters of a group, and beside what can change in place, what it was."""
    found = {name: (value, frozen(value)) for name, value in group.items() if name != "params"}
    return {n: (value, None if constant(value) else form) for n, (value, form) in found.items()}


def constant(value: Any) -> bool:
    """Return whether a value cannot change in place."""
    if type(value) is tuple:
        return all(map(constant, value))
    return type(value) in (float, int, bool, str, type(None))


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


def agreed(groups: Sequence[Mapping[str, Any]], methods: Sequence[Method]) -> None:
    """Raise unless all groups share what belongs to the one model.

    Raises
    ------
    ValueError
        If β, the kind of average, the bound or ``nonfinite`` differ, or one learning rate of
        several is infinite.
    """
    first, nonfinite = _shared(methods[0]), groups[0]["nonfinite"]
    for index, (group, method) in enumerate(zip(groups, methods, strict=True)):
        ours, theirs = _shared(method), first
        ours, theirs = {**ours, "nonfinite": group["nonfinite"]}, {**theirs, "nonfinite": nonfinite}
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
