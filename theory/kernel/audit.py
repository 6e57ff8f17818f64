"""What the kernel says of the compiled theorems: their statements, and what they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from theory import files as safe
from theory.kernel.build import OUT, coqc
from theory.kernel.sources import FOLDER, ROOT, File, Stated

ALLOWED: Mapping[str, str] = {
    "ClassicalDedekindReals.sig_forall_dec": "of Coq's Reals: a decidable property of numbers"
    " holds for all, or fails for one that can be given",
    "ClassicalDedekindReals.sig_not_dec": "of Coq's Reals: a proposition is refuted or not",
    "FunctionalExtensionality.functional_extensionality_dep": "functions with equal values are"
    " equal; the Reals use it",
}
"""The axioms that a theorem may rest on, and what they say: those of Coq's real numbers."""

RECORD = FOLDER / "statements.md"
"""Every theorem in English and as Coq prints it: what has been read, and may not change unseen."""

MARK = re.compile(r"^@@ (\w+)\.(\w+) (statement|assumptions)$", re.MULTILINE)
AXIOM = re.compile(r"^([\w.']+)\s*:", re.MULTILINE)
CLOSED = "Closed under the global context"


@dataclass(frozen=True)
class Audited:
    """What the kernel says of a theorem or an example.

    Attributes
    ----------
    stated
        What the source says of it.
    statement
        As Coq prints it.
    axioms
        What it rests on; empty for nothing but the kernel's logic.
    """

    stated: Stated
    statement: str
    axioms: tuple[str, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The axioms that are not allowed."""
        return tuple(axiom for axiom in self.axioms if axiom not in ALLOWED)


def audit(files: Sequence[File], out: Path = OUT) -> tuple[Audited, ...]:
    """Ask the kernel for all theorems and examples of the compiled files.

    Raises
    ------
    ValueError
        If it does not answer.
    """
    items = {item.full_name: item for file in files for item in file.stated}
    safe.write(out / "audit.v", _questions(files).encode())
    said, error = coqc("audit.v", out)
    if error:
        raise ValueError(f"the compiled theorems could not be asked: {error}")
    parts = MARK.split(said)[1:]
    answers: dict[str, dict[str, str]] = {}
    for file, name, what, text in zip(*(parts[i::4] for i in range(4)), strict=True):
        answers.setdefault(f"{file}.{name}", {})[what] = text.strip()
    missing = [name for name in items if set(answers.get(name, ())) != {"statement", "assumptions"}]
    if missing:
        raise ValueError(f"the kernel did not answer for {missing[0]}")
    return tuple(
        Audited(item, _statement(answers[name]["statement"]), _axioms(answers[name]["assumptions"]))
        for name, item in items.items()
    )


def _questions(files: Sequence[File]) -> str:
    lines = [
        "Require Import Reals.",
        *(f"From {ROOT} Require {file.name}." for file in files),
        "Open Scope R_scope.",
        "Set Printing Width 100.",
        "Set Printing Depth 1000.",
    ]
    for file in files:
        for item in file.stated:
            name = f"{ROOT}.{item.full_name}"
            for what, command in (("statement", "Check"), ("assumptions", "Print Assumptions")):
                mark = f"@@ {item.full_name} {what}"
                lines += [f'Goal True. idtac "{mark}". exact I. Qed.', f"{command} {name}."]
    return "\n".join((*lines, ""))


def _statement(text: str) -> str:
    """Return a statement without the name before it."""
    return " ".join(text.partition(":")[2].split())


def _axioms(text: str) -> tuple[str, ...]:
    if text.startswith(CLOSED):
        return ()
    return tuple(AXIOM.findall(text.removeprefix("Axioms:")))


def objections(audited: Sequence[Audited]) -> Iterator[str]:
    """Yield the theorems and examples that rest on more than is allowed."""
    for item in audited:
        for axiom in item.unknown:
            yield f"{item.stated.full_name} rests on {axiom}"


def record(audited: Sequence[Audited], coq: str) -> str:
    """Return the text of `RECORD`."""
    parts = [
        "# The theorems, as the kernel has them\n\n"
        "Every theorem and example of this folder, in English and as Coq prints it. `make rocq`"
        " compares this file with what it has compiled, so that no statement changes unseen;"
        " `python -m theory rocq --record` writes it anew.\n\n"
        f"Printed by Coq {coq}.\n"
    ]
    file = ""
    for item in audited:
        stated = item.stated
        if stated.file != file:
            file = stated.file
            parts.append(f"## {file}.v\n")
        kind = "example" if stated.example else "theorem"
        source = f" *{stated.source}.*" if stated.source else ""
        parts.append(f"### {stated.name} ({kind})\n\n{stated.english}{source}\n")
        parts.append(f"```coq\n{item.statement}\n```\n")
    return "\n".join(parts)


def changed(audited: Sequence[Audited], coq: str, recorded: str) -> Iterator[str]:
    """Yield the statements that are not those recorded, if the same version of Coq printed them."""
    if f"Printed by Coq {coq}." not in recorded:
        return
    before, now = _sections(recorded), _sections(record(audited, coq))
    for name in sorted(set(before) | set(now)):
        if before.get(name) != now.get(name):
            how = "is new" if name not in before else "is gone" if name not in now else "has changed"
            yield f"the statement of {name} {how}: read it, then `python -m theory rocq --record`"


def _sections(text: str) -> dict[str, str]:
    found, file = {}, ""
    for part in re.split(r"^(?=##)", text, flags=re.MULTILINE):
        if part.startswith("## "):
            file = part.split()[1].removesuffix(".v")
        elif part.startswith("### "):
            found[f"{file}.{part.split()[1]}"] = part.strip()
    return found
