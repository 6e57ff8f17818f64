# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Figures of the worst cases: against K with the bounds, and against β."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from theory import bounds
from theory.report.axes import beta_text, log_ticks
from theory.report.plots import COLOURS, DASHED, DOTTED, GREY, STYLE
from theory.report.worst_cases import compared, numbers, short
from theory.worst_case.certify import Outcome, group, groups
from theory.worst_case.setting import Setting

LONGEST = 1000
"""How far the bounds are drawn."""


def figures(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """Return the figures that there is data for, by name; see the functions below."""
    found = groups(outcomes)
    made: dict[str, Figure] = {}
    with mpl.rc_context(STYLE):
        for averaging in ("from_first", "from_zero"):
            own = found.get(Setting(0.0, 1, averaging), [])
            if own:
                made[f"worst_cases_{averaging}"] = against_iterations(own)
        own = found.get(Setting(0.0, 1), [])
        if len({outcome.setting.beta for outcome in own}) > 1:
            made["worst_cases_beta"] = against_beta(own)
        others = [o for s, part in found.items() for o in part if _is_other(s)]
        if others:
            made["worst_cases_others"] = other_settings(others)
        bounded = [outcome for outcome in outcomes if outcome.upper]
        if bounded:
            made["worst_cases_ratios"] = ratios(bounded)
    return made


def _is_other(setting: Setting) -> bool:
    plain = setting.kind == "lipschitz" and setting.measure == "best" and setting.functions == 1
    drawn = setting.sampling == "independent"
    common = setting.interpolation and not setting.lower_bound and math.isinf(setting.lr)
    return not plain and not drawn and common and setting.measure in ("best", "last")


def ratios(outcomes: Sequence[Outcome]) -> Figure:
    """Return the values over the least proven bounds, a row for each setting, a colour for each β.

    Of each β the largest K.
    """
    shown = compared(outcomes, details=False)
    rows: dict[Setting, list[Outcome]] = {}
    for outcome in shown:
        rows.setdefault(replace(outcome.setting, beta=0.0, iterations=1), []).append(outcome)
    betas = sorted({outcome.setting.beta for outcome in shown})
    figure = Figure(figsize=(7.8, 0.2 * len(rows) + 0.8), layout="constrained")
    axes = figure.subplots()
    for place, own in enumerate(rows.values()):
        axes.axhline(place, color=GREY, linewidth=0.3)
        for outcome in own:
            colour = COLOURS[betas.index(outcome.setting.beta) % len(COLOURS)]
            face = colour if outcome.closed else "white"
            axes.plot(outcome.ratio, place, "o", color=colour, markerfacecolor=face, markersize=4)
    for beta in betas:
        colour = COLOURS[betas.index(beta) % len(COLOURS)]
        axes.plot([], [], "o", color=colour, markersize=4, label=beta_text(beta))
    axes.set_yticks(range(len(rows)), [_ratio_name(setting) for setting in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1.02)
    axes.set_xlabel("largest found over bound; filled: exact; ε: what f_* is above f*")
    figure.legend(loc="outside upper right", ncols=len(betas))
    return figure


def _ratio_name(setting: Setting) -> str:
    plain = replace(group(setting), lr=math.inf, lower_bound=0.0)
    signs = {"α": "α", "f_*-f*": "ε"}
    given = [f"{signs[name]} = {value}" for name, value in numbers(setting).items()]
    return ", ".join([short(plain), *given])


def against_iterations(outcomes: Sequence[Outcome]) -> Figure:
    """Return worst cases against K with the bounds, one panel for each β, Lipschitz functions."""
    averaging = outcomes[0].setting.averaging
    betas = sorted({outcome.setting.beta for outcome in outcomes})
    columns = min(3, len(betas))
    rows = -(-len(betas) // columns)
    figure = Figure(figsize=(3.6 * columns + 0.4, 2.7 * rows + 0.6))
    panels = figure.subplots(rows, columns, squeeze=False)
    bottom, top = 0.42 / (2.7 * rows + 0.6), 1 - 0.62 / (2.7 * rows + 0.6)
    left = 0.65 / (3.6 * columns + 0.4)
    figure.subplots_adjust(left=left, right=0.985, bottom=bottom, top=top, hspace=0.25, wspace=0.15)
    grid = np.unique(np.round(np.geomspace(1, LONGEST, 200)))
    few = np.unique(np.round(np.geomspace(1, LONGEST, 10)))
    for axes, beta in zip(panels.flat, betas, strict=False):
        lines = [
            ("paper", bounds.paper(beta, grid), COLOURS[1], DASHED),
            ("both ends kept", bounds.two_ends(beta, grid, averaging), COLOURS[4], DASHED),
            ("proven, one function", bounds.upper(beta, grid, averaging), COLOURS[0], "solid"),
            ("all values equal", bounds.equal_values(beta, grid, averaging), COLOURS[3], DOTTED),
            ("trap, proven", bounds.construction(beta, grid, averaging), COLOURS[2], "solid"),
            ("any method", bounds.orthogonal(grid), GREY, DOTTED),
        ]
        for label, values, colour, style in lines:
            axes.plot(grid, values, color=colour, linestyle=style, linewidth=1.1, label=label)
        order = bounds.given_order_construction(beta, few, averaging)
        label = "a function for each step, trap"
        axes.plot(few, order, color=COLOURS[4], linewidth=0, marker="x", markersize=4, label=label)
        own = sorted((o for o in outcomes if o.setting.beta == beta), key=_count)
        axes.plot(
            [_count(o) for o in own],
            [o.value for o in own],
            color="black",
            marker="o",
            markersize=3,
            linewidth=0.6,
            label="largest found, certified",
        )
        _logarithmic(axes, (0.9, LONGEST * 1.1), (0.02, 12))
        axes.set_title(beta_text(beta), loc="left", y=1.0, pad=3)
    for axes in panels.flat[len(betas) :]:
        axes.set_visible(False)
    for axes in panels[:, 0]:
        axes.set_ylabel(r"$\min_k f(x^k)-f^*$  in $GD$", labelpad=2)
    for axes in panels[-1]:
        axes.set_xlabel("$K$", labelpad=1)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncols=4, borderaxespad=0.3)
    return figure


def against_beta(outcomes: Sequence[Outcome]) -> Figure:
    """Return worst cases against β for some K, over 1/√K: how much momentum costs at worst."""
    counts = sorted({_count(outcome) for outcome in outcomes})
    betas = {k: sorted(o.setting.beta for o in outcomes if _count(o) == k) for k in counts}
    most = max(len(found) for found in betas.values())
    full = [k for k in counts if len(betas[k]) == most and k > 1]
    chosen = [full[i] for i in np.unique(np.linspace(0, len(full) - 1, 4).astype(int))]
    figure = Figure(figsize=(5.8, 3.6))
    axes = figure.subplots()
    figure.subplots_adjust(left=0.11, right=0.97, top=0.9, bottom=0.13)
    fine = np.linspace(0, 0.995, 300)
    for colour, count in zip(COLOURS, chosen, strict=False):
        own = sorted((o for o in outcomes if _count(o) == count), key=lambda o: o.setting.beta)
        root = math.sqrt(count)
        values = [o.value * root for o in own]
        shown = [o.setting.beta for o in own]
        axes.plot(shown, values, color=colour, marker="o", markersize=4, label=f"K = {count}")
        axes.plot(fine, bounds.upper(fine, count) * root, color=colour, linestyle=DASHED, lw=0.9)
        axes.plot(fine, bounds.paper(fine, count) * root, color=GREY, linestyle=DOTTED, lw=0.9)
    axes.set_ylim(0.9, 4.5)
    axes.set_xlim(-0.02, 1.0)
    axes.set_xlabel("β", labelpad=1)
    axes.set_ylabel(r"√K · $\min_k f(x^k)-f^*$  in $GD$")
    title = "what momentum costs at worst; dashed: proven bounds, dotted: the paper's"
    axes.set_title(title, loc="left", y=1.0)
    axes.legend(loc="upper left")
    return figure


def other_settings(outcomes: Sequence[Outcome]) -> Figure:
    """Return what was found for last iterates, smooth functions, and functions in turn, by K."""
    found = groups(outcomes)
    columns = min(3, len(found))
    rows = -(-len(found) // columns)
    figure = Figure(figsize=(3.6 * columns + 0.4, 2.5 * rows + 0.5))
    panels = figure.subplots(rows, columns, squeeze=False)
    height = 2.5 * rows + 0.5
    left = 0.55 / (3.6 * columns + 0.4)
    figure.subplots_adjust(
        left=left, right=0.985, bottom=0.42 / height, top=1 - 0.3 / height, hspace=0.35, wspace=0.25
    )
    betas = sorted({outcome.setting.beta for outcome in outcomes})
    colours = {beta: COLOURS[i % len(COLOURS)] for i, beta in enumerate(betas)}
    for axes, (setting, own) in zip(panels.flat, found.items(), strict=False):
        for beta in betas:
            line = sorted((o for o in own if o.setting.beta == beta), key=_count)
            if line:
                axes.plot(
                    [_count(o) for o in line],
                    [o.value for o in line],
                    color=colours[beta],
                    marker="o",
                    markersize=3,
                    linewidth=1,
                    label=beta_text(beta),
                )
        values = [o.value for o in own if o.value > 0]
        counts = [_count(o) for o in own]
        _logarithmic(axes, (0.9, max(counts) * 1.15), (min(values) / 1.3, max(values) * 1.3))
        axes.set_title(_name(setting), loc="left", y=1.0, pad=3)
        axes.set_xlabel("$K$", labelpad=1)
    for axes in panels.flat[len(found) :]:
        axes.set_visible(False)
    panels[0, 0].legend(loc="lower left")
    return figure


def _name(setting: Setting) -> str:
    several = f", {setting.functions} functions in turn" if setting.functions > 1 else ""
    iterate = {"best": "best iterate", "last": "last iterate"}[setting.measure]
    return f"{setting.kind}, {iterate}{several}"


def _count(outcome: Outcome) -> int:
    return outcome.setting.iterations


def _logarithmic(axes: Axes, x: tuple[float, float], y: tuple[float, float]) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    for axis, (low, high) in ((axes.xaxis, x), (axes.yaxis, y)):
        positions, labels = log_ticks(low, high)
        axis.set_major_locator(FixedLocator(positions))
        axis.set_major_formatter(FixedFormatter(labels))
        axis.set_minor_locator(NullLocator())


def one_bound(outcomes: Sequence[Outcome], names: Sequence[str]) -> Figure:
    """Return worst cases (marks) and one bound (lines) against K, a colour for each β.

    Of several settings with one β, as caps, the one that comes nearest is drawn.
    """
    figure = Figure(figsize=(5.2, 3.0))
    axes = figure.subplots()
    figure.subplots_adjust(left=0.11, right=0.97, top=0.95, bottom=0.14)
    betas = sorted({outcome.setting.beta for outcome in outcomes})
    shown: list[float] = []
    for place, beta in enumerate(betas):
        colour = COLOURS[place % len(COLOURS)]
        kept: dict[Setting, list[Outcome]] = {}
        for outcome in outcomes:
            if outcome.setting.beta == beta:
                kept.setdefault(replace(outcome.setting, iterations=1), []).append(outcome)
        nearest = max(kept, key=lambda key: _nearest(kept[key], names))
        own = sorted(kept[nearest], key=_count)
        counts = [_count(outcome) for outcome in own]
        limits = [_bound(outcome, names) for outcome in own]
        values = [outcome.value for outcome in own]
        axes.plot(counts, limits, color=colour, linewidth=1.1, linestyle=DASHED)
        (line,) = axes.plot(counts, values, color=colour, label=beta_text(beta), linewidth=0.5)
        line.set(marker="o", markersize=4)
        shown += [*limits, *values]
    largest = max(map(_count, outcomes))
    _logarithmic(axes, (0.9, max(2, largest) * 1.15), (min(shown) / 1.3, max(shown) * 1.3))
    axes.set_xlabel("K; marks: largest found, dashed: bound", labelpad=1)
    axes.legend(loc="best")
    return figure


def _bound(outcome: Outcome, names: Sequence[str]) -> float:
    found = outcome.upper | outcome.lower
    return min(found[name] for name in names if name in found)


def _nearest(outcomes: Sequence[Outcome], names: Sequence[str]) -> tuple[int, float]:
    """Return how many there are, and the ratio that is nearest to 1."""
    ratios = [outcome.value / _bound(outcome, names) for outcome in outcomes]
    return len(outcomes), max(min(ratio, 1 / ratio) for ratio in ratios)
