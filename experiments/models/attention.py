# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Multi-head attention and what surrounds it, for all transformers here."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


class Attention(nn.Module):
    """Multi-head attention (Vaswani et al., arXiv 1706.03762, section 3.2).

    Parameters
    ----------
    dim, heads
        The width, and into how many heads it is divided.
    dropout
        Of the attention weights.
    bias
        Whether queries, keys and values have one.
    """

    def __init__(self, dim: int, heads: int, dropout: float = 0.0, bias: bool = True) -> None:
        super().__init__()
        if dim % heads:
            raise ValueError(f"heads = {heads}; allowed: divisors of dim = {dim}")
        self.heads, self.dropout = heads, dropout
        self.query = nn.Linear(dim, dim, bias)
        self.key_value = nn.Linear(dim, 2 * dim, bias)
        self.out = nn.Linear(dim, dim)

    def memory(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys and values of (b, t, dim)."""
        keys, values = self.key_value(x).chunk(2, dim=-1)
        return self._split(keys), self._split(values)

    def forward(
        self,
        x: Tensor,
        memory: tuple[Tensor, Tensor],
        mask: Tensor | None = None,
        causal: bool = False,
    ) -> Tensor:
        """Return for every position of x, (b, t, dim), what it reads.

        Parameters
        ----------
        memory
            What `memory` returned, of s positions.
        mask
            Where it may read: boolean, broadcastable to (b, heads, t, s).
        causal
            Position i reads positions up to i; not together with a mask.
        """
        read = functional.scaled_dot_product_attention(
            self._split(self.query(x)),
            *memory,
            attn_mask=mask,
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=causal,
        )
        return self.out(read.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)


def feed_forward(dim: int, hidden: int, dropout: float, activation: nn.Module) -> nn.Sequential:
    """Return two linear layers with an activation, applied to each position by itself."""
    return nn.Sequential(
        nn.Linear(dim, hidden), activation, nn.Dropout(dropout), nn.Linear(hidden, dim)
    )


class PreNormBlock(nn.Module):
    """Self-attention and feed-forward layer, each normalised at its input and added to it.

    Parameters
    ----------
    dim, heads, hidden
        Width, heads, and width of the feed-forward layer, whose activation is GELU.
    dropout
        After both layers, and in the attention.
    causal
        Whether positions read the earlier ones and themselves only.
    bias
        Whether queries, keys and values have one.
    """

    def __init__(
        self,
        dim: int,
        heads: int,
        hidden: int,
        dropout: float = 0.0,
        causal: bool = False,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.causal = causal
        self.attention_norm, self.mlp_norm = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attention = Attention(dim, heads, dropout, bias)
        self.mlp = feed_forward(dim, hidden, dropout, nn.GELU())
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Map (b, t, dim) to the same shape."""
        y = self.attention_norm(x)
        x = x + self.dropout(self.attention(y, self.attention.memory(y), causal=self.causal))
        return x + self.dropout(self.mlp(self.mlp_norm(x)))


def sinusoids(positions: Tensor, dim: int, base: float = 1e4) -> Tensor:
    """Return sine and cosine of ``positions / base^(2i / dim)``, i < dim / 2: shape (..., dim)."""
    rates = torch.exp(torch.arange(dim // 2, device=positions.device) * (-2 * math.log(base) / dim))
    angles = positions[..., None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=-1)
