# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is tested: a torch optimizer class, how it is called, and what is known of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from momo.conformance.problem import Problem
from momo.lookup import choices, inside, load, meaning
from momo.methods import METHODS, Hyperparameters, Listed, Row, Shape
from momo.methods.row import Reference
from momo.reference import Method
from momo.reference.ascent import Sample

Capped = Callable[[Hyperparameters, Shape], Method]
Masked = Callable[[], AbstractContextManager[Any]]

NAMES = ("lr", "weight_decay", "beta", "momentum", "betas", "beta2", "eps", "lb")
"""The arguments of a constructor that are known to be hyper-parameters."""
DECAYS = ("beta", "momentum", "betas")
"""Those by which β is given."""
SAID = ("online", "claims", "broken", "exempt")
"""What a class may say of itself as its row would."""


@dataclass(frozen=True)
class Subject:
    """An optimizer class to be tested; made by `of`.

    Attributes
    ----------
    row
        What is said of it: its row of the table, or what the class says.
    optimizer
        The class. Its ``step`` takes ``loss=``; all else is optional, and laws that need more say
        so.
    reference, capped
        Its NumPy form, and that of the method that it is when every step is capped, as in
        `momo.methods.Row`; None: there is none.
    base
        ``(parameters, hyper-parameters) -> torch optimizer``: the one that it is when every step is
        capped; None: there is none.
    masked
        A context in which its steps on the CPU are taken as on a device, where what is not finite
        must not be read, and is masked out. Of those made of `momo.optim` it is
        `momo.optim.reading.as_on_a_device`; None: there is none, or there is one way only.
    asked
        By which name `of` finds it again; empty, if there is none.
    """

    row: Listed
    optimizer: type[Any]
    reference: Reference | None = None
    capped: Capped | None = None
    base: Callable[[list[Any], Hyperparameters], Any] | None = None
    masked: Masked | None = None
    asked: str = ""

    @property
    def needs_closure(self) -> bool:
        """Whether a step takes a closure alone, as one does that looks at other points than x."""
        return bool(getattr(self.optimizer, "needs_closure", False))

    def seen(self, sample: Sample) -> Sample:
        """Return what the reference sees of a sample: of a row that takes it elsewhere, that."""
        return self.row.seen(sample) if isinstance(self.row, Row) else sample

    @property
    def name(self) -> str:
        """How it is called in tables."""
        return self.row.name

    @classmethod
    def of(cls, what: str | Row | type[Any], **fixed: Any) -> Subject:
        """Return the subject for a row of the table, a class, or the name of either.

        A class may say more of itself in attributes, each named and made as that of `Subject` or
        of `momo.methods.Row`: ``reference``, ``capped``, ``base`` and ``masked`` (static methods),
        ``online``, ``claims``, ``broken`` and ``exempt``.

        Parameters
        ----------
        what
            A name in `momo.methods.METHODS`, ``module:Class`` or ``module:ROW``, a `Row`, or a
            torch optimizer class.
        fixed
            Arguments of the constructor that are no hyper-parameters.

        Raises
        ------
        ValueError
            If there is no such method, it is no optimizer class, or it cannot be called so.
        """
        name = what if isinstance(what, str) else ""
        found = find(what) if isinstance(what, str) else what
        if isinstance(found, Row):
            return replace(cls._of_row(found, fixed), asked=name)
        if not is_optimizer(found):
            raise ValueError(
                f"{name or repr(found)} is of type {type(found).__name__};"
                " allowed: a torch optimizer class, or a momo.methods.Row"
            )
        asked = name or f"{found.__module__}:{found.__qualname__}"
        made = cls._of_class(found, name or found.__qualname__, fixed)
        return replace(made, asked="" if fixed or "<locals>" in asked else asked)

    @classmethod
    def _of_row(cls, row: Row, fixed: Mapping[str, Any]) -> Subject:
        optimizer, base = row.torch_class(), getattr(row.torch_class(), "base", None)
        said = replace(row, fixed={**row.fixed, **fixed})
        return cls(said, optimizer, row.reference, row.capped, base, masked_of(optimizer))

    @classmethod
    def _of_class(cls, optimizer: type[Any], name: str, fixed: Mapping[str, Any]) -> Subject:
        known = inspect.signature(optimizer.__init__).parameters
        if wrong := sorted(set(fixed) & set(NAMES)):
            raise ValueError(
                f"{', '.join(wrong)} given for {name}; allowed: arguments that are no"
                f" hyper-parameters, for these ({', '.join(NAMES)}) are drawn"
            )
        if "loss" not in inspect.signature(optimizer.step).parameters:
            raise ValueError(f"{name}.step() has no argument loss; allowed: step(loss=...)")
        arguments = tuple(argument for argument in NAMES if argument in known)
        said = {key: getattr(optimizer, key) for key in SAID if hasattr(optimizer, key)}
        forms: dict[str, Any] = {
            key: getattr(optimizer, key, None) for key in ("reference", "capped", "base")
        }
        listed = Listed(name, name, arguments, fixed=dict(fixed), **said)
        return cls(listed, optimizer, **forms, masked=masked_of(optimizer))

    def way(self, problem: Problem) -> Masked:
        """Return how the steps of a problem are taken: those of every other one are masked."""
        return self.masked if self.masked is not None and problem.seed % 2 else nullcontext

    def call(self, problem: Problem) -> str:
        """Return how the optimizer is made for a problem, as code; groups have their own rates."""
        arguments = self.row.torch_arguments(problem.hyperparameters(problem.groups[0]))
        shared = [f"{k}={v!r}" for k, v in arguments.items() if k not in ("lr", "weight_decay")]
        return f"{self.optimizer.__name__}({', '.join(['groups', *shared])})"

    def takes(self, name: str) -> bool:
        """Return whether the constructor takes a hyper-parameter."""
        return name in self.row.uses

    def accepts(self, argument: str) -> bool:
        """Return whether the constructor has an argument of this name."""
        return argument in inspect.signature(self.optimizer.__init__).parameters

    @property
    def takes_bounds(self) -> bool:
        """Whether a step may bring a bound."""
        return not self.row.online and "lb" in inspect.signature(self.optimizer.step).parameters

    @property
    def tells(self) -> bool:
        """Whether it shows the scalars of its last step."""
        return hasattr(self.optimizer, "last")


def masked_of(optimizer: type[Any]) -> Masked | None:
    """Return what a class says itself, or the context for one that is made of `momo.optim`."""
    from momo.optim import MomentumModelOptimizer
    from momo.optim.reading import as_on_a_device

    own: Masked | None = getattr(optimizer, "masked", None)
    return as_on_a_device if own is None and issubclass(optimizer, MomentumModelOptimizer) else own


def is_optimizer(found: object) -> TypeGuard[type[Any]]:
    """Return whether something is a class whose instances take steps."""
    return isinstance(found, type) and callable(getattr(found, "step", None))


def is_method(found: object) -> bool:
    """Return whether something can be a subject."""
    return isinstance(found, Row) or is_optimizer(found)


def find(name: str) -> Any:
    """Return a row of the table by its name, or what ``module:attribute`` names.

    Raises
    ------
    ValueError
        If there is none.
    """
    if name in METHODS:
        return METHODS[name]
    if ":" not in name:
        meant = meaning(inside(name, is_method))
        said = meant or choices(name, METHODS, "or module:Class")
        raise ValueError(f"method {name!r} is unknown; {said}")
    return load(f"method {name!r}", name, object)
