# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Formulas, as MathML: made when the site is built, shown by the browser itself."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from importlib.resources import as_file, files
from io import BytesIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from math_core import LatexError, LatexToMathML

FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\(?P<open>[(\[])(?P<latex>.*?)\\[)\]]</(?P=tag)>',
    re.DOTALL,
)
"""What `pymdownx.arithmatex` leaves of a formula."""
COLOURS = re.compile(r"\x1b\[[\d;]*m")
SYMBOLS = (
    *(range(0x20, 0x17F), range(0x300, 0x3FF), range(0x2000, 0x2BFF), range(0x1D400, 0x1D7FF)),
)
"""The characters in the font of formulas: letters, Greek, arrows, operators, letters for maths."""

LONG = 36
"""A formula within a line that shows more symbols than this is scrolled on a phone."""


@cache
def converter() -> LatexToMathML:
    """Return what reads LaTeX."""
    return LatexToMathML()


def mathml(latex: str, display: bool) -> str:
    """Return a formula in MathML.

    Parameters
    ----------
    latex
        As it stands between dollars.
    display
        Whether it stands in a line of its own.

    Raises
    ------
    ValueError
        If it cannot be read; the message shows where.
    """
    try:
        return converter().convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        said = COLOURS.sub("", str(error)).strip()
        raise ValueError(f"the formula ${latex}$ cannot be read: {said}") from error


def rendered(html: str) -> str:
    """Return a page with each formula as MathML; raise ValueError if one cannot be read."""

    def made(found: re.Match[str]) -> str:
        display = found["open"] == "["
        # Of blocks the extension escapes HTML twice.
        latex = unescape(unescape(found["latex"])).strip()
        formula = mathml(latex, display)
        if display:
            return f'<div class="formula">{formula}</div>'
        return f'<span class="formula-long">{formula}</span>' if length(latex) > LONG else formula

    return FORMULA.sub(made, html)


def length(latex: str) -> int:
    """Return about how many symbols a formula shows."""
    shown = re.sub(r"\\(?:left|right|operatorname|text|math\w+|[,;!])|[{}^_\s]", "", latex)
    return len(re.sub(r"\\[A-Za-z]+", "x", shown))


def font() -> bytes:
    """Return the font of formulas, STIX Two Math, as a web font with what formulas need."""
    with as_file(files("ziamath.fonts") / "STIXTwoMath-Regular.ttf") as path:
        whole = TTFont(path)
    options = Options()
    options.name_IDs = ["*"]  # with its licence, the SIL Open Font License
    options.layout_features = ["ssty", "dtls", "flac", "kern", "mark", "mkmk", "ccmp"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for block in SYMBOLS for code in block])
    subsetter.subset(whole)
    whole.flavor = "woff"
    made = BytesIO()
    whole.save(made)
    return made.getvalue()
