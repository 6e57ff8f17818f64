# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""What is said of a name that is in no registry."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def unknown(kind: str, name: str, names: Iterable[str]) -> ValueError:
    """Return the error for a name that is in no registry, with the names that are close."""
    names = list(names)
    close = get_close_matches(name.lower().replace("-", "_"), names, n=3)
    allowed = f"did you mean {' or '.join(close)}" if close else f"allowed: {', '.join(names)}"
    return ValueError(f"{kind} = {name!r} is unknown; {allowed}, or module:attribute")
