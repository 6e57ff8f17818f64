# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a theorem says: relations between declared quantities, under named assumptions.

It is written once. From it come the text, the numbers that ``verify`` compares and plots draw, and
what the last lemma of the proof has to conclude.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from theory.formula import Written, written
from theory.proofs.scalars import Relation, Scalars, ge, gt, lt

if TYPE_CHECKING:
    from theory.assumptions import Assumption
    from theory.problems.base import Array

Formula = Callable[[Any], Any]
"""A function of the quantities, as attributes; see `theory.formula`."""

Relations = Callable[[Any], Mapping[str, Relation]]
"""Relations between the quantities, by a name."""

SENSES = {"<=": "≤", "<": "<", "==": "="}
MIRRORED = {"<=": "≥", "<": ">"}


@dataclass(frozen=True)
class Quantity:
    """A real number that a statement speaks of.

    Attributes
    ----------
    name
        An identifier.
    symbol
        As the paper writes it.
    meaning
        What it is, in words.
    at_least, above, below
        What is known of it by what it is; None: nothing.
    """

    name: str
    symbol: str
    meaning: str
    at_least: int | None = None
    above: int | None = None
    below: int | None = None

    def domain(self, value: Any) -> dict[str, Relation]:
        """Return what is known of it."""
        found = {}
        if self.at_least is not None:
            found[f"{self.symbol} ≥ {self.at_least}"] = ge(value, self.at_least)
        if self.above is not None:
            found[f"{self.symbol} > {self.above}"] = gt(value, self.above)
        if self.below is not None:
            found[f"{self.symbol} < {self.below}"] = lt(value, self.below)
        return found


def nothing(v: Any) -> Mapping[str, Relation]:
    """Return no relation."""
    return {}


@dataclass(frozen=True)
class Statement:
    """A statement of the theory.

    Attributes
    ----------
    name, title
        An identifier, and a phrase for tables.
    quantities
        What it speaks of.
    assumes
        Its assumptions, see `theory.assumptions`.
    holds
        What it says: relations by a name, which may be empty where there is but one.
    given
        Relations that restrict it, ``K ≥ 2``; they are part of the text.
    where
        Abbreviations: names with their formulas, in an order in which each uses earlier ones.
    source
        Paper and place, or "derived here".
    """

    name: str
    title: str
    quantities: tuple[Quantity, ...]
    assumes: tuple[Assumption, ...]
    holds: Relations
    given: Relations = nothing
    where: Mapping[str, Formula] = field(default_factory=dict)
    source: str = "derived here"

    def scope(self, values: Mapping[str, Any]) -> Scalars:
        """Return quantities and abbreviations, from the values of the quantities."""
        found = dict(values)
        for name, formula in self.where.items():
            found[name] = formula(Scalars(found))
        return Scalars(found)

    def relations(self, values: Mapping[str, Any]) -> Mapping[str, Relation]:
        """Return what it says of these values: numbers, or symbols of computer algebra."""
        return self.holds(self.scope(values))

    def restrictions(self, values: Mapping[str, Any]) -> dict[str, Relation]:
        """Return under which relations it says so: those of ``given``, and of the quantities."""
        found: dict[str, Relation] = {}
        for quantity in self.quantities:
            found |= quantity.domain(values[quantity.name])
        return found | dict(self.given(self.scope(values)))

    def sides(self, label: str = "", /, **values: Any) -> tuple[Array, Array]:
        """Return the left and the right side of a relation, in numbers that broadcast.

        A quantity that is left out must not be needed: the side that needs it is NaN.

        Raises
        ------
        ValueError
            If there is no such quantity or relation.
        """
        known = [quantity.name for quantity in self.quantities]
        for name in values:
            if name not in known:
                raise ValueError(f"{self.name} has no {name!r}; allowed: {', '.join(known)}")
        # the other relations need not be defined for these numbers
        with np.errstate(divide="ignore", invalid="ignore"):
            relations = self.relations(dict.fromkeys(known, np.nan) | values)
        if label not in relations:
            allowed = ", ".join(map(repr, relations))
            raise ValueError(f"{self.name} has no relation {label!r}; allowed: {allowed}")
        relation = relations[label]
        return np.asarray(relation.left, float), np.asarray(relation.right, float)

    def bound(self, label: str = "", /, **values: Any) -> Array:
        """Return the right side of a relation: what the left side is at most.

        Raises
        ------
        ValueError
            If a quantity is missing.
        """
        right = self.sides(label, **values)[1]
        if np.isnan(right).any():
            missing = [q.name for q in self.quantities if q.name not in values]
            raise ValueError(f"{self.name} needs more than {', '.join(values)}: {missing}")
        return right

    def applies(self, **values: Any) -> bool:
        """Return whether it says something of these numbers: whether all restrictions hold.

        Those of quantities that are left out count as kept.
        """
        known = {quantity.name: np.nan for quantity in self.quantities} | values
        relations = self.restrictions(known).values()
        return not any(
            each.off() > 0 or (each.sense == "<" and each.off() == 0) for each in relations
        )

    @property
    def text(self) -> str:
        """What it says, in the paper's symbols."""
        symbols: dict[str, Any] = {q.name: Written(q.symbol) for q in self.quantities}
        symbols |= {name: Written(name) for name in self.where}
        v = Scalars(symbols)
        parts = [_text(label, relation) for label, relation in self.holds(v).items()]
        said = "; ".join(parts)
        if given := ", ".join(_text("", relation) for relation in self.given(v).values()):
            said += f" for {given}"
        abbreviations = [
            f"{name} = {written(formula(v)).text}" for name, formula in self.where.items()
        ]
        return ", ".join([said, *abbreviations])

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions, in words."""
        return tuple(assumption.words for assumption in self.assumes)

    @property
    def meanings(self) -> tuple[str, ...]:
        """What the quantities are, in words."""
        return tuple(f"{q.symbol}: {q.meaning}" for q in self.quantities)


def _text(label: str, relation: Relation) -> str:
    left, right = written(relation.left), written(relation.right)
    if left.number and relation.sense in MIRRORED:
        said = f"{right.text} {MIRRORED[relation.sense]} {left.text}"
    else:
        said = f"{left.text} {SENSES[relation.sense]} {right.text}"
    return f"{label}: {said}" if label else said
