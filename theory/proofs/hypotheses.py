"""Where the hypotheses of a lemma come from: each label carries its kind.

A label is a text, and is used as one; its kind says why the hypothesis may be made, and what has to
be shown where the lemma is cited. A plain text is of the kind `WORDS`: nothing backs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CITED, INDUCTION = "cited", "induction"
"""Another lemma's conclusion, ``from NAME: …``; and what an induction carries."""

DEFINITION = "definition"
"""An equation that says what one scalar is, by the method or for short: it excludes nothing."""

ASSUMPTION = "assumption"
"""An instance of an assumption that the theorem states."""

CONVEXITY = "convexity"
"""The subgradient inequality between named points."""

GEOMETRY = "geometry"
"""True of the inner products of any vectors: Cauchy-Schwarz, a square that is not negative."""

CASE = "case"
"""The case that the lemma is for, or a choice of a free number: to be shown where it is cited."""

WORDS = "words"
"""In words only."""

KINDS = (CITED, INDUCTION, DEFINITION, ASSUMPTION, CONVEXITY, GEOMETRY, CASE, WORDS)


class Label(str):
    """The label of a hypothesis; equal to its text.

    Attributes
    ----------
    kind
        One of `KINDS`.
    of
        What backs it: the name of the assumption, or the points of a subgradient inequality.
    """

    kind: str
    of: tuple[str, ...]

    def __new__(cls, text: str, kind: str, of: tuple[str, ...] = ()) -> Label:
        """Return the label."""
        label = super().__new__(cls, text)
        label.kind, label.of = kind, of
        return label

    def __getnewargs__(self) -> tuple[str, str, tuple[str, ...]]:  # type: ignore[override]
        """Return what a copy is made of."""
        return str(self), self.kind, self.of


def definition(text: str) -> Label:
    """Return the label of what a scalar is: by the method, or as an abbreviation."""
    return Label(text, DEFINITION)


def assumed(assumption: str, text: str) -> Label:
    """Return the label of an instance of an assumption, by its name in `theory.assumptions`."""
    return Label(text, ASSUMPTION, (assumption,))


def convex(at: str, seen_from: str, text: str) -> Label:
    """Return the label of ``f(at) >= f(seen_from) + <g(seen_from), at - seen_from>``."""
    return Label(text, CONVEXITY, (at, seen_from))


def geometry(text: str) -> Label:
    """Return the label of what holds for the inner products of any vectors."""
    return Label(text, GEOMETRY)


def case(text: str) -> Label:
    """Return the label of a restriction: the case of the lemma, or the choice of a free number."""
    return Label(text, CASE)


def kind(label: str) -> str:
    """Return the kind of a label; ``from …`` and ``induction: …`` say theirs by their beginning."""
    if label.startswith("from "):
        return CITED
    if label.startswith("induction: "):
        return INDUCTION
    return label.kind if isinstance(label, Label) else WORDS


Words = Mapping[tuple[str, str, str], str]
"""Why a hypothesis of a cited lemma holds, in words; see `Lists`."""

NotInstances = Mapping[tuple[str, str], str]
"""Why a hypothesis may be no instance of what it names, in words; see `Lists`."""


@dataclass(frozen=True)
class Lists:
    """What no machine shows, with reasons: it is counted and printed.

    Attributes
    ----------
    words
        Hypotheses of cited lemmas, by the citing lemma, the cited one and the label, each of which
        may be a pattern: ``rate.*``.
    not_instances
        Hypotheses ``from NAME`` that are no instance of what NAME concludes, by lemma and label.
    """

    words: Words = field(default_factory=dict)
    not_instances: NotInstances = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a reason for whatever it may be.

        Raises
        ------
        ValueError
            If neither the cited lemma nor the label is named.
        """
        for who, whom, what in self.words:
            if not what.strip("*") and whom.rpartition(".")[2].startswith("*"):
                raise ValueError(
                    f"words has {(who, whom, what)}; allowed: a lemma or a label that is named"
                )
