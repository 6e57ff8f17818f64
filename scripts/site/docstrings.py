# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Docstrings as Markdown: names in backticks become links, and symbols stay as they are written."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import griffe

from scripts.site.declared import parameters

SPAN = re.compile(r"(``.+?``|`[^`\n]+`)", re.DOTALL)
EMPHASIS = re.compile(r"(?<![\w\\*^_])\*(?=[^\s*])[^*]*?[^\s*_^]\*(?![\w*])", re.DOTALL)
"""A phrase between asterisks; not the asterisks of f_* and x^*."""
NAME = re.compile(r"[A-Za-z_][\w.]*")


def escaped(text: str) -> str:
    """Return text outside of code, such that Markdown changes none of its symbols."""
    done, at = [], 0
    for phrase in EMPHASIS.finditer(text):
        done += [_plain(text[at : phrase.start()]), f"*{_plain(phrase[0][1:-1])}*"]
        at = phrase.end()
    return "".join([*done, _plain(text[at:])])


def _plain(text: str) -> str:
    marked = re.sub(r"(?m)(?<=\S)([*_])|([*_])(?=\S)", r"\\\1\2", text)
    return re.sub(r"([\[\]$])", r"\\\1", marked.replace("<", "&lt;"))


def linked(name: str, obj: griffe.Object) -> str:
    """Return a name as code that leads to what it names, if that has a place in the reference."""
    target = name
    if "." not in name or name.partition(".")[0] not in ("momo", "theory", "experiments"):
        try:
            target = obj.resolve(name)
        except griffe.NameResolutionError:
            return f"`{name}`"
    with suppress(KeyError, griffe.GriffeError):
        target = obj.modules_collection[target].canonical_path
    return f'<autoref identifier="{target}" optional><code>{name}</code></autoref>'


def markdown(text: str, obj: griffe.Object) -> str:
    """Return a docstring in Markdown.

    Blocks of code that are indented stay; the two colons that announce one become one.
    """
    blocks = re.split(r"(\n\n(?: {4,}.*\n?|\n(?= {4}))+)", text)
    for i in range(0, len(blocks), 2):
        spans = SPAN.split(re.sub(r"::(?=\s*\Z)", ":", blocks[i]))
        for j, span in enumerate(spans):
            if j % 2 == 0:
                spans[j] = escaped(span)
            elif NAME.fullmatch(span.strip("`")) and not span.startswith("``"):
                spans[j] = linked(span.strip("`"), obj)
        blocks[i] = "".join(spans)
    return "".join(blocks)


class SymbolsInDocstrings(griffe.Extension):
    """Turns docstrings into Markdown, section by section, after they have been parsed."""

    def on_package(self, *, pkg: griffe.Module, **kwargs: Any) -> None:
        """Turn the docstrings of a package."""
        self._turn(pkg)

    def _turn(self, obj: griffe.Object) -> None:
        if obj.docstring is not None:
            sections = obj.docstring.parsed
            declared = parameters(obj) if isinstance(obj, griffe.Class) else None
            if declared and not any(section.kind is declared.kind for section in sections):
                sections.append(declared)
            for section in sections:
                self._section(section, obj)
        for member in obj.members.values():
            if not isinstance(member, griffe.Alias):
                self._turn(member)

    def _section(self, section: griffe.DocstringSection, obj: griffe.Object) -> None:
        value = section.value
        if isinstance(value, str):
            section.value = markdown(value, obj)
        elif isinstance(value, list):
            for item in value:
                if hasattr(item, "description"):
                    item.description = markdown(item.description, obj)
