# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Figures of a report, made of its curves; nothing is run again.

Figures are `matplotlib.figure.Figure` objects with no global state. Values that float64 or the
certificate do not determine are drawn at the edge of a grey region, never below it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from theory.case import undetermined
from theory.files import write
from theory.outcomes import CaseReport, CurveSummary, Report
from theory.plan import RIGHT
from theory.problems.base import Array
from theory.report import rate_plots, summary
from theory.report.attained import attained_fits
from theory.report.axes import beta_text, frame, label_ends, limits

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
DASHED, DOTTED = (0, (4, 3)), (0, (1, 1.5))
DECADES = 6
"""How far below 1 the overview looks."""

BOUND = "GD/((1−β)√k)"
"""The paper's bound in plain characters: a root in mathematics needs a font that pages lack."""

SMALLEST_STEP = 1e-10
"""Steps below this part of a problem's longest are rounding, and not drawn."""


def figures(report: Report) -> dict[str, Figure]:
    """Return every figure that the report has data for, by name: overview, problems, the rest.

    The paper's bound is drawn where there is interpolation, as it assumes.
    """
    with mpl.rc_context(STYLE):
        made: dict[str, Figure] = {}
        cases = {
            name: case
            for name, case in summary.problem_cases(report).items()
            if case is not None and case.optimum.interpolates and uncapped(case)
        }
        colours = palette(report)
        if cases:
            made["overview"] = overview(cases, colours)
        for name, case in cases.items():
            made[problem_name(name)] = problem(name, case, colours)
        against = rate_plots.rates(report, colours)
        if against is not None:
            made["rates"] = against
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


def rendered(
    figure: Figure, kind: str, dpi: float = 150, transparent: bool = False, text: bool = False
) -> bytes:
    """Return a figure's file; the same figure gives the same bytes.

    Parameters
    ----------
    figure, kind
        What is drawn, and as what: png, pdf, svg.
    dpi
        Dots per inch, of a png.
    transparent
        Whether there is nothing behind it, instead of white.
    text
        Whether an svg has its words as text, for a reader who has the fonts; else as paths.
    """
    buffer = io.BytesIO()
    date = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    look = {"svg.fonttype": "none"} if text else {}
    with mpl.rc_context(STYLE | look):
        figure.savefig(
            buffer, format=kind, dpi=dpi, metadata=date.get(kind), transparent=transparent
        )
    return buffer.getvalue()


def palette(report: Report) -> dict[float, str]:
    """Return the colour of each β, the same in all figures."""
    # A run that leaves the range of the numbers has no curves, but what its claims kept.
    drawn = {curve.setting.beta for case in report.cases for curve in case.curves}
    betas = sorted(drawn | {kept.setting.beta for case in report.cases for kept in case.rates})
    return {beta: COLOURS[index % len(COLOURS)] for index, beta in enumerate(betas)}


def uncapped(case: CaseReport) -> list[CurveSummary]:
    """Return the curves of the theorem's method, α = inf."""
    return [curve for curve in case.curves if np.isinf(curve.setting.lr)]


def overview(cases: Mapping[str, CaseReport], colours: Mapping[float, str]) -> Figure:
    """Return one panel a problem: the mean suboptimality over the paper's bound."""
    columns = min(5 if len(cases) > 8 else 4, len(cases))
    rows = -(-len(cases) // columns)
    width, height = 2.2 * columns + 0.7, 1.75 * rows + 1.0
    figure = Figure(figsize=(width, height))
    grid = figure.subplots(rows, columns, squeeze=False)
    figure.subplots_adjust(
        left=0.6 / width,
        right=1 - 0.1 / width,
        top=1 - 0.75 / height,
        bottom=0.45 / height,
        hspace=0.3,
        wspace=0.18,
    )
    longest = max(case.iterations for case in cases.values())
    ratios = {
        (name, curve.setting.beta): np.where(
            curve.mean > undetermined(case.optimum, case.constants), curve.mean, np.nan
        )
        / curve.bound
        for name, case in cases.items()
        for curve in uncapped(case)
    }
    lowest = min(float(ratio.min(where=np.isfinite(ratio), initial=1)) for ratio in ratios.values())
    low, high = max(lowest / 2, 10.0**-DECADES), 3.0
    for index, axes in enumerate(grid.flat):
        if index >= len(cases):
            axes.set_visible(False)
            continue
        name, case = list(cases.items())[index]
        for curve in uncapped(case):
            beta = curve.setting.beta
            axes.plot(curve.steps, ratios[name, beta], color=colours[beta])
        axes.axhline(1, color="black", linewidth=0.8, linestyle=DASHED)
        axes.set_title(name, y=1.0, pad=3)
        limits(axes, (1, longest), (low, high))
        if index + columns < len(cases):
            axes.tick_params(labelbottom=False)
        else:
            axes.set_xlabel("$k$", labelpad=1)
        if index % columns:
            axes.tick_params(labelleft=False)
        else:
            axes.set_ylabel("mean / bound")
    betas = sorted({beta for _, beta in ratios})
    handles = [Line2D([], [], color=colours[beta], label=beta_text(beta)) for beta in betas]
    handles.append(Line2D([], [], color="black", linewidth=0.8, linestyle=DASHED, label="bound"))
    figure.legend(
        handles=handles,
        title=r"mean of $f(x^k)-f^*$ over the paper's bound  " + BOUND,
        loc="upper center",
        ncols=len(handles),
        borderaxespad=0.2,
    )
    return figure


def problem(name: str, case: CaseReport, colours: Mapping[float, str]) -> Figure:
    """Return suboptimality with the bound, distance to the solution, and effective step."""
    figure = Figure(figsize=(11, 3.4))
    left, middle, right = figure.subplots(1, 3)
    figure.subplots_adjust(left=0.06, right=0.95, top=0.76, bottom=0.13, wspace=0.5)
    curves = uncapped(case)
    floor, blur = undetermined(case.optimum, case.constants), solution_blur(case)
    means = [np.maximum(curve.mean, floor) for curve in curves]
    distances = [np.maximum(curve.distance, blur) for curve in curves]
    lengths = moving([curve.step_size for curve in case.curves])

    for curve, mean, distance in zip(curves, means, distances, strict=True):
        colour = colours[curve.setting.beta]
        low, high = (np.maximum(edge, floor) for edge in (curve.low, curve.high))
        left.fill_between(curve.steps, low, high, color=colour, alpha=0.18, linewidth=0)
        left.plot(curve.steps, mean, color=colour)
        left.plot(curve.steps, curve.bound, color=colour, linewidth=1, linestyle=DASHED)
        middle.plot(curve.steps, distance, color=colour)
    for curve, length in zip(case.curves, lengths, strict=True):
        look: dict[str, Any] = {"color": colours[curve.setting.beta]}
        if np.isfinite(curve.setting.lr):
            look |= {"linewidth": 1, "linestyle": DOTTED}
        if np.isnan(length).any():
            look |= {"marker": "o", "markersize": 2}
        right.plot(curve.steps, length, **look)
    left.set_title("suboptimality", loc="left", y=1.0)
    left.set_ylabel("$f(x^k)-f^*$")
    middle.set_title("distance to the solution, mean", loc="left", y=1.0)
    middle.set_ylabel(r"$\|x^k-x^*\|$")
    right.set_title("effective step, median of the runs that move", loc="left", y=1.0)
    right.set_ylabel(r"$\|x^{k+1}-x^k\|\,/\,\|d_k\|$")
    panels: tuple[tuple[Axes, list[Array], list[Array], float], ...] = (
        (left, means, [curve.bound for curve in curves], floor),
        (middle, distances, [], blur),
        (right, lengths, [], 0.0),
    )
    for axes, values, others, edge in panels:
        axes.set_xlabel("$k$", labelpad=1)
        frame(axes, case.iterations, [*values, *others], edge)
    betas = [curve.setting.beta for curve in curves]
    ends = [
        length[-1] for length, curve in zip(lengths, case.curves, strict=True) if curve in curves
    ]
    label_ends(left, zip([mean[-1] for mean in means], betas, strict=True), colours)
    label_ends(middle, zip([distance[-1] for distance in distances], betas, strict=True), colours)
    label_ends(right, zip(ends, betas, strict=True), colours)
    _caption(figure, name, case)
    return figure


def _caption(figure: Figure, name: str, case: CaseReport) -> None:
    title = f"{name}:  N = {case.samples},  n = {case.dim},  K = {case.iterations}"
    figure.text(0.06, 0.985, title, ha="left", va="top", fontsize=10, fontweight="bold")
    label = "value" if case.seeds == 1 else f"mean of {case.seeds} runs"
    handles: list[Line2D | Patch] = [Line2D([], [], color=GREY, label=label)]
    if case.seeds > 1:
        handles.append(Patch(color=GREY, alpha=0.35, label="10–90 % of them"))
    bound = Line2D([], [], color=GREY, linewidth=1, linestyle=DASHED, label=f"bound {BOUND}")
    handles.append(bound)
    for cap in sorted({c.setting.lr for c in case.curves if np.isfinite(c.setting.lr)}):
        label = f"capped, α = {cap:.3g}"
        handles.append(Line2D([], [], color=GREY, linewidth=1, linestyle=DOTTED, label=label))
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.06, 0.935),
        borderaxespad=0,
        borderpad=0,
        ncols=len(handles),
        columnspacing=1.5,
    )


def attained(cases: Sequence[CaseReport], colours: Mapping[float, str]) -> Figure:
    """Return the value that the resisting functions leave against K, with the bound and slope."""
    fits = attained_fits(cases)
    figure = Figure(figsize=(5.8, 3.6))
    axes = figure.subplots()
    figure.subplots_adjust(left=0.13, right=0.97, top=0.9, bottom=0.13)
    widest = max(fits, key=lambda fit: len(fit.steps))
    label = "bound GD/√K"
    axes.plot(widest.steps, widest.bounds, color="#c8c8c8", linewidth=7, label=label)
    for size, fit in zip(range(12, 0, -3), fits, strict=False):
        slope = "" if np.isnan(fit.slope) else f": slope {fit.slope:.4f}".replace("-", "−")
        axes.plot(
            fit.steps,
            fit.values,
            color=colours[fit.beta],
            marker="o",
            markersize=size,
            linewidth=0.8,
            label=f"{beta_text(fit.beta)}{slope}",
        )
    steps = np.concatenate([fit.steps for fit in fits])
    values = np.concatenate([*(fit.values for fit in fits), widest.bounds])
    positive = values[values > 0]
    limits(
        axes,
        (steps.min() / 1.5, steps.max() * 1.5),
        (positive.min() / 1.5, positive.max() * 1.5) if positive.size else (0.1, 1.0),
    )
    axes.set_xlabel("$K$, one function for each", labelpad=1)
    axes.set_ylabel(r"$\min_{k\leq K}\ f(x^k)-f^*$")
    axes.set_title("what is left on the resisting functions", loc="left", y=1.0)
    axes.legend(loc="lower left")
    return figure


def controls(report: Report) -> Figure:
    """Return which check caught which control, and on how many problems."""
    claims = list(report.plan.chosen)
    claims += [c for control in report.controls for c in control.caught_by if c not in claims]
    claims = list(dict.fromkeys(claims))
    width, height = 0.42 * len(claims) + 2.1, 0.3 * len(report.controls) + 1.55
    figure = Figure(figsize=(width, height))
    axes = figure.subplots()
    figure.subplots_adjust(
        left=1.7 / width, right=1 - 0.4 / width, top=1 - 1.0 / height, bottom=0.5 / height
    )
    for row, control in enumerate(report.controls):
        for column, claim in enumerate(claims):
            places = control.caught_by.get(claim, "")
            wrong = control.name == RIGHT
            if places:
                face = COLOURS[1] if wrong else COLOURS[0]
            else:
                face = "#e9e9e9" if summary.was_run(control.name, claim, report.plan) else "white"
            axes.add_patch(Rectangle((column - 0.46, row - 0.44), 0.92, 0.88, facecolor=face))
            if places:
                count = str(len(places.split(", ")))
                axes.text(column, row, count, color="white", ha="center", va="center")
    axes.set_xlim(-0.5, len(claims) - 0.5)
    axes.set_ylim(len(report.controls) - 0.5, -0.5)
    axes.set_xticks(range(len(claims)), claims, rotation=50, ha="left", rotation_mode="anchor")
    axes.set_yticks(range(len(report.controls)), [control.name for control in report.controls])
    for tick, control in zip(axes.get_yticklabels(), report.controls, strict=True):
        if not summary.control_verdict(control, report.plan)[1]:
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


def solution_blur(case: CaseReport) -> float:
    """Return how far the computed x* may lie from the nearest solution."""
    squares = case.optimum.distance**2 - case.optimum.distance_lower**2
    return float(np.sqrt(max(squares, 0.0)))


def moving(lengths: Sequence[Array]) -> list[Array]:
    """Return the step sizes with NaN where they are 0 or rounding."""
    largest = max((float(np.nanmax(length, initial=0.0)) for length in lengths), default=0.0)
    least = SMALLEST_STEP * largest
    return [np.where(length > least, length, np.nan) for length in lengths]
