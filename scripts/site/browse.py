# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Looks at every page of the built site in a browser, and uses it: search, drawer, colours."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import Any, Literal

from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = {"desktop": 1280, "phone": 390}
WORDS = ("lower bound", "Fejér", "MomoAdam")
"""What is searched for."""
Seen = tuple[list[str], int]
"""What is wrong, and how many formulas there were."""
OF_SOURCES = 40
"""Every so many pages of sources, which are all made alike, are looked at."""

FAULTS = r"""
() => {
  const faults = []
  const main = document.querySelector("article, main")
  if (!main) return [["there is neither an article nor a main part"], 0]
  const scrolls = e => {
    for (let up = e; up && up !== document.body; up = up.parentElement)
      if (/auto|scroll|hidden/.test(getComputedStyle(up).overflowX)) return true
  }
  const beyond = document.documentElement.scrollWidth - innerWidth
  if (beyond > 0) faults.push(`the page is ${beyond} px wider than the window`)
  const wide = [...main.querySelectorAll("*")].find(
    e => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e))
  if (wide) faults.push(`beyond the window: <${wide.localName}> ${wide.textContent.slice(0, 60)}`)
  for (const formula of main.querySelectorAll("math")) {
    const { width, height } = formula.getBoundingClientRect()
    if ((width < 2 || height < 2) && formula.checkVisibility())
      faults.push(`a formula without size: ${formula.textContent.slice(0, 60)}`)
    if (formula.querySelector("merror")) faults.push(`a wrong formula: ${formula.textContent}`)
  }
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const text = texts.currentNode
    if (/\$[^$\s][^$]*\$|\$\$|\\[(\[]|\\(frac|lVert|tau)/.test(text.data)
        && !text.parentElement.closest("code, pre, script, style"))
      faults.push(`a formula that is not rendered: ${text.data.trim().slice(0, 60)}`)
  }
  return [faults, main.querySelectorAll("math").length]
}
"""
"""What is wrong with the page that is shown, and how many formulas it has."""
COLOURS = r"""
async dark => {
  const frame = () => new Promise(requestAnimationFrame)
  await frame(); await frame()
  const parts = colour => colour.match(/[\d.]+/g).slice(0, 3).map(Number)
  const light = colour => parts(colour).reduce((a, b) => a + b) / 3
  const { backgroundColor, color } = getComputedStyle(document.body)
  const [behind, before] = [light(backgroundColor), light(color)]
  if ((behind < 128) !== dark) return [`the background is ${backgroundColor}`]
  return Math.abs(behind - before) < 100 ? [`${color} on ${backgroundColor}`] : []
}
"""
"""What is wrong with the colours of the page that is shown."""


class Visit:
    """A tab of the browser, and what went wrong in it."""

    def __init__(self, browser: Browser, home: str) -> None:
        self.home = home
        self.faults: list[str] = []
        self.formulas = 0
        self.tab = browser.new_page()
        self.tab.on("console", lambda said: self._note(said.text, said.type == "error"))
        self.tab.on("pageerror", lambda error: self._note(str(error)))
        self.tab.on("request", self._requested)

    def _note(self, fault: str, is_one: bool = True) -> None:
        if is_one:
            self.faults.append(f"{self.tab.url}: {fault}")

    def _requested(self, request: Request) -> None:
        within = request.url.startswith((self.home, "data:", "blob:", "about:"))
        self._note(f"asks for {request.url}", not within)

    def look(self, uri: str) -> None:
        """Look at a page in all widths and colours."""
        self.tab.goto(self.home + uri, wait_until="load")
        formulas = 0
        for width in WIDTHS.values():
            self.tab.set_viewport_size({"width": width, "height": 900})
            faults, formulas = self.tab.evaluate(FAULTS)
            for scheme in SCHEMES:
                self.tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                seen = self.tab.evaluate(COLOURS, scheme == "dark")
                faults += [f"{scheme}: {fault}" for fault in seen]
            for fault in faults:
                self._note(f"{width} px: {fault}")
        self.formulas += formulas

    def use(self, what: str, action: Callable[[Page], Any]) -> None:
        """Do something, and note if it fails."""
        try:
            action(self.tab)
        except Exception as error:
            self._note(f"{what}: {str(error).splitlines()[0]}")


def search(word: str, tab: Page) -> None:
    """Search for a word, and go to the first hit, which has it."""
    tab.goto(tab.url.partition("#")[0].partition("?")[0])
    if not tab.locator(".md-search__input").is_visible():
        tab.locator("label.md-header__button[for=__search]").click()
    tab.locator(".md-search__input").fill(word)
    hit = tab.locator(".md-search-result__link").first
    hit.wait_for(timeout=30000)
    hit.click()
    tab.wait_for_url(re.compile(r"[?&]h="), timeout=30000)
    if word.split()[0].lower() not in tab.locator("article").inner_text().lower():
        raise AssertionError(f"the first hit for {word} does not have it: {tab.url}")


def drawer(tab: Page) -> None:
    """Open the drawer of a phone, and go to a page by it."""
    label = tab.locator("label.md-header__button[for=__drawer]")
    label.click()
    section = tab.locator(".md-nav--primary label.md-nav__link", has_text="More").first
    section.click()
    link = tab.locator(".md-nav--primary a.md-nav__link", has_text="Glossary").first
    link.click()
    tab.wait_for_url(re.compile("glossary.html$"), timeout=30000)


def footer(tab: Page) -> None:
    """Go to the next page and back."""
    before = tab.title()
    tab.locator("a.md-footer__link--next").click()
    tab.wait_for_function("before => document.title !== before", arg=before, timeout=30000)
    tab.locator("a.md-footer__link--prev").click()
    tab.wait_for_function("before => document.title === before", arg=before, timeout=30000)


def colours(tab: Page) -> None:
    """Switch colours: light, dark, and again what the system has; they outlast a page."""
    tab.emulate_media(color_scheme="dark")
    seen = []
    for _ in range(3):
        tab.locator("form[data-md-component=palette] label:visible").click()
        tab.reload()
        seen.append(tab.locator("body").get_attribute("data-md-color-scheme"))
    if seen != ["default", "slate", "slate"]:
        raise AssertionError(f"the colours were {seen}")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine alone; yield its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


def brief(folder: Path, route: Route) -> None:
    """Give a page one entry of the index of all words, which it takes most of its time to read."""
    index = json.loads((folder / "search" / "search_index.json").read_text(encoding="utf-8"))
    index["docs"] = index["docs"][:1]
    route.fulfill(body=f"var __index = {json.dumps(index)}")


def pages(folder: Path) -> list[str]:
    """Return the pages to look at."""
    found = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.html"))]
    sources = [uri for uri in found if uri.startswith("source/")]
    return [uri for uri in found if uri not in sources] + sources[::OF_SOURCES]


def use(visit: Visit) -> None:
    """Use the site as a reader does."""
    for name, width in WIDTHS.items():
        visit.tab.set_viewport_size({"width": width, "height": 900})
        visit.tab.goto(visit.home + "index.html")
        visit.use(f"colours, {name}", colours)
        visit.use(f"footer, {name}", footer)
        for word in WORDS:
            visit.use(f"search for {word}, {name}", partial(search, word))
        if name == "phone":
            visit.tab.goto(visit.home + "index.html")
            visit.use("drawer", drawer)


def looked_at(folder: Path, address: str, path: str, uris: list[str], as_files: bool) -> Seen:
    """Look at some pages, then use the site, from the server or as files."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        visit = Visit(browser, address)
        visit.tab.route("**/search_index.js", partial(brief, folder))
        for uri in uris:
            visit.look(uri)
        home = folder.resolve().as_uri() + "/" if as_files else address
        user = Visit(browser, home)
        use(user)
        browser.close()
    return visit.faults + user.faults, visit.formulas


def main(folder: Path, only: list[str]) -> int:
    """Look at a site, or some of its pages; return 1 if something is wrong, 2 without a browser."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        print("The site is built. To have it looked at, install Chromium (Debian: chromium).")
        return 2
    began = perf_counter()
    uris = only or pages(folder)
    with served(folder) as address, ProcessPoolExecutor(2, get_context("spawn")) as pool:
        jobs = [
            pool.submit(looked_at, folder, address, path, uris[half::2], half == 1)
            for half in range(2)
        ]
        seen = [job.result() for job in jobs]
    faults = [fault for found, _ in seen for fault in dict.fromkeys(found)]
    formulas = sum(count for _, count in seen)
    print("\n".join(faults))
    print(
        f"{len(uris)} pages in {len(uris) * len(WIDTHS) * len(SCHEMES)} views, {formulas} formulas,"
        f" {len(faults)} faults, {perf_counter() - began:.0f} s"
    )
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
