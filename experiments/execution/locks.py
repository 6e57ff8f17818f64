# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Which runs are being done, and by whom: locks and signs of life beside the records.

A run is done under a lock of its own, so that several sweeps can share a folder. The lock belongs
to the process: it is gone when that ends, however it ends.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from experiments.files import UnwritableError, write

SIGN_EVERY = 1.0
"""Seconds between two signs of life."""


@dataclass(frozen=True)
class Sign:
    """A sign of life of a run in flight.

    Attributes
    ----------
    run
        Its id.
    share
        How much of it is done.
    started
        When, in seconds since the epoch.
    process
        Which process, on which machine.
    """

    run: str
    share: float
    started: float
    process: str


class BusyError(Exception):
    """Another process is doing this run."""


@contextmanager
def claimed(folder: Path, run: str, wait: bool) -> Iterator[Callable[[float], None]]:
    """Do a run under its lock; what is yielded takes the share that is done.

    Raises
    ------
    BusyError
        If another process has it, and ``wait`` is false.
    """
    lock_path, sign_path = _paths(folder, run)
    lock_path.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(lock_path, timeout=-1 if wait else 0)
        lock.acquire()
    except Timeout:
        raise BusyError(run) from None
    try:
        yield _signs(sign_path, run)
    finally:
        sign_path.unlink(missing_ok=True)
        # While it is held: who waited for this file finds the record when its turn comes.
        lock_path.unlink(missing_ok=True)
        lock.release()


def in_flight(folder: Path) -> list[Sign]:
    """Return the signs of life of the runs that are being done."""
    found = []
    for path in sorted((folder / ".running").glob("*.json")):
        try:
            sign = Sign(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            continue
        lock_path, _ = _paths(folder, sign.run)
        if lock_path.exists() and not _free(lock_path):
            found.append(sign)
    return found


def abandoned(folder: Path, runs: Container[str], since: float) -> list[str]:
    """Return those of some runs that were begun since then, and whose process is gone."""
    found = []
    for path in sorted((folder / ".running").glob("*.json")):
        try:
            sign = Sign(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            continue
        lock_path, _ = _paths(folder, sign.run)
        if sign.run in runs and sign.started >= since and _free(lock_path):
            found.append(sign.run)
    return found


def shares(folder: Path, runs: Container[str]) -> float:
    """Return the sum of the shares that are done of these runs in flight, as they last said."""
    total = 0.0
    for path in (folder / ".running").glob("*.json"):
        if path.stem not in runs:
            continue
        try:
            total += float(json.loads(path.read_text(encoding="utf-8"))["share"])
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return total


def _paths(folder: Path, run: str) -> tuple[Path, Path]:
    return folder / ".running" / f"{run}.lock", folder / ".running" / f"{run}.json"


def _free(path: Path) -> bool:
    """Return whether no process has a lock; where that cannot be tried, some process has."""
    try:
        with FileLock(path, timeout=0):
            return True
    except (Timeout, OSError):  # as in a folder of somebody else's
        return False


def _signs(path: Path, run: str) -> Callable[[float], None]:
    started, last = time.time(), 0.0

    def report(share: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > SIGN_EVERY:
            last = now
            process = f"{os.getpid()} on {platform.node()}"
            sign = {"run": run, "share": share, "started": started, "process": process}
            # Where there is no space for a sign now, there may be for the record in the end.
            with suppress(UnwritableError):
                write(path, json.dumps(sign).encode(), lasting=False)

    return report
