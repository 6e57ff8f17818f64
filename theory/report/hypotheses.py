# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What theorems rest on: the kinds of hypotheses, the licences of citations, the two solvers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from theory.proofs.hypotheses import KINDS
from theory.proofs.outcomes import (
    ENTAILED,
    LISTED,
    REFUSED,
    TRUE,
    Citation,
    LemmaOutcome,
    Outcome,
)
from theory.report import markup
from theory.report.links import link


def distinct(outcomes: Iterable[Outcome]) -> list[LemmaOutcome]:
    """Return the lemmas of several theorems, each once."""
    return list({lemma.name: lemma for outcome in outcomes for lemma in outcome.lemmas}.values())


def citations(outcomes: Sequence[Outcome]) -> list[Citation]:
    """Return what lemmas and statements take from lemmas, each once."""
    cited = [one for lemma in distinct(outcomes) for one in lemma.citations]
    return cited + [one for outcome in outcomes for one in outcome.concluded]


def kinds(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Return how many hypotheses there are of each kind."""
    counted = Counter(kind for lemma in distinct(outcomes) for _, kind in lemma.hypotheses)
    return {kind: counted[kind] for kind in KINDS}


def licences(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Return how many hypotheses of cited lemmas hold for which reason."""
    counted = Counter(one.how for cited in citations(outcomes) for one in cited.licences)
    return {how: counted[how] for how in (ENTAILED, TRUE, LISTED, REFUSED)}


def questions(outcomes: Sequence[Outcome]) -> tuple[int, int]:
    """Return how many times z3 has said that something is impossible, and how many times both."""
    parts: list[LemmaOutcome | Outcome] = [*distinct(outcomes), *outcomes]
    return sum(part.asked for part in parts), sum(part.agreed for part in parts)


def words(outcomes: Sequence[Outcome]) -> dict[str, list[str]]:
    """Return what is in words: reasons, each with the hypotheses that rest on it."""
    found: dict[str, list[str]] = {}
    for cited in citations(outcomes):
        if not cited.source and cited.reason:
            found.setdefault(cited.reason, []).append(f"“{cited.label}”")
        for one in cited.licences:
            if one.how == LISTED:
                where = f"“{one.label}” of {one.lemma}"
                held = found.setdefault(one.reason, [])
                if where not in held:
                    held.append(where)
    return found


def sentence(outcomes: Sequence[Outcome]) -> str:
    """Return in words what the theorems rest on, with numbers."""
    cited, held = citations(outcomes), licences(outcomes)
    without = sum(not one.source for one in cited)
    asked, agreed = questions(outcomes)
    said = (
        f"Hypotheses: {_counted(kinds(outcomes))}. Of {len(cited)} citations"
        f" {len(cited) - without} are instances of what is concluded there, the others stand on a"
        f" list with reasons. What the cited lemmas need: {held[ENTAILED]} hypotheses follow where"
        f" they are cited, {held[TRUE]} are true by their kind, {held[LISTED]} stand on the list"
    )
    said += f", {held[REFUSED]} do not follow." if held[REFUSED] else "."
    if agreed == asked:
        return f"{said} z3 and cvc5 agree on all {asked} questions."
    return f"{said} z3 and cvc5 agree on {agreed} of {asked} questions."


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)


def lines(outcome: Outcome) -> tuple[tuple[str, str], ...]:
    """Return what one theorem rests on, as pairs of a heading and a text, for the terminal."""
    said = "\n".join(f"{', '.join(where)}: {reason}" for reason, where in words([outcome]).items())
    held = {how: count for how, count in licences([outcome]).items() if count}
    asked, agreed = questions([outcome])
    return (
        ("hypotheses", _counted(kinds([outcome]))),
        ("of the cited", _counted(held)),
        ("in words", said),
        ("joined in words", ", ".join(outcome.apart)),
        ("both solvers", f"{agreed} of {asked} questions"),
    )


def section(outcomes: Sequence[Outcome]) -> str:
    """Return the numbers as a part of the HTML report: a table, and what is in words."""
    headers = ("theorem", *KINDS, ENTAILED, TRUE, LISTED, "joined in words", "both solvers")
    rows = []
    for outcome in outcomes:
        counts, held = kinds([outcome]), licences([outcome])
        asked, agreed = questions([outcome])
        numbers = (*counts.values(), held[ENTAILED], held[TRUE], held[LISTED], len(outcome.apart))
        shown = (*(str(number) for number in numbers), f"{agreed}/{asked}")
        rows.append((link("theorem", outcome.theorem), *shown))
    said = "".join(
        f"<li>{markup.indexed(', '.join(where))}: {markup.indexed(reason)}</li>"
        for reason, where in words(outcomes).items()
    )
    return (
        f"<p>{escape(sentence(outcomes))}</p>\n"
        f"{markup.table(headers, rows, ('', *['number'] * (len(headers) - 1)))}\n"
        f"<details><summary>In words</summary><ul>{said}</ul></details>"
    )
