# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""ResNet-18 on ImageNet in 32 x 32."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.models.resnet import resnet18
from experiments.workload import Difference, Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import AS_PUBLISHED, preset
from experiments.workloads.images import EMOJI, GRID, HALF_DECADES, NORMALISED, Pictures, accuracy


@dataclass(frozen=True)
class Scale:
    """ResNet-18 with ``width`` channels in its first stage; see `resnet18` and `Pictures`."""

    data: str = "imagenet32"
    width: int = 64
    augment: bool = True
    pool: int = 1
    validation: float = 0.02

    def build(self, root: Path | None) -> Task:
        """Return the task."""
        return Pictures(
            self.data, augment=self.augment, pool=self.pool, validation=self.validation
        ).task(root, lambda classes, channels, _: resnet18(classes, channels, self.width))


WORKLOAD = Workload(
    name="imagenet32_resnet18",
    title=WORKLOADS["imagenet32_resnet18"].title,
    source=(
        "arXiv 2305.07583: 45 epochs, constant rates, weight decay 0 or 1e-4, lower bound 0 or 0.9"
        " (here 0 and 0 unless told otherwise), batch 128, flip and crop with padding 4, a 3 x 3"
        " stem. Small: an eighth of the width on 32 x 32 colour emoji, averaged to 16 x 16, in 9"
        " uneven classes."
    ),
    score=accuracy(1000),
    presets={
        "paper": preset(Scale(validation=0.0), 45, 128, lrs=HALF_DECADES, **AS_PUBLISHED),
        "small": preset(
            Scale("emoji_slice", 8, augment=False, pool=2, validation=0.1),
            epochs=8,
            batch_size=32,
            score=EMOJI,
        ),
        "smoke": preset(
            Scale("emoji_slice", 4, pool=4, validation=0.1),
            epochs=1,
            batch_size=64,
            score=EMOJI,
        ),
    },
    differences=(
        Difference(
            "weight decay and lower bound",
            "0 and 0; the other three pairs: --weight-decay 1e-4, --lb 0.9, and both",
            "all four pairs of 0 and 1e-4, 0 and 0.9",
            "a preset has one setting",
        ),
        GRID,
        NORMALISED,
    ),
)
