# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How the options of the commands are shown in their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from momo.installed import needed

with needed(__name__, "conformance"):
    import tyro


def option(metavar: str, hint: str) -> object:
    """Return how an option is shown: what it takes, and a word on its default."""
    return tyro.conf.arg(metavar=metavar, help_behavior_hint=f"({hint})")


Flag = Annotated[bool, tyro.conf.FlagCreatePairsOff, tyro.conf.arg(help_behavior_hint="")]
"""An option without a value, and without its opposite."""
Json = Annotated[Path | None, option("FILE", "default: no file")]
"""A file for the results."""
