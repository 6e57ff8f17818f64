# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Write ``experiments/data/slices`` from the data sets that they are slices of.

Those are fetched first::

    python -m experiments data fashion_mnist emoji flights libreoffice_help austen
    python scripts/make_slices.py

The same input gives the same bytes (with xz of the same version); ``SHA256SUMS``, which is written
last, is what the readers hold them against. The texts of licences and ``NOTICE`` are kept.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import lzma
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.data import Images, Pairs, Splits, folder, load
from experiments.data.idx import idx_bytes
from experiments.data.vendored import (
    FLIGHTS_TEST,
    FLIGHTS_TRAIN,
    FLIGHTS_VALIDATION,
    SLICES,
    SUMS,
)
from experiments.files import write

SEED = 0
CLOTHES_TRAIN, CLOTHES_TEST = 400, 100
"""Of each class."""
EMOJI_TRAIN, EMOJI_TEST = 1200, 300
EMOJI_BITS = 5
"""Of each colour; the others cost twice the room and can hardly be seen."""
PAIRS = {"train": 4000, "valid": 500, "test": 500}
SHORTEST, LONGEST = 3, 16
"""Words of a sentence in either language."""
NOVEL, NEXT_NOVEL = "PRIDE AND PREJUDICE", "SENSE AND SENSIBILITY"

Files = dict[str, bytes]


def chosen(indices: NDArray[np.int64], count: int, seed: int = SEED) -> NDArray[np.int64]:
    """Return ``count`` of the indices, drawn at random, in ascending order."""
    return np.sort(np.random.default_rng(seed).choice(indices, count, replace=False))


def image_files(splits: Splits[Images], form: str) -> Files:
    """Return the four files of MNIST's format; images of one channel without that dimension."""
    files: Files = {}
    for name, part in (("train", splits.train), ("t10k", splits.test)):
        images = part.images[..., 0] if form == "idx3" else part.images
        files[f"{name}-images-{form}-ubyte"] = idx_bytes(np.ascontiguousarray(images))
        files[f"{name}-labels-idx1-ubyte"] = idx_bytes(part.labels.astype(np.uint8))
    return files


def fashion(root: Path | None) -> Files:
    """Return as many images of each class, one class after another, which xz packs best."""
    splits: Splits[Images] = load("fashion_mnist", root)

    def balanced(part: Images, count: int) -> Images:
        classes = range(len(part.classes))
        return part.take(
            np.concatenate([chosen(np.flatnonzero(part.labels == c), count) for c in classes])
        )

    return image_files(
        Splits(balanced(splits.train, CLOTHES_TRAIN), balanced(splits.test, CLOTHES_TEST)), "idx3"
    )


def emoji(root: Path | None) -> Files:
    """Return some emoji, in order of Unicode's list, with fewer colours."""
    splits: Splits[Images] = load("emoji", root)

    def some(part: Images, count: int) -> Images:
        taken = part.take(chosen(np.arange(len(part)), count))
        high = taken.images >> (8 - EMOJI_BITS)
        full = (high << (8 - EMOJI_BITS)) | (high >> (2 * EMOJI_BITS - 8))
        return Images(full.astype(np.uint8), taken.labels, taken.classes)

    names = "".join(f"{name}\n" for name in splits.train.classes)
    files = image_files(
        Splits(some(splits.train, EMOJI_TRAIN), some(splits.test, EMOJI_TEST)), "idx4"
    )
    return {**files, "classes.txt": names.encode()}


def flights(root: Path | None) -> Files:
    """Return rows out of the first six sevenths of the year's, and rows out of the last."""
    rows = gzip.decompress((folder("flights", root) / "train.txt.gz").read_bytes())
    lines = rows.splitlines(keepends=True)
    last = len(lines) * 6 // 7
    early = chosen(np.arange(last), FLIGHTS_TRAIN)
    late = chosen(np.arange(last, len(lines)), FLIGHTS_VALIDATION + FLIGHTS_TEST)
    return {"train.txt": b"".join(lines[i] for i in (*early, *late))}


def libreoffice(root: Path | None) -> Files:
    """Return pairs of short sentences; parts have no page in common, as in the whole."""
    splits: Splits[Pairs] = load("libreoffice_help", root)
    parts = {"train": splits.train, "valid": splits.validation, "test": splits.test}
    files: Files = {}
    for name, part in parts.items():
        assert part is not None
        lengths = np.array(
            [
                (len(de.split()), len(en.split()))
                for de, en in zip(part.source, part.target, strict=True)
            ]
        )
        short = ((lengths >= SHORTEST) & (lengths <= LONGEST)).all(axis=1)
        taken = part.take(chosen(np.flatnonzero(short), PAIRS[name]))
        for language, lines in (("de", taken.source), ("en", taken.target)):
            files[f"{name}.{language}"] = "".join(f"{line}\n" for line in lines).encode()
    return files


def austen(root: Path | None) -> Files:
    """Return Pride and Prejudice."""
    text = (folder("austen", root) / "austen.txt").read_text(encoding="utf-8")
    start, end = text.index(NOVEL), text.index(NEXT_NOVEL)
    return {"pride_and_prejudice.txt": f"{text[start:end].rstrip()}\n".encode()}


MAKERS = {
    "austen_slice": austen,
    "emoji_slice": emoji,
    "fashion_slice": fashion,
    "flights_slice": flights,
    "help_slice": libreoffice,
}


def main() -> None:
    """Make all slices, and print their sizes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, help="folder of the data sets")
    parser.add_argument("--target", type=Path, default=SLICES)
    arguments = parser.parse_args()
    sums = []
    for name, make in MAKERS.items():
        total = 0
        for file, content in sorted(make(arguments.root).items()):
            packed = lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)
            write(arguments.target / name / f"{file}.xz", packed)
            sums.append(f"{hashlib.sha256(packed).hexdigest()}  {name}/{file}.xz\n")
            total += len(packed)
        print(f"{name}: {total} bytes")
    write(arguments.target / SUMS, "".join(sums).encode())


if __name__ == "__main__":
    main()
