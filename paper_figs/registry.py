"""The figures by name: a line each, and the command that makes the records it is drawn from."""

from __future__ import annotations

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
    """

    what: str
    command: str = ""


FIGURES: dict[str, Entry] = {
    "model": Entry("the model of two losses, and the steps of MoMo and SGD-M"),
    "stability": Entry("score and training loss against α, all workloads", "sweep"),
    "stability_mnist": Entry("the same for the MLP on MNIST, large", "run mnist_mlp"),
    "curves": Entry("training curves of the three best α of each method", "sweep"),
    "robustness": Entry("decades of α within 1 and 5 points of the best", "sweep"),
    "adaptive": Entry("ζ_k against the cap over training, for each α", "run mnist_mlp"),
    "online_bound": Entry("f_*^k of the starred methods", "run synthetic_least_squares"),
    "baselines": Entry("score of other methods against α", "sweep mnist_mlp baselines"),
    "variants": Entry("robust width and best score of all methods, ranked", "sweep variants"),
    "schedules": Entry("score against α under decaying schedules", "sweep schedules"),
    "momentum": Entry("score and loss against α, with and without momentum", "sweep momentum"),
    "svag": Entry("worth of momentum with the noise of shorter and shorter steps", "sweep svag"),
    "lower_bounds": Entry("score and loss against α for several f_*", "sweep lower_bounds"),
    "diffusion": Entry("losses of the diffusion model", "run diffusion_unet"),
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


def draw(name: str, records: Records) -> Figure:
    """Return a figure, in the common style.

    Raises
    ------
    ValueError
        If there is none of that name.
    paper_figs.results.MissingRecordsError
        If there are no records of what it shows.
    """
    import matplotlib as mpl

    from paper_figs.style import STYLE

    find(name)
    with mpl.rc_context(STYLE):
        return import_module(f"paper_figs.figures.{name}").draw(records)
