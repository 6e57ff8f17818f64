# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Byte-pair encoding: a vocabulary of pieces of words, learned from text (arXiv 1508.07909)."""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

Pair = tuple[str, str]

SPACE = "▁"
"""Stands for the space before a word, as a part of it: decoding is joining."""
SPECIAL = ("<padding>", "<start>", "<stop>", "<unknown>")
"""The first tokens; the numbers of the others begin behind them."""
UNKNOWN = 3
_WORD = re.compile(rf"{SPACE}?(?:\w+|[^\w\s{SPACE}]|{SPACE})")


def words(text: str) -> list[str]:
    """Return runs of letters and digits, and single other characters, spaces before them marked.

    Joined, they are the text with ``▁`` for its spaces, several of which become one.
    """
    return _WORD.findall("".join(SPACE + word for word in text.split()))


@dataclass(frozen=True)
class Bpe:
    """A vocabulary.

    Attributes
    ----------
    characters
        That were seen, sorted.
    merges
        Pairs of pieces that are made one, the first learned first.
    """

    characters: tuple[str, ...]
    merges: tuple[Pair, ...]
    _known: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """All tokens, in order of their numbers."""
        pieces = (*self.characters, *map("".join, self.merges))
        return (*SPECIAL, *dict.fromkeys(pieces))

    def __len__(self) -> int:
        return len(self.tokens)

    def encode(self, text: str) -> list[int]:
        """Return the numbers of the tokens of a text; characters never seen are `UNKNOWN`."""
        found: list[int] = []
        for word in words(text):
            if word not in self._known:
                self._known[word] = self._pieces(word)
            found += self._known[word]
        return found

    def decode(self, numbers: Iterable[int]) -> str:
        """Return the text of some tokens; special ones vanish, unknown ones are ``�``."""
        special = {**dict.fromkeys(range(UNKNOWN), ""), UNKNOWN: "�"}
        pieces = (special[n] if n in special else self.tokens[n] for n in numbers)
        return "".join(pieces).replace(SPACE, " ").strip()

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.tokens)}

    @cached_property
    def _ranks(self) -> dict[Pair, int]:
        return {pair: rank for rank, pair in enumerate(self.merges)}

    def _pieces(self, word: str) -> tuple[int, ...]:
        pieces = list(word)
        last = len(self.merges)
        while len(pieces) > 1:
            pair = min(pairwise(pieces), key=lambda pair: self._ranks.get(pair, last))
            if pair not in self._ranks:
                break
            pieces = merged(pieces, pair)
        return tuple(self._numbers.get(piece, UNKNOWN) for piece in pieces)


def merged(pieces: list[str], pair: Pair) -> list[str]:
    """Return the pieces of a word with each occurrence of a pair, from the left, made one."""
    found: list[str] = []
    index = 0
    while index < len(pieces):
        if tuple(pieces[index : index + 2]) == pair:
            found.append("".join(pair))
            index += 2
        else:
            found.append(pieces[index])
            index += 1
    return found


def learn(texts: Iterable[str], merges: int) -> Bpe:
    """Learn a vocabulary: again and again the most frequent pair of pieces is made one.

    Of pairs as frequent as each other, the first in the order of strings is taken. It ends early
    when no pair is left that occurs twice.

    Parameters
    ----------
    merges
        How many pairs at most.
    """
    counts = Counter(word for text in texts for word in words(text))
    pieces = [list(word) for word in counts]
    weight = list(counts.values())
    frequency: Counter[Pair] = Counter()
    where: defaultdict[Pair, set[int]] = defaultdict(set)
    for index, word in enumerate(pieces):
        for pair in pairwise(word):
            frequency[pair] += weight[index]
            where[pair].add(index)
    # Entries whose frequency has changed since stay in the heap, and are replaced when met.
    heap = [(-count, pair) for pair, count in frequency.items()]
    heapq.heapify(heap)
    found: list[Pair] = []
    while heap and len(found) < merges:
        negative, pair = heapq.heappop(heap)
        count = frequency[pair]
        if count != -negative:
            if count > 1:
                heapq.heappush(heap, (-count, pair))
            continue
        if count < 2:
            break
        found.append(pair)
        grown: set[Pair] = set()
        for index in where.pop(pair):
            for old in pairwise(pieces[index]):
                frequency[old] -= weight[index]
            pieces[index] = merged(pieces[index], pair)
            for new in pairwise(pieces[index]):
                frequency[new] += weight[index]
                where[new].add(index)
                grown.add(new)
        for new in grown:
            heapq.heappush(heap, (-frequency[new], new))
    characters = sorted({character for word in counts for character in word})
    return Bpe(tuple(characters), tuple(found))
