# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Which functions each test calls, and how long it takes, before anything is broken."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from experiments.files import write
from scripts.mutants.suite import Suite, Work

Function = tuple[str, str]
"""Module and qualified name."""


@dataclass(frozen=True)
class Baseline:
    """What is known of the tests.

    Attributes
    ----------
    seconds
        By test; those that failed are left out.
    calls
        The functions of the modules in question that each test calls.
    imported
        Those that are called while modules are imported and tests collected: what they did then
        cannot be changed in a running program.
    red
        The tests that failed.
    """

    seconds: dict[str, float]
    calls: dict[str, set[Function]]
    imported: set[Function]
    red: tuple[str, ...]

    def tests_of(self, module: str, function: str) -> list[str]:
        """Return the tests that call a function, or those near some that call any of its module.

        The latter where it is called as modules are imported, or where there is no function: what
        a test reads there, a constant or a default, is noted nowhere, but the tests that read it
        stand in one file with others that call something.
        """
        if function and (module, function) not in self.imported:
            return [test for test, names in self.calls.items() if (module, function) in names]
        near = {
            test.partition("::")[0]
            for test, names in self.calls.items()
            if any(m == module for m, _ in names)
        }
        return [test for test in self.calls if test.partition("::")[0] in near]


class Tracer:
    """Notes which functions of the given files are called."""

    def __init__(self, modules: Mapping[str, Path]) -> None:
        self.names = {str(path): module for module, path in modules.items()}
        self.called: set[Function] = set()

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        """Note a call; called by Python."""
        code = frame.f_code
        module = self.names.get(code.co_filename)
        if module is not None:
            self.called.add((module, named(code.co_qualname)))

    def taken(self) -> set[Function]:
        """Return what was called since the last time."""
        called, self.called = self.called, set()
        return called


def named(qualname: str) -> str:
    """Return the innermost named function: lambdas and comprehensions belong to it."""
    parts = qualname.split(".<locals>.")
    while len(parts) > 1 and parts[-1].startswith("<"):
        parts.pop()
    return ".<locals>.".join(parts)


def measured(modules: Mapping[str, Path], store: Callable[[Baseline], None]) -> Callable[..., Work]:
    """Return the work that measures all tests; call it before anything is imported."""
    tracer = Tracer(modules)
    sys.settrace(tracer)

    def make(suite: Suite) -> Work:
        def work(items: dict[str, pytest.Item]) -> None:
            imported = tracer.taken()
            seconds: dict[str, float] = {}
            calls: dict[str, set[Function]] = {}
            red = []
            for name, item in items.items():
                start = time.perf_counter()
                sys.settrace(tracer)
                passed = suite.passes(item)
                called = tracer.taken()
                if not passed:
                    red.append(name)
                    continue
                seconds[name], calls[name] = time.perf_counter() - start, called
            sys.settrace(None)
            store(Baseline(seconds, calls, imported, tuple(red)))

        return work

    return make


def digest(paths: Iterable[Path]) -> str:
    """Return a hash of the contents of files, and of files in folders."""
    found = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            found.update(file.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def save(baseline: Baseline, path: Path, of: str) -> None:
    """Write a baseline, with the digest of what it was measured on."""
    content = {
        "of": of,
        "seconds": baseline.seconds,
        "calls": {test: sorted(names) for test, names in baseline.calls.items()},
        "imported": sorted(baseline.imported),
        "red": baseline.red,
    }
    write(path, json.dumps(content).encode())


def load(path: Path, of: str) -> Baseline | None:
    """Return a baseline that was measured on the same, or None."""
    if not path.exists():
        return None
    content = json.loads(path.read_text())
    if content.pop("of") != of:
        return None
    return Baseline(
        content["seconds"],
        {test: {(m, f) for m, f in names} for test, names in content["calls"].items()},
        {(m, f) for m, f in content["imported"]},
        tuple(content["red"]),
    )
