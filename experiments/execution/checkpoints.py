# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Checkpoints: parameters, the optimizer's state, and how far a run is, under a seal."""

from __future__ import annotations

import io
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn

from experiments.execution.progress import Progress
from experiments.files import write
from experiments.sealed import with_seal, without_seal


def read(path: Path, model: nn.Module, optimizer: Any, device: torch.device) -> Progress:
    """Let model and optimizer go on from a checkpoint, and return how far it is.

    Raises
    ------
    ValueError
        If the file is damaged, or a checkpoint of another run.
    """
    try:
        data = io.BytesIO(without_seal(path.read_bytes()))
        stored = torch.load(data, map_location=device, weights_only=True)
        model.load_state_dict(stored["model"])
        optimizer.load_state_dict(stored["optimizer"])
        return Progress(**stored["progress"])
    except Exception as error:
        raise ValueError(
            f"{path} is no readable checkpoint of this run ({type(error).__name__});"
            " delete it to start anew"
        ) from error


def save(path: Path, model: nn.Module, optimizer: Any, progress: Progress) -> None:
    """Write a checkpoint; the file is whole or not there.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    buffer = io.BytesIO()
    stored = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "progress": asdict(progress),
    }
    torch.save(stored, buffer)
    write(path, with_seal(buffer.getvalue()))
