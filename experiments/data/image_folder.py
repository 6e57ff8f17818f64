# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Folders of image files: ImageNet's layout, a folder for each class, or no classes at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.data.base import DamagedDataError, ImageFiles, MissingDataError, Splits

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})
EVERY = 10
"""Of a folder without parts, each so many-th image is for the test."""


def read_imagenet(folder: Path) -> Splits[ImageFiles]:
    """Return the images in ``train/<class>/`` and ``val/<class>/``; classes in order of names.

    The published validation set is the test.
    """
    train = folder / "train"
    classes = tuple(sorted(path.name for path in train.iterdir() if path.is_dir()))
    if not classes:
        raise MissingDataError(f"{train} has no folder of a class")
    extra = {path.name for path in (folder / "val").iterdir() if path.is_dir()} - set(classes)
    if extra:
        raise DamagedDataError(
            f"{folder / 'val'} has a class {min(extra)!r} that is not in {train}; allowed:"
            " validation images sorted into the folders of their classes"
        )
    return Splits(_labelled(train, classes), _labelled(folder / "val", classes))


def _labelled(folder: Path, classes: tuple[str, ...]) -> ImageFiles:
    found = [(path, label) for label, name in enumerate(classes) for path in _images(folder / name)]
    if not found:
        raise MissingDataError(f"{folder} has no images in folders of classes")
    paths = tuple(path for path, _ in found)
    return ImageFiles(paths, read_image, np.array([label for _, label in found], np.int64), classes)


def read_images(folder: Path) -> Splits[ImageFiles]:
    """Return the images anywhere in a folder, without labels; every tenth is for the test."""
    paths = _images(folder)
    if len(paths) < EVERY:
        raise MissingDataError(f"{folder} has {len(paths)} images; allowed: at least {EVERY}")
    test = tuple(paths[EVERY - 1 :: EVERY])
    left = tuple(path for i, path in enumerate(paths, 1) if i % EVERY)
    return Splits(ImageFiles(left, read_image), ImageFiles(test, read_image))


def _images(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def read_image(path: Path, size: int) -> NDArray[np.uint8]:
    """Return an image, its shorter side resized to ``size`` and its middle cut out.

    Returns
    -------
    image
        uint8 of shape (size, size, 3); grey and transparent images are made RGB.

    Raises
    ------
    DamagedDataError
        If the file is not an image that Pillow reads.
    """
    from PIL import Image

    if size < 1:
        raise ValueError(f"size = {size}; allowed: at least 1")
    try:
        with Image.open(path) as opened:
            image = opened.convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise DamagedDataError(f"{path} is not a readable image: {error}") from error
    shorter = min(image.size)
    width, height = (max(round(side * size / shorter), size) for side in image.size)
    image = image.resize((width, height), Image.Resampling.BILINEAR)
    left, top = (width - size) // 2, (height - size) // 2
    return np.asarray(image.crop((left, top, left + size, top + size)), np.uint8)
