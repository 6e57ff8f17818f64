# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A decoder-only language model."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from experiments.models.attention import PreNormBlock
from experiments.parameter_groups import Role

ROLES: Mapping[str, Role] = {"position": "embedding"}
"""What parameters are; those of the tokens, an embedding, are the last layer as well."""


class LanguageModel(nn.Module):
    """Tokens, int64 (b, t), to the logits of the next ones, (b, t, vocabulary).

    The embeddings are the weights of the last layer as well.

    Parameters
    ----------
    vocabulary
        The number of different tokens.
    context
        The largest t.
    dim, depth, heads
        Width, blocks and heads; the feed-forward layers are 4 dim wide.
    dropout
        Of the blocks, and of the embedding.
    """

    def __init__(
        self, vocabulary: int, context: int, dim: int, depth: int, heads: int, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, dim)
        self.position = nn.Parameter(0.02 * torch.randn(context, dim))
        nn.init.normal_(self.embed.weight, std=0.02)
        self.dropout = nn.Dropout(dropout)
        blocks = (PreNormBlock(dim, heads, 4 * dim, dropout, causal=True) for _ in range(depth))
        self.blocks = nn.Sequential(*blocks)
        self.norm = nn.LayerNorm(dim)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the logits."""
        x = self.embed(tokens) + self.position[: tokens.shape[1]]
        return functional.linear(self.norm(self.blocks(self.dropout(x))), self.embed.weight)
