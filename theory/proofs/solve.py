"""The solvers: whether a statement over the reals is true, and if not, where it fails.

z3 is asked first. Where it says that something is impossible, which is what every proof rests on,
cvc5 has to say so too: an answer on which they differ is no proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

from theory.proofs.scalars import Relation, Scalars
from theory.proofs.second import second_opinion

EFFORT = 20_000_000
"""The solver's own unit of work, after which it gives up: the same on every machine."""

SECONDS = 60
"""A guard against what that unit does not count."""

LARGEST, LEAST = 16, Fraction(1, 1000)
"""In a counterexample no value is larger in size, and no violation smaller: none is rounding."""


@dataclass
class Tally:
    """How many questions z3 has answered with "unsat", and how many of these cvc5 too."""

    asked: int = 0
    agreed: int = 0


class Reals:
    """Real variables, and questions about them.

    They have a context of their own, so that answers do not depend on what was asked before.

    Attributes
    ----------
    v
        The variables, as attributes.
    tally
        Where the questions are counted on which a proof rests.
    """

    def __init__(
        self, names: Iterable[str], effort: int = EFFORT, tally: Tally | None = None
    ) -> None:
        self.tally = Tally() if tally is None else tally
        self._context = z3.Context()
        self._effort = effort
        self._symbols = {name: z3.Real(name, self._context) for name in names}
        self.v = Scalars(self._symbols)

    @property
    def variables(self) -> Mapping[str, Any]:
        """The variables by name."""
        return self._symbols

    def variable(self, name: str) -> Any:
        """Return the variable of this name."""
        return self._symbols[name]

    def consistent(self, given: Iterable[Relation]) -> str:
        """Return "sat" if relations can hold at once, "unsat" if not, or "unknown"."""
        return str(self._solver(given).check())

    def entailed(self, given: Iterable[Relation], claim: Relation) -> str:
        """Return "unsat" if the claim follows: its negation has no solution, say both solvers."""
        solver = self._solver(given)
        solver.add(z3.Not(self._formula(claim), self._context))
        return self._impossible(solver)

    def nonzero(self, given: Iterable[Relation], value: Any) -> str:
        """Return "unsat" if an expression cannot vanish, say both solvers."""
        return self._impossible(self._solver([*given, Relation(value, "==", 0)]))

    def _impossible(self, solver: Any) -> str:
        """Return "unsat" if both solvers say so; else z3's answer, or what they differ on."""
        answer = str(solver.check())
        if answer != "unsat":
            return answer
        self.tally.asked += 1
        other = second_opinion(solver.to_smt2())
        if other != answer:
            return f"{other} by cvc5, {answer} by z3"
        self.tally.agreed += 1
        return answer

    def counterexample(
        self,
        given: Iterable[Relation],
        claims: Iterable[Relation],
        fixed: Mapping[str, Fraction],
    ) -> dict[str, Fraction] | None:
        """Return values that obey ``given`` and clearly violate one of the claims, or None.

        Clearly: see `LARGEST`. Irrational values are rounded to 30 digits.
        """
        solver = self._solver(given)
        for name, symbol in self._symbols.items():
            solver.add(symbol >= -LARGEST, symbol <= LARGEST)
            if name in fixed:
                solver.add(symbol == self._constant(fixed[name]))
        bound = self._constant(LEAST)
        violated = []
        for claim in claims:
            violated.append(claim.violation >= bound)
            if claim.sense == "==":
                violated.append(-claim.violation >= bound)
        solver.add(z3.Or(*violated))
        if str(solver.check()) != "sat":
            return None
        model = solver.model()
        return {
            name: _fraction(model.eval(symbol, model_completion=True))
            for name, symbol in self._symbols.items()
        }

    def _solver(self, given: Iterable[Relation]) -> Any:
        solver = z3.SolverFor("QF_NRA", ctx=self._context)
        solver.set("rlimit", self._effort)
        solver.set("timeout", 1000 * SECONDS)
        solver.add(*map(self._formula, given))
        return solver

    def _formula(self, relation: Relation) -> Any:
        left, right = relation.left, relation.right
        if relation.sense == "==":
            holds = left == right
        else:
            holds = left < right if relation.sense == "<" else left <= right
        return z3.BoolVal(holds, self._context) if isinstance(holds, bool) else holds

    def _constant(self, value: Fraction) -> Any:
        return z3.RealVal(str(value), self._context)


def _fraction(value: Any) -> Fraction:
    if z3.is_algebraic_value(value):
        value = value.approx(30)
    return Fraction(value.numerator_as_long(), value.denominator_as_long())
