# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""ViT-tiny on ImageNet, or on any folder of the same layout."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import torch

from experiments.batches import Augment, FileSource, FlipCrop, ResizedCrop
from experiments.data import ImageFiles, Images, load
from experiments.files import cache_folder
from experiments.models.vit import ROLES, VisionTransformer
from experiments.scales import later
from experiments.workload import Batch, Difference, Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import AS_PUBLISHED, DECADES, Classification, preset, three_parts
from experiments.workloads.images import EMOJI, accuracy, decoded, normalise

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of the training images of ImageNet, as they are commonly given."""
TRAINING: dict[str, Any] = {"schedule": "cosine", "weight_decay": 0.1}


def unpacked_slice() -> Path:
    """Return a folder that holds the slice of emoji as a data set of ImageNet's layout.

    The files are written at the first call, into the cache.
    """
    from PIL import Image

    splits = load("emoji_slice")
    # Another slice gets another folder: a new version must not find the old one's files.
    digest = hashlib.sha256(splits.train.images.tobytes() + splits.test.images.tobytes())
    home = cache_folder() / f"emoji_slice-{digest.hexdigest()[:12]}"
    if home.exists():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as name:
        for part, images in (("train", splits.train), ("val", splits.test)):
            assert isinstance(images, Images)
            for index, (pixels, label) in enumerate(zip(images.images, images.labels, strict=True)):
                folder = Path(name) / "imagenet" / part / f"{label:03d}"
                folder.mkdir(parents=True, exist_ok=True)
                Image.fromarray(pixels).save(folder / f"{index:04d}.png")
        try:
            Path(name).rename(home)
        except OSError:  # another process was faster
            if not home.exists():
                raise
        else:
            Path(name).mkdir()  # for the context manager to remove
    return home


def cut_and_normalise(size: int, batch: Batch) -> Batch:
    """Return the batch with the middle of its images, (b, 3, size, size), as floats."""
    images, *rest = batch
    first = (images.shape[2] - size) // 2
    middle = images[:, :, first : first + size, first : first + size]
    return normalise(MEAN, STD)((middle, *rest))


@dataclass(frozen=True)
class Scale:
    """Sizes of the model, see `VisionTransformer`, and how images are read.

    Attributes
    ----------
    data
        "imagenet", or "emoji_slice", which is unpacked into the same layout.
    size, margin
        The shorter side of an image becomes size + margin; a random square of ``size`` is trained
        on, mirrored at random, and the one in the centre is scored.
    crop
        "random": what is trained on is a part of random area and shape, see `ResizedCrop`.
    label_smoothing
        Of the training loss.
    validation
        The share of the training images that is held out.
    workers
        Processes that decode.
    """

    data: str = "imagenet"
    size: int = 224
    margin: int = 32
    patch: int = 16
    dim: int = 192
    depth: int = 12
    heads: int = 3
    hidden: int = 768
    dropout: float = 0.0
    validation: float = 0.02
    workers: int = 8
    crop: Literal["fixed", "random"] = later("fixed")
    label_smoothing: float = later(0.0)

    def build(self, root: Path | None) -> Task:
        """Return the task."""
        splits = load("imagenet", unpacked_slice() if self.data == "emoji_slice" else root)
        parts = three_parts(splits, self.validation, ImageFiles, self.data)
        random = self.crop == "random"
        augment = ResizedCrop(self.size) if random else FlipCrop(self.size, 0)
        train, test = self._source(parts[0], augment), self._source(parts[2])
        validation = None if parts[1] is None else self._source(parts[1])
        model = partial(
            VisionTransformer,
            classes=len(parts[0].classes),
            size=self.size,
            patch=self.patch,
            dim=self.dim,
            depth=self.depth,
            heads=self.heads,
            hidden=self.hidden,
            dropout=self.dropout,
        )
        score = Classification(self.label_smoothing)
        sources = (train, validation, test)
        return Task(*sources, model, score.loss, score.evaluate, roles=lambda model: ROLES)

    def _source(self, files: ImageFiles, augment: Augment | None = None) -> FileSource:
        assert files.labels is not None
        return FileSource(
            partial(decoded, files, self.size + self.margin),
            (torch.tensor(files.labels),),
            partial(cut_and_normalise, self.size),
            augment,
            self.workers,
        )


WORKLOAD = Workload(
    name="imagenet_vit_tiny",
    title=WORKLOADS["imagenet_vit_tiny"].title,
    source=(
        "arXiv 2305.07583: cosine schedule with warm-up, weight decay 0.1, but for biases, norms,"
        " the class token and positions; mirrored crops of random area and shape. Small: fixed"
        " crops, everything is decayed, width 32, 2 blocks on emoji of 24 x 24 pixels, read one by"
        " one from a folder of the same layout, in 9 uneven classes. The baseline is AdamW, whose"
        " decay is that of MoMo-Adam."
    ),
    score=accuracy(1000),
    presets={
        "paper": preset(
            Scale(validation=0.0, crop="random"),
            epochs=200,
            batch_size=512,
            warmup=0.025,
            decayed="weights",
            **TRAINING,
            **AS_PUBLISHED,
        ),
        "small": preset(
            Scale("emoji_slice", 24, 4, 6, 32, 2, 2, 64, validation=0.1, workers=0),
            epochs=12,
            batch_size=32,
            warmup=0.05,
            score=EMOJI,
            **TRAINING,
        ),
        "smoke": preset(
            Scale("emoji_slice", 8, 2, 4, 16, 1, 2, 16, validation=0.1, workers=0),
            epochs=1,
            batch_size=64,
            warmup=0.05,
            score=EMOJI,
            **TRAINING,
        ),
    },
    methods=("momo", "momo_adam", "sgd_m", "adam_w"),
    differences=(
        Difference(
            "length",
            "200 epochs, 5 of them warm-up, batch 512",
            "5 epochs of warm-up; the rest is not known",
            "the warm-up is known at second hand, the rest is from memory",
        ),
        Difference(
            "augmentation",
            "crops of 8 to 100 % of the image, mirrored",
            "the training script of timm, whose own also changes colours (from memory)",
            "which of its options were on is not known",
        ),
        Difference(
            "crops",
            "out of the middle square, of 256 pixels",
            "out of the whole image (from memory)",
            "images of one size can be cut on any device",
        ),
        Difference(
            "label smoothing",
            "none",
            "0.1, which is the script's own (from memory)",
            "not confirmed, and it moves the smallest loss away from 0",
        ),
        DECADES,
    ),
)
