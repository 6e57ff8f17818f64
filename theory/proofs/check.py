"""Checks lemmas: proofs, whether hypotheses can be met, and that wrong statements are refuted."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from theory.proofs import identities
from theory.proofs.base import Algebra, Calculus, Hand, Lemma, Mutation, Reference
from theory.proofs.outcomes import (
    BY_HAND,
    FAILED,
    PROVEN,
    UNKNOWN,
    LemmaOutcome,
    MutationOutcome,
)
from theory.proofs.scalars import Relation, Scalars
from theory.proofs.solve import EFFORT, Reals, Tally
from theory.proofs.translate import translated

ROUNDING = 1e-9
"""What float64 may leave between the solver's numbers and those of the replay, relative to the
largest product of two scalars. Violations are at least 1e-3 (`theory.proofs.solve.LEAST`)."""


def check(lemma: Lemma, effort: int = EFFORT, tally: Tally | None = None) -> LemmaOutcome:
    """Return what becomes of a lemma and of its mutations.

    ``effort`` is how long z3 may try, and ``tally`` where the questions are counted.
    """
    began = time.perf_counter()
    consistent: bool | None = None
    mutations: tuple[MutationOutcome, ...] = ()
    if isinstance(lemma.by, Hand):
        verdict, note = BY_HAND, lemma.by.argument
    else:
        reals = Reals(lemma.symbols, effort, tally)
        consistent = reals.consistent(lemma.given(reals.v).values()) == "sat"
        verdict, note = PROVEN, ""
        for what, answer in _questions(lemma, reals):
            if answer != "unsat":
                verdict = UNKNOWN if answer.startswith("unknown") else FAILED
                note = f"{what}: {answer}"
                break
        mutations = tuple(refute(lemma, mutation) for mutation in lemma.mutations)
        if not consistent:
            note = f"no values were found that obey the hypotheses; {note}".removesuffix("; ")
        elif not mutations:
            note = f"no mutation shows that it can fail; {note}".removesuffix("; ")
    return LemmaOutcome(
        name=lemma.name,
        statement=lemma.statement,
        source=lemma.source,
        who=lemma.by.who,
        verdict=verdict,
        consistent=consistent,
        mutations=mutations,
        note=note,
        seconds=time.perf_counter() - began,
    )


def _questions(lemma: Lemma, reals: Reals) -> Iterator[tuple[str, str]]:
    """Yield what must be shown, and "unsat" where it is."""
    if isinstance(lemma.by, Algebra):
        yield from _algebra(lemma, lemma.by, reals)
    elif isinstance(lemma.by, Calculus):
        yield from _calculus(lemma, lemma.by, reals)
    else:
        given = lemma.given(reals.v).values()
        for label, claim in lemma.claim(reals.v).items():
            yield label, reals.entailed(given, claim)


def _algebra(lemma: Lemma, proof: Algebra, reals: Reals) -> Iterator[tuple[str, str]]:
    names = identities.symbols(lemma.symbols)
    v = Scalars(names)
    given, claims = lemma.given(v), lemma.claim(v)
    multipliers, squares = proof.multipliers(reals.v), proof.squares(reals.v)
    signs = {
        f"multiplier of {label} may be negative": multiplier
        for label, multiplier in multipliers.items()
        if given[label].sense != "=="
    }
    signs |= {f"weight {i} may be negative": weight for i, (weight, _) in enumerate(squares, 1)}
    for claim in claims.values():
        if claim.sense == "<":
            raise ValueError(f"{lemma.name} claims a strict inequality; allowed by Algebra: <=, ==")
        if claim.sense == "==" and signs:
            raise ValueError(f"{lemma.name} claims an equation; allowed: multipliers of equations")
    for label, claim in claims.items():
        left = identities.remainder(proof, given, claim, v)
        yield f"{label}: the identity leaves {left}", "unsat" if left == 0 else "sat"
    assumed = lemma.given(reals.v).values()
    for what, value in signs.items():
        yield what, reals.entailed(assumed, Relation(0, "<=", value))
    parts = [side for r in (*given.values(), *claims.values()) for side in (r.left, r.right)]
    parts += [*proof.multipliers(v).values()]
    parts += [part for pair in proof.squares(v) for part in pair]
    variables = {name: reals.variable(name) for name in names}
    for factor in identities.denominators(parts, given):
        value = translated(factor, variables)
        yield f"{factor} may vanish", reals.nonzero(assumed, value)


def _calculus(lemma: Lemma, proof: Calculus, reals: Reals) -> Iterator[tuple[str, str]]:
    """Yield what must be shown: that the claim is the function's sign, and that it has its minimum.

    The sign of the derivative is asked for on the whole half line ``x > 0``: the minimum is found
    by walking to it, so that it would not do to know the sign where the other hypotheses hold.
    """
    left, least, off = identities.calculus_remainders(proof, lemma)
    yield f"the derivative is off by {left}", "unsat" if left == 0 else "sat"
    yield f"the value at {proof.at} is {least}", "unsat" if least == 0 else "sat"
    yield f"the claim is off by {off}", "unsat" if off == 0 else "sat"
    x, given = reals.variable(proof.variable), lemma.given(reals.v)
    positive = Relation(0, "<", x)
    yield f"{proof.variable} > 0", reals.entailed(given.values(), positive)
    elsewhere = [given[label] for label in identities.without(proof.variable, lemma)]
    sign = Relation(0, "<=", proof.derivative(reals.v) * (x - proof.at))
    yield "sign of the derivative", reals.entailed([*elsewhere, positive], sign)


def refute(lemma: Lemma, mutation: Mutation) -> MutationOutcome:
    """Look for a counterexample to a mutation, and reproduce it."""
    blank = MutationOutcome(mutation.what, mutation.replay.who, refuted=False, reproduced=False)
    reals = Reals(lemma.symbols)
    given = lemma.given(reals.v)
    for label in mutation.drop:
        if label not in given:
            allowed = "; ".join(given)
            raise ValueError(f"drop has {label!r} in {lemma.name}; allowed: {allowed}")
    values: Mapping[str, Any] | None = mutation.witness
    if not values:
        fixed = {
            name: Fraction(*value) if isinstance(value, tuple) else Fraction(value)
            for name, value in mutation.fixed.items()
        }
        kept = [relation for label, relation in given.items() if label not in mutation.drop]
        kept += mutation.real(reals.v).values()
        claims = mutation.conclusion(lemma)(reals.v)
        values = reals.counterexample(kept, claims.values(), fixed)
    if values is None:
        return replace(blank, note="no counterexample was found")
    try:
        return _examined(lemma, mutation, blank, values)
    except ZeroDivisionError:
        return replace(blank, note="a denominator vanishes at the counterexample")


def _examined(
    lemma: Lemma, mutation: Mutation, blank: MutationOutcome, values: Mapping[str, Any]
) -> MutationOutcome:
    """Evaluate a counterexample in its own numbers, then replay it."""
    predicted = _violation(mutation.conclusion(lemma)(Scalars(values)))
    floats = {name: float(value) for name, value in values.items()}
    disobeyed = _disobeyed(lemma, mutation, floats, _allowed(floats))
    if disobeyed:
        return replace(blank, note=f"the counterexample does not obey: {disobeyed}")
    if not predicted > _allowed(floats):
        return replace(blank, note="the counterexample does not violate it")
    found = replace(blank, refuted=True, counterexample=tuple(floats.items()), predicted=predicted)
    measured = dict(floats)
    if isinstance(mutation.replay, Reference):
        measured |= mutation.replay.measure(Scalars(floats))
    return _reproduced(lemma, mutation, found, floats, measured)


def _reproduced(
    lemma: Lemma,
    mutation: Mutation,
    found: MutationOutcome,
    expected: Mapping[str, float],
    measured: Mapping[str, float],
) -> MutationOutcome:
    """Compare the scalars of the replay with the counterexample's, and judge both statements."""
    v, allowed = Scalars(measured), _allowed(expected)
    for name, value in measured.items():
        if name not in expected:
            raise ValueError(f"{mutation.what}: the replay measures {name!r}; not in {lemma.name}")
        if not abs(value - expected[name]) <= allowed:
            note = f"{name} is {value:.6g} in the replay, not {expected[name]:.6g}"
            return replace(found, note=note)
    shown = _violation(mutation.conclusion(lemma)(v))
    found = replace(found, measured=shown)
    if not (shown > allowed and math.isclose(shown, found.predicted, abs_tol=10 * allowed)):
        return replace(found, note="the replay does not violate it by as much")
    disobeyed = _disobeyed(lemma, mutation, measured, allowed)
    if disobeyed:
        return replace(found, note=f"the replay does not obey: {disobeyed}")
    obeyed = all(relation.off() <= allowed for relation in lemma.given(v).values())
    if obeyed and _violation(lemma.claim(v)) > allowed:
        return replace(found, note="the right statement fails in the replay")
    return replace(found, reproduced=True)


def _disobeyed(
    lemma: Lemma, mutation: Mutation, values: Mapping[str, float], allowed: float
) -> str:
    """Return the first hypothesis of a mutation that does not hold, or nothing."""
    given = lemma.given(Scalars(values)).items()
    kept = ((label, relation) for label, relation in given if label not in mutation.drop)
    return next((label for label, relation in kept if relation.off() > allowed), "")


def _allowed(values: Mapping[str, float]) -> float:
    return ROUNDING * max(1.0, *(abs(value) for value in values.values())) ** 2


def _violation(relations: Mapping[str, Relation]) -> float:
    return max(relation.off() for relation in relations.values())
