"""What a lemma, its mutations and a theorem are, and what comes out of checking them.

A lemma is small: hypotheses and a conclusion over a few real numbers, mostly inner products. It is
proven by a solver (`Solver`), by an identity (`Algebra`), by the sign of a derivative (`Calculus`),
or in words (`Hand`). A theorem names its lemmas; what one lemma takes from another, it says in the
label of a hypothesis: ``from NAME: …``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from theory.proofs.scalars import Relation, Statement, eq

DERIVED = "derived here"
PROOF = "MoMo paper, proof of the convergence theorem"

PROVEN, BY_HAND, FAILED, UNKNOWN = "proven", "by hand", "FAILED", "UNKNOWN"
"""Verdicts on lemmas; the first two are good."""

FROM = "from "
"""How the label of a hypothesis begins that is another lemma's conclusion."""


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
    """A function of one scalar increases, or has its minimum 0 at a point.

    The derivative is checked by computer algebra and its sign by the solver; that the sign of the
    derivative decides is the mean value theorem.

    Attributes
    ----------
    variable
        The scalar's name.
    function
        ``(v, log) -> expression``.
    derivative
        Its derivative, rational.
    at
        The minimiser; None where the function is claimed to increase.
    """

    variable: str
    function: Callable[[Any, Callable[[Any], Any]], Any]
    derivative: Callable[[Any], Any]
    at: int | None = None

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
        self, name: str, statement: str, symbols: str, given: Statement, **options: Any
    ) -> Lemma:
        """Return the lemma: the invariant holds at the start, which ``given`` describes.

        ``symbols`` are further ones.
        """
        names = f"{self.symbols} {symbols}"
        return lemma(name, statement, names, given, self.holds, invariant=self, **options)

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
    invariant, inductive
        Which induction it belongs to, and whether it is the step.
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
class Theorem:
    """A statement of the theory, and the lemmas that it is put together from.

    Attributes
    ----------
    name, title, statement
        As in `theory.claims.base.Claim`.
    claims
        The claims of `theory.claims` that it proves, or is a part of the proof of.
    assumptions
        What is assumed, in words.
    lemmas
        Names, in the order of the proof.
    inductions
        Which of them make up inductions.
    assembly
        How the lemmas are put together.
    """

    name: str
    title: str
    statement: str
    claims: tuple[str, ...]
    assumptions: tuple[str, ...]
    lemmas: tuple[str, ...]
    assembly: str
    inductions: tuple[Induction, ...] = ()
    source: str = DERIVED


@dataclass(frozen=True)
class MutationOutcome:
    """What became of a mutation.

    Attributes
    ----------
    what, replay
        What is wrong in it, and how it is reproduced: by "reference" or "arithmetic".
    refuted, reproduced
        Whether there is a counterexample, and whether the replay shows it.
    counterexample
        The scalars.
    predicted, measured
        By how much it violates the mutated statement, and by how much the replay does.
    note
        Why not, where not.
    """

    what: str
    replay: str
    refuted: bool
    reproduced: bool
    counterexample: tuple[tuple[str, float], ...] = ()
    predicted: float = float("nan")
    measured: float = float("nan")
    note: str = ""


@dataclass(frozen=True)
class LemmaOutcome:
    """What became of a lemma.

    Attributes
    ----------
    name, statement, source, who
        Of the lemma; who proves it: "solver", "algebra" or "hand".
    verdict
        `PROVEN`, `BY_HAND`, `FAILED` or `UNKNOWN`.
    consistent
        Whether the hypotheses can be satisfied at all; None where it is by hand.
    mutations
        What became of each.
    note
        The argument where it is by hand; else why it failed.
    seconds
        How long it took.
    """

    name: str
    statement: str
    source: str
    who: str
    verdict: str
    consistent: bool | None
    mutations: tuple[MutationOutcome, ...] = ()
    note: str = ""
    seconds: float = field(default=0.0, compare=False)

    @property
    def ok(self) -> bool:
        """Whether it is proven, not vacuous, and every mutation was refuted and reproduced."""
        if self.verdict == BY_HAND:
            return True
        seen = bool(self.mutations) and all(m.refuted and m.reproduced for m in self.mutations)
        return self.verdict == PROVEN and self.consistent is True and seen


@dataclass(frozen=True)
class Outcome:
    """What became of a theorem and of its lemmas."""

    theorem: str
    title: str
    statement: str
    claims: tuple[str, ...]
    assumptions: tuple[str, ...]
    assembly: str
    source: str
    lemmas: tuple[LemmaOutcome, ...]

    @property
    def ok(self) -> bool:
        """Whether all its lemmas are."""
        return bool(self.lemmas) and all(lemma.ok for lemma in self.lemmas)

    @property
    def verdict(self) -> str:
        """`PROVEN` if nothing is left to hand, `BY_HAND` if something is, or what is wrong."""
        if not self.ok:
            unknown = any(lemma.verdict == UNKNOWN for lemma in self.lemmas)
            return UNKNOWN if unknown else FAILED
        return BY_HAND if self.count("hand") else PROVEN

    def count(self, who: str) -> int:
        """Return how many lemmas are proven by "solver", "algebra" or "hand"."""
        return sum(lemma.who == who for lemma in self.lemmas)

    @property
    def mutations(self) -> tuple[MutationOutcome, ...]:
        """Those of all lemmas."""
        return tuple(mutation for lemma in self.lemmas for mutation in lemma.mutations)

    @property
    def seconds(self) -> float:
        """The time of all lemmas, as if each were used here alone."""
        return sum(lemma.seconds for lemma in self.lemmas)
