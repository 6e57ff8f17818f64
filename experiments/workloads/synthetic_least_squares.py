"""Least squares without noise, where the lower bound has to be found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from experiments.batches import TensorSource
from experiments.workload import Batch, Score, Scores, Source, Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import mean_loss, preset


def loss(model: nn.Module, batch: Batch) -> Tensor:
    """Return the mean of ½ (<a, x> - b)²."""
    features, targets = batch
    residual: Tensor = model(features).squeeze(1) - targets
    return residual.square().mean() / 2


def evaluate(model: nn.Module, source: Source, size: int) -> Scores:
    """Return the loss, which is the score as well."""
    value = mean_loss(model, source, size, loss)
    return Scores(value, value)


@dataclass(frozen=True)
class Scale:
    """A generated problem.

    ``a`` is standard normal, ``b = <a, x*>`` with ``||x*||² = features``: interpolation, f* = 0,
    and the expected loss at 0 is ``features / 2``. Validation and test are further samples of
    the same x*.

    Attributes
    ----------
    features, samples
        The dimension, and the number of samples in each of the three parts.
    seed
        Of x* and all samples.
    """

    data: str = "generated"
    features: int = 10
    samples: int = 200
    seed: int = 0

    def build(self, root: Path | None) -> Task:
        """Return the task; it needs no data."""
        generator = torch.Generator().manual_seed(self.seed)
        solution = torch.randn(self.features, generator=generator)
        solution *= self.features**0.5 / solution.norm()

        def source() -> TensorSource:
            features = torch.randn(self.samples, self.features, generator=generator)
            return TensorSource((features, features @ solution))

        train, validation, test = source(), source(), source()
        model = partial(nn.Linear, self.features, 1, bias=False)
        return Task(train, validation, test, model, loss, evaluate)


PAPER = preset(Scale(), epochs=40, batch_size=20, lb=-10.0, data=())

WORKLOAD = Workload(
    name="synthetic_least_squares",
    title=WORKLOADS["synthetic_least_squares"].title,
    source=(
        "arXiv 2305.07583: 10 features, 200 samples, no noise, lower bound -10 where 0"
        " is true. Epochs (40) and batch size (20) not confirmed. Small is the paper's scale."
    ),
    score=Score("loss", higher_is_better=False, worst=5.0, point=0.05),
    presets={
        "paper": PAPER,
        "small": PAPER,
        "smoke": preset(Scale(), epochs=5, batch_size=20, lb=-10.0, data=()),
    },
    methods=("momo", "momo_star", "momo_adam", "momo_adam_star", "sgd_m", "adam"),
)
