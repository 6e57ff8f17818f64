# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Named edits of the theory's own code: each is a way to make ``verify`` accept what is false.

An edit replaces one piece of text by another in one file, and names the tests that have to notice.
It is made in a process of its own, as the module is imported; no file changes.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console

ROOT = Path(__file__).parents[2]
LISTED = ROOT / "tests" / "mutants" / "theory.toml"

CHILD = """
import sys
from scripts.mutants import patching, suite
import pytest
module, tests = sys.argv[1], sys.argv[2:]
if module:
    patching.import_as(module, sys.stdin.buffer.read())
sys.exit(pytest.main([*suite.QUIET, "-x", *tests]))
"""
"""What the process does: it imports a module from what it reads, and runs tests."""


@dataclass(frozen=True)
class Edit:
    """One change.

    Attributes
    ----------
    name
        What it is, in a few words.
    file
        The file, relative to the root.
    old, new
        The text that is replaced, which stands there once, and what takes its place.
    tests
        The tests that have to notice, as pytest names them.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def module(self) -> str:
        """The module's name."""
        return ".".join(Path(self.file).with_suffix("").parts)

    def source(self, root: Path = ROOT) -> str:
        """Return the changed source.

        Raises
        ------
        ValueError
            If the old text does not stand there exactly once.
        """
        text = (root / self.file).read_text()
        if text.count(self.old) != 1:
            times = text.count(self.old)
            raise ValueError(f"edit {self.name!r}: {self.file} has its text {times} times")
        return text.replace(self.old, self.new)


def read(path: Path = LISTED) -> tuple[Edit, ...]:
    """Return the edits that are listed.

    Raises
    ------
    ValueError
        If a name stands there twice.
    """
    listed = tomllib.loads(path.read_text())["edit"]
    edits = tuple(Edit(**{**one, "tests": tuple(one["tests"])}) for one in listed)
    names = [edit.name for edit in edits]
    if len(set(names)) != len(names):
        raise ValueError(f"{path} lists a name twice")
    return edits


def passes(module: str, source: str, tests: Iterable[str], root: Path, seconds: float) -> bool:
    """Return whether tests pass where a module has another source; all of none: ''."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", CHILD, module, *tests],
            input=source.encode(),
            cwd=root,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode not in (0, 1):
        raise ValueError(f"tests cannot run: {done.stdout.decode()}{done.stderr.decode()}")
    return done.returncode == 0


@dataclass(frozen=True)
class Theory:
    """Make each of the listed edits of the theory's code, and see whether its tests notice.

    Exit status 0: all are noticed; 1: one is not; 2: an edit does not fit the code, or a test fails
    already.
    """

    names: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Parts of the names of edits; default: all."""
    jobs: int = 1
    """How many processes."""
    seconds: float = 600.0
    """A change after which tests take longer than this is noticed, too."""

    def run(self) -> int:
        """Try the edits, and return the exit status."""
        console = Console(highlight=False)
        edits = [
            edit
            for edit in read()
            if not self.names or any(name in edit.name for name in self.names)
        ]
        sources = {edit.name: edit.source() for edit in edits}
        every = sorted({test for edit in edits for test in edit.tests})
        if not passes("", "", every, ROOT, self.seconds * max(len(edits), 1)):
            raise ValueError("a test fails with nothing changed")

        def tried(edit: Edit) -> bool:
            return passes(edit.module, sources[edit.name], edit.tests, ROOT, self.seconds)

        survived = 0
        with ThreadPoolExecutor(self.jobs) as pool:
            for edit, passed in zip(edits, pool.map(tried, edits), strict=True):
                survived += passed
                verdict = "survived" if passed else "noticed "
                console.print(f"{verdict}  {edit.file}: {edit.name}", markup=False)
        console.print(f"{len(edits) - survived} of {len(edits)} edits are noticed")
        return 1 if survived else 0
