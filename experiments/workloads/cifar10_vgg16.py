# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""VGG-16 on CIFAR-10."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.models.vgg import VGG16, vgg
from experiments.scales import later
from experiments.workload import Difference, Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import AS_PUBLISHED, preset
from experiments.workloads.images import GRID, HALF_DECADES, NORMALISED, Pictures, accuracy


@dataclass(frozen=True)
class Scale:
    """Stages of convolutions with batch normalisation, and a head; see `vgg` and `Pictures`."""

    data: str = "cifar10"
    stages: tuple[tuple[int, ...], ...] = VGG16
    augment: bool = True
    pool: int = 1
    validation: float = later(0.1)
    head: tuple[int, ...] = later(())
    dropout: float = later(0.0)

    def build(self, root: Path | None) -> Task:
        """Return the task."""
        pictures = Pictures(
            self.data, augment=self.augment, pool=self.pool, validation=self.validation
        )
        return pictures.task(
            root,
            lambda classes, channels, _: vgg(
                classes, self.stages, channels, self.head, self.dropout
            ),
        )


SMALL = Scale("fashion_slice", ((16, 16), (32, 32), (64, 64)), augment=False, pool=2)

WORKLOAD = Workload(
    name="cifar10_vgg16",
    title=WORKLOADS["cifar10_vgg16"].title,
    source=(
        "arXiv 2305.07583: VGG16 with batch normalisation, batch 128, 50 epochs, flip and crop with"
        " padding 4, no weight decay. Small: 6 convolutions of up to 64 channels on the slice of"
        " Fashion-MNIST, averaged to 14 x 14, without augmentation."
    ),
    score=accuracy(10),
    presets={
        "paper": preset(
            Scale(validation=0.0, head=(512, 512), dropout=0.5),
            epochs=50,
            batch_size=128,
            lrs=HALF_DECADES,
            **AS_PUBLISHED,
        ),
        "small": preset(SMALL, epochs=4, batch_size=64),
        "smoke": preset(
            Scale("fashion_slice", ((8,), (16,)), augment=True, pool=4), epochs=1, batch_size=128
        ),
    },
    differences=(
        Difference(
            "head",
            "linear layers 512, 512 and 10, dropout 0.5 before the first two",
            "the same (from memory)",
            "the head of the usual VGG16 for CIFAR-10; that of the paper's code is not confirmed",
        ),
        GRID,
        NORMALISED,
    ),
)
