# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What checks the proofs must itself be able to fail."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from theory.proofs.base import (
    Algebra,
    Calculus,
    Invariant,
    Lemma,
    Mutation,
    Reference,
    by_hand,
    conclusion,
    lemma,
)
from theory.proofs.check import check
from theory.proofs.outcomes import BY_HAND, FAILED, PROVEN, UNKNOWN
from theory.proofs.replay import made, metric, step_from, step_with, vectors
from theory.proofs.scalars import Scalars, eq, ge, gram, gt, le, lt, maximum, minimum
from theory.proofs.solve import Reals
from theory.theorems import LEMMAS


def square(claim: Any, given: Any = None, **options: Any) -> Lemma:
    """Return a lemma on x and y with y = x² by default."""
    assumed = (lambda v: {"x ≥ 0": ge(v.x, 0), "y": eq(v.y, v.x * v.x)}) if given is None else given
    wrong = Mutation("wrong", claim=lambda v: {"": le(v.y + v.x * v.x + 1, 0)})
    return lemma("a.square", "", "x y", assumed, conclusion(claim), wrong, **options)


class TestSolver:
    """z3 proves what is true and nothing else."""

    def test_true(self) -> None:
        assert check(square(lambda v: ge(v.y, 0))).ok

    def test_false(self) -> None:
        found = check(square(lambda v: ge(v.y, 1)))
        assert (found.verdict, found.ok) == (FAILED, False)
        assert "sat" in found.note

    def test_an_inconsistent_hypothesis_proves_nothing(self) -> None:
        found = check(square(lambda v: ge(v.y, 1), lambda v: {"a": gt(v.x, 1), "b": lt(v.x, 0)}))
        assert found.consistent is False
        assert not found.ok
        assert "obey the hypotheses" in found.note

    def test_unknown_is_a_failure(self) -> None:
        found = check(square(lambda v: ge(v.y, 0)), effort=1)
        assert not found.ok
        hard = square(lambda v: le(v.y * v.y * v.x, v.x * v.x * v.x * v.x * v.x), by=None)
        assert check(hard, effort=1).verdict == UNKNOWN

    def test_a_lemma_without_mutation_is_not_ok(self) -> None:
        found = check(lemma("a.b", "", "x", lambda v: {}, conclusion(lambda v: ge(v.x * v.x, 0))))
        assert found.verdict == PROVEN
        assert not found.ok
        assert "no mutation" in found.note

    def test_numbers_of_every_kind_are_exact(self) -> None:
        reals = Reals(["x"])
        third = reals.counterexample([], [le(reals.v.x, 0)], {"x": Fraction(1, 3)})
        assert third == {"x": Fraction(1, 3)}
        reals = Reals(["x"])
        root = reals.counterexample([eq(reals.v.x * reals.v.x, 2)], [le(reals.v.x, 0)], {})
        assert root is not None
        assert float(root["x"]) == pytest.approx(math.sqrt(2), abs=1e-15)


class TestAlgebra:
    """Identities, signs of multipliers, denominators."""

    def test_true(self) -> None:
        proof = Algebra(squares=lambda v: [(1, v.x)])
        assert check(square(lambda v: ge(v.y, 0), by=proof)).ok

    def test_an_identity_that_is_none(self) -> None:
        proof = Algebra(squares=lambda v: [(2, v.x)])
        found = check(square(lambda v: ge(v.y, 0), by=proof))
        assert found.verdict == FAILED
        assert "leaves -x**2" in found.note

    def test_a_negative_multiplier(self) -> None:
        found = check(square(lambda v: le(v.x, 0), by=Algebra(lambda v: {"x ≥ 0": -1})))
        assert found.verdict == FAILED
        assert "multiplier of x ≥ 0 may be negative" in found.note

    def test_a_multiplier_that_is_negative_somewhere(self) -> None:
        proof = Algebra(lambda v: {"x ≥ 0": v.x - 1})
        found = check(square(lambda v: ge(v.y - v.x, 0), by=proof))
        assert found.verdict == FAILED

    def test_a_negative_weight(self) -> None:
        found = check(square(lambda v: le(v.y, 0), by=Algebra(squares=lambda v: [(-1, v.x)])))
        assert found.verdict == FAILED
        assert "weight 1 may be negative" in found.note

    def test_a_denominator_that_may_vanish(self) -> None:
        found = check(square(lambda v: eq(v.y / v.x, v.x), by=Algebra()))
        assert found.verdict == FAILED
        assert "x may vanish" in found.note

    def test_a_denominator_in_a_multiplier(self) -> None:
        given = lambda v: {"y ≥ 0": ge(v.y, 0), "p": ge(v.x * v.y, 0)}  # noqa: E731
        proof = Algebra(lambda v: {"p": 1 / v.x})
        found = check(square(lambda v: ge(v.y, 0), given, by=proof))
        assert found.verdict == FAILED

    def test_an_equation_takes_no_inequality(self) -> None:
        with pytest.raises(ValueError, match="claims an equation"):
            check(square(lambda v: eq(v.x, 0), by=Algebra(lambda v: {"x ≥ 0": -1})))

    def test_no_strict_inequality(self) -> None:
        with pytest.raises(ValueError, match="claims a strict inequality"):
            check(square(lambda v: gt(v.y, 0), by=Algebra()))

    def test_definitions_may_use_each_other(self) -> None:
        given = lambda v: {"z": eq(v.z, v.y + 1), "y": eq(v.y, v.x * v.x)}  # noqa: E731
        claim = conclusion(lambda v: eq(v.z, v.x * v.x + 1))
        wrong = Mutation("one less", claim=lambda v: {"": eq(v.z, v.x * v.x)})
        assert check(lemma("a.b", "", "x y z", given, claim, wrong, by=Algebra())).ok

    def test_an_equation_that_defines_itself_is_no_definition(self) -> None:
        given = lambda v: {"x": eq(v.x, 2 * v.x)}  # noqa: E731
        found = check(lemma("a.b", "", "x", given, conclusion(lambda v: eq(v.x, 1)), by=Algebra()))
        assert found.verdict == FAILED


class TestCalculus:
    """Derivatives, their signs and the minimum."""

    @staticmethod
    def tangent(**changes: Any) -> Lemma:
        proof: dict[str, Any] = {
            "variable": "x",
            "function": lambda v, log: v.x - 1 - log(v.x),
            "derivative": lambda v: 1 - 1 / v.x,
            "at": 1,
        }
        given = lambda v: {"x > 0": gt(v.x, 0)}  # noqa: E731
        wrong = LEMMAS["sharp_rate.tangent"].mutations
        claim = conclusion(lambda v: le(v.log, v.x - 1))
        return lemma("a.b", "", "x log", given, claim, *wrong, by=Calculus(**proof | changes))

    def test_true(self) -> None:
        assert check(self.tangent()).ok

    @pytest.mark.parametrize(
        ("changes", "note"),
        [
            ({"derivative": lambda v: 1 + 1 / v.x}, "the derivative is off"),
            ({"at": 2}, "the value at 2"),
            (
                {
                    "function": lambda v, log: 1 - v.x + log(v.x),
                    "derivative": lambda v: 1 / v.x - 1,
                },
                "the claim is off",
            ),
        ],
    )
    def test_false(self, changes: dict[str, Any], note: str) -> None:
        found = check(self.tangent(**changes))
        assert found.verdict == FAILED
        assert note in found.note


class TestMutations:
    """A mutation that is true, or is not shown by the reference, is found out."""

    @staticmethod
    def outcome(mutation: Mutation) -> Any:
        given = lambda v: {"x ≥ 0": ge(v.x, 0), "y": eq(v.y, v.x * v.x)}  # noqa: E731
        claim = conclusion(lambda v: ge(v.y, 0))
        found = check(lemma("a.b", "", "x y", given, claim, mutation))
        assert found.verdict == PROVEN
        return found, found.mutations[0]

    def test_a_true_one_is_not_refuted(self) -> None:
        found, mutation = self.outcome(Mutation("true", claim=lambda v: {"": ge(v.y, -1)}))
        assert not mutation.refuted
        assert not found.ok

    def test_a_witness_must_violate_it(self) -> None:
        wrong = Mutation("w", claim=lambda v: {"": le(v.y, 0)}, witness={"x": 0.0, "y": 0.0})
        found, mutation = self.outcome(wrong)
        assert "does not violate" in mutation.note
        assert not found.ok

    def test_a_witness_must_obey_the_hypotheses(self) -> None:
        wrong = Mutation("w", claim=lambda v: {"": le(v.y, 0)}, witness={"x": 1.0, "y": 2.0})
        found, mutation = self.outcome(wrong)
        assert "does not obey: y" in mutation.note
        assert not found.ok

    def test_the_replay_must_agree(self) -> None:
        off = Reference(lambda v: {"y": v.y * 1.001})
        wrong = Mutation("w", claim=lambda v: {"": le(v.y, 0)}, fixed={"x": 1}, replay=off)
        found, mutation = self.outcome(wrong)
        assert mutation.refuted
        assert not mutation.reproduced
        assert mutation.note == "y is 1.001 in the replay, not 1"
        assert not found.ok

    def test_not_a_number_is_no_replay(self) -> None:
        off = Reference(lambda v: {"y": math.nan})
        wrong = Mutation("w", claim=lambda v: {"": le(v.y, 0)}, fixed={"x": 1}, replay=off)
        assert not self.outcome(wrong)[1].reproduced

    def test_what_is_dropped_must_be_there(self) -> None:
        with pytest.raises(ValueError, match=r"drop has 'x > 1' in a\.b; allowed: x ≥ 0; y"):
            self.outcome(Mutation("w", drop=("x > 1",)))

    def test_what_is_measured_must_be_there(self) -> None:
        wrong = Mutation(
            "w", claim=lambda v: {"": le(v.y, 0)}, replay=Reference(lambda v: {"z": 1})
        )
        with pytest.raises(ValueError, match="measures 'z'"):
            self.outcome(wrong)


def test_by_hand_is_said_to_be() -> None:
    found = check(by_hand("a.b", "statement", "argument"))
    assert (found.verdict, found.who, found.note, found.ok) == (BY_HAND, "hand", "argument", True)


def test_an_induction_speaks_of_the_next_step() -> None:
    rising = Invariant("n", lambda v: {"n ≥ 0": ge(v.n, 0)})
    less = Mutation("one more", claim=lambda v: {"": ge(v.n_next, 2)})
    up = rising.step(
        "a.up", "", "n_next", lambda v: {"n+1": eq(v.n_next, v.n + 1)}, mutated=(less,)
    )
    assert check(up).ok
    down = rising.step(
        "a.down", "", "n_next", lambda v: {"n-1": eq(v.n_next, v.n - 1)}, mutated=(less,)
    )
    assert check(down).verdict == FAILED


def test_scalars_that_are_not_declared_are_named() -> None:
    with pytest.raises(AttributeError, match="scalar 'z' is not declared; allowed: x, y"):
        Scalars({"x": 1, "y": 2}).z  # noqa: B018


@pytest.mark.parametrize("value", [1, 2, 3])
def test_maximum_and_minimum_are_those_of_numbers(value: int) -> None:
    def hold(relations: Any) -> bool:
        return all(relation.off() <= 0 for relation in relations.values())

    assert hold(maximum(value, "", 1, 3)) == (value == 3)
    assert hold(minimum(value, "", 1, 3)) == (value == 1)


def test_gram_is_positive_semidefiniteness() -> None:
    rng = np.random.default_rng(0)
    for dim in (1, 2, 3):
        for _ in range(50):
            matrix = rng.normal(size=(dim, dim))
            matrix = matrix + matrix.T
            definite = np.linalg.eigvalsh(matrix)[0] >= 0
            assert all(r.off() <= 0 for r in gram(*matrix).values()) == definite


def test_vectors_have_the_products() -> None:
    rows = np.random.default_rng(1).normal(size=(3, 2))  # rank 2: singular
    found = vectors(rows @ rows.T)
    assert found @ found.T == pytest.approx(rows @ rows.T, abs=1e-12)
    with pytest.raises(ValueError, match="gram has the eigenvalue -1"):
        vectors([[0.0, 1.0], [1.0, 0.0]])


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("from_zero", [False, True])
def test_prepared_steps_have_the_model_asked_for(beta: float, from_zero: bool) -> None:
    x, d = np.array([0.5, -0.25, 1.0]), np.array([0.3, 0.8, 0.0])
    how = made(beta, metric(3), 0.0, from_zero=from_zero)
    taken = step_with(how, x, d, 1.7)
    assert taken.state.grad_avg == pytest.approx(d, abs=1e-14)
    assert float(taken.info.value) == pytest.approx(1.7, abs=1e-13)
    assert taken.model(x) == pytest.approx(1.7, abs=1e-13)
    before = step_from(how, x, d, 1.0, 2.0, 3 * d)
    assert float(before.info.value) == pytest.approx(beta * 1.0 + (1 - beta) * 2.0, abs=1e-13)
