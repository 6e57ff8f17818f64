"""What is tested: a torch optimizer class, how it is called, and what is known of it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from importlib import import_module
from typing import Any

from momo.methods import METHODS, Hyperparameters, Row, Shape
from momo.reference import Method

Reference = Callable[[Hyperparameters, Shape], Method]
Capped = Callable[[Hyperparameters, Shape], Method]

NAMES = ("lr", "weight_decay", "beta", "momentum", "betas", "beta2", "eps", "lb")
"""The arguments of a constructor that are known to be hyper-parameters."""
DECAYS = ("beta", "momentum", "betas")
"""Those by which β is given."""


@dataclass(frozen=True)
class Subject:
    """An optimizer class to be tested; made by `of`.

    Attributes
    ----------
    name
        How it is called in tables.
    optimizer
        The class. Its ``step`` takes ``loss=``; all else is optional, and laws that need more say
        so.
    arguments
        Which hyper-parameters its constructor takes, as `momo.methods.Row.arguments`.
    fixed
        Its other arguments.
    reference, capped
        Its NumPy form, and that of the method that it is when every step is capped, as in
        `momo.methods.Row`; None: there is none.
    base
        ``(parameters, hyper-parameters) -> torch optimizer``: the one that it is when every step is
        capped; None: there is none.
    online
        Whether it estimates its bound.
    claims, broken, exempt
        As in `momo.methods.Row`.
    """

    name: str
    optimizer: type[Any]
    arguments: tuple[str, ...]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    reference: Reference | None = None
    capped: Capped | None = None
    base: Callable[[list[Any], Hyperparameters], Any] | None = None
    online: bool = False
    claims: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    exempt: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, what: str | Row | type[Any], **fixed: Any) -> Subject:
        """Return the subject for a row of the table, a class, or the name of either.

        A class may say more of itself in attributes, each named and made as that of `Subject`:
        ``reference``, ``capped`` and ``base`` (static methods), ``online``, ``claims``, ``broken``
        and ``exempt``.

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
            return cls._of_row(found, fixed)
        if not isinstance(found, type) or not callable(getattr(found, "step", None)):
            raise ValueError(
                f"{name or repr(found)} is of type {type(found).__name__};"
                " allowed: a torch optimizer class, or a momo.methods.Row"
            )
        return cls._of_class(found, name or found.__qualname__, fixed)

    @classmethod
    def _of_row(cls, row: Row, fixed: Mapping[str, Any]) -> Subject:
        optimizer = row.torch_class()
        return cls(
            row.name,
            optimizer,
            row.arguments,
            {**row.fixed, **fixed},
            row.reference,
            row.capped,
            getattr(optimizer, "base", None),
            row.online,
            row.claims,
            row.broken,
            row.exempt,
        )

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
        said = {
            key: getattr(optimizer, key)
            for key in ("reference", "capped", "base", "online", "claims", "broken", "exempt")
            if hasattr(optimizer, key)
        }
        arguments = tuple(argument for argument in NAMES if argument in known)
        return cls(name, optimizer, arguments, dict(fixed), **said)

    def takes(self, name: str) -> bool:
        """Return whether the constructor takes a hyper-parameter."""
        if name == "beta":
            return bool(set(self.arguments) & set(DECAYS))
        if name == "beta2":
            return bool(set(self.arguments) & {"beta2", "betas"})
        return name in self.arguments

    def accepts(self, argument: str) -> bool:
        """Return whether the constructor has an argument of this name."""
        return argument in inspect.signature(self.optimizer.__init__).parameters

    @property
    def takes_bounds(self) -> bool:
        """Whether a step may bring a bound."""
        return not self.online and "lb" in inspect.signature(self.optimizer.step).parameters

    @property
    def tells(self) -> bool:
        """Whether it shows the scalars of its last step."""
        return hasattr(self.optimizer, "last")

    def keywords(self, h: Hyperparameters) -> dict[str, Any]:
        """Return the constructor's keyword arguments."""
        values = {**asdict(h), "betas": (h.beta, h.beta2), "momentum": h.beta}
        return {**{name: values[name] for name in self.arguments}, **self.fixed}


def find(name: str) -> Any:
    """Return a row of the table by its name, or what ``module:attribute`` names.

    Raises
    ------
    ValueError
        If there is none.
    """
    if name in METHODS:
        return METHODS[name]
    module, colon, attribute = name.partition(":")
    if not colon:
        raise ValueError(
            f"method {name!r} is unknown; allowed: {', '.join(METHODS)}, or module:Class"
        )
    try:
        found: Any = import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        where = f"; looked in {sys.path[0] or 'this folder'} first"
        raise ValueError(f"method {name!r} cannot be loaded: {error}{where}") from error
    return found
