# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Starts the script of a test with several ranks, and gathers what they found."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch

PATIENCE = 300
"""Seconds after which the processes are stopped; gloo gives up on a lost message after 30."""


def run(script: str | None, arguments: list[str], folder: Path) -> str:
    """Run a script that starts its ranks; return what it has printed, which is in the folder."""
    assert script is not None
    path = os.pathsep.join(p for p in sys.path if p)
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, script, *arguments],
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": path},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return (folder / "output").read_text()


def results(script: str | None, what: str, ranks: int, folder: Path) -> list[dict[str, Any]]:
    """Return what each rank has found, in a folder of its own for this."""
    own = folder / what
    own.mkdir()
    printed = run(script, [what, str(own)], own)
    files = [own / f"result-{rank}.pt" for rank in range(ranks)]
    assert all(file.exists() for file in files), printed
    return [torch.load(file, weights_only=True) for file in files]


def of_check(check: str, found: list[dict[str, Any]]) -> list[Any]:
    """Return what the ranks have found in a check; what one says instead is a failure."""
    named = [one.get(check, "did not come so far") for one in found]
    for rank, result in enumerate(named):
        assert not isinstance(result, str), f"rank {rank}: {result}"
    return named
