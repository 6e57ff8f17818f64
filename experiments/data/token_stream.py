# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Streams of tokens in files, of 16 bits each without a header, that are mapped into the memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from experiments.data.base import DamagedDataError, Splits, Tokens

DTYPE = np.dtype("<u2")
PARTS = ("train", "val")
ABOUT = "tokens.json"
FILES = (*(f"{part}.bin" for part in PARTS), ABOUT)
LARGEST = 2**16
"""The largest vocabulary."""


def read_tokens(folder: Path) -> Splits[Tokens]:
    """Return the streams of a folder; the first half of ``val.bin`` is for validation.

    Raises
    ------
    DamagedDataError
        If a file has not as many tokens as were written.
    """
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        sizes, vocabulary = {part: int(about[part]) for part in PARTS}, int(about["vocabulary"])
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedDataError(f"{folder / ABOUT} is no description of tokens: {error}") from None
    streams = []
    for part in PARTS:
        path = folder / f"{part}.bin"
        if path.stat().st_size != sizes[part] * DTYPE.itemsize or sizes[part] < 2:
            raise DamagedDataError(
                f"{path} has {path.stat().st_size} bytes; {ABOUT} says {sizes[part]} tokens of"
                f" {DTYPE.itemsize}; allowed: at least 2"
            )
        streams.append(np.memmap(path, DTYPE, "r"))
    train, held_out = streams
    half = len(held_out) // 2
    parts = (train, held_out[half:], held_out[:half])
    return Splits(*(Tokens(part, vocabulary) for part in parts))


def write_tokens(
    folder: Path, documents: Iterable[tuple[str, list[int]]], about: dict[str, Any]
) -> dict[str, int]:
    """Write the streams of documents, one after the other, and return their lengths.

    Parameters
    ----------
    folder
        It is there, and empty.
    documents
        For each its part, "train" or "val", and its tokens.
    about
        What else to say of them; ``vocabulary`` is needed.

    Raises
    ------
    ValueError
        If a token is not in the vocabulary, or a part has fewer than two tokens.
    """
    vocabulary = about["vocabulary"]
    if not 1 < vocabulary <= LARGEST:
        raise ValueError(f"vocabulary = {vocabulary}; allowed: 2 to {LARGEST}, for 16 bits each")
    sizes = dict.fromkeys(PARTS, 0)
    files = {part: (folder / f"{part}.bin").open("wb") for part in PARTS}
    try:
        for part, tokens in documents:
            if tokens and not 0 <= min(tokens) <= max(tokens) < vocabulary:
                raise ValueError(
                    f"tokens from {min(tokens)} to {max(tokens)}; allowed: 0 to {vocabulary - 1}"
                )
            files[part].write(np.array(tokens, DTYPE).tobytes())
            sizes[part] += len(tokens)
    finally:
        for file in files.values():
            file.close()
    for part, size in sizes.items():
        if size < 2:
            raise ValueError(f"{part}: {size} tokens; allowed: at least 2")
    text = json.dumps({**about, **sizes}, ensure_ascii=False)
    (folder / ABOUT).write_text(text, encoding="utf-8")
    return sizes
