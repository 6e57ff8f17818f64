"""VGG-16 on CIFAR-10."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.models.vgg import VGG16, vgg
from experiments.workload import Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import preset
from experiments.workloads.images import HALF_DECADES, Pictures, accuracy


@dataclass(frozen=True)
class Scale:
    """Stages of convolutions with batch normalisation; see `vgg` and `Pictures`."""

    data: str = "cifar10"
    stages: tuple[tuple[int, ...], ...] = VGG16
    augment: bool = True
    pool: int = 1

    def build(self, root: Path | None) -> Task:
        """Return the task."""
        return Pictures(self.data, augment=self.augment, pool=self.pool).task(
            root, lambda classes, channels, _: vgg(classes, self.stages, channels)
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
        "paper": preset(Scale(), epochs=50, batch_size=128, lrs=HALF_DECADES, spectral="hidden"),
        "small": preset(SMALL, epochs=4, batch_size=64),
        "smoke": preset(
            Scale("fashion_slice", ((8,), (16,)), augment=True, pool=4), epochs=1, batch_size=128
        ),
    },
)
