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
