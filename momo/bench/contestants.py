"""What is measured: lists of tensors, and the optimizers that step on them."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import torch
from torch import Tensor
from torch.optim import SGD, AdamW, Optimizer

from momo.methods import METHODS, Hyperparameters, Row

Shapes = tuple[tuple[int, ...], ...]


def transformer(width: int = 256, layers: int = 8, words: int = 8192) -> Shapes:
    """Return the shapes of a transformer's parameters: matrices among many short vectors."""
    layer: Shapes = (
        *((width,),) * 4,
        (3 * width, width),
        (3 * width,),
        (width, width),
        (width,),
        (4 * width, width),
        (4 * width,),
        (width, 4 * width),
        (width,),
    )
    return ((words, width), (512, width), *layer * layers, (width,), (width,))


FEW_LARGE = "few_large"
WORKLOADS: dict[str, Shapes] = {
    FEW_LARGE: ((890, 890),) * 24,
    "many_small": ((1000,),) * 1000,
    "mixed": transformer(),
}
"""Tensor shapes by name; `FEW_LARGE` has 19 M elements in 24 tensors."""

PATHS = ("loop", "foreach", "fused", "compiled")
FUSED = "fused"
TIMED: dict[str, tuple[str, type[Optimizer], dict[str, float]]] = {
    "sgd_m": ("SGD-M", SGD, {"momentum": 0.9, "dampening": 0.9}),
    "adam": ("AdamW", AdamW, {}),
}
"""By `Row.base`: torch's optimizer that methods are timed against, and its arguments."""
LEARNING_RATE = 1e-6
"""Small: the gradients do not change, and the parameters shall stay finite."""


def shapes(workload: str) -> Shapes:
    """Return the shapes of a workload: a name of `WORKLOADS`, or "24x1000" for 24 of 1000.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if workload in WORKLOADS:
        return WORKLOADS[workload]
    match = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)", workload)
    if match is None:
        raise ValueError(
            f"workload {workload!r} is unknown; allowed: {', '.join(WORKLOADS)},"
            " or COUNTxSIZE as in 24x1000"
        )
    return ((int(match[2]),),) * int(match[1])


@dataclass(frozen=True)
class Setting:
    """On what, and with what, all contestants step, and the clock that times them."""

    device: torch.device
    dtype: torch.dtype
    weight_decay: float = 0.0
    seed: int = 0
    clock: Callable[[], float] = time.perf_counter


@dataclass(frozen=True)
class Contestant:
    """An optimizer on one of its paths.

    Attributes
    ----------
    baseline
        The name of torch's optimizer that it is compared with, or is.
    path
        One of `PATHS`.
    make
        Returns the optimizer over the given parameters.
    row
        Of the method, whose step takes the loss; None: it is the baseline.
    """

    baseline: str
    path: str
    make: Callable[[list[Tensor]], Optimizer]
    row: Row | None = None

    @property
    def name(self) -> str:
        """How it is called in tables."""
        return self.baseline if self.row is None else self.row.title


@dataclass(frozen=True)
class Family:
    """Methods that are compared with torch's own, whose fused path is the unit.

    Attributes
    ----------
    baseline
        The name of torch's optimizer.
    contestants
        In the order in which they are shown.
    """

    baseline: str
    contestants: tuple[Contestant, ...]


def check_methods(methods: Sequence[str]) -> None:
    """Raise unless all are names in the table of methods.

    Raises
    ------
    ValueError
        If one is not.
    """
    for name in methods:
        if name not in METHODS:
            raise ValueError(f"method {name!r} is unknown; allowed: {', '.join(METHODS)}")


def families(methods: Sequence[str], paths: Sequence[str], setting: Setting) -> Iterator[Family]:
    """Yield torch's optimizers of `TIMED`, each with the methods whose base it stands for.

    torch's fused path is always there. A family without methods is left out.

    Raises
    ------
    ValueError
        If a method is not in the table.
    """
    check_methods(methods)
    shared = {"lr": LEARNING_RATE, "weight_decay": setting.weight_decay}
    for base, (baseline, cls, own) in TIMED.items():
        chosen = [METHODS[name] for name in methods if METHODS[name].base == base]
        if not chosen:
            continue
        torchs = [
            Contestant(baseline, path, _maker(cls, {**shared, **own}, path))
            for path in PATHS
            if path in paths or path == FUSED
        ]
        h = Hyperparameters(lr=LEARNING_RATE, weight_decay=setting.weight_decay)
        ours = [
            Contestant(baseline, path, _maker(row.torch_class(), row.torch_arguments(h), path), row)
            for row in chosen
            for path in PATHS
            if path in paths and path != FUSED  # there is none yet
        ]
        yield Family(baseline, (*torchs, *ours))


def _maker(
    cls: Callable[..., Optimizer], arguments: dict[str, Any], path: str
) -> Callable[[list[Tensor]], Optimizer]:
    flags = {
        "loop": {"foreach": False},
        "foreach": {"foreach": True},
        "fused": {"fused": True},
        "compiled": {},
    }[path]
    return lambda parameters: cls(parameters, **arguments, **flags)


class Runner:
    """A contestant at work on tensors of its own; the gradients are shared and never change."""

    def __init__(self, contestant: Contestant, start: list[Tensor], grads: list[Tensor]) -> None:
        self.contestant = contestant
        self.parameters = [x.clone().requires_grad_() for x in start]
        for parameter, grad in zip(self.parameters, grads, strict=True):
            parameter.grad = grad
        self.optimizer = optimizer = contestant.make(self.parameters)
        arguments: dict[str, Any] = {}
        if contestant.row is not None:
            arguments["loss"] = torch.ones((), device=start[0].device)

        def step() -> None:
            optimizer.step(**arguments)

        self.step: Callable[[], None] = (
            torch.compile(step) if contestant.path == "compiled" else step
        )

    def check(self) -> None:
        """Raise unless all parameters are finite.

        Raises
        ------
        RuntimeError
            If one is not: then arithmetic on NaN or infinities was measured.
        """
        if not all(bool(x.isfinite().all()) for x in self.parameters):
            raise RuntimeError(
                f"{self.contestant.name} ({self.contestant.path}): parameters are not finite"
            )

    def state_bytes(self) -> int:
        """Return how many bytes the optimizer keeps between steps."""
        entries = chain.from_iterable(e.values() for e in self.optimizer.state.values())
        return sum(t.nbytes for t in entries if isinstance(t, Tensor))


def runners(family: Family, workload: str, setting: Setting) -> list[Runner]:
    """Return the contestants of a family, each with its own copy of the same parameters."""
    torch.compiler.reset()  # what is compiled for one workload would be in the way of the next
    generator = torch.Generator().manual_seed(setting.seed)

    def random(scale: float) -> list[Tensor]:
        return [
            (scale * torch.randn(shape, generator=generator)).to(setting.device, setting.dtype)
            for shape in shapes(workload)
        ]

    start, grads = random(1.0), random(1e-3)
    return [Runner(contestant, start, grads) for contestant in family.contestants]


def size(workload: str) -> tuple[int, int]:
    """Return how many elements a workload has, and in how many tensors."""
    found = shapes(workload)
    return sum(math.prod(shape) for shape in found), len(found)


def synchronise(device: torch.device) -> None:
    """Wait until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
