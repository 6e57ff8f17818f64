# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""How all figures look: sizes, fonts, colours, axes and legends.

Widths are those of a two-column paper, where figures are set without scaling: no text is smaller
than 7 pt. Colours are Okabe and Ito's, and five of Tol's, told apart by the colour-blind; markers
and line styles tell methods apart without colour.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter, NullLocator

ONE_COLUMN, TWO_COLUMNS = 3.35, 6.9
"""Widths in inches."""

STYLE: Any = {
    "font.size": 7,
    "axes.titlesize": 7,
    "axes.labelsize": 7,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "figure.titlesize": 7,
    "axes.titlelocation": "left",
    "axes.titlepad": 3,
    "axes.labelpad": 2,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#666666",
    "axes.linewidth": 0.6,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.4,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "xtick.labelcolor": "black",
    "ytick.labelcolor": "black",
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.major.pad": 2,
    "ytick.major.pad": 2,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.2,
    "lines.markeredgewidth": 0.6,
    "legend.frameon": False,
    "legend.handlelength": 2.2,
    "legend.columnspacing": 1.4,
    "legend.handletextpad": 0.5,
    "mathtext.fontset": "dejavusans",
    "figure.constrained_layout.h_pad": 0.03,
    "figure.constrained_layout.w_pad": 0.03,
    "pdf.fonttype": 42,
    "savefig.dpi": 200,
    "svg.hashsalt": "paper_figs",
}

BLUE, SKY, VERMILLION, ORANGE = "#0072B2", "#56B4E9", "#D55E00", "#E69F00"
GREEN, PURPLE, BLACK, GREY = "#009E73", "#CC79A7", "#000000", "#7a7a7a"
INDIGO, OLIVE, WINE, TEAL, ROSE = "#332288", "#999933", "#882255", "#44AA99", "#CC6677"

SOLID, DASHED, DOTTED = "solid", (0, (3.2, 1.6)), (0, (1, 1.2))
DASH_DOTTED = (0, (4, 1.4, 1, 1.4))


@dataclass(frozen=True)
class Look:
    """Colour, marker and line style of a method; a hollow marker is white inside."""

    colour: str
    marker: str
    line: Any
    hollow: bool = False

    @property
    def arguments(self) -> dict[str, Any]:
        """Return what `matplotlib.lines.Line2D` calls them."""
        return {
            "color": self.colour,
            "marker": self.marker,
            "linestyle": self.line,
            "markerfacecolor": self.face,
        }

    @property
    def face(self) -> str:
        """Return the colour inside its marker."""
        return "white" if self.hollow else self.colour


LOOKS: dict[str, Look] = {
    "momo": Look(BLUE, "o", SOLID),
    "momo_star": Look(BLUE, "*", DASH_DOTTED),
    "momo_bias_corrected": Look(BLUE, "P", DOTTED),
    "prox_sps": Look(BLACK, "X", DOTTED),
    "momo_adam": Look(VERMILLION, "s", SOLID),
    "momo_adam_star": Look(VERMILLION, "*", DASH_DOTTED),
    "momo_adam_undivided": Look(VERMILLION, "P", DOTTED),
    "sgd_m": Look(SKY, "^", DASHED),
    "adam": Look(ORANGE, "D", DASHED),
    "adam_w": Look(GREEN, "d", DASH_DOTTED),
    "adabelief": Look(OLIVE, "<", SOLID),
    "adabound": Look(OLIVE, ">", DASHED),
    "lion": Look(PURPLE, "p", SOLID),
    "prodigy": Look(PURPLE, "h", DASHED),
    "schedule_free_sgd": Look(BLACK, "v", SOLID),
    "schedule_free_adam_w": Look(BLACK, "8", DASHED),
}
"""A method's look is the same in all figures; variants of a method share its hue, and what a
momentum model is built upon has the lighter one, dashed."""

OTHER = Look(GREY, "o", DASH_DOTTED)
"""Of what has no look of its own: a method that is not in `LOOKS` and was not chosen."""

SPARE = tuple(
    Look(colour, marker, line, hollow)
    for hollow in (False, True)
    for line, markers in ((SOLID, "v<X>"), (DASHED, "hP8p"), (DOTTED, "DHsd"))
    for colour, marker in zip((INDIGO, WINE, TEAL, ROSE), markers, strict=True)
)
"""Of methods that are not in `LOOKS`, in this order; no two are alike, and none is one of those."""


def look(method: str) -> Look:
    """Return how a method of `LOOKS` is drawn."""
    return LOOKS.get(method, OTHER)


def looks(methods: Iterable[str]) -> dict[str, Look]:
    """Return how methods are drawn together, in the order given.

    Those that are not in `LOOKS` get the looks of `SPARE` in this order, from the first again if
    there are more.
    """
    methods = list(dict.fromkeys(methods))
    own = [method for method in methods if method not in LOOKS]
    given = dict(zip(own, itertools.cycle(SPARE), strict=False))
    return {method: LOOKS.get(method) or given[method] for method in methods}


def in_order(methods: Iterable[str]) -> list[str]:
    """Return methods without repetition, in the order of `LOOKS`, others behind by name."""
    known = list(LOOKS)
    return sorted(set(methods), key=lambda m: (known.index(m) if m in known else len(known), m))


def new(width: float, height: float) -> Figure:
    """Return an empty figure, sizes in inches, that makes room for labels and legends itself."""
    return Figure(figsize=(width, height), layout="constrained")


def legend(figure: Figure, handles: Sequence[Any], columns: int, **keywords: Any) -> None:
    """Put a legend above all panels."""
    labels = [h[0].get_label() if isinstance(h, tuple) else h.get_label() for h in handles]
    figure.legend(
        handles=handles,
        labels=labels,
        loc="outside upper center",
        ncols=min(columns, len(handles)),
        borderaxespad=0.2,
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0.3), Over: HandlerTuple(1)},
        **keywords,
    )


class Over(tuple[Line2D, ...]):
    """Entries of a legend that are drawn one over the other."""


def handles(looks: Mapping[str, Look], names: Mapping[str, str]) -> list[Line2D]:
    """Return the legend's entries of the methods that have a name, in the order of their looks."""
    return [
        Line2D([], [], label=names[method], **look.arguments)
        for method, look in looks.items()
        if method in names
    ]


def log_axis(axis: Axis, most: int = 6) -> None:
    """Make an axis logarithmic, with at most ``most`` ticks, at decades where there are two.

    Call it when all is drawn and limits are set: the ticks belong to the limits of that moment.
    """
    axes = axis.axes
    horizontal = axis is axes.xaxis
    low, high = axes.get_xlim() if horizontal else axes.get_ylim()
    positions = decades(low, high, most)
    labels = [power_text(position) for position in positions]
    if len(positions) < 2 or high < 100 * low:
        positions = between_decades(low, high)
        labels = [f"{position:.3g}" for position in positions]
    axis.set_major_locator(FixedLocator(positions))
    axis.set_major_formatter(FixedFormatter(labels))
    axis.set_minor_locator(NullLocator())


def decades(low: float, high: float, most: int = 6) -> list[float]:
    """Return powers of ten in ``[low, high]``, at most ``most`` of them, equally far apart."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    every = max(1, -(-(last - first + 1) // most))
    # 10^0 is among them where it is in reach, so that panels side by side agree.
    offset = -first % every
    return [10.0**power for power in range(first + offset, last + 1, every)]


def between_decades(low: float, high: float) -> list[float]:
    """Return 1, 2 and 5 times powers of ten in ``[low, high]``; closer numbers if these are few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for digits in ((1, 2, 5), range(1, 10), [d / 10 for d in range(10, 100)]):
        found = [m * 10.0**p for p in powers for m in digits if low <= m * 10.0**p <= high]
        if len(found) >= 2:
            return found if len(found) <= 6 else found[:: -(-len(found) // 5)]
    return [low, high]


def power_text(value: float) -> str:
    """Return ``10⁻³``; other numbers than powers of ten as they are, if they are short."""
    if value == 0:
        return "0"
    power = math.log10(abs(value))
    if abs(power - round(power)) < 1e-9:
        return f"$10^{{{round(power)}}}$" if value > 0 else f"$-10^{{{round(power)}}}$"
    if 1e-3 <= abs(value) < 1e4:
        return f"{value:g}"
    mantissa, _, exponent = f"{value:.0e}".partition("e")
    return rf"${mantissa}\cdot 10^{{{int(exponent)}}}$"


def plain_numbers(axis: Axis) -> None:
    """Write the numbers of a linear axis with a true minus sign, and no offset."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", "−")))


def letter(axes: Axes, text: str) -> None:
    """Write a remark into the upper left corner of a panel."""
    axes.text(0.03, 0.96, text, transform=axes.transAxes, ha="left", va="top")
