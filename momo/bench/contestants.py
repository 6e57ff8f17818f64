# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is measured: the optimizers that step on the tensors of a workload."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from momo.installed import needed

with needed(__name__, "bench"):
    import torch
    from torch import Tensor
    from torch.optim import SGD, AdamW, Optimizer

from momo.bench.peers import PEERS
from momo.bench.streams import method_of, step_bytes
from momo.bench.workloads import ONE, shapes
from momo.core.method import Method
from momo.lookup import choices
from momo.methods import METHODS, Hyperparameters, Row
from momo.methods.row import step_with
from momo.optim.settings import preconditioners

LOOP, FOREACH, FUSED, DEFAULT, COMPILED = "loop", "foreach", "fused", "default", "compiled"
PATHS = (LOOP, FOREACH, FUSED, DEFAULT, COMPILED)
FLAGS: dict[str, dict[str, bool]] = {
    LOOP: {"foreach": False, "fused": False},
    FOREACH: {"foreach": True, "fused": False},
    FUSED: {"fused": True},
    DEFAULT: {},
    COMPILED: {},
}
"""What is given for a path; the default is what users get."""
TIMED: dict[str, tuple[str, type[Optimizer], dict[str, float]]] = {
    "sgd_m": ("SGD-M", SGD, {"momentum": 0.9, "dampening": 0.9}),
    "adam": ("AdamW", AdamW, {}),
}
"""torch's optimizers that methods are timed against, and their arguments."""
LEARNING_RATE = 1e-6
"""Small: the gradients do not change, and the parameters shall stay finite."""
ALL = "all"
"""Stands for the names of all methods."""


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
    name
        How it is called in tables.
    path
        One of `PATHS`.
    make
        Returns the optimizer over the given parameters.
    method
        The parts of a method of ours, whose step takes the loss; None: it is somebody else's.
    """

    name: str
    path: str
    make: Callable[[list[Tensor]], Optimizer]
    method: Method | None = None


@dataclass(frozen=True)
class Family:
    """What is timed together.

    Attributes
    ----------
    unit
        What all are compared with; it is measured, and not shown unless it is a contestant too.
    contestants
        In the order in which they are shown.
    """

    unit: Contestant
    contestants: tuple[Contestant, ...]

    @property
    def period(self) -> int:
        """How many steps in a row are timed, or a multiple: some have one dear step in several."""
        methods = [one.method for one in self.contestants if one.method is not None]
        hows = [how for method in methods for how in preconditioners(method)]
        return max((getattr(how, "frequency", 1) for how in hows), default=1)

    @property
    def measured(self) -> tuple[Contestant, ...]:
        """All, the unit first."""
        return (self.unit, *(one for one in self.contestants if one is not self.unit))


def chosen(methods: Sequence[str]) -> tuple[str, ...]:
    """Return the names of methods, `ALL` spelt out.

    Raises
    ------
    ValueError
        If one is not in the table of methods.
    """
    for name in methods:
        if name not in METHODS and name != ALL:
            raise ValueError(f"method {name!r} is unknown; {choices(name, [ALL, *METHODS])}")
    return tuple(METHODS) if ALL in methods else tuple(methods)


def base_of(method: Method) -> str:
    """Return the key in `TIMED`: "adam" of what keeps more than d for its metric, or "sgd_m"."""
    return "adam" if any(how.memory((2, 2)) for how in preconditioners(method)) else "sgd_m"


def families(
    methods: Sequence[str], paths: Sequence[str], setting: Setting, workload: str
) -> Iterator[Family]:
    """Yield torch's optimizers of `TIMED` that are needed, each method, and each beside its peers.

    The unit is torch's fused path, or where one parameter of a few elements is all, its loop. Each
    method has a family of its own: tensors and state of all would not fit.

    Raises
    ------
    ValueError
        If a method is not in the table.
    """
    h = Hyperparameters(lr=LEARNING_RATE, weight_decay=setting.weight_decay)
    rows = [METHODS[name] for name in chosen(methods)]
    parts = {row.name: method_of(row, h) for row in rows}
    for base in TIMED:
        own = [row for row in rows if base_of(parts[row.name]) == base]
        if not own:
            continue
        unit, torchs = baseline(base, paths, setting, LOOP if workload == ONE else FUSED)
        yield Family(unit, torchs)
        for row in own:
            yield Family(unit, ours(row, parts[row.name], h, paths))
    for row in rows:
        for peer in PEERS:
            if not peer.suits(parts[row.name], shapes(workload)):
                continue
            try:
                make = peer.maker(LEARNING_RATE, setting.weight_decay)
            except ImportError:
                continue
            unit = Contestant(peer.title, DEFAULT, make)
            best = [path for path in (FUSED, DEFAULT) if path in paths]
            yield Family(unit, (unit, *ours(row, parts[row.name], h, best)))


def missing_peers(methods: Sequence[str], workload: str) -> list[str]:
    """Return the names of libraries that are not there, of which methods have peers."""
    found = []
    for peer in PEERS:
        parts = (method_of(METHODS[name], METHODS[name].defaults) for name in chosen(methods))
        if any(peer.suits(method, shapes(workload)) for method in parts):
            try:
                peer.maker(LEARNING_RATE, 0.0)
            except ImportError as error:
                found.append(f"{peer.title}: {error}")
    return found


def baseline(
    base: str, paths: Sequence[str], setting: Setting, unit: str
) -> tuple[Contestant, tuple[Contestant, ...]]:
    """Return one of torch's optimizers on its path that is the unit, and on all that are shown."""
    title, cls, own = TIMED[base]
    arguments = {"lr": LEARNING_RATE, "weight_decay": setting.weight_decay, **own}
    found = {
        path: Contestant(title, path, _maker(cls, arguments, path))
        for path in PATHS
        if path in paths or path == unit
    }
    return found[unit], tuple(found.values())


def ours(
    row: Row, method: Method, h: Hyperparameters, paths: Sequence[str]
) -> tuple[Contestant, ...]:
    """Return a method on the paths that are shown."""
    cls, arguments = row.torch_class(), row.torch_arguments(h)
    return tuple(
        Contestant(row.title, path, _maker(cls, arguments, path), method)
        for path in PATHS
        if path in paths
    )


def _maker(
    cls: Callable[..., Optimizer], arguments: dict[str, Any], path: str
) -> Callable[[list[Tensor]], Optimizer]:
    return lambda parameters: cls(parameters, **arguments, **FLAGS[path])


class Runner:
    """A contestant at work on tensors of its own; the gradients are shared and never change."""

    def __init__(self, contestant: Contestant, start: list[Tensor], grads: list[Tensor]) -> None:
        self.contestant = contestant
        self.grads = grads
        self.parameters = [x.clone().requires_grad_() for x in start]
        for parameter, grad in zip(self.parameters, grads, strict=True):
            parameter.grad = grad
        self.optimizer = optimizer = contestant.make(self.parameters)
        loss = torch.ones((), device=start[0].device)

        def step() -> None:
            if contestant.method is None:
                optimizer.step()
            else:
                step_with(optimizer, loss)

        self.step: Callable[[], None] = torch.compile(step) if contestant.path == COMPILED else step

    @property
    def runs(self) -> str:
        """What the path has come to, where the optimizer says so."""
        return getattr(self.optimizer, "path", "")

    def check(self) -> None:
        """Raise unless all parameters are finite, and have their gradients still.

        Raises
        ------
        RuntimeError
            If one is not: then arithmetic on NaN or infinities was measured. If one has none: then
            nothing was.
        """
        if any(x.grad is not grad for x, grad in zip(self.parameters, self.grads, strict=True)):
            raise RuntimeError(
                f"{self.contestant.name} ({self.contestant.path}): gradients were taken away"
            )
        if not all(bool(x.isfinite().all()) for x in self.parameters):
            raise RuntimeError(
                f"{self.contestant.name} ({self.contestant.path}): parameters are not finite"
            )

    def state_bytes(self) -> int:
        """Return how many bytes the optimizer keeps between steps."""
        entries = (value for entry in self.optimizer.state.values() for value in entry.values())
        # What all parameters share, as the model's numbers, is there once.
        once = {id(value): value.nbytes for value in entries if isinstance(value, Tensor)}
        return sum(once.values())

    def step_bytes(self) -> float:
        """Return how many bytes a step has to move: for other people's, in one pass."""
        if self.contestant.method is not None:
            own = tuple(tuple(x.shape) for x in self.parameters)
            return step_bytes(self.contestant.method, own, self.parameters[0].dtype)
        x = sum(parameter.nbytes for parameter in self.parameters)
        return 3 * x + 2 * self.state_bytes()


def runners(family: Family, workload: str, setting: Setting) -> tuple[list[Runner], list[str]]:
    """Return the contestants of a family, each with its own copy of the same parameters.

    The second is what was left out, and why: a fused path that does not cover a method.
    """
    torch.compiler.reset()  # what is compiled for one workload would be in the way of the next
    generator = torch.Generator().manual_seed(setting.seed)

    def random(scale: float) -> list[Tensor]:
        return [
            (scale * torch.randn(shape, generator=generator)).to(setting.device, setting.dtype)
            for shape in shapes(workload)
        ]

    start, grads = random(1.0), random(1e-3)
    field, left_out = [], []
    for contestant in family.measured:
        reason = refused(contestant, start, grads)
        if reason is None:
            field.append(Runner(contestant, start, grads))
        else:
            left_out.append(f"{contestant.name} ({contestant.path}): {reason}")
    return field, left_out


def refused(contestant: Contestant, start: list[Tensor], grads: list[Tensor]) -> str | None:
    """Return why a method's fused path cannot be taken; None: it can, or another one is."""
    if contestant.method is None or contestant.path != FUSED:
        return None
    try:
        Runner(contestant, start, grads).step()
    except (ValueError, RuntimeError) as error:
        return str(error)
    return None


def synchronise(device: torch.device) -> None:
    """Wait until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
