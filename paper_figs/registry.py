# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The figures by name: a line each, and the command that makes the records it is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.records import Records


@dataclass(frozen=True)
class Entry:
    """A figure.

    Attributes
    ----------
    what
        What it shows, in a line.
    command
        What makes the records that it needs, after ``python -m experiments``; empty: it needs none.
    chosen
        Whether one can choose the methods that it shows.
    """

    what: str
    command: str = ""
    chosen: bool = False


FIGURES: dict[str, Entry] = {
    "model": Entry("the model of two losses, and the steps of MoMo and SGD-M"),
    "stability": Entry("score and training loss against α, all workloads", "sweep", True),
    "stability_mnist": Entry("the same for the MLP on MNIST, large", "run mnist_mlp", True),
    "curves": Entry("training curves of the three best α of each method", "sweep", True),
    "robustness": Entry("decades of α within 1 and 5 points of the best", "sweep", True),
    "best": Entry("score of every seed at the best α, all workloads", "sweep", True),
    "adaptive": Entry("ζ_k against the cap over training, for each α", "sweep", True),
    "online_bound": Entry("f_*^k of the starred methods", "run synthetic_least_squares"),
    "starred": Entry("loss of the starred methods against α", "sweep starred"),
    "baselines": Entry("score of other methods against α", "sweep mnist_mlp baselines", True),
    "variants": Entry("robust width and best score of all methods, ranked", "sweep variants"),
    "schedules": Entry("score under schedules, and what they gain", "sweep schedules", True),
    "momentum": Entry("score and loss against α, and what momentum gains", "sweep momentum"),
    "svag": Entry("worth of momentum with the noise of shorter and shorter steps", "sweep svag"),
    "lower_bounds": Entry("score and loss against α for several f_*", "sweep lower_bounds"),
    "decay": Entry("weight decay and f_* together", "sweep decay"),
    "rounding": Entry("spread over roundings beside the spread over seeds", "sweep rounding"),
    "diffusion": Entry("losses of the diffusion model", "run diffusion_unet", True),
    "rate": Entry("best gap against K, with the bounds"),
    "sampling": Entry("samplers of a score network: distance and spread against evaluations"),
    "worst_case": Entry("worst case against β and K, with the bounds"),
}
"""Every figure; its module in `paper_figs.figures` has the same name."""


def find(name: str) -> Entry:
    """Return the entry of a figure.

    Raises
    ------
    ValueError
        If there is none of that name; the message gives names that are close, or all.
    """
    if name not in FIGURES:
        close = get_close_matches(name.lower().replace("-", "_"), FIGURES, n=3)
        hint = f"did you mean {' or '.join(close)}?" if close else f"allowed: {', '.join(FIGURES)}"
        raise ValueError(f"figure {name!r} is unknown; {hint}")
    return FIGURES[name]


def check(name: str, methods: Sequence[str], records: Records) -> None:
    """Refuse methods that cannot be drawn.

    Raises
    ------
    ValueError
        If a figure shows methods of its own, or there are no records of a method.
    """
    if not find(name).chosen:
        able = ", ".join(other for other, entry in FIGURES.items() if entry.chosen)
        raise ValueError(f"methods of the figure {name} are its own; allowed for: {able}")
    known = records.runs.get_column("method").unique().sort().to_list()
    for method in methods:
        if method not in known:
            allowed = ", ".join(known) or "none: there are no records"
            raise ValueError(f"methods: no records of {method!r}; allowed: {allowed}")


def draw(name: str, records: Records, methods: Sequence[str] = ()) -> Figure:
    """Return a figure, in the common style.

    Parameters
    ----------
    methods
        What it shows, in this order; empty: what it shows usually.

    Raises
    ------
    ValueError
        If there is none of that name, or a method cannot be drawn (`check`).
    paper_figs.results.MissingRecordsError
        If there are no records of what it shows.
    """
    import matplotlib as mpl

    from paper_figs.style import STYLE

    find(name)
    if methods:
        check(name, methods, records)
    with mpl.rc_context(STYLE):
        module = import_module(f"paper_figs.figures.{name}")
        return module.draw(records, tuple(methods)) if methods else module.draw(records)
