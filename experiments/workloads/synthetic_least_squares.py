# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Least squares without noise, where the lower bound has to be found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from experiments.batches import TensorSource
from experiments.workload import Batch, Difference, Score, Scores, Source, Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import CHOSEN, DECADES, mean_loss, preset


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

        A = M ∘ ((N + shift) diag(s)),  columns scaled to norm;  b = Aw,  ||w|| = 1

    with N (samples, features) and ``s = spread * n`` standard normal, and M a mask of ones and
    zeros: an entry is kept with probability ``min(1, sparsity log(samples)/samples)``. So b is
    interpolated and f* = 0. (The source has the probability without saying of what; kept is what it
    makes sense for: as samples grow, A gets sparse with ``sparsity log(samples)`` entries left in a
    column, and 0.795 of 200.)

    Training, validation and test are the first, second and third ``samples`` rows of one such
    matrix, whose columns are scaled to ``norm`` in the first. Scaling takes away the sizes of s,
    and leaves their signs.

    Attributes
    ----------
    features, samples
        The dimension, and the number of samples in each of the three parts.
    shift, spread, sparsity, norm
        See above.
    seed
        Of A and w.
    """

    data: str = "generated"
    features: int = 10
    samples: int = 200
    shift: float = 1.0
    spread: float = 10.0
    sparsity: float = 30.0
    norm: float = 10.0
    seed: int = 0

    def build(self, root: Path | None) -> Task:
        """Return the task; it needs no data."""
        generator = torch.Generator().manual_seed(self.seed)
        rows = (3 * self.samples, self.features)
        matrix = torch.randn(rows, generator=generator) + self.shift
        matrix *= self.spread * torch.randn(self.features, generator=generator)
        kept = self.sparsity * math.log(self.samples) / self.samples
        matrix *= torch.rand(rows, generator=generator) < kept
        matrix *= self.norm / matrix[: self.samples].norm(dim=0)
        solution = torch.randn(self.features, generator=generator)
        solution /= solution.norm()
        parts = (torch.split(each, self.samples) for each in (matrix, matrix @ solution))
        train, validation, test = map(TensorSource, zip(*parts, strict=True))
        model = partial(nn.Linear, self.features, 1, bias=False)
        return Task(train, validation, test, model, loss, evaluate)


PAPER = preset(Scale(), epochs=20, batch_size=20, lb=-10.0, data=())

WORKLOAD = Workload(
    name="synthetic_least_squares",
    title=WORKLOADS["synthetic_least_squares"].title,
    source=(
        "arXiv 2305.07583: 10 features, 200 samples, no noise, 20 epochs, batch 20, lower bound -10"
        " where 0 is true. Small is the paper's scale. An untrained model has a loss of about 0.22."
    ),
    score=Score("loss", higher_is_better=False, worst=0.22, point=0.002),
    presets={
        "paper": PAPER,
        "small": PAPER,
        "smoke": preset(Scale(), epochs=5, batch_size=20, lb=-10.0, data=()),
    },
    methods=("momo", "momo_star", "momo_adam", "momo_adam_star", "sgd_m", "adam"),
    differences=(
        CHOSEN,
        Difference(
            "mask",
            "an entry is kept with probability 30 log(n)/n",
            "says the probability, without saying of what",
            "kept is what it makes sense for: columns get sparse as n grows",
        ),
        Difference(
            "score",
            "the loss on 200 rows that were not trained on; train_loss is recorded too",
            "the training loss",
            "without noise both are 0 at the solution alone",
        ),
        Difference(
            "seeds",
            "change the order of the rows and the starting point",
            "3 runs",
            "the records are so; --same-init True starts all at one point",
        ),
        DECADES,
    ),
)
