"""The solver: is a statement over the reals true, and if not, where does it fail?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import z3

from theory.proofs.scalars import Relation

EFFORT = 20_000_000
"""The solver's own unit of work, after which it gives up: the same on every machine."""

SECONDS = 60
"""A guard against what that unit does not count."""


def variables(names: Iterable[str]) -> dict[str, Any]:
    """Return real variables by name."""
    return {name: z3.Real(name) for name in names}


def formula(relation: Relation) -> Any:
    """Return a relation as the solver's formula."""
    left, right = relation.left, relation.right
    if relation.sense == "==":
        return z3.BoolVal(left == right) if _numbers(left, right) else left == right
    if relation.sense == "<":
        return z3.BoolVal(left < right) if _numbers(left, right) else left < right
    return z3.BoolVal(left <= right) if _numbers(left, right) else left <= right


def _numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float | Fraction) for value in values)


def _solver(effort: int) -> Any:
    solver = z3.SolverFor("QF_NRA")
    solver.set("rlimit", effort)
    solver.set("timeout", 1000 * SECONDS)
    return solver


def status(formulas: Iterable[Any], effort: int = EFFORT) -> str:
    """Return "sat", "unsat" or "unknown"."""
    solver = _solver(effort)
    solver.add(*formulas)
    return str(solver.check())


def entailed(given: Iterable[Relation], claim: Relation, effort: int = EFFORT) -> str:
    """Return "unsat" if the claim follows: its negation has no solution."""
    return status([*map(formula, given), z3.Not(formula(claim))], effort)


def entailed_nonzero(given: Iterable[Relation], value: Any) -> str:
    """Return "unsat" if an expression cannot vanish."""
    return status([*map(formula, given), value == 0])


def counterexample(
    names: Iterable[str],
    given: Iterable[Relation],
    claims: Iterable[Relation],
    fixed: Mapping[str, Fraction],
    largest: int = 16,
    least: Fraction = Fraction(1, 1000),
) -> dict[str, Fraction] | None:
    """Return values that obey ``given`` and clearly violate one of the claims, or None.

    Clearly: all values are at most ``largest`` in size, and the violation is at least ``least``,
    so that rounding cannot be meant. Irrational values are rounded to 30 digits.
    """
    symbols = variables(names)
    solver = _solver(EFFORT)
    solver.add(*map(formula, given))
    for name, symbol in symbols.items():
        solver.add(symbol >= -largest, symbol <= largest)
        if name in fixed:
            solver.add(symbol == _constant(fixed[name]))
    bound = _constant(least)
    violated = []
    for claim in claims:
        violated.append(claim.violation >= bound)
        if claim.sense == "==":
            violated.append(-claim.violation >= bound)
    solver.add(z3.Or(*violated))
    if str(solver.check()) != "sat":
        return None
    model = solver.model()
    return {name: _fraction(model.eval(s, model_completion=True)) for name, s in symbols.items()}


def _constant(value: Fraction) -> Any:
    return z3.RealVal(str(value))


def _fraction(value: Any) -> Fraction:
    if z3.is_algebraic_value(value):
        value = value.approx(30)
    return Fraction(value.numerator_as_long(), value.denominator_as_long())
