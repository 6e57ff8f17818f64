# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is known of a method before it is built, and the checks of its hyper-parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from inspect import signature
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

from momo.installed import command
from momo.methods import Hyperparameters, Listed, Row

if TYPE_CHECKING:
    from torch.optim import Optimizer

    from momo.optim.optimizer import Params

RANGES: dict[str, tuple[Callable[[float], bool], str]] = {
    "lr": (lambda v: 0 <= v < math.inf, "at least 0, finite"),
    "weight_decay": (lambda v: 0 <= v < math.inf, "at least 0, finite"),
    "beta": (lambda v: 0 <= v < 1, "at least 0, below 1"),
    "beta2": (lambda v: 0 <= v < 1, "at least 0, below 1"),
    "eps": (lambda v: 0 < v < math.inf, "above 0, finite"),
    "lb": (math.isfinite, "a finite number"),
}
"""The values a hyper-parameter can have with any method, and how to say so."""
UNCAPPED = (lambda v: v >= 0, "at least 0; inf: no cap")
"""Of the learning rate of a momentum model, which is a cap."""


Step = Literal["gradients", "loss", "closure"]
"""What a step needs: ``step()``, ``step(loss=loss)`` or ``step(closure)``."""


@dataclass(frozen=True)
class Entry:
    """A method that can be compared with others.

    Attributes
    ----------
    row
        What is said of it: of a momentum model its row in `momo.methods`.
    make
        ``(parameters, hyper-parameters) -> optimizer``; it imports what it needs.
    package
        The package it is from, beyond torch and this one; None: none.
    step
        What its step needs; default: that of a row of `momo.methods`, else gradients alone.
    has_spectral
        Whether it is in a norm of matrices, and groups say what is one (``spectral``); default: as
        the class of a row of `momo.methods` has it.
    """

    row: Listed
    make: Callable[[Params, Hyperparameters], Optimizer] = field(repr=False)
    package: str | None = None
    step: Step | None = None
    has_spectral: bool | None = None

    @property
    def name(self) -> str:
        """How it is called in commands and records."""
        return self.row.name

    @property
    def takes_loss(self) -> bool:
        """Whether its step needs the loss, ``step(loss=loss)``: a momentum model's does."""
        return self.needs == "loss"

    @property
    def needs_closure(self) -> bool:
        """Whether its step needs a closure, since it looks at more points than x."""
        return self.needs == "closure"

    @property
    def needs(self) -> Step:
        """What its step needs beside gradients."""
        if self.step is not None:
            return self.step
        if not isinstance(self.row, Row):
            return "gradients"
        return "loss" if self.row.ascent is None else "closure"

    @property
    def takes_spectral(self) -> bool:
        """Whether groups of it say what is a matrix."""
        if self.has_spectral is not None:
            return self.has_spectral
        if not isinstance(self.row, Row):
            return False
        return "spectral" in signature(self.row.torch_class()).parameters

    def check_installed(self) -> None:
        """Raise unless the method's package is there.

        Raises
        ------
        ModuleNotFoundError
            If it is not; the message says what to install.
        """
        if self.package is not None and find_spec(self.package) is None:
            raise ModuleNotFoundError(
                f"method {self.name} needs {self.package}, which is not installed:"
                f" {command('baselines')}",
                name=self.package,
            )

    def build(self, params: Params, h: Hyperparameters) -> Optimizer:
        """Return the optimizer over parameters, named parameters or parameter groups.

        Raises
        ------
        ModuleNotFoundError
            If its package is not installed.
        ValueError, TypeError
            If a hyper-parameter is out of the method's range.
        """
        self.check_installed()
        return self.make(params, h)

    def resolve(self, given: Mapping[str, Any]) -> Hyperparameters:
        """Return the hyper-parameters given, and the method's own for the rest; see `resolve`."""
        values: dict[str, float] = {}
        for name, value in given.items():
            if value is None:
                continue
            if name not in self.row.uses:
                raise ValueError(
                    f"{name} = {value} was given, but {self.row.title} does not use it;"
                    f" allowed with method {self.name}: {', '.join(self.row.uses)}"
                )
            good, allowed = UNCAPPED if name == "lr" and self.takes_loss else RANGES[name]
            if isinstance(value, bool) or not isinstance(value, Real):
                raise TypeError(f"{name} = {value!r} is no number; allowed: {allowed}")
            values[name] = float(value)
            if not good(values[name]):
                raise ValueError(f"{name} = {value}; allowed: {allowed}")
        return replace(self.row.defaults, **values)
