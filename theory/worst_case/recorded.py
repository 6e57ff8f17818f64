# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The stored worst cases with their bounds, as they stand in the tree: nothing is solved again."""

from __future__ import annotations

from dataclasses import dataclass

from theory.worst_case.certify import Outcome
from theory.worst_case.proven import lower_bounds, upper_bounds
from theory.worst_case.store import Store


@dataclass(frozen=True)
class Recorded(Outcome):
    """A worst case whose value is taken from the record.

    It was certified and replayed when it was stored, and is by every run of ``verify``; see
    `theory.worst_case.certify` for one that is certified now.
    """

    @property
    def value(self) -> float:
        """Return the value that is stored."""
        return self.stored

    @property
    def objections(self) -> tuple[str, ...]:
        """Return none: nothing is checked here."""
        return ()


def recorded(store: Store | None = None) -> list[Recorded]:
    """Return all that is stored; by default in the tree."""
    found = (Store() if store is None else store).found
    return [
        Recorded(each, kept.value, None, None, upper_bounds(each), lower_bounds(each))
        for each, kept in found.items()
    ]
