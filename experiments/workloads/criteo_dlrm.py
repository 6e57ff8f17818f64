"""DLRM: whether an advertisement is clicked, or a flight is late."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from experiments.batches import TensorSource
from experiments.data import Clicks, load
from experiments.models.dlrm import Dlrm, rows_of
from experiments.parameter_groups import last_layer
from experiments.workload import Batch, Score, Scores, Source, Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import batches_for, preset, three_parts


def loss(model: nn.Module, batch: Batch) -> Tensor:
    """Return the mean log loss."""
    numbers, categories, labels = batch
    logits = model(numbers, categories)
    return functional.binary_cross_entropy_with_logits(logits, labels)


def evaluate(model: nn.Module, source: Source, size: int) -> Scores:
    """Return the log loss and the area under the ROC curve in percent.

    Logits that are not finite count as worth nothing: an area of a half.
    """
    from sklearn.metrics import roc_auc_score

    found = [(model(n, c), y) for n, c, y in batches_for(model, source, max(size, 1024))]
    logits, labels = (torch.cat(part).cpu() for part in zip(*found, strict=True))
    value = functional.binary_cross_entropy_with_logits(logits, labels).item()
    finite = bool(logits.isfinite().all())
    area = roc_auc_score(labels.numpy(), logits.numpy()) if finite else 0.5
    return Scores(value, 100 * float(area))


def compressed(numbers: Tensor) -> Tensor:
    """Return sign(x) log(1 + |x|): counts and their like have long tails."""
    return numbers.sign() * numbers.abs().log1p()


@dataclass(frozen=True)
class Scale:
    """Sizes of the model, see `Dlrm`.

    Numbers are compressed by a logarithm, then normalised by the training rows; missing ones are at
    the mean. Categories are hashed to the rows of the tables. Where the data set has no part for
    validation, it is a random tenth of the training rows.
    """

    data: str = "criteo"
    rows: int = 2**18
    dim: int = 16
    bottom: tuple[int, ...] = (512, 256, 64)
    top: tuple[int, ...] = (512, 256)

    def build(self, root: Path | None) -> Task:
        """Return the task."""
        parts = three_parts(load(self.data, root), 0.1, Clicks, self.data)
        numbers = [compressed(torch.tensor(part.numeric)) for part in parts]
        mean = numbers[0].nanmean(0)
        std = (numbers[0] - mean).square().nanmean(0).sqrt().clamp_min(1e-6)
        train, validation, test = (
            TensorSource(
                (
                    ((number - mean) / std).nan_to_num(0.0),
                    rows_of(torch.from_numpy(part.categories.astype(np.int64)), self.rows),
                    torch.tensor(part.labels).float(),
                )
            )
            for number, part in zip(numbers, parts, strict=True)
        )
        model = partial(Dlrm, rows=self.rows, dim=self.dim, bottom=self.bottom, top=self.top)
        return Task(train, validation, test, model, loss, evaluate, roles=last_layer)


WORKLOAD = Workload(
    name="criteo_dlrm",
    title=WORKLOADS["criteo_dlrm"].title,
    source=(
        "arXiv 2305.07583, and the sizes that DLRM's authors use for the Kaggle data: embeddings of"
        " 16, perceptrons 512-256-64-16 and 512-256-1, batch 128, one epoch. Tables are hashed to"
        " 2^18 rows each, where the authors keep millions. Small: 12 000 flights in the same"
        " format, tables of 128 rows."
    ),
    score=Score("AUC in %", higher_is_better=True, worst=50.0),
    presets={
        "paper": preset(Scale(), epochs=1, batch_size=128, spectral="hidden"),
        "small": preset(
            Scale("flights_slice", 128, 8, (64, 32), (64, 32)), epochs=2, batch_size=32
        ),
        "smoke": preset(Scale("flights_slice", 64, 4, (16,), (16,)), epochs=1, batch_size=256),
    },
)
