"""Compiles theory/rocq, asks the kernel, and compares the statements with those recorded."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from theory import files as safe
from theory.kernel import audit, sources
from theory.kernel.build import ABSENT, OUT, Compiled, compile_all, coqc, version
from theory.kernel.outcomes import Outcome, save
from theory.kernel.sources import File


def check(
    jobs: int = 2,
    record: bool = False,
    done: Callable[[Compiled], None] = lambda outcome: None,
    folder: Path = sources.FOLDER,
    out: Path = OUT,
) -> Outcome:
    """Return what the kernel says of the files in ``folder``, and keep it in ``out``.

    ``record`` writes the statements down instead of comparing them; ``done`` hears of each file.

    Raises
    ------
    ValueError
        If Coq is not there, or the files are not.
    """
    files = sources.read(folder)
    coq = version()
    if coq is None:
        raise ValueError(ABSENT)
    compiled = compile_all(files, out, jobs, done)
    wrong = [f"{item.file}.v: {item.error}" for item in compiled if item.error]
    wrong += sources.objections(files)
    good = [file for file, item in zip(files, compiled, strict=True) if not item.error]
    said = {item.file: item.said for item in compiled}
    audited = tuple(
        answer
        for file in sorted(good, key=sources.place)
        for answer in audit.answers(file, said[file.name])
    )
    axioms = foundations(good, out) if audited else ()
    wrong += unfounded(good, axioms, out)
    recorded = folder / audit.RECORD.name
    if record and not wrong:
        safe.write(recorded, audit.record(audited, coq).encode())
    elif not recorded.exists():
        wrong.append(f"there is no {recorded.name}: `python -m theory rocq --record` writes it")
    else:
        wrong += audit.changed(audited, coq, recorded.read_text("utf-8"))
    outcome = Outcome(coq, sources.digest(files), compiled, audited, axioms, tuple(wrong))
    save(outcome, out)
    return outcome


def foundations(files: Sequence[File], out: Path = OUT) -> tuple[str, ...]:
    """Return the axioms that the theorems and examples of compiled files rest on.

    Raises
    ------
    ValueError
        If Coq does not say it.
    """
    safe.write(out / "foundations.v", audit.foundations(files).encode())
    said, error = coqc("foundations.v", out)
    if error:
        raise ValueError(f"the compiled theorems could not be asked: {error}")
    return audit.axioms(said)


def unfounded(files: Sequence[File], axioms: Sequence[str], out: Path = OUT) -> Iterator[str]:
    """Yield the files whose theorems rest on an axiom that is not allowed."""
    if not audit.unknown(axioms):
        return
    for file in files:
        for axiom in audit.unknown(foundations([file], out)) if file.stated else ():
            yield f"{file.name}.v: {', '.join(item.name for item in file.stated)} rest on {axiom}"


def second_opinion(out: Path = OUT) -> list[str]:
    """Let coqchk check the compiled files, with all they import; return what it objects to.

    It is a second kernel that shares no state with the one that compiled them.
    """
    names = [path.relative_to(out).with_suffix(".vo") for path in sorted(out.rglob("*.said"))]
    command = ["coqchk", "-silent", "-o", "-R", ".", sources.ROOT, *map(str, names)]
    said = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
    if said.returncode:
        return [f"coqchk: {said.stderr.strip() or said.stdout.strip()}"]
    return list(_unknown(said.stdout + said.stderr))


def _unknown(said: str) -> Iterator[str]:
    """Yield the axioms that coqchk reports and that are not allowed.

    It lists those of all libraries that are loaded, whether or not a theorem uses them: of the
    standard library, excluded middle is loaded with the Reals. Those of this project count.
    """
    for axiom in re.findall(r"^\s+([\w.']+)$", said, re.MULTILINE):
        if axiom.startswith(f"{sources.ROOT}."):
            yield f"coqchk: {axiom} is an axiom"
