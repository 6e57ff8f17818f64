# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Plain text in UTF-8."""

from __future__ import annotations

from pathlib import Path

from experiments.data.base import SUFFIXES, DamagedDataError, Splits, Text
from experiments.data.compressed import read_text


def read_text_folder(folder: Path) -> Splits[Text]:
    """Return the text of a folder: its files ``*.txt`` (plain, .gz or .xz), in order of names.

    The first nine tenths are for training, half of the rest for validation, and the end for the
    test; the cuts are at ends of paragraphs, or of lines where there are none.

    Raises
    ------
    DamagedDataError
        If the text is too short to be cut.
    """
    paths = sorted(path for suffix in SUFFIXES for path in folder.glob(f"*.txt{suffix}"))
    text = "\n\n".join(read_text(path).replace("\r\n", "\n").strip("\n") for path in paths)
    first = _cut(text, len(text) * 90 // 100)
    second = _cut(text, len(text) * 95 // 100)
    if not 0 < first < second < len(text):
        raise DamagedDataError(
            f"{folder} has {len(text)} characters of text in *.txt; allowed: several paragraphs"
            " or lines in each of its last tenths' halves"
        )
    return Splits(Text(text[:first]), Text(text[second:]), Text(text[first:second]))


def _cut(text: str, near: int) -> int:
    """Return where the paragraph, or else the line, ends that ``near`` is in."""
    for end in ("\n\n", "\n"):
        found = text.find(end, near)
        # no further than a fiftieth of the text, so that all parts stay there
        if 0 <= found <= near + len(text) // 50:
            return found + len(end)
    return near
