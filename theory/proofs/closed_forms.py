"""Closed forms: what a statement puts for scalars of its proof that no lemma gives a value.

An induction says of its sums how they grow, not how often: that after K steps the sum of ``1-β`` is
``K(1-β)`` no lemma concludes, as none counts steps. So a formula that a statement, through all its
citations, puts for such a sum stands on the list of words with a reason, as it is: who changes the
formula has to change the list, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy

from theory.proofs import identities
from theory.proofs.base import FROM, Lemma, Meanings
from theory.proofs.citations import DECLARED, Meeting, sources
from theory.proofs.hypotheses import DEFINITION, kind
from theory.proofs.labels import names
from theory.proofs.scalars import Relation, Scalars

Values = Mapping[str, Any]
"""What the scalars of a lemma are in terms of a statement's quantities, where that is known."""


def closed_forms(
    lemma: Lemma, place: Meeting, lemmas: Mapping[str, Lemma], meanings: Meanings
) -> Iterator[tuple[str, str]]:
    """Yield (lemma, ``scalar = formula``) for each scalar that only the statement gives a value.

    Those are what inductions speak of, wherever they are cited; and of the lemma that concludes the
    statement what its definitions leave open.

    Parameters
    ----------
    lemma, place
        The lemma that concludes the statement, and where the two meet.
    lemmas, meanings
        All lemmas, and what their scalars mean in each other.
    """
    known = frozenset().union(*(sympy.sympify(own).free_symbols for own in place.own.values()))
    first = _values(place, {symbol: symbol for symbol in known})
    for name in _open(lemma, first):
        yield lemma.name, f"{name} = {_text(first[name])}"
    left: list[tuple[Lemma, Values, frozenset[str]]] = [(lemma, first, frozenset())]
    seen: set[tuple[str, str]] = set()
    while left:
        one, begun, chosen = left.pop()
        own = identities.symbols(one.symbols)
        given = one.given(Scalars(own))
        values = _defined(begun, given, own)
        for name in _carried(one, values, chosen):
            if _is_formula(name, values[name]):
                yield one.name, f"{name} = {_text(values[name])}"
        here = {own[name]: values[name] for name in values}
        for label in given:
            if values and label.startswith(FROM):
                for cited, there in sources(one, label, lemmas, meanings):
                    found = _values(there, here)
                    if (key := (cited.name, str(found))) not in seen:
                        seen.add(key)
                        left.append((cited, found, _chosen(there, {own[n] for n in chosen})))


def _chosen(place: Meeting, before: set[Any]) -> frozenset[str]:
    """Return the scalars of a cited lemma for which a meaning, here or before, has a formula."""
    values = {
        name: symbol.xreplace(place.meant).xreplace(place.shared)
        for name, symbol in place.others.items()
    }
    return frozenset(
        name for name, value in values.items() if not value.is_Symbol or value in before
    )


def _values(place: Meeting, known: Mapping[Any, Any]) -> Values:
    """Return the values of a cited lemma's scalars, from those of the citing one's."""
    found = {}
    for name, symbol in place.others.items():
        value = symbol.xreplace(place.meant).xreplace(place.shared)
        if value.free_symbols <= set(known):
            found[name] = value.xreplace(known)
    return found


def _defined(
    values: Values, given: Mapping[str, Relation], own: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values with those that definitions give, of scalars that occur linearly."""
    found = dict(values)
    equations = [what for label, what in given.items() if kind(label) == DEFINITION]
    equations = [what for what in equations if what.sense == "=="]
    while equations:
        for what in equations:
            unknown = {n for n, symbol in own.items() if symbol in names(what) and n not in found}
            if len(unknown) > 1:
                continue
            for name in unknown:
                above = sympy.fraction(sympy.together(what.left - what.right))[0]
                polynomial = sympy.Poly(above, own[name])
                if polynomial.degree() == 1:
                    slope, rest = polynomial.all_coeffs()
                    known = {own[one]: value for one, value in found.items()}
                    found[name] = (-rest / slope).xreplace(known)
            equations.remove(what)
            break
        else:
            break
    return found


def _carried(lemma: Lemma, values: Values, chosen: frozenset[str]) -> Iterator[str]:
    """Yield the scalars of an induction that have values: what it adds up, and what is chosen."""
    if lemma.invariant is None or not lemma.inductive:
        return
    for name in lemma.invariant.symbols.split():
        after = f"{name}_next"
        if after not in lemma.symbols:
            yield from {name} & chosen & {*values}
        elif name in values or after in values:
            yield name if name in values else after


def _open(lemma: Lemma, values: Values) -> Iterator[str]:
    """Yield the scalars with a formula that no definition says, from those before them."""
    own = identities.symbols(lemma.symbols)
    equations = [
        names(what)
        for label, what in lemma.given(Scalars(own)).items()
        if kind(label) == DEFINITION and what.sense == "=="
    ]
    formulas = [name for name in lemma.symbols if name in values if _is_formula(name, values[name])]
    left = {own[name] for name in lemma.symbols if name not in values or name in formulas}
    for name in formulas:
        while single := next((found & left for found in equations if len(found & left) == 1), None):
            left -= single
        if own[name] in left:
            left.remove(own[name])
            yield name


def _text(value: Any) -> str:
    """Return a formula as text, without the signs that a pattern on a list would take for more."""
    return str(value).replace("**", "^").replace("*", " ")


def _is_formula(scalar: str, value: Any) -> bool:
    """Return whether a value is more than the name of what is added up."""
    return not value.is_Symbol or value.name in DECLARED - {scalar}
