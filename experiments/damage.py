# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Files of records that are damaged: how they are known, and what may be done about them.

Whoever reads records says which: `refuse` them, which is the default, name them and go on without
(`left_out`), or `set_aside`, so that their runs can be done again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from experiments.sealed import BrokenSealError, NewerVersionError, version


class UnreadableRecordError(ValueError):
    """A file among the records is damaged, or no record."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)  # as they are: it comes from other processes, too
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path} is no readable record ({self.reason})"


OnDamage = Callable[[UnreadableRecordError], None]
"""What to do about a file that is damaged, before going on without it."""


def refuse(error: UnreadableRecordError) -> None:
    """Raise it: nothing goes on without the file."""
    raise error


def left_out(error: UnreadableRecordError) -> None:
    """Name the file on the standard error, and leave it where it is."""
    print(f"{error}; left out, and set aside by the command that repeats its runs", file=sys.stderr)


def set_aside(error: UnreadableRecordError) -> None:
    """Rename the file to NAME.parquet.damaged, so that its runs have no record, and say so.

    Raises
    ------
    OSError
        If it cannot be renamed.
    """
    aside = error.path.with_name(f"{error.path.name}.damaged")
    try:
        error.path.replace(aside)
    except FileNotFoundError:  # another sweep was first
        return
    print(f"{error}; set aside as {aside.name}, its runs are repeated", file=sys.stderr)


def checked(path: Path) -> tuple[bytes, int]:
    """Return the bytes of a file and its version, under its seal or at least closed as parquet is.

    Raises
    ------
    UnreadableRecordError
        If it is damaged, or cannot be read.
    FileNotFoundError
        If it is not there.
    ValueError
        If it is of a version that is not known here.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableRecordError(path, error.strerror or type(error).__name__) from None
    if len(data) < 12 or not data[:4] == data[-4:] == b"PAR1":
        raise UnreadableRecordError(path, "it is cut short, or no parquet file")
    try:
        return data, version(data)
    except BrokenSealError as error:
        raise UnreadableRecordError(path, str(error)) from None
    except NewerVersionError as error:
        raise ValueError(f"{path} is a record of {error}") from None
