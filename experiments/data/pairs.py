# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parallel text: two files whose lines correspond (the format of Moses), German and English."""

from __future__ import annotations

from pathlib import Path

from experiments.data.base import DamagedDataError, Pairs, Splits
from experiments.data.compressed import find, read_lines

SOURCE, TARGET = "de", "en"


def read_lines_of_both(source: Path, target: Path) -> Pairs:
    """Return the pairs of two files.

    Raises
    ------
    DamagedDataError
        If they have not equally many lines.
    """
    first, second = read_lines(source), read_lines(target)
    if len(first) != len(second):
        raise DamagedDataError(
            f"{source} has {len(first)} lines and {target} has {len(second)}; allowed: equally many"
        )
    return Pairs(tuple(first), tuple(second))


def read_pairs(folder: Path) -> Splits[Pairs]:
    """Return the pairs in ``{train,valid,test}.{de,en}``, each plain, .gz or .xz."""
    train, valid, test = (
        read_lines_of_both(find(folder, f"{part}.{SOURCE}"), find(folder, f"{part}.{TARGET}"))
        for part in ("train", "valid", "test")
    )
    return Splits(train, test, valid)
