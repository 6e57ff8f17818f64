# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Proofs in the terminal and in the HTML report."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from html import escape

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from theory.kernel.outcomes import CHECKED, UNCHECKED
from theory.kernel.outcomes import FAILED as REFUSED
from theory.proofs.outcomes import (
    BY_HAND,
    FAILED,
    KERNEL,
    PARTLY,
    PROVEN,
    UNKNOWN,
    LemmaOutcome,
    MutationOutcome,
    Outcome,
)
from theory.report import hypotheses, markup, summary
from theory.report.links import heading, link, mark
from theory.report.terminal import make_table

STYLES = {
    KERNEL: "green",
    PROVEN: "green",
    PARTLY: "green",
    BY_HAND: "yellow",
    FAILED: "bold red",
    UNKNOWN: "bold red",
}
TONES = {
    KERNEL: "good",
    PROVEN: "good",
    PARTLY: "good",
    BY_HAND: "open",
    FAILED: "bad",
    UNKNOWN: "bad",
}

LEGEND = (
    "kernel: whether Coq has checked the whole theorem (`make rocq`). by: lemmas proven by the"
    " solver, by algebra, and argued by hand. wrong, below it: mutated statements refuted by a"
    " counterexample, of all; and how many of them a step of the reference refutes."
)


class Progress:
    """Shows how far a proof has come; a line every few seconds where there is no terminal.

    Give it to `theory.proofs.assemble.prove` as ``on_lemma``.
    """

    def __init__(self, console: Console, every: float = 5.0) -> None:
        self.console, self.every = console, every
        self.done, self.shown = 0, time.monotonic()

    def __call__(self, outcome: LemmaOutcome, total: int) -> None:
        """Take in that a lemma has been checked."""
        self.done += 1
        line = f"{self.done}/{total} lemmas: {outcome.name}"
        if self.console.is_terminal:
            end = "\n" if self.done == total else "\r"
            self.console.print(f"{line:<60}", end=end, markup=False, highlight=False)
        elif time.monotonic() - self.shown >= self.every or self.done == total:
            self.shown = time.monotonic()
            self.console.print(line, markup=False, highlight=False)


def verdict(outcomes: Sequence[Outcome]) -> str:
    """Return the verdict, and no more."""
    bad = [outcome.theorem for outcome in outcomes if not outcome.ok]
    wrong = {m.what for lemma in hypotheses.distinct(outcomes) for m in lemma.mutations}
    if bad:
        return f"NOT PROVEN: {', '.join(bad)}"
    ending = "and their wrong versions refuted" if wrong else ""
    return f"OK: {len(outcomes)} theorems are proven {ending}".rstrip()


def headline(outcomes: Sequence[Outcome]) -> str:
    """Return the verdict in a sentence, with what it rests on."""
    bad = [outcome.theorem for outcome in outcomes if not outcome.ok]
    parts = hypotheses.distinct(outcomes)
    kinds = ", ".join(
        f"{sum(lemma.who == who for lemma in parts)} {label}"
        for who, label in (("solver", "by solver"), ("algebra", "by algebra"), ("hand", "by hand"))
    )
    wrong = [mutation for lemma in parts for mutation in lemma.mutations]
    shown = sum(mutation.reproduced for mutation in wrong)
    stepped = sum(m.reproduced and m.replay == "reference" for m in wrong)
    counts = (
        f"{len(parts)} lemmas ({kinds}); {shown} of {len(wrong)} wrong statements refuted and"
        f" reproduced, {stepped} of them by steps of the reference."
    )
    counts += f" {hypotheses.sentence(outcomes)} {by_kernel(outcomes)}"
    if bad:
        return f"NOT PROVEN: {', '.join(bad)}. {counts}"
    return f"OK: all {len(outcomes)} theorems are proven. {counts}"


def by_kernel(outcomes: Sequence[Outcome]) -> str:
    """Return in a sentence what the proof kernel says."""
    stated = [outcome for outcome in outcomes if outcome.kernel]
    refused = sum(outcome.by_kernel == REFUSED for outcome in stated)
    if refused:
        return f"Coq's kernel has objections to {refused} of them (`make rocq`)."
    checked = sum(outcome.by_kernel == CHECKED for outcome in stated)
    if checked == len(stated) == len(outcomes):
        return "Coq's kernel has checked each as a whole, as theory/rocq states it."
    if checked:
        return f"Coq's kernel has checked {checked} of them as a whole, as theory/rocq states them."
    return f"By Coq's kernel: {UNCHECKED} (`make rocq`)."


def kernel_word(outcome: Outcome) -> str:
    """Return what the proof kernel says of a theorem; "–" where it is not stated for it."""
    return outcome.by_kernel or "–"


def objections(outcomes: Sequence[Outcome]) -> list[str]:
    """Return what is wrong, a line each."""
    found = [
        f"{outcome.theorem}: the kernel has objections to {', '.join(outcome.kernel)} (`make rocq`)"
        for outcome in outcomes
        if outcome.by_kernel == REFUSED
    ]
    found += [f"{outcome.theorem}: {what}" for outcome in outcomes for what in outcome.objections]
    for lemma in hypotheses.distinct(outcomes):
        found += [f"{lemma.name}: {what}" for what in lemma.objections]
        failed = lemma.verdict in (FAILED, UNKNOWN) or not (lemma.ok or lemma.objections)
        if failed and (lemma.note or lemma.verdict in (FAILED, UNKNOWN)):
            found.append(f"{lemma.name}: {lemma.verdict}; {lemma.note}".removesuffix("; "))
        for mutation in lemma.mutations:
            if not (mutation.refuted and mutation.reproduced):
                word = "not reproduced" if mutation.refuted else "not refuted"
                found.append(f"{lemma.name}, mutation “{mutation.what}”: {word}; {mutation.note}")
    return found


def counts(outcome: Outcome) -> str:
    """Return who proves how many lemmas."""
    return " + ".join(str(outcome.count(who)) for who in ("solver", "algebra", "hand"))


def refuted(outcome: Outcome) -> tuple[str, str]:
    """Return how many mutations were refuted and reproduced, and how many by the reference."""
    wrong = outcome.mutations
    good = [mutation for mutation in wrong if mutation.refuted and mutation.reproduced]
    return f"{len(good)}/{len(wrong)}", str(sum(m.replay == "reference" for m in good))


def table(outcomes: Sequence[Outcome]) -> Table:
    """Return the theorems as a table for the terminal."""
    made = make_table(
        "Theorems: kernel, or solver + algebra + hand",
        *("theorem", "verdict", "kernel", "by, wrong", "time"),
        right=("by, wrong", "time"),
    )
    made.expand, made.columns[0].ratio = True, 1
    # No name is broken: the other columns leave room for one of 25 letters at 80 columns.
    made.columns[0].min_width = max(len(outcome.theorem) for outcome in outcomes)
    for outcome in outcomes:
        all_, stepped = refuted(outcome)
        made.add_row(
            Text.assemble(
                (outcome.title, "bold"), (f"\n{outcome.theorem}", "dim"), "\n", outcome.statement
            ),
            Text(outcome.verdict.replace(", ", ",\n"), style=STYLES[outcome.verdict]),
            kernel_word(outcome).replace("not checked on this machine", "not checked\nhere"),
            Text.assemble(counts(outcome), "\n", all_, "\n", (f"{stepped} by steps", "dim")),
            f"{outcome.seconds:.2f} s",
        )
    made.caption, made.caption_justify, made.caption_style = LEGEND, "left", "dim"
    return made


def details(outcome: Outcome) -> RenderableType:
    """Return one theorem with its assumptions and lemmas, for the terminal."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for label, value in (
        ("statement", outcome.statement),
        ("source", outcome.source),
        ("assumed", "\n".join(outcome.assumptions)),
        ("claims", ", ".join(outcome.claims)),
        ("kernel", f"{kernel_word(outcome)}: {', '.join(outcome.kernel)}".removesuffix(": ")),
        ("put together", outcome.assembly),
        *hypotheses.lines(outcome),
    ):
        grid.add_row(label, Text(value))
    made = make_table("Lemmas", "lemma", "by", "", "wrong statements, and by how much they fail")
    for index, ratio in ((0, 3), (3, 2)):
        made.columns[index].ratio = ratio
    made.expand = True
    for lemma in outcome.lemmas:
        wrong = Text("\n").join(Text(_mutation(mutation)) for mutation in lemma.mutations)
        made.add_row(
            Text.assemble((lemma.name, "bold"), "\n", lemma.statement),
            lemma.who,
            Text(lemma.verdict, style=STYLES[lemma.verdict]),
            wrong if lemma.mutations else Text(lemma.note, style="dim"),
        )
    title = Text(f"{outcome.title}  ({outcome.theorem})", style="bold")
    return Group(title, Padding(grid, (0, 0, 1, 2)), made)


def _mutation(mutation: MutationOutcome) -> str:
    if not (mutation.refuted and mutation.reproduced):
        return f"✗ {mutation.what}: {mutation.note}"
    how = "a step" if mutation.replay == "reference" else "numbers"
    return f"{mutation.what}: {summary.number(mutation.measured)} ({how})"


def section(outcomes: Sequence[Outcome]) -> str:
    """Return the proofs as a section of the HTML report."""
    headers = ("theorem", "verdict", "kernel", "statement", *WHO, "refuted", "time")
    kinds = ("", "", "", "wide", *["number"] * 5)
    tone = "good" if all(outcome.ok for outcome in outcomes) else "bad"
    wrong = "".join(f"<li>{line}</li>" for line in linked(outcomes))
    return (
        f'{heading(2, "Proofs", "proofs")}\n<p class="{tone}">{escape(headline(outcomes))}</p>\n'
        + (f'<ul class="bad">{wrong}</ul>\n' if wrong else "")
        + f"{ABOUT}\n{markup.table(headers, map(_row, outcomes), kinds)}\n"
        + f"{heading(3, 'What they rest on', 'hypotheses')}\n{hypotheses.section(outcomes)}\n"
        + f"{heading(3, 'Lemma by lemma', 'lemmas')}\n{_lemmas(outcomes)}"
    )


WHO = ("solver", "algebra", "hand")


def _row(outcome: Outcome) -> tuple[str, ...]:
    all_, stepped = refuted(outcome)
    title = link("theorem", outcome.theorem, escape(outcome.title))
    full = link("statement", outcome.theorem, "in full")
    lemmas = link("proof", outcome.theorem, "lemmas")
    where = "".join(f"<br><small>{escape(name)}</small>" for name in outcome.kernel)
    return (
        f"<b{mark('theorem', outcome.theorem)}>{title}</b>"
        f"<br><small>{escape(outcome.theorem)}</small>",
        _word(outcome.verdict),
        f"{escape(kernel_word(outcome))}{where}",
        f"{markup.mathematics(outcome.statement)}<br>"
        f'<small class="soft">{markup.paper(outcome.source)}{_claims(outcome)} · {full} · {lemmas}'
        "</small>",
        *(str(outcome.count(who)) for who in WHO),
        f"{all_}<br><small>{stepped} by steps</small>",
        f"{outcome.seconds:.2f} s",
    )


def _claims(outcome: Outcome) -> str:
    """Return the claims that a theorem proves, or helps to prove, as links; "" for none."""
    names = ", ".join(link("claim", name) for name in outcome.claims)
    return f" · proves {names}" if names else ""


def linked(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the `objections` as HTML: theorems are links, and the theorems of lemmas."""
    homes = {lemma.name: each.theorem for each in reversed(outcomes) for lemma in each.lemmas}
    homes |= {outcome.theorem: outcome.theorem for outcome in outcomes}
    found = []
    for line in objections(outcomes):
        name = next((n for n in re.findall(r"^[\w.]+", line) if n in homes), "")
        head = link("proof", homes[name], escape(name)) if name else ""
        found.append(head + escape(line.removeprefix(name)))
    return found


ABOUT = """<p>“Kernel”: Coq has checked the whole theorem, as it stands in theory/rocq, down to the
axioms of the real numbers (<code>make rocq</code>). Besides, each theorem is put together from
small lemmas over real numbers, mostly inner products. “Solver”: the negation has no solution in the
reals. “Algebra”: an identity with non-negative multipliers, in rational arithmetic. “Hand”: argued
in words. Every lemma’s hypotheses can be satisfied, and slightly wrong versions of it are refuted:
by vectors on which a step of the reference implementation shows the violation, or, where no step is
involved, by numbers.</p>"""


def _word(verdict: str) -> str:
    return f'<b class="{TONES[verdict]}">{escape(verdict)}</b>'


def _lemmas(outcomes: Sequence[Outcome]) -> str:
    """Return the theorems with their lemmas; what several share is written out in the first."""
    homes: dict[str, str] = {}
    parts = []
    for outcome in outcomes:
        parts.append(_details(outcome, homes))
        homes |= {each.name: outcome.theorem for each in outcome.lemmas if each.name not in homes}
    return "\n".join(parts)


def _details(outcome: Outcome, homes: Mapping[str, str]) -> str:
    """Return one theorem; ``homes`` says in which earlier one a lemma stands."""
    headers = ("lemma", "", "by", "statement", "wrong statements, and by how much they fail")
    tone, opened = ("good", "") if outcome.ok else ("bad", " open")
    rows = [_lemma(lemma) for lemma in outcome.lemmas if lemma.name not in homes]
    others = dict.fromkeys(homes[each.name] for each in outcome.lemmas if each.name in homes)
    named = ", ".join(link("proof", name) for name in others)
    shared = f"<p>Other lemmas that it rests on stand with {named}.</p>\n" if others else ""
    own = markup.table(headers, rows, ("", "", "", "wide", "wide")) if rows else ""
    # The place is inside, so that a link to it opens what is folded.
    return (
        f"<details{opened}><summary><b>{escape(outcome.title)}</b>"
        f'<span class="{tone}">{escape(outcome.verdict)}</span></summary>\n'
        f"<p{mark('proof', outcome.theorem)}>{link('theorem', outcome.theorem)}:"
        f" {markup.indexed(outcome.assembly)}</p>\n{shared}{own}</details>"
    )


def _lemma(lemma: LemmaOutcome) -> tuple[str, ...]:
    wrong = "<br>".join(markup.indexed(_mutation(mutation)) for mutation in lemma.mutations)
    note = f'<span class="soft">{markup.indexed(lemma.note)}</span>' if lemma.note else ""
    return (
        f"<span{mark('lemma', lemma.name)}>{escape(lemma.name)}</span>",
        lemma.verdict if lemma.verdict == PROVEN else _word(lemma.verdict),
        escape(lemma.who),
        markup.mathematics(lemma.statement),
        "<br>".join(part for part in (wrong, note) if part),
    )


def show(outcomes: Sequence[Outcome], console: Console, in_full: bool) -> None:
    """Print the theorems; ``in_full`` with their lemmas."""
    if in_full:
        for outcome in outcomes:
            console.print(details(outcome))
    console.print(table(outcomes))
    close(outcomes, console)


def close(outcomes: Sequence[Outcome], console: Console) -> None:
    """Print the objections, and the verdict."""
    for line in objections(outcomes):
        console.print(Text(f"✗ {line}", style="red"))
    good = all(outcome.ok for outcome in outcomes)
    console.print(Text(headline(outcomes), style="bold green" if good else "bold red"))
