# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Statements: one object, read as text, as numbers and as algebra; all claims stand on one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy

from theory import assumptions, quantities
from theory.claims.base import Claim
from theory.formula import MANY, Written, largest, least, log, sqrt, total
from theory.proofs.base import Theorem
from theory.proofs.conclusions import conclude
from theory.proofs.scalars import Relation, Scalars, eq, ge, le
from theory.proofs.solve import Tally
from theory.statement import Quantity, Statement
from theory.theorems import CLAIMS, LEMMAS, LISTS, MEANINGS, THEOREMS

PAPER = THEOREMS["rate"].formal
INTEGERS = {"K": 9, "k": 3}
"""Quantities that count."""


def statements() -> Iterator[Statement]:
    """Yield every statement once."""
    parts: list[Claim | Theorem] = [*THEOREMS.values(), *CLAIMS.values()]
    seen = {id(part.formal): part.formal for part in parts}
    yield from seen.values()


ALL = list(statements())


def drawn(statement: Statement, seed: int) -> dict[str, float]:
    """Return values of the quantities, within what is known of them."""
    rng = np.random.default_rng(seed)
    values: dict[str, float] = {}
    for quantity in statement.quantities:
        least_value = max(quantity.at_least or 0, quantity.above or 0)
        size = 0.1 + 0.8 * rng.random()
        value = least_value + size * (1 if quantity.below is None else quantity.below - least_value)
        values[quantity.name] = INTEGERS.get(quantity.name, round(float(value), 2))
    return values


def numbers(relation: Relation, values: Mapping[Any, Any]) -> tuple[float, float]:
    """Return both sides of a relation of computer algebra at rational values."""
    sides = (sympy.sympify(side).subs(values) for side in (relation.left, relation.right))
    left, right = (float(side.doit().evalf(30)) for side in sides)
    return left, right


class TestReadings:
    """Text, numbers and algebra are readings of the same formula."""

    @pytest.mark.parametrize("statement", ALL, ids=lambda statement: statement.name)
    def test_numbers_are_those_of_the_algebra(self, statement: Statement) -> None:
        values = drawn(statement, seed=0)
        symbols = {name: sympy.Symbol(name, real=True) for name in values}
        inserted = {symbols[name]: sympy.Rational(str(value)) for name, value in values.items()}
        algebra = statement.relations(symbols)
        for label, relation in algebra.items():
            left, right = statement.sides(label, **values)
            exact = numbers(relation, inserted)
            np.testing.assert_allclose((left, right), exact, rtol=1e-12, atol=1e-12)

    @pytest.mark.parametrize("statement", ALL, ids=lambda statement: statement.name)
    def test_the_text_has_the_symbols_and_no_names(self, statement: Statement) -> None:
        text = statement.text
        for quantity in statement.quantities:
            used = any(quantity.symbol in part for part in (text, *statement.meanings))
            assert used, quantity
        assert not any(mark in text for mark in ("Symbol", "lambda", "Written", "**", "_next"))

    def test_the_paper(self) -> None:
        assert PAPER.text == "min_{k≤K} E[f(x^k) - f*] ≤ G D/((1-β) √K)"
        assert PAPER.bound(G=2.0, D=3.0, beta=0.5, K=[4, 9]) == pytest.approx([6, 4])

    def test_brackets_are_where_they_must_be(self) -> None:
        a, b = Written("a"), Written("b")
        assert ((a + b) * a - (a - b)).text == "(a+b) a - (a-b)"
        assert (a / (a * b)).text == "a/(a b)"
        assert (a ** (2 * b)).text == "a^{2b}"
        assert (2 * a**2).text == "2a²"
        assert log(2, like=a).text == "log 2"
        assert (-(a * b) + 1).text == "-a b + 1"

    @pytest.mark.parametrize("value", [0.25, 3.0])
    def test_functions_agree(self, value: float) -> None:
        x = sympy.Symbol("x", real=True)
        for function in (
            sqrt,
            log,
            lambda v: largest(1, v) + least(v, 2),
            lambda v: log(2, like=v) * v,
            lambda v: total(Scalars({"v": v}), lambda u, k: u.v**k / k, 1, 5),
        ):
            exact = sympy.sympify(function(x)).subs(x, sympy.Rational(str(value)))
            assert float(function(np.float64(value))) == pytest.approx(
                float(exact.doit()), rel=1e-14
            )


class TestSums:
    """Sums with a symbolic end."""

    def test_ends_broadcast(self) -> None:
        v = Scalars({"a": np.array([[1.0], [2.0]]), "K": np.array([0, 1, 3])})
        found = total(v, lambda u, k: u.a * k, 1, v.K)
        np.testing.assert_array_equal(found, [[0, 1, 6], [0, 2, 12]])

    def test_many_terms_that_are_the_same_number(self) -> None:
        v = Scalars({"b": np.array([0.5, 0.9]), "K": np.array([10 * MANY, 3])})
        found = total(v, lambda u, k: 1 + u.b**k, 1, v.K)
        np.testing.assert_allclose(found, [10 * MANY + 1, 3 + 0.9 + 0.81 + 0.729], rtol=1e-12)

    def test_many_terms_that_change_are_refused(self) -> None:
        v = Scalars({"K": np.array([2 * MANY])})
        with pytest.raises(ValueError, match="terms beyond 200000 still change"):
            total(v, lambda u, k: 1 / k, 1, v.K)


class TestArguments:
    """What may be asked of a statement."""

    def test_names_are_checked(self) -> None:
        with pytest.raises(ValueError, match="rate has no 'gamma'; allowed: m, G, D, beta, K"):
            PAPER.bound(gamma=1)
        with pytest.raises(ValueError, match="rate has no relation 'other'; allowed: ''"):
            PAPER.bound("other", G=1)

    def test_what_is_missing_is_named(self) -> None:
        with pytest.raises(ValueError, match=r"needs more than G, D: \['m', 'beta', 'K'\]"):
            PAPER.bound(G=1, D=1)

    def test_restrictions(self) -> None:
        ends = THEOREMS["rate_two_ends"].formal
        assert not ends.applies(K=1)
        assert ends.applies(K=2)
        assert not ends.applies(beta=1.0)


class TestRegistry:
    """Every theorem and every claim stands on a statement, and shares it where it should."""

    def test_every_relation_of_a_theorem_has_a_lemma(self) -> None:
        for name, theorem in THEOREMS.items():
            assert set(theorem.concludes) == set(relations(theorem.formal)), name

    def test_claim_and_theorem_of_a_name_share_the_statement(self) -> None:
        shared = set(CLAIMS) & set(THEOREMS)
        assert len(shared) > 20
        for name in shared:
            assert CLAIMS[name].formal is THEOREMS[name].formal, name

    def test_quantities_and_assumptions_are_declared(self) -> None:
        for statement in ALL:
            for assumption in statement.assumes:
                assert assumptions.ASSUMPTIONS[assumption.name] is assumption, statement.name
            names = [quantity.name for quantity in statement.quantities]
            assert len(set(names)) == len(names), statement.name

    def test_constants_mean_the_same_everywhere(self) -> None:
        """β, L, α and the like: one object, or one that says more of the same symbol."""
        symbols = {constant.name: constant.symbol for constant in quantities.CONSTANTS}
        for statement in ALL:
            for quantity in statement.quantities:
                known = symbols.get(quantity.name)
                assert known is None or quantity.name == "m" or quantity.symbol == known


def relations(statement: Statement) -> Mapping[str, Relation]:
    """Return the relations of a statement, of symbols."""
    return statement.relations(
        {quantity.name: sympy.Symbol(quantity.name, real=True) for quantity in statement.quantities}
    )


def more(statement: Statement, label: str) -> Statement:
    """Return the statement with a relation of which more, or something else, is said."""

    def holds(v: Any) -> Mapping[str, Relation]:
        found = dict(statement.holds(v))
        relation = found[label]
        found[label] = Relation(relation.left + 1, relation.sense, relation.right)
        return found

    return replace(statement, holds=holds)


def concluded(theorem: Theorem) -> list[str]:
    """Return which relations are concluded by none of the lemmas."""
    found = conclude(theorem, LEMMAS, MEANINGS, LISTS, Tally())
    return [citation.label for citation in found if not citation.source]


@pytest.mark.parametrize("name", THEOREMS)
def test_another_statement_is_not_concluded(name: str) -> None:
    """The last lemma concludes the statement (see test_proofs), and not one that says more."""
    theorem = THEOREMS[name]
    for label in relations(theorem.formal):
        wrong = replace(theorem, formal=more(theorem.formal, label))
        assert (f"the statement: {label}" if label else "the statement") in concluded(wrong)


def test_the_square_root_is_part_of_the_statement() -> None:
    theorem = THEOREMS["rate"]
    faster = replace(
        theorem.formal, holds=lambda v: {"": le(v.m, v.G * v.D / ((1 - v.beta) * v.K**10))}
    )
    assert concluded(theorem) == []
    assert concluded(replace(theorem, formal=faster)) == ["the statement"]


def test_a_quantity_knows_its_domain() -> None:
    one = Quantity("a", "α", "something", at_least=0, below=1)
    assert list(one.domain(0.5)) == ["α ≥ 0", "α < 1"]
    assert ge(1, 0).off() <= 0 < eq(1, 0).off()
