"""Theorems from lemmas: whether everything is there, and whether every lemma holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from theory.kernel.outcomes import status
from theory.kernel.sources import File, read
from theory.proofs.base import Lemma, Theorem, names_in
from theory.proofs.check import check
from theory.proofs.citations import citations
from theory.proofs.identities import symbols
from theory.proofs.outcomes import LemmaOutcome, Outcome
from theory.proofs.scalars import Scalars
from theory.theorems import LEMMAS, MEANINGS, find_theorems


def used(lemma: Lemma) -> tuple[str, ...]:
    """Return the lemmas whose conclusions are among the hypotheses of a lemma."""
    labels = lemma.given(Scalars(symbols(lemma.symbols)))
    return tuple(name for label in labels for name in names_in(label))


def examine(theorem: Theorem, lemmas: Mapping[str, Lemma]) -> None:
    """Check that a theorem names its lemmas in an order in which each uses earlier ones.

    And that every induction has its base and its step, made from one invariant.

    Raises
    ------
    ValueError
        If something is missing.
    """
    seen: list[str] = []
    for name in theorem.lemmas:
        if name not in lemmas:
            raise ValueError(f"theorem {theorem.name} names the lemma {name!r}, which is missing")
        if name in seen:
            raise ValueError(f"theorem {theorem.name} names the lemma {name!r} twice")
        for other in used(lemmas[name]):
            if other not in seen:
                raise ValueError(
                    f"{name} takes a hypothesis from {other!r}; allowed in theorem {theorem.name}:"
                    f" what comes before, {', '.join(seen) or 'nothing'}"
                )
        seen.append(name)
    steps = {name for name in seen if lemmas[name].inductive}
    for induction in theorem.inductions:
        for name in (*induction.base, induction.step):
            if name not in seen:
                raise ValueError(f"theorem {theorem.name} has the induction lemma {name!r} nowhere")
        step = lemmas[induction.step]
        for name in induction.base:
            base = lemmas[name]
            if base.inductive or base.invariant is None or base.invariant is not step.invariant:
                raise ValueError(f"{name} is no base of {step.name}: another invariant, or none")
        if not induction.base or not step.inductive:
            raise ValueError(f"{step.name} is no induction: a base and a step are needed")
        steps.discard(step.name)
    if steps:
        raise ValueError(f"theorem {theorem.name} has steps without a base: {', '.join(steps)}")


def checked(name: str) -> LemmaOutcome:
    """Check a registered lemma and its citations: what a process does."""
    began = time.perf_counter()
    outcome, cited = check(LEMMAS[name]), citations(LEMMAS[name], LEMMAS, MEANINGS)
    seconds = time.perf_counter() - began
    return replace(outcome, cites=len(cited), instances=sum(cited.values()), seconds=seconds)


def outcomes(names: Sequence[str], jobs: int) -> Iterator[LemmaOutcome]:
    """Check lemmas in ``jobs`` processes; results come in the order of the names."""
    if jobs == 1:
        yield from map(checked, names)
        return
    from joblib import Parallel, delayed

    yield from Parallel(n_jobs=jobs, return_as="generator", batch_size=8)(
        delayed(checked)(name) for name in names
    )


def assembled(
    theorem: Theorem, done: Mapping[str, LemmaOutcome], files: Sequence[File] | None = None
) -> Outcome:
    """Return the theorem's outcome from those of its lemmas; ``files`` are those of theory/rocq."""
    return Outcome(
        theorem=theorem.name,
        title=theorem.title,
        statement=theorem.statement,
        claims=theorem.claims,
        assumptions=theorem.assumptions,
        assembly=theorem.assembly,
        source=theorem.source,
        lemmas=tuple(done[name] for name in theorem.lemmas),
        kernel=theorem.kernel,
        by_kernel=status(theorem.kernel, files),
    )


def prove(
    names: Sequence[str] = (),
    jobs: int = 1,
    on_lemma: Callable[[LemmaOutcome, int], None] | None = None,
) -> tuple[Outcome, ...]:
    """Prove theorems, by name, or all: every lemma once, in ``jobs`` processes.

    Parameters
    ----------
    names
        Keys of `THEOREMS`; default: all.
    jobs
        How many processes; one is enough, all lemmas take a few seconds.
    on_lemma
        Called with every lemma's outcome as it comes, and how many there will be.

    Raises
    ------
    ValueError
        If a name is unknown, or a theorem is not complete.
    """
    theorems = find_theorems(names)
    if jobs < 1:
        raise ValueError(f"jobs = {jobs}; allowed: at least 1")
    for theorem in theorems:
        examine(theorem, LEMMAS)
    needed = list(dict.fromkeys(name for theorem in theorems for name in theorem.lemmas))
    done = {}
    for outcome in outcomes(needed, jobs):
        done[outcome.name] = outcome
        if on_lemma is not None:
            on_lemma(outcome, len(needed))
    files = read()
    return tuple(assembled(theorem, done, files) for theorem in theorems)
