# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Image classification from arrays in memory: what the workloads on small images share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from experiments.batches import FlipCrop, TensorSource, Transform
from experiments.data import ImageFiles, Images, load
from experiments.parameter_groups import Role, last_layer
from experiments.workload import Batch, Difference, Score, Task
from experiments.workloads.common import Classification, three_parts

ACCURACY = "accuracy in %"
HALF_DECADES: dict[str, tuple[float, ...]] = {
    name: tuple(round(10 ** (half / 2), 6) for half in range(lowest, highest + 1))
    for name, lowest, highest in (
        ("momo", -4, 4),
        ("sgd_m", -4, 2),
        ("momo_adam", -8, 0),
        ("adam", -8, 0),
    )
}
"""The grids at paper scale on CIFAR: 10^-2 .. 10^2 for MoMo, .. 10 for SGD-M; 10^-4 .. 1."""


GRID = Difference(
    "learning rates",
    "half decades: 10^-2 to 10^2 (MoMo), to 10 (SGD-M), 10^-4 to 1 (Adam, MoMo-Adam)",
    "grids of its own",
    "they are in the configurations of its code, which could not be read here",
)
NORMALISED = Difference(
    "normalisation",
    "by mean and deviation of the training images",
    "by constants, (0.4914, 0.4822, 0.4465) and (0.2023, 0.1994, 0.2010) (from memory)",
    "the constants could not be confirmed",
)


def accuracy(classes: int) -> Score:
    """Return the score of a classification; chance is what a model has that learned nothing."""
    return Score(ACCURACY, higher_is_better=True, worst=100 / classes)


EMOJI = Score(ACCURACY, higher_is_better=True, worst=17.0)
"""Of the slice of emoji, whose classes are uneven: 17 % of its test images are of the largest."""


def normalise(mean: tuple[float, ...], std: tuple[float, ...]) -> Transform:
    """Return the map of uint8 images (b, c, h, w) to floats of mean 0 and deviation 1 per channel.

    Parameters
    ----------
    mean, std
        Of the images per channel, in units of 255.
    """
    scale = (1 / (255 * torch.tensor(std))).view(-1, 1, 1)
    shift = (torch.tensor(mean) / torch.tensor(std)).view(-1, 1, 1)

    def transform(batch: Batch) -> Batch:
        images, *rest = batch
        device = images.device
        return (images.float().mul_(scale.to(device)).sub_(shift.to(device)), *rest)

    return transform


def moments(images: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and deviation per channel of uint8 images (n, c, h, w), in units of 255."""
    found = [torch.std_mean(images[:, c].float() / 255) for c in range(images.shape[1])]
    return tuple(mean.item() for _, mean in found), tuple(std.item() for std, _ in found)


def channels_first(images: NDArray[np.uint8], pool: int) -> Tensor:
    """Return uint8 images (n, c, h / pool, w / pool) from (n, h, w, c), averaged over squares."""
    stored = torch.from_numpy(np.array(images.transpose(0, 3, 1, 2), order="C"))
    if pool > 1:
        stored = functional.avg_pool2d(stored.float(), pool).round().to(torch.uint8)
    return stored


def decoded(files: ImageFiles, size: int, index: int) -> Tensor:
    """Return one image of a folder as uint8 (3, size, size)."""
    return torch.tensor(files.read(index, size)).permute(2, 0, 1)


@dataclass(frozen=True)
class Pictures:
    """Which pictures to classify, and how they are presented.

    Attributes
    ----------
    data
        The name of a data set of `Images`.
    mean, std
        Per channel in units of 255; None: those of the training images.
    augment
        Whether to mirror and to crop, with a padding of an eighth of the size (4 of 32 pixels).
    pool
        Averages over squares of this many pixels make the images smaller.
    validation
        The share of the training images that is held out, where the data set has no such part.
    """

    data: str
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None
    augment: bool = False
    pool: int = 1
    validation: float = 0.1

    def task(
        self,
        root: Path | None,
        model: Callable[[int, int, int], nn.Module],
        roles: Callable[[nn.Module], Mapping[str, Role]] = last_layer,
    ) -> Task:
        """Return the task; ``model`` is ``(classes, channels, size) -> model``."""
        parts = three_parts(load(self.data, root), self.validation, Images, self.data)
        stored = channels_first(parts[0].images, self.pool)
        mean, std = moments(stored)
        transform = normalise(self.mean or mean, self.std or std)
        channels, size = stored.shape[1:3]

        def source(part: Images, augment: FlipCrop | None = None) -> TensorSource:
            images, labels = channels_first(part.images, self.pool), torch.tensor(part.labels)
            return TensorSource((images, labels), transform, augment)

        train = source(parts[0], FlipCrop(size, size // 8) if self.augment else None)
        validation = None if parts[1] is None else source(parts[1])
        test = source(parts[2])
        score = Classification()
        make = partial(model, len(parts[0].classes), channels, size)
        return Task(train, validation, test, make, score.loss, score.evaluate, roles=roles)
