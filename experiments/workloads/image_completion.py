# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The lower half of an image from the upper one: nothing in it is smooth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from experiments.batches import TensorSource
from experiments.data import Images, load
from experiments.parameter_groups import last_layer
from experiments.workload import Batch, Score, Scores, Source, Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import mean_loss, preset, three_parts
from experiments.workloads.images import channels_first


def halves(batch: Batch) -> Batch:
    """Return uint8 images (b, c, h, w) as upper and lower halves, floats from 0 to 1."""
    upper, lower = (batch[0].float() / 255).tensor_split(2, dim=2)
    return upper, lower


def loss(model: nn.Module, batch: Batch) -> Tensor:
    """Return the mean absolute error of a pixel, in units of the range of pixels."""
    upper, lower = batch
    error: Tensor = model(upper) - lower.flatten(1)
    return error.abs().mean()


def evaluate(model: nn.Module, source: Source, size: int) -> Scores:
    """Return the loss, which is the score as well."""
    value = mean_loss(model, source, size, loss)
    return Scores(value, value)


def network(upper: torch.Size, lower: torch.Size, widths: tuple[int, ...]) -> nn.Sequential:
    """Return convolutions, each with ReLU and max-pooling, and a linear layer; none is smooth.

    Parameters
    ----------
    upper, lower
        The shapes (c, h, w) of what it sees, and of what it says.
    widths
        The channels of the convolutions.
    """
    layers: list[nn.Module] = []
    channels, height, width = upper
    for outputs in widths:
        layers += [nn.Conv2d(channels, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        channels, height, width = outputs, height // 2, width // 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * height * width, lower.numel()))


@dataclass(frozen=True)
class Scale:
    """Channels of the network, see `network`, and which images.

    Attributes
    ----------
    pool
        Averages over squares of this many pixels make the images smaller.
    validation
        The share of the training images that is held out.
    """

    data: str = "cifar10"
    widths: tuple[int, ...] = (64, 128, 256)
    pool: int = 1
    validation: float = 0.1

    def build(self, root: Path | None) -> Task:
        """Return the task."""
        parts = three_parts(load(self.data, root), self.validation, Images, self.data)
        train, test = self._source(parts[0]), self._source(parts[2])
        validation = None if parts[1] is None else self._source(parts[1])
        upper, lower = (half.shape[1:] for half in halves((train.tensors[0][:1],)))
        return Task(
            train,
            validation,
            test,
            partial(network, upper, lower, self.widths),
            loss,
            evaluate,
            roles=last_layer,
        )

    def _source(self, part: Images) -> TensorSource:
        return TensorSource((channels_first(part.images, self.pool),), halves)


WORKLOAD = Workload(
    name="image_completion",
    title=WORKLOADS["image_completion"].title,
    source=(
        "No experiment of arXiv 2305.07583, but one on which theory for losses that are not smooth"
        " has something to say (arXiv 2405.09742): ReLU, max-pooling and the absolute error, on the"
        " lower halves of images given the upper ones. Small: two convolutions on the slice of"
        " Fashion-MNIST, averaged to 14 x 14. The score is the test loss; saying 0 everywhere has"
        " 0.32, and the median of each pixel 0.21."
    ),
    score=Score("absolute error", higher_is_better=False, worst=0.32, point=0.003),
    presets={
        "paper": preset(Scale(), epochs=50, batch_size=128, spectral="hidden"),
        "small": preset(Scale("fashion_slice", (16, 32), pool=2), epochs=3, batch_size=32),
        "smoke": preset(Scale("fashion_slice", (8, 8), pool=2), epochs=1, batch_size=64),
    },
)
