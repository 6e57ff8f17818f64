# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""ImageNet at 32 x 32 pixels: npz files with ``data`` (n, 3072) and ``labels`` from 1 to 1000.

Source: P. Chrabaszcz, I. Loshchilov, F. Hutter, "A Downsampled Variant of ImageNet as an
Alternative to the CIFAR datasets", 2017 (``Imagenet32_train_npz``, ``Imagenet32_val_npz``).
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np

from experiments.data.base import DamagedDataError, Images, Splits
from experiments.data.cifar import planes_to_images

CLASSES = tuple(str(number) for number in range(1, 1001))
BATCHES = 10


def read_imagenet32(folder: Path) -> Splits[Images]:
    """Return the images of ``train_data_batch_1.npz``, ..., ``_10.npz`` and ``val_data.npz``.

    About 4 GB in memory; the published validation set is the test. Labels start at 0 here.
    """
    parts = [_batch(folder / f"train_data_batch_{i}.npz") for i in range(1, BATCHES + 1)]
    images = np.empty((sum(len(part) for part in parts), 32, 32, 3), np.uint8)
    labels = np.concatenate([part.labels for part in parts])
    start = 0
    while parts:  # each is let go once it is copied: not twice 4 GB
        part = parts.pop(0)
        images[start : start + len(part)] = part.images
        start += len(part)
    return Splits(Images(images, labels, CLASSES), _batch(folder / "val_data.npz"))


def _batch(path: Path) -> Images:
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            data, labels = stored["data"], stored["labels"].astype(np.int64)
    except FileNotFoundError:
        raise
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DamagedDataError(f"{path} is not an npz of data and labels: {error}") from error
    if data.dtype != np.uint8 or data.shape != (labels.size, 3072):
        raise DamagedDataError(
            f"{path} has data of shape {data.shape}, dtype {data.dtype}, and {labels.size} labels;"
            " allowed: (n, 3072), uint8, n"
        )
    if labels.size and not 1 <= labels.min() <= labels.max() <= len(CLASSES):
        raise DamagedDataError(f"{path} has a label outside 1 to {len(CLASSES)}")
    return Images(planes_to_images(data), labels - 1, CLASSES)
