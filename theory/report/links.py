# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Places on the page of a report, and links to them.

The name of a place follows from what is there, a kind and a name: ``#claim-fejer``,
``#theorem-sharp_rate``, ``#problem-hinge``, ``#control-wrong_sign``. So a link that was kept leads
there in the next report, too.
"""

from __future__ import annotations

import re
from functools import partial
from html import escape, unescape
from urllib.parse import quote

from theory.worst_case.setting import Setting
from theory.worst_case.store import group_name

FRAGMENT = "!$&'()*+,;=:@/?"
"""What may stand in a fragment of an address as it is, beside letters and digits."""

HEADING = re.compile(r'<h([23]) id="([^"]*)"><a [^>]*>(.*?)</a></h\1>')
LINK = re.compile(r'<a href="#([^"]*)">(.*?)</a>', re.DOTALL)
PLACE = re.compile(r' id="([^"]*)"')


def place(kind: str, name: str) -> str:
    """Return the name of a place, escaped; different names have different places."""
    return escape(f"{kind}-{quote(name, safe=FRAGMENT)}")


def mark(kind: str, name: str) -> str:
    """Return the attribute that makes an element a place, with a space before it."""
    return f' id="{place(kind, name)}"'


def link(kind: str, name: str, text: str = "") -> str:
    """Return a link to a place; ``text`` is HTML, by default the name."""
    return f'<a href="#{place(kind, name)}">{text or escape(name)}</a>'


def heading(level: int, title: str, name: str) -> str:
    """Return a heading that links to itself; ``title`` is HTML."""
    return f'<h{level} id="{name}"><a href="#{name}">{title}</a></h{level}>'


def worst_case(setting: Setting) -> str:
    """Return the name of a stored worst case: of its group, with its numbers."""
    parts = [group_name(setting)]
    parts += [f"alpha={setting.lr:g}"] if setting.lr < float("inf") else []
    parts += [f"error={setting.lower_bound:g}"] if setting.lower_bound else []
    return "-".join([*parts, f"beta={setting.beta:g}", f"K={setting.iterations}"])


def contents(body: str) -> str:
    """Return the list of the headings of a page, with those of the third level below them."""
    found: list[tuple[str, list[str]]] = []
    for level, name, title in HEADING.findall(body):
        item = f'<a href="#{name}">{title}</a>'
        if level == "2":
            found.append((item, []))
        else:
            found[-1][1].append(f"<li>{item}</li>")
    items = (
        f"<li>{item}{'<ul>' + ''.join(below) + '</ul>' if below else ''}</li>"
        for item, below in found
    )
    return f"<ul>{''.join(items)}</ul>"


def settled(page: str) -> str:
    """Return the page with plain words for the links to what it does not have.

    A report of some problems, or without the proofs, has fewer places than one of everything.
    """
    places = set(PLACE.findall(page))
    return LINK.sub(lambda found: found[0] if found[1] in places else found[2], page)


def objection(text: str) -> str:
    """Return a line of `theory.verdict.failures`, escaped; its names are links."""
    text = escape(text)
    for pattern, kind in (
        (r"^(\w+)(?= (?:fails on|is not challenged|was checked|caught no))", "claim"),
        (r"(?<=fails on )(.+?)(?= at )", "runs"),
        (r"(?<=\bcontrol )([\w.]+)", "control"),
        (r"(?<=\bproblem )([^\s:]+)", "problem"),
    ):
        text = re.sub(pattern, partial(_linked, kind), text, count=1)
    return text


def _linked(kind: str, found: re.Match[str]) -> str:
    """Return a link to the place of a name that is escaped already."""
    return link(kind, unescape(found[1]), found[1])
