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


TRUE, ENTAILED, LISTED, REFUSED = "true by its kind", "follows", "on the list", "REFUSED"
"""Why a hypothesis of a cited lemma may be taken for granted; `REFUSED`: it may not."""


@dataclass(frozen=True)
class Licence:
    """Why a hypothesis of a cited lemma holds where it is cited.

    Attributes
    ----------
    lemma, label, kind
        The lemma whose hypothesis it is: the cited one, or a base of its induction.
    how
        `TRUE`, `ENTAILED`, `LISTED` or `REFUSED`.
    reason
        What the list says.
    """

    lemma: str
    label: str
    kind: str
    how: str
    reason: str = ""


@dataclass(frozen=True)
class Citation:
    """A hypothesis that is taken from another lemma.

    Attributes
    ----------
    label
        The hypothesis.
    source
        The lemma of whose conclusion it is an instance; empty where there is none.
    licences
        One for each hypothesis of that lemma, and of the bases of its induction.
    reason
        Where it is no instance: why it may stand, as the list says.
    """

    label: str
    source: str = ""
    licences: tuple[Licence, ...] = ()
    reason: str = ""

    @property
    def objections(self) -> tuple[str, ...]:
        """What is wrong."""
        if not self.source:
            return () if self.reason else (f"“{self.label}” is concluded by none of these lemmas",)
        return tuple(
            f"“{self.label}” needs “{one.label}” of {one.lemma}, which does not follow here"
            for one in self.licences
            if one.how == REFUSED
        )


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
    hypotheses
        The kind of each hypothesis (`theory.proofs.hypotheses.KINDS`), by its label.
    citations
        What becomes of those that are taken from other lemmas.
    mislabelled
        Which labels do not hold what they say, and why.
    asked, agreed
        How many questions z3 has answered with "this is impossible", and how many of them cvc5 too.
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
    hypotheses: tuple[tuple[str, str], ...] = ()
    citations: tuple[Citation, ...] = ()
    mislabelled: tuple[str, ...] = ()
    asked: int = 0
    agreed: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def objections(self) -> tuple[str, ...]:
        """What is wrong with its hypotheses: their labels, and what is taken from other lemmas."""
        cited = (objection for one in self.citations for objection in one.objections)
        return (*self.mislabelled, *cited)

    @property
    def ok(self) -> bool:
        """Whether it is proven, not vacuous, and every mutation was refuted and reproduced.

        And whether its hypotheses may be made: see ``objections``.
        """
        if self.objections:
            return False
        if self.verdict == BY_HAND:
            return True
        seen = bool(self.mutations) and all(m.refuted and m.reproduced for m in self.mutations)
        return self.verdict == PROVEN and self.consistent is True and seen


@dataclass(frozen=True)
class Outcome:
    """What became of a theorem and of its lemmas.

    Beside what the theorem says: ``kernel`` names its statements in theory/rocq, and ``by_kernel``
    is what the proof kernel says of them, as `theory.kernel.outcomes.status` returns it;
    ``concluded`` says of each relation of the statement which lemma concludes it and what becomes
    of that one's hypotheses, ``unstated`` what lemmas assume and the statement does not; ``asked``
    and ``agreed`` count the questions to both solvers, as those of a lemma do.
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
    concluded: tuple[Citation, ...] = ()
    unstated: tuple[str, ...] = ()
    asked: int = 0
    agreed: int = 0

    @property
    def objections(self) -> tuple[str, ...]:
        """What is wrong with the statement: how it is concluded, and what it does not state."""
        return (*(what for one in self.concluded for what in one.objections), *self.unstated)

    @property
    def ok(self) -> bool:
        """Whether all its lemmas are, the statement follows, and the kernel has no objections."""
        lemmas = bool(self.lemmas) and all(lemma.ok for lemma in self.lemmas)
        return lemmas and not self.objections and self.by_kernel != kernel.FAILED

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Those of all lemmas, and of the statement."""
        return (*(one for lemma in self.lemmas for one in lemma.citations), *self.concluded)

    @property
    def apart(self) -> tuple[str, ...]:
        """The lemmas that no citation leads to from the statement: words join them to the others.

        Empty where the statement is concluded by no lemma.
        """
        by_name = {lemma.name: lemma for lemma in self.lemmas}
        left = [one for one in self.concluded if one.source]
        reached: set[str] = set()
        while left:
            one = left.pop()
            for name in {one.source, *(licence.lemma for licence in one.licences)} - reached:
                reached.add(name)
                left += by_name[name].citations if name in by_name else ()
        return tuple(name for name in by_name if reached and name not in reached)

    @property
    def licences(self) -> tuple[Licence, ...]:
        """Those of all citations."""
        return tuple(licence for one in self.citations for licence in one.licences)

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
