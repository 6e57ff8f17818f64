# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Checking methods against their records, and recording them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from momo.conformance.regression import record
from momo.conformance.regression.compare import Change, compared
from momo.conformance.regression.forms import forms_of
from momo.conformance.regression.problems import PROBLEMS, Array
from momo.conformance.regression.record import GOLDEN, Golden
from momo.conformance.subject import is_method
from momo.lookup import choices, inside, meaning
from momo.methods import METHODS, Row


@dataclass(frozen=True)
class Found:
    """What a method does now.

    Attributes
    ----------
    changes
        One for each form and problem, in that order.
    trajectories
        As `Golden.trajectories`, without those that failed.
    """

    changes: tuple[Change, ...]
    trajectories: dict[tuple[str, str], Array]


def selected(
    names: Iterable[str], methods: Mapping[str, Row] = METHODS, folder: Path = GOLDEN
) -> list[str]:
    """Return the names given, or those of all methods and of all files.

    Raises
    ------
    ValueError
        If there is neither a method nor a file of a name.
    """
    every = dict.fromkeys([*methods, *record.recorded(folder)])
    chosen = list(dict.fromkeys(names)) or list(every)
    for name in chosen:
        if name not in every:
            meant = meaning(inside(name, is_method))
            said = meant or choices(name, every, "or module:Class")
            raise ValueError(f"method {name!r} is unknown; {said}")
    return chosen


def checked(row: Row, golden: Golden | None) -> Found:
    """Return what a method does now, compared with its record."""
    changes, trajectories = [], {}
    for form, run in forms_of(row).items():
        for problem in PROBLEMS:
            about = (row.name, form, problem.name)
            try:
                with warnings.catch_warnings():  # one of the problems is there for that
                    warnings.filterwarnings("ignore", "a loss of .* lies below its lower bound")
                    trajectory = run(row, problem, None)
            except ModuleNotFoundError:
                raise
            except Exception as error:  # whatever a method raises is what it does now
                first = (str(error).splitlines() or [""])[0]
                changes.append(Change(*about, "failed", detail=f"{type(error).__name__}: {first}"))
                continue
            key = (problem.name, form)
            trajectories[key] = trajectory
            if golden is None or key not in golden.trajectories:
                changes.append(Change(*about, "new"))
                continue
            spread = golden.spreads[problem.name]
            changes.append(compared(*about, golden.trajectories[key], spread, trajectory))
    return Found(tuple(changes), trajectories)


def check(
    names: Iterable[str] = (), methods: Mapping[str, Row] = METHODS, folder: Path = GOLDEN
) -> Iterator[tuple[str, Found]]:
    """Yield for each method what it does now; see `selected` for the names."""
    for name in selected(names, methods, folder):
        if name in methods:
            yield name, checked(methods[name], record.read(name, folder))
        else:
            yield name, Found((Change(name, "", "", "gone"),), {})


def refuse_failed(name: str, found: Found) -> None:
    """Raise if a method failed.

    Raises
    ------
    ValueError
        With what it has raised.
    """
    for change in found.changes:
        if change.state == "failed":
            raise ValueError(
                f"{name} ({change.form}) failed on the problem {change.problem!r}:"
                f" {change.detail}; allowed: a method that runs"
            )


def accept(
    name: str, found: Found, methods: Mapping[str, Row] = METHODS, folder: Path = GOLDEN
) -> None:
    """Record what a method does now; of one that is gone, delete the record.

    Raises
    ------
    ValueError
        If the method failed, or rounding would change the trajectory too much.
    """
    if name not in methods:
        record.path_of(name, folder).unlink()
        return
    refuse_failed(name, found)
    spreads = {problem.name: record.spread(methods[name], problem) for problem in PROBLEMS}
    record.write(name, Golden(record.environment(), spreads, found.trajectories), folder)
