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


def calculus_remainders(proof: Calculus, lemma: Lemma) -> tuple[Any, Any, Any]:
    """Return what has to be 0: what is left of the derivative's formula, and of the claim.

    Returns
    -------
    left, least, off
        What is left of the derivative; the function at its minimiser; and by how much the claim is
        off ``0 <= function``, where the scalar called ``log`` is the logarithm of the variable.
    """
    x = sympy.Symbol(proof.variable, positive=True)
    names = {**symbols(lemma.symbols), proof.variable: x}
    v = Scalars(names)
    function = sympy.sympify(proof.function(v, sympy.log))
    left = sympy.simplify(sympy.diff(function, x) - proof.derivative(v))
    least = sympy.simplify(function.subs(x, proof.at))
    claims = list(lemma.claim(v).values())
    if len(claims) != 1 or claims[0].sense != "<=":
        return left, least, sympy.nan
    claimed = sympy.sympify(-claims[0].violation).subs(names.get("log", x), sympy.log(x))
    return left, least, sympy.simplify(claimed - function)


def without(variable: str, lemma: Lemma) -> list[str]:
    """Return the hypotheses of a lemma, by their labels, that do not speak of a scalar."""
    found = symbols(lemma.symbols)
    return [
        label
        for label, relation in lemma.given(Scalars(found)).items()
        if found[variable] not in sympy.sympify(relation.violation).free_symbols
    ]


def quotient(relation: Relation, other: Relation) -> Any:
    """Return ``relation/other``, as violations; None where one of them is 0."""
    above, below = (sympy.expand(sympy.sympify(one.violation)) for one in (relation, other))
    if above == below and above != 0:
        return sympy.Integer(1)
    values = [sympy.cancel(sympy.together(value)) for value in (above, below)]
    if 0 in values:
        return None
    return sympy.cancel(values[0] / values[1])
