# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What several workloads share: presets from a scale, batches on a device, classification."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from experiments.data import Clicks, ImageFiles, Images, Pairs, Splits, split
from experiments.scales import values_of
from experiments.workload import Batch, Difference, Preset, Scores, Source, Task

Part = TypeVar("Part", Images, ImageFiles, Clicks, Pairs)


CHOSEN = Difference(
    "choice of the rate",
    "by the score on the part for validation, which these data have",
    "by the score that is reported",
    "what is chosen and reported on the same samples flatters",
)
DECADES = Difference(
    "learning rates",
    "decades: 10^-3 to 10^3 (MoMo), to 10^2 (SGD-M), 10^-4 to 10 (Adam, AdamW, MoMo-Adam)",
    "grids of its own",
    "they are in the configurations of its code, which could not be read here",
)
AS_PUBLISHED: dict[str, Any] = {"drop_last": True, "same_init": True, "spectral": "hidden"}
"""What the presets "paper" share: an epoch leaves out its last, smaller batch (from memory of the
paper's code), and all seeds start at one point. Matrices are as authors of Muon and Scion say."""


class Scale(Protocol):
    """A frozen dataclass that holds everything a task depends on."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def data(self) -> str:
        """The name of the data set."""
        ...

    def build(self, root: Path | None) -> Task:
        """Return the task, from the data in a folder."""
        ...


def preset(scale: Scale, epochs: int, batch_size: int, **training: Any) -> Preset:
    """Return the preset of a scale, whose fields are its identity.

    Parameters
    ----------
    training
        ``data``, if it is not just the data set of the scale, and any other field of
        `experiments.workload.Preset`.
    """
    training.setdefault("data", (scale.data,))
    training.setdefault("kind", type(scale))
    return Preset(scale.build, values_of(scale), epochs=epochs, batch_size=batch_size, **training)


def three_parts(
    splits: Splits[Any], share: float, kind: type[Part], name: str
) -> tuple[Part, Part | None, Part]:
    """Return training, validation and test part of a data set.

    Parameters
    ----------
    share
        Of the training samples that are held out, where there is no part for validation. 0: none
        is, and there is no such part.
    kind, name
        What the parts are, and how the data set is called.

    Raises
    ------
    ValueError
        If the data set is of another kind.
    """
    if not isinstance(splits.train, kind):
        found = type(splits.train).__name__
        raise ValueError(f"data = {name} are {found}; allowed: a data set of {kind.__name__}")
    if splits.validation is not None:
        return splits.train, splits.validation, splits.test
    if share == 0:
        return splits.train, None, splits.test
    rest, held_out = split(len(splits.train), share, 0)
    return splits.train.take(rest), splits.train.take(held_out), splits.test


def on_device(model: nn.Module, batch: Batch) -> Batch:
    """Return the batch where the model is."""
    device = next(model.parameters()).device
    return tuple(tensor.to(device, non_blocking=True) for tensor in batch)


def batches_for(model: nn.Module, source: Source, size: int) -> Iterator[Batch]:
    """Yield all batches of a source in order, where the model is."""
    for batch in source.batches(size, None):
        yield on_device(model, batch)


def mean_loss(
    model: nn.Module, source: Source, size: int, loss: Callable[[nn.Module, Batch], Tensor]
) -> float:
    """Return the mean over all samples of a loss that is a mean over a batch."""
    total = torch.zeros((), dtype=torch.float64)
    for batch in batches_for(model, source, size):
        total += loss(model, batch).double().cpu() * len(batch[0])
    return total.item() / len(source)


@dataclass(frozen=True)
class Classification:
    """Loss and score of a classifier: cross entropy, and accuracy in percent.

    Attributes
    ----------
    label_smoothing
        Of the training loss.
    """

    label_smoothing: float = 0.0

    def loss(self, model: nn.Module, batch: Batch) -> Tensor:
        """Return the mean cross entropy."""
        images, labels = batch
        return functional.cross_entropy(model(images), labels, label_smoothing=self.label_smoothing)

    def evaluate(self, model: nn.Module, source: Source, size: int) -> Scores:
        """Return the mean cross entropy and the accuracy in percent."""
        loss, right = 0.0, 0
        for images, labels in batches_for(model, source, size):
            logits = model(images)
            loss += functional.cross_entropy(
                logits, labels, label_smoothing=self.label_smoothing, reduction="sum"
            ).item()
            right += int((logits.argmax(1) == labels).sum())
        return Scores(loss / len(source), 100 * right / len(source))
