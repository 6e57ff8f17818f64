# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Denoising diffusion of images with a UNet (Ho et al., arXiv 2006.11239)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from experiments.batches import FileSource, FlipCrop, TensorSource
from experiments.data import ImageFiles, Images, load
from experiments.models.unet import ROLES, Unet
from experiments.sampling.distance import directions, sliced_wasserstein
from experiments.sampling.processes import Preserving
from experiments.sampling.rules import Rule
from experiments.sampling.samplers import gaussian, predictor_corrector
from experiments.scales import later
from experiments.workload import Batch, Difference, Score, Scores, Source, Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import (
    AS_PUBLISHED,
    DECADES,
    batches_for,
    on_device,
    preset,
    three_parts,
)
from experiments.workloads.images import channels_first, decoded


def to_unit(batch: Batch) -> Batch:
    """Return the batch with uint8 images as floats from -1 to 1."""
    return (batch[0].float() / 127.5 - 1, *batch[1:])


@dataclass(frozen=True)
class Diffusion:
    """The simplified loss: the mean square of the error in the noise.

    Attributes
    ----------
    steps
        Of the noising process; its variances grow linearly from ``0.1 / steps`` to
        ``20 / steps``: 1e-4 to 0.02 with 1000 steps.
    seed
        Of times and noise in evaluation and in samples, which are the same each time.
    levels
        Of the process, evenly over its steps, at which samples are made: each takes two
        evaluations of the model, in the predictor and in the corrector.
    snr
        Of the corrector.
    samples
        How many are made, and compared with as many images.
    """

    steps: int = 1000
    seed: int = 0
    levels: int = 16
    snr: float = 0.1
    samples: int = 128

    def kept(self) -> Tensor:
        """Return the share of an image's variance that is left at each time: float64 (steps,)."""
        variances = torch.linspace(0.1, 20, self.steps, dtype=torch.float64) / self.steps
        return (1 - variances).cumprod(0)

    def error(self, model: nn.Module, images: Tensor, times: Tensor, noise: Tensor) -> Tensor:
        """Return the mean square error for images noised to ``times``, int64 (b,)."""
        kept = self.kept().float().to(images.device)[times, None, None, None]
        noised = kept.sqrt() * images + (1 - kept).sqrt() * noise
        return functional.mse_loss(model(noised, times), noise)

    def loss(self, model: nn.Module, batch: Batch) -> Tensor:
        """Return the mean square error at random times."""
        images = batch[0]
        times = torch.randint(self.steps, (len(images),), device=images.device)
        return self.error(model, images, times, torch.randn_like(images))

    def evaluate(self, model: nn.Module, source: Source, size: int) -> Scores:
        """Return the same with fixed times and noise, as loss and as score."""
        generator = torch.Generator().manual_seed(self.seed)
        total = 0.0
        for images, *_ in batches_for(model, source, size):
            times = torch.randint(self.steps, (len(images),), generator=generator)
            noise = torch.randn(images.shape, generator=generator)
            error = self.error(model, images, times.to(images.device), noise.to(images.device))
            total += error.item() * len(images)
        return Scores(total / len(source), total / len(source))

    def quality(self, model: nn.Module, source: Source) -> float:
        """Return the sliced Wasserstein distance of samples to images, in units of [-1, 1].

        Samples are made by a predictor and a corrector with adaptive momentum at the exact
        temperature (`experiments.sampling`). The score is ``(√a D - x)/(1-a)``, where D, the
        denoised image ``(x - √(1-a) noise)/√a``, is cut to [-1, 1] as by Ho et al.: without
        that it is ``-noise/√(1-a)``, whose errors grow by 1/√a. Infinite where a sample is not
        finite.
        """
        generator = torch.Generator().manual_seed(self.seed)
        count = min(self.samples, len(source))
        order = torch.randperm(len(source), generator=generator)
        real = on_device(model, next(iter(source.batches(count, order))))[0]
        table = self.kept()
        times = torch.linspace(self.steps - 1, 0, min(self.levels, self.steps)).round().long()
        process = Preserving(tuple(times.tolist()), tuple(table[times].tolist()))

        def score(x: Tensor, time: float) -> Tensor:
            kept = float(table[int(time)])
            noise = model(x, torch.full((len(x),), int(time), device=x.device))
            denoised = (x - math.sqrt(1 - kept) * noise) / math.sqrt(kept)
            return (math.sqrt(kept) * denoised.clamp(-1, 1) - x) / (1 - kept)

        start = torch.randn(real.shape, generator=generator).to(real.device)
        noise = gaussian(start, generator)
        rule = Rule("adaptive", "exact", delta=1e-4)
        made = predictor_corrector(score, start, process, 1, self.snr, rule, noise)
        if not made.isfinite().all():
            return math.inf
        return sliced_wasserstein(made, real, directions(real[0].numel(), 128, self.seed))


@dataclass(frozen=True)
class Scale:
    """Sizes of the model, see `Unet`, and of the images.

    Attributes
    ----------
    data
        A data set of image files, or of images in memory.
    size
        Files: of the square that an image becomes. In memory: averages make images this small.
    steps
        Of the diffusion.
    flip
        Mirror every other image in training.
    validation
        The share of the training images that is held out.
    workers
        Processes that decode files.
    scored
        Of which images the score is; "train": of those trained on, without the mirror.
    """

    data: str = "images"
    size: int = 64
    widths: tuple[int, ...] = (128, 256, 256, 256)
    blocks: int = 2
    groups: int = 32
    steps: int = 1000
    flip: bool = True
    validation: float = 0.1
    workers: int = 8
    scored: Literal["train", "test"] = later("test")

    def build(self, root: Path | None) -> Task:
        """Return the task."""
        splits = load(self.data, root)
        files = isinstance(splits.train, ImageFiles)
        kind: type[Any] = ImageFiles if files else Images
        parts = three_parts(splits, self.validation, kind, self.data)
        source: Callable[..., Source] = self._files if files else self._memory
        train = source(parts[0], FlipCrop(self.size, 0) if self.flip else None)
        validation = None if parts[1] is None else source(parts[1])
        test = source(parts[0] if self.scored == "train" else parts[2])
        channels = next(test.batches(1, None))[0].shape[1]
        model = partial(Unet, channels, self.widths, self.blocks, self.groups)
        diffusion = Diffusion(self.steps)
        score = diffusion.evaluate
        sources = (train, validation, test)
        measures = (diffusion.loss, score, diffusion.quality)
        return Task(*sources, model, *measures, roles=lambda model: ROLES)

    def _files(self, part: ImageFiles, augment: FlipCrop | None = None) -> FileSource:
        numbers = torch.arange(len(part))
        read = partial(decoded, part, self.size)
        return FileSource(read, (numbers,), to_unit, augment, self.workers)

    def _memory(self, part: Images, augment: FlipCrop | None = None) -> TensorSource:
        stored = channels_first(part.images, part.images.shape[1] // self.size)
        return TensorSource((stored,), to_unit, augment)


WORKLOAD = Workload(
    name="diffusion_unet",
    title=WORKLOADS["diffusion_unet"].title,
    source=(
        "arXiv 2305.07583: constant and cosine schedule, judged by the training loss; the"
        " baseline is AdamW. Small: widths 8 and 16 on the slice of Fashion-MNIST, averaged to"
        " 14 x 14, and the score is the test loss. Both are taken with fixed noise; predicting no"
        " noise at all gives 1."
    ),
    score=Score("loss", higher_is_better=False, worst=1.0, point=0.01),
    presets={
        "paper": preset(
            Scale(validation=0.0, scored="train"),
            epochs=50,
            batch_size=16,
            methods=("momo_adam", "adam_w"),
            score=Score("training loss", higher_is_better=False, worst=1.0, point=0.01),
            **AS_PUBLISHED,
        ),
        "small": preset(
            Scale("fashion_slice", 14, (8, 16), 1, 4, flip=False), epochs=3, batch_size=32
        ),
        "smoke": preset(Scale("fashion_slice", 7, (8, 8), 1, 4), epochs=1, batch_size=128),
    },
    differences=(
        Difference(
            "network",
            "64 x 64 pixels, widths 128, 256, 256, 256, no attention",
            "128 x 128, six levels of 128 to 512 with attention (from memory of what it follows)",
            "its settings are published nowhere that could be found",
        ),
        Difference(
            "training",
            "batch 16, 50 epochs, a constant rate; --schedule cosine",
            "constant and cosine; the rest is not known",
            "its settings are published nowhere that could be found",
        ),
        Difference(
            "images",
            "any folder; every tenth image is not trained on",
            "butterflies of the Smithsonian (from memory), all of them",
            "a folder without parts is read so for all workloads",
        ),
        Difference(
            "score",
            "the loss on the training images at the end, with fixed noise and no dropout",
            "the training loss",
            "the mean over an epoch, train_loss in records, lags behind and has noise of its own",
        ),
        DECADES,
    ),
)
