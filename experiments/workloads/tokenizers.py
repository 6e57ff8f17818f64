# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""From text to tokens: bytes, a byte-pair encoding of one's own, or that of GPT-2."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from experiments.workloads import bpe
from momo.installed import needed

TokenizerName = Literal["bytes", "bpe", "gpt2"]
LEARN_FROM = 10_000_000
"""From how many characters at the start a byte-pair encoding is learned."""


@dataclass(frozen=True)
class Tokenizer:
    """A vocabulary.

    Attributes
    ----------
    name
        How it is called.
    vocabulary
        The number of different tokens.
    end
        The token behind every document.
    encode
        From a text to its tokens.
    about
        What makes the same one again.
    """

    name: TokenizerName
    vocabulary: int
    end: int
    encode: Callable[[str], list[int]]
    about: dict[str, Any] = field(default_factory=dict)

    def document(self, text: str) -> list[int]:
        """Return the tokens of a document, and the one for its end."""
        return [*self.encode(text), self.end]


def tokenizer(name: TokenizerName, texts: Iterable[str] = (), merges: int = 0) -> Tokenizer:
    """Return a tokenizer.

    Parameters
    ----------
    name
        "bytes": of UTF-8. "bpe": `experiments.workloads.bpe`, which keeps no kind of white space
        but single blanks. "gpt2": that of GPT-2, by tiktoken, which fetches it once.
    texts
        From which the second one is learned: the first ten million characters of them, to the end
        of a text.
    merges
        How many pairs it makes one, at most.

    Raises
    ------
    ValueError
        If there is no such tokenizer.
    ModuleNotFoundError
        If tiktoken is not installed.
    """
    if name == "bytes":
        return Tokenizer("bytes", 257, 256, lambda text: list(text.encode()))
    if name == "bpe":
        if merges < 1:
            raise ValueError(f"merges = {merges}; allowed: at least 1")
        learned = bpe.learn(_start(texts), merges)
        about = {"characters": learned.characters, "merges": learned.merges}
        end = bpe.SPECIAL.index("<stop>")
        return Tokenizer("bpe", len(learned), end, learned.encode, about)
    if name == "gpt2":
        with needed("tokenizer = gpt2", "tokens"):
            import tiktoken
        encoding = tiktoken.get_encoding("gpt2")
        encode: Callable[[str], list[int]] = encoding.encode_ordinary
        return Tokenizer("gpt2", encoding.n_vocab, encoding.eot_token, encode)
    raise ValueError(f"tokenizer = {name!r}; allowed: bytes, bpe, gpt2")


def _start(texts: Iterable[str]) -> Iterable[str]:
    found, length = [], 0
    for text in texts:
        found.append(text)
        length += len(text)
        if length >= LEARN_FROM:
            break
    return found
