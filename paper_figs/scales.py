# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Vertical axes: linear, logarithmic, or logarithmic in what is missing to 100 %.

The last is for percentages that come close to 100, where 97 and 98 are far from each other.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator, NullLocator
from numpy.typing import NDArray

from paper_figs import style

Kind = Literal["linear", "log", "missing"]

WIDE = 3.0
"""From this ratio of the largest to the least loss on, an axis is logarithmic."""

NEARLY_ALL = 70.0
"""Percentages that reach this are drawn by what is missing to 100."""

APPARENT = 3.0
"""And if the least value misses so many times as much as the largest; else linear is enough."""

LEAST_MISSING = 1e-3
ROOM = 0.06
"""Free space at both ends, as a share of the height of all values."""

PERCENTAGES = (0, 50, 70, 80, 90, 95, 97, 98, 99, 99.5, 99.8, 99.9)
APART = 0.09
"""The least distance between ticks, as a share of the axis."""


def forward(kind: Kind, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where values are on an axis: themselves, log10, or -log10(100 - value)."""
    if kind == "log":
        return np.log10(np.maximum(values, 1e-300))
    if kind == "missing":
        return -np.log10(np.maximum(100 - values, LEAST_MISSING))
    return values


def backward(kind: Kind, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values at places on an axis."""
    if kind == "log":
        return np.asarray(10.0**places)
    return 100 - 10.0 ** (-places) if kind == "missing" else places


def kind_for(low: float, high: float, name: str = "") -> Kind:
    """Return the kind of axis for values from ``low`` to ``high``.

    Parameters
    ----------
    name
        Of a score of which more is better; empty: of a loss.
    """
    if name.endswith("%") and NEARLY_ALL <= high <= 100 and 100 - low >= APPARENT * (100 - high):
        return "missing"
    return "log" if not name and low > 0 and high > WIDE * low else "linear"


def scale(
    axes: Axes, low: float, high: float, kind: Kind, below: float = 0.0, above: float = 0.0
) -> None:
    """Set the vertical scale of a panel, its limits and ticks.

    Parameters
    ----------
    low, high
        The least and the largest value.
    below, above
        Shares of the height that stay free, beyond the usual room.
    """
    ends = forward(kind, np.array([low, high]))
    size = float(ends[1] - ends[0])
    room = ROOM * size or 0.05 * (abs(float(ends[0])) or 1.0)
    free = (size + 2 * room) / (1 - below - above)
    limits = ends + np.array([-room - free * below, room + free * above])
    if kind == "missing":
        axes.set_yscale(
            "function",
            functions=(lambda v: forward("missing", v), lambda p: backward("missing", p)),
        )
    else:
        axes.set_yscale(kind)
    axes.set_ylim(*backward(kind, limits))
    ticks(axes, kind)


def symmetric(
    axes: Axes, low: float, high: float, small: float, which: Literal["x", "y"] = "y"
) -> None:
    """Make an axis logarithmic on both sides of 0, and linear below ``small``.

    Parameters
    ----------
    low, high
        The least and the largest value; 0 is in sight as well.
    which
        The vertical axis, or the horizontal one.
    """
    axis = axes.xaxis if which == "x" else axes.yaxis
    set_scale, set_limits = (
        (axes.set_xscale, axes.set_xlim) if which == "x" else (axes.set_yscale, axes.set_ylim)
    )
    set_scale("symlog", linthresh=small)
    transform = axis.get_transform()
    ends = transform.transform(np.array([min(low, -small), max(high, small)]))
    room = ROOM * float(ends[1] - ends[0])
    limits = transform.inverted().transform(ends + np.array([-room, room]))
    first, last = (float(limit) for limit in limits)
    set_limits(first, last)
    powers = [small * 10.0**power for power in range(12)]
    every = 1 + sum((power <= -first) + (power <= last) for power in powers) // 7
    largest = max(power for power in powers if power <= max(-first, last))
    # The outermost is among them, and then every second, say, towards 0; alike on both sides.
    sizes = [power for power in powers if power <= largest][::-every]
    shown = [*(-p for p in sizes if p <= -first), 0.0, *(p for p in sizes[::-1] if p <= last)]
    axis.set_major_locator(FixedLocator(shown))
    axis.set_major_formatter(FixedFormatter([signed(tick) for tick in shown]))
    axis.set_minor_locator(NullLocator())


def signed(value: float) -> str:
    """Return a number with its sign, a true minus sign."""
    return f"{value:+g}".replace("-", "−") if value else "0"


def ticks(axes: Axes, kind: Kind) -> None:
    """Put ticks where they belong within the limits of a panel."""
    if kind == "log":
        style.log_axis(axes.yaxis, 5)
        return
    if kind == "linear":
        axes.yaxis.set_major_locator(MaxNLocator(4))
        style.plain_numbers(axes.yaxis)
        return
    bottom, top = (float(place) for place in forward(kind, np.array(axes.get_ylim())))
    shown: list[float] = []
    last = -math.inf
    for value in reversed(PERCENTAGES):
        place = float(forward(kind, np.array(float(value))))
        if bottom <= place <= top and abs(last - place) >= APART * (top - bottom):
            shown.append(float(value))
            last = place
    axes.yaxis.set_major_locator(FixedLocator(shown))
    axes.yaxis.set_major_formatter(FixedFormatter([f"{value:g}" for value in shown]))
    axes.yaxis.set_minor_locator(NullLocator())
