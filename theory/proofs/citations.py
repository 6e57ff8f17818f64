"""Citations: whether a hypothesis ``from NAME`` is what that lemma concludes.

A lemma holds for all values of its scalars, so the two meet where the scalars of both are given
their meaning: those of the same name are the same, and ``MEANINGS`` of the citing lemma's file
says the rest. Then the hypothesis and one of the conclusions must be the same relation, up to a
positive factor. Whether the cited lemma's own hypotheses hold there is `theory.proofs.licenses`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy

from theory import quantities
from theory.proofs import identities
from theory.proofs.base import FROM, Hand, Lemma, Meaning, Meanings, names_in
from theory.proofs.scalars import Relation, Scalars
from theory.proofs.solve import Tally
from theory.proofs.translate import entailed

SAME: Sequence[Meaning] = (lambda v, w: {},)
"""No meaning but that of the names."""

OTHER = "_cited"
"""What the names of the cited lemma's scalars end in, so that they differ from those here."""


DECLARED = frozenset(constant.name for constant in quantities.CONSTANTS)
"""The names of the quantities that have one meaning everywhere, in lemmas too."""


IMPLIED_BY = {"==": ("==",), "<=": ("<=", "<", "=="), "<": ("<",)}
"""Which relations have a relation as a consequence."""


@dataclass(frozen=True)
class Meeting:
    """Where the scalars of two lemmas are given their meaning.

    Attributes
    ----------
    own
        The scalars of the citing lemma.
    others
        Those of the cited one, by their names there.
    meant
        What they mean in terms of each other.
    shared
        The cited lemma's scalars that are those of the same name here.
    """

    own: Mapping[str, Any]
    others: Mapping[str, Any]
    meant: Mapping[Any, Any]
    shared: Mapping[Any, Any]

    def insert(self, relation: Relation) -> Relation:
        """Return a relation of either lemma as it stands here."""
        left, right = (
            sympy.sympify(side).xreplace(self.meant).xreplace(self.shared)
            for side in (relation.left, relation.right)
        )
        return Relation(left, relation.sense, right)

    def known(self) -> frozenset[Any]:
        """Return the cited lemma's scalars that the citing one determines, and its own ones."""
        renamed = {value for value in self.meant.values() if value in self.others.values()}
        given = {key for key in self.meant if key in self.others.values()}
        return frozenset({*self.own.values(), *self.shared, *renamed, *given})


def meeting(
    own: Mapping[str, Any],
    cited: Lemma,
    meaning: Meaning,
    declared: frozenset[str] = DECLARED,
) -> Meeting:
    """Return the meeting of scalars with those of a lemma that is cited.

    A scalar that means itself, ``{w.log: w.log}``, is not the one of the same name here.
    A quantity that is declared, by default in `theory.quantities`, is the same in both: a meaning
    that says otherwise is not heard.
    """
    names = [f"{name}{OTHER}" for name in cited.symbols]
    others = dict(zip(cited.symbols, identities.symbols(names).values(), strict=True))
    meant = {
        key: sympy.sympify(value) for key, value in meaning(Scalars(own), Scalars(others)).items()
    }
    for name in declared & set(own):
        meant.pop(others.get(name), None)
    apart = {key for key, value in meant.items() if key == value}
    meant = {key: value for key, value in meant.items() if key not in apart}
    renamed = {value for key, value in meant.items() if key in own.values()}
    shared = {
        symbol: own[name]
        for name, symbol in others.items()
        if name in own and own[name] not in meant and symbol not in meant
        if symbol not in renamed | apart
    }
    return Meeting(own, others, meant, shared)


def citations(lemma: Lemma, lemmas: Mapping[str, Lemma], meanings: Meanings) -> dict[str, bool]:
    """Return the hypotheses taken from other lemmas, by label, and whether they are instances.

    What is taken from a lemma by hand is none: it has no formal conclusion.
    """
    given = lemma.given(Scalars(identities.symbols(lemma.symbols)))
    return {
        label: any(True for _ in sources(lemma, label, lemmas, meanings))
        for label in given
        if label.startswith(FROM)
    }


def usable(given: Mapping[str, Relation], label: str) -> dict[str, Relation]:
    """Return the hypotheses of a lemma with which one of its citations may be licensed.

    Of those that are cited themselves the earlier ones: else each could be a reason for the other.
    """
    earlier = list(given)[: list(given).index(label)]
    return {
        other: relation
        for other, relation in given.items()
        if other in earlier or not other.startswith(FROM)
    }


def sources(
    lemma: Lemma,
    label: str,
    lemmas: Mapping[str, Lemma],
    meanings: Meanings,
    tally: Tally | None = None,
) -> Iterator[tuple[Lemma, Meeting]]:
    """Yield the lemmas of which a hypothesis is an instance, and where they meet."""
    own = identities.symbols(lemma.symbols)
    given = lemma.given(Scalars(own))
    for name in names_in(label):
        for meaning in meanings.get((lemma.name, name), SAME):
            place = meeting(own, lemmas[name], meaning)
            if instance(given[label], usable(given, label).values(), lemmas[name], place, tally):
                yield lemmas[name], place


def instance(
    relation: Relation,
    given: Iterable[Relation],
    cited: Lemma,
    place: Meeting,
    tally: Tally | None = None,
) -> bool:
    """Return whether a relation is a conclusion of a lemma, up to a positive factor.

    ``given`` and the hypotheses of both lemmas may be used to show that the factor is positive.
    """
    if isinstance(cited.by, Hand):
        return False
    w = Scalars(place.others)
    claims = [cited.claim] if cited.invariant is None else [cited.claim, cited.invariant.holds]
    conclusions = [what for claim in claims for what in claim(w).values()]
    fitting = [what for what in conclusions if what.sense in IMPLIED_BY[relation.sense]]
    factors = [
        (identities.quotient(place.insert(relation), place.insert(what)), what.sense)
        for what in fitting
    ]
    factors = [(factor, sense) for factor, sense in factors if factor is not None]
    if any(f.is_number and (f > 0 or sense == "==") for f, sense in factors):
        return True
    known = [*map(place.insert, (*given, *cited.given(w).values()))]
    return any(
        entailed(known, Relation(0, "<", factor), tally) == "unsat"
        for factor, _ in factors
        if not factor.is_number
    )
