# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Follows every link of the built site: to a page, to an anchor, never out of it by itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote, urlsplit

LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src"}
"""What a browser loads by itself."""


class Links(HTMLParser):
    """Collects the anchors of a page, and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.followed: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag in."""
        known = dict(attrs)
        self.anchors |= {value for key in ("id", "name") if (value := known.get(key))}
        if tag == "a" and known.get("href"):
            self.followed.append(str(known["href"]))
        if tag in LOADED and known.get(LOADED[tag]):
            self.loaded.append(str(known[LOADED[tag]]))


def read(folder: Path) -> dict[str, Links]:
    """Return what each page of a site has, by its path."""
    found = {}
    for path in sorted(folder.rglob("*.html")):
        page = Links()
        page.feed(path.read_text(encoding="utf-8"))
        found[path.relative_to(folder).as_posix()] = page
    return found


def broken(pages: dict[str, Links], folder: Path) -> Iterator[str]:
    """Yield a line for each link that leads nowhere, and for all that is loaded from elsewhere."""
    for uri, page in pages.items():
        for link in page.loaded:
            if urlsplit(link).scheme not in ("", "data") or link.startswith("//"):
                yield f"{uri}: loads {link}"
        for link in (*page.followed, *page.loaded):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or uri == "404.html":
                continue
            there = normpath(f"{uri}/../{unquote(parts.path)}") if parts.path else uri
            if there == "." or (folder / there).is_dir():
                there = normpath(f"{there}/index.html")
            anchor = unquote(parts.fragment)
            if not (folder / there).is_file():
                yield f"{uri}: {link}"
            elif anchor and there in pages and anchor not in pages[there].anchors:
                yield f"{uri}: {link} (no such anchor)"


def main(folder: Path) -> int:
    """Check a site; return 1 if a link is broken."""
    pages = read(folder)
    lost = list(broken(pages, folder))
    links = sum(len(page.followed) + len(page.loaded) for page in pages.values())
    print("\n".join(lost[:100]))
    print(f"{len(pages)} pages, {links} links, {len(lost)} broken")
    return bool(lost)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
