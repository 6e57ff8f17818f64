# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Anchors of headings, made as a forge makes them, so that one link works on both."""

from __future__ import annotations

import re


def slug(heading: str, separator: str = "-") -> str:
    """Return the anchor of a heading.

    Parameters
    ----------
    heading
        Its text.
    separator
        What stands for a space.
    """
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", separator)
