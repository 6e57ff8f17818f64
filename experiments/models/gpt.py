# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A decoder-only transformer as of GPT-2 (Radford et al., 2019), without what it does not need."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

INIT = 0.02
"""The standard deviation of all weights at the start, as in GPT-2."""


class CausalAttention(nn.Module):
    """Multi-head attention to oneself and what was before; one matrix for queries, keys, values."""

    def __init__(self, dim: int, heads: int, dropout: float, bias: bool) -> None:
        super().__init__()
        if dim % heads:
            raise ValueError(f"heads = {heads}; allowed: divisors of dim = {dim}")
        self.heads, self.dropout = heads, dropout
        self.inward = nn.Linear(dim, 3 * dim, bias)
        self.out = nn.Linear(dim, dim, bias)

    def forward(self, x: Tensor) -> Tensor:
        """Map (b, t, dim) to the same shape."""
        split = (*x.shape[:2], self.heads, -1)
        query, key, value = (p.view(split).transpose(1, 2) for p in self.inward(x).chunk(3, -1))
        dropped = self.dropout if self.training else 0.0
        read = functional.scaled_dot_product_attention(
            query, key, value, dropout_p=dropped, is_causal=True
        )
        return self.out(read.transpose(1, 2).flatten(2))


class Block(nn.Module):
    """Attention and a layer of width 4 dim with GELU, each normalised at its input and added."""

    def __init__(self, dim: int, heads: int, dropout: float, bias: bool) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(dim, bias=bias)
        self.attention = CausalAttention(dim, heads, dropout, bias)
        self.mlp_norm = nn.LayerNorm(dim, bias=bias)
        self.up, self.down = nn.Linear(dim, 4 * dim, bias), nn.Linear(4 * dim, dim, bias)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Map (b, t, dim) to the same shape."""
        x = x + self.drop(self.attention(self.attention_norm(x)))
        return x + self.drop(self.down(functional.gelu(self.up(self.mlp_norm(x)))))


class Gpt(nn.Module):
    """Tokens, int64 (b, t), to the logits of the next ones, (b, t, vocabulary).

    Positions are learned, and the embeddings of tokens are the weights of the last layer as well.
    All weights begin as N(0, 0.02²), those of a layer whose result is added to what there was with
    a deviation smaller by √(2 depth), so that the sum of all is no larger in a deeper network.

    Parameters
    ----------
    vocabulary
        The number of different tokens.
    context
        The largest t.
    dim, depth, heads
        Width, blocks and heads.
    dropout
        Of the attention weights, of what is added in a block, and of the embedding.
    bias
        Whether linear layers and norms have one; GPT-2 has them.
    """

    def __init__(
        self,
        vocabulary: int,
        context: int,
        dim: int,
        depth: int,
        heads: int,
        dropout: float = 0.0,
        bias: bool = False,
    ) -> None:
        super().__init__()
        self.token, self.position = nn.Embedding(vocabulary, dim), nn.Embedding(context, dim)
        self.drop = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(Block(dim, heads, dropout, bias) for _ in range(depth))
        self.norm = nn.LayerNorm(dim, bias=bias)
        for module in self.modules():
            if isinstance(module, nn.Linear | nn.Embedding):
                nn.init.normal_(module.weight, std=INIT)
            if isinstance(module, nn.Linear) and module.bias is not None:
                nn.init.zeros_(module.bias)
        for module in self.modules():
            if isinstance(module, Block):
                for added in (module.attention.out, module.down):
                    nn.init.normal_(added.weight, std=INIT / math.sqrt(2 * depth))

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the logits."""
        places = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.drop(self.token(tokens) + self.position(places))
        for block in self.blocks:
            x = block(x)
        return functional.linear(self.norm(x), self.token.weight)
