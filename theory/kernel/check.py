"""Compiles theory/rocq, asks the kernel, and compares the statements with those recorded."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from theory import files as safe
from theory.kernel import audit, sources
from theory.kernel.build import ABSENT, OUT, Compiled, compile_all, coqc, version
from theory.kernel.outcomes import Outcome, save, state
from theory.kernel.sources import File


def check(
    jobs: int = 2,
    record: bool = False,
    done: Callable[[Compiled], None] = lambda outcome: None,
    folder: Path = sources.FOLDER,
    out: Path = OUT,
    prose: Iterable[audit.Prose] = (),
) -> Outcome:
    """Return what the kernel says of the files in ``folder``, and keep it in ``out``.

    ``record`` writes the statements down instead of comparing them; ``done`` hears of each file;
    ``prose`` are the theorems in words that are recorded beside those that they name.

    Raises
    ------
    ValueError
        If Coq is not there, or the files are not, or Coq cannot be asked.
    """
    files = sources.read(folder)
    coq = version()
    if coq is None:
        raise ValueError(ABSENT)
    compiled = compile_all(files, out, jobs, done)
    wrong = [f"{item.file}.v: {item.error}" for item in compiled if item.error]
    wrong += sources.objections(files)
    good = {item.file for item in compiled if not item.error}
    ready = sorted((file for file in files if file.name in good), key=sources.place)
    said = asked(ready, out)
    wrong += unfounded(ready, said.axioms, out)
    recorded = folder / audit.RECORD.name
    now = audit.record(ready, said, coq, prose)
    if record:
        if not wrong:
            safe.write(recorded, now.encode())
    elif not recorded.exists():
        wrong.append(f"there is no {recorded.name}: `python -m theory rocq --record` writes it")
    elif len(ready) == len(files):
        wrong += audit.changed(recorded.read_text("utf-8"), now)
    printed = audit.version_of(recorded.read_text("utf-8")) if recorded.exists() else ""
    outcome = Outcome(
        coq=coq,
        recorded=printed,
        sources=state(files, folder),
        files=compiled,
        audited=said.audited,
        axioms=said.axioms,
        objections=tuple(wrong),
    )
    save(outcome, out)
    return outcome


def asked(files: Sequence[File], out: Path = OUT) -> audit.Answers:
    """Return what Coq says of compiled files: definitions, statements, axioms.

    Raises
    ------
    ValueError
        If it does not say it.
    """
    safe.write(out / "questions.v", audit.questions(files).encode())
    said, error = coqc("questions.v", out)
    if error:
        raise ValueError(f"Coq cannot be asked; if build/rocq is damaged, remove it: {error}")
    return audit.answers(files, said)


def unfounded(files: Sequence[File], axioms: Sequence[str], out: Path = OUT) -> Iterator[str]:
    """Yield the files whose theorems rest on an axiom that is not allowed."""
    if not audit.unknown(axioms):
        return
    for file in files:
        for axiom in audit.unknown(asked([file], out).axioms) if file.stated else ():
            yield f"{file.name}.v: {', '.join(item.name for item in file.stated)} rest on {axiom}"


def second_opinion(out: Path = OUT) -> list[str]:
    """Let coqchk check the compiled files, with all they import; return what it objects to.

    It is a second kernel that shares no state with the one that compiled them.
    """
    names = [path.relative_to(out).with_suffix(".vo") for path in sorted(out.rglob("*.stamp"))]
    command = ["coqchk", "-silent", "-o", "-R", ".", sources.ROOT, *map(str, names)]
    said = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
    if said.returncode:
        return [f"coqchk: {said.stderr.strip() or said.stdout.strip()}"]
    # It lists the axioms of all libraries that are loaded, used or not; those made here count.
    lines = (said.stdout + said.stderr).splitlines()
    return [f"coqchk: {line.strip()}" for line in lines if f"{sources.ROOT}." in line]
