# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The transformer for translation (Vaswani et al., arXiv 1706.03762)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from experiments.models.attention import Attention, feed_forward, sinusoids

PADDING, START, STOP = 0, 1, 2
"""Token numbers with a meaning of their own."""

Memory = tuple[Tensor, Tensor]
"""Keys and values of some positions, each (b, heads, t, head width)."""


class EncoderLayer(nn.Module):
    """Self-attention and feed-forward layer; each is added to its input, then normalised."""

    def __init__(self, dim: int, heads: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.attention = Attention(dim, heads)
        self.mlp = feed_forward(dim, hidden, 0.0, nn.ReLU())
        self.attention_norm, self.mlp_norm = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Map (b, s, dim) to the same shape; the mask is (b, 1, 1, s)."""
        read = self.attention(x, self.attention.memory(x), mask)
        x = self.attention_norm(x + self.dropout(read))
        return self.mlp_norm(x + self.dropout(self.mlp(x)))


class DecoderLayer(nn.Module):
    """As the encoder's, with attention to the source in between."""

    def __init__(self, dim: int, heads: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.own, self.other = Attention(dim, heads), Attention(dim, heads)
        self.mlp = feed_forward(dim, hidden, 0.0, nn.ReLU())
        self.own_norm, self.other_norm = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.mlp_norm = nn.LayerNorm(dim)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: Tensor, source: Memory, mask: Tensor, past: Memory | None = None
    ) -> tuple[Tensor, Memory]:
        """Map (b, t, dim) to the same shape; return also the memory of all positions so far.

        Parameters
        ----------
        source, mask
            The memory of the source, and its mask.
        past
            What this returned for the positions before; x is then one position.
        """
        own = self.own.memory(x)
        if past is not None:
            own = (torch.cat([past[0], own[0]], dim=2), torch.cat([past[1], own[1]], dim=2))
        x = self.own_norm(x + self.dropout(self.own(x, own, causal=past is None)))
        x = self.other_norm(x + self.dropout(self.other(x, source, mask)))
        return self.mlp_norm(x + self.dropout(self.mlp(x))), own


class Transformer(nn.Module):
    """Encoder and decoder with one embedding for source, target and output.

    Layers are normalised after the addition, positions are sinusoids, weights start as Glorot and
    Bengio propose. The defaults are the size that is usual for IWSLT14.

    Parameters
    ----------
    vocabulary
        The number of tokens, `PADDING`, `START` and `STOP` included.
    dim, depth, heads, hidden
        Width, layers on each side, heads, and width of the feed-forward layers.
    dropout
        Of the embeddings, and of what is added.
    """

    def __init__(
        self,
        vocabulary: int,
        dim: int = 512,
        depth: int = 6,
        heads: int = 4,
        hidden: int = 1024,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        sizes = (dim, heads, hidden, dropout)
        self.encoder = nn.ModuleList(EncoderLayer(*sizes) for _ in range(depth))
        self.decoder = nn.ModuleList(DecoderLayer(*sizes) for _ in range(depth))
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
        self.embed = nn.Embedding(vocabulary, dim)
        nn.init.normal_(self.embed.weight, std=dim**-0.5)
        self.dropout = nn.Dropout(dropout)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Return the logits of the tokens that follow the target's, (b, t, vocabulary).

        Parameters
        ----------
        source
            int64 (b, s), with `PADDING` behind shorter sentences.
        target
            int64 (b, t), from `START` on.
        """
        memories, mask = self.encode(source)
        x = self._embedded(target, 0)
        for layer, memory in zip(self.decoder, memories, strict=True):
            x, _ = layer(x, memory, mask)
        return functional.linear(x, self.embed.weight)

    def encode(self, source: Tensor) -> tuple[list[Memory], Tensor]:
        """Return the source's memory for every layer of the decoder, and its mask (b, 1, 1, s)."""
        mask = (source != PADDING)[:, None, None, :]
        x = self._embedded(source, 0)
        for layer in self.encoder:
            x = layer(x, mask)
        memories = []
        for layer in self.decoder:
            assert isinstance(layer, DecoderLayer)
            memories.append(layer.other.memory(x))
        return memories, mask

    def extend(
        self,
        token: Tensor,
        position: int,
        memories: list[Memory],
        mask: Tensor,
        past: list[Memory] | None,
    ) -> tuple[Tensor, list[Memory]]:
        """Return the logits (b, vocabulary) after one more token (b,), and the memory so far."""
        x = self._embedded(token[:, None], position)
        found: list[Memory] = []
        for index, layer in enumerate(self.decoder):
            x, own = layer(x, memories[index], mask, past[index] if past else None)
            found.append(own)
        return functional.linear(x[:, 0], self.embed.weight), found

    def _embedded(self, tokens: Tensor, first: int) -> Tensor:
        dim = self.embed.embedding_dim
        positions = torch.arange(first, first + tokens.shape[1], device=tokens.device)
        return self.dropout(self.embed(tokens) * dim**0.5 + sinusoids(positions, dim))


@torch.no_grad()
def translate(
    model: Transformer, source: Tensor, longest: int, beams: int = 1, length_penalty: float = 1.0
) -> list[list[int]]:
    """Return the best translation of every sentence, as tokens between `START` and `STOP`.

    Beam search; with one beam it is greedy. A finished translation keeps its place among the beams
    as long as no better ones push it out; of those left at the end, the largest log-probability
    divided by ``length^length_penalty`` wins.

    Parameters
    ----------
    model
        In evaluation mode.
    source
        int64 (b, s).
    longest
        The largest number of tokens, `STOP` included.
    beams
        How many translations of a sentence are kept.
    """
    count = len(source)
    memories, mask = model.encode(source)
    memories = [(k.repeat_interleave(beams, 0), v.repeat_interleave(beams, 0)) for k, v in memories]
    mask = mask.repeat_interleave(beams, 0)
    tokens = source.new_full((count * beams, 1), START)
    scores = torch.full((count, beams), float("-inf"), device=source.device)
    scores[:, 0] = 0  # all beams begin alike: only one may be extended
    first = beams * torch.arange(count, device=source.device)[:, None]
    past: list[Memory] | None = None
    for position in range(longest):
        logits, past = model.extend(tokens[:, -1], position, memories, mask, past)
        step = logits.log_softmax(-1)
        step[:, PADDING] = float("-inf")
        ended = (tokens[:, -1] == STOP) | (tokens[:, -1] == PADDING)
        step[ended] = float("-inf")
        step[ended, PADDING] = 0
        total = (scores.view(-1, 1) + step).view(count, -1)
        scores, chosen = total.topk(beams)
        parent = (first + chosen // step.shape[1]).flatten()
        tokens = torch.cat([tokens[parent], (chosen % step.shape[1]).view(-1, 1)], dim=1)
        past = [(keys[parent], values[parent]) for keys, values in past]
        if bool(((tokens[:, -1] == STOP) | (tokens[:, -1] == PADDING)).all()):
            break
    lengths = (tokens[:, 1:] != PADDING).sum(1).view(count, beams)
    best = (first[:, 0] + (scores / lengths**length_penalty).argmax(1)).tolist()
    return [[t for t in tokens[i, 1:].tolist() if t not in (PADDING, STOP)] for i in best]
