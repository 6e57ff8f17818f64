"""Figures of a report, made of its curves; nothing is run again.

Figures are `matplotlib.figure.Figure` objects with no global state. Values that float64 or the
certificate do not determine are drawn at the edge of a grey region, never below it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import LogLocator, NullFormatter

from theory.problems.base import Array
from theory.report import summary
from theory.report.attained import attained_fits
from theory.report.files import write
from theory.verify import RIGHT, CaseReport, CurveSummary, Report

STYLE: Any = {
    "font.size": 8.5,
    "axes.titlesize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#666666",
    "axes.linewidth": 0.7,
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "lines.linewidth": 1.5,
    "legend.frameon": False,
    "mathtext.fontset": "dejavusans",
    "svg.fonttype": "path",
    "svg.hashsalt": "momentum-models",
    "pdf.fonttype": 42,
}

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe and Ito's, without yellow, which is illegible on white, and black."""

GREY = "#8a8a8a"
DECADES = 6
"""How far below 1 the overview looks."""


def figures(report: Report) -> dict[str, Figure]:
    """Return every figure that the report has data for, by name: overview, problems, the rest."""
    with mpl.rc_context(STYLE):
        made: dict[str, Figure] = {}
        cases = {
            name: case
            for name, case in summary.problem_cases(report).items()
            if case is not None and uncapped(case)
        }
        colours = palette(report)
        if cases:
            made["overview"] = overview(cases, colours)
        for name, case in cases.items():
            made[problem_name(name)] = problem(name, case, colours)
        if attained_fits(report.cases):
            made["attained"] = attained(report.cases, colours)
        if report.controls:
            made["controls"] = controls(report)
        return made


def problem_name(problem: str) -> str:
    """Return the name of a problem's figure: usable as a file's."""
    return "problem_" + re.sub(r"[^\w.-]", "_", problem)


def save(
    made: Mapping[str, Figure], folder: Path, formats: Iterable[str] = ("png", "pdf")
) -> list[Path]:
    """Write every figure in every format (png, pdf, svg); returns the paths."""
    paths = []
    for name, figure in made.items():
        for kind in formats:
            path = folder / f"{name}.{kind}"
            write(path, rendered(figure, kind))
            paths.append(path)
    return paths


def rendered(figure: Figure, kind: str, dpi: float = 150) -> bytes:
    """Return a figure's file; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    date = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with mpl.rc_context(STYLE):
        figure.savefig(buffer, format=kind, dpi=dpi, metadata=date.get(kind))
    return buffer.getvalue()


def palette(report: Report) -> dict[float, str]:
    """Return the colour of each β, the same in all figures."""
    betas = sorted({curve.setting.beta for case in report.cases for curve in case.curves})
    return {beta: COLOURS[index % len(COLOURS)] for index, beta in enumerate(betas)}


def uncapped(case: CaseReport) -> list[CurveSummary]:
    """Return the curves of the theorem's method, α = inf."""
    return [curve for curve in case.curves if np.isinf(curve.setting.lr)]


def overview(cases: Mapping[str, CaseReport], colours: Mapping[float, str]) -> Figure:
    """Return one panel a problem: the mean suboptimality over the paper's bound."""
    columns = min(4, len(cases))
    rows = -(-len(cases) // columns)
    figure = Figure(figsize=(2.6 * columns + 0.6, 1.75 * rows + 0.9))
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    top = 0.5 / figure.get_figheight()
    figure.subplots_adjust(
        left=0.65 / figure.get_figwidth(),
        right=0.985,
        top=1 - top - 0.2 / figure.get_figheight(),
        bottom=0.5 / figure.get_figheight(),
        hspace=0.3,
        wspace=0.1,
    )
    lowest = 1.0
    for axes, (name, case) in zip(grid.flat, cases.items(), strict=False):
        floor = undetermined(case)
        for curve in uncapped(case):
            ratio = np.maximum(curve.mean, floor) / curve.bound
            lowest = min(lowest, float(ratio.min()))
            axes.plot(curve.steps, ratio, color=colours[curve.setting.beta])
        axes.axhline(1, color="black", linewidth=0.8, linestyle=(0, (4, 3)))
        axes.set_title(name, pad=3)
    longest = max(case.iterations for case in cases.values())
    for axes in grid.flat:
        if not axes.lines:
            axes.set_visible(False)
        _log(axes, "xy")
        axes.set_xlim(1, longest)
        axes.set_ylim(max(lowest / 2, 10.0**-DECADES), 3)
    for column in range(columns):
        last = [axes for axes in grid[:, column] if axes.lines][-1]
        last.set_xlabel("$k$")
        last.tick_params(labelbottom=True)
    for axes in grid[:, 0]:
        axes.set_ylabel(r"mean$\,/\,$bound")
    betas = sorted({curve.setting.beta for case in cases.values() for curve in uncapped(case)})
    handles = [Line2D([], [], color=colours[beta], label=rf"$\beta={beta:g}$") for beta in betas]
    figure.legend(
        handles=handles,
        title=r"mean of $f(x^k)-f^*$ over the paper's bound $GD\,/\,((1-\beta)\sqrt{k})$",
        loc="upper center",
        ncols=len(handles),
        borderaxespad=0.2,
    )
    return figure


def problem(name: str, case: CaseReport, colours: Mapping[float, str]) -> Figure:
    """Return suboptimality with the bound, distance to the solution, and effective step."""
    figure = Figure(figsize=(11, 3.3))
    left, middle, right = figure.subplots(1, 3)
    figure.subplots_adjust(left=0.06, right=0.95, top=0.77, bottom=0.14, wspace=0.36)
    runs = "one run" if case.seeds == 1 else f"{case.seeds} runs"
    figure.suptitle(
        f"{name}:  $N={case.samples}$,  $n={case.dim}$,  $K={case.iterations}$,  {runs}",
        x=0.06,
        y=0.985,
        ha="left",
        fontsize=10.5,
        fontweight="bold",
    )
    curves = uncapped(case)
    floor, blur = undetermined(case), solution_blur(case)
    for curve in curves:
        colour = colours[curve.setting.beta]
        low, high = (np.maximum(edge, floor) for edge in (curve.low, curve.high))
        left.fill_between(curve.steps, low, high, color=colour, alpha=0.18, linewidth=0)
        left.plot(curve.steps, np.maximum(curve.mean, floor), color=colour)
        left.plot(curve.steps, curve.bound, color=colour, linewidth=1, linestyle=(0, (4, 3)))
        middle.plot(curve.steps, np.maximum(curve.distance, blur), color=colour)
    for curve in case.curves:
        colour, capped = colours[curve.setting.beta], np.isfinite(curve.setting.lr)
        moving = np.where(curve.step_size > 0, curve.step_size, np.nan)
        right.plot(
            curve.steps,
            moving,
            color=colour,
            linewidth=1 if capped else 1.5,
            linestyle=(0, (1, 1.5)) if capped else "-",
        )
    left.set_title(r"suboptimality $f(x^k)-f^*$", loc="left")
    middle.set_title(r"distance $\|x^k-x^*\|$, mean", loc="left")
    right.set_title(r"effective step $\|x^{k+1}-x^k\|\,/\,\|d_k\|$, median", loc="left")
    _frame(left, [np.maximum(c.mean, floor) for c in curves] + [c.bound for c in curves], floor)
    _frame(middle, [np.maximum(c.distance, blur) for c in curves], blur)
    _frame(right, [c.step_size for c in case.curves], 0.0)
    for axes, ends in (
        (left, [np.maximum(c.mean, floor) for c in curves]),
        (middle, [np.maximum(c.distance, blur) for c in curves]),
        (right, [c.step_size for c in curves]),
    ):
        axes.set_xlabel("$k$")
        axes.set_ylabel({left: "suboptimality", middle: "distance", right: "step"}[axes])
        axes.set_xlim(1, case.iterations)
        betas = [curve.setting.beta for curve in curves]
        label_ends(
            axes, [(float(end[-1]), beta) for end, beta in zip(ends, betas, strict=True)], colours
        )
    stopped = any((curve.step_size <= 0).any() for curve in case.curves)
    if stopped:
        note = "no point where the median is 0"
        right.text(0.02, 0.03, note, transform=right.transAxes, color=GREY, fontsize=7)
    band = [] if case.seeds == 1 else [Patch(color=GREY, alpha=0.35, label="10–90 % of runs")]
    caps = sorted({curve.setting.lr for curve in case.curves if np.isfinite(curve.setting.lr)})
    dots = [
        Line2D(
            [],
            [],
            color=GREY,
            linewidth=1,
            linestyle=(0, (1, 1.5)),
            label=rf"capped, $\alpha={cap:.3g}$",
        )
        for cap in caps
    ]
    figure.legend(
        handles=[
            Line2D([], [], color=GREY, label="mean" if band else "value"),
            *band,
            Line2D(
                [],
                [],
                color=GREY,
                linewidth=1,
                linestyle=(0, (4, 3)),
                label=r"bound $GD\,/\,((1-\beta)\sqrt{k})$",
            ),
            *dots,
        ],
        loc="upper right",
        bbox_to_anchor=(0.985, 1.0),
        ncols=5,
        columnspacing=1.5,
    )
    return figure


def attained(cases: Iterable[CaseReport], colours: Mapping[float, str]) -> Figure:
    """Return the value that the resisting functions leave against K, with the bound and slope."""
    fits = attained_fits(tuple(cases))
    figure = Figure(figsize=(5.6, 3.6))
    axes = figure.subplots()
    figure.subplots_adjust(left=0.12, right=0.97, top=0.9, bottom=0.14)
    longest = max(fits, key=lambda fit: len(fit.steps))
    axes.plot(
        longest.steps,
        longest.bounds,
        color="black",
        linewidth=1,
        linestyle=(0, (4, 3)),
        label=r"bound $GD/\sqrt{K}$",
    )
    for size, fit in zip(range(11, 0, -3), fits, strict=False):
        label = rf"$\beta={fit.beta:g}$"
        if np.isfinite(fit.slope):
            label += f", slope ${fit.slope:.4f}$"
        axes.plot(
            fit.steps,
            fit.values,
            color=colours[fit.beta],
            marker="o",
            markersize=size,
            linewidth=0.8,
            label=label,
        )
    _log(axes, "xy")
    axes.margins(0.08)
    axes.set_xlabel("$K$, one function for each")
    axes.set_ylabel(r"$\min_{k\leq K}\ f(x^k)-f^*$")
    axes.set_title("resisting functions: no method of this kind does better", loc="left")
    axes.legend(loc="lower left")
    return figure


def controls(report: Report) -> Figure:
    """Return which check caught which control, and on how many problems."""
    claims = list(report.plan.claims)
    claims += [c for control in report.controls for c in control.caught_by if c not in claims]
    claims = list(dict.fromkeys(claims))
    width, height = 0.42 * len(claims) + 2.2, 0.3 * len(report.controls) + 2.0
    figure = Figure(figsize=(width, height))
    axes = figure.subplots()
    figure.subplots_adjust(
        left=1.75 / width, right=1 - 0.35 / width, top=1 - 1.25 / height, bottom=0.6 / height
    )
    for row, control in enumerate(report.controls):
        for column, claim in enumerate(claims):
            places = control.caught_by.get(claim, "")
            wrong = control.name == RIGHT
            if places:
                face = COLOURS[1] if wrong else COLOURS[0]
            else:
                face = "#e9e9e9" if summary.was_run(control.name, claim) else "white"
            axes.add_patch(Rectangle((column - 0.46, row - 0.44), 0.92, 0.88, facecolor=face))
            if places:
                count = str(len(places.split(", ")))
                axes.text(column, row, count, color="white", ha="center", va="center")
    axes.set_xlim(-0.5, len(claims) - 0.5)
    axes.set_ylim(len(report.controls) - 0.5, -0.5)
    axes.set_xticks(range(len(claims)), claims, rotation=50, ha="left", rotation_mode="anchor")
    axes.set_yticks(range(len(report.controls)), [control.name for control in report.controls])
    for tick, control in zip(axes.get_yticklabels(), report.controls, strict=True):
        if not summary.control_verdict(control)[1]:
            tick.set(color=COLOURS[1], fontweight="bold")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_ylabel("control")
    axes.set_xlabel(
        "blue: caught, on so many problems · grey: no objection · white: speaks of another method\n"
        "bold: not as it must be",
        fontsize=7.5,
        color="#555555",
    )
    return figure


def undetermined(case: CaseReport) -> float:
    """Return the suboptimality below which rounding and the solver's tolerance rule."""
    return 10 * (case.optimum.tolerance + case.constants.rounding)


def solution_blur(case: CaseReport) -> float:
    """Return how far the computed x* may lie from the nearest solution."""
    squares = case.optimum.distance**2 - case.optimum.distance_lower**2
    return float(np.sqrt(max(squares, 0.0)))


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
            rf"$\beta={beta:g}$",
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


def _log(axes: Axes, which: str) -> None:
    for name in which:
        axis = getattr(axes, f"{name}axis")
        getattr(axes, f"set_{name}scale")("log")
        axis.set_major_locator(LogLocator(numticks=7))
        axis.set_minor_formatter(NullFormatter())


def _frame(axes: Axes, values: list[Array], floor: float) -> None:
    """Set log axes around the positive values, and shade what is below the floor."""
    _log(axes, "xy")
    together = np.concatenate([*values, [np.nan]])
    positive = together[np.isfinite(together) & (together > 0)]
    low, high = (positive.min(), positive.max()) if positive.size else (0.1, 1.0)
    if low <= floor:
        bottom = floor / 4
        axes.axhspan(bottom, floor, color="#d9d9d9", linewidth=0)
        axes.text(
            0.02, floor, "undetermined", transform=axes.get_yaxis_transform(), va="top", fontsize=7
        )
    else:
        bottom = low / 1.6
    axes.set_ylim(bottom, max(high, 10 * bottom) * 1.6)
