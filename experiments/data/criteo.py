# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

r"""Criteo's format of click logs: ``label \t 13 integers \t 26 hexadecimal hashes``.

Blanks are missing values. Rows are in order of time. Source: the Display Advertising Challenge,
Criteo Labs and Kaggle, 2014 (``train.txt``, 45 840 617 rows over seven days).
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from experiments.data.base import Clicks, DamagedDataError, Splits
from experiments.data.compressed import Stream, find, opened

NUMERIC, CATEGORIES = 13, 26
CHUNK = 1 << 26
"""Bytes of a file that are parsed at once."""
LARGE = 1 << 30
"""Bytes of a file from which on its rows are mapped, not read."""
COLUMNS: dict[str, tuple[type[np.generic], tuple[int, ...]]] = {
    "numeric": (np.float32, (NUMERIC,)),
    "categories": (np.uint32, (CATEGORIES,)),
    "labels": (np.uint8, ()),
}


def read_clicks(path: Path, chunk: int = CHUNK) -> Clicks:
    """Return the rows of a file, which may end in .gz or .xz.

    Parameters
    ----------
    path
        Of the file.
    chunk
        About how many bytes of it are parsed at once.

    Raises
    ------
    DamagedDataError
        If a row is not of the format.
    """
    parts = list(_parts(path, chunk))
    return Clicks(
        np.concatenate([part.numeric for part in parts]),
        np.concatenate([part.categories for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


def map_clicks(path: Path, chunk: int = CHUNK) -> Clicks:
    """Return the rows of a large file, mapped from a binary copy that is made beside it once.

    All of Criteo is 11 GB of text, which takes minutes to parse, and 7 GB in this form, of which
    processes that run at once share one copy in memory. The copy is a hidden folder; it belongs to
    a size and time of the file, and one of another size or time is made anew. What is written into
    the arrays does not reach the copy.

    Parameters
    ----------
    path, chunk
        As for `read_clicks`.
    """
    from filelock import FileLock

    state = path.stat()
    copy = path.with_name(f".{path.name}.{state.st_size}.{state.st_mtime_ns}")
    with FileLock(path.with_name(f".{path.name}.lock")):
        if not copy.is_dir():
            part = path.with_name(f".{path.name}.part")
            shutil.rmtree(part, ignore_errors=True)
            try:
                _write_columns(_parts(path, chunk), part)
                part.replace(copy)
            finally:
                shutil.rmtree(part, ignore_errors=True)
    numeric, categories, labels = (
        np.memmap(copy / name, dtype, mode="c").reshape(-1, *shape)
        for name, (dtype, shape) in COLUMNS.items()
    )
    return Clicks(numeric, categories, labels)


def _write_columns(parts: Iterator[Clicks], folder: Path) -> None:
    folder.mkdir()
    with ExitStack() as stack:
        files = {name: stack.enter_context((folder / name).open("wb")) for name in COLUMNS}
        for part in parts:
            for name, file in files.items():
                file.write(getattr(part, name).data)


def _parts(path: Path, chunk: int) -> Iterator[Clicks]:
    rows = 0
    with opened(path) as stream:
        for block in _blocks(stream, chunk):
            try:
                part = _parsed(block)
            except ValueError as error:
                where = f"{path}, in the rows from {rows + 1} on"
                raise DamagedDataError(f"{where}: {error}") from error
            rows += len(part)
            yield part
    if not rows:
        raise DamagedDataError(f"{path} is empty")


def _blocks(stream: Stream, chunk: int) -> Iterator[bytes]:
    """Yield a stream in blocks of whole lines, the last of which ends as the stream does."""
    rest = b""
    while block := stream.read(chunk):
        head, end, tail = block.rpartition(b"\n")
        if end:
            yield rest + head + end
            rest = tail
        else:
            rest += tail
    if rest:
        yield rest


def _parsed(block: bytes) -> Clicks:
    import polars as pl

    # polars fills up short rows with blanks
    rows = block.count(b"\n") + (not block.endswith(b"\n"))
    if block.count(b"\t") != rows * (NUMERIC + CATEGORIES):
        raise ValueError(f"a row has not {1 + NUMERIC + CATEGORIES} columns, parted by tabs")
    numeric = [f"number {i}" for i in range(1, NUMERIC + 1)]
    categories = [f"category {i}" for i in range(1, CATEGORIES + 1)]
    schema: dict[str, Any] = {
        "label": pl.UInt8,
        **dict.fromkeys(numeric, pl.Float32),
        **dict.fromkeys(categories, pl.String),
    }
    try:
        table = pl.read_csv(
            io.BytesIO(block), separator="\t", has_header=False, schema=schema, quote_char=None
        ).with_columns(pl.col(categories).str.to_integer(base=16, dtype=pl.UInt32).fill_null(0))
    except pl.exceptions.PolarsError as error:
        raise ValueError(str(error).strip().splitlines()[0]) from error
    if len(table) != rows:
        raise ValueError(f"{rows - len(table)} rows are empty")
    if table["label"].null_count() or (table["label"] > 1).any():
        raise ValueError("a label is not 0 or 1")
    return Clicks(
        np.ascontiguousarray(table.select(numeric).to_numpy()),
        np.ascontiguousarray(table.select(categories).to_numpy()),
        np.ascontiguousarray(table["label"].to_numpy()),
    )


def read_criteo(folder: Path) -> Splits[Clicks]:
    """Return the rows of ``train.txt`` (plain, .gz or .xz) in the usual parts.

    Training is on the first six sevenths of the rows (six days of Criteo's seven), the first half
    of what is left is for validation and the second, the latest, for the test. A file of more than
    a GiB gets a binary copy beside it (`map_clicks`).
    """
    path = find(folder, "train.txt")
    clicks = map_clicks(path) if path.stat().st_size > LARGE else read_clicks(path)
    if len(clicks) < 14:
        raise DamagedDataError(f"{path} has {len(clicks)} rows; allowed: at least 14")
    last = len(clicks) * 6 // 7
    return in_time(clicks, last, (len(clicks) - last) // 2)


def in_time(clicks: Clicks, train: int, validation: int) -> Splits[Clicks]:
    """Return the first ``train`` rows, the next ``validation`` ones, and the rest as the test."""
    later = train + validation
    return Splits(
        clicks.take(slice(0, train)),
        clicks.take(slice(later, None)),
        clicks.take(slice(train, later)),
    )
