# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The vision transformer (Dosovitskiy et al., arXiv 2010.11929)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from experiments.models.attention import PreNormBlock
from experiments.parameter_groups import Role

ROLES: Mapping[str, Role] = {
    "token": "embedding",
    "position": "embedding",
    "head.weight": "head",
}
"""What parameters are; the projection of patches is one as those inside."""


class VisionTransformer(nn.Module):
    """Images (b, channels, size, size) to logits (b, classes), through a class token.

    The defaults are ViT-tiny: 5.7 million parameters for 1000 classes.

    Parameters
    ----------
    classes, channels, size
        Of the labels and the images.
    patch
        The side of a patch; it divides size.
    dim, depth, heads, hidden
        Width, blocks, heads, and width of the feed-forward layers.
    dropout
        Of the blocks, and of the embedding.
    bias
        Whether queries, keys and values have one.
    """

    def __init__(
        self,
        classes: int,
        channels: int = 3,
        size: int = 224,
        patch: int = 16,
        dim: int = 192,
        depth: int = 12,
        heads: int = 3,
        hidden: int = 768,
        dropout: float = 0.0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        if size % patch:
            raise ValueError(f"patch = {patch}; allowed: divisors of size = {size}")
        self.embed = nn.Conv2d(channels, dim, patch, patch)
        self.token = nn.Parameter(0.02 * torch.randn(1, 1, dim))
        self.position = nn.Parameter(0.02 * torch.randn(1, (size // patch) ** 2 + 1, dim))
        self.dropout = nn.Dropout(dropout)
        blocks = (PreNormBlock(dim, heads, hidden, dropout, bias=bias) for _ in range(depth))
        self.blocks = nn.Sequential(*blocks)
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        patches = self.embed(x).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.token.expand(len(x), -1, -1), patches], dim=1)
        read = self.blocks(self.dropout(tokens + self.position))
        return self.head(self.norm(read[:, 0]))
