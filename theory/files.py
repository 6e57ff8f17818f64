# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Files that are either the old ones or the new ones, never half of one, and know it if damaged."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Write ``data`` under a temporary name beside ``path``, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def try_file(name: str, path: Path) -> None:
    """Raise unless a file can be written at ``path``; its folder is made. Call it before the work.

    Parameters
    ----------
    name
        The argument, for the message.
    path
        Where the file shall go; what is there is left as it is.

    Raises
    ------
    ValueError
        If it is a folder, or cannot be written.
    """
    if path.is_dir():
        raise ValueError(f"{name} = {path} is a folder; allowed: the name of a file")
    try_folder(name, path.parent)


def try_folder(name: str, path: Path) -> None:
    """Raise unless files can be written into the folder ``path``, which is made.

    Raises
    ------
    ValueError
        If it is a file, or cannot be written into.
    """
    probe = path / f".{os.getpid()}.part"
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise ValueError(
            f"{name}: {path} cannot be written into ({error.strerror or error}); allowed: a folder"
        ) from error


def write_sealed(path: Path, data: bytes) -> None:
    """Write ``data`` behind its SHA-256."""
    write(path, hashlib.sha256(data).digest() + data)


def read_sealed(path: Path) -> bytes:
    """Return what `write_sealed` wrote.

    Raises
    ------
    ValueError
        If the checksum does not match: the file was cut short, damaged or edited.
    """
    content = path.read_bytes()
    digest, data = content[:32], content[32:]
    if hashlib.sha256(data).digest() != digest:
        raise ValueError("its checksum does not match")
    return data


def cache_folder() -> Path:
    """Return the platform's cache folder; on Linux it lies under ``XDG_CACHE_HOME`` if set."""
    from platformdirs import user_cache_path

    return user_cache_path("momentum-models")
