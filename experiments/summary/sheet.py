# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""A table of text, shown in a terminal or written as markdown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.table import Table


NARROW = 14
"""Columns of text are not made narrower than so many characters."""


@dataclass(frozen=True)
class Sheet:
    """A table.

    Attributes
    ----------
    title, note
        Above and below it.
    headers, rows
        Its cells.
    left
        How many columns, from the first on, hold text; the others hold numbers.
    """

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: int = 1
    note: str = ""

    def table(self) -> Table:
        """Return it for a terminal."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(
            title=Text(self.title, style="bold"),
            title_justify="left",
            title_style="",
            caption=Text(self.note) if self.note else None,
            caption_justify="left",
            caption_style="dim",
            box=box.SIMPLE_HEAD,
            padding=(0, 1),
            pad_edge=False,
        )
        for index, header in enumerate(self.headers):
            numeric = index >= self.left
            justify: Literal["left", "right"] = "right" if numeric else "left"
            least = None if numeric else min(NARROW, max(len(row[index]) for row in self.rows))
            table.add_column(
                Text(header), justify=justify, no_wrap=numeric, overflow="fold", min_width=least
            )
        for row in self.rows:
            table.add_row(*(Text(cell) for cell in row))
        return table

    def markdown(self, level: int = 2) -> str:
        """Return it as markdown, with its title as a heading of a level."""
        rules = ["---" if index < self.left else "---:" for index in range(len(self.headers))]
        lines = [f"{'#' * level} {self.title}", "", _line(self.headers), _line(rules)]
        lines += [_line(row) for row in self.rows]
        return "\n".join([*lines, "", self.note, ""] if self.note else [*lines, ""])


def _line(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def rate(lr: float) -> str:
    """Return a learning rate, short: 1e-3, 3.16e-2, 1e0."""
    mantissa, exponent = f"{lr:.2e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}"


def number(value: float | None, point: float = 1.0) -> str:
    """Return a score with digits to a hundredth of its point, or one that is not 0; – for none."""
    if value is None or math.isnan(value):
        return "–"
    digits = max(0, 2 - math.floor(math.log10(point)))
    small = 0 < abs(value) < 0.5 * 10.0**-digits
    return f"{value:.0e}" if small else f"{value:.{digits}f}"


def spread(value: float | None, sd: float | None, point: float = 1.0) -> str:
    """Return mean ± sd, the latter if there is one."""
    return number(value, point) + ("" if sd is None else f" ± {number(sd, point)}")


def signed(value: float | None, half: float | None = None, point: float = 1.0) -> str:
    """Return a difference with its sign, ± half of its interval if there is one; – for none."""
    if value is None or math.isnan(value):
        return "–"
    half = None if half is None or math.isnan(half) else half
    return ("+" if value > 0 else "") + spread(value, half, point)


def decades(value: float | None, low: float | None, high: float | None, plus: bool = False) -> str:
    """Return a width with its interval, with signs if it is a difference; – for none."""
    if value is None or math.isnan(value):
        return "–"
    form = "{:+.1f}" if plus else "{:.1f}"
    # A tenth is what is shown: what rounds to it from below is no -0.0.
    text = [form.format(round(v, 1) + 0.0) for v in (value, low or 0.0, high or 0.0)]
    no_interval = low is None or high is None or math.isnan(low)
    return text[0] if no_interval else f"{text[0]} ({text[1]}, {text[2]})"


def probability(p: float | None) -> str:
    """Return a p-value, short."""
    return "–" if p is None or math.isnan(p) else f"{p:.2g}"
