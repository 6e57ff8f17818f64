"""What a lemma, its mutations and a theorem are.

A lemma is small: hypotheses and a conclusion over a few real numbers, mostly inner products. It is
proven by a solver (`Solver`), by an identity (`Algebra`), by the sign of a derivative (`Calculus`),
or in words (`Hand`). A theorem names its lemmas; what one lemma takes from another, it says in the
label of a hypothesis: ``from NAME: …``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from theory.proofs.scalars import Relation, Statement, eq
from theory.statement import Statement as Formal

DERIVED = "derived here"
PROOF = "MoMo paper, proof of the convergence theorem"

FROM = "from "
"""How the label of a hypothesis begins that is another lemma's conclusion."""


Meaning = Callable[[Any, Any], Mapping[Any, Any]]
"""``(v, w) -> {scalar: expression}`` with v the scalars of a lemma, and w those of one it cites."""

Meanings = Mapping[tuple[str, str], Sequence[Meaning]]
"""What scalars mean, by the citing lemma and the cited one; names that agree need no word.

Several meanings are for several hypotheses, each of which needs one of them."""

FIRST, ZERO = "from the first sample", "from zero"
"""How an average begins: ``d_1 = g_1``, or ``d_0 = 0``."""

BEGINNINGS = (FIRST, ZERO)


NAME = re.compile(r"\b[a-z_]+\.[a-z_]+\b")


def names_in(label: str) -> tuple[str, ...]:
    """Return the lemmas that the label of a hypothesis names: those before the colon."""
    if not label.startswith(FROM):
        return ()
    return tuple(NAME.findall(label.removeprefix(FROM).partition(":")[0]))


@dataclass(frozen=True)
class Solver:
    """The negation has no solution in the reals (z3)."""

    who = "solver"


@dataclass(frozen=True)
class Algebra:
    """``right - left = Σ multiplier · hypothesis + Σ weight · square``, an identity.

    Checked in rational arithmetic, after equations that define a scalar are inserted. The
    multipliers of inequalities and the weights must be ``>= 0`` and no denominator may vanish
    under the hypotheses; that is left to the solver.

    Attributes
    ----------
    multipliers
        Hypotheses by label, with the multipliers; a hypothesis counts as ``right - left``.
    squares
        Pairs (weight, root).
    """

    multipliers: Callable[[Any], Mapping[str, Any]] = lambda v: {}
    squares: Callable[[Any], Sequence[tuple[Any, Any]]] = lambda v: ()

    who = "algebra"


@dataclass(frozen=True)
class Calculus:
    """A function of one positive scalar has its minimum 0 at a point: ``0 <= function`` is claimed.

    The derivative is checked by computer algebra and its sign by the solvers, for all positive
    values; that the sign of the derivative decides is the mean value theorem. In the claim the
    scalar ``log`` is the logarithm of the variable.

    Attributes
    ----------
    variable
        The scalar's name.
    function
        ``(v, log) -> expression``.
    derivative
        Its derivative, rational.
    at
        The minimiser, positive.
    """

    variable: str
    function: Callable[[Any, Callable[[Any], Any]], Any]
    derivative: Callable[[Any], Any]
    at: int

    who = "algebra"


@dataclass(frozen=True)
class Hand:
    """An argument in words, which no machine has checked."""

    argument: str

    who = "hand"


Measure = Callable[[Any], Mapping[str, float]]
"""Scalars of a counterexample, to the same scalars as measured on the points of the reference."""


@dataclass(frozen=True)
class Reference:
    """A counterexample is made of vectors, the reference takes its step, and all is measured."""

    measure: Measure

    who = "reference"


@dataclass(frozen=True)
class Arithmetic:
    """No step is involved: both sides are evaluated at the counterexample in rational numbers."""

    who = "arithmetic"


@dataclass(frozen=True)
class Mutation:
    """A slightly wrong statement, which must be refuted.

    Attributes
    ----------
    what
        What is wrong.
    claim
        The wrong conclusion; None where it stays and something is dropped.
    drop
        Labels of hypotheses that are left out.
    real
        What a counterexample must obey on top, so that vectors with these inner products exist.
    fixed
        Values at which the counterexample is looked for.
    witness
        A counterexample where the solver cannot look for one (logarithms): all values.
    replay
        How it is reproduced.
    """

    what: str
    claim: Statement | None = None
    drop: tuple[str, ...] = ()
    real: Statement = lambda v: {}
    fixed: Mapping[str, int | tuple[int, int]] = field(default_factory=dict)
    witness: Mapping[str, float] = field(default_factory=dict)
    replay: Reference | Arithmetic = field(default_factory=Arithmetic)

    def conclusion(self, lemma: Lemma) -> Statement:
        """Return the wrong conclusion, or the lemma's."""
        return lemma.claim if self.claim is None else self.claim


@dataclass(frozen=True)
class Invariant:
    """What an induction carries: a statement over the scalars of one step.

    The lemmas of base and step are made from it, so that they cannot speak of different things.

    Attributes
    ----------
    symbols
        Scalars, separated by spaces.
    holds
        The invariant.
    """

    symbols: str
    holds: Statement

    def base(
        self,
        name: str,
        statement: str,
        symbols: str,
        given: Statement,
        begins: tuple[str, ...] = BEGINNINGS,
        **options: Any,
    ) -> Lemma:
        """Return the lemma: the invariant holds at the start, which ``given`` describes.

        ``symbols`` are further ones; ``begins`` says for which beginnings of the average it is so.
        """
        names = f"{self.symbols} {symbols}"
        made = lemma(name, statement, names, given, self.holds, invariant=self, **options)
        return replace(made, begins=begins)

    def step(
        self, name: str, statement: str, symbols: str, given: Statement, **options: Any
    ) -> Lemma:
        """Return the lemma: what holds now holds after the step, which ``given`` describes.

        ``symbols`` are further ones; those of the step's end are called ``NAME_next``.
        """

        def hypotheses(v: Any) -> Mapping[str, Relation]:
            before = {f"induction: {label}": what for label, what in self.holds(v).items()}
            return {**before, **given(v)}

        def after(v: Any) -> Mapping[str, Relation]:
            return self.holds(v.next)

        return lemma(
            name,
            statement,
            f"{self.symbols} {symbols}",
            hypotheses,
            after,
            invariant=self,
            inductive=True,
            **options,
        )


@dataclass(frozen=True)
class Lemma:
    """A small formal statement.

    Attributes
    ----------
    name, statement, source
        An identifier ``topic.lemma``, the statement in the paper's symbols, and where it is from.
    symbols
        The real numbers it speaks of.
    given, claim
        Hypotheses and conclusion.
    by
        How it is proven.
    mutations
        Wrong versions; at least one, unless it is by hand.
    invariant, inductive, begins
        Which induction it belongs to, whether it is the step, and of a base for which beginnings of
        the average it is.
    """

    name: str
    statement: str
    source: str
    symbols: tuple[str, ...]
    given: Statement
    claim: Statement
    by: Solver | Algebra | Calculus | Hand
    mutations: tuple[Mutation, ...] = ()
    invariant: Invariant | None = None
    inductive: bool = False
    begins: tuple[str, ...] = ()


def lemma(
    name: str,
    statement: str,
    symbols: str,
    given: Statement,
    claim: Statement,
    *mutations: Mutation,
    by: Solver | Algebra | Calculus | Hand | None = None,
    source: str = DERIVED,
    invariant: Invariant | None = None,
    inductive: bool = False,
    mutated: tuple[Mutation, ...] = (),
) -> Lemma:
    """Return a lemma; ``symbols`` are separated by spaces."""
    names = tuple(dict.fromkeys(symbols.split()))
    proof = Solver() if by is None else by
    wrong = (*mutations, *mutated)
    return Lemma(name, statement, source, names, given, claim, proof, wrong, invariant, inductive)


def by_hand(name: str, statement: str, argument: str, source: str = DERIVED) -> Lemma:
    """Return a lemma that is argued in words."""
    return Lemma(name, statement, source, (), lambda v: {}, lambda v: {}, Hand(argument))


def conclusion(relation: Callable[[Any], Relation]) -> Statement:
    """Return a statement that is one relation."""
    return lambda v: {"conclusion": relation(v)}


def equal(left: Callable[[Any], Any], right: Callable[[Any], Any]) -> Statement:
    """Return the statement that two expressions are equal."""
    return conclusion(lambda v: eq(left(v), right(v)))


@dataclass(frozen=True)
class Induction:
    """An induction in a theorem: over what, the lemmas of the base, and that of the step."""

    over: str
    base: tuple[str, ...]
    step: str


@dataclass(frozen=True)
class Concluded:
    """Where a relation of a statement is concluded.

    Attributes
    ----------
    lemma
        The lemma whose conclusion it is.
    meaning
        ``(s, w) -> {scalar of the lemma: expression}``, with s the quantities of the statement and
        w the lemma's scalars; those of one name are the same.
    """

    lemma: str
    meaning: Meaning = lambda s, w: {}


@dataclass(frozen=True)
class Theorem:
    """A statement of the theory, and the lemmas that it is put together from.

    Attributes
    ----------
    formal
        The statement, where name, title, text, assumptions and source come from.
    lemmas
        Names, in the order of the proof.
    concludes
        For each relation of the statement, which lemma concludes it.
    assembly
        How the lemmas are put together.
    claims
        The claims of `theory.claims` that it proves, or is a part of the proof of.
    inductions
        Which of the lemmas make up inductions.
    kernel
        The statements of theory/rocq, ``file.name``, that together are the theorem.
    """

    formal: Formal
    lemmas: tuple[str, ...]
    concludes: Mapping[str, Concluded]
    assembly: str
    claims: tuple[str, ...]
    inductions: tuple[Induction, ...] = ()
    kernel: tuple[str, ...] = ()

    name = property(lambda self: str(self.formal.name))
    title = property(lambda self: str(self.formal.title))
    statement = property(lambda self: str(self.formal.text))
    assumptions = property(lambda self: tuple(self.formal.assumptions))
    source = property(lambda self: str(self.formal.source))


def theorem(
    statement: Formal,
    lemmas: tuple[str, ...],
    concludes: str | Concluded | Mapping[str, Concluded],
    assembly: str,
    claims: tuple[str, ...] | None = None,
    inductions: tuple[Induction, ...] = (),
    kernel: tuple[str, ...] = (),
) -> Theorem:
    """Return the theorem that a statement is true.

    ``concludes`` may be the name of the lemma, or one `Concluded`, where the statement is one
    relation; ``claims`` is the claim of the statement's name where it is None.
    """
    if isinstance(concludes, str):
        concludes = Concluded(concludes)
    if isinstance(concludes, Concluded):
        concludes = {"": concludes}
    return Theorem(
        formal=statement,
        lemmas=lemmas,
        concludes=concludes,
        assembly=assembly,
        claims=(statement.name,) if claims is None else claims,
        inductions=inductions,
        kernel=kernel,
    )
