"""The files of theory/rocq: what they import, what they state, and what they may not contain."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "rocq"

FOLDERS = ("base", "step", "rates", "smooth", "sharp", "metrics", "traps", "computed", "examples")
"""In the order in which they are best read; others come behind."""

ROOT = "Momo"
"""The name that files have for each other: ``From Momo Require Import sums.``"""

FORBIDDEN = (
    *("Admitted", "admit", "give_up", "Axiom", "Axioms", "Parameter", "Parameters", "Conjecture"),
    *("Guard Checking", "Positivity Checking", "Universe Checking", "bypass_check", "Declare ML"),
    *("native_cast_no_check", "vm_cast_no_check", "exact_no_check", "Primitive", "Register"),
)
"""What leaves a gap, or turns off a check of the kernel."""

STATEMENT = re.compile(
    r"(?:\(\*\*((?:(?!\*\)).)*)\*\)\s*)?"
    r"(?P<kind>Theorem|Corollary|Proposition|Example)\s+(?P<name>\w+)",
    re.DOTALL,
)
IMPORTED = re.compile(rf"From\s+{ROOT}\s+Require\s+(?:Import|Export)?\s*([\w\s]+)\.")
COMMENT_MARK = re.compile(r"\(\*|\*\)")


@dataclass(frozen=True)
class Stated:
    """A theorem, or an example that belongs to one.

    Attributes
    ----------
    file, name
        Together its name, ``file.name``.
    example
        Whether it is an example: an instance of a theorem, or a counterexample.
    english
        What the comment before it says, in the paper's symbols.
    source
        Where it is from: the text behind ``Source:``.
    """

    file: str
    name: str
    example: bool
    english: str
    source: str

    @property
    def full_name(self) -> str:
        """Its name with its file's."""
        return f"{self.file}.{self.name}"


@dataclass(frozen=True)
class File:
    """One file of theory/rocq.

    Attributes
    ----------
    name, folder
        Of the file, without its ending; no two files have the same name.
    text
        What is in it.
    """

    name: str
    folder: str
    text: str

    @property
    def path(self) -> str:
        """Where it lies, without its ending: ``folder/name``."""
        return f"{self.folder}/{self.name}".removeprefix("./")

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """The files that it imports, in their order."""
        found = (name for names in IMPORTED.findall(self.text) for name in names.split())
        return tuple(dict.fromkeys(found))

    @cached_property
    def stated(self) -> tuple[Stated, ...]:
        """Its theorems and examples, in their order."""
        return tuple(
            _stated(self.name, match["kind"], match["name"], match[1] or "")
            for match in STATEMENT.finditer(self.text)
        )

    @cached_property
    def lines(self) -> int:
        """How many lines it has."""
        return self.text.count("\n")


def _stated(file: str, kind: str, name: str, comment: str) -> Stated:
    # The star of x* and f* would end a comment of Coq before a bracket: there it is written ⋆.
    text = " ".join(comment.replace("⋆", "*").split())
    english, _, source = text.partition("Source:")
    return Stated(file, name, kind == "Example", english.strip(), source.strip().removesuffix("."))


def read(folder: Path = FOLDER) -> tuple[File, ...]:
    """Return the files, each after those that it imports.

    Raises
    ------
    ValueError
        If there is none, if two have one name, if one imports what is not there, or if they import
        each other in a ring.
    """
    files: dict[str, File] = {}
    for path in sorted(folder.rglob("*.v")):
        if path.stem in files:
            raise ValueError(f"two files of {folder} are called {path.name}")
        place = path.parent.relative_to(folder).as_posix()
        files[path.stem] = File(path.stem, place, path.read_text("utf-8"))
    if not files:
        raise ValueError(f"there is no file of Coq in {folder}")
    for file in files.values():
        for name in file.imports:
            if name not in files:
                raise ValueError(f"{file.name}.v imports {name}, and there is no {name}.v")
    order = TopologicalSorter({name: sorted(files[name].imports) for name in sorted(files)})
    try:
        return tuple(files[name] for name in order.static_order())
    except CycleError as ring:
        raise ValueError(f"files import each other: {' <- '.join(ring.args[1])}") from ring


def place(file: File) -> tuple[int, str]:
    """Return where a file stands in the order in which they are best read."""
    known = file.folder in FOLDERS
    return FOLDERS.index(file.folder) if known else len(FOLDERS), file.path


def digest(files: Sequence[File]) -> str:
    """Return a digest of all files."""
    return hashlib.sha256(
        "\0".join(f"{file.name}\0{file.text}" for file in files).encode()
    ).hexdigest()


def bare(text: str) -> str:
    """Return the text without its comments, which may be nested.

    Raises
    ------
    ValueError
        If a comment is not closed.
    """
    parts, depth, since = [], 0, 0
    for mark in COMMENT_MARK.finditer(text):
        if mark[0] == "(*":
            if depth == 0:
                parts.append(text[since : mark.start()])
            depth += 1
        elif depth:
            depth -= 1
            since = mark.end()
    if depth:
        raise ValueError("a comment is not closed")
    return " ".join((*parts, text[since:]))


def objections(files: Sequence[File]) -> Iterator[str]:
    """Yield what the text alone is to be blamed for.

    That is: what leaves a gap; theorems without a word of what they say and where it is from, or
    without an instance that meets their hypotheses.
    """
    names = {item.name for file in files for item in file.stated}
    for file in files:
        text = bare(file.text)
        for word in FORBIDDEN:
            if re.search(rf"(?<![\w'.]){re.escape(word)}(?![\w'])", text):
                yield f"{file.name}.v contains {word!r}"
        for item in file.stated:
            if not item.english:
                yield f"{item.full_name} has no comment that says what it states"
            elif not item.example and not item.source:
                yield f"{item.full_name} does not say where it is from (Source: …)"
            if not item.example and f"{item.name}_met" not in names:
                yield f"{item.full_name} has no instance, Example {item.name}_met"
