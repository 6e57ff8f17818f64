"""Whether the hypotheses of a lemma are what their labels say, as far as a machine can tell.

A definition must exclude nothing: there has to be, for all values of the other scalars, a value of
the scalar that it defines. What is said of inner products must have the form of Cauchy-Schwarz or
of a square; an assumption must have a name; and only the step of an induction has what is carried.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import sympy

from theory.proofs import identities
from theory.proofs.base import Lemma, names_in
from theory.proofs.hypotheses import (
    DEFINITION,
    INDUCTION,
    Label,
    kind,
)
from theory.proofs.scalars import Relation, Scalars
from theory.proofs.solve import Tally
from theory.proofs.translate import entailed as entailed_by

Given = Mapping[str, Relation]
"""Hypotheses by their labels, in computer algebra."""

Entailed = Callable[[Relation], bool]
"""Whether a relation, in computer algebra, follows from hypotheses."""


def objections(lemma: Lemma, tally: Tally, assumptions: Collection[str]) -> list[str]:
    """Return which labels of a lemma do not hold what they say, and why.

    Parameters
    ----------
    lemma
        The lemma.
    tally
        Where the questions to the solvers are counted.
    assumptions
        The names of the assumptions that there are.
    """
    symbols = identities.symbols(lemma.symbols)
    given = lemma.given(Scalars(symbols))
    found = []
    carried = () if lemma.invariant is None else lemma.invariant.holds(Scalars(symbols))
    for label, relation in given.items():
        of = label.of if isinstance(label, Label) else ()
        match kind(label):
            case "cited" if not names_in(label):
                found.append(f"“{label}” names no lemma")
            case "induction" if not (
                lemma.inductive and label.removeprefix(f"{INDUCTION}: ") in carried
            ):
                found.append(f"“{label}” is carried by no induction")
            case "assumption" if not set(of) <= set(assumptions):
                found.append(f"“{label}”: there is no assumption {', '.join(of)}")
            case "geometry" if not geometric(relation):
                found.append(f"“{label}” is not Cauchy-Schwarz, nor a square that is at least 0")
            case "convexity" if relation.sense != "<=":
                found.append(f"“{label}” is no inequality")
    left = restricting(given, symbols.values(), tally)
    found += [f"“{label}” is no definition: it restricts what it speaks of" for label in left]
    return found


def restricting(given: Given, free: Iterable[Any], tally: Tally) -> list[str]:
    """Return the definitions that may restrict scalars which are not free.

    One after another, a scalar is taken that no other definition uses, and that its own ones define
    whatever the others are.

    Parameters
    ----------
    given
        All hypotheses. From those that are no definitions, and from the definitions that are left,
        it has to follow that a coefficient does not vanish, and that a root is taken of no negative
        number.
    free
        The scalars that may be defined.
    tally
        Where the questions to the solvers are counted.
    """
    left = {label: relation for label, relation in given.items() if kind(label) == DEFINITION}
    rest = [relation for label, relation in given.items() if label not in left]
    open_ = list(free)
    while left:
        for symbol in _in_turn(open_, left.values()):
            about = {label: what for label, what in left.items() if symbol in names(what)}
            others = [what for label, what in left.items() if label not in about]

            def entailed(claim: Relation, known: tuple[Relation, ...] = (*rest, *others)) -> bool:
                return entailed_by(known, claim, tally) == "unsat"

            if _defines(symbol, list(about.values()), entailed):
                left = {label: what for label, what in left.items() if label not in about}
                open_.remove(symbol)
                break
        else:
            break
    return list(left)


def _in_turn(symbols: Iterable[Any], definitions: Iterable[Relation]) -> list[Any]:
    """Return the scalars that definitions speak of, first those that they are meant to define."""
    left = [(what, names(what)) for what in definitions]
    used = [symbol for symbol in symbols if any(symbol in found for _, found in left)]
    meant = {
        symbol
        for symbol in used
        for what, found in left
        if what.left == symbol or (what.sense != "==" and symbol in found)
    }
    return sorted(used, key=lambda symbol: symbol not in meant)


def names(relation: Relation) -> frozenset[Any]:
    """Return the scalars of a relation."""
    return frozenset(sympy.sympify(relation.violation).free_symbols)


def _defines(symbol: Any, relations: list[Relation], entailed: Entailed) -> bool:
    """Return whether there is a value of a scalar that obeys all these, whatever the others are."""
    equations = [relation for relation in relations if relation.sense == "=="]
    if len(equations) != 1:
        return False
    bounds = [relation for relation in relations if relation.sense != "=="]
    left, right = (sympy.sympify(side) for side in (equations[0].left, equations[0].right))
    if left == symbol and symbol not in right.free_symbols and not bounds:
        return True
    above = sympy.fraction(sympy.together(left - right))[0]
    polynomial = sympy.Poly(above, symbol)
    if polynomial.degree() == 1 and not bounds:
        return _nonzero(polynomial.coeff_monomial(symbol), entailed)
    if _is_root(symbol, polynomial, bounds, entailed):
        return True
    return _is_extreme(symbol, polynomial, bounds)


def _nonzero(value: Any, entailed: Entailed) -> bool:
    if value.is_number:
        return bool(value != 0)
    return entailed(Relation(0, "<", value**2))


def _is_root(symbol: Any, polynomial: Any, bounds: list[Relation], entailed: Entailed) -> bool:
    """Return whether they say that a scalar is the square root of something that is at least 0."""
    if polynomial.degree() != 2 or polynomial.coeff_monomial(symbol) != 0 or len(bounds) > 1:
        return False
    if bounds and (bounds[0].left, bounds[0].right) != (0, symbol):
        return False
    strict = bool(bounds) and bounds[0].sense == "<"
    leading = polynomial.coeff_monomial(symbol**2)
    radicand = sympy.cancel(-polynomial.coeff_monomial(1) / leading)
    return entailed(Relation(0, "<" if strict else "<=", radicand))


def _is_extreme(symbol: Any, polynomial: Any, bounds: list[Relation]) -> bool:
    """Return whether they say that a scalar is the largest, or the smallest, of several."""
    above = [b.left for b in bounds if b.right == symbol and b.sense == "<="]
    below = [b.right for b in bounds if b.left == symbol and b.sense == "<="]
    entries = above or below
    if len(entries) != len(bounds) or not entries:
        return False
    product = sympy.prod(sympy.fraction(sympy.together(symbol - entry))[0] for entry in entries)
    rest = sympy.cancel(polynomial.as_expr() / product)
    return bool(rest.is_number and rest != 0)


def geometric(relation: Relation) -> bool:
    """Return whether a relation has the form of one that all inner products obey.

    Forms: ``0 <= a`` for a squared norm; ``b² <= a c``, Cauchy-Schwarz; and ``0 <= s² a + 2 s t b +
    t² c``, the square of ``s x + t y`` with a, b, c the products of x and y. That a, b and c are
    such products is what their names say.
    """
    left, right = sympy.sympify(relation.left), sympy.sympify(relation.right)
    if relation.sense != "<=":
        return False
    if left == 0:
        return bool(right.is_Symbol) or _is_square(right)
    root = sympy.sqrt(left)
    factors = sympy.Mul.make_args(right)
    if not (left.is_Pow and left.exp == 2 and left.base.is_Symbol) or len(factors) != 2:
        return False
    norms = [f.base if f.is_Pow and f.exp == 2 else f for f in factors]
    return all(f.is_Symbol for f in norms) and root not in norms


def _is_square(form: Any) -> bool:
    form = sympy.expand(form)
    names = sorted(form.free_symbols, key=str)
    for b in names:
        for a in names:
            for c in names:
                if len({a, b, c}) == 3:
                    s, t, u = (form.coeff(x) for x in (a, b, c))
                    rest = sympy.expand(form - s * a - t * b - u * c)
                    inner = {a, b, c} & (s.free_symbols | t.free_symbols | u.free_symbols)
                    squares = _nonnegative(s) and _nonnegative(u)
                    if rest == 0 and not inner and squares and sympy.expand(t**2 - 4 * s * u) == 0:
                        return True
    return False


def _nonnegative(value: Any) -> bool:
    """Return whether something is a square, or a number that is at least 0."""
    return bool(value.is_nonnegative)
