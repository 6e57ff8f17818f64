# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``--log wandb``: a run of Weights & Biases in the project ``momentum-models``, by its library.

Its id is that of the record. Where no key is known, or the server cannot be reached, it is recorded
offline; ``wandb sync`` sends it later. ``WANDB_MODE`` and ``WANDB_PROJECT`` are heeded.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.logging_to.base import Kind, Row, scalars
from momo.installed import needed

if TYPE_CHECKING:
    from experiments.config import Run

PROJECT = "momentum-models"


def check() -> None:
    """Raise unless the package is there.

    Raises
    ------
    ModuleNotFoundError
        If not.
    """
    with needed("log = wandb", "logging"):
        import wandb  # noqa: F401


def open_logger(folder: Path, run: Run) -> WandbLogger:
    """Return a logger that goes on where the server's run of this id is."""
    import wandb

    folder.mkdir(parents=True, exist_ok=True)
    about: dict[str, Any] = {
        "project": os.environ.get("WANDB_PROJECT", PROJECT),
        "id": run.id,
        "name": f"{run.workload} {run.method} lr {run.lr:g} seed {run.seed}",
        "config": asdict(run),
        "dir": str(folder),
        "resume": "allow",
        "reinit": "create_new",
        "settings": {"quiet": True},
    }
    mode: Any = os.environ.get("WANDB_MODE")
    if mode is None:
        mode = "online" if wandb.login(prompt=False, verify=False) else "offline"
    if mode == "offline":
        about["resume"] = None  # there is nothing to go on from
    try:
        return WandbLogger(wandb.init(mode=mode, **about))
    except wandb.errors.CommError:
        return WandbLogger(wandb.init(mode="offline", **{**about, "resume": None}))


class WandbLogger:
    """Logs scalars, called as `experiments.logging_to.base.scalars` says, at their steps."""

    def __init__(self, run: Any) -> None:
        self.run = run
        # A run that goes on has its first steps already, and takes none of them again.
        self.known = run.starting_step if run.resumed else 0

    def write(self, kind: Kind, row: Row) -> None:
        """Log the numbers of a row."""
        if row["step"] >= self.known:
            self.run.log(dict(scalars(kind, row)), step=row["step"])

    def flush(self) -> None:
        """Do nothing: a process of the library's own sends what it was given."""

    def close(self) -> None:
        """End the run."""
        self.run.finish()
