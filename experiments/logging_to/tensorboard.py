# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``--log tensorboard``: a folder of events a run, by torch.utils.tensorboard.

``tensorboard --logdir records/logs/tensorboard`` shows them. A number stands at its step, that of
an epoch at the number of steps done.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.logging_to.base import Kind, Row, scalars
from momo.installed import needed

if TYPE_CHECKING:
    from experiments.config import Run


def check() -> None:
    """Raise unless the package is there.

    Raises
    ------
    ModuleNotFoundError
        If not.
    """
    with needed("log = tensorboard", "logging"):
        import tensorboard  # noqa: F401


def open_logger(folder: Path, run: Run) -> TensorboardLogger:
    """Return a logger that begins the folder anew."""
    shutil.rmtree(folder, ignore_errors=True)
    return TensorboardLogger(folder)


class TensorboardLogger:
    """Writes scalars, called as `experiments.logging_to.base.scalars` says."""

    def __init__(self, folder: Path) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self.writer: Any = SummaryWriter(str(folder))

    def write(self, kind: Kind, row: Row) -> None:
        """Write the numbers of a row."""
        for name, value in scalars(kind, row):
            self.writer.add_scalar(name, value, row["step"])

    def flush(self) -> None:
        """Write what is in memory."""
        self.writer.flush()

    def close(self) -> None:
        """Close the file."""
        self.writer.close()
