# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A vision transformer on CIFAR-10."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.models.vit import ROLES, VisionTransformer
from experiments.scales import later
from experiments.workload import Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import AS_PUBLISHED, preset
from experiments.workloads.images import GRID, HALF_DECADES, NORMALISED, Pictures, accuracy


@dataclass(frozen=True)
class Scale:
    """Sizes of the model, see `VisionTransformer`, and of the images, see `Pictures`."""

    data: str = "cifar10"
    patch: int = 4
    dim: int = 512
    depth: int = 6
    heads: int = 8
    hidden: int = 512
    dropout: float = 0.1
    augment: bool = True
    pool: int = 1
    validation: float = later(0.1)

    def build(self, root: Path | None) -> Task:
        """Return the task."""
        pictures = Pictures(
            self.data, augment=self.augment, pool=self.pool, validation=self.validation
        )
        sizes = (self.patch, self.dim, self.depth, self.heads, self.hidden, self.dropout)
        return pictures.task(
            root,
            lambda classes, channels, size: VisionTransformer(
                classes, channels, size, *sizes, bias=False
            ),
            roles=lambda model: ROLES,
        )


WORKLOAD = Workload(
    name="cifar10_vit",
    title=WORKLOADS["cifar10_vit"].title,
    source=(
        "arXiv 2305.07583: patch 4, width 512, 6 blocks, 8 heads, feed-forward 512, dropout 0.1,"
        " batch 512, 200 epochs, constant rates, flip and crop with padding 4, queries, keys and"
        " values without bias. Small: width 32, 2 blocks on the slice of Fashion-MNIST, without"
        " dropout and augmentation."
    ),
    score=accuracy(10),
    presets={
        "paper": preset(Scale(validation=0.0), 200, 512, lrs=HALF_DECADES, **AS_PUBLISHED),
        "small": preset(
            Scale("fashion_slice", 7, 32, 2, 2, 64, dropout=0.0, augment=False),
            epochs=8,
            batch_size=64,
        ),
        "smoke": preset(
            Scale("fashion_slice", 7, 16, 1, 2, 16, dropout=0.1), epochs=1, batch_size=128
        ),
    },
    differences=(GRID, NORMALISED),
)
