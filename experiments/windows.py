# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Windows of a stream of tokens, which may be a file larger than the memory."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from experiments.batches import share
from experiments.workload import Batch


@dataclass(frozen=True)
class TokenWindows:
    """Samples of ``context`` tokens, and of the same tokens one further: what is to be predicted.

    Windows follow one another in the stream, each beginning at the last target of the one before,
    so that every token but the first is a target once; a rest shorter than a window is left out.

    Attributes
    ----------
    tokens
        Of any integer type, shape (N,); of a memory map only what is asked for is read.
    context
        The length of a window.
    samples
        How many there are in an epoch; None: all. Fewer are spread evenly over the stream.
    drawn
        Whether a sample of an epoch begins anywhere in the stream, drawn from torch's global
        generator; without an order there is nothing random.
    """

    tokens: NDArray[Any]
    context: int
    samples: int | None = None
    drawn: bool = False

    def __post_init__(self) -> None:
        if self.context < 1:
            raise ValueError(f"context = {self.context}; allowed: at least 1")
        if self.windows < 1:
            raise ValueError(
                f"tokens: {len(self.tokens)} are no window; allowed: more than {self.context}"
            )
        if self.samples is not None and self.samples < 1:
            raise ValueError(f"samples = {self.samples}; allowed: at least 1")

    @property
    def windows(self) -> int:
        """How many windows there are in the stream."""
        return (len(self.tokens) - 1) // self.context

    def __len__(self) -> int:
        """Return the number of samples in an epoch."""
        if self.samples is None:
            return self.windows
        return self.samples if self.drawn else min(self.samples, self.windows)

    def count(self, size: int) -> int:
        """Return how many batches an epoch has."""
        return math.ceil(len(self) / size)

    def batches(
        self, size: int, order: Tensor | None, rank: int = 0, ranks: int = 1
    ) -> Iterator[Batch]:
        """Yield tokens and targets, int64 (b, context), on the CPU."""
        index = torch.arange(len(self)) if order is None else order.cpu()
        for part in torch.split(index, size):
            if self.drawn and order is not None:
                starts = torch.randint(len(self.tokens) - self.context, part.shape)
            else:  # of integers: a window is never taken twice
                starts = part * self.windows // len(self) % self.windows * self.context
            yield self._read(share(starts, rank, ranks))

    def to(self, device: torch.device) -> TokenWindows:
        """Return the source itself: its data may be a file."""
        return self

    def _read(self, starts: Tensor) -> Batch:
        rows = [self.tokens[start : start + self.context + 1] for start in starts.tolist()]
        both = torch.from_numpy(np.stack(rows).astype(np.int64))
        return both[:, :-1].contiguous(), both[:, 1:].contiguous()
