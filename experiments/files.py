# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Files that are either the old ones or the new ones, never half of one; and the cache."""

from __future__ import annotations

import os
from pathlib import Path


class UnwritableError(OSError):
    """A file cannot be written; it says which, and why."""


def write(path: Path, data: bytes, lasting: bool = True) -> None:
    """Write ``data`` under a temporary name beside ``path``, then rename it.

    Parameters
    ----------
    lasting
        Whether to wait for the disk, so that after a power failure, too, the file is the old one or
        the new one.

    Raises
    ------
    UnwritableError
        If it cannot be written: no space, no permission. What was there is as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
        if lasting:
            _flush(path.parent)
    except BaseException as error:
        _remove(temporary)
        if isinstance(error, OSError):
            raise UnwritableError(error.errno, error.strerror, str(path)) from error
        raise


def _flush(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can do that."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # as where the folder is none: there is nothing then
        return


def cache_folder() -> Path:
    """Return the platform's cache folder; on Linux it lies under ``XDG_CACHE_HOME`` if set."""
    from platformdirs import user_cache_path

    return user_cache_path("momentum-models")
