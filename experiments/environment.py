# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What a result depends on besides its run: versions and hardware; and the device to use."""

from __future__ import annotations

import platform
import subprocess
from functools import cache
from pathlib import Path

import torch

import momo
from momo.bench.records import device_title


def facts(device: torch.device, ranks: int = 1) -> dict[str, str | int | None]:
    """Return versions and hardware, by the names of the columns of a record."""
    return {
        "version": momo.__version__,
        "commit": commit(),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": device_title(device),
        "threads": torch.get_num_threads(),
        "ranks": ranks,
    }


def device_of(name: str) -> torch.device:
    """Return the device of this name; "auto" is the GPU if there is one.

    Raises
    ------
    ValueError
        If torch cannot use it.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:  # torch without CUDA asserts
        reason = str(error).splitlines()[0]
        raise ValueError(f"device = {name} cannot be used: {reason}") from None
    return device


@cache
def commit() -> str | None:
    """Return the commit of the checkout this code is in, with "+" if files differ from it."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--abbrev=12", "--dirty=+", "--exclude=*"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
