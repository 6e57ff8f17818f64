"""What the kernel says of the compiled theorems: their statements, and what they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from theory.kernel.sources import FOLDER, File, Stated

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

MARK = re.compile(r"^@@ (\w+) (statement|assumptions|place)$", re.MULTILINE)
AXIOM = re.compile(r"^([\w.']+)\s*:", re.MULTILINE)
PLACE = re.compile(r"Constant (?:Coq|Stdlib)\.(?:\w+\.)*?(\w+\.\w+)$", re.MULTILINE)
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
        What it rests on, with the others of its file; empty for nothing but the kernel's logic.
    """

    stated: Stated
    statement: str
    axioms: tuple[str, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The axioms that are not allowed."""
        return tuple(axiom for axiom in self.axioms if axiom not in ALLOWED)


def questions(file: File) -> str:
    """Return the commands that ask for statements and assumptions, to stand behind the file's text.

    The theorems of a file are asked together what they rest on, and its examples: the question
    takes Coq most of a second.
    """
    lines = ["", "Require Import Reals.", "Open Scope R_scope.", "Set Printing Width 100."]
    lines.append("Set Printing Depth 1000.")
    for item in file.stated:
        lines += [_mark(item.name, "statement"), f"Check {item.name}."]
    for name, items in _together(file):
        everything = ", ".join(item.name for item in items)
        lines += [f"Definition {name} := ({everything}, tt).", _mark(name, "assumptions")]
        lines.append(f"Print Assumptions {name}.")
    for axiom in ALLOWED:
        short = axiom.rpartition(".")[2]
        lines += [_mark(short, "place"), f"Locate {short}."]
    return "\n".join((*lines, ""))


def _together(file: File) -> Iterator[tuple[str, list[Stated]]]:
    for name, example in (("all_theorems", False), ("all_examples", True)):
        items = [item for item in file.stated if item.example is example]
        if items:
            yield name, items


def _mark(name: str, what: str) -> str:
    return f'Goal True. idtac "@@ {name} {what}". Abort.'


def answers(file: File, said: str) -> tuple[Audited, ...]:
    """Return what Coq said to `questions`.

    Raises
    ------
    ValueError
        If it did not answer one of them.
    """
    parts = MARK.split(said)[1:]
    found = {
        (name, what): text.strip()
        for name, what, text in zip(*(parts[i::3] for i in range(3)), strict=True)
    }
    try:
        axioms = {
            items[0].example: _axioms(found[name, "assumptions"], found)
            for name, items in _together(file)
        }
        return tuple(
            Audited(item, _statement(found[item.name, "statement"]), axioms[item.example])
            for item in file.stated
        )
    except KeyError as missing:
        raise ValueError(f"Coq did not say the {missing.args[0]} in {file.name}.v") from missing


def _statement(text: str) -> str:
    """Return a statement without the name before it."""
    return " ".join(text.partition(":")[2].split())


def _axioms(text: str, found: Mapping[tuple[str, str], str]) -> tuple[str, ...]:
    """Return the axioms by their names in full.

    Coq leaves out the part of a name that a file has imported, and says where it is from if asked.
    """
    if text.startswith(CLOSED):
        return ()
    names = []
    for name in AXIOM.findall(text.removeprefix("Axioms:")):
        place = PLACE.match(found.get((name, "place"), ""))
        names.append(place[1] if place else name)
    return tuple(sorted(names))


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
