"""Compiling theory/rocq: each file once, after those it imports, several at a time."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from theory import files as safe
from theory.kernel.sources import ROOT, File

OUT = Path(__file__).parent.parent.parent / "build" / "rocq"
"""Where the compiled files lie, with copies of their sources; nothing is written beside these."""

FLAGS = ("-q", "-R", ".", ROOT, "-w", "+local-declaration,-notation-overridden,-deprecated")
"""A hypothesis outside of a section, which is an axiom, is an error."""

ABSENT = (
    "Coq was not found (coqc). Install it, 8.16 or newer: `apt-get install coq` on Debian and"
    " Ubuntu, `brew install coq`, or `opam install coq`"
)

LIMIT = 300
"""Seconds that a file may take."""


@dataclass(frozen=True)
class Compiled:
    """What became of a file.

    Attributes
    ----------
    file, lines, seconds
        Its name, its length, and how long Coq took; 0 where an earlier compilation still holds.
    error
        What Coq objected to; "" where nothing.
    """

    file: str
    lines: int
    seconds: float
    error: str = ""


def present() -> bool:
    """Return whether Coq is on this machine."""
    return shutil.which("coqc") is not None


def version() -> str | None:
    """Return the version of Coq on this machine, None where there is none.

    Raises
    ------
    ValueError
        If it does not say.
    """
    if not present():
        return None
    said = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, check=False)
    words = said.stdout.split()
    if said.returncode or not words:
        raise ValueError(
            f"`coqc --print-version` fails: {said.stderr.strip() or 'it says nothing'}"
        )
    return words[0]


def compile_all(
    files: Sequence[File],
    out: Path = OUT,
    jobs: int = 2,
    done: Callable[[Compiled], None] = lambda outcome: None,
) -> tuple[Compiled, ...]:
    """Compile the files that have changed, and those that import one; ``done`` hears of each.

    Raises
    ------
    ValueError
        If Coq is not there.
    """
    coq = version()
    if coq is None:
        raise ValueError(ABSENT)
    out.mkdir(parents=True, exist_ok=True)
    _forget(files, out)
    stamps = _digests(files, coq)
    waiting = {file.name: file for file in files}
    outcomes: dict[str, Compiled] = {}
    with ThreadPoolExecutor(jobs) as pool:
        running: dict[Future[Compiled], str] = {}
        while waiting or running:
            for name, file in list(waiting.items()):
                if len(running) < jobs and all(needed in outcomes for needed in file.imports):
                    del waiting[name]
                    failed = [needed for needed in file.imports if outcomes[needed].error]
                    running[pool.submit(_one, file, failed, out, stamps)] = name
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                outcomes[running.pop(future)] = outcome = future.result()
                done(outcome)
    return tuple(outcomes[file.name] for file in files)


def _forget(files: Sequence[File], out: Path) -> None:
    """Remove what was compiled of files that are gone, which an import could find."""
    expected = {out / f"{file.path}.vo" for file in files}
    for compiled in set(out.rglob("*.vo")) - expected:
        compiled.unlink()


def _digests(files: Sequence[File], coq: str) -> dict[str, str]:
    """Return of each file a digest of all that decides what Coq says of it."""
    found: dict[str, str] = {}
    for file in files:
        parts = (coq, *FLAGS, file.path, file.text, *(found[name] for name in file.imports))
        found[file.name] = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return found


def _one(file: File, failed: Sequence[str], out: Path, stamps: Mapping[str, str]) -> Compiled:
    if failed:
        return Compiled(file.name, file.lines, 0.0, f"imports {failed[0]}, which was not compiled")
    stamp, compiled = out / f"{file.path}.stamp", out / f"{file.path}.vo"
    if compiled.exists() and stamp.exists() and stamp.read_bytes() == _seal(compiled, file, stamps):
        return Compiled(file.name, file.lines, 0.0)
    stamp.unlink(missing_ok=True)
    safe.write(out / f"{file.path}.v", file.text.encode())
    began = time.perf_counter()
    error = coqc(f"{file.path}.v", out)[1]
    seconds = time.perf_counter() - began
    if not error:
        safe.write(stamp, _seal(compiled, file, stamps))
    return Compiled(file.name, file.lines, seconds, error)


def _seal(compiled: Path, file: File, stamps: Mapping[str, str]) -> bytes:
    """Return what is kept of a compiled file: of what it is made, and what it is."""
    return f"{stamps[file.name]} {hashlib.sha256(compiled.read_bytes()).hexdigest()}".encode()


def coqc(file: str, folder: Path, limit: float = LIMIT) -> tuple[str, str]:
    """Let Coq compile a file of a folder; return what it printed, and what it objected to."""
    command = ["coqc", *FLAGS, file]
    try:
        said = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        return "", f"took longer than {limit:g} s"
    if said.returncode == 0:
        return said.stdout, ""
    return said.stdout, said.stderr.strip() or f"coqc ended with status {said.returncode}"
