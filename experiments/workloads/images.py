"""Image classification from arrays in memory: what the workloads on small images share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from experiments.data import Images, load, split
from experiments.sources import FlipCrop, TensorSource, Transform
from experiments.workload import Batch, Score, Task
from experiments.workloads.common import Classification

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


def accuracy(classes: int) -> Score:
    """Return the score of a classification; chance is what a model has that learned nothing."""
    return Score(ACCURACY, higher_is_better=True, worst=100 / classes)


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
    stored = torch.from_numpy(images).permute(0, 3, 1, 2)
    if pool > 1:
        stored = functional.avg_pool2d(stored.float(), pool).round().to(torch.uint8)
    return stored.contiguous()


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

    def task(self, root: Path | None, model: Callable[[int, int], nn.Module]) -> Task:
        """Return the task; ``model`` is ``(classes, channels) -> model``."""
        splits = load(self.data, root)
        parts = [self._tensors(splits.train), self._tensors(splits.test)]
        if splits.validation is None:
            images, labels = parts[0]
            chosen = [torch.from_numpy(i) for i in split(len(labels), self.validation, 0)]
            parts[0], held_out = ((images[index], labels[index]) for index in chosen)
            parts.append(held_out)
        else:
            parts.append(self._tensors(splits.validation))
        images = parts[0][0]
        mean, std = moments(images)
        transform = normalise(self.mean or mean, self.std or std)
        size, channels = images.shape[2], images.shape[1]
        augment = FlipCrop(size, size // 8) if self.augment else None
        train = TensorSource(parts[0], transform, augment)
        test, validation = (TensorSource(part, transform) for part in parts[1:])
        classes = len(splits.train.classes)
        score = Classification()
        return Task(
            train, validation, test, lambda: model(classes, channels), score.loss, score.evaluate
        )

    def _tensors(self, part: Any) -> tuple[Tensor, Tensor]:
        if not isinstance(part, Images):
            raise TypeError(f"data = {self.data} is no data set of images in memory")
        return channels_first(part.images, self.pool), torch.from_numpy(part.labels)
