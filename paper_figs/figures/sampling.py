# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Samplers of a small score network: distance and spread against evaluations, and samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from experiments.records import Records
from experiments.sampling.record import SamplingRecord, found
from experiments.summary.significance import paired
from paper_figs import style
from paper_figs.results import counted
from paper_figs.style import Look

LOOKS = {
    "langevin": Look(style.BLACK, "o", style.SOLID),
    "fixed_published": Look(style.SKY, "^", style.SOLID),
    "fixed_exact": Look(style.SKY, "^", style.DASHED, hollow=True),
    "adaptive_published": Look(style.VERMILLION, "s", style.SOLID),
    "adaptive_exact": Look(style.VERMILLION, "s", style.DASHED, hollow=True),
    "corrected_langevin": Look(style.GREY, "D", style.SOLID),
    "corrected_published": Look(style.GREEN, "v", style.SOLID),
    "corrected_exact": Look(style.GREEN, "v", style.DASHED, hollow=True),
}
"""Dashed and hollow: at the exact temperature."""


def draw(records: Records) -> Figure:
    """Return two panels of numbers, and rows of samples below; no records of runs are needed."""
    record = found()
    figure = style.new(style.TWO_COLUMNS, 5.9)
    (left, right), lower = figure.subplots(2, 2, height_ratios=(1, 1.45))
    counts = record.config["evaluations"]
    _panel(left, record, "distance")
    floor = [row["distance"] for row in record.floor]
    left.axhspan(min(floor), max(floor), color="#d9d9d9", linewidth=0, zorder=0)
    left.set_yscale("log")
    left.set_ylabel("sliced Wasserstein distance")
    left.set_title("distance; grey: of test images from others")
    _panel(right, record, "spread")
    right.axhline(1, color=style.GREY, linestyle=style.DOTTED, linewidth=0.9)
    right.set_yscale("log")
    right.set_ylabel("total variance, images = 1")
    right.set_title("spread; below 1: too cold")
    for axes in (left, right):
        axes.set_xscale("log", base=2)
        axes.set_xticks(counts, [f"{n}" for n in counts])
        axes.minorticks_off()
        axes.set_xlabel("evaluations of the network")
    _samples(lower, record)
    titles = {row["sampler"]: row["title"] for row in record.scores}
    handles = [
        Line2D([], [], label=titles[name], **look.arguments)
        for name, look in LOOKS.items()
        if name in titles
    ]
    numbers = [len(record.picked(name, n)) for name in LOOKS for n in record.config["evaluations"]]
    title = f"mean over {counted(n for n in numbers if n)}; bars: 95 % intervals"
    style.legend(figure, handles, 4, title=title)
    return figure


def _panel(axes: Axes, record: SamplingRecord, column: str) -> None:
    """Draw the means over seeds of a column, with Student's 95 % intervals."""
    counts = record.config["evaluations"]
    for index, (name, look) in enumerate(LOOKS.items()):
        points = []
        for n in counts:
            values = [row[column] for row in record.picked(name, n)]
            if values and None not in values:
                mean = paired(values, [0.0] * len(values))
                points.append((n * 1.02 ** (index - 3.5), mean.difference, mean.low, mean.high))
        if points:
            where, middle, low, high = np.array(points).T
            low = np.maximum(low, 0.5 * middle)  # the axis is logarithmic
            axes.plot(where, middle, **look.arguments)
            axes.vlines(where, low, high, color=look.colour, linewidth=0.8)


def _samples(panels: Sequence[Axes], record: SamplingRecord) -> None:
    """Draw samples at the fewest evaluations, and at the most that all samplers have."""
    titles = {row["sampler"]: row["title"] for row in record.scores}
    names = [name for name in LOOKS if name in titles]
    common = [
        n
        for n in record.config["evaluations"]
        if all(f"{name}/{n}" in record.samples for name in names)
    ]
    side = record.config["size"] + 1
    for axes, n in zip(panels, (common[0], common[-1]), strict=True):
        rows = [record.images("real"), *(record.images(f"{name}/{n}") for name in names)]
        axes.imshow(_sheet(rows), cmap="gray", vmin=0, vmax=255)
        labels = ["test images", *(titles[name] for name in names)]
        places = [side * (i + 0.5) for i in range(len(rows))]
        axes.set_yticks(places, labels if axes is panels[0] else [""] * len(rows))
        axes.set_xticks([])
        axes.tick_params(length=0)
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        axes.set_title(f"samples with {n} evaluations")


def _sheet(rows: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Return rows of images as one, with a white pixel between."""
    edge = ((0, 1), (0, 1))
    padded = [[np.pad(image, edge, constant_values=255) for image in row] for row in rows]
    return np.concatenate([np.concatenate(row, axis=1) for row in padded], axis=0)
