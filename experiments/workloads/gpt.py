# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A language model of the size and the training of GPT-2, and small ones of the same kind."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from experiments.data import Splits, Text, Tokens, load
from experiments.models.gpt import Gpt
from experiments.windows import TokenWindows
from experiments.workload import Batch, Preset, Score, Scores, Source, Task, Workload
from experiments.workloads import WORKLOADS
from experiments.workloads.common import mean_loss, preset
from experiments.workloads.tokenizers import TokenizerName, tokenizer

LOGITS = 2**29
"""How many logits an evaluation computes at once, at most."""


def loss(model: nn.Module, batch: Batch) -> Tensor:
    """Return the mean cross entropy per token, in nats."""
    tokens, targets = batch
    return functional.cross_entropy(model(tokens).flatten(0, 1), targets.flatten())


@dataclass(frozen=True)
class Scale:
    """Sizes of the model, see `Gpt`, and of the data.

    Attributes
    ----------
    data
        A data set of tokens, or of text.
    tokenizer, merges
        Of text, see `experiments.workloads.tokenizers`; a byte-pair encoding is learned from the
        part for training. None: the data set has tokens.
    vocabulary
        The number of tokens that the model knows: those of the data, and perhaps more, so that it
        is a multiple of 64, on which GPUs are faster.
    epoch
        How many windows an epoch has, drawn anew in each at random places.
    evaluated
        How many windows are evaluated, always the same ones: of each part, spread over it.
    """

    data: str = "openwebtext"
    tokenizer: TokenizerName | None = None
    merges: int = 0
    vocabulary: int = 50304
    context: int = 1024
    dim: int = 768
    depth: int = 12
    heads: int = 12
    dropout: float = 0.0
    bias: bool = False
    epoch: int = 2000 * 480
    evaluated: int = 2000

    def build(self, root: Path | None) -> Task:
        """Return the task.

        Raises
        ------
        ValueError
            If the data are of another kind, or the vocabulary is too small for them.
        """
        train, validation, test = self._streams(load(self.data, root))
        held_out = [TokenWindows(s, self.context, self.evaluated) for s in (validation, test)]
        sizes = (self.vocabulary, self.context, self.dim, self.depth, self.heads)
        model = partial(Gpt, *sizes, self.dropout, self.bias)
        source = TokenWindows(train, self.context, self.epoch, drawn=True)
        return Task(source, held_out[0], held_out[1], model, loss, self.evaluate)

    def evaluate(self, model: nn.Module, source: Source, size: int) -> Scores:
        """Return the loss, which is the score as well."""
        at_once = max(1, min(size, LOGITS // (self.context * self.vocabulary)))
        value = mean_loss(model, source, at_once, loss)
        return Scores(value, value)

    def _streams(self, splits: Splits[Any]) -> list[NDArray[Any]]:
        held_out = splits.test if splits.validation is None else splits.validation
        parts = [splits.train, held_out, splits.test]
        if isinstance(splits.train, Tokens) and self.tokenizer is None:
            self._check(splits.train.vocabulary)
            return [part.numbers for part in parts]
        if not isinstance(splits.train, Text) or self.tokenizer is None:
            found = type(splits.train).__name__
            raise ValueError(
                f"data = {self.data} is {found}, tokenizer = {self.tokenizer}; allowed: Tokens"
                " without a tokenizer, Text with one"
            )
        chosen = tokenizer(self.tokenizer, [splits.train.text], self.merges)
        self._check(chosen.vocabulary)
        return [np.array(chosen.document(part.text), np.uint16) for part in parts]

    def _check(self, needed: int) -> None:
        if self.vocabulary < needed:
            raise ValueError(
                f"vocabulary = {self.vocabulary}; allowed: at least {needed}, of {self.data}"
            )


def scored(scale: Scale, epochs: int, batch_size: int, **training: Any) -> Preset:
    """Return a preset; where all tokens are equally likely nothing was learned."""
    worst = round(math.log(scale.vocabulary), 3)
    score = Score("loss in nats per token", higher_is_better=False, worst=worst, point=0.05)
    usual = {"decayed": "matrices", "spectral": "hidden", "clip": 1.0, "schedule": "cosine"}
    usual |= {"weight_decay": 0.1, "beta2": 0.95}
    return preset(scale, epochs, batch_size, **{**usual, "score": score, **training})


GPT2 = Scale()
"""GPT-2 with 124 million parameters on OpenWebText, as nanoGPT trains it."""
BPE = Scale("austen_slice", "bpe", 400, 512, 64, 64, 2, 4, epoch=6400, evaluated=200)
BYTES = Scale("austen_slice", "bytes", 0, 320, 32, 16, 1, 2, epoch=2000, evaluated=200)
ALL = Scale("austen", "bpe", 4000, 4160, 256, 384, 6, 6, 0.2, epoch=64 * 250, evaluated=300)

WORKLOAD = Workload(
    name="gpt",
    title=WORKLOADS["gpt"].title,
    source=(
        "No experiment of arXiv 2305.07583: GPT-2 with 124 M parameters on OpenWebText, trained as"
        " by nanoGPT (github.com/karpathy/nanoGPT, config/train_gpt2.py): 600 000 steps of 480"
        " windows of 1024 tokens, 2000 steps of warm-up, an epoch here being the 2000 steps"
        " between its evaluations. Its cosine ends at a tenth of the learning rate, this one at 0;"
        " it evaluates on windows drawn anew, this one on 2000 fixed ones. It has α = 6e-4 for"
        " AdamW, and bfloat16, which is `--precision bfloat16`. The batch is computed in 40 parts:"
        " with 8 processes --accumulate 5. Small: 2 blocks of width 64 on Pride and Prejudice, a"
        " byte-pair encoding of 400 merges; the six novels are `experiments.workloads.gpt:NOVELS`."
    ),
    score=Score("loss in nats per token", higher_is_better=False, worst=10.826, point=0.05),
    presets={
        "paper": scored(GPT2, 300, 480, warmup=1 / 300, accumulate=40),
        "small": scored(BPE, 1, 16, warmup=0.05),
        "smoke": scored(BYTES, 1, 64, schedule="constant"),
    },
    methods=("momo", "momo_adam", "sgd_m", "adam_w"),
)

NOVELS = replace(
    WORKLOAD,
    title="GPT on Jane Austen's novels",
    presets={**WORKLOAD.presets, "paper": scored(ALL, 20, 64, warmup=0.02)},
)
"""12.3 M parameters on all six novels: `python -m experiments data austen` fetches them."""
