# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The vocabulary: pairs are merged by frequency, and decoding gives the text back."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.data import load
from experiments.workloads.bpe import SPECIAL, UNKNOWN, Bpe, learn, merged, words


def naive(texts: list[str], merges: int) -> tuple[tuple[str, str], ...]:
    """Count all pairs anew for every merge."""
    counts = Counter(word for text in texts for word in words(text))
    pieces = {word: list(word) for word in counts}
    found: list[tuple[str, str]] = []
    while len(found) < merges:
        frequency = Counter[tuple[str, str]]()
        for word, parts in pieces.items():
            for pair in pairwise(parts):
                frequency[pair] += counts[word]
        best = min(frequency, key=lambda pair: (-frequency[pair], pair), default=None)
        if best is None or frequency[best] < 2:
            break
        found.append(best)
        pieces = {word: merged(parts, best) for word, parts in pieces.items()}
    return tuple(found)


@given(st.lists(st.text("aab ,", max_size=20), max_size=6), st.integers(0, 12))
def test_counting_as_it_goes_is_counting_anew(texts: list[str], merges: int) -> None:
    assert learn(texts, merges).merges == naive(texts, merges)


def test_real_sentences_give_the_same_merges_as_counting_anew() -> None:
    texts = list(load("help_slice").train.target[:60])
    assert learn(texts, 80).merges == naive(texts, 80)


def test_the_most_frequent_pair_comes_first() -> None:
    vocabulary = learn(["low lower lowest", "slow"], 3)
    assert vocabulary.merges == (("l", "o"), ("lo", "w"), ("▁", "low"))
    pieces = [vocabulary.tokens[n] for n in vocabulary.encode("low slower")]
    assert pieces == ["▁low", "▁", "s", "low", "e", "r"]


@given(st.text())
def test_decoding_gives_the_text_back_up_to_its_spaces(text: str) -> None:
    vocabulary = learn([text], 20)
    numbers = vocabulary.encode(text)
    assert all(UNKNOWN < n < len(vocabulary) for n in numbers)
    expected = " ".join(text.split())
    assert vocabulary.decode(numbers) == " ".join(expected.replace("▁", " ").split())


def test_unknown_characters_are_marked_and_special_tokens_vanish() -> None:
    vocabulary = learn(["abc abc"], 1)
    numbers = vocabulary.encode("abz")
    assert UNKNOWN in numbers
    assert vocabulary.decode([1, *numbers, 2, 0]) == "ab�"
    assert vocabulary.tokens[: len(SPECIAL)] == SPECIAL


def test_every_token_has_one_number() -> None:
    vocabulary = learn(["aaaa aaa aa"] * 3, 10)
    assert len(set(vocabulary.tokens)) == len(vocabulary)
    assert vocabulary == Bpe(vocabulary.characters, vocabulary.merges)


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_has_no_tokens(text: str) -> None:
    assert learn([text], 5).encode(text) == []
