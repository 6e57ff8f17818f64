"""Licences: whether the hypotheses of a cited lemma hold where it is cited.

A citation says that the conclusion of another lemma is true here. So its hypotheses must be: they
are the same as hypotheses of the citing lemma, or follow from them, or are of a kind that is true
wherever the method runs; and what cannot be shown stands on a list with a reason. What the cited
lemma has from others is licensed there. Of an induction the bases are cited too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from theory.proofs import identities, labels
from theory.proofs.base import FROM, Lemma, Meanings
from theory.proofs.citations import Meeting, sources, usable
from theory.proofs.hypotheses import (
    ASSUMPTION,
    CITED,
    CONVEXITY,
    DEFINITION,
    GEOMETRY,
    INDUCTION,
    WORDS,
    Lists,
    kind,
)
from theory.proofs.outcomes import ENTAILED, LISTED, REFUSED, TRUE, Citation, Licence
from theory.proofs.scalars import Relation, Scalars
from theory.proofs.solve import Tally
from theory.proofs.translate import consistent, entailed

FIRST = "_begin"
"""What the names of a base's scalars end in: they are those of the first step."""


def listed(
    words: Mapping[tuple[str, str, str], str], citing: str, cited: str, label: str
) -> str | None:
    """Return the reason on a list, or None; all of a key may be patterns."""
    for (who, whom, what), reason in words.items():
        said = label == what or fnmatchcase(label, what)
        if said and fnmatchcase(cited, whom) and fnmatchcase(citing, who):
            return reason
    return None


def cite(
    lemma: Lemma, lemmas: Mapping[str, Lemma], meanings: Meanings, lists: Lists, tally: Tally
) -> tuple[Citation, ...]:
    """Return what becomes of each hypothesis that a lemma takes from others."""
    own = identities.symbols(lemma.symbols)
    given = lemma.given(Scalars(own))
    found = []
    for label in given:
        if not label.startswith(FROM):
            continue
        before = usable(given, label)
        best: Citation | None = None
        for cited, place in sources(lemma, label, lemmas, meanings, tally):
            made = licensed(lemma.name, before, label, cited, place, lemmas, lists, tally)
            if best is None or len(made.objections) < len(best.objections):
                best = made
            if not best.objections:
                break
        if best is None:
            best = Citation(label, reason=lists.not_instances.get((lemma.name, label), ""))
        found.append(best)
    return tuple(found)


def licensed(
    citing: str,
    given: Mapping[str, Relation],
    label: str,
    cited: Lemma,
    place: Meeting,
    lemmas: Mapping[str, Lemma],
    lists: Lists,
    tally: Tally,
) -> Citation:
    """Return a citation with a licence for each hypothesis of the cited lemma.

    Parameters
    ----------
    citing, given
        Who cites, and the hypotheses that may be used.
    label
        The hypothesis that is a citation.
    cited, place
        The lemma, and where the two meet.
    lemmas, lists
        All lemmas, and what stands on lists.
    tally
        Where the questions to the solvers are counted.
    """
    known = [place.insert(relation) for relation in given.values()]
    licences = _meanings(citing, cited.name, list(given.values()), place, lists, tally)
    needed = [(cited, place.others, place.known())]
    if cited.inductive:
        needed += [_begun(cited, base, place) for base in bases(cited, lemmas)]
    for needs, symbols, fixed in needed:
        hypotheses = {
            key: place.insert(relation) for key, relation in needs.given(Scalars(symbols)).items()
        }
        free = [symbol for symbol in symbols.values() if symbol not in fixed]
        licences += _licences(citing, known, needs.name, hypotheses, free, lists, tally)
    return Citation(label, cited.name, tuple(licences))


def _meanings(
    citing: str,
    cited: str,
    given: list[Relation],
    place: Meeting,
    lists: Lists,
    tally: Tally,
) -> list[Licence]:
    """Return a licence for each scalar here that is an expression of the cited lemma's.

    Such a meaning must not restrict the scalar: each of them needs a scalar of the cited lemma of
    its own, which nothing else determines; or the equation follows from the hypotheses.
    """
    own = set(place.own.values())
    names = {
        key: [
            symbol
            for symbol in sorted(value.free_symbols, key=str)
            if symbol not in own | set(place.shared) | set(place.meant)
        ]
        for key, value in place.meant.items()
        if key in own
    }
    found = []
    for key in _unmatched(names):
        value, label = place.meant[key], f"meaning of {key}"
        how, reason = ENTAILED, ""
        if entailed(given, Relation(key, "==", value.xreplace(place.shared)), tally) != "unsat":
            reason = listed(lists.words, citing, cited, label) or ""
            how = LISTED if reason else REFUSED
        found.append(Licence(cited, label, WORDS, how, reason))
    return found


def _unmatched(names: Mapping[Any, Sequence[Any]]) -> list[Any]:
    """Return keys for which there is no name that is theirs alone."""
    taken: dict[Any, Any] = {}

    def place(key: Any, tried: set[Any]) -> bool:
        for name in names[key]:
            if name not in tried:
                tried.add(name)
                if name not in taken or place(taken[name], tried):
                    taken[name] = key
                    return True
        return False

    return [key for key in names if not place(key, set())]


def bases(step: Lemma, lemmas: Mapping[str, Lemma]) -> list[Lemma]:
    """Return the bases of an induction, by its step."""
    return [
        lemma
        for lemma in lemmas.values()
        if lemma.invariant is step.invariant and not lemma.inductive
    ]


def _begun(
    step: Lemma, base: Lemma, place: Meeting
) -> tuple[Lemma, dict[str, Any], frozenset[Any]]:
    """Return a base with its scalars, of which those that the step leaves alone are known."""
    assert step.invariant is not None
    constant = {
        name for name in step.invariant.symbols.split() if f"{name}_next" not in step.symbols
    }
    fresh = identities.symbols(f"{name}{FIRST}" for name in base.symbols)
    symbols = {
        name: place.others[name] if name in constant else fresh[f"{name}{FIRST}"]
        for name in base.symbols
    }
    return base, symbols, place.known() & {symbols[n] for n in constant if n in symbols}


def _undetermined(hypotheses: Mapping[str, Relation], open_: frozenset[Any]) -> frozenset[Any]:
    """Return the scalars of which the definitions do not say what they are, by what is known."""
    left = set(open_)
    equations = [labels.names(r) for label, r in hypotheses.items() if kind(label) == DEFINITION]
    while single := next((found & left for found in equations if len(found & left) == 1), None):
        left -= single
    return frozenset(left)


def _licences(
    citing: str,
    known: Sequence[Relation],
    name: str,
    hypotheses: Mapping[str, Relation],
    free: Iterable[Any],
    lists: Lists,
    tally: Tally,
) -> list[Licence]:
    """Return a licence for each hypothesis of a lemma that is cited, as they stand here."""
    free = list(free)  # in an order that is the same in every process
    open_ = frozenset(free)
    here = [(r.sense, r.left - r.right) for r in known]
    restricting = labels.restricting(hypotheses, free, tally)
    undetermined = _undetermined(hypotheses, open_)
    how: dict[str, str] = {}
    for label, relation in hypotheses.items():
        of = kind(label)
        unknown = bool(undetermined & labels.names(relation))
        if (relation.sense, relation.left - relation.right) in here:
            how[label] = ENTAILED
        elif (
            of in (CITED, INDUCTION)
            or (of == DEFINITION and label not in restricting)
            or (of in (ASSUMPTION, CONVEXITY, GEOMETRY) and unknown)
        ):
            how[label] = TRUE
    granted = [hypotheses[label] for label in how]
    for label, relation in hypotheses.items():
        if label not in how and entailed([*known, *granted], relation, tally) == "unsat":
            how[label] = ENTAILED
    if how and consistent([*known, *(hypotheses[label] for label in how)]) == "unsat":
        how = {}
    found = []
    for label in hypotheses:
        reason = ""
        if label not in how:
            reason = listed(lists.words, citing, name, label) or ""
            how[label] = LISTED if reason else REFUSED
        found.append(Licence(name, label, kind(label), how[label], reason))
    return found
