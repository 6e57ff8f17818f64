"""Files that are either the old ones or the new ones, never half of one; and the cache."""

from __future__ import annotations

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


def cache_folder() -> Path:
    """Return the platform's cache folder; on Linux it lies under ``XDG_CACHE_HOME`` if set."""
    from platformdirs import user_cache_path

    return user_cache_path("momentum-models")
