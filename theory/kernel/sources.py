"""The files of theory/rocq: what they import, what they state, and what they may not contain."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "rocq"

NAME = re.compile(r"[a-z]\w*")
RESERVED = ("questions",)
"""What `theory.kernel.audit` calls its own file."""

FOLDERS = ("base", "step", "rates", "smooth", "sharp", "metrics", "traps", "computed", "examples")
"""In the order in which they are best read; others come behind."""

ROOT = "Momo"
"""The name that files have for each other: ``From Momo Require Import sums.``"""

COMMANDS = {
    *("Require", "From", "Import", "Open", "Close", "Section", "End", "Variable", "Variables"),
    *("Hypothesis", "Let", "Definition", "Fixpoint", "Inductive", "Record", "Lemma", "Theorem"),
    *("Example", "Proof", "Qed", "Defined", "Notation", "Infix", "Ltac", "Arguments"),
}
"""The commands that a file may have; with `PHRASES` all others are refused, whatever they are."""

PHRASES = (
    *("Local Infix", "Local Notation", "Local Arguments", "Local Existing Instance"),
    *("#[local] Hint", "Add Ring"),
)
"""Commands of several words that it may have, too."""

LIBRARY = {
    *("Reals", "Lra", "Psatz", "Lia", "List", "ListNotations", "Arith", "QArith", "Qreals"),
    *("Qreduction", "Qfield", "Setoid", "Ring", "Field", "FunctionalExtensionality"),
}
"""What a file may take from the standard library, by name."""

GAPS = ("admit", "give_up", "native_cast_no_check", "vm_cast_no_check", "exact_no_check")
"""Tactics that leave a gap, or pass the kernel by."""

SIGNS = "⟨⟩"
"""What is not ASCII, and may stand outside of comments: the brackets of an inner product."""

STATEMENT = re.compile(
    r"(?:\(\*\*((?:(?!\*\)).)*)\*\)\s*)?(?P<kind>Theorem|Example)\s+(?P<name>[\w']+)", re.DOTALL
)
IMPORTED = re.compile(rf"From\s+{ROOT}\s+Require\s+(?:Import\s+)?([\w\s]+)\.(?=\s|$)")
DEFINED = re.compile(r"(?:Definition|Fixpoint|Inductive|Record)\s+([\w']+)")
MARKS = re.compile(r"\(\*|\*\)|\"")
SENTENCE = re.compile(r"\.(?=\s|$)")
BULLETS = re.compile(r"^(?:[\s\-+*{}]|\d+:)+")


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
    def defined(self) -> tuple[str, ...]:
        """What it defines, in its order."""
        found = (DEFINED.match(sentence) for sentence in sentences(self.text))
        return tuple(match[1] for match in found if match)

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
    for path in sorted(path for path in folder.rglob("*.v") if path.is_file()):
        if not NAME.fullmatch(path.stem) or path.stem in RESERVED:
            raise ValueError(f"{path.name} in {folder} has a name that Coq or {ROOT} cannot have")
        if path.stem in files:
            raise ValueError(f"two files of {folder} are called {path.name}")
        place = path.parent.relative_to(folder).as_posix()
        try:
            files[path.stem] = File(path.stem, place, path.read_text("utf-8"))
        except UnicodeDecodeError as error:
            raise ValueError(f"{path} is not in UTF-8: {error}") from error
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


def digest(files: Sequence[File], also: Iterable[Path] = ()) -> str:
    """Return a digest of all files, and of others on which an outcome depends."""
    found = hashlib.sha256()
    for file in files:
        found.update(f"{file.path}\0{file.text}\0".encode())
    for path in also:
        found.update(path.read_bytes() if path.exists() else b"")
    return found.hexdigest()


def bare(text: str) -> str:
    """Return the text without its comments, read as Coq does: nested, and with strings in them.

    Raises
    ------
    ValueError
        If a comment or a string is not closed.
    """
    parts, depth, at = [], 0, 0
    for mark in MARKS.finditer(text):
        if mark.start() < at:
            continue
        if not depth:
            parts.append(text[at : mark.start()])
        at = mark.end()
        if mark[0] == "(*":
            depth += 1
        elif mark[0] == "*)":
            depth = max(depth - 1, 0)
            parts.append(" ")
        else:
            at = text.find('"', mark.end()) + 1
            if not at:
                raise ValueError("a string is not closed")
            if not depth:
                parts.append(text[mark.start() : at])
    if depth:
        raise ValueError("a comment is not closed")
    return "".join((*parts, text[at:]))


def sentences(text: str) -> list[str]:
    """Return the commands and tactics of a text, each in one line."""
    found = (BULLETS.sub("", sentence) for sentence in SENTENCE.split(bare(text)))
    return [" ".join(sentence.split()) for sentence in found if sentence.strip()]


def objections(files: Sequence[File]) -> Iterator[str]:
    """Yield what the text alone is to be blamed for.

    That is: commands that are not among those allowed, so that nothing can be assumed, or turned
    off; theorems without a word of what they say and where it is from; and theorems without an
    instance, which uses them.
    """
    seen: dict[str, str] = {}
    proofs = dict(pair for file in files for pair in _proofs(file))
    for file in files:
        yield from (f"{file.path}.v: {what}" for what in _strange(file))
        for item in file.stated:
            if item.name in seen:
                yield f"{item.full_name} is stated in {seen[item.name]}.v, too"
            seen[item.name] = item.file
            if not item.english:
                yield f"{item.full_name} has no comment that says what it states"
            elif not item.example and not item.source:
                yield f"{item.full_name} does not say where it is from (Source: …)"
            if not item.example and item.name not in proofs.get(f"{item.name}_met", ()):
                yield f"{item.full_name} has no instance: an Example {item.name}_met that uses it"


def _proofs(file: File) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the theorems and examples of a file, each with the words of its proof."""
    for part in re.split(r"\b(?=(?:Theorem|Example)\s)", bare(file.text))[1:]:
        name = re.split(r"[^\w']+", part, maxsplit=2)[1]
        proof = part.partition("Proof")[2].partition("Qed")[0]
        yield name, frozenset(re.findall(r"[\w']+", proof))


def _strange(file: File) -> Iterator[str]:
    """Yield the sentences and signs of a file that are not allowed in one."""
    text = bare(file.text)
    for sign in sorted({sign for sign in text if not sign.isascii()} - set(SIGNS)):
        yield f"the sign {sign!r} stands outside of a comment"
    for sentence in sentences(file.text):
        first = sentence.split()[0]
        if first[0].isupper() or first.startswith("#"):
            if first not in COMMANDS and not sentence.startswith(PHRASES):
                yield f"the command {sentence[:60]!r} is not allowed"
            elif first in ("Require", "Import", "From") and not _known(sentence):
                yield f"{sentence[:60]!r} is not allowed: files of {ROOT}, or {sorted(LIBRARY)}"
        for word in GAPS:
            if re.search(rf"\b{word}\b", sentence):
                yield f"{word!r} leaves a gap"


def _known(sentence: str) -> bool:
    """Return whether what is imported is known by name, or a file of the project."""
    if sentence.startswith(f"From {ROOT} Require "):
        return True
    words = [word for word in sentence.split() if word not in ("Require", "Import")]
    return LIBRARY.issuperset(words)
