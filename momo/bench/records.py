"""The results as a file, with the facts that they depend on."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

import momo
from momo import atomic


def facts(device: torch.device) -> dict[str, str | int]:
    """Return what the results depend on, as far as torch and Python know it."""
    return {
        "momentum-models": momo.__version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": device_title(device),
        "threads": torch.get_num_threads(),
    }


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


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
