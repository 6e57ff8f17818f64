# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The figures by name: a line each, and the command that makes the records it is drawn from."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from momo.lookup import choices, load, told

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
    "stability_mnist": Entry(
        "score and training loss against α, the MLP on MNIST", "run mnist_mlp", True
    ),
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
    """Return the entry of a figure: a registered one, or ``module:function``.

    Of a function that is not registered one can choose the methods if it has an argument
    ``methods``.

    Raises
    ------
    ValueError
        If there is none of that name; the message gives names that are close, or all.
    """
    if ":" in name:
        return Entry(name, chosen="methods" in inspect.signature(_own(name)).parameters)
    if name not in FIGURES:
        raise ValueError(
            f"figure {name!r} is unknown; {choices(name, FIGURES)}, or module:function"
        )
    return FIGURES[name]


def _own(name: str) -> Callable[..., Any]:
    """Return somebody's own function; it draws as those of `paper_figs.figures` do."""
    found = load(f"figure {name!r}", name, object)
    if not callable(found):
        kind = type(found).__name__
        raise ValueError(f"figure {name!r} is of type {kind}; allowed: a function")
    try:
        inspect.signature(found).bind(None)
    except TypeError as error:
        raise ValueError(f"figure {name!r}: {error}; allowed: a function of records") from error
    return found


def file_of(name: str) -> str:
    """Return how the files of a figure are called.

    That is its name. Of ``module:draw`` it is the module's, and of any other function both:
    ``module:other`` is in module_other.
    """
    module, _, function = name.partition(":")
    stem = module.rpartition(".")[2]
    return stem if function in ("", "draw") else f"{stem}_{function}"


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
    name
        Of a registered one, or ``module:function``.
    records
        What it is drawn from.
    methods
        What it shows, in this order; empty: what it shows usually.

    Raises
    ------
    ValueError
        If there is none of that name, a method cannot be drawn (`check`), or a function of one's
        own fails, which is told with its traceback, or returns something else than a figure.
    paper_figs.results.MissingRecordsError
        If there are no records of what it shows.
    """
    import matplotlib as mpl

    from paper_figs.style import STYLE

    find(name)
    if methods:
        check(name, methods, records)
    chosen = {"methods": tuple(methods)} if methods else {}
    with mpl.rc_context(STYLE):
        if ":" in name:
            return _drawn(name, records, chosen)
        figure: Figure = import_module(f"paper_figs.figures.{name}").draw(records, **chosen)
        return figure


def _drawn(name: str, records: Records, chosen: Mapping[str, Any]) -> Figure:
    """Return what somebody's own function draws; an error in it is told with its place."""
    from matplotlib.figure import Figure

    from paper_figs.results import MissingRecordsError

    try:
        figure = _own(name)(records, **chosen)
    except MissingRecordsError:
        raise
    except Exception as error:
        raise ValueError(f"figure {name!r} cannot be drawn:\n{told(error, __file__)}") from error
    if not isinstance(figure, Figure):
        kind = type(figure).__name__
        raise ValueError(f"figure {name!r} is drawn as {kind}; allowed: a matplotlib Figure")
    return figure
