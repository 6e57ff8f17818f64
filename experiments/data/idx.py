# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The IDX format of MNIST, and the image sets that come in it.

A file is two zero bytes, the code of the dtype (8: uint8), the number of dimensions, each of them
as a big-endian 32-bit integer, and the values in C order.

Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".
"""

from __future__ import annotations

import struct
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.data.base import DamagedDataError, Images, Splits
from experiments.data.compressed import find, read_bytes, read_lines

UINT8 = 8


def read_idx(path: Path) -> NDArray[np.uint8]:
    """Return the array in an IDX file of bytes; the file may end in .gz or .xz.

    Raises
    ------
    DamagedDataError
        If it is not such a file, or shorter or longer than its header says.
    """
    content = read_bytes(path)
    if len(content) < 4 or content[:3] != bytes((0, 0, UINT8)):
        raise DamagedDataError(f"{path} is not an IDX file of bytes: it starts {content[:4]!r}")
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise DamagedDataError(f"{path} ends within its header")
    shape = struct.unpack(f">{content[3]}I", content[4:start])
    if len(content) - start != prod(shape):
        raise DamagedDataError(
            f"{path} has {len(content) - start} bytes of values; its header says {shape}"
        )
    # a copy: it can be written to, as torch asks for
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    """Return the content of the IDX file of an array."""
    if array.dtype != np.uint8:
        raise ValueError(f"array has dtype {array.dtype}; allowed: uint8")
    header = struct.pack(f">HBB{array.ndim}I", 0, UINT8, array.ndim, *array.shape)
    return header + array.tobytes()


def read_idx_images(folder: Path, classes: tuple[str, ...] | None = None) -> Splits[Images]:
    """Return the images of a folder with the four files of MNIST.

    They are ``{train,t10k}-images-idx3-ubyte`` of shape (n, h, w), or ``-idx4-ubyte`` of shape
    (n, h, w, c), and ``{train,t10k}-labels-idx1-ubyte``, plain, .gz or .xz.

    Parameters
    ----------
    folder
        Where they are.
    classes
        Their names; by default the lines of ``classes.txt``.
    """
    if classes is None:
        classes = tuple(read_lines(find(folder, "classes.txt")))
    return Splits(_part(folder, "train", classes), _part(folder, "t10k", classes))


def _part(folder: Path, part: str, classes: tuple[str, ...]) -> Images:
    path = find(folder, f"{part}-images-idx3-ubyte", f"{part}-images-idx4-ubyte")
    images = read_idx(path)
    if images.ndim not in (3, 4):
        raise DamagedDataError(
            f"{path} has shape {images.shape}; allowed: (n, h, w) or (n, h, w, c)"
        )
    images = images.reshape(*images.shape[:3], -1)
    label_path = find(folder, f"{part}-labels-idx1-ubyte")
    labels = read_idx(label_path)
    if labels.shape != images.shape[:1]:
        raise DamagedDataError(f"{label_path} has shape {labels.shape}; allowed: ({len(images)},)")
    if labels.size and labels.max() >= len(classes):
        raise DamagedDataError(
            f"{label_path} has a label {labels.max()}; allowed: 0 to {len(classes) - 1}"
        )
    return Images(images, labels.astype(np.int64), classes)
