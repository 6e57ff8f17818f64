# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Data sets of noise with the shapes of real ones: enough to time a step, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.data import store
from experiments.data.base import Clicks, ImageFiles, Images, Kind, Pairs, Splits, Text, Tokens
from momo.lookup import choices

SAMPLES = {
    "mnist": 60_000,
    "cifar10": 50_000,
    "cifar100": 50_000,
    "imagenet32": 1_281_167,
    "imagenet": 1_281_167,
    "criteo": 39_291_957,
    "iwslt14": 160_239,
    "openwebtext": 960_000,
}
"""Training samples of the real data sets; of Criteo six sevenths of the rows, of IWSLT14 the pairs
that are left by the usual cleaning (from memory), of OpenWebText the windows of an epoch of `gpt`.
Of others it is the reader's to say."""
SHAPES = {
    "mnist": (28, 28, 1, 10),
    "cifar10": (32, 32, 3, 10),
    "cifar100": (32, 32, 3, 100),
    "imagenet32": (32, 32, 3, 1000),
}
"""Height, width, channels and classes of images in memory."""


def made_up(name: str, samples: int, seed: int = 0) -> Splits[Any]:
    """Return noise in the shape of a data set, with a few samples in the other parts.

    Parameters
    ----------
    name
        In `experiments.data.DATASETS`; those in the repository need no such thing.
    samples
        In the part for training; of a text: characters; of a stream: tokens.
    seed
        Of the noise.

    Raises
    ------
    ValueError
        If there is none for this name, or samples is below 20.
    """
    if name not in MAKERS:
        raise ValueError(f"made-up data = {name!r}; {choices(name, MAKERS)}")
    if samples < 20:
        raise ValueError(f"samples = {samples}; allowed: at least 20")
    generator = np.random.default_rng(seed)
    return Splits(*(MAKERS[name](generator, count) for count in (samples, 20 + samples // 10)))


@contextmanager
def given(name: str, splits: Splits[Any]) -> Iterator[None]:
    """Let `experiments.data.load` return these for a name."""
    store.GIVEN[name] = splits
    try:
        yield
    finally:
        del store.GIVEN[name]


def _images(shape: tuple[int, int, int, int], generator: np.random.Generator, count: int) -> Images:
    *sides, classes = shape
    labels = generator.integers(classes, size=count)
    names = tuple(map(str, range(classes)))
    return Images(generator.integers(256, size=(count, *sides), dtype=np.uint8), labels, names)


def _noise(path: Path, size: int) -> NDArray[np.uint8]:
    return np.random.default_rng(int(path.name)).integers(256, size=(size, size, 3), dtype=np.uint8)


def _files(classes: int, generator: np.random.Generator, count: int) -> ImageFiles:
    labels = generator.integers(classes, size=count) if classes else None
    names = tuple(map(str, range(classes)))
    return ImageFiles(tuple(Path(str(i)) for i in range(count)), _noise, labels, names)


def _clicks(generator: np.random.Generator, count: int) -> Clicks:
    return Clicks(
        generator.integers(1000, size=(count, 13)).astype(np.float32),
        generator.integers(2**32, size=(count, 26), dtype=np.uint32),
        (generator.random(count) < 0.256).astype(np.uint8),
    )


def _sentences(generator: np.random.Generator, count: int) -> tuple[str, ...]:
    # Words of three syllables, so that a vocabulary of pieces can be learned.
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    drawn = generator.integers(len(syllables), size=(12_000, 3))
    words = ["".join(syllables[i] for i in row) for row in drawn]
    lengths = generator.integers(5, 36, size=count)
    return tuple(" ".join(words[i] for i in generator.integers(12_000, size=n)) for n in lengths)


def _pairs(generator: np.random.Generator, count: int) -> Pairs:
    return Pairs(_sentences(generator, count), _sentences(generator, count))


def _text(generator: np.random.Generator, count: int) -> Text:
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ.,;:!?\n"))
    return Text("".join(letters[generator.integers(len(letters), size=count)]))


def _tokens(generator: np.random.Generator, count: int) -> Tokens:
    return Tokens(generator.integers(50257, size=count, dtype=np.uint16), 50257)


MAKERS: dict[str, Callable[[np.random.Generator, int], Kind]] = {
    **{name: partial(_images, shape) for name, shape in SHAPES.items()},
    "imagenet": partial(_files, 1000),
    "images": partial(_files, 0),
    "criteo": _clicks,
    "iwslt14": _pairs,
    "text": _text,
    "openwebtext": _tokens,
}
"""``(generator, samples) -> a part``, by the name of the data set."""
