# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Computed optima, kept in the platform's cache folder and checked when they are read."""

from __future__ import annotations

import hashlib
import inspect
import io
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict, fields, is_dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from theory.files import cache_folder, read_sealed, write_sealed
from theory.optimum import Optimum, compute
from theory.problems.base import Problem


def folder() -> Path:
    """Return the folder of the optima."""
    return cache_folder() / "optima"


def key(problem: Problem) -> str:
    """Return the name of a problem's entry: its data, its code, the certificate's, the solvers.

    The data alone would not do: who corrects the cvxpy form of a new problem must not be shown the
    certificate of the wrong one.
    """
    digest = hashlib.sha256(problem.fingerprint())
    solvers = f"{version('cvxpy')} {version('clarabel')} {version('numpy')}"
    digest.update(f"{problem.name} {solvers}".encode())
    for module in sorted({compute.__module__, *modules(problem)}):
        source = getattr(sys.modules.get(module), "__file__", None)
        if source is not None:
            digest.update(Path(source).read_bytes())
    return digest.hexdigest()


def modules(thing: object) -> set[str]:
    """Return the modules that define a problem: those of its class, its parts and their functions.

    Parts are the fields of a dataclass that are dataclasses or functions themselves.
    """
    if isinstance(thing, partial):
        return modules(thing.func)
    found = {thing.__module__ if inspect.isroutine(thing) else type(thing).__module__}
    for field in fields(thing) if is_dataclass(thing) else ():
        part = getattr(thing, field.name)
        if callable(part) or is_dataclass(part):
            found |= modules(part)
    return {name for name in found if name}


def optimum(
    problem: Problem, where: Path | None = None, solve: Callable[[Problem], Optimum] = compute
) -> Optimum:
    """Return the problem's optimum, from the cache if a sound entry is there.

    An entry is its SHA-256 followed by the data. One that does not match (cut short, damaged,
    edited) is reported by a warning, computed again and replaced. A folder that cannot be written
    costs time, not the result.
    """
    path = (folder() if where is None else where) / f"{key(problem)}.npz"
    try:
        return _decode(read_sealed(path))
    except (FileNotFoundError, NotADirectoryError):
        pass
    except ValueError as error:
        warnings.warn(f"cache entry {path} is damaged ({error}); computing it again", stacklevel=2)
    except OSError as error:
        warnings.warn(f"cache entry {path} cannot be read: {error}", stacklevel=2)
    result = solve(problem)
    try:
        write_sealed(path, _encode(result))
    except OSError as error:
        warnings.warn(f"the optimum of {problem.name} was not cached: {error}", stacklevel=2)
    return result


def _encode(result: Optimum) -> bytes:
    buffer = io.BytesIO()
    entries = asdict(result) | {"objections": np.array(result.objections, dtype=np.str_)}
    np.savez(buffer, **entries)
    return buffer.getvalue()


def _decode(data: bytes) -> Optimum:
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        entries = {field.name: stored[field.name] for field in fields(Optimum)}
    numbers = {name: value.item() for name, value in entries.items() if value.ndim == 0}
    return Optimum(
        solution=entries["solution"],
        objections=tuple(str(text) for text in entries["objections"]),
        **numbers,
    )
