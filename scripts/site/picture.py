# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Takes the picture of the report that the theory's page shows: ``docs/report.png``.

``make verify && python -m scripts.site.picture`` makes it anew.
"""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which

from playwright.sync_api import ViewportSize, sync_playwright

from scripts.site.browse import BROWSERS

WIDTH, HEIGHT = 1280, 1150
FIRST = "claims"
"""The section that is moved up to the verdicts: between them stands what was run."""


def take(report: Path, out: Path) -> None:
    """Save the top of a report, its verdicts and first claims, as a PNG file."""
    program = next(filter(None, map(which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        size = ViewportSize(width=WIDTH, height=HEIGHT)
        tab = browser.new_page(viewport=size, color_scheme="light")
        tab.goto(report.resolve().as_uri())
        hide = "first => { const to = document.getElementById(first); let one = to;"
        hide += " while ((one = one.previousElementSibling)) one.style.display = 'none' }"
        tab.evaluate(hide, FIRST)
        tab.screenshot(path=out)
        browser.close()


if __name__ == "__main__":
    given = [Path(each) for each in sys.argv[1:]]
    take(*(given or (Path("build/theory.html"), Path("docs/report.png"))))
