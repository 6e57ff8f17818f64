# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""DLRM: whether an advertisement is clicked, or a flight is late."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from experiments.batches import TensorSource
from experiments.data import Clicks, load
from experiments.models.dlrm import Dlrm, rows_of
from experiments.parameter_groups import last_layer
from experiments.scales import later
from experiments.workload import Batch, Difference, Score, Scores, Source, Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import AS_PUBLISHED, CHOSEN, batches_for, preset, three_parts
from experiments.workloads.images import ACCURACY, GRID, HALF_DECADES

NO_CLICK = 74.4
"""The accuracy in percent of saying that nothing is clicked: 25.6 % of Criteo's rows are."""


def loss(model: nn.Module, batch: Batch) -> Tensor:
    """Return the mean log loss."""
    numbers, categories, labels = batch
    logits = model(numbers, categories)
    return functional.binary_cross_entropy_with_logits(logits, labels)


def evaluate(
    model: nn.Module, source: Source, size: int, measure: Literal["area", "accuracy"] = "area"
) -> Scores:
    """Return the log loss and the area under the ROC curve, or the accuracy, in percent.

    Logits that are not finite count as worth nothing: an area of a half, an accuracy of 0.
    """
    found = [(model(n, c), y) for n, c, y in batches_for(model, source, max(size, 1024))]
    logits, labels = (torch.cat(part).cpu() for part in zip(*found, strict=True))
    value = functional.binary_cross_entropy_with_logits(logits, labels).item()
    finite = bool(logits.isfinite().all())
    if measure == "accuracy":
        right = (logits > 0) == (labels > 0.5)
        return Scores(value, 100 * right.double().mean().item() if finite else 0.0)
    from sklearn.metrics import roc_auc_score

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
    validation, it is a random tenth of the training rows. The score is the area under the ROC
    curve or the accuracy.
    """

    data: str = "criteo"
    rows: int = 2**18
    dim: int = 16
    bottom: tuple[int, ...] = (512, 256, 64)
    top: tuple[int, ...] = (512, 256)
    measure: Literal["area", "accuracy"] = later("area")

    def build(self, root: Path | None) -> Task:
        """Return the task."""
        parts = three_parts(load(self.data, root), 0.1, Clicks, self.data)
        numbers = compressed(torch.tensor(parts[0].numeric))
        mean = numbers.nanmean(0)
        std = (numbers - mean).square().nanmean(0).sqrt().clamp_min(1e-6)
        source = partial(self._source, mean, std)
        train, test = source(parts[0]), source(parts[2])
        validation = None if parts[1] is None else source(parts[1])
        score = partial(evaluate, measure=self.measure)
        model = partial(Dlrm, rows=self.rows, dim=self.dim, bottom=self.bottom, top=self.top)
        return Task(train, validation, test, model, loss, score, roles=last_layer)

    def _source(self, mean: Tensor, std: Tensor, part: Clicks) -> TensorSource:
        numbers = (compressed(torch.tensor(part.numeric)) - mean) / std
        rows = rows_of(torch.from_numpy(part.categories.astype(np.int64)), self.rows)
        labels = torch.tensor(part.labels).float()
        return TensorSource((numbers.nan_to_num(0.0), rows, labels))


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
        "paper": preset(
            Scale(measure="accuracy"),
            epochs=1,
            batch_size=128,
            lrs=HALF_DECADES,
            score=Score(ACCURACY, higher_is_better=True, worst=NO_CLICK),
            **{**AS_PUBLISHED, "drop_last": False},
        ),
        "small": preset(
            Scale("flights_slice", 128, 8, (64, 32), (64, 32)), epochs=2, batch_size=32
        ),
        "smoke": preset(Scale("flights_slice", 64, 4, (16,), (16,)), epochs=1, batch_size=256),
    },
    differences=(
        CHOSEN,
        Difference(
            "last batch",
            "trained on: 117 rows",
            "not known",
            "one step of 306 969",
        ),
        Difference(
            "tables of embeddings",
            "categories are hashed to 2^18 rows of a table",
            "all categories have a row of their own (from memory)",
            "the gradient of all rows is dense here, and so are its averages",
        ),
        Difference(
            "sizes",
            "embeddings of 16, perceptrons 512-256-64-16 and 512-256-1, batch 128, one epoch",
            "those of DLRM's authors for the same data (from memory)",
            "what the paper has is not confirmed",
        ),
        Difference(
            "parts",
            "six sevenths to train on, half of the rest for validation",
            "six days, and half of the seventh (from memory)",
            "rows are in order of time, but days are not marked",
        ),
        GRID,
    ),
)
