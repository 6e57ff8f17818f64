"""Conclusions: whether a theorem's lemmas conclude what its statement says, from what it assumes.

Each relation of the statement is compared with the conclusion of the lemma that is named for it,
and that lemma's hypotheses must follow from the statement's restrictions, as where one lemma cites
another (`theory.proofs.licenses`). What the labels of hypotheses assume, the statement must state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from theory.proofs import identities
from theory.proofs.base import BEGINNINGS, FIRST, ZERO, Lemma, Meanings, Theorem
from theory.proofs.citations import instance, meeting
from theory.proofs.closed_forms import closed_forms
from theory.proofs.hypotheses import ASSUMPTION, CONVEXITY, WORDS, Label, Lists, kind
from theory.proofs.licenses import licensed, listed
from theory.proofs.outcomes import LISTED, REFUSED, Citation, Licence
from theory.proofs.scalars import Scalars
from theory.proofs.solve import Tally
from theory.proofs.translate import consistent

BEGINS = {"from_first": FIRST, "from_zero": ZERO, "no_momentum": FIRST}
"""The assumptions that say how the average begins; where β = 0 both are the same."""


def beginnings(theorem: Theorem) -> tuple[str, ...]:
    """Return how the average may begin, by the statement: both ways where it does not say."""
    named = [one.name for one in theorem.formal.assumes]
    return tuple(BEGINS[name] for name in named if name in BEGINS) or BEGINNINGS


def conclude(
    theorem: Theorem, lemmas: Mapping[str, Lemma], meanings: Meanings, lists: Lists, tally: Tally
) -> tuple[Citation, ...]:
    """Return for each relation of the statement whether it is concluded, and from what."""
    own = identities.symbols(quantity.name for quantity in theorem.formal.quantities)
    scope = theorem.formal.scope(own)
    given = theorem.formal.restrictions(own)
    found = []
    if not theorem.formal.holds(scope):
        found.append(Citation("the statement, which has no relation,"))
    if consistent(given.values()) == "unsat":
        found.append(Citation("the statement, of quantities that there are none of,"))
    for label, relation in theorem.formal.holds(scope).items():
        said = f"the statement: {label}" if label else "the statement"
        by = theorem.concludes.get(label)
        if by is None or by.lemma not in theorem.lemmas:
            found.append(Citation(said))
            continue
        names = {name: getattr(scope, name) for name in scope.names}
        place = meeting(names, lemmas[by.lemma], by.meaning, scope.names)
        restricted = set(own.values()) & set(place.meant)
        if not restricted and instance(relation, given.values(), lemmas[by.lemma], place, tally):
            made = licensed(
                theorem.name, given, said, lemmas[by.lemma], place, lemmas, lists, tally
            )
            sums = closed_forms(lemmas[by.lemma], place, lemmas, meanings)
            found.append(replace(made, licences=(*made.licences, *_in_words(theorem, sums, lists))))
        else:
            found.append(Citation(said))
    return tuple(found)


def _in_words(theorem: Theorem, sums: Iterable[tuple[str, str]], lists: Lists) -> Iterator[Licence]:
    """Yield a licence for each formula that the statement has for what an induction adds up."""
    for name, label in dict.fromkeys(sums):
        reason = listed(lists.words, theorem.name, name, label) or ""
        yield Licence(name, label, WORDS, LISTED if reason else REFUSED, reason)


def unstated(theorem: Theorem, lemmas: Mapping[str, Lemma]) -> Iterator[str]:
    """Yield what the lemmas of a theorem assume, and its statement does not."""
    stated = {assumption.name for assumption in theorem.formal.assumes}
    for name in theorem.lemmas:
        lemma = lemmas[name]
        for label in lemma.given(Scalars(identities.symbols(lemma.symbols))):
            needed: tuple[str, ...] = ()
            if kind(label) == ASSUMPTION and isinstance(label, Label):
                needed = label.of
            elif kind(label) == CONVEXITY:
                needed = ("convex",)
            for assumption in needed:
                if assumption not in stated:
                    yield f"“{label}” of {name} needs {assumption!r}, which is not assumed"
