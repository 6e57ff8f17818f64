# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A seal on a file: its version, and the SHA-256 of all its bytes.

The seal is a text within the file: in parquet among what it says of itself, in JSON a field, so
that any tool can read file and seal; behind the end of other files. The digest is that of the file
with zeros in the place of the digest.
"""

from __future__ import annotations

import hashlib
import re

VERSION = 2
"""Of what is written now; files of version 1 have no seal."""
KEY = "momo.record"
"""Under which the seal stands. It says that there is one, even where that cannot be read."""
_BLANK = "0" * 64
BLANK = f'{{"version": {VERSION}, "sha256": "{_BLANK}"}}'
"""A seal that is not filled in yet."""
_BEHIND = f"\n{KEY} ".encode()
_SEAL = re.compile(rb'\{"version": (\d+), "sha256": "([0-9a-f]{64})"\}')


class BrokenSealError(ValueError):
    """The bytes are not those that were written."""


class NewerVersionError(ValueError):
    """The file is whole, and of a version that is not known here."""


def sealed(data: bytes) -> bytes:
    """Return a file with its seal, which is `BLANK` so far, filled in."""
    start, end = _seal(data)
    return data[:start] + _digest(data, start, end) + data[end:]


def version(data: bytes) -> int:
    """Return the version of a file, after a look at every bit of it; 1 if it has no seal.

    Raises
    ------
    BrokenSealError
        If it is not as it was written.
    NewerVersionError
        If it is of a version that is not known here.
    """
    if KEY.encode() not in data and not _SEAL.search(data):
        return 1
    start, end = _seal(data)
    if data[start:end] != _digest(data, start, end):
        raise BrokenSealError("its bytes are not those that were written")
    found = int(_seals(data)[-1][1])
    if found > VERSION:
        raise NewerVersionError(f"version {found}; allowed here: up to {VERSION}")
    return found


def _seals(data: bytes) -> list[re.Match[bytes]]:
    return list(_SEAL.finditer(data))


def _seal(data: bytes) -> tuple[int, int]:
    """Return where the digest begins and ends: it is the last, behind all that could look so."""
    found = _seals(data)
    if not found:
        raise BrokenSealError("its seal cannot be read")
    return found[-1].span(2)


def _digest(data: bytes, start: int, end: int) -> bytes:
    digest = hashlib.sha256()
    for part in (memoryview(data)[:start], _BLANK.encode(), memoryview(data)[end:]):
        digest.update(part)
    return digest.hexdigest().encode()


def with_seal(data: bytes) -> bytes:
    """Return any data with a seal behind them."""
    return sealed(data + _BEHIND + BLANK.encode())


def without_seal(data: bytes) -> bytes:
    """Return what `with_seal` has got, or data that never had a seal.

    Raises
    ------
    BrokenSealError, NewerVersionError
        As from `version`.
    """
    return data if version(data) == 1 else data[: data.rindex(_BEHIND)]
