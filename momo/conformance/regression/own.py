# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Methods that are not in the table: their rows, and where their records are."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from momo.conformance.regression.forms import no_reference
from momo.conformance.regression.record import GOLDEN, recorded
from momo.conformance.subject import DECAYS, Subject
from momo.methods import METHODS, Hyperparameters, Row


@dataclass(frozen=True)
class Own(Row):
    """What is said of a class of somebody else's, in the form of a row.

    Attributes
    ----------
    kind
        The class.
    """

    kind: type[Any] = field(kw_only=True)

    def torch_class(self) -> type[Any]:
        """Return the class."""
        return self.kind


def row_of(what: str | type[Any]) -> Row:
    """Return the row of a method of the table, or one made of what a class says of itself.

    Raises
    ------
    ValueError
        If there is no such method, or it has no name by which it could be found again.
    """
    subject = Subject.of(what)
    if isinstance(subject.row, Row):
        return replace(subject.row, name=subject.asked or subject.name)
    if not subject.asked:
        name = subject.optimizer.__qualname__
        raise ValueError(f"{name} is a class within a function; allowed: one that can be imported")
    return Own(
        subject.asked,
        subject.name,
        subject.row.arguments,
        defaults=defaults_of(subject.optimizer),
        fixed=subject.row.fixed,
        online=subject.row.online,
        reference=subject.reference or no_reference,
        optimizer=subject.asked,
        kind=subject.optimizer,
    )


def defaults_of(kind: type[Any]) -> Hyperparameters:
    """Return the hyper-parameters where none are given, by the arguments of a class's constructor.

    Those that it does not have, or whose default is no number, are those of `Hyperparameters`.
    """
    known = inspect.signature(kind.__init__).parameters
    given = {name: each.default for name, each in known.items()}
    found = {name: given.get(name) for name in ("lr", "weight_decay", "beta2", "eps", "lb")}
    for name in DECAYS:
        found["beta"] = given.get(name, found.get("beta"))
    if isinstance(found["beta"], tuple):
        found["beta"], found["beta2"] = found["beta"]
    numbers = {name: float(x) for name, x in found.items() if isinstance(x, int | float)}
    return replace(Hyperparameters(), **numbers)


def rows(
    names: Iterable[str], folder: Path, methods: Mapping[str, Row] = METHODS
) -> tuple[list[str], dict[str, Row]]:
    """Return the names that are meant, and the rows of all that there are.

    Parameters
    ----------
    names
        Of the table, or ``module:attribute``; none: of the table, or all that a folder of one's
        own has a record of.
    folder
        Of the records.
    methods
        The table.

    Raises
    ------
    ValueError
        If the folder is the package's, and a method not the table's, or it has no records.
    """
    given = list(names)
    ours = is_the_packages(folder)
    if not given and not ours:
        given = recorded(folder)
        if not given:
            raise ValueError(f"golden = {folder} has no records; allowed: what record has written")
    outside = [name for name in given if ":" in name]
    if outside and ours:
        raise ValueError(
            f"{outside[0]} is not in the table, and so not on record in the package; allowed:"
            f" --golden FOLDER, where `record {outside[0]} --into FOLDER` has written"
        )
    return given, {**methods, **{name: row_of(name) for name in outside}}


def is_the_packages(folder: Path) -> bool:
    """Return whether a folder is that of the table's records, or in it."""
    return folder.resolve().is_relative_to(GOLDEN.resolve())
