# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The deep learning recommendation model (Naumov et al., arXiv 1906.00091)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from experiments.models.mlp import mlp


class Dlrm(nn.Module):
    """Numbers (b, numeric) and rows of the tables, int64 (b, tables), to logits (b,).

    The numbers pass a perceptron and become one more embedding; the dot products of all pairs of
    embeddings, and that of the numbers, pass a second perceptron. Gradients of the tables are
    dense: the momentum models average the whole gradient.

    Parameters
    ----------
    numeric, tables
        How many numbers and categories a sample has.
    rows
        Of each table.
    dim
        The width of an embedding.
    bottom, top
        The hidden sizes of the two perceptrons.
    """

    starts: Tensor
    pairs: Tensor

    def __init__(
        self,
        numeric: int = 13,
        tables: int = 26,
        rows: int = 2**18,
        dim: int = 16,
        bottom: Sequence[int] = (512, 256, 64),
        top: Sequence[int] = (512, 256),
    ) -> None:
        super().__init__()
        # All tables are one parameter, so that a batch is one look-up.
        self.embed = nn.Embedding(tables * rows, dim)
        nn.init.uniform_(self.embed.weight, -(rows**-0.5), rows**-0.5)
        self.register_buffer("starts", rows * torch.arange(tables), persistent=False)
        pairs = torch.tril_indices(tables + 1, tables + 1, -1)
        self.register_buffer("pairs", pairs, persistent=False)
        self.bottom = mlp((numeric, *bottom, dim), last=True)
        self.top = mlp((dim + self.pairs.shape[1], *top, 1))

    def forward(self, numbers: Tensor, categories: Tensor) -> Tensor:
        """Return the logit of a click; categories are below rows."""
        dense = self.bottom(numbers)
        embedded = self.embed(categories + self.starts)
        features = torch.cat([dense[:, None], embedded], dim=1)
        products = features @ features.transpose(1, 2)
        crossed = products[:, self.pairs[0], self.pairs[1]]
        return self.top(torch.cat([dense, crossed], dim=1)).squeeze(1)


def rows_of(categories: Tensor, rows: int) -> Tensor:
    """Return the row of a table for every category, int64; 0 (missing) keeps row 0.

    Categories, int64 below 2^32, are hashed by multiplication with an odd number modulo 2^32
    (Knuth, volume 3, section 6.4), other ones than 0 to the rows from 1 on; two may share a row.
    """
    mixed = (categories * 2654435769) % 2**32
    return torch.where(categories == 0, 0, 1 + (mixed >> 8) % (rows - 1))
