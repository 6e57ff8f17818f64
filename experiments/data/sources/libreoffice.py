# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""LibreOffice's help in German and English: the paragraphs of its pages have the same ids.

A page's paragraphs are paired by id, cut into sentences where both have equally many, and kept
where they are of 3 to 50 words and of like length. Pages are parted, not pairs: what a page says
twice in other words is never in two parts. A sentence that is on pages of several parts stays in
the first of training, validation and test.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from experiments.data.base import FetchError, Pairs
from experiments.data.sources import tools

PACKAGES = ("libreoffice-help-de", "libreoffice-help-en-us")
HELP = "usr/share/libreoffice/help"
PARTS = {"train": 0.8, "valid": 0.1, "test": 0.1}
SEED = 0
FEWEST, MOST, RATIO = 3, 50, 2.5
SHA256 = {
    "train.de": "4bcf760e7c3b88c69d4eefc0ca0b87f430ad148e8188d6477478302a81b4081e",
    "train.en": "c99fe2b9a8c92e439b631d6f17f22d0f3d1078f2129c6436620f9b2c0387e591",
    "valid.de": "4a355ee793e3a0d9be92e25d1dd502916d0142da683cf2b917fe01fa885064fc",
    "valid.en": "551ea27aa0353c04b6e5ceead9f4a130ec4ede26c1bf9d3472b1b8b1f08ee2c8",
    "test.de": "224701913cf6b2173f454695a0582a0c46c908693f55221584e99c8c6392cf44",
    "test.en": "a7ae018e1d9a417177d53abb12e73e51c771570a91f3e224f0d7793ac442bbee",
}

_PARAGRAPH = re.compile(r'<(p|h[1-6]) id="([^"]*)"[^>]*>(.*?)</\1>', re.DOTALL)
_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])")


def fetch_libreoffice_help(folder: Path, any_version: bool, say: Callable[[str], None]) -> None:
    """Put ``{train,valid,test}.{de,en}`` into ``folder``."""
    with TemporaryDirectory(dir=folder.parent) as temporary:
        say(f"apt-get download {' '.join(PACKAGES)} (5 MB)")
        german, english = (tools.debian(p, Path(temporary)) / HELP for p in PACKAGES)
        pages = list(read_pages(german / "de/text", english / "en-US/text"))
    if len(pages) < 100:
        raise FetchError(f"{' and '.join(PACKAGES)} have {len(pages)} pages in common")
    for part, pairs in parted(pages).items():
        for language, lines in (("de", pairs.source), ("en", pairs.target)):
            (folder / f"{part}.{language}").write_bytes("".join(f"{s}\n" for s in lines).encode())
    tools.check(folder, SHA256, any_version)


def read_pages(german: Path, english: Path) -> Iterator[list[tuple[str, str]]]:
    """Yield the pairs of each page that is in both folders, in order of the pages' names."""
    for path in sorted(english.rglob("*.html")):
        other = german / path.relative_to(english)
        if other.is_file():
            ours, theirs = _paragraphs(other), _paragraphs(path)
            yield [
                pair
                for name in theirs
                if name in ours
                for pair in _sentences(ours[name], theirs[name])
            ]


def _paragraphs(page: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, name, content in _PARAGRAPH.findall(page.read_text(encoding="utf-8")):
        text = " ".join(html.unescape(re.sub(r"<[^>]+>", "", content)).split())
        if text:
            found.setdefault(name, text)
    return found


def _sentences(german: str, english: str) -> Iterator[tuple[str, str]]:
    ours, theirs = _END.split(german), _END.split(english)
    if len(ours) != len(theirs):
        ours, theirs = [german], [english]
    for de, en in zip(ours, theirs, strict=True):
        first, second = len(de.split()), len(en.split())
        if (
            de != en
            and min(first, second) >= FEWEST
            and max(first, second) <= MOST
            and max(first, second) <= RATIO * min(first, second)
        ):
            yield de, en


def parted(pages: list[list[tuple[str, str]]], seed: int = SEED) -> dict[str, Pairs]:
    """Return the pairs of the pages by part, none of them twice.

    Parameters
    ----------
    pages
        The pairs of each page.
    seed
        Of the order in which pages are given to parts.
    """
    order = np.random.default_rng(seed).permutation(len(pages))
    ends = np.round(np.cumsum([0.0, *PARTS.values()]) * len(pages)).astype(int)
    seen: set[str] = set()
    found = {}
    for part, start, end in zip(PARTS, ends, ends[1:], strict=False):
        earlier = frozenset(seen)
        kept: dict[tuple[str, str], None] = {}
        for page in sorted(order[start:end]):
            for de, en in pages[page]:
                sides = {f"de {_plain(de)}", f"en {_plain(en)}"}
                if not sides & earlier:
                    kept[de, en] = None
                seen |= sides
        found[part] = Pairs(tuple(de for de, _ in kept), tuple(en for _, en in kept))
    return found


def _plain(sentence: str) -> str:
    """Return what is left without case, digits and signs: by this, sentences are the same."""
    return " ".join(re.findall(r"[^\W\d_]+", sentence.casefold()))
