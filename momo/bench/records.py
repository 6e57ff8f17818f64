# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The results as a file, with the facts that they depend on."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from momo.installed import needed

with needed(__name__, "bench"):
    import torch

import momo
from momo import atomic

PROCESSORS = Path("/proc/cpuinfo")


def facts(device: torch.device) -> dict[str, str | int]:
    """Return what the results depend on, as far as torch and Python know it."""
    return {
        "momentum-models": momo.__version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": device_title(device),
        "processor": processor(),
        "cores": os.cpu_count() or 0,
        "threads": torch.get_num_threads(),
    }


def processor() -> str:
    """Return the model of the CPU, or its architecture where the system does not say."""
    try:
        lines = PROCESSORS.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def device_title(device: torch.device) -> str:
    """Return what a device is, as far as torch says."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "cpu":
        return f"CPU with {torch.backends.cpu.get_cpu_capability()}"
    return device.type


def write(path: Path, known: Mapping[str, Any], tables: Mapping[str, Sequence[Any]]) -> None:
    """Write the facts, and each table as a list of objects, as JSON.

    What is not finite becomes null.
    """
    content = {
        "facts": dict(known),
        **{name: [asdict(row) for row in rows] for name, rows in tables.items()},
    }
    text = json.dumps(_finite(content), indent=1, ensure_ascii=False, allow_nan=False)
    atomic.write(path, f"{text}\n".encode())


def read(path: Path) -> dict[str, Any]:
    """Return what `write` has written.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is something else.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is not JSON ({error}); allowed: a file of --json") from None
    if not isinstance(found, dict) or not isinstance(found.get("facts"), dict):
        raise ValueError(f"{path} has no facts; allowed: a file of --json")
    return found


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
