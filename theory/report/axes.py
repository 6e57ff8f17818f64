# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Axes of a report's figures: logarithmic, with few ticks, and labels that do not overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from theory.problems.base import Array


def label_ends(
    axes: Axes,
    ends: Iterable[tuple[float, float]],
    colours: Mapping[float, str],
    apart: float = 0.075,
) -> None:
    """Write β at the right end of each curve, moved up or down where they would overlap."""
    low, high = np.log(axes.get_ylim())
    placed = sorted(
        (float(np.clip((np.log(value) - low) / (high - low), 0, 1)), beta)
        if value > 0
        else (0.0, beta)
        for value, beta in ends
        if not np.isnan(value)
    )
    heights = spread([height for height, _ in placed], apart)
    for height, (_, beta) in zip(heights, placed, strict=True):
        axes.text(
            1.02,
            height,
            beta_text(beta),
            transform=axes.transAxes,
            color=colours[beta],
            va="center",
            ha="left",
        )


def spread(heights: list[float], apart: float) -> list[float]:
    """Return ascending heights in [0, 1], moved as little as needed to be ``apart``."""
    moved = list(heights)
    for index in range(1, len(moved)):
        moved[index] = max(moved[index], moved[index - 1] + apart)
    if moved and moved[-1] > 1:
        moved[-1] = 1.0
        for index in range(len(moved) - 2, -1, -1):
            moved[index] = min(moved[index], moved[index + 1] - apart)
    return moved


def log_ticks(low: float, high: float, most: int = 6) -> tuple[list[float], list[str]]:
    """Return where the ticks of a logarithmic axis go, and their labels."""
    first, last = int(np.ceil(np.log10(low) - 1e-9)), int(np.floor(np.log10(high) + 1e-9))
    if last - first >= 2:
        every = -(-(last - first + 1) // most)
        powers = range(last - (last - first) // every * every, last + 1, every)
        return [10.0**power for power in powers], [power_text(power) for power in powers]
    spots = [(m, p) for p in range(first - 1, last + 1) for m in (1, 2, 5)]
    inside = [(m, p) for m, p in spots if low <= m * 10.0**p <= high]
    return (
        [m * 10.0**p for m, p in inside],
        [f"{m * 10.0**p:g}" if -3 <= p <= 3 else f"{m}·{power_text(p)}" for m, p in inside],
    )


def power_text(power: int) -> str:
    """Return 10 to a power, in plain characters: quicker to set than mathematics."""
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def beta_text(beta: float) -> str:
    """Return ``β = 0.9``."""
    return f"β = {beta:g}"


def limits(axes: Axes, x: tuple[float, float], y: tuple[float, float]) -> None:
    """Set log axes with these ends."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    for axis, (low, high) in ((axes.xaxis, x), (axes.yaxis, y)):
        positions, labels = log_ticks(low, high)
        axis.set_major_locator(FixedLocator(positions))
        axis.set_major_formatter(FixedFormatter(labels))
        axis.set_minor_locator(NullLocator())


def frame(axes: Axes, iterations: int, values: Sequence[Array], floor: float) -> None:
    """Set log axes around the positive values, and shade what is below the floor."""
    together = np.concatenate([*values, [np.nan]])
    positive = together[np.isfinite(together) & (together > 0)]
    low, high = (positive.min(), positive.max()) if positive.size else (0.1, 1.0)
    bottom = floor / 4 if low <= floor else low / 1.6
    limits(axes, (1, iterations), (bottom, max(high, 3 * bottom) * 1.6))
    if low <= floor:
        axes.axhspan(bottom, floor, color="#d9d9d9", linewidth=0)
        where = axes.get_yaxis_transform()
        axes.text(0.03, floor / 2, "undetermined", transform=where, va="center", fontsize=7)
