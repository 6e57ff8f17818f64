"""Hyper-parameters: meaning and range, declared once.

The annotations of a class's ``__init__`` say which it has. When they are checked is the business
of `momo.optim.settings`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypedDict, get_type_hints

from momo.optim import arguments
from momo.optim.arguments import Scalar


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
Beta = Annotated[
    float,
    Hyperparameter(
        'β in [0, 1), of the average. In ``param_groups``: "momentum", as schedulers call it.',
        arguments.decay,
    ),
]
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
    "kahan_sum": False,
    "max_norm": None,
    "nonfinite": "skip",
    "process_group": None,
    "shard_group": None,
}
"""The arguments of all optimizers beside the hyper-parameters, with their defaults."""
ABSENT = {
    "maximize": "to maximise f, minimise -f with lb at most its smallest value",
}
"""Arguments of ``torch.optim`` that there are not here, and what to do instead."""


class Options(TypedDict, total=False):
    """The arguments of all optimizers beside the hyper-parameters; see `MomentumModelOptimizer`."""

    foreach: bool | None
    fused: bool | None
    kahan_sum: bool
    max_norm: float | None
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
