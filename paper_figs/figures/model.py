# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Two losses in one dimension, the models of them, and the steps that follow: figure 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.records import Records
from momo.reference import State, momo
from momo.reference.checks import Array
from momo.reference.model import MomentumModel, linear_value, proximal_objective, truncated_value
from momo.reference.preconditioners import Euclidean
from paper_figs import style

LR, BETA = 5.0, 0.9
SEEN = (4.6, 4.3, 4.0)


@dataclass(frozen=True)
class Loss:
    """A convex loss with minimum 0 at 0, the points where it was seen, and what is in the picture.

    Attributes
    ----------
    title
        Of its panel.
    value, slope
        f and f'.
    seen
        ``x^1, …, x^k``.
    window
        Left, right, and top of the panel.
    """

    title: str
    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    seen: tuple[float, ...]
    window: tuple[float, float, float]


FLAT = Loss(
    r"a flat loss, $f(x) = x^2/6$",
    lambda x: x**2 / 6,
    lambda x: x / 3,
    SEEN,
    (-6.5, 6.0, 6.0),
)
STEEP = Loss(
    r"a steep loss, $f(x) = 2\sqrt{1+x^2}-2$",
    lambda x: 2 * np.sqrt(1 + x**2) - 2,
    lambda x: 2 * x / np.sqrt(1 + x**2),
    SEEN,
    (-6.5, 6.0, 12.0),
)


@dataclass(frozen=True)
class Steps:
    """The model at x^k, and where the two methods go from there."""

    model: MomentumModel
    momo: float
    sgd_m: float


def steps(loss: Loss) -> Steps:
    """Return what MoMo and SGD-M do at the last point seen, with the same averages and α."""
    method, state = momo(lr=LR, beta=BETA), State()
    for point in loss.seen:
        x = np.array([point])
        x_next, state, _ = method.step(state, x, loss.value(x)[0], loss.slope(x))
    model = MomentumModel(state.loss_avg, state.grad_avg, state.inner_avg, np.array(1.0))
    return Steps(model, float(x_next[0]), loss.seen[-1] - LR * float(state.grad_avg[0]))


def draw(records: Records) -> Figure:
    """Return a panel for each loss; no records are needed."""
    figure = style.new(style.TWO_COLUMNS, 2.75)
    for axes, loss in zip(figure.subplots(1, 2), (FLAT, STEEP), strict=True):
        panel(axes, loss)
    momo_look, sgd_look = style.look("momo"), style.look("sgd_m")
    handles = [
        Line2D([], [], color="black", linewidth=1.4, label="loss $f$"),
        Line2D([], [], color=style.GREY, linestyle=style.DOTTED, label=PROXIMAL),
        Line2D([], [], color=momo_look.colour, label="model of MoMo"),
        Line2D([], [], color=momo_look.colour, **NEXT, marker="o", label="next point, MoMo"),
        Line2D([], [], color=sgd_look.colour, linestyle=style.DASHED, label="model of SGD-M"),
        Line2D([], [], color=sgd_look.colour, **NEXT, marker="^", label="next point, SGD-M"),
        Line2D([], [], color="black", marker="o", linestyle="none", label="$x^k$"),
        Line2D([], [], color=style.GREY, marker="o", linestyle="none", label="points before"),
    ]
    style.legend(figure, handles, 4)
    return figure


PROXIMAL = r"model $+\,\frac{1}{2\alpha}(x-x^k)^2$"
NEXT: dict[str, Any] = {"linestyle": "none", "markersize": 5.5, "markeredgecolor": "black"}


def panel(axes: Axes, loss: Loss) -> None:
    """Draw a loss, its models around the last point, and the next points on it."""
    left, right, top = loss.window
    found = steps(loss)
    x, x_k = np.linspace(left, right, 600), np.array([loss.seen[-1]])
    momo_look, sgd_look = style.look("momo"), style.look("sgd_m")
    none = np.array(-np.inf)
    axes.axhline(0, color="#bbbbbb", linewidth=0.6)
    axes.plot(x, loss.value(x), color="black", linewidth=1.4)
    points = x[:, None]
    linear = linear_value(found.model, points)
    truncated = truncated_value(found.model, points, np.array(0.0))
    axes.plot(x, linear, color=sgd_look.colour, linestyle=style.DASHED)
    axes.plot(x, truncated, color=momo_look.colour)
    for look, bound in ((momo_look, np.array(0.0)), (sgd_look, none)):
        objective = proximal_objective(
            found.model, points, x_k, bound, np.array(LR), np.array(0.0), Euclidean()
        )
        axes.plot(x, objective, color=look.colour, linestyle=style.DOTTED, linewidth=0.9)
    seen = np.array(loss.seen)
    axes.plot(seen[:-1], loss.value(seen[:-1]), "o", color=style.GREY, markersize=3)
    axes.plot(seen[-1:], loss.value(seen[-1:]), "o", color="black", markersize=4.5, zorder=4)
    for point, look, marker in ((found.momo, momo_look, "o"), (found.sgd_m, sgd_look, "^")):
        height = float(loss.value(np.array(point)))
        axes.plot([point, point], [bottom(top), height], color=look.colour, linewidth=0.6)
        axes.plot([point], [height], color=look.colour, marker=marker, zorder=5, **NEXT)
    axes.set_title(loss.title)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom(top), top)
    axes.set_xlabel("$x$")
    style.plain_numbers(axes.xaxis)
    style.plain_numbers(axes.yaxis)


def bottom(top: float) -> float:
    """Return the lower end of a panel: enough of the untruncated model is in sight."""
    return -0.45 * top
