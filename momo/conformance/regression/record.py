# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The trajectories on record: what is stored of a method, and what rounding may do to it.

One JSON file a method, in `GOLDEN` or in a folder of one's own, with ten digits of every number and
a line for every step, so that a change of the file says itself what has moved. Beside them stands
the environment in which they were recorded.

Another machine rounds otherwise: its sums run in another order, its matrix products use other
instructions. What that does to a trajectory depends on the method and the problem, so it is
measured. A step adds up some tens of numbers, which rounding changes by at most some tens of
2⁻⁵³ of what is added up; 2⁻⁴⁴ of itself, 512 times 2⁻⁵³, is more. So the NumPy form runs again
with parameters, loss and gradients changed by random parts up to 2⁻⁴⁴ before every step, a few
times; the largest change of any number of a step is the *spread* of the step. It is stored, and a
trajectory is the one on record while no number is off by more than that and half a digit. On these
problems it is near 1e-12, and a constant that is changed is seen by thousands of times that.
"""

from __future__ import annotations

import json
import platform
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from momo import atomic
from momo.conformance.regression.compare import DIGITS, differences
from momo.conformance.regression.forms import forms_of
from momo.conformance.regression.problems import Array, Problem
from momo.methods import Row

GOLDEN = Path(__file__).parents[1] / "golden"
"""The folder of the files."""
NOISE = 2.0**-44
SEEDS = range(3)
LARGEST = 1e-7
"""A step whose spread is larger says nothing: recording it is refused."""


@dataclass(frozen=True)
class Golden:
    """The trajectories of a method.

    Attributes
    ----------
    environment
        Versions of what the numbers depend on, and the platform.
    spreads
        By problem, shape (steps,).
    trajectories
        By problem and form, shape (steps, columns).
    """

    environment: dict[str, str]
    spreads: dict[str, Array]
    trajectories: dict[tuple[str, str], Array]


def environment() -> dict[str, str]:
    """Return the versions of what the numbers depend on, and the platform."""
    system = f"{platform.system()} {platform.machine()}"
    found = {"platform": system, "python": platform.python_version()}
    for package in ("numpy", "torch"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "none"
    return found


def spread(row: Row, problem: Problem) -> Array:
    """Return what rounding may do to each step, as a part of its numbers; shape (steps,).

    It never falls from one step to the next: what has grown once may grow again.

    Raises
    ------
    ValueError
        If it is so large that the trajectory would say nothing.
    """
    run = next(iter(forms_of(row).values()))
    exact = run(row, problem, None)
    found = np.zeros(len(exact))
    for seed in SEEDS:
        generator = np.random.default_rng(seed)

        def noisy(a: Array, generator: np.random.Generator = generator) -> Array:
            return a * (1 + NOISE * (2 * generator.random(a.shape) - 1))

        changed = differences(exact, run(row, problem, noisy))
        found = np.maximum(found, changed.max(axis=1))
    if not found.max() < LARGEST:
        raise ValueError(
            f"rounding may change {row.name} on the problem {problem.name!r} by {found.max():.1e}"
            f" of itself; allowed: {LARGEST:g} (the trajectory would be worthless as a record)"
        )
    return np.maximum.accumulate(found)


def path_of(method: str, folder: Path) -> Path:
    """Return the name of a method's file; a colon is no character of one everywhere."""
    return folder / f"{method.replace(':', '.')}.json"


def recorded(folder: Path) -> list[str]:
    """Return the methods that a folder has records of, by the names by which they were recorded."""
    found = []
    for path in sorted(folder.glob("*.json")):
        first = path.read_text(encoding="utf-8")[:1000]
        own = re.match(r'\{"method": "([^"]+)"', first)
        found.append(own[1] if own else path.stem)
    return found


def read(method: str, folder: Path) -> Golden | None:
    """Return what is on record of a method; None where there is nothing.

    Raises
    ------
    ValueError
        If the file is damaged.
    """
    path = path_of(method, folder)
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        problems = content["problems"]
        return Golden(
            content["environment"],
            {name: np.array(one["spread"], dtype=float) for name, one in problems.items()},
            {
                (name, form): np.array(steps, dtype=float)
                for name, one in problems.items()
                for form, steps in one.items()
                if form != "spread"
            },
        )
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ValueError(f"{path} is damaged ({error}); allowed: what accept writes") from error


def write(method: str, golden: Golden, folder: Path) -> None:
    """Write a method's file; the same trajectories make the same bytes."""
    blocks = []
    for problem, spreads in golden.spreads.items():
        entries = [f'"spread": [{_line(spreads, 2)}]']
        for (name, form), steps in golden.trajectories.items():
            if name == problem:
                lines = ",\n".join(f"   [{_line(step, DIGITS)}]" for step in steps)
                entries.append(f'"{form}": [\n{lines}]')
        blocks.append(f' "{problem}": {{\n  ' + ",\n  ".join(entries) + "}")
    known = json.dumps(golden.environment, sort_keys=True)
    # The file of a method of the table is called as the method.
    own = f'"method": {json.dumps(method)},\n' if ":" in method else ""
    text = f'{{{own}"environment": {known},\n"problems": {{\n' + ",\n".join(blocks) + "}}\n"
    path = path_of(method, folder)
    try:
        atomic.write(path, text.encode())
    except OSError as error:
        why = error.strerror or type(error).__name__
        said = f"{path} cannot be written: {why}; allowed: {_elsewhere(folder)}"
        raise ValueError(said) from error


def _elsewhere(folder: Path) -> str:
    if folder != GOLDEN:
        return "a folder in which you may write"
    return (
        "a checkout of the project, or a package in which you may write; records of your own"
        " methods go elsewhere, with record --into FOLDER"
    )


def _line(numbers: Array, digits: int) -> str:
    # JSON's readers know NaN and Infinity by these names.
    return ",".join(json.dumps(float(f"{number:.{digits - 1}e}")) for number in numbers)
