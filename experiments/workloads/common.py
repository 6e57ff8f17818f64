"""What several workloads share: presets from a scale, batches on a device, classification."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from experiments.workload import Batch, Preset, Scores, Source, Task


class Scale(Protocol):
    """A frozen dataclass that holds everything a task depends on."""

    @property
    def data(self) -> str:
        """The name of the data set."""
        ...

    def build(self, root: Path | None) -> Task:
        """Return the task, from the data in a folder."""
        ...


def preset(scale: Any, epochs: int, batch_size: int, **training: Any) -> Preset:
    """Return the preset of a scale (a `Scale`), whose fields are its identity.

    Parameters
    ----------
    training
        Any other field of `experiments.workload.Preset`.
    """
    training.setdefault("data", (scale.data,))
    values = json.loads(json.dumps(asdict(scale)))
    return Preset(scale.build, values, epochs=epochs, batch_size=batch_size, **training)


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
