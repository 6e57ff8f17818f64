"""Checks lemmas: proofs, whether hypotheses can be met, and that wrong statements are refuted."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from theory.proofs import identities, solve
from theory.proofs.base import (
    BY_HAND,
    FAILED,
    PROVEN,
    UNKNOWN,
    Algebra,
    Calculus,
    Hand,
    Lemma,
    LemmaOutcome,
    Mutation,
    MutationOutcome,
    Reference,
)
from theory.proofs.scalars import Relation, Scalars

ROUNDING = 1e-9
"""What float64 may leave between the solver's numbers and those of the replay, relative to the
largest product of two scalars. Violations are at least 1e-3 (`solve.counterexample`)."""


def check(lemma: Lemma, effort: int = solve.EFFORT) -> LemmaOutcome:
    """Return what becomes of a lemma and of its mutations."""
    began = time.perf_counter()
    if isinstance(lemma.by, Hand):
        verdict, note, consistent = BY_HAND, lemma.by.argument, None
        mutations: tuple[MutationOutcome, ...] = ()
    else:
        variables = solve.variables(lemma.symbols)
        given = lemma.given(Scalars(variables)).values()
        consistent = solve.status(map(solve.formula, given), effort) == "sat"
        verdict, note = _discharge(lemma, effort)
        mutations = tuple(refute(lemma, mutation) for mutation in lemma.mutations)
        if not consistent:
            note = f"hypotheses that can be satisfied were not found; {note}".removesuffix("; ")
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


def _discharge(lemma: Lemma, effort: int) -> tuple[str, str]:
    """Return the verdict, and what is missing."""
    if isinstance(lemma.by, Algebra):
        return _algebra(lemma, lemma.by)
    if isinstance(lemma.by, Calculus):
        return _calculus(lemma, lemma.by)
    v = Scalars(solve.variables(lemma.symbols))
    given = lemma.given(v).values()
    for label, claim in lemma.claim(v).items():
        answer = solve.entailed(given, claim, effort)
        if answer != "unsat":
            return (UNKNOWN if answer == "unknown" else FAILED), f"{label}: {answer}"
    return PROVEN, ""


def _algebra(lemma: Lemma, proof: Algebra) -> tuple[str, str]:
    names, variables = identities.symbols(lemma.symbols), solve.variables(lemma.symbols)
    v, z = Scalars(names), Scalars(variables)
    given, claims = lemma.given(v), lemma.claim(v)
    formulas = lemma.given(z)
    if any(claim.sense == "<" for claim in claims.values()):
        raise ValueError(f"{lemma.name} claims a strict inequality; allowed for Algebra: <=, ==")
    for label, claim in claims.items():
        left = identities.remainder(proof, given, claim, v)
        if left != 0:
            return FAILED, f"{label}: the identity leaves {left}"
    multipliers, squares = proof.multipliers(z), proof.squares(z)
    signs = {
        f"multiplier of {label}": m
        for label, m in multipliers.items()
        if formulas[label].sense != "=="
    }
    signs |= {f"weight {i}": weight for i, (weight, _) in enumerate(squares, 1)}
    if (signs or multipliers) and any(claim.sense == "==" for claim in claims.values()) and signs:
        raise ValueError(f"{lemma.name} claims an equation; allowed: multipliers of equations only")
    for label, value in signs.items():
        answer = solve.entailed(formulas.values(), Relation(0, "<=", value))
        if answer != "unsat":
            return (
                UNKNOWN if answer == "unknown" else FAILED
            ), f"{label} may be negative: {answer}"
    parts = [side for r in (*given.values(), *claims.values()) for side in (r.left, r.right)]
    parts += [*proof.multipliers(v).values()]
    parts += [part for pair in proof.squares(v) for part in pair]
    for factor in identities.denominators(parts, given):
        value = identities.translated(factor, variables)
        answer = solve.entailed_nonzero(formulas.values(), value)
        if answer != "unsat":
            return (UNKNOWN if answer == "unknown" else FAILED), f"{factor} may vanish: {answer}"
    return PROVEN, ""


def _calculus(lemma: Lemma, proof: Calculus) -> tuple[str, str]:
    left, least = identities.derivative_remainder(proof, lemma)
    if left != 0:
        return FAILED, f"the derivative is off by {left}"
    if least != 0:
        return FAILED, f"the value at {proof.at} is {least}"
    z = Scalars(solve.variables(lemma.symbols))
    slope, x = proof.derivative(z), getattr(z, proof.variable)
    sign = (
        Relation(0, "<", slope) if proof.at is None else Relation(0, "<=", slope * (x - proof.at))
    )
    answer = solve.entailed(lemma.given(z).values(), sign)
    if answer != "unsat":
        return (UNKNOWN if answer == "unknown" else FAILED), f"sign of the derivative: {answer}"
    return PROVEN, ""


def refute(lemma: Lemma, mutation: Mutation) -> MutationOutcome:
    """Look for a counterexample to a mutation, and reproduce it."""
    blank = MutationOutcome(mutation.what, mutation.replay.who, refuted=False, reproduced=False)
    variables = solve.variables(lemma.symbols)
    z = Scalars(variables)
    given = lemma.given(z)
    for label in mutation.drop:
        if label not in given:
            allowed = "; ".join(given)
            raise ValueError(f"drop has {label!r} in {lemma.name}; allowed: {allowed}")
    wrong = lemma.claim if mutation.claim is None else mutation.claim
    values: Mapping[str, Any] | None = mutation.witness
    if not values:
        fixed = {
            name: Fraction(*value) if isinstance(value, tuple) else Fraction(value)
            for name, value in mutation.fixed.items()
        }
        kept = [r for label, r in given.items() if label not in mutation.drop]
        kept += mutation.real(z).values()
        values = solve.counterexample(lemma.symbols, kept, wrong(z).values(), fixed)
    if values is None:
        return _replaced(blank, note="no counterexample was found")
    predicted = _violation(wrong(Scalars(values)))
    floats = {name: float(value) for name, value in values.items()}
    obeys = lemma.given(Scalars(floats))
    for label, relation in obeys.items():
        if label not in mutation.drop and relation.off() > _allowed(floats):
            return _replaced(blank, note=f"the counterexample does not obey: {label}")
    if not predicted > _allowed(floats):
        return _replaced(blank, note="the counterexample does not violate it")
    found = _replaced(
        blank, refuted=True, counterexample=tuple(floats.items()), predicted=predicted
    )
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
    v = Scalars(measured)
    wrong = lemma.claim if mutation.claim is None else mutation.claim
    shown = _violation(wrong(v))
    found = _replaced(found, measured=shown)
    allowed = _allowed(expected)
    for name, value in measured.items():
        if name not in expected:
            raise ValueError(f"{mutation.what}: the replay measures {name!r}; not in {lemma.name}")
        if not abs(value - expected[name]) <= allowed:
            note = f"{name} is {value:.6g} in the replay, not {expected[name]:.6g}"
            return _replaced(found, note=note)
    if not (shown > allowed and math.isclose(shown, found.predicted, abs_tol=10 * allowed)):
        return _replaced(found, note="the replay does not violate it by as much")
    given = lemma.given(v)
    for label, relation in given.items():
        if label not in mutation.drop and relation.off() > allowed:
            return _replaced(found, note=f"the replay does not obey: {label}")
    obeyed = all(relation.off() <= allowed for relation in given.values())
    if obeyed and _violation(lemma.claim(v)) > allowed:
        return _replaced(found, note="the right statement fails in the replay")
    return _replaced(found, reproduced=True)


def _allowed(values: Mapping[str, float]) -> float:
    return ROUNDING * max(1.0, *(abs(value) for value in values.values())) ** 2


def _violation(relations: Mapping[str, Relation]) -> float:
    return max(relation.off() for relation in relations.values())


def _replaced(outcome: MutationOutcome, **changes: Any) -> MutationOutcome:
    from dataclasses import replace

    return replace(outcome, **changes)
