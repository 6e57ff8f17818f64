# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""ResNet-20 on CIFAR-10."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.models.resnet import resnet
from experiments.scales import later
from experiments.workload import Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import AS_PUBLISHED, preset
from experiments.workloads.images import GRID, HALF_DECADES, NORMALISED, Pictures, accuracy


@dataclass(frozen=True)
class Scale:
    """A residual network with shortcuts of option A; see `resnet` and `Pictures`."""

    data: str = "cifar10"
    widths: tuple[int, ...] = (16, 32, 64)
    blocks: tuple[int, ...] = (3, 3, 3)
    augment: bool = True
    pool: int = 1
    validation: float = later(0.1)

    def build(self, root: Path | None) -> Task:
        """Return the task."""
        pictures = Pictures(
            self.data, augment=self.augment, pool=self.pool, validation=self.validation
        )
        return pictures.task(
            root, lambda classes, channels, _: resnet(classes, self.widths, self.blocks, channels)
        )


SMALL = Scale("fashion_slice", widths=(8, 16, 32), blocks=(1, 1, 1), augment=False, pool=2)

WORKLOAD = Workload(
    name="cifar10_resnet20",
    title=WORKLOADS["cifar10_resnet20"].title,
    source=(
        "arXiv 2305.07583: batch 128, 50 epochs, flip and crop with padding 4, no weight"
        " decay. Small: 8 layers with half the width on 4000 images of Fashion-MNIST, averaged to"
        " 14 x 14, without augmentation."
    ),
    score=accuracy(10),
    presets={
        "paper": preset(Scale(validation=0.0), 50, 128, lrs=HALF_DECADES, **AS_PUBLISHED),
        "small": preset(SMALL, epochs=5, batch_size=64),
        "smoke": preset(
            Scale("fashion_slice", (4, 8, 16), (1, 1, 1), augment=True, pool=4),
            epochs=1,
            batch_size=128,
        ),
    },
    differences=(GRID, NORMALISED),
)
