# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A language model of characters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from experiments.batches import TensorSource
from experiments.data import Text, load
from experiments.models.lm import ROLES, LanguageModel
from experiments.workload import Batch, Score, Scores, Source, Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import mean_loss, preset


def loss(model: nn.Module, batch: Batch) -> Tensor:
    """Return the mean cross entropy per character, in nats."""
    (tokens,) = batch
    logits = model(tokens[:, :-1])
    return functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())


def evaluate(model: nn.Module, source: Source, size: int) -> Scores:
    """Return the loss, which is the score as well."""
    value = mean_loss(model, source, size, loss)
    return Scores(value, value)


def to_long(batch: Batch) -> Batch:
    """Return the batch as int64."""
    return tuple(tensor.long() for tensor in batch)


@dataclass(frozen=True)
class Scale:
    """Sizes of the model, see `LanguageModel`, and of the text.

    The vocabulary is the characters of the training text, and one for all others. A sample is
    ``context`` characters and the one after them; samples follow one another in the text.

    Attributes
    ----------
    limit
        The largest number of training samples; None: all.
    """

    data: str = "text"
    context: int = 256
    dim: int = 384
    depth: int = 6
    heads: int = 6
    dropout: float = 0.2
    limit: int | None = None

    def build(self, root: Path | None) -> Task:
        """Return the task; without a part for validation, it is the end of the training text."""
        splits = load(self.data, root)
        if not isinstance(splits.train, Text):
            raise ValueError(f"data = {self.data} is no text; allowed: a data set of Text")
        text = splits.train.text
        if splits.validation is None:
            border = len(text) - len(text) // 10
            text, held_out = text[:border], text[border:]
        else:
            held_out = splits.validation.text
        numbers = {character: n for n, character in enumerate(sorted(set(text)), 1)}
        train, validation, test = (
            self._source(part, numbers) for part in (text, held_out, splits.test.text)
        )
        train = TensorSource((train.tensors[0][: self.limit],), to_long)
        model = partial(
            LanguageModel,
            len(numbers) + 1,
            self.context,
            self.dim,
            self.depth,
            self.heads,
            self.dropout,
        )
        parts = (train, validation, test)
        return Task(*parts, model, loss, evaluate, roles=lambda model: ROLES)

    def _source(self, text: str, numbers: dict[str, int]) -> TensorSource:
        tokens = torch.tensor([numbers.get(c, 0) for c in text], dtype=torch.int32)
        windows = tokens.unfold(0, self.context + 1, self.context)
        return TensorSource((windows.contiguous(),), to_long)


WORKLOAD = Workload(
    name="lm_transformer",
    title=WORKLOADS["lm_transformer"].title,
    source=(
        "No experiment of arXiv 2305.07583: a small decoder-only transformer on characters, 6"
        " blocks of width 384 at its full scale, on any text. Small: 2 blocks of width 64 on Pride"
        " and Prejudice. The score is the test loss in nats per character; all characters being"
        " equally likely gives about 4.4."
    ),
    score=Score("loss in nats per character", higher_is_better=False, worst=4.4, point=0.05),
    presets={
        "paper": preset(
            Scale(),
            epochs=10,
            batch_size=64,
            schedule="cosine",
            warmup=0.05,
            weight_decay=0.1,
            spectral="hidden",
        ),
        "small": preset(Scale("austen_slice", 64, 64, 2, 4, 0.0, 6400), epochs=1, batch_size=16),
        "smoke": preset(Scale("austen_slice", 32, 16, 1, 2, 0.0, 2000), epochs=1, batch_size=64),
    },
)
