# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The German-English talks of the IWSLT 2014 evaluation campaign, from its archive ``de-en.tgz``.

Training files have a talk's lines between tag lines (``<url>``, ``<keywords>``, ...); development
and test files are XML-like, a sentence in each ``<seg>``. Parts are those in common use since
fairseq's preparation script: every 23rd training pair is for validation, and all development and
test files together are the test. Text is left as it is (no lower case, no tokens).

Source: M. Cettolo et al., "Report on the 11th IWSLT evaluation campaign", 2014.
"""

from __future__ import annotations

import html
import re
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import numpy as np

from experiments.data.base import DamagedDataError, MissingDataError, Pairs, Splits
from experiments.data.pairs import SOURCE, TARGET

TRAIN = "train.tags.de-en"
TESTS = (
    "IWSLT14.TED.dev2010.de-en",
    "IWSLT14.TEDX.dev2012.de-en",
    "IWSLT14.TED.tst2010.de-en",
    "IWSLT14.TED.tst2011.de-en",
    "IWSLT14.TED.tst2012.de-en",
)
EVERY = 23

_SEGMENT = re.compile(r"<seg\b[^>]*>(.*?)</seg>", re.DOTALL)
_KEPT = re.compile(r"^<(title|description)>(.*)</\1>$")


def read_iwslt14(folder: Path) -> Splits[Pairs]:
    """Return the talks, from ``de-en.tgz``, its folder ``de-en``, or its files in ``folder``.

    Raises
    ------
    MissingDataError
        If the training files, or all test files, are missing.
    DamagedDataError
        If the two languages do not correspond.
    """
    files = _files(folder)
    every = _pairs(files, TRAIN, "", _tagged, folder)
    if every is None:
        raise MissingDataError(f"{folder} has no {TRAIN}.{SOURCE} and {TRAIN}.{TARGET}")
    tests = [_pairs(files, name, ".xml", _segments, folder) for name in TESTS]
    found = [test for test in tests if test is not None]
    if not found:
        raise MissingDataError(f"{folder} has none of {', '.join(TESTS)} (.{SOURCE}.xml, ...)")
    test = Pairs(
        tuple(line for part in found for line in part.source),
        tuple(line for part in found for line in part.target),
    )
    number = np.arange(1, len(every) + 1)
    chosen = number % EVERY == 0
    return Splits(every.take(np.flatnonzero(~chosen)), test, every.take(np.flatnonzero(chosen)))


def _files(folder: Path) -> dict[str, str]:
    """Return the contents of all files that are needed, by name."""
    wanted = {
        name
        for language in (SOURCE, TARGET)
        for name in (f"{TRAIN}.{language}", *(f"{test}.{language}.xml" for test in TESTS))
    }
    archive = folder / "de-en.tgz"
    place = next((p for p in (folder / "de-en", folder) if (p / f"{TRAIN}.de").is_file()), None)
    if place is not None:
        raw = {name: (place / name).read_bytes() for name in wanted if (place / name).is_file()}
    elif archive.is_file():
        raw = _unpacked(archive, wanted)
    else:
        raw = {}
    try:
        return {name: content.decode("utf-8") for name, content in raw.items()}
    except UnicodeDecodeError as error:
        raise DamagedDataError(f"a file of {place or archive} is not UTF-8: {error}") from error


def _unpacked(archive: Path, wanted: set[str]) -> dict[str, bytes]:
    raw = {}
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                name = PurePosixPath(member.name).name
                content = tar.extractfile(member) if name in wanted else None
                if content is not None:
                    raw[name] = content.read()
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise DamagedDataError(f"{archive} is damaged: {error}") from error
    return raw


def _pairs(
    files: dict[str, str], name: str, suffix: str, read: Callable[[str], list[str]], folder: Path
) -> Pairs | None:
    names = [f"{name}.{language}{suffix}" for language in (SOURCE, TARGET)]
    if not set(names) <= set(files):
        return None
    source, target = (read(files[n]) for n in names)
    if len(source) != len(target):
        raise DamagedDataError(
            f"{folder}: {names[0]} has {len(source)} sentences and {names[1]} has {len(target)};"
            " allowed: equally many"
        )
    both = [(s, t) for s, t in zip(source, target, strict=True) if s and t]
    return Pairs(tuple(s for s, _ in both), tuple(t for _, t in both))


def _tagged(content: str) -> list[str]:
    """Return the lines of a training file: titles and descriptions count, other tags do not."""
    lines = []
    for line in content.split("\n"):
        kept = _KEPT.match(line.strip())
        if kept:
            lines.append(kept[2].strip())
        elif not line.lstrip().startswith("<"):
            lines.append(line.strip())
    if lines and not lines[-1]:
        lines.pop()
    return lines


def _segments(content: str) -> list[str]:
    return [html.unescape(segment).strip() for segment in _SEGMENT.findall(content)]
