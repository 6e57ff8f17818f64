"""Theorems from lemmas: whether everything is there, and whether every lemma holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from theory.assumptions import ASSUMPTIONS
from theory.kernel.outcomes import status
from theory.kernel.sources import File, read
from theory.proofs.base import Induction, Lemma, Meanings, Theorem, names_in
from theory.proofs.check import check
from theory.proofs.conclusions import beginnings, conclude, unstated
from theory.proofs.hypotheses import Lists, kind
from theory.proofs.identities import symbols
from theory.proofs.labels import objections
from theory.proofs.licenses import bases, cite
from theory.proofs.outcomes import Citation, LemmaOutcome, Outcome
from theory.proofs.scalars import Scalars
from theory.proofs.solve import Tally
from theory.theorems import LEMMAS, LISTS, MEANINGS, THEOREMS, find_theorems


@dataclass(frozen=True)
class Registry:
    """All that is to be proven: theorems and lemmas by name, meanings, and what is listed."""

    theorems: Mapping[str, Theorem]
    lemmas: Mapping[str, Lemma]
    meanings: Meanings
    lists: Lists


REGISTRY = Registry(THEOREMS, LEMMAS, MEANINGS, LISTS)


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
        _examine_induction(theorem, induction, lemmas)
        steps.discard(induction.step)
    if steps:
        raise ValueError(f"theorem {theorem.name} has steps without a base: {', '.join(steps)}")


def _examine_induction(theorem: Theorem, induction: Induction, lemmas: Mapping[str, Lemma]) -> None:
    """Check that an induction has a base for every beginning of its theorem, and names them all."""
    step = lemmas[induction.step]
    for name in induction.base:
        base = lemmas[name]
        if base.inductive or base.invariant is None or base.invariant is not step.invariant:
            raise ValueError(f"{name} is no base of {step.name}: another invariant, or none")
    if not induction.base or not step.inductive:
        raise ValueError(f"{step.name} is no induction: a base and a step are needed")
    for base in bases(step, lemmas):
        if base.name not in induction.base and set(base.begins) & set(beginnings(theorem)):
            raise ValueError(
                f"the induction of {step.name} in theorem {theorem.name} leaves out its base"
                f" {base.name}"
            )
    for start in beginnings(theorem):
        if not any(start in lemmas[name].begins for name in induction.base):
            raise ValueError(
                f"the induction of {step.name} has no base for an average {start}, as theorem"
                f" {theorem.name} has it; it has {', '.join(induction.base)}"
            )


def checked(name: str, registry: Registry = REGISTRY) -> LemmaOutcome:
    """Check a lemma, its labels and its citations: what a process does."""
    began, tally, lemma = time.perf_counter(), Tally(), registry.lemmas[name]
    outcome = check(lemma, tally=tally)
    mislabelled = objections(lemma, tally, ASSUMPTIONS)
    cited = cite(lemma, registry.lemmas, registry.meanings, registry.lists, tally)
    return replace(
        outcome,
        hypotheses=tuple(
            (str(label), kind(label)) for label in lemma.given(Scalars(symbols(lemma.symbols)))
        ),
        citations=cited,
        mislabelled=tuple(mislabelled),
        asked=tally.asked,
        agreed=tally.agreed,
        seconds=time.perf_counter() - began,
    )


def outcomes(names: Sequence[str], jobs: int, registry: Registry) -> Iterator[LemmaOutcome]:
    """Check lemmas in ``jobs`` processes; results come in the order of the names."""
    if jobs == 1:
        yield from (checked(name, registry) for name in names)
        return
    from joblib import Parallel, delayed

    yield from Parallel(n_jobs=jobs, return_as="generator", batch_size=8)(
        delayed(checked)(name) for name in names
    )


def concluded(theorem: Theorem, registry: Registry) -> tuple[tuple[Citation, ...], Tally]:
    """Compare a theorem's statement with what its lemmas conclude."""
    tally = Tally()
    return conclude(theorem, registry.lemmas, registry.meanings, registry.lists, tally), tally


def registered(name: str) -> tuple[tuple[Citation, ...], Tally]:
    """Return what is `concluded` of a registered theorem: what a process does."""
    return concluded(REGISTRY.theorems[name], REGISTRY)


def conclusions(
    theorems: Sequence[Theorem], jobs: int, registry: Registry
) -> list[tuple[tuple[Citation, ...], Tally]]:
    """Return what is `concluded` of theorems, compared in ``jobs`` processes."""
    if jobs == 1:
        return [concluded(theorem, registry) for theorem in theorems]
    from joblib import Parallel, delayed

    compared = Parallel(n_jobs=jobs)(delayed(registered)(theorem.name) for theorem in theorems)
    return list(compared)


def assembled(
    theorem: Theorem,
    done: Mapping[str, LemmaOutcome],
    files: Sequence[File] | None = None,
    registry: Registry = REGISTRY,
    compared: tuple[tuple[Citation, ...], Tally] | None = None,
) -> Outcome:
    """Return the theorem's outcome from those of its lemmas.

    ``files`` are those of theory/rocq; ``compared`` is what is `concluded`, if that is known.
    """
    found, tally = concluded(theorem, registry) if compared is None else compared
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
        concluded=found,
        unstated=tuple(unstated(theorem, registry.lemmas)),
        asked=tally.asked,
        agreed=tally.agreed,
    )


def prove(
    names: Sequence[str] = (),
    jobs: int = 1,
    on_lemma: Callable[[LemmaOutcome, int], None] | None = None,
    registry: Registry = REGISTRY,
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
    registry
        What is to be proven; another one than the default in one process only.

    Raises
    ------
    ValueError
        If a name is unknown, or a theorem is not complete.
    """
    theorems = find_theorems(names, registry.theorems)
    if jobs < 1:
        raise ValueError(f"jobs = {jobs}; allowed: at least 1")
    for theorem in theorems:
        examine(theorem, registry.lemmas)
    needed = list(dict.fromkeys(name for theorem in theorems for name in theorem.lemmas))
    done = {}
    for outcome in outcomes(needed, jobs, registry):
        done[outcome.name] = outcome
        if on_lemma is not None:
            on_lemma(outcome, len(needed))
    files = read()
    compared = conclusions(theorems, jobs, registry)
    return tuple(
        assembled(theorem, done, files, registry, one)
        for theorem, one in zip(theorems, compared, strict=True)
    )
