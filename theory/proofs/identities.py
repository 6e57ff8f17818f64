"""Computer algebra: identities of rational functions, exactly, and derivatives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy

from theory.proofs.base import Algebra, Calculus, Lemma
from theory.proofs.scalars import Relation, Scalars


def symbols(names: Iterable[str]) -> dict[str, Any]:
    """Return symbols by name."""
    return {name: sympy.Symbol(name, real=True) for name in names}


def definitions(given: Mapping[str, Relation]) -> list[tuple[Any, Any]]:
    """Return (symbol, expression) for each equation with a symbol alone on its left."""
    found: list[tuple[Any, Any]] = []
    for relation in given.values():
        left, right = relation.left, sympy.sympify(relation.right)
        taken = {symbol for symbol, _ in found}
        alone = isinstance(left, sympy.Symbol) and left not in taken | right.free_symbols
        if relation.sense == "==" and alone:
            right = right.subs(found)
            if left not in right.free_symbols:
                found = [(s, e.subs(left, right)) for s, e in found] + [(left, right)]
    return found


def remainder(proof: Algebra, given: Mapping[str, Relation], claim: Relation, v: Scalars) -> Any:
    """Return what is left of the identity: 0 if it is one."""
    defined = definitions(given)
    total: Any = claim.right - claim.left
    for label, multiplier in proof.multipliers(v).items():
        total -= multiplier * (given[label].right - given[label].left)
    for weight, root in proof.squares(v):
        total -= weight * root * root
    return sympy.cancel(sympy.together(sympy.sympify(total).subs(defined)))


def denominators(parts: Iterable[Any], given: Mapping[str, Relation]) -> list[Any]:
    """Return the factors of all denominators, as the parts stand and after the insertions."""
    defined = definitions(given)
    found: dict[Any, None] = {}
    for part in parts:
        expression = sympy.sympify(part)
        for form in (expression, expression.subs(defined)):
            below = sympy.fraction(sympy.together(form))[1]
            for factor, _ in sympy.factor_list(below)[1] if below.free_symbols else ():
                found[factor] = None
    return list(found)


def translated(expression: Any, names: Mapping[str, Any]) -> Any:
    """Return a polynomial with integer coefficients in the variables of another tool."""
    if expression.is_Symbol:
        return names[expression.name]
    if expression.is_Integer:
        return int(expression)
    parts = [translated(part, names) for part in expression.args]
    if expression.is_Add:
        return sum(parts[1:], start=parts[0])
    result: Any = 1
    if expression.is_Pow:
        for _ in range(int(expression.args[1])):
            result = result * parts[0]
        return result
    for part in parts:
        result = result * part
    return result


def derivative_remainder(proof: Calculus, lemma: Lemma) -> tuple[Any, Any]:
    """Return what is left of the derivative's formula, and the function at its minimiser."""
    names = {name: sympy.Symbol(name, positive=True) for name in lemma.symbols}
    v, x = Scalars(names), names[proof.variable]
    function = sympy.sympify(proof.function(v, sympy.log))
    left = sympy.simplify(sympy.diff(function, x) - proof.derivative(v))
    least = 0 if proof.at is None else sympy.simplify(function.subs(x, proof.at))
    return left, least


def quotient(
    relation: Relation, other: Relation, meant: Mapping[Any, Any], same: Mapping[Any, Any]
) -> Any:
    """Return ``relation/other``, as violations, after two insertions; None where it is 0 or 0/0."""
    values = []
    for one in (relation, other):
        value = sympy.sympify(one.violation).subs(meant, simultaneous=True).subs(same)
        values.append(sympy.cancel(sympy.together(value)))
    if 0 in values:
        return None
    return sympy.cancel(values[0] / values[1])


def fraction(expression: Any) -> tuple[Any, Any]:
    """Return numerator and denominator, polynomials with integer coefficients."""
    above, below = sympy.fraction(sympy.together(expression))
    return sympy.expand(above), sympy.expand(below)
