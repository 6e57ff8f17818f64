# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What data sets are made of: kinds of content and their parts; and what can go wrong.

Everything is NumPy and the standard library; the workloads make tensors of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
SUFFIXES = ("", ".gz", ".xz")
"""Of files that may be compressed."""


class MissingDataError(FileNotFoundError):
    """Files of a data set are not there; the message says how to get them."""


class DamagedDataError(ValueError):
    """A file is not of the format or the content that it should be; the message names it."""


class FetchError(OSError):
    """A data set could not be fetched; the message says why and what can be done."""


def split(n: int, share: float, seed: int) -> tuple[Index, Index]:
    """Return indices that part ``n`` samples at random, each in ascending order.

    Parameters
    ----------
    n
        How many samples there are.
    share
        The part's share of them, above 0 and below 1; rounded, and at least one sample each.
    seed
        Of the choice.

    Returns
    -------
    rest, part
        int64, together a permutation of 0, ..., n - 1.
    """
    if n < 2:
        raise ValueError(f"n = {n}; allowed: at least 2")
    if not 0.0 < share < 1.0:
        raise ValueError(f"share = {share}; allowed: above 0 and below 1")
    count = min(max(round(n * share), 1), n - 1)
    order = np.random.default_rng(seed).permutation(n)
    return np.sort(order[count:]), np.sort(order[:count])


def _same_length(**columns: Sequence[Any] | NDArray[Any]) -> None:
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"lengths differ: {lengths}; allowed: one sample an entry in each")


@dataclass(frozen=True, eq=False)
class Images:
    """Images that fit in memory.

    Attributes
    ----------
    images
        uint8 of shape (n, h, w, c).
    labels
        int64 of shape (n,), indices into ``classes``.
    classes
        The names of the classes.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        _same_length(images=self.images, labels=self.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, index: Index) -> Images:
        """Return some of the samples, copied."""
        return replace(self, images=self.images[index], labels=self.labels[index])


@dataclass(frozen=True, eq=False)
class ImageFiles:
    """Images in files, read one by one.

    Attributes
    ----------
    paths
        Of the files.
    decode
        ``(path, size) -> image``; see `read`.
    labels
        int64 of shape (n,), indices into ``classes``; None where there are none.
    classes
        The names of the classes; empty where there are none.
    """

    paths: tuple[Path, ...]
    decode: Callable[[Path, int], NDArray[np.uint8]]
    labels: NDArray[np.int64] | None = None
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.labels is not None:
            _same_length(paths=self.paths, labels=self.labels)

    def __len__(self) -> int:
        return len(self.paths)

    def take(self, index: Index) -> ImageFiles:
        """Return some of the samples."""
        labels = None if self.labels is None else self.labels[index]
        return replace(self, paths=tuple(self.paths[i] for i in index), labels=labels)

    def read(self, index: int, size: int) -> NDArray[np.uint8]:
        """Return an image: its shorter side made ``size`` pixels long, and the middle cut out.

        Returns
        -------
        image
            uint8 of shape (size, size, 3).
        """
        return self.decode(self.paths[index], size)


@dataclass(frozen=True, eq=False)
class Clicks:
    """Rows of numbers and categories with a yes or no, in order of time.

    Attributes
    ----------
    numeric
        float32 of shape (n, 13); NaN where missing.
    categories
        uint32 of shape (n, 26); 0 where missing. Values are hashes, not consecutive.
    labels
        uint8 of shape (n,), 0 or 1.
    """

    numeric: NDArray[np.float32]
    categories: NDArray[np.uint32]
    labels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        _same_length(numeric=self.numeric, categories=self.categories, labels=self.labels)

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, index: Index | slice) -> Clicks:
        """Return some of the rows; a view if ``index`` is a slice."""
        return Clicks(self.numeric[index], self.categories[index], self.labels[index])


@dataclass(frozen=True)
class Pairs:
    """Sentences and their translations, one an entry, as raw text.

    Attributes
    ----------
    source, target
        German and English, in the data sets that are here.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]

    def __post_init__(self) -> None:
        _same_length(source=self.source, target=self.target)

    def __len__(self) -> int:
        return len(self.source)

    def take(self, index: Index) -> Pairs:
        """Return some of the pairs."""
        return Pairs(tuple(self.source[i] for i in index), tuple(self.target[i] for i in index))


@dataclass(frozen=True)
class Text:
    """A piece of running text."""

    text: str

    def __len__(self) -> int:
        return len(self.text)


@dataclass(frozen=True)
class Tokens:
    """A stream of tokens.

    Attributes
    ----------
    numbers
        Shape (N,), of any integer type; perhaps a file that is mapped into the memory.
    vocabulary
        All numbers are below it.
    """

    numbers: NDArray[Any]
    vocabulary: int

    def __len__(self) -> int:
        return len(self.numbers)


Kind = Images | ImageFiles | Clicks | Pairs | Text | Tokens
Part = TypeVar("Part", Images, ImageFiles, Clicks, Pairs, Text, Tokens)


@dataclass(frozen=True)
class Splits(Generic[Part]):
    """A data set in its parts.

    Attributes
    ----------
    train, test
        No sample is in both.
    validation
        A third part, where the data set has one of its own; else None, and a workload cuts it from
        train by `split`.
    """

    train: Part
    test: Part
    validation: Part | None = None
