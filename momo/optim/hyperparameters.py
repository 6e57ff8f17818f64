# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

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

import torch

from momo.optim import arguments
from momo.optim.arguments import Scalar
from momo.optim.preconditioners.spectral import checked_radius


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


def _share(name: str, value: Any) -> float:
    share = arguments.number(name, value, f"0 < {name} <= 1")
    if not 0 < share <= 1:
        raise ValueError(f"{name} = {share}; allowed: above 0, at most 1")
    return share


Lr = Annotated[
    Scalar,
    Hyperparameter(
        "α >= 0, the cap on the step: a number, or a tensor of one element. ``inf``: no cap. Per"
        " group.",
        partial(arguments.non_negative, infinite=True),
    ),
]
FiniteLr = Annotated[
    Scalar,
    Hyperparameter(
        "α >= 0, finite, the step size, or what no coordinate's exceeds: a number, or a tensor of"
        " one element. Per group.",
        arguments.non_negative,
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
DecayForm = Annotated[
    str,
    Hyperparameter(
        '"decoupled": the decay is ``(1-αλ) z - τ D⁻¹d``, with IAM-Adam ``z - αλ x - τ D⁻¹d``, of'
        ' which the step size knows nothing; "proximal": a term of the proximal problem,'
        " ``(z - τ D⁻¹d)/(1+αλ)``. Per group.",
        partial(arguments.one_of, choices=("decoupled", "proximal")),
    ),
]
Constant = Annotated[
    float,
    Hyperparameter("c > 0, by which the loss above its bound is divided.", arguments.positive),
]
Floor = Annotated[
    float,
    Hyperparameter(
        "M, the least that the step divides by, in the units of ``||g||²``; 0 or less: the first"
        " ``||g||²``.",
        arguments.real,
    ),
]
OptionalFloor = Annotated[
    float | None,
    Hyperparameter(
        "M, the least that the step divides by, in the units of ``||g||²``; 0 or less: the first"
        " ``||g||²``; None: nothing.",
        lambda name, value: None if value is None else arguments.real(name, value),
    ),
]
FirstStep = Annotated[
    float, Hyperparameter("γ_0 > 0, from which step sizes grow.", arguments.positive)
]
Rho = Annotated[
    float,
    Hyperparameter("``ρ >= 0``, how far up the hill. Per group.", arguments.non_negative_number),
]
Mix = Annotated[
    float,
    Hyperparameter(
        "λ in [0, 1]: the gradient that leads up the hill is divided by its norm (1), or not (0)."
        " Per group.",
        arguments.fraction,
    ),
]
Doubling = Annotated[
    float,
    Hyperparameter("``n > 0``, the steps in which a step size may double.", arguments.positive),
]
Power = Annotated[
    float, Hyperparameter("``p >= 0``, of the weights.", arguments.non_negative_number)
]
Mu = Annotated[
    float,
    Hyperparameter("``μ >= 0``, by which ηg is damped. Per group.", arguments.non_negative_number),
]
Delta = Annotated[float, Hyperparameter("δ in (0, 1]: β is at most 1 - δ. Per group.", _share)]
Seed = Annotated[int, Hyperparameter("An integer, of the s_k.", arguments.integer)]
Spectral = Annotated[
    bool, Hyperparameter("Whether matrices are treated as such. Per group.", arguments.flag)
]
Start = Annotated[
    str,
    Hyperparameter(
        'Where the averages start: "first", at the first sample, without correction, or "zero",'
        " with ``ρ_k = 1 - β^k`` and Adam's corrections.",
        partial(arguments.one_of, choices=("first", "zero")),
    ),
]
Radius = Annotated[
    str | float,
    Hyperparameter(
        'r of matrices: a number above 0, or "one", "shape", "rms", "scion" (functions of their'
        " rows and columns, `momo.optim.preconditioners.spectral.RADII`). Per group.",
        checked_radius,
    ),
]
StaleNorm = Annotated[
    bool,
    Hyperparameter(
        "Whether the dual norms of matrices are those of the step before. Per group.",
        arguments.flag,
    ),
]
Exponent = Annotated[
    float, Hyperparameter("c > 0: ``β2_k = 1 - k^-c``. Per group.", arguments.positive)
]
Eps2 = Annotated[
    float,
    Hyperparameter(
        "ε_2 > 0, what the root mean square of a parameter counts as at least. Per group.",
        arguments.positive,
    ),
]
ClipThreshold = Annotated[
    float,
    Hyperparameter(
        "d > 0, what the root mean square of ``d_k/sqrt(v_k)`` may be. Per group.",
        arguments.positive,
    ),
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
    "state_dtype": None,
}
"""The arguments of all optimizers beside the hyper-parameters, with their defaults."""
ABSENT = {
    "capturable": "every step may be captured in a CUDA graph; make lr a tensor to change it there",
    "differentiable": "no step is differentiated; unroll one of momo.reference, which is NumPy",
    "maximize": "to maximise f, minimise -f with lb at most its smallest value",
}
"""Arguments of ``torch.optim`` that there are not here, and what to do instead."""
OF_TORCH = ABSENT | {
    "amsgrad": "MomoAmsGrad has it",
    "dampening": "the average is torch's with dampening = momentum",
    "momentum": "it is beta, or the first of betas",
    "nesterov": "there is none",
}
"""The same of all that constructors of ``torch.optim`` take; groups may have their momentum."""


class Options(TypedDict, total=False):
    """The arguments of all optimizers beside the hyper-parameters.

    Attributes
    ----------
    foreach
        Whether small tensors are put together, and large ones cut (`momo.optim.blocks`). None:
        yes, except under ``torch.compile``, which does so itself. False: every parameter by itself,
        the path that the others are held against. It is of what does not take the fused path, which
        nothing does where it is given, unless ``fused`` is, too.
    fused
        Whether both passes over all tensors are one call of a kernel each (`momo.optim.fused`).
        None: where there are kernels for the device, the parts of the method and the dtypes, and
        ``foreach`` is None; `path` says what is taken. True: ``RuntimeError`` where there are none.
        Per group.
    kahan_sum
        Whether parameters of 16 bits (bfloat16, float16) are kept in two parts: x, and in the state
        a compensation c of the same dtype, 2 bytes for each number, of what rounding x would lose.
        The step goes from ``x + c``; the forward pass sees x. Per group; of parameters of more bits
        nothing is kept.
    max_norm
        The gradients are clipped to this norm, over all groups and ranks, inside the step: g
        becomes c g, and the loss the one of which c g is the gradient, ``f_* + c (f - f_*)``
        (`momo.optim.clip_grad_norm_`). None: they are not. The same in all groups. Clipping by
        anybody else between backward and step cannot be seen, and breaks the pair.
    nonfinite
        What to do with a loss or gradient that is NaN or infinite, or whose squared norm is:
        "skip" leaves parameters and state as they are and counts it in `skipped`; "raise" raises
        ``FloatingPointError`` instead, at the price of waiting for the device in each step.
    process_group
        The process group over which the loss is averaged, as gradients are under data
        parallelism. None: the default group, if ``torch.distributed`` is initialised. False: none.
    shard_group
        The process group over which the parameters are partitioned, as under
        ``ZeroRedundancyOptimizer``. True: the default group, if ``torch.distributed`` is
        initialised. None: they are not partitioned. DTensor parameters (FSDP2, tensor
        parallelism) need nothing.
    state_dtype
        The dtype in which d is kept, where it is not that of its parameter: torch.bfloat16 takes
        half the memory. Of its rounding h sees what it changes of the moves, ``<d, x⁺ - x>``, not
        of ``<d, x>``, since γ is of the d that is stored. Where ``1 - β`` is below 1/256 d stalls
        in it. Per group; complex parameters have none.
    """

    foreach: bool | None
    fused: bool | None
    kahan_sum: bool
    max_norm: float | None
    nonfinite: str
    process_group: Any
    shard_group: Any
    state_dtype: torch.dtype | None


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
            "    See `momo.optim.hyperparameters.Options`.",
            "\nRaises\n------\nValueError, TypeError",
            "    If an argument is out of range; the message says which, and what is allowed.",
        ]
    )
