"""What the kernel says of the compiled theorems: their statements, and what they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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

MARK = re.compile(r"^@@ (\w+) (statement|assumptions)$", re.MULTILINE)
AXIOM = re.compile(r"^([\w.']+)\s*:", re.MULTILINE)
PRINTING = (
    "Require Import Reals.",
    "Open Scope R_scope.",
    "Set Printing Width 100.",
    "Set Printing Depth 1000.",
)
CLOSED = "Closed under the global context"


@dataclass(frozen=True)
class Audited:
    """A theorem or an example, as the source and as Coq has it."""

    stated: Stated
    statement: str


def questions(file: File) -> str:
    """Return the commands that ask for the statements of a file, to stand behind its text."""
    lines = ["", *PRINTING]
    for item in file.stated:
        lines += [_mark(item.name, "statement"), f"Check {item.name}."]
    return "\n".join((*lines, ""))


def answers(file: File, said: str) -> tuple[Audited, ...]:
    """Return the statements, from what Coq said to `questions`.

    Raises
    ------
    ValueError
        If it did not say one of them.
    """
    found = _marked(said)
    missing = [item for item in file.stated if (item.name, "statement") not in found]
    if missing:
        raise ValueError(f"Coq did not print {missing[0].full_name}")
    return tuple(Audited(item, _statement(found[item.name, "statement"])) for item in file.stated)


def foundations(files: Sequence[File]) -> str:
    """Return the commands that ask what all theorems and examples of compiled files rest on.

    They are asked together, as a tuple: the question takes Coq most of a second.
    """
    items = [item for file in files for item in file.stated]
    lines = [
        f"From {ROOT} Require {' '.join(dict.fromkeys(item.file for item in items))}.",
        f"Definition everything := ({', '.join(item.full_name for item in items)}, tt).",
        _mark("everything", "assumptions"),
        "Print Assumptions everything.",
        "",
    ]
    return "\n".join(lines)


def axioms(said: str) -> tuple[str, ...]:
    """Return the axioms, from what Coq said to `foundations`; none for the kernel's logic alone.

    Raises
    ------
    ValueError
        If it did not say any.
    """
    text = _marked(said).get(("everything", "assumptions"), "")
    if text.startswith(CLOSED):
        return ()
    found = AXIOM.findall(text.removeprefix("Axioms:"))
    if not found:
        raise ValueError("Coq did not say what the theorems rest on")
    return tuple(sorted(found))


def unknown(found: Sequence[str]) -> tuple[str, ...]:
    """Return the axioms that are not allowed."""
    return tuple(axiom for axiom in found if axiom not in ALLOWED)


def _mark(name: str, what: str) -> str:
    return f'Goal True. idtac "@@ {name} {what}". Abort.'


def _marked(said: str) -> dict[tuple[str, str], str]:
    parts = MARK.split(said)[1:]
    return {
        (name, what): text.strip()
        for name, what, text in zip(*(parts[i::3] for i in range(3)), strict=True)
    }


def _statement(text: str) -> str:
    """Return a statement without the name before it."""
    return " ".join(text.partition(":")[2].split())


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
    before, now = sections(recorded), sections(record(audited, coq))
    for name in sorted(set(before) | set(now)):
        if before.get(name) != now.get(name):
            how = "has changed" if name in before and name in now else "is new, or gone"
            yield f"the statement of {name} {how}: read it, then `python -m theory rocq --record`"


def sections(text: str) -> dict[str, str]:
    """Return the parts of a record by the names of the theorems."""
    found, file = {}, ""
    for part in re.split(r"^(?=##)", text, flags=re.MULTILINE):
        if part.startswith("## "):
            file = part.split()[1].removesuffix(".v")
        elif part.startswith("### "):
            found[f"{file}.{part.split()[1]}"] = part.strip()
    return found
