# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Files of the checkout as highlighted pages, each line with an anchor."""

from __future__ import annotations

from html import escape
from pathlib import Path
from posixpath import relpath

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

STYLES = {"light": "default", "dark": "github-dark"}
"""Of pygments."""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{path}</title>
<link rel="icon" href="{home}/assets/images/favicon.png">
<link rel="stylesheet" href="{home}/assets/stylesheets/source.css">
<script src="{home}/assets/javascripts/source.js" data-home="{home}"></script>
</head>
<body>
<header><a href="{home}/index.html">Momentum models</a> <span>{path}</span></header>
<main>{code}</main>
</body>
</html>
"""


def source_page(path: str, text: str) -> str:
    """Return a page that shows a file; line N has the anchor ``L-N``.

    Parameters
    ----------
    path
        Of the file, from the root of the checkout.
    text
        What is in it.
    """
    try:
        lexer = get_lexer_for_filename(path, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    formatter = HtmlFormatter(linenos="inline", lineanchors="L", anchorlinenos=True, wrapcode=True)
    home = relpath(".", Path("source", path).parent.as_posix())
    return PAGE.format(path=escape(path), home=home, code=highlight(text, lexer, formatter))


def source_styles() -> str:
    """Return the colours of code, light and dark."""
    return "\n".join(
        HtmlFormatter(style=style).get_style_defs(f"[data-scheme={scheme}] .highlight")
        for scheme, style in STYLES.items()
    )
