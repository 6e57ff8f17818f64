# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""ResNet-110 on CIFAR-100."""

from __future__ import annotations

from experiments.workload import Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.cifar10_resnet20 import Scale
from experiments.workloads.common import AS_PUBLISHED, preset
from experiments.workloads.images import EMOJI, GRID, HALF_DECADES, NORMALISED, accuracy

WORKLOAD = Workload(
    name="cifar100_resnet110",
    title=WORKLOADS["cifar100_resnet110"].title,
    source=(
        "arXiv 2305.07583: batch 128, 100 epochs, flip and crop with padding 4, no weight decay."
        " Small: 14 layers with half the width on 32 x 32 colour emoji, averaged to 16 x 16, in 9"
        " uneven classes."
    ),
    score=accuracy(100),
    presets={
        "paper": preset(
            Scale("cifar100", blocks=(18, 18, 18), validation=0.0),
            epochs=100,
            batch_size=128,
            lrs=HALF_DECADES,
            **AS_PUBLISHED,
        ),
        "small": preset(
            Scale("emoji_slice", (8, 16, 32), (2, 2, 2), augment=False, pool=2),
            epochs=8,
            batch_size=32,
            score=EMOJI,
        ),
        "smoke": preset(
            Scale("emoji_slice", (4, 8, 16), (1, 1, 1), augment=True, pool=4),
            epochs=1,
            batch_size=64,
            score=EMOJI,
        ),
    },
    differences=(GRID, NORMALISED),
)
