"""Citations: whether a hypothesis ``from NAME`` is what that lemma concludes.

A lemma holds for all values of its scalars, so the two meet where the scalars of both are given
their meaning: those of the same name are the same, and ``MEANINGS`` of the citing lemma's file
says the rest. Then the hypothesis and one of the conclusions must be the same relation, up to a
positive factor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from theory.proofs import identities
from theory.proofs.base import FROM, Hand, Lemma, Meaning, Meanings, names_in
from theory.proofs.scalars import Relation, Scalars
from theory.proofs.solve import Reals

SAME: Sequence[Meaning] = (lambda v, w: {},)
"""No meaning but that of the names."""

OTHER = "_cited"
"""What the names of the cited lemma's scalars end in, so that they differ from those here."""


def citations(lemma: Lemma, lemmas: Mapping[str, Lemma], meanings: Meanings) -> dict[str, bool]:
    """Return the hypotheses taken from other lemmas, by label, and whether they are instances.

    What is taken from a lemma by hand is none: it has no formal conclusion.
    """
    v = Scalars(identities.symbols(lemma.symbols))
    return {
        label: any(
            _instance(lemma, relation, lemmas[name], meanings.get((lemma.name, name), SAME))
            for name in names_in(label)
        )
        for label, relation in lemma.given(v).items()
        if label.startswith(FROM)
    }


def _instance(lemma: Lemma, relation: Relation, cited: Lemma, meanings: Sequence[Meaning]) -> bool:
    if isinstance(cited.by, Hand):
        return False
    own = identities.symbols(lemma.symbols)
    others = dict(
        zip(
            cited.symbols,
            identities.symbols(f"{name}{OTHER}" for name in cited.symbols).values(),
            strict=True,
        )
    )
    v, w = Scalars(own), Scalars(others)
    statements = [cited.claim] if cited.invariant is None else [cited.claim, cited.invariant.holds]
    conclusions = [what for statement in statements for what in statement(w).values()]
    for meaning in meanings:
        meant = meaning(v, w)
        shared = {
            name: own[name]
            for name, symbol in others.items()
            if name in own and own[name] not in meant and symbol not in meant
        }
        same = {others[name]: symbol for name, symbol in shared.items()}
        for conclusion in conclusions:
            if conclusion.sense in (relation.sense, "=="):
                factor = identities.quotient(relation, conclusion, meant, same)
                if _keeps(factor, conclusion.sense, lemma, cited, shared):
                    return True
    return False


def _keeps(factor: Any, sense: str, lemma: Lemma, cited: Lemma, shared: Mapping[str, Any]) -> bool:
    """Return whether a factor is positive; under the hypotheses of both lemmas, if it varies."""
    if factor is None:
        return False
    if factor.is_number:
        return bool(factor > 0) or sense == "=="
    reals = Reals([*lemma.symbols, *(f"{name}{OTHER}" for name in cited.symbols)])
    w = Scalars(
        {
            name: reals.variable(name if name in shared else f"{name}{OTHER}")
            for name in cited.symbols
        }
    )
    given = [*lemma.given(reals.v).values(), *cited.given(w).values()]
    above, below = identities.fraction(factor)
    product = identities.translated(above * below, reals.variables)
    return reals.entailed(given, Relation(0, "<", product)) == "unsat"
