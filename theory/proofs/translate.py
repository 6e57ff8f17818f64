"""From computer algebra to the solvers: what follows from relations between its expressions.

Roots become scalars that are at least 0 and have the right square. Other functions, sums with
symbolic limits and powers with symbolic exponents become scalars of which nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import sympy

from theory.proofs.scalars import Relation
from theory.proofs.solve import Reals, Tally

EXTREMES: dict[Any, Callable[[Any, Any], Relation]] = {
    sympy.Max: lambda value, entry: Relation(entry, "<=", value),
    sympy.Min: lambda value, entry: Relation(value, "<=", entry),
}
"""What bounds the largest and the smallest of several: one of them it is."""


def entailed(given: Iterable[Relation], claim: Relation, tally: Tally | None = None) -> str:
    """Return "unsat" if a relation follows from others: see `Reals.entailed`."""
    known = list(given)
    atoms = _atoms([*known, claim])
    known += _facts(atoms, known, tally)
    reals, translated = _translated([*known, claim], atoms, tally)
    return reals.entailed(translated[:-1], translated[-1])


def consistent(given: Iterable[Relation]) -> str:
    """Return "sat" if relations can hold at once."""
    known = list(given)
    atoms = _atoms(known)
    known += _facts(atoms, known, None)
    reals, translated = _translated(known, atoms, None)
    return reals.consistent(translated)


def _sides(relations: Iterable[Relation]) -> list[Any]:
    return [sympy.sympify(side) for r in relations for side in (r.left, r.right)]


def _translated(
    relations: list[Relation], atoms: Mapping[Any, Any], tally: Tally | None
) -> tuple[Reals, list[Relation]]:
    """Return the solver's variables, and the relations between them."""
    found = {s for side in _sides(relations) for s in side.free_symbols} | set(atoms.values())
    names = sorted({symbol.name for symbol in found})
    reals = Reals(names, tally=tally)

    def value(expression: Any) -> Any:
        return translated(expression, reals.variables, atoms)

    sides = iter(_sides(relations))
    return reals, [Relation(value(next(sides)), r.sense, value(next(sides))) for r in relations]


def _atoms(relations: Iterable[Relation]) -> dict[Any, Any]:
    """Return scalars for all that is no polynomial or quotient, the inner ones first."""
    atoms: dict[Any, Any] = {}

    def visit(expression: Any) -> None:
        if expression.is_Symbol or expression.is_Rational:
            return
        if expression.is_Add or expression.is_Mul or _power(expression):
            for part in expression.args if not expression.is_Pow else expression.args[:1]:
                visit(part)
            return
        if _rooted(expression):
            visit(expression.base)
            expression = sympy.sqrt(expression.base)
        elif expression.func in EXTREMES or expression.func == sympy.Abs:
            for part in expression.args:
                visit(part)
        if expression not in atoms:
            atoms[expression] = sympy.Symbol(f"atom_{len(atoms)}", real=True)

    for side in _sides(relations):
        visit(side)
    return atoms


def _power(expression: Any) -> bool:
    return bool(expression.is_Pow and expression.exp.is_Integer)


def _rooted(expression: Any) -> bool:
    return bool(expression.is_Pow and (2 * expression.exp).is_Integer)


def _facts(atoms: Mapping[Any, Any], known: list[Relation], tally: Tally | None) -> list[Relation]:
    """Return what is known of roots, where what they are taken of is at least 0.

    And of absolute values, of maxima and minima.
    """
    found: list[Relation] = []
    for expression, symbol in atoms.items():
        if expression.func in EXTREMES:
            bounds, product = EXTREMES[expression.func], sympy.Integer(1)
            for entry in expression.args:
                found.append(bounds(symbol, entry))
                product *= symbol - entry
            found.append(Relation(product, "==", sympy.Integer(0)))
        if expression.func == sympy.Abs:
            found.append(Relation(sympy.Integer(0), "<=", symbol))
            found.append(Relation(symbol**2, "==", expression.args[0] ** 2))
        if _rooted(expression):
            relations = [*known, *found, Relation(0, "<=", expression.base)]
            reals, questions = _translated(relations, atoms, tally)
            if reals.entailed(questions[:-1], questions[-1]) == "unsat":
                found.append(Relation(0, "<=", symbol))
                found.append(Relation(symbol**2, "==", expression.base))
    return found


def translated(
    expression: Any, variables: Mapping[str, Any], atoms: Mapping[Any, Any] | None = None
) -> Any:
    """Return an expression in the variables of a solver; ``atoms`` has scalars for its parts."""
    if expression.is_Symbol:
        return variables[expression.name]
    if expression.is_Rational:
        return (
            int(expression)
            if expression.is_Integer
            else Fraction(int(expression.p), int(expression.q))
        )
    if expression.is_Add or expression.is_Mul:
        first, *parts = (translated(part, variables, atoms) for part in expression.args)
        for part in parts:
            first = first + part if expression.is_Add else first * part
        return first
    if expression.is_Pow and (_power(expression) or _rooted(expression)):
        root = expression.base if _power(expression) else sympy.sqrt(expression.base)
        power = int(expression.exp if _power(expression) else 2 * expression.exp)
        base = _value(root, variables, atoms)
        result: Any = 1
        for _ in range(abs(power)):
            result = result * base
        return 1 / result if power < 0 else result
    return _value(expression, variables, atoms)


def _value(expression: Any, variables: Mapping[str, Any], atoms: Mapping[Any, Any] | None) -> Any:
    if atoms and expression in atoms:
        return variables[atoms[expression].name]
    return translated(expression, variables, atoms)
