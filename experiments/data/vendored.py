# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The slices of real data that are part of the repository, so that everything runs without network.

Each is a folder of ``slices`` in a format that a reader here reads, compressed by xz; ``NOTICE``
there says what it is from and under which licence. ``scripts/make_slices.py`` makes them, and
writes their checksums to ``slices/SHA256SUMS``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments.data.base import Clicks, DamagedDataError, Splits
from experiments.data.compressed import find
from experiments.data.criteo import in_time, read_clicks

SLICES = Path(__file__).parent / "slices"
SUMS = "SHA256SUMS"
FLIGHTS_TRAIN, FLIGHTS_VALIDATION, FLIGHTS_TEST = 12000, 2000, 2000


def checked(read: Callable[[Path], Splits[Any]]) -> Callable[[Path], Splits[Any]]:
    """Return ``read`` so that it first holds the files of the slice against their checksums."""

    def read_checked(folder: Path) -> Splits[Any]:
        check_slice(folder)
        return read(folder)

    return read_checked


def check_slice(folder: Path) -> None:
    """Hold the files of a slice against ``SHA256SUMS`` in the folder above it.

    Raises
    ------
    DamagedDataError
        If one is missing, or is not the one that was vendored.
    """
    sums = folder.parent / SUMS
    lines = [line.split("  ", 1) for line in sums.read_text(encoding="utf-8").splitlines()]
    expected = {name: digest for digest, name in lines if name.startswith(f"{folder.name}/")}
    if not expected:
        raise DamagedDataError(f"{sums} has no line for {folder.name}")
    for name, digest in expected.items():
        path = folder.parent / name
        if not path.is_file():
            raise DamagedDataError(f"{path} is missing; it is part of the repository")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != digest:
            raise DamagedDataError(f"{path} has SHA-256 {found}; allowed: {digest}")


def read_flights_slice(folder: Path) -> Splits[Clicks]:
    """Return 12 000 flights up to the first week of November, and 2000 + 2000 later ones."""
    return in_time(read_clicks(find(folder, "train.txt")), FLIGHTS_TRAIN, FLIGHTS_VALIDATION)
