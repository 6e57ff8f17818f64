# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The methods that are compared, by name: momentum models and baselines; torch waits for `build`.

h = resolve("momo", lr=0.1)
optimizer = find("momo").build(model.parameters(), h)
"""

from __future__ import annotations

from experiments.optimizers.baselines import BASELINES
from experiments.optimizers.derived import derive
from experiments.optimizers.entry import Entry
from experiments.optimizers.momentum_models import MOMENTUM_MODELS
from momo.lookup import choices, load
from momo.methods import Hyperparameters

OPTIMIZERS: dict[str, Entry] = {entry.name: entry for entry in (*MOMENTUM_MODELS, *BASELINES)}
"""Every method by its name. A row of `momo.methods` is here by itself, a baseline by its file and
its line in `experiments.optimizers.baselines`."""


def find(name: str) -> Entry:
    """Return the method of a name, or what ``module:attribute`` is: an `Entry`, or a class.

    Of an optimizer class the entry is derived (`experiments.optimizers.derived`).

    Raises
    ------
    ValueError
        If there is none; the message gives the names that are close, or all.
    """
    if ":" in name:
        found = load(f"method = {name!r}", name, object)
        if isinstance(found, Entry):
            return found
        entry = derive(found, name)
        taken = {other.row.title for other in OPTIMIZERS.values()}
        return derive(found, name, title=name) if entry.row.title in taken else entry
    if name not in OPTIMIZERS:
        said = choices(name, OPTIMIZERS, "or module:attribute")
        raise ValueError(f"method = {name!r} is unknown; {said}")
    return OPTIMIZERS[name]


def resolve(name: str, **given: float | None) -> Hyperparameters:
    """Return the hyper-parameters of a run: those given, and the method's own for the rest.

    Parameters
    ----------
    name
        Of the method.
    **given
        Hyper-parameters by name (`momo.methods.Hyperparameters`); None is the method's own value.
        What the method does not use can only be None.

    Raises
    ------
    ValueError, TypeError
        If the method is unknown or does not use what was given, or a value is out of range.
    """
    return find(name).resolve(given)


__all__ = ["OPTIMIZERS", "Entry", "Hyperparameters", "derive", "find", "resolve"]
