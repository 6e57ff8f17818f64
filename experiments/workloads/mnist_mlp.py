# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A multilayer perceptron on MNIST."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.models.mlp import mlp
from experiments.workload import Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import AS_PUBLISHED, DECADES, preset
from experiments.workloads.images import Pictures, accuracy


@dataclass(frozen=True)
class Scale:
    """Layers of ``hidden`` sizes with ReLU, on 28 x 28 images without augmentation.

    ``validation`` is the share of the training images that is held out.
    """

    data: str = "mnist"
    hidden: tuple[int, ...] = (100, 100)
    mean: tuple[float, ...] = (0.1307,)
    std: tuple[float, ...] = (0.3081,)
    validation: float = 0.1

    def build(self, root: Path | None) -> Task:
        """Return the task."""
        pictures = Pictures(self.data, self.mean, self.std, validation=self.validation)
        return pictures.task(root, lambda classes, *_: mlp((28 * 28, *self.hidden, classes)))


WORKLOAD = Workload(
    name="mnist_mlp",
    title=WORKLOADS["mnist_mlp"].title,
    source=(
        "arXiv 2305.07583: two hidden layers of 100, batch 128, 10 epochs, no"
        " augmentation. Small is the same but for a tenth of the training images, which is held"
        " out for validation; smoke takes 4000 images of Fashion-MNIST."
    ),
    score=accuracy(10),
    presets={
        "paper": preset(Scale(validation=0.0), epochs=10, batch_size=128, **AS_PUBLISHED),
        "small": preset(Scale(), epochs=10, batch_size=128),
        "smoke": preset(Scale("fashion_slice"), epochs=2, batch_size=128),
    },
    differences=(DECADES,),
)
