"""What came out of the last run of the kernel, kept for the reports that do not run it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from theory import files as safe
from theory.kernel.audit import RECORD, Audited
from theory.kernel.build import OUT, Compiled
from theory.kernel.sources import FOLDER, File, Stated, digest, read

CHECKED, UNCHECKED, FAILED = "checked", "not checked on this machine", "FAILED"
"""What the kernel says of a theorem: proven; Coq has not been run on these files here; refused."""


@dataclass(frozen=True)
class Outcome:
    """What became of theory/rocq.

    Attributes
    ----------
    coq, recorded
        The version of Coq, and the one that has printed the record.
    sources
        The `state` of the files that were compiled.
    files
        What became of each.
    audited
        The theorems and examples of the compiled files.
    axioms
        What they rest on, all together.
    objections
        What is wrong; empty where all is well.
    """

    coq: str
    recorded: str
    sources: str
    files: tuple[Compiled, ...]
    audited: tuple[Audited, ...]
    axioms: tuple[str, ...]
    objections: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether every theorem is checked, and nothing is to be objected."""
        return not self.objections and bool(self.audited)

    @property
    def theorems(self) -> tuple[Audited, ...]:
        """The theorems, without the examples."""
        return tuple(item for item in self.audited if not item.stated.example)


def save(outcome: Outcome, out: Path = OUT) -> None:
    """Keep an outcome beside the compiled files."""
    safe.write_sealed(out / "outcome", json.dumps(asdict(outcome)).encode())


def load(out: Path = OUT) -> Outcome | None:
    """Return the outcome that is kept, None where there is none that can be read."""
    try:
        kept = json.loads(safe.read_sealed(out / "outcome"))
        return Outcome(
            coq=kept["coq"],
            recorded=kept["recorded"],
            sources=kept["sources"],
            files=tuple(Compiled(**item) for item in kept["files"]),
            audited=tuple(
                Audited(Stated(**item["stated"]), item["statement"]) for item in kept["audited"]
            ),
            axioms=tuple(kept["axioms"]),
            objections=tuple(kept["objections"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def state(files: Sequence[File], folder: Path = FOLDER) -> str:
    """Return a digest of all that an outcome depends on: files, record, words, and this package."""
    here = Path(__file__).parent
    words = here.parent / "proofs"
    also = (folder / RECORD.name, *sorted(here.glob("*.py")), *sorted(words.glob("*.py")))
    return digest(files, also)


def status(names: Sequence[str], files: Sequence[File] | None = None, out: Path = OUT) -> str:
    """Return what the kernel says of the theorems ``file.name``; "" where none is named.

    Only an outcome for the files as they are now counts.

    Raises
    ------
    ValueError
        If one of them is not stated in theory/rocq.
    """
    if not names:
        return ""
    files = read() if files is None else files
    stated = {item.full_name for file in files for item in file.stated}
    for name in names:
        if name not in stated:
            raise ValueError(f"theory/rocq states no theorem {name!r}")
    outcome = load(out)
    if outcome is None or outcome.sources != state(files):
        return UNCHECKED
    proven = {item.stated.full_name for item in outcome.audited}
    return CHECKED if outcome.ok and proven.issuperset(names) else FAILED
