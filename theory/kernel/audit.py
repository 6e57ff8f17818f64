"""What the kernel says of the compiled theorems: definitions, statements, and what they rest on.

All is asked from outside, in a file of its own that imports nothing of the project: no notation and
no definition of a file can change what is printed of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

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

MARK = re.compile(r"^@@ (\d+)$", re.MULTILINE)
AXIOM = re.compile(r"([A-Za-z_][A-Za-z0-9_.']*)(?: :.*)?")
CLOSED = "Closed under the global context"
ABOUT = """# The theorems, as the kernel has them

Every theorem and example of this folder, in English and as Coq prints it, and a digest of the
definitions of each file, as Coq prints them. `make rocq` compares this file with what it has
compiled, so that neither changes unseen; `python -m theory rocq --record` writes it anew.
"""


class Prose(Protocol):
    """A theorem in words, as `theory.proofs.base.Theorem` is."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def statement(self) -> str: ...  # noqa: D102
    @property
    def assumptions(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def kernel(self) -> tuple[str, ...]: ...  # noqa: D102


@dataclass(frozen=True)
class Audited:
    """A theorem or an example, as the source and as Coq has it."""

    stated: Stated
    statement: str


@dataclass(frozen=True)
class Answers:
    """What Coq said: the statements, a digest of each file's definitions, and the axioms."""

    audited: tuple[Audited, ...]
    definitions: Mapping[str, str]
    axioms: tuple[str, ...]


def questions(files: Sequence[File]) -> str:
    """Return the commands that ask for all of it, for compiled files.

    What theorems rest on is asked of all together, as a tuple: it takes Coq most of a second.
    """
    asked = [command for command, *_ in _asked(files)]
    everything = ", ".join(_full(file, item.name) for file in files for item in file.stated)
    lines = [
        "Require Import Reals.",
        f"From {ROOT} Require {' '.join(file.name for file in files)}.",
        "Open Scope R_scope.",
        "Set Printing Width 100.",
        "Set Printing Depth 1000.",
        f"Definition everything := ({everything or 'tt'}, tt).",
    ]
    for number, command in enumerate((*asked, "Print Assumptions everything.")):
        lines += [f'Goal True. idtac "@@ {number}". Abort.', command]
    return "\n".join((*lines, ""))


def answers(files: Sequence[File], said: str) -> Answers:
    """Return what Coq said to `questions`.

    Raises
    ------
    ValueError
        If there are not as many answers as questions.
    """
    asked = list(_asked(files))
    _, *parts = MARK.split(said)
    texts = [text.strip() for text in parts[1::2]]
    if parts[::2] != [str(number) for number in range(len(asked) + 1)] or not all(texts):
        raise ValueError("Coq did not answer every question about the compiled theorems")
    audited, printed = [], {file.path: hashlib.sha256() for file in files}
    for (_, file, item), text in zip(asked, texts[:-1], strict=True):
        if item is None:
            printed[file.path].update(" ".join(text.split()).encode())
        else:
            statement = " ".join(text.partition(":")[2].split())
            audited.append(Audited(item, statement))
    digests = {path: found.hexdigest()[:16] for path, found in printed.items()}
    return Answers(tuple(audited), digests, axioms(texts[-1]))


def _asked(files: Sequence[File]) -> Iterator[tuple[str, File, Stated | None]]:
    for file in files:
        for name in file.defined:
            yield f"Print {_full(file, name)}.", file, None
        for item in file.stated:
            yield f"Check {_full(file, item.name)}.", file, item


def _full(file: File, name: str) -> str:
    return f"{ROOT}.{file.path.replace('/', '.')}.{name}"


def axioms(text: str) -> tuple[str, ...]:
    """Return the axioms that Coq lists; and any other line that it prints, as it is."""
    if text == CLOSED:
        return ()
    heads = [line for line in text.splitlines() if not line.startswith(" ")]
    names = [AXIOM.fullmatch(head) for head in heads]
    found = [match[1] if match else head for match, head in zip(names, heads, strict=True)]
    return tuple(sorted(head for head in found if head != "Axioms:"))


def unknown(found: Sequence[str]) -> tuple[str, ...]:
    """Return the axioms that are not allowed."""
    return tuple(axiom for axiom in found if axiom not in ALLOWED)


def record(files: Sequence[File], said: Answers, coq: str, prose: Iterable[Prose] = ()) -> str:
    """Return the text of `RECORD`; ``prose`` are the theorems in words that name these."""
    by_file: dict[str, list[Audited]] = {file.name: [] for file in files}
    for item in said.audited:
        by_file[item.stated.file].append(item)
    parts = [ABOUT, f"Printed by Coq {coq}.\n"]
    for file in files:
        if file.defined or by_file[file.name]:
            parts.append(f"## {file.path}.v\n")
        if file.defined:
            names = ", ".join(f"`{name}`" for name in file.defined)
            parts.append(f"### definitions\n\n{names}: digest {said.definitions[file.path]}\n")
        parts += map(_section, by_file[file.name])
    words = [_words(theorem) for theorem in prose]
    if words:
        parts += ["## What `python -m theory prove` says in words, and what it is here\n", *words]
    return "\n".join(parts)


def _section(item: Audited) -> str:
    stated = item.stated
    kind = "example" if stated.example else "theorem"
    source = f" *{stated.source}.*" if stated.source else ""
    head = f"### {stated.name} ({kind})\n\n{stated.english}{source}\n"
    return f"{head}\n```coq\n{item.statement}\n```\n"


def _words(theorem: Prose) -> str:
    assumed = "".join(f"* assumed: {text}\n" for text in theorem.assumptions)
    here = ", ".join(f"`{name}`" for name in theorem.kernel)
    return f"### {theorem.name} (words)\n\n{theorem.statement}\n\n{assumed}* here: {here}\n"


def changed(recorded: str, now: str) -> Iterator[str]:
    """Yield what has changed since it was recorded.

    Where another version of Coq has printed the record, what Coq prints is left out.
    """
    if version_of(recorded) != version_of(now):
        recorded, now = _without_print(recorded), _without_print(now)
    before, after = sections(recorded), sections(now)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    for name in names:
        how = "has changed" if name in before and name in after else "is new, or gone"
        yield f"{name} {how}: read it, then `python -m theory rocq --record`"
    if not names and recorded != now:
        yield "the record is not as it was written: `python -m theory rocq --record`"


def version_of(text: str) -> str:
    """Return the version of Coq that has printed a record; "" where it does not say."""
    found = re.search(r"^Printed by Coq (\S+)\.$", text, re.MULTILINE)
    return found[1] if found else ""


def _without_print(text: str) -> str:
    text = re.sub(r"```coq\n.*?\n```", "", text, flags=re.DOTALL)
    return re.sub(r"digest \w+|^Printed by Coq .*$", "", text, flags=re.MULTILINE)


def sections(text: str) -> dict[str, str]:
    """Return the parts of a record by the names of the theorems."""
    found, file = {}, ""
    for part in re.split(r"^(?=##)", text, flags=re.MULTILINE):
        if part.startswith("## "):
            file = part.split()[1].removesuffix(".v").rpartition("/")[2]
        elif part.startswith("### "):
            name = f"{file}.{part.split()[1]}" if "(words)" not in part else part.split()[1]
            found[name] = part.strip()
    return found
