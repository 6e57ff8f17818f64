# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Noto's colour emoji as images of 32 x 32 pixels, with Unicode's groups as classes.

fontTools, which reads the font, comes with matplotlib.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.data.base import FetchError, Images, Splits, split
from experiments.data.idx import idx_bytes
from experiments.data.sources import tools

FONT, LIST = "NotoColorEmoji.ttf", "emoji-test.txt"
PACKAGES = {
    "fonts-noto-color-emoji": f"usr/share/fonts/truetype/noto/{FONT}",
    "unicode-data": f"usr/share/unicode/emoji/{LIST}",
}
SHA256 = {
    FONT: "e5899ed38b8ed83e08bd3ac5de09791e9d19d288333a796de1d35ad17396f1ec",
    LIST: "8445f23ac8388e096be19d0262e14fceff856ff52093f2356dc89485f1a853db",
}
SIZE = 32
TEST_SHARE, SEED = 0.2, 0
SKIN = range(0x1F3FB, 0x1F400)
VARIATION = 0xFE0F
"""Asks for the colourful form of a character; fonts have no glyph for it."""


def fetch_emoji(folder: Path, any_version: bool, say: Callable[[str], None]) -> None:
    """Put the four files of MNIST's format and ``classes.txt`` into ``folder``."""
    with TemporaryDirectory(dir=folder.parent) as temporary:
        inputs = Path(temporary)
        for package, file in PACKAGES.items():
            say(f"apt-get download {package} (8 to 10 MB)")
            path = tools.debian(package, inputs) / file
            if not path.is_file():
                raise FetchError(f"the package {package} has no file {file}")
            shutil.copyfile(path, inputs / path.name)
        tools.check(inputs, SHA256, any_version)
        say("drawing")
        write_images(draw(inputs / FONT, inputs / LIST), folder)


def listed(path: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield group and characters of Unicode's emoji, leaving out those of a given skin colour."""
    group = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# group:"):
            group = line.removeprefix("# group:").strip()
        elif found := re.match(r"([0-9A-F ]+?)\s*;\s*fully-qualified", line):
            characters = tuple(int(word, 16) for word in found[1].split())
            if not any(character in SKIN for character in characters):
                yield group, characters


def draw(font: Path, names: Path) -> Splits[Images]:
    """Return the font's emoji on white ground, no picture twice.

    Parameters
    ----------
    font
        With colour bitmaps (tables CBDT and GSUB).
    names
        Unicode's ``emoji-test.txt``.

    Returns
    -------
    images
        Of shape (n, 32, 32, 3), a fifth of them, chosen at random, as the test. The classes are
        Unicode's groups, in order of names.
    """
    from fontTools.ttLib import TTFont

    with TTFont(font) as opened:
        strike = opened["CBDT"].strikeData[0]
        glyphs = _Glyphs(opened)
        found: dict[bytes, tuple[NDArray[np.uint8], str]] = {}
        for group, characters in listed(names):
            glyph = glyphs.of(characters)
            if glyph in strike:
                image = _on_white(strike[glyph].imageData)
                found.setdefault(image.tobytes(), (image, group))
    images = np.stack([image for image, _ in found.values()])
    classes, labels = np.unique([group for _, group in found.values()], return_inverse=True)
    every = Images(images, labels.astype(np.int64), tuple(str(name) for name in classes))
    train, test = split(len(every), TEST_SHARE, SEED)
    return Splits(every.take(train), every.take(test))


class _Glyphs:
    """The names of a font's glyphs by the characters that they show."""

    def __init__(self, font: Any) -> None:
        self.single: dict[int, str] = font.getBestCmap()
        self.joined: dict[tuple[str, ...], str] = {}
        for lookup in font["GSUB"].table.LookupList.Lookup:
            for table in lookup.SubTable:
                for first, ligatures in getattr(table, "ligatures", {}).items():
                    for ligature in ligatures:
                        self.joined[first, *ligature.Component] = ligature.LigGlyph

    def of(self, characters: tuple[int, ...]) -> str | None:
        """Return the glyph of a sequence of characters, if the font has one."""
        names = [self.single.get(c) for c in characters if c != VARIATION]
        if len(names) == 1:
            return names[0]
        return self.joined.get(tuple(name for name in names if name is not None))


def _on_white(png: bytes) -> NDArray[np.uint8]:
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGBA")
    image.thumbnail((SIZE, SIZE), Image.Resampling.BOX)
    ground = Image.new("RGBA", (SIZE, SIZE), (255, 255, 255, 255))
    ground.alpha_composite(image, ((SIZE - image.width) // 2, (SIZE - image.height) // 2))
    return np.asarray(ground.convert("RGB"), np.uint8)


def write_images(splits: Splits[Images], folder: Path) -> None:
    """Write images in the format of `experiments.data.idx`."""
    for name, part in (("train", splits.train), ("t10k", splits.test)):
        (folder / f"{name}-images-idx4-ubyte").write_bytes(idx_bytes(part.images))
        labels = idx_bytes(part.labels.astype(np.uint8))
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(labels)
    (folder / "classes.txt").write_text("".join(f"{name}\n" for name in splits.train.classes))
