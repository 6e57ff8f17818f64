# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The gallery: a page with every figure, which are drawn when the page is made.

On the page ``<!-- figure: NAME -->`` stands where a picture belongs, so that it reads well without
pictures, too.
"""

from __future__ import annotations

import re
from pathlib import Path

from paper_figs.registry import FIGURES, draw, find

MARK = re.compile(r"^<!-- figure: (.*?) -->$", re.MULTILINE)
ROOT = Path(__file__).parents[1]
MADE_OF = ("paper_figs", "experiments/results", "experiments/summary", "momo/reference", "theory")
"""Where what figures show comes from."""


def placed(page: str, folder: str) -> str:
    """Return a page with its pictures, each a link to itself.

    Parameters
    ----------
    page
        In Markdown, with marks.
    folder
        Where the pictures are, seen from the page.

    Raises
    ------
    ValueError
        If a mark names no figure.
    """

    def picture(mark: re.Match[str]) -> str:
        name = mark[1]
        there = f"{folder}/{name}.svg"
        return f"[![{find(name).what}]({there})]({there})"

    return MARK.sub(picture, page)


def drawn(folder: Path) -> list[Path]:
    """Draw every figure into a folder, as NAME.svg, and return the files in their order.

    A file that is newer than all that figures are made of stays as it is. All take half a minute.
    """
    from experiments.places import RESULTS
    from experiments.records import load
    from paper_figs.save import save

    sources = (path for made in MADE_OF for path in (ROOT / made).rglob("*.*"))
    newest = max(path.stat().st_mtime for path in sources if path.suffix != ".pyc")
    paths = {name: folder / f"{name}.svg" for name in FIGURES}
    old = [
        name for name, path in paths.items() if not path.exists() or path.stat().st_mtime < newest
    ]
    if old:
        records = load(RESULTS)
        for name in old:
            save(draw(name, records), name, folder, ["svg"])
    return list(paths.values())
