# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Where a run can be followed while it goes on: one file a library, one line of registration."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from experiments.logging_to.base import Located, Logger, naming

if TYPE_CHECKING:
    from experiments.config import Run

__all__ = ["LogName", "Logger", "check", "folder_of", "opened"]

LogName = Literal["csv", "tensorboard", "wandb"]
"""The registry: each is the module of that name here, with `check` and `open_logger`."""


def check(names: tuple[str, ...]) -> None:
    """Raise unless all of these can be used here.

    Raises
    ------
    ValueError
        If one is unknown, or named twice.
    ModuleNotFoundError
        If a library is not installed; the message says which extra brings it.
    """
    for name in names:
        if name not in get_args(LogName) or names.count(name) > 1:
            allowed = ", ".join(get_args(LogName))
            raise ValueError(f"log = {name!r}; allowed, each once: {allowed}")
        check_one: Callable[[], None] = _module(name).check
        check_one()


def folder_of(name: str, records: Path, run: Run) -> Path:
    """Return the folder of a run: it says what the run is, and which record it has."""
    what = f"{run.workload}-{run.method}-lr{run.lr:g}-seed{run.seed}-{run.id}"
    kept = "".join(c if c.isalnum() or c in "-_." else "." for c in what)
    return records / "logs" / name / kept


def opened(name: str, records: Path, run: Run) -> Logger:
    """Return the logger of a run, with nothing of an earlier try of it.

    Raises
    ------
    UnwritableError
        If its folder cannot be written to, now or later; it ends the sweep, as a record does.
    """
    folder = folder_of(name, records, run)
    with naming(folder):
        return Located(_module(name).open_logger(folder, run), folder)


def _module(name: str) -> Any:
    return import_module(f"experiments.logging_to.{name}")
