# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""CIFAR-10 and CIFAR-100, from their Python version: pickled dicts of byte arrays.

Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009;
``cifar-10-python.tar.gz`` and ``cifar-100-python.tar.gz``.
"""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from experiments.data.base import DamagedDataError, Images, MissingDataError, Splits

_ADMITTED = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}
"""What a pickled NumPy array names; under protocol 2 bytes are made by ``_codecs.encode``."""


class _ArrayUnpickler(pickle.Unpickler):
    """Makes builtin containers and NumPy arrays, and refuses to run anything else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ADMITTED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}; allowed: NumPy arrays")
        return super().find_class(module, name)


def unpickle_arrays(path: Path) -> Any:
    """Return what a pickle of containers and NumPy arrays holds, also one by Python 2.

    Raises
    ------
    DamagedDataError
        If it is damaged, or holds anything else: a pickle can run any code, this one will not.
    """
    try:
        return _ArrayUnpickler(io.BytesIO(path.read_bytes()), encoding="bytes").load()
    # a damaged stream can fail in any of its operations
    except Exception as error:
        raise DamagedDataError(f"{path} is not a pickle of arrays: {error}") from error


def read_cifar10(folder: Path) -> Splits[Images]:
    """Return CIFAR-10 from ``cifar-10-batches-py`` in the folder, or from the folder itself."""
    place = _place(folder, "cifar-10-batches-py", "data_batch_1")
    classes = _names(place / "batches.meta", b"label_names")
    train = [_batch(place / f"data_batch_{i}", b"labels", classes) for i in range(1, 6)]
    together = Images(
        np.concatenate([part.images for part in train]),
        np.concatenate([part.labels for part in train]),
        classes,
    )
    return Splits(together, _batch(place / "test_batch", b"labels", classes))


def read_cifar100(folder: Path) -> Splits[Images]:
    """Return CIFAR-100 (fine labels) from ``cifar-100-python`` in the folder, or from it itself."""
    place = _place(folder, "cifar-100-python", "train")
    classes = _names(place / "meta", b"fine_label_names")
    return Splits(
        _batch(place / "train", b"fine_labels", classes),
        _batch(place / "test", b"fine_labels", classes),
    )


def _place(folder: Path, name: str, file: str) -> Path:
    for place in (folder / name, folder):
        if (place / file).is_file():
            return place
    raise MissingDataError(f"{folder} has no file {name}/{file}")


def _entry(path: Path, key: bytes) -> Any:
    if not path.is_file():
        raise MissingDataError(f"{path} is missing")
    content = unpickle_arrays(path)
    if not isinstance(content, dict) or not {key, key.decode()} & set(content):
        raise DamagedDataError(f"{path} has no entry {key.decode()!r}")
    return content[key] if key in content else content[key.decode()]


def _names(path: Path, key: bytes) -> tuple[str, ...]:
    return tuple(
        name.decode() if isinstance(name, bytes) else str(name) for name in _entry(path, key)
    )


def _batch(path: Path, key: bytes, classes: tuple[str, ...]) -> Images:
    data = np.asarray(_entry(path, b"data"))
    labels = np.asarray(_entry(path, key), dtype=np.int64)
    if data.dtype != np.uint8 or data.ndim != 2 or data.shape != (len(labels), 3072):
        raise DamagedDataError(
            f"{path} has data of shape {data.shape}, dtype {data.dtype}, and {len(labels)} labels;"
            " allowed: (n, 3072), uint8, n"
        )
    if labels.size and not 0 <= labels.min() <= labels.max() < len(classes):
        raise DamagedDataError(f"{path} has a label outside 0 to {len(classes) - 1}")
    return Images(planes_to_images(data), labels, classes)


def planes_to_images(data: np.ndarray[Any, np.dtype[np.uint8]]) -> Any:
    """Return rows of 3 planes of 32 x 32 values as images, uint8 of shape (n, 32, 32, 3)."""
    return np.ascontiguousarray(data.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
