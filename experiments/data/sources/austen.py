# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Jane Austen's six novels, from the data base of an R package.

R's data base of objects is a row of blocks: four bytes with the length of the content, and the
content, compressed. Each holds one object in R's serial format (R Internals, section 1.8): here a
vector of strings, the lines of a novel.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from experiments.data.base import FetchError
from experiments.data.sources import tools

PACKAGE = "r-cran-janeaustenr"
FILE = "usr/lib/R/site-library/janeaustenr/data/Rdata.rdb"
TEXT = "austen.txt"
SHA256 = {TEXT: "786d5afb97c2598b063c52bca764c2c5b04aab6cd660affd9925bc6b6636f72b"}

_VECTOR, _STRING = 16, 9
"""The types of R's objects: STRSXP and CHARSXP, the lowest byte of their flags."""


def fetch_austen(folder: Path, any_version: bool, say: Callable[[str], None]) -> None:
    """Put ``austen.txt`` into ``folder``: six novels of 4 million characters, one after another."""
    with TemporaryDirectory(dir=folder.parent) as temporary:
        say(f"apt-get download {PACKAGE} (2 MB)")
        path = tools.debian(PACKAGE, Path(temporary)) / FILE
        if not path.is_file():
            raise FetchError(f"the package {PACKAGE} has no file {FILE}")
        text = "\n\n".join(novels(path.read_bytes()))
    (folder / TEXT).write_text(text, encoding="utf-8", newline="\n")
    tools.check(folder, SHA256, any_version)


def novels(database: bytes) -> Iterator[str]:
    """Yield the texts in R's data base of vectors of strings.

    Raises
    ------
    FetchError
        If it holds anything else, or is damaged.
    """
    while database:
        block = zlib.decompressobj()
        try:
            content = block.decompress(database[4:])
            yield "\n".join(line.rstrip() for line in _strings(content)).strip("\n") + "\n"
        except (zlib.error, struct.error, UnicodeDecodeError, ValueError) as error:
            raise FetchError(f"not R's data base of vectors of strings: {error}") from error
        database = block.unused_data


def _strings(content: bytes) -> Iterator[str]:
    """Yield the elements of a serialised vector of strings: all integers are big-endian."""
    form, version, _, _ = struct.unpack_from(">2s3i", content)
    start = 14
    if form != b"X\n" or version not in (2, 3):
        raise ValueError(f"it starts {content[:6]!r}")
    if version == 3:  # the name of the encoding
        (length,) = struct.unpack_from(">i", content, start)
        start += 4 + length
    flags, count = struct.unpack_from(">2i", content, start)
    if flags & 0xFF != _VECTOR:
        raise ValueError(f"an object of type {flags & 0xFF}")
    start += 8
    for _ in range(count):
        flags, length = struct.unpack_from(">2i", content, start)
        if flags & 0xFF != _STRING or length < 0:
            raise ValueError(f"an element of type {flags & 0xFF} and length {length}")
        yield content[start + 8 : start + 8 + length].decode("utf-8")
        start += 8 + length
