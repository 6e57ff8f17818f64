# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The theorems of the kernel, for the terminal and as words for other reports."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from rich.console import Console, RenderableType
from rich.text import Text

from theory.kernel.audit import ALLOWED
from theory.kernel.build import Compiled
from theory.kernel.outcomes import Outcome
from theory.report.terminal import make_table


class Progress:
    """Shows which files are compiled, on the standard error."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.status = console.status("compiling theory/rocq")

    def __enter__(self) -> Progress:
        self.status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.status.stop()

    def __call__(self, compiled: Compiled) -> None:
        """Show one file."""
        if compiled.seconds or compiled.error:
            word = "✗" if compiled.error else f"{compiled.seconds:.1f} s"
            self.console.print(Text(f"{compiled.file}.v  {word}", style="dim"))


def headline(outcome: Outcome) -> str:
    """Return the verdict in a sentence."""
    examples = [item for item in outcome.audited if item.stated.example]
    met = sum(item.stated.name.endswith("_met") for item in examples)
    lines = sum(file.lines for file in outcome.files)
    what = (
        f"{len(outcome.theorems)} theorems, {met} instances and {len(examples) - met} other"
        f" examples in {len(outcome.files)} files, {lines} lines"
    )
    if outcome.ok and outcome.coq != outcome.recorded:
        return (
            f"OK: Coq {outcome.coq} has checked {what}; but what it prints was not compared with"
            f" the record, which Coq {outcome.recorded or '?'} has printed"
        )
    if outcome.ok:
        return f"OK: Coq {outcome.coq} has checked {what}"
    return f"FAILED: {what}; {len(outcome.objections)} objections"


def show(outcome: Outcome, wrong: Sequence[str], asked: bool, console: Console) -> None:
    """Print files, theorems, objections and the verdict; ``wrong`` is what coqchk said."""
    console.print(_theorems(outcome))
    console.print(_axioms(outcome))
    console.print(_files(outcome))
    for line in (*outcome.objections, *wrong):
        console.print(Text(f"✗ {line}", style="red"))
    if asked and outcome.ok and not wrong:
        console.print("coqchk has checked the compiled files again.")
    good = outcome.ok and not wrong
    verdict = f"FAILED: coqchk has {len(wrong)} objections" if wrong else headline(outcome)
    console.print(Text(verdict, style="bold green" if good else "bold red"))


def _theorems(outcome: Outcome) -> RenderableType:
    examples = {item.stated.name for item in outcome.audited if item.stated.example}
    table = make_table("Theorems, by the kernel", "theorem", "statement", "examples")
    table.expand, table.columns[1].ratio = True, 1
    for item in outcome.theorems:
        stated = item.stated
        needs = sorted(name for name in examples if name.startswith(f"{stated.name}_needs_"))
        words = [name.removeprefix(f"{stated.name}_needs_").replace("_", " ") for name in needs]
        table.add_row(
            Text.assemble((stated.name, "bold"), "\n", (f"{stated.file}.v", "dim")),
            Text.assemble(stated.english, "\n", (stated.source, "dim")),
            "\n".join(("met", *words) if f"{stated.name}_met" in examples else words),
        )
    table.caption = (
        "examples: met, an instance meets all hypotheses; other words, a hypothesis without which"
        " the statement fails."
    )
    table.caption_justify, table.caption_style = "left", "dim"
    return table


def _axioms(outcome: Outcome) -> RenderableType:
    table = make_table("Axioms that they rest on", "axiom", "says")
    for axiom in outcome.axioms:
        table.add_row(axiom, ALLOWED.get(axiom, "not allowed"))
    return table


def _files(outcome: Outcome) -> RenderableType:
    table = make_table("Files", "file", "lines", "seconds", right=("lines", "seconds"))
    for file in outcome.files:
        seconds = f"{file.seconds:.1f}" if file.seconds else "kept"
        table.add_row(f"{file.file}.v", str(file.lines), "✗" if file.error else seconds)
    total = sum(file.seconds for file in outcome.files)
    table.add_row("all", str(sum(file.lines for file in outcome.files)), f"{total:.1f}")
    return table
