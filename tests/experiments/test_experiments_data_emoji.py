# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Emoji, drawn from a tiny font of the format of Noto's."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import newTable
from fontTools.ttLib.tables.BitmapGlyphMetrics import SmallGlyphMetrics
from fontTools.ttLib.tables.C_B_D_T_ import cbdt_bitmap_format_17
from fontTools.ttLib.tables.E_B_L_C_ import SbitLineMetrics, Strike, eblc_index_sub_table_1
from PIL import Image

from experiments.data import load
from experiments.data.sources.emoji import draw, listed, write_images

LIST = """\
# group: People & Body
# subgroup: hands
1F44B                 ; fully-qualified     # waving hand
1F44B 1F3FB           ; fully-qualified     # waving hand: light skin tone
263A                  ; unqualified         # smiling face
1F600                 ; fully-qualified     # not in the font
# group: Flags
1F3F3 FE0F 200D 1F308 ; fully-qualified     # rainbow flag
1F308                 ; fully-qualified     # clear
1F44C                 ; fully-qualified     # looks like the first
"""
PICTURES = {
    "hand": ("red", 136, 128),
    "clear": ((0, 255, 0, 0), 136, 128),
    "rainbow": ("blue", 64, 128),
    "same": ("red", 136, 128),
}


def write_font(path: Path) -> None:
    """Write a font with colour bitmaps, one of which is for a sequence of characters."""
    names = [".notdef", "flag", "joiner", *PICTURES]
    builder = FontBuilder(1024, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(
        {0x1F44B: "hand", 0x1F44C: "same", 0x1F3F3: "flag", 0x200D: "joiner", 0x1F308: "clear"}
    )
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1024, 0)))
    builder.setupHorizontalHeader()
    builder.addOpenTypeFeatures("feature ccmp { sub flag joiner clear by rainbow; } ccmp;")
    font = builder.font
    bitmaps = newTable("CBDT")
    bitmaps.version, bitmaps.strikeData = 3.0, [{}]
    strike = Strike()
    for name, (colour, width, height) in PICTURES.items():
        stream = io.BytesIO()
        Image.new("RGBA", (width, height), colour).save(stream, "PNG")
        bitmap = cbdt_bitmap_format_17(b"", font)
        bitmap.imageData, bitmap.metrics = stream.getvalue(), SmallGlyphMetrics()
        for key in ("height", "width", "BearingX", "BearingY", "Advance"):
            setattr(bitmap.metrics, key, 0)
        bitmaps.strikeData[0][name] = bitmap
        table = eblc_index_sub_table_1(b"", font)
        table.indexFormat, table.imageFormat, table.names = 1, 17, [name]
        table.firstGlyphIndex = table.lastGlyphIndex = names.index(name)
        strike.indexSubTables.append(table)
    sizes = strike.bitmapSizeTable
    for key in ("colorRef", "startGlyphIndex", "endGlyphIndex"):
        setattr(sizes, key, 0)
    sizes.ppemX = sizes.ppemY = 109
    sizes.bitDepth, sizes.flags = 32, 1
    sizes.hori = sizes.vert = SbitLineMetrics()
    for key in [
        "ascender",
        "descender",
        "widthMax",
        "caretSlopeNumerator",
        "caretSlopeDenominator",
        "caretOffset",
        "minOriginSB",
        "minAdvanceSB",
        "maxBeforeBL",
        "minAfterBL",
        "pad1",
        "pad2",
    ]:
        setattr(sizes.hori, key, 0)
    places = newTable("CBLC")
    places.version, places.strikes = 3.0, [strike]
    font["CBDT"], font["CBLC"] = bitmaps, places
    font.save(path)


@pytest.fixture
def inputs(tmp_path: Path) -> tuple[Path, Path]:
    """Return a font and a list of emoji."""
    write_font(tmp_path / "font.ttf")
    (tmp_path / "list.txt").write_text(LIST, encoding="utf-8")
    return tmp_path / "font.ttf", tmp_path / "list.txt"


def test_those_of_a_skin_colour_and_other_forms_are_left_out(inputs: tuple[Path, Path]) -> None:
    assert list(listed(inputs[1])) == [
        ("People & Body", (0x1F44B,)),
        ("People & Body", (0x1F600,)),
        ("Flags", (0x1F3F3, 0xFE0F, 0x200D, 0x1F308)),
        ("Flags", (0x1F308,)),
        ("Flags", (0x1F44C,)),
    ]


def test_emoji_are_drawn_on_white_no_picture_twice(inputs: tuple[Path, Path]) -> None:
    splits = draw(*inputs)
    assert splits.train.classes == ("Flags", "People & Body")
    assert (len(splits.train), len(splits.test)) == (2, 1)
    found = {
        tuple(image[16, 16].tolist()): (image, int(label))
        for part in (splits.train, splits.test)
        for image, label in zip(part.images, part.labels, strict=True)
    }
    assert set(found) == {(255, 0, 0), (0, 0, 255), (255, 255, 255)}
    hand, label = found[255, 0, 0]
    assert label == 1
    # 136 x 128 pixels become 32 x 30: a white line above and below
    assert (hand[[0, 31]] == 255).all()
    assert (hand[1:31] == [255, 0, 0]).all()
    rainbow, label = found[0, 0, 255]
    assert label == 0
    assert (rainbow[:, 8:24] == [0, 0, 255]).all()
    assert (rainbow[:, :8] == 255).all()
    assert (found[255, 255, 255][0] == 255).all(), "what is clear is white"


def test_emoji_are_written_and_read(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    splits = draw(*inputs)
    (tmp_path / "emoji").mkdir()
    write_images(splits, tmp_path / "emoji")
    again = load("emoji", tmp_path)
    for old, new in ((splits.train, again.train), (splits.test, again.test)):
        assert np.array_equal(old.images, new.images)
        assert np.array_equal(old.labels, new.labels)
        assert old.classes == new.classes
