# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Files that may be compressed: the suffix says how."""

from __future__ import annotations

import gzip
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from experiments.data.base import SUFFIXES, DamagedDataError, MissingDataError


def find(folder: Path, *names: str) -> Path:
    """Return the first file there is of the ``names``, each plain or with a suffix.

    Raises
    ------
    MissingDataError
        If there is none of them.
    """
    for name in names:
        for suffix in SUFFIXES:
            path = folder / (name + suffix)
            if path.is_file():
                return path
    raise MissingDataError(f"{folder} has no file {' or '.join(names)} (plain, .gz or .xz)")


Stream = IO[bytes] | gzip.GzipFile | lzma.LZMAFile


@contextmanager
def opened(path: Path) -> Iterator[Stream]:
    """Open a file for reading, decompressed.

    Raises
    ------
    DamagedDataError
        If the compressed stream ends early or is not one, wherever in the block that shows.
    """
    try:
        with _open(path) as stream:
            yield stream
    except (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile) as error:
        raise DamagedDataError(f"{path} is damaged: {error}") from error


def _open(path: Path) -> Stream:
    if path.suffix == ".gz":
        return gzip.open(path)
    if path.suffix == ".xz":
        return lzma.open(path)
    return path.open("rb")


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, decompressed."""
    with opened(path) as stream:
        return stream.read()


def read_lines(path: Path) -> list[str]:
    r"""Return the lines of a UTF-8 file, without their ends, which are ``\n`` or ``\r\n``.

    Other characters that some call ends of lines stay in them: parallel files stay parallel.
    """
    lines = read_text(path).split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def read_text(path: Path) -> str:
    """Return the content of a UTF-8 file, with its line ends as they are."""
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise DamagedDataError(f"{path} is not UTF-8: {error}") from error
