# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parameters by name: a state dict in the order of the optimizer that loads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NAMES = "param_names"
"""What torch calls the names in a parameter group, where parameters were given with names."""
SHOWN = 5
"""How many names a message lists."""


def in_order(
    loaded: Sequence[Mapping[str, Any]], own: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the groups of a state dict with their parameters in the order of the optimizer's own.

    Where one side has no names, they stay as they are. `torch.distributed.checkpoint` calls the
    parameters themselves by name, and has put them in order, but not ``param_names``.

    Parameters
    ----------
    loaded
        The parameter groups of the state dict.
    own
        Those of the optimizer.

    Raises
    ------
    ValueError
        If both have names, and a group of the one has others than that of the other.
    """
    groups = [dict(group) for group in loaded]
    named = all(NAMES in group for group in (*loaded, *own)) and len(loaded) == len(own)
    for index, (theirs, ours) in enumerate(zip(groups, own, strict=False)) if named else ():
        names, params, order = theirs[NAMES], theirs["params"], list(ours[NAMES])
        if not any(isinstance(p, str) for p in params) and len(names) == len(params):
            _check(index, names, order)
            place = dict(zip(names, params, strict=True))
            theirs["params"] = params if names == order else [place[name] for name in order]
        theirs[NAMES] = order
    return groups


def _check(index: int, names: Sequence[str], order: Sequence[str]) -> None:
    """Raise unless the names are the same, in any order, and each stands there once."""
    surplus, lacking = _apart(names, order), _apart(order, names)
    if surplus or lacking:
        raise ValueError(
            f"param_groups[{index}] of the state dict has parameters that this optimizer does not"
            f" have there: {surplus or 'none'}; it lacks {lacking or 'none'}; allowed: the same"
            " names in each group, in any order"
        )
    if len(set(names)) < len(names) and list(names) != list(order):
        twice = [name for name in dict.fromkeys(names) if list(names).count(name) > 1]
        raise ValueError(
            f"param_groups[{index}] of the state dict has {_shown(twice)} several times, and"
            " another order than this optimizer; allowed: a name for each, or the same order"
        )


def _apart(names: Iterable[str], others: Iterable[str]) -> str:
    known = set(others)
    return _shown([name for name in names if name not in known])


def _shown(names: Sequence[str]) -> str:
    more = ", ..." if len(names) > SHOWN else ""
    return ", ".join(map(repr, names[:SHOWN])) + more
