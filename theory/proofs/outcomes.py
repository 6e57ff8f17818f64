"""What comes out of checking lemmas and theorems; all of it can be sent between processes."""

from __future__ import annotations

from dataclasses import dataclass, field

from theory.kernel import outcomes as kernel

PROVEN, BY_HAND, FAILED, UNKNOWN = "proven", "by hand", "FAILED", "UNKNOWN"
"""Verdicts on lemmas; the first two are good."""

PARTLY = "proven, part by hand"
"""The verdict on a theorem of whose lemmas some are by hand and all others proven."""

KERNEL = "proven, by the kernel"
"""The verdict on a theorem that the proof kernel has checked as a whole: nothing is in words."""


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
    cites, instances
        How many hypotheses are taken from other lemmas, and how many of these were found to be
        instances of their conclusions.
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
    cites: int = 0
    instances: int = 0
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
    """What became of a theorem and of its lemmas.

    Beside what the theorem says: ``kernel`` names its statements in theory/rocq, and ``by_kernel``
    is what the proof kernel says of them, as `theory.kernel.outcomes.status` returns it.
    """

    theorem: str
    title: str
    statement: str
    claims: tuple[str, ...]
    assumptions: tuple[str, ...]
    assembly: str
    source: str
    lemmas: tuple[LemmaOutcome, ...]
    kernel: tuple[str, ...] = ()
    by_kernel: str = ""

    @property
    def ok(self) -> bool:
        """Whether all its lemmas are, and the kernel has nothing against it."""
        lemmas = bool(self.lemmas) and all(lemma.ok for lemma in self.lemmas)
        return lemmas and self.by_kernel != kernel.FAILED

    @property
    def verdict(self) -> str:
        """What is wrong; or `KERNEL`, or `PROVEN` if nothing is left to hand, else `PARTLY`."""
        if not self.ok:
            unknown = any(lemma.verdict == UNKNOWN for lemma in self.lemmas)
            return UNKNOWN if unknown else FAILED
        if self.by_kernel == kernel.CHECKED:
            return KERNEL
        return PARTLY if self.count("hand") else PROVEN

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
